/* exit_code.c - see exit_code.h. */
#include "cli/exit_code.h"

const struct gen_exit_row gen_exit_rows[] = {
#define EXIT_ROW(name, code, meaning) {code, meaning},
    GEN_EXIT_TABLE(EXIT_ROW)
#undef EXIT_ROW
        {0, NULL},
};

struct exit_of {
    enum gen_status status;
    enum gen_exit code;
};

/* What is not here is an ordinary failure. */
static const struct exit_of exit_table[] = {
    {GEN_EINVAL, GEN_EXIT_USAGE},
    {GEN_ETOOLARGE, GEN_EXIT_USAGE},
    {GEN_EOVERFLOW, GEN_EXIT_USAGE},
    {GEN_EUNSUPPORTED, GEN_EXIT_USAGE},
    {GEN_EUNREACHABLE, GEN_EXIT_UNREACHABLE},
    {GEN_ENOTFOUND, GEN_EXIT_NOT_FOUND},
    {GEN_EBUDGET, GEN_EXIT_BUDGET},
    {GEN_ECONFLICT, GEN_EXIT_CONFLICT},
    {GEN_ECANCELED, GEN_EXIT_INTERRUPTED},
    {GEN_OK, GEN_EXIT_OK},
};

enum gen_exit gen_exit_of(enum gen_status status)
{
    const struct exit_of *row = exit_table;

    if (status == GEN_OK) {
        return GEN_EXIT_OK;
    }
    while (row->status != GEN_OK && row->status != status) {
        row++;
    }
    return row->status == GEN_OK ? GEN_EXIT_FAILED : row->code;
}

enum gen_exit gen_exit_of_input(enum gen_status status)
{
    switch (status) {
    case GEN_ENOTFOUND:
    case GEN_EDENIED:
    case GEN_EIO:
    case GEN_ELIMIT:
        return GEN_EXIT_USAGE;
    default:
        return gen_exit_of(status);
    }
}
