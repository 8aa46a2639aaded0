/* decimal_test.c - doubles as text, in a locale with a decimal comma too. */
#include "expr/decimal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_short(void)
{
    static const struct {
        double value;
        const char *small, *plain;
    } cases[] = {
        {1, "1", "1"},
        {0, "0", "0"},
        {-0.0, "-0", "-0"},
        {123.456, "123.456", "123.456"},
        {-4.5e-3, "-0.0045", "-0.0045"},
        {0.1, "0.1", "0.1"},
        {1.0 / 3, "0.3333333333333333", "0.3333333333333333"},
        {100, "100", "100"},
        /* exponents -4 to 5 are written out in the short form */
        {999999, "999999", "999999"},
        {1e6, "1e+06", "1000000"},
        {1234567.5, "1.2345675e+06", "1234567.5"},
        {0.0001, "0.0001", "0.0001"},
        {0.00001, "1e-05", "0.00001"},
        {1e-7, "1e-07", "0.0000001"},
        {1e21, "1e+21", "1000000000000000000000"},
        {6.02214e23, "6.02214e+23", "602214000000000000000000"},
        {1e100, "1e+100", NULL},
        {1.7976931348623157e308, "1.7976931348623157e+308", NULL},
        {2.2250738585072014e-308, "2.2250738585072014e-308", NULL},
        /* fewer digits are enough below the normal numbers */
        {5e-324, "5e-324", NULL},
        {1.5e-323, "1.5e-323", NULL},
        /* 2^-44: the shortest is not the correctly rounded one */
        {0x1p-44, "5.684341886080802e-14", "0.00000000000005684341886080802"},
        {9007199254740992, "9.007199254740992e+15", "9007199254740992"},
        {9.5e5, "950000", "950000"},
        {NAN, "NaN", "NaN"},
        {INFINITY, "+Inf", "Infinity"},
        {-INFINITY, "-Inf", "-Infinity"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_DECIMAL_SIZE];
        size_t size = gen_decimal_short(cases[i].value, text);

        cr_expect(eq(str, text, (char *)cases[i].small));
        cr_expect(eq(sz, size, strlen(text)));
        size = gen_decimal_plain(cases[i].value, text);
        if (cases[i].plain != NULL) {
            cr_expect(eq(str, text, (char *)cases[i].plain));
        }
        cr_expect(eq(sz, size, strlen(text)));
    }
}

static void check_precise(void)
{
    static const struct {
        double value;
        unsigned precision;
        const char *fixed, *scientific;
    } cases[] = {
        {2.71828, 6, "2.718280", "2.718280e+00"},
        {1.2345, 3, "1.234", "1.234e+00"}, /* 1.23449999... */
        {1052.032911275, 6, "1052.032911", "1.052033e+03"},
        {3.4999, 0, "3", "3e+00"},
        {1.5, 0, "2", "2e+00"}, /* halves to even */
        {2.5, 0, "2", "2e+00"},
        {0.125, 2, "0.12", "1.25e-01"},
        {123.4994, 3, "123.499", "1.235e+02"},
        {-123.4999, 3, "-123.500", "-1.235e+02"},
        {-1.2, 5, "-1.20000", "-1.20000e+00"},
        {-0.0, 1, "-0.0", "-0.0e+00"},
        {1e21, 1, "1000000000000000000000.0", "1.0e+21"},
        {1e-310, 2, "0.00", "1.00e-310"},
        {NAN, 3, "NaN", "NaN"},
        {INFINITY, 3, "Infinity", "Infinity"},
        {-INFINITY, 3, "-Infinity", "-Infinity"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_DECIMAL_SIZE];
        size_t size = gen_decimal_fixed(cases[i].value, cases[i].precision, text);

        cr_expect(eq(str, text, (char *)cases[i].fixed));
        cr_expect(eq(sz, size, strlen(text)));
        size = gen_decimal_scientific(cases[i].value, cases[i].precision, text);
        cr_expect(eq(str, text, (char *)cases[i].scientific));
        cr_expect(eq(sz, size, strlen(text)));
    }
}

Test(decimal, forms)
{
    check_short();
    check_precise();
}

/* Any locale that the machine has; without one the test says so. */
Test(decimal, comma_locale)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    bool found = false;

    for (size_t i = 0; i < GEN_COUNT(names) && !found; i++) {
        found = setlocale(LC_ALL, names[i]) != NULL;
    }
    if (!found) {
        cr_skip("no locale with a decimal comma is installed");
    }
    check_short();
    check_precise();
}

Test(decimal, largest)
{
    char text[GEN_DECIMAL_SIZE];

    cr_expect(
        eq(sz, gen_decimal_fixed(-1.7976931348623157e308, GEN_DECIMAL_PRECISION, text), 1311));
    cr_expect(eq(sz, strlen(text), 1311));
    cr_expect(gen_decimal_plain(-1.7976931348623157e308, text) == 310);
    cr_expect(gen_decimal_plain(-2.2250738585072014e-308, text) < GEN_DECIMAL_SIZE);
}

/* What is written reads back as the same double, whatever its bits. */
Test(decimal, round_trip)
{
    uint64_t state = 88172645463325252u;

    for (int i = 0; i < 20000; i++) {
        char text[GEN_DECIMAL_SIZE];
        double value, back;

        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        memcpy(&value, &state, sizeof(value));
        if (i % 10 == 0) { /* powers of two */
            value = ldexp(1, (int)(state % 2098) - 1074);
        }
        if (!isfinite(value)) {
            continue;
        }
        cr_assert(gen_decimal_short(value, text) < GEN_DECIMAL_SHORT_SIZE);
        back = strtod(text, NULL);
        cr_assert(back == value, "%a is %s", value, text);
        cr_assert(gen_decimal_plain(value, text) < GEN_DECIMAL_SIZE);
        cr_assert(strtod(text, NULL) == value, "%a is %s", value, text);
    }
}
