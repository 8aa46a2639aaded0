/* quotation.c - see quotation.h. */
#include "engine/quotation.h"

#include "decide/price_book.h"

#include "decide/slicing.h"
#include "engine/excerpt.h"
#include "engine/pricing.h"

#include <string.h>

void gen_quotation_shot(const struct gen_quotation *quotation, const struct gen_model *model,
                        enum gen_shot_role role, size_t first_scene, size_t scene_count,
                        struct gen_shot *shot)
{
    *shot = (struct gen_shot){.role = role,
                              .provider = gen_arena_strdup(quotation->arena, model->provider),
                              .model = gen_arena_strdup(quotation->arena, model->id),
                              .model_flags = model->traits,
                              .first_scene = first_scene,
                              .scene_count = scene_count,
                              .parameters = "",
                              .queue_position = -1,
                              .note = "",
                              .clip = "",
                              .attempt_count = 1};
    shot->attempt = (struct gen_attempt){.ordinal = 1,
                                         .state = GEN_ATTEMPT_PLANNED,
                                         .handle = "",
                                         .step_state = "",
                                         .reported = -1,
                                         .started_at = quotation->now,
                                         .failure_code = "",
                                         .failure_message = "",
                                         .failure_field = ""};
    gen_random_ident(quotation->options->random, GEN_IDENT_SHOT, quotation->now, &shot->id);
    gen_random_ident(quotation->options->random, GEN_IDENT_ATTEMPT, quotation->now,
                     &shot->attempt.id);
    gen_random_fill(quotation->options->random, (uint8_t *)&shot->attempt.seed, 4);
}

/* Why the asset is not yet as the recipe wants it; NULL: it is. Nobody has taught the engine to convert
 * assets, so what is not is refused here, where it costs nothing. */
static const char *quotation_unfit(const struct gen_recipe *recipe, const struct gen_asset *asset)
{
    if (recipe->media_type[0] != '\0' && strcmp(recipe->media_type, asset->media_type) != 0) {
        return "of another type";
    }
    if ((recipe->max_width > 0 && asset->width > recipe->max_width) ||
        (recipe->max_height > 0 && asset->height > recipe->max_height) ||
        (recipe->max_bytes > 0 && asset->size > recipe->max_bytes)) {
        return "smaller";
    }
    if (asset->width < recipe->min_width || asset->height < recipe->min_height) {
        return "larger";
    }
    if (recipe->max_duration_ms > 0 && asset->duration_ms > recipe->max_duration_ms) {
        return "shorter";
    }
    return NULL;
}

static enum gen_status quotation_recipes(const struct gen_task *task, const struct gen_shot *shot,
                                         const struct gen_formatted *formatted,
                                         struct gen_error *err)
{
    for (size_t i = 0; i < formatted->recipe_count; i++) {
        const struct gen_recipe *recipe = &formatted->recipes[i];
        const struct gen_asset *asset =
            recipe->asset < task->asset_count
                ? &task->assets[recipe->asset]
                : &shot->supplies[recipe->asset - task->asset_count].asset;
        const char *unfit = quotation_unfit(recipe, asset);

        if (unfit != NULL) {
            return gen_error_set(err, GEN_EUNSUPPORTED,
                                 "needs the file %.80s to be %s (%s%sat most %dx%d and %lld bytes)",
                                 asset->name[0] == '\0' ? "of the scene before" : asset->name,
                                 unfit, recipe->media_type, recipe->media_type[0] != 0 ? ", " : "",
                                 recipe->max_width, recipe->max_height,
                                 (long long)recipe->max_bytes);
        }
    }
    return GEN_OK;
}

static enum gen_status quotation_format(const struct gen_quotation *quotation,
                                        const struct gen_hosted *hosted,
                                        const struct gen_task *task, struct gen_shot *shot,
                                        struct gen_quoted *plan, struct gen_formatted *formatted,
                                        struct gen_error *err)
{
    enum gen_status status = gen_hosted_format(hosted, task, quotation->arena, formatted, err);

