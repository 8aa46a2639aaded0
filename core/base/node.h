/* node.h - a document as a tree: what YAML and JSON are read into and JSON is written from.
 *
 * Every node knows where it stood (line, column), so an error can point at it. It is not a parser
 * (platform/json_reader.h, platform/yaml_reader.h) and not a writer (base/json.h).
 *
 * Ownership: nodes and their text live in the arena they were made in. Builders accept NULL nodes
 * and do nothing with them, so code that builds a tree checks gen_arena_failed once at its end.
 * Invariant: a node has at most one parent; keys of one map are unique.
 * Thread: one at a time. Floor: base. Tests: tests/unit/base/node_test.c
 */
#ifndef GEN_BASE_NODE_H
#define GEN_BASE_NODE_H

#include "base/arena.h"
#include "base/moment.h"
#include "base/money.h"

enum gen_node_type {
    GEN_NODE_NONE = 0, /* what gen_node_type_of(NULL) gives */
    GEN_NODE_NULL,
    GEN_NODE_BOOL,
    GEN_NODE_INT,
    GEN_NODE_REAL,
    GEN_NODE_MONEY, /* only built by us; readers give INT or REAL with the lexeme kept */
    GEN_NODE_STRING,
    GEN_NODE_LIST,
    GEN_NODE_MAP,
};

struct gen_node {
    enum gen_node_type type;
    uint32_t line, column;         /* 1-based place of the value, 0 when built by a program */
    const char *key;               /* inside a map: its key, else NULL */
    uint32_t key_line, key_column; /* 1-based place of the key, 0 = not known (JSON, programs) */
    struct gen_node *next;         /* sibling in the list or map */
    const char *text;              /* STRING: UTF-8 with NUL; INT, REAL from a reader: the lexeme */
    size_t size;                   /* bytes of text; STRING may hold NUL inside */
    union {
        bool boolean;
        int64_t integer;
        double real;
        gen_micros micros;
        struct {
            struct gen_node *first, *last;
            size_t count;
        } children; /* LIST and MAP */
    } as;
};

/* Builders: NULL when the arena has failed. Text is copied. */
struct gen_node *gen_node_null(struct gen_arena *arena);
struct gen_node *gen_node_bool(struct gen_arena *arena, bool value);
struct gen_node *gen_node_int(struct gen_arena *arena, int64_t value);
struct gen_node *gen_node_real(struct gen_arena *arena, double value);
struct gen_node *gen_node_money(struct gen_arena *arena, gen_micros value);
struct gen_node *gen_node_string(struct gen_arena *arena, const char *text); /* NULL -> null */
struct gen_node *gen_node_string_sized(struct gen_arena *arena, const char *text, size_t size);
struct gen_node *gen_node_moment(struct gen_arena *arena, gen_moment moment); /* 0 -> null */
struct gen_node *gen_node_list(struct gen_arena *arena);
struct gen_node *gen_node_map(struct gen_arena *arena);

/* Appends `child`, which has no parent yet. set: the key must be new in the map (GEN_CHECK). The
 * key is copied into `arena`. Both return `child`. */
struct gen_node *gen_node_push(struct gen_node *list, struct gen_node *child);
struct gen_node *gen_node_set(struct gen_arena *arena, struct gen_node *map, const char *key,
                              struct gen_node *child);

/* The same for a caller that has already made sure that the key is new (a reader of a large map,
 * where looking again at every key would cost the square of their number). */
struct gen_node *gen_node_set_new(struct gen_arena *arena, struct gen_node *map, const char *key,
                                  struct gen_node *child);

/* A deep copy in another arena; NULL gives NULL. */
struct gen_node *gen_node_copy(struct gen_arena *arena, const struct gen_node *node);

/* Reading; every function accepts NULL and a node of another type. */
enum gen_node_type gen_node_type_of(const struct gen_node *node);
const char *gen_node_type_word(enum gen_node_type type); /* "text", "a list", ... for people */
const struct gen_node *gen_node_get(const struct gen_node *map,
                                    const char *key);                          /* NULL = absent */
const struct gen_node *gen_node_at(const struct gen_node *list, size_t index); /* O(index) */
const struct gen_node *gen_node_first(const struct gen_node *parent); /* then ->next; NULL at end */
size_t gen_node_count(const struct gen_node *parent);
const char *gen_node_text(const struct gen_node *node, const char *fallback); /* STRING only */
int64_t gen_node_integer(const struct gen_node *node, int64_t fallback);      /* INT, whole REAL */
double gen_node_number(const struct gen_node *node, double fallback);         /* INT, REAL, MONEY */
bool gen_node_truth(const struct gen_node *node, bool fallback);

/* Exact dollars from INT, REAL (by lexeme) or MONEY. GEN_EINVAL, GEN_EOVERFLOW. */
GEN_MUST_CHECK enum gen_status gen_node_dollars(const struct gen_node *node, gen_micros *out,
                                                struct gen_error *err);

/* Follows "scenes[2].overlay" from `root`; NULL when something is missing. `*deepest` (may be
 * NULL) is the last node that exists on the way, so an error about a missing key has a place. */
const struct gen_node *gen_node_find(const struct gen_node *root, const char *path,
                                     const struct gen_node **deepest);

#endif
