/* vertex.c - see vertex.h. */
#include "vertex.h"

#include "faults.h"
#include "order.h"

enum { VERTEX_CREATE_MS = 120000, VERTEX_BODY_MS = 600000, VERTEX_LOOK_MS = 30000 };

static const struct order_frame vertex_frame = {
    .prompt = "\"instances\":[{\"prompt\":",
    .type = ",\"image\":{\"mimeType\":\"",
    .data = "\",\"bytesBase64Encoded\":\"",
    .end = "\"}}]",
};

static const char *const inside[] = {"response.videos[*].bytesBase64Encoded", NULL};

/* ".../models/veo-3.1-generate-001:verb" */
static struct gen_provider_request *post(const struct veo_call *call, const char *verb)
{
    const struct kit *kit = &call->kit;
    const char *project = kit->host->url_encode(kit->arena, call->settings->project);
    const char *model = kit->host->url_encode(kit->arena, call->task->model);

    return project != NULL && model != NULL
               ? kit_request(kit, "POST",
                             kit->host->print(kit->arena,
                                              "%s/v1/projects/%s/locations/%s/publishers/google/"
                                              "models/%s:%s",
                                              call->settings->vertex, project,
                                              call->settings->location, model, verb),
                             VEO_ACCOUNT)
               : NULL;
}

/* ---------------------------------------------------------------------------------- submit -- */

static struct gen_node *parameters(const struct veo_call *call, const struct veo_plan *plan)
{
    const struct kit *kit = &call->kit;
    const struct gen_provider_scene *scene = kit_scene(call->task, 0);
    struct gen_node *map = kit->host->json_map(kit->arena);

    kit_set_integer(kit, map, "durationSeconds", plan->duration_ms / 1000);
    kit_set_text(kit, map, "aspectRatio", plan->aspect);
    kit_set_text(kit, map, "resolution", plan->resolution);
    kit_set_integer(kit, map, "sampleCount", 1); /* each is billed */
    kit_set_truth(kit, map, "generateAudio", plan->audio);
    kit_set_integer(kit, map, "seed", (int64_t)((uint64_t)call->task->seed & 0xFFFFFFFF));
    if (scene->negative_prompt[0] != '\0') {
        kit_set_text(kit, map, "negativePrompt", scene->negative_prompt);
    }
    if (call->settings->person[0] != '\0') {
        kit_set_text(kit, map, "personGeneration", call->settings->person);
    }
    if (call->settings->storage_uri[0] != '\0') {
        kit_set_text(kit, map, "storageUri",
                     kit_or(kit->host->print(kit->arena, "%s%s/", call->settings->storage_uri,
                                             call->task->reference),
                            ""));
    }
    return map;
}

static int32_t create(const struct veo_call *call, const struct veo_plan *plan)
{
    const struct kit *kit = &call->kit;
    struct gen_provider_request *request = post(call, "predictLongRunning");
    struct gen_node *body = kit->host->json_map(kit->arena), *list, *instance;
    int cut;
    const char *prompt = plan_prompt(call, plan, &cut);

    if (request == NULL) {
        return kit_broken(call->message);
    }
    request->flags = GEN_REQUEST_COSTS;
    request->timeout_ms = VERTEX_CREATE_MS;
    if (plan->picture >= 0) {
        kit->host->json_set(kit->arena, body, "parameters", parameters(call, plan));
        request->timeout_ms = VERTEX_BODY_MS;
        request->body_kind = GEN_BODY_PIECES;
        order_picture(call, request, &vertex_frame, plan->picture, prompt, body);
        return kit_send(call->step, request, call->message);
    }
    list = kit_set_list(kit, body, "instances");
    instance = kit->host->json_push(list, kit->host->json_map(kit->arena));
    kit_set_text(kit, instance, "prompt", prompt);
    kit->host->json_set(kit->arena, body, "parameters", parameters(call, plan));
    kit_body_json(kit, request, body);
    return kit_send(call->step, request, call->message);
}

