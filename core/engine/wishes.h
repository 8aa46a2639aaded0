/* wishes.h - what people want of a job (cancel, pause, resume, retry, resolve) on its way to the
 * machine.
 *
 * It finds the job, for whom it belongs to, and reads it from the store when it is over and shall
 * be tried again. What is done about a wish the machine decides.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/api/hand_test.c
 */
#ifndef GEN_ENGINE_WISHES_H
#define GEN_ENGINE_WISHES_H

#include "engine/runner.h"

/* `input`: its kind and what that needs; with RESOLVE the shot is found by `attempt` ("" = the only
 * one that anybody is in doubt about). GEN_OK: it is done, or under way. GEN_ENOTFOUND;
 * GEN_ECONFLICT: it is over, or there is nothing to be done; GEN_EBUSY: not now; GEN_EINVAL: which
 * attempt? */
GEN_MUST_CHECK enum gen_status gen_wishes_tell(struct gen_runner *runner, const char *organization,
                                               const char *job, struct gen_input *input,
                                               const char *attempt, struct gen_error *err);

#endif