    if (status != GEN_OK) {
        return status;
    }
    status = quotation_recipes(task, shot, formatted, err);
    if (status != GEN_OK) {
        return status;
    }
    shot->parameters = formatted->parameters;
    shot->width = formatted->width;
    shot->height = formatted->height;
    shot->frame_rate_milli = formatted->frame_rate_milli;
    shot->duration_ms = formatted->duration_ms;
    for (const struct gen_node *item = gen_node_first(formatted->adjustments); item != NULL;
         item = item->next) {
        gen_node_push(plan->adjustments, gen_node_copy(quotation->arena, item));
    }
    return GEN_OK;
}

static int64_t quotation_volume(const struct gen_quotation *quotation, const char *provider)
{
    const struct gen_provider_state *state =
        quotation->snapshot == NULL ? NULL : gen_snapshot_provider(quotation->snapshot, provider);

    return state == NULL ? 0 : state->volume_s;
}

/* What the render can become where its price depends on the hour: it may wait for its turn. */
static enum gen_status quotation_worst(const struct gen_quotation *quotation,
                                       const struct gen_hosted *hosted, const struct gen_task *task,
                                       const struct gen_pricing *pricing, gen_micros *most,
                                       struct gen_error *err)
{
    struct gen_priced worst = {0};
    enum gen_status status;

    if (pricing->dearest_document == NULL || pricing->dearest == pricing->row) {
        return GEN_OK;
    }
    status = gen_hosted_cost(hosted, task, pricing->dearest_document, quotation->arena, &worst,
                             err);
    if (status == GEN_OK && worst.known && worst.most > *most) {
        *most = worst.most;
    }
    return status;
}

/* Bills of late were above the price list: what is expected and held must cover what was seen. */
static void quotation_raise(const struct gen_quotation *quotation, const struct gen_model *model,
                            struct gen_shot *shot, struct gen_priced *priced)
{
    const struct gen_model_state *state = quotation->snapshot == NULL
                                              ? NULL
                                              : gen_snapshot_model(quotation->snapshot,
                                                                   model->provider, model->id);
    gen_micros list = priced->price;

    shot->book = 0;
    if (priced->known && state != NULL &&
        gen_price_book_raise(state->bill_ppm, &priced->price, &priced->most)) {
        shot->book = list;
        priced->exact = false;
        priced->basis =
            gen_arena_printf(quotation->arena, "%s%sbills of late up to %.2f times the price list",
                             priced->basis == NULL ? "" : priced->basis,
                             priced->basis == NULL ? "" : ", and ", (double)state->bill_ppm / 1e6);
    }
}

enum gen_status gen_quotation_price(const struct gen_quotation *quotation,
                                    const struct gen_model *model, size_t variation,
                                    struct gen_quoted *plan, struct gen_shot *shot,
                                    struct gen_quote *out, struct gen_error *err)
{
    const struct gen_hosted *hosted = gen_loader_find(quotation->options->loader, model->provider);
    struct gen_excerpt_source source = {.brief = quotation->brief,
                                        .shots = plan->shots,
                                        .shot_count = plan->shot_count,
                                        .finished = quotation->finished,
                                        .assets = quotation->assets,
                                        .asset_count = quotation->asset_count};
    struct gen_task task = {.variation = gen_brief_variation(quotation->brief, variation),
                            .shot = shot,
                            .model = model->id,
                            .now = quotation->now};
    struct gen_formatted formatted = {0};
    struct gen_pricing pricing = {0};
    struct gen_priced priced = {0};
    struct gen_excerpt excerpt;
    enum gen_status status;

