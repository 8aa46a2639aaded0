/* portrait.h - brief, snapshot and policy as the facts that expressions read (policy/facts.h),
 * and the workbench of one decision around them.
 *
 * It fills values; it decides nothing. A contender's facts are bound by pointing at what was
 * prepared once for its model (a card), so evaluating costs no copying.
 * Invariant: what is not known stays unbound.
 *
 * Thread: that of the policy set's formulas. Floor: decide.
 * Tests: tests/unit/decide/portrait_test.c
 */
#ifndef GEN_DECIDE_PORTRAIT_H
#define GEN_DECIDE_PORTRAIT_H

#include "decide/contest.h"

enum {
    GEN_PORTRAIT_ENOUGH = 5
}; /* attempts from which history counts more than declared figures */

struct gen_card {           /* a model with all that is known before a job is looked at */
    struct gen_model model; /* corrected by providers/NAME.yaml */
    const char *name;       /* "runway/gen4.5" */
    const struct gen_model_state *state;
    struct gen_provider_state provider;       /* capacity filled in */
    const struct gen_provider_policy *policy; /* NULL = there is no file */
    const struct gen_provider_model *entry;   /* NULL = not named there */
    double speed, quality, reliability, load; /* expected */
    struct gen_value model_facts[GEN_FACT_MODEL_SIZE], provider_facts[GEN_FACT_PROVIDER_SIZE],
        history_facts[GEN_FACT_HISTORY_SIZE];
};

struct gen_portrait { /* caller's memory; set up with gen_portrait_init */
    const struct gen_question *question;
    struct gen_arena *arena; /* of the decision */
    struct gen_facts *facts;
    struct gen_run run;     /* its arena is cleared between evaluations */
    struct gen_card *cards; /* as the models stand in the snapshot */
    size_t card_count;
    struct gen_value *scenes; /* GEN_FACT_SCENE_SIZE for each scene of the brief */
    const struct gen_routing_strategy *strategy; /* once it is known */
    const struct gen_access_plan *plan;
    gen_micros budget; /* GEN_SNAPSHOT_NO_LIMIT */
    const char **warnings;
    size_t warning_count;
    uint64_t filters_used;
    bool starved; /* an evaluation had no memory: what it said means nothing */
};

enum { GEN_PORTRAIT_MOST_MODELS = 500, GEN_PORTRAIT_MOST_WARNINGS = 100 };

/* GEN_ENOMEM, GEN_ELIMIT: more models than that. After a success gen_portrait_fini must follow. */
GEN_MUST_CHECK enum gen_status gen_portrait_init(struct gen_portrait *portrait,
                                                 const struct gen_question *question,
                                                 struct gen_arena *arena, struct gen_error *err);
void gen_portrait_fini(struct gen_portrait *portrait);

/* Fills the cards; part of init. false: no memory. */
bool gen_portrait_cards(struct gen_portrait *portrait);

/* What the storyboard asks of a model, from its structured facts; `scene` may be GEN_ALL_SCENES. */
uint32_t gen_portrait_needs(const struct gen_brief *brief, size_t scene);

/* Facts of the job as if it consisted of these scenes only. */
void gen_portrait_scenes(struct gen_portrait *portrait, size_t first, size_t count);
void gen_portrait_strategy(struct gen_portrait *portrait, const char *name);

/* The scene and the contender that `where` and scores are about; scene: GEN_ALL_SCENES unbinds
 * it. */
void gen_portrait_scene(struct gen_portrait *portrait, size_t scene);
void gen_portrait_contender(struct gen_portrait *portrait, const struct gen_contender *contender);
/* Facts of those that are still in. */
void gen_portrait_field(struct gen_portrait *portrait, const struct gen_contest *contest);

/* Expected seconds of a contender with so many shots, queue included. */
double gen_portrait_seconds(const struct gen_card *card, size_t shots, int64_t longest_ms);

/* Evaluates. false: a fault (or no answer of that kind), whose text is copied into the
 * decision's arena. */
bool gen_portrait_number(struct gen_portrait *portrait, const struct gen_formula *formula,
                         double *out, const char **fault);
bool gen_portrait_truth(struct gen_portrait *portrait, const struct gen_formula *formula, bool *out,
                        const char **fault);

/* A sentence for people; the same one is kept once. */
void gen_portrait_warn(struct gen_portrait *portrait, const char *format, ...) GEN_PRINTF(2, 3);

struct gen_value gen_portrait_words(struct gen_arena *arena, uint32_t needs); /* list of text */

#endif
