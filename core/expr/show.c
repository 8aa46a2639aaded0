/* show.c - see show.h. */
#include "expr/show.h"

#include "base/utf8.h"
#include "expr/calendar.h"
#include "expr/decimal.h"
#include "expr/type.h"

#include <string.h>

enum {
    SHOW_FIRST = 64,    /* bytes of the first piece of memory; it doubles */
    SHOW_DEEPEST = 512, /* lists and maps inside each other */
    SORT_STEPS = 16,    /* about log2 of the entries of a map, for their price */
};

void gen_show_fail(struct gen_show *out, struct gen_value wrong)
{
    if (!out->failed) {
        out->failed = true;
        out->wrong = wrong;
    }
}

static void grow(struct gen_show *out, uint64_t needed)
{
    uint64_t capacity = out->capacity > 0 ? out->capacity : SHOW_FIRST;
    char *text;

    while (capacity < needed) {
        capacity *= 2;
    }
    text = needed <= UINT32_MAX ? gen_arena_alloc(out->run->arena, capacity) : NULL;
    if (text == NULL) {
        gen_show_fail(out,
                      needed <= UINT32_MAX
                          ? gen_run_no_memory()
                          : gen_value_fault(out->run->arena, "format: the text would be too long"));
        return;
    }
    if (out->size > 0) {
        memcpy(text, out->text, out->size);
    }
    out->text = text;
    out->capacity = capacity;
}

void gen_show_bytes(struct gen_show *out, const char *text, size_t size)
{
    if (out->failed || size == 0) {
        return;
    }
    if (!gen_run_charge(out->run, size)) {
        gen_show_fail(out, gen_run_exhausted());
        return;
    }
    if (out->size + size > out->capacity) {
        grow(out, out->size + size);
    }
    if (!out->failed) {
        memcpy(out->text + out->size, text, size);
        out->size += size;
    }
}

void gen_show_word(struct gen_show *out, const char *word)
{
    gen_show_bytes(out, word, strlen(word));
}

static void add_whole(struct gen_show *out, bool negative, uint64_t magnitude, unsigned base,
                      const char *digits)
{
    char text[66]; /* a sign and 64 bits */
    size_t at = sizeof(text);

    do {
        text[--at] = digits[magnitude % base];
        magnitude /= base;
    } while (magnitude > 0);
    if (negative) {
        text[--at] = '-';
    }
    gen_show_bytes(out, text + at, sizeof(text) - at);
}

const char gen_show_lower[] = "0123456789abcdef";
const char gen_show_upper[] = "0123456789ABCDEF";

/* An int or uint in a base. */
void gen_show_number(struct gen_show *out, struct gen_value value, unsigned base,
                     const char *digits)
{
    bool negative = gen_value_is(value, GEN_KIND_INT) && value.as.integer < 0;
    uint64_t magnitude = gen_value_is(value, GEN_KIND_INT) ? (uint64_t)value.as.integer
                                                           : value.as.natural;

    add_whole(out, negative, negative ? 0 - magnitude : magnitude, base, digits);
}

void gen_show_double(struct gen_show *out, double value)
{
    char text[GEN_DECIMAL_SIZE];

    gen_show_bytes(out, text, gen_decimal_plain(value, text));
}

/* Each run of bytes that are not UTF-8 becomes one replacement character. */
static void add_bytes(struct gen_show *out, const char *data, size_t size)
{
    size_t at = 0, from = 0;

    while (at < size) {
        size_t width = gen_utf8_next(data + at, size - at, NULL);

        if (width > 0) {
            at += width;
            continue;
        }
        gen_show_bytes(out, data + from, at - from);
        gen_show_word(out, "\xEF\xBF\xBD");
        while (at < size && gen_utf8_next(data + at, size - at, NULL) == 0) {
            at++;
        }
        from = at;
    }
    gen_show_bytes(out, size > from ? data + from : "", size - from);
}

static void add_time(struct gen_show *out, struct gen_value value)
{
    char text[GEN_CALENDAR_TEXT_SIZE];

    gen_show_bytes(out, text, gen_calendar_print(value.as.integer, value.size, text));
}

static void add_duration(struct gen_show *out, struct gen_value value)
{
    char text[GEN_DURATION_TEXT_SIZE];

    gen_show_bytes(out, text, gen_duration_print(value.as.integer, text));
}

/* An entry of a map, with its key as text. */
struct entry {
    struct gen_value key, value;
};

static void add_value(struct gen_show *out, struct gen_value value, unsigned depth);

static void add_list(struct gen_show *out, struct gen_value list, unsigned depth)
{
    uint32_t i;

    gen_show_word(out, "[");
    for (i = 0; i < list.size && !out->failed; i++) {
        if (i > 0) {
            gen_show_word(out, ", ");
        }
        add_value(out, list.as.items[i], depth + 1);
    }
    gen_show_word(out, "]");
}

/* A key as text: itself, or printed in the arena. */
static struct gen_value key_text(struct gen_show *out, struct gen_value key)
{
    struct gen_show text = {.run = out->run};

    if (gen_value_is(key, GEN_KIND_STRING)) {
        return key;
    }
    add_value(&text, key, 0);
    if (text.failed) {
        gen_show_fail(out, text.wrong);
        return gen_value_string("", 0);
    }
    return gen_value_string(text.text, text.size);
}

/* Merges two sorted neighbours [from, middle) and [middle, to) into `target`; equal ones keep their
 * order. */