    if (hosted == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND, "is not loaded");
    }
    status = gen_excerpt_of(&source, shot, quotation->arena, &excerpt, err);
    if (status != GEN_OK) {
        return status;
    }
    task.brief = excerpt.brief;
    task.assets = excerpt.assets;
    task.asset_count = excerpt.asset_count;
    status = quotation_format(quotation, hosted, &task, shot, plan, &formatted, err);
    if (status == GEN_OK) {
        gen_pricing_find(quotation->options, quotation->policy, model, &formatted, quotation->now,
                         quotation_volume(quotation, model->provider), quotation->arena, &pricing);
        status = gen_hosted_cost(hosted, &task, pricing.document, quotation->arena, &priced, err);
    }
    if (status == GEN_OK && !priced.known) {
        status = gen_pricing_by_row(&pricing, quotation->arena, &priced, err);
    } else if (status == GEN_OK) {
        status = quotation_worst(quotation, hosted, &task, &pricing, &priced.most, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    quotation_raise(quotation, model, shot, &priced);
    shot->price = priced.price;
    shot->most = priced.most;
    shot->price_exact = priced.known && priced.exact;
    out->known = out->known && priced.known;
    out->exact = out->exact && shot->price_exact;
    out->basis = priced.basis != NULL ? priced.basis : "";
    if (!gen_money_add(&out->price, out->price, shot->price) ||
        !gen_money_add(&out->most, out->most, shot->most)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    return GEN_OK;
}

/* ---------------------------------------------------------------------------------- slices -- */

static void quotation_adjust(const struct gen_quotation *quotation, struct gen_quoted *plan,
                             size_t scene, const char *from, const char *to, const char *reason)
{
    struct gen_arena *arena = quotation->arena;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "field",
                 gen_node_string(arena, gen_arena_printf(arena, "scenes[%zu].duration", scene)));
    gen_node_set(arena, map, "from", gen_node_string(arena, from));
    gen_node_set(arena, map, "to", gen_node_string(arena, to));
    gen_node_set(arena, map, "reason", gen_node_string(arena, reason));
    gen_node_push(plan->adjustments, map);
}

/* What is done about a scene that is not as long as one of the model's lengths. */
static void quotation_tell(const struct gen_quotation *quotation, const struct gen_model *model,
                           struct gen_quoted *plan, size_t scene, const struct gen_slice *slices,
                           size_t count)
{
    struct gen_arena *arena = quotation->arena;
    double seconds = (double)gen_brief_scene(quotation->brief, scene)->duration_ms / 1000.0;
    const char *from = gen_arena_printf(arena, "%g s", seconds);
    double ordered = 0;

    for (size_t i = 0; i < count; i++) {
        ordered += (double)slices[i].ordered_ms / 1000.0;
    }
    if (count > 1) {
        quotation_adjust(quotation, plan, scene, from,
                         gen_arena_printf(arena, "%zu calls, together %g s", count, ordered),
                         (model->traits & GEN_TRAIT_FIRST_FRAME) != 0
                             ? "The model renders less at once; each part goes on from the last "
                               "picture of the one before."
                             : "The model renders less at once; the parts are shown one after the "
                               "other.");
    } else if (ordered > seconds) {
        quotation_adjust(quotation, plan, scene, from, gen_arena_printf(arena, "%g s", ordered),
                         "The model renders no shorter length; what is too long is trimmed.");
    }
}

/* The last frame of the slice before, as it will come. */
static void quotation_chain(const struct gen_quotation *quotation, struct gen_shot *shot)
{
    const struct gen_shot *before = shot - 1;
    struct gen_supply *supply = gen_arena_alloc(quotation->arena, sizeof *supply);

    if (supply == NULL) {
        return;
    }
    supply->scene = shot->first_scene;
    supply->asset = (struct gen_asset){.organization = "",
                                       .digest = "",
                                       .name = "",
                                       .kind = GEN_SUPPLY_FRAME,
                                       .media_type = "image/png",
                                       .width = before->width,
                                       .height = before->height,
                                       .created_at = quotation->now};
    gen_random_ident(quotation->options->random, GEN_IDENT_ASSET, quotation->now,
                     &supply->asset.id);
    shot->supplies = supply;
    shot->supply_count = 1;
    shot->attempt.seed = before->attempt.seed;
}

/* Its clip carries the words of its scene when there are any and the model says them. */
static bool quotation_speaks(const struct gen_quotation *quotation, const struct gen_model *model,
                             size_t scene)
{
    const struct gen_scene *it = gen_brief_scene(quotation->brief, scene);

    return (it->dialogue != NULL || it->voice != NULL) && (model->traits & GEN_TRAIT_AUDIO) != 0 &&
           (model->needs & (GEN_NEEDS_VOICE | GEN_NEEDS_LIP_SYNC | GEN_NEEDS_AVATAR)) != 0;
}

/* The shots of one scene, appended to the plan, which has room for them. */
static enum gen_status quotation_scene(const struct gen_quotation *quotation,
                                       const struct gen_contender *contender,
                                       struct gen_quoted *plan, size_t scene, struct gen_quote *out,
                                       struct gen_error *err)
{
    const struct gen_model *model = contender->model;
    struct gen_slice slices[GEN_SLICING_MOST];
    size_t count = gen_slicing_plan(model, gen_brief_scene(quotation->brief, scene)->duration_ms,
                                    slices);
    enum gen_status status = GEN_OK;

    quotation_tell(quotation, model, plan, scene, slices, count);
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_shot *shot = &plan->shots[plan->shot_count];

        gen_quotation_shot(quotation, model, GEN_SHOT_SCENE, scene, 1, shot);
        shot->from_ms = slices[i].from_ms;
        shot->shown_ms = slices[i].shown_ms;
        shot->ordered_ms = slices[i].ordered_ms;
        shot->speaks = quotation_speaks(quotation, model, scene);
        if (i > 0 && (model->traits & GEN_TRAIT_FIRST_FRAME) != 0) {
            quotation_chain(quotation, shot);
        }
        plan->shot_count++;
        status = gen_quotation_price(quotation, model, contender->variation, plan, shot, out, err);
    }
    return status;
}

