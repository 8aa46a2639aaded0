/* quotation.c - see quotation.h. */
#include "engine/quotation.h"

static void quotation_shot(const struct gen_quotation *quotation, struct gen_shot *shot,
                           size_t first, size_t count)
{
    *shot = (struct gen_shot){.first_scene = first,
                              .scene_count = count,
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

/* The provider's file in the policies, where it has prices; else what gend.yaml says. */
static const struct gen_node *quotation_book(const struct gen_quotation *quotation,
                                             const struct gen_provider_policy *provider,
                                             const char *id)
{
    return provider != NULL && provider->prices.count > 0
               ? provider->document
               : gen_node_get(quotation->options->prices, id);
}

static enum gen_status quotation_format(const struct gen_quotation *quotation,
                                        const struct gen_hosted *hosted,
                                        const struct gen_task *task, struct gen_shot *shot,
                                        struct gen_quoted *plan, struct gen_error *err)
{
    struct gen_formatted formatted = {0};
    enum gen_status status = gen_hosted_format(hosted, task, quotation->arena, &formatted, err);

    if (status != GEN_OK) {
        return status;
    }
    if (formatted.recipe_count > 0) { /* nobody has taught the engine to convert assets yet */
        return gen_error_set(err, GEN_EUNSUPPORTED, "needs an asset to be converted first");
    }
    shot->parameters = formatted.parameters;
    shot->width = formatted.width;
    shot->height = formatted.height;
    shot->frame_rate_milli = formatted.frame_rate_milli;
    shot->duration_ms = formatted.duration_ms;
    for (const struct gen_node *item = gen_node_first(formatted.adjustments); item != NULL;
         item = item->next) {
        gen_node_push(plan->adjustments, gen_node_copy(quotation->arena, item));
    }
    return GEN_OK;
}

static enum gen_status quotation_from_book(const struct gen_quotation *quotation,
                                           const struct gen_provider_policy *provider,
                                           const struct gen_model *model,
                                           const struct gen_shot *shot, struct gen_priced *priced,
                                           struct gen_error *err)
{
    struct gen_price_task task = {.model = model->id,
                                  .width = shot->width,
                                  .height = shot->height,
                                  .audio = (model->traits & GEN_TRAIT_AUDIO) != 0,
                                  .duration_ms = shot->duration_ms,
                                  .now = quotation->now};
    const struct gen_price *row = provider == NULL ? NULL : gen_price_find(provider, &task);
    enum gen_status status;

    if (row == NULL) {
        return GEN_OK; /* still not known */
    }
    status = gen_price_of(row, &task, &priced->price, err);
    priced->known = status == GEN_OK;
    priced->exact = !row->estimate;
    priced->most = priced->price;
    priced->basis = gen_arena_printf(quotation->arena, "price book of %s", provider->id);
    return status;
}

/* Formats and prices one shot; adds it to the quote. */
static enum gen_status quotation_price(const struct gen_quotation *quotation,
                                       const struct gen_contender *contender,
                                       const struct gen_hosted *hosted, struct gen_shot *shot,
                                       struct gen_quote *out, struct gen_error *err)
{
    const struct gen_model *model = contender->model;
    const struct gen_provider_policy *provider = gen_policy_provider(quotation->policy,
                                                                     model->provider);
    struct gen_task task = {
        .brief = quotation->brief,
        .variation = gen_brief_variation(quotation->brief, contender->variation),
        .shot = shot,
        .model = model->id,
        .assets = quotation->assets,
        .asset_count = quotation->asset_count,
        .now = quotation->now};
    struct gen_priced priced = {0};
    enum gen_status status = quotation_format(quotation, hosted, &task, shot, out->plan, err);

    if (status == GEN_OK) {
        status = gen_hosted_cost(hosted, &task,
                                 quotation_book(quotation, provider, model->provider),
                                 quotation->arena, &priced, err);
    }
    if (status == GEN_OK && !priced.known) {
        status = quotation_from_book(quotation, provider, model, shot, &priced, err);
    }
    if (status != GEN_OK) {
        return status;
    }
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

enum gen_status gen_quotation_quote(void *context, const struct gen_contender *contender,
                                    struct gen_quote *out, struct gen_error *err)
{
    const struct gen_quotation *quotation = context;
    const struct gen_hosted *hosted = gen_loader_find(quotation->options->loader,
                                                      contender->model->provider);
    bool whole = (contender->model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
    struct gen_quoted *plan = gen_arena_alloc(quotation->arena, sizeof *plan);
    enum gen_status status = GEN_OK;

    if (hosted == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND, "is not loaded");
    }
    if (plan != NULL) {
        plan->shot_count = whole ? 1 : contender->scene_count;
        plan->shots = gen_arena_array(quotation->arena, plan->shot_count, sizeof *plan->shots);
        plan->adjustments = gen_node_list(quotation->arena);
    }
    if (plan == NULL || plan->shots == NULL || plan->adjustments == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = (struct gen_quote){
        .known = true, .exact = true, .basis = "", .shots = plan->shot_count, .plan = plan};
    for (size_t i = 0; i < plan->shot_count && status == GEN_OK; i++) {
        quotation_shot(quotation, &plan->shots[i], contender->first_scene + i,
                       whole ? contender->scene_count : 1);
        status = quotation_price(quotation, contender, hosted, &plan->shots[i], out, err);
    }
    if (status == GEN_OK && gen_arena_failed(quotation->arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status;
}
