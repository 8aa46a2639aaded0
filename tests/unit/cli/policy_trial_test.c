/* policy_trial_test.c - cases decided with the shipped policies: each expectation can fail, and says what came
 * out; coverage counts what was used. */
#include "cli/policy_trial.h"

#include "cli/policy_coverage.h"
#include "platform/crypto.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const char world[] =
    "now: 2026-11-23T10:00:00Z\n"
    "models:\n"
    "  local/studio: {needs: [text_overlay], tier: 1, quality: 5.5, maxDuration: 60, wholeStoryboard: true}\n"
    "  kling/kling-v3: {maxDuration: 15}\n"
    "  veo/gemini-omni-1.2-flash: {maxDuration: 15}\n"
    "  nobody/unpriced: {tier: 2, maxDuration: 60}\n";

static const char kettle[] = "{resolution: 1280x720, scenes: [{prompt: A kettle boils, duration: 5}]}";

struct bench {
    struct gen_arena *arena;
    struct gen_policy_problems problems;
    struct gen_policy_set *set;
};

static void bench_init(struct bench *bench)
{
    struct gen_policy_terms terms = {0};
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    *bench = (struct bench){.arena = gen_arena_create(0)};
    gen_policy_problems_init(&bench->problems);
    cr_assert(eq(int, gen_policy_load(GEN_SOURCE_DIR "/policies", &terms, &bench->problems, &bench->set, &err),
                 GEN_OK), "%s", err.message);
}

static void bench_fini(struct bench *bench)
{
    gen_policy_destroy(bench->set);
    gen_policy_problems_fini(&bench->problems);
    gen_arena_destroy(bench->arena);
}

static const struct gen_node *yaml(const char *text, struct gen_arena *arena)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_yaml_read(text, strlen(text), NULL, arena, &node, &err), GEN_OK), "%s", err.message);
    return node;
}

/* A case out of `{name: ..., expect: ...}`. */
static struct gen_policy_case *make_case(struct bench *bench, const char *brief, const char *strategy,
                                         const char *expect)
{
    const char *text = gen_arena_printf(bench->arena, "{cases: [{name: a, expect: %s}]}", expect);
    struct gen_policy_suite *suite = gen_arena_alloc(bench->arena, sizeof(*suite));
    struct gen_policy_case *item;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_record_bind(&gen_policy_suite_record, yaml(text, bench->arena), "", bench->arena, suite,
                                      &err), GEN_OK), "%s: %s", expect, err.message);
    item = suite->cases.items;
    item->scenario.strategy = strategy;
    item->scenario.brief.items[0] = (struct gen_policy_layer){yaml(brief, bench->arena), "brief.yaml"};
    item->scenario.brief.count = 1;
    item->scenario.snapshot.items[0] = (struct gen_policy_layer){yaml(world, bench->arena), "world.yaml"};
    item->scenario.snapshot.count = 1;
    return item;
}

struct expected {
    const char *strategy, *expect;
    const char *what; /* the key that differs; NULL = all as expected */
    const char *got;  /* part of what is said to have come out */
};

static const struct expected cases[] = {
    {NULL, "{models: [kling/kling-v3]}", NULL, NULL},
    {NULL, "{models: [local/studio]}", "models", "kling/kling-v3"},
    {NULL, "{models: [kling/kling-v3, local/studio]}", "models", "kling/kling-v3"},
    {NULL, "{first: [kling/kling-v3]}", NULL, NULL},
    {NULL, "{first: [kling/kling-v3, kling/kling-v3]}", "first", "kling/kling-v3"},
    {NULL, "{order: [kling/kling-v3]}", NULL, NULL},
    {NULL, "{order: [kling/kling-v3, veo/gemini-omni-1.2-flash]}", NULL, NULL},
    {NULL, "{order: [veo/gemini-omni-1.2-flash]}", "order", "kling/kling-v3, veo"},
    {NULL, "{avoid: [veo]}", NULL, NULL},
    {NULL, "{avoid: [\"kling/*\"]}", "avoid", "kling/kling-v3"},
    {NULL, "{strategy: balanced}", NULL, NULL},
    {NULL, "{strategy: cheapest}", "strategy", "balanced (the default"},
    {"cheapest", "{strategy: balanced}", "strategy", "cheapest (named by the user)"},
    {NULL, "{tier: 2}", NULL, NULL},
    {NULL, "{tier: 3}", "tier", "2 (complexity 5"},
    {NULL, "{complexity: 5}", NULL, NULL},
    {NULL, "{complexity: {min: 4, max: 6}}", NULL, NULL},
    {NULL, "{complexity: {min: 6}}", "complexity", "5"},
    {NULL, "{costEstimate: 0.15}", NULL, NULL},
    {NULL, "{costEstimate: 0.150001}", "costEstimate", "0.15"},
    {NULL, "{costMost: {max: 0.1}}", "costMost", "0.15"},
    {NULL, "{seconds: {max: 1}}", "seconds", ""},
    {NULL, "{needs: [avatar]}", "needs", "none"},
    {NULL, "{rejected: {local/studio: tier}}", NULL, NULL},
    {NULL, "{rejected: {local/studio: is of tier 1}}", NULL, NULL},
    {NULL, "{rejected: {local/studio: budget}}", "rejected", "tier: is of tier 1"},
    {NULL, "{rejected: {kling/kling-v3: tier}}", "rejected", "it is chosen"},
    {NULL, "{rejected: {no/where: tier}}", "rejected", "not among the candidates"},
    {NULL, "{rejected: {nobody/unpriced: price}}", NULL, NULL},
    {NULL, "{rules: [underused]}", NULL, NULL},
    {NULL, "{rules: [limping]}", "rules", "it fires, and changes nothing"},
    {NULL, "{rules: [no such rule]}", "rules", "there is no such rule"},
    {NULL, "{silent: [presenters]}", NULL, NULL},
    {NULL, "{reason: Medium storyboard}", NULL, NULL},
    {NULL, "{reason: Complex}", "reason", "Medium storyboard"},
    {NULL, "{warning: anything}", "warning", "none"},
    {NULL, "{error: budget_exceeded}", "error", "a decision"},
    {"fastset", "{error: invalid}", NULL, NULL},
    {"fastset", "{error: there is no strategy}", NULL, NULL},
    {"fastset", "{error: budget_exceeded}", "error", "invalid: there is no strategy \"fastset\""},
    {"fastset", "{tier: 2}", "error", "fastset"}, /* nobody expected it to be refused */
};

