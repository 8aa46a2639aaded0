/* setting.h - a policy set, a world and a brief from small YAML texts, and the decision on them. */
#ifndef TESTS_UNIT_DECIDE_SETTING_H
#define TESTS_UNIT_DECIDE_SETTING_H

#include "base/alloc.h"
#include "base/json.h"
#include "decide/decision.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define SETTING_ROUTING \
    "strategy: plain\n" \
    "tiers:\n" \
    "  simple: {tier: 1, from: 1}\n" \
    "  medium: {tier: 2, from: 4}\n" \
    "  complex: {tier: 3, from: 7}\n" \
    "complexity:\n" \
    "  base: 1\n" \
    "  signals:\n" \
    "    presenter: {value: job.presenterShare, weight: 3}\n" \
    "    generated: {value: job.generatedShare, weight: 4}\n" \
    "scores:\n" \
    "  thrift: -candidate.price\n" \
    "  best: candidate.quality\n" \
    "  rush: -candidate.seconds\n" \
    "strategies:\n" \
    "  plain: {score: thrift, tiersBelow: 2}\n" \
    "  best: {score: best, tiersBelow: 2}\n" \
    "  strict: {score: best, unmet: reject, tiersBelow: 0, tiersAbove: 0}\n" \
    "  good: {score: thrift, leastQuality: 8, tiersBelow: 2}\n" \
    "  sure: {score: thrift, leastReliability: 0.9, tiersBelow: 2}\n" \
    "  three: {score: best, parallel: 3, tiersBelow: 2}\n" \
    "  race: {score: rush, parallel: 2, keep: first, distinctProviders: false, tiersBelow: 2}\n" \
    "  scenes: {score: best, unit: scene, tiersBelow: 0, tiersAbove: 0}\n"

#define SETTING_WORLD \
    "now: 2026-11-22T12:00:00Z\n" \
    "models:\n" \
    "  cheap/one: {tier: 1, quality: 6, speed: 2, maxDuration: 60}\n" \
    "  cheap/two: {tier: 2, quality: 7, speed: 3, maxDuration: 60}\n" \
    "  mid/one: {tier: 2, quality: 8, speed: 4, maxDuration: 60, needs: [avatar, lip_sync]}\n" \
    "  dear/one: {tier: 3, quality: 9.5, speed: 8, maxDuration: 60}\n"

#define SETTING_BRIEF "scenes: [{prompt: a sea, duration: 5}, {prompt: a hill, duration: 5}]\n"

struct setting {
    const char *routing, *access, *budget, *world, *brief,
        *provider; /* NULL = those above; provider:
                                                                       * of "cheap" */
    const char *strategy;
    gen_micros limit;
    gen_quote_call *quote;
    void *quote_context;
    /* What comes of it. */
    struct gen_arena *arena;
    struct gen_policy_set *policy;
    struct gen_snapshot *snapshot;
    struct gen_brief *parsed;
    struct gen_question question;
    struct gen_decision *decision;
    enum gen_status status;
    struct gen_error err;
};

static inline const struct gen_node *setting_yaml(struct setting *setting, const char *text)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    enum gen_status status = gen_yaml_read(text, strlen(text), "test", setting->arena, &node, &err);

    cr_assert(status == GEN_OK, "%s in\n%s", err.message, text);
    return node;
}

static inline const char *setting_or(const char *text, const char *other)
{
    return text == NULL ? other : text;
}

