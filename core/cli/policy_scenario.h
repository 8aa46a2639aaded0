/* policy_scenario.h - a brief and a snapshot, each in layers, as the question that a decision answers.
 *
 * Files that a brief names are not looked at: a decision needs none of them.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/policy_case_test.c
 */
#ifndef GEN_CLI_POLICY_SCENARIO_H
#define GEN_CLI_POLICY_SCENARIO_H

#include "cli/policy_layers.h"
#include "decide/decision.h"

struct gen_policy_scenario {
    struct gen_policy_layers brief, snapshot;
    const char *strategy, *organization, *user; /* NULL = not said */
    bool sandbox;
};

/* Fills `out` (all of it but `zones`); it lives in `arena`. GEN_EINVAL with file, line and column;
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_scenario_ask(const struct gen_policy_scenario *scenario,
                                                       const struct gen_policy_set *set,
                                                       struct gen_arena *arena,
                                                       struct gen_question *out,
                                                       struct gen_error *err);

/* The models that were chosen, each once, in the order of contests and ranks. */
GEN_MUST_CHECK enum gen_status gen_policy_scenario_chosen(const struct gen_decision *decision,
                                                          struct gen_arena *arena,
                                                          struct gen_texts *out,
                                                          struct gen_error *err);
/* "runway/gen4.5, veo/x"; "none". NULL: no memory. */
const char *gen_policy_scenario_joined(const struct gen_texts *texts, struct gen_arena *arena);

/* Has the rule changed anything: taken models out, preferred some that are in, set the strategy? One
 * without a condition always fires, so that firing alone says nothing. */
bool gen_policy_scenario_acts(const struct gen_rule_record *record);

/* "provider/model" */
const char *gen_policy_scenario_model(const struct gen_model *model, struct gen_arena *arena);

#endif
