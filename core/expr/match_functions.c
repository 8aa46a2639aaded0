/* match_functions.c - see match_functions.h. */
#include "expr/match_functions.h"

#include "expr/pattern.h"

/* Compiling may take this many times the pattern's size (repetitions are unrolled). */
enum { COMPILE_FACTOR = 1000 };

static struct gen_value match(struct gen_run *run, const struct gen_value *args, size_t count)
{
    struct gen_pattern *pattern = NULL;
    struct gen_error err;
    enum gen_status status;

    GEN_CHECK(count == 2);
    if (!gen_run_charge(run, args[0].size + (uint64_t)args[1].size * COMPILE_FACTOR)) {
        return gen_run_exhausted();
    }
    status = gen_pattern_compile(args[1].as.text, args[1].size, run->arena, &pattern, &err);
    if (status == GEN_ENOMEM) {
        return gen_run_no_memory();
    }
    if (status != GEN_OK) {
        return gen_value_fault(run->arena, "%s", err.message);
    }
    return gen_value_bool(gen_pattern_match(pattern, args[0].as.text, args[0].size));
}

const struct gen_overload gen_match_functions[] = {
    {"matches", "s.s:b", match},
    {"matches", "ss:b", match},
    {0},
};
