/* registry.c - see registry.h. */
#include "model/registry.h"

#include "base/name.h"

#include <string.h>

static const struct {
    uint32_t bit;
    const char *word;
} needs[] = {
#define NEEDS_ROW(name, bit, word) {name, word},
    GEN_NEEDS_TABLE(NEEDS_ROW)
#undef NEEDS_ROW
        {0, NULL}};

const char *gen_needs_word(uint32_t bit)
{
    for (size_t i = 0; needs[i].word != NULL; i++) {
        if (needs[i].bit == bit) {
            return needs[i].word;
        }
    }
    return NULL;
}

static const char *needs_at(const void *context, size_t index)
{
    (void)context;
    return needs[index].word;
}

const char *gen_needs_nearest(const char *wrong)
{
    return gen_name_nearest(wrong, needs_at, NULL, sizeof(needs) / sizeof(needs[0]) - 1);
}

uint32_t gen_needs_of(const char *word)
{
    for (size_t i = 0; needs[i].word != NULL; i++) {
        if (strcmp(needs[i].word, word) == 0) {
            return needs[i].bit;
        }
    }
    return 0;
}
