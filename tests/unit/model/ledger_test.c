/* ledger_test.c - what each kind of entry does to what is held and spent. */
#include "model/ledger.h"

#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static void apply(struct gen_balance *balance, enum gen_ledger_kind kind, gen_micros amount)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_balance_apply(balance, kind, amount, &err), GEN_OK));
}

Test(ledger, lives_of_a_hold)
{
    static const struct {
        gen_micros hold, charge, release, unverified;
        gen_micros held, spent, unknown;
    } cases[] = {
        {100, 0, 0, 0, 100, 0, 0},  /* under way */
        {100, 100, 0, 0, 0, 100, 0}, /* as dear as was held */
        {100, 60, 40, 0, 0, 60, 0},
        {100, 0, 100, 0, 0, 0, 0},
        {100, 0, 0, 100, 0, 0, 100},
        {100, 130, 0, 0, 0, 130, 0}, /* a charge may pass its hold */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_balance balance = {0};

        apply(&balance, GEN_LEDGER_HOLD, cases[i].hold);
        apply(&balance, GEN_LEDGER_CHARGE, cases[i].charge);
        apply(&balance, GEN_LEDGER_RELEASE, cases[i].release);
        apply(&balance, GEN_LEDGER_UNVERIFIED, cases[i].unverified);
        cr_assert(eq(i64, balance.held, cases[i].held), "case %zu", i);
        cr_assert(eq(i64, balance.spent, cases[i].spent), "case %zu", i);
        cr_assert(eq(i64, balance.unverified, cases[i].unknown), "case %zu", i);
    }
}

Test(ledger, available)
{
    static const struct {
        struct gen_balance balance;
        gen_micros limit, available;
    } cases[] = {
        {{0, 0, 0}, 100, 100},
        {{10, 20, 30}, 100, 40}, /* what is unverified counts as spent */
        {{50, 50, 0}, 100, 0},
        {{50, 60, 0}, 100, 0}, /* overrun: never negative */
        {{INT64_MAX, INT64_MAX, INT64_MAX}, INT64_MAX, 0},
        {{0, 0, 0}, 0, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_assert(eq(i64, gen_balance_available(&cases[i].balance, cases[i].limit),
                     cases[i].available), "case %zu", i);
    }
}

Test(ledger, overflow_changes_nothing)
{
    static const enum gen_ledger_kind kinds[] = {GEN_LEDGER_HOLD, GEN_LEDGER_CHARGE,
                                                 GEN_LEDGER_UNVERIFIED};

    for (size_t i = 0; i < GEN_COUNT(kinds); i++) {
        struct gen_balance balance = {INT64_MAX, INT64_MAX, INT64_MAX}, before = balance;
        struct gen_error err = {0};

        cr_assert(eq(int, gen_balance_apply(&balance, kinds[i], 1, &err), GEN_EOVERFLOW));
        cr_assert(balance.held == before.held && balance.spent == before.spent &&
                  balance.unverified == before.unverified);
    }
}

Test(ledger, words)
{
    for (int kind = GEN_LEDGER_HOLD; kind <= GEN_LEDGER_REFUND; kind++) {
        cr_assert(eq(int, gen_ledger_of(gen_ledger_word((enum gen_ledger_kind)kind)), kind));
    }
    for (int account = GEN_ACCOUNT_FUNDS; account < GEN_ACCOUNT_COUNT; account++) {
        cr_assert(eq(int, gen_account_of(gen_account_word((enum gen_account)account)), account));
    }
    cr_assert(eq(int, gen_ledger_of("gift"), GEN_LEDGER_NONE));
    cr_assert(eq(int, gen_account_of("elsewhere"), GEN_ACCOUNT_NONE));
    cr_assert(eq(str, (char *)gen_ledger_word(GEN_LEDGER_NONE), ""));
}

/* Every entry moves money between accounts; what is there limits what can be moved. */
Test(ledger, postings)
{
    static const struct {
        const char *what;
        enum gen_ledger_kind kind;
        gen_micros amount;
        struct gen_balance balance; /* held, spent, unverified */
        enum gen_status status;
        gen_micros funds, held, unverified, spent;
    } cases[] = {
        {"a hold", GEN_LEDGER_HOLD, 100, {0, 0, 0}, GEN_OK, -100, 100, 0, 0},
        {"a charge ends the hold", GEN_LEDGER_CHARGE, 60, {100, 0, 0}, GEN_OK, 0, -60, 0, 60},
        {"what is unverified last", GEN_LEDGER_CHARGE, 60, {50, 0, 30}, GEN_OK, 0, -50, -10, 60},
        {"and beyond both from the funds", GEN_LEDGER_CHARGE, 100, {50, 0, 30}, GEN_OK, -20, -50,
         -30, 100},
        {"a charge after unverified", GEN_LEDGER_CHARGE, 30, {0, 0, 30}, GEN_OK, 0, 0, -30, 30},
        {"a charge out of nothing", GEN_LEDGER_CHARGE, 7, {0, 0, 0}, GEN_OK, -7, 0, 0, 7},
        {"a release", GEN_LEDGER_RELEASE, 40, {40, 60, 0}, GEN_OK, 40, -40, 0, 0},
        {"a release of unverified", GEN_LEDGER_RELEASE, 40, {0, 0, 40}, GEN_OK, 40, 0, -40, 0},
        {"more than is there", GEN_LEDGER_RELEASE, 81, {40, 60, 40}, GEN_ECONFLICT, 0, 0, 0, 0},
        {"doubt", GEN_LEDGER_UNVERIFIED, 40, {40, 0, 0}, GEN_OK, 0, -40, 40, 0},
        {"doubt of what is not held", GEN_LEDGER_UNVERIFIED, 41, {40, 0, 9}, GEN_ECONFLICT, 0, 0,
         0, 0},
        {"a refund", GEN_LEDGER_REFUND, 40, {0, 60, 0}, GEN_OK, 40, 0, 0, -40},
        {"a refund of more than was spent", GEN_LEDGER_REFUND, 61, {99, 60, 99}, GEN_ECONFLICT, 0,
         0, 0, 0},
        {"a negative refund", GEN_LEDGER_REFUND, -1, {0, 60, 0}, GEN_EINVAL, 0, 0, 0, 0},
        {"a negative hold", GEN_LEDGER_HOLD, -1, {0, 0, 0}, GEN_EINVAL, 0, 0, 0, 0},
        {"all there is", GEN_LEDGER_HOLD, INT64_MAX, {0, 0, 0}, GEN_OK, -INT64_MAX, INT64_MAX, 0,
         0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_postings made = {{0}};
        struct gen_error err = {0};
        gen_micros sum = 0;

        cr_assert(eq(int, gen_ledger_postings(cases[i].kind, cases[i].amount, &cases[i].balance,
                                              &made, &err), cases[i].status), "%s: %s",
                  cases[i].what, err.message);
        for (int account = GEN_ACCOUNT_FUNDS; account < GEN_ACCOUNT_COUNT; account++) {
            sum += made.of[account];
        }
        cr_assert(eq(i64, sum, 0), "%s", cases[i].what);
        cr_assert(made.of[GEN_ACCOUNT_FUNDS] == cases[i].funds &&
                      made.of[GEN_ACCOUNT_HELD] == cases[i].held &&
                      made.of[GEN_ACCOUNT_UNVERIFIED] == cases[i].unverified &&
                      made.of[GEN_ACCOUNT_SPENT] == cases[i].spent, "%s", cases[i].what);
    }
}
