/* text_format_test.c - format(): the conformance vectors and what is refused. */
#include "expr/text_format.h"

#include "call.h"

#define F(want, text, ...) CALL(".format", want, S(text), LIST(__VA_ARGS__))
#define F0(want, text) CALL(".format", want, S(text), EMPTY)
#define SECOND INT64_C(1000000000)

Test(text_format, letters)
{
    const struct call_case cases[] = {
        F0(S(""), ""),
        CALL(".format", S(""), gen_value_string(NULL, 0), EMPTY),
        F(S("[]"), "[%s%s%x]", gen_value_string(NULL, 0), gen_value_bytes(NULL, 0),
          gen_value_string(NULL, 0)),
        F0(S("plain"), "plain"),
        F(S("str is filler and some more"), "str is %s and some more", S("filler")),
        F0(S("% and also %"), "%% and also %%"),
        F(S("percent on the right%"), "%s%%", S("percent on the right")),
        F(S("%percent on the left"), "%%%s", S("percent on the left")),
        F(S("1 2 3, A B C, 4 5 6, D E F"), "%d %d %d, %s %s %s, %d %d %d, %s %s %s", I(1), I(2),
          I(3), S("A"), S("B"), S("C"), I(4), I(5), I(6), S("D"), S("E"), S("F")),
        /* NUL and other alphabets go through */
        F(S("a\0b\0c"), "a\0%s\0c", S("b")),
        F(S("\xCF\x80 = 3.14"), "\xCF\x80 = %.2f", R(3.14159)),
        /* whole numbers */
        F(S("128"), "%d", I(128)),
        F(S("256"), "%d", U(256)),
        F(S("-9223372036854775808"), "%d", I(INT64_MIN)),
        F(S("3.14"), "%d", R(3.14)),
        F(S("NaN"), "%d", R(NAN)),
        F(S("this is 5 in binary: 101"), "this is 5 in binary: %b", I(5)),
        F(S("-101"), "%b", I(-5)),
        F(S("-1000000000000000000000000000000000000000000000000000000000000000"), "%b",
          I(INT64_MIN)),
        F(S("bit set from bool: 1"), "bit set from bool: %b", B(true)),
        F(S("0"), "%b", B(false)),
        F(S("this is an unsigned octal: 177777"), "this is an unsigned octal: %o", U(65535)),
        F(S("-10"), "%o", I(-8)),
        F(S("1e is 20 in hexadecimal"), "%x is 20 in hexadecimal", I(30)),
        F(S("1E is 20 in hexadecimal"), "%X is 20 in hexadecimal", I(30)),
        F(S("-1e"), "%x", I(-30)),
        F(S("ffffffffffffffff"), "%x", U(UINT64_MAX)),
        F(S("48656c6c6f20776f726c6421"), "%x", S("Hello world!")),
        F(S("6279746520737472696e67"), "%x", Y("byte string")),
        F(S("FF0A"), "%X", Y("\xff\n")),
        F(S(""), "%x", S("")),
        /* what is left over is not looked at */
        F(S("1"), "%d", I(1), S("two")),
    };

    check_cases(gen_text_format_functions, cases, GEN_COUNT(cases));
}

Test(text_format, precision)
{
    const struct call_case cases[] = {
        F(S("1.234"), "%.3f", R(1.2345)),
        F(S("4.500"), "%.3f", R(4.5)),
        F(S("2.718280"), "%f", R(2.71828)),
        F(S("2.000000"), "%f", I(2)),
        F(S("3.000000"), "%f", U(3)),
        F(S("18446744073709551616.0"), "%.1f", U(UINT64_MAX)), /* as a double */
        F(S("2.000000e+00"), "%e", I(2)),
        F(S("3.000000e+00"), "%e", U(3)),
        F(S("2.718280e+00"), "%e", R(2.71828)),
        F(S("1.052033e+03"), "%.6e", R(1052.032911275)),
        F(S("-3.1e+00"), "%.1e", R(-3.14)),
        F(S("3"), "%.0f", R(3.4999)),
        F(S("2"), "%.0f", R(1.5)),
        F(S("2"), "%.0f", R(2.5)),
        F(S("123.499"), "%.3f", R(123.4994)),
        F(S("-123.500"), "%.3f", R(-123.4999)),
        F(S("-123.499"), "%.3f", R(-123.4994)),
        F(S("-1.20000"), "%.5f", R(-1.2)),
        F(S("0.10"), "%.002f", R(0.1)),
        F(S("NaN"), "%e", R(NAN)),
        F(S("NaN"), "%.3f", R(NAN)),
        F(S("Infinity"), "%f", R(INFINITY)),
        F(S("-Infinity"), "%.3e", R(-INFINITY)),
        F(S("7 7"), "%.3d %.2s", I(7), I(7)), /* counts for %f and %e only */
        F(WRONG, "%.f", R(1)),
        F(WRONG, "%.-1f", R(1)),
        F(WRONG, "%.1001f", R(1)),
        F(WRONG, "%.99999999999999999999f", R(1)),
        F(WRONG, "%.3", R(1)),
        F(WRONG, "%.", R(1)),
        F(WRONG, "%5d", I(1)), /* no width */
        F(WRONG, "%-d", I(1)),
    };

    check_cases(gen_text_format_functions, cases, GEN_COUNT(cases));
}

