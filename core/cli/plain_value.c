/* plain_value.c - see plain_value.h. The readers of JSON and YAML keep a number as it was written, which
 * shows what became coarse when it was read. */
#include "cli/plain_value.h"

#include "base/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MOST = 60 }; /* bytes of a number in a message */

static enum gen_status plain_no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory");
}

/* Written without point and exponent, in base 10, 16 or 8? */
static bool plain_is_whole(const char *text)
{
    const char *digits = text + (text[0] == '+' || text[0] == '-' ? 1 : 0);

    if (strncmp(digits, "0x", 2) == 0 || strncmp(digits, "0o", 2) == 0) {
        return true;
    }
    return digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

/* Is this decimal text a uint, so that uint() of the language takes it? */
static bool plain_is_natural(const char *text)
{
    uint64_t value = 0;

    for (; *text >= '0' && *text <= '9'; text++) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value)) {
            return false;
        }
    }
    return *text == '\0';
}

static enum gen_status plain_real(const struct gen_node *node, struct gen_value *out,
                                  struct gen_error *err)
{
    double value = gen_node_number(node, 0);
    const char *text = node->text != NULL ? node->text : "";

    *out = gen_value_double(value);
    if (plain_is_whole(text) && fabs(value) >= 0x1p63) { /* a smaller one has YAML's tag !!float */
        gen_error_set(err, GEN_EINVAL,
                      "the whole number %.*s does not fit 64 bits with a sign; write it %s",
                      SHOWN_MOST, text,
                      plain_is_natural(text)
                          ? "in quotes and take uint() of it, or with a decimal point as a double"
                          : "with a decimal point as a double");
    } else if (!isfinite(value) && strpbrk(text, "nN") == NULL) { /* .inf and .nan have an n */
        gen_error_set(err, GEN_EINVAL,
                      "the number %.*s is larger than a double can be (1.8e308); in YAML, .inf is "
                      "infinity",
                      SHOWN_MOST, text);
    } else {
        return GEN_OK;
    }
    gen_error_place(err, NULL, node->line, node->column, NULL);
    return GEN_EINVAL;
}

void gen_plain_value_within(struct gen_error *err, const char *key)
{
    char path[GEN_ERROR_PATH_SIZE * 2 + 2];
    bool dot = err->path[0] != '\0' && err->path[0] != '[';

    snprintf(path, sizeof(path), "%.*s%s%s", GEN_ERROR_PATH_SIZE, key, dot ? "." : "", err->path);
    gen_error_place(err, NULL, err->line, err->column, path);
}

static enum gen_status plain_list(const struct gen_node *node, struct gen_arena *arena,
                                  struct gen_value *out, struct gen_error *err)
{
    struct gen_value *items = gen_arena_array(arena, gen_node_count(node), sizeof(*items));
    enum gen_status status = GEN_OK;
    size_t i = 0;

    if (items == NULL) {
        return plain_no_memory(err);
    }
    for (const struct gen_node *child = gen_node_first(node); child != NULL; child = child->next) {
        status = gen_plain_value_read(child, arena, &items[i], err);
        if (status != GEN_OK) {
            char index[32];

            snprintf(index, sizeof(index), "[%zu]", i);
            gen_plain_value_within(err, index);
            return status;
        }
        i++;
    }
    *out = gen_value_list(items, i);
    return GEN_OK;
}

static enum gen_status plain_map(const struct gen_node *node, struct gen_arena *arena,
                                 struct gen_value *out, struct gen_error *err)
{
    struct gen_table *table = gen_table_create(arena, gen_node_count(node));

    if (table == NULL) {
        return plain_no_memory(err);
    }
    for (const struct gen_node *child = gen_node_first(node); child != NULL; child = child->next) {
        struct gen_value value = {0};
        enum gen_status status = gen_plain_value_read(child, arena, &value, err);

        if (status != GEN_OK) {
            gen_plain_value_within(err, child->key);
            return status;
        }
        /* Keys are texts and each is there once: the readers refuse others. */
        status = gen_table_put(table, gen_value_text(child->key), value);
        if (status != GEN_OK) {
            return gen_error_set(err, status, "the key \"%.60s\" cannot be taken", child->key);
        }
    }
    *out = gen_value_map(table);
    return GEN_OK;
}

enum gen_status gen_plain_value_read(const struct gen_node *node, struct gen_arena *arena,
                                     struct gen_value *out, struct gen_error *err)
{
    switch (gen_node_type_of(node)) {
    case GEN_NODE_BOOL:
        *out = gen_value_bool(node->as.boolean);
        return GEN_OK;
    case GEN_NODE_INT:
        *out = gen_value_int(node->as.integer);
        return GEN_OK;
    case GEN_NODE_REAL:
    case GEN_NODE_MONEY:
        return plain_real(node, out, err);
    case GEN_NODE_STRING:
        *out = gen_value_string(node->text, node->size);
        return GEN_OK;
    case GEN_NODE_LIST:
        return plain_list(node, arena, out, err);
    case GEN_NODE_MAP:
        return plain_map(node, arena, out, err);
    default:
        *out = gen_value_null();
        return GEN_OK;
    }
}
