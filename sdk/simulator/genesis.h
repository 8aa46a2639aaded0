/* genesis.h - how gen-sim's world begins, begins again and ends: its folder, its accounts, its journal.
 *
 * It knows the rooms that fill the world; they know only the world.
 *
 * Thread: one, before and after all others; reset: [any], locked. Apart: sdk/simulator.
 * Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_GENESIS_H
#define SIM_GENESIS_H

#include "simulator/world.h"

/* The folder is created; the journal is read. GEN_EIO and what base/files says, GEN_ECORRUPT: a line
 * of the journal in the middle is damaged (a torn last one is dropped), GEN_ENOMEM, GEN_EBUSY:
 * another simulator has the folder. */
GEN_MUST_CHECK enum gen_status sim_genesis_open(const struct sim_settings *settings,
                                                struct sim_world **out, struct gen_error *err);
void sim_genesis_close(struct sim_world *world);
/* Forgets tasks, assets, memos, credits, the skew; begins a new journal. Accounts stay. */
GEN_MUST_CHECK enum gen_status sim_genesis_reset(struct sim_world *world, struct gen_error *err);

#endif
