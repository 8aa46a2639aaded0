/* kling_models.c - Kling's models as the simulator sells them, and what both formats order.
 *
 * Prices from kling.md, section 8. Not sold for want of a stated price: kling-v1-5, kling-v2-master,
 * kling-v2-1, mode pro of kling-v1 and kling-v1-6. Sound on kling-v2-6 is stated as 0.14 to 0.168;
 * here 0.14. Frame rates and the odd 41 ms are what its clips commonly have. */
#include "simulator/kling.h"

#include "base/alloc.h"
#include "base/number.h"
#include "platform/crypto.h"

#include <math.h>
#include <string.h>

enum {
    KLING_IMAGE_MAX = 10 * 1024 * 1024,
    KLING_SIDE_MIN = 300,
    KLING_ONE_UNIT = 140000, /* micro-dollars */
};

#define SHORT "5|10"
#define LONG "3|4|5|6|7|8|9|10|11|12|13|14|15"
#define BOTH (KLING_TEXT | KLING_IMAGE)

static const struct kling_model kling_legacy_models[] = {
    {"kling-v1",
     BOTH,
     KLING_CFG | KLING_CAMERA | KLING_NEGATIVE | KLING_CLIP,
     SHORT,
     {28000, 0, 0},
     {0, 0, 0},
     30,
     100},
    {"kling-v1-6",
     BOTH,
     KLING_CFG | KLING_TAIL | KLING_NEGATIVE | KLING_CLIP,
     SHORT,
     {56000, 0, 0},
     {0, 0, 0},
     30,
     100},
    {"kling-v2-1-master",
     BOTH,
     KLING_NEGATIVE | KLING_CLIP,
     SHORT,
     {0, 280000, 0},
     {0, 0, 0},
     24,
     41},
    {"kling-v2-5-turbo",
     BOTH,
     KLING_TAIL | KLING_NEGATIVE | KLING_CLIP,
     SHORT,
     {42000, 70000, 0},
     {0, 0, 0},
     24,
     41},
    {"kling-v2-6",
     BOTH,
     KLING_TAIL | KLING_NEGATIVE | KLING_CLIP | KLING_SOUND_PRO,
     SHORT,
     {42000, 70000, 0},
     {0, 140000, 0},
     24,
     41},
    {"kling-v3",
     BOTH,
     KLING_TAIL | KLING_NEGATIVE | KLING_SHOTS | KLING_SOUND_STD | KLING_SOUND_PRO,
     LONG,
     {84000, 112000, 420000},
     {126000, 168000, 420000},
     24,
     41},
    {"kling-v3-omni",
     KLING_OMNI,
     KLING_SHOTS | KLING_SOUND_STD | KLING_SOUND_PRO,
     LONG,
     {84000, 112000, 420000},
     {126000, 168000, 420000},
     24,
     41},
    {"kling-video-o1", KLING_OMNI, 0, "3|4|5|6|7|8|9|10", {84000, 112000, 0}, {0, 0, 0}, 24, 41},
    {.name = NULL},
};

static const struct kling_model kling_new_models[] = {
    {"kling-3.0",
     BOTH,
     KLING_TAIL | KLING_SOUND_STD | KLING_SOUND_PRO,
     LONG,
     {84000, 112000, 420000},
     {126000, 168000, 420000},
     24,
     41},
    {"kling-3.0-turbo", BOTH, KLING_ALWAYS, LONG, {112000, 140000, 0}, {112000, 140000, 0}, 24, 41},
    {"kling-3.0-omni",
     KLING_OMNI,
     KLING_TAIL | KLING_SOUND_STD | KLING_SOUND_PRO,
     LONG,
     {84000, 112000, 420000},
     {126000, 168000, 420000},
     24,
     41},
    {.name = NULL},
};

static const struct kling_model *kling_find(const struct kling_model *models, const char *name,
                                            uint32_t kind)
{
    for (; name != NULL && models->name != NULL; models++) {
        if (strcmp(models->name, name) == 0 && (models->kinds & kind) != 0) {
            return models;
        }
    }
    return NULL;
}

const struct kling_model *kling_legacy_model(const char *name, uint32_t kind)
{
    return kling_find(kling_legacy_models, name, kind);
}

const struct kling_model *kling_new_model(const char *name, uint32_t kind)
{
    return kling_find(kling_new_models, name, kind);
}

const char *kling_units(struct gen_arena *arena, gen_micros amount)
{
    char text[GEN_MONEY_TEXT_SIZE];

    return gen_arena_strdup(
        arena, gen_money_text(amount * GEN_MICROS_PER_DOLLAR / KLING_ONE_UNIT, 0, text));
}

const char *kling_seconds(struct gen_arena *arena, int64_t ms)
{
    char text[GEN_NUMBER_TEXT_SIZE];

    return gen_arena_strdup(arena, gen_number_text((double)ms / 1000, text));
}

/* -------------------------------------------------------------------------------------- pictures */

