/* function.c - see function.h. */
#include "expr/function.h"

enum { BYTES_A_STEP = 16 };

static const struct gen_fault exhausted = {"the expression costs too much: it was stopped", 0,
                                           true};
static const struct gen_fault no_memory = {"out of memory", 0, true};

bool gen_run_charge(struct gen_run *run, uint64_t bytes)
{
    uint64_t steps = bytes / BYTES_A_STEP + 1;

    if (run->budget < steps) {
        run->budget = 0;
        return false;
    }
    run->budget -= steps;
    return true;
}

struct gen_value gen_run_exhausted(void)
{
    return (struct gen_value){.kind = GEN_KIND_FAULT, .as.fault = &exhausted};
}

struct gen_value gen_run_no_memory(void)
{
    return (struct gen_value){.kind = GEN_KIND_FAULT, .as.fault = &no_memory};
}
