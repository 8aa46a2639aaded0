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
#include "base/field.h"

struct gen_records {
    void *items; /* array of the record's struct */
    size_t count;
};

/* The finishing touch after all fields are bound: checks that need two fields, or short forms.
 * `node` is the map. An error's place is filled in when the function leaves it; its
 * path is relative to the map. */
typedef enum gen_status gen_record_check(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err);

/* A check of some keys only: it runs when these are right, whatever is wrong elsewhere, so that two
 * mistakes that have nothing to do with each other are both told. */
struct gen_record_rule { /* a table of these ends with check NULL */
    const char *keys;    /* those that it looks at, with a space between them */
    gen_record_check *check;
};

struct gen_record {
    const char *name; /* for people: "scene" */
    size_t size;      /* of the struct */
    const struct gen_field *fields;
    const char *short_key;   /* a bare text (or number, where that key takes one) stands for
                              * {short_key: text}; NULL = not allowed */
    const char *list_key;    /* a bare list stands for {list_key: list}; NULL = not allowed */
    gen_record_check *check; /* runs when all is right; NULL = none */
    const char *help;
    const struct gen_record_rule *rules; /* NULL = none; each key is one of the first 64 fields */
};

/* Fills `object` (size bytes, zeroed first) from `node`; texts are copied into `arena`.
 * GEN_EINVAL with line, column and key path: wrong type, unknown key, missing key, out of bounds.
 * GEN_ENOMEM. On failure `object` is unspecified. `path` is the key path of `node` ("" = root). */
GEN_MUST_CHECK enum gen_status gen_record_bind(const struct gen_record *record,
                                               const struct gen_node *node, const char *path,
                                               struct gen_arena *arena, void *object,
                                               struct gen_error *err);

/* Where mistakes go when all of them are wanted. */
typedef void gen_record_report(void *context, const struct gen_error *err);

/* The same, but goes on after a mistake and reports each (but not those that only follow from
 * others: a record's check runs when the rest of it is right, a rule when its keys are, and a key
 * that is there but misspelt is not missing). GEN_EINVAL: something was reported.
 * GEN_ENOMEM, not reported. */
GEN_MUST_CHECK enum gen_status gen_record_bind_all(const struct gen_record *record,
                                                   const struct gen_node *node, const char *path,
                                                   struct gen_arena *arena, void *object,
                                                   gen_record_report *report, void *context);

/* Calls for every member that `object` (bound by `record`) holds, nested records after the member
 * that holds them; `path` is the key path. Stops at the first status that is not GEN_OK. */
typedef enum gen_status gen_record_visit(void *context, const struct gen_field *field, void *member,
                                         const char *path);
GEN_MUST_CHECK enum gen_status gen_record_each(const struct gen_record *record, void *object,
                                               const char *path, gen_record_visit *visit,
                                               void *context);

/* The opposite: a map of all fields but those that are absent (NULL text, empty lists, moment 0). */
struct gen_node *gen_record_write(const struct gen_record *record, const void *object,
                                  struct gen_arena *arena);

/* Appends a Markdown table of the record's keys and, after it, of its nested records. */
enum gen_status gen_record_document(const struct gen_record *record, struct gen_bytes *out);

#endif
