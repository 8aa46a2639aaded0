/* money.c - see money.h for why there is no float here. */
#include "base/money.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 money_wide; /* so that a product is exact before it is divided */

enum {
    MONEY_DECIMALS = 6,
    MONEY_DIGITS = 19,           /* what a uint64_t surely holds */
    MONEY_EXPONENT = 1000000000, /* beyond this the answer is the same */
};

bool gen_money_add(gen_micros *out, gen_micros a, gen_micros b)
{
    gen_micros sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

bool gen_money_sub(gen_micros *out, gen_micros a, gen_micros b)
{
    gen_micros rest;

    if (__builtin_sub_overflow(a, b, &rest)) {
        return false;
    }
    *out = rest;
    return true;
}

bool gen_money_mul(gen_micros *out, gen_micros amount, int64_t times)
{
    gen_micros product;

    if (__builtin_mul_overflow(amount, times, &product)) {
        return false;
    }
    *out = product;
    return true;
}

bool gen_money_scale(gen_micros *out, gen_micros amount, int64_t numerator, int64_t denominator)
{
    money_wide scaled;

    if (amount < 0 || numerator < 0 || denominator <= 0) {
        return false;
    }
    scaled = (money_wide)amount * numerator;
    scaled = (scaled + denominator - 1) / denominator;
    if (scaled > INT64_MAX) {
        return false;
    }
    *out = (gen_micros)scaled;
    return true;
}

/* A decimal as written: its digits without the point, and where the point was. */
struct decimal {
    const char *text;
    size_t size;
    bool negative;
    size_t digits_at, digits_end; /* the span of digits in text, a point may be inside */
    int64_t whole;                /* digits before the point */
    int64_t exponent;
};

static bool is_digit(const struct decimal *number, size_t at)
{
    return at < number->size && number->text[at] >= '0' && number->text[at] <= '9';
}

static bool decimal_exponent(struct decimal *number, size_t *at)
{
    bool negative = false;
    int64_t exponent = 0;
    size_t begin;

    if (*at < number->size && (number->text[*at] == '+' || number->text[*at] == '-')) {
        negative = number->text[*at] == '-';
        *at += 1;
    }
    for (begin = *at; is_digit(number, *at); *at += 1) {
        if (exponent < MONEY_EXPONENT) {
            exponent = exponent * 10 + (number->text[*at] - '0');
        }
    }
    number->exponent = negative ? -exponent : exponent;
    return *at > begin;
}

/* Splits [-]digits[.digits][e[+-]digits]; false when the text is anything else. */
static bool decimal_split(struct decimal *number)
{
    size_t at = 0;

    if (number->size > 0 && number->text[0] == '-') {
        number->negative = true;
        at = 1;
    }
    number->digits_at = at;
    while (is_digit(number, at)) {
        at++;
    }
    number->whole = (int64_t)(at - number->digits_at);
    if (number->whole == 0) {
        return false;
    }
    if (at < number->size && number->text[at] == '.') {
        if (!is_digit(number, at + 1)) {
            return false;
        }
        for (at++; is_digit(number, at);) {
            at++;
        }
    }
    number->digits_end = at;
    if (at < number->size && (number->text[at] == 'e' || number->text[at] == 'E')) {
        at++;
        if (!decimal_exponent(number, &at)) {
            return false;
        }
    }
    return at == number->size;
}

/* The digits between the first and the last that are not zero, and the power of ten of the last
 * one in micro-dollars. `*count` is 0 for zero; `*value` is only right when they are few. */
static void decimal_weigh(const struct decimal *number, uint64_t *value, int64_t *count,
                          int64_t *power)
{
    int64_t index = 0;
    int64_t first = -1;
    int64_t last = -1;
    uint64_t sum = 0;
    uint64_t sum_at_last = 0;

    for (size_t at = number->digits_at; at < number->digits_end; at++) {
        char c = number->text[at];

        if (c == '.') {
            continue;
        }
        sum = sum * 10 + (uint64_t)(c - '0'); /* wraps harmlessly when there are too many */
        if (c != '0') {
            first = first < 0 ? index : first;
            last = index;
            sum_at_last = sum;
        }
        index++;
    }
    *value = sum_at_last;
    *count = last < 0 ? 0 : last - first + 1;
    *power = number->whole - 1 - last + number->exponent + MONEY_DECIMALS;
}

static enum gen_status money_overflow(struct gen_error *err, int shown, const char *text)
{
    return gen_error_set(
        err, GEN_EOVERFLOW,
        "the amount %.*s does not fit: the largest is 9223372036854.775807 dollars", shown, text);
}

enum gen_status gen_money_parse(const char *text, size_t size, gen_micros *out,
                                struct gen_error *err)
{
    struct decimal number = {.text = text, .size = size};
    int shown = size > 60 ? 60 : (int)size;
    uint64_t value;
    int64_t count;
    int64_t power;

    if (!decimal_split(&number)) {
        return gen_error_set(err, GEN_EINVAL,
                             "\"%.*s\" is not an amount of dollars; write a number such as 2.40",
                             shown, text);
    }
    decimal_weigh(&number, &value, &count, &power);
    if (count == 0) {
        *out = 0;
        return GEN_OK;
    }
    if (power < 0) {
        return gen_error_set(
            err, GEN_EINVAL,
            "the amount %.*s is finer than a micro-dollar; use at most six decimals", shown, text);
    }
    if (count + power > MONEY_DIGITS) {
        return money_overflow(err, shown, text);
    }
    for (; power > 0; power--) {
        value *= 10; /* fits: count + power <= MONEY_DIGITS */
    }
    if (value > (uint64_t)INT64_MAX + (number.negative ? 1 : 0)) {
        return money_overflow(err, shown, text);
    }
    *out = number.negative ? (gen_micros)(0 - value) : (gen_micros)value;
    return GEN_OK;
}

const char *gen_money_text(gen_micros amount, int min_decimals, char *out)
{
    uint64_t micros = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    uint64_t fraction = micros % (uint64_t)GEN_MICROS_PER_DOLLAR;
    char digits[MONEY_DECIMALS + 2];
    int decimals = MONEY_DECIMALS;

    GEN_CHECK(min_decimals >= 0 && min_decimals <= MONEY_DECIMALS);
    snprintf(digits, sizeof(digits), "%06u", (unsigned)fraction);
    while (decimals > min_decimals && digits[decimals - 1] == '0') {
        decimals--;
    }
    digits[decimals] = '\0';
    snprintf(out, GEN_MONEY_TEXT_SIZE, "%s%" PRIu64 "%s%s", amount < 0 ? "-" : "",
             micros / (uint64_t)GEN_MICROS_PER_DOLLAR, decimals > 0 ? "." : "", digits);
    return out;
}
