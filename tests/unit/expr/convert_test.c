/* convert_test.c - every conversion: the conformance vectors, the ends of the ranges, bad text. */
#include "expr/convert.h"

#include "call.h"
#include "expr/calendar.h"

#define UMAX UINT64_C(18446744073709551615)
#define SECOND INT64_C(1000000000)

Test(convert, to_bool_and_bytes)
{
    const struct call_case cases[] = {
        CALL("bool", B(true), B(true)),      CALL("bool", B(true), S("1")),
        CALL("bool", B(true), S("t")),       CALL("bool", B(true), S("true")),
        CALL("bool", B(true), S("TRUE")),    CALL("bool", B(true), S("True")),
        CALL("bool", B(false), S("0")),      CALL("bool", B(false), S("f")),
        CALL("bool", B(false), S("false")),  CALL("bool", B(false), S("FALSE")),
        CALL("bool", B(false), S("False")),  CALL("bool", WRONG, S("TrUe")),
        CALL("bool", WRONG, S("FaLsE")),     CALL("bool", WRONG, S("")),
        CALL("bool", WRONG, S("true ")),     CALL("bool", WRONG, S("T")),
        CALL("bool", WRONG, S("true\0")),    CALL("bool", WRONG, S("yes")),
        CALL("bool", WRONG, I(1)),           CALL("bytes", Y(""), S("")),
        CALL("bytes", Y("abc"), S("abc")),   CALL("bytes", Y("\xC3\xBF"), S("\xC3\xBF")),
        CALL("bytes", Y("a\0b"), S("a\0b")), CALL("bytes", Y("\xff"), Y("\xff")),
        CALL("bytes", WRONG, I(1)),
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

Test(convert, to_int)
{
    const struct call_case cases[] = {
        CALL("int", I(-5), I(-5)),
        CALL("int", I(0), U(0)),
        CALL("int", I(INT64_MAX), U(INT64_MAX)),
        CALL("int", WRONG, U(UINT64_C(9223372036854775808))),
        CALL("int", WRONG, U(UMAX)),
        CALL("int", I(1), R(1.9)),
        CALL("int", I(-7), R(-7.9)),
        CALL("int", I(0), R(-0.5)),
        CALL("int", I(INT64_C(36028797018963968)), R(36028797018963968.0)),
        /* both ends are out */
        CALL("int", WRONG, R(-9223372036854775808.0)),
        CALL("int", WRONG, R(9223372036854775807.0)),
        CALL("int", I(INT64_C(9223372036854774784)), R(9223372036854774784.0)),
        CALL("int", I(INT64_C(-9223372036854774784)), R(-9223372036854774784.0)),
        CALL("int", WRONG, R(1e99)),
        CALL("int", WRONG, R(NAN)),
        CALL("int", WRONG, R(INFINITY)),
        CALL("int", I(987), S("987")),
        CALL("int", I(-987), S("-987")),
        CALL("int", I(7), S("+7")),
        CALL("int", I(7), S("007")),
        CALL("int", I(INT64_MAX), S("9223372036854775807")),
        CALL("int", I(INT64_MIN), S("-9223372036854775808")),
        CALL("int", WRONG, S("9223372036854775808")),
        CALL("int", WRONG, S("-9223372036854775809")),
        CALL("int", WRONG, S("99999999999999999999999999")),
        CALL("int", WRONG, S("0x10")),
        CALL("int", WRONG, S(" 1")),
        CALL("int", WRONG, S("1 ")),
        CALL("int", WRONG, S("1.5")),
        CALL("int", WRONG, S("1e3")),
        CALL("int", WRONG, S("1_000")),
        CALL("int", WRONG, S("")),
        CALL("int", WRONG, S("-")),
        CALL("int", WRONG, S("--1")),
        CALL("int", WRONG, S("1\0")),
        CALL("int", WRONG, S("\xD9\xA1")), /* ARABIC-INDIC DIGIT ONE */
        CALL("int", WRONG,
             S("a text that is far too long to be repeated in a message of one line")),
        CALL("int", I(1095379199), T(1095379199, 0)),
        CALL("int", I(-1), T(-1, 999999999)), /* the whole second below */
        CALL("int", WRONG, B(true)),
        CALL("int", WRONG, D(SECOND)),
        CALL("int", WRONG, N),
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

Test(convert, to_uint)
{
    const struct call_case cases[] = {
        CALL("uint", U(1), U(1)),
        CALL("uint", U(INT64_MAX), I(INT64_MAX)),
        CALL("uint", WRONG, I(-1)),
        CALL("uint", U(3), R(3.14159265)),
        CALL("uint", U(25), R(25.5)),
        CALL("uint", U(UINT64_C(36028797018963968)), R(36028797018963969.0)),
        CALL("uint", U(UINT64_C(18446744073709549568)), R(18446744073709549568.0)),
        CALL("uint", WRONG, R(18446744073709551616.0)),
        CALL("uint", WRONG, R(-0.5)),
        CALL("uint", U(0), R(-0.0)),
        CALL("uint", WRONG, R(NAN)),
        CALL("uint", WRONG, R(-INFINITY)),
        CALL("uint", U(300), S("300")),
        CALL("uint", U(UMAX), S("18446744073709551615")),
        CALL("uint", WRONG, S("18446744073709551616")),
        CALL("uint", WRONG, S("-1")),
        CALL("uint", WRONG, S("+1")),
        CALL("uint", WRONG, S("1u")),
        CALL("uint", WRONG, S("")),
        CALL("uint", WRONG, T(1, 0)),
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

Test(convert, to_double)
{
    const struct call_case cases[] = {
        CALL("double", R(0.5), R(0.5)),
        CALL("double", R(0), I(0)),
        CALL("double", R(-1000000000000000.0), I(-1000000000000000)),
        CALL("double", R(-9007199254740992.0), I(-9007199254740992)),
        CALL("double", R(0), U(0)),
        CALL("double", R(9007199254740992.0), U(9007199254740992)),
        CALL("double", R(1.8446744073709552e+19), U(UMAX)),
        CALL("double", R(-0.0), S("-0.0")),
        CALL("double", R(123.456), S("123.456")),
        CALL("double", R(-987.654), S("-987.654")),
        CALL("double", R(6.02214e23), S("6.02214e23")),
        CALL("double", R(-84.32e7), S("-84.32e7")),
        CALL("double", R(-5.43e-21), S("-5.43e-21")),
        CALL("double", R(17), S("17")),
        CALL("double", R(0.5), S(".5")),
        CALL("double", R(0), S("1e-400")),
        CALL("double", R(NAN), S("NaN")),
        CALL("double", R(INFINITY), S("Infinity")),
        CALL("double", R(-INFINITY), S("-Infinity")),
        CALL("double", R(INFINITY), S("+Inf")),
        CALL("double", WRONG, S("1e400")),
        CALL("double", WRONG, S("-1e400")),
        CALL("double", WRONG, S("1,5")),
        CALL("double", WRONG, S(" 1.5")),
        CALL("double", WRONG, S("1.5x")),
        CALL("double", WRONG, S("0x1p3")),
        CALL("double", WRONG, S("infinit")),
        CALL("double", WRONG, S("-nan")),
        CALL("double", WRONG, S("")),
        CALL("double", WRONG, S("1\0.5")),
        CALL("double", WRONG, B(true)),
    };
    char digits[2000];

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
    memset(digits, '1', sizeof(digits)); /* longer than any number that a double tells apart */
    check_cases(gen_convert_functions,
                (struct call_case[]){
                    CALL("double", WRONG, gen_value_string(digits, sizeof(digits))),
                    CALL("double", R(1.1111111111111112e199), gen_value_string(digits, 200)),
                },
                2);
}

Test(convert, to_string)
{
    const struct call_case cases[] = {
        CALL("string", S("hello"), S("hello")),
        CALL("string", S("true"), B(true)),
        CALL("string", S("false"), B(false)),
        CALL("string", S("-456"), I(-456)),
        CALL("string", S("-9223372036854775808"), I(INT64_MIN)),
        CALL("string", S("9876"), U(9876)),
        CALL("string", S("18446744073709551615"), U(UMAX)),
        CALL("string", S("123.456"), R(123.456)),
        CALL("string", S("-0.0045"), R(-4.5e-3)),
        CALL("string", S("1"), R(1)),
        CALL("string", S("1e+21"), R(1e21)),
        CALL("string", S("1e-07"), R(1e-7)),
        CALL("string", S("NaN"), R(NAN)),
        CALL("string", S("+Inf"), R(INFINITY)),
        CALL("string", S("-Inf"), R(-INFINITY)),
        CALL("string", S("abc"), Y("abc")),
        CALL("string", S("\xC3\xBF"), Y("\xC3\xBF")),
        CALL("string", S(""), Y("")),
        CALL("string", WRONG, Y("\xff")),
        CALL("string", WRONG, Y("ab\xED\xA0\x80")), /* a surrogate */
        CALL("string", S("2009-02-13T23:31:30Z"), T(1234567890, 0)),
        CALL("string", S("2009-02-13T23:31:30.5Z"), T(1234567890, 500000000)),
        CALL("string", S("5400s"), D(5400 * SECOND)),
        CALL("string", S("-0.001s"), D(-1000000)),
        CALL("string", S("0s"), D(0)),
        CALL("string", WRONG, N),
        CALL("string", WRONG, EMPTY),
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

Test(convert, to_time)
{
    const struct call_case cases[] = {
        CALL("timestamp", T(5, 7), T(5, 7)),
        CALL("timestamp", T(1000000000, 0), I(1000000000)),
        CALL("timestamp", T(GEN_CALENDAR_FIRST, 0), I(GEN_CALENDAR_FIRST)),
        CALL("timestamp", T(GEN_CALENDAR_LAST, 0), I(GEN_CALENDAR_LAST)),
        CALL("timestamp", WRONG, I(GEN_CALENDAR_FIRST - 1)),
        CALL("timestamp", WRONG, I(GEN_CALENDAR_LAST + 1)),
        CALL("timestamp", T(1234567890, 0), S("2009-02-13T23:31:30Z")),
        CALL("timestamp", WRONG, S("2009-02-13")),
        CALL("timestamp", WRONG, S("10000-01-01T00:00:00Z")),
        CALL("timestamp", WRONG, S("0000-12-31T23:59:59Z")),
        CALL("timestamp", WRONG, R(1)),
        CALL("duration", D(7), D(7)),
        CALL("duration", D(5400 * SECOND), S("1h30m")),
        CALL("duration", D(-5400 * SECOND), S("-1.5h")),
        CALL("duration", D(0), S("0")),
        CALL("duration", WRONG, S("1d")),
        CALL("duration", WRONG, S("")),
        CALL("duration", WRONG, S("3000000h")),
        CALL("duration", WRONG, I(1)), /* in which unit? */
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

Test(convert, to_type_and_dyn)
{
    const struct call_case cases[] = {
        CALL("type", TYPE("null_type"), N),
        CALL("type", TYPE("bool"), B(false)),
        CALL("type", TYPE("int"), I(1)),
        CALL("type", TYPE("uint"), U(1)),
        CALL("type", TYPE("double"), R(1)),
        CALL("type", TYPE("string"), S("")),
        CALL("type", TYPE("bytes"), Y("")),
        CALL("type", TYPE("list"), EMPTY),
        CALL("type", TYPE("type"), TYPE("int")),
        CALL("type", TYPE("google.protobuf.Timestamp"), T(0, 0)),
        CALL("type", TYPE("google.protobuf.Duration"), D(0)),
        CALL("dyn", I(1), I(1)),
        CALL("dyn", LIST(I(1), S("one")), LIST(I(1), S("one"))),
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

/* An empty text may point nowhere. */
Test(convert, nowhere)
{
    const struct gen_value none = gen_value_string(NULL, 0);
    const struct call_case cases[] = {
        CALL("bool", WRONG, none),     CALL("bytes", Y(""), none),
        CALL("int", WRONG, none),      CALL("uint", WRONG, none),
        CALL("double", WRONG, none),   CALL("timestamp", WRONG, none),
        CALL("duration", WRONG, none), CALL("string", S(""), gen_value_bytes(NULL, 0)),
    };

    check_cases(gen_convert_functions, cases, GEN_COUNT(cases));
}

/* What a message repeats is cut between characters and holds no control characters. */
Test(convert, messages)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a\nb", "'a b' is not a whole number"},
        {"0123456789012345678901234567890123456\xC3\xA9\xC3\xA9",
         "'0123456789012345678901234567890123456\xC3\xA9...' is not a whole number"},
        {"01234567890123456789012345678901234567\xC3\xA9\xC3\xA9",
         "'01234567890123456789012345678901234567...' is not a whole number"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
        struct gen_value text = gen_value_text(cases[i].text), got;

        got = call_find(gen_convert_functions, "int", &text, 1)->run(&run, &text, 1);
        cr_assert(gen_value_is(got, GEN_KIND_FAULT));
        cr_expect(eq(str, (char *)got.as.fault->message, (char *)cases[i].message));
        gen_arena_destroy(arena);
    }
}
