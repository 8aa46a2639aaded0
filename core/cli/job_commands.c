/* job_commands.c - see job_commands.h. */
#include "cli/job_commands.h"

#include "cli/bars.h"
#include "cli/batch_commands.h"
#include "cli/columns.h"
#include "cli/download.h"
#include "cli/follow.h"
#include "cli/job_view.h"
#include "cli/submission.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMMANDS_TEXT_MOST = 64 * 1024 * 1024 };

/* The job that the operand names. GEN_EINVAL: it is no id of a job. */
static enum gen_status command_job(struct gen_session *session, const char **job,
                                   struct gen_error *err)
{
    *job = session->options.operands[0];
    if (!gen_ident_valid(GEN_IDENT_JOB, *job)) {
        return gen_error_set(err, GEN_EINVAL,
                             "\"%.60s\" is not the id of a job, which looks like "
                             "gen_01kb5rk3y2v7m8n9pqrst4wxyz; `gen jobs` lists them",
                             *job);
    }
    return GEN_OK;
}

/* How the end of a job becomes the end of gen. */
static int command_outcome(const struct gen_node *job)
{
    const char *word = gen_node_text(gen_node_get(job, "status"), "");

    switch (gen_job_status_of(word)) {
    case GEN_JOB_COMPLETED:
        return GEN_EXIT_OK;
    case GEN_JOB_NEEDS_ATTENTION:
        return GEN_EXIT_ATTENTION;
    default:
        return GEN_EXIT_FAILED;
    }
}

