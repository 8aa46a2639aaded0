/* ledger.h - the kinds of ledger entries and what each does to what is held and spent.
 *
 * hold promises money to an attempt; charge is what it really cost; release gives the rest of the
 * hold back; unverified books a hold whose fate nobody could find out: it stays spent until a
 * person or an invoice says otherwise.
 * Invariant: per attempt at most one entry of each kind; available = limit - held - spent.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/ledger_test.c
 */
#ifndef GEN_MODEL_LEDGER_H
#define GEN_MODEL_LEDGER_H

#include "base/money.h"

/* name, word */
#define GEN_LEDGER_TABLE(ROW) \
    ROW(GEN_LEDGER_HOLD, "hold") \
    ROW(GEN_LEDGER_CHARGE, "charge") \
    ROW(GEN_LEDGER_RELEASE, "release") \
    ROW(GEN_LEDGER_UNVERIFIED, "unverified")

enum gen_ledger_kind {
    GEN_LEDGER_NONE = 0,
#define GEN_LEDGER_ENUM(name, word) name,
    GEN_LEDGER_TABLE(GEN_LEDGER_ENUM)
#undef GEN_LEDGER_ENUM
};

struct gen_balance {
    gen_micros held;       /* promised, not settled */
    gen_micros spent;      /* charged */
    gen_micros unverified; /* may have been billed */
};

const char *gen_ledger_word(enum gen_ledger_kind kind);
enum gen_ledger_kind gen_ledger_of(const char *word); /* NONE when unknown */

/* How an entry of `kind` changes a balance: a charge, a release and an unverified entry each end
 * that much of the hold (a charge may pass it). GEN_EOVERFLOW; unchanged on failure. */
GEN_MUST_CHECK enum gen_status gen_balance_apply(struct gen_balance *balance,
                                                 enum gen_ledger_kind kind, gen_micros amount,
                                                 struct gen_error *err);

/* What may still be held under `limit`: never negative. */
gen_micros gen_balance_available(const struct gen_balance *balance, gen_micros limit);

#endif
