/* text_format.c - see text_format.h. */
#include "expr/text_format.h"

#include "expr/decimal.h"
#include "expr/show.h"

#include <string.h>

enum { PRECISION_PRESET = 6 };

/* One value in the form that the letter asks for. false: not for this type. */
typedef bool clause(struct gen_show *out, struct gen_value value, unsigned precision);

static bool is_whole(struct gen_value value)
{
    return gen_value_is(value, GEN_KIND_INT) || gen_value_is(value, GEN_KIND_UINT);
}

static bool show(struct gen_show *out, struct gen_value value, unsigned precision)
{
    (void)precision;
    gen_show_value(out, value);
    return true;
}

static bool decimal(struct gen_show *out, struct gen_value value, unsigned precision)
{
    (void)precision;
    if (gen_value_is(value, GEN_KIND_DOUBLE)) {
        gen_show_double(out, value.as.real);
        return true;
    }
    if (is_whole(value)) {
        gen_show_number(out, value, 10, gen_show_lower);
    }
    return is_whole(value);
}

static double real_of(struct gen_value value)
{
    switch (value.kind) {
    case GEN_KIND_INT:
        return (double)value.as.integer;
    case GEN_KIND_UINT:
        return (double)value.as.natural;
    default:
        return value.as.real;
    }
}

static bool add_real(struct gen_show *out, const char *text, size_t size)
{
    if (size == 0) { /* the C library had no memory */
        gen_show_fail(out, gen_run_no_memory());
    }
    gen_show_bytes(out, text, size);
    return true;
}

static bool fixed(struct gen_show *out, struct gen_value value, unsigned precision)
{
    char text[GEN_DECIMAL_SIZE];

    return (is_whole(value) || gen_value_is(value, GEN_KIND_DOUBLE)) &&
           add_real(out, text, gen_decimal_fixed(real_of(value), precision, text));
}

static bool scientific(struct gen_show *out, struct gen_value value, unsigned precision)
{
    char text[GEN_DECIMAL_SIZE];

    return (is_whole(value) || gen_value_is(value, GEN_KIND_DOUBLE)) &&
           add_real(out, text, gen_decimal_scientific(real_of(value), precision, text));
}

static bool binary(struct gen_show *out, struct gen_value value, unsigned precision)
{
    (void)precision;
    if (gen_value_is(value, GEN_KIND_BOOL)) {
        gen_show_word(out, value.as.boolean ? "1" : "0");
        return true;
    }
    if (is_whole(value)) {
        gen_show_number(out, value, 2, gen_show_lower);
    }
    return is_whole(value);
}

static bool octal(struct gen_show *out, struct gen_value value, unsigned precision)
{
    (void)precision;
    if (is_whole(value)) {
        gen_show_number(out, value, 8, gen_show_lower);
    }
    return is_whole(value);
}

static bool hexadecimal(struct gen_show *out, struct gen_value value, const char *digits)
{
    uint32_t i;

    if (is_whole(value)) {
        gen_show_number(out, value, 16, digits);
        return true;
    }
    if (!gen_value_is(value, GEN_KIND_STRING) && !gen_value_is(value, GEN_KIND_BYTES)) {
        return false;
    }
    for (i = 0; i < value.size && !out->failed; i++) {
        uint8_t byte = (uint8_t)value.as.text[i];

        gen_show_bytes(out, (char[]){digits[byte >> 4], digits[byte & 15]}, 2);
    }
    return true;
}

static bool lower_hex(struct gen_show *out, struct gen_value value, unsigned precision)
{
    (void)precision;
    return hexadecimal(out, value, gen_show_lower);
}

static bool upper_hex(struct gen_show *out, struct gen_value value, unsigned precision)
{
    (void)precision;
    return hexadecimal(out, value, gen_show_upper);
}

static const struct {
    char letter;
    clause *write;
    const char *takes;
} clauses[] = {
    {'s', show, "anything"},
    {'d', decimal, "numbers"},
    {'f', fixed, "numbers"},
    {'e', scientific, "numbers"},
    {'b', binary, "int, uint and bool"},
    {'o', octal, "int and uint"},
    {'x', lower_hex, "int, uint, string and bytes"},
    {'X', upper_hex, "int, uint, string and bytes"},
};

/* ".3" before the letter. false: there is no number, or too large a one. */
static bool read_precision(struct gen_value text, size_t *at, unsigned *precision)
{
    size_t from;

    *precision = PRECISION_PRESET;
    if (*at >= text.size || text.as.text[*at] != '.') {
        return true;
    }
    *precision = 0;
    for (from = ++*at; *at < text.size; ++*at) {
        char byte = text.as.text[*at];

        if (byte < '0' || byte > '9') {
            break;
        }
        *precision = *precision * 10 + (unsigned)(byte - '0');
        if (*precision > GEN_DECIMAL_PRECISION) {
            return false;
        }
    }
    return *at > from;
}

/* The letter at `at`, with the next of the values. */
static void write_clause(struct gen_show *out, struct gen_value text, size_t at, unsigned precision,
                         struct gen_value values, uint32_t next)
{
    size_t i;

    for (i = 0; i < GEN_COUNT(clauses); i++) {
        if (clauses[i].letter == text.as.text[at]) {
            break;
        }
    }
    if (i == GEN_COUNT(clauses)) {
        gen_show_fail(out, gen_value_fault(
                               out->run->arena,
                               "format: at byte %zu there must be one of s d f e b o x X %%", at));
    } else if (next >= values.size) {
        gen_show_fail(out, gen_value_fault(out->run->arena,
                                           "format: there is no value number %u for %%%c", next + 1,
                                           clauses[i].letter));
    } else if (!clauses[i].write(out, values.as.items[next], precision)) {
        gen_show_fail(out, gen_value_fault(out->run->arena, "format: %%%c takes %s, not %s",
                                           clauses[i].letter, clauses[i].takes,
                                           gen_value_type_name(values.as.items[next])));
    }
}

static struct gen_value format(struct gen_run *run, const struct gen_value *args, size_t count)
{
    struct gen_show out = {.run = run};
    struct gen_value text = args[0];
    uint32_t next = 0;
    size_t at = 0;

    (void)count;
    if (!gen_run_charge(run, text.size)) {
        return gen_run_exhausted();
    }
    while (at < text.size && !out.failed) {
        const char *sign = memchr(text.as.text + at, '%', text.size - at);
        size_t plain = sign != NULL ? (size_t)(sign - text.as.text) - at : text.size - at;
        unsigned precision;

        gen_show_bytes(&out, text.as.text + at, plain);
        at += plain + 1;
        if (sign == NULL) {
            break;
        }
        if (at < text.size && text.as.text[at] == '%') {
            gen_show_word(&out, "%");
            at++;
        } else if (!read_precision(text, &at, &precision)) {
            gen_show_fail(&out, gen_value_fault(run->arena,
                                                "format: after '.' must stand a number up to %d",
                                                GEN_DECIMAL_PRECISION));
        } else if (at >= text.size) {
            gen_show_fail(&out,
                          gen_value_fault(run->arena, "format: it ends in a %% without a letter"));
        } else {
            write_clause(&out, text, at++, precision, args[1], next++);
        }
    }
    return gen_show_result(&out);
}

const struct gen_overload gen_text_format_functions[] = {
    {"format", "s.l:s", format},
    {0},
};