static void command_print(struct gen_session *session, const struct gen_bytes *text)
{
    if (!gen_session_write(session, text)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
}

/* What was downloaded, for people and programs. */
static void command_files(struct gen_session *session, const struct gen_download *download)
{
    for (size_t i = 0; i < download->count; i++) {
        const struct gen_download_file *file = &download->files[i];
        struct gen_arena *arena = session->arena;
        struct gen_node *line;

        if (!session->options.json) {
            gen_session_say(session, "  %s", gen_session_clean(session, file->path));
            continue;
        }
        line = gen_node_map(arena);
        gen_node_set(arena, line, "event", gen_node_string(arena, "file"));
        gen_node_set(arena, line, "kind", gen_node_string(arena, file->kind));
        gen_node_set(arena, line, "variation", gen_node_string(arena, file->variation));
        gen_node_set(arena, line, "path", gen_node_string(arena, file->path));
        gen_node_set(arena, line, "size", gen_node_int(arena, file->size));
        gen_session_print_json(session, line);
    }
}

/* What an error of a job is about, for programs. */
static const struct gen_node *command_about(struct gen_session *session, const char *job)
{
    struct gen_node *map = gen_node_map(session->arena);

    gen_node_set(session->arena, map, "jobId", gen_node_string(session->arena, job));
    return map;
}

/* Ctrl-C: the job goes on, and the user is told how to get back to it. */
static void command_detached(struct gen_session *session, const char *job)
{
    struct gen_error err = {0};

    if (session->options.json) {
        (void)gen_error_set(&err, GEN_ECANCELED, "no longer watching; the job goes on");
        (void)gen_session_fail_with(session, &err, command_about(session, job));
        return;
    }
    gen_session_note(session,
                     "\ngen: no longer watching; the job goes on\n"
                     "  watch it:   %s %s\n"
                     "  cancel it:  %s %s\n"
                     "  its files:  %s %s --out DIR",
                     gen_session_again(session, "gen watch"), job,
                     gen_session_again(session, "gen cancel"), job,
                     gen_session_again(session, "gen outputs"), job);
}

/* Waits for the end of a job, downloads when `folder` is wanted, and sums up. */
static int command_follow(struct gen_session *session, const char *job, bool download)
{
    struct gen_error err = {0};
    struct gen_download files = {0};
    const struct gen_node *document = NULL;
    const char *folder = session->options.out;
    enum gen_status status = gen_follow_job(session, job, &document, &err);
    struct gen_bytes text;

    if (status == GEN_ECANCELED) {
        command_detached(session, job);
        return GEN_EXIT_INTERRUPTED;
    }
    if (status == GEN_OK && download) {
        folder = folder != NULL ? folder : gen_download_folder(session, document);
        status = gen_download_job(session, document, folder, &files, &err);
    }
    if (status != GEN_OK) {
        int code = gen_session_fail_with(session, &err, command_about(session, job));

        if (!session->options.json) {
            gen_session_note(session, "gen: the job is %s; see it with: %s %s", job,
                             gen_session_again(session, "gen job"), job);
        }
        return code;
    }
    if (!session->options.json) {
        bool waits = command_outcome(document) ==
                     GEN_EXIT_ATTENTION; /* lines are cut, this is not */

        gen_bytes_init(&text, COMMANDS_TEXT_MOST);
        gen_job_view_result(document,
                            gen_ticker_kind_of(session) == GEN_TICKER_LINES && !waits
                                ? GEN_JOB_VIEW_SUMMARY
                                : GEN_JOB_VIEW_FAILURES,
                            &text);
        gen_job_view_attention(session, document, &text);
        command_print(session, &text);
        gen_bytes_fini(&text);
    }
    command_files(session, &files);
    if (session->options.json) {
        gen_session_print_json(session, document);
    }
    return command_outcome(document);
}

/* Reads the brief, uploads and submits. */
static enum gen_status command_send(struct gen_session *session, struct gen_submission *out,
                                    struct gen_error *err)
{
    struct gen_briefing *briefing = NULL;
    enum gen_status status = gen_briefing_read(session->options.operands[0], session->arena,
                                               &briefing, err);

    return status == GEN_OK ? gen_submission_send(session, briefing, out, err) : status;
}

/* Can the folder hold files, or be made? Asked before anything is paid for. */
static enum gen_status command_check_out(struct gen_session *session, struct gen_error *err)
{
    char *path = gen_arena_strdup(session->arena, session->options.out);
    struct stat facts;
    char *slash;
    int found;

    if (path == NULL) {
        return session->options.out == NULL ? GEN_OK
                                            : gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    while ((found = stat(path, &facts)) != 0 && errno == ENOENT &&
           (slash = strrchr(path, '/')) != NULL) {
        slash[slash == path ? 1 : 0] = '\0'; /* what is missing will be made below its parent */
    }
    if (found != 0 && errno == ENOENT) {
        path = (char *)".";
    } else if (found != 0 || !S_ISDIR(facts.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "--out: %s is not, or not in, a folder", path);
    }
    return access(path, W_OK) == 0
               ? GEN_OK
               : gen_error_set(err, GEN_EINVAL, "--out: nothing can be written to %s: %s", path,
                               strerror(errno));
}

int gen_job_commands_run(struct gen_session *session)
{
    struct gen_submission submission = {0};
    struct gen_error err = {0};

    if (command_check_out(session, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (gen_batch_commands_folder(session)) {
        return gen_batch_commands_run(session);
    }
    if (command_send(session, &submission, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (!session->options.quiet) {
        gen_session_say(session, "%s%s", submission.job,
                        submission.existing ? " (submitted before with this key)" : "");
        gen_job_view_decision(session, submission.document);
    }
    return command_follow(session, submission.job, true);
}

int gen_job_commands_submit(struct gen_session *session)
{
    struct gen_submission submission = {0};
    struct gen_error err = {0};

    if (gen_batch_commands_folder(session)) {
        return gen_batch_commands_submit(session);
    }
    if (command_send(session, &submission, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, submission.document);
    } else {
        gen_session_say(session, "%s", submission.job);
    }
    return GEN_EXIT_OK;
}

int gen_job_commands_watch(struct gen_session *session)
{
    struct gen_error err = {0};
    const char *job;

    if (gen_batch_commands_id(session)) {
        return gen_batch_commands_watch(session);
    }
    if (command_job(session, &job, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    return command_follow(session, job, session->options.out != NULL);
}

/* Adds key=value to a path when there is a value. */
static void command_query(struct gen_session *session, struct gen_bytes *path, const char *key,
                          const char *value)
{
    const char *escaped = value != NULL ? gen_session_escape(session, value) : NULL;

    if (escaped != NULL) {
        (void)gen_bytes_printf(path, "&%s=%s", key, escaped);
    }
}

int gen_job_commands_jobs(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, COMMANDS_TEXT_MOST);
    (void)gen_bytes_printf(&text, "/v1/jobs?limit=%d", (int)options->limit);
    command_query(session, &text, "status", options->status);
    command_query(session, &text, "project", options->project);
    command_query(session, &text, "tag", options->tag);
    command_query(session, &text, "after", options->after);
    status = gen_bytes_status(&text) != GEN_OK
                 ? gen_error_set(&err, GEN_ENOMEM, "no memory for a list of jobs")
                 : gen_session_get(session, &answer, &err, "%s", text.data);
    gen_bytes_clear(&text);
    if (status == GEN_OK && options->json) {
        gen_session_print_json(session, answer.document);
    } else if (status == GEN_OK) {
        gen_job_view_list(session, answer.document, &text);
        command_print(session, &text);
    }
    gen_bytes_fini(&text);
    return status == GEN_OK ? GEN_EXIT_OK : gen_session_fail(session, &err);
}

int gen_job_commands_job(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_bytes text;
    const char *job;
    enum gen_status status;

    if (gen_batch_commands_id(session)) {
        return gen_batch_commands_show(session);
    }
    status = command_job(session, &job, &err);
    if (status == GEN_OK) {
        status = gen_session_get(session, &answer, &err, "/v1/jobs/%s", job);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    gen_bytes_init(&text, COMMANDS_TEXT_MOST);
    gen_job_view_full(session, answer.document, &text);
    command_print(session, &text);
    gen_bytes_fini(&text);
    return GEN_EXIT_OK;
}

int gen_job_commands_cancel(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.method = "POST", .patience_ms = 3000};
    struct gen_error err = {0};
    const char *job;
    enum gen_status status;

    if (gen_batch_commands_id(session)) {
        return gen_batch_commands_cancel(session);
    }
    status = command_job(session, &job, &err);
    if (status == GEN_OK) {
        status = gen_session_connect(session, &err);
    }
    if (status == GEN_OK) {
        request.path = gen_arena_printf(session->arena, "/v1/jobs/%s/cancel", job);
        status = request.path == NULL
                     ? gen_error_set(&err, GEN_ENOMEM, "no memory for a request")
                     : gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        const char *word = gen_node_text(gen_node_get(answer.document, "status"), "canceling");

        gen_session_say(session, "%s: %s", job, gen_session_clean(session, word));
    }
    return GEN_EXIT_OK;
}

int gen_job_commands_outputs(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_download files = {0};
    struct gen_error err = {0};
    struct gen_bytes text;
    const char *job;
    bool download = session->options.out != NULL;
    enum gen_status status = command_job(session, &job, &err);

    if (status == GEN_OK) {
        status = gen_session_get(session, &answer, &err, "/v1/jobs/%s%s", job,
                                 download ? "" : "/outputs");
    }
    if (status == GEN_OK && download) {
        status = gen_download_job(session, answer.document, session->options.out, &files, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (download) {
        command_files(session, &files);
    } else if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_bytes_init(&text, COMMANDS_TEXT_MOST);
        gen_job_view_outputs(session, answer.document, &text);
        command_print(session, &text);
        gen_bytes_fini(&text);
    }
    return GEN_EXIT_OK;
}
