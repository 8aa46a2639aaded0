/* provision.h - makes what a shot of an open job was promised, of the clips of the shots before it; its
 * end becomes an input of the job.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/chain_test.c
 */
#ifndef GEN_ENGINE_PROVISION_H
#define GEN_ENGINE_PROVISION_H

#include "engine/open_job.h"

/* Starts it; a SUPPLIED input follows through the owner, perhaps at once when it cannot start. */
void gen_provision_start(struct gen_open_job *open, size_t pipeline, size_t shot);
/* No input follows. Sets NULL; NULL inside is allowed. */
void gen_provision_stop(struct gen_provision **provision);

#endif
