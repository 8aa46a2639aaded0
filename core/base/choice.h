/* choice.h - a closed set of words, each with its value and its help.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/choice_test.c
 */
#ifndef GEN_BASE_CHOICE_H
#define GEN_BASE_CHOICE_H

#include <stddef.h>

struct gen_choice { /* a table of these ends with word NULL */
    const char *word;
    int value;
    const char *help;
};

/* Word of a value, or NULL; value of a word, or -1. Words are compared exactly. */
const char *gen_choice_word(const struct gen_choice *choices, int value);
int gen_choice_value(const struct gen_choice *choices, const char *word);

size_t gen_choice_count(const struct gen_choice *choices);

/* The word of row `index`; a gen_name_at, whose context is the table. */
const char *gen_choice_name(const void *choices, size_t index);

#endif
