/* scoring.c - see scoring.h. */
#include "decide/scoring.h"

#include "decide/sieve.h"

#include <math.h>

double gen_scoring_weigh(double score, double weight)
{
    return score >= 0 ? score * weight : score / fmax(weight, 1e-9);
}

/* The score that is to blame: one that others use, before those that use it. */
static size_t scoring_culprit(const struct gen_portrait *portrait,
                              const struct gen_score_part *parts, size_t index)
{
    const struct gen_routing_score *scores = portrait->question->policy->routing->scores.items;
    size_t count = portrait->question->policy->routing->scores.count;

    for (size_t turn = 0; turn < count; turn++) { /* scores form no cycle */
        size_t next = count;

        for (size_t i = 0; i < count && next == count; i++) {
            if (i != index && parts[i].fault != NULL &&
                gen_expression_uses(scores[index].formula.program,
                                    (uint32_t)(GEN_FACT_SCORES + i))) {
                next = i;
            }
        }
        if (next == count) {
            break;
        }
        index = next;
    }
    return index;
}

void gen_scoring_contender(struct gen_portrait *portrait, struct gen_contender *contender)
{
    const struct gen_routing *routing = portrait->question->policy->routing;
    const struct gen_routing_score *scores = routing->scores.items;
    size_t wanted = portrait->strategy->score_index;
    struct gen_score_part *parts = gen_arena_array(portrait->arena, routing->scores.count + 1,
                                                   sizeof(*parts));

    if (parts == NULL) {
        return; /* the arena remembers */
    }
    gen_portrait_contender(portrait, contender);
    for (size_t k = 0; k < routing->scores.count; k++) {
        size_t i = routing->score_order[k];
        struct gen_value *value = &portrait->facts->values[GEN_FACT_SCORES + i];

        parts[i].value = NAN;
        *value = (struct gen_value){0}; /* unbound: whoever reads it has a fault, too */
        if (gen_portrait_number(portrait, &scores[i].formula, &parts[i].value, &parts[i].fault)) {
            *value = gen_value_double(parts[i].value);
        }
    }
    contender->scores = parts;
    contender->score = parts[wanted].value;
    if (parts[wanted].fault != NULL) {
        size_t culprit = scoring_culprit(portrait, parts, wanted);

        gen_portrait_warn(portrait, "the score \"%s\" keeps out a model: %s",
                          scores[culprit].named.name, parts[culprit].fault);
        gen_sieve_reject(portrait, contender, GEN_FILTER_SCORE,
                         gen_arena_printf(portrait->arena,
                                          "its score \"%s\" cannot be worked out: %s",
                                          scores[culprit].named.name, parts[culprit].fault));
        return;
    }
    contender->total = gen_scoring_weigh(contender->score, contender->weight);
}
