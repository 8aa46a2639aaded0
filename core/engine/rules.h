/* rules.h - what the policy set in force says, as the plain values that the engine works with.
 *
 * Read anew wherever they are used, so a set that is swapped counts from the next turn on, for jobs that
 * are open, too. What gend.yaml says more strictly stands above it. Without a rulebook (tests, the
 * simulation) the defaults in the code are used.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/rules_test.c
 */
#ifndef GEN_ENGINE_RULES_H
#define GEN_ENGINE_RULES_H

#include "engine/terms.h"
#include "policy/policy_set.h"

/* NULL without a rulebook. Valid until the loop turns. */
const struct gen_policy_set *gen_rules_set(const struct gen_engine_options *options);

struct gen_patience gen_rules_patience(const struct gen_engine_options *options);

/* Of a job that names no budget; the lower of budget.yaml's and gend.yaml's. */
gen_micros gen_rules_job_budget(const struct gen_engine_options *options);

/* Generations of an organization at once; 0 = no bound. */
int32_t gen_rules_organization_limit(const struct gen_engine_options *options,
                                     const char *organization);
/* Generations at a provider at once: the lowest of what the model, its provider's file and schedule.yaml
 * say; 0 = none of them says anything. */
int32_t gen_rules_provider_limit(const struct gen_engine_options *options, const char *provider,
                                 const struct gen_model *model);

/* Starts at a provider in a minute: the lower of what its file and its models say; 0 = neither does. */
int32_t gen_rules_provider_pace(const struct gen_engine_options *options, const char *provider);

/* Name of the stored secret that stands behind a part ("key", "access") of a provider's credential: what
 * `credentials:` of its file says for the role CREDENTIAL-PART, CREDENTIAL or PART; else the provider's
 * id, with the part behind it where that is not "key". In `arena`; NULL: no memory. */
const char *gen_rules_secret(const struct gen_engine_options *options, const char *provider,
                             const char *credential, const char *part, struct gen_arena *arena);

#endif
