/* ledger_store.h - writes ledger entries and keeps what they add up to on the rows of their job,
 * pipeline and attempt.
 *
 * hold: promises the amount to the attempt, if the job's budget allows it.
 * charge: spends the amount and ends as much of the attempt's hold (what is unverified last); it
 * may pass the hold, since money that is gone is always recorded.
 * release: gives back the amount of the hold, or of what was booked as unverified.
 * unverified: moves the amount from held to unverified.
 * Invariant: per attempt, with H C R U its four entries (0 where there is none) and what is left
 * L = max(0, H - C - R): unverified = min(U, L), held = L - unverified, spent = C. A job has the
 * sums of its attempts, and never more than its budget held by a hold.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/ledger_store_test.c
 */
#ifndef GEN_STORE_LEDGER_STORE_H
#define GEN_STORE_LEDGER_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_EBUDGET: the message names the budget of the job, what is held, spent and left.
 * GEN_ECONFLICT: the attempt has an entry of this kind (a hold: any entry), has less to release or
 * to book as unverified, or is not there. GEN_EOVERFLOW: what is spent does not fit. */
GEN_MUST_CHECK enum gen_status gen_ledger_store_add(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);

/* Makes the balances of a job's rows what its entries add up to; `*corrected`: they differed, which
 * they never should. For the start of the daemon. */
GEN_MUST_CHECK enum gen_status gen_ledger_store_rebuild(struct gen_database *database,
                                                        const char *job, bool *corrected,
                                                        struct gen_error *err);

#endif
