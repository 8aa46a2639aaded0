/* field.h - one row of a record: a key, what may stand there, and the member it fills.
 *
 * It binds values that are not records themselves; base/record.h walks whole tables.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/record_test.c (through records)
 */
#ifndef GEN_BASE_FIELD_H
#define GEN_BASE_FIELD_H

#include "base/bytes.h"
#include "base/choice.h"
#include "base/name.h"
#include "base/node.h"

enum gen_field_type {
    GEN_FIELD_END = 0, /* ends a table */
    GEN_FIELD_BOOL,    /* bool */
    GEN_FIELD_INT,     /* int64_t, within [min, max] */
    GEN_FIELD_REAL,    /* double, within [min, max] */
    GEN_FIELD_MONEY,   /* gen_micros; the document holds dollars; min and max in micros */
    GEN_FIELD_SECONDS, /* int64_t ms; the document holds seconds; min and max in ms */
    GEN_FIELD_MOMENT,  /* gen_moment; the document holds RFC 3339 text */
    GEN_FIELD_TEXT,    /* const char *, NULL when absent; min and max in characters */
    GEN_FIELD_CHOICE,  /* int, one of `choices` */
    GEN_FIELD_RECORD,  /* the struct itself, embedded, bound by `record`; when the key is absent
                         * it has its presets, nothing in it is required and its check is not run */
    GEN_FIELD_RECORDS, /* struct gen_records; list of maps bound by `record`; min, max count */
    GEN_FIELD_TEXTS,   /* struct gen_texts; list of text; min and max count */
    GEN_FIELD_NODE,    /* const struct gen_node *, taken as it is */
    GEN_FIELD_NAMED,   /* struct gen_records; map of name -> map bound by `record`, order kept; the
                        * record's struct begins with a struct gen_named; min, max count; with
                        * `choices` the names are of that set */
    GEN_FIELD_NUMBERS, /* struct gen_numbers; list of numbers; min and max of each */
    GEN_FIELD_FORMULA, /* struct gen_formula; text of an expression, compiled by whoever knows its
                        * `domain`; min and max in characters */
};

enum gen_field_flag {
    GEN_FIELD_REQUIRED = 1u << 0, /* the key must be there (and not null) */
    GEN_FIELD_HIDDEN = 1u << 1,   /* not written by gen_record_write (secrets) */
};

struct gen_texts {
    const char **items;
    size_t count;
};

struct gen_numbers {
    double *items;
    size_t count;
};

/* A name from a document and where it stands. First member of what GEN_FIELD_NAMED fills. */
struct gen_named {
    const char *name;
    uint32_t line, column; /* of its value */
};

struct gen_expression; /* of core/expr; opaque here */

/* An expression in a document. `program` is NULL until somebody has compiled it. */
struct gen_formula {
    const char *text; /* NULL when absent */
    size_t size;
    const struct gen_node *node; /* where it stands; NULL when absent */
    struct gen_expression *program;
};

struct gen_findings;
struct gen_record;
struct gen_domain; /* what an expression may name and must give; opaque here */

struct gen_field {
    const char *key;
    enum gen_field_type type;
    uint32_t flags;   /* enum gen_field_flag */
    size_t offset;    /* of the member */
    int64_t min, max; /* both 0 = no bound; INT64_MIN or INT64_MAX = none on that side */
    const char
        *preset; /* default as document text ("30", "16:9"; TEXTS: "a, b"), NULL = all zero */
    const struct gen_choice *choices; /* CHOICE; TEXTS and NAMED: the words allowed, NULL = any */
    const struct gen_record *record;
    const struct gen_domain *domain; /* FORMULA */
    const char *help;                /* one sentence */
};

/* One value on its way into its member. */
struct gen_binding {
    const struct gen_field *field;
    const struct gen_node *node;
    const char *path; /* key path of the value */
    struct gen_arena *arena;
    char *member;
    struct gen_error *err;
    bool lenient;                  /* inside an absent record: nothing is required */
    struct gen_findings *findings; /* of base/record.c; NULL = the first mistake ends it */
    const char *name;              /* of the map, where it stands under a name */
};

/* Any type but RECORD, RECORDS and NAMED, bounds included. GEN_EINVAL with its place, GEN_EOVERFLOW (money),
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_field_bind(const struct gen_binding *binding);

/* The same places for those who bind the other three: adds line, column and path to a failure; says
 * "must be `wanted`, not a list"; checks `value` against min and max. */
enum gen_status gen_field_placed(const struct gen_binding *binding, enum gen_status status);
enum gen_status gen_field_wrong(const struct gen_binding *binding, const char *wanted);
GEN_MUST_CHECK enum gen_status gen_field_within(const struct gen_binding *binding, int64_t value);

/* Finds `word` among the row's choices; GEN_EINVAL with its place, the words and the nearest. */
GEN_MUST_CHECK enum gen_status gen_field_known(const struct gen_binding *binding, const char *word,
                                               const struct gen_choice **row);

/* Makes the node that the row's preset stands for; NULL when the arena has failed. */
struct gen_node *gen_field_preset(const struct gen_field *field, struct gen_arena *arena);

/* "between 1 and 60 seconds", in the document's own unit; "" without bounds. Returns `out`. */
const char *gen_field_bounds(const struct gen_field *field, char *out, size_t size);

/* What a row takes, for the reference documents: "seconds", "list of texts". */
const char *gen_field_word(enum gen_field_type type);

#endif
