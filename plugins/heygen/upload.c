/* upload.c - see upload.h. */
#include "upload.h"

#include "faults.h"

enum { UPLOAD_TIMEOUT_MS = 600000 };

const char *upload_id(const struct heygen_call *call, const struct gen_node *state, int32_t asset)
{
    const struct kit *kit = &call->kit;
    const char *key = kit->host->print(kit->arena, "%d", (int)asset);

    return key != NULL
               ? kit_text(kit, kit->host->json_get(kit->host->json_get(state, "done"), key), "")
               : "";
}

/* A copy of `state` that says what is being done; the caller adds to it and keeps it. */
static struct gen_node *now_doing(const struct heygen_call *call, const struct gen_node *state,
                                  const char *doing, int32_t asset)
{
    const struct kit *kit = &call->kit;
    struct gen_node *to = kit->host->json_map(kit->arena);
    const struct gen_node *done = kit->host->json_get(state, "done");

    if (done != NULL) {
        kit->host->json_set(kit->arena, to, "done", kit->host->json_copy(kit->arena, done));
    }
    kit_set_text(kit, to, "doing", doing);
    kit_set_integer(kit, to, "asset", asset);
    return to;
}

/* The state goes with the request, so that the next step knows what was asked. */
static int32_t keep_and_send(const struct heygen_call *call, const struct gen_node *state,
                             struct gen_provider_request *request)
{
    call->step->state = call->kit.host->json_write(call->kit.arena, state, NULL);
    if (request != NULL) {
        request->timeout_ms = UPLOAD_TIMEOUT_MS;
    }
    return call->step->state != NULL ? kit_send(call->step, request, call->message)
                                     : kit_broken(call->message);
}

static struct gen_provider_request *post(const struct heygen_call *call, const char *url)
{
    return kit_request(&call->kit, "POST", url, HEYGEN_CREDENTIAL);
}

static const char *url_of(const struct heygen_call *call, const char *path)
{
    return call->kit.host->print(call->kit.arena, "%s%s", call->settings->base, path);
}

/* One request with the file in it. */
static int32_t send_file(const struct heygen_call *call, const struct gen_node *state,
                         int32_t asset)
{
    const struct gen_provider_asset *from = kit_asset(call->task, (size_t)asset);
    struct gen_provider_part *part = call->kit.host->alloc(call->kit.arena, sizeof(*part));
    struct gen_provider_request *request = post(call, url_of(call, "/v3/assets"));

    if (part == NULL || request == NULL) {
        return kit_broken(call->message);
    }
    *part = (struct gen_provider_part){.size = sizeof(*part),
                                       .asset = asset,
                                       .name = "file",
                                       .text = "",
                                       .file_name = from->file,
                                       .content_type = from->media_type};
    request->body_kind = GEN_BODY_MULTIPART;
    request->parts = part;
    request->part_count = 1;
    return keep_and_send(call, now_doing(call, state, "file", asset), request);
}

static int32_t send_start(const struct heygen_call *call, const struct gen_node *state,
                          int32_t asset)
{
    const struct gen_provider_asset *from = kit_asset(call->task, (size_t)asset);
    struct gen_provider_request *request = post(call, url_of(call, "/v3/assets/direct-uploads"));
    struct gen_node *body = call->kit.host->json_map(call->kit.arena);

    kit_set_text(&call->kit, body, "filename", from->file);
    kit_set_text(&call->kit, body, "content_type", from->media_type);
    kit_set_integer(&call->kit, body, "size_bytes", from->bytes);
    kit_body_json(&call->kit, request, body);
    return keep_and_send(call, now_doing(call, state, "start", asset), request);
}

/* To a foreign host, bare, with the headers that came with the link and no others. */
static int32_t send_put(const struct heygen_call *call, const struct gen_node *state)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *headers = kit_at(kit, state, "direct.headers");
    struct gen_provider_request *request = kit_request(kit, "PUT",
                                                       kit_text(kit, state, "direct.url"), "");
    size_t i;

    for (i = 0; i < kit->host->json_count(headers) && i < 16; i++) {
        const struct gen_node *node = kit->host->json_at(headers, i);
        const char *name = kit->host->json_key(node);
        const char *value = kit->host->json_text(node, "");

        if (kit_fits_header(name, value)) {
            kit_add_header(kit, request, name, value);
        }
    }
    if (request != NULL) {
        request->body_kind = GEN_BODY_ASSET;
        request->asset = (int32_t)kit->host->json_integer(kit->host->json_get(state, "asset"), -1);
    }
    return keep_and_send(call, state, request);
}

