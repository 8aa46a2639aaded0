/* ledger.c - see ledger.h. */
#include "model/ledger.h"

#include "base/check.h"

#include <string.h>

static const struct {
    enum gen_ledger_kind kind;
    const char *word;
} kinds[] = {
#define LEDGER_ROW(name, word) {name, word},
    GEN_LEDGER_TABLE(LEDGER_ROW)
#undef LEDGER_ROW
        {GEN_LEDGER_NONE, ""}};

const char *gen_ledger_word(enum gen_ledger_kind kind)
{
    size_t i = 0;

    while (kinds[i].kind != GEN_LEDGER_NONE && kinds[i].kind != kind) {
        i++;
    }
    return kinds[i].word;
}

enum gen_ledger_kind gen_ledger_of(const char *word)
{
    size_t i = 0;

    while (kinds[i].kind != GEN_LEDGER_NONE && strcmp(kinds[i].word, word) != 0) {
        i++;
    }
    return kinds[i].kind;
}

/* Ends as much of what is held as `amount` covers. */
static void balance_unhold(struct gen_balance *balance, gen_micros amount)
{
    balance->held -= amount < balance->held ? amount : balance->held;
}

enum gen_status gen_balance_apply(struct gen_balance *balance, enum gen_ledger_kind kind,
                                  gen_micros amount, struct gen_error *err)
{
    struct gen_balance after = *balance;
    bool fits = true;

    GEN_CHECK(amount >= 0);
    switch (kind) {
    case GEN_LEDGER_HOLD:
        fits = gen_money_add(&after.held, after.held, amount);
        break;
    case GEN_LEDGER_CHARGE:
        balance_unhold(&after, amount);
        fits = gen_money_add(&after.spent, after.spent, amount);
        break;
    case GEN_LEDGER_RELEASE:
        balance_unhold(&after, amount);
        break;
    case GEN_LEDGER_UNVERIFIED:
        balance_unhold(&after, amount);
        fits = gen_money_add(&after.unverified, after.unverified, amount);
        break;
    case GEN_LEDGER_NONE:
        GEN_CHECK(kind != GEN_LEDGER_NONE);
    }
    if (!fits) {
        return gen_error_set(err, GEN_EOVERFLOW, "the ledger's total does not fit");
    }
    *balance = after;
    return GEN_OK;
}

gen_micros gen_balance_available(const struct gen_balance *balance, gen_micros limit)
{
    gen_micros used, with_unverified;

    if (!gen_money_add(&used, balance->held, balance->spent) ||
        !gen_money_add(&with_unverified, used, balance->unverified)) {
        return 0;
    }
    return with_unverified < limit ? limit - with_unverified : 0;
}
