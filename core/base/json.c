/* json.c - see json.h. */
#include "base/json.h"

#include "base/number.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

struct escape {
    char byte;
    const char *text;
};

static const struct escape json_escapes[] = {
    {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"},
    {'\t', "\\t"}, {'\b', "\\b"},  {'\f', "\\f"}, {0, NULL},
};

static const char *json_escape(char byte)
{
    const struct escape *escape = json_escapes;

    while (escape->text != NULL && escape->byte != byte) {
        escape++;
    }
    return escape->text;
}

/* How many bytes from `at` on can be copied as they are. */
static size_t json_plain(const char *text, size_t size, size_t at)
{
    size_t begin = at;

    while (at < size && (uint8_t)text[at] >= 0x20 && text[at] != '"' && text[at] != '\\') {
        size_t length = gen_utf8_next(text + at, size - at, NULL);

        if (length == 0) {
            break;
        }
        at += length;
    }
    return at - begin;
}

enum gen_status gen_json_quote(const char *text, size_t size, struct gen_bytes *out)
{
    gen_bytes_append(out, "\"", 1);
    for (size_t at = 0; at < size && gen_bytes_status(out) == GEN_OK;) {
        size_t plain = json_plain(text, size, at);

        if (plain > 0) {
            gen_bytes_append(out, text + at, plain);
            at += plain;
        } else if ((uint8_t)text[at] >= 0x80) {
            gen_bytes_text(out, "\xEF\xBF\xBD"); /* U+FFFD */
            at++;
        } else if (json_escape(text[at]) != NULL && text[at] != '\0') {
            gen_bytes_text(out, json_escape(text[at]));
            at++;
        } else {
            gen_bytes_printf(out, "\\u%04x", (unsigned)(uint8_t)text[at]);
            at++;
        }
    }
    return gen_bytes_append(out, "\"", 1);
}

static void json_real(const struct gen_node *node, struct gen_bytes *out)
{
    char text[GEN_NUMBER_TEXT_SIZE];
    const char *digits = node->text != NULL ? node->text : "";

    digits += digits[0] == '-' ? 1 : 0;
    if (!isfinite(node->as.real)) {
        gen_bytes_text(out, "null");
    } else if (digits[0] >= '1' && digits[0] <= '9' &&
               strspn(digits, "0123456789") == strlen(digits)) {
        /* An integer too large for us, such as an id of somebody else's: not rounded. */
        gen_bytes_append(out, node->text, node->size);
    } else {
        gen_bytes_text(out, gen_number_text(node->as.real, text));
    }
}

static void json_break(enum gen_json_style style, size_t depth, struct gen_bytes *out)
{
    if (style == GEN_JSON_PRETTY) {
        gen_bytes_text(out, "\n");
        for (size_t i = 0; i < depth; i++) {
            gen_bytes_append(out, "  ", 2);
        }
    }
}

static void json_value(const struct gen_node *node, enum gen_json_style style, size_t depth,
                       struct gen_bytes *out);

static void json_children(const struct gen_node *node, enum gen_json_style style, size_t depth,
                          struct gen_bytes *out)
{
    bool map = node->type == GEN_NODE_MAP;
    const struct gen_node *first = gen_node_first(node);

    gen_bytes_text(out, map ? "{" : "[");
    for (const struct gen_node *child = first; child != NULL; child = child->next) {
        if (gen_bytes_status(out) != GEN_OK) {
            return; /* full: a huge tree is not walked to its end for nothing */
        }
        if (child != first) {
            gen_bytes_text(out, ",");
        }
        json_break(style, depth + 1, out);
        if (map) {
            gen_json_quote(child->key, strlen(child->key), out);
            gen_bytes_text(out, style == GEN_JSON_PRETTY ? ": " : ":");
        }
        json_value(child, style, depth + 1, out);
    }
    if (first != NULL) {
        json_break(style, depth, out);
    }
    gen_bytes_text(out, map ? "}" : "]");
}

static void json_value(const struct gen_node *node, enum gen_json_style style, size_t depth,
                       struct gen_bytes *out)
{
    char text[GEN_MONEY_TEXT_SIZE];

    switch (gen_node_type_of(node)) {
    case GEN_NODE_BOOL:
        gen_bytes_text(out, node->as.boolean ? "true" : "false");
        break;
    case GEN_NODE_INT:
        gen_bytes_printf(out, "%" PRId64, node->as.integer);
        break;
    case GEN_NODE_REAL:
        json_real(node, out);
        break;
    case GEN_NODE_MONEY:
        gen_bytes_text(out, gen_money_text(node->as.micros, 0, text));
        break;
    case GEN_NODE_STRING:
        gen_json_quote(node->text, node->size, out);
        break;
    case GEN_NODE_LIST:
    case GEN_NODE_MAP:
        json_children(node, style, depth, out);
        break;
    default:
        gen_bytes_text(out, "null");
        break;
    }
}

enum gen_status gen_json_write(const struct gen_node *node, enum gen_json_style style,
                               struct gen_bytes *out)
{
    json_value(node, style, 0, out);
    if (style == GEN_JSON_PRETTY) {
        gen_bytes_text(out, "\n");
    }
    return gen_bytes_status(out);
}

char *gen_json_text(struct gen_arena *arena, const struct gen_node *node, size_t *size)
{
    struct gen_bytes out;
    char *text = NULL;

    gen_bytes_init(&out, SIZE_MAX);
    if (gen_json_write(node, GEN_JSON_COMPACT, &out) == GEN_OK) {
        text = gen_arena_strndup(arena, out.data, out.size);
        if (text != NULL && size != NULL) {
            *size = out.size;
        }
    }
    gen_bytes_fini(&out);
    return text;
}