/* The bytes of base64 text; the caller frees. */
static bool kling_decode(const char *text, void **bytes, size_t *size)
{
    return gen_base64_decode(text, strlen(text), bytes, size) == GEN_OK;
}

static bool kling_is_url(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

static const char *kling_picture_wrong(const void *bytes, size_t size)
{
    int32_t width = 0, height = 0;

    if (size > KLING_IMAGE_MAX) {
        return "Image file size must not exceed 10MB";
    }
    if (!sim_media_pixels(bytes, size, &width, &height)) {
        return "Image format is not supported: jpg and png only";
    }
    if (width < KLING_SIDE_MIN || height < KLING_SIDE_MIN) {
        return "Image pixel is invalid: each side must be at least 300px";
    }
    if ((double)width / height > 2.5 || (double)height / width > 2.5) {
        return "Image aspect ratio must be between 1:2.5 and 2.5:1";
    }
    return NULL;
}

const char *kling_image_wrong(struct sim_call *call, const struct gen_node *value)
{
    void *bytes = NULL;
    size_t size = 0;
    const char *wrong;

    (void)call;
    if (kling_is_url(value->text)) {
        return sim_form_https(value->text);
    }
    if (strncmp(value->text, "data:", 5) == 0) {
        return "File is not in a valid base64 format: leave out the data: prefix";
    }
    if (!kling_decode(value->text, &bytes, &size)) {
        return "File is not in a valid base64 format";
    }
    wrong = kling_picture_wrong(bytes, size);
    gen_free(bytes);
    return wrong;
}

/* Keeps the picture and reads its shape; a URL is not fetched. */
static const struct sim_asset *kling_picture(struct sim_call *call, const char *image,
                                             int32_t *width, int32_t *height)
{
    struct sim_asset terms = {.name = "image", .upload = SIM_UPLOAD_HERE};
    const struct sim_asset *asset = NULL;
    void *bytes = NULL;
    size_t size = 0;

    if (image == NULL || kling_is_url(image) || !kling_decode(image, &bytes, &size)) {
        return NULL;
    }
    if (sim_media_pixels(bytes, size, width, height)) {
        asset = sim_asset_create(call, &terms);
        if (asset != NULL && !sim_asset_store(call, asset, bytes, size, NULL)) {
            asset = NULL;
        }
    }
    gen_free(bytes);
    return asset;
}

/* ----------------------------------------------------------------------------------------- orders */

static int32_t kling_even(double value)
{
    return (int32_t)lround(value / 2) * 2;
}

static void kling_clip(struct sim_call *call, const struct kling_wish *wish, struct sim_clip *clip)
{
    static const int32_t lines[] = {[KLING_STD] = 720, [KLING_PRO] = 1080, [KLING_4K] = 2160};
    int32_t a = 16, b = 9;
    const struct sim_asset *picture = kling_picture(call, wish->image, &a, &b);

    if (wish->aspect != NULL && !gen_number_pair(wish->aspect, ':', &a, &b)) {
        a = 16;
        b = 9;
    }
    clip->height = a >= b ? lines[wish->quality] : kling_even((double)lines[wish->quality] * b / a);
    clip->width = a >= b ? kling_even((double)lines[wish->quality] * a / b) : lines[wish->quality];
    clip->fps = wish->model->fps;
    clip->duration_ms = (int64_t)wish->seconds * 1000 + wish->model->more_ms;
    clip->sound = wish->sound;
    clip->first_frame = picture == NULL ? NULL : picture->path;
}

static gen_micros kling_price(const struct kling_wish *wish)
{
    const struct kling_model *model = wish->model;
    gen_micros rate = wish->sound ? model->sound[wish->quality] : model->silent[wish->quality];
    int32_t seconds = wish->seconds;

    if ((model->features & KLING_CLIP) != 0) {
        seconds = seconds <= 5 ? 5 : 10;
    }
    return rate * seconds;
}

const struct sim_task *kling_order(struct sim_call *call, const struct kling_wish *wish)
{
    const gen_micros price = kling_price(wish);
    struct sim_order order = {
        .kind = wish->kind,
        .model = wish->model->name,
        .reference = wish->reference,
        .lane = "account",
        .bill = {.done = price}, /* nothing else is charged */
        .estimate = price,
        .id = sim_ident_digits(call, 18),
    };
    const struct sim_task *task;

    if (price == 0) {
        kling_refuse_code(call, 1201, "The model does not support this mode");
        return NULL;
    }
    if (sim_task_by_reference(call, wish->reference) != NULL) {
        kling_refuse_code(call, 1201, "external_task_id already exists");
        return NULL;
    }
    if (sim_account_balance(call->world, call->account) < price) {
        kling_refuse_code(call, 1102, NULL);
        return NULL;
    }
    if (sim_account_live(call->world, call->account, NULL) >= call->account->concurrency) {
        kling_refuse_code(call, 1303, NULL);
        return NULL;
    }
    kling_clip(call, wish, &order.clip);
    task = sim_task_create(call, &order);
    if (task == NULL) {
        kling_refuse_code(call, 5001, NULL);
    }
    return task;
}
