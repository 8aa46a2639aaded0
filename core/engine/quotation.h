/* quotation.h - what a plugin asks for a contender: its shots, formatted and priced.
 *
 * The quoter that a decision calls (decide/decision.h). Where the plugin knows no price, the price book
 * of its provider in the policy set does.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/admission_test.c
 */
#ifndef GEN_ENGINE_QUOTATION_H
#define GEN_ENGINE_QUOTATION_H

#include "decide/decision.h"
#include "engine/terms.h"

struct gen_quotation { /* context of gen_quotation_quote; borrowed for the decision */
    const struct gen_engine_options *options;
    const struct gen_policy_set *policy;
    const struct gen_brief *brief;
    const struct gen_asset *assets;
    size_t asset_count;
    gen_moment now;
    struct gen_arena *arena; /* of the plans */
};

struct gen_quoted { /* the plan of a quote: as the engine would carry it out */
    struct gen_shot *shots;
    size_t shot_count;
    struct gen_node *adjustments; /* list, of all shots */
};

/* A gen_quote_call; `context` is a struct gen_quotation, the plan a struct gen_quoted. */
gen_quote_call gen_quotation_quote;

#endif
