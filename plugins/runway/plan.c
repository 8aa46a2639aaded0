/* plan.c - see plan.h. */
#include "plan.h"

struct planning {
    const struct runway_call *call;
    const struct runway_model *row;
    const struct gen_provider_model *model;
    const struct gen_provider_scene *scene;
    int32_t picture, footage; /* indexes of assets, -1 = none */
    int sound;
    const struct kit_ratio *ratio;
    int64_t duration_ms;
    struct gen_node *body, *uploads;
    struct kit_notes notes;
    struct gen_provider_recipe *recipes; /* one for each upload */
    size_t recipe_count;
};

static int32_t refuse(const struct planning *plan, const char *sentence)
{
    *plan->call->message = kit_or(sentence, "out of memory");
    return GEN_VERDICT_REFUSED;
}

#define SAY(plan, ...) (plan)->call->kit.host->print((plan)->call->kit.arena, __VA_ARGS__)

/* -------------------------------------------------------------------- what it is made from -- */

static const char *const paths[] = {
    [RUNWAY_TEXT_OR_IMAGE] = "/v1/text_to_video",
    [RUNWAY_IMAGE] = "/v1/image_to_video",
    [RUNWAY_FOOTAGE] = "/v1/video_to_video",
    [RUNWAY_PERFORMANCE] = "/v1/character_performance",
};

/* Does this model have what it cannot do without, and nothing that it cannot show? */
static int32_t check_assets(const struct planning *plan)
{
    const char *name = plan->model->name;

    if (plan->call->task->scene_count != 1) {
        return refuse(plan, "Runway renders one scene at a time");
    }
    if (plan->row->kind == RUNWAY_IMAGE && plan->picture < 0) {
        return refuse(plan, SAY(plan, "%s animates a picture, and the scene has none", name));
    }
    if (plan->row->kind == RUNWAY_FOOTAGE && plan->footage < 0) {
        return refuse(plan, SAY(plan, "%s changes footage, and the scene has none", name));
    }
    if (plan->row->kind == RUNWAY_PERFORMANCE && (plan->footage < 0 || plan->picture < 0)) {
        return refuse(
            plan,
            SAY(plan, "%s needs a picture of the character and footage of the performance", name));
    }
    if (plan->row->kind < RUNWAY_FOOTAGE && plan->footage >= 0 && plan->picture < 0) {
        return refuse(plan, SAY(plan, "%s cannot show footage", name));
    }
    if (plan->scene->prompt[0] == '\0' && (plan->row->fields & RUNWAY_WORDLESS) == 0) {
        return refuse(plan, SAY(plan, "%s needs a prompt, and the scene has none", name));
    }
    return GEN_VERDICT_OK;
}

/* What of the scene's assets is left out. */
static void note_assets(struct planning *plan)
{
    const struct gen_provider_task *task = plan->call->task;
    size_t i, visuals = 0, used = (plan->picture >= 0) + (plan->footage >= 0);

    for (i = 0; i < plan->scene->asset_count; i++) {
        int32_t index = plan->scene->assets[i];

        if (index >= 0 && (size_t)index < task->asset_count) {
            int32_t role = kit_asset(task, (size_t)index)->role;

            visuals += role == GEN_ROLE_PICTURE || role == GEN_ROLE_VIDEO ||
                       role == GEN_ROLE_FIRST_FRAME;
        }
    }
    if (visuals > used) {
        kit_note(&plan->call->kit, &plan->notes, "assets", SAY(plan, "%zu", visuals),
                 SAY(plan, "%zu", used), "The model takes no more; the first ones are used.");
    }
}

/* An asset to be uploaded, converted first where it must be. */
static int32_t upload(struct planning *plan, int32_t asset, const char *as, int picture)
{
    const struct kit *kit = &plan->call->kit;
    const struct gen_provider_asset *from = kit_asset(plan->call->task, (size_t)asset);
    const char *types = picture ? RUNWAY_IMAGE_TYPES : RUNWAY_VIDEO_TYPES;
    int64_t most = picture ? RUNWAY_MOST_IMAGE : RUNWAY_MOST_UPLOAD;
    int64_t longest = picture ? 0 : plan->duration_ms;
    int fits = kit_has_word(types, from->media_type);
    struct gen_node *row = kit->host->json_map(kit->arena);

    if (from->bytes > 0 && from->bytes < RUNWAY_LEAST_UPLOAD) {
        return refuse(plan, SAY(plan,
                                "the asset %s is smaller than 512 bytes, the least that "
                                "Runway takes",
                                from->id));
    }
    kit_set_integer(kit, row, "asset", asset);
    kit_set_text(kit, row, "as", as);
    kit->host->json_push(plan->uploads, row);
    if (!fits || from->bytes > most || (longest > 0 && from->duration_ms > longest)) {
        struct gen_provider_recipe *recipe = &plan->recipes[plan->recipe_count++];

        recipe->size = sizeof(*recipe);
        recipe->asset = asset;
        recipe->media_type = fits ? "" : picture ? "image/jpeg" : "video/mp4";
        recipe->max_bytes = most;
        recipe->max_duration_ms = longest;
    }
    return GEN_VERDICT_OK;
}

