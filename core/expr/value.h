/* value.h - what an expression computes with: the values of CEL, each 16 bytes.
 *
 * NOT here: their static types (type.h), functions over them (functions.h), their JSON form.
 *
 * A failed computation is a value too (FAULT): logical operators absorb it, everything else hands
 * it on. Whatever a value points at lives in the arena of the run, in the program, or with the
 * caller that bound it; values never own anything.
 *
 * Invariant: strings are valid UTF-8 and may hold NUL; maps have unique keys of BOOL, INT, UINT or
 * STRING; timestamps lie in the years 1 to 9999.
 * Source of the semantics: the Common Expression Language specification (cel-spec, doc/langdef.md).
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/value_test.c
 */
#ifndef GEN_EXPR_VALUE_H
#define GEN_EXPR_VALUE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdint.h>

enum gen_kind {
    GEN_KIND_NONE = 0, /* nothing is bound here; never a result */
    GEN_KIND_NULL,
    GEN_KIND_BOOL,
    GEN_KIND_INT,
    GEN_KIND_UINT,
    GEN_KIND_DOUBLE,
    GEN_KIND_STRING,
    GEN_KIND_BYTES,
    GEN_KIND_LIST,
    GEN_KIND_MAP,
    GEN_KIND_TIMESTAMP,
    GEN_KIND_DURATION,
    GEN_KIND_TYPE,
    GEN_KIND_RECORD,   /* named fields at fixed places, see type.h; read like a map */
    GEN_KIND_OPTIONAL, /* one value, or none */
    GEN_KIND_FAULT,    /* what went wrong */
    GEN_KIND_DYN,      /* only a static type: known when it runs */
};

struct gen_table; /* the entries of a map */
struct gen_fault; /* why there is no value */
struct gen_record_value;

struct gen_value {
    uint8_t kind;  /* enum gen_kind */
    uint32_t size; /* STRING, BYTES: bytes; LIST: items; TIMESTAMP: nanoseconds 0..999999999 */
    union {
        bool boolean;
        int64_t integer; /* INT; TIMESTAMP: seconds since the epoch; DURATION: nanoseconds */
        uint64_t natural;
        double real;
        const char *text; /* STRING, BYTES: not ended by NUL */
        const struct gen_value *items;
        const struct gen_table *table;
        const struct gen_record_value *record;
        const struct gen_value *optional; /* NULL = none */
        const struct gen_fault *fault;
        const char *type; /* TYPE: its name, "int", "google.protobuf.Timestamp" */
    } as;
};

struct gen_fault {
    const char *message; /* one line, with NUL: "division by zero" */
    uint32_t offset;     /* where in the expression + 1, 0 = not known yet */
    bool final;          /* no operator absorbs it: a limit was reached */
};

/* Makers. */
struct gen_value gen_value_null(void);
struct gen_value gen_value_bool(bool value);
struct gen_value gen_value_int(int64_t value);
struct gen_value gen_value_uint(uint64_t value);
struct gen_value gen_value_double(double value);
struct gen_value gen_value_string(const char *text, size_t size); /* borrowed; size < 4 GiB */
struct gen_value gen_value_text(const char *text);                /* borrowed, up to its NUL */
struct gen_value gen_value_bytes(const char *data, size_t size);
struct gen_value gen_value_list(const struct gen_value *items, size_t count);
struct gen_value gen_value_map(const struct gen_table *table);
struct gen_value gen_value_timestamp(int64_t seconds, uint32_t nanos);
struct gen_value gen_value_duration(int64_t nanos);
struct gen_value gen_value_type(const char *name); /* one of the names below, or a record's */

/* A fault with a message of at most 200 bytes in `arena`; a final one where even that fails. */
struct gen_value gen_value_fault(struct gen_arena *arena, const char *format, ...) GEN_PRINTF(2, 3);

/* Name of the type of a value as type() gives it: "int", "null_type", "list". */
const char *gen_value_type_name(struct gen_value value);
const char *gen_kind_name(enum gen_kind kind);

static inline bool gen_value_is(struct gen_value value, enum gen_kind kind)
{
    return value.kind == (uint8_t)kind;
}

/* ==: int, uint and double are one number line; NaN equals nothing; different types are unequal. */
bool gen_value_equal(struct gen_value a, struct gen_value b);

/* The same with a bound: each pair of values compared takes a step. When they run out, `*steps` is 0 and the
 * answer means nothing. */
bool gen_value_equal_within(struct gen_value a, struct gen_value b, uint64_t *steps);

/* Order of two values: -1, 0, 1; 2 when one is NaN (every comparison is false); GEN_UNORDERED when
 * their types have no order together. */
enum { GEN_UNORDERED = 3 };
int gen_value_compare(struct gen_value a, struct gen_value b);

/* The number as an int when it has exactly that value (for keys and indexes). */
bool gen_value_whole(struct gen_value value, int64_t *out);

/* Maps. Insertion order is kept. `capacity` is the most entries that will be put (at most 2^24).
 * NULL when the arena has failed. */
struct gen_table *gen_table_create(struct gen_arena *arena, size_t capacity);
/* GEN_OK; GEN_EINVAL: not a key type; GEN_ECONFLICT: the key is there already. */
enum gen_status gen_table_put(struct gen_table *table, struct gen_value key,
                              struct gen_value value);
/* The value of a key, or NULL. Numbers match by value: 1, 1u and 1.0 are one key. */
const struct gen_value *gen_table_get(const struct gen_table *table, struct gen_value key);
/* The same for a text key whose hash is known (gen_text_hash). */
const struct gen_value *gen_table_find(const struct gen_table *table, const char *text,
                                       uint32_t size, uint32_t hash);
size_t gen_table_count(const struct gen_table *table);
struct gen_value gen_table_key(const struct gen_table *table, size_t index);
struct gen_value gen_table_value(const struct gen_table *table, size_t index);

uint32_t gen_text_hash(const char *text, size_t size);

#endif
