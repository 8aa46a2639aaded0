/* failure.c - see failure.h. */
#include "model/failure.h"

#include "base/check.h"

#include <stddef.h>
#include <string.h>

struct failure_row {
    enum gen_failure failure;
    const char *word, *meaning;
};

static const struct failure_row failures[] = {
#define FAILURE_ROW(name, value, word, text) {name, word, text},
    GEN_FAILURE_TABLE(FAILURE_ROW)
#undef FAILURE_ROW
        {GEN_FAILURE_NONE, "", ""}};

static const struct failure_row *failure_find(enum gen_failure failure)
{
    const struct failure_row *row = failures;

    while (row->failure != GEN_FAILURE_NONE && row->failure != failure) {
        row++;
    }
    return row;
}

const char *gen_failure_word(enum gen_failure failure)
{
    return failure_find(failure)->word;
}

const char *gen_failure_meaning(enum gen_failure failure)
{
    return failure_find(failure)->meaning;
}

enum gen_failure gen_failure_of(const char *word)
{
    const struct failure_row *row = failures;

    while (row->failure != GEN_FAILURE_NONE && strcmp(row->word, word) != 0) {
        row++;
    }
    return row->failure;
}
