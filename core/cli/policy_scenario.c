/* policy_scenario.c - see policy_scenario.h. */
#include "cli/policy_scenario.h"

#include <string.h>

/* A delivery spec that the policies do not have. */
static enum gen_status ask_deliver(const struct gen_policy_scenario *scenario,
                                   const struct gen_policy_set *set,
                                   const struct gen_texts *deliver, struct gen_error *err)
{
    enum gen_status status = gen_policy_deliveries_check(set, deliver, err);

    if (status != GEN_OK) {
        gen_policy_layers_place(&scenario->brief, err);
    }
    return status;
}

static enum gen_status ask_brief(const struct gen_policy_scenario *scenario,
                                 struct gen_arena *arena, struct gen_question *out,
                                 struct gen_error *err)
{
    const struct gen_node *node = gen_policy_layers_merge(&scenario->brief, arena);
    struct gen_brief *brief = NULL;
    enum gen_status status;

    if (node == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the brief");
    }
    status = gen_brief_read(node, arena, &brief, err);
    if (status != GEN_OK) {
        gen_policy_layers_place(&scenario->brief, err);
        return status;
    }
    out->brief = brief;
    out->strategy = scenario->strategy != NULL ? scenario->strategy : brief->strategy;
    out->deliver = brief->deliver.count > 0 ? &brief->deliver : NULL;
    return ask_deliver(scenario, out->policy, &brief->deliver, err);
}

enum gen_status gen_policy_scenario_ask(const struct gen_policy_scenario *scenario,
                                        const struct gen_policy_set *set, struct gen_arena *arena,
                                        struct gen_question *out, struct gen_error *err)
{
    struct gen_snapshot *snapshot = NULL;
    const struct gen_node *node;
    enum gen_status status;

    *out = (struct gen_question){.policy = set,
                                 .organization = scenario->organization,
                                 .user = scenario->user,
                                 .sandbox = scenario->sandbox};
    status = ask_brief(scenario, arena, out, err);
    if (status != GEN_OK) {
        return status;
    }
    node = gen_policy_layers_merge(&scenario->snapshot, arena);
    if (node == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the snapshot");
    }
    status = gen_snapshot_read(node, arena, &snapshot, err);
    if (status != GEN_OK) {
        gen_policy_layers_place(&scenario->snapshot, err);
        return status;
    }
    out->snapshot = snapshot;
    return GEN_OK;
}

bool gen_policy_scenario_acts(const struct gen_rule_record *record)
{
    return record->fired &&
           (record->set_strategy || record->preferred + record->excluded + record->kept_out > 0);
}

const char *gen_policy_scenario_model(const struct gen_model *model, struct gen_arena *arena)
{
    return gen_arena_printf(arena, "%s/%s", model->provider, model->id);
}

static bool is_among(const struct gen_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

enum gen_status gen_policy_scenario_chosen(const struct gen_decision *decision,
                                           struct gen_arena *arena, struct gen_texts *out,
                                           struct gen_error *err)
{
    size_t most = 1;

    for (size_t i = 0; i < decision->contest_count; i++) {
        most += decision->contests[i].chosen_count;
    }
    *out = (struct gen_texts){gen_arena_array(arena, most, sizeof(char *)), 0};
    for (size_t i = 0; out->items != NULL && i < decision->contest_count; i++) {
        for (size_t k = 0; k < decision->contests[i].chosen_count; k++) {
            const char *name = gen_policy_scenario_model(decision->contests[i].chosen[k]->model,
                                                         arena);

            if (name != NULL && !is_among(out, name)) {
                out->items[out->count++] = name;
            }
        }
    }
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for the models")
                                   : GEN_OK;
}

const char *gen_policy_scenario_joined(const struct gen_texts *texts, struct gen_arena *arena)
{
    const char *joined = texts->count > 0 ? texts->items[0] : "none";

    for (size_t i = 1; joined != NULL && i < texts->count; i++) {
        joined = gen_arena_printf(arena, "%s, %s", joined, texts->items[i]);
    }
    return joined;
}
