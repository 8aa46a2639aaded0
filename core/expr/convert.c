/* convert.c - see convert.h. */
#include "expr/convert.h"

#include "base/number.h"
#include "base/utf8.h"
#include "expr/calendar.h"
#include "expr/decimal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    NUMBER_LONGEST = 800, /* characters of a number in text: a double has at most 767 digits */
    QUOTED_LONGEST = 40,  /* bytes of a text that a message repeats */
};

static struct gen_value unchanged(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return args[0];
}

static struct gen_value out_of_range(struct gen_run *run, const char *type)
{
    return gen_value_fault(run->arena, "the number is out of the range of %s", type);
}

/* "'abc' is not a number"; a long text is cut, and control characters are shown as spaces. */
static struct gen_value not_a(struct gen_run *run, struct gen_value text, const char *wanted)
{
    char shown[QUOTED_LONGEST];
    size_t size = gen_utf8_cut(text.as.text, text.size, sizeof(shown) - 1);
    size_t i;

    for (i = 0; i < size; i++) {
        shown[i] = (uint8_t)text.as.text[i] < ' ' ? ' ' : text.as.text[i];
    }
    shown[size] = '\0';
    return gen_value_fault(run->arena, "'%s%s' is not %s", shown, size < text.size ? "..." : "",
                           wanted);
}

static struct gen_value copied(struct gen_run *run, const char *text, size_t size)
{
    char *copy;

    if (!gen_run_charge(run, size)) {
        return gen_run_exhausted();
    }
    copy = gen_arena_strndup(run->arena, text, size);
    return copy != NULL ? gen_value_string(copy, size) : gen_run_no_memory();
}

static bool is_text(struct gen_value value, const char *word)
{
    size_t size = strlen(word);

    return value.size == size && memcmp(value.as.text, word, size) == 0;
}

static struct gen_value bool_of_text(struct gen_run *run, const struct gen_value *args,
                                     size_t count)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true},   {"True", true},   {"TRUE", true},   {"t", true},  {"1", true},
                 {"false", false}, {"False", false}, {"FALSE", false}, {"f", false}, {"0", false}};

    (void)count;
    for (size_t i = 0; i < GEN_COUNT(words); i++) {
        if (is_text(args[0], words[i].word)) {
            return gen_value_bool(words[i].value);
        }
    }
    return not_a(run, args[0], "true or false");
}

static struct gen_value bytes_of_text(struct gen_run *run, const struct gen_value *args,
                                      size_t count)
{
    (void)run, (void)count;
    return gen_value_bytes(args[0].as.text, args[0].size);
}

/* Decimal digits, all of them. false: something else, or too many; `*large` says which. */
static bool read_digits(const char *text, size_t size, uint64_t *out, bool *large)
{
    uint64_t value = 0;
    size_t i;

    *large = false;
    for (i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    for (i = 0; i < size && !*large; i++) {
        *large = __builtin_mul_overflow(value, 10u, &value) ||
                 __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value);
    }
    *out = value;
    return size > 0 && !*large;
}

static struct gen_value int_of_text(struct gen_run *run, const struct gen_value *args, size_t count)
{
    const char *text = args[0].as.text;
    size_t sign = args[0].size > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    bool negative = sign > 0 && text[0] == '-';
    uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t value;
    bool large;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    if (args[0].size == 0 ||
        (!read_digits(text + sign, args[0].size - sign, &value, &large) && !large)) {
        return not_a(run, args[0], "a whole number");
    }
    if (large || value > most) {
        return out_of_range(run, "int");
    }
    return gen_value_int((int64_t)(negative ? 0 - value : value));
}

static struct gen_value int_of_uint(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return args[0].as.natural > INT64_MAX ? out_of_range(run, "int")
                                          : gen_value_int((int64_t)args[0].as.natural);
}

/* Both ends are refused: as doubles they stand for numbers beyond them as well. */
static struct gen_value int_of_double(struct gen_run *run, const struct gen_value *args,
                                      size_t count)
{
    double value = args[0].as.real;

    (void)count;
    if (!(value > -0x1p63 && value < 0x1p63)) {
        return out_of_range(run, "int");
    }
    return gen_value_int((int64_t)value);
}

