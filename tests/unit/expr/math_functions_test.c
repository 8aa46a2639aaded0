/* math_functions_test.c - math.*: the conformance vectors, and the ends of the ranges. */
#include "expr/math_functions.h"

#include "call.h"

#define UMAX UINT64_C(18446744073709551615)

Test(math_functions, greatest_and_least)
{
    const struct call_case cases[] = {
        CALL("math.greatest", I(-5), I(-5)),
        CALL("math.greatest", I(1), I(1), I(1)),
        CALL("math.greatest", I(3), I(3), I(-3)),
        CALL("math.greatest", I(INT64_MAX), I(INT64_MAX), I(1)),
        CALL("math.greatest", I(1), I(INT64_MIN), I(1)),
        CALL("math.greatest", I(10), I(10), I(1), I(3)),
        CALL("math.greatest", U(5), U(5), I(-7)),
        CALL("math.greatest", U(3), I(-3), U(3)),
        CALL("math.greatest", U(UMAX), R(5.4), I(10), U(3), R(-5), U(UMAX)),
        CALL("math.greatest", R(1.797693e308), I(1), R(1.797693e308)),
        CALL("math.greatest", I(-1), R(-1.797693e308), I(-1), I(-5)),
        /* of equal ones the first, with its own type */
        CALL("math.greatest", I(1), I(1), R(1), R(1)),
        CALL("math.greatest", U(1), U(1), R(1), I(1)),
        CALL("math.greatest", R(1), R(1), U(1)),
        CALL("math.least", R(1), R(1), I(1), I(1)),
        CALL("math.least", U(1), U(1), I(1)),
        /* lists */
        CALL("math.greatest", I(10), LIST(R(5.4), I(10), U(3), R(-5), R(3.5))),
        CALL("math.least", R(-5), LIST(R(5.4), R(10.5), U(3), R(-5), R(3.5))),
        CALL("math.least", I(7), LIST(I(7))),
        CALL("math.greatest", WRONG, EMPTY),
        CALL("math.least", WRONG, EMPTY),
        CALL("math.greatest", WRONG, LIST(I(1), S("2"))),
        CALL("math.greatest", WRONG, LIST(S("2"))),
        CALL("math.least", R(-7.5), R(5.5), R(-7.5)),
        CALL("math.least", I(INT64_MIN), I(INT64_MIN), I(-1), I(-5)),
        CALL("math.least", I(1), I(INT64_MAX), I(1), I(5)),
        CALL("math.least", U(1), R(5.4), I(10), U(3), U(1), U(UMAX)),
        CALL("math.least", R(-5), R(5.4), I(10), U(3), R(-5), R(1.797693e308)),
        /* not numbers, and no order */
        CALL("math.greatest", WRONG, S("a")),
        CALL("math.greatest", WRONG, I(1), B(true)),
        CALL("math.least", WRONG, LIST(I(1)), I(2)),
        CALL("math.least", WRONG, R(NAN), I(2)),
        CALL("math.greatest", WRONG, R(2), R(NAN)),
        CALL("math.greatest", R(NAN), R(NAN)),
        CALL("math.greatest", R(INFINITY), R(INFINITY), I(INT64_MAX)),
    };

    check_cases(gen_math_functions, cases, GEN_COUNT(cases));
    cr_expect(call_find(gen_math_functions, "math.greatest", NULL, 0) == NULL);
    cr_expect(call_find(gen_math_functions, "math.least", NULL, 0) == NULL);
}

Test(math_functions, rounding)
{
    const struct call_case cases[] = {
        CALL("math.ceil", R(-1), R(-1.2)),
        CALL("math.ceil", R(2), R(1.2)),
        CALL("math.ceil", R(-0.0), R(-0.5)),
        CALL("math.floor", R(1), R(1.2)),
        CALL("math.floor", R(-2), R(-1.2)),
        CALL("math.floor", WRONG, I(1)),
        CALL("math.ceil", WRONG, U(1)),
        CALL("math.round", R(-2), R(-1.6)),
        CALL("math.round", R(-2), R(-1.5)),
        CALL("math.round", R(2), R(1.5)),
        CALL("math.round", R(3), R(2.5)), /* away from zero, not to even */
        CALL("math.round", R(0), R(0.49999999999999994)),
        CALL("math.round", R(NAN), R(NAN)),
        CALL("math.round", R(INFINITY), R(INFINITY)),
        CALL("math.round", WRONG, I(1)),
        CALL("math.trunc", R(-1), R(-1.2)),
        CALL("math.trunc", R(1), R(1.9)),
        CALL("math.trunc", R(-INFINITY), R(-INFINITY)),
        CALL("math.trunc", WRONG, I(1)),
        CALL("math.floor", WRONG, S("1.2")),
    };

    check_cases(gen_math_functions, cases, GEN_COUNT(cases));
}

