/* budget_store_test.c - budgets and their versions, alerts that come once. */
#include "unit/store/sample.h"

#include "store/budget_reading.h"

static struct gen_budget spring(void)
{
    static double alerts[] = {0.5, 0.95};

    return (struct gen_budget){.id = sample_ident(GEN_IDENT_BUDGET, 1), .organization = "org_1",
                               .scope = GEN_SCOPE_TEAM, .of = "film", .period = GEN_PERIOD_WEEK,
                               .hard = 20 * DOLLAR, .soft = 10 * DOLLAR,
                               .alerts = {alerts, 2}, .rollover = true, .throttle_from = 0.9,
                               .throttle_parallel = 2, .note = "spring", .version = 1,
                               .created_by = "usr_1", .created_at = SAMPLE_NOW};
}

static enum gen_status change(struct sample *sample, enum gen_change_kind kind,
                              const struct gen_budget *budget)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_budget(changes, kind, budget);
    return sample_apply(sample, changes);
}

Test(budget_store, what_is_written_is_read)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_budget budget = spring(), read;

    sample_open(&sample);
    OK(change(&sample, GEN_CHANGE_BUDGET_ADD, &budget));
    cr_assert(change(&sample, GEN_CHANGE_BUDGET_ADD, &budget) == GEN_ECONFLICT, "twice");
    OK(gen_read_budget(sample.store, "org_1", budget.id.text, arena, &read, NULL));
    cr_assert(eq(str, (char *)read.of, "film"));
    cr_assert(read.scope == GEN_SCOPE_TEAM && read.period == GEN_PERIOD_WEEK && read.rollover);
    cr_assert(read.hard == 20 * DOLLAR && read.soft == 10 * DOLLAR && read.version == 1);
    cr_assert(read.alerts.count == 2 && read.alerts.items[0] == 0.5 && read.alerts.items[1] == 0.95);
    cr_assert(read.throttle_from == 0.9 && read.throttle_parallel == 2);
    cr_assert(eq(str, (char *)read.note, "spring"));
    cr_assert(eq(str, (char *)read.created_by, "usr_1"));
    cr_assert(eq(i64, read.created_at, SAMPLE_NOW));
    cr_assert(gen_read_budget(sample.store, "org_2", budget.id.text, arena, &read, NULL) ==
              GEN_ENOTFOUND);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

/* Two people change it at once: the second is told, and the first one's change stays. */
Test(budget_store, versions)
{
    static const struct {
        enum gen_change_kind kind;
        const char *organization;
        int64_t version;
        enum gen_status status;
        const char *message;
    } steps[] = {
        {GEN_CHANGE_BUDGET_SET, "org_1", 2, GEN_OK, ""},
        {GEN_CHANGE_BUDGET_SET, "org_1", 2, GEN_ECONFLICT, "it is at version 2, not 1"},
        {GEN_CHANGE_BUDGET_END, "org_1", 2, GEN_ECONFLICT, "somebody else"},
        {GEN_CHANGE_BUDGET_SET, "org_2", 3, GEN_ECONFLICT, "there is no budget"},
        {GEN_CHANGE_BUDGET_SET, "org_1", 3, GEN_OK, ""},
        {GEN_CHANGE_BUDGET_END, "org_1", 4, GEN_OK, ""},
        {GEN_CHANGE_BUDGET_SET, "org_1", 5, GEN_ECONFLICT, "has ended"},
    };
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_budget budget = spring(), *budgets = NULL;
    size_t count = 0;

    sample_open(&sample);
    OK(change(&sample, GEN_CHANGE_BUDGET_ADD, &budget));
    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        budget.organization = steps[i].organization;
        budget.version = steps[i].version;
        budget.hard = (int64_t)i * DOLLAR + 15 * DOLLAR;
        budget.ended_at = budget.updated_at = SAMPLE_NOW + 5;
        cr_assert(change(&sample, steps[i].kind, &budget) == steps[i].status, "step %zu: %s", i,
                  sample.err.message);
        cr_assert(steps[i].status == GEN_OK ||
                      strstr(sample.err.message, steps[i].message) != NULL, "%s", sample.err.message);
    }
    OK(gen_read_budget(sample.store, "org_1", budget.id.text, arena, &budget, NULL));
    cr_assert(budget.hard == 19 * DOLLAR && budget.version == 4 && budget.ended_at > 0);
    OK(gen_read_budgets(sample.store, "org_1", false, arena, &budgets, &count, NULL));
    cr_assert(eq(sz, count, 0));
    OK(gen_read_budgets(sample.store, "org_1", true, arena, &budgets, &count, NULL));
    cr_assert(eq(sz, count, 1));
    OK(gen_read_budgets(sample.store, NULL, false, arena, &budgets, &count, NULL));
    cr_assert(eq(sz, count, 0));
    gen_arena_destroy(arena);
    sample_close(&sample);
}

static enum gen_status alert(struct sample *sample, gen_moment begins, enum gen_alert_kind kind,
                             int64_t ppm)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *added = gen_changes_add(changes, GEN_CHANGE_BUDGET_ALERT);

    added->as.alert = (struct gen_change_alert){.name = "n", .key = "team:o|t", .begins = begins,
                                                .kind = kind, .level_ppm = ppm, .at = SAMPLE_NOW};
    return sample_apply(sample, changes);
}

Test(budget_store, people_are_told_once)
{
    struct sample sample;

    sample_open(&sample);
    cr_assert(alert(&sample, 1, GEN_ALERT_SHARE, 500000) == GEN_OK);
    cr_assert(alert(&sample, 1, GEN_ALERT_SHARE, 500000) == GEN_ECONFLICT);
    cr_assert(alert(&sample, 1, GEN_ALERT_SHARE, 800000) == GEN_OK, "another level");
    cr_assert(alert(&sample, 2, GEN_ALERT_SHARE, 500000) == GEN_OK, "another period");
    cr_assert(alert(&sample, 1, GEN_ALERT_HARD, 0) == GEN_OK);
    gen_store_close(sample.store);
    sample_open_file(&sample);
    cr_assert(alert(&sample, 1, GEN_ALERT_SHARE, 500000) == GEN_ECONFLICT, "after a restart");
    sample_close(&sample);
}
