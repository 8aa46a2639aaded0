/* google_omni.c - judges what is submitted to Gemini Omni: the model, the input, the format.
 *
 * A field that exists for other models only (tools, seed, safety_settings) is refused like one that
 * does not exist. Links are not fetched.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl, tests/clients
 */
#include "simulator/google_omni.h"

#include "base/alloc.h"
#include "base/number.h"
#include "platform/crypto.h"

#include <ctype.h>
#include <string.h>

enum {
    OMNI_DEFAULT_MS = 10000,
    OMNI_PICTURES = 10, /* in one prompt */
    OMNI_VIDEOS = 3,
    OMNI_LABEL = 63, /* characters of a label's key or value */
};

static const struct {
    const char *id;
    int64_t min_ms, max_ms;
} omni_models[] = {
    {"gemini-omni-1.1-flash", 3000, 10000},
    {"gemini-omni-1.2-flash", 3000, 15000},
    {NULL, 0, 0},
};

static const struct {
    const char *resolution;
    int64_t tokens; /* a second */
} omni_tokens[] = {{"360p", 1738}, {"720p", 5792}, {"1080p", 8688}, {"4k", 17376}, {NULL, 5792}};

/* ------------------------------------------------------------------------------------- tables */

static const struct sim_field omni_video_config[] = {
    {.key = "task",
     .type = SIM_TEXT,
     .choices = "text_to_video|image_to_video|reference_to_video|edit|extend|upscale"},
    {.key = NULL},
};

static const struct sim_field omni_generation[] = {
    {.key = "video_config", .type = SIM_MAP, .fields = omni_video_config},
    {.key = NULL}, /* no seed, no temperature: the model takes none of the others */
};

static const struct sim_field omni_webhook[] = {
    {.key = "uris", .type = SIM_LIST, .items = SIM_TEXT, .min = 1, .max = 10},
    {.key = "user_metadata", .type = SIM_MAP},
    {.key = NULL},
};

/* The request's fields that exist for other models are unknown to this one. */
static const struct sim_field omni_fields[] = {
    {.key = "model", .type = SIM_TEXT, .flags = SIM_REQUIRED},
    {.key = "input", .type = SIM_TEXT | SIM_LIST | SIM_MAP, .flags = SIM_REQUIRED},
    {.key = "background", .type = SIM_BOOL},
    {.key = "store", .type = SIM_BOOL},
    {.key = "stream", .type = SIM_BOOL},
    {.key = "response_format", .type = SIM_MAP | SIM_LIST},
    {.key = "response_modalities", .type = SIM_LIST, .items = SIM_TEXT},
    {.key = "generation_config", .type = SIM_MAP, .fields = omni_generation},
    {.key = "previous_interaction_id", .type = SIM_TEXT},
    {.key = "labels", .type = SIM_MAP},
    {.key = "webhook_config", .type = SIM_MAP, .fields = omni_webhook},
    {.key = "system_instruction", .type = SIM_TEXT},
    {.key = "service_tier", .type = SIM_TEXT, .choices = "standard|flex|priority"},
    {.key = NULL},
};

static const struct sim_field omni_format[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "video"},
    {.key = "aspect_ratio", .type = SIM_TEXT, .choices = "16:9|9:16"},
    {.key = "resolution", .type = SIM_TEXT, .choices = "360p|720p|1080p|4k"},
    {.key = "duration", .type = SIM_TEXT},
    {.key = "delivery", .type = SIM_TEXT, .choices = "inline|uri"},
    {.key = NULL},
};

static const struct sim_field omni_content_text[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED},
    {.key = "text", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 100000},
    {.key = NULL},
};

static const struct sim_field omni_content_media[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED},
    {.key = "data", .type = SIM_TEXT},
    {.key = "uri", .type = SIM_TEXT},
    {.key = "mime_type",
     .type = SIM_TEXT,
     .flags = SIM_REQUIRED,
     .choices = "image/png|image/jpeg|image/webp|video/mp4|video/webm"},
    {.key = NULL},
};

const char *omni_text(const struct gen_node *map, const char *key)
{
    return gen_node_text(gen_node_get(map, key), NULL);
}

static bool omni_wrong(struct omni_plan *plan, const char *key, const char *message)
{
    google_interaction_refuse(
        plan->call, 400, NULL,
        gen_arena_printf(plan->call->arena, "Invalid value at '%s': %s", key, message));
    return false;
}

static bool omni_fits(struct omni_plan *plan, const struct sim_field *fields,
                      const struct gen_node *map)
{
    struct sim_complaints complaints = {.count = 0};

    if (gen_node_type_of(map) != GEN_NODE_MAP) {
        return omni_wrong(plan, "response_format or input", "must be an object");
    }
    return sim_form_check(plan->call, fields, map, &complaints) ||
           omni_wrong(plan, complaints.items[0].dotted, complaints.items[0].message);
}

/* -------------------------------------------------------------------------------------- input */

