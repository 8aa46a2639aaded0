/* portrait_cards.c - the facts of models, their providers and their history; see portrait.h. */
#include "decide/portrait.h"

#include <math.h>
#include <string.h>

/* How sure we are of a share of success before anything is known: as if so many attempts had
 * been seen. */
#define CARD_PRIOR_ATTEMPTS 10.0
#define CARD_PRIOR_SUCCESS 0.95

static struct gen_value card_known(double value)
{
    return isnan(value) ? (struct gen_value){0} : gen_value_double(value);
}

/* ------------------------------------------------------------------------------------- cards -- */

static void card_correct(struct gen_card *card)
{
    const struct gen_provider_model *entry = card->entry;
    uint32_t needs = 0;

    if (entry == NULL) {
        return;
    }
    for (size_t i = 0; i < entry->needs.count; i++) {
        needs |= gen_needs_of(entry->needs.items[i]);
    }
    card->model.tier = entry->tier != 0 ? (int32_t)entry->tier : card->model.tier;
    card->model.quality = entry->quality > 0 ? entry->quality : card->model.quality;
    card->model.seconds_per_second = entry->speed > 0 ? entry->speed
                                                      : card->model.seconds_per_second;
    card->model.needs = entry->needs.count > 0 ? needs : card->model.needs;
}

static void card_provider(struct gen_card *card, const struct gen_snapshot *snapshot)
{
    const struct gen_provider_state *found = gen_snapshot_provider(snapshot, card->model.provider);

    card->provider = found != NULL ? *found : gen_snapshot_provider_state(card->model.provider);
    if (card->provider.capacity == 0 && card->policy != NULL) {
        card->provider.capacity = card->policy->limits.parallel;
    }
    if (card->provider.capacity == 0) {
        card->provider.capacity = card->model.max_concurrent;
    }
    card->load = card->provider.capacity <= 0
                     ? 0
                     : (double)(card->provider.running + card->provider.queue) /
                           (double)card->provider.capacity;
}

/* What to expect: our own figures where there are enough of them, else the declared ones. */
static void card_expect(struct gen_card *card)
{
    const struct gen_model_state *state = card->state;
    bool enough = state->attempts >= GEN_PORTRAIT_ENOUGH;
    double prior = isnan(card->provider.success_rate) ? CARD_PRIOR_SUCCESS
                                                      : card->provider.success_rate;
    double attempts = isnan(state->success_rate) ? 0 : (double)state->attempts;

    card->speed = enough && !isnan(state->speed) ? state->speed : card->model.seconds_per_second;
    card->quality = enough && !isnan(state->quality) ? state->quality : card->model.quality;
    card->reliability = prior * CARD_PRIOR_ATTEMPTS / (CARD_PRIOR_ATTEMPTS + attempts);
    if (attempts > 0) {
        card->reliability += state->success_rate * attempts / (CARD_PRIOR_ATTEMPTS + attempts);
    }
}