static int32_t plan_assets(struct planning *plan)
{
    int32_t verdict = GEN_VERDICT_OK;

    note_assets(plan);
    if (plan->picture >= 0) {
        verdict = upload(plan, plan->picture,
                         plan->row->kind == RUNWAY_PERFORMANCE        ? "character"
                         : (plan->row->fields & RUNWAY_POSITION) != 0 ? "first"
                                                                      : "promptImage",
                         1);
    }
    if (verdict == GEN_VERDICT_OK && plan->footage >= 0) {
        verdict = upload(plan, plan->footage,
                         plan->row->kind == RUNWAY_PERFORMANCE ? "reference" : "videoUri", 0);
    }
    return verdict;
}

/* ---------------------------------------------------------------- shape, length, words, sound -- */

/* Footage decides its shape itself; all else is ordered. */
static int32_t plan_shape(struct planning *plan)
{
    const struct gen_provider_task *task = plan->call->task;
    int32_t width = task->width, height = task->height;
    const struct gen_provider_asset *footage = plan->row->kind == RUNWAY_FOOTAGE
                                                   ? kit_asset(task, (size_t)plan->footage)
                                                   : NULL;

    if (footage != NULL && footage->width > 0 && footage->height > 0) {
        width = footage->width;
        height = footage->height;
    }
    plan->ratio = kit_nearest(plan->row->ratios, plan->row->ratio_count, width, height);
    if (plan->picture < 0 && footage == NULL &&
        plan->ratio >= plan->row->ratios + plan->row->text_ratios) {
        return refuse(plan, SAY(plan,
                                "%s renders %s only from a picture, and the scene has none: "
                                "without one it renders 1280:720 and 720:1280",
                                plan->model->name, plan->ratio->word));
    }
    if (plan->ratio->width != task->width || plan->ratio->height != task->height) {
        kit_note(&plan->call->kit, &plan->notes,
                 footage != NULL ? "scenes[0].assets" : "resolution",
                 SAY(plan, "%dx%d", task->width, task->height),
                 SAY(plan, "%dx%d", plan->ratio->width, plan->ratio->height),
                 footage != NULL ? "The footage keeps its shape."
                                 : "The nearest that this model renders.");
    }
    return GEN_VERDICT_OK;
}

static int32_t plan_duration(struct planning *plan)
{
    const struct gen_provider_model *model = plan->model;
    const struct gen_provider_asset *footage =
        plan->footage >= 0 ? kit_asset(plan->call->task, (size_t)plan->footage) : NULL;
    int64_t asked = plan->scene->duration_ms, given;

    if (model->duration_count > 0) {
        plan->duration_ms = kit_duration(model->durations_ms, model->duration_count, asked);
        kit_note_milliseconds(&plan->call->kit, &plan->notes, "duration", asked, plan->duration_ms,
                              plan->duration_ms < asked
                                  ? "The longest that this model renders."
                                  : "The next length that this model renders.");
        return GEN_VERDICT_OK;
    }
    given = asked > model->max_duration_ms ? model->max_duration_ms : asked;
    given = given < model->min_duration_ms ? model->min_duration_ms : given;
    if (footage != NULL && footage->duration_ms > 0 && footage->duration_ms < given) {
        given = footage->duration_ms;
    }
    if (given < model->min_duration_ms) {
        return refuse(plan, SAY(plan, "%s needs footage of at least %.3g s", model->name,
                                (double)model->min_duration_ms / 1000));
    }
    plan->duration_ms = given;
    kit_note_milliseconds(&plan->call->kit, &plan->notes, "duration", asked, given,
                          "The clip lasts as long as the footage, within what the model renders.");
    return GEN_VERDICT_OK;
}

