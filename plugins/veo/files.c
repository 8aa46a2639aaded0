/* files.c - see files.h. */
#include "files.h"

#include "faults.h"

enum { FILES_TIMEOUT_MS = 600000, FILES_WAIT_MS = 2000 };

static int32_t keep(const struct veo_call *call, const char *doing, const char *key,
                    const char *value)
{
    const struct kit *kit = &call->kit;
    struct gen_node *map = kit->host->json_map(kit->arena);

    kit_set_text(kit, map, "doing", doing);
    if (key != NULL) {
        kit_set_text(kit, map, key, value);
    }
    call->step->state = kit->host->json_write(kit->arena, map, NULL);
    return call->step->state != NULL ? GEN_VERDICT_OK : kit_broken(call->message);
}

int32_t files_begin(const struct veo_call *call, int32_t asset)
{
    const struct kit *kit = &call->kit;
    const struct gen_provider_asset *from = kit_asset(call->task, (size_t)asset);
    struct gen_provider_request *request =
        kit_request(kit, "POST",
                    kit->host->print(kit->arena, "%s/upload/%s/files", call->settings->base,
                                     call->settings->version),
                    VEO_KEY);
    struct gen_node *body = kit->host->json_map(kit->arena);

    kit_set_text(kit, kit_set_map(kit, body, "file"), "mimeType", from->media_type);
    kit_add_header(kit, request, "x-goog-upload-protocol", "resumable");
    kit_add_header(kit, request, "x-goog-upload-command", "start");
    kit_add_header(kit, request, "x-goog-upload-header-content-length",
                   kit_or(kit->host->print(kit->arena, "%lld", (long long)from->bytes), ""));
    kit_add_header(kit, request, "x-goog-upload-header-content-type", from->media_type);
    kit_body_json(kit, request, body);
    if (keep(call, "start", NULL, NULL) != GEN_VERDICT_OK) {
        return GEN_VERDICT_BROKEN;
    }
    return kit_send(call->step, request, call->message);
}

/* All of it in one piece. The key goes along to Google's own origin only. */
static int32_t send_bytes(const struct veo_call *call, int32_t asset, const char *url)
{
    const struct kit *kit = &call->kit;
    struct gen_provider_request *request =
        kit_request(kit, "POST", url, kit_same_origin(call->settings->base, url) ? VEO_KEY : "");

    kit_add_header(kit, request, "x-goog-upload-command", "upload, finalize");
    kit_add_header(kit, request, "x-goog-upload-offset", "0");
    if (request != NULL) {
        request->body_kind = GEN_BODY_ASSET;
        request->asset = asset;
        request->timeout_ms = FILES_TIMEOUT_MS;
    }
    if (keep(call, "send", "url", url) != GEN_VERDICT_OK) {
        return GEN_VERDICT_BROKEN;
    }
    return kit_send(call->step, request, call->message);
}

int32_t files_look(const struct veo_call *call, const char *name)
{
    const struct kit *kit = &call->kit;

    return kit_send(call->step,
                    kit_request(kit, "GET",
                                kit->host->print(kit->arena, "%s/%s/%s", call->settings->base,
                                                 call->settings->version, name),
                                VEO_KEY),
                    call->message);
}

const char *files_name(const struct veo_call *call, const char *url)
{
    const char *at = strstr(url, "/files/");
    size_t length = at != NULL
                        ? strspn(at + 7, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_")
                        : 0;

    return length > 0 && length <= 128 && kit_same_origin(call->settings->base, url)
               ? call->kit.host->print(call->kit.arena, "files/%.*s", (int)length, at + 7)
               : NULL;
}

/* The description of the file: is it ready? */
static int32_t described(const struct veo_call *call, const char **uri)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body = kit_json(kit, call->answer);
    const struct gen_node *file = kit->host->json_get(body, "file");
    const char *state, *found, *name;

    file = file != NULL ? file : body;
    state = kit_text(kit, file, "state");
    found = kit_text(kit, file, "uri");
    name = files_name(call, found);
    if (kit_same(state, "FAILED") || !kit_is_link(found)) {
        return faults_own(call, GEN_FAIL_INVALID, GEN_BILLED_NO,
                          "Google cannot use the picture that was uploaded");
    }
    if (kit_same(state, "PROCESSING") && name != NULL) {
        return keep(call, "ready", "file", name) == GEN_VERDICT_OK
                   ? kit_wait(call->step, FILES_WAIT_MS)
                   : GEN_VERDICT_BROKEN;
    }
    *uri = found;
    return GEN_VERDICT_OK;
}

int32_t files_go_on(const struct veo_call *call, const struct gen_node *state, int32_t asset,
                    const char **uri)
{
    const struct kit *kit = &call->kit;
    const char *doing = kit_text(kit, state, "doing"), *url;

    if (call->answer == NULL) {
        return kit_same(doing, "ready") ? files_look(call, kit_text(kit, state, "file"))
                                        : files_begin(call, asset);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_UPLOAD);
    }
    if (!kit_same(doing, "start")) {
        return described(call, uri);
    }
    url = kit_header(call->answer, "x-goog-upload-url");
    if (!kit_is_link(url)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "Google's answer to the start of an upload has no link");
    }
    return send_bytes(call, asset, url);
}
