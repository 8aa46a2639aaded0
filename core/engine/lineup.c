/* lineup.c - see lineup.h. */
#include "engine/lineup.h"

#include <string.h>

struct lineup_plan { /* of one pipeline */
    size_t variation;
    struct gen_quoted plan;
    gen_micros most; /* what may be held for it in the end */
    const char *basis, *warning;
};

static enum gen_status lineup_no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory");
}

static bool lineup_same(const struct gen_model *a, const struct gen_model *b)
{
    return strcmp(a->provider, b->provider) == 0 && strcmp(a->id, b->id) == 0;
}

/* ------------------------------------------------------------------------------- who finishes -- */

const struct gen_model *gen_lineup_composer(const struct gen_loader *loader,
                                            const struct gen_policy_set *policy)
{
    const uint32_t wanted = GEN_TRAIT_COMPOSES | GEN_TRAIT_WHOLE_STORYBOARD;

    for (size_t i = 0; i < gen_loader_count(loader); i++) {
        const struct gen_hosted *hosted = gen_loader_at(loader, i);
        const struct gen_provider_policy *rules =
            policy == NULL ? NULL : gen_policy_provider(policy, gen_hosted_id(hosted));
        size_t count;
        const struct gen_model *models = gen_hosted_models(hosted, &count);

        for (size_t k = 0; k < count && (rules == NULL || rules->enabled); k++) {
            const struct gen_provider_model *entry =
                rules == NULL ? NULL : gen_provider_model_of(rules, models[k].id);

            if ((models[k].traits & wanted) == wanted && (entry == NULL || entry->enabled)) {
                return &models[k];
            }
        }
    }
    return NULL;
}

uint32_t gen_lineup_flags(const struct gen_loader *loader, const char *provider, const char *model)
{
    const struct gen_hosted *hosted = gen_loader_find(loader, provider);
    const struct gen_model *found = hosted == NULL ? NULL : gen_hosted_model(hosted, model);

    return found == NULL ? 0 : found->traits;
}

static bool lineup_word(const char *text)
{
    return text != NULL && text[0] != '\0';
}

bool gen_lineup_unfinished(const struct gen_brief *brief, bool spoken)
{
    bool unfinished = lineup_word(brief->brand.logo) || lineup_word(brief->brand.name) ||
                      brief->end_card.duration_ms > 0 || lineup_word(brief->sound.music) ||
                      lineup_word(brief->sound.mood);

    for (size_t i = 0; i < brief->scenes.count && !unfinished; i++) {
        const struct gen_scene *scene = gen_brief_scene(brief, i);

        unfinished = scene->overlays.count > 0 ||
                     (i > 0 && scene->transition != GEN_TRANSITION_IS_CUT) ||
                     (!spoken && (lineup_word(scene->dialogue) || lineup_word(scene->voice)));
    }
    return unfinished;
}

static bool lineup_spoken(const struct gen_quoted *plan)
{
    bool spoken = true;

    for (size_t i = 0; i < plan->shot_count; i++) {
        spoken = spoken && plan->shots[i].speaks;
    }
    return spoken;
}

/* What is rendered of each scene, promised to the finishing shot. */
static enum gen_status lineup_supply(const struct gen_lineup *lineup, const struct gen_quoted *plan,
                                     struct gen_shot *shot, struct gen_error *err)
{
    const struct gen_quotation *quotation = lineup->quotation;
    const struct gen_brief *brief = lineup->job->brief;

    shot->supplies = gen_arena_array(quotation->arena, brief->scenes.count,
                                     sizeof(*shot->supplies));
    if (shot->supplies == NULL) {
        return lineup_no_memory(err);
    }
    for (size_t scene = 0; scene < brief->scenes.count; scene++) {
        const struct gen_shot *first = NULL;

        for (size_t i = 0; i < plan->shot_count && first == NULL; i++) {
            const struct gen_shot *it = &plan->shots[i];

            first = it != shot && it->first_scene == scene ? it : NULL;
        }
        if (first != NULL) {
            struct gen_supply *supply = &shot->supplies[shot->supply_count++];

            supply->scene = scene;
            supply->asset =
                (struct gen_asset){.organization = "",
                                   .digest = "",
                                   .name = "",
                                   .kind = GEN_SUPPLY_FOOTAGE,
                                   .media_type = "video/mp4",
                                   .width = first->width,
                                   .height = first->height,
                                   .duration_ms = gen_brief_scene(brief, scene)->duration_ms,
                                   .created_at = quotation->now};
            gen_random_ident(quotation->options->random, GEN_IDENT_ASSET, quotation->now,
                             &supply->asset.id);
        }
    }
    return GEN_OK;
}

/* Appends the finishing shot; where that is not possible the video has to do without it. */
static enum gen_status lineup_finish(const struct gen_lineup *lineup, struct lineup_plan *pipeline,
                                     struct gen_error *err)
{
    const struct gen_quotation *quotation = lineup->quotation;
    const struct gen_model *composer = gen_lineup_composer(quotation->options->loader,
                                                           quotation->policy);
    struct gen_quoted *plan = &pipeline->plan;
    struct gen_shot *shot = &plan->shots[plan->shot_count];
    struct gen_quote quote = {.known = true, .exact = true};
    struct gen_error why = {0};
    enum gen_status status;

