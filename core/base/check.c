/* check.c - see check.h for when a check is right. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void gen_check_failed(const char *expr, const char *file, int line)
{
    fprintf(stderr, "%s:%d: check failed: %s (this is a bug in Generation Engine)\n", file, line,
            expr);
    fflush(stderr);
    abort();
}
