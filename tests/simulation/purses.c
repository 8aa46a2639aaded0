/* purses.c - see purses.h. */
#include "simulation/purses.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    enum gen_scope scope;
    const char *organization, *of;
    enum gen_period period;
} rows[PURSES_MOST] = {
    {GEN_SCOPE_ORGANIZATION, "org_1", "", GEN_PERIOD_DAY},
    {GEN_SCOPE_ORGANIZATION, "org_1", "", GEN_PERIOD_ALWAYS},
    {GEN_SCOPE_ORGANIZATION, "org_2", "", GEN_PERIOD_MONTH},
    {GEN_SCOPE_TEAM, "org_1", "film", GEN_PERIOD_WEEK},
    {GEN_SCOPE_PROJECT, "org_1", "launch/2027", GEN_PERIOD_QUARTER},
    {GEN_SCOPE_USER, "org_2", "usr_1", GEN_PERIOD_YEAR},
    {GEN_SCOPE_PROVIDER, "org_1", "vendor", GEN_PERIOD_DAY},
    {GEN_SCOPE_PROVIDER, "org_2", "vendor", GEN_PERIOD_DAY},
};

void purses_draw(struct purses *purses, struct world *world, int64_t jobs)
{
    *purses = (struct purses){.count = 0};
    for (size_t i = 0; i < PURSES_MOST; i++) {
        if (world_chance(world, 0.6)) {
            struct gen_budget *budget = &purses->budgets[purses->count++];

            *budget = (struct gen_budget){.organization = rows[i].organization,
                                          .scope = rows[i].scope,
                                          .of = rows[i].of,
                                          .period = rows[i].period,
                                          .hard = world_between(world, 1, 30) * 700001 * (jobs / 6 + 1),
                                          .note = "drawn",
                                          .version = 1,
                                          .created_by = ""};
            budget->rollover = rows[i].period != GEN_PERIOD_ALWAYS && world_chance(world, 0.3);
            (void)snprintf(budget->id.text, sizeof(budget->id.text), "bud_%zu", i);
        }
    }
}

void purses_whose(struct world *world, struct gen_job *job)
{
    job->organization = world_chance(world, 0.6) ? "org_1" : "org_2";
    job->team = world_chance(world, 0.5) ? "film" : "";
    job->project = world_chance(world, 0.5) ? "launch/2027" : "";
    job->user = world_chance(world, 0.5) ? "usr_1" : "usr_2";
}

size_t purses_limits(const struct purses *purses, const struct gen_hold_of *of,
                     struct gen_arena *arena, struct gen_limit **out)
{
    struct gen_hold_rules rules = {.budgets = purses->budgets, .budget_count = purses->count};
    struct gen_error err = {0};
    size_t count = 0;

    if (gen_hold_limits(&rules, of, arena, out, &count, &err) != GEN_OK) {
        fprintf(stderr, "limits: %s\n", err.message);
        abort();
    }
    return count;
}

void purses_equip(const struct purses *purses, const struct gen_job *job,
                  struct gen_changes *changes, gen_moment now)
{
    for (struct gen_change *change = changes->first; change != NULL; change = change->next) {
        struct gen_change_entry *entry = &change->as.entry;
        struct gen_hold_of of = {.organization = job->organization, .team = job->team,
                                 .project = job->project, .user = job->user, .job = job->id.text,
                                 .at = now};
        struct gen_limit *limits = NULL;

        if (change->kind == GEN_CHANGE_LEDGER && entry->kind == GEN_LEDGER_HOLD &&
            entry->carried_from.text[0] == '\0') {
            of.provider = entry->provider;
            entry->limit_count = purses_limits(purses, &of, changes->arena, &limits);
            entry->limits = gen_changes_limits(changes, limits, entry->limit_count);
        }
    }
}