/* How many shots the contender takes. */
static size_t quotation_count(const struct gen_quotation *quotation,
                              const struct gen_contender *contender)
{
    struct gen_slice slices[GEN_SLICING_MOST];
    size_t count = 0;

    for (size_t i = 0; i < contender->scene_count; i++) {
        int64_t duration_ms =
            gen_brief_scene(quotation->brief, contender->first_scene + i)->duration_ms;

        count += gen_slicing_plan(contender->model, duration_ms, slices);
    }
    return count;
}

enum gen_status gen_quotation_quote(void *context, const struct gen_contender *contender,
                                    struct gen_quote *out, struct gen_error *err)
{
    const struct gen_quotation *quotation = context;
    const struct gen_model *model = contender->model;
    bool whole = (model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
    size_t most = whole ? 1 : quotation_count(quotation, contender);
    struct gen_quoted *plan = gen_arena_alloc(quotation->arena, sizeof *plan);
    enum gen_status status = GEN_OK;

    if (plan != NULL) {
        plan->shots = gen_arena_array(quotation->arena, most + 1, sizeof *plan->shots);
        plan->adjustments = gen_node_list(quotation->arena);
    }
    if (plan == NULL || plan->shots == NULL || plan->adjustments == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = (struct gen_quote){.known = true, .exact = true, .basis = "", .plan = plan};
    if (whole) {
        enum gen_shot_role role = contender->scene_count == quotation->brief->scenes.count
                                      ? GEN_SHOT_WHOLE
                                      : GEN_SHOT_SCENE;

        gen_quotation_shot(quotation, model, role, contender->first_scene, contender->scene_count,
                           &plan->shots[plan->shot_count++]);
        status = gen_quotation_price(quotation, model, contender->variation, plan, plan->shots, out,
                                     err);
    }
    for (size_t i = 0; !whole && i < contender->scene_count && status == GEN_OK; i++) {
        status = quotation_scene(quotation, contender, plan, contender->first_scene + i, out, err);
    }
    out->shots = plan->shot_count;
    if (status == GEN_OK && gen_arena_failed(quotation->arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status;
}
