/* pattern_reader.c - see pattern_reader.h. */
#include "expr/pattern_reader.h"

#include "base/utf8.h"
#include "expr/unicode_classes.h"

#include <stdio.h>
#include <string.h>

struct gen_pattern_word {
    struct gen_pattern_word *next;
    const char *text; /* in the pattern */
    size_t size;
    bool fold;
    struct gen_pattern_class chars;
};

static enum gen_status refuse(struct gen_pattern_reader *reader, enum gen_status status, size_t at,
                              const char *format, va_list values)
{
    char message[160];

    vsnprintf(message, sizeof(message), format, values);
    return gen_error_set(reader->err, status, "regular expression, column %zu: %s",
                         gen_utf8_count(reader->text, at) + 1, message);
}

enum gen_status gen_pattern_refuse(struct gen_pattern_reader *reader, size_t at, const char *format,
                                   ...)
{
    va_list values;

    va_start(values, format);
    (void)refuse(reader, GEN_EINVAL, at, format, values);
    va_end(values);
    return GEN_EINVAL;
}

enum gen_status gen_pattern_limit(struct gen_pattern_reader *reader, size_t at, const char *format,
                                  ...)
{
    va_list values;

    va_start(values, format);
    (void)refuse(reader, GEN_ELIMIT, at, format, values);
    va_end(values);
    return GEN_ELIMIT;
}

enum gen_status gen_pattern_no_memory(struct gen_pattern_reader *reader)
{
    return gen_error_set(reader->err, GEN_ENOMEM, "regular expression: out of memory");
}

bool gen_pattern_looking_at(const struct gen_pattern_reader *reader, const char *word)
{
    size_t size = strlen(word);

    return reader->size - reader->at >= size && memcmp(reader->text + reader->at, word, size) == 0;
}

/* The byte `ahead` of the reader; NUL behind the end, which no caller looks for. */
static char peek(const struct gen_pattern_reader *reader, size_t ahead)
{
    return ahead < reader->size - reader->at ? reader->text[reader->at + ahead] : '\0';
}