static struct gen_value int_of_timestamp(struct gen_run *run, const struct gen_value *args,
                                         size_t count)
{
    (void)run, (void)count;
    return gen_value_int(args[0].as.integer);
}

static struct gen_value uint_of_text(struct gen_run *run, const struct gen_value *args,
                                     size_t count)
{
    uint64_t value;
    bool large;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    if (read_digits(args[0].as.text, args[0].size, &value, &large)) {
        return gen_value_uint(value);
    }
    return large ? out_of_range(run, "uint") : not_a(run, args[0], "a whole number of at least 0");
}

static struct gen_value uint_of_int(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return args[0].as.integer < 0 ? out_of_range(run, "uint")
                                  : gen_value_uint((uint64_t)args[0].as.integer);
}

static struct gen_value uint_of_double(struct gen_run *run, const struct gen_value *args,
                                       size_t count)
{
    double value = args[0].as.real;

    (void)count;
    if (!(value >= 0 && value < 0x1p64)) {
        return out_of_range(run, "uint");
    }
    return gen_value_uint((uint64_t)value);
}

static struct gen_value double_of_int(struct gen_run *run, const struct gen_value *args,
                                      size_t count)
{
    (void)run, (void)count;
    return gen_value_double((double)args[0].as.integer);
}

static struct gen_value double_of_uint(struct gen_run *run, const struct gen_value *args,
                                       size_t count)
{
    (void)run, (void)count;
    return gen_value_double((double)args[0].as.natural);
}

/* Are they equal but for the case of ASCII letters? `word` is in lower case. strcasecmp would ask the
 * locale. */
static bool is_word(const char *text, const char *word)
{
    for (; *text != '\0' && *word != '\0'; text++, word++) {
        char lower = *text >= 'A' && *text <= 'Z' ? (char)(*text + 'a' - 'A') : *text;

        if (lower != *word) {
            return false;
        }
    }
    return *text == *word;
}

