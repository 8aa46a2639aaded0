/* settle.h - every way an attempt ends, with its money, and what follows for its shot.
 *
 * Charge follows the terminal verdict. A reported cost settles what was held; without one the
 * estimate does. What may have been billed and cannot be found out is booked as unverified: it
 * stays spent until a person or an invoice says otherwise.
 * Invariant: after any of these the attempt is terminal and nothing of its hold is left.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_SETTLE_H
#define GEN_ENGINE_SETTLE_H

#include "engine/turn.h"

struct gen_mishap { /* why an attempt ends without a clip; texts may be NULL */
    enum gen_failure kind;
    enum gen_billing billed;
    gen_micros cost; /* with GEN_BILLING_YES; -1 = in full */
    const char *code, *message, *field;
    int64_t retry_after_ms;
};

/* Known not to be billed, nothing was bought: the hold is released. Another attempt follows where
 * that helps, else the pipeline begins to end. */
void gen_settle_refused(struct gen_turn *turn, const struct gen_mishap *mishap);

/* A known outcome after the provider had accepted it; `billed` decides about the money. */
void gen_settle_failed(struct gen_turn *turn, const struct gen_mishap *mishap);

/* The clip is safe in our store: charge what it cost, release the rest. */
void gen_settle_fetched(struct gen_turn *turn);

/* A finished clip of the same order takes the place of the render: nothing is bought. */
void gen_settle_reused(struct gen_turn *turn);

/* Somebody wants another attempt of a shot whose last one is terminal; `to`: elsewhere, NULL = where it was.
 * What the last one may still hold goes over as far as it covers it. */
void gen_settle_anew(struct gen_turn *turn, const struct gen_rerouted *to, const char *reason);

/* An attempt that was not sent ends; what it holds is for gen_settle_anew, which must follow. */
void gen_settle_withdraw(struct gen_turn *turn, const char *reason);

/* The pause before another attempt is over: reserve its money and queue for its slot. */
void gen_settle_again(struct gen_turn *turn);

/* The money for that was refused. */
void gen_settle_no_money(struct gen_turn *turn);

/* A finishing shot cannot be made: its pipeline does without it and says so. Nothing was bought. */
void gen_settle_skip(struct gen_turn *turn, const struct gen_mishap *mishap);

/* The pipeline cannot succeed any more; the machine brings its other attempts to an end. */
void gen_settle_give_up(struct gen_turn *turn, enum gen_failure kind, const char *message);

#endif
