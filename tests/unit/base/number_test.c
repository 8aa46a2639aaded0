/* number_test.c - numbers as text, in a locale with a decimal comma too. */
#include "base/number.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <float.h>
#include <locale.h>
#include <math.h>

Test(number, pairs)
{
    static const char *const wrong[] = {"",     "x",    "1x",     "x1",       "1x2x3", "1 x2", "-1x2",
                                        "1x-2", "0x10", "10x0",   "100000x1", "1x2 ",  "1:2",  "+1x2",
                                        "0x0",  "1x",   "1x1.5", "1xx2"};
    int32_t a = 7, b = 7;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_expect(not(gen_number_pair(wrong[i], 'x', &a, &b)), "%s", wrong[i]);
    }
    cr_expect(eq(int, a, 7));
    cr_expect(gen_number_pair("1280x720", 'x', &a, &b));
    cr_expect(eq(int, a, 1280));
    cr_expect(eq(int, b, 720));
    cr_expect(gen_number_pair("99999:1", ':', &a, &b));
}

Test(number, integer)
{
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+12", true, 12},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1x", false, 0},
        {" 1", false, 0},
        {"1.0", false, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int64_t value = 77;

        cr_expect(eq(int, gen_number_integer(cases[i].text, &value), cases[i].good), "%s",
                  cases[i].text);
        cr_expect(eq(i64, value, cases[i].good ? cases[i].value : 77), "%s", cases[i].text);
    }
}

static void check_reals(void)
{
    static const struct {
        const char *text;
        bool good;
        double value;
    } cases[] = {
        {"1.5", true, 1.5},   {"-.5e1", true, -5}, {"1.", true, 1},     {"1e400", true, HUGE_VAL},
        {"1e-400", true, 0},  {"1,5", false, 0},   {".", false, 0},     {"e5", false, 0},
        {"1e", false, 0},     {"0x10", false, 0},  {"nan", false, 0},   {"inf", false, 0},
        {"1.5 ", false, 0},   {"", false, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        double value = 77;

        cr_expect(eq(int, gen_number_real(cases[i].text, &value), cases[i].good), "%s",
                  cases[i].text);
        cr_expect(value == (cases[i].good ? cases[i].value : 77), "%s", cases[i].text);
    }
}

static void check_texts(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},           {-0.0, "-0.0"},   {3, "3"},
        {0.1, "0.1"},       {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},   {1e22, "1e+22"},
        {-2.5, "-2.5"},     {DBL_MAX, "1.7976931348623157e+308"},
        {5e-324, "4.94065645841247e-324"},    {HUGE_VAL, "inf"},
        {-HUGE_VAL, "-inf"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_NUMBER_TEXT_SIZE];

        cr_expect(eq(str, (char *)gen_number_text(cases[i].value, text), (char *)cases[i].text));
    }
}

Test(number, plain_locale)
{
    check_reals();
    check_texts();
}

Test(number, comma_locale)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"};
    const char *set = NULL;

    for (size_t i = 0; i < GEN_COUNT(names) && set == NULL; i++) {
        set = setlocale(LC_ALL, names[i]); /* the first that this machine has */
    }
    check_reals();
    check_texts();
}
