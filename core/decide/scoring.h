/* scoring.h - the scores of routing.yaml for one contender, and what the strategy makes of them.
 *
 * A formula that divides by zero, or gives no number, takes its contender out with the reason;
 * nobody else is hurt. Scores that the strategy does not need may fail without harm.
 *
 * Thread: that of the policy set's formulas. Floor: decide. Tests: tests/unit/decide/scoring_test.c
 */
#ifndef GEN_DECIDE_SCORING_H
#define GEN_DECIDE_SCORING_H

#include "decide/portrait.h"

/* Fills scores, score and total, or rejects with GEN_FILTER_SCORE. The contest's field must be
 * bound. */
void gen_scoring_contender(struct gen_portrait *portrait, struct gen_contender *contender);

/* score * weight, such that a weight above 1 lifts negative scores too. */
double gen_scoring_weigh(double score, double weight);

#endif
