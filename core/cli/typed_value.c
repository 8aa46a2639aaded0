/* typed_value.c - see typed_value.h. */
#include "cli/typed_value.h"

#include "base/number.h"
#include "expr/encode_functions.h"
#include "expr/library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BASE64_STEPS = 1 << 30 };

static enum gen_status no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory");
}

/* The functions base64.encode and base64.decode of the language itself. */
static struct gen_value convert(const char *name, struct gen_value value, struct gen_arena *arena)
{
    const struct gen_overload *rows[GEN_LIBRARY_MOST];
    struct gen_run run = {.arena = arena, .budget = BASE64_STEPS};

    GEN_CHECK(gen_library_find(name, false, rows) == 1);
    return rows[0]->run(&run, &value, 1);
}

/* ---- reading ---- */

typedef enum gen_status typed_reader(const struct gen_node *node, struct gen_arena *arena,
                                     struct gen_value *out, struct gen_error *err);

static enum gen_status wrong(const struct gen_node *node, struct gen_error *err)
{
    gen_error_set(err, GEN_EINVAL, "%s is no value of the type that stands beside it",
                  gen_node_type_word(gen_node_type_of(node)));
    return GEN_EINVAL;
}

static enum gen_status read_null(const struct gen_node *node, struct gen_arena *arena,
                                 struct gen_value *out, struct gen_error *err)
{
    (void)arena;
    *out = gen_value_null();
    return gen_node_type_of(node) == GEN_NODE_NULL ? GEN_OK : wrong(node, err);
}

static enum gen_status read_bool(const struct gen_node *node, struct gen_arena *arena,
                                 struct gen_value *out, struct gen_error *err)
{
    (void)arena;
    *out = gen_value_bool(gen_node_truth(node, false));
    return gen_node_type_of(node) == GEN_NODE_BOOL ? GEN_OK : wrong(node, err);
}

static enum gen_status read_int(const struct gen_node *node, struct gen_arena *arena,
                                struct gen_value *out, struct gen_error *err)
{
    int64_t value;

    (void)arena;
    if (!gen_number_integer(gen_node_text(node, ""), &value)) {
        return wrong(node, err);
    }
    *out = gen_value_int(value);
    return GEN_OK;
}

static enum gen_status read_uint(const struct gen_node *node, struct gen_arena *arena,
                                 struct gen_value *out, struct gen_error *err)
{
    const char *text = gen_node_text(node, "");
    uint64_t value = 0;

    (void)arena;
    if (text[0] == '\0') {
        return wrong(node, err);
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value)) {
            return wrong(node, err);
        }
    }
    *out = gen_value_uint(value);
    return GEN_OK;
}

static enum gen_status read_double(const struct gen_node *node, struct gen_arena *arena,
                                   struct gen_value *out, struct gen_error *err)
{
    const char *text = gen_node_text(node, NULL);
    double value = 0;

    (void)arena;
    if (text != NULL && strcmp(text, "NaN") == 0) {
        value = NAN;
    } else if (text != NULL && strcmp(text, "Infinity") == 0) {
        value = INFINITY;
    } else if (text != NULL && strcmp(text, "-Infinity") == 0) {
        value = -INFINITY;
    } else if (text != NULL || node == NULL || node->text == NULL ||
               !gen_number_real(node->text, &value)) {
        return wrong(node, err);
    }
    *out = gen_value_double(value);
    return GEN_OK;
}

static enum gen_status read_string(const struct gen_node *node, struct gen_arena *arena,
                                   struct gen_value *out, struct gen_error *err)
{
    (void)arena;
    if (gen_node_type_of(node) != GEN_NODE_STRING) {
        return wrong(node, err);
    }
    *out = gen_value_string(node->text, node->size);
    return GEN_OK;
}

static enum gen_status read_bytes(const struct gen_node *node, struct gen_arena *arena,
                                  struct gen_value *out, struct gen_error *err)
{
    enum gen_status status = read_string(node, arena, out, err);

    if (status == GEN_OK) {
        *out = convert("base64.decode", *out, arena);
        status = out->kind == GEN_KIND_FAULT ? wrong(node, err) : GEN_OK;
    }
    return status;
}

static enum gen_status read_list(const struct gen_node *node, struct gen_arena *arena,
                                 struct gen_value *out, struct gen_error *err)
{
    size_t i = 0, count = gen_node_count(node);
    struct gen_value *items = gen_arena_array(arena, count, sizeof(*items));
    const struct gen_node *child;
    enum gen_status status = gen_node_type_of(node) == GEN_NODE_LIST ? GEN_OK : wrong(node, err);