static inline void setting_compile(struct setting *setting)
{
    struct gen_policy_source sources[] = {
        {"routing.yaml", setting_or(setting->routing, SETTING_ROUTING), 0},
        {"retry.yaml", "kinds:\n  default: 3\n  moderated: 0\n", 0},
        {"budget.yaml", setting_or(setting->budget, "jobDefault: 100\n"), 0},
        {"quality.yaml", "weights: {compression: 1.5, motion: 1}\n", 0},
        {"schedule.yaml", "priorities: {high: 8, normal: 4, low: 1}\n", 0},
        {"access.yaml", setting_or(setting->access, "plan: all\nplans: {all: {}}\n"), 0},
        {"providers/cheap.yaml",
         setting_or(setting->provider, "id: cheap\nprices: [{model: '*', perSecond: 0.01}]\n"), 0},
        {"providers/mid.yaml", "id: mid\nprices: [{model: '*', perSecond: 0.05}]\n", 0},
        {"providers/dear.yaml",
         "id: dear\nprices: [{model: '*', perSecond: 0.2, estimate: true}]\n", 0},
    };
    struct gen_policy_problems problems;
    struct gen_bytes text;
    struct gen_error err = {0};
    enum gen_status status;

    for (size_t i = 0; i < GEN_COUNT(sources); i++) {
        sources[i].size = strlen(sources[i].text);
    }
    gen_policy_problems_init(&problems);
    status = gen_policy_compile("p", sources, GEN_COUNT(sources), 0, &problems, &setting->policy,
                                &err);
    gen_bytes_init(&text, 100000);
    (void)!gen_policy_problems_text(&problems, &text);
    cr_assert(status == GEN_OK, "%s\n%s", err.message, text.data == NULL ? "" : text.data);
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}

/* Everything but the decision. */
static inline void setting_prepare(struct setting *setting)
{
    struct gen_error err = {0};
    enum gen_status status;

    setting->arena = gen_arena_create(0);
    setting_compile(setting);
    status = gen_snapshot_read(setting_yaml(setting, setting_or(setting->world, SETTING_WORLD)),
                               setting->arena, &setting->snapshot, &err);
    cr_assert(status == GEN_OK, "%s: %s", err.path, err.message);
    status = gen_brief_read(setting_yaml(setting, setting_or(setting->brief, SETTING_BRIEF)),
                            setting->arena, &setting->parsed, &err);
    cr_assert(status == GEN_OK, "%s: %s", err.path, err.message);
    setting->question = (struct gen_question){.brief = setting->parsed,
                                              .organization = "org_1",
                                              .user = "usr_1",
                                              .strategy = setting->strategy,
                                              .budget = setting->limit,
                                              .policy = setting->policy,
                                              .snapshot = setting->snapshot,
                                              .quote = setting->quote,
                                              .quote_context = setting->quote_context};
}

static inline void setting_decide(struct setting *setting)
{
    setting_prepare(setting);
    setting->status = gen_decision_make(&setting->question, setting->arena, &setting->decision,
                                        &setting->err);
    cr_assert(eq(int, setting->status, GEN_OK), "%s", setting->err.message);
}

static inline void setting_end(struct setting *setting)
{
    gen_policy_destroy(setting->policy);
    gen_arena_destroy(setting->arena);
}

/* "cheap/one", or "" where that contest has no such choice. */
static inline const char *setting_chosen(const struct setting *setting, size_t contest,
                                         size_t index)
{
    const struct gen_contest *held;

    if (contest >= setting->decision->contest_count) {
        return "";
    }
    held = &setting->decision->contests[contest];
    return index < held->chosen_count
               ? gen_contest_model_name(held->chosen[index]->model, setting->arena)
               : "";
}

static inline const struct gen_contender *setting_contender(const struct setting *setting,
                                                            size_t contest, const char *name)
{
    const struct gen_contest *held = &setting->decision->contests[contest];

    for (size_t i = 0; i < held->contender_count; i++) {
        if (strcmp(gen_contest_model_name(held->contenders[i].model, setting->arena), name) == 0) {
            return &held->contenders[i];
        }
    }
    cr_assert(false, "no contender %s", name);
    return NULL;
}

static inline bool setting_warned(const struct setting *setting, const char *words)
{
    for (size_t i = 0; i < setting->decision->warning_count; i++) {
        if (strstr(setting->decision->warnings[i], words) != NULL) {
            return true;
        }
    }
    return false;
}

#endif
