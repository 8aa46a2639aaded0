/* policy_names_test.c - names in test cases that nobody has, and who was probably meant. */
#include "cli/policy_names.h"

#include "base/alloc.h"
#include "cli/policy_files.h"
#include "platform/crypto.h"
#include "policy/policy_set.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *text; /* of a case, in the world of two models and the shipped policies */
    uint32_t line;
    const char *message; /* part of it; NULL = in order */
} cases[] = {
    {"    expect: {models: [local/studio], avoid: [kling], rules: [presenters], strategy: balanced}", 0,
     NULL},
    {"    expect: {avoid: ['*', kling/*], silent: [film], rejected: {kling/kling-v3: tier}}", 0, NULL},
    {"    expect: {models: [local/studo]}", 6, "did you mean \"local/studio\"?"},
    {"    expect:\n      first:\n        - kling/kling-v3\n        - kling/kling-v4", 9,
     "there is no model in the snapshot \"kling/kling-v4\""},
    {"    expect: {order: [veo/veo-9]}", 6, "there is no model in the snapshot"},
    {"    expect: {avoid: [klng]}", 6, "did you mean \"kling\"?"},
    {"    expect: {rejected: {kling/kling-3: tier}}", 6, "did you mean \"kling/kling-v3\"?"},
    {"    expect: {rules: [presenter]}", 6, "there is no rule \"presenter\"; did you mean \"presenters\"?"},
    {"    expect: {silent: [flim]}", 6, "did you mean \"film\"?"},
    {"    expect: {strategy: balancd}", 6, "did you mean \"balanced\"?"},
    {"    strategy: cheepest\n    expect: {tier: 1}", 6, "did you mean \"cheapest\"?"},
    {"    strategy: cheepest\n    expect: {error: there is no strategy}", 0, NULL}, /* that is the case */
    {"    snapshot: {provders: {}}\n    expect: {tier: 1}", 6, "did you mean \"providers\"?"},
    {"    expect: {needs: [avatr]}", 6, "there is no need \"avatr\"; did you mean \"avatar\"?"},
    {"    brief: {models: [kling/kling-3]}\n    expect: {tier: 1}", 6, "did you mean \"kling/kling-v3\"?"},
    {"    brief: {models: [kling/kling-3]}\n    expect: {error: loaded}", 0, NULL},
    /* what a case changes of the world */
    {"    snapshot: {models: {kling/kling-v3: null}}\n    expect: {tier: 1}", 0, NULL},
    {"    snapshot: {models: {kling/kling-3: null}}\n    expect: {tier: 1}", 6, "did you mean \"kling/kling-v3\"?"},
    {"    snapshot: {models: {nobody/twin: {tier: 1}}, providers: {nobody: {health: 0.1}}}\n"
     "    expect: {tier: 2}", 0, NULL},
    {"    snapshot: {providers: {veo: {health: 0.1}}}\n    expect: {tier: 2}", 0, NULL},
    {"    snapshot: {providers: {klng: {health: 0.1}}}\n    expect: {tier: 2}", 6, "did you mean \"kling\"?"},
    {"    snapshot: {team: {plan: starter}}\n    expect: {tier: 2}", 0, NULL},
    {"    snapshot: {team: {plan: startr}}\n    expect: {tier: 2}", 6, "did you mean \"starter\"?"},
    {"    snapshot: {provders: {}}\n    brief: {scenes: []}\n    expect: {error: scenes}", 6,
     "did you mean \"providers\"?"},
    {"    brief: {scenes: []}\n    expect: {tier: 1}", 6, "scenes"},
    {"    brief: {scenes: []}\n    expect: {error: scenes}", 0, NULL},
};

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    cr_assert(file != NULL);
    fputs("brief: {scenes: [{prompt: a sea, duration: 5}]}\n"
          "snapshot:\n  {now: '2026-11-23T10:00:00Z', models: {local/studio: {}, kling/kling-v3: {}}}\n"
          "cases:\n  - name: a\n",
          file);
    fputs(text, file);
    fputs("\n", file);
    fclose(file);
}

Test(policy_names, are_looked_up)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_problems policies;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    char name[] = "policy_names_XXXXXX";
    int fd = mkstemp(name);

    cr_assert(fd >= 0 && close(fd) == 0);
    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    gen_policy_problems_init(&policies);
    cr_assert(eq(int, gen_policy_load(GEN_SOURCE_DIR "/policies", NULL, &policies, &set, &err), GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_policy_problems problems;
        struct gen_policy_suite *suite = NULL;

        gen_policy_problems_init(&problems);
        put(name, cases[i].text);
        cr_assert(eq(int, gen_policy_suite_read(name, arena, &problems, &suite, &err), GEN_OK),
                  "case %zu: %s", i, problems.count > 0 ? problems.items[0].error.message : "");
        cr_expect(eq(int, gen_policy_names_check(suite, set, arena, &problems, &err), GEN_OK));
        cr_expect(eq(sz, problems.mistakes, cases[i].message != NULL), "case %zu: %s", i,
                  problems.count > 0 ? problems.items[0].error.message : "nothing found");
        if (cases[i].message != NULL && problems.count > 0) {
            cr_expect(strstr(problems.items[0].error.message, cases[i].message) != NULL ||
                          strstr(problems.items[0].error.path, cases[i].message) != NULL,
                      "case %zu: %s", i, problems.items[0].error.message);
            cr_expect(eq(u32, problems.items[0].error.line, cases[i].line), "case %zu", i);
        }
        gen_policy_problems_fini(&problems);
    }
    gen_policy_destroy(set);
    gen_policy_problems_fini(&policies);
    gen_arena_destroy(arena);
    unlink(name);
}

/* Every allocation failing in turn: an error, or everything that is wrong. */
Test(policy_names, no_memory)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_policy_suite *suite = NULL;
    struct gen_error err = {0};
    char name[] = "policy_names_XXXXXX";
    int fd = mkstemp(name);
    enum gen_status status = GEN_ENOMEM;

    cr_assert(fd >= 0 && close(fd) == 0);
    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    gen_policy_problems_init(&problems);
    cr_assert(eq(int, gen_policy_load(GEN_SOURCE_DIR "/policies", NULL, &problems, &set, &err), GEN_OK));
    put(name, "    snapshot: {models: {klng/x: null}, team: {plan: startr}}\n"
              "    expect: {avoid: [klng], rules: [presenter], needs: [avatr], rejected: {a/b: c}}\n");
    cr_assert(eq(int, gen_policy_suite_read(name, arena, &problems, &suite, &err), GEN_OK));
    for (uint64_t nth = 1; status != GEN_OK && nth < 1000; nth++) {
        struct gen_arena *own = gen_arena_create(0);
        struct gen_policy_problems found;

        gen_policy_problems_init(&found);
        gen_alloc_fail_at(nth);
        status = gen_policy_names_check(suite, set, own, &found, &err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM, "%s", err.message);
        cr_expect(status != GEN_OK || found.mistakes == 6, "%zu", found.mistakes);
        gen_policy_problems_fini(&found);
        gen_arena_destroy(own);
    }
    cr_expect(eq(int, status, GEN_OK));
    gen_policy_destroy(set);
    gen_policy_problems_fini(&problems);
    gen_arena_destroy(arena);
    unlink(name);
}
