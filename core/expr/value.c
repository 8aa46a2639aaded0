/* value.c - see value.h. */
#include "expr/value.h"

#include "base/bytes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    TABLE_LARGEST = 1 << 24,
    TABLE_SCANNED = 8, /* up to so many entries are looked through without an index */
    FAULT_LONGEST = 200,
};

struct table_entry {
    struct gen_value key, value;
    uint32_t hash;
};

struct gen_table {
    struct table_entry *entries;
    uint32_t *index; /* open addressing: entry + 1, 0 = free; NULL for small tables */
    uint32_t mask;
    uint32_t count, capacity;
};

static const struct gen_fault no_memory = {"out of memory", 0, true};

struct gen_value gen_value_null(void)
{
    return (struct gen_value){.kind = GEN_KIND_NULL};
}

struct gen_value gen_value_bool(bool value)
{
    return (struct gen_value){.kind = GEN_KIND_BOOL, .as.natural = value};
}

struct gen_value gen_value_int(int64_t value)
{
    return (struct gen_value){.kind = GEN_KIND_INT, .as.integer = value};
}

struct gen_value gen_value_uint(uint64_t value)
{
    return (struct gen_value){.kind = GEN_KIND_UINT, .as.natural = value};
}

struct gen_value gen_value_double(double value)
{
    return (struct gen_value){.kind = GEN_KIND_DOUBLE, .as.real = value};
}

struct gen_value gen_value_string(const char *text, size_t size)
{
    return (struct gen_value){.kind = GEN_KIND_STRING, .size = (uint32_t)size, .as.text = text};
}

struct gen_value gen_value_text(const char *text)
{
    return gen_value_string(text, strlen(text));
}

struct gen_value gen_value_bytes(const char *data, size_t size)
{
    return (struct gen_value){.kind = GEN_KIND_BYTES, .size = (uint32_t)size, .as.text = data};
}

struct gen_value gen_value_list(const struct gen_value *items, size_t count)
{
    return (struct gen_value){.kind = GEN_KIND_LIST, .size = (uint32_t)count, .as.items = items};
}

struct gen_value gen_value_map(const struct gen_table *table)
{
    return (struct gen_value){.kind = GEN_KIND_MAP, .as.table = table};
}

struct gen_value gen_value_timestamp(int64_t seconds, uint32_t nanos)
{
    return (struct gen_value){.kind = GEN_KIND_TIMESTAMP, .size = nanos, .as.integer = seconds};
}

struct gen_value gen_value_duration(int64_t nanos)
{
    return (struct gen_value){.kind = GEN_KIND_DURATION, .as.integer = nanos};
}

struct gen_value gen_value_type(const char *name)
{
    return (struct gen_value){.kind = GEN_KIND_TYPE, .as.type = name};
}

struct gen_value gen_value_fault(struct gen_arena *arena, const char *format, ...)
{
    struct gen_fault *fault = gen_arena_alloc(arena, sizeof(*fault));
    char text[FAULT_LONGEST];
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof(text), format, values);
    va_end(values);
    if (fault != NULL) {
        fault->message = gen_arena_strdup(arena, text);
    }
    if (fault == NULL || fault->message == NULL) {
        return (struct gen_value){.kind = GEN_KIND_FAULT, .as.fault = &no_memory};
    }
    return (struct gen_value){.kind = GEN_KIND_FAULT, .as.fault = fault};
}

const char *gen_kind_name(enum gen_kind kind)
{
    static const char *const names[] = {
        [GEN_KIND_NONE] = "nothing",
        [GEN_KIND_NULL] = "null_type",
        [GEN_KIND_BOOL] = "bool",
        [GEN_KIND_INT] = "int",
        [GEN_KIND_UINT] = "uint",
        [GEN_KIND_DOUBLE] = "double",
        [GEN_KIND_STRING] = "string",
        [GEN_KIND_BYTES] = "bytes",
        [GEN_KIND_LIST] = "list",
        [GEN_KIND_MAP] = "map",
        [GEN_KIND_TIMESTAMP] = "google.protobuf.Timestamp",
        [GEN_KIND_DURATION] = "google.protobuf.Duration",
        [GEN_KIND_TYPE] = "type",
        [GEN_KIND_RECORD] = "map",
        [GEN_KIND_OPTIONAL] = "optional_type",
        [GEN_KIND_FAULT] = "error",
        [GEN_KIND_DYN] = "dyn",
    };

    return names[kind];
}

const char *gen_value_type_name(struct gen_value value)
{
    return gen_kind_name((enum gen_kind)value.kind);
}

static bool is_number(struct gen_value value)
{
    return value.kind >= GEN_KIND_INT && value.kind <= GEN_KIND_DOUBLE;
}

static int order(int less, int greater)
{
    return greater - less;
}

/* A double beyond the whole numbers' range decides at once, otherwise both are taken as doubles: this
 * is what the conformance vectors ask for. */
static int compare_int_double(int64_t a, double b)
{
    if (b != b) {
        return 2;
    }
    if (b < -0x1p63 || b > 0x1p63) {
        return b < 0 ? 1 : -1;
    }
    return order((double)a<b, (double)a> b);
}

