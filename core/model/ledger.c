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

static const struct {
    enum gen_account account;
    const char *word;
} accounts[] = {
#define ACCOUNT_ROW(name, word) {name, word},
    GEN_ACCOUNT_TABLE(ACCOUNT_ROW)
#undef ACCOUNT_ROW
        {GEN_ACCOUNT_NONE, ""}};

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

const char *gen_account_word(enum gen_account account)
{
    size_t i = 0;

    while (accounts[i].account != GEN_ACCOUNT_NONE && accounts[i].account != account) {
        i++;
    }
    return accounts[i].word;
}

enum gen_account gen_account_of(const char *word)
{
    size_t i = 0;

    while (accounts[i].account != GEN_ACCOUNT_NONE && strcmp(accounts[i].word, word) != 0) {
        i++;
    }
    return accounts[i].account;
}

static gen_micros ledger_least(gen_micros a, gen_micros b)
{
    return a < b ? a : b;
}

/* More was asked for than is there. */
static enum gen_status ledger_too_much(enum gen_ledger_kind kind, gen_micros amount,
                                       gen_micros there, struct gen_error *err)
{
    static const struct {
        enum gen_ledger_kind kind;
        const char *what, *where;
    } words[] = {{GEN_LEDGER_RELEASE, "release", "held or unverified"},
                 {GEN_LEDGER_UNVERIFIED, "book as unverified", "held"},
                 {GEN_LEDGER_REFUND, "refund", "spent"},
                 {GEN_LEDGER_NONE, "move", "there"}};
    char asked[GEN_MONEY_TEXT_SIZE], has[GEN_MONEY_TEXT_SIZE];
    size_t i = 0;

    while (words[i].kind != GEN_LEDGER_NONE && words[i].kind != kind) {
        i++;
    }
    return gen_error_set(err, GEN_ECONFLICT, "cannot %s $%s: $%s is %s", words[i].what,
                         gen_money_text(amount, 2, asked), gen_money_text(there, 2, has),
                         words[i].where);
}

enum gen_status gen_ledger_postings(enum gen_ledger_kind kind, gen_micros amount,
                                    const struct gen_balance *balance, struct gen_postings *out,
                                    struct gen_error *err)
{
    gen_micros from_held = ledger_least(amount, balance->held);
    gen_micros from_unverified = ledger_least(amount - from_held, balance->unverified);
    gen_micros beyond = amount - from_held - from_unverified;
    struct gen_postings made = {{0}};

    if (amount < 0) {
        return gen_error_set(err, GEN_EINVAL, "a ledger entry of a negative amount");
    }
    switch (kind) {
    case GEN_LEDGER_HOLD:
        made.of[GEN_ACCOUNT_FUNDS] = -amount;
        made.of[GEN_ACCOUNT_HELD] = amount;
        break;
    case GEN_LEDGER_CHARGE:
        made.of[GEN_ACCOUNT_FUNDS] = -beyond;
        made.of[GEN_ACCOUNT_HELD] = -from_held;
        made.of[GEN_ACCOUNT_UNVERIFIED] = -from_unverified;
        made.of[GEN_ACCOUNT_SPENT] = amount;
        break;
    case GEN_LEDGER_RELEASE:
        if (beyond > 0) {
            return ledger_too_much(kind, amount, amount - beyond, err);
        }
        made.of[GEN_ACCOUNT_FUNDS] = amount;
        made.of[GEN_ACCOUNT_HELD] = -from_held;
        made.of[GEN_ACCOUNT_UNVERIFIED] = -from_unverified;
        break;
    case GEN_LEDGER_UNVERIFIED:
        if (amount > balance->held) {
            return ledger_too_much(kind, amount, balance->held, err);
        }
        made.of[GEN_ACCOUNT_HELD] = -amount;
        made.of[GEN_ACCOUNT_UNVERIFIED] = amount;
        break;
    case GEN_LEDGER_REFUND:
        if (amount > balance->spent) {
            return ledger_too_much(kind, amount, balance->spent, err);
        }
        made.of[GEN_ACCOUNT_FUNDS] = amount;
        made.of[GEN_ACCOUNT_SPENT] = -amount;
        break;
    case GEN_LEDGER_NONE:
        GEN_CHECK(kind != GEN_LEDGER_NONE);
    }
    *out = made;
    return GEN_OK;
}

enum gen_status gen_balance_post(struct gen_balance *balance, const struct gen_postings *postings,
                                 struct gen_error *err)
{
    struct gen_balance after;

    if (!gen_money_add(&after.held, balance->held, postings->of[GEN_ACCOUNT_HELD]) ||
        !gen_money_add(&after.unverified, balance->unverified,
                       postings->of[GEN_ACCOUNT_UNVERIFIED]) ||
        !gen_money_add(&after.spent, balance->spent, postings->of[GEN_ACCOUNT_SPENT])) {
        return gen_error_set(err, GEN_EOVERFLOW, "the ledger's total does not fit");
    }
    *balance = after;
    return GEN_OK;
}

enum gen_status gen_balance_apply(struct gen_balance *balance, enum gen_ledger_kind kind,
                                  gen_micros amount, struct gen_error *err)
{
    struct gen_postings postings;
    enum gen_status status = gen_ledger_postings(kind, amount, balance, &postings, err);

    return status == GEN_OK ? gen_balance_post(balance, &postings, err) : status;
}

gen_micros gen_balance_used(const struct gen_balance *balance)
{
    gen_micros used, with_unverified;

    return gen_money_add(&used, balance->held, balance->spent) &&
                   gen_money_add(&with_unverified, used, balance->unverified)
               ? with_unverified
               : INT64_MAX;
}

gen_micros gen_balance_available(const struct gen_balance *balance, gen_micros limit)
{
    gen_micros used = gen_balance_used(balance);

    return used < limit ? limit - used : 0;
}
