/* Problems: sorted, without doubles, bounded. */
#include "policy/policy_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static void add(struct gen_policy_problems *problems, const char *file, uint32_t line,
                const char *message, bool warning)
{
    struct gen_error err = {0};

    gen_error_set(&err, GEN_EINVAL, "%s", message);
    gen_error_place(&err, file, line, 1, NULL);
    gen_policy_problems_add(problems, &err, warning);
}

Test(policy_problem, sorted_and_single)
{
    struct gen_policy_problems problems;
    struct gen_bytes text;

    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 4096);
    add(&problems, "b", 2, "two", false);
    add(&problems, "b", 2, "two", false); /* the same: once */
    add(&problems, "b", 1, "one", true);
    add(&problems, "a", 9, "nine", false);
    cr_expect(eq(sz, problems.mistakes, 2)); /* a warning is none */
    gen_policy_problems_sort(&problems);
    cr_expect(eq(int, gen_policy_problems_text(&problems, &text), GEN_OK));
    cr_expect(eq(str, text.data, "a:9:1: nine\nb:1:1: warning: one\nb:2:1: two\n"));
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}

/* A file with a thousand mistakes is described by a hundred. */
Test(policy_problem, bounded)
{
    struct gen_policy_problems problems;
    struct gen_bytes text;

    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 20);
    for (uint32_t line = 1; line <= 1000; line++) {
        add(&problems, "a", line, "wrong", false);
    }
    cr_expect(eq(sz, problems.count, GEN_POLICY_MAX_PROBLEMS));
    cr_expect(eq(sz, problems.mistakes, 1000));
    gen_policy_problems_text(&problems, &text);
    cr_expect(ne(ptr, strstr(text.data, "... and 900 more\n"), NULL));
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}
