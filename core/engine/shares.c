/* shares.c - see shares.h. */
#include "engine/shares.h"

#include "engine/rules.h"

#include <stdio.h>
#include <string.h>

enum { SHARES_NAME = 300 };

static int64_t shares_parts(double weight)
{
    return (int64_t)(weight * GEN_QUEUE_WEIGHT_ONE + 0.5);
}

void gen_shares_steer(const struct gen_engine_options *options, struct gen_lanes *lanes)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_schedule_policy *schedule = set == NULL ? NULL : set->schedule;

    for (int32_t priority = 1; priority <= GEN_QUEUE_CLASSES; priority++) {
        const char *name = gen_choice_word(gen_priority_choices, priority);
        int64_t weight = GEN_QUEUE_WEIGHT_ONE, aging_ms = 0;

        for (size_t i = 0; schedule != NULL && i < schedule->priorities.count; i++) {
            const struct gen_schedule_priority *entry =
                (const struct gen_schedule_priority *)schedule->priorities.items + i;

            if (strcmp(entry->named.name, name) == 0) {
                weight = shares_parts(entry->weight);
                aging_ms = entry->aging_ms;
            }
        }
        gen_lanes_priority(lanes, priority, weight, aging_ms);
    }
}

/* Whom the places are shared among: that which `by` names, within its organization. */
static const char *shares_whose(const struct gen_schedule_fairness *fairness,
                                const struct gen_job *job)
{
    switch ((enum gen_fair)fairness->by) {
    case GEN_FAIR_PROJECT:
        return job->project;
    case GEN_FAIR_USER:
        return job->user;
    case GEN_FAIR_NONE:
        return NULL;
    case GEN_FAIR_ORGANIZATION:
        break;
    }
    return job->organization;
}

static int64_t shares_weight(const struct gen_schedule_fairness *fairness, const char *whose)
{
    const struct gen_schedule_share *shares = fairness->shares.items;

    for (size_t i = 0; i < fairness->shares.count; i++) {
        if (strcmp(shares[i].named.name, whose) == 0) {
            return shares_parts(shares[i].weight);
        }
    }
    return GEN_QUEUE_WEIGHT_ONE;
}

void gen_shares_sign(const struct gen_engine_options *options, struct gen_lanes *lanes,
                     const struct gen_job *job, const struct gen_shot *shot,
                     struct gen_ticket *ticket)
{
    static const struct gen_schedule_fairness plain = {.by = GEN_FAIR_ORGANIZATION};
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_schedule_fairness *fairness = set == NULL ? &plain : &set->schedule->fairness;
    const char *whose = shares_whose(fairness, job);
    char name[SHARES_NAME];

    ticket->cost = shot->attempt.hold;
    ticket->party = NULL;
    if (whose != NULL) {
        (void)snprintf(name, sizeof name, "%s/%s", job->organization, whose);
        ticket->party = gen_lanes_party(lanes, name, shares_weight(fairness, whose));
    }
}
