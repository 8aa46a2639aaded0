/* vertex_orders.c - see vertex_orders.h.
 *
 * Prices: a research note's table, dollars a second of each sample, whether it has sound or not; what
 * was filtered or failed is not billed, and there is no cancelling.
 */
#include "simulator/vertex_orders.h"

#include "base/alloc.h"
#include "platform/crypto.h"

#include <string.h>

static const struct {
    const char *id;
    gen_micros p720, p1080, p4k; /* a second; 0 = not offered */
} vertex_models[] = {
    {"veo-3.1-generate-001", 400000, 400000, 600000},
    {"veo-3.1-fast-generate-001", 100000, 120000, 300000},
    {"veo-3.1-lite-generate-001", 50000, 80000, 0},
    {NULL, 0, 0, 0},
};

/* ------------------------------------------------------------------------------------- tables */

static const struct sim_field vertex_image[] = {
    {.key = "gcsUri", .type = SIM_TEXT},
    {.key = "bytesBase64Encoded", .type = SIM_TEXT},
    {.key = "mimeType",
     .type = SIM_TEXT,
     .flags = SIM_REQUIRED,
     .choices = "image/png|image/jpeg|image/webp"},
    {.key = NULL},
};

static const struct sim_field vertex_video[] = {
    {.key = "gcsUri", .type = SIM_TEXT},
    {.key = "bytesBase64Encoded", .type = SIM_TEXT},
    {.key = "mimeType", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "video/mp4"},
    {.key = NULL},
};

static const struct sim_field vertex_reference[] = {
    {.key = "image", .type = SIM_MAP, .flags = SIM_REQUIRED, .fields = vertex_image},
    {.key = "referenceType", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "asset|style"},
    {.key = NULL},
};

static const struct sim_field vertex_instance[] = {
    {.key = "prompt", .type = SIM_TEXT},
    {.key = "image", .type = SIM_MAP, .fields = vertex_image},
    {.key = "lastFrame", .type = SIM_MAP, .fields = vertex_image},
    {.key = "video", .type = SIM_MAP, .fields = vertex_video},
    {.key = "referenceImages",
     .type = SIM_LIST,
     .min = 1,
     .max = 3,
     .items = SIM_MAP,
     .fields = vertex_reference},
    {.key = "mask", .type = SIM_MAP},
    {.key = NULL},
};

static const struct sim_field vertex_parameters[] = {
    {.key = "durationSeconds", .type = SIM_INT, .choices = "4|6|8"},
    {.key = "aspectRatio", .type = SIM_TEXT, .choices = "16:9|9:16"},
    {.key = "resolution", .type = SIM_TEXT, .choices = "720p|1080p|4k"},
    {.key = "sampleCount", .type = SIM_INT, .min = 1, .max = 4},
    {.key = "generateAudio", .type = SIM_BOOL},
    {.key = "seed", .type = SIM_INT, .min = 0, .max = 4294967295.0},
    {.key = "fps", .type = SIM_INT, .choices = "24"},
    {.key = "negativePrompt", .type = SIM_TEXT},
    {.key = "enhancePrompt", .type = SIM_BOOL},
    {.key = "personGeneration",
     .type = SIM_TEXT,
     .choices = "allow_adult|dont_allow|disallow|allow_all"},
    {.key = "storageUri", .type = SIM_TEXT},
    {.key = "compressionQuality", .type = SIM_TEXT, .choices = "optimized|lossless"},
    {.key = "resizeMode", .type = SIM_TEXT, .choices = "pad|crop"},
    {.key = "pubsubTopic", .type = SIM_TEXT},
    {.key = NULL},
};

static const struct sim_field vertex_fields[] = {
    {.key = "instances",
     .type = SIM_LIST,
     .flags = SIM_REQUIRED,
     .min = 1,
     .max = 1,
     .items = SIM_MAP,
     .fields = vertex_instance},
    {.key = "parameters", .type = SIM_MAP, .fields = vertex_parameters},
    {.key = "labels", .type = SIM_MAP},
    {.key = NULL},
};

