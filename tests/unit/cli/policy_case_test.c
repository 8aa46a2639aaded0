/* policy_case_test.c - test files of policies: what they may say, and how a mistake in them is told. The
 * shipped ones are read, too. */
#include "cli/policy_case.h"

#include "cli/policy_files.h"
#include "policy/policy_set.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void set_up(void)
{
    strcpy(folder, "policy_case_XXXXXX");
    cr_assert(mkdtemp(folder) != NULL && chdir(folder) == 0);
    put("snapshot.yaml", "now: 2026-11-23T10:00:00Z\nmodels:\n  local/studio: {tier: 1, maxDuration: 60}\n");
}

static void tear_down(void)
{
    char command[96];

    cr_assert(chdir("..") == 0);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
}

TestSuite(policy_case, .init = set_up, .fini = tear_down);

struct mistake {
    const char *text;
    uint32_t line;
    const char *message; /* part of it */
};

static const struct mistake mistakes[] = {
    {"cases:\n  - name: a\n", 2, "missing key \"expect\""},
    {"cases:\n  - expect: {tier: 1}\n", 2, "missing key \"name\""},
    {"cases:\n  - {name: a, expect: {teir: 1}}\n", 2, "did you mean \"tier\"?"},
    {"cases:\n  - {name: a, expect: {tier: high}}\n", 2, "whole number"},
    {"cases:\n  - {name: a, expect: {}}\n", 2, "expects nothing"},
    {"cases:\n  - {name: a, expect: {complexity: {}}}\n", 2, "say a number"},
    {"cases:\n  - {name: a, expect: {complexity: {min: 3, max: 2}}}\n", 2, "min is more than max"},
    {"cases:\n  - {name: a, expect: {rejected: {local/studio: 1}}}\n", 2, "map of models to texts"},
    {"cases:\n  - {name: a, expect: {error: x, models: [a/b]}}\n", 2, "both models and an error"},
    {"cases:\n  - {name: a, expect: {tier: 1}}\n  - {name: a, expect: {tier: 1}}\n", 3, "two cases"},
    {"cases: []\n", 1, "between 1"},
    {"brief: 5\ncases:\n  - {name: a, expect: {tier: 1}}\n", 1, "must be a map of keys or the name of a file"},
    {"brief: gone.yaml\ncases:\n  - {name: a, expect: {tier: 1}}\n", 1, "gone.yaml"},
    {"cases:\n  - {name: a, snapshot: {extends: 5}, expect: {tier: 1}}\n", 2, "must be the name of a file"},
    {"- a\n", 1, "must be a map"},
};

Test(policy_case, mistakes_have_their_place)
{
    for (size_t i = 0; i < GEN_COUNT(mistakes); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_policy_suite *suite = NULL;
        struct gen_policy_problems problems;
        const struct gen_error *wrong;
        struct gen_error err = {0};

        put("x.yaml", mistakes[i].text);
        gen_policy_problems_init(&problems);
        cr_assert(eq(int, gen_policy_suite_read("x.yaml", arena, &problems, &suite, &err), GEN_EINVAL), "case %zu", i);
        cr_assert(eq(sz, problems.count, 1), "case %zu", i);
        wrong = &problems.items[0].error;
        cr_assert(strstr(wrong->message, mistakes[i].message) != NULL, "case %zu: %s", i, wrong->message);
        cr_assert(eq(str, (char *)wrong->file, (char *)"x.yaml"), "case %zu", i);
        cr_assert(eq(int, wrong->line, mistakes[i].line), "case %zu: %s", i, wrong->message);
        cr_assert(suite == NULL, "case %zu", i);
        gen_policy_problems_fini(&problems);
        gen_arena_destroy(arena);
    }
}

/* All mistakes of a file at once: wrong keys, wrong values, what several keys say together, files that are not
 * there, names that are there twice. */
Test(policy_case, all_mistakes_at_once)
{
    static const char says[] =
        "x.yaml:1:1: nmae: unknown key \"nmae\" in test file; did you mean \"name\"?\n"
        "x.yaml:2:11: cannot open gone.yaml: No such file or directory\n"
        "x.yaml:4:30: cases[0].expect.tier: must be between 1 and 3\n"
        "x.yaml:4:43: cases[0].expect.rejected: must be a map of models to texts (a filter, or a part of the sentence)\n"
        "x.yaml:4:48: cases[0].expect.erorr: unknown key \"erorr\" in expect; did you mean \"error\"?\n"
        "x.yaml:5:5: cases: two cases are called \"a\"\n"
        "x.yaml:5:22: a brief must be a map of keys or the name of a file, not a list\n"
        "x.yaml:5:35: cases[1].expect: expects nothing, so that it could never fail\n"
        "x.yaml:6:6: cases[2].nmae: unknown key \"nmae\" in case; did you mean \"name\"?\n"
        "x.yaml:6:23: cases[2].expect: expects both models and an error; an error means that none is chosen\n"
        "x.yaml:6:63: cases[2].expect.costEstimate: min is more than max\n"
        "x.yaml:7:5: cases[3].expect: missing key \"expect\" in case\n"
        "x.yaml:7:35: extends must be the name of a file, not a whole number\n"
        "x.yaml:7:45: cases[3].user: must be text, not a whole number; put it in quotes\n";
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_suite *suite = NULL;
    struct gen_policy_problems problems;
    struct gen_error err = {0};
    struct gen_bytes text;

    put("x.yaml", "nmae: all\n"
                  "snapshot: gone.yaml\n"
                  "cases:\n"
                  "  - {name: a, expect: {tier: 4, rejected: [x], erorr: x}}\n"
                  "  - {name: a, brief: [1], expect: {}}\n"
                  "  - {nmae: c, expect: {error: x, models: [a/b], costEstimate: {min: 2, max: 1}}}\n"
                  "  - {name: d, snapshot: {extends: 3}, user: 7}\n");
    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 16);
    cr_assert(eq(int, gen_policy_suite_read("x.yaml", arena, &problems, &suite, &err), GEN_EINVAL));
    gen_policy_problems_sort(&problems);
    gen_policy_problems_text(&problems, &text);
    cr_assert(eq(str, text.data, (char *)says));
    cr_assert(suite == NULL);
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
    gen_arena_destroy(arena);
}