static bool omni_inline(struct omni_plan *plan, const char *text, const char *type)
{
    struct sim_asset terms = {.upload = SIM_UPLOAD_HERE, .name = "inline", .type = type};
    const struct sim_asset *asset = NULL;
    const char *found = NULL;
    void *bytes = NULL;
    size_t size = 0;
    bool good;

    if (gen_base64_decode(text, strlen(text), &bytes, &size) != GEN_OK) {
        return omni_wrong(plan, "input.data", "not base64");
    }
    found = sim_media_type(bytes, size);
    good = found != NULL && strcmp(found, type) == 0;
    if (good && plan->first_frame == NULL && strncmp(type, "image/", 6) == 0) {
        terms.max_size = (int64_t)size;
        asset = sim_asset_create(plan->call, &terms);
        if (asset != NULL && sim_asset_store(plan->call, asset, bytes, size, NULL)) {
            plan->first_frame = asset->path;
        }
    }
    gen_free(bytes);
    return good || omni_wrong(plan, "input.mime_type", "the bytes are not of this type");
}

static bool omni_media(struct omni_plan *plan, const struct gen_node *item, bool video)
{
    const char *data = omni_text(item, "data");
    const char *uri = omni_text(item, "uri");
    const char *type = gen_node_text(gen_node_get(item, "mime_type"), "");
    const struct sim_asset *asset;

    if (!omni_fits(plan, omni_content_media, item)) {
        return false;
    }
    if ((data == NULL) == (uri == NULL)) {
        return omni_wrong(plan, "input", "either data or uri is needed");
    }
    if (strncmp(type, video ? "video/" : "image/", 6) != 0) {
        return omni_wrong(plan, "input.mime_type", "not the type of this content");
    }
    plan->pictures += !video;
    plan->videos += video;
    if (plan->pictures > OMNI_PICTURES || plan->videos > OMNI_VIDEOS) {
        return omni_wrong(plan, "input", "at most 10 images and 3 videos");
    }
    if (data != NULL) {
        return omni_inline(plan, data, type);
    }
    asset = strstr(uri, "/files/") != NULL ? google_file_ready(plan->call, uri) : NULL;
    if (strstr(uri, "/files/") != NULL && asset == NULL) {
        return omni_wrong(plan, "input.uri",
                          "The File is not in an ACTIVE state and usage is not allowed.");
    }
    if (asset != NULL && !video && plan->first_frame == NULL) {
        plan->first_frame = asset->path;
    }
    return asset != NULL || strncmp(uri, "gs://", 5) == 0 || sim_form_https(uri) == NULL ||
           omni_wrong(plan, "input.uri", sim_form_https(uri));
}

static bool omni_content(struct omni_plan *plan, const struct gen_node *item)
{
    const char *type = gen_node_text(gen_node_get(item, "type"), "");
    const struct gen_node *inner = gen_node_first(gen_node_get(item, "content"));

    if (strcmp(type, "user_input") == 0) { /* a step: its contents */
        for (; inner != NULL; inner = inner->next) {
            if (!omni_content(plan, inner)) {
                return false;
            }
        }
        return true;
    }
    if (strcmp(type, "text") == 0) {
        plan->texts++;
        plan->characters += strlen(gen_node_text(gen_node_get(item, "text"), ""));
        return omni_fits(plan, omni_content_text, item);
    }
    if (strcmp(type, "image") == 0 || strcmp(type, "video") == 0) {
        return omni_media(plan, item, strcmp(type, "video") == 0);
    }
    return omni_wrong(plan, "input.type", "must be text, image or video");
}

static bool omni_input(struct omni_plan *plan)
{
    const struct gen_node *input = gen_node_get(plan->body, "input");
    const struct gen_node *item = gen_node_first(input);

    if (gen_node_type_of(input) == GEN_NODE_STRING) {
        plan->texts = *gen_node_text(input, "") != '\0';
        plan->characters = strlen(gen_node_text(input, ""));
    } else if (gen_node_type_of(input) == GEN_NODE_MAP) {
        return omni_content(plan, input);
    } else {
        for (; item != NULL; item = item->next) {
            if (!omni_content(plan, item)) {
                return false;
            }
        }
    }
    return plan->texts + plan->pictures + plan->videos > 0 ||
           omni_wrong(plan, "input", "must not be empty");
}

/* ------------------------------------------------------------------------------------- judging */

/* "8s", "7.5s": a protobuf duration. -1 = not one. */
static int64_t omni_duration(const char *text)
{
    size_t size = strlen(text);
    char number[GEN_NUMBER_TEXT_SIZE];
    double seconds;

    if (size < 2 || size > 16 || text[size - 1] != 's' || !isdigit((unsigned char)text[0])) {
        return -1;
    }
    memcpy(number, text, size - 1);
    number[size - 1] = '\0';
    if (strspn(number, "0123456789.") != size - 1 || !gen_number_real(number, &seconds)) {
        return -1;
    }
    return (int64_t)(seconds * 1000.0 + 0.5);
}

