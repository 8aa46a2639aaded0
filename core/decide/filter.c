/* filter.c - see filter.h. */
#include "decide/filter.h"

#include <stddef.h>

static const struct {
    const char *word, *help;
} filters[] = {{NULL, NULL},
#define FILTER_ROW(name, word, help) {word, help},
               GEN_FILTER_TABLE(FILTER_ROW)
#undef FILTER_ROW
};

const char *gen_filter_word(enum gen_filter filter)
{
    return filter > GEN_FILTER_NONE && filter < GEN_FILTER_END ? filters[filter].word : NULL;
}

const char *gen_filter_help(enum gen_filter filter)
{
    return filter > GEN_FILTER_NONE && filter < GEN_FILTER_END ? filters[filter].help : NULL;
}