static void plan_words(struct planning *plan)
{
    const struct kit *kit = &plan->call->kit;
    const struct gen_provider_scene *scene = plan->scene;
    const char *prompt = kit_prompt(kit, scene, plan->sound), *sent, *negative;
    int cut = 0;

    sent = kit_cut(kit, prompt, plan->model->max_prompt, &cut);
    if (cut) {
        kit_note(kit, &plan->notes, "prompt", SAY(plan, "%zu bytes", strlen(prompt)),
                 SAY(plan, "%zu bytes", strlen(sent)), "Runway takes 1000 characters.");
    }
    if (sent[0] != '\0' && plan->row->kind != RUNWAY_PERFORMANCE) {
        kit_set_text(kit, plan->body, "promptText", sent);
    }
    if (scene->negative_prompt[0] != '\0' && (plan->row->fields & RUNWAY_NEGATIVE) != 0) {
        negative = kit_cut(kit, scene->negative_prompt, plan->model->max_prompt, &cut);
        kit_set_text(kit, plan->body, "negativePrompt", negative);
    } else if (scene->negative_prompt[0] != '\0') {
        kit_note(kit, &plan->notes, "negativePrompt", "given", "left out",
                 "This model takes none.");
    }
    if (scene->dialogue[0] != '\0' && !plan->sound) {
        kit_note(kit, &plan->notes, "dialogue", "spoken", "not spoken here", "The clip is silent.");
    }
}

static void plan_sound(struct planning *plan)
{
    int32_t wanted = plan->call->settings->sound;

    plan->sound = (plan->row->fields & RUNWAY_AUDIO) != 0 &&
                  (wanted == RUNWAY_SOUND_ON ||
                   (wanted == RUNWAY_SOUND_AUTO && plan->scene->dialogue[0] != '\0'));
    if ((plan->row->fields & RUNWAY_AUDIO) != 0) {
        kit_set_truth(&plan->call->kit, plan->body, "audio", plan->sound);
    }
}

/* The rest of the body: all but links and seed, which are known only when it is sent. */
static void plan_rest(struct planning *plan)
{
    const struct kit *kit = &plan->call->kit;
    const struct runway_settings *settings = plan->call->settings;

    if (plan->row->kind != RUNWAY_FOOTAGE) {
        kit_set_text(kit, plan->body, "ratio", plan->ratio->word);
    }
    if (plan->row->kind < RUNWAY_FOOTAGE) {
        kit_set_integer(kit, plan->body, "duration", plan->duration_ms / 1000);
    }
    if (settings->figures[0] != '\0' && (plan->row->fields & RUNWAY_FIGURES) != 0) {
        kit_set_text(kit, kit_set_map(kit, plan->body, "contentModeration"),
                     "publicFigureThreshold", settings->figures);
    }
}

/* --------------------------------------------------------------------------- format and cost -- */

static int32_t plan_begin(const struct runway_call *call, struct planning *plan)
{
    const struct kit *kit = &call->kit;

    plan->call = call;
    plan->row = models_find(call->settings, call->task->model, &plan->model);
    if (plan->row == NULL) {
        return refuse(plan, SAY(plan, "there is no model \"%s\"", call->task->model));
    }
    if (call->task->scene_count == 0) {
        return refuse(plan, "there is no scene");
    }
    plan->scene = kit_scene(call->task, 0);
    plan->picture = kit_first_frame(call->task, plan->scene);
    plan->footage = kit_scene_asset(call->task, plan->scene, GEN_ROLE_VIDEO);
    plan->picture = plan->row->kind == RUNWAY_FOOTAGE ? -1 : plan->picture;
    plan->body = kit->host->json_map(kit->arena);
    plan->uploads = kit->host->json_list(kit->arena);
    plan->recipes = kit->host->alloc(kit->arena, 2 * sizeof(*plan->recipes));
    if (plan->body == NULL || plan->uploads == NULL || plan->recipes == NULL) {
        return kit_broken(call->message);
    }
    kit_set_text(kit, plan->body, "model", call->task->model);
    return check_assets(plan);
}

