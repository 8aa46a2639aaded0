/* ranking.h - the order of those that are left, and which of them are taken within the budget.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/ranking_test.c
 */
#ifndef GEN_DECIDE_RANKING_H
#define GEN_DECIDE_RANKING_H

#include "decide/portrait.h"

/* Negative when `a` is the better one: the user's own order; fewer unmet needs (where the
 * strategy says so); the higher total; the tie-breaks; the seed; the name. Never 0 for two
 * models. */
int gen_ranking_compare(const struct gen_portrait *portrait, const struct gen_contender *a,
                        const struct gen_contender *b);

/* Chooses in every contest, and sets ranks. What does not fit into the budget beside the others is
 * rejected by it. A contest of which nobody fits stays without a choice.
 * GEN_EBUDGET: there is no choice for all within the budget (`err` says by how much).
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_ranking_choose(struct gen_portrait *portrait,
                                                  struct gen_contest *contests, size_t count,
                                                  struct gen_error *err);

#endif