uint32_t gen_pattern_take(struct gen_pattern_reader *reader)
{
    uint32_t codepoint = 0;
    size_t size = gen_utf8_next(reader->text + reader->at, reader->size - reader->at, &codepoint);

    GEN_CHECK(size > 0);
    reader->at += size;
    return codepoint;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int hex_value(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool gen_pattern_read_number(const struct gen_pattern_reader *reader, size_t *at, int32_t *number)
{
    const char *text = reader->text;
    size_t end = *at;
    int32_t value = 0;

    while (end < reader->size && is_digit(text[end])) {
        value = value > GEN_PATTERN_COUNT ? value : value * 10 + (text[end] - '0');
        end++;
    }
    if (end == *at || (end - *at > 1 && text[*at] == '0')) { /* {01} is a literal */
        return false;
    }
    *number = value > GEN_PATTERN_COUNT ? GEN_PATTERN_COUNT + 1 : value;
    *at = end;
    return true;
}

/* \x7F or \x{10FFFF}; the reader stands behind the x. */
static enum gen_status read_hex(struct gen_pattern_reader *reader, size_t at, uint32_t *codepoint)
{
    bool braces = peek(reader, 0) == '{';
    size_t digits = 0;

    *codepoint = 0;
    reader->at += braces;
    while ((braces || digits < 2) && hex_value(peek(reader, 0)) >= 0) {
        *codepoint = *codepoint * 16 + (uint32_t)hex_value(peek(reader, 0));
        reader->at++;
        digits++;
        if (*codepoint > GEN_UNICODE_LAST) {
            return gen_pattern_refuse(reader, at, "\\x{...} is beyond 10FFFF");
        }
    }
    if (braces ? digits == 0 || peek(reader, 0) != '}' : digits != 2) {
        return gen_pattern_refuse(reader, at,
                                  "\\x needs two hexadecimal digits, or some in braces");
    }
    reader->at += braces;
    return GEN_OK;
}

/* \0, \07, \123; the reader stands on the first digit. */
static uint32_t read_octal(struct gen_pattern_reader *reader)
{
    uint32_t value = 0;

    for (int digit = 0; digit < 3 && is_octal(peek(reader, 0)); digit++) {
        value = value * 8 + (uint32_t)(peek(reader, 0) - '0');
        reader->at++;
    }
    return value;
}

enum gen_status gen_pattern_read_escape(struct gen_pattern_reader *reader, uint32_t *codepoint)
{
    static const char letters[] = "aftnrv", meanings[] = "\a\f\t\n\r\v";
    size_t at = reader->at;
    const char *found;
    char c;

    reader->at++;
    if (reader->at == reader->size) {
        return gen_pattern_refuse(reader, at, "a backslash ends it");
    }
    c = peek(reader, 0);
    if (c == '0' || (is_octal(c) && is_octal(peek(reader, 1)))) {
        *codepoint = read_octal(reader);
        return GEN_OK;
    }
    if (is_digit(c)) {
        return gen_pattern_refuse(reader, at, "backreferences such as \\%c are not possible", c);
    }
    if (c == 'x') {
        reader->at++;
        return read_hex(reader, at, codepoint);
    }
    found = is_letter(c) ? strchr(letters, c) : NULL;
    if ((is_letter(c) && found == NULL) || (unsigned char)c >= 0x80) {
        size_t size = gen_utf8_next(reader->text + reader->at, reader->size - reader->at, NULL);

        return gen_pattern_refuse(reader, at, "\\%.*s means nothing here", (int)size,
                                  reader->text + reader->at);
    }
    reader->at++;
    *codepoint = found != NULL ? (uint32_t)meanings[found - letters] : (uint32_t)c;
    return GEN_OK;
}

/* The class of an escape that was met before, or a new empty one. */
static struct gen_pattern_word *find_escape(struct gen_pattern_reader *reader, const char *text,
                                            size_t size, bool *known)
{
    bool fold = (reader->flags & GEN_PATTERN_FOLD) != 0;
    struct gen_pattern_word *word = reader->escapes;

    while (word != NULL &&
           (word->size != size || word->fold != fold || memcmp(word->text, text, size) != 0)) {
        word = word->next;
    }
    *known = word != NULL;
    if (word == NULL) {
        word = gen_arena_alloc(reader->arena, sizeof(*word));
        if (word != NULL) {
            word->text = text;
            word->size = size;
            word->fold = fold;
        }
    }
    return word;
}

/* \pN or \p{Name}: where the name stands, and the reader behind all of it. */
static enum gen_status read_name(struct gen_pattern_reader *reader, const char **name, size_t *size,
                                 bool *negated)
{
    size_t at = reader->at;
    const char *end;

    reader->at += 2;
    if (reader->at == reader->size) {
        return gen_pattern_refuse(reader, at, "\\p needs a name, as in \\p{Greek} or \\pL");
    }
    *name = reader->text + reader->at;
    if (**name != '{') {
        (void)gen_pattern_take(reader);
        *size = (size_t)(reader->text + reader->at - *name);
        return GEN_OK;
    }
    end = memchr(*name, '}', reader->size - reader->at);
    if (end == NULL) {
        return gen_pattern_refuse(reader, at, "\\p{ is not closed");
    }
    *name += 1;
    reader->at = (size_t)(end + 1 - reader->text);
    if (**name == '^') {
        *negated = !*negated;
        *name += 1;
    }
    *size = (size_t)(end - *name);
    return GEN_OK;
}

enum gen_status gen_pattern_read_class_escape(struct gen_pattern_reader *reader,
                                              const struct gen_pattern_class **chars)
{
    char letter = peek(reader, 0) == '\\' ? peek(reader, 1) : '\0';
    bool negated = letter >= 'A' && letter <= 'Z', known = false, fine;
    const char *name = NULL;
    size_t at = reader->at, size = 0;
    struct gen_pattern_word *word;
    enum gen_status status = GEN_OK;

    if (letter == '\0' || strchr("dDsSwWpP", letter) == NULL) {
        return GEN_OK;
    }
    letter |= 0x20;
    if (letter == 'p') {
        status = read_name(reader, &name, &size, &negated);
    } else {
        reader->at += 2;
    }
    if (status != GEN_OK) {
        return status;
    }
    word = find_escape(reader, reader->text + at, reader->at - at, &known);
    if (word != NULL && !known) {
        fine = letter == 'p' ? gen_pattern_class_unicode(&word->chars, name, size, word->fold,
                                                         reader->arena, &known)
                             : gen_pattern_class_letter(&word->chars, letter, word->fold,
                                                        reader->arena, &known);
        if (fine && !known) {
            return gen_pattern_refuse(reader, at, "there is no class of characters named %.*s",
                                      size < 40 ? (int)size : 40, name);
        }
        if (!fine || (negated && !gen_pattern_class_negate(&word->chars, reader->arena))) {
            word = NULL;
        } else {
            word->next = reader->escapes;
            reader->escapes = word;
        }
    }
    *chars = word != NULL ? &word->chars : NULL;
    return word != NULL ? GEN_OK : gen_pattern_no_memory(reader);
}

/* [:alpha:] inside brackets. `*found` is false when it is not closed, and so is none. */
static enum gen_status read_posix(struct gen_pattern_reader *reader,
                                  struct gen_pattern_class *chars, bool *found)
{
    size_t at = reader->at, end = at + 2;
    bool negated = peek(reader, 2) == '^', fold = (reader->flags & GEN_PATTERN_FOLD) != 0;
    struct gen_pattern_class named = {0};
    size_t begin = at + 2 + negated;
    bool known = false;

    end = reader->no_names ? reader->size : end;
    while (end + 1 < reader->size && !(reader->text[end] == ':' && reader->text[end + 1] == ']')) {
        end++;
    }
    *found = end + 1 < reader->size;
    reader->no_names = !*found;
    if (!*found) {
        return GEN_OK;
    }
    reader->at = end + 2;
    if (begin > end || !gen_pattern_class_posix(&named, reader->text + begin, end - begin, fold,
                                                reader->arena, &known)) {
        known = false;
    }
    if (gen_arena_failed(reader->arena)) {
        return gen_pattern_no_memory(reader);
    }
    if (!known) {
        return gen_pattern_refuse(reader, at, "there is no class of characters named so");
    }
    if ((negated && !gen_pattern_class_negate(&named, reader->arena)) ||
        !gen_pattern_class_join(chars, &named, reader->arena)) {
        return gen_pattern_no_memory(reader);
    }
    return GEN_OK;
}

static enum gen_status read_bracket_char(struct gen_pattern_reader *reader, uint32_t *codepoint)
{
    if (peek(reader, 0) == '\\') {
        return gen_pattern_read_escape(reader, codepoint);
    }
    *codepoint = gen_pattern_take(reader);
    return GEN_OK;
}

/* a or a-z. */
static enum gen_status read_range(struct gen_pattern_reader *reader,
                                  struct gen_pattern_class *chars)
{
    size_t at = reader->at;
    uint32_t first = 0, last;
    enum gen_status status = read_bracket_char(reader, &first);

    last = first;
    if (status == GEN_OK && peek(reader, 0) == '-' && reader->size - reader->at > 1 &&
        peek(reader, 1) != ']') {
        reader->at++;
        status = read_bracket_char(reader, &last);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (last < first) {
        return gen_pattern_refuse(reader, at, "%.*s is no range, its end comes before its begin",
                                  (int)(reader->at - at), reader->text + at);
    }
    return gen_pattern_class_add(chars, first, last, (reader->flags & GEN_PATTERN_FOLD) != 0,
                                 reader->arena)
               ? GEN_OK
               : gen_pattern_no_memory(reader);
}

/* One part of a class in brackets. */
static enum gen_status read_part(struct gen_pattern_reader *reader, struct gen_pattern_class *chars)
{
    const struct gen_pattern_class *escape = NULL;
    bool found = false;
    enum gen_status status = GEN_OK;

    if (gen_arena_used(reader->arena) - reader->used > GEN_PATTERN_TREE_MOST) {
        return gen_pattern_limit(reader, reader->at, "the pattern is too large");
    }
    if (gen_pattern_looking_at(reader, "[:")) {
        status = read_posix(reader, chars, &found);
    }
    if (status != GEN_OK || found) {
        return status;
    }
    status = gen_pattern_read_class_escape(reader, &escape);
    if (status != GEN_OK) {
        return status;
    }
    if (escape == NULL) {
        return read_range(reader, chars);
    }
    return gen_pattern_class_join(chars, escape, reader->arena) ? GEN_OK
                                                                : gen_pattern_no_memory(reader);
}

enum gen_status gen_pattern_read_brackets(struct gen_pattern_reader *reader,
                                          const struct gen_pattern_class **chars)
{
    struct gen_pattern_class *set = gen_arena_alloc(reader->arena, sizeof(*set));
    size_t at = reader->at++;
    bool negated = peek(reader, 0) == '^', first = true;
    enum gen_status status = set != NULL ? GEN_OK : gen_pattern_no_memory(reader);

    reader->at += negated;
    while (status == GEN_OK && (first || peek(reader, 0) != ']')) {
        if (reader->at == reader->size) {
            return gen_pattern_refuse(reader, at, "[ is not closed");
        }
        status = read_part(reader, set);
        first = false; /* a ] that comes first stands for itself */
    }
    if (status != GEN_OK) {
        return status;
    }
    reader->at++;
    gen_pattern_class_finish(set);
    if (negated && !gen_pattern_class_negate(set, reader->arena)) {
        return gen_pattern_no_memory(reader);
    }
    *chars = set;
    return GEN_OK;
}

/* P<name> or <name>; the reader stands behind the <. */
static enum gen_status read_group_name(struct gen_pattern_reader *reader, size_t at)
{
    const char *name = reader->text + reader->at;
    struct gen_pattern_word *word;
    size_t size;

    while (is_letter(peek(reader, 0)) || is_digit(peek(reader, 0)) || peek(reader, 0) == '_') {
        reader->at++;
    }
    size = (size_t)(reader->text + reader->at - name);
    if (size == 0 || peek(reader, 0) != '>') {
        return gen_pattern_refuse(reader, at, "a group's name is letters, digits and _, then >");
    }
    reader->at++;
    for (word = reader->groups; word != NULL; word = word->next) {
        if (word->size == size && memcmp(word->text, name, size) == 0) {
            return gen_pattern_refuse(reader, at, "there is a group of this name already");
        }
    }
    word = gen_arena_alloc(reader->arena, sizeof(*word));
    if (word == NULL) {
        return gen_pattern_no_memory(reader);
    }
    word->text = name;
    word->size = size;
    word->next = reader->groups;
    reader->groups = word;
    return GEN_OK;
}

/* i-s and then : or ), which tells whether it is a group. */
static enum gen_status read_flags(struct gen_pattern_reader *reader, size_t at, bool *group)
{
    static const char letters[] = "imsU"; /* in the order of enum gen_pattern_flag */
    uint32_t flags = reader->flags;
    bool negated = false, needed = false; /* a flag must follow the minus */

    for (;; reader->at++) {
        char c = peek(reader, 0);
        const char *letter = c != '\0' ? strchr(letters, c) : NULL;
        uint32_t flag = letter != NULL ? 1u << (letter - letters) : 0;

        if (letter != NULL) {
            flags = negated ? flags & ~flag : flags | flag;
            needed = false;
        } else if (c == '-' && !negated) {
            negated = needed = true;
        } else if ((c == ':' || c == ')') && !needed) {
            break;
        } else {
            return gen_pattern_refuse(reader, at,
                                      "what follows (? is none of i, m, s, U, -, :, ), "
                                      "P<name>");
        }
    }
    *group = peek(reader, 0) == ':';
    reader->at++;
    reader->flags = flags;
    return GEN_OK;
}

enum gen_status gen_pattern_read_group(struct gen_pattern_reader *reader, size_t at, bool *group)
{
    *group = true;
    if (peek(reader, 0) == '=' || peek(reader, 0) == '!' || gen_pattern_looking_at(reader, "<=") ||
        gen_pattern_looking_at(reader, "<!")) {
        return gen_pattern_refuse(reader, at, "look-ahead and look-behind are not possible");
    }
    if (gen_pattern_looking_at(reader, "P<") || peek(reader, 0) == '<') {
        reader->at += peek(reader, 0) == 'P' ? 2 : 1;
        return read_group_name(reader, at);
    }
    return read_flags(reader, at, group);
}