Test(policy_trial, each_expectation_can_fail)
{
    struct bench bench;

    bench_init(&bench);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_policy_case *item = make_case(&bench, kettle, cases[i].strategy, cases[i].expect);
        struct gen_policy_trial trial;
        struct gen_error err = {0};

        cr_assert(eq(int, gen_policy_trial_run(item, bench.set, NULL, bench.arena, &trial, &err), GEN_OK), "%s",
                  err.message);
        cr_assert(trial.broken == NULL, "case %zu: %s", i, trial.broken);
        if (cases[i].what == NULL) {
            cr_assert(trial.first == NULL, "case %zu: %s: %s, got %s", i, trial.first->what,
                      trial.first->expected, trial.first->got);
            continue;
        }
        cr_assert(trial.first != NULL, "case %zu passes", i);
        cr_assert(eq(str, (char *)trial.first->what, (char *)cases[i].what), "case %zu", i);
        cr_assert(strstr(trial.first->got, cases[i].got) != NULL, "case %zu: %s", i, trial.first->got);
    }
    bench_fini(&bench);
}

struct breaking {
    const char *brief;
    const char *message; /* part of it */
};

static const struct breaking breakings[] = {
    {"{scenes: []}", "brief.yaml:1:"},
    {"{scenes: [{prompt: x, duration: -1}]}", "scenes[0].duration"},
    {"{scenes: [{prompt: x, duration: 5}], deliver: [tiktak]}", "there is no delivery spec \"tiktak\""},
};

Test(policy_trial, a_case_that_makes_no_sense_is_broken_not_failed)
{
    struct bench bench;

    bench_init(&bench);
    for (size_t i = 0; i < GEN_COUNT(breakings); i++) {
        const struct gen_policy_case *item = make_case(&bench, breakings[i].brief, NULL, "{tier: 1}");
        struct gen_policy_trial trial;
        struct gen_error err = {0};

        cr_assert(eq(int, gen_policy_trial_run(item, bench.set, NULL, bench.arena, &trial, &err), GEN_OK));
        cr_assert(trial.broken != NULL && strstr(trial.broken, breakings[i].message) != NULL, "case %zu: %s", i,
                  trial.broken);
        cr_assert(trial.decision == NULL && trial.first == NULL, "case %zu", i);
    }
    bench_fini(&bench);
}

static const struct gen_policy_covered *row_of(const struct gen_policy_covered *rows, size_t count,
                                               const char *kind)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].kind, kind) == 0) {
            return &rows[i];
        }
    }
    cr_assert(false, "no %s", kind);
    return NULL;
}

Test(policy_trial, coverage_counts_what_was_used)
{
    struct bench bench;
    struct gen_policy_coverage *coverage;
    const struct gen_policy_covered *rows;
    struct gen_policy_trial trial;
    struct gen_error err = {0};
    size_t count = 0;

    bench_init(&bench);
    coverage = gen_policy_coverage_create(bench.set, bench.arena);
    rows = gen_policy_coverage_rows(coverage, bench.arena, &count);
    for (size_t i = 0; i < count; i++) { /* nothing yet */
        cr_assert(rows[i].used == 0 && rows[i].total == rows[i].never.count && rows[i].total > 0, "%s",
                  rows[i].kind);
    }
    /* what no case of these policies can reach does not count */
    cr_expect(eq(sz, row_of(rows, count, "filters")->total, GEN_FILTER_END - 1 - 6));
    cr_expect(eq(str, (char *)gen_policy_scenario_joined(&row_of(rows, count, "filters")->beyond, bench.arena),
                 "end_of_life, unmet, reliability, quote, required, score"));
    cr_assert(eq(int, gen_policy_trial_run(make_case(&bench, kettle, "cheapest", "{tier: 2}"), bench.set, NULL,
                                           bench.arena, &trial, &err), GEN_OK));
    gen_policy_coverage_note(coverage, trial.decision);
    gen_policy_coverage_note(coverage, trial.decision); /* twice counts once */
    rows = gen_policy_coverage_rows(coverage, bench.arena, &count);
    cr_assert(eq(sz, row_of(rows, count, "strategies")->used, 1));
    cr_assert(eq(sz, row_of(rows, count, "tiers")->used, 1));
    cr_assert(eq(sz, row_of(rows, count, "plans")->used, 1));
    cr_assert(eq(sz, row_of(rows, count, "filters")->used, 2)); /* tier, price */
    cr_assert(eq(sz, row_of(rows, count, "signals")->used, 2)); /* generated scenes, duration */
    cr_assert(eq(sz, row_of(rows, count, "rules")->used, 1)); /* underused */
    bench_fini(&bench);
}
