/* audit.h - holds the engine's ledger, states and events against the vendor's books.
 *
 * Everything is read back from the store, nothing is believed because it is in memory.
 */
#ifndef SIMULATION_AUDIT_H
#define SIMULATION_AUDIT_H

#include "simulation/shell.h"

/* What one run came to, for the summary. */
struct audit_sums {
    uint64_t attempts, sales, settled, unverified, jobs_by_status[GEN_JOB_CANCELED + 1];
    gen_micros charged, billed;
    uint64_t strangers, no_money, covered, carried; /* jobs that were refused; holds that were taken over */
};

/* At any instant: no balance is negative or above its job's budget, and each is what its entries add
 * up to; no limit of any scope is passed. At the end (`final`) also: every job is over, the books agree, and the event log alone gives the same balances. Prints what is wrong;
 * number of violations. */
int audit_run(struct shell *shell, bool final, struct audit_sums *sums);

#endif
