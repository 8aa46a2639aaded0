/* plan.c - see plan.h. */
#include "plan.h"

#include "names.h"
#include "template.h"

struct planning {
    const struct rest_call *call;
    const struct kit *kit;
    const struct rest_model *model;
    const struct gen_provider_scene *scene;
    int32_t picture; /* index of the asset, -1 = none */
    const struct kit_ratio *size;
    int64_t duration_ms;
    struct gen_node *parameters;
    struct kit_notes notes;
    struct gen_provider_recipe *recipe; /* NULL = the picture is taken as it is */
};

#define SAY(plan, ...) (plan)->kit->host->print((plan)->kit->arena, __VA_ARGS__)

static int32_t refuse(const struct planning *plan, const char *sentence)
{
    *plan->call->message = kit_or(sentence, "out of memory");
    return GEN_VERDICT_REFUSED;
}

/* ------------------------------------------------------------------------------------ assets -- */

static int32_t check_assets(struct planning *plan)
{
    const char *name = plan->model->name;
    size_t i, shown = 0;

    if (plan->call->task->scene_count != 1) {
        return refuse(plan, SAY(plan, "%s renders one scene at a time", name));
    }
    if (plan->model->pictures == REST_NEEDS_PICTURE && plan->picture < 0) {
        return refuse(plan, SAY(plan, "%s animates a picture, and the scene has none", name));
    }
    for (i = 0; i < plan->scene->asset_count; i++) {
        int32_t index = plan->scene->assets[i], role;

        if (index < 0 || (size_t)index >= plan->call->task->asset_count) {
            continue;
        }
        role = kit_asset(plan->call->task, (size_t)index)->role;
        if (role == GEN_ROLE_VIDEO && plan->picture < 0) {
            return refuse(plan, SAY(plan, "%s cannot show footage", name));
        }
        shown += role == GEN_ROLE_PICTURE || role == GEN_ROLE_FIRST_FRAME || role == GEN_ROLE_VIDEO;
    }
    if (shown > (size_t)(plan->picture >= 0)) {
        kit_note(plan->kit, &plan->notes, "assets", SAY(plan, "%zu", shown),
                 plan->picture >= 0 ? "1" : "0",
                 plan->picture >= 0 ? "The model takes one picture; the first is used."
                                    : "The model takes no pictures.");
    }
    return GEN_VERDICT_OK;
}

/* What the picture must be converted to. */
static int32_t plan_picture(struct planning *plan)
{
    const struct rest *rest = plan->call->rest;
    const struct gen_provider_asset *from;
    struct gen_provider_recipe *recipe;
    int fits;

    if (plan->picture < 0) {
        return GEN_VERDICT_OK;
    }
    from = kit_asset(plan->call->task, (size_t)plan->picture);
    fits = kit_has_word(rest->picture.types, from->media_type);
    recipe = plan->kit->host->alloc(plan->kit->arena, sizeof(*recipe));
    if (recipe == NULL) {
        return kit_broken(plan->call->message);
    }
    recipe->size = sizeof(*recipe);
    recipe->asset = plan->picture;
    recipe->media_type = fits ? ""
                         : kit_has_word(rest->picture.types, "image/jpeg")
                             ? "image/jpeg"
                             : SAY(plan, "%.*s", (int)strcspn(rest->picture.types, " "),
                                   rest->picture.types);
    recipe->max_bytes = rest->picture.bytes;
    recipe->max_width = recipe->max_height = (int32_t)rest->picture.most_side;
    recipe->min_width = recipe->min_height = (int32_t)rest->picture.least_side;
    plan->recipe = recipe;
    return GEN_VERDICT_OK;
}

/* ------------------------------------------------------------------- shape, length and words -- */

static void plan_shape(struct planning *plan)
{
    const struct gen_provider_task *task = plan->call->task;

    plan->size = kit_nearest(plan->model->sizes, plan->model->size_count, task->width,
                             task->height);
    if (plan->size->width != task->width || plan->size->height != task->height) {
        kit_note(plan->kit, &plan->notes, "resolution",
                 SAY(plan, "%dx%d", task->width, task->height),
                 SAY(plan, "%dx%d", plan->size->width, plan->size->height),
                 "The nearest that this model renders.");
    }
    kit_set_text(plan->kit, plan->parameters, "ratio", plan->size->word);
    kit_set_text(plan->kit, plan->parameters, "size",
                 SAY(plan, "%dx%d", plan->size->width, plan->size->height));
    kit_set_integer(plan->kit, plan->parameters, "width", plan->size->width);
    kit_set_integer(plan->kit, plan->parameters, "height", plan->size->height);
    kit_set_integer(plan->kit, plan->parameters, "frameRate", plan->model->frame_rate);
}

/* The length in milliseconds, and the row of the list that it is (0 in a range). */
static size_t choose_length(struct planning *plan)
{
    const struct rest_model *model = plan->model;
    int64_t asked = plan->scene->duration_ms, step = (int64_t)(model->step_s * 1000 + 0.5);
    int64_t least = (int64_t)(model->least_s * 1000 + 0.5);
    int64_t most = (int64_t)(model->most_s * 1000 + 0.5);
    size_t i;

    if (model->duration_count > 0) {
        plan->duration_ms = kit_duration(model->durations, model->duration_count, asked);
        for (i = 0; i + 1 < model->duration_count && model->durations[i] != plan->duration_ms;
             i++) {
        }
        return i;
    }
    asked = asked < least ? least : asked > most ? most : asked;
    asked = least + (asked - least + step - 1) / step * step;
    plan->duration_ms = asked > most ? most : asked;
    return 0;
}

static struct gen_node *seconds_node(const struct planning *plan)
{
    const struct gen_host *host = plan->kit->host;

