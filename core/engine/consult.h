/* consult.h - asks a plugin what comes next for one shot of an open job.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_CONSULT_H
#define GEN_ENGINE_CONSULT_H

#include "engine/open_job.h"

/* Calls the verb that the shot is in, with `reply` (NULL at first and after a wait). The step and its
 * memory become flight->step and flight->exchange; those of the step before are gone, also on
 * failure. Statuses of gen_hosted_step; GEN_ENOTFOUND: the provider or model is not loaded. */
GEN_MUST_CHECK enum gen_status gen_consult_verb(struct gen_open_job *open,
                                                struct gen_flight *flight,
                                                const struct gen_reply *reply,
                                                struct gen_error *err);

#endif
