/* probation.c - see probation.h. A round: what is known is taken, what is not is marked as being tried, and
 * tried, as many at once as may be. */
#include "host/probation.h"

#include "host/elf.h"
#include "host/tried.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/process.h"

#include <stdio.h>
#include <string.h>

enum {
    PROBATION_SECONDS = 15,     /* gen-trial itself ends a hang after 2 to 3 */
    PROBATION_ROUND_MS = 20000, /* no trial begins later than this */
    PROBATION_AT_ONCE = 4,
    PROBATION_TRIES = 3, /* begun and not ended */
    PROBATION_REFUSED = 1,
    PROBATION_NO_TIME = 4, /* exit codes of gen-trial */
};

struct probation_round;

struct probation_file {
    struct probation_round *round;
    const char *path;
    char digest[GEN_DIGEST_TEXT_SIZE];
    bool wanted; /* to be tried, and not begun */
    struct gen_probation_verdict *verdict;
};

struct probation_round {
    const struct gen_probation *probation;
    struct gen_arena *arena;
    struct gen_tried *tried;
    struct probation_file *files;
    size_t count, running;
    int64_t began_ms;
};

static void probation_say(struct probation_file *file, enum gen_status status, const char *reason)
{
    const char *text = gen_arena_strdup(file->round->arena, reason);

    file->verdict->status = status;
    file->verdict->reason = text == NULL ? "out of memory" : text;
}

/* ----------------------------------------------------------------------------- after a trial -- */

/* The first finding, as one sentence with its place. true: the reason may be gone tomorrow, such as a
 * program that is not installed. */
static bool probation_finding(const struct gen_node *document, char *reason, size_t size)
{
    const struct gen_node *findings = gen_node_get(document, "findings");
    const struct gen_node *first = gen_node_first(findings);
    const char *where = gen_node_text(gen_node_get(first, "where"), "?");
    const char *message = gen_node_text(gen_node_get(first, "message"), "?");

    if (strcmp(where, "opening") == 0) {
        (void)snprintf(reason, size, "%s", message);
        return true;
    }
    (void)snprintf(reason, size, "in its trial (%.120s): %.200s%s", where, message,
                   gen_node_count(findings) > 1 ? "; and more" : "");
    return false;
}

static void probation_refuse(struct probation_file *file, const struct gen_process_end *end)
{
    struct gen_tried *tried = file->round->tried;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *document = NULL;
    struct gen_error err = {0};
    char reason[GEN_TRIED_REASON] = "";

    if (arena == NULL ||
        gen_json_read(end->output, end->output_size, NULL, arena, &document, &err) != GEN_OK) {
        gen_tried_forget(tried, file->digest);
        probation_say(file, GEN_EUNSUPPORTED, "it could not be tried out: gen-trial is unreadable");
    } else {
        if (probation_finding(document, reason, sizeof(reason))) {
            gen_tried_forget(tried, file->digest);
        } else {
            struct gen_tried_line *line = gen_tried_line(tried, file->digest);

            line->word = GEN_TRIED_REFUSED;
            (void)snprintf(line->reason, sizeof(line->reason), "%s", reason);
        }
        probation_say(file, GEN_ECORRUPT, reason);
    }
    gen_arena_destroy(arena);
}

static void probation_ended(void *context, const struct gen_process_end *end)
{
    struct probation_file *file = context;
    struct gen_tried *tried = file->round->tried;
    char text[GEN_TRIED_REASON];

    file->round->running--;
    if (end->exit_code == 0) {
        struct gen_tried_line *line = gen_tried_line(tried, file->digest);

        line->word = GEN_TRIED_FITS;
        line->reason[0] = '\0';
        probation_say(file, GEN_OK, "");
    } else if (end->exit_code == PROBATION_REFUSED) {
        probation_refuse(file, end);
    } else if (end->exit_code == PROBATION_NO_TIME || end->timed_out) {
        /* Nobody knows whose fault it is, so the try counts, and the next start has another. */
        probation_say(file, GEN_EBUSY,
                      "its trial took too long on a busy machine; the next start tries it again");
    } else {
        gen_tried_forget(tried, file->digest);
        (void)snprintf(text, sizeof(text), "it could not be tried out: %.300s",
                       end->errors[0] != '\0' ? end->errors : "gen-trial failed");
        probation_say(file, GEN_EUNSUPPORTED, text);
    }
    gen_tried_write(tried);
}

