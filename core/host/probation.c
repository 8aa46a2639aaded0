/* probation.c - see probation.h. The memory has one line a verdict: hash, TAB, what was found ("" = it
 * fits). */
#include "host/probation.h"

#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/process.h"

#include <stdio.h>
#include <string.h>

enum { PROBATION_SECONDS = 30, PROBATION_MEMORY = 1 << 20, PROBATION_REASON = 400 };

struct probation_try {
    bool over;
    bool passing; /* the reason may be gone tomorrow: a program that is not installed */
    enum gen_status status;
    char reason[PROBATION_REASON]; /* "" = it fits */
    struct gen_error *err;
};

/* ----------------------------------------------------------------------------------- trial -- */

/* The first finding, as one sentence with its place. */
static void probation_finding(struct probation_try *trial, const struct gen_node *document)
{
    const struct gen_node *findings = gen_node_get(document, "findings");
    const struct gen_node *first = gen_node_first(findings);
    size_t more = gen_node_count(findings) - 1;
    const char *where = gen_node_text(gen_node_get(first, "where"), "?");
    const char *message = gen_node_text(gen_node_get(first, "message"), "?");

    trial->passing = strcmp(where, "opening") == 0;
    if (trial->passing) {
        (void)snprintf(trial->reason, sizeof(trial->reason), "%s", message);
    } else {
        (void)snprintf(trial->reason, sizeof(trial->reason), "in its trial (%.120s): %.200s%s",
                       where, message, more > 0 ? "; and more" : "");
    }
}

static void probation_read(struct probation_try *trial, const struct gen_process_end *end)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *document = NULL;

    trial->status = arena == NULL ? gen_error_set(trial->err, GEN_ENOMEM, "out of memory")
                                  : gen_json_read(end->output, end->output_size, NULL, arena,
                                                  &document, trial->err);
    if (trial->status == GEN_OK && end->exit_code == 1) {
        probation_finding(trial, document);
    }
    gen_arena_destroy(arena);
}

static void probation_ended(void *context, const struct gen_process_end *end)
{
    struct probation_try *trial = context;

    trial->over = true;
    if (end->exit_code == 0 || end->exit_code == 1) {
        probation_read(trial, end);
    } else {
        trial->status = gen_error_set(trial->err, GEN_EUNSUPPORTED,
                                      "it could not be tried out: %.300s",
                                      end->errors[0] != '\0' ? end->errors : "gen-trial failed");
    }
}

static enum gen_status probation_run(const struct gen_probation *probation, const char *path,
                                     char *reason, bool *passing, struct gen_error *err)
{
    int64_t seconds = probation->seconds > 0 ? probation->seconds : PROBATION_SECONDS;
    char limit[24];
    const char *arguments[] = {probation->program, "--quick", "--seconds", limit, path, NULL};
    struct probation_try trial = {.err = err};
    struct gen_process_spec spec = {.arguments = arguments,
                                    .timeout_ms = (seconds + 5) * 1000,
                                    .on_exit = probation_ended,
                                    .context = &trial};
    struct gen_process *process = NULL;
    enum gen_status status;

    (void)snprintf(limit, sizeof(limit), "%lld", (long long)seconds);
    status = gen_process_start(probation->loop, &spec, &process, err);
    if (status != GEN_OK) {
        gen_error_within(err, "it could not be tried out");
        return status;
    }
    while (!trial.over) {
        gen_loop_turn(probation->loop);
    }
    memcpy(reason, trial.reason, sizeof(trial.reason));
    *passing = trial.passing;
    return trial.status;
}

/* ---------------------------------------------------------------------------------- memory -- */

/* The line of this hash: true, and its reason. */
static bool probation_remembers(const struct gen_bytes *memory, const char *digest, char *reason)
{
    const char *line = memory->data == NULL ? NULL : strstr(memory->data, digest);
    const char *text = line == NULL ? NULL : line + strlen(digest);

    if (text == NULL || *text != '\t') {
        return false;
    }
    (void)snprintf(reason, PROBATION_REASON, "%.*s", (int)strcspn(text + 1, "\n"), text + 1);
    return true;
}

/* Without a memory (a full disk, say) the next start asks again: that is all it costs. */
static void probation_remember(const struct gen_probation *probation, struct gen_bytes *memory,
                               const char *digest, const char *reason)
{
    struct gen_error err = {0};

    if (probation->memory == NULL) {
        return;
    }
    if (memory->size > PROBATION_MEMORY / 2) {
        gen_bytes_clear(memory);
    }
    (void)gen_bytes_printf(memory, "%s\t%s\n", digest, reason);
    if (gen_bytes_status(memory) == GEN_OK) {
        (void)!gen_files_write(probation->memory, memory->data, memory->size, 0600, &err);
    }
}

/* What the verdict belongs to: the file's bytes, and the engine that tried it. */
static enum gen_status probation_digest(const struct gen_probation *probation, const char *path,
                                        char *out, struct gen_error *err)
{
    char file[GEN_DIGEST_TEXT_SIZE];
    struct gen_digest digest;
    int64_t size = 0;
    enum gen_status status = gen_files_digest(path, file, &size, err);

    if (status == GEN_OK) {
        gen_digest_init(&digest);
        gen_digest_add(&digest, file, strlen(file));
        gen_digest_add(&digest, probation->version, strlen(probation->version));
        gen_digest_text(&digest, out);
    }
    return status;
}

enum gen_status gen_probation_pass(const struct gen_probation *probation, const char *path,
                                   struct gen_error *err)
{
    char digest[GEN_DIGEST_TEXT_SIZE], reason[PROBATION_REASON] = "";
    struct gen_bytes memory;
    struct gen_error ignored = {0};
    bool passing = false;
    enum gen_status status = probation_digest(probation, path, digest, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_bytes_init(&memory, PROBATION_MEMORY);
    if (probation->memory != NULL) {
        (void)!gen_files_read(probation->memory, &memory, &ignored);
    }
    if (!probation_remembers(&memory, digest, reason)) {
        status = probation_run(probation, path, reason, &passing, err);
        if (status == GEN_OK && !passing) {
            probation_remember(probation, &memory, digest, reason);
        }
    }
    gen_bytes_fini(&memory);
    if (status == GEN_OK && reason[0] != '\0') {
        return gen_error_set(err, GEN_ECORRUPT, "%s", reason);
    }
    return status;
}
