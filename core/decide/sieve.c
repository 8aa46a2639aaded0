/* sieve.c - see sieve.h. */
#include "decide/sieve.h"

#include "base/utf8.h"
#include "decide/slicing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sample { /* what a test sees */
    struct gen_portrait *portrait;
    const struct gen_contest *contest;
    const struct gen_slack *slack;
    const struct gen_contender *contender;
    const struct gen_card *card;
    const struct gen_brief *brief;
    struct gen_arena *arena;
};

/* A sentence why not, in the arena; NULL = it may pass. */
typedef const char *sieve_test(const struct sample *sample);

struct test { /* a table of these ends with test NULL */
    enum gen_filter filter;
    sieve_test *test;
    bool waived; /* for a model that the user named: a warning */
};

/* ------------------------------------------------------------------------ may it be used? -- */

static const char *sieve_named(const struct sample *sample)
{
    return sample->brief->models.count > 0 && sample->contender->name_rank == 0
               ? "the brief names other models"
               : NULL;
}

static const char *sieve_ready(const struct sample *sample)
{
    return sample->card->provider.unready;
}

static const char *sieve_enabled(const struct sample *sample)
{
    const struct gen_card *card = sample->card;

    if (card->policy != NULL && !card->policy->enabled) {
        return gen_arena_printf(sample->arena, "providers/%s.yaml switches the provider off",
                                card->model.provider);
    }
    if (card->entry != NULL && !card->entry->enabled) {
        return gen_arena_printf(sample->arena, "providers/%s.yaml switches the model off",
                                card->model.provider);
    }
    return NULL;
}

static const char *sieve_end_of_life(const struct sample *sample)
{
    const struct gen_provider_model *entry = sample->card->entry;
    char date[GEN_MOMENT_TEXT_SIZE];

    if (entry == NULL || entry->end_of_life == 0 ||
        entry->end_of_life > sample->portrait->question->snapshot->now) {
        return NULL;
    }
    gen_moment_text(entry->end_of_life, date);
    return gen_arena_printf(sample->arena, "its provider has switched it off on %.10s%s%s", date,
                            entry->replacement == NULL ? "" : "; it is replaced by ",
                            entry->replacement == NULL ? "" : entry->replacement);
}

static const char *sieve_access(const struct sample *sample)
{
    const struct gen_model *model = &sample->card->model;

    return gen_access_refusal(sample->portrait->plan, model->provider, model->id, model->tier,
                              sample->arena);
}

/* ---------------------------------------------------------------------------- can it do it? -- */

static const char *sieve_scenes(const struct sample *sample)
{
    const struct gen_contender *contender = sample->contender;

    if (!gen_contest_whole(contender) ||
        contender->scene_count <= (size_t)contender->model->max_scenes) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "takes at most %d scenes, asked are %zu",
                            contender->model->max_scenes, contender->scene_count);
}

/* A scene that is too long is rendered in slices; words that were recorded for lips cannot be. */
static const char *sieve_slices(const struct sample *sample)
{
    const struct gen_contender *contender = sample->contender;
    struct gen_slice slices[GEN_SLICING_MOST];

    for (size_t i = 0; i < contender->scene_count; i++) {
        const struct gen_scene *scene = gen_brief_scene(sample->brief, contender->first_scene + i);
        size_t count = gen_slicing_plan(contender->model, scene->duration_ms, slices);
        const char *id = scene->id == NULL ? "" : scene->id;

        if (count == 0) {
            return gen_arena_printf(sample->arena,
                                    "renders at most %g s at once; scene \"%s\" of %g s would take "
                                    "more than %d calls",
                                    (double)contender->model->max_duration_ms / 1000.0, id,
                                    (double)scene->duration_ms / 1000.0, GEN_SLICING_MOST);
        }
        if (count > 1 && scene->presenter && scene->voice != NULL) {
            return gen_arena_printf(sample->arena,
                                    "renders at most %g s at once, and the recorded voice of the "
                                    "presenter in scene \"%s\" (%g s) cannot be cut",
                                    (double)contender->model->max_duration_ms / 1000.0, id,
                                    (double)scene->duration_ms / 1000.0);
        }
    }
    return NULL;
}

static const char *sieve_duration(const struct sample *sample)
{
    int64_t longest = gen_contest_longest_ms(sample->brief, sample->contender);
    int64_t most = sample->contender->model->max_duration_ms;

    if (!gen_contest_whole(sample->contender)) {
        return sieve_slices(sample);
    }
    if (longest <= most) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "renders at most %g s at once, asked are %g s",
                            (double)most / 1000.0, (double)longest / 1000.0);
}

static bool sieve_same_shape(const struct gen_variation *variation, const int32_t size[2])
{
    double asked = (double)variation->width / (double)variation->height;
    double given = (double)size[0] / (double)size[1];

    return fabs(asked - given) <= 0.02 * asked;
}

