/* ledger_store.h - writes ledger entries with their postings and keeps what they add up to on the rows of
 * their attempt, pipeline and job, and of the budgets that count them.
 *
 * What each kind of entry moves is in model/ledger.h. A hold is granted only when the job's own budget and
 * every limit that comes with it allow it, all looked at in the transaction that writes it.
 * Invariant: the postings of an entry add up to zero; what an attempt, a job has held, spent and unverified
 * is the sum of its postings and never negative; no hold is granted past a limit.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/ledger_store_test.c
 */
#ifndef GEN_STORE_LEDGER_STORE_H
#define GEN_STORE_LEDGER_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_EBUDGET: the message names the limit, its amount, what is held, spent and left.
 * GEN_ECONFLICT: the attempt has an entry of this kind and reference (a hold: any entry), has less to
 * release, to book as unverified or to give back, may not take over what it says, or is not there.
 * GEN_EINVAL: a negative amount. GEN_EOVERFLOW: what is spent does not fit. */
GEN_MUST_CHECK enum gen_status gen_ledger_store_add(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);

/* Makes the balances of a job's rows what its postings add up to; `*corrected`: they differed, which
 * they never should. For the start of the daemon. */
GEN_MUST_CHECK enum gen_status gen_ledger_store_rebuild(struct gen_database *database,
                                                        const char *job, bool *corrected,
                                                        struct gen_error *err);

#endif
