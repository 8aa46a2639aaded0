/* node.c - see node.h. */
#include "base/node.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

enum { NODE_LEXEME = 64 };

static struct gen_node *node_make(struct gen_arena *arena, enum gen_node_type type)
{
    struct gen_node *node = gen_arena_alloc(arena, sizeof(*node));

    if (node != NULL) {
        node->type = type;
    }
    return node;
}

struct gen_node *gen_node_null(struct gen_arena *arena)
{
    return node_make(arena, GEN_NODE_NULL);
}

struct gen_node *gen_node_bool(struct gen_arena *arena, bool value)
{
    struct gen_node *node = node_make(arena, GEN_NODE_BOOL);

    if (node != NULL) {
        node->as.boolean = value;
    }
    return node;
}

struct gen_node *gen_node_int(struct gen_arena *arena, int64_t value)
{
    struct gen_node *node = node_make(arena, GEN_NODE_INT);

    if (node != NULL) {
        node->as.integer = value;
    }
    return node;
}

struct gen_node *gen_node_real(struct gen_arena *arena, double value)
{
    struct gen_node *node = node_make(arena, GEN_NODE_REAL);

    if (node != NULL) {
        node->as.real = value;
    }
    return node;
}

struct gen_node *gen_node_money(struct gen_arena *arena, gen_micros value)
{
    struct gen_node *node = node_make(arena, GEN_NODE_MONEY);

    if (node != NULL) {
        node->as.micros = value;
    }
    return node;
}

struct gen_node *gen_node_string(struct gen_arena *arena, const char *text)
{
    return text != NULL ? gen_node_string_sized(arena, text, strlen(text)) : gen_node_null(arena);
}

struct gen_node *gen_node_string_sized(struct gen_arena *arena, const char *text, size_t size)
{
    struct gen_node *node = node_make(arena, GEN_NODE_STRING);
    char *copy = gen_arena_strndup(arena, text, size);

    if (node == NULL || copy == NULL) {
        return NULL;
    }
    node->text = copy;
    node->size = size;
    return node;
}

struct gen_node *gen_node_moment(struct gen_arena *arena, gen_moment moment)
{
    char text[GEN_MOMENT_TEXT_SIZE];

    return gen_node_string(arena, moment != 0 ? gen_moment_text(moment, text) : NULL);
}

struct gen_node *gen_node_list(struct gen_arena *arena)
{
    return node_make(arena, GEN_NODE_LIST);
}

struct gen_node *gen_node_map(struct gen_arena *arena)
{
    return node_make(arena, GEN_NODE_MAP);
}

static bool node_is_parent(const struct gen_node *node)
{
    return node != NULL && (node->type == GEN_NODE_LIST || node->type == GEN_NODE_MAP);
}

static void node_append(struct gen_node *parent, struct gen_node *child)
{
    GEN_CHECK(child->next == NULL && child != parent->as.children.last);
    if (parent->as.children.last != NULL) {
        parent->as.children.last->next = child;
    } else {
        parent->as.children.first = child;
    }
    parent->as.children.last = child;
    parent->as.children.count++;
}

struct gen_node *gen_node_push(struct gen_node *list, struct gen_node *child)
{
    if (list != NULL && child != NULL) {
        GEN_CHECK(list->type == GEN_NODE_LIST);
        node_append(list, child);
    }
    return child;
}

struct gen_node *gen_node_set_new(struct gen_arena *arena, struct gen_node *map, const char *key,
                                  struct gen_node *child)
{
    const char *copy;

    if (map != NULL && child != NULL) {
        GEN_CHECK(map->type == GEN_NODE_MAP);
        copy = gen_arena_strdup(arena, key);
        if (copy != NULL) {
            child->key = copy;
            node_append(map, child);
        }
    }
    return child;
}

struct gen_node *gen_node_set(struct gen_arena *arena, struct gen_node *map, const char *key,
                              struct gen_node *child)
{
    GEN_CHECK(gen_node_get(map, key) == NULL);
    return gen_node_set_new(arena, map, key, child);
}

struct gen_node *gen_node_copy(struct gen_arena *arena, const struct gen_node *node)
{
    struct gen_node *copy;

    if (node == NULL) {
        return NULL;
    }
    copy = node_make(arena, node->type);
    if (copy == NULL) {
        return NULL;
    }
    copy->line = node->line;
    copy->column = node->column;
    copy->key_line = node->key_line;
    copy->key_column = node->key_column;
    if (node->text != NULL) {
        copy->text = gen_arena_strndup(arena, node->text, node->size);
        copy->size = node->size;
    }
    if (!node_is_parent(node)) {
        copy->as = node->as;
        return copy;
    }
    for (const struct gen_node *child = gen_node_first(node); child != NULL; child = child->next) {
        struct gen_node *twin = gen_node_copy(arena, child);

        if (node->type == GEN_NODE_MAP) {
            gen_node_set_new(arena, copy, child->key, twin);
        } else {
            gen_node_push(copy, twin);
        }
    }
    return copy;
}

enum gen_node_type gen_node_type_of(const struct gen_node *node)
{
    return node != NULL ? node->type : GEN_NODE_NONE;
}

const char *gen_node_type_word(enum gen_node_type type)
{
    static const char *const words[] = {
        [GEN_NODE_NONE] = "nothing",       [GEN_NODE_NULL] = "null",
        [GEN_NODE_BOOL] = "true or false", [GEN_NODE_INT] = "a whole number",
        [GEN_NODE_REAL] = "a number",      [GEN_NODE_MONEY] = "an amount of money",
        [GEN_NODE_STRING] = "text",        [GEN_NODE_LIST] = "a list",
        [GEN_NODE_MAP] = "a map",
    };

    return (size_t)type < GEN_COUNT(words) ? words[type] : "nothing";
}