static int compare_uint_double(uint64_t a, double b)
{
    if (b != b) {
        return 2;
    }
    if (b < 0 || b > 0x1p64) {
        return b < 0 ? 1 : -1;
    }
    return order((double)a<b, (double)a> b);
}

static int reversed(int result)
{
    return result == 2 ? 2 : -result;
}

static int compare_numbers(struct gen_value a, struct gen_value b)
{
    if (a.kind == b.kind) {
        switch (a.kind) {
        case GEN_KIND_INT:
            return order(a.as.integer<b.as.integer, a.as.integer> b.as.integer);
        case GEN_KIND_UINT:
            return order(a.as.natural<b.as.natural, a.as.natural> b.as.natural);
        default:
            return a.as.real != a.as.real || b.as.real != b.as.real
                       ? 2
                       : order(a.as.real<b.as.real, a.as.real> b.as.real);
        }
    }
    if (a.kind > b.kind) { /* INT before UINT before DOUBLE */
        return reversed(compare_numbers(b, a));
    }
    if (b.kind == GEN_KIND_UINT) {
        return a.as.integer < 0
                   ? -1
                   : order(
                         (uint64_t)a.as.integer<b.as.natural, (uint64_t)a.as.integer> b.as.natural);
    }
    return a.kind == GEN_KIND_INT ? compare_int_double(a.as.integer, b.as.real)
                                  : compare_uint_double(a.as.natural, b.as.real);
}

static int compare_texts(struct gen_value a, struct gen_value b)
{
    uint32_t shorter = a.size < b.size ? a.size : b.size;
    int result = shorter > 0 ? memcmp(a.as.text, b.as.text, shorter) : 0;

    return result != 0 ? (result < 0 ? -1 : 1) : order(a.size<b.size, a.size> b.size);
}

int gen_value_compare(struct gen_value a, struct gen_value b)
{
    if (is_number(a) && is_number(b)) {
        return compare_numbers(a, b);
    }
    if (a.kind != b.kind) {
        return GEN_UNORDERED;
    }
    switch (a.kind) {
    case GEN_KIND_BOOL:
        return order(a.as.boolean<b.as.boolean, a.as.boolean> b.as.boolean);
    case GEN_KIND_STRING:
    case GEN_KIND_BYTES:
        return compare_texts(a, b);
    case GEN_KIND_DURATION:
        return order(a.as.integer<b.as.integer, a.as.integer> b.as.integer);
    case GEN_KIND_TIMESTAMP:
        return a.as.integer != b.as.integer
                   ? order(a.as.integer<b.as.integer, a.as.integer> b.as.integer)
                   : order(a.size<b.size, a.size> b.size);
    default:
        return GEN_UNORDERED;
    }
}

static bool equal_lists(struct gen_value a, struct gen_value b, uint64_t *steps)
{
    uint32_t i;

    if (a.size != b.size) {
        return false;
    }
    for (i = 0; i < a.size; i++) {
        if (!gen_value_equal_within(a.as.items[i], b.as.items[i], steps)) {
            return false;
        }
    }
    return true;
}

static bool equal_maps(const struct gen_table *a, const struct gen_table *b, uint64_t *steps)
{
    uint32_t i;

    if (a->count != b->count) {
        return false;
    }
    for (i = 0; i < a->count; i++) {
        const struct gen_value *other = gen_table_get(b, a->entries[i].key);

        if (other == NULL || !gen_value_equal_within(a->entries[i].value, *other, steps)) {
            return false;
        }
    }
    return true;
}

static bool equal_optionals(const struct gen_value *a, const struct gen_value *b, uint64_t *steps)
{
    return a == NULL || b == NULL ? a == b : gen_value_equal_within(*a, *b, steps);
}

bool gen_value_equal(struct gen_value a, struct gen_value b)
{
    uint64_t steps = UINT64_MAX;

    return gen_value_equal_within(a, b, &steps);
}

/* Values nest no deeper than the expressions and documents they were made from, which are bounded; but
 * one that holds another twice, again and again, has a great many parts: hence the steps. */
bool gen_value_equal_within(struct gen_value a, struct gen_value b, uint64_t *steps)
{
    if (*steps == 0) {
        return false;
    }
    --*steps;
    if (is_number(a) && is_number(b)) {
        return compare_numbers(a, b) == 0;
    }
    if (a.kind != b.kind) {
        return false;
    }
    switch (a.kind) {
    case GEN_KIND_NULL:
        return true;
    case GEN_KIND_LIST:
        return equal_lists(a, b, steps);
    case GEN_KIND_MAP:
        return equal_maps(a.as.table, b.as.table, steps);
    case GEN_KIND_TYPE:
        return strcmp(a.as.type, b.as.type) == 0;
    case GEN_KIND_RECORD:
        return a.as.record == b.as.record;
    case GEN_KIND_OPTIONAL:
        return equal_optionals(a.as.optional, b.as.optional, steps);
    default:
        return gen_value_compare(a, b) == 0;
    }
}

