/* pattern_automaton.h - runs a program over a text: a deterministic automaton, built while it runs.
 *
 * Each state is a set of steps; where a state goes with a kind of character is worked out when it
 * is first asked and remembered in a table. When the table or the sets are full, all is forgotten
 * and begun again, so the time is at most (size of the text) x (steps of the program), with no
 * memory beyond the block that is made when the automaton is.
 *
 * Invariant: matching never allocates, never recurs, and looks at each byte once.
 * Thread: one at a time (it remembers). Floor: expr. Tests: tests/unit/expr/pattern_test.c
 */
#ifndef GEN_EXPR_PATTERN_AUTOMATON_H
#define GEN_EXPR_PATTERN_AUTOMATON_H

#include "expr/pattern_program.h"

struct gen_pattern_automaton;

/* `program` is borrowed. NULL: no memory. */
struct gen_pattern_automaton *gen_pattern_automaton_create(
    const struct gen_pattern_program *program, struct gen_arena *arena);

/* Does it match anywhere at or behind byte `at`? What stands before `at` counts for ^ and \b. */
bool gen_pattern_automaton_search(struct gen_pattern_automaton *automaton, const char *text,
                                  size_t size, size_t at);

#endif