static void merge(const struct entry *source, size_t from, size_t middle, size_t to,
                  struct entry *target)
{
    size_t a = from, b = middle, i;

    for (i = from; i < to; i++) {
        bool second = a >= middle ||
                      (b < to && gen_value_compare(source[b].key, source[a].key) < 0);

        target[i] = second ? source[b++] : source[a++];
    }
}

/* By key. `spare` has room for as many; the result is in one of the two. */
static const struct entry *sorted(struct entry *entries, struct entry *spare, size_t count)
{
    size_t run, from;

    for (run = 1; run < count; run *= 2) {
        struct entry *swap = entries;

        for (from = 0; from < count; from += 2 * run) {
            size_t middle = from + run < count ? from + run : count;
            size_t to = middle + run < count ? middle + run : count;

            merge(entries, from, middle, to, spare);
        }
        entries = spare;
        spare = swap;
    }
    return entries;
}

/* Copies the entries that a map or record has. */
static size_t take_entries(struct gen_show *out, struct gen_value map, struct entry *entries)
{
    size_t i, count = 0;

    if (gen_value_is(map, GEN_KIND_MAP)) {
        for (; count < gen_table_count(map.as.table) && !out->failed; count++) {
            entries[count].key = key_text(out, gen_table_key(map.as.table, count));
            entries[count].value = gen_table_value(map.as.table, count);
        }
        return count;
    }
    for (i = 0; map.as.record->shape->fields[i].name != NULL; i++) {
        if (!gen_value_is(map.as.record->fields[i], GEN_KIND_NONE)) {
            entries[count].key = gen_value_text(map.as.record->shape->fields[i].name);
            entries[count++].value = map.as.record->fields[i];
        }
    }
    return count;
}

static size_t most_entries(struct gen_value map)
{
    size_t count = 0;

    if (gen_value_is(map, GEN_KIND_MAP)) {
        return gen_table_count(map.as.table);
    }
    while (map.as.record->shape->fields[count].name != NULL) {
        count++;
    }
    return count;
}

static void add_map(struct gen_show *out, struct gen_value map, unsigned depth)
{
    size_t i, count = most_entries(map);
    const struct entry *entries;
    struct entry *taken;

    if (!gen_run_charge(out->run, (uint64_t)count * sizeof(*taken) * SORT_STEPS)) {
        gen_show_fail(out, gen_run_exhausted());
        return;
    }
    taken = gen_arena_array(out->run->arena, count, 2 * sizeof(*taken));
    if (taken == NULL) {
        gen_show_fail(out, gen_run_no_memory());
        return;
    }
    count = take_entries(out, map, taken);
    if (out->failed) {
        return;
    }
    entries = sorted(taken, taken + count, count);
    gen_show_word(out, "{");
    for (i = 0; i < count && !out->failed; i++) {
        gen_show_word(out, i > 0 ? ", " : "");
        gen_show_bytes(out, entries[i].key.as.text, entries[i].key.size);
        gen_show_word(out, ": ");
        add_value(out, entries[i].value, depth + 1);
    }
    gen_show_word(out, "}");
}

static void add_optional(struct gen_show *out, struct gen_value value, unsigned depth)
{
    if (!out->optionals) {
        gen_show_fail(out, gen_value_fault(out->run->arena, "format: %%s cannot show %s",
                                           gen_value_type_name(value)));
        return;
    }
    gen_show_word(out, value.as.optional == NULL ? "optional.none(" : "optional.of(");
    if (value.as.optional != NULL) {
        add_value(out, *value.as.optional, depth + 1);
    }
    gen_show_word(out, ")");
}

/* %s: whatever it is. */
static void add_value(struct gen_show *out, struct gen_value value, unsigned depth)
{
    if (depth > SHOW_DEEPEST) {
        gen_show_fail(out, gen_value_fault(out->run->arena, "format: the value nests too deeply"));
        return;
    }
    switch (value.kind) {
    case GEN_KIND_NULL:
        gen_show_word(out, "null");
        break;
    case GEN_KIND_BOOL:
        gen_show_word(out, value.as.boolean ? "true" : "false");
        break;
    case GEN_KIND_INT:
    case GEN_KIND_UINT:
        gen_show_number(out, value, 10, gen_show_lower);
        break;
    case GEN_KIND_DOUBLE:
        gen_show_double(out, value.as.real);
        break;
    case GEN_KIND_STRING:
        gen_show_bytes(out, value.as.text, value.size);
        break;
    case GEN_KIND_BYTES:
        add_bytes(out, value.as.text, value.size);
        break;
    case GEN_KIND_LIST:
        add_list(out, value, depth);
        break;
    case GEN_KIND_MAP:
    case GEN_KIND_RECORD:
        add_map(out, value, depth);
        break;
    case GEN_KIND_TIMESTAMP:
        add_time(out, value);
        break;
    case GEN_KIND_DURATION:
        add_duration(out, value);
        break;
    case GEN_KIND_TYPE:
        gen_show_word(out, value.as.type);
        break;
    case GEN_KIND_OPTIONAL:
        add_optional(out, value, depth);
        break;
    default:
        gen_show_fail(out, gen_value_fault(out->run->arena, "format: %%s cannot show %s",
                                           gen_value_type_name(value)));
    }
}

void gen_show_value(struct gen_show *out, struct gen_value value)
{
    add_value(out, value, 0);
}

struct gen_value gen_show_result(const struct gen_show *out)
{
    return out->failed ? out->wrong : gen_value_string(out->size > 0 ? out->text : "", out->size);
}