static bool omni_model(struct omni_plan *plan)
{
    const char *id = gen_node_text(gen_node_get(plan->body, "model"), "");

    for (size_t i = 0; omni_models[i].id != NULL; i++) {
        if (strcmp(omni_models[i].id, id) == 0) {
            plan->model = omni_models[i].id;
            plan->min_ms = omni_models[i].min_ms;
            plan->max_ms = omni_models[i].max_ms;
            return true;
        }
    }
    google_interaction_refuse(plan->call, 404, NULL,
                              gen_arena_printf(plan->call->arena,
                                               "Model %s is no longer available or does not exist.",
                                               id));
    return false;
}

static bool omni_labels(struct omni_plan *plan)
{
    const struct gen_node *label = gen_node_first(gen_node_get(plan->body, "labels"));
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    for (; label != NULL; label = label->next) {
        const char *value = gen_node_text(label, NULL);

        if (value == NULL || strlen(label->key) > OMNI_LABEL || strlen(value) > OMNI_LABEL ||
            label->key[strspn(label->key, allowed)] != '\0' ||
            value[strspn(value, allowed)] != '\0') {
            return omni_wrong(plan, "labels", "keys and values: at most 63 of a-z 0-9 _ -");
        }
    }
    return true;
}

static bool omni_formatted(struct omni_plan *plan)
{
    const struct gen_node *format = gen_node_get(plan->body, "response_format");
    const char *resolution, *text;
    size_t i = 0;

    if (gen_node_type_of(format) == GEN_NODE_LIST) {
        if (gen_node_count(format) != 1) {
            return omni_wrong(plan, "response_format", "exactly one is supported");
        }
        format = gen_node_first(format);
    }
    plan->format = format;
    plan->length_ms = OMNI_DEFAULT_MS;
    if (format != NULL && !omni_fits(plan, omni_format, format)) {
        return false;
    }
    resolution = omni_text(format, "resolution");
    text = omni_text(format, "duration");
    if (text != NULL) {
        plan->length_ms = omni_duration(text);
    }
    if (plan->length_ms < plan->min_ms || plan->length_ms > plan->max_ms) {
        return omni_wrong(
            plan, "response_format.duration",
            gen_arena_printf(plan->call->arena, "must be between \"%llds\" and \"%llds\"",
                             (long long)plan->min_ms / 1000, (long long)plan->max_ms / 1000));
    }
    while (omni_tokens[i].resolution != NULL &&
           (resolution == NULL || strcmp(omni_tokens[i].resolution, resolution) != 0)) {
        i++;
    }
    plan->tokens = omni_tokens[i].tokens * plan->length_ms / 1000;
    return true;
}

/* What only two fields together can show. */
static bool omni_agrees(struct omni_plan *plan)
{
    const struct gen_node *config = gen_node_get(plan->body, "generation_config");
    const char *task = omni_text(gen_node_get(config, "video_config"), "task");
    const char *earlier = omni_text(plan->body, "previous_interaction_id");
    const char *delivery = omni_text(plan->format, "delivery");

    if (!gen_node_truth(gen_node_get(plan->body, "background"), false)) {
        return omni_wrong(plan, "background",
                          "gen-sim renders in the background only (the vendor "
                          "would answer when the clip is there)");
    }
    if (gen_node_truth(gen_node_get(plan->body, "stream"), false)) {
        return omni_wrong(plan, "stream", "not supported together with background");
    }
    if (delivery != NULL && strcmp(delivery, "uri") == 0 &&
        !gen_node_truth(gen_node_get(plan->body, "store"), true)) {
        return omni_wrong(plan, "store", "must be true when delivery is uri");
    }
    if (task != NULL && earlier != NULL) {
        return omni_wrong(plan, "generation_config.video_config.task",
                          "cannot be set together with previous_interaction_id");
    }
    if (task != NULL && strcmp(task, "extend") == 0 &&
        omni_text(plan->format, "aspect_ratio") != NULL) {
        return omni_wrong(plan, "response_format.aspect_ratio", "cannot be set for extend");
    }
    if (task != NULL && strcmp(task, "image_to_video") == 0 && plan->pictures == 0) {
        return omni_wrong(plan, "input", "image_to_video needs an image");
    }
    if (earlier != NULL && sim_task_find(plan->call, earlier) == NULL) {
        return omni_wrong(plan, "previous_interaction_id", "there is no such interaction");
    }
    return true;
}

bool omni_judge(struct omni_plan *plan)
{
    if (gen_node_type_of(plan->body) != GEN_NODE_MAP ||
        !sim_call_type_is(plan->call, "application/json")) {
        google_interaction_refuse(plan->call, 400, NULL, "The body is not a JSON object.");
        return false;
    }
    return omni_fits(plan, omni_fields, plan->body) && omni_model(plan) && omni_labels(plan) &&
           omni_formatted(plan) && omni_input(plan) && omni_agrees(plan);
}
