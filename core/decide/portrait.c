/* portrait.c - see portrait.h. The bench and the facts of a job; those of models are in
 * portrait_cards.c. */
#include "decide/portrait.h"

#include "policy/policy_formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One evaluation takes at most GEN_FACTS_BUDGET steps of 16 bytes; this is far more. */
#define PORTRAIT_SCRATCH ((size_t)16 << 20)

static struct gen_value portrait_text(const char *text)
{
    return gen_value_text(text == NULL ? "" : text);
}

static struct gen_value portrait_dollars(gen_micros amount)
{
    return gen_value_double((double)amount / (double)GEN_MICROS_PER_DOLLAR);
}

static struct gen_value portrait_texts(struct gen_arena *arena, const struct gen_texts *texts)
{
    size_t count = texts == NULL ? 0 : texts->count;
    struct gen_value *items = gen_arena_array(arena, count + 1, sizeof(*items));

    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = gen_value_text(texts->items[i]);
    }
    return gen_value_list(items, items == NULL ? 0 : count);
}

struct gen_value gen_portrait_words(struct gen_arena *arena, uint32_t needs)
{
    struct gen_value *items = gen_arena_array(arena, 33, sizeof(*items));
    size_t count = 0;

    for (uint32_t bit = 1; items != NULL && bit != 0 && bit <= needs; bit <<= 1) {
        if ((needs & bit) != 0 && gen_needs_word(bit) != NULL) {
            items[count++] = gen_value_text(gen_needs_word(bit));
        }
    }
    return gen_value_list(items, count);
}

/* ---------------------------------------------------------------------------------- scenes -- */

static bool portrait_generated(const struct gen_scene *scene)
{
    return scene->assets.count == 0 && scene->overlays.count == 0;
}

struct tally { /* of some scenes */
    size_t scenes, presenters, spoken, generated, overlays, supplied;
    int64_t duration_ms;
};

static struct tally portrait_tally(const struct gen_brief *brief, size_t first, size_t count)
{
    struct tally tally = {.scenes = count};

    for (size_t i = first; i < first + count; i++) {
        const struct gen_scene *scene = gen_brief_scene(brief, i);

        tally.presenters += scene->presenter;
        tally.spoken += scene->dialogue != NULL;
        tally.overlays += scene->overlays.count > 0;
        tally.supplied += scene->assets.count > 0;
        tally.generated += portrait_generated(scene);
        tally.duration_ms += scene->duration_ms;
    }
    if (count == brief->scenes.count) {
        tally.duration_ms = gen_brief_duration(brief); /* with the end card */
    }
    return tally;
}

uint32_t gen_portrait_needs(const struct gen_brief *brief, size_t scene)
{
    bool all = scene == GEN_ALL_SCENES;
    struct tally tally = portrait_tally(brief, all ? 0 : scene, all ? brief->scenes.count : 1);
    uint32_t needs = 0;

    needs |= tally.overlays > 0 ? GEN_NEEDS_TEXT_OVERLAY : 0u;
    needs |= tally.supplied > 0 ? GEN_NEEDS_IMAGE_ANIMATION : 0u;
    needs |= tally.presenters > 0 ? GEN_NEEDS_AVATAR : 0u;
    needs |= tally.presenters > 0 && tally.spoken > 0 ? GEN_NEEDS_LIP_SYNC : 0u;
    needs |= tally.spoken > 0 && tally.presenters == 0 ? GEN_NEEDS_VOICE : 0u;
    /* Music lies under the whole video; no single scene asks for it. */
    needs |= all && (brief->sound.music != NULL || brief->sound.mood != NULL) ? GEN_NEEDS_MUSIC
                                                                              : 0u;
    return needs;
}

