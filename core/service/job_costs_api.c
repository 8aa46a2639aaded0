/* job_costs_api.c - see job_costs_api.h. */
#include "service/job_costs_api.h"

#include "store/reading.h"

#include <math.h>
#include <string.h>

struct job_costs {
    struct gen_arena *arena;
    const struct gen_node *job; /* the job's own document */
    struct gen_cost_entry *entries;
    size_t entry_count;
    struct gen_cost_baseline *baselines;
    size_t baseline_count;
    gen_micros charged, refunded, baseline;
    bool compared; /* every baseline is one */
};

static gen_micros costs_dollars(const struct gen_node *map, const char *key)
{
    gen_micros amount = 0;

    return gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK ? amount : 0;
}

static void costs_text(struct gen_arena *arena, struct gen_node *map, const char *key,
                       const char *text)
{
    gen_node_set(arena, map, key, gen_node_string(arena, text[0] == '\0' ? NULL : text));
}

static struct gen_node *costs_entry(struct gen_arena *arena, const struct gen_cost_entry *entry)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "entryId", gen_node_string(arena, entry->id.text));
    gen_node_set(arena, map, "at", gen_node_moment(arena, entry->at));
    gen_node_set(arena, map, "kind", gen_node_string(arena, entry->kind));
    gen_node_set(arena, map, "amount", gen_node_money(arena, entry->amount));
    gen_node_set(arena, map, "provider", gen_node_string(arena, entry->provider));
    gen_node_set(arena, map, "model", gen_node_string(arena, entry->model));
    gen_node_set(arena, map, "basis", gen_node_string(arena, entry->basis));
    costs_text(arena, map, "reference", entry->reference);
    gen_node_set(arena, map, "shotId", gen_node_string(arena, entry->shot.text));
    gen_node_set(arena, map, "attemptId", gen_node_string(arena, entry->attempt.text));
    gen_node_set(arena, map, "attempt", gen_node_int(arena, entry->attempt_ordinal));
    return map;
}

static struct gen_node *costs_baseline(struct job_costs *costs, const char *pipeline)
{
    struct gen_arena *arena = costs->arena;

    for (size_t i = 0; i < costs->baseline_count; i++) {
        const struct gen_cost_baseline *it = &costs->baselines[i];
        struct gen_node *map;

        if (strcmp(it->pipeline.text, pipeline) != 0) {
            continue;
        }
        map = gen_node_map(arena);
        gen_node_set(arena, map, "kind", gen_node_string(arena, it->kind));
        costs_text(arena, map, "model", it->model);
        gen_node_set(arena, map, "cost", gen_node_money(arena, it->amount));
        costs->compared = costs->compared && strcmp(it->kind, "none") != 0;
        costs->baseline += it->amount;
        return map;
    }
    costs->compared = false;
    return gen_node_null(arena);
}

static struct gen_node *costs_pipeline(struct job_costs *costs, const struct gen_node *pipeline)
{
    static const char *const kept[] = {"pipelineId", "variation", "provider", "model",
                                       "status",     "estimate",  "cost",     NULL};
    struct gen_arena *arena = costs->arena;
    const char *id = gen_node_text(gen_node_get(pipeline, "pipelineId"), "");
    struct gen_node *map = gen_node_map(arena), *list = gen_node_list(arena);

    for (size_t i = 0; kept[i] != NULL; i++) {
        gen_node_set(arena, map, kept[i], gen_node_copy(arena, gen_node_get(pipeline, kept[i])));
    }
    gen_node_set(arena, map, "baseline", costs_baseline(costs, id));
    for (size_t i = 0; i < costs->entry_count; i++) {
        const struct gen_cost_entry *entry = &costs->entries[i];

        if (strcmp(entry->pipeline.text, id) != 0) {
            continue;
        }
        gen_node_push(list, costs_entry(arena, entry));
        costs->charged += gen_ledger_of(entry->kind) == GEN_LEDGER_CHARGE ? entry->amount : 0;
        costs->refunded += gen_ledger_of(entry->kind) == GEN_LEDGER_REFUND ? entry->amount : 0;
    }
    gen_node_set(arena, map, "entries", list);
    return map;
}

/* The estimate beside what it came to, once that is known. */
static void costs_judge(const struct job_costs *costs, struct gen_node *map)
{
    struct gen_arena *arena = costs->arena;
    const char *status = gen_node_text(gen_node_get(costs->job, "status"), "");
    gen_micros estimate = costs_dollars(gen_node_get(costs->job, "costs"), "estimate");
    gen_micros cost = costs->charged - costs->refunded;
    bool judged = gen_job_status_terminal(gen_job_status_of(status)) && estimate > 0;
    double error = judged ? (double)(cost - estimate) / (double)estimate : 0;

    gen_node_set(arena, map, "estimate", gen_node_money(arena, estimate));
    gen_node_set(arena, map, "error",
                 judged ? gen_node_real(arena, round(error * 1e6) / 1e6 + 0.0)
                        : gen_node_null(arena));
    gen_node_set(arena, map, "withinTenPercent",
                 judged ? gen_node_bool(arena, fabs(error) <= 0.1) : gen_node_null(arena));
}

static struct gen_node *costs_document(struct job_costs *costs)
{
    struct gen_arena *arena = costs->arena;
    const struct gen_node *sums = gen_node_get(costs->job, "costs");
    struct gen_node *map = gen_node_map(arena), *list = gen_node_list(arena);

    costs->compared = true;
    for (const struct gen_node *item = gen_node_first(gen_node_get(costs->job, "pipelines"));
         item != NULL; item = item->next) {
        gen_node_push(list, costs_pipeline(costs, item));
    }
    gen_node_set(arena, map, "jobId", gen_node_copy(arena, gen_node_get(costs->job, "jobId")));
    gen_node_set(arena, map, "status", gen_node_copy(arena, gen_node_get(costs->job, "status")));
    gen_node_set(arena, map, "currency", gen_node_string(arena, "USD"));
    gen_node_set(arena, map, "charged", gen_node_money(arena, costs->charged));
    gen_node_set(arena, map, "refunded", gen_node_money(arena, costs->refunded));
    gen_node_set(arena, map, "cost", gen_node_money(arena, costs->charged - costs->refunded));
    gen_node_set(arena, map, "held", gen_node_copy(arena, gen_node_get(sums, "held")));
    gen_node_set(arena, map, "unverified", gen_node_copy(arena, gen_node_get(sums, "unverified")));
    costs_judge(costs, map);
    gen_node_set(arena, map, "baseline",
                 costs->compared ? gen_node_money(arena, costs->baseline) : gen_node_null(arena));
    gen_node_set(arena, map, "pipelines", list);
    return map;
}

void gen_job_costs_show(struct gen_call *call)
{
    struct gen_store *store = call->service->store;
    const char *organization = call->principal.organization;
    struct job_costs costs = {.arena = call->arena};
    struct gen_node *job = NULL;
    struct gen_error err = {0};

    if (gen_read_job(store, organization, call->value, call->arena, &job, &err) != GEN_OK ||
        gen_read_cost_entries(store, organization, call->value, call->arena, &costs.entries,
                              &costs.entry_count, &err) != GEN_OK ||
        gen_read_cost_baselines(store, call->value, call->arena, &costs.baselines,
                                &costs.baseline_count, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    costs.job = job;
    gen_call_reply(call, 200, costs_document(&costs));
}
