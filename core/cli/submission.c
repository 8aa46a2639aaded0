/* submission.c - see submission.h. */
#include "cli/submission.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SUBMISSION_PATIENCE_MS = 60000,           /* gend may be starting again */
    SUBMISSION_SHOWN_BYTES = 4 * 1024 * 1024, /* smaller uploads are over before one could read */
    SUBMISSION_KEY_BYTES = 24,
};

/* An upload, as a line on the terminal that is rewritten. */
struct submission_progress {
    struct gen_session *session;
    const char *name;
    int64_t shown; /* percent */
};

static void submission_on_sent(void *context, int64_t sent, int64_t total)
{
    struct submission_progress *progress = context;
    int64_t percent = total > 0 ? sent / (total / 100 + 1) : 0;

    if (progress->session->options.json || total < SUBMISSION_SHOWN_BYTES ||
        percent == progress->shown || isatty(fileno(progress->session->errors)) != 1) {
        return;
    }
    progress->shown = percent;
    (void)fprintf(progress->session->errors, "\r\033[Kuploading %s  %d %%", progress->name,
                  (int)percent);
    (void)fflush(progress->session->errors);
}

static const char *submission_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static enum gen_status submission_upload(struct gen_session *session, const char *path,
                                         struct gen_client_answer *answer, struct gen_error *err)
{
    const char *name = submission_name(path);
    struct submission_progress progress = {session, gen_session_clean(session, name), -1};
    const char *escaped = gen_session_escape(session, name);
    struct gen_client_request request = {
        .method = "POST",
        .path = escaped != NULL ? gen_arena_printf(session->arena, "/v1/assets?name=%s", escaped)
                                : NULL,
        .content_type = "application/octet-stream",
        .body_file = path,
        .patience_ms = SUBMISSION_PATIENCE_MS,
        .on_sent = submission_on_sent,
        .context = &progress,
    };
    enum gen_status status;

    if (request.path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for an upload");
    }
    status = gen_client_send(session->client, &request, session->arena, answer, err);
    if (progress.shown >= 0) {
        (void)fputs("\r\033[K", session->errors);
    }
    if (status == GEN_OK &&
        gen_node_text(gen_node_get(answer->document, "assetId"), NULL) == NULL) {
        status = gen_error_set(err, GEN_EIO, "gend did not say which asset %s is", path);
    }
    if (status != GEN_OK && answer->status != 0) {
        err->path[0] = '\0'; /* of the upload, which the user did not write */
        status = gen_error_within(err, "the file %s", path);
    }
    return status;
}

enum gen_status gen_submission_upload(struct gen_session *session, const char *path,
                                      const struct gen_node **out, struct gen_error *err)
{
    struct gen_client_answer answer = {0};
    enum gen_status status = submission_upload(session, path, &answer, err);

    if (status == GEN_OK) {
        *out = answer.document;
    }
    return status;
}

/* Did gend say no? Else nobody knows whether it has the brief, or nobody is there. */
static bool submission_refused(enum gen_status status)
{
    return status != GEN_OK && status != GEN_EUNREACHABLE && status != GEN_ECANCELED &&
           status != GEN_EIO;
}

/* A brief that was refused leaves nothing behind: what gend has only since then goes. One that somebody has
 * sent as well by now, or that a job uses, stays; trouble with that is no news to anybody. */
static void submission_withdraw(struct gen_session *session, const struct gen_briefing *briefing)
{
    for (size_t i = 0; i < briefing->file_count; i++) {
        const struct gen_briefing_file *file = &briefing->files[i];
        struct gen_client_request request = {.method = "DELETE"};

        if (file->asset != NULL && file->since != NULL) {
            struct gen_error ignored = {0};

            request.path = gen_arena_printf(session->arena, "/v1/assets/%s?sentBy=%s", file->asset,
                                            gen_session_escape(session, file->since));
            (void)!(request.path == NULL ||
                    gen_client_send(session->client, &request, session->arena, NULL, &ignored));
        }
    }
}

static enum gen_status submission_files(struct gen_session *session, struct gen_briefing *briefing,
                                        struct gen_error *err)
{
    for (size_t i = 0; i < briefing->file_count; i++) {
        struct gen_briefing_file *file = &briefing->files[i];
        struct gen_client_answer answer = {0};
        enum gen_status status = submission_upload(session, file->path, &answer, err);

        if (status == GEN_EINVAL || status == GEN_ETOOLARGE || status == GEN_EUNSUPPORTED) {
            gen_error_place(err, NULL, 0, 0, file->key_path);
            gen_briefing_place(briefing, err);
        }
        if (status != GEN_OK) {
            return status;
        }
        file->asset = gen_node_text(gen_node_get(answer.document, "assetId"), NULL);
        file->since = answer.status == 201
                          ? gen_node_text(gen_node_get(answer.document, "createdAt"), NULL)
                          : NULL;
    }
    return GEN_OK;
}

/* Every mistake but the first, which is told as the error of the command. */
static void submission_others(struct gen_session *session, const struct gen_briefing *briefing,
                              const struct gen_node *problem)
{
    const struct gen_node *item = gen_node_first(gen_node_get(problem, "errors"));

    for (item = item != NULL ? item->next : NULL; item != NULL; item = item->next) {
        struct gen_error err = {0};

        (void)gen_error_set(&err, GEN_EINVAL, "%s",
                            gen_node_text(gen_node_get(item, "detail"), "is wrong"));
        gen_error_place(&err, NULL, 0, 0, gen_node_text(gen_node_get(item, "path"), ""));
        gen_briefing_place(briefing, &err);
        (void)gen_session_fail(session, &err);
    }
}

