/* models.c - see models.h. */
#include "models.h"

#include "names.h"
#include "template.h"

enum { MODELS_MOST = 64, MODELS_LIST = 64, MODELS_ID = 64 };

static const struct kit_choice needs[] = {{"text_overlay", GEN_NEED_TEXT_OVERLAY},
                                          {"image_animation", GEN_NEED_IMAGE_ANIMATION},
                                          {"avatar", GEN_NEED_AVATAR},
                                          {"lip_sync", GEN_NEED_LIP_SYNC},
                                          {"effects", GEN_NEED_EFFECTS},
                                          {"transformation", GEN_NEED_TRANSFORMATION},
                                          {"artistic_style", GEN_NEED_ARTISTIC_STYLE},
                                          {"photorealistic", GEN_NEED_PHOTOREALISTIC},
                                          {"cinematic", GEN_NEED_CINEMATIC},
                                          {"voice", GEN_NEED_VOICE},
                                          {"music", GEN_NEED_MUSIC},
                                          {NULL, 0}};
static const struct kit_choice pictures[] = {{"none", REST_NO_PICTURES},
                                             {"optional", REST_PICTURES},
                                             {"required", REST_NEEDS_PICTURE},
                                             {NULL, 0}};

/* ------------------------------------------------------------------------------------ parts -- */

static void read_needs(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    const char *const *words = reading_words(reading, node, at);
    uint32_t *bits = to;
    size_t i;

    for (i = 0; words != NULL && words[i] != NULL; i++) {
        struct reading_nearest nearest = {words[i], NULL, 0};
        const struct kit_choice *row = needs;

        while (row->word != NULL && !kit_same(row->word, words[i])) {
            reading_try(&nearest, row->word);
            row++;
        }
        if (row->word == NULL) {
            reading_wrong(reading, reading_index(reading, at, i),
                          READING_SAY(reading, "there is no need \"%s\"%s", words[i],
                                      reading_hint(reading, &nearest)));
            return;
        }
        *bits |= (uint32_t)row->value;
    }
}

/* "1280x720" */
static int read_size(const char *text, struct kit_ratio *out)
{
    int32_t sides[2] = {0, 0};
    size_t i, k;

    for (i = 0; i < 2; i++) {
        for (k = 0; *text >= '0' && *text <= '9' && k < 5; k++) {
            sides[i] = sides[i] * 10 + (*text++ - '0');
        }
        if (i == 0 && *text++ != 'x') {
            return 0;
        }
    }
    out->width = sides[0];
    out->height = sides[1];
    return *text == '\0' && sides[0] >= 16 && sides[1] >= 16 && sides[0] <= 16384 &&
           sides[1] <= 16384;
}

/* `sizes:` a list of sizes, `ratios:` a map of the vendor's word -> size; both give the same. */
static void read_sizes(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest_model *model = to;
    int words = host->json_type(node) == GEN_JSON_MAP;
    size_t count = host->json_count(node), i;

    if (model->sizes != NULL) {
        reading_wrong(reading, at, "a model has either sizes or ratios");
    }
    if (count == 0 || count > MODELS_LIST) {
        reading_wrong(
            reading, at,
            "a list of sizes like 1280x720, or a map of the provider's words to sizes, is "
            "wanted here");
        return;
    }
    model->sizes = reading_alloc(reading, count * sizeof(*model->sizes));
    for (i = 0; model->sizes != NULL && i < count; i++) {
        const struct gen_node *item = host->json_at(node, i);
        const char *text = host->json_text(item, "");

        if (!read_size(text, &model->sizes[i])) {
            reading_wrong(reading,
                          words ? reading_under(reading, at, host->json_key(item))
                                : reading_index(reading, at, i),
                          "a size like 1280x720 is wanted here");
        }
        model->sizes[i].word = words ? host->json_key(item) : text;
    }
    model->size_count = count;
}

static const struct reading_field spelled_fields[] = {
    {.key = "seconds",
     .shape = READING_NUMBER,
     .required = 1,
     .offset = 0,
     .least = 0.1,
     .most = 3600},
    {.key = "send", .shape = READING_NODE, .required = 1, .offset = sizeof(double)},
    {0}};

