/* batch_commands.c - see batch_commands.h. */
#include "cli/batch_commands.h"

#include "cli/columns.h"
#include "cli/download.h"
#include "cli/job_view.h"
#include "cli/submission.h"
#include "cli/ticker.h"

#include <stdio.h>
#include <string.h>

enum {
    BATCH_LOOK_MS = 1000,      /* how often the batch is asked for */
    BATCH_PATIENCE_MS = 90000, /* without any answer of gend */
    BATCH_TEXT_MOST = 16 * 1024 * 1024,
};

bool gen_batch_commands_folder(const struct gen_session *session)
{
    return session->options.operands[0] != NULL &&
           gen_brief_folder_is(session->options.operands[0]);
}

bool gen_batch_commands_id(const struct gen_session *session)
{
    return session->options.operands[0] != NULL &&
           gen_ident_valid(GEN_IDENT_BATCH, session->options.operands[0]);
}

static void batch_told(void *context, const struct gen_error *mistake)
{
    (void)gen_session_fail(context, mistake);
}

static enum gen_status batch_send(struct gen_session *session, struct gen_brief_folder *folder,
                                  struct gen_submission *out, struct gen_error *err)
{
    enum gen_status status = gen_brief_folder_read(session->options.operands[0], session->arena,
                                                   batch_told, session, folder, err);

    return status == GEN_OK ? gen_submission_send_batch(session, folder, out, err) : status;
}

/* ------------------------------------------------------------------------------------ following -- */

/* The document as it is now, in an arena of its own that the caller destroys. */
static enum gen_status batch_read(struct gen_session *session, const char *batch,
                                  struct gen_arena **arena, const struct gen_node **out,
                                  struct gen_error *err)
{
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.timeout_ms = 30000};
    enum gen_status status = gen_session_connect(session, err);

    *arena = gen_arena_create(0);
    request.path = *arena == NULL ? NULL : gen_arena_printf(*arena, "/v1/batches/%s", batch);
    if (request.path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a batch");
    }
    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, *arena, &answer, err);
    }
    *out = answer.document;
    return status;
}

/* Is it away for a moment, as at a restart? */
static bool batch_may_return(enum gen_status status, int64_t silent_ms)
{
    return (status == GEN_EUNREACHABLE || status == GEN_EIO || status == GEN_EBUSY ||
            status == GEN_ETIMEOUT || status == GEN_ELIMIT) &&
           silent_ms < BATCH_PATIENCE_MS;
}

/* Until all of its jobs are over, or all that are not need a person. GEN_ECANCELED: Ctrl-C. */
static enum gen_status batch_follow(struct gen_session *session, const char *batch,
                                    const struct gen_node **out, struct gen_error *err)
{
    struct gen_ticker ticker;
    struct gen_board board = {0};
    int64_t silent_ms = 0;
    enum gen_status status = gen_session_connect(session, err);
    bool over = false;

    gen_ticker_init(&ticker, session);
    while (status == GEN_OK && !over) {
        const struct gen_node *document = NULL;
        struct gen_arena *arena = NULL;

        status = batch_read(session, batch, &arena, &document, err);
        if (status == GEN_OK) {
            status = gen_board_read_batch(&board, document, err);
            silent_ms = 0;
        } else if (batch_may_return(status, silent_ms)) {
            silent_ms += BATCH_LOOK_MS;
            status = GEN_OK;
        }
        if (status == GEN_OK && silent_ms == 0) {
            gen_ticker_show(&ticker, &board);
            over = gen_board_over(&board) || gen_board_waits(&board);
            *out = over ? gen_node_copy(session->arena, document) : NULL;
        }
        gen_arena_destroy(arena);
        if (status == GEN_OK && !over && !gen_client_wait(session->client, BATCH_LOOK_MS, NULL)) {
            status = gen_error_set(err, GEN_ECANCELED, "interrupted");
        }
    }
    gen_ticker_fini(&ticker);
    gen_board_fini(&board);
    return status == GEN_OK && *out == NULL
               ? gen_error_set(err, GEN_ENOMEM, "no memory for a batch")
               : status;
}

/* ----------------------------------------------------------------------------------- results -- */

static void batch_files(struct gen_session *session, const struct gen_download *files,
                        const char *job)
{
    struct gen_arena *arena = session->arena;

    for (size_t i = 0; i < files->count; i++) {
        const struct gen_download_file *file = &files->files[i];
        struct gen_node *line = gen_node_map(arena);

        if (!session->options.json) {
            gen_session_say(session, "  %s", gen_session_clean(session, file->path));
            continue;
        }
        gen_node_set(arena, line, "event", gen_node_string(arena, "file"));
        gen_node_set(arena, line, "jobId", gen_node_string(arena, job));
        gen_node_set(arena, line, "kind", gen_node_string(arena, file->kind));
        gen_node_set(arena, line, "variation", gen_node_string(arena, file->variation));
        gen_node_set(arena, line, "path", gen_node_string(arena, file->path));
        gen_node_set(arena, line, "size", gen_node_int(arena, file->size));
        gen_session_print_json(session, line);
    }
}