Test(math_functions, sign_and_kind)
{
    const struct call_case cases[] = {
        CALL("math.abs", I(1), I(1)),
        CALL("math.abs", I(11), I(-11)),
        CALL("math.abs", I(INT64_MAX), I(-INT64_MAX)),
        CALL("math.abs", WRONG, I(INT64_MIN)),
        CALL("math.abs", U(UMAX), U(UMAX)),
        CALL("math.abs", R(11.5), R(-11.5)),
        CALL("math.abs", R(0), R(-0.0)),
        CALL("math.abs", WRONG, S("1")),
        CALL("math.sign", U(0), U(0)),
        CALL("math.sign", U(1), U(42)),
        CALL("math.sign", I(1), I(100)),
        CALL("math.sign", I(-1), I(INT64_MIN)),
        CALL("math.sign", I(0), I(0)),
        CALL("math.sign", R(1), R(100.5)),
        CALL("math.sign", R(-1), R(-INFINITY)),
        CALL("math.sign", R(0), R(0)),
        CALL("math.sign", R(NAN), R(NAN)),
        CALL("math.sign", WRONG, B(true)),
        CALL("math.isNaN", B(true), R(NAN)),
        CALL("math.isNaN", B(false), R(INFINITY)),
        CALL("math.isNaN", WRONG, B(true)),
        CALL("math.isInf", B(true), R(-INFINITY)),
        CALL("math.isInf", B(false), R(1e308)),
        CALL("math.isInf", WRONG, I(1)),
        CALL("math.isFinite", B(false), R(NAN)),
        CALL("math.isFinite", B(false), R(INFINITY)),
        CALL("math.isFinite", B(true), R(-0.0)),
        CALL("math.isFinite", WRONG, B(true)),
    };

    check_cases(gen_math_functions, cases, GEN_COUNT(cases));
}

Test(math_functions, bits)
{
    const struct call_case cases[] = {
        CALL("math.bitAnd", I(0), I(1), I(2)),
        CALL("math.bitAnd", I(1), I(1), I(-1)),
        CALL("math.bitAnd", U(1), U(1), U(3)),
        CALL("math.bitAnd", WRONG, U(1), I(3)), /* no mixture */
        CALL("math.bitOr", I(3), I(1), I(2)),
        CALL("math.bitOr", U(5), U(1), U(4)),
        CALL("math.bitXor", I(2), I(1), I(3)),
        CALL("math.bitXor", U(2), U(1), U(3)),
        CALL("math.bitXor", I(-1), I(INT64_MIN), I(INT64_MAX)),
        CALL("math.bitXor", WRONG, EMPTY, LIST(I(1))),
        CALL("math.bitNot", I(-2), I(1)),
        CALL("math.bitNot", I(0), I(-1)),
        CALL("math.bitNot", U(UMAX - 1), U(1)),
        CALL("math.bitNot", U(UMAX), U(0)),
        CALL("math.bitShiftLeft", I(0), I(1), I(200)),
        CALL("math.bitShiftLeft", I(0), I(1), I(64)),
        CALL("math.bitShiftLeft", I(INT64_MIN), I(1), I(63)),
        CALL("math.bitShiftLeft", I(-4), I(-1), I(2)),
        CALL("math.bitShiftLeft", U(4), U(1), I(2)),
        CALL("math.bitShiftLeft", U(0), U(1), I(200)),
        CALL("math.bitShiftLeft", WRONG, U(1), I(-1)),
        CALL("math.bitShiftLeft", WRONG, I(1), I(INT64_MIN)),
        CALL("math.bitShiftLeft", WRONG, I(1), U(1)),
        CALL("math.bitShiftRight", I(0), I(1024), I(64)),
        CALL("math.bitShiftRight", I(0), I(-1024), I(64)),
        CALL("math.bitShiftRight", I(256), I(1024), I(2)),
        CALL("math.bitShiftRight", I(INT64_C(2305843009213693824)), I(-1024), I(3)), /* zeros */
        CALL("math.bitShiftRight", U(0), U(1024), I(200)),
        CALL("math.bitShiftRight", U(1), U(UMAX), I(63)),
        CALL("math.bitShiftRight", WRONG, U(1), I(-1)),
        CALL("math.bitShiftRight", WRONG, Y("123"), I(1)),
    };

    check_cases(gen_math_functions, cases, GEN_COUNT(cases));
}
