/* math_functions.c - see math_functions.h. */
#include "expr/math_functions.h"

#include <math.h>

enum { INT_BITS = 64 };

static bool is_number(struct gen_value value)
{
    return gen_value_is(value, GEN_KIND_INT) || gen_value_is(value, GEN_KIND_UINT) ||
           gen_value_is(value, GEN_KIND_DOUBLE);
}

/* The first number that no other one is on the `wanted` side of (1 greatest, -1 least). */
static struct gen_value extreme(struct gen_run *run, const struct gen_value *items, size_t count,
                                int wanted, const char *name)
{
    struct gen_value winner;
    size_t i;

    if (!gen_run_charge(run, count * sizeof(*items))) {
        return gen_run_exhausted();
    }
    if (count == 0) {
        return gen_value_fault(run->arena, "%s needs at least one number", name);
    }
    for (i = 0; i < count; i++) {
        if (!is_number(items[i])) {
            return gen_value_fault(run->arena, "%s takes numbers, not %s", name,
                                   gen_value_type_name(items[i]));
        }
    }
    winner = items[0];
    for (i = 1; i < count; i++) {
        int order = gen_value_compare(items[i], winner);

        if (order != -1 && order != 0 && order != 1) {
            return gen_value_fault(run->arena, "%s: NaN has no order", name);
        }
        if (order == wanted) {
            winner = items[i];
        }
    }
    return winner;
}

static struct gen_value greatest(struct gen_run *run, const struct gen_value *args, size_t count)
{
    return extreme(run, args, count, 1, "math.greatest");
}

static struct gen_value least(struct gen_run *run, const struct gen_value *args, size_t count)
{
    return extreme(run, args, count, -1, "math.least");
}

static struct gen_value greatest_list(struct gen_run *run, const struct gen_value *args,
                                      size_t count)
{
    (void)count;
    return extreme(run, args[0].as.items, args[0].size, 1, "math.greatest");
}

static struct gen_value least_list(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return extreme(run, args[0].as.items, args[0].size, -1, "math.least");
}

static struct gen_value round_up(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_double(ceil(args[0].as.real));
}

static struct gen_value round_down(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_double(floor(args[0].as.real));
}

/* Halves go away from zero, as round() has it. */
static struct gen_value round_near(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_double(round(args[0].as.real));
}

static struct gen_value truncate(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_double(trunc(args[0].as.real));
}

static struct gen_value unchanged(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return args[0];
}

static struct gen_value abs_int(struct gen_run *run, const struct gen_value *args, size_t count)
{
    int64_t value = args[0].as.integer;

    (void)count;
    if (value == INT64_MIN) {
        return gen_value_fault(run->arena, "math.abs: integer overflow");
    }
    return gen_value_int(value < 0 ? -value : value);
}

static struct gen_value abs_double(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_double(fabs(args[0].as.real));
}

static struct gen_value sign_int(struct gen_run *run, const struct gen_value *args, size_t count)
{
    int64_t value = args[0].as.integer;

    (void)run, (void)count;
    return gen_value_int((value > 0) - (value < 0));
}

static struct gen_value sign_uint(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_uint(args[0].as.natural > 0);
}

static struct gen_value sign_double(struct gen_run *run, const struct gen_value *args, size_t count)
{
    double value = args[0].as.real;

    (void)run, (void)count;
    return gen_value_double(isnan(value) ? value : (value > 0) - (value < 0));
}

static struct gen_value is_nan(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_bool(isnan(args[0].as.real));
}

static struct gen_value is_infinite(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_bool(isinf(args[0].as.real));
}

static struct gen_value is_finite(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_bool(isfinite(args[0].as.real));
}

/* A value of the same type as `like` with these bits. int and uint share their place in memory, and
 * what is not the sign bit means the same in both. */
static struct gen_value with_bits(struct gen_value like, uint64_t bits)
{
    return gen_value_is(like, GEN_KIND_INT) ? gen_value_int((int64_t)bits) : gen_value_uint(bits);
}

static uint64_t bits_of(struct gen_value value)
{
    return gen_value_is(value, GEN_KIND_INT) ? (uint64_t)value.as.integer : value.as.natural;
}

static struct gen_value bit_and(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return with_bits(args[0], bits_of(args[0]) & bits_of(args[1]));
}

static struct gen_value bit_or(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return with_bits(args[0], bits_of(args[0]) | bits_of(args[1]));
}

static struct gen_value bit_xor(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return with_bits(args[0], bits_of(args[0]) ^ bits_of(args[1]));
}

static struct gen_value bit_not(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return with_bits(args[0], ~bits_of(args[0]));
}

static struct gen_value shift_left(struct gen_run *run, const struct gen_value *args, size_t count)
{
    int64_t places = args[1].as.integer;

    (void)count;
    if (places < 0) {
        return gen_value_fault(run->arena, "math.bitShiftLeft by a negative number");
    }
    return with_bits(args[0], places >= INT_BITS ? 0 : bits_of(args[0]) << places);
}

/* Zeros come in from the left, into negative ints too. */
static struct gen_value shift_right(struct gen_run *run, const struct gen_value *args, size_t count)
{
    int64_t places = args[1].as.integer;

    (void)count;
    if (places < 0) {
        return gen_value_fault(run->arena, "math.bitShiftRight by a negative number");
    }
    return with_bits(args[0], places >= INT_BITS ? 0 : bits_of(args[0]) >> places);
}

/* Of rows that fit, the first is called: "ii+" is one int or more, and the last of a name takes what
 * is left, in order to say what is wrong with it. */
const struct gen_overload gen_math_functions[] = {
    {"math.greatest", "l:*", greatest_list},
    {"math.greatest", "ii+:i", greatest},
    {"math.greatest", "uu+:u", greatest},
    {"math.greatest", "dd+:d", greatest},
    {"math.greatest", "**+:*", greatest},
    {"math.least", "l:*", least_list},
    {"math.least", "ii+:i", least},
    {"math.least", "uu+:u", least},
    {"math.least", "dd+:d", least},
    {"math.least", "**+:*", least},
    {"math.ceil", "d:d", round_up},
    {"math.floor", "d:d", round_down},
    {"math.round", "d:d", round_near},
    {"math.trunc", "d:d", truncate},
    {"math.abs", "i:i", abs_int},
    {"math.abs", "u:u", unchanged},
    {"math.abs", "d:d", abs_double},
    {"math.sign", "i:i", sign_int},
    {"math.sign", "u:u", sign_uint},
    {"math.sign", "d:d", sign_double},
    {"math.isNaN", "d:b", is_nan},
    {"math.isInf", "d:b", is_infinite},
    {"math.isFinite", "d:b", is_finite},
    {"math.bitAnd", "ii:i", bit_and},
    {"math.bitAnd", "uu:u", bit_and},
    {"math.bitOr", "ii:i", bit_or},
    {"math.bitOr", "uu:u", bit_or},
    {"math.bitXor", "ii:i", bit_xor},
    {"math.bitXor", "uu:u", bit_xor},
    {"math.bitNot", "i:i", bit_not},
    {"math.bitNot", "u:u", bit_not},
    {"math.bitShiftLeft", "ii:i", shift_left},
    {"math.bitShiftLeft", "ui:u", shift_left},
    {"math.bitShiftRight", "ii:i", shift_right},
    {"math.bitShiftRight", "ui:u", shift_right},
    {0},
};
