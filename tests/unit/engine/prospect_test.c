/* prospect_test.c - estimates: the figures of the job that would be, the limits that it would meet, and who is to
 * blame for a refusal. */
#include "engine/admission.h"

#include "engine/prospect.h"
#include "engine/rulebook.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1800000000000)

struct door {
    struct gen_engine_options options;
    struct gen_loader *loader;
    struct gen_store *store;
    struct gen_loop *loop;
    struct gen_rulebook *rules;
    struct gen_lanes *lanes;
    struct gen_outlook *outlook;
    struct gen_arena *arena;
    struct gen_error err;
};

static const struct gen_node *door_node(struct door *door, const char *json)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    cr_assert(gen_json_read(json, strlen(json), NULL, door->arena, &node, &err) == GEN_OK, "%s",
              err.message);
    return node;
}

/* `price`: the provider's setting pricePerSecond, as JSON. */
static void door_open(struct door *door, const char *price)
{
    static const char *const folders[] = {GEN_BUILD_DIR "/lib/contract/good", NULL};
    struct gen_store_options store = {.path = ":memory:", .volatile_ok = true};
    struct gen_loader_options loader = {.plugin_folders = folders, .version = "0.1.0"};
    struct gen_rulebook_options rules = {.clock = gen_clock_real(), .organization = "org_1",
                                         .folder = GEN_SOURCE_DIR "/policies"};
    char settings[256];

    memset(door, 0, sizeof(*door));
    door->arena = gen_arena_create(0);
    snprintf(settings, sizeof(settings),
             "{\"fake\": {\"baseUrl\": \"http://127.0.0.1:9\", \"pricePerSecond\": %s}}", price);
    loader.settings = door_node(door, settings);
    cr_assert(gen_crypto_init(&door->err) == GEN_OK);
    cr_assert(gen_loader_create(&loader, &door->loader, &door->err) == GEN_OK);
    cr_assert(gen_loader_find(door->loader, "fake") != NULL, "fake.so is not built");
    cr_assert(gen_store_open(&store, &door->store, &door->err) == GEN_OK, "%s", door->err.message);
    cr_assert(gen_loop_create(&door->loop, &door->err) == GEN_OK);
    rules.loop = door->loop;
    cr_assert(gen_rulebook_create(&rules, &door->rules, &door->err) == GEN_OK, "%s",
              door->err.message);
    door->options = (struct gen_engine_options){.rules = door->rules,
                                                .store = door->store, .loader = door->loader,
                                                .random = gen_random_real(),
                                                .job_budget = 10 * GEN_MICROS_PER_DOLLAR};
    door->lanes = gen_lanes_create();
    cr_assert(gen_outlook_create(&door->options, door->lanes, &door->outlook, &door->err) ==
              GEN_OK);
}

static void door_close(struct door *door)
{
    gen_outlook_destroy(door->outlook);
    gen_lanes_destroy(door->lanes);
    gen_rulebook_destroy(door->rules);
    gen_loop_destroy(door->loop);
    gen_store_close(door->store);
    gen_loader_destroy(door->loader);
    gen_arena_destroy(door->arena);
}

static enum gen_status door_knock(struct door *door, const char *brief, const char *key,
                                  struct gen_admitted *out)
{
    struct gen_request request = {.organization = "org_1", .user = "usr_1", .key = key,
                                  .digest = key == NULL ? NULL : "d1",
                                  .brief = door_node(door, brief)};

    memset(&door->err, 0, sizeof(door->err));
    return gen_admission_plan(&door->options, door->outlook, &request, NOW, out, &door->err);
}

#define BRIEF "{\"models\": [\"fake/pay\"], \"project\": \"tea\", \"scenes\": [{\"prompt\": \"a\", \"duration\": 2}]"

static enum gen_status door_ask(struct door *door, const char *brief, struct gen_node **out)
{
    struct gen_request request = {.organization = "org_1", .user = "usr_1",
                                  .brief = door_node(door, brief)};

    memset(&door->err, 0, sizeof(door->err));
    return gen_admission_estimate(&door->options, door->outlook, &request, NOW, door->arena, out,
                                  &door->err);
}

static gen_micros dollars(const struct gen_node *map, const char *key)
{
    gen_micros amount = INT64_MIN;

    return gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK ? amount : INT64_MIN;
}

static const struct gen_node *limit_of(const struct gen_node *estimate, const char *name)
{
    for (const struct gen_node *item = gen_node_first(gen_node_get(estimate, "limits")); item != NULL;
         item = item->next) {
        if (strcmp(gen_node_text(gen_node_get(item, "name"), ""), name) == 0) {
            return item;
        }
    }
    return NULL;
}

