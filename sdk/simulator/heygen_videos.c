/* heygen_videos.c - judges a video that is submitted to the HeyGen dialect, prices it and orders it.
 *
 * Prices: the vendor's page, dollars a second of output by engine and kind of look, linear to the
 * millisecond and rounded up to the micro-dollar (how the vendor rounds is not known); 7 dollars flat
 * for a cinematic avatar. Failed and refused videos cost nothing. There is no cancelling: a deleted
 * video is rendered and billed.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#include "simulator/heygen.h"

#include "base/number.h"
#include "simulator/heygen_forms.h"
#include "simulator/heygen_plan.h"

#include <string.h>

enum {
    HEYGEN_FPS = 25,
    HEYGEN_KEY_LIFE_H = 24, /* of an idempotency key */
};

#define HEYGEN_FLAT (7 * GEN_MICROS_PER_DOLLAR)

static const struct {
    const char *engine;
    bool photo;
    gen_micros second, second_4k;
} heygen_rates[] = {
    {"avatar_iii", false, 16700, 83300}, {"avatar_iii", true, 43300, 83300},
    {"avatar_iv", false, 66700, 83300},  {"avatar_iv", true, 50000, 83300},
    {"avatar_v", false, 66700, 83300},   {"avatar_v", true, 66700, 83300},
    {NULL, false, 66700, 83300},
};

/* Adds a piece of video to the plan. */
static void heygen_add(struct heygen_plan *plan, int64_t length_ms, const char *engine, bool photo)
{
    const char *resolution = heygen_text(plan->body, "resolution");
    bool large = resolution != NULL && strcmp(resolution, "4k") == 0;
    size_t i = 0;
    gen_micros rate;

    while (heygen_rates[i].engine != NULL &&
           (strcmp(heygen_rates[i].engine, engine) != 0 || heygen_rates[i].photo != photo)) {
        i++;
    }
    rate = large ? heygen_rates[i].second_4k : heygen_rates[i].second;
    plan->length_ms += length_ms;
    plan->price += (rate * length_ms + 999) / 1000;
}

/* ---------------------------------------------------------------------------- kinds of video */

/* What a look cannot do on this engine. */
static bool heygen_able(struct heygen_plan *plan, const struct gen_node *map,
                        const struct heygen_look *look, const char *engine)
{
    const char *format = heygen_text(map, "output_format");
    bool photo = look->kind == HEYGEN_PHOTO;

    if (!look->ready) {
        return heygen_wrong(plan, "avatar_id", "this avatar is still being made");
    }
    if (!sim_form_among(look->engines, engine)) {
        return heygen_wrong(plan, "engine.type",
                            gen_arena_printf(plan->call->arena,
                                             "%s is not among the supported_api_engines of %s",
                                             engine, look->id));
    }
    if (heygen_text(map, "expressiveness") != NULL &&
        (!photo || strcmp(engine, "avatar_iv") != 0)) {
        return heygen_wrong(plan, "expressiveness", "only for photo avatars on avatar_iv");
    }
    if (heygen_text(map, "motion_prompt") != NULL &&
        (strcmp(engine, "avatar_iii") == 0 || (!photo && strcmp(engine, "avatar_v") != 0))) {
        return heygen_wrong(plan, "motion_prompt", "not for this avatar on this engine");
    }
    if (photo && strcmp(engine, "avatar_iii") == 0 &&
        heygen_text(plan->body, "resolution") != NULL &&
        strcmp(heygen_text(plan->body, "resolution"), "4k") == 0) {
        return heygen_wrong(plan, "resolution", "photo avatars on avatar_iii have no 4k");
    }
    if (!look->matting && (gen_node_truth(gen_node_get(map, "remove_background"), false) ||
                           (format != NULL && strcmp(format, "webm") == 0))) {
        return heygen_wrong(plan, "remove_background", "this avatar does not support matting");
    }
    return true;
}

static bool heygen_plan_avatar(struct heygen_plan *plan, const struct gen_node *map)
{
    const char *id = gen_node_text(gen_node_get(map, "avatar_id"), "");
    const struct heygen_look *look = heygen_look(id);
    const char *engine = heygen_text(gen_node_get(map, "engine"), "type");
    int64_t ms;
    int count;

    engine = engine != NULL ? engine : "avatar_iv";
    if (look == NULL) {
        heygen_refuse(plan->call, 404, "avatar_not_found",
                      gen_arena_printf(plan->call->arena, "There is no avatar %s.", id));
        return false;
    }
    if (!heygen_able(plan, map, look, engine) || !heygen_backed(plan, map) ||
        !heygen_speech(plan, map, look->voice, &ms, &count)) {
        return false;
    }
    if (count == 0) {
        return heygen_wrong(plan, "script", "one of script, audio_url, audio_asset_id is required");
    }
    heygen_add(plan, ms, engine, look->kind == HEYGEN_PHOTO);
    return true;
}