bool gen_value_whole(struct gen_value value, int64_t *out)
{
    switch (value.kind) {
    case GEN_KIND_INT:
        *out = value.as.integer;
        return true;
    case GEN_KIND_UINT:
        *out = (int64_t)value.as.natural;
        return value.as.natural <= INT64_MAX;
    case GEN_KIND_DOUBLE:
        if (!(value.as.real >= -0x1p63 && value.as.real < 0x1p63) ||
            trunc(value.as.real) != value.as.real) {
            return false;
        }
        *out = (int64_t)value.as.real;
        return true;
    default:
        return false;
    }
}

uint32_t gen_text_hash(const char *text, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    size_t i;

    for (i = 0; i < size; i++) {
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    }
    return hash;
}

/* Equal numbers have equal hashes whatever their type. */
static uint32_t key_hash(struct gen_value key)
{
    int64_t whole = 0;

    if (key.kind == GEN_KIND_STRING) {
        return gen_text_hash(key.as.text, key.size);
    }
    if (key.kind == GEN_KIND_UINT || key.kind == GEN_KIND_BOOL) {
        whole = (int64_t)key.as.natural;
    } else if (!gen_value_whole(key, &whole)) {
        /* a double beyond int64 may equal a uint; other fractions are never found */
        whole = key.as.real >= 0x1p63 && key.as.real < 0x1p64 ? (int64_t)(uint64_t)key.as.real : 0;
    }
    return (uint32_t)(((uint64_t)whole * 0x9E3779B97F4A7C15u) >> 32);
}

struct gen_table *gen_table_create(struct gen_arena *arena, size_t capacity)
{
    struct gen_table *table = gen_arena_alloc(arena, sizeof(*table));
    uint32_t slots = 16;

    if (table == NULL || capacity > TABLE_LARGEST) {
        return NULL;
    }
    table->capacity = (uint32_t)capacity;
    table->entries = gen_arena_array(arena, capacity, sizeof(*table->entries));
    if (capacity > TABLE_SCANNED) {
        while (slots < capacity * 2) {
            slots *= 2;
        }
        table->mask = slots - 1;
        table->index = gen_arena_array(arena, slots, sizeof(*table->index));
    }
    return gen_arena_failed(arena) ? NULL : table;
}

static bool same_key(const struct table_entry *entry, struct gen_value key, uint32_t hash)
{
    return entry->hash == hash && gen_value_equal(entry->key, key);
}

/* The entry of a key, or NULL; `*slot` is where it would go in the index. */
static struct table_entry *lookup(const struct gen_table *table, struct gen_value key,
                                  uint32_t hash, uint32_t *slot)
{
    uint32_t i;

    if (table->index == NULL) {
        for (i = 0; i < table->count; i++) {
            if (same_key(&table->entries[i], key, hash)) {
                return &table->entries[i];
            }
        }
        return NULL;
    }
    for (i = hash & table->mask; table->index[i] != 0; i = (i + 1) & table->mask) {
        struct table_entry *entry = &table->entries[table->index[i] - 1];

        if (same_key(entry, key, hash)) {
            return entry;
        }
    }
    *slot = i;
    return NULL;
}

enum gen_status gen_table_put(struct gen_table *table, struct gen_value key, struct gen_value value)
{
    uint32_t hash, slot = 0;

    if (key.kind != GEN_KIND_STRING && key.kind != GEN_KIND_INT && key.kind != GEN_KIND_UINT &&
        key.kind != GEN_KIND_BOOL) {
        return GEN_EINVAL;
    }
    hash = key_hash(key);
    if (lookup(table, key, hash, &slot) != NULL) {
        return GEN_ECONFLICT;
    }
    GEN_CHECK(table->count < table->capacity);
    table->entries[table->count++] = (struct table_entry){key, value, hash};
    if (table->index != NULL) {
        table->index[slot] = table->count;
    }
    return GEN_OK;
}

const struct gen_value *gen_table_get(const struct gen_table *table, struct gen_value key)
{
    struct table_entry *entry;
    uint32_t slot;

    if (key.kind != GEN_KIND_STRING && key.kind != GEN_KIND_BOOL && !is_number(key)) {
        return NULL;
    }
    entry = lookup(table, key, key_hash(key), &slot);
    return entry != NULL ? &entry->value : NULL;
}

const struct gen_value *gen_table_find(const struct gen_table *table, const char *text,
                                       uint32_t size, uint32_t hash)
{
    struct table_entry *entry;
    uint32_t slot;

    entry = lookup(table, gen_value_string(text, size), hash, &slot);
    return entry != NULL ? &entry->value : NULL;
}

size_t gen_table_count(const struct gen_table *table)
{
    return table->count;
}

struct gen_value gen_table_key(const struct gen_table *table, size_t index)
{
    GEN_CHECK(index < table->count);
    return table->entries[index].key;
}

struct gen_value gen_table_value(const struct gen_table *table, size_t index)
{
    GEN_CHECK(index < table->count);
    return table->entries[index].value;
}