struct spelled {
    double seconds;
    const struct gen_node *send;
};

static void read_duration(struct reading *reading, const struct gen_node *node, const char *at,
                          struct rest_model *model, size_t index)
{
    struct spelled one = {reading->kit.host->json_number(node, 0), NULL};

    if (reading->kit.host->json_type(node) == GEN_JSON_MAP) {
        reading_map(reading, node, at, spelled_fields, &one);
    } else if (!(one.seconds >= 0.1 && one.seconds <= 3600)) {
        reading_wrong(reading, at, "seconds, or {seconds: 8, send: \"8s\"}, are wanted here");
    }
    if (!(one.seconds >= 0.1 && one.seconds <= 3600)) {
        return;
    }
    model->durations[index] = (int64_t)(one.seconds * 1000 + 0.5);
    model->spelled[index] = one.send;
    model->least_s = index == 0 || one.seconds < model->least_s ? one.seconds : model->least_s;
    model->most_s = one.seconds > model->most_s ? one.seconds : model->most_s;
}

static const struct reading_field range_fields[] = {{.key = "min",
                                                     .shape = READING_NUMBER,
                                                     .required = 1,
                                                     .offset = offsetof(struct rest_model, least_s),
                                                     .least = 0.1,
                                                     .most = 3600},
                                                    {.key = "max",
                                                     .shape = READING_NUMBER,
                                                     .required = 1,
                                                     .offset = offsetof(struct rest_model, most_s),
                                                     .least = 0.1,
                                                     .most = 3600},
                                                    {.key = "step",
                                                     .shape = READING_NUMBER,
                                                     .offset = offsetof(struct rest_model, step_s),
                                                     .least = 0.001,
                                                     .most = 3600},
                                                    {0}};

/* A list of seconds, or {min, max, step}. */
static void read_durations(struct reading *reading, const struct gen_node *node, const char *at,
                           void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest_model *model = to;
    size_t count = host->json_count(node), i;

    if (host->json_type(node) == GEN_JSON_MAP) {
        reading_map(reading, node, at, range_fields, model);
        if (model->least_s > model->most_s) {
            reading_wrong(reading, at, "min is more than max");
        }
        return;
    }
    if (host->json_type(node) != GEN_JSON_LIST || count == 0 || count > MODELS_LIST) {
        reading_wrong(reading, at, "a list of seconds, or {min, max}, is wanted here");
        return;
    }
    model->durations = reading_alloc(reading, count * sizeof(*model->durations));
    model->spelled = reading_alloc(reading, count * sizeof(*model->spelled));
    for (i = 0; model->durations != NULL && model->spelled != NULL && i < count; i++) {
        read_duration(reading, host->json_at(node, i), reading_index(reading, at, i), model, i);
    }
    model->duration_count = count;
}

static void read_parameters(struct reading *reading, const struct gen_node *node, const char *at,
                            void *to)
{
    if (reading->kit.host->json_type(node) != GEN_JSON_MAP) {
        reading_wrong(reading, at, "a map is wanted here");
    }
    *(const struct gen_node **)to = node;
}

/* ---------------------------------------------------------------------------------- a model -- */

#define MODEL(member) offsetof(struct rest_model, member)