    if (!gen_lineup_unfinished(lineup->job->brief, lineup_spoken(plan))) {
        return GEN_OK;
    }
    if (composer == NULL) {
        pipeline->warning = "text overlays could not be added: no composing renderer is loaded";
        return GEN_OK;
    }
    gen_quotation_shot(quotation, composer, GEN_SHOT_FINISH, 0, lineup->job->brief->scenes.count,
                       shot);
    plan->shot_count++;
    status = lineup_supply(lineup, plan, shot, err);
    if (status != GEN_OK) {
        return status;
    }
    status = gen_quotation_price(quotation, composer, pipeline->variation, plan, shot, &quote,
                                 &why);
    if (status == GEN_OK && (!quote.known || quote.most != 0)) {
        status = gen_error_set(&why, GEN_EUNSUPPORTED, "%s/%s composes, and not for free",
                               composer->provider, composer->id);
    }
    if (status == GEN_ENOMEM) {
        return lineup_no_memory(err);
    }
    if (status != GEN_OK) {
        plan->shot_count--;
        pipeline->warning = gen_arena_printf(quotation->arena,
                                             "text overlays could not be added: %s", why.message);
    }
    return GEN_OK;
}

/* -------------------------------------------------------------------------- whose shots they are -- */

static void lineup_adjustments(const struct gen_lineup *lineup, const struct lineup_plan *pipeline)
{
    struct gen_arena *arena = lineup->quotation->arena;
    const char *variation = gen_brief_variation(lineup->job->brief, pipeline->variation)->name;

    for (const struct gen_node *item = gen_node_first(pipeline->plan.adjustments); item != NULL;
         item = item->next) {
        struct gen_node *copy = gen_node_copy(arena, item);

        gen_node_set(arena, copy, "variation", gen_node_string(arena, variation));
        gen_node_push(lineup->adjustments, copy);
    }
}

/* What is held is what the decision says it can cost at most; that may be more than the plugins' own
 * figures, which the shots have. A finishing shot is free. */
static enum gen_status lineup_hold(struct lineup_plan *pipeline, struct gen_error *err)
{
    struct gen_quoted *plan = &pipeline->plan;
    gen_micros sum = 0, more, part;
    size_t count = 0;

    for (size_t k = 0; k < plan->shot_count; k++) {
        count += plan->shots[k].role != GEN_SHOT_FINISH;
        if (!gen_money_add(&sum, sum, plan->shots[k].most)) {
            return gen_error_set(err, GEN_EOVERFLOW, "the price of the job does not fit");
        }
    }
    GEN_CHECK(count > 0);
    more = pipeline->most > sum ? pipeline->most - sum : 0;
    part = more / (gen_micros)count;
    for (size_t k = 0; k < plan->shot_count; k++) {
        struct gen_shot *shot = &plan->shots[k];

        if (shot->role != GEN_SHOT_FINISH) {
            shot->most += part + (k == 0 ? more - part * (gen_micros)count : 0);
        }
        shot->attempt.hold = shot->most;
        shot->attempt.estimate = shot->price;
        shot->attempt.book = shot->book;
    }
    return GEN_OK;
}

static enum gen_status lineup_pipeline(struct gen_lineup *lineup, struct lineup_plan *it,
                                       struct gen_error *err)
{
    struct gen_job *job = lineup->job;
    struct gen_pipeline *pipeline = &job->pipelines[job->pipeline_count];
    enum gen_status status = GEN_OK;

