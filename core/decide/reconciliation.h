/* reconciliation.h - a provider's invoice beside our ledger: which line is which attempt, and what
 * is wrong.
 *
 * A line belongs to the attempt whose id it names, or whose remote handle is, or contains as a part of
 * its own, the provider's id; failing that, most likely, to the attempt of the same model and length
 * next to it in time, unless it has an id of the same kind as those of jobs: then it is another
 * job. It books nothing; engine/reckoning does, and only from lines that are not merely likely.
 * Pure. Thread: [any]. Floor: decide. Tests: tests/unit/decide/reconciliation_test.c
 */
#ifndef GEN_DECIDE_RECONCILIATION_H
#define GEN_DECIDE_RECONCILIATION_H

#include "base/arena.h"
#include "model/invoice.h"

struct gen_billable { /* an attempt that the provider may have billed */
    struct gen_ident attempt, job, pipeline;
    const char *handle, *model;
    int64_t duration_ms;
    gen_moment at; /* accepted, or sent */
    gen_micros charged, unverified;
    bool billed; /* on another invoice already */
};

/* The billables stand in order of time. Gives every line of `invoice` that has no verdict one, and adds
 * a line for each attempt of its period that is not on it. Where the period is not set it becomes
 * that of the lines. The lines are new, in `arena`. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_reconciliation_make(struct gen_invoice *invoice,
                                                       const struct gen_billable *billables,
                                                       size_t count, gen_micros tolerance,
                                                       struct gen_arena *arena,
                                                       struct gen_error *err);

/* The period of the lines that say when; false: none does. */
bool gen_reconciliation_period(const struct gen_invoice *invoice, gen_moment *from,
                               gen_moment *until);

#endif