    if (items == NULL) {
        return no_memory(err);
    }
    for (child = gen_node_first(node); child != NULL && status == GEN_OK; child = child->next) {
        status = gen_typed_value_read(child, arena, &items[i++], err);
    }
    *out = gen_value_list(items, i);
    return status;
}

static enum gen_status read_map(const struct gen_node *node, struct gen_arena *arena,
                                struct gen_value *out, struct gen_error *err)
{
    struct gen_table *table = gen_table_create(arena, gen_node_count(node));
    const struct gen_node *child;
    enum gen_status status = gen_node_type_of(node) == GEN_NODE_LIST ? GEN_OK : wrong(node, err);

    if (table == NULL) {
        return no_memory(err);
    }
    for (child = gen_node_first(node); child != NULL && status == GEN_OK; child = child->next) {
        struct gen_value key = {0}, value = {0};

        status = gen_typed_value_read(gen_node_at(child, 0), arena, &key, err);
        status = status == GEN_OK ? gen_typed_value_read(gen_node_at(child, 1), arena, &value, err)
                                  : status;
        if (status == GEN_OK && gen_table_put(table, key, value) != GEN_OK) {
            status = gen_error_set(err, GEN_EINVAL, "a map has a key twice, or one of no key type");
        }
    }
    *out = gen_value_map(table);
    return status;
}

/* {"seconds": "7", "nanos": 5} of a timestamp or a duration. */
static enum gen_status read_time(const struct gen_node *node, int64_t *seconds, int64_t *nanos,
                                 struct gen_error *err)
{
    *nanos = gen_node_integer(gen_node_get(node, "nanos"), 0);
    if (!gen_number_integer(gen_node_text(gen_node_get(node, "seconds"), ""), seconds)) {
        return wrong(node, err);
    }
    return *nanos > -1000000000 && *nanos < 1000000000 ? GEN_OK : wrong(node, err);
}

static enum gen_status read_timestamp(const struct gen_node *node, struct gen_arena *arena,
                                      struct gen_value *out, struct gen_error *err)
{
    int64_t seconds = 0, nanos;
    enum gen_status status = read_time(node, &seconds, &nanos, err);

    (void)arena;
    if (status != GEN_OK || nanos < 0 || seconds < -62135596800 || seconds > 253402300799) {
        return wrong(node, err);
    }
    *out = gen_value_timestamp(seconds, (uint32_t)nanos);
    return GEN_OK;
}

static enum gen_status read_duration(const struct gen_node *node, struct gen_arena *arena,
                                     struct gen_value *out, struct gen_error *err)
{
    int64_t seconds = 0, nanos, total;
    enum gen_status status = read_time(node, &seconds, &nanos, err);

    (void)arena;
    if (status != GEN_OK || __builtin_mul_overflow(seconds, 1000000000, &total) ||
        __builtin_add_overflow(total, nanos, &total)) {
        return wrong(node, err);
    }
    *out = gen_value_duration(total);
    return GEN_OK;
}

static enum gen_status read_type(const struct gen_node *node, struct gen_arena *arena,
                                 struct gen_value *out, struct gen_error *err)
{
    const char *name = gen_arena_strdup(arena, gen_node_text(node, ""));

    (void)err;
    *out = gen_value_type(name);
    return name != NULL ? GEN_OK : no_memory(err);
}

static const struct {
    const char *type;
    typed_reader *read;
} readers[] = {
    {"null", read_null},   {"bool", read_bool},           {"int", read_int},
    {"uint", read_uint},   {"double", read_double},       {"string", read_string},
    {"bytes", read_bytes}, {"list", read_list},           {"map", read_map},
    {"type", read_type},   {"timestamp", read_timestamp}, {"duration", read_duration},
    {NULL, NULL},
};

enum gen_status gen_typed_value_read(const struct gen_node *node, struct gen_arena *arena,
                                     struct gen_value *out, struct gen_error *err)
{
    const char *type = gen_node_text(gen_node_get(node, "type"), "");
    size_t i;

    for (i = 0; readers[i].type != NULL; i++) {
        if (strcmp(readers[i].type, type) == 0) {
            return readers[i].read(gen_node_get(node, "value"), arena, out, err);
        }
    }
    return gen_error_set(err, GEN_EINVAL, "\"%.40s\" is no type of a value", type);
}

/* ---- writing ---- */

static struct gen_node *time_node(struct gen_arena *arena, int64_t seconds, int64_t nanos)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "seconds",
                 gen_node_string(arena, gen_arena_printf(arena, "%lld", (long long)seconds)));
    gen_node_set(arena, map, "nanos", gen_node_int(arena, nanos));
    return map;
}

