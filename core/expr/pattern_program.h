/* pattern_program.h - a regular expression as a nondeterministic automaton over characters.
 *
 * NOT here: the syntax (pattern_syntax.h), running it (pattern_automaton.h). Characters that no
 * part of the pattern tells apart are one kind, so an automaton sees a few kinds and not a million
 * characters: a class such as \pL costs one step like any other.
 *
 * Invariant: a program does not change and holds nothing of the tree it was made from.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/pattern_test.c
 */
#ifndef GEN_EXPR_PATTERN_PROGRAM_H
#define GEN_EXPR_PATTERN_PROGRAM_H

#include "base/error.h"
#include "expr/pattern_syntax.h"

enum {
    GEN_PATTERN_STEPS = 20000,          /* most steps of a program */
    GEN_PATTERN_RANGES = 200000,        /* most ranges of all its classes together */
    GEN_PATTERN_BITS = 8 * 1024 * 1024, /* most classes times kinds */
    GEN_PATTERN_SEVERAL = 0xFFFF,
};

enum gen_pattern_op {
    GEN_PATTERN_OP_CHARS = 1, /* a character of these kinds, then `next` */
    GEN_PATTERN_OP_SPLIT,     /* `next` or `other` */
    GEN_PATTERN_OP_ASSERT,    /* `next` where `place` holds */
    GEN_PATTERN_OP_MATCH,
};

struct gen_pattern_step {
    uint8_t op, place;
    uint16_t next, other;
    uint16_t kind; /* CHARS: the only kind, or GEN_PATTERN_SEVERAL */
    uint32_t bits; /* CHARS of several kinds: where in `bits` these begin, one bit a kind */
};

/* What stands before or after a place, for the assertions. */
enum gen_pattern_side {
    GEN_PATTERN_UNKNOWN = 0,
    GEN_PATTERN_EDGE, /* begin or end of the text */
    GEN_PATTERN_NEWLINE,
    GEN_PATTERN_WORD,
    GEN_PATTERN_OTHER,
    GEN_PATTERN_SIDES,
};

struct gen_pattern_program {
    struct gen_pattern_step *steps;
    uint32_t count;
    uint16_t start;
    bool anchored;       /* it can only match from the beginning of the text */
    uint32_t kind_count; /* kinds of characters; then follow the two below */
    uint16_t broken;     /* the kind of a byte that is not UTF-8: in no class */
    uint16_t end;        /* the kind of the end of the text */
    uint8_t *sides;      /* of each kind: an enum gen_pattern_side */
    uint64_t *bits;
    uint32_t range_count;   /* runs of characters of one kind: */
    uint32_t *range_firsts; /* their first characters, in order; the first is 0 */
    uint16_t *range_kinds;
    uint16_t ascii[128]; /* the kind of each */
};

/* GEN_ELIMIT: the program would be too large; GEN_ENOMEM. `scratch` may be the same arena. */
GEN_MUST_CHECK enum gen_status gen_pattern_program_build(const struct gen_pattern_tree *tree,
                                                         struct gen_arena *arena,
                                                         struct gen_arena *scratch,
                                                         struct gen_pattern_program *out,
                                                         struct gen_error *err);

/* The kind of a character. */
uint16_t gen_pattern_program_kind(const struct gen_pattern_program *program, uint32_t codepoint);

/* Does a CHARS step take a character of this kind? */
static inline bool gen_pattern_step_takes(const struct gen_pattern_program *program,
                                          const struct gen_pattern_step *step, uint32_t kind)
{
    if (step->kind != GEN_PATTERN_SEVERAL) {
        return step->kind == kind;
    }
    return (program->bits[step->bits + kind / 64] >> (kind % 64) & 1) != 0;
}

#endif