    if (it->plan.shots[0].role != GEN_SHOT_WHOLE) {
        status = lineup_finish(lineup, it, err);
    }
    if (status == GEN_OK) {
        status = lineup_hold(it, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    *pipeline = (struct gen_pipeline){.variation = it->variation,
                                      .status = GEN_PIPELINE_QUEUED,
                                      .stage = GEN_STAGE_FORMAT,
                                      .shots = it->plan.shots,
                                      .shot_count = it->plan.shot_count,
                                      .failure_message = "",
                                      .warning = it->warning == NULL ? "" : it->warning};
    gen_pipeline_name(pipeline);
    gen_random_ident(lineup->quotation->options->random, GEN_IDENT_PIPELINE, lineup->quotation->now,
                     &pipeline->id);
    lineup->bases[job->pipeline_count++] = it->basis == NULL ? "" : it->basis;
    lineup_adjustments(lineup, it);
    return GEN_OK;
}

/* A copy of a plan with room for more shots. */
static enum gen_status lineup_take(const struct gen_lineup *lineup,
                                   const struct gen_contender *from, size_t room,
                                   struct lineup_plan *out, struct gen_error *err)
{
    const struct gen_quoted *plan = from->quote.plan;
    struct gen_arena *arena = lineup->quotation->arena;

    *out = (struct lineup_plan){
        .variation = from->variation, .most = from->quote.most, .basis = from->quote.basis};
    out->plan.shots = gen_arena_array(arena, plan->shot_count + room, sizeof(*out->plan.shots));
    out->plan.adjustments = plan->adjustments;
    if (out->plan.shots == NULL) {
        return lineup_no_memory(err);
    }
    memcpy(out->plan.shots, plan->shots, plan->shot_count * sizeof(*plan->shots));
    out->plan.shot_count = plan->shot_count;
    return GEN_OK;
}

/* All scenes on one model that takes them at once. */
static enum gen_status lineup_whole(struct gen_lineup *lineup, const struct gen_contender *winner,
                                    struct lineup_plan *out, struct gen_error *err)
{
    struct gen_contender whole = *winner;
    enum gen_status status;

    whole.first_scene = 0;
    whole.scene_count = lineup->job->brief->scenes.count;
    status = gen_quotation_quote((void *)lineup->quotation, &whole, &whole.quote, err);
    return status == GEN_OK ? lineup_take(lineup, &whole, 1, out, err) : status;
}

/* Each scene on its own. What the composing model would render it draws while it finishes. */
static enum gen_status lineup_scenes(struct gen_lineup *lineup, const struct gen_contest *contests,
                                     size_t count, struct lineup_plan *out, struct gen_error *err)
{
    const struct gen_quotation *quotation = lineup->quotation;
    const struct gen_model *composer = gen_lineup_composer(quotation->options->loader,
                                                           quotation->policy);
    size_t shots = 0;

    *out = (struct lineup_plan){.variation = contests[0].variation,
                                .basis = contests[0].chosen[0]->quote.basis};
    for (size_t i = 0; i < count; i++) {
        shots += ((const struct gen_quoted *)contests[i].chosen[0]->quote.plan)->shot_count;
    }
    out->plan.shots = gen_arena_array(quotation->arena, shots + 1, sizeof(*out->plan.shots));
    out->plan.adjustments = gen_node_list(quotation->arena);
    for (size_t i = 0; i < count && out->plan.shots != NULL; i++) {
        const struct gen_contender *winner = contests[i].chosen[0];
        const struct gen_quoted *plan = winner->quote.plan;

        if (composer != NULL && winner->quote.most == 0 && lineup_same(winner->model, composer)) {
            continue;
        }
        memcpy(out->plan.shots + out->plan.shot_count, plan->shots,
               plan->shot_count * sizeof(*plan->shots));
        out->plan.shot_count += plan->shot_count;
        for (const struct gen_node *item = gen_node_first(plan->adjustments); item != NULL;
             item = item->next) {
            gen_node_push(out->plan.adjustments, gen_node_copy(quotation->arena, item));
        }
        if (!gen_money_add(&out->most, out->most, winner->quote.most)) {
            return gen_error_set(err, GEN_EOVERFLOW, "the price of the job does not fit");
        }
    }
    return gen_arena_failed(quotation->arena) ? lineup_no_memory(err) : GEN_OK;
}

/* Contests of single scenes, all of one variation. */
static enum gen_status lineup_per_scene(struct gen_lineup *lineup,
                                        const struct gen_contest *contests, size_t count,
                                        struct lineup_plan *out, struct gen_error *err)
{
    const struct gen_contender *first = contests[0].chosen[0];
    bool one = (first->model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;

    for (size_t i = 1; i < count; i++) {
        one = one && lineup_same(first->model, contests[i].chosen[0]->model);
    }
    return one ? lineup_whole(lineup, first, out, err)
               : lineup_scenes(lineup, contests, count, out, err);
}

enum gen_status gen_lineup_make(struct gen_lineup *lineup, struct gen_error *err)
{
    const struct gen_decision *decision = lineup->decision;
    struct gen_job *job = lineup->job;
    size_t most = 1, scenes = job->brief->scenes.count;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < decision->contest_count; i++) {
        most += decision->contests[i].chosen_count;
    }
    job->pipelines = gen_arena_array(job->arena, most, sizeof(*job->pipelines));
    lineup->bases = gen_arena_array(job->arena, most, sizeof(*lineup->bases));
    if (job->pipelines == NULL || lineup->bases == NULL) {
        return lineup_no_memory(err);
    }
    for (size_t i = 0; i < decision->contest_count && status == GEN_OK; i++) {
        const struct gen_contest *contest = &decision->contests[i];
        struct lineup_plan it;

        if (contest->scene != GEN_ALL_SCENES) {
            status = lineup_per_scene(lineup, contest, scenes, &it, err);
            if (status == GEN_OK) {
                status = lineup_pipeline(lineup, &it, err);
            }
            i += scenes - 1;
            continue;
        }
        for (size_t k = 0; k < contest->chosen_count && status == GEN_OK; k++) {
            status = lineup_take(lineup, contest->chosen[k], 1, &it, err);
            if (status == GEN_OK) {
                status = lineup_pipeline(lineup, &it, err);
            }
        }
    }
    return status;
}