static struct gen_node *real_node(struct gen_arena *arena, double value)
{
    if (isnan(value)) {
        return gen_node_string(arena, "NaN");
    }
    if (isinf(value)) {
        return gen_node_string(arena, value > 0 ? "Infinity" : "-Infinity");
    }
    return gen_node_real(arena, value);
}

static enum gen_status write_list(struct gen_value value, struct gen_arena *arena, size_t *room,
                                  struct gen_node *list, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    struct gen_node *child = NULL;
    uint32_t i;

    for (i = 0; i < value.size && status == GEN_OK; i++) {
        status = gen_typed_value_write(value.as.items[i], arena, room, &child, err);
        gen_node_push(list, status == GEN_OK ? child : NULL);
    }
    return status;
}

static enum gen_status write_map(struct gen_value value, struct gen_arena *arena, size_t *room,
                                 struct gen_node *list, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    struct gen_node *key = NULL, *item = NULL, *pair;
    size_t i;

    for (i = 0; i < gen_table_count(value.as.table) && status == GEN_OK; i++) {
        status = gen_typed_value_write(gen_table_key(value.as.table, i), arena, room, &key, err);
        if (status == GEN_OK) {
            status = gen_typed_value_write(gen_table_value(value.as.table, i), arena, room, &item,
                                           err);
        }
        if (status == GEN_OK) {
            pair = gen_node_push(list, gen_node_list(arena));
            gen_node_push(pair, key);
            gen_node_push(pair, item);
        }
    }
    return status;
}

/* Values without parts. */
static struct gen_node *simple_node(struct gen_value value, struct gen_arena *arena)
{
    int64_t whole = value.as.integer;

    switch (value.kind) {
    case GEN_KIND_BOOL:
        return gen_node_bool(arena, value.as.boolean);
    case GEN_KIND_INT:
        return gen_node_string(arena, gen_arena_printf(arena, "%lld", (long long)whole));
    case GEN_KIND_UINT:
        return gen_node_string(
            arena, gen_arena_printf(arena, "%llu", (unsigned long long)value.as.natural));
    case GEN_KIND_DOUBLE:
        return real_node(arena, value.as.real);
    case GEN_KIND_STRING:
        return gen_node_string_sized(arena, value.as.text, value.size);
    case GEN_KIND_BYTES:
        value = convert("base64.encode", value, arena);
        return value.kind == GEN_KIND_STRING
                   ? gen_node_string_sized(arena, value.as.text, value.size)
                   : NULL;
    case GEN_KIND_TIMESTAMP:
        return time_node(arena, whole, value.size);
    case GEN_KIND_DURATION:
        return time_node(arena, whole / 1000000000, whole % 1000000000);
    case GEN_KIND_TYPE:
        return gen_node_string(arena, value.as.type);
    default:
        return gen_node_null(arena);
    }
}

static const char *type_word(struct gen_value value)
{
    switch (value.kind) {
    case GEN_KIND_NULL:
        return "null";
    case GEN_KIND_TIMESTAMP:
        return "timestamp";
    case GEN_KIND_DURATION:
        return "duration";
    case GEN_KIND_OPTIONAL:
        return "optional";
    default:
        return gen_value_type_name(value);
    }
}

enum gen_status gen_typed_value_write(struct gen_value value, struct gen_arena *arena, size_t *room,
                                      struct gen_node **out, struct gen_error *err)
{
    struct gen_node *map = gen_node_map(arena), *inner = NULL;
    enum gen_status status = GEN_OK;

    if (*room == 0) {
        return gen_error_set(err, GEN_ELIMIT, "the result is too large to be shown");
    }
    --*room;
    gen_node_set(arena, map, "type", gen_node_string(arena, type_word(value)));
    if (value.kind == GEN_KIND_LIST || value.kind == GEN_KIND_MAP) {
        inner = gen_node_set(arena, map, "value", gen_node_list(arena));
        status = value.kind == GEN_KIND_LIST ? write_list(value, arena, room, inner, err)
                                             : write_map(value, arena, room, inner, err);
    } else if (value.kind == GEN_KIND_OPTIONAL && value.as.optional != NULL) {
        status = gen_typed_value_write(*value.as.optional, arena, room, &inner, err);
        gen_node_set(arena, map, "value", status == GEN_OK ? inner : NULL);
    } else {
        gen_node_set(arena, map, "value", simple_node(value, arena));
    }
    *out = map;
    return status == GEN_OK && gen_arena_failed(arena) ? no_memory(err) : status;
}
