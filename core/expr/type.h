/* type.h - what is known of a value before it exists: static types, and records with named fields.
 *
 * A record is how C data reaches an expression without a map: its shape is a table written once, its
 * fields stand at fixed places, and `job.budget` is an index, not a search.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_TYPE_H
#define GEN_EXPR_TYPE_H

#include "base/choice.h"
#include "expr/value.h"

struct
    gen_words { /* all that a STRING or INT can be, where that is known: words, or values, of these */
    const char *noun; /* "priority" */
    const struct gen_choice *choices;
};

struct gen_type {
    enum gen_kind kind;
    const struct gen_type *item;   /* LIST: items; MAP: values; OPTIONAL; TYPE: of what, or NULL */
    const struct gen_type *key;    /* MAP */
    const struct gen_shape *shape; /* RECORD */
    const struct gen_words *words; /* STRING, INT: it is one of these; NULL = any */
};

struct gen_shape_field { /* a table of these ends with name NULL */
    const char *name;
    const struct gen_type *type;
    const char *help; /* one sentence, for the reference */
};

struct gen_shape {
    const char *name; /* "job" */
    const struct gen_shape_field *fields;
    const char *help;
};

struct gen_record_value {
    const struct gen_shape *shape;
    const struct gen_value *fields; /* one each; NONE = absent: has() is false, reading a fault */
};

struct gen_variable { /* a table of these ends with name NULL */
    const char *name; /* may hold dots: "net.address" */
    const struct gen_type *type;
    const char *help; /* one sentence, for the reference */
};

extern const struct gen_type gen_type_dyn, gen_type_null, gen_type_bool, gen_type_int,
    gen_type_uint, gen_type_double, gen_type_string, gen_type_bytes, gen_type_timestamp,
    gen_type_duration, gen_type_type, gen_type_list, gen_type_map, gen_type_optional;
extern const struct gen_type gen_type_strings; /* list(string) */
extern const struct gen_type gen_type_texts;   /* map(string, string) */

struct gen_value gen_value_record(const struct gen_record_value *record);

/* Index of a field, or -1. */
int gen_shape_index(const struct gen_shape *shape, const char *name);

/* Could a value of the one be a value of the other? dyn could be anything; words are not looked at. */
bool gen_type_fits(const struct gen_type *a, const struct gen_type *b);
/* The very same, words included. */
bool gen_type_same(const struct gen_type *a, const struct gen_type *b);

/* "list(string)", "map(string, dyn)", "job"; cut at `size`. Returns `out`. */
const char *gen_type_text(const struct gen_type *type, char *out, size_t size);

#endif
