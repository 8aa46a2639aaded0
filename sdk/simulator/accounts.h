/* accounts.h - the accounts' credit, which is computed and never counted along.
 *
 * Thread: [any], world locked. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_ACCOUNTS_H
#define SIM_ACCOUNTS_H

#include "simulator/world.h"

struct sim_purse { /* an account and what was paid in afterwards */
    struct sim_account account;
    gen_micros deposits; /* may be negative */
};

/* The test accounts of all dialects. */
GEN_MUST_CHECK enum gen_status sim_accounts_begin(struct sim_world *world, struct gen_error *err);
/* "runway:name=a,key=k,secret=s,usd=10,concurrency=2,daily=50": adds, or changes what it names.
 * GEN_EINVAL. */
GEN_MUST_CHECK enum gen_status sim_accounts_set(struct sim_world *world, const char *text,
                                                struct gen_error *err);
/* Pays in (or out) and journals it. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status sim_accounts_deposit(struct sim_world *world, const char *provider,
                                                    const char *name, gen_micros amount,
                                                    struct gen_error *err);
void sim_accounts_replay(struct sim_world *world, const struct gen_node *line);
struct gen_node *sim_accounts_books(struct sim_world *world, struct gen_arena *arena);

#endif
