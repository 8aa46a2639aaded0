/* doubts.c - see doubts.h. */
#include "engine/doubts.h"

#include "decide/almanac.h"
#include "engine/rulebook.h"
#include "engine/rules.h"
#include "policy/policy_set.h"
#include "store/budget_reading.h"

gen_micros gen_doubts_today(void *context, const char *provider, gen_moment now)
{
    const struct gen_open_job *open = context;
    const struct gen_engine_options *options = open->owner->options;
    const struct gen_policy_set *set = gen_rules_set(options);
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limit = {.name = "",
                              .id = "",
                              .scope = GEN_SCOPE_PROVIDER,
                              .period = GEN_PERIOD_DAY,
                              .organization = open->job->organization,
                              .of = provider};
    struct gen_balance used = {0};
    gen_micros room, doubted = INT64_MAX;
    struct gen_error err = {0};

    if (arena != NULL && set != NULL) {
        struct gen_interval day = gen_almanac_interval(set->budget, GEN_PERIOD_DAY,
                                                       gen_rulebook_zones(options->rules), now);

        limit.before = day.before;
        limit.begins = day.begins;
        limit.ends = day.ends;
        limit.key = gen_budget_key(limit.scope, limit.organization, provider, arena);
        if (limit.key != NULL &&
            gen_read_use(options->store, &limit, &used, &room, &err) == GEN_OK) {
            doubted = used.unverified;
        }
    }
    gen_arena_destroy(arena);
    return doubted;
}