/* Each job into a folder of its own; `names`: of these, NULL = by the jobs. */
static enum gen_status batch_download(struct gen_session *session, const struct gen_node *batch,
                                      const char *const *names, struct gen_error *err)
{
    const char *out = session->options.out;
    const struct gen_node *item = gen_node_first(gen_node_get(batch, "jobs"));
    enum gen_status status = GEN_OK;

    for (size_t i = 0; item != NULL && status == GEN_OK; item = item->next, i++) {
        const char *job = gen_node_text(gen_node_get(item, "jobId"), ""), *folder, *name;
        struct gen_client_answer answer = {0};
        struct gen_download files = {0};

        status = gen_session_get(session, &answer, err, "/v1/jobs/%s", job);
        if (status != GEN_OK) {
            break;
        }
        folder = gen_download_folder(session, answer.document);
        name = names != NULL ? gen_download_name(session->arena, names[i]) : folder;
        if (out != NULL || names != NULL) {
            folder = gen_arena_printf(session->arena, "%s/%s", out != NULL ? out : ".",
                                      name == NULL ? "job" : name);
        }
        status = folder == NULL ? gen_error_set(err, GEN_ENOMEM, "no memory for a download")
                                : gen_download_job(session, answer.document, folder, &files, err);
        batch_files(session, &files, job);
    }
    return status;
}

static int batch_outcome(const struct gen_node *batch)
{
    switch (gen_job_status_of(gen_node_text(gen_node_get(batch, "status"), ""))) {
    case GEN_JOB_COMPLETED:
        return GEN_EXIT_OK;
    case GEN_JOB_NEEDS_ATTENTION:
        return GEN_EXIT_ATTENTION;
    default:
        return GEN_EXIT_FAILED;
    }
}

static void batch_view(struct gen_session *session, const struct gen_node *batch)
{
    struct gen_bytes text;

    gen_session_say(
        session, "%s: %s, %d of %d jobs completed, $%.2f",
        gen_node_text(gen_node_get(batch, "batchId"), ""),
        gen_node_text(gen_node_get(batch, "status"), ""),
        (int)gen_node_integer(gen_node_get(gen_node_get(batch, "counts"), "completed"), 0),
        (int)gen_node_integer(gen_node_get(batch, "jobCount"), 0),
        gen_node_number(gen_node_get(batch, "cost"), 0));
    if (session->options.json) {
        return;
    }
    gen_bytes_init(&text, BATCH_TEXT_MOST);
    gen_job_view_list(session, batch, &text);
    if (!gen_session_write(session, &text)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&text);
}

static int batch_finish(struct gen_session *session, const char *batch, bool download,
                        const char *const *names)
{
    const struct gen_node *document = NULL;
    struct gen_error err = {0};
    enum gen_status status = batch_follow(session, batch, &document, &err);

    if (status == GEN_ECANCELED) {
        gen_session_note(session,
                         "\ngen: no longer watching; the jobs go on\n"
                         "  watch them:   %s %s\n"
                         "  cancel them:  %s %s",
                         gen_session_again(session, "gen watch"), batch,
                         gen_session_again(session, "gen cancel"), batch);
        return GEN_EXIT_INTERRUPTED;
    }
    if (status == GEN_OK && download) {
        status = batch_download(session, document, names, &err);
    }
    if (status != GEN_OK) {
        int code = gen_session_fail(session, &err);

        gen_session_note(session, "gen: the batch is %s; see it with: %s %s", batch,
                         gen_session_again(session, "gen job"), batch);
        return code;
    }
    if (session->options.json) {
        gen_session_print_json(session, document);
    } else {
        batch_view(session, document);
    }
    return batch_outcome(document);
}

/* ----------------------------------------------------------------------------------- commands -- */

int gen_batch_commands_run(struct gen_session *session)
{
    struct gen_submission submission = {0};
    struct gen_brief_folder folder;
    struct gen_error err = {0};

    if (batch_send(session, &folder, &submission, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (!session->options.quiet) {
        gen_session_say(session, "%s: %zu jobs%s", submission.job, folder.count,
                        submission.existing ? " (submitted before with this key)" : "");
    }
    return batch_finish(session, submission.job, true, folder.names);
}

int gen_batch_commands_submit(struct gen_session *session)
{
    struct gen_submission submission = {0};
    struct gen_brief_folder folder;
    struct gen_error err = {0};

    if (batch_send(session, &folder, &submission, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, submission.document);
    } else {
        gen_session_say(session, "%s", submission.job);
    }
    return GEN_EXIT_OK;
}

int gen_batch_commands_watch(struct gen_session *session)
{
    return batch_finish(session, session->options.operands[0], session->options.out != NULL, NULL);
}

int gen_batch_commands_show(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    if (gen_session_get(session, &answer, &err, "/v1/batches/%s", session->options.operands[0]) !=
        GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        batch_view(session, answer.document);
    }
    return GEN_EXIT_OK;
}

int gen_batch_commands_cancel(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.method = "POST", .patience_ms = 3000};
    struct gen_error err = {0};
    enum gen_status status = gen_session_connect(session, &err);

    request.path = gen_arena_printf(session->arena, "/v1/batches/%s/cancel",
                                    session->options.operands[0]);
    if (status == GEN_OK && request.path == NULL) {
        status = gen_error_set(&err, GEN_ENOMEM, "no memory for a request");
    }
    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        batch_view(session, answer.document);
    }
    return GEN_EXIT_OK;
}
