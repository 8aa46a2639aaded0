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
    for (int kind = GEN_LEDGER_HOLD; kind <= GEN_LEDGER_UNVERIFIED; kind++) {
        cr_assert(eq(int, gen_ledger_of(gen_ledger_word((enum gen_ledger_kind)kind)), kind));
    }
    cr_assert(eq(int, gen_ledger_of("refund"), GEN_LEDGER_NONE));
    cr_assert(eq(str, (char *)gen_ledger_word(GEN_LEDGER_NONE), ""));
}
