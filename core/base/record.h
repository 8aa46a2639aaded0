/* record.h - binds a document map to a C struct by a table of fields, and back.
 *
 * One row declares a key once: its type, bounds, default and help. The binder, the error messages
 * (with suggestions for a misspelt key), the writer and the reference documents come from the row.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/record_test.c
 */
#ifndef GEN_BASE_RECORD_H
#define GEN_BASE_RECORD_H

#include "base/bytes.h"
#include "base/node.h"

enum gen_field_type {
    GEN_FIELD_END = 0,  /* ends a table */
    GEN_FIELD_BOOL,     /* bool */
    GEN_FIELD_INT,      /* int64_t, within [min, max] */
    GEN_FIELD_REAL,     /* double, within [min, max] */
    GEN_FIELD_MONEY,    /* gen_micros; the document holds dollars; min and max in micros */
    GEN_FIELD_SECONDS,  /* int64_t ms; the document holds seconds; min and max in ms */
    GEN_FIELD_MOMENT,   /* gen_moment; the document holds RFC 3339 text */
    GEN_FIELD_TEXT,     /* const char *, NULL when absent; min and max in characters */
    GEN_FIELD_CHOICE,   /* int, one of `choices` */
    GEN_FIELD_RECORD,   /* the struct itself, embedded, bound by `record` */
    GEN_FIELD_RECORDS,  /* struct gen_records; list of maps bound by `record`; min, max count */
    GEN_FIELD_TEXTS,    /* struct gen_texts; list of text; min and max count */
    GEN_FIELD_NODE,     /* const struct gen_node *, taken as it is */
};

enum gen_field_flag {
    GEN_FIELD_REQUIRED = 1u << 0, /* the key must be there (and not null) */
    GEN_FIELD_HIDDEN = 1u << 1,   /* not written by gen_record_write (secrets) */
};

struct gen_choice { /* a table of these ends with word NULL */
    const char *word;
    int value;
    const char *help;
};

struct gen_texts {
    const char **items;
    size_t count;
};

struct gen_records {
    void *items; /* array of the record's struct */
    size_t count;
};

struct gen_record;

struct gen_field {
    const char *key;
    enum gen_field_type type;
    uint32_t flags;  /* enum gen_field_flag */
    size_t offset;   /* of the member */
    int64_t min, max; /* both 0 = no bound */
    const char *preset; /* default as document text ("30", "16:9"), NULL = all zero */
    const struct gen_choice *choices;
    const struct gen_record *record;
    const char *help; /* one sentence */
};

/* The finishing touch after all fields are bound: checks that need two fields, or short forms.
 * `node` is the map. An error's place and path are filled in when the function leaves them. */
typedef enum gen_status gen_record_check(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err);

struct gen_record {
    const char *name; /* for people: "scene" */
    size_t size;      /* of the struct */
    const struct gen_field *fields;
    const char *short_key;   /* a bare text stands for {short_key: text}; NULL = not allowed */
    gen_record_check *check; /* NULL = none */
    const char *help;
};

/* Fills `object` (size bytes, zeroed first) from `node`; texts are copied into `arena`.
 * GEN_EINVAL with line, column and key path: wrong type, unknown key, missing key, out of bounds.
 * GEN_ENOMEM. On failure `object` is unspecified. `path` is the key path of `node` ("" = root). */
GEN_MUST_CHECK enum gen_status gen_record_bind(const struct gen_record *record,
                                               const struct gen_node *node, const char *path,
                                               struct gen_arena *arena, void *object,
                                               struct gen_error *err);

/* The opposite: a map of all fields but those that are absent (NULL text, empty lists, moment 0). */
struct gen_node *gen_record_write(const struct gen_record *record, const void *object,
                                  struct gen_arena *arena);

/* Word of a choice, or NULL; value of a word, or -1. */
const char *gen_choice_word(const struct gen_choice *choices, int value);
int gen_choice_value(const struct gen_choice *choices, const char *word);

/* The nearest of `count` names to `wrong` (edit distance <= 2 and less than half its length), or
 * NULL. Names are read through `name(context, index)`. */
typedef const char *gen_name_at(const void *context, size_t index);
const char *gen_name_nearest(const char *wrong, gen_name_at *name, const void *context,
                             size_t count);

/* Appends a Markdown table of the record's keys and, after it, of its nested records. */
enum gen_status gen_record_document(const struct gen_record *record, struct gen_bytes *out);

#endif
