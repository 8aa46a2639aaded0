/* text_functions.c - see text_functions.h. Searching compares bytes: in valid UTF-8 a character never
 * begins inside another one. */
#include "expr/text_functions.h"

#include "base/utf8.h"
#include "expr/type.h"

#include <string.h>

/* Of the first `size` bytes. */
static size_t characters(const char *text, size_t size)
{
    size_t i, count = 0;

    for (i = 0; i < size; i++) {
        count += ((uint8_t)text[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Bytes of the valid character that begins here. */
static size_t width(char lead)
{
    uint8_t byte = (uint8_t)lead;

    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/* The byte offset of a position 0..length. false: there is no such position. */
static bool offset_of(struct gen_value text, int64_t position, size_t *offset)
{
    size_t at = 0;

    if (position < 0 || position > text.size) {
        return false;
    }
    for (; position > 0; position--) {
        if (at >= text.size) {
            return false;
        }
        at += width(text.as.text[at]);
    }
    *offset = at;
    return true;
}

static struct gen_value no_position(struct gen_run *run, struct gen_value text, int64_t position)
{
    return gen_value_fault(run->arena, "position %lld is outside of the text, whose length is %zu",
                           (long long)position, characters(text.as.text, text.size));
}

/* Where `part` begins in text from offset `from` on, or the text's size + 1. */
static size_t find(struct gen_value text, struct gen_value part, size_t from)
{
    const char *found;

    if (part.size == 0) {
        return from;
    }
    if (part.size > text.size - from) {
        return (size_t)text.size + 1;
    }
    found = memmem(text.as.text + from, text.size - from, part.as.text, part.size);
    return found != NULL ? (size_t)(found - text.as.text) : (size_t)text.size + 1;
}

static bool stands_at(struct gen_value text, struct gen_value part, size_t at)
{
    return part.size == 0 || memcmp(text.as.text + at, part.as.text, part.size) == 0;
}

static struct gen_value slice(struct gen_value text, size_t from, size_t to)
{
    return to > from ? gen_value_string(text.as.text + from, to - from) : gen_value_string("", 0);
}

/* Memory for a text of `size` bytes, paid for. NULL with `*wrong` set. */
static char *new_text(struct gen_run *run, uint64_t size, struct gen_value *wrong)
{
    char *text;

    if (size > UINT32_MAX) {
        *wrong = gen_value_fault(run->arena, "the text would be too long");
        return NULL;
    }
    if (!gen_run_charge(run, size)) {
        *wrong = gen_run_exhausted();
        return NULL;
    }
    text = gen_arena_alloc(run->arena, size);
    if (text == NULL) {
        *wrong = gen_run_no_memory();
    }
    return text;
}

/* memcpy that may be given no source when there is nothing to copy. Returns the end. */
static char *put(char *at, const char *from, size_t size)
{
    if (size > 0) {
        memcpy(at, from, size);
    }
    return at + size;
}

static struct gen_value size_of_text(struct gen_run *run, const struct gen_value *args,
                                     size_t count)
{
    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    return gen_value_int((int64_t)characters(args[0].as.text, args[0].size));
}

static struct gen_value size_of_row(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run, (void)count;
    return gen_value_int(args[0].size); /* bytes or items */
}

/* A record counts what it has, as the map that it reads like. */
static struct gen_value size_of_map(struct gen_run *run, const struct gen_value *args, size_t count)
{
    int64_t present = 0;

    (void)run, (void)count;
    if (gen_value_is(args[0], GEN_KIND_RECORD)) {
        const struct gen_record_value *record = args[0].as.record;

        for (size_t i = 0; record->shape->fields[i].name != NULL; i++) {
            present += gen_value_is(record->fields[i], GEN_KIND_NONE) ? 0 : 1;
        }
        return gen_value_int(present);
    }
    return gen_value_int((int64_t)gen_table_count(args[0].as.table));
}

static struct gen_value contains(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    if (!gen_run_charge(run, (uint64_t)args[0].size + args[1].size)) {
        return gen_run_exhausted();
    }
    return gen_value_bool(find(args[0], args[1], 0) <= args[0].size);
}

static struct gen_value starts_with(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    if (!gen_run_charge(run, args[1].size)) {
        return gen_run_exhausted();
    }
    return gen_value_bool(args[1].size <= args[0].size && stands_at(args[0], args[1], 0));
}

static struct gen_value ends_with(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    if (!gen_run_charge(run, args[1].size)) {
        return gen_run_exhausted();
    }
    return gen_value_bool(args[1].size <= args[0].size &&
                          stands_at(args[0], args[1], args[0].size - args[1].size));
}

/* The end of the text is a position too: there the character is "". */
static struct gen_value char_at(struct gen_run *run, const struct gen_value *args, size_t count)
{
    size_t at;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    if (!offset_of(args[0], args[1].as.integer, &at)) {
        return no_position(run, args[0], args[1].as.integer);
    }
    return at < args[0].size ? slice(args[0], at, at + width(args[0].as.text[at]))
                             : slice(args[0], 0, 0);
}

static struct gen_value index_of(struct gen_run *run, const struct gen_value *args, size_t count)
{
    size_t at = 0;

    if (!gen_run_charge(run, (uint64_t)args[0].size * 2 + args[1].size)) {
        return gen_run_exhausted();
    }
    if (count > 2 && !offset_of(args[0], args[2].as.integer, &at)) {
        return no_position(run, args[0], args[2].as.integer);
    }
    at = find(args[0], args[1], at);
    return gen_value_int(at <= args[0].size ? (int64_t)characters(args[0].as.text, at) : -1);
}

/* The third argument is the last position where a find may begin. */
static struct gen_value last_index_of(struct gen_run *run, const struct gen_value *args,
                                      size_t count)
{
    size_t at = args[0].size;

    if (!gen_run_charge(run, (uint64_t)args[0].size * 2)) {
        return gen_run_exhausted();
    }
    if (count > 2 && !offset_of(args[0], args[2].as.integer, &at)) {
        return no_position(run, args[0], args[2].as.integer);
    }
    if (args[1].size > args[0].size) {
        return gen_value_int(-1);
    }
    at = at > args[0].size - args[1].size ? args[0].size - args[1].size : at;
    for (;; at--) {
        if (args[1].size == 0 || args[0].as.text[at] == args[1].as.text[0]) {
            if (!gen_run_charge(run, args[1].size)) {
                return gen_run_exhausted();
            }
            if (stands_at(args[0], args[1], at)) {
                return gen_value_int((int64_t)characters(args[0].as.text, at));
            }
        }
        if (at == 0) {
            return gen_value_int(-1);
        }
    }
}

static struct gen_value substring(struct gen_run *run, const struct gen_value *args, size_t count)
{
    size_t from, to = args[0].size;

    if (!gen_run_charge(run, (uint64_t)args[0].size * 2)) {
        return gen_run_exhausted();
    }
    if (!offset_of(args[0], args[1].as.integer, &from)) {
        return no_position(run, args[0], args[1].as.integer);
    }
    if (count > 2 && !offset_of(args[0], args[2].as.integer, &to)) {
        return no_position(run, args[0], args[2].as.integer);
    }
    if (to < from) {
        return gen_value_fault(run->arena, "substring: it ends at %lld, before it begins at %lld",
                               (long long)args[2].as.integer, (long long)args[1].as.integer);
    }
    return slice(args[0], from, to);
}

static struct gen_value join(struct gen_run *run, const struct gen_value *args, size_t count)
{
    const struct gen_value *items = args[0].as.items;
    struct gen_value between = count > 1 ? args[1] : gen_value_string("", 0), wrong;
    uint64_t size = 0;
    char *text, *at;
    uint32_t i;

    if (!gen_run_charge(run, (uint64_t)args[0].size * sizeof(*items))) {
        return gen_run_exhausted();
    }
    for (i = 0; i < args[0].size; i++) {
        if (!gen_value_is(items[i], GEN_KIND_STRING)) {
            return gen_value_fault(run->arena, "join takes strings, not %s",
                                   gen_value_type_name(items[i]));
        }
        size += (i > 0 ? (uint64_t)between.size : 0) + items[i].size;
    }
    text = at = new_text(run, size, &wrong);
    if (text == NULL) {
        return wrong;
    }
    for (i = 0; i < args[0].size; i++) {
        at = put(at, between.as.text, i > 0 ? between.size : 0);
        at = put(at, items[i].as.text, items[i].size);
    }
    return gen_value_string(text, size);
}

/* Letters from `first` on, 26 of them, get `step` added. */
static struct gen_value change_case(struct gen_run *run, struct gen_value text, char first,
                                    int step)
{
    struct gen_value wrong;
    uint32_t i;
    char *copy;

    copy = new_text(run, text.size, &wrong);
    if (copy == NULL) {
        return wrong;
    }
    for (i = 0; i < text.size; i++) {
        char byte = text.as.text[i];

        copy[i] = byte >= first && byte < first + 26 ? (char)(byte + step) : byte;
    }
    return gen_value_string(copy, text.size);
}

static struct gen_value lower_ascii(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return change_case(run, args[0], 'A', 'a' - 'A');
}

static struct gen_value upper_ascii(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return change_case(run, args[0], 'a', 'A' - 'a');
}

static uint64_t limit_of(const struct gen_value *args, size_t count, size_t index)
{
    return count > index && args[index].as.integer >= 0 ? (uint64_t)args[index].as.integer
                                                        : UINT64_MAX;
}

/* How often `part` is found in text, finds not overlapping, at most `limit`. An empty part is found
 * before each character and at the end. */
static uint64_t occurrences(struct gen_value text, struct gen_value part, uint64_t limit)
{
    uint64_t count = 0;
    size_t at = 0;

    if (part.size == 0) {
        count = characters(text.as.text, text.size) + 1;
        return count < limit ? count : limit;
    }
    while (count < limit) {
        at = find(text, part, at);
        if (at > text.size) {
            break;
        }
        at += part.size;
        count++;
    }
    return count;
}

static struct gen_value replace(struct gen_run *run, const struct gen_value *args, size_t count)
{
    struct gen_value source = args[0], old = args[1], fresh = args[2], wrong;
    uint64_t size, i, times;
    size_t from = 0;
    char *text, *out;

    if (!gen_run_charge(run, (uint64_t)source.size * 2 + old.size + fresh.size)) {
        return gen_run_exhausted();
    }
    times = occurrences(source, old, limit_of(args, count, 3));
    if (times == 0) {
        return source;
    }
    size = source.size - times * old.size + times * fresh.size;
    text = out = new_text(run, size, &wrong);
    if (text == NULL) {
        return wrong;
    }
    for (i = 0; i < times; i++) {
        size_t at = find(source, old, from);

        if (old.size == 0 && i > 0) { /* one character on */
            at = from + width(source.as.text[from]);
        }
        out = put(out, at > from ? source.as.text + from : "", at - from);
        out = put(out, fresh.as.text, fresh.size);
        from = at + old.size;
    }
    put(out, source.size > from ? source.as.text + from : "", source.size - from);
    return gen_value_string(text, size);
}

/* With an empty separator it gives the characters. The last of `limit` pieces is all that is left. */
static struct gen_value split(struct gen_run *run, const struct gen_value *args, size_t count)
{
    struct gen_value text = args[0], separator = args[1];
    uint64_t i, pieces, limit = limit_of(args, count, 2);
    struct gen_value *items;
    size_t from = 0;

    if (!gen_run_charge(run, (uint64_t)text.size * 2 + separator.size)) {
        return gen_run_exhausted();
    }
    pieces = separator.size == 0 ? characters(text.as.text, text.size)
                                 : occurrences(text, separator, UINT32_MAX) + 1;
    pieces = pieces < limit ? pieces : limit;
    if (!gen_run_charge(run, pieces * sizeof(*items))) {
        return gen_run_exhausted();
    }
    items = gen_arena_array(run->arena, pieces, sizeof(*items));
    if (items == NULL) {
        return gen_run_no_memory();
    }
    for (i = 0; i < pieces; i++) {
        size_t to = text.size;

        if (i + 1 < pieces) {
            to = separator.size == 0 ? from + width(text.as.text[from])
                                     : find(text, separator, from);
        }
        items[i] = slice(text, from, to);
        from = to + separator.size;
    }
    return gen_value_list(items, pieces);
}

/* White_Space of Unicode. */
static bool is_white(uint32_t character)
{
    return (character >= 0x09 && character <= 0x0D) || character == 0x20 || character == 0x85 ||
           character == 0xA0 || character == 0x1680 ||
           (character >= 0x2000 && character <= 0x200A) || character == 0x2028 ||
           character == 0x2029 || character == 0x202F || character == 0x205F || character == 0x3000;
}

static struct gen_value trim(struct gen_run *run, const struct gen_value *args, size_t count)
{
    const char *text = args[0].as.text;
    size_t from = 0, to = args[0].size, at;
    uint32_t character = 0;

    (void)count;
    if (!gen_run_charge(run, args[0].size)) {
        return gen_run_exhausted();
    }
    while (from < to && gen_utf8_next(text + from, to - from, &character) > 0 &&
           is_white(character)) {
        from += width(text[from]);
    }
    while (to > from) {
        for (at = to - 1; at > from && ((uint8_t)text[at] & 0xC0) == 0x80; at--) {
        }
        if (gen_utf8_next(text + at, to - at, &character) == 0 || !is_white(character)) {
            break;
        }
        to = at;
    }
    return slice(args[0], from, to);
}

static struct gen_value reverse(struct gen_run *run, const struct gen_value *args, size_t count)
{
    struct gen_value wrong;
    size_t at, left = args[0].size;
    char *text;

    (void)count;
    text = new_text(run, args[0].size, &wrong);
    if (text == NULL) {
        return wrong;
    }
    for (at = 0; at < args[0].size; at += width(args[0].as.text[at])) {
        left -= width(args[0].as.text[at]);
        put(text + left, args[0].as.text + at, width(args[0].as.text[at]));
    }
    return gen_value_string(text, args[0].size);
}

/* The letter that stands after a backslash for this byte, or 0. */
static char escape_of(char byte)
{
    static const char plain[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    const char *found = byte != '\0' ? strchr(plain, byte) : NULL;

    return found != NULL ? letters[found - plain] : 0;
}

static struct gen_value quote(struct gen_run *run, const struct gen_value *args, size_t count)
{
    uint64_t size = (uint64_t)args[0].size + 2;
    struct gen_value wrong;
    char *text, *out;
    uint32_t i;

    (void)count;
    if (!gen_run_charge(run, size)) {
        return gen_run_exhausted();
    }
    for (i = 0; i < args[0].size; i++) {
        size += escape_of(args[0].as.text[i]) != 0;
    }
    text = out = new_text(run, size, &wrong);
    if (text == NULL) {
        return wrong;
    }
    *out++ = '"';
    for (i = 0; i < args[0].size; i++) {
        char letter = escape_of(args[0].as.text[i]);

        if (letter != 0) {
            *out++ = '\\';
        }
        *out++ = letter != 0 ? letter : args[0].as.text[i];
    }
    *out = '"';
    return gen_value_string(text, size);
}

const struct gen_overload gen_text_functions[] = {
    {"size", "s:i", size_of_text},
    {"size", "y:i", size_of_row},
    {"size", "l:i", size_of_row},
    {"size", "m:i", size_of_map},
    {"size", "s.:i", size_of_text},
    {"size", "y.:i", size_of_row},
    {"size", "l.:i", size_of_row},
    {"size", "m.:i", size_of_map},
    {"contains", "s.s:b", contains},
    {"startsWith", "s.s:b", starts_with},
    {"endsWith", "s.s:b", ends_with},
    {"charAt", "s.i:s", char_at},
    {"indexOf", "s.s:i", index_of},
    {"indexOf", "s.si:i", index_of},
    {"lastIndexOf", "s.s:i", last_index_of},
    {"lastIndexOf", "s.si:i", last_index_of},
    {"join", "S.:s", join},
    {"join", "S.s:s", join},
    {"lowerAscii", "s.:s", lower_ascii},
    {"upperAscii", "s.:s", upper_ascii},
    {"replace", "s.ss:s", replace},
    {"replace", "s.ssi:s", replace},
    {"split", "s.s:S", split},
    {"split", "s.si:S", split},
    {"substring", "s.i:s", substring},
    {"substring", "s.ii:s", substring},
    {"trim", "s.:s", trim},
    {"reverse", "s.:s", reverse},
    {"strings.quote", "s:s", quote},
    {0},
};