static bool heygen_plan_image(struct heygen_plan *plan, const struct gen_node *map)
{
    int64_t ms;
    int count;

    if (!heygen_media(plan, gen_node_get(map, "image"), "image/") || !heygen_backed(plan, map) ||
        !heygen_speech(plan, map, NULL, &ms, &count)) {
        return false;
    }
    if (count == 0) {
        return heygen_wrong(plan, "script", "one of script, audio_url, audio_asset_id is required");
    }
    heygen_add(plan, ms, "avatar_iv", true);
    return true;
}

static bool heygen_plan_cinematic(struct heygen_plan *plan, const struct gen_node *map)
{
    const struct gen_node *duration = gen_node_get(map, "duration");
    const struct gen_node *item = gen_node_first(gen_node_get(map, "avatar_id"));

    for (; item != NULL; item = item->next) {
        if (heygen_look(gen_node_text(item, "")) == NULL) {
            heygen_refuse(plan->call, 404, "avatar_not_found", NULL);
            return false;
        }
    }
    for (item = gen_node_first(gen_node_get(map, "references")); item != NULL; item = item->next) {
        if (!heygen_media(plan, item, "")) {
            return false;
        }
    }
    if (duration != NULL && gen_node_truth(gen_node_get(map, "auto_duration"), false)) {
        return heygen_wrong(plan, "duration", "auto_duration and duration exclude each other");
    }
    plan->length_ms = gen_node_integer(duration, 10) * 1000;
    plan->price = HEYGEN_FLAT;
    return true;
}

static bool heygen_plan_scene(struct heygen_plan *plan, const struct gen_node *scene)
{
    const char *type = gen_node_text(gen_node_get(scene, "type"), "");
    const struct gen_node *input = gen_node_get(scene, "input");
    const struct gen_node *duration = gen_node_get(scene, "duration");
    const char *kind = gen_node_text(gen_node_get(input, "type"), "");
    int64_t ms;
    int count;

    if (!heygen_fits(plan, heygen_form_scene(type), scene)) {
        return false;
    }
    if (strcmp(type, "avatar_video") == 0) {
        return heygen_fits(plan, heygen_form_input(kind), input) &&
               (strcmp(kind, "avatar") == 0 ? heygen_plan_avatar(plan, input)
                                            : heygen_plan_image(plan, input));
    }
    if (strcmp(type, "video") == 0) {
        heygen_add(plan, HEYGEN_FOREIGN_MS, "", false);
        return heygen_media(plan, gen_node_get(scene, "source"), "video/");
    }
    if (!heygen_media(plan, gen_node_get(scene, "source"), "image/") ||
        !heygen_speech(plan, scene, NULL, &ms, &count)) {
        return false;
    }
    if ((count > 0) == (gen_node_type_of(duration) > GEN_NODE_NULL)) {
        return heygen_wrong(plan, "duration", "either duration or one source of speech is needed");
    }
    heygen_add(plan, count > 0 ? ms : (int64_t)(gen_node_number(duration, 0) * 1000.0), "", false);
    return true;
}

static bool heygen_plan_studio(struct heygen_plan *plan, const struct gen_node *map)
{
    const struct gen_node *scene = gen_node_first(gen_node_get(map, "scenes"));

    for (int i = 0; scene != NULL; scene = scene->next, i++) {
        plan->where = gen_arena_printf(plan->call->arena, "scenes[%d].", i);
        if (!heygen_plan_scene(plan, scene)) {
            return false;
        }
    }
    plan->where = "";
    return true;
}

/* ----------------------------------------------------------------------------------- ordering */

/* The frame: the ratio, with the resolution as its short side. "auto" follows the picture. */
static void heygen_frame(const struct heygen_plan *plan, struct sim_clip *clip)
{
    static const struct {
        const char *word;
        int32_t side;
    } sides[] = {{"720p", 720}, {"1080p", 1080}, {"4k", 2160}, {NULL, 1080}};
    const char *ratio = heygen_text(plan->body, "aspect_ratio");
    const char *resolution = heygen_text(plan->body, "resolution");
    int32_t a = 16, b = 9;
    size_t i = 0;

    while (sides[i].word != NULL &&
           (resolution == NULL || strcmp(sides[i].word, resolution) != 0)) {
        i++;
    }
    if (ratio != NULL && !gen_number_pair(ratio, ':', &a, &b) && plan->source_width > 0) {
        a = plan->source_width;
        b = plan->source_height;
    }
    clip->width = a >= b ? (int32_t)((int64_t)sides[i].side * a / b) : sides[i].side;
    clip->height = a >= b ? sides[i].side : (int32_t)((int64_t)sides[i].side * b / a);
    clip->width &= ~1;
    clip->height &= ~1;
    clip->fps = HEYGEN_FPS;
    clip->sound = true;
    clip->duration_ms = plan->length_ms;
    clip->first_frame = plan->first_frame;
}