int32_t vertex_submit(const struct veo_call *call, const struct veo_plan *plan)
{
    const struct kit *kit = &call->kit;
    const char *name;

    if (call->answer == NULL) {
        return create(call, plan);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_CREATE);
    }
    name = kit_text(kit, kit_json(kit, call->answer), "name");
    if (!kit_fits_id(name)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "Vertex accepted the order and its answer has no operation name");
    }
    return kit_done(kit, call->step, name, -1, call->message);
}

/* ------------------------------------------------------------------------------------ poll -- */

static int32_t ask(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    struct gen_provider_request *request = post(call, "fetchPredictOperation");
    struct gen_node *body = kit->host->json_map(kit->arena);

    kit_set_text(kit, body, "operationName", call->task->handle);
    if (request != NULL) {
        request->sink = GEN_SINK_EXTRACT;
        request->extract = inside;
        request->timeout_ms = VERTEX_BODY_MS;
    }
    kit_body_json(kit, request, body);
    return kit_send(call->step, request, call->message);
}

/* Done, and no clip: refused, or one of those that end with nothing. */
static int32_t without_video(const struct veo_call *call, const struct gen_node *body)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *count = kit_at(kit, body, "response.raiMediaFilteredCount");

    if (kit->host->json_integer(count, 0) >= 1) {
        return faults_refused(call, "raiMediaFiltered",
                              kit_text(kit, body, "response.raiMediaFilteredReasons[0]"),
                              GEN_BILLED_NO);
    }
    return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                      "the operation is done and holds neither a clip nor a reason");
}

static const char *gcs_of(const struct veo_call *call, const struct gen_node *body)
{
    const char *uri = kit_text(&call->kit, body, "response.videos[0].gcsUri");

    return kit_begins(uri, "gs://") && kit_fits_id(uri) ? uri : "";
}

int32_t vertex_poll(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body, *error;

    if (kit_begins(call->task->handle, "gs://")) { /* found in the bucket: it is there */
        return kit_done(kit, call->step, "", -1, call->message);
    }
    if (call->answer == NULL) {
        return ask(call);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_STATUS);
    }
    body = kit_json(kit, call->answer);
    if (faults_other(call, kit_text(kit, body, "name"))) {
        return faults_strange(call);
    }
    if (!kit->host->json_truth(kit->host->json_get(body, "done"), 0)) {
        call->step->note = "Google is rendering";
        return kit_wait(call->step, call->settings->vertex_poll_ms);
    }
    error = kit->host->json_get(body, "error");
    if (kit->host->json_type(error) == GEN_JSON_MAP) {
        return faults_ended(call, error);
    }
    if (!call->answer->extracted && gcs_of(call, body)[0] == '\0' &&
        kit_text(kit, body, "response.videos[0].bytesBase64Encoded")[0] == '\0') {
        return without_video(call, body);
    }
    return kit_done(kit, call->step, "", -1, call->message);
}

/* ----------------------------------------------------------------------------------- fetch -- */

/* "gs://bucket/a b.mp4" at Cloud Storage: every segment of the path is encoded by itself. */
static const char *object_url(const struct veo_call *call, const char *gcs)
{
    const struct kit *kit = &call->kit;
    const char *at = gcs + 5;
    const char *url = call->settings->storage;

    while (url != NULL && *at != '\0') {
        size_t length = strcspn(at, "/");
        const char *segment = kit->host->print(kit->arena, "%.*s", (int)length, at);

        segment = segment != NULL ? kit->host->url_encode(kit->arena, segment) : NULL;
        url = segment != NULL ? kit->host->print(kit->arena, "%s/%s", url, segment) : NULL;
        at += length + (at[length] == '/');
    }
    return url;
}

static int32_t download(const struct veo_call *call, const char *gcs)
{
    struct gen_provider_request *request = kit_request(&call->kit, "GET", object_url(call, gcs),
                                                       VEO_ACCOUNT);

    if (request != NULL) {
        request->sink = GEN_SINK_RESULT;
        request->flags = GEN_REQUEST_FOLLOW;
    }
    call->step->state = "get";
    return kit_send(call->step, request, call->message);
}