static void card_model_facts(struct gen_card *card, gen_moment now, struct gen_arena *arena)
{
    const struct gen_model *model = &card->model;
    struct gen_value *facts = card->model_facts;

    facts[GEN_FACT_MODEL_ID] = gen_value_text(card->name);
    facts[GEN_FACT_MODEL_PROVIDER] = gen_value_text(model->provider);
    facts[GEN_FACT_MODEL_NAME] = gen_value_text(model->id);
    facts[GEN_FACT_MODEL_TIER] = gen_value_int(model->tier);
    facts[GEN_FACT_MODEL_QUALITY] = gen_value_double(model->quality);
    facts[GEN_FACT_MODEL_SPEED] = gen_value_double(model->seconds_per_second);
    facts[GEN_FACT_MODEL_NEEDS] = gen_portrait_words(arena, model->needs);
    facts[GEN_FACT_MODEL_MIN_DURATION] = gen_value_double((double)model->min_duration_ms / 1000.0);
    facts[GEN_FACT_MODEL_MAX_DURATION] = gen_value_double((double)model->max_duration_ms / 1000.0);
    facts[GEN_FACT_MODEL_MAX_WIDTH] = gen_value_int(model->max_width);
    facts[GEN_FACT_MODEL_MAX_HEIGHT] = gen_value_int(model->max_height);
    facts[GEN_FACT_MODEL_MAX_FRAME_RATE] = gen_value_double(model->max_frame_rate);
    facts[GEN_FACT_MODEL_AUDIO] = gen_value_bool((model->traits & GEN_TRAIT_AUDIO) != 0);
    facts[GEN_FACT_MODEL_WHOLE_STORYBOARD] =
        gen_value_bool((model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0);
    facts[GEN_FACT_MODEL_IDEMPOTENT] =
        gen_value_bool((model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT) != 0);
    if (card->entry != NULL && card->entry->end_of_life != 0) {
        facts[GEN_FACT_MODEL_END_OF_LIFE_IN] =
            gen_value_double((double)(card->entry->end_of_life - now) / 1000.0);
    }
}

static void card_provider_facts(struct gen_card *card)
{
    const struct gen_provider_state *state = &card->provider;
    struct gen_value *facts = card->provider_facts;

    facts[GEN_FACT_PROVIDER_ID] = gen_value_text(card->model.provider);
    facts[GEN_FACT_PROVIDER_HEALTH] = gen_value_double(state->health);
    facts[GEN_FACT_PROVIDER_BREAKER] =
        gen_value_text(gen_choice_word(gen_breaker_choices, state->breaker));
    facts[GEN_FACT_PROVIDER_RUNNING] = gen_value_int(state->running);
    facts[GEN_FACT_PROVIDER_QUEUE] = gen_value_int(state->queue);
    facts[GEN_FACT_PROVIDER_CAPACITY] = gen_value_int(state->capacity);
    facts[GEN_FACT_PROVIDER_LOAD] = gen_value_double(card->load);
    /* Nothing has failed where nothing was tried. */
    facts[GEN_FACT_PROVIDER_SUCCESS_RATE] =
        gen_value_double(isnan(state->success_rate) ? 1.0 : state->success_rate);
    facts[GEN_FACT_PROVIDER_SHARE] = gen_value_double(state->share);
    facts[GEN_FACT_PROVIDER_OFF_PEAK] = gen_value_bool(state->off_peak);
    facts[GEN_FACT_PROVIDER_VOLUME] = gen_value_double((double)state->volume_s);
}

static void card_history_facts(struct gen_card *card)
{
    const struct gen_model_state *state = card->state;
    struct gen_value *facts = card->history_facts;

    facts[GEN_FACT_HISTORY_ATTEMPTS] = gen_value_int(state->attempts);
    facts[GEN_FACT_HISTORY_PRICE_ERROR] = card_known(state->price_error);
    facts[GEN_FACT_HISTORY_REJECTED] = card_known(state->rejected);
    facts[GEN_FACT_HISTORY_QUALITY] = card_known(state->quality);
    if (state->attempts > 0) {
        facts[GEN_FACT_HISTORY_SUCCESS_RATE] = card_known(state->success_rate);
        facts[GEN_FACT_HISTORY_SPEED] = card_known(state->speed);
    }
}

bool gen_portrait_cards(struct gen_portrait *portrait)
{
    const struct gen_snapshot *snapshot = portrait->question->snapshot;
    const struct gen_policy_set *policy = portrait->question->policy;

    portrait->card_count = snapshot->model_count;
    portrait->cards = gen_arena_array(portrait->arena, portrait->card_count + 1,
                                      sizeof(*portrait->cards));
    if (portrait->cards == NULL) {
        return false;
    }
    for (size_t i = 0; i < portrait->card_count; i++) {
        struct gen_card *card = &portrait->cards[i];

        card->state = &snapshot->models[i];
        card->model = *card->state->model;
        card->name = gen_contest_model_name(&card->model, portrait->arena);
        if (card->name == NULL) {
            return false;
        }
        card->policy = gen_policy_provider(policy, card->model.provider);
        card->entry = card->policy == NULL ? NULL
                                           : gen_provider_model_of(card->policy, card->model.id);
        card_correct(card);
        card_provider(card, snapshot);
        card_expect(card);
        card_model_facts(card, snapshot->now, portrait->arena);
        card_provider_facts(card);
        card_history_facts(card);
    }
    return true;
}

double gen_portrait_seconds(const struct gen_card *card, size_t shots, int64_t longest_ms)
{
    double one = card->speed * (double)longest_ms / 1000.0, rounds = 1, ahead = 0;

    if (card->provider.capacity > 0) { /* they run side by side as far as there are places */
        rounds = ceil((double)shots / (double)card->provider.capacity);
        ahead = (double)card->provider.queue / (double)card->provider.capacity;
    }
    return one * (rounds + ahead);
}

/* ----------------------------------------------------------------------------------- binding -- */

void gen_portrait_scene(struct gen_portrait *portrait, size_t scene)
{
    bool bound = scene != GEN_ALL_SCENES;

    if (bound) {
        portrait->facts->records[GEN_FACT_SCENE].fields = portrait->scenes +
                                                          scene * GEN_FACT_SCENE_SIZE;
    }
    gen_facts_bind_scene(portrait->facts, bound);
}

void gen_portrait_contender(struct gen_portrait *portrait, const struct gen_contender *contender)
{
    const struct gen_card *card = &portrait->cards[contender->model_index];
    struct gen_record_value *records = portrait->facts->records;
    struct gen_value *facts = portrait->facts->candidate;
    double dollar = (double)GEN_MICROS_PER_DOLLAR;

    records[GEN_FACT_MODEL].fields = card->model_facts;
    records[GEN_FACT_PROVIDER].fields = card->provider_facts;
    records[GEN_FACT_HISTORY].fields = card->history_facts;
    facts[GEN_FACT_CANDIDATE_PRICE] = gen_value_double((double)contender->quote.price / dollar);
    facts[GEN_FACT_CANDIDATE_MOST] = gen_value_double((double)contender->quote.most / dollar);
    facts[GEN_FACT_CANDIDATE_EXACT] = gen_value_bool(contender->quote.exact);
    facts[GEN_FACT_CANDIDATE_SECONDS] = gen_value_double(contender->seconds);
    facts[GEN_FACT_CANDIDATE_QUALITY] = gen_value_double(contender->quality);
    facts[GEN_FACT_CANDIDATE_RELIABILITY] = gen_value_double(contender->reliability);
    facts[GEN_FACT_CANDIDATE_UNMET] = gen_value_int(gen_contest_bits(contender->unmet));
    facts[GEN_FACT_CANDIDATE_TIER_GAP] = gen_value_int(contender->tier_gap);
    facts[GEN_FACT_CANDIDATE_TIER_FIT] = gen_value_double(contender->tier_fit);
    facts[GEN_FACT_CANDIDATE_SHOTS] = gen_value_int((int64_t)gen_contest_shots(contender));
    facts[GEN_FACT_CANDIDATE_LOAD] = gen_value_double(contender->load);
}

void gen_portrait_field(struct gen_portrait *portrait, const struct gen_contest *contest)
{
    struct gen_value *facts = portrait->facts->field;
    double dollar = (double)GEN_MICROS_PER_DOLLAR;
    double low_price = INFINITY, high_price = 0, low_time = INFINITY, high_time = 0, quality = 0;
    size_t count = 0;

    for (size_t i = 0; i < contest->contender_count; i++) {
        const struct gen_contender *contender = &contest->contenders[i];
        double price = (double)contender->quote.price / dollar;

        if (contender->filter != GEN_FILTER_NONE) {
            continue;
        }
        count++;
        low_price = fmin(low_price, price);
        high_price = fmax(high_price, price);
        low_time = fmin(low_time, contender->seconds);
        high_time = fmax(high_time, contender->seconds);
        quality = fmax(quality, contender->quality);
    }
    facts[GEN_FACT_FIELD_COUNT] = gen_value_int((int64_t)count);
    facts[GEN_FACT_FIELD_LOWEST_PRICE] = gen_value_double(count == 0 ? 0 : low_price);
    facts[GEN_FACT_FIELD_HIGHEST_PRICE] = gen_value_double(high_price);
    facts[GEN_FACT_FIELD_LOWEST_SECONDS] = gen_value_double(count == 0 ? 0 : low_time);
    facts[GEN_FACT_FIELD_HIGHEST_SECONDS] = gen_value_double(high_time);
    facts[GEN_FACT_FIELD_HIGHEST_QUALITY] = gen_value_double(quality);
}
