/* plan.c - see plan.h. */
#include "plan.h"

struct planning {
    const struct kling_call *call;
    const struct kling_model *row;
    const struct gen_provider_model *model;
    const struct gen_provider_scene *scene;
    const struct gen_provider_asset *picture; /* NULL = from words alone */
    int32_t picture_index;
    const char *name; /* of the model, as the dialect says it */
    int fresh;        /* the new dialect */
    int sound;        /* 1 with, 0 without */
    const struct kling_resolution *lines;
    const char *aspect; /* "16:9" */
    int32_t width, height;
    int64_t duration_ms;
    const char *prompt;
    struct kit_notes notes;
    struct gen_provider_recipe *recipe; /* NULL = the picture can go as it is */
};

static int32_t refuse(const struct planning *plan, const char *sentence)
{
    *plan->call->message = kit_or(sentence, "out of memory");
    return GEN_VERDICT_REFUSED;
}

#define SAY(plan, ...) (plan)->call->kit.host->print((plan)->call->kit.arena, __VA_ARGS__)

/* ---------------------------------------------------------------------------- dialect, picture -- */

/* The dialect of the settings where the model is spoken of there, else the other. */
static void plan_dialect(struct planning *plan)
{
    int32_t wanted = plan->call->settings->dialect;

    plan->fresh = plan->row->legacy[0] == '\0' ||
                  (wanted == KLING_NEW && plan->row->fresh[0] != '\0');
    plan->name = !kit_same(plan->call->task->model, plan->model->id) ? plan->call->task->model
                 : plan->fresh                                       ? plan->row->fresh
                                                                     : plan->row->legacy;
}

/* Kling takes jpg and png up to 10 MB, each side at least 300 pixels, no shape beyond 1:2.5. */
static int32_t plan_picture(struct planning *plan)
{
    const struct kit *kit = &plan->call->kit;
    const struct gen_provider_asset *asset = plan->picture;
    double aspect = asset->height > 0 ? (double)asset->width / asset->height : 1;
    int fits = kit_has_word(KLING_IMAGE_TYPES, asset->media_type);
    int small = asset->width > 0 &&
                (asset->width < KLING_LEAST_SIDE || asset->height < KLING_LEAST_SIDE);

    if (aspect > KLING_MOST_ASPECT || aspect < 1 / KLING_MOST_ASPECT) {
        return refuse(plan,
                      SAY(plan,
                          "the picture is %dx%d; Kling takes shapes from 1:2.5 to 2.5:1: crop "
                          "it",
                          asset->width, asset->height));
    }
    if (!fits || small || asset->bytes > KLING_MOST_IMAGE) {
        plan->recipe = kit->host->alloc(kit->arena, sizeof(*plan->recipe));
        if (plan->recipe == NULL) {
            return kit_broken(plan->call->message);
        }
        plan->recipe->size = sizeof(*plan->recipe);
        plan->recipe->asset = plan->picture_index;
        plan->recipe->media_type = fits ? "" : "image/jpeg";
        plan->recipe->max_bytes = KLING_MOST_IMAGE;
        plan->recipe->min_width = small ? KLING_LEAST_SIDE : 0;
        plan->recipe->min_height = small ? KLING_LEAST_SIDE : 0;
    }
    return GEN_VERDICT_OK;
}

static int32_t plan_assets(struct planning *plan)
{
    const struct gen_provider_task *task = plan->call->task;
    size_t i, visuals = 0;

    for (i = 0; i < plan->scene->asset_count; i++) {
        int32_t index = plan->scene->assets[i];

        if (index >= 0 && (size_t)index < task->asset_count) {
            int32_t role = kit_asset(task, (size_t)index)->role;

            visuals += role == GEN_ROLE_PICTURE || role == GEN_ROLE_VIDEO ||
                       role == GEN_ROLE_FIRST_FRAME;
        }
    }
    plan->picture_index = kit_first_frame(task, plan->scene);
    if (plan->picture_index < 0) {
        return visuals == 0 ? GEN_VERDICT_OK
                            : refuse(plan, SAY(plan, "%s cannot show footage", plan->model->name));
    }
    plan->picture = kit_asset(task, (size_t)plan->picture_index);
    if (visuals > 1) {
        kit_note(&plan->call->kit, &plan->notes, "assets", SAY(plan, "%zu", visuals), "1",
                 "The clip starts from one picture: the first.");
    }
    return plan_picture(plan);
}

/* -------------------------------------------------------------------- sound, size, length, words -- */

