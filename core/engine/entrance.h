/* entrance.h - the way of one request into the engine: its key looked up, its job planned, committed,
 * started, and the caller answered. The jobs of a batch go in together, in one set of changes.
 *
 * What the job is to be is decided in engine/admission.h; what limits allow, by the store in the commit.
 * Invariant: a job is admitted when its money is reserved and durable, or not at all; every request is
 * answered once.
 *
 * Thread: [loop]; answers come from other turns. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_ENTRANCE_H
#define GEN_ENGINE_ENTRANCE_H

#include "engine/runner.h"

/* GEN_OK, or why nothing can be admitted now. */
typedef enum gen_status gen_entrance_ready(void *context, struct gen_error *err);

struct gen_entrance { /* its owner's; must stay until all are answered */
    const struct gen_engine_options *options;
    struct gen_runner *runner;
    gen_entrance_ready *ready;
    void *context;
    uint64_t admitted, refused; /* since the start */
};

/* See gen_engine_admitted. `job`: of a request with `briefs` the id of the batch; mistakes then have
 * their place as briefs[0].scenes[1]. */
typedef void gen_entrance_done(void *context, enum gen_status status, const struct gen_error *err,
                               const char *job, bool existing);

/* Always ends in one call of `done`. */
void gen_entrance_admit(struct gen_entrance *entrance, const struct gen_request *request,
                        gen_entrance_done *done, void *context);

#endif
