/* decimal.c - see decimal.h. */
#include "expr/decimal.h"

#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_MOST = 17, /* enough to tell any two doubles apart */
    DIGITS_SAFE = 15, /* a decimal of so many digits survives a normal double */
    SHORT_LEAST = -4, /* exponents for which the short form has none */
    SHORT_MOST = 5,
};

/* value = text[0].text[1]text[2]... * 10^exponent */
struct digits {
    char text[DIGITS_MOST + 1];
    int count, exponent;
};

static size_t write_word(const char *word, char *out)
{
    size_t size = strlen(word);

    memcpy(out, word, size + 1);
    return size;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The value (positive, finite) rounded to `count` digits. Whatever stands for the point is passed. */
static void take_digits(double value, int count, struct digits *out)
{
    char text[64];
    const char *at;

    snprintf(text, sizeof(text), "%.*e", count - 1, value);
    out->count = 0;
    for (at = text; *at != 'e' && *at != '\0'; at++) {
        if (is_digit(*at) && out->count < DIGITS_MOST) {
            out->text[out->count++] = *at;
        }
    }
    out->exponent = *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
}

/* One more in the last place. */
static void step_up(struct digits *digits)
{
    int i = digits->count - 1;

    while (i >= 0 && digits->text[i] == '9') {
        digits->text[i--] = '0';
    }
    if (i >= 0) {
        digits->text[i]++;
    } else {
        digits->text[0] = '1';
        digits->exponent++;
    }
}

static bool reads_back(const struct digits *digits, double value)
{
    char text[64];
    double back = 0;

    snprintf(text, sizeof(text), "%.*se%d", digits->count, digits->text,
             digits->exponent - digits->count + 1);
    return gen_number_real(text, &back) && !(back < value) && !(back > value);
}

/* Below a power of two doubles lie closer than above it, so the shortest text that reads back may be
 * the neighbour above of the correctly rounded one: 2^-44 is 5.684341886080802e-14. */
static bool is_power_of_two(double value)
{
    int exponent;

    return frexp(value, &exponent) <= 0.5;
}

static void shortest_digits(double value, struct digits *out)
{
    int count = value < DBL_MIN ? 1 : DIGITS_SAFE;

    for (; count <= DIGITS_MOST; count++) {
        take_digits(value, count, out);
        if (reads_back(out, value)) {
            break;
        }
        if (count < DIGITS_MOST && is_power_of_two(value)) {
            step_up(out);
            if (reads_back(out, value)) {
                break;
            }
        }
    }
    while (out->count > 1 && out->text[out->count - 1] == '0') {
        out->count--;
    }
}

/* Shortest digits without an exponent, the magnitude only. */
static size_t write_plain(const struct digits *digits, char *out)
{
    size_t size = 0;
    int i, whole = digits->exponent + 1;

    if (whole <= 0) {
        out[size++] = '0';
        out[size++] = '.';
        for (i = whole; i < 0; i++) {
            out[size++] = '0';
        }
    }
    for (i = 0; i < digits->count; i++) {
        if (i == whole && i > 0) {
            out[size++] = '.';
        }
        out[size++] = digits->text[i];
    }
    for (; i < whole; i++) {
        out[size++] = '0';
    }
    out[size] = '\0';
    return size;
}

static size_t write_exponent(const struct digits *digits, char *out)
{
    size_t size = 0;

    out[size++] = digits->text[0];
    if (digits->count > 1) {
        out[size++] = '.';
        memcpy(out + size, digits->text + 1, (size_t)digits->count - 1);
        size += (size_t)digits->count - 1;
    }
    return size + (size_t)snprintf(out + size, GEN_DECIMAL_SHORT_SIZE - size, "e%c%02d",
                                   digits->exponent < 0 ? '-' : '+', abs(digits->exponent));
}

/* The sign, if any, and the digits of what is left. */
static size_t begin(double value, struct digits *digits, char *out)
{
    if (fabs(value) > 0) {
        shortest_digits(fabs(value), digits);
    } else {
        *digits = (struct digits){"0", 1, 0};
    }
    if (signbit(value)) {
        out[0] = '-';
        return 1;
    }
    return 0;
}

size_t gen_decimal_short(double value, char *out)
{
    struct digits digits;
    size_t size;

    if (!isfinite(value)) {
        return write_word(isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf", out);
    }
    size = begin(value, &digits, out);
    if (digits.exponent < SHORT_LEAST || digits.exponent > SHORT_MOST) {
        return size + write_exponent(&digits, out + size);
    }
    return size + write_plain(&digits, out + size);
}

static size_t write_infinite(double value, char *out)
{
    return write_word(isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity", out);
}

size_t gen_decimal_plain(double value, char *out)
{
    struct digits digits;
    size_t size;

    if (!isfinite(value)) {
        return write_infinite(value, out);
    }
    size = begin(value, &digits, out);
    return size + write_plain(&digits, out + size);
}

/* What the C library printed, with a point for whatever the locale put there. */
static size_t plain_point(char *text, int printed)
{
    char *at = text;
    size_t strange;

    if (printed < 0 || printed >= GEN_DECIMAL_SIZE) {
        return 0;
    }
    while (*at == '-' || is_digit(*at)) {
        at++;
    }
    strange = strcspn(at, "0123456789e");
    if (strange == 0) {
        return (size_t)printed;
    }
    *at = '.';
    memmove(at + 1, at + strange, strlen(at + strange) + 1);
    return (size_t)printed - strange + 1;
}

size_t gen_decimal_fixed(double value, unsigned precision, char *out)
{
    GEN_CHECK(precision <= GEN_DECIMAL_PRECISION);
    if (!isfinite(value)) {
        return write_infinite(value, out);
    }
    return plain_point(out, snprintf(out, GEN_DECIMAL_SIZE, "%.*f", (int)precision, value));
}

size_t gen_decimal_scientific(double value, unsigned precision, char *out)
{
    GEN_CHECK(precision <= GEN_DECIMAL_PRECISION);
    if (!isfinite(value)) {
        return write_infinite(value, out);
    }
    return plain_point(out, snprintf(out, GEN_DECIMAL_SIZE, "%.*e", (int)precision, value));
}