static void probation_start(struct probation_file *file)
{
    const struct gen_probation *probation = file->round->probation;
    int64_t seconds = probation->seconds > 0 ? probation->seconds : PROBATION_SECONDS;
    char limit[24], text[GEN_TRIED_REASON];
    const char *arguments[] = {probation->program, "--quick", "--seconds", limit, file->path, NULL};
    struct gen_process_spec spec = {.arguments = arguments,
                                    .timeout_ms = (seconds + 2) * 1000,
                                    .on_exit = probation_ended,
                                    .context = file};
    struct gen_process *process = NULL;
    struct gen_error err = {0};
    enum gen_status status;

    (void)snprintf(limit, sizeof(limit), "%lld", (long long)seconds);
    file->wanted = false;
    status = gen_process_start(probation->loop, &spec, &process, &err);
    if (status == GEN_OK) {
        file->round->running++;
        return;
    }
    gen_tried_forget(file->round->tried, file->digest);
    (void)snprintf(text, sizeof(text), "it could not be tried out: %.300s", err.message);
    probation_say(file, status, text);
}

/* ---------------------------------------------------------------------------- before a trial -- */

/* What the verdict belongs to: the file's bytes, and the engine that tried it. */
static enum gen_status probation_digest(const struct gen_probation *probation, const char *path,
                                        char *out, struct gen_error *err)
{
    char file[GEN_DIGEST_TEXT_SIZE];
    struct gen_digest digest;
    int64_t size = 0;
    enum gen_status status = gen_elf_check(path, err); /* first: a pipe would not come to an end */

    if (status == GEN_OK) {
        status = gen_files_digest(path, file, &size, err);
    }
    if (status == GEN_OK) {
        gen_digest_init(&digest);
        gen_digest_add(&digest, file, strlen(file));
        gen_digest_add(&digest, probation->version, strlen(probation->version));
        gen_digest_text(&digest, out);
    }
    return status;
}

/* What is known of a file already, or that it is wanted. */
static void probation_look(struct probation_file *file)
{
    struct gen_tried *tried = file->round->tried;
    struct gen_error err = {0};
    enum gen_status status = probation_digest(file->round->probation, file->path, file->digest,
                                              &err);
    struct gen_tried_line *line;
    char text[GEN_TRIED_REASON];

    if (status != GEN_OK) {
        probation_say(file, status, err.message);
        return;
    }
    line = gen_tried_line(tried, file->digest);
    if (line->word == GEN_TRIED_FITS) {
        probation_say(file, GEN_OK, "");
    } else if (line->word == GEN_TRIED_REFUSED) {
        probation_say(file, GEN_ECORRUPT, line->reason);
    } else if (line->tries >= PROBATION_TRIES) {
        (void)snprintf(text, sizeof(text),
                       "its trial began %d times and never came to an end; replace the file, or "
                       "remove its line from %.200s to try it again",
                       line->tries, tried->path == NULL ? "?" : tried->path);
        probation_say(file, GEN_ECORRUPT, text);
    } else {
        line->tries++;
        file->wanted = true;
    }
}

/* ------------------------------------------------------------------------------------------- */

static void probation_run(struct probation_round *round)
{
    struct gen_loop *loop = round->probation->loop;
    size_t most = round->probation->at_once > 0 ? round->probation->at_once : PROBATION_AT_ONCE;

    for (size_t i = 0; i < round->count; i++) {
        struct probation_file *file = &round->files[i];

        while (file->wanted && round->running >= most) {
            gen_loop_turn(loop);
        }
        if (file->wanted && gen_loop_now(loop) - round->began_ms > PROBATION_ROUND_MS) {
            struct gen_tried_line *line = gen_tried_line(round->tried, file->digest);

            line->tries--; /* it had none */
            file->wanted = false;
            probation_say(file, GEN_EBUSY,
                          "other new plugins took all the time that there is for trying plugins "
                          "out; the next start tries it again");
        } else if (file->wanted) {
            probation_start(file);
        }
    }
    while (round->running > 0) {
        gen_loop_turn(loop);
    }
}

enum gen_status gen_probation_round(const struct gen_probation *probation, const char *const *paths,
                                    size_t count, struct gen_arena *arena,
                                    struct gen_probation_verdict **out, struct gen_error *err)
{
    struct gen_arena *scratch = gen_arena_create(0);
    struct gen_probation_verdict *all = gen_arena_array(arena, count, sizeof(*all));
    struct probation_round round = {.probation = probation, .arena = arena, .count = count};
    enum gen_status status = GEN_OK;
    bool any = false;

    round.files = gen_arena_array(scratch, count, sizeof(*round.files));
    round.tried = gen_arena_alloc(scratch, sizeof(*round.tried));
    if (all == NULL || round.files == NULL || round.tried == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    gen_tried_read(probation->memory, round.tried);
    gen_loop_poll(probation->loop); /* its clock is that of its last turn */
    round.began_ms = gen_loop_now(probation->loop);
    for (size_t i = 0; i < count; i++) {
        round.files[i] =
            (struct probation_file){.round = &round, .path = paths[i], .verdict = &all[i]};
        probation_look(&round.files[i]);
        any |= round.files[i].wanted;
    }
    if (any) {
        gen_tried_write(round.tried);
        probation_run(&round);
        gen_tried_write(round.tried);
    }
    *out = all;
done:
    gen_arena_destroy(scratch);
    return status;
}
