/* ident_test.c - well-formed ids, their order, and what is refused. */
#include "base/ident.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const uint8_t zeros[GEN_IDENT_RANDOM];
static const uint8_t ones[GEN_IDENT_RANDOM] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

Test(ident, make)
{
    static const struct {
        enum gen_ident_kind kind;
        gen_moment now;
        const uint8_t *random;
        const char *text;
    } cases[] = {
        {GEN_IDENT_JOB, 0, zeros, "gen_00000000000000000000000000"},
        {GEN_IDENT_JOB, 1, zeros, "gen_00000000010000000000000000"},
        {GEN_IDENT_EVENT, 0, ones, "evt_0000000000zzzzzzzzzzzzzzzz"},
        /* the example of the ULID specification: 01ARYZ6S41 is 1469918176385 */
        {GEN_IDENT_ATTEMPT, INT64_C(1469918176385), zeros, "att_01aryz6s410000000000000000"},
        {GEN_IDENT_SHOT, INT64_C(281474976710655), ones, "sht_7zzzzzzzzzzzzzzzzzzzzzzzzz"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_ident ident;

        gen_ident_make(cases[i].kind, cases[i].now, cases[i].random, &ident);
        cr_expect(eq(str, ident.text, (char *)cases[i].text));
        cr_expect(gen_ident_valid(cases[i].kind, ident.text));
    }
}

Test(ident, order)
{
    struct gen_ident before, after;

    gen_ident_make(GEN_IDENT_JOB, 1999, ones, &before);
    gen_ident_make(GEN_IDENT_JOB, 2000, zeros, &after);
    cr_expect(lt(int, strcmp(before.text, after.text), 0));
}

Test(ident, refused)
{
    static const char *const cases[] = {
        "",
        "gen_",
        "gen_0000000000000000000000000",    /* a character short */
        "gen_000000000000000000000000000",  /* one too many */
        "gen_80000000000000000000000000",   /* more than 128 bits */
        "gen_0000000000000000000000000i",   /* not in the alphabet */
        "gen_0000000000000000000000000A",   /* upper case */
        "pip_00000000000000000000000000",   /* another noun */
        "gen-00000000000000000000000000",
        "gen_00000000000000000000000000 and a long tail",
        "gen_0000000000000000000000000'",
    };
    struct gen_ident ident;

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        strcpy(ident.text, "old");
        cr_expect(not(gen_ident_valid(GEN_IDENT_JOB, cases[i])), "%s", cases[i]);
        cr_expect(not(gen_ident_copy(GEN_IDENT_JOB, cases[i], &ident)));
        cr_expect(eq(str, ident.text, ""));
    }
    cr_expect(not(gen_ident_valid(GEN_IDENT_JOB, NULL)));
    cr_expect(gen_ident_copy(GEN_IDENT_JOB, "gen_01aryz6s410000000000000000", &ident));
    cr_expect(gen_ident_copy(GEN_IDENT_JOB, ident.text, &ident)); /* onto itself */
    cr_expect(eq(str, ident.text, "gen_01aryz6s410000000000000000"));
}
