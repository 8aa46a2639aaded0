/* assembly.h - the delivery of one pipeline of an open job: what it needs is looked up here, and its
 * end becomes an input of the job.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_ASSEMBLY_H
#define GEN_ENGINE_ASSEMBLY_H

#include "engine/open_job.h"

/* Starts it; an OUTPUT input follows through the owner, perhaps at once when it cannot start. */
void gen_assembly_start(struct gen_open_job *open, size_t pipeline);

#endif
