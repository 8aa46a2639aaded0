/* treasury.h - the money of organizations as the engine sees it: which limits a hold brings along, what is
 * left of them, and who is told.
 *
 * It keeps the budgets of the store in memory; those of budget.yaml come from the rulebook. It never
 * compares sums to decide (the store does, in the transaction that holds): what is left is for decisions
 * that want to fit, and for people.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/treasury_test.c
 */
#ifndef GEN_ENGINE_TREASURY_H
#define GEN_ENGINE_TREASURY_H

#include "decide/hold.h"
#include "engine/budget_watch.h"
#include "engine/terms.h"

struct gen_treasury;

/* Reads the budgets in force. `options` are borrowed for its life. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_treasury_create(const struct gen_engine_options *options,
                                                   struct gen_treasury **out,
                                                   struct gen_error *err);
void gen_treasury_destroy(struct gen_treasury *treasury); /* NULL is allowed */

/* Budgets were changed: read them again. On failure those of before are kept. */
GEN_MUST_CHECK enum gen_status gen_treasury_reload(struct gen_treasury *treasury,
                                                   struct gen_error *err);
const struct gen_budget *gen_treasury_budgets(const struct gen_treasury *treasury, size_t *count);

/* Commits changes of budgets and reads the budgets again before `done` hears of it; as gen_store_commit. */
GEN_MUST_CHECK enum gen_status gen_treasury_commit(struct gen_treasury *treasury,
                                                   struct gen_changes **changes,
                                                   gen_store_done *done, void *context,
                                                   struct gen_error *err);

/* Whose hold one of this job would be at this provider (NULL = none). */
struct gen_hold_of gen_treasury_of(const struct gen_job *job, const char *provider, gen_moment at);

/* All that apply, and on top one without an amount for the organization's month, so that what it spends is
 * always added up. `question`: what conditions look at; NULL leaves out limits that have one. */
GEN_MUST_CHECK enum gen_status gen_treasury_limits(const struct gen_treasury *treasury,
                                                   const struct gen_hold_of *of,
                                                   const struct gen_question *question,
                                                   struct gen_arena *arena, struct gen_limit **out,
                                                   size_t *count, struct gen_error *err);
/* Has a limit of budget.yaml a condition? Only then a question is of use. */
bool gen_treasury_asks(const struct gen_treasury *treasury);
/* The same of those that slow work down. */
bool gen_treasury_throttles_ask(const struct gen_treasury *treasury);

/* Gives every hold among the changes its limits, and notes what is to be watched once they are durable. */
GEN_MUST_CHECK enum gen_status gen_treasury_equip(struct gen_treasury *treasury,
                                                  const struct gen_job *job,
                                                  const struct gen_question *question,
                                                  struct gen_changes *changes, gen_moment now,
                                                  struct gen_error *err);

struct gen_purse {          /* what is left */
    bool limited;           /* is there any hard limit? */
    struct gen_limit limit; /* the one that leaves least; texts in the arena */
    struct gen_balance used;
    gen_micros room, left;    /* what it allows; never negative */
    struct gen_balance month; /* what the organization has used of its month */
};
/* Of all that apply the one that leaves least; of equals the first. */
GEN_MUST_CHECK enum gen_status gen_treasury_left(const struct gen_treasury *treasury,
                                                 const struct gen_hold_of *of,
                                                 const struct gen_question *question,
                                                 struct gen_arena *arena, struct gen_purse *out,
                                                 struct gen_error *err);

/* Who is told, and who is slowed down. */
struct gen_budget_watch *gen_treasury_watch(struct gen_treasury *treasury);

#endif