Test(text_format, refused)
{
    const struct call_case cases[] = {
        F(WRONG, "%d %d %d", I(0), I(1)),
        F0(WRONG, "%s"),
        F(WRONG, "%", I(1)),
        F(WRONG, "100%", I(1)),
        F(WRONG, "%q", I(1)),
        F(WRONG, "%F", R(1)),
        F(WRONG, "%\0", I(1)),
        F(WRONG, "%\xC3\xA9", I(1)),
        F(WRONG, "string is %b", S("abc")),
        F(WRONG, "double is %b", R(1)),
        F(WRONG, "octal: %o", S("a string")),
        F(WRONG, "octal: %o", R(1)),
        F(WRONG, "octal: %o", B(true)),
        F(WRONG, "double is %x", R(0.5)),
        F(WRONG, "double is %X", R(0.5)),
        F(WRONG, "null: %e", N),
        F(WRONG, "null: %f", N),
        F(WRONG, "null: %x", N),
        F(WRONG, "null: %X", N),
        F(WRONG, "null: %b", N),
        F(WRONG, "null: %o", N),
        F(WRONG, "null: %d", N),
        F(WRONG, "text: %d", S("1")),
        F(WRONG, "bool: %d", B(true)),
        F(WRONG, "text: %f", S("1")),
        F(WRONG, "time: %d", D(SECOND)),
        F(WRONG, "list: %d", EMPTY),
        F(WRONG, "optional: %s", ((struct gen_value){.kind = GEN_KIND_OPTIONAL})),
    };

    check_cases(gen_text_format_functions, cases, GEN_COUNT(cases));
}

Test(text_format, values)
{
    const struct call_case cases[] = {
        F(S("null"), "%s", N),
        F(S("xyz"), "%s", Y("xyz")),
        F(S("true, false"), "%s, %s", B(true), B(false)),
        F(S("32, 56.8"), "%s, %s", I(32), R(56.8)),
        F(S("string"), "%s", TYPE("string")),
        F(S("2009-11-10T23:00:00Z"), "%s", T(1257894000, 0)),
        F(S("8747s"), "%s", D(8747 * SECOND)),
        F(S("[6, 4.2, a string]"), "%s", LIST(I(6), R(4.2), S("a string"))),
        F(S("[NaN, Infinity, -Infinity]"), "%s", LIST(R(NAN), R(INFINITY), R(-INFINITY))),
        F(S("[abc, 3.14, null, [9, 8, 7, 6], 2023-02-03T23:31:20Z]"), "%s",
          LIST(S("abc"), R(3.14), N, LIST(I(9), I(8), I(7), I(6)), T(1675467080, 0))),
    };

    check_cases(gen_text_format_functions, cases, GEN_COUNT(cases));
}

/* A value that repeats itself without end is stopped by the price, one that nests by its depth. */
Test(text_format, explosion)
{
    struct gen_value pairs[40][2], deep[1000];
    const struct gen_overload *row = gen_text_format_functions;
    struct gen_arena *arena = gen_arena_create(64 * 1024 * 1024);
    struct gen_run run = {.arena = arena, .budget = 100000};
    struct gen_value args[2] = {S("%s")}, got;

    pairs[0][0] = pairs[0][1] = I(1);
    for (size_t i = 1; i < GEN_COUNT(pairs); i++) {
        pairs[i][0] = pairs[i][1] = gen_value_list(pairs[i - 1], 2);
    }
    args[1] = gen_value_list(pairs[39], 2);
    got = row->run(&run, args, 2);
    cr_assert(gen_value_is(got, GEN_KIND_FAULT));
    cr_expect(got.as.fault->final);

    deep[0] = I(1);
    for (size_t i = 1; i < GEN_COUNT(deep); i++) {
        deep[i] = gen_value_list(&deep[i - 1], 1);
    }
    run.budget = CALL_BUDGET;
    args[1] = deep[999];
    got = row->run(&run, args, 2);
    cr_assert(gen_value_is(got, GEN_KIND_FAULT));
    cr_expect(got.as.fault->final == false);
    args[1] = deep[500];
    got = row->run(&run, args, 2);
    cr_assert(gen_value_is(got, GEN_KIND_STRING));
    cr_expect(eq(u32, got.size, 499 * 2 + 1));
    gen_arena_destroy(arena);
}
