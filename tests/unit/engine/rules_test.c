/* rules_test.c - where a figure comes from: the code, the policies, gend.yaml, and who wins. */
#include "engine/rules.h"

#include "unit/engine/world.h"

TestSuite(rules, .timeout = 60);

Test(rules, without_policies)
{
    struct gen_engine_options options = {.job_budget = 5};
    struct gen_patience patience = gen_rules_patience(&options);

    cr_assert(gen_rules_set(&options) == NULL);
    cr_assert(eq(i64, patience.recover_window_ms, gen_patience_defaults.recover_window_ms));
    cr_assert(eq(i64, gen_rules_job_budget(&options), 5));
    cr_assert(eq(i32, gen_rules_organization_limit(&options, "org_1"), 0));
    cr_assert(eq(i32, gen_rules_provider_limit(&options, "p", &(struct gen_model){
                                                                  .max_concurrent = 3}), 3));
}

/* The shipped policies say what the code says: fifty at once, five minutes of looking. */
Test(rules, shipped)
{
    struct gen_patience patience;
    struct world world;

    world_open(&world);
    world_options(&world);
    patience = gen_rules_patience(&world.options);
    cr_assert(eq(i64, patience.recover_window_ms, gen_patience_defaults.recover_window_ms));
    cr_assert(eq(i32, patience.recover_least_looks, gen_patience_defaults.recover_least_looks));
    cr_assert(eq(i64, patience.submit_ms, gen_patience_defaults.submit_ms));
    cr_assert(eq(i64, patience.verdict_ms, gen_patience_defaults.verdict_ms));
    cr_assert(eq(i64, patience.fetch_ms, gen_patience_defaults.fetch_ms));
    cr_assert(eq(i64, patience.cancel_ms, gen_patience_defaults.cancel_ms));
    cr_assert(eq(i64, patience.slow_ms, gen_patience_defaults.slow_ms));
    cr_assert(eq(i64, patience.asset_ms, gen_patience_defaults.asset_ms));
    cr_assert(eq(i32, gen_rules_organization_limit(&world.options, "org_1"), 50));
    world.options.recover_ms = 7000;
    world.options.asset_ms = 9000;
    patience = gen_rules_patience(&world.options);
    cr_assert(patience.recover_window_ms == 7000 && patience.asset_ms == 9000, "gend.yaml's");
    world.options.job_budget = 1;
    cr_assert(eq(i64, gen_rules_job_budget(&world.options), 1), "the lower one");
    world.options.job_budget = 0;
    cr_assert(gen_rules_job_budget(&world.options) ==
              gen_rules_set(&world.options)->budget->job_default);
    world_close(&world);
}

struct secret_case {
    const char *provider, *credential, *part, *name;
};

/* Which stored secret stands behind a part: the file's row, from the most particular role on; else the
 * provider's id. By the shipped policies. */
Test(rules, secrets)
{
    static const struct secret_case rows[] = {
        {"runway", "key", "key", "runway"},
        {"kling", "jwt", "access", "kling-access"},
        {"kling", "jwt", "secret", "kling-secret"},
        {"veo", "gemini", "key", "google"},       /* key: google */
        {"veo", "vertex", "account", "veo-account"}, /* no row: the provider's, and the part */
        {"heygen", "any", "key", "heygen"},
        {"nobody", "key", "key", "nobody"},
        {"nobody", "key", "account", "nobody-account"},
    };
    struct world world;

    world_open(&world);
    world_options(&world);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const char *name = gen_rules_secret(&world.options, rows[i].provider, rows[i].credential,
                                            rows[i].part, world.arena);

        cr_expect(name != NULL && strcmp(name, rows[i].name) == 0, "row %zu: %s", i, name);
    }
    cr_expect(gen_rules_provider_pace(&world.options, "heygen") == 60);
    cr_expect(gen_rules_provider_pace(&world.options, "nobody") == 0);
    world_close(&world);
}