/* Sound first: with it some models render fewer sizes. */
static void plan_sound(struct planning *plan)
{
    uint32_t allowed = plan->row->lines & plan->call->settings->resolutions;
    const struct gen_provider_task *task = plan->call->task;
    int32_t side = task->width < task->height ? task->width : task->height;

    allowed = allowed != 0 ? allowed : plan->row->lines;
    plan->sound = plan->row->sound == KLING_SOUNDS ||
                  (plan->row->sound == KLING_SWITCH && plan->call->settings->sound &&
                   (allowed & plan->row->sounds_at) != 0);
    if (plan->row->sound == KLING_SWITCH && plan->sound) {
        allowed &= plan->row->sounds_at;
    }
    plan->lines = models_lines(allowed, side);
}

static int32_t even(double value)
{
    return (int32_t)(value / 2 + 0.5) * 2;
}

/* The frame of a clip that starts from a picture: its shape, inside the frame of the resolution. */
static void shape_of_picture(struct planning *plan)
{
    int32_t most = plan->lines->side * 16 / 9;
    double aspect = (double)plan->picture->width / plan->picture->height;
    double width = aspect >= 1 ? plan->lines->side * aspect : plan->lines->side;
    double height = aspect >= 1 ? plan->lines->side : plan->lines->side / aspect;
    double shrink = width > most ? most / width : height > most ? most / height : 1;

    plan->width = even(width * shrink);
    plan->height = even(height * shrink);
}

static void plan_shape(struct planning *plan)
{
    static const struct kit_ratio ratios[] = {{"16:9", 16, 9}, {"9:16", 9, 16}, {"1:1", 1, 1}};
    const struct gen_provider_task *task = plan->call->task;
    const struct kit_ratio *ratio = kit_nearest(ratios, KIT_COUNT(ratios), task->width,
                                                task->height);
    int32_t side = plan->lines->side;
    int pictured = plan->picture != NULL && plan->picture->width > 0 && plan->picture->height > 0;

    plan->aspect = ratio->word;
    plan->width = ratio->width > ratio->height ? side * 16 / 9 : side;
    plan->height = ratio->height > ratio->width ? side * 16 / 9 : side;
    if (pictured) {
        shape_of_picture(plan);
    }
    if (plan->width != task->width || plan->height != task->height) {
        kit_note(&plan->call->kit, &plan->notes, pictured ? "assets" : "resolution",
                 SAY(plan, "%dx%d", task->width, task->height),
                 SAY(plan, "%dx%d", plan->width, plan->height),
                 pictured ? "The picture's shape decides."
                          : "The nearest that this model renders.");
    }
}

static void plan_words(struct planning *plan)
{
    const struct kit *kit = &plan->call->kit;
    const struct gen_provider_scene *scene = plan->scene;
    const char *whole = kit_prompt(kit, scene, plan->sound);
    int cut = 0;

    plan->prompt = kit_cut(kit, whole, KLING_MOST_PROMPT, &cut);
    if (cut) {
        kit_note(kit, &plan->notes, "prompt", SAY(plan, "%zu bytes", strlen(whole)),
                 SAY(plan, "%zu bytes", strlen(plan->prompt)), "Kling takes 2500 characters.");
    }
    if (scene->dialogue[0] != '\0' && !plan->sound) {
        kit_note(kit, &plan->notes, "dialogue", "spoken", "not spoken here", "The clip is silent.");
    }
    if (scene->negative_prompt[0] != '\0' &&
        (plan->fresh || (plan->row->traits & KLING_NEGATIVE) == 0)) {
        kit_note(kit, &plan->notes, "negativePrompt", "given", "left out",
                 "This model takes none.");
    }
}

/* ------------------------------------------------------------------------------------ the order -- */

static void put_watermark(const struct planning *plan, struct gen_node *map)
{
    const struct kit *kit = &plan->call->kit;

    if (plan->call->settings->watermark >= 0) {
        kit_set_truth(kit, kit_set_map(kit, map, "watermark_info"), "enabled",
                      plan->call->settings->watermark);
    }
}

