/* choice.c - see choice.h. */
#include "base/choice.h"

#include <string.h>

const char *gen_choice_word(const struct gen_choice *choices, int value)
{
    while (choices->word != NULL && choices->value != value) {
        choices++;
    }
    return choices->word;
}

int gen_choice_value(const struct gen_choice *choices, const char *word)
{
    while (choices->word != NULL && strcmp(choices->word, word) != 0) {
        choices++;
    }
    return choices->word != NULL ? choices->value : -1;
}

size_t gen_choice_count(const struct gen_choice *choices)
{
    size_t count = 0;

    while (choices[count].word != NULL) {
        count++;
    }
    return count;
}

const char *gen_choice_name(const void *choices, size_t index)
{
    const struct gen_choice *rows = choices;

    return rows[index].word;
}
