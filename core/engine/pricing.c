/* pricing.c - see pricing.h. */
#include "engine/pricing.h"

#include "decide/price_book.h"

#include "engine/rulebook.h"

/* What a second costs after what was bought this month. */
static gen_micros pricing_rate(const struct gen_price *row, int64_t volume_s)
{
    const struct gen_price_bulk *bulk = row->bulk.items;
    gen_micros rate = row->per_second;

    for (size_t i = 0; i < row->bulk.count && volume_s >= bulk[i].seconds; i++) {
        rate = bulk[i].per_second;
    }
    return rate;
}

static void pricing_money(struct gen_arena *arena, struct gen_node *map, const char *key,
                          gen_micros value)
{
    if (value != 0) {
        gen_node_set(arena, map, key, gen_node_money(arena, value));
    }
}

static void pricing_seconds(struct gen_arena *arena, struct gen_node *map, const char *key,
                            int64_t ms)
{
    if (ms != 0) {
        gen_node_set(arena, map, key, gen_node_real(arena, (double)ms / 1000.0));
    }
}

static const struct gen_node *pricing_document(const struct gen_price *row, int64_t volume_s,
                                               struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    pricing_money(arena, map, "perSecond", pricing_rate(row, volume_s));
    pricing_money(arena, map, "perClip", row->per_clip);
    pricing_money(arena, map, "minimum", row->minimum);
    pricing_seconds(arena, map, "stepSeconds", row->step_ms);
    pricing_seconds(arena, map, "clipSeconds", row->clip_ms);
    gen_node_set(arena, map, "estimate", gen_node_bool(arena, row->estimate));
    gen_node_set(arena, map, "source",
                 gen_node_string(arena, row->source != NULL ? row->source : ""));
    return gen_arena_failed(arena) ? NULL : map;
}

void gen_pricing_find(const struct gen_engine_options *options, const struct gen_policy_set *policy,
                      const struct gen_model *model, const struct gen_formatted *formatted,
                      gen_moment now, int64_t volume_s, struct gen_arena *arena,
                      struct gen_pricing *out)
{
    const struct gen_provider_policy *provider = policy == NULL
                                                     ? NULL
                                                     : gen_policy_provider(policy, model->provider);

    *out = (struct gen_pricing){
        .provider = model->provider,
        .task = {.model = model->id,
                 .width = formatted->width,
                 .height = formatted->height,
                 .audio = formatted->audio,
                 .duration_ms = formatted->duration_ms,
                 .volume_s = volume_s,
                 .now = now,
                 .zones = options->rules == NULL ? NULL : gen_rulebook_zones(options->rules)},
        .most_duration_ms = formatted->most_duration_ms};
    if (provider == NULL || provider->prices.count == 0) {
        out->document = gen_node_get(options->prices, model->provider);
        return;
    }
    out->row = gen_price_find(provider, &out->task);
    if (out->row != NULL) {
        out->document = pricing_document(out->row, out->task.volume_s, arena);
        out->dearest = gen_price_dearest(&provider->prices, &out->task);
    }
    if (out->dearest != NULL) {
        out->dearest_document = pricing_document(out->dearest, out->task.volume_s, arena);
    }
}

enum gen_status gen_pricing_by_row(const struct gen_pricing *pricing, struct gen_arena *arena,
                                   struct gen_priced *out, struct gen_error *err)
{
    struct gen_price_task most = pricing->task;
    struct gen_priced priced = {.known = true};
    enum gen_status status;

    if (pricing->row == NULL) {
        return GEN_OK;
    }
    most.duration_ms = pricing->most_duration_ms;
    priced.exact = !pricing->row->estimate;
    priced.basis = gen_arena_printf(arena, "price book of %s", pricing->provider);
    status = gen_price_of(pricing->row, &pricing->task, &priced.price, err);
    if (status == GEN_OK) {
        status = gen_price_of(pricing->dearest != NULL ? pricing->dearest : pricing->row, &most,
                              &priced.most, err);
    }
    if (status == GEN_OK) {
        *out = priced;
    }
    return status;
}

/* The rows of then and of now, and what each comes to; false: nobody knows, or it is the same row. */
static bool pricing_moved(const struct gen_provider_policy *provider, struct gen_price_task task,
                          gen_moment now, gen_micros *before, gen_micros *after)
{
    const struct gen_price *then = gen_price_find(provider, &task), *row;
    struct gen_error ignored;

    if (then == NULL || gen_price_of(then, &task, before, &ignored) != GEN_OK) {
        return false;
    }
    task.now = now;
    row = gen_price_find(provider, &task);
    return row != NULL && row != then && gen_price_of(row, &task, after, &ignored) == GEN_OK;
}

gen_micros gen_pricing_start(const struct gen_engine_options *options,
                             const struct gen_policy_set *policy, const struct gen_shot *shot,
                             gen_moment quoted_at, gen_moment now)
{
    const struct gen_provider_policy *provider = policy == NULL
                                                     ? NULL
                                                     : gen_policy_provider(policy, shot->provider);
    struct gen_price_task task = {
        .model = shot->model,
        .width = shot->width,
        .height = shot->height,
        .duration_ms = shot->duration_ms,
        .now = quoted_at,
        .zones = options->rules == NULL ? NULL : gen_rulebook_zones(options->rules)};
    bool sound = (shot->model_flags & GEN_TRAIT_AUDIO) != 0;
    gen_micros before = 0, after = 0, price = 0;

    if (provider == NULL || provider->prices.count == 0 || shot->price <= 0) {
        return 0;
    }
    /* With sound or without is not kept: what explains the quote was it, else what the model makes. */
    for (int i = 0; i < 2; i++) {
        gen_micros quoted = 0, next = 0;

        task.audio = (i == 0) == sound;
        if (pricing_moved(provider, task, now, &quoted, &next) && quoted > 0 &&
            (i == 0 || (before != shot->price && quoted == shot->price))) {
            before = quoted;
            after = next;
        }
    }
    if (before <= 0 || !gen_money_scale(&price, shot->price, after, before)) {
        return 0;
    }
    return price < shot->most ? price : shot->most;
}

gen_micros gen_pricing_needed(const struct gen_shot *shot, int64_t bill_ppm, gen_micros *price)
{
    const struct gen_attempt *attempt = &shot->attempt;
    gen_micros list = attempt->book > 0 ? attempt->book : attempt->estimate, expected = list;
    gen_micros most = 0;

    *price = 0;
    if (attempt->estimate <= 0 || !gen_money_scale(&most, shot->most, list, attempt->estimate) ||
        !gen_price_book_raise(bill_ppm, &expected, &most) || expected <= attempt->estimate) {
        return 0;
    }
    *price = expected;
    return most;
}