static int32_t send_complete(const struct heygen_call *call, const struct gen_node *state)
{
    const struct kit *kit = &call->kit;
    const char *id = kit->host->url_encode(kit->arena, kit_text(kit, state, "direct.id"));
    struct gen_provider_request *request =
        id != NULL ? post(call, kit->host->print(kit->arena, "%s/v3/assets/%s/complete",
                                                 call->settings->base, id))
                   : NULL;

    kit_body_json(kit, request, kit->host->json_map(kit->arena));
    return keep_and_send(call, state, request);
}

int32_t upload_begin(const struct heygen_call *call, const struct gen_node *state, int32_t asset)
{
    return kit_asset(call->task, (size_t)asset)->bytes > call->settings->direct_above
               ? send_start(call, state, asset)
               : send_file(call, state, asset);
}

/* The upload is where it should be: its id goes to `done`. */
static int32_t finished(const struct heygen_call *call, const struct gen_node **state,
                        const char *id)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *old = kit->host->json_get(*state, "done");
    struct gen_node *to = kit->host->json_map(kit->arena), *done;
    int64_t asset = kit->host->json_integer(kit->host->json_get(*state, "asset"), -1);
    const char *key = kit->host->print(kit->arena, "%lld", (long long)asset);

    done = kit->host->json_set(kit->arena, to, "done",
                               old != NULL ? kit->host->json_copy(kit->arena, old)
                                           : kit->host->json_map(kit->arena));
    if (done == NULL || key == NULL) {
        return kit_broken(call->message);
    }
    kit_set_text(kit, done, key, id);
    *state = to;
    return GEN_VERDICT_OK;
}

/* The link and headers of the second step, kept until the third. */
static int32_t started(const struct heygen_call *call, const struct gen_node *state,
                       const struct gen_node *data)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *headers = kit->host->json_get(data, "upload_headers");
    int32_t asset = (int32_t)kit->host->json_integer(kit->host->json_get(state, "asset"), -1);
    struct gen_node *to = now_doing(call, state, "put", asset);
    struct gen_node *direct = kit_set_map(kit, to, "direct");
    const char *url = kit_text(kit, data, "upload_url");

    if (!kit_fits_id(kit_text(kit, data, "asset_id")) || !kit_is_link(url)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "HeyGen's answer to the start of an upload has no link");
    }
    kit_set_text(kit, direct, "id", kit_text(kit, data, "asset_id"));
    kit_set_text(kit, direct, "url", url);
    if (headers != NULL) {
        kit->host->json_set(kit->arena, direct, "headers",
                            kit->host->json_copy(kit->arena, headers));
    }
    return send_put(call, to);
}

static int32_t again(const struct heygen_call *call, const struct gen_node *state,
                     const char *doing)
{
    int64_t asset = call->kit.host->json_integer(call->kit.host->json_get(state, "asset"), -1);

    if (asset < 0 || (size_t)asset >= call->task->asset_count) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "the stored state of the submission names no asset of this shot");
    }
    return kit_same(doing, "put")        ? send_put(call, state)
           : kit_same(doing, "complete") ? send_complete(call, state)
                                         : upload_begin(call, state, (int32_t)asset);
}

/* The second step is done: the state is the same but for the word. */
static int32_t complete(const struct heygen_call *call, const struct gen_node *state)
{
    const struct kit *kit = &call->kit;
    struct gen_node *to = kit->host->json_copy(kit->arena, state);

    kit_set_text(kit, to, "doing", "complete");
    return send_complete(call, to);
}

int32_t upload_go_on(const struct heygen_call *call, const struct gen_node **state)
{
    const struct kit *kit = &call->kit;
    const char *doing = kit_text(kit, *state, "doing"), *id;
    const struct gen_node *data;

    if (call->answer == NULL) {
        return again(call, *state, doing);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, HEYGEN_ASKED_UPLOAD);
    }
    if (kit_same(doing, "put")) {
        return complete(call, *state);
    }
    data = kit->host->json_get(kit_json(kit, call->answer), "data");
    if (kit_same(doing, "start")) {
        return started(call, *state, data);
    }
    id = kit_same(doing, "complete") ? kit_text(kit, *state, "direct.id")
                                     : kit_text(kit, data, "asset_id");
    if (!kit_fits_id(id)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "HeyGen's answer to an upload has no asset_id");
    }
    return finished(call, state, id);
}