/* What the same brief holds when it is admitted, is what the estimate said; limits count all of it. */
Test(prospect, is_what_would_be_held)
{
    static const char *const briefs[] = {
        BRIEF "}",
        BRIEF ", \"variations\": [\"16:9\", \"9:16\", \"1:1\"]}",
        BRIEF ", \"budget\": 0.11}", /* the first attempt only */
    };

    for (size_t i = 0; i < GEN_COUNT(briefs); i++) {
        struct gen_admitted admitted;
        struct gen_node *estimate = NULL;
        const struct gen_node *month;
        struct door door;
        gen_micros held = 0;

        door_open(&door, "0.05");
        cr_assert(eq(int, door_ask(&door, briefs[i], &estimate), GEN_OK), "%s", door.err.message);
        cr_assert(eq(int, door_knock(&door, briefs[i], NULL, &admitted), GEN_OK), "%s",
                  door.err.message);
        for (const struct gen_change *it = admitted.changes->first; it != NULL; it = it->next) {
            held += it->kind == GEN_CHANGE_LEDGER ? it->as.entry.amount : 0;
        }
        cr_expect(dollars(estimate, "costHeld") == held, "case %zu", i);
        cr_expect(dollars(estimate, "costMost") + dollars(estimate, "reserve") == held);
        cr_expect(admitted.reserved == (dollars(estimate, "reserve") > 0), "case %zu", i);
        cr_expect(gen_node_truth(gen_node_get(estimate, "affordable"), false));
        month = limit_of(estimate, "organization a month");
        cr_assert(month != NULL);
        cr_expect(dollars(month, "needs") == held &&
                  dollars(month, "leftAfter") == dollars(month, "left") - held);
        cr_expect(gen_node_count(gen_node_get(estimate, "pipelines")) ==
                  admitted.job->pipeline_count);
        gen_changes_destroy(admitted.changes);
        gen_arena_destroy(admitted.job->arena);
        door_close(&door);
    }
}

/* A budget of the store that is too small: it is named, its figures are there, and the same with the job. */
Test(prospect, a_budget_that_does_not_allow_it)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_budget budget = {.organization = "org_1", .scope = GEN_SCOPE_PROJECT, .of = "tea",
                                .period = GEN_PERIOD_ALWAYS, .hard = 50000, .note = "Tea money",
                                .version = 1, .created_by = "", .created_at = NOW,
                                .updated_at = NOW};
    struct gen_admitted admitted;
    struct gen_node *estimate = NULL;
    const struct gen_node *limit;
    struct door door;

    door_open(&door, "0.05");
    gen_random_ident(door.options.random, GEN_IDENT_BUDGET, NOW, &budget.id);
    gen_changes_budget(changes, GEN_CHANGE_BUDGET_ADD, &budget);
    cr_assert(eq(int, gen_store_apply(door.store, changes, &door.err), GEN_OK));
    gen_changes_destroy(changes);
    cr_assert(eq(int, gen_treasury_reload(gen_outlook_treasury(door.outlook), &door.err), GEN_OK));
    cr_assert(eq(int, door_ask(&door, BRIEF "}", &estimate), GEN_OK), "%s", door.err.message);
    cr_expect_not(gen_node_truth(gen_node_get(estimate, "affordable"), true));
    cr_expect(strcmp(gen_node_text(gen_node_get(gen_node_get(estimate, "refusal"), "code"), ""),
                     "budget_exceeded") == 0);
    cr_expect(strstr(gen_node_text(gen_node_get(gen_node_get(estimate, "refusal"), "detail"), ""),
                     "Tea money") != NULL,
              "%s", gen_node_text(gen_node_get(gen_node_get(estimate, "refusal"), "detail"), ""));
    limit = limit_of(estimate, "Tea money");
    cr_assert(limit != NULL);
    cr_expect(dollars(limit, "hard") == 50000 && dollars(limit, "left") == 50000);
    cr_expect(eq(int, door_knock(&door, BRIEF "}", NULL, &admitted), GEN_EBUDGET));
    cr_expect(strstr(door.err.message, "Tea money") != NULL, "%s", door.err.message);
    /* another project is not concerned */
    cr_assert(eq(int, door_ask(&door, "{\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", "
                                      "\"duration\": 2}]}", &estimate), GEN_OK));
    cr_expect(gen_node_truth(gen_node_get(estimate, "affordable"), false));
    cr_expect(limit_of(estimate, "Tea money") == NULL);
    door_close(&door);
}

/* The baseline of the job stands in its decision. */
Test(prospect, baseline)
{
    struct gen_node *estimate = NULL;
    const struct gen_node *baseline;
    struct door door;

    door_open(&door, "0.05");
    cr_assert(eq(int, door_ask(&door, BRIEF "}", &estimate), GEN_OK));
    baseline = gen_node_get(gen_node_get(estimate, "routing"), "baseline");
    cr_expect(strcmp(gen_node_text(gen_node_get(baseline, "kind"), ""), "named") == 0);
    cr_expect(dollars(baseline, "cost") == dollars(estimate, "costEstimate"));
    cr_expect(dollars(baseline, "savings") == 0);
    door_close(&door);
}
