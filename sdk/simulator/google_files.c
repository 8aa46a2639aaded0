/* google_files.c - the Files API of Google's dialect: resumable uploads, metadata, downloads.
 *
 * A file is either an uploaded asset or the result of an interaction; both live 48 hours. An uploaded
 * video is PROCESSING for a second. A file that is unknown, expired or another key's is 403, as the
 * vendor answers it.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl, tests/clients
 */
#include "simulator/google.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>

enum {
    GOOGLE_FILE_LIFE_H = 48,
    GOOGLE_PROCESSING_MS = 1000,
};
#define GOOGLE_FILE_MOST (INT64_C(2) * 1024 * 1024 * 1024)

/* ----------------------------------------------------------------------------------- metadata */

static const char *google_asset_state(struct sim_call *call, const struct sim_asset *asset)
{
    bool video = asset->type != NULL && strncmp(asset->type, "video/", 6) == 0;
    int64_t ended = gen_node_integer(gen_node_get(asset->extra, "ended"), 0);

    return video && call->now < ended + GOOGLE_PROCESSING_MS ? "PROCESSING" : "ACTIVE";
}

static struct gen_node *google_file_node(struct sim_call *call, const char *id, const char *type,
                                         int64_t size, gen_moment made, const char *state,
                                         const char *source)
{
    struct gen_node *file = gen_node_map(call->arena);
    const char *uri = gen_arena_printf(call->arena, "%s%s/v1beta/files/%s", call->origin,
                                       call->dialect->prefix, id);

    google_set(call, file, "name", gen_arena_printf(call->arena, "files/%s", id));
    google_set(call, file, "mimeType", type);
    google_set(call, file, "sizeBytes", gen_arena_printf(call->arena, "%lld", (long long)size));
    google_set_moment(call, file, "createTime", made);
    google_set_moment(call, file, "updateTime", made);
    google_set_moment(call, file, "expirationTime", made + INT64_C(3600000) * GOOGLE_FILE_LIFE_H);
    google_set(call, file, "uri", uri);
    google_set(call, file, "state", state);
    google_set(call, file, "source", source);
    if (strcmp(source, "GENERATED") == 0) {
        google_set(call, file, "downloadUri",
                   gen_arena_printf(call->arena, "%s:download?alt=media", uri));
    }
    return file;
}

static struct gen_node *google_asset_node(struct sim_call *call, const struct sim_asset *asset)
{
    return google_file_node(call, asset->id, asset->type, asset->size, asset->created,
                            google_asset_state(call, asset), "UPLOADED");
}

/* ------------------------------------------------------------------------------------- finding */

const char *google_file_of(struct sim_call *call, const struct sim_task *task)
{
    return gen_arena_printf(call->arena, "files/%s",
                            gen_node_text(gen_node_get(task->extra, "file"), "none"));
}

static const struct sim_task *google_task_of(struct sim_call *call, const char *id)
{
    const struct sim_task *task = NULL;

    while ((task = sim_task_next(call, task)) != NULL) {
        if (task->state == SIM_DONE &&
            strcmp(gen_node_text(gen_node_get(task->extra, "file"), ""), id) == 0 &&
            call->now < task->ended + INT64_C(3600000) * GOOGLE_FILE_LIFE_H) {
            return task;
        }
    }
    return NULL;
}

static const struct sim_asset *google_asset_of(struct sim_call *call, const char *id)
{
    const struct sim_asset *asset = sim_asset_find(call, id);

    return asset != NULL && gen_node_get(asset->extra, "ended") != NULL ? asset : NULL;
}

static void google_file_missing(struct sim_call *call, const char *id)
{
    google_refuse(call, 403, NULL,
                  gen_arena_printf(
                      call->arena,
                      "You do not have permission to access the File %s or it may not exist.", id));
}

const struct sim_asset *google_file_ready(struct sim_call *call, const char *uri)
{
    const char *name = strstr(uri, "files/");
    const struct sim_asset *asset = name != NULL ? google_asset_of(call, name + 6) : NULL;

    return asset != NULL && strcmp(google_asset_state(call, asset), "ACTIVE") == 0 ? asset : NULL;
}

void google_file_get(struct sim_call *call)
{
    const char *id = call->capture[0];
    const struct sim_asset *asset = google_asset_of(call, id);
    const struct sim_task *task = asset == NULL ? google_task_of(call, id) : NULL;
    int64_t size = 0;

    if (asset != NULL) {
        sim_answer_json(call, 200, google_asset_node(call, asset));
    } else if (task != NULL && sim_task_file(call, task, 0, &size) != NULL) {
        sim_answer_json(
            call, 200,
            google_file_node(call, id, "video/mp4", size, task->ended, "ACTIVE", "GENERATED"));
    } else {
        google_file_missing(call, id);
    }
}

/* Only what was generated can be downloaded, as with the vendor. */
void google_file_download(struct sim_call *call)
{
    const char *id = call->capture[0];
    const char *alt = sim_call_query(call, "alt");
    const struct sim_task *task = google_task_of(call, id);
    int64_t size = 0;
    const char *path = task != NULL ? sim_task_file(call, task, 0, &size) : NULL;

    if (alt == NULL || strcmp(alt, "media") != 0) {
        google_refuse(call, 400, NULL, "alt=media is required");
    } else if (path == NULL && google_asset_of(call, id) != NULL) {
        google_refuse(call, 400, NULL, "Only generated files can be downloaded.");
    } else if (path == NULL) {
        google_file_missing(call, id);
    } else if (strcmp(call->account->name, "redirecting") == 0) {
        sim_answer_header(call, "Location", sim_link_result(call, task, 0));
        sim_answer_empty(call, 302);
    } else {
        sim_answer_file(call, path, "video/mp4");
    }
}

