/* quotation.h - what a plugin asks for a contender: its shots, formatted and priced.
 *
 * A model that takes one scene a call gets a shot for each scene, or for each slice of one that is longer
 * than the model renders (decide/slicing.h). Where the model takes a first frame, the slices of a scene
 * are a chain.
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
    const struct gen_snapshot *snapshot; /* how much was bought where; NULL = nothing */
    struct gen_arena *arena;             /* of the plans */
    bool finished;                       /* what renders only a part gets words and music later */
};

struct gen_quoted { /* the plan of a quote: as the engine would carry it out */
    struct gen_shot *shots;
    size_t shot_count;
    struct gen_node *adjustments; /* list, of all shots */
};

/* An empty shot with its ids, on that model; supplies can follow. */
void gen_quotation_shot(const struct gen_quotation *quotation, const struct gen_model *model,
                        enum gen_shot_role role, size_t first_scene, size_t scene_count,
                        struct gen_shot *out);

/* Formats and prices one shot of a plan for a variation, and adds it to the quote. Statuses of
 * gen_quotation_quote. */
GEN_MUST_CHECK enum gen_status gen_quotation_price(const struct gen_quotation *quotation,
                                                   const struct gen_model *model, size_t variation,
                                                   struct gen_quoted *plan, struct gen_shot *shot,
                                                   struct gen_quote *out, struct gen_error *err);

/* A gen_quote_call; `context` is a struct gen_quotation, the plan a struct gen_quoted. */
gen_quote_call gen_quotation_quote;

#endif
