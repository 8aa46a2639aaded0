/* admission.h - the one door: from a brief to a job whose money is reserved.
 *
 * Everything is decided before anything is written: the brief is checked, its assets are looked up,
 * the policy set in force decides on a snapshot of now (engine/quotation.h asks the plugins for formats
 * and prices), and the whole job with its holds becomes one set of changes. No price, no admission.
 * Invariant: there is no other way to a new job.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/admission_test.c
 */
#ifndef GEN_ENGINE_ADMISSION_H
#define GEN_ENGINE_ADMISSION_H

#include "engine/outlook.h"
#include "engine/terms.h"
#include "engine/turn.h"

struct gen_admitted {         /* what a successful plan gives */
    struct gen_job *job;      /* owns its arena; the caller's until it is committed */
    struct gen_asset *assets; /* in the job's arena */
    size_t asset_count;
    struct gen_changes *changes; /* the caller's */
    bool reserved;               /* money for paid retries is held, too */
};

/* Statuses of gen_engine_admitted. On failure `out` is unchanged and nothing is left. */
GEN_MUST_CHECK enum gen_status gen_admission_plan(const struct gen_engine_options *options,
                                                  struct gen_outlook *outlook,
                                                  const struct gen_request *request, gen_moment now,
                                                  struct gen_admitted *out, struct gen_error *err);

/* What would be decided, and why: the document of gen_decision_explain, in `arena`. Nothing is reserved
 * or kept. A brief that would be refused is explained, too; one that cannot be read is not. */
GEN_MUST_CHECK enum gen_status gen_admission_explain(const struct gen_engine_options *options,
                                                     struct gen_outlook *outlook,
                                                     const struct gen_request *request,
                                                     gen_moment now, struct gen_arena *arena,
                                                     struct gen_node **out, struct gen_error *err);

/* What it would cost, what would be held, which limits that would meet and what would be left of them: the
 * document of gen_prospect_document, in `arena`. It is the way of gen_admission_plan up to the point where
 * something would be written; files of the brief may be missing here, as for gen_admission_explain. */
GEN_MUST_CHECK enum gen_status gen_admission_estimate(const struct gen_engine_options *options,
                                                      struct gen_outlook *outlook,
                                                      const struct gen_request *request,
                                                      gen_moment now, struct gen_arena *arena,
                                                      struct gen_node **out, struct gen_error *err);

#endif
