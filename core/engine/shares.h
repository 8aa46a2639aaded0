/* shares.h - how places are shared, as schedule.yaml says: whose work a shot is, and what its priority is
 * worth.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/shares_test.c
 */
#ifndef GEN_ENGINE_SHARES_H
#define GEN_ENGINE_SHARES_H

#include "engine/lanes.h"
#include "engine/terms.h"
#include "model/job.h"

/* What priorities are worth and how long their work waits, from the set in force; to be called whenever that
 * changes. Without a set all are alike. */
void gen_shares_steer(const struct gen_engine_options *options, struct gen_lanes *lanes);

/* Says in a ticket that is nowhere whose work it is and what it costs. Without memory it counts as everybody
 * else's. */
void gen_shares_sign(const struct gen_engine_options *options, struct gen_lanes *lanes,
                     const struct gen_job *job, const struct gen_shot *shot,
                     struct gen_ticket *ticket);

#endif