/* ------------------------------------------------------------------------------------- judging */

struct vertex_plan {
    struct sim_call *call;
    const struct gen_node *instance, *parameters;
    size_t model;
    const char *first_frame;
};

const char *vertex_text(const struct gen_node *map, const char *key)
{
    return gen_node_text(gen_node_get(map, key), NULL);
}

static bool vertex_wrong(struct sim_call *call, const char *message)
{
    google_refuse(call, 400, NULL, message);
    return false;
}

bool vertex_body(struct sim_call *call, const struct sim_field *fields, const struct gen_node *body)
{
    struct sim_complaints complaints = {.count = 0};

    if (gen_node_type_of(body) != GEN_NODE_MAP || !sim_call_type_is(call, "application/json")) {
        return vertex_wrong(call, "Invalid JSON payload received.");
    }
    return sim_form_check(call, fields, body, &complaints) ||
           vertex_wrong(call,
                        gen_arena_printf(call->arena,
                                         "Invalid JSON payload received. Invalid value at '%s': %s",
                                         complaints.items[0].dotted, complaints.items[0].message));
}

static bool vertex_model(struct vertex_plan *plan, const char *id)
{
    while (vertex_models[plan->model].id != NULL &&
           strcmp(vertex_models[plan->model].id, id) != 0) {
        plan->model++;
    }
    if (vertex_models[plan->model].id == NULL) {
        google_refuse(
            plan->call, 404, NULL,
            gen_arena_printf(
                plan->call->arena,
                "Publisher Model `publishers/google/models/%s` was not found or your project "
                "does not have access to it.",
                id));
        return false;
    }
    return true;
}

/* One picture or video: bytes or a gs:// address, and the bytes are what they say. */
static bool vertex_media(struct vertex_plan *plan, const struct gen_node *media, bool first)
{
    const char *data = vertex_text(media, "bytesBase64Encoded");
    const char *uri = vertex_text(media, "gcsUri");
    const char *type = gen_node_text(gen_node_get(media, "mimeType"), "");
    struct sim_asset terms = {.upload = SIM_UPLOAD_HERE, .name = "inline", .type = type};
    const struct sim_asset *asset;
    const char *found;
    void *bytes = NULL;
    size_t size = 0;
    bool good;

    if (media == NULL) {
        return true;
    }
    if ((data == NULL) == (uri == NULL)) {
        return vertex_wrong(plan->call, "Either gcsUri or bytesBase64Encoded must be set.");
    }
    if (uri != NULL) {
        return strncmp(uri, "gs://", 5) == 0 ||
               vertex_wrong(plan->call, "gcsUri must begin with gs://");
    }
    good = gen_base64_decode(data, strlen(data), &bytes, &size) == GEN_OK;
    found = good ? sim_media_type(bytes, size) : NULL;
    good = found != NULL && strcmp(found, type) == 0;
    if (good && first) {
        terms.max_size = (int64_t)size;
        asset = sim_asset_create(plan->call, &terms);
        if (asset != NULL && sim_asset_store(plan->call, asset, bytes, size, NULL)) {
            plan->first_frame = asset->path;
        }
    }
    gen_free(bytes);
    return good || vertex_wrong(plan->call, "bytesBase64Encoded is not base64 of its mimeType");
}