/* NaN, and infinities in the spellings that the Go implementation reads. */
static bool read_word(const char *text, double *out)
{
    const char *word = text + (text[0] == '-' || text[0] == '+' ? 1 : 0);

    if (is_word(text, "nan")) {
        *out = NAN;
        return true;
    }
    if (is_word(word, "inf") || is_word(word, "infinity")) {
        *out = text[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    return false;
}

static struct gen_value double_of_text(struct gen_run *run, const struct gen_value *args,
                                       size_t count)
{
    char text[NUMBER_LONGEST + 1];
    double value = 0;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    if (args[0].size == 0 || args[0].size > NUMBER_LONGEST ||
        memchr(args[0].as.text, '\0', args[0].size) != NULL) {
        return not_a(run, args[0], "a number");
    }
    memcpy(text, args[0].as.text, args[0].size);
    text[args[0].size] = '\0';
    if (read_word(text, &value)) {
        return gen_value_double(value);
    }
    if (!gen_number_real(text, &value)) {
        return not_a(run, args[0], "a number");
    }
    return isinf(value) ? out_of_range(run, "double") : gen_value_double(value);
}

static struct gen_value text_of_bool(struct gen_run *run, const struct gen_value *args,
                                     size_t count)
{
    (void)run, (void)count;
    return gen_value_text(args[0].as.boolean ? "true" : "false");
}

static struct gen_value text_of_int(struct gen_run *run, const struct gen_value *args, size_t count)
{
    char text[24];

    (void)count;
    return copied(run, text, (size_t)snprintf(text, sizeof(text), "%" PRId64, args[0].as.integer));
}

static struct gen_value text_of_uint(struct gen_run *run, const struct gen_value *args,
                                     size_t count)
{
    char text[24];

    (void)count;
    return copied(run, text, (size_t)snprintf(text, sizeof(text), "%" PRIu64, args[0].as.natural));
}

static struct gen_value text_of_double(struct gen_run *run, const struct gen_value *args,
                                       size_t count)
{
    char text[GEN_DECIMAL_SHORT_SIZE];

    (void)count;
    return copied(run, text, gen_decimal_short(args[0].as.real, text));
}

static struct gen_value text_of_bytes(struct gen_run *run, const struct gen_value *args,
                                      size_t count)
{
    size_t wrong = 0;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    if (!gen_utf8_valid(args[0].as.text, args[0].size, &wrong)) {
        return gen_value_fault(run->arena, "the bytes are not UTF-8 at offset %zu", wrong);
    }
    return gen_value_string(args[0].as.text, args[0].size);
}

static struct gen_value text_of_timestamp(struct gen_run *run, const struct gen_value *args,
                                          size_t count)
{
    char text[GEN_CALENDAR_TEXT_SIZE];

    (void)count;
    return copied(run, text, gen_calendar_print(args[0].as.integer, args[0].size, text));
}

static struct gen_value text_of_duration(struct gen_run *run, const struct gen_value *args,
                                         size_t count)
{
    char text[GEN_DURATION_TEXT_SIZE];

    (void)count;
    return copied(run, text, gen_duration_print(args[0].as.integer, text));
}

static struct gen_value timestamp_of_int(struct gen_run *run, const struct gen_value *args,
                                         size_t count)
{
    int64_t seconds = args[0].as.integer;

    (void)count;
    if (seconds < GEN_CALENDAR_FIRST || seconds > GEN_CALENDAR_LAST) {
        return out_of_range(run, "timestamp (years 1 to 9999)");
    }
    return gen_value_timestamp(seconds, 0);
}

static struct gen_value timestamp_of_text(struct gen_run *run, const struct gen_value *args,
                                          size_t count)
{
    int64_t seconds = 0;
    uint32_t nanos = 0;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    switch (gen_calendar_parse(args[0].as.text, args[0].size, &seconds, &nanos)) {
    case GEN_OK:
        return gen_value_timestamp(seconds, nanos);
    case GEN_EOVERFLOW:
        return not_a(run, args[0], "within the years 1 to 9999");
    default:
        return not_a(run, args[0], "a timestamp such as 2026-01-31T12:00:00Z");
    }
}

static struct gen_value duration_of_text(struct gen_run *run, const struct gen_value *args,
                                         size_t count)
{
    int64_t nanos = 0;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    switch (gen_duration_parse(args[0].as.text, args[0].size, &nanos)) {
    case GEN_OK:
        return gen_value_duration(nanos);
    case GEN_EOVERFLOW:
        return not_a(run, args[0], "within 292 years, which is as long as a duration gets");
    default:
        return not_a(run, args[0], "a duration such as 1h30m or 1.5s");
    }
}

static struct gen_value type_of(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_type(gen_value_type_name(args[0]));
}

const struct gen_overload gen_convert_functions[] = {
    {"bool", "b:b", unchanged},
    {"bool", "s:b", bool_of_text},
    {"bytes", "y:y", unchanged},
    {"bytes", "s:y", bytes_of_text},
    {"double", "d:d", unchanged},
    {"double", "i:d", double_of_int},
    {"double", "u:d", double_of_uint},
    {"double", "s:d", double_of_text},
    {"duration", "D:D", unchanged},
    {"duration", "s:D", duration_of_text},
    {"dyn", "*:*", unchanged},
    {"int", "i:i", unchanged},
    {"int", "u:i", int_of_uint},
    {"int", "d:i", int_of_double},
    {"int", "s:i", int_of_text},
    {"int", "t:i", int_of_timestamp},
    {"string", "s:s", unchanged},
    {"string", "b:s", text_of_bool},
    {"string", "i:s", text_of_int},
    {"string", "u:s", text_of_uint},
    {"string", "d:s", text_of_double},
    {"string", "y:s", text_of_bytes},
    {"string", "t:s", text_of_timestamp},
    {"string", "D:s", text_of_duration},
    {"timestamp", "t:t", unchanged},
    {"timestamp", "i:t", timestamp_of_int},
    {"timestamp", "s:t", timestamp_of_text},
    {"type", "*:T", type_of},
    {"uint", "u:u", unchanged},
    {"uint", "i:u", uint_of_int},
    {"uint", "d:u", uint_of_double},
    {"uint", "s:u", uint_of_text},
    {0},
};
