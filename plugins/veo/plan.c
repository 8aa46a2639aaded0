/* plan.c - see plan.h. */
#include "plan.h"

enum { VEO_FRAME_RATE_MILLI = 24000, VEO_MOST_PROMPT = 4000 };

struct draft { /* a plan while it is made */
    const struct veo_call *call;
    const struct gen_provider_scene *scene;
    struct veo_plan plan;
    const struct kit_ratio *shape;
    struct kit_notes notes;
    struct gen_provider_recipe *recipe; /* room for one */
    size_t recipe_count;
};

static int32_t refuse(const struct veo_call *call, const char *sentence)
{
    *call->message = sentence != NULL ? sentence : "this cannot be rendered";
    return GEN_VERDICT_REFUSED;
}

static void note(struct draft *draft, const char *field, const char *from, const char *to,
                 const char *reason)
{
    kit_note(&draft->call->kit, &draft->notes, field, from, to, reason);
}

const char *plan_prompt(const struct veo_call *call, const struct veo_plan *plan, int *cut)
{
    const char *text = kit_prompt(&call->kit, kit_scene(call->task, 0),
                                  call->settings->speaks && plan->audio);

    return kit_cut(&call->kit, text, plan->model->surface == VEO_VERTEX ? VEO_MOST_PROMPT : 0, cut);
}

static int32_t plan_words(struct draft *draft)
{
    const struct gen_provider_scene *scene = draft->scene;
    int cut = 0;

    if (plan_prompt(draft->call, &draft->plan, &cut)[0] == '\0') {
        return refuse(draft->call, "the scene has no prompt");
    }
    if (cut) {
        note(draft, "prompt", "longer", "4000 characters", "This model takes no longer prompt.");
    }
    if (scene->dialogue[0] != '\0' && !(draft->call->settings->speaks && draft->plan.audio)) {
        note(draft, "dialogue", "spoken", "left out",
             "The words are not given to this model; settings.speakDialogue does.");
    }
    if (scene->negative_prompt[0] != '\0' && draft->plan.model->surface == VEO_OMNI) {
        note(draft, "negativePrompt", "given", "left out", "Gemini Omni takes none.");
    }
    return GEN_VERDICT_OK;
}

static void plan_duration(struct draft *draft)
{
    const struct veo_model *model = draft->plan.model;
    int64_t asked = draft->scene->duration_ms;

    draft->plan.duration_ms = model->durations != NULL
                                  ? kit_duration(model->durations, model->duration_count, asked)
                              : asked < model->least_ms ? model->least_ms
                              : asked > model->most_ms  ? model->most_ms
                                                        : asked;
    kit_note_milliseconds(&draft->call->kit, &draft->notes, "duration", asked,
                          draft->plan.duration_ms,
                          model->durations != NULL ? "This model renders 4, 6 or 8 seconds."
                                                   : "The nearest length that this model renders.");
}

static void plan_shape(struct draft *draft)
{
    const struct gen_provider_task *task = draft->call->task;
    const struct kit *kit = &draft->call->kit;

    draft->shape = kit_nearest(draft->plan.model->shapes, draft->plan.model->shape_count,
                               task->width, task->height);
    draft->plan.aspect = draft->shape->word;
    draft->plan.resolution = models_resolution(draft->shape);
    if (draft->shape->width != task->width || draft->shape->height != task->height) {
        note(draft, "resolution", kit->host->print(kit->arena, "%dx%d", task->width, task->height),
             kit->host->print(kit->arena, "%dx%d", draft->shape->width, draft->shape->height),
             "The nearest size that this model renders.");
    }
    if (task->frame_rate_milli != VEO_FRAME_RATE_MILLI) {
        note(draft, "frameRate",
             kit->host->print(kit->arena, "%.5g", (double)task->frame_rate_milli / 1000), "24",
             "This model renders 24 frames a second.");
    }
}

static void plan_picture(struct draft *draft)
{
    const struct gen_provider_task *task = draft->call->task;
    int32_t picture = kit_first_frame(task, draft->scene);
    const char *type = picture >= 0 ? kit_asset(task, (size_t)picture)->media_type : "";
    int kept = kit_same(type, "image/png") || kit_same(type, "image/jpeg");
    size_t i, seen = 0;

    draft->plan.picture = picture;
    for (i = 0; i < draft->scene->asset_count; i++) {
        seen += draft->scene->assets[i] != picture;
    }
    if (seen > 0) {
        note(draft, "assets", "several", picture >= 0 ? "the first picture" : "none",
             "This model starts from one picture and takes nothing else here.");
    }
    if (picture >= 0) {
        draft->recipe->size = sizeof(*draft->recipe);
        draft->recipe->asset = picture;
        draft->recipe->media_type = kept ? "" : "image/jpeg";
        draft->recipe->max_width = draft->recipe->max_height = 3840;
        draft->recipe->max_bytes = 20000000;
        draft->recipe_count = 1;
    }
}

