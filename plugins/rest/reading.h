/* reading.h - reads a map of settings into a struct by a table of its keys; mistakes are told by
 * key path.
 *
 * It knows shapes (a text, a number within bounds, one of some words), not what they are for. The
 * first mistake is kept as one sentence that begins with its key path: `poll.every: a number from 1
 * to 3600`; an unknown key names the one that it is nearest to.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_READING_H
#define REST_READING_H

#include <gen/kit.h>

struct reading {
    struct kit kit;
    const char *wrong; /* the first mistake; NULL = none so far */
    int broken;        /* out of memory */
};

enum reading_shape {
    READING_TEXT = 1, /* const char * */
    READING_INTEGER,  /* int64_t, within least and most */
    READING_NUMBER,   /* double, within least and most */
    READING_TRUTH,    /* int32_t */
    READING_WORD,     /* int32_t, of `choices` */
    READING_WORDS, /* const char *const *: a text, number or truth, or a list of them; NULL-ended */
    READING_PATHS, /* the same, each a path into an answer */
    READING_NODE,  /* const struct gen_node *, as it stands */
    READING_PART,  /* whatever `part` makes of it */
};

/* Reads a value that is there into `to`. */
typedef void reading_part(struct reading *reading, const struct gen_node *node, const char *at,
                          void *to);

struct reading_field { /* a table ends with a zero row */
    const char *key;
    int32_t shape, required;
    size_t offset;
    double least, most;
    const struct kit_choice *choices;
    reading_part *part;
};

#define READING_SAY(reading, ...) (reading)->kit.host->print((reading)->kit.arena, __VA_ARGS__)

/* Leaves "at: sentence" unless there is a mistake already. */
void reading_wrong(struct reading *reading, const char *at, const char *sentence);

/* `node` must be a map with no other keys than those of the table; what is absent stays as it
 * is. */
void reading_map(struct reading *reading, const struct gen_node *node, const char *at,
                 const struct reading_field *fields, void *to);

/* `size` zeroed bytes; NULL and `broken` without memory. */
void *reading_alloc(struct reading *reading, size_t size);

/* A list of strings, as of READING_WORDS; NULL after a mistake. */
const char *const *reading_words(struct reading *reading, const struct gen_node *node,
                                 const char *at);
const char *const *reading_paths(struct reading *reading, const struct gen_node *node,
                                 const char *at);

/* A scalar as text: 7 as "7", true as "true"; NULL for lists, maps, null and nothing. */
const char *reading_scalar(const struct kit *kit, const struct gen_node *node);

/* at.key and at[index]; "" without memory. */
const char *reading_under(struct reading *reading, const char *at, const char *key);
const char *reading_index(struct reading *reading, const char *at, size_t index);

/* The word among several that somebody most likely meant. Zeroed, with `asked`. */
struct reading_nearest {
    const char *asked, *best;
    size_t far;
};
void reading_try(struct reading_nearest *nearest, const char *word);
/* " (do you mean "width"?)", or "" when none is near. */
const char *reading_hint(struct reading *reading, const struct reading_nearest *nearest);

#endif
