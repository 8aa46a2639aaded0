/* yardstick.c - see yardstick.h. */
#include "engine/yardstick.h"

struct gen_node *gen_yardstick_document(const struct gen_baseline *baseline,
                                        const struct gen_job *job, gen_micros price)
{
    struct gen_arena *arena = job->arena;
    struct gen_node *map = gen_node_map(arena);
    bool known = baseline->kind != GEN_BASELINE_NONE;
    gen_micros amount = 0, savings = 0;

    for (size_t i = 0; known && i < job->pipeline_count; i++) {
        known = gen_money_add(&amount, amount, baseline->variations[job->pipelines[i].variation]);
    }
    known = known && gen_money_sub(&savings, amount, price);
    gen_node_set(arena, map, "kind", gen_node_string(arena, gen_baseline_word(baseline->kind)));
    gen_node_set(arena, map, "model", gen_node_string(arena, known ? baseline->model : NULL));
    gen_node_set(arena, map, "reason", gen_node_string(arena, baseline->reason));
    gen_node_set(arena, map, "cost", known ? gen_node_money(arena, amount) : gen_node_null(arena));
    gen_node_set(arena, map, "savings",
                 known ? gen_node_money(arena, savings) : gen_node_null(arena));
    return map;
}

void gen_yardstick_add(const struct gen_baseline *baseline, const struct gen_decision *decision,
                       const struct gen_job *job, const struct gen_pipeline *pipeline,
                       struct gen_changes *changes)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_BASELINE_ADD);
    struct gen_discounts off = gen_baseline_of_pipeline(decision, pipeline, job->arena);
    gen_micros price = 0, list = 0;

    for (size_t k = 0; k < pipeline->shot_count; k++) {
        if (!gen_money_add(&price, price, pipeline->shots[k].price)) {
            price = 0; /* such a job is refused */
        }
    }
    if (!gen_money_add(&list, price, off.batch) || !gen_money_add(&list, list, off.off_peak)) {
        list = price;
    }
    if (change != NULL) {
        change->as.baseline = (struct gen_change_baseline){
            .pipeline = pipeline->id,
            .job = job->id,
            .organization = gen_arena_strdup(changes->arena, job->organization),
            .kind = baseline->kind,
            .model = gen_arena_strdup(changes->arena, baseline->model),
            /* without one, the choice of a model saves nothing */
            .amount = baseline->kind == GEN_BASELINE_NONE
                          ? list
                          : baseline->variations[pipeline->variation],
            .price = price,
            .batch = off.batch,
            .off_peak = off.off_peak};
    }
}
