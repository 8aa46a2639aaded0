/* consult.h - asks a plugin what comes next for one shot of an open job.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_CONSULT_H
#define GEN_ENGINE_CONSULT_H

#include "engine/open_job.h"

/* Calls the verb that the shot is in, with `reply` (NULL at first and after a wait), and hands what
 * comes back to the job's machine: a STEP input, or a DEFECT (statuses of gen_hosted_step;
 * GEN_ENOTFOUND: the provider or model is not loaded; GEN_ECORRUPT also: it asked for one request after the
 * other without an end). The step stays in flight->step. */
void gen_consult_plugin(struct gen_flight *flight, const struct gen_reply *reply);
/* Performs the step that came of it, with the files of the shot: those of the brief, and what it was
 * supplied with. */
void gen_consult_perform(struct gen_flight *flight);

#endif