void google_file_delete(struct sim_call *call)
{
    const struct sim_asset *asset = google_asset_of(call, call->capture[0]);

    if (asset == NULL) {
        google_file_missing(call, call->capture[0]);
        return;
    }
    sim_asset_delete(call, asset);
    sim_answer_json(call, 200, gen_node_map(call->arena));
}

/* ------------------------------------------------------------------------------------- uploads */

/* A whole number in a header; -1 = absent or something else. */
static int64_t google_count(struct sim_call *call, const char *name)
{
    const char *text = sim_call_header(call, name);
    int64_t value = -1;

    return text != NULL && gen_number_integer(text, &value) ? value : -1;
}

static void google_upload_start(struct sim_call *call)
{
    const char *type = sim_call_header(call, "x-goog-upload-header-content-type");
    int64_t size = google_count(call, "x-goog-upload-header-content-length");
    const char *protocol = sim_call_header(call, "x-goog-upload-protocol");
    const struct gen_node *file = gen_node_get(sim_call_json(call, NULL), "file");
    struct sim_asset terms = {.upload = SIM_UPLOAD_HERE, .min_size = 1};
    const struct sim_asset *asset;

    if (protocol == NULL || strcmp(protocol, "resumable") != 0) {
        google_refuse(call, 400, NULL, "X-Goog-Upload-Protocol must be resumable");
        return;
    }
    type = type != NULL ? type : gen_node_text(gen_node_get(file, "mimeType"), NULL);
    if (type == NULL || strchr(type, '/') == NULL || size < 1 || size > GOOGLE_FILE_MOST) {
        google_refuse(call, 400, NULL,
                      "Unknown mime type, or no X-Goog-Upload-Header-Content-Length");
        return;
    }
    terms.id = gen_arena_printf(call->arena, "f%s", sim_ident_digits(call, 12));
    terms.name = gen_node_text(gen_node_get(file, "displayName"), "");
    terms.type = type;
    terms.exact_size = size;
    terms.max_size = size;
    terms.expires = call->now + INT64_C(3600000) * GOOGLE_FILE_LIFE_H;
    asset = sim_asset_create(call, &terms);
    if (asset == NULL) {
        google_refuse(call, 500, NULL, NULL);
        return;
    }
    sim_answer_header(call, "x-goog-upload-status", "active");
    sim_answer_header(call, "x-goog-upload-chunk-granularity", "262144");
    sim_answer_header(call, "x-goog-upload-url",
                      gen_arena_printf(call->arena, "%s%s%s?upload_id=%s&upload_protocol=resumable",
                                       call->origin, call->dialect->prefix, call->tail, asset->id));
    sim_answer_empty(call, 200);
}

static void google_upload_finish(struct sim_call *call, const struct sim_asset *asset)
{
    struct gen_node *extra = gen_node_map(call->arena);
    struct gen_node *answer = gen_node_map(call->arena);

    if (asset->size != asset->exact_size) {
        google_refuse(call, 400, NULL, "The upload is shorter than was announced.");
        return;
    }
    gen_node_set(call->arena, extra, "ended", gen_node_int(call->arena, call->now));
    sim_asset_note(call, asset, extra);
    gen_node_set(call->arena, answer, "file", google_asset_node(call, asset));
    sim_answer_header(call, "x-goog-upload-status", "final");
    sim_answer_json(call, 200, answer);
}

/* "upload", "upload, finalize", "finalize" and "query" of an upload that was started. */
static void google_upload_go_on(struct sim_call *call, const struct sim_asset *asset,
                                const char *command)
{
    bool bytes = strncmp(command, "upload", 6) == 0;
    bool last = strstr(command, "finalize") != NULL;

    if (strcmp(command, "query") == 0) {
        sim_answer_header(call, "x-goog-upload-status",
                          gen_node_get(asset->extra, "ended") != NULL ? "final" : "active");
        sim_answer_header(call, "x-goog-upload-size-received",
                          gen_arena_printf(call->arena, "%lld", (long long)asset->size));
        sim_answer_empty(call, 200);
        return;
    }
    if ((!bytes && !last) || gen_node_get(asset->extra, "ended") != NULL) {
        google_refuse(call, 400, NULL, "unknown upload command, or the upload is over");
        return;
    }
    if (bytes && google_count(call, "x-goog-upload-offset") != asset->size) {
        google_refuse(call, 400, NULL,
                      gen_arena_printf(call->arena, "X-Goog-Upload-Offset must be %lld",
                                       (long long)asset->size));
        return;
    }
    if (bytes && !sim_asset_append(call, asset, call->body, call->body_size)) {
        google_refuse(call, 400, NULL, "The upload is longer than was announced.");
        return;
    }
    if (last) {
        google_upload_finish(call, asset);
        return;
    }
    sim_answer_header(call, "x-goog-upload-status", "active");
    sim_answer_empty(call, 200);
}

/* The upload's own link needs no key: whoever has it may write. */
void google_upload(struct sim_call *call)
{
    const char *command = sim_call_header(call, "x-goog-upload-command");
    const char *id = sim_call_query(call, "upload_id");
    const struct sim_asset *asset = id != NULL ? sim_asset_find(call, id) : NULL;

    if (id == NULL && !google_enter(call)) {
        return;
    }
    if (command == NULL) {
        google_refuse(call, 400, NULL, "X-Goog-Upload-Command is missing");
    } else if (id == NULL && strcmp(command, "start") == 0) {
        google_upload_start(call);
    } else if (asset == NULL) {
        google_refuse(call, 404, NULL, "There is no such upload.");
    } else {
        call->account = sim_account_by_name(call->world, "google", asset->account);
        google_upload_go_on(call, asset, command);
    }
}