static const struct reading_field model_fields[] = {
    {.key = "id", .shape = READING_TEXT, .required = 1, .offset = MODEL(id)},
    {.key = "name", .shape = READING_TEXT, .offset = MODEL(name)},
    {.key = "tier", .shape = READING_INTEGER, .offset = MODEL(tier), .least = 1, .most = 3},
    {.key = "needs", .shape = READING_PART, .offset = MODEL(needs), .part = read_needs},
    {.key = "durations", .shape = READING_PART, .required = 1, .part = read_durations},
    {.key = "durationAs", .shape = READING_TEXT, .offset = MODEL(duration_as)},
    {.key = "sizes", .shape = READING_PART, .part = read_sizes},
    {.key = "ratios", .shape = READING_PART, .part = read_sizes},
    {.key = "frameRate",
     .shape = READING_INTEGER,
     .offset = MODEL(frame_rate),
     .least = 1,
     .most = 240},
    {.key = "maxPrompt",
     .shape = READING_INTEGER,
     .offset = MODEL(max_prompt),
     .least = 1,
     .most = 1000000},
    {.key = "audio", .shape = READING_TRUTH, .offset = MODEL(audio)},
    {.key = "pictures", .shape = READING_WORD, .offset = MODEL(pictures), .choices = pictures},
    {.key = "firstFrame", .shape = READING_TRUTH, .offset = MODEL(first_frame)},
    {.key = "idempotent", .shape = READING_TRUTH, .offset = MODEL(idempotent)},
    {.key = "parallel",
     .shape = READING_INTEGER,
     .offset = MODEL(parallel),
     .least = 1,
     .most = 10000},
    {.key = "perMinute",
     .shape = READING_INTEGER,
     .offset = MODEL(per_minute),
     .least = 1,
     .most = 100000},
    {.key = "quality", .shape = READING_NUMBER, .offset = MODEL(quality), .least = 0, .most = 10},
    {.key = "speed", .shape = READING_NUMBER, .offset = MODEL(speed), .least = 0, .most = 100000},
    {.key = "parameters",
     .shape = READING_PART,
     .offset = MODEL(parameters),
     .part = read_parameters},
    {.key = "withPicture",
     .shape = READING_PART,
     .offset = MODEL(with_picture),
     .part = read_parameters},
    {0}};

static int fits_id(const char *id)
{
    size_t i;

    for (i = 0; id[i] != '\0'; i++) {
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._", id[i]) ==
            NULL) {
            return 0;
        }
    }
    return i > 0 && i <= MODELS_ID && strchr("-._", id[0]) == NULL;
}

static void check_model(struct reading *reading, const struct rest *rest,
                        const struct rest_model *model, const char *at)
{
    size_t i;

    if (!fits_id(model->id)) {
        reading_wrong(reading, reading_under(reading, at, "id"),
                      "1 to 64 letters, digits, '-', '.', '_' are wanted here");
    }
    for (i = 0; i < rest->model_count; i++) {
        if (kit_same(rest->models[i].id, model->id)) {
            reading_wrong(reading, reading_under(reading, at, "id"),
                          READING_SAY(reading, "two models have the id \"%s\"", model->id));
        }
    }
    if (model->size_count == 0) {
        reading_wrong(reading, at, "sizes or ratios are missing");
    }
    if (model->pictures == REST_NO_PICTURES &&
        (model->first_frame || model->with_picture != NULL)) {
        reading_wrong(reading, at,
                      "firstFrame and withPicture need pictures: optional or required");
    }
    if (reading->kit.host->json_get(model->parameters, "id") != NULL ||
        reading->kit.host->json_get(model->with_picture, "id") != NULL) {
        reading_wrong(reading, at, "a parameter cannot be called id: model.id is the model's");
    }
}

void models_read(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest *rest = to;
    size_t count = host->json_count(node), i;

    if (host->json_type(node) == GEN_JSON_MAP) {
        reading_wrong(
            reading, at,
            "a list is wanted here; with `plugin: rest`, models like another one stand in "
            "it too, not under `like:` beside it");
        return;
    }
    if (host->json_type(node) != GEN_JSON_LIST || count == 0 || count > MODELS_MOST) {
        reading_wrong(reading, at, "a list of 1 to 64 models is wanted here");
        return;
    }
    rest->models = reading_alloc(reading, count * sizeof(*rest->models));
    for (i = 0; rest->models != NULL && reading->wrong == NULL && i < count; i++) {
        const char *where = reading_index(reading, at, i);
        struct rest_model *model = &rest->models[i];

        model->tier = 2;
        model->frame_rate = 24;
        model->step_s = 1;
        model->pictures = REST_NO_PICTURES;
        reading_map(reading, host->json_at(node, i), where, model_fields, model);
        if (reading->wrong == NULL) {
            model->name = model->name != NULL && model->name[0] != '\0' ? model->name : model->id;
            check_model(reading, rest, model, where);
            rest->model_count++;
        }
    }
}