static int32_t plan_end(struct planning *plan, struct gen_provider_format *out)
{
    const struct kit *kit = &plan->call->kit;
    struct gen_node *parameters = kit->host->json_map(kit->arena);
    int32_t kind = plan->row->kind == RUNWAY_TEXT_OR_IMAGE && plan->picture >= 0 ? RUNWAY_IMAGE
                                                                                 : plan->row->kind;

    kit_set_text(kit, parameters, "path", paths[kind]);
    kit->host->json_set(kit->arena, parameters, "body", plan->body);
    kit_set_integer(kit, parameters, "durationMs", plan->duration_ms);
    kit_set_truth(kit, parameters, "seed", (plan->row->fields & RUNWAY_SEED) != 0);
    kit->host->json_set(kit->arena, parameters, "uploads", plan->uploads);
    out->parameters = parameters;
    out->width = plan->ratio->width;
    out->height = plan->ratio->height;
    out->frame_rate_milli = (int32_t)plan->call->settings->frame_rate_milli;
    out->duration_ms = plan->duration_ms;
    out->adjustments = plan->notes.list;
    out->adjustment_count = plan->notes.count;
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    out->recipes = plan->recipes;
    out->recipe_count = plan->recipe_count;
    out->recipe_size = sizeof(struct gen_provider_recipe);
    out->audio = plan->sound ? 1 : 2;
    return parameters != NULL ? GEN_VERDICT_OK : kit_broken(plan->call->message);
}

int32_t plan_format(const struct runway_call *call, struct gen_provider_format *out)
{
    struct planning plan = {.picture = -1, .footage = -1};
    int32_t verdict = plan_begin(call, &plan);

    /* Footage beside a picture that has no use for it is only noted. */
    if (verdict == GEN_VERDICT_OK && plan.row->kind < RUNWAY_FOOTAGE) {
        plan.footage = -1;
    }
    verdict = verdict == GEN_VERDICT_OK ? plan_shape(&plan) : verdict;
    verdict = verdict == GEN_VERDICT_OK ? plan_duration(&plan) : verdict;
    if (verdict != GEN_VERDICT_OK) {
        return verdict;
    }
    plan_sound(&plan);
    plan_words(&plan);
    plan_rest(&plan);
    verdict = plan_assets(&plan);
    return verdict == GEN_VERDICT_OK ? plan_end(&plan, out) : verdict;
}

int32_t plan_cost(const struct runway_call *call, const struct gen_node *prices,
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

size_t plan_uploads(const struct runway_call *call)
{
    const struct kit *kit = &call->kit;

    return kit->host->json_count(kit->host->json_get(call->task->parameters, "uploads"));
}

int32_t plan_upload_asset(const struct runway_call *call, size_t index)
{
    const struct gen_host *host = call->kit.host;
    const struct gen_node *row = host->json_at(host->json_get(call->task->parameters, "uploads"),
                                               index);
    int64_t asset = host->json_integer(host->json_get(row, "asset"), -1);

    return asset >= 0 && (size_t)asset < call->task->asset_count ? (int32_t)asset : -1;
}

const char *plan_path(const struct runway_call *call)
{
    return kit_text(&call->kit, call->task->parameters, "path");
}

/* Puts the link of one upload where it belongs. */
static void put_link(const struct kit *kit, struct gen_node *body, const char *as, const char *link)
{
    struct gen_node *map;

    if (kit_same(as, "first")) {
        map = kit->host->json_push(kit_set_list(kit, body, "promptImage"),
                                   kit->host->json_map(kit->arena));
        kit_set_text(kit, map, "uri", link);
        kit_set_text(kit, map, "position", "first");
    } else if (kit_same(as, "character") || kit_same(as, "reference")) {
        map = kit_set_map(kit, body, as);
        kit_set_text(kit, map, "type", kit_same(as, "character") ? "image" : "video");
        kit_set_text(kit, map, "uri", link);
    } else {
        kit_set_text(kit, body, as, link);
    }
}

const struct gen_node *plan_body(const struct runway_call *call, const struct gen_node *links)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *parameters = call->task->parameters;
    const struct gen_node *from = kit->host->json_get(parameters, "body");
    struct gen_node *body = from != NULL ? kit->host->json_copy(kit->arena, from) : NULL;
    size_t i, count = plan_uploads(call);

    if (kit->host->json_truth(kit->host->json_get(parameters, "seed"), 0)) {
        kit_set_integer(kit, body, "seed", call->task->seed & 0xFFFFFFFF);
    }
    for (i = 0; i < count; i++) {
        const struct gen_node *row = kit->host->json_at(kit->host->json_get(parameters, "uploads"),
                                                        i);

        put_link(kit, body, kit_text(kit, row, "as"),
                 kit->host->json_text(kit->host->json_at(links, i), ""));
    }
    return body;
}