static struct gen_node *plan_write(const struct draft *draft)
{
    const struct kit *kit = &draft->call->kit;
    const struct veo_plan *plan = &draft->plan;
    struct gen_node *map = kit->host->json_map(kit->arena);

    kit_set_text(kit, map, "surface", plan->model->surface == VEO_OMNI ? "omni" : "vertex");
    kit_set_text(kit, map, "aspectRatio", plan->aspect);
    kit_set_text(kit, map, "resolution", plan->resolution);
    kit_set_integer(kit, map, "durationMs", plan->duration_ms);
    kit_set_integer(kit, map, "picture", plan->picture);
    kit_set_truth(kit, map, "audio", plan->audio);
    return map;
}

static int32_t plan_possible(const struct veo_call *call, const struct veo_plan *plan)
{
    const char *replacement;

    if (plan->model == NULL) {
        replacement = models_replacement(call->task->model);
        return refuse(call,
                      replacement != NULL
                          ? call->kit.host->print(call->kit.arena, "%s is no longer served; use %s",
                                                  call->task->model, replacement)
                          : "there is no such model");
    }
    if (call->task->scene_count != 1) {
        return refuse(call, "this model renders one scene a shot");
    }
    if (plan->model->surface == VEO_VERTEX && call->settings->project[0] == '\0') {
        return refuse(call, "Veo on Vertex AI needs settings.project in the policy file of veo");
    }
    return GEN_VERDICT_OK;
}

int32_t plan_format(const struct veo_call *call, struct gen_provider_format *out)
{
    const struct kit *kit = &call->kit;
    struct draft draft = {.call = call, .scene = kit_scene(call->task, 0)};
    int32_t verdict;

    draft.plan.model = models_find(call->settings, call->task->model);
    draft.recipe = kit->host->alloc(kit->arena, sizeof(*draft.recipe));
    if (draft.recipe == NULL) {
        return kit_broken(call->message);
    }
    verdict = plan_possible(call, &draft.plan);
    if (verdict == GEN_VERDICT_OK) {
        draft.plan.audio = draft.plan.model->surface == VEO_OMNI || call->settings->audio;
        verdict = plan_words(&draft);
    }
    if (verdict != GEN_VERDICT_OK) {
        return verdict;
    }
    plan_duration(&draft);
    plan_shape(&draft);
    plan_picture(&draft);
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    out->recipe_size = sizeof(struct gen_provider_recipe);
    out->width = draft.shape->width;
    out->height = draft.shape->height;
    out->frame_rate_milli = VEO_FRAME_RATE_MILLI;
    out->duration_ms = draft.plan.duration_ms;
    out->parameters = plan_write(&draft);
    out->adjustments = draft.notes.list;
    out->adjustment_count = draft.notes.count;
    out->recipes = draft.recipe;
    out->recipe_count = draft.recipe_count;
    out->audio = draft.plan.audio ? 1 : 2;
    return out->parameters != NULL ? GEN_VERDICT_OK : kit_broken(call->message);
}

int plan_read(const struct veo_call *call, struct veo_plan *out)
{
    const struct gen_node *from = call->task->parameters;
    const struct gen_host *host = call->kit.host;
    int64_t picture = host->json_integer(host->json_get(from, "picture"), -1);

    *out = (struct veo_plan){
        .model = models_find(call->settings, call->task->model),
        .aspect = kit_text(&call->kit, from, "aspectRatio"),
        .resolution = kit_text(&call->kit, from, "resolution"),
        .duration_ms = host->json_integer(host->json_get(from, "durationMs"), 0),
        .picture = picture >= 0 && (size_t)picture < call->task->asset_count ? (int32_t)picture
                                                                             : -1,
        .audio = host->json_truth(host->json_get(from, "audio"), 0),
    };
    return out->model != NULL && call->task->scene_count == 1 && out->aspect[0] != '\0' &&
           out->resolution[0] != '\0' && out->duration_ms > 0 && out->duration_ms <= 60000 &&
           kit_same(kit_text(&call->kit, from, "surface"),
                    out->model->surface == VEO_OMNI ? "omni" : "vertex");
}

int32_t plan_cost(const struct veo_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out)
{
    struct veo_plan plan;

    if (!plan_read(call, &plan)) {
        return refuse(call, "the parameters of this shot are not those of this plugin");
    }
    kit_cost(&call->kit, prices, plan.duration_ms, plan.duration_ms, out);
    return GEN_VERDICT_OK;
}