    return plan->duration_ms % 1000 == 0
               ? host->json_new_integer(plan->kit->arena, plan->duration_ms / 1000)
               : host->json_new_number(plan->kit->arena, (double)plan->duration_ms / 1000);
}

/* `duration` as this model wants it: spelled in the list, by durationAs, or the number. */
static void plan_length(struct planning *plan)
{
    const struct gen_host *host = plan->kit->host;
    const struct rest_model *model = plan->model;
    size_t row = choose_length(plan);
    struct gen_node *spelled;

    kit_note_milliseconds(
        plan->kit, &plan->notes, "duration", plan->scene->duration_ms, plan->duration_ms,
        plan->duration_ms < plan->scene->duration_ms ? "The longest that this model renders."
                                                     : "The next length that this model renders.");
    host->json_set(plan->kit->arena, plan->parameters, "seconds", seconds_node(plan));
    kit_set_integer(plan->kit, plan->parameters, "durationMs", plan->duration_ms);
    if (model->spelled != NULL && model->spelled[row] != NULL) {
        spelled = host->json_copy(plan->kit->arena, model->spelled[row]);
    } else if (model->duration_as != NULL) {
        struct names_from from = {.kit = plan->kit,
                                  .rest = plan->call->rest,
                                  .model = model,
                                  .task = plan->call->task,
                                  .parameters = plan->parameters};

        spelled = template_fill(&from, host->json_new_text(plan->kit->arena, model->duration_as));
    } else {
        spelled = seconds_node(plan);
    }
    host->json_set(plan->kit->arena, plan->parameters, "duration", spelled);
}

static int32_t plan_words(struct planning *plan)
{
    const struct gen_provider_scene *scene = plan->scene;
    uint32_t sends = plan->call->rest->sends;
    const char *prompt, *sent;
    int cut = 0;

    prompt = kit_prompt(plan->kit, scene,
                        plan->model->audio && (sends & NAMES_SENDS_DIALOGUE) == 0);
    sent = kit_cut(plan->kit, prompt, (int32_t)plan->model->max_prompt, &cut);
    if (sent[0] == '\0' && (sends & NAMES_SENDS_PROMPT) != 0 && plan->picture < 0) {
        return refuse(plan,
                      SAY(plan, "%s needs a prompt, and the scene has none", plan->model->name));
    }
    if (cut) {
        kit_note(plan->kit, &plan->notes, "prompt", SAY(plan, "%zu bytes", strlen(prompt)),
                 SAY(plan, "%zu bytes", strlen(sent)), "The model takes no longer prompt.");
    }
    if (sent[0] != '\0') {
        kit_set_text(plan->kit, plan->parameters, "prompt", sent);
    }
    if (scene->negative_prompt[0] != '\0' && (sends & NAMES_SENDS_NEGATIVE) != 0) {
        kit_set_text(
            plan->kit, plan->parameters, "negativePrompt",
            kit_cut(plan->kit, scene->negative_prompt, (int32_t)plan->model->max_prompt, &cut));
    } else if (scene->negative_prompt[0] != '\0') {
        kit_note(plan->kit, &plan->notes, "negativePrompt", "given", "left out",
                 "This provider takes none.");
    }
    if (scene->dialogue[0] != '\0' && !plan->model->audio && (sends & NAMES_SENDS_DIALOGUE) == 0) {
        kit_note(plan->kit, &plan->notes, "dialogue", "spoken", "not spoken here",
                 "The clip is silent.");
    }
    return GEN_VERDICT_OK;
}

/* ---------------------------------------------------------------------------- format and cost
 * -- */

static void plan_end(struct planning *plan, struct gen_provider_format *out)
{
    out->parameters = plan->parameters;
    out->width = plan->size->width;
    out->height = plan->size->height;
    out->frame_rate_milli = (int32_t)(plan->model->frame_rate * 1000);
    out->duration_ms = plan->duration_ms;
    out->adjustments = plan->notes.list;
    out->adjustment_count = plan->notes.count;
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    out->recipes = plan->recipe;
    out->recipe_count = plan->recipe != NULL;
    out->recipe_size = sizeof(struct gen_provider_recipe);
    out->audio = plan->model->audio ? 1 : 2;
}

int32_t plan_format(const struct rest_call *call, struct gen_provider_format *out)
{
    struct planning plan = {.call = call, .kit = &call->kit, .picture = -1};
    int32_t verdict;

    plan.model = description_model(call->rest, call->task->model);
    plan.parameters = call->kit.host->json_map(call->kit.arena);
    if (plan.model == NULL || call->task->scene_count == 0) {
        return refuse(&plan, plan.model == NULL
                                 ? SAY(&plan, "there is no model \"%s\"", call->task->model)
                                 : "there is no scene");
    }
    plan.scene = kit_scene(call->task, 0);
    plan.picture = names_picture(plan.model, call->task);
    verdict = check_assets(&plan);
    verdict = verdict == GEN_VERDICT_OK ? plan_picture(&plan) : verdict;
    verdict = verdict == GEN_VERDICT_OK ? plan_words(&plan) : verdict;
    if (verdict != GEN_VERDICT_OK) {
        return verdict;
    }
    plan_shape(&plan);
    plan_length(&plan);
    if (plan.parameters == NULL) {
        return kit_broken(call->message);
    }
    plan_end(&plan, out);
    return GEN_VERDICT_OK;
}

int32_t plan_cost(const struct rest_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out)
{
    const struct gen_host *host = call->kit.host;
    int64_t ms = host->json_integer(host->json_get(call->task->parameters, "durationMs"), 0);

    kit_cost(&call->kit, prices, ms, ms, out);
    out->known = out->known && ms > 0;
    return GEN_VERDICT_OK;
}