void gen_portrait_scenes(struct gen_portrait *portrait, size_t first, size_t count)
{
    const struct gen_brief *brief = portrait->question->brief;
    struct tally tally = portrait_tally(brief, first, count);
    struct gen_value *job = portrait->facts->job;
    struct gen_value *list = gen_arena_array(portrait->arena, count, sizeof(*list));
    struct gen_record_value *records = gen_arena_array(portrait->arena, count, sizeof(*records));
    double scenes = (double)tally.scenes;

    for (size_t i = 0; list != NULL && records != NULL && i < count; i++) {
        records[i].shape = &gen_facts_scene;
        records[i].fields = portrait->scenes + (first + i) * GEN_FACT_SCENE_SIZE;
        list[i] = gen_value_record(&records[i]);
    }
    job[GEN_FACT_JOB_SCENES] = gen_value_list(list, list == NULL || records == NULL ? 0 : count);
    job[GEN_FACT_JOB_SCENE_COUNT] = gen_value_int((int64_t)count);
    job[GEN_FACT_JOB_DURATION] = gen_value_double((double)tally.duration_ms / 1000.0);
    job[GEN_FACT_JOB_PRESENTER_SHARE] = gen_value_double((double)tally.presenters / scenes);
    job[GEN_FACT_JOB_DIALOGUE_SHARE] = gen_value_double((double)tally.spoken / scenes);
    job[GEN_FACT_JOB_OVERLAY_SHARE] = gen_value_double((double)tally.overlays / scenes);
    job[GEN_FACT_JOB_SUPPLIED_SHARE] = gen_value_double((double)tally.supplied / scenes);
    job[GEN_FACT_JOB_GENERATED_SHARE] = gen_value_double((double)tally.generated / scenes);
    job[GEN_FACT_JOB_NEEDS] = gen_portrait_words(
        portrait->arena,
        gen_portrait_needs(brief, count == brief->scenes.count ? GEN_ALL_SCENES : first));
}

static bool portrait_scene_facts(struct gen_portrait *portrait)
{
    const struct gen_brief *brief = portrait->question->brief;

    portrait->scenes = gen_arena_array(portrait->arena, brief->scenes.count * GEN_FACT_SCENE_SIZE,
                                       sizeof(*portrait->scenes));
    for (size_t i = 0; portrait->scenes != NULL && i < brief->scenes.count; i++) {
        const struct gen_scene *scene = gen_brief_scene(brief, i);
        struct gen_value *facts = portrait->scenes + i * GEN_FACT_SCENE_SIZE;

        facts[GEN_FACT_SCENE_ID] = portrait_text(scene->id);
        facts[GEN_FACT_SCENE_INDEX] = gen_value_int((int64_t)i);
        facts[GEN_FACT_SCENE_PROMPT] = portrait_text(scene->prompt);
        facts[GEN_FACT_SCENE_STYLE] = portrait_text(scene->style);
        facts[GEN_FACT_SCENE_DIALOGUE] = portrait_text(scene->dialogue);
        facts[GEN_FACT_SCENE_DURATION] = gen_value_double((double)scene->duration_ms / 1000.0);
        facts[GEN_FACT_SCENE_PRESENTER] = gen_value_bool(scene->presenter);
        facts[GEN_FACT_SCENE_OVERLAY_COUNT] = gen_value_int((int64_t)scene->overlays.count);
        facts[GEN_FACT_SCENE_ASSET_COUNT] = gen_value_int((int64_t)scene->assets.count);
        facts[GEN_FACT_SCENE_GENERATED] = gen_value_bool(portrait_generated(scene));
        facts[GEN_FACT_SCENE_COMPLEXITY] = gen_value_double(0);
        facts[GEN_FACT_SCENE_TIER] = gen_value_int(0);
        facts[GEN_FACT_SCENE_NEEDS] = gen_portrait_words(portrait->arena,
                                                         gen_portrait_needs(brief, i));
    }
    return portrait->scenes != NULL;
}

/* ------------------------------------------------------------------------------------- job -- */