/* The clips of a model that does not make the whole video are conformed when it is finished: enlarged this
 * much and no more (720p to 1080p), and by frame rates that are this near (24 to 30). What a model of whole
 * videos renders is delivered as it is. */
#define SIEVE_ENLARGED 1.5
#define SIEVE_FASTER 1.3

static const char *sieve_size(const struct sample *sample)
{
    const struct gen_variation *variation = gen_brief_variation(sample->brief,
                                                                sample->contender->variation);
    const struct gen_model *model = sample->contender->model;
    double more = gen_contest_whole(sample->contender) ? 1 : SIEVE_ENLARGED;
    bool any = model->size_count == 0 || (model->traits & GEN_TRAIT_ANY_RATIO) != 0, shape = any;
    int32_t width = any ? model->max_width : 0, height = any ? model->max_height : 0;

    for (size_t i = 0; i < model->size_count && !any; i++) {
        if (sieve_same_shape(variation, model->sizes[i])) {
            shape = true;
            width = model->sizes[i][0] > width ? model->sizes[i][0] : width;
            height = model->sizes[i][1] > height ? model->sizes[i][1] : height;
        }
    }
    if (!shape) {
        return gen_arena_printf(sample->arena, "does not render the shape %s",
                                variation->aspect_ratio != NULL ? variation->aspect_ratio
                                                                : variation->name);
    }
    if (variation->width > width * more + 1 || variation->height > height * more + 1) {
        return gen_arena_printf(sample->arena, "renders at most %dx%d, asked is %dx%d", width,
                                height, variation->width, variation->height);
    }
    return NULL;
}

static const char *sieve_frame_rate(const struct sample *sample)
{
    const struct gen_variation *variation = gen_brief_variation(sample->brief,
                                                                sample->contender->variation);
    int32_t most = sample->contender->model->max_frame_rate;
    double more = gen_contest_whole(sample->contender) ? 1 : SIEVE_FASTER;

    if (variation->frame_rate_milli <= (double)most * 1000 * more) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "renders at most %d frames a second, asked are %g", most,
                            variation->frame_rate);
}

/* What one call of it must carry. 0 in a model's figures = it does not say. */
static const char *sieve_assets(const struct sample *sample)
{
    const struct gen_contender *contender = sample->contender;
    const struct gen_model *model = contender->model;
    bool whole = gen_contest_whole(contender);
    size_t assets = 0, most_assets = 0;

    for (size_t i = 0; i < contender->scene_count; i++) {
        const struct gen_scene *scene = gen_brief_scene(sample->brief, contender->first_scene + i);
        size_t prompt = scene->prompt == NULL
                            ? 0
                            : gen_utf8_count(scene->prompt, strlen(scene->prompt));

        assets = whole ? assets + scene->assets.count : scene->assets.count;
        most_assets = assets > most_assets ? assets : most_assets;
        if (model->max_prompt > 0 && prompt > (size_t)model->max_prompt) {
            return gen_arena_printf(
                sample->arena,
                "takes prompts of at most %d characters, that of scene \"%s\" has %zu",
                model->max_prompt, scene->id == NULL ? "" : scene->id, prompt);
        }
    }
    if (model->max_assets > 0 && most_assets > (size_t)model->max_assets) {
        return gen_arena_printf(sample->arena,
                                "takes at most %d assets in one call, needed are %zu",
                                model->max_assets, most_assets);
    }
    return NULL;
}

static const char *sieve_unmet(const struct sample *sample)
{
    uint32_t unmet = sample->contender->unmet;
    uint32_t bit = unmet & (~unmet + 1u);

    if (unmet == 0 || sample->portrait->strategy->unmet != GEN_UNMET_REJECT) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "lacks %s%s", gen_needs_word(bit),
                            unmet == bit ? "" : " and more that is needed");
}

/* --------------------------------------------------------------------- should it be taken? -- */

static const char *sieve_breaker(const struct sample *sample)
{
    const struct gen_provider_state *provider = &sample->card->provider;

    if (provider->breaker != GEN_BREAKER_OPEN || sample->slack->breaker) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "%s fails at the moment (health %.2f) and is left alone",
                            provider->id, provider->health);
}

static const char *sieve_tier(const struct sample *sample)
{
    const struct gen_routing_strategy *strategy = sample->portrait->strategy;
    int64_t gap = sample->contender->tier_gap;

    if (gap >= -(strategy->tiers_below + sample->slack->tiers) &&
        gap <= strategy->tiers_above + sample->slack->tiers) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "is of tier %d, asked is tier %d%s",
                            sample->contender->model->tier, sample->contest->tier,
                            gap < 0 ? "" : "; the strategy does not go that high");
}

static const char *sieve_quality(const struct sample *sample)
{
    double least = sample->portrait->strategy->least_quality;

    if (!(sample->contender->quality < least)) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "expected quality is %.1f, at least %.1f is asked",
                            sample->contender->quality, least);
}