static struct gen_node *heygen_order(struct heygen_plan *plan, const char *kind)
{
    struct sim_call *call = plan->call;
    const char *format = heygen_text(plan->body, "output_format");
    struct sim_order order = {.kind = kind,
                              .model = kind,
                              .lane = "all",
                              .reference = heygen_text(plan->body, "callback_id")};
    struct gen_node *extra = gen_node_map(call->arena);
    struct gen_node *data = gen_node_map(call->arena);
    const struct sim_task *task;

    heygen_frame(plan, &order.clip);
    order.bill.done = plan->price;
    order.bill.cancelled = plan->price;
    order.estimate = plan->price;
    order.id = sim_ident_word(call, 32);
    heygen_set(call, extra, "title", heygen_text(plan->body, "title"));
    order.extra = extra;
    task = sim_task_create(call, &order);
    if (task == NULL) {
        heygen_refuse(call, 500, NULL, NULL);
        return NULL;
    }
    heygen_set(call, data, "video_id", task->id);
    heygen_set(call, data, "status", "waiting");
    heygen_set(call, data, "output_format", format != NULL ? format : "mp4");
    return data;
}

/* The answer, or NULL when the request was refused. */
static struct gen_node *heygen_submit(struct sim_call *call)
{
    static const struct {
        const char *type;
        bool (*plan)(struct heygen_plan *plan, const struct gen_node *map);
    } kinds[] = {{"avatar", heygen_plan_avatar},
                 {"image", heygen_plan_image},
                 {"cinematic_avatar", heygen_plan_cinematic},
                 {"studio", heygen_plan_studio}};
    struct heygen_plan plan = {.call = call, .where = "", .body = sim_call_json(call, NULL)};
    const char *type = gen_node_text(gen_node_get(plan.body, "type"), "");
    size_t i = 0;

    if (gen_node_type_of(plan.body) != GEN_NODE_MAP ||
        !sim_call_type_is(call, "application/json")) {
        heygen_invalid(call, NULL, "the body is not a JSON object with its content type");
        return NULL;
    }
    if (!heygen_fits(&plan, heygen_form_video(type), plan.body)) {
        return NULL;
    }
    while (strcmp(kinds[i].type, type) != 0) { /* there is one: the form was found */
        i++;
    }
    if (!kinds[i].plan(&plan, plan.body)) {
        return NULL;
    }
    if (sim_account_live(call->world, call->account, NULL) >= call->account->concurrency) {
        sim_answer_header(call, "Retry-After", "30");
        heygen_refuse(call, 429, NULL, "Too many videos are being rendered; try again later.");
        return NULL;
    }
    if (sim_account_balance(call->world, call->account) < plan.price) {
        heygen_refuse(call, 402, NULL, NULL);
        return NULL;
    }
    return heygen_order(&plan, type);
}

/* The first answer under a key is given again for a day, on this route, to this account. */
void heygen_video_create(struct sim_call *call)
{
    const char *key = sim_call_header(call, "Idempotency-Key");
    const char *memo = NULL;
    const struct gen_node *earlier = NULL;
    struct gen_node *data;

    if (key != NULL && (*key == '\0' || strlen(key) > 255 ||
                        key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789_:.-")] != '\0')) {
        heygen_invalid(call, "Idempotency-Key", "1 to 255 of A-Z a-z 0-9 _ : . -");
        return;
    }
    if (key != NULL && strcmp(call->account->name, "forgetful") != 0) {
        memo = gen_arena_printf(call->arena, "idempotency:%s:videos:%s", call->account->name, key);
        earlier = sim_memo_get(call, memo);
    }
    data = earlier != NULL ? gen_node_copy(call->arena, earlier) : heygen_submit(call);
    if (data == NULL) {
        return;
    }
    if (memo != NULL && earlier == NULL) {
        sim_memo_put(call, memo, data, call->now + INT64_C(3600000) * HEYGEN_KEY_LIFE_H);
    }
    heygen_data(call, gen_node_copy(call->arena, data));
}