const struct gen_node *gen_node_get(const struct gen_node *map, const char *key)
{
    const struct gen_node *child = NULL;

    if (gen_node_type_of(map) == GEN_NODE_MAP) {
        child = map->as.children.first;
        while (child != NULL && strcmp(child->key, key) != 0) {
            child = child->next;
        }
    }
    return child;
}

const struct gen_node *gen_node_at(const struct gen_node *list, size_t index)
{
    const struct gen_node *child = NULL;

    if (gen_node_type_of(list) == GEN_NODE_LIST) {
        child = list->as.children.first;
        while (child != NULL && index > 0) {
            child = child->next;
            index--;
        }
    }
    return child;
}

const struct gen_node *gen_node_first(const struct gen_node *parent)
{
    return node_is_parent(parent) ? parent->as.children.first : NULL;
}

size_t gen_node_count(const struct gen_node *parent)
{
    return node_is_parent(parent) ? parent->as.children.count : 0;
}

const char *gen_node_text(const struct gen_node *node, const char *fallback)
{
    return gen_node_type_of(node) == GEN_NODE_STRING ? node->text : fallback;
}

int64_t gen_node_integer(const struct gen_node *node, int64_t fallback)
{
    if (gen_node_type_of(node) == GEN_NODE_INT) {
        return node->as.integer;
    }
    /* 0x1p63 is the first double that does not fit. */
    if (gen_node_type_of(node) == GEN_NODE_REAL && node->as.real >= -0x1p63 &&
        node->as.real < 0x1p63 && trunc(node->as.real) == node->as.real) {
        return (int64_t)node->as.real;
    }
    return fallback;
}

double gen_node_number(const struct gen_node *node, double fallback)
{
    switch (gen_node_type_of(node)) {
    case GEN_NODE_INT:
        return (double)node->as.integer;
    case GEN_NODE_REAL:
        return node->as.real;
    case GEN_NODE_MONEY:
        return (double)node->as.micros / (double)GEN_MICROS_PER_DOLLAR;
    default:
        return fallback;
    }
}

bool gen_node_truth(const struct gen_node *node, bool fallback)
{
    return gen_node_type_of(node) == GEN_NODE_BOOL ? node->as.boolean : fallback;
}

/* The lexeme, or the shortest text when a program built the node. YAML also writes +1 and .5. */
static enum gen_status node_real_dollars(const struct gen_node *node, gen_micros *out,
                                         struct gen_error *err)
{
    char shortest[GEN_NUMBER_TEXT_SIZE];
    char padded[NODE_LEXEME];
    const char *text = node->text;

    if (text == NULL || !isfinite(node->as.real)) {
        text = gen_number_text(node->as.real, shortest);
    }
    text += text[0] == '+' ? 1 : 0;
    if (strlen(text) + 2 <= sizeof(padded) &&
        (text[0] == '.' || (text[0] == '-' && text[1] == '.'))) {
        size_t sign = text[0] == '-' ? 1 : 0;

        memcpy(padded, "-0", sign + 1);
        padded[0] = sign > 0 ? '-' : '0';
        memcpy(padded + sign + 1, text + sign, strlen(text + sign) + 1);
        text = padded;
    }
    return gen_money_parse(text, strlen(text), out, err);
}

enum gen_status gen_node_dollars(const struct gen_node *node, gen_micros *out,
                                 struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    switch (gen_node_type_of(node)) {
    case GEN_NODE_MONEY:
        *out = node->as.micros;
        return GEN_OK;
    case GEN_NODE_INT:
        if (!gen_money_mul(out, node->as.integer, GEN_MICROS_PER_DOLLAR)) {
            status = gen_error_set(err, GEN_EOVERFLOW,
                                   "the amount does not fit: the largest is "
                                   "9223372036854.775807 dollars");
        }
        break;
    case GEN_NODE_REAL:
        status = node_real_dollars(node, out, err);
        break;
    default:
        status = gen_error_set(err, GEN_EINVAL, "must be an amount of dollars, not %s",
                               gen_node_type_word(gen_node_type_of(node)));
        break;
    }
    if (status != GEN_OK && node != NULL) {
        gen_error_place(err, NULL, node->line, node->column, NULL);
    }
    return status;
}

/* The child of `node` with the key at `*path` (`size` bytes of it). */
static const struct gen_node *node_step(const struct gen_node *node, const char *path, size_t size)
{
    const struct gen_node *child = gen_node_type_of(node) == GEN_NODE_MAP ? gen_node_first(node)
                                                                          : NULL;

    while (child != NULL && (strncmp(child->key, path, size) != 0 || child->key[size] != '\0')) {
        child = child->next;
    }
    return child;
}

const struct gen_node *gen_node_find(const struct gen_node *root, const char *path,
                                     const struct gen_node **deepest)
{
    const struct gen_node *node = root;
    const struct gen_node *seen = root;

    while (node != NULL && *path != '\0') {
        if (*path == '[') {
            size_t index = 0;

            for (path++; *path >= '0' && *path <= '9'; path++) {
                index = index < SIZE_MAX / 20 ? index * 10 + (size_t)(*path - '0') : SIZE_MAX / 2;
            }
            node = *path == ']' ? gen_node_at(node, index) : NULL;
            path += *path == ']' ? 1 : 0;
        } else {
            size_t size;

            path += *path == '.' ? 1 : 0;
            size = strcspn(path, ".[");
            node = node_step(node, path, size);
            path += size;
        }
        seen = node != NULL ? node : seen;
    }
    if (deepest != NULL) {
        *deepest = seen;
    }
    return node;
}
