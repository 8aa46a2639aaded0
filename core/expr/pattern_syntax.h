/* pattern_syntax.h - reads a regular expression in RE2's syntax into a tree.
 *
 * NOT here: what a tree matches (pattern_program.h). As only "does it occur" is asked, groups leave
 * no trace in the tree, and lazy and greedy are the same.
 *
 * Invariant: a tree is less than GEN_PATTERN_HEIGHT + 4 * GEN_PATTERN_DEPTH high, so that functions
 * over it may recur; repeats inside each other make at most GEN_PATTERN_COUNT copies.
 * Not taken, as in Go: \C (one byte). Taken as in newer versions of RE2: (?<name>...).
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/pattern_syntax_test.c
 */
#ifndef GEN_EXPR_PATTERN_SYNTAX_H
#define GEN_EXPR_PATTERN_SYNTAX_H

#include "base/error.h"
#include "expr/pattern_classes.h"

enum gen_pattern_kind {
    GEN_PATTERN_EMPTY = 1,
    GEN_PATTERN_CHARS,     /* one character of `chars`, which may be empty */
    GEN_PATTERN_CONCAT,    /* children one after the other */
    GEN_PATTERN_ALTERNATE, /* any of the children */
    GEN_PATTERN_REPEAT,    /* the child `least` to `most` times */
    GEN_PATTERN_ASSERT,    /* nothing, where `place` holds */
};

enum gen_pattern_place {
    GEN_PATTERN_BEGIN = 1,  /* \A, ^ */
    GEN_PATTERN_END,        /* \z, $ */
    GEN_PATTERN_BEGIN_LINE, /* ^ with (?m) */
    GEN_PATTERN_END_LINE,
    GEN_PATTERN_WORD_EDGE, /* \b */
    GEN_PATTERN_NO_WORD_EDGE,
};

enum { GEN_PATTERN_ENDLESS = -1 };

struct gen_pattern_tree {
    enum gen_pattern_kind kind;
    enum gen_pattern_place place;
    int32_t least, most; /* most: or GEN_PATTERN_ENDLESS */
    uint32_t copies;     /* of the deepest part, by repeats inside each other; at least 1 */
    uint32_t height;     /* at least that of each child + 1 */
    struct gen_pattern_tree *first, *last;    /* children */
    struct gen_pattern_tree *next, *previous; /* beside this */
    const struct gen_pattern_class *chars;    /* finished; may be shared */
};

/* `*out` lives in `arena`. GEN_EINVAL: with the column (in characters) inside the pattern;
 * GEN_ELIMIT: too long, too deep, too large; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_pattern_parse(const char *text, size_t size,
                                                 struct gen_arena *arena,
                                                 struct gen_pattern_tree **out,
                                                 struct gen_error *err);

#endif
