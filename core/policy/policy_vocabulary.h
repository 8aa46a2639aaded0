/* policy_vocabulary.h - what facts can be in one policy set: its strategies, plans and delivery specs.
 *
 * Facts that are one of a few words everywhere (priorities, needs) say so in policy_facts.h; here are those
 * whose words stand in files. An expression that compares them with any other text is wrong.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_POLICY_VOCABULARY_H
#define GEN_POLICY_POLICY_VOCABULARY_H

#include "policy/policy_parts.h"

struct gen_policy_vocabulary;

/* `set` has its files, and routing and access where they can be read. In the set's arena; NULL: no memory. */
struct gen_policy_vocabulary *gen_policy_vocabulary_create(const struct gen_policy_set *set);

/* The variables of a domain, without the scores, with these words. NULL: no memory. */
const struct gen_variable *gen_policy_vocabulary_variables(struct gen_policy_vocabulary *vocabulary,
                                                           const struct gen_domain *domain);

#endif
