/* budget_use.h - what is used of a limit in one interval: rows made from the ledger when somebody first
 * asks, and moved with every posting after that.
 *
 * They are for speed, and as durable as the postings that move them, in the same transaction: adding up a
 * long period takes seconds in which nobody else gets in. The ledger is the truth: where a start finds any
 * balance that differs from its postings, all of them go. What counts in an interval is the money of
 * attempts whose first money was held in it. Limits that add up the same money over the same time share a
 * row.
 * Invariant: a row that is there is what the attempts of its key and interval add up to.
 *
 * Thread: that of the connection; make, move, fits, clear: the write connection inside a transaction.
 * Floor: store. Tests: tests/unit/store/budget_use_test.c
 */
#ifndef GEN_STORE_BUDGET_USE_H
#define GEN_STORE_BUDGET_USE_H

#include "model/budget.h"
#include "model/ledger.h"
#include "store/database.h"

/* Of [begins, ends) under the limit's key: its row, or else the ledger's own sum. Any connection. */
GEN_MUST_CHECK enum gen_status gen_budget_use_find(struct gen_database *database,
                                                   const struct gen_limit *limit, gen_moment begins,
                                                   gen_moment ends, struct gen_balance *out,
                                                   struct gen_error *err);

/* What the limit allows in its interval: hard, and with rollover what the interval before left of it. */
GEN_MUST_CHECK enum gen_status gen_budget_use_room(struct gen_database *database,
                                                   const struct gen_limit *limit, gen_micros *out,
                                                   struct gen_error *err);

/* Is there room for `amount`? GEN_EBUDGET: the message names the limit, its amount, what is spent, held and
 * by which jobs, unverified and left, and when it begins anew. Makes the row where it is missing. */
GEN_MUST_CHECK enum gen_status gen_budget_use_fits(struct gen_database *database,
                                                   const struct gen_limit *limit, gen_micros amount,
                                                   struct gen_error *err);

/* The postings of an entry of this attempt, whose row has its held_at already: every row that counts it
 * moves, in one statement. */
GEN_MUST_CHECK enum gen_status gen_budget_use_move(struct gen_database *database,
                                                   const char *attempt,
                                                   const struct gen_postings *postings,
                                                   struct gen_error *err);

/* At a start: those of jobs, and of intervals that ended longer ago than they took, go; they are made
 * again when somebody asks. */
GEN_MUST_CHECK enum gen_status gen_budget_use_tidy(struct gen_database *database,
                                                   struct gen_error *err);
/* All of them go. */
GEN_MUST_CHECK enum gen_status gen_budget_use_clear(struct gen_database *database,
                                                    struct gen_error *err);

struct gen_holder { /* a job that holds money */
    struct gen_ident job;
    gen_micros held;
};
/* The jobs that hold most of the limit's interval, by its newest thousand attempts that hold anything, the
 * largest first, at most `capacity`. Any connection. */
GEN_MUST_CHECK enum gen_status gen_budget_use_holders(struct gen_database *database,
                                                      const struct gen_limit *limit,
                                                      struct gen_holder *out, size_t capacity,
                                                      size_t *count, struct gen_error *err);

enum { GEN_USE_MOST_DAYS = 400 };
struct gen_day_use { /* what was first held on a day of a limit's interval */
    int64_t day;     /* 0 = the first, in days of 24 hours */
    gen_micros used; /* of it held, unverified and spent */
};
/* The days up to `until` on which anything was, in order, at most `capacity` (the first ones). Any
 * connection. */
GEN_MUST_CHECK enum gen_status gen_budget_use_days(struct gen_database *database,
                                                   const struct gen_limit *limit, gen_moment until,
                                                   struct gen_day_use *out, size_t capacity,
                                                   size_t *count, struct gen_error *err);

#endif