/* One request that admits, whatever happens to the connection. An id in a brief that is not there: the
 * brief is what is wrong. */
static enum gen_status submission_post(struct gen_session *session, const char *path,
                                       const struct gen_node *document,
                                       struct gen_client_answer *answer, struct gen_error *err)
{
    char key[SUBMISSION_KEY_BYTES * 2];
    struct gen_client_request request = {
        .method = "POST",
        .path = path,
        .content_type = "application/json",
        .idempotency_key = session->options.idempotency_key,
        .patience_ms = SUBMISSION_PATIENCE_MS,
    };
    enum gen_status status;

    if (request.idempotency_key == NULL) {
        gen_crypto_token(session->random, SUBMISSION_KEY_BYTES, key, sizeof(key));
        request.idempotency_key = key;
    }
    request.body = gen_json_text(session->arena, document, &request.body_size);
    if (request.body == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the brief");
    }
    status = gen_client_send(session->client, &request, session->arena, answer, err);
    if (status == GEN_ENOTFOUND && answer->document != NULL) {
        status = err->status = GEN_EINVAL;
    }
    return status;
}

/* What was made, by its id under `member`. */
static enum gen_status submission_made(const struct gen_client_answer *answer, const char *member,
                                       enum gen_ident_kind kind, struct gen_submission *out,
                                       struct gen_error *err)
{
    out->document = answer->document;
    out->job = gen_node_text(gen_node_get(answer->document, member), NULL);
    out->existing = answer->status == 200 && answer->attempts == 1;
    if (out->job == NULL || !gen_ident_valid(kind, out->job)) {
        return gen_error_set(err, GEN_EIO, "gend did not say which job this is");
    }
    return GEN_OK;
}

static enum gen_status submission_job(struct gen_session *session, struct gen_briefing *briefing,
                                      const struct gen_node *document, struct gen_submission *out,
                                      struct gen_error *err)
{
    struct gen_client_answer answer = {0};
    enum gen_status status = submission_post(session, "/v1/jobs", document, &answer, err);

    if (status != GEN_OK && answer.document != NULL) {
        submission_others(session, briefing, answer.document);
        gen_briefing_place(briefing, err);
    }
    return status == GEN_OK ? submission_made(&answer, "jobId", GEN_IDENT_JOB, out, err) : status;
}

/* "briefs[3].scenes[0].prompt": of which file, and where in it. */
static void submission_blame(const struct gen_brief_folder *folder, struct gen_error *err)
{
    char path[GEN_ERROR_PATH_SIZE];
    char *end = NULL;
    unsigned long index;

    if (strncmp(err->path, "briefs[", 7) != 0) {
        return;
    }
    index = strtoul(err->path + 7, &end, 10);
    if (*end != ']' || index >= folder->count) {
        return;
    }
    (void)snprintf(path, sizeof path, "%s", end[1] == '.' ? end + 2 : "");
    gen_error_place(err, folder->briefs[index]->label, 0, 0, path);
    gen_briefing_place(folder->briefs[index], err);
}

/* Is somebody there? Only then there is any patience. */
static enum gen_status submission_begin(struct gen_session *session, struct gen_error *err)
{
    struct gen_client_request health = {.path = "/healthz"};
    enum gen_status status = gen_session_connect(session, err);

    return status == GEN_OK ? gen_client_send(session->client, &health, session->arena, NULL, err)
                            : status;
}

enum gen_status gen_submission_send_batch(struct gen_session *session,
                                          const struct gen_brief_folder *folder,
                                          struct gen_submission *out, struct gen_error *err)
{
    struct gen_arena *arena = session->arena;
    struct gen_node *body = gen_node_map(arena), *briefs = gen_node_list(arena);
    struct gen_client_answer answer = {0};
    enum gen_status status = submission_begin(session, err);

    for (size_t i = 0; i < folder->count && status == GEN_OK; i++) {
        struct gen_node *document = NULL;

        status = submission_files(session, folder->briefs[i], err);
        if (status == GEN_OK) {
            status = gen_briefing_document(folder->briefs[i], arena, &document, err);
        }
        gen_node_push(briefs, document);
    }
    if (status == GEN_OK) {
        gen_node_set(arena, body, "title", gen_node_string(arena, folder->title));
        gen_node_set(arena, body, "briefs", briefs);
        status = submission_post(session, "/v1/batches", body, &answer, err);
        if (status != GEN_OK) {
            submission_blame(folder, err);
        }
    }
    for (size_t i = 0; i < folder->count && submission_refused(status); i++) {
        submission_withdraw(session, folder->briefs[i]);
    }
    return status == GEN_OK ? submission_made(&answer, "batchId", GEN_IDENT_BATCH, out, err)
                            : status;
}

enum gen_status gen_submission_send(struct gen_session *session, struct gen_briefing *briefing,
                                    struct gen_submission *out, struct gen_error *err)
{
    struct gen_node *document = NULL;
    enum gen_status status = submission_begin(session, err);

    if (status == GEN_OK) {
        status = submission_files(session, briefing, err);
    }
    if (status == GEN_OK) {
        status = gen_briefing_document(briefing, session->arena, &document, err);
    }
    if (status == GEN_OK) {
        status = submission_job(session, briefing, document, out, err);
    }
    if (submission_refused(status)) {
        submission_withdraw(session, briefing);
    }
    return status;
}
