/* number.c - see number.h. */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

static size_t count_sign(const char *text)
{
    return *text == '+' || *text == '-' ? 1 : 0;
}

bool gen_number_integer(const char *text, int64_t *out)
{
    bool negative = text[0] == '-';
    const char *digit = text + count_sign(text);
    int64_t value = 0;

    if (digit[0] == '\0' || digit[count_digits(digit)] != '\0') {
        return false;
    }
    for (; *digit != '\0'; digit++) {
        int64_t step = negative ? '0' - *digit : *digit - '0';

        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, step, &value)) {
            return false;
        }
    }
    *out = value;
    return true;
}

static bool is_real(const char *text)
{
    size_t whole;
    size_t fraction = 0;

    text += count_sign(text);
    whole = count_digits(text);
    text += whole;
    if (*text == '.') {
        fraction = count_digits(text + 1);
        text += 1 + fraction;
    }
    if (whole + fraction == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text += 1 + count_sign(text + 1);
        if (count_digits(text) == 0) {
            return false;
        }
        text += count_digits(text);
    }
    return *text == '\0';
}

bool gen_number_real(const char *text, double *out)
{
    locale_t plain;

    if (!is_real(text)) {
        return false;
    }
    /* The C locale is built into the library: this neither allocates nor fails. */
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    GEN_CHECK(plain != (locale_t)0);
    *out = strtod_l(text, NULL, plain);
    freelocale(plain);
    return true;
}

/* Whatever the locale put between the digits becomes a point. */
static void plain_point(char *text)
{
    char *point = text + strspn(text, "+-0123456789eE");
    size_t strange = strcspn(point, "+-0123456789eE");

    if (strange > 0) {
        *point = '.';
        memmove(point + 1, point + strange, strlen(point + strange) + 1);
    }
}

const char *gen_number_text(double value, char *out)
{
    if (isnan(value) || isinf(value)) {
        const char *word = isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";

        memcpy(out, word, strlen(word) + 1);
        return out;
    }
    if (value == 0 && signbit(value)) {
        memcpy(out, "-0.0", sizeof("-0.0")); /* "-0" would be read as a whole number */
        return out;
    }
    for (int digits = 15; digits <= 17; digits++) {
        double back = 0;

        snprintf(out, GEN_NUMBER_TEXT_SIZE, "%.*g", digits, value);
        plain_point(out);
        if (gen_number_real(out, &back) && !(back < value) && !(back > value)) {
            break;
        }
    }
    return out;
}

/* Digits up to `end` as a number from 1 to 99999, or 0. */
static int32_t number_of_digits(const char *text, const char *end)
{
    int32_t value = 0;

    if (end - text > 5) {
        return 0;
    }
    for (; text < end; text++) {
        if (*text < '0' || *text > '9') {
            return 0;
        }
        value = value * 10 + (*text - '0');
    }
    return value;
}

bool gen_number_pair(const char *text, char between, int32_t *a, int32_t *b)
{
    const char *mark = strchr(text, between);
    int32_t first, second;

    if (mark == NULL) {
        return false;
    }
    first = number_of_digits(text, mark);
    second = number_of_digits(mark + 1, mark + 1 + strlen(mark + 1));
    if (first == 0 || second == 0) {
        return false;
    }
    *a = first;
    *b = second;
    return true;
}