static void legacy_body(const struct planning *plan, struct gen_node *body)
{
    const struct kit *kit = &plan->call->kit;
    int cut = 0;

    kit_set_text(kit, body, "model_name", plan->name);
    if (plan->prompt[0] != '\0') {
        kit_set_text(kit, body, "prompt", plan->prompt);
    }
    if (plan->scene->negative_prompt[0] != '\0' && (plan->row->traits & KLING_NEGATIVE) != 0) {
        kit_set_text(kit, body, "negative_prompt",
                     kit_cut(kit, plan->scene->negative_prompt, KLING_MOST_PROMPT, &cut));
    }
    kit_set_text(kit, body, "duration",
                 kit_or(SAY(plan, "%lld", (long long)(plan->duration_ms / 1000)), ""));
    if ((plan->row->traits & KLING_NO_MODE) == 0) {
        kit_set_text(kit, body, "mode", plan->lines->mode);
    }
    if (plan->picture == NULL) {
        kit_set_text(kit, body, "aspect_ratio", plan->aspect);
    }
    if (plan->row->sound == KLING_SWITCH && (plan->lines->bit & plan->row->sounds_at) != 0) {
        kit_set_text(kit, body, "sound", plan->sound ? "on" : "off");
    }
    put_watermark(plan, body);
}

static void new_body(const struct planning *plan, struct gen_node *body)
{
    const struct kit *kit = &plan->call->kit;
    struct gen_node *settings = kit_set_map(kit, body, "settings");

    if (plan->picture == NULL && (plan->row->traits & KLING_OMNI) != 0) {
        struct gen_node *content = kit->host->json_push(kit_set_list(kit, body, "contents"),
                                                        kit->host->json_map(kit->arena));

        kit_set_text(kit, content, "type", "prompt");
        kit_set_text(kit, content, "text", plan->prompt);
    } else if (plan->picture == NULL) {
        kit_set_text(kit, body, "prompt", plan->prompt);
    }
    if (plan->picture == NULL) {
        kit_set_text(kit, settings, "aspect_ratio", plan->aspect);
    }
    kit_set_text(kit, settings, "resolution", plan->lines->word);
    kit_set_integer(kit, settings, "duration", plan->duration_ms / 1000);
    if (plan->row->sound == KLING_SWITCH) {
        kit_set_text(kit, settings, "audio", plan->sound ? "native" : "off");
    }
    put_watermark(plan, kit_set_map(kit, body, "options"));
}

/* The endpoint of the order; of the legacy dialect also where its status is read. */
static void put_place(const struct planning *plan, struct gen_node *parameters)
{
    const struct kit *kit = &plan->call->kit;
    int omni = (plan->row->traits & KLING_OMNI) != 0;
    const char *kind = omni                    ? "omni-video"
                       : plan->picture == NULL ? (plan->fresh ? "text-to-video" : "text2video")
                                               : (plan->fresh ? "image-to-video" : "image2video");

    kit_set_text(kit, parameters, "dialect", plan->fresh ? "new" : "legacy");
    kit_set_text(kit, parameters, "kind", plan->fresh ? "tasks" : kind);
    kit_set_text(kit, parameters, "path",
                 kit_or(plan->fresh ? SAY(plan, "/%s/%s", kind, plan->name)
                                    : SAY(plan, "/v1/videos/%s", kind),
                        ""));
    if (plan->picture != NULL) {
        kit_set_integer(kit, parameters, "picture", plan->picture_index);
        kit_set_text(kit, parameters, "wrap",
                     plan->fresh ? "contents"
                     : omni      ? "image_list"
                                 : "image");
        kit_set_text(kit, parameters, "prompt", plan->fresh ? plan->prompt : "");
    }
}

/* ------------------------------------------------------------------------------ format and cost -- */

static int32_t plan_end(const struct planning *plan, struct gen_provider_format *out)
{
    const struct kit *kit = &plan->call->kit;
    struct gen_node *parameters = kit->host->json_map(kit->arena);
    struct gen_node *body = kit_set_map(kit, parameters, "body");

    if (body == NULL) {
        return kit_broken(plan->call->message);
    }
    (plan->fresh ? new_body : legacy_body)(plan, body);
    put_place(plan, parameters);
    kit_set_integer(kit, parameters, "durationMs", plan->duration_ms);
    out->parameters = parameters;
    out->width = plan->width;
    out->height = plan->height;
    out->frame_rate_milli = (int32_t)plan->call->settings->frame_rate_milli;
    out->duration_ms = plan->duration_ms;
    out->adjustments = plan->notes.list;
    out->adjustment_count = plan->notes.count;
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    out->recipes = plan->recipe;
    out->recipe_count = plan->recipe != NULL;
    out->recipe_size = sizeof(struct gen_provider_recipe);
    out->audio = plan->sound ? 1 : 2;
    return GEN_VERDICT_OK;
}

