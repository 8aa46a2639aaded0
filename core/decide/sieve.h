/* sieve.h - hard limits: what a model cannot do for this job, each in one sentence.
 *
 * A table of tests, asked in order; the first that speaks decides. A model that the user named
 * passes the softer ones with a warning.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/decision_test.c
 */
#ifndef GEN_DECIDE_SIEVE_H
#define GEN_DECIDE_SIEVE_H

#include "decide/portrait.h"

struct gen_slack { /* what is overlooked because nobody would be left */
    int64_t tiers; /* further from the tier asked for */
    bool breaker;  /* providers that are left alone */
};

/* All but the quote, then price, budget and deadline. Sets filter and rejection, or leaves it
 * in. */
void gen_sieve_free(struct gen_portrait *portrait, const struct gen_contest *contest,
                    const struct gen_slack *slack, struct gen_contender *contender);
void gen_sieve_priced(struct gen_portrait *portrait, const struct gen_contest *contest,
                      struct gen_contender *contender);

/* Takes a contender out. */
void gen_sieve_reject(struct gen_portrait *portrait, struct gen_contender *contender,
                      enum gen_filter filter, const char *sentence);

#endif
