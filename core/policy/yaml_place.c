/* yaml_place.c - see yaml_place.h. Blank space is what folding and indentation change, so it is not
 * compared: each other character of the value must come next in the file. */
#include "policy/yaml_place.h"

#include "base/utf8.h"

#include <string.h>

struct raw { /* walks through the file */
    const char *text;
    size_t size, at;
    char quote; /* ' or ", or 0 */
};

static bool raw_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Byte offset of a place; size when the file has no such place. */
static size_t raw_offset(const char *text, size_t size, uint32_t line, uint32_t column)
{
    size_t at = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    for (uint32_t i = 1; i < line && at < size; at++) {
        i += text[at] == '\n' ? 1u : 0u;
    }
    for (uint32_t i = 1; i < column && at < size && text[at] != '\n'; i++) {
        size_t length = gen_utf8_next(text + at, size - at, NULL);

        at += length > 0 ? length : 1;
    }
    return at;
}

static void raw_place(const char *text, size_t at, uint32_t *line, uint32_t *column)
{
    size_t start = at >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    *line = 1;
    for (size_t i = start; i < at; i++) {
        if (text[i] == '\n') {
            ++*line;
            start = i + 1;
        }
    }
    *column = (uint32_t)gen_utf8_count(text + start, at - start) + 1;
}

/* To the first character of the value: past a tag, a quote, or the header of a block. */
static void raw_begin(struct raw *raw)
{
    if (raw->at < raw->size && raw->text[raw->at] == '!') {
        while (raw->at < raw->size && !raw_blank(raw->text[raw->at])) {
            raw->at++;
        }
        while (raw->at < raw->size && raw_blank(raw->text[raw->at])) {
            raw->at++;
        }
    }
    if (raw->at == raw->size) {
        return;
    }
    if (raw->text[raw->at] == '\'' || raw->text[raw->at] == '"') {
        raw->quote = raw->text[raw->at++];
    } else if (raw->text[raw->at] == '|' || raw->text[raw->at] == '>') {
        while (raw->at < raw->size && raw->text[raw->at] != '\n') {
            raw->at++;
        }
    }
}

/* Bytes of an escape that begins here ("\n", "\x41", a backslash at the end of a line), 0 = none. */
static size_t raw_escape(const struct raw *raw)
{
    size_t left = raw->size - raw->at;
    size_t length;

    if (raw->quote == '\'') {
        return left >= 2 && raw->text[raw->at] == '\'' && raw->text[raw->at + 1] == '\'' ? 2 : 0;
    }
    if (raw->quote != '"' || left < 2 || raw->text[raw->at] != '\\') {
        return 0;
    }
    switch (raw->text[raw->at + 1]) {
    case 'x':
        length = 4;
        break;
    case 'u':
        length = 6;
        break;
    case 'U':
        length = 10;
        break;
    default:
        length = 2;
        break;
    }
    return length <= left ? length : 0;
}

/* Past what only lays the text out: blank space, and lines that a backslash joins. */
static void raw_skip(struct raw *raw)
{
    while (raw->at < raw->size) {
        if (raw_blank(raw->text[raw->at])) {
            raw->at++;
        } else if (raw->quote == '"' && raw->text[raw->at] == '\\' && raw->at + 1 < raw->size &&
                   strchr("\r\n ntr", raw->text[raw->at + 1]) != NULL) {
            raw->at += 2; /* a joined line, or blank space written as an escape */
        } else {
            return;
        }
    }
}

/* Past one character of the value that is not blank. false: the file has something else there. */
static bool raw_take(struct raw *raw, const char *character, size_t length)
{
    size_t escape;

    if (raw->at >= raw->size) {
        return false;
    }
    escape = raw_escape(raw);
    if (escape > 0) {
        raw->at += escape;
        return true;
    }
    if (raw->size - raw->at < length || memcmp(raw->text + raw->at, character, length) != 0) {
        return false;
    }
    raw->at += length;
    return true;
}

bool gen_yaml_place(const char *text, size_t text_size, const struct gen_node *node,
                    const char *value, size_t size, size_t offset, uint32_t *line, uint32_t *column)
{
    struct raw raw = {.text = text, .size = text_size};
    size_t found;

    *line = node->line;
    *column = node->column;
    if (node->line == 0 || node->column == 0) {
        return false;
    }
    raw.at = raw_offset(text, text_size, node->line, node->column);
    raw_begin(&raw);
    found = raw.at;
    for (size_t at = 0; at < size && at <= offset;) {
        size_t length = gen_utf8_next(value + at, size - at, NULL);

        length = length > 0 ? length : 1;
        if (raw_blank(value[at])) {
            at++;
            found = raw.at;
            continue;
        }
        raw_skip(&raw);
        found = raw.at;
        if (!raw_take(&raw, value + at, length)) {
            return false;
        }
        at += length;
        found = at <= offset ? raw.at : found;
    }
    raw_place(text, found, line, column);
    return true;
}
