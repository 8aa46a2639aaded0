/* demand.c - see demand.h. */
#include "decide/demand.h"

#include <math.h>
#include <string.h>

static double demand_clamp(double value, double least, double most)
{
    return fmin(fmax(value, least), most);
}

/* A share is not larger than the signal allows. */
static double demand_share(const struct gen_routing_signal *signal, double value)
{
    double share = value * signal->weight;

    return signal->most > 0 ? demand_clamp(share, -signal->most, signal->most) : share;
}

/* The complexity that the facts of the job stand for now; `shares` may be NULL. */
static double demand_score(struct gen_portrait *portrait, struct gen_signal_share *shares)
{
    const struct gen_routing_complexity *complexity =
        &portrait->question->policy->routing->complexity;
    const struct gen_routing_signal *signals = complexity->signals.items;
    double sum = complexity->base;

    for (size_t i = 0; i < complexity->signals.count; i++) {
        struct gen_signal_share row = {.name = signals[i].named.name};

        if (gen_portrait_number(portrait, &signals[i].value, &row.value, &row.fault)) {
            row.share = demand_share(&signals[i], row.value);
        } else {
            gen_portrait_warn(portrait, "the signal \"%s\" adds nothing to the complexity: %s",
                              row.name, row.fault);
        }
        sum += row.share;
        if (shares != NULL) {
            shares[i] = row;
        }
    }
    return round(demand_clamp(sum, complexity->least, complexity->most) * 10.0) / 10.0;
}

static int32_t demand_tier(const struct gen_portrait *portrait, double score)
{
    const struct gen_routing_tier *tier = gen_routing_tier_of(portrait->question->policy->routing,
                                                              score);

    return tier == NULL ? 1 : (int32_t)tier->tier;
}

/* Each scene as if it were the whole job. */
static void demand_scenes(struct gen_portrait *portrait)
{
    struct gen_facts *facts = portrait->facts;
    struct gen_value job[GEN_FACT_JOB_SIZE];

    memcpy(job, facts->job, sizeof(job));
    for (size_t i = 0; i < portrait->question->brief->scenes.count; i++) {
        struct gen_value *scene = portrait->scenes + i * GEN_FACT_SCENE_SIZE;
        double score;

        gen_portrait_scenes(portrait, i, 1);
        score = demand_score(portrait, NULL);
        scene[GEN_FACT_SCENE_COMPLEXITY] = gen_value_double(score);
        scene[GEN_FACT_SCENE_TIER] = gen_value_int(demand_tier(portrait, score));
    }
    memcpy(facts->job, job, sizeof(job));
}

void gen_demand_measure(struct gen_portrait *portrait, struct gen_demand *out)
{
    size_t count = portrait->question->policy->routing->complexity.signals.count;
    struct gen_signal_share *shares = gen_arena_array(portrait->arena, count + 1, sizeof(*shares));

    demand_scenes(portrait); /* first: signals of the job may look at its scenes */
    *out =
        (struct gen_demand){.needs = gen_portrait_needs(portrait->question->brief, GEN_ALL_SCENES)};
    out->score = demand_score(portrait, shares);
    out->tier = demand_tier(portrait, out->score);
    out->shares = shares;
    out->share_count = shares == NULL ? 0 : count;
    portrait->facts->job[GEN_FACT_JOB_COMPLEXITY] = gen_value_double(out->score);
    portrait->facts->job[GEN_FACT_JOB_TIER] = gen_value_int(out->tier);
}

int32_t gen_demand_scene_tier(const struct gen_portrait *portrait, size_t scene)
{
    return (int32_t)portrait->scenes[scene * GEN_FACT_SCENE_SIZE + GEN_FACT_SCENE_TIER].as.integer;
}
