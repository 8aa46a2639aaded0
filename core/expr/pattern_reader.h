/* pattern_reader.h - the text of a regular expression, and its parts that are smaller than an item:
 * escapes, classes in brackets, counts, what opens a group.
 *
 * NOT here: items, groups and repeats (pattern_syntax.h).
 * Invariant: the reader stands on the border of a character, which is valid UTF-8.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/pattern_syntax_test.c
 */
#ifndef GEN_EXPR_PATTERN_READER_H
#define GEN_EXPR_PATTERN_READER_H

#include "base/error.h"
#include "expr/pattern_classes.h"

enum {
    GEN_PATTERN_SIZE = 64 * 1024, /* bytes of a pattern */
    GEN_PATTERN_DEPTH = 200,      /* groups inside each other */
    GEN_PATTERN_HEIGHT = 1000,    /* of a tree that a repeat may be put on */
    GEN_PATTERN_COUNT = 1000,     /* counts, and their product where repeats are nested */
    GEN_PATTERN_TREE_MOST = 8 * 1024 * 1024, /* bytes that reading may take */
};

enum gen_pattern_flag {
    GEN_PATTERN_FOLD = 1u << 0,    /* (?i) */
    GEN_PATTERN_LINES = 1u << 1,   /* (?m): ^ and $ at lines too */
    GEN_PATTERN_DOT_ALL = 1u << 2, /* (?s): . is a newline too */
    GEN_PATTERN_LAZY = 1u << 3,    /* (?U): changes nothing here */
};

struct gen_pattern_word; /* a name that was seen */

struct gen_pattern_reader {
    const char *text;
    size_t size, at;
    struct gen_arena *arena;
    size_t used;    /* of the arena, when reading began */
    uint32_t flags; /* that hold at this place */
    uint32_t depth; /* groups around this place */
    bool no_names;  /* no ":]" stands behind this place, so that it is not looked for again */
    struct gen_pattern_word *groups;  /* (?P<names>) so far */
    struct gen_pattern_word *escapes; /* \p{names} so far, with their classes */
    struct gen_error *err;
};

/* "regular expression, column 5: ..." for byte `at`: GEN_EINVAL, GEN_ELIMIT; and GEN_ENOMEM. */
enum gen_status gen_pattern_refuse(struct gen_pattern_reader *reader, size_t at, const char *format,
                                   ...) GEN_PRINTF(3, 4);
enum gen_status gen_pattern_limit(struct gen_pattern_reader *reader, size_t at, const char *format,
                                  ...) GEN_PRINTF(3, 4);
enum gen_status gen_pattern_no_memory(struct gen_pattern_reader *reader);

/* Does `word` stand here? */
bool gen_pattern_looking_at(const struct gen_pattern_reader *reader, const char *word);
/* The character here, which there is; the reader moves behind it. */
uint32_t gen_pattern_take(struct gen_pattern_reader *reader);
/* Digits at `*at`, which moves behind them; numbers beyond GEN_PATTERN_COUNT are cut to one more.
 *  */
bool gen_pattern_read_number(const struct gen_pattern_reader *reader, size_t *at, int32_t *number);

/* \n, \x{1F3AC}, \., ...: one character; the reader stands on the backslash. */
GEN_MUST_CHECK enum gen_status gen_pattern_read_escape(struct gen_pattern_reader *reader,
                                                       uint32_t *codepoint);
/* \d, \pL, \P{Greek}, ...; `*chars` stays NULL when it is none of these. */
GEN_MUST_CHECK enum gen_status gen_pattern_read_class_escape(
    struct gen_pattern_reader *reader, const struct gen_pattern_class **chars);
/* [...]; the reader stands on the bracket. */
GEN_MUST_CHECK enum gen_status gen_pattern_read_brackets(struct gen_pattern_reader *reader,
                                                         const struct gen_pattern_class **chars);
/* What follows "(?" (which began at `at`): sets the flags. `*group`: does a group begin, or was it
 * only (?i)? */
GEN_MUST_CHECK enum gen_status gen_pattern_read_group(struct gen_pattern_reader *reader, size_t at,
                                                      bool *group);

#endif
