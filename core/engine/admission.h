/* admission.h - the one door: from a brief to a job whose money is reserved.
 *
 * Everything is decided before anything is written: the brief is checked, its assets are looked up,
 * every model is asked for a format and a price, the router chooses, and the whole job with its
 * holds becomes one set of changes. No price, no admission.
 * Invariant: there is no other way to a new job.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/admission_test.c
 */
#ifndef GEN_ENGINE_ADMISSION_H
#define GEN_ENGINE_ADMISSION_H

#include "engine/terms.h"
#include "engine/turn.h"

struct gen_admitted {         /* what a successful plan gives */
    struct gen_job *job;      /* owns its arena; the caller's until it is committed */
    struct gen_asset *assets; /* in the job's arena */
    size_t asset_count;
    struct gen_changes *changes; /* the caller's */
};

/* Statuses of gen_engine_admitted. On failure `out` is unchanged and nothing is left. */
GEN_MUST_CHECK enum gen_status gen_admission_plan(const struct gen_engine_options *options,
                                                  const struct gen_request *request, gen_moment now,
                                                  struct gen_admitted *out, struct gen_error *err);

/* The flags of a pipeline's model as loaded now; 0 when it is not loaded. */
uint32_t gen_admission_flags(const struct gen_loader *loader, const char *provider,
                             const char *model);

#endif
