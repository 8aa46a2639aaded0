/* yaml_scalar.c - see yaml_scalar.h. */
#include "platform/yaml_scalar.h"

#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define YAML_CORE_TAG "tag:yaml.org,2002:"

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && strcmp(*words, text) != 0) {
        words++;
    }
    return *words != NULL;
}

/* 0x1f and 0o17. */
static bool is_based(const char *text)
{
    bool hex = strncmp(text, "0x", 2) == 0;

    return (hex || strncmp(text, "0o", 2) == 0) && text[2] != '\0' &&
           text[2 + strspn(text + 2, hex ? "0123456789abcdefABCDEF" : "01234567")] == '\0';
}

/* Beyond int64 it is a real, however coarse. */
static struct gen_node *based_node(struct gen_arena *arena, const char *text)
{
    int base = text[1] == 'x' ? 16 : 8;
    double real = 0;
    unsigned long long whole;

    errno = 0;
    whole = strtoull(text + 2, NULL, base);
    if (errno == 0 && whole <= INT64_MAX) {
        return gen_node_int(arena, (int64_t)whole);
    }
    for (const char *at = text + 2; *at != '\0'; at++) {
        real = real * base + (*at <= '9' ? *at - '0' : (*at | 0x20) - 'a' + 10);
    }
    return gen_node_real(arena, real);
}

static bool is_special(const char *text, double *value)
{
    static const char *const infinities[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const nans[] = {".nan", ".NaN", ".NAN", NULL};
    size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;

    if (is_one_of(text + sign, infinities)) {
        *value = text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    if (is_one_of(text, nans)) {
        *value = (double)NAN;
        return true;
    }
    return false;
}

static struct gen_node *number_node(struct gen_arena *arena, const char *text)
{
    struct gen_node *node = NULL;
    int64_t whole;
    double real = 0;

    if (gen_number_integer(text, &whole)) {
        node = gen_node_int(arena, whole);
    } else if (is_based(text)) {
        node = based_node(arena, text);
    } else if (gen_number_real(text, &real) || is_special(text, &real)) {
        node = gen_node_real(arena, real);
    }
    if (node != NULL) {
        node->text = text;
        node->size = strlen(text);
    }
    return node;
}

struct gen_node *gen_yaml_scalar_plain(struct gen_arena *arena, const char *text, size_t size)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    struct gen_node *node;

    if (strlen(text) == size && is_one_of(text, nulls)) {
        return gen_node_null(arena);
    }
    if (is_one_of(text, trues) || is_one_of(text, falses)) {
        return gen_node_bool(arena, is_one_of(text, trues));
    }
    node = number_node(arena, text);
    return node != NULL || gen_arena_failed(arena) ? node
                                                   : gen_node_string_sized(arena, text, size);
}

struct tag_type {
    const char *tag;
    enum gen_node_type type;
};

static const struct tag_type tag_types[] = {
    {YAML_CORE_TAG "null", GEN_NODE_NULL},
    {YAML_CORE_TAG "bool", GEN_NODE_BOOL},
    {YAML_CORE_TAG "int", GEN_NODE_INT},
    {YAML_CORE_TAG "float", GEN_NODE_REAL},
    {YAML_CORE_TAG "str", GEN_NODE_STRING},
    {"!", GEN_NODE_STRING},
    {YAML_CORE_TAG "seq", GEN_NODE_LIST},
    {YAML_CORE_TAG "map", GEN_NODE_MAP},
    {NULL, GEN_NODE_NONE},
};

enum gen_node_type gen_yaml_scalar_tag(const char *tag)
{
    const struct tag_type *row = tag_types;

    while (row->tag != NULL && strcmp(row->tag, tag) != 0) {
        row++;
    }
    return row->type;
}
