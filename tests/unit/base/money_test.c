/* money_test.c - exactness, at the ends of int64 too. */
#include "base/money.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(money, parse)
{
    static const struct {
        const char *text;
        enum gen_status status;
        gen_micros amount;
    } cases[] = {
        {"0", GEN_OK, 0},
        {"-0.000000", GEN_OK, 0},
        {"2.40", GEN_OK, 2400000},
        {"0.000001", GEN_OK, 1},
        {"0.1", GEN_OK, 100000},                                  /* no float would be exact */
        {"0.0000010000", GEN_OK, 1},                              /* zeros are not precision */
        {"-3", GEN_OK, -3000000},
        {"1.5e-3", GEN_OK, 1500},
        {"12E2", GEN_OK, 1200000000},
        {"1e+2", GEN_OK, 100000000},
        {"1000000e-12", GEN_OK, 1},                               /* the exponent is applied first */
        {"0e999999999999999999999", GEN_OK, 0},
        {"0007.5", GEN_OK, 7500000},
        {"9223372036854.775807", GEN_OK, INT64_MAX},
        {"-9223372036854.775808", GEN_OK, INT64_MIN},
        {"9223372036854.775808", GEN_EOVERFLOW, 0},
        {"-9223372036854.775809", GEN_EOVERFLOW, 0},
        {"99999999999999999999", GEN_EOVERFLOW, 0},
        {"1e13", GEN_EOVERFLOW, 0},
        {"1e4294967296000000000", GEN_EOVERFLOW, 0},              /* an exponent that would wrap */
        {"0.0000001", GEN_EINVAL, 0},                             /* finer than a micro-dollar */
        {"1e-7", GEN_EINVAL, 0},
        {"1e-99999999999999999999", GEN_EINVAL, 0},
        {"", GEN_EINVAL, 0},
        {"-", GEN_EINVAL, 0},
        {"+1", GEN_EINVAL, 0},
        {"1.", GEN_EINVAL, 0},
        {".5", GEN_EINVAL, 0},
        {"1e", GEN_EINVAL, 0},
        {"1e+", GEN_EINVAL, 0},
        {"1.2.3", GEN_EINVAL, 0},
        {" 1", GEN_EINVAL, 0},
        {"1 ", GEN_EINVAL, 0},
        {"1,50", GEN_EINVAL, 0},
        {"$5", GEN_EINVAL, 0},
        {"0x10", GEN_EINVAL, 0},
        {"nan", GEN_EINVAL, 0},
        {"inf", GEN_EINVAL, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};
        gen_micros amount = 77;
        enum gen_status status =
            gen_money_parse(cases[i].text, strlen(cases[i].text), &amount, &err);

        cr_expect(eq(int, status, cases[i].status), "%s", cases[i].text);
        cr_expect(eq(i64, amount, status == GEN_OK ? cases[i].amount : 77), "%s", cases[i].text);
        cr_expect(eq(int, err.message[0] != '\0', status != GEN_OK), "%s", cases[i].text);
    }
}

Test(money, text)
{
    static const struct {
        gen_micros amount;
        int decimals;
        const char *text;
    } cases[] = {
        {0, 0, "0"},
        {0, 2, "0.00"},
        {2400000, 0, "2.4"},
        {2400000, 2, "2.40"},
        {1, 0, "0.000001"},
        {-1, 2, "-0.000001"},
        {-3000000, 0, "-3"},
        {1234567, 2, "1.234567"},
        {INT64_MAX, 0, "9223372036854.775807"},
        {INT64_MIN, 6, "-9223372036854.775808"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_MONEY_TEXT_SIZE];

        cr_expect(eq(str, (char *)gen_money_text(cases[i].amount, cases[i].decimals, text),
                     (char *)cases[i].text));
    }
}

Test(money, arithmetic)
{
    gen_micros out = 5;

    cr_expect(gen_money_add(&out, INT64_MAX - 1, 1) && out == INT64_MAX);
    cr_expect(not(gen_money_add(&out, INT64_MAX, 1)));
    cr_expect(eq(i64, out, INT64_MAX)); /* unchanged */
    cr_expect(gen_money_sub(&out, INT64_MIN + 1, 1) && out == INT64_MIN);
    cr_expect(not(gen_money_sub(&out, INT64_MIN, 1)));
    cr_expect(not(gen_money_sub(&out, 0, INT64_MIN)));
    cr_expect(gen_money_mul(&out, -7, 3) && out == -21);
    cr_expect(not(gen_money_mul(&out, INT64_MIN, -1)));
    cr_expect(eq(i64, out, -21));
}

Test(money, scale)
{
    static const struct {
        gen_micros amount;
        int64_t numerator, denominator;
        bool fits;
        gen_micros out;
    } cases[] = {
        {10, 1, 3, true, 4},                        /* up, not to the nearest */
        {9, 1, 3, true, 3},                         /* exact stays exact */
        {0, 5, 7, true, 0},
        {50000, 2500, 1000, true, 125000},          /* 5 cents a second for 2.5 seconds */
        {INT64_MAX, INT64_MAX, INT64_MAX, true, INT64_MAX}, /* the product needs 126 bits */
        {INT64_MAX, 2, 1, false, 0},
        {INT64_MAX, INT64_MAX, 1, false, 0},
        {1, 1, 0, false, 0},
        {-1, 1, 1, false, 0},
        {1, -1, 1, false, 0},
        {1, 1, -1, false, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        gen_micros out = 77;
        bool fits = gen_money_scale(&out, cases[i].amount, cases[i].numerator,
                                    cases[i].denominator);

        cr_expect(eq(int, fits, cases[i].fits), "case %zu", i);
        cr_expect(eq(i64, out, fits ? cases[i].out : 77), "case %zu", i);
    }
}