static bool vertex_inputs(struct vertex_plan *plan)
{
    const struct gen_node *instance = plan->instance;
    const struct gen_node *references = gen_node_get(instance, "referenceImages");
    bool image = gen_node_get(instance, "image") != NULL;
    bool others = image || gen_node_get(instance, "video") != NULL ||
                  gen_node_get(instance, "lastFrame") != NULL;
    int styles = 0;

    if (references != NULL && others) {
        return vertex_wrong(plan->call, "referenceImages cannot be combined with image, video or "
                                        "lastFrame.");
    }
    if (gen_node_get(instance, "lastFrame") != NULL && !image) {
        return vertex_wrong(plan->call, "lastFrame needs image.");
    }
    if (!others && references == NULL && vertex_text(instance, "prompt") == NULL) {
        return vertex_wrong(plan->call, "prompt is required.");
    }
    for (const struct gen_node *at = gen_node_first(references); at != NULL; at = at->next) {
        styles += strcmp(gen_node_text(gen_node_get(at, "referenceType"), ""), "style") == 0;
        if (!vertex_media(plan, gen_node_get(at, "image"), false)) {
            return false;
        }
    }
    if (styles > 0 && gen_node_count(references) > 1) {
        return vertex_wrong(plan->call, "At most 3 asset images or 1 style image.");
    }
    return vertex_media(plan, gen_node_get(instance, "image"), true) &&
           vertex_media(plan, gen_node_get(instance, "lastFrame"), false) &&
           vertex_media(plan, gen_node_get(instance, "video"), false);
}

/* ------------------------------------------------------------------------------------ ordering */

static gen_micros vertex_rate(const struct vertex_plan *plan)
{
    const char *resolution = vertex_text(plan->parameters, "resolution");

    if (resolution != NULL && strcmp(resolution, "4k") == 0) {
        return vertex_models[plan->model].p4k;
    }
    return resolution != NULL && strcmp(resolution, "1080p") == 0 ? vertex_models[plan->model].p1080
                                                                  : vertex_models[plan->model].p720;
}

static void vertex_order(struct vertex_plan *plan, struct sim_order *order)
{
    struct gen_arena *arena = plan->call->arena;
    const struct gen_node *parameters = plan->parameters;
    const char *resolution = vertex_text(parameters, "resolution");
    int64_t seconds = gen_node_integer(gen_node_get(parameters, "durationSeconds"), 8);
    struct gen_node *extra = gen_node_map(arena);

    order->kind = "predictLongRunning";
    order->model = vertex_models[plan->model].id;
    order->clips = (int32_t)gen_node_integer(gen_node_get(parameters, "sampleCount"), 1);
    google_frame(&order->clip, vertex_text(parameters, "aspectRatio"), resolution);
    order->clip.duration_ms = seconds * 1000;
    order->clip.sound = gen_node_truth(gen_node_get(parameters, "generateAudio"), true);
    order->clip.first_frame = plan->first_frame;
    order->bill.done = vertex_rate(plan) * seconds * order->clips;
    order->bill.cancelled = order->bill.done;
    order->estimate = order->bill.done;
    google_set(plan->call, extra, "storageUri", vertex_text(parameters, "storageUri"));
    order->extra = extra;
}

/* A place in a bucket, NULL = the clips come inline. */
static bool vertex_stored(struct vertex_plan *plan)
{
    const char *storage = vertex_text(plan->parameters, "storageUri");

    return storage == NULL ||
           (strncmp(storage, "gs://", 5) == 0 && strchr(storage + 5, '/') != NULL) ||
           vertex_wrong(plan->call, "storageUri must be gs://BUCKET/PREFIX/");
}

bool vertex_judge(struct sim_call *call, const char *model, struct sim_order *order)
{
    const struct gen_node *body = sim_call_json(call, NULL);
    struct vertex_plan plan = {.call = call,
                               .instance = gen_node_first(gen_node_get(body, "instances")),
                               .parameters = gen_node_get(body, "parameters")};

    if (!vertex_model(&plan, model) || !vertex_body(call, vertex_fields, body) ||
        !vertex_inputs(&plan) || !vertex_stored(&plan)) {
        return false;
    }
    if (vertex_rate(&plan) == 0) {
        return vertex_wrong(call, "This resolution is not supported by the model.");
    }
    vertex_order(&plan, order);
    return true;
}
