/* treasury.c - see treasury.h. */
#include "engine/treasury.h"

#include "base/alloc.h"
#include "engine/rulebook.h"
#include "engine/rules.h"

#include <string.h>

enum { TREASURY_PROVIDERS = 16 };

struct gen_treasury {
    const struct gen_engine_options *options;
    struct gen_arena *arena; /* of the budgets */
    struct gen_budget *budgets;
    size_t count;
    struct gen_budget_watch *watch;
};

enum gen_status gen_treasury_create(const struct gen_engine_options *options,
                                    struct gen_treasury **out, struct gen_error *err)
{
    struct gen_treasury *treasury = gen_alloc(sizeof *treasury);
    enum gen_status status;

    if (treasury == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    treasury->options = options;
    status = gen_budget_watch_create(options, &treasury->watch, err);
    if (status == GEN_OK) {
        status = gen_treasury_reload(treasury, err);
    }
    if (status != GEN_OK) {
        gen_treasury_destroy(treasury);
        return status;
    }
    *out = treasury;
    return GEN_OK;
}

void gen_treasury_destroy(struct gen_treasury *treasury)
{
    if (treasury != NULL) {
        gen_budget_watch_destroy(treasury->watch);
        gen_arena_destroy(treasury->arena);
        gen_free(treasury);
    }
}

enum gen_status gen_treasury_reload(struct gen_treasury *treasury, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_budget *budgets = NULL;
    size_t count = 0;
    enum gen_status status = arena == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                           : gen_read_budgets(treasury->options->store, NULL, false,
                                                              arena, &budgets, &count, err);

    if (status != GEN_OK) {
        gen_arena_destroy(arena);
        return status;
    }
    gen_arena_destroy(treasury->arena);
    treasury->arena = arena;
    treasury->budgets = budgets;
    treasury->count = count;
    gen_budget_watch_forget(treasury->watch);
    return GEN_OK;
}

struct treasury_change { /* of budgets, on its way to the store */
    struct gen_treasury *treasury;
    gen_store_done *done;
    void *context;
};

static void treasury_written(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct treasury_change change = *(struct treasury_change *)context;
    struct gen_error why = {0};

    gen_free(context);
    if (status == GEN_OK && gen_treasury_reload(change.treasury, &why) != GEN_OK) {
        gen_log_error(change.treasury->options->log, GEN_LEVEL_ERROR, "treasury", &why);
    }
    change.done(change.context, status, err, last_event);
}

enum gen_status gen_treasury_commit(struct gen_treasury *treasury, struct gen_changes **changes,
                                    gen_store_done *done, void *context, struct gen_error *err)
{
    struct treasury_change *change = gen_alloc(sizeof *change);
    enum gen_status status;

    if (change == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *change = (struct treasury_change){treasury, done, context};
    status = gen_store_commit(treasury->options->store, changes, treasury_written, change, err);
    if (status != GEN_OK) {
        gen_free(change);
    }
    return status;
}

const struct gen_budget *gen_treasury_budgets(const struct gen_treasury *treasury, size_t *count)
{
    *count = treasury->count;
    return treasury->budgets;
}

struct gen_hold_of gen_treasury_of(const struct gen_job *job, const char *provider, gen_moment at)
{
    return (struct gen_hold_of){.organization = job->organization,
                                .team = job->team,
                                .project = job->project,
                                .user = job->user,
                                .provider = provider,
                                .job = job->id.text,
                                .at = at};
}

static struct gen_hold_rules treasury_rules(const struct gen_treasury *treasury,
                                            const struct gen_question *question)
{
    const struct gen_policy_set *set = gen_rules_set(treasury->options);

    return (struct gen_hold_rules){
        .policy = set == NULL ? NULL : set->budget,
        .budgets = treasury->budgets,
        .budget_count = treasury->count,
        .zones = set == NULL ? NULL : gen_rulebook_zones(treasury->options->rules),
        .question = question};
}

static bool treasury_conditional(const struct gen_treasury *treasury, bool throttling)
{
    const struct gen_policy_set *set = gen_rules_set(treasury->options);
    const struct gen_budget_limit *limits = set == NULL ? NULL : set->budget->limits.items;

    for (size_t i = 0; set != NULL && i < set->budget->limits.count; i++) {
        if (limits[i].when.program != NULL && (!throttling || limits[i].throttle_from > 0)) {
            return true;
        }
    }
    return false;
}

bool gen_treasury_asks(const struct gen_treasury *treasury)
{
    return treasury_conditional(treasury, false);
}

bool gen_treasury_throttles_ask(const struct gen_treasury *treasury)
{
    return treasury_conditional(treasury, true);
}

/* The organization's month, added up also where nothing limits it. */
static const struct gen_budget treasury_month = {.organization = "",
                                                 .scope = GEN_SCOPE_ORGANIZATION,
                                                 .of = "",
                                                 .period = GEN_PERIOD_MONTH,
                                                 .note = "month",
                                                 .created_by = ""};

static enum gen_status treasury_add_month(const struct gen_hold_rules *rules,
                                          const struct gen_hold_of *of, struct gen_arena *arena,
                                          struct gen_limit **limits, size_t *count,
                                          struct gen_error *err)
{
    struct gen_budget month = treasury_month;
    struct gen_hold_rules only = {
        .policy = NULL, .budgets = &month, .budget_count = 1, .zones = rules->zones};
    struct gen_budget_policy calendar = {0}; /* the policy's, without its limits */
    struct gen_limit *added = NULL, *all;
    size_t one = 0;
    enum gen_status status;

    if (rules->policy != NULL) {
        calendar = *rules->policy;
        calendar.limits.count = 0;
    }
    only.policy = &calendar;
    month.organization = of->organization;
    status = gen_hold_limits(&only, of, arena, &added, &one, err);
    for (size_t i = 0; i < *count && status == GEN_OK; i++) {
        if (strcmp((*limits)[i].key, added->key) == 0 && (*limits)[i].begins == added->begins &&
            (*limits)[i].ends == added->ends) {
            return GEN_OK; /* somebody else's row does */
        }
    }
    all = status == GEN_OK ? gen_arena_array(arena, *count + 1, sizeof *all) : NULL;
    if (all == NULL) {
        return status == GEN_OK ? gen_error_set(err, GEN_ENOMEM, "out of memory") : status;
    }
    if (*count > 0) {
        memcpy(all, *limits, *count * sizeof *all);
    }
    all[*count] = *added;
    all[*count].name = "";
    all[*count].id = "";
    *limits = all;
    *count += 1;
    return GEN_OK;
}

enum gen_status gen_treasury_limits(const struct gen_treasury *treasury,
                                    const struct gen_hold_of *of,
                                    const struct gen_question *question, struct gen_arena *arena,
                                    struct gen_limit **out, size_t *count, struct gen_error *err)
{
    struct gen_hold_rules rules = treasury_rules(treasury, question);
    enum gen_status status = gen_hold_limits(&rules, of, arena, out, count, err);

    return status == GEN_OK ? treasury_add_month(&rules, of, arena, out, count, err) : status;
}

struct treasury_found { /* one provider's, so that shots there share them */
    const char *provider;
    gen_moment at; /* of the periods */
    const struct gen_limit *limits;
    size_t count;
};

static enum gen_status treasury_find(struct gen_treasury *treasury, const struct gen_job *job,
                                     const char *provider, const struct gen_question *question,
                                     struct gen_changes *changes, gen_moment now,
                                     struct treasury_found *out, struct gen_error *err)
{
    struct gen_hold_of of = gen_treasury_of(job, provider, now);
    struct gen_limit *limits = NULL;
    size_t count = 0;
    enum gen_status status = gen_treasury_limits(treasury, &of, question, changes->arena, &limits,
                                                 &count, err);

    if (status == GEN_OK) {
        status = gen_budget_watch_note(treasury->watch, limits, count, err);
    }
    if (status == GEN_OK) {
        /* the writer reads them while the loop goes on, perhaps with another policy */
        *out = (struct treasury_found){provider, now, gen_changes_limits(changes, limits, count),
                                       count};
        status = out->limits == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
    }
    return status;
}

enum gen_status gen_treasury_equip(struct gen_treasury *treasury, const struct gen_job *job,
                                   const struct gen_question *question, struct gen_changes *changes,
                                   gen_moment now, struct gen_error *err)
{
    struct treasury_found found[TREASURY_PROVIDERS];
    size_t known = 0;

    for (struct gen_change *change = changes->first; change != NULL; change = change->next) {
        struct gen_change_entry *entry = &change->as.entry;
        enum gen_status status;
        gen_moment at;
        size_t i = 0;

        if (change->kind != GEN_CHANGE_LEDGER || entry->amount == 0) {
            continue;
        }
        /* more for an attempt counts where its first money does */
        at = entry->kind == GEN_LEDGER_HOLD && entry->counts_at > 0 ? entry->counts_at : now;
        while (i < known &&
               (found[i].at != at || strcmp(found[i].provider, entry->provider) != 0)) {
            i++;
        }
        if (i == known) {
            i = known == TREASURY_PROVIDERS ? 0 : known++;
            status = treasury_find(treasury, job, entry->provider, question, changes, at, &found[i],
                                   err);
            if (status != GEN_OK) {
                return status;
            }
        }
        if (entry->kind == GEN_LEDGER_HOLD && entry->carried_from.text[0] == '\0') {
            entry->limits = found[i].limits;
            entry->limit_count = found[i].count;
        }
    }
    return GEN_OK;
}

enum gen_status gen_treasury_left(const struct gen_treasury *treasury, const struct gen_hold_of *of,
                                  const struct gen_question *question, struct gen_arena *arena,
                                  struct gen_purse *out, struct gen_error *err)
{
    struct gen_limit *limits = NULL;
    size_t count = 0;
    enum gen_status status = gen_treasury_limits(treasury, of, question, arena, &limits, &count,
                                                 err);

    *out = (struct gen_purse){.limited = false};
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_purse purse = {.limited = true, .limit = limits[i], .month = out->month};
        bool month = limits[i].scope == GEN_SCOPE_ORGANIZATION &&
                     limits[i].period == GEN_PERIOD_MONTH;

        if (!gen_limit_capped(&limits[i]) && !month) {
            continue;
        }
        status = gen_read_use(treasury->options->store, &limits[i], &purse.used, &purse.room, err);
        if (month) {
            out->month = purse.month = purse.used;
        }
        purse.left = gen_balance_available(&purse.used, purse.room);
        if (status == GEN_OK && gen_limit_capped(&limits[i]) &&
            (!out->limited || purse.left < out->left)) {
            *out = purse;
        }
    }
    return status;
}

struct gen_budget_watch *gen_treasury_watch(struct gen_treasury *treasury)
{
    return treasury->watch;
}