/* What a file says for all its cases, a case can change. */
Test(policy_case, cases_change_what_they_share)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_suite *suite = NULL;
    const struct gen_policy_case *cases;
    struct gen_node *brief, *snapshot;
    struct gen_policy_problems problems;
    struct gen_error err = {0};

    gen_policy_problems_init(&problems);
    put("x.yaml", "organization: acme\nbrief: {title: A, budget: 5, scenes: [{prompt: x, duration: 5}]}\n"
                  "cases:\n"
                  "  - {name: first, expect: {tier: 1, costEstimate: 0.4, seconds: {max: 9}}}\n"
                  "  - {name: second, organization: other, strategy: cheapest, brief: {budget: 6},\n"
                  "     snapshot: {models: {local/studio: null}}, expect: {error: x}}\n");
    cr_assert(eq(int, gen_policy_suite_read("x.yaml", arena, &problems, &suite, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(sz, suite->cases.count, 2));
    cr_assert(eq(str, (char *)suite->name, (char *)"x.yaml"));
    cases = suite->cases.items;
    cr_assert(eq(str, (char *)cases[0].scenario.organization, (char *)"acme"));
    cr_assert(eq(str, (char *)cases[1].scenario.organization, (char *)"other"));
    cr_assert(cases[0].scenario.strategy == NULL);
    cr_assert(eq(str, (char *)cases[1].scenario.strategy, (char *)"cheapest"));
    cr_assert(cases[0].expect.price.has_is && !cases[0].expect.price.has_max);
    cr_assert(cases[0].expect.seconds.has_max && !cases[0].expect.complexity.has_is);
    brief = gen_policy_layers_merge(&cases[1].scenario.brief, arena);
    cr_assert(eq(int, gen_node_integer(gen_node_get(brief, "budget"), 0), 6));
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(brief, "title"), ""), (char *)"A"));
    snapshot = gen_policy_layers_merge(&cases[1].scenario.snapshot, arena);
    cr_assert(eq(sz, gen_node_count(gen_node_get(snapshot, "models")), 0));
    snapshot = gen_policy_layers_merge(&cases[0].scenario.snapshot, arena);
    cr_assert(eq(sz, gen_node_count(gen_node_get(snapshot, "models")), 1));
    gen_arena_destroy(arena);
}

Test(policy_case, snapshots_are_no_suites)
{
    cr_assert(eq(int, gen_policy_suite_is("a/tests/snapshot.yaml"), false));
    cr_assert(eq(int, gen_policy_suite_is("snapshot-busy.yaml"), false));
    cr_assert(gen_policy_suite_is("snapshot/tiers.yaml"));
    cr_assert(gen_policy_suite_is("tiers.yaml"));
}

/* The tests that ship can all be read, and there are at least forty. */
Test(policy_case, shipped_cases_are_read)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_problems problems;
    struct gen_policy_paths paths;
    struct gen_error err = {0};
    size_t count = 0;

    gen_policy_problems_init(&problems);
    cr_assert(eq(int, gen_policy_files_list(GEN_SOURCE_DIR "/policies/tests", false, false, arena, &paths, &err),
                 GEN_OK), "%s", err.message);
    for (size_t i = 0; i < paths.count; i++) {
        struct gen_policy_suite *suite = NULL;

        if (gen_policy_suite_is(paths.items[i])) {
            cr_assert(eq(int, gen_policy_suite_read(paths.items[i], arena, &problems, &suite, &err), GEN_OK), "%s",
                      err.message);
            count += suite->cases.count;
        }
    }
    cr_assert(count >= 40, "%zu", count);
    gen_arena_destroy(arena);
}

/* Wherever memory ends, it is said, and nothing is half there. */
Test(policy_case, no_memory)
{
    size_t size = 512;
    struct gen_policy_problems problems;
    enum gen_status status;

    gen_policy_problems_init(&problems);
    put("x.yaml", "brief: {scenes: [{prompt: x, duration: 5}]}\ncases:\n"
                  "  - {name: a, brief: {budget: 2}, snapshot: {seed: 1}, expect: {tier: 1, models: [a/b]}}\n");
    do {
        struct gen_arena *arena = gen_arena_create(size);
        struct gen_policy_suite *suite = NULL;
        struct gen_error err = {0};

        status = gen_policy_suite_read("x.yaml", arena, &problems, &suite, &err);
        cr_assert(status == GEN_OK || (status == GEN_ENOMEM && suite == NULL), "%zu: %s", size, err.message);
        gen_arena_destroy(arena);
        size += size / 4;
    } while (status != GEN_OK && size < (size_t)64 << 20);
    cr_assert(eq(int, status, GEN_OK));
}