int32_t plan_format(const struct kling_call *call, struct gen_provider_format *out)
{
    struct planning plan = {.call = call, .picture_index = -1};
    int32_t verdict;

    plan.row = models_find(call->settings, call->task->model, &plan.model);
    if (plan.row == NULL) {
        return refuse(&plan, SAY(&plan, "there is no model \"%s\"", call->task->model));
    }
    if (call->task->scene_count != 1) {
        return refuse(&plan, "Kling renders one scene at a time");
    }
    plan.scene = kit_scene(call->task, 0);
    plan_dialect(&plan);
    verdict = plan_assets(&plan);
    if (verdict != GEN_VERDICT_OK) {
        return verdict;
    }
    plan_sound(&plan);
    plan_shape(&plan);
    plan.duration_ms = kit_duration(plan.model->durations_ms, plan.model->duration_count,
                                    plan.scene->duration_ms);
    kit_note_milliseconds(
        &call->kit, &plan.notes, "duration", plan.scene->duration_ms, plan.duration_ms,
        plan.duration_ms < plan.scene->duration_ms ? "The longest that this model renders."
                                                   : "The next length that this model renders.");
    plan_words(&plan);
    if (plan.prompt[0] == '\0' && (plan.picture == NULL || (plan.row->traits & KLING_OMNI) != 0)) {
        return refuse(&plan,
                      SAY(&plan, "%s needs a prompt, and the scene has none", plan.model->name));
    }
    return plan_end(&plan, out);
}

int32_t plan_cost(const struct kling_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out)
{
    const struct kit *kit = &call->kit;
    int64_t ms = kit->host->json_integer(kit->host->json_get(call->task->parameters, "durationMs"),
                                         0);

    kit_cost(kit, prices, ms, ms, out);
    out->known = out->known && ms > 0;
    return GEN_VERDICT_OK;
}

/* ------------------------------------------------------------------------ the parameters again -- */

const char *plan_text(const struct kling_call *call, const char *key)
{
    return kit_text(&call->kit, call->task->parameters, key);
}

/* The body with the picture in it, which is streamed: what stands before and after it depends on the
 * endpoint. Kling wants raw base64, without "data:image/png;base64,". */
static void put_picture(const struct kling_call *call, struct gen_provider_request *request,
                        int32_t picture, const struct gen_node *body)
{
    const struct kit *kit = &call->kit;
    const char *wrap = plan_text(call, "wrap"), *prompt = plan_text(call, "prompt");
    const char *words = kit->host->json_write(kit->arena,
                                              kit->host->json_new_text(kit->arena, prompt), NULL);

    if (kit_same(wrap, "image")) {
        kit_body_around(kit, request, "\"image\":\"", picture, "\"", body);
    } else if (kit_same(wrap, "image_list")) {
        kit_body_around(kit, request, "\"image_list\":[{\"type\":\"first_frame\",\"image_url\":\"",
                        picture, "\"}]", body);
    } else {
        kit_body_around(
            kit, request,
            kit_or(prompt[0] == '\0'
                       ? "\"contents\":[{\"type\":\"first_frame\",\"url\":\""
                       : kit->host->print(kit->arena,
                                          "\"contents\":[{\"type\":\"prompt\",\"text\":%s},"
                                          "{\"type\":\"first_frame\",\"url\":\"",
                                          kit_or(words, "\"\"")),
                   ""),
            picture, "\"}]", body);
    }
}

struct gen_provider_request *plan_order(const struct kling_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *parameters = call->task->parameters;
    const struct gen_node *from = kit->host->json_get(parameters, "body");
    struct gen_node *body = from != NULL ? kit->host->json_copy(kit->arena, from) : NULL;
    const char *path = plan_text(call, "path");
    int64_t picture = kit->host->json_integer(kit->host->json_get(parameters, "picture"), -1);
    struct gen_provider_request *request;

    if (path[0] != '/' || body == NULL || picture >= (int64_t)call->task->asset_count) {
        return NULL;
    }
    request = kit_request(kit, "POST",
                          kit->host->print(kit->arena, "%s%s", call->settings->base, path),
                          settings_credential(call->settings));
    if (kit_same(plan_text(call, "dialect"), "new")) {
        struct gen_node *options = kit->host->json_copy(kit->arena,
                                                        kit->host->json_get(body, "options"));

        kit_set_text(kit, kit->host->json_set(kit->arena, body, "options", options),
                     "external_task_id", call->task->reference);
    } else {
        kit_set_text(kit, body, "external_task_id", call->task->reference);
    }
    if (picture >= 0) {
        put_picture(call, request, (int32_t)picture, body);
    } else {
        kit_body_json(kit, request, body);
    }
    return request;
}
