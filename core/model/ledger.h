/* ledger.h - the kinds of ledger entries, the accounts between which they move money, and what each does
 * to what is held, spent and unverified.
 *
 * Double entry: an entry has postings that add up to zero. `funds` is what nobody has taken yet (it goes
 * negative), the other three are what an attempt, and through it a job, has of it.
 *   hold        funds -> held            promised to an attempt
 *   charge      held, then unverified, then funds -> spent     what it really cost; it may pass what was held
 *   release     held, then unverified -> funds     the rest of a hold, or what was not billed after all
 *   unverified  held -> unverified       nobody could find out whether it was billed
 *   refund      spent -> funds           the provider gave money back
 * Pure arithmetic: store/ledger_store.c remembers it.
 *
 * Invariant: the postings of an entry add up to zero; held, unverified and spent are never negative.
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
    ROW(GEN_LEDGER_UNVERIFIED, "unverified") \
    ROW(GEN_LEDGER_REFUND, "refund")

enum gen_ledger_kind {
    GEN_LEDGER_NONE = 0,
#define GEN_LEDGER_ENUM(name, word) name,
    GEN_LEDGER_TABLE(GEN_LEDGER_ENUM)
#undef GEN_LEDGER_ENUM
};

/* name, word */
#define GEN_ACCOUNT_TABLE(ROW) \
    ROW(GEN_ACCOUNT_FUNDS, "funds") \
    ROW(GEN_ACCOUNT_HELD, "held") \
    ROW(GEN_ACCOUNT_UNVERIFIED, "unverified") \
    ROW(GEN_ACCOUNT_SPENT, "spent")

enum gen_account {
    GEN_ACCOUNT_NONE = 0,
#define GEN_ACCOUNT_ENUM(name, word) name,
    GEN_ACCOUNT_TABLE(GEN_ACCOUNT_ENUM)
#undef GEN_ACCOUNT_ENUM
        GEN_ACCOUNT_COUNT,
};

struct gen_balance {
    gen_micros held;       /* promised, not settled */
    gen_micros spent;      /* charged */
    gen_micros unverified; /* may have been billed */
};

struct gen_postings { /* of one entry; 0 = none to this account */
    gen_micros of[GEN_ACCOUNT_COUNT];
};

const char *gen_ledger_word(enum gen_ledger_kind kind);
enum gen_ledger_kind gen_ledger_of(const char *word); /* NONE when unknown */
const char *gen_account_word(enum gen_account account);
enum gen_account gen_account_of(const char *word); /* NONE when unknown */

/* What an entry of `kind` does to an attempt that has `balance`. GEN_EINVAL: a negative amount.
 * GEN_ECONFLICT: less is there to release, to doubt or to give back. Unchanged on failure. */
GEN_MUST_CHECK enum gen_status gen_ledger_postings(enum gen_ledger_kind kind, gen_micros amount,
                                                   const struct gen_balance *balance,
                                                   struct gen_postings *out, struct gen_error *err);

/* Adds postings to a balance. GEN_EOVERFLOW; unchanged on failure. */
GEN_MUST_CHECK enum gen_status gen_balance_post(struct gen_balance *balance,
                                                const struct gen_postings *postings,
                                                struct gen_error *err);

/* Both at once: how an entry changes a balance. */
GEN_MUST_CHECK enum gen_status gen_balance_apply(struct gen_balance *balance,
                                                 enum gen_ledger_kind kind, gen_micros amount,
                                                 struct gen_error *err);

/* What may still be held under `limit`: never negative. */
gen_micros gen_balance_available(const struct gen_balance *balance, gen_micros limit);

/* held + unverified + spent, INT64_MAX when that does not fit. */
gen_micros gen_balance_used(const struct gen_balance *balance);

#endif