static void portrait_size_facts(struct gen_portrait *portrait)
{
    const struct gen_brief *brief = portrait->question->brief;
    struct gen_value *job = portrait->facts->job;
    int32_t width = 0, height = 0, large_width = 0, large_height = 0;
    double frames = 0;

    for (size_t i = 0; i < brief->variations.count; i++) {
        const struct gen_variation *variation = gen_brief_variation(brief, i);

        if ((int64_t)variation->width * variation->height > (int64_t)large_width * large_height) {
            large_width = variation->width;
            large_height = variation->height;
        }
        width = variation->width > width ? variation->width : width;
        height = variation->height > height ? variation->height : height;
        frames = fmax(frames, variation->frame_rate);
    }
    job[GEN_FACT_JOB_WIDTH] = gen_value_int(width);
    job[GEN_FACT_JOB_HEIGHT] = gen_value_int(height);
    job[GEN_FACT_JOB_RESOLUTION] = portrait_text(gen_price_resolution(large_width, large_height));
    job[GEN_FACT_JOB_FRAME_RATE] = gen_value_double(frames);
    job[GEN_FACT_JOB_VARIATION_COUNT] = gen_value_int((int64_t)brief->variations.count);
}

static int portrait_compare(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

/* What such a job takes on the middle one of all models. */
static double portrait_typical(const struct gen_portrait *portrait)
{
    const struct gen_brief *brief = portrait->question->brief;
    double *all = gen_arena_array(portrait->arena, portrait->card_count + 1, sizeof(*all));

    for (size_t i = 0; all != NULL && i < portrait->card_count; i++) {
        struct gen_contender contender = {.model = &portrait->cards[i].model,
                                          .scene_count = brief->scenes.count};

        all[i] = gen_portrait_seconds(&portrait->cards[i], gen_contest_shots(&contender),
                                      gen_contest_longest_ms(brief, &contender));
    }
    if (all == NULL || portrait->card_count == 0) {
        return 0;
    }
    qsort(all, portrait->card_count, sizeof(*all), portrait_compare);
    return all[(portrait->card_count - 1) / 2];
}

static void portrait_time_facts(struct gen_portrait *portrait)
{
    const struct gen_brief *brief = portrait->question->brief;
    gen_moment now = portrait->question->snapshot->now;
    struct gen_value *job = portrait->facts->job;
    double left = (double)(brief->deadline - now) / 1000.0;

    job[GEN_FACT_JOB_URGENCY] = gen_value_double(0);
    if (brief->deadline != 0) {
        job[GEN_FACT_JOB_DEADLINE_IN] = gen_value_double(left);
        job[GEN_FACT_JOB_URGENCY] = gen_value_double(portrait_typical(portrait) / fmax(left, 1.0));
    }
    portrait->facts->values[GEN_FACT_NOW] = gen_value_timestamp(now / 1000,
                                                                (uint32_t)(now % 1000) * 1000000u);
}

static void portrait_job_facts(struct gen_portrait *portrait)
{
    const struct gen_question *question = portrait->question;
    const struct gen_brief *brief = question->brief;
    struct gen_value *job = portrait->facts->job;

    job[GEN_FACT_JOB_ORGANIZATION] = portrait_text(question->organization);
    job[GEN_FACT_JOB_PROJECT] = portrait_text(brief->project);
    job[GEN_FACT_JOB_USER] = portrait_text(question->user);
    job[GEN_FACT_JOB_TITLE] = portrait_text(brief->title);
    job[GEN_FACT_JOB_TAGS] = portrait_texts(portrait->arena, &brief->tags);
    job[GEN_FACT_JOB_LANGUAGE] = portrait_text(brief->language);
    job[GEN_FACT_JOB_PRIORITY] =
        portrait_text(gen_choice_word(gen_priority_choices, brief->priority));
    job[GEN_FACT_JOB_STRATEGY] = portrait_text(gen_contest_asked(question));
    if (brief->budget != 0) {
        job[GEN_FACT_JOB_BUDGET] = portrait_dollars(brief->budget);
    }
    job[GEN_FACT_JOB_COMPLEXITY] = gen_value_double(0);
    job[GEN_FACT_JOB_TIER] = gen_value_int(0);
    job[GEN_FACT_JOB_MODELS] = portrait_texts(portrait->arena, &brief->models);
    job[GEN_FACT_JOB_DELIVER] = portrait_texts(
        portrait->arena, question->deliver != NULL ? question->deliver : &brief->deliver);
    job[GEN_FACT_JOB_BRAND] = portrait_text(brief->brand.name);
    job[GEN_FACT_JOB_HAS_MUSIC] = gen_value_bool(brief->sound.music != NULL ||
                                                 brief->sound.mood != NULL);
    job[GEN_FACT_JOB_SANDBOX] = gen_value_bool(question->sandbox);
    portrait_size_facts(portrait);
    portrait_time_facts(portrait);
    gen_portrait_scenes(portrait, 0, brief->scenes.count);
}

static void portrait_team_facts(struct gen_portrait *portrait)
{
    const struct gen_team_state *state = &portrait->question->snapshot->team;
    struct gen_value *team = portrait->facts->team;

    team[GEN_FACT_TEAM_ID] = portrait_text(state->id != NULL ? state->id
                                                             : portrait->question->organization);
    team[GEN_FACT_TEAM_PLAN] = portrait_text(portrait->plan->named.name);
    team[GEN_FACT_TEAM_SPENT] = portrait_dollars(state->spent);
    team[GEN_FACT_TEAM_HELD] = portrait_dollars(state->held);
    if (state->budget != GEN_SNAPSHOT_NO_LIMIT) {
        team[GEN_FACT_TEAM_BUDGET] = portrait_dollars(state->budget);
    }
    if (state->remaining != GEN_SNAPSHOT_NO_LIMIT) {
        team[GEN_FACT_TEAM_REMAINING] = portrait_dollars(state->remaining);
    }
    team[GEN_FACT_TEAM_RUNNING] = gen_value_int(state->running);
    team[GEN_FACT_TEAM_WAITING] = gen_value_int(state->waiting);
    team[GEN_FACT_TEAM_JOBS_TODAY] = gen_value_int(state->jobs_today);
}

/* ----------------------------------------------------------------------------------- bench -- */

static const struct gen_access_plan *portrait_plan(const struct gen_question *question)
{
    const struct gen_access_policy *access = question->policy->access;
    const struct gen_access_plan *plans = access->plans.items;
    const char *name = question->snapshot->team.plan;

    for (size_t i = 0; name != NULL && i < access->plans.count; i++) {
        if (strcmp(plans[i].named.name, name) == 0) {
            return &plans[i];
        }
    }
    return gen_access_plan_of(access, question->organization);
}

enum gen_status gen_portrait_init(struct gen_portrait *portrait,
                                  const struct gen_question *question, struct gen_arena *arena,
                                  struct gen_error *err)
{
    enum gen_status status;

    *portrait = (struct gen_portrait){.question = question, .arena = arena};
    if (question->snapshot->model_count > GEN_PORTRAIT_MOST_MODELS) {
        return gen_error_set(err, GEN_ELIMIT, "more than %d models", GEN_PORTRAIT_MOST_MODELS);
    }
    status = gen_facts_create(arena, question->policy->score_count, &portrait->facts, err);
    if (status != GEN_OK) {
        return status;
    }
    portrait->plan = portrait_plan(question);
    if (!gen_portrait_cards(portrait) || !portrait_scene_facts(portrait)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    portrait->run.zones = question->zones;
    portrait->run.arena = gen_arena_create(PORTRAIT_SCRATCH);
    if (portrait->run.arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    portrait_job_facts(portrait);
    portrait_team_facts(portrait);
    return GEN_OK;
}

void gen_portrait_fini(struct gen_portrait *portrait)
{
    gen_arena_destroy(portrait->run.arena);
    portrait->run.arena = NULL;
}

void gen_portrait_strategy(struct gen_portrait *portrait, const char *name)
{
    portrait->facts->job[GEN_FACT_JOB_STRATEGY] = portrait_text(name);
}

static bool portrait_run(struct gen_portrait *portrait, const struct gen_formula *formula,
                         struct gen_value *out, const char **fault)
{
    gen_arena_clear(portrait->run.arena);
    portrait->run.budget = GEN_FACTS_BUDGET;
    *out = gen_expression_run(formula->program, portrait->facts->values, &portrait->run);
    if (gen_arena_failed(portrait->run.arena)) {
        portrait->starved = true;
    }
    if (!gen_value_is(*out, GEN_KIND_FAULT)) {
        return true;
    }
    *fault = gen_policy_formula_fault(portrait->question->policy, formula, *out, portrait->arena);
    return false;
}

/* A sentence about the result, with the place of the expression. */
static const char *portrait_said(struct gen_portrait *portrait, const struct gen_formula *formula,
                                 const char *format, ...) GEN_PRINTF(3, 4);
static const char *portrait_said(struct gen_portrait *portrait, const struct gen_formula *formula,
                                 const char *format, ...)
{
    const char *sentence;
    va_list values;

    va_start(values, format);
    sentence = gen_arena_vprintf(portrait->arena, format, values);
    va_end(values);
    return sentence == NULL ? NULL
                            : gen_policy_formula_said(portrait->question->policy, formula, sentence,
                                                      portrait->arena);
}

bool gen_portrait_number(struct gen_portrait *portrait, const struct gen_formula *formula,
                         double *out, const char **fault)
{
    struct gen_value value;
    double number = NAN;

    if (!portrait_run(portrait, formula, &value, fault)) {
        return false;
    }
    if (gen_value_is(value, GEN_KIND_DOUBLE)) {
        number = value.as.real;
    } else if (gen_value_is(value, GEN_KIND_INT)) { /* from a formula without known type */
        number = (double)value.as.integer;
    } else if (gen_value_is(value, GEN_KIND_UINT)) {
        number = (double)value.as.natural;
    }
    if (!isfinite(number)) {
        *fault = portrait_said(portrait, formula, "it gives %s, not a finite number",
                               gen_value_is(value, GEN_KIND_DOUBLE)
                                   ? (isnan(number) ? "NaN" : "an infinity")
                                   : gen_value_type_name(value));
        return false;
    }
    *out = number;
    return true;
}

bool gen_portrait_truth(struct gen_portrait *portrait, const struct gen_formula *formula, bool *out,
                        const char **fault)
{
    struct gen_value value;

    if (!portrait_run(portrait, formula, &value, fault)) {
        return false;
    }
    if (!gen_value_is(value, GEN_KIND_BOOL)) {
        *fault = portrait_said(portrait, formula, "it gives %s, not true or false",
                               gen_value_type_name(value));
        return false;
    }
    *out = value.as.boolean;
    return true;
}

void gen_portrait_warn(struct gen_portrait *portrait, const char *format, ...)
{
    const char *sentence;
    va_list values;

    va_start(values, format);
    sentence = gen_arena_vprintf(portrait->arena, format, values);
    va_end(values);
    if (portrait->warnings == NULL) {
        portrait->warnings = gen_arena_array(portrait->arena, GEN_PORTRAIT_MOST_WARNINGS,
                                             sizeof(*portrait->warnings));
    }
    if (sentence == NULL || portrait->warnings == NULL ||
        portrait->warning_count == GEN_PORTRAIT_MOST_WARNINGS) {
        return;
    }
    for (size_t i = 0; i < portrait->warning_count; i++) {
        if (strcmp(portrait->warnings[i], sentence) == 0) {
            return;
        }
    }
    portrait->warnings[portrait->warning_count++] = sentence;
}
