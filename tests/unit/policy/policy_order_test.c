/* Chains of names: order of scores, extends. */
#include "sample.h"

#include "policy/policy_order.h"

/* A score comes after those it names, whatever the order in the file. */
Test(policy_order, order_of_scores)
{
    struct sample s;
    const size_t *order;

    sample_compile(&s, NULL, NULL, NULL);
    order = s.set->routing->score_order; /* file: thrift, mixed, quality */
    cr_expect(eq(sz, order[0], 0));
    cr_expect(eq(sz, order[1], 2));
    cr_expect(eq(sz, order[2], 1));
    sample_end(&s);
}

/* The values that such an order gives. */
Test(policy_order, scores_can_be_evaluated)
{
    struct sample s;
    struct gen_facts *facts = NULL;
    const struct gen_routing_score *scores;

    sample_compile(&s, NULL, NULL, NULL);
    cr_assert(eq(int, gen_facts_create(s.arena, s.set->score_count, &facts, &s.err), GEN_OK));
    facts->candidate[GEN_FACT_CANDIDATE_PRICE] = gen_value_double(0.5);
    facts->candidate[GEN_FACT_CANDIDATE_QUALITY] = gen_value_double(8.0);
    scores = s.set->routing->scores.items;
    for (size_t i = 0; i < s.set->score_count; i++) {
        struct gen_run run = {.arena = s.arena, .budget = GEN_FACTS_BUDGET};
        size_t at = s.set->routing->score_order[i];

        facts->values[GEN_FACT_SCORES + at] =
            gen_expression_run(scores[at].formula.program, facts->values, &run);
    }
    cr_expect(eq(dbl, facts->values[GEN_FACT_SCORES].as.real, -0.5));
    cr_expect(eq(dbl, facts->values[GEN_FACT_SCORES + 2].as.real, 0.8));
    cr_expect(eq(dbl, facts->values[GEN_FACT_SCORES + 1].as.real, 0.5 * -0.5 + 0.8));
    sample_end(&s);
}

/* Three in a chain: the nearest that says something wins. */
Test(policy_order, extends_in_a_chain)
{
    struct sample s;
    const struct gen_routing_strategy *third;

    sample_compile(&s, "routing.yaml", "rules:\n",
                   "  third: {extends: cheapest, unmet: reject, help: x}\nrules:\n");
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    third = gen_routing_strategy_of(s.set->routing, "third");
    cr_expect(eq(str, (char *)third->score, "thrift"));
    cr_expect(eq(i64, third->parallel, 2));
    cr_expect(eq(int, third->unmet, GEN_UNMET_REJECT));
    sample_end(&s);
}

/* A mistake in what is inherited is one mistake, not one for each heir. */
Test(policy_order, inherited_mistakes_are_said_once)
{
    struct sample s;

    sample_compile(&s, "routing.yaml", "parallel: 2", "parallel: 99");
    cr_expect(eq(sz, s.problems.count, 1), "%s", sample_text(&s));
    cr_expect(eq(sz, s.problems.mistakes, 1));
    sample_end(&s);
}

/* A cycle is one mistake, told where the first of its names stands; who only runs into it is not to blame, and
 * chains beside it are followed. */
Test(policy_order, a_cycle_is_said_once)
{
    struct sample s;

    sample_compile(&s, "routing.yaml", "rules:\n",
                   "  into: {extends: a}\n"
                   "  c: {extends: a, score: mixed}\n"
                   "  a: {extends: b}\n"
                   "  b: {extends: c}\n"
                   "  self: {extends: self}\n"
                   "  fine: {extends: cheapest, parallel: 99}\n"
                   "rules:\n");
    cr_expect(eq(str, (char *)sample_text(&s),
                 "p/routing.yaml:15:16: strategies.c.extends: a cycle of `extends`: c -> a -> b -> c\n"
                 "p/routing.yaml:18:19: strategies.self.extends: a cycle of `extends`: self -> self\n"
                 "p/routing.yaml:19:39: strategies.fine.parallel: must be between 1 and 12\n"));
    sample_end(&s);
}