/* The operation again: the clip is inside, or its place in the bucket. */
static int32_t looked(const struct veo_call *call)
{
    const char *gcs;

    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_STATUS);
    }
    if (faults_other(call, kit_text(&call->kit, kit_json(&call->kit, call->answer), "name"))) {
        return faults_strange(call);
    }
    if (call->answer->extracted) {
        return kit_done(&call->kit, call->step, "", -1, call->message);
    }
    gcs = gcs_of(call, kit_json(&call->kit, call->answer));
    if (gcs[0] != '\0') {
        return download(call, gcs);
    }
    return faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                      "the finished operation does not show its clip");
}

int32_t vertex_fetch(const struct veo_call *call)
{
    if (call->answer == NULL) {
        call->step->state = "look";
        return kit_begins(call->task->handle, "gs://") ? download(call, call->task->handle)
                                                       : ask(call);
    }
    if (!kit_same(call->task->state, "get")) {
        return looked(call);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_FILE);
    }
    return kit_done(&call->kit, call->step, "", -1, call->message);
}

/* --------------------------------------------------------------------------------- recover -- */

/* The objects below this attempt's folder; state is when it was first looked. */
static int32_t list(const struct veo_call *call, int64_t since)
{
    const struct kit *kit = &call->kit;
    const char *from = call->settings->storage_uri + 5;
    size_t length = strcspn(from, "/");
    const char *bucket = kit->host->print(kit->arena, "%.*s", (int)length, from);
    const char *prefix = kit->host->print(kit->arena, "%s%s/", from + length + 1,
                                          call->task->reference);

    bucket = bucket != NULL ? kit->host->url_encode(kit->arena, bucket) : NULL;
    prefix = prefix != NULL ? kit->host->url_encode(kit->arena, prefix) : NULL;
    call->step->state = kit->host->print(kit->arena, "%lld", (long long)since);
    if (bucket == NULL || prefix == NULL || call->step->state == NULL) {
        return kit_broken(call->message);
    }
    return kit_send(call->step,
                    kit_request(kit, "GET",
                                kit->host->print(kit->arena, "%s/storage/v1/b/%s/o?prefix=%s",
                                                 call->settings->storage, bucket, prefix),
                                VEO_ACCOUNT),
                    call->message);
}

/* "gs://bucket/name" of the first clip in the list, "" = none. */
static const char *clip_of(const struct veo_call *call, const struct gen_node *items)
{
    const struct kit *kit = &call->kit;
    const char *from = call->settings->storage_uri + 5;
    size_t i;

    for (i = 0; i < kit->host->json_count(items) && i < 100; i++) {
        const char *name = kit_text(kit, kit->host->json_at(items, i), "name");
        size_t length = strlen(name);

        if (length > 4 && kit_alike(name + length - 4, ".mp4")) {
            name = kit_or(
                kit->host->print(kit->arena, "gs://%.*s/%s", (int)strcspn(from, "/"), from, name),
                "");
            return kit_fits_id(name) ? name : "";
        }
    }
    return "";
}

int32_t vertex_recover(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *state = kit_state(kit, call->task);
    int64_t since = kit->host->json_integer(state, call->task->now_ms);
    const struct gen_node *body, *items;
    const char *clip;

    if (call->settings->storage_uri[0] == '\0') {
        return faults_own(call, GEN_FAIL_UNSUPPORTED, GEN_BILLED_UNKNOWN,
                          "without settings.storageUri nobody can look whether Vertex rendered it");
    }
    if (call->answer == NULL) {
        return list(call, since);
    }
    body = kit_json(kit, call->answer);
    items = kit->host->json_get(body, "items");
    if (kit_status_kind(call->answer->status) != 0 || kit->host->json_type(body) != GEN_JSON_MAP) {
        return kit_wait(call->step, VERTEX_LOOK_MS); /* what cannot be read says nothing */
    }
    clip = clip_of(call, items);
    /* UNCERTAIN: an empty folder says that nothing was bought, once every render would be over. */
    return clip[0] != '\0' || call->task->now_ms - since >= call->settings->recover_after_ms
               ? kit_done(kit, call->step, clip, -1, call->message)
               : kit_wait(call->step, VERTEX_LOOK_MS);
}
