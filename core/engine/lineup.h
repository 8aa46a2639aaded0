/* lineup.h - from a decision to the pipelines of a job: whose shots make which video, and who finishes.
 *
 * Shots that render only parts of a storyboard get one more behind them, on a loaded model that composes
 * and is free: it adds words, logo, end card and sound. Without such a model, or when nothing is to be
 * added, the clips are joined as they are.
 * Invariant: a pipeline either is one shot of the whole storyboard, or its shots show every scene once.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/lineup_test.c
 */
#ifndef GEN_ENGINE_LINEUP_H
#define GEN_ENGINE_LINEUP_H

#include "engine/quotation.h"

struct gen_lineup {                        /* borrowed for the call */
    const struct gen_quotation *quotation; /* with which the decision was made */
    const struct gen_decision *decision;   /* its verdict is GEN_OK */
    struct gen_job *job;                   /* gets its pipelines; its arena is the quotation's */
    struct gen_node *adjustments;          /* list: gets what is done differently than asked */
    const char **bases;                    /* out: of the prices, one a pipeline */
};

/* GEN_EUNSUPPORTED: the scenes' models cannot make a video together. GEN_EOVERFLOW, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_lineup_make(struct gen_lineup *lineup, struct gen_error *err);

/* Does the brief ask for anything that clips of scenes do not have: words, a logo, an end card, music,
 * transitions, words to be spoken? (`spoken`: the clips carry these already.) */
bool gen_lineup_unfinished(const struct gen_brief *brief, bool spoken);

/* The first loaded model that composes and that the policies do not switch off; NULL = none. */
const struct gen_model *gen_lineup_composer(const struct gen_loader *loader,
                                            const struct gen_policy_set *policy);

/* The flags of a shot's model as loaded now; 0 when it is not loaded. */
uint32_t gen_lineup_flags(const struct gen_loader *loader, const char *provider, const char *model);

#endif