static const char *sieve_reliability(const struct sample *sample)
{
    double least = sample->portrait->strategy->least_reliability;

    if (!(sample->contender->reliability < least)) {
        return NULL;
    }
    return gen_arena_printf(sample->arena,
                            "is expected to succeed in %.1f %% of cases, at least "
                            "%.1f %% is asked",
                            sample->contender->reliability * 100.0, least * 100.0);
}

/* ----------------------------------------------------------------------------- with a price -- */

static const char *sieve_price(const struct sample *sample)
{
    if (sample->contender->quote.known ||
        sample->portrait->question->policy->budget->unknown_price.action == GEN_UNPRICED_HOLD) {
        return NULL;
    }
    return "has no price for this, and work without a price is not admitted";
}

static const char *sieve_budget(const struct sample *sample)
{
    gen_micros budget = sample->portrait->budget, most = sample->contender->quote.most;
    char cost[GEN_MONEY_TEXT_SIZE], limit[GEN_MONEY_TEXT_SIZE];

    if (budget == GEN_SNAPSHOT_NO_LIMIT || most <= budget) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "can cost up to $%s, the budget is $%s",
                            gen_money_text(most, 2, cost), gen_money_text(budget, 2, limit));
}

static const char *sieve_deadline(const struct sample *sample)
{
    gen_moment deadline = sample->brief->deadline;
    double left = (double)(deadline - sample->portrait->question->snapshot->now) / 1000.0;

    if (deadline == 0 || sample->contender->seconds <= left) {
        return NULL;
    }
    return gen_arena_printf(sample->arena, "is expected to take %.0f s, the deadline is in %.0f s",
                            sample->contender->seconds, left);
}

/* ------------------------------------------------------------------------------------ tables -- */

static const struct test free_tests[] = {
    {GEN_FILTER_NAMED, sieve_named, false},
    {GEN_FILTER_READY, sieve_ready, false},
    {GEN_FILTER_ENABLED, sieve_enabled, false},
    {GEN_FILTER_END_OF_LIFE, sieve_end_of_life, false},
    {GEN_FILTER_ACCESS, sieve_access, false},
    {GEN_FILTER_SCENES, sieve_scenes, false},
    {GEN_FILTER_DURATION, sieve_duration, false},
    {GEN_FILTER_SIZE, sieve_size, false},
    {GEN_FILTER_FRAME_RATE, sieve_frame_rate, false},
    {GEN_FILTER_ASSETS, sieve_assets, false},
    {GEN_FILTER_UNMET, sieve_unmet, true},
    {GEN_FILTER_QUALITY, sieve_quality, true},
    {GEN_FILTER_RELIABILITY, sieve_reliability, true},
    /* Last: where nobody else is left these two are overlooked, and all the others hold already. */
    {GEN_FILTER_BREAKER, sieve_breaker, true},
    {GEN_FILTER_TIER, sieve_tier, true},
    {GEN_FILTER_NONE, NULL, false}};

static const struct test priced_tests[] = {{GEN_FILTER_PRICE, sieve_price, false},
                                           {GEN_FILTER_BUDGET, sieve_budget, false},
                                           {GEN_FILTER_DEADLINE, sieve_deadline, true},
                                           {GEN_FILTER_NONE, NULL, false}};

void gen_sieve_reject(struct gen_portrait *portrait, struct gen_contender *contender,
                      enum gen_filter filter, const char *sentence)
{
    contender->filter = filter;
    contender->rejection = sentence == NULL ? gen_filter_help(filter) : sentence;
    portrait->filters_used |= UINT64_C(1) << filter;
}

static void sieve_run(struct gen_portrait *portrait, const struct gen_contest *contest,
                      const struct gen_slack *slack, struct gen_contender *contender,
                      const struct test *tests)
{
    const struct sample sample = {.portrait = portrait,
                                  .contest = contest,
                                  .slack = slack,
                                  .contender = contender,
                                  .card = &portrait->cards[contender->model_index],
                                  .brief = portrait->question->brief,
                                  .arena = portrait->arena};

    for (const struct test *row = tests; row->test != NULL; row++) {
        const char *sentence = row->test(&sample);

        if (sentence == NULL) {
            continue;
        }
        if (row->waived && contender->name_rank > 0) {
            gen_portrait_warn(portrait, "%s, which the brief names, %s", sample.card->name,
                              sentence);
            continue;
        }
        gen_sieve_reject(portrait, contender, row->filter, sentence);
        return;
    }
}

void gen_sieve_free(struct gen_portrait *portrait, const struct gen_contest *contest,
                    const struct gen_slack *slack, struct gen_contender *contender)
{
    sieve_run(portrait, contest, slack, contender, free_tests);
}

void gen_sieve_priced(struct gen_portrait *portrait, const struct gen_contest *contest,
                      struct gen_contender *contender)
{
    static const struct gen_slack none = {0};

    sieve_run(portrait, contest, &none, contender, priced_tests);
}
