/* pricing.h - the row of a provider's price book that is in force for a formatted shot.
 *
 * Plugins price a shot by it (gen_hosted_cost); where one knows no price of its own making, the row alone
 * does. It holds no money and knows no budgets.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/pricing_test.c
 */
#ifndef GEN_ENGINE_PRICING_H
#define GEN_ENGINE_PRICING_H

#include "engine/terms.h"
#include "policy/policy_set.h"

struct gen_pricing {
    const struct gen_price *row; /* NULL = the policies have none */
    const char *provider;        /* whose book */
    struct gen_price_task task;  /* what format answered */
    int64_t most_duration_ms;
    const struct gen_node *document; /* the row as the contract has it; NULL = none */
    const struct gen_price
        *dearest; /* the row of the worst hour; NULL = the hour makes no difference */
    const struct gen_node *dearest_document;
};

/* `volume_s`: seconds bought there this month, which decide on volume rates. Of the provider's file in
 * `policy` (may be NULL); where that has no prices at all, of gend.yaml, which
 * is written like a row. In `arena`; without memory the arena has failed. */
void gen_pricing_find(const struct gen_engine_options *options, const struct gen_policy_set *policy,
                      const struct gen_model *model, const struct gen_formatted *formatted,
                      gen_moment now, int64_t volume_s, struct gen_arena *arena,
                      struct gen_pricing *out);

/* The price by the row alone, for a plugin that has none; `out` is unchanged without a row.
 * GEN_EOVERFLOW. */
GEN_MUST_CHECK enum gen_status gen_pricing_by_row(const struct gen_pricing *pricing,
                                                  struct gen_arena *arena, struct gen_priced *out,
                                                  struct gen_error *err);

/* What the shot costs if it starts now, where the book's row is another one than when it was quoted: its
 * hours have begun or ended, or its dates. Never more than is held for it. 0: as quoted. */
gen_micros gen_pricing_start(const struct gen_engine_options *options,
                             const struct gen_policy_set *policy, const struct gen_shot *shot,
                             gen_moment quoted_at, gen_moment now);

/* What one attempt of the shot may cost at most where recent bills are `bill_ppm` of the price list, and
 * what is expected of it then (`*price`). 0: no more than when it was quoted. */
gen_micros gen_pricing_needed(const struct gen_shot *shot, int64_t bill_ppm, gen_micros *price);

#endif