/* ---------------------------------------------------------------------------------- offering -- */

static void offer_flags(const struct rest *rest, const struct rest_model *from,
                        struct gen_provider_model *to)
{
    to->flags |= from->audio ? GEN_MODEL_AUDIO : 0u;
    to->flags |= from->first_frame ? GEN_MODEL_FIRST_FRAME : 0u;
    to->flags |= from->idempotent ? GEN_MODEL_SUBMIT_IDEMPOTENT : 0u;
    to->flags |= rest->poll.cost != NULL ? GEN_MODEL_REPORTS_COST : 0u;
    to->flags |= rest->poll.progress != NULL || rest->poll.queue != NULL
                     ? GEN_MODEL_REPORTS_PROGRESS
                     : 0u;
}

static void offer_sizes(struct reading *reading, const struct rest_model *from,
                        struct gen_provider_model *to)
{
    struct gen_provider_size *sizes = reading_alloc(reading, from->size_count * sizeof(*sizes));
    size_t i;

    for (i = 0; sizes != NULL && i < from->size_count; i++) {
        sizes[i].width = from->sizes[i].width;
        sizes[i].height = from->sizes[i].height;
        to->max_width = sizes[i].width > to->max_width ? sizes[i].width : to->max_width;
        to->max_height = sizes[i].height > to->max_height ? sizes[i].height : to->max_height;
    }
    to->sizes = sizes;
    to->size_count = from->size_count;
}

static void check_sent(struct reading *reading, const struct rest *rest,
                       const struct rest_model *model, const char *at)
{
    int idle = model->pictures != REST_NO_PICTURES && (rest->sends & NAMES_SENDS_PICTURE) == 0;
    struct template_place place = {.reading = reading, .rest = rest, .scopes = NAMES_SECONDS};

    if (model->duration_as != NULL) {
        template_check_text(&place, model->duration_as, reading_under(reading, at, "durationAs"));
    }
    if (idle) {
        reading_wrong(reading, reading_under(reading, at, "pictures"),
                      "the model takes pictures, and nothing in upload and submit sends one: "
                      "${upload.NAME}, {$picture: ...}, file: picture");
    }
    if (model->idempotent && (rest->sends & NAMES_SENDS_REFERENCE) == 0) {
        reading_wrong(reading, reading_under(reading, at, "idempotent"),
                      "nothing in submit sends ${reference} or ${reference.uuid}, by which the "
                      "provider could know a repetition");
    }
}

void models_offer(struct reading *reading, struct rest *rest)
{
    size_t i;

    rest->offered = reading_alloc(reading, rest->model_count * sizeof(*rest->offered));
    for (i = 0; rest->offered != NULL && i < rest->model_count; i++) {
        const struct rest_model *from = &rest->models[i];
        struct gen_provider_model *to = &rest->offered[i];
        int shows = from->pictures != REST_NO_PICTURES;

        check_sent(reading, rest, from, reading_index(reading, "models", i));
        to->size = sizeof(*to);
        to->needs = from->needs;
        to->tier = (int32_t)from->tier;
        to->id = from->id;
        to->name = from->name;
        to->min_duration_ms = (int64_t)(from->least_s * 1000 + 0.5);
        to->max_duration_ms = (int64_t)(from->most_s * 1000 + 0.5);
        to->durations_ms = from->durations;
        to->duration_count = from->duration_count;
        to->max_frame_rate = (int32_t)from->frame_rate;
        to->max_scenes = 1;
        to->max_prompt = (int32_t)from->max_prompt;
        to->max_assets = shows;
        to->max_asset_bytes = shows ? rest->picture.bytes : 0;
        to->asset_types = shows ? rest->picture.types : "";
        to->max_concurrent = (int32_t)from->parallel;
        to->rate_per_minute = (int32_t)from->per_minute;
        to->quality = from->quality;
        to->seconds_per_second = from->speed;
        offer_sizes(reading, from, to);
        offer_flags(rest, from, to);
    }
}
