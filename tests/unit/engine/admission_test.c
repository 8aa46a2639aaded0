/* admission_test.c - the one door, with the priced provider of the contract's tests behind it. */
#include "engine/admission.h"

#include "engine/rulebook.h"
#include "platform/json_reader.h"
#include "store/load.h"

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

static void admitted_free(struct gen_admitted *admitted)
{
    gen_changes_destroy(admitted->changes);
    gen_arena_destroy(admitted->job->arena);
}

/* What a set holds altogether. */
static gen_micros held_by(const struct gen_changes *changes)
{
    gen_micros held = 0;

    for (const struct gen_change *change = changes->first; change != NULL; change = change->next) {
        held += change->kind == GEN_CHANGE_LEDGER ? change->as.entry.amount : 0;
    }
    return held;
}

#define TWO_SCENES \
    "\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", \"duration\": 2}, {\"prompt\": " \
    "\"b\", \"duration\": 3.5}]"

Test(admission, everything_is_decided_and_held)
{
    struct door door;
    struct gen_admitted admitted = {0};
    struct gen_job *again = NULL;
    gen_micros held = 0;
    int events = 0, keys = 0;
    uint32_t flags;

    door_open(&door, "0.05");
    cr_assert(door_knock(&door, "{" TWO_SCENES ", \"variations\": [\"16:9\", \"1:1\"], \"budget\": "
                                "1}", "key-1", &admitted) == GEN_OK, "%s", door.err.message);
    cr_assert(eq(sz, admitted.job->pipeline_count, 2));
    cr_assert(eq(sz, admitted.job->pipelines[0].shot_count, 2));
    cr_assert(eq(i64, admitted.job->pipelines[0].shots[1].duration_ms, 4000), "whole seconds");
    flags = admitted.job->pipelines[0].model_flags;
    cr_assert(eq(u32, flags & GEN_TRAIT_CAN_RECOVER, GEN_TRAIT_CAN_RECOVER));
    cr_assert(eq(u32, flags & GEN_TRAIT_CAN_CANCEL, GEN_TRAIT_CAN_CANCEL));
    for (const struct gen_change *change = admitted.changes->first; change != NULL;
         change = change->next) {
        held += change->kind == GEN_CHANGE_LEDGER ? change->as.entry.amount : 0;
        keys += change->kind == GEN_CHANGE_IDEMPOTENCY;
        events += change->kind == GEN_CHANGE_EVENT;
    }
    cr_assert(eq(i64, held, 2 * (100000 + 200000)), "2 s and 4 s at $0.05, twice");
    cr_assert(eq(int, keys, 1));
    cr_assert(eq(int, events, 1 + 4 * 2), "the job, and for each shot its state and its hold");
    cr_assert(gen_store_apply(door.store, admitted.changes, &door.err) == GEN_OK, "%s",
              door.err.message);
    cr_assert(gen_read_load(door.store, admitted.job->id.text, &again, &door.err) == GEN_OK, "%s",
              door.err.message);
    for (size_t i = 0; i < 2; i++) {
        const struct gen_attempt *attempt = &again->pipelines[i].shots[1].attempt;

        cr_assert(eq(int, attempt->state, GEN_ATTEMPT_RESERVED));
        cr_assert(eq(i64, attempt->hold, 200000));
        cr_assert(ne(i64, attempt->seed, 0));
    }
    cr_assert(strstr(again->decision, "\"selectedModels\":[\"fake/pay\"]") != NULL, "%s",
              again->decision);
    cr_assert(strstr(again->decision, "\"adjustments\":[{") != NULL, "3.5 s became 4");
    gen_arena_destroy(again->arena);
    admitted_free(&admitted);
    door_close(&door);
}

/* Nothing is admitted and nothing is left when the answer is no. */
Test(admission, refusals)
{
    static const struct {
        const char *price, *brief;
        enum gen_status status;
        const char *path, *words;
    } cases[] = {
        /* lesson 4: no price, no admission */
        {"null", "{" TWO_SCENES "}", GEN_EUNSUPPORTED, "variations", "price"},
        /* one micro-dollar short: 6 s at 0.05 is 0.3 */
        {"0.05", "{" TWO_SCENES ", \"budget\": 0.299999}", GEN_EBUDGET, "budget", "$0.30"},
        /* the default budget of the daemon */
        {"10", "{" TWO_SCENES "}", GEN_EBUDGET, "budget", "$60.00"},
        /* a price that nobody can mean */
        {"2000000000000", "{" TWO_SCENES "}", GEN_EUNSUPPORTED, "", "a price of"},
        {"0.05", "{\"models\": [\"fake/none\"], \"scenes\": [{\"prompt\": \"a\", \"duration\": "
                 "2}]}", GEN_EUNSUPPORTED, "models", "the brief names"},
        {"0.05", "{\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", \"duration\": "
                 "1}], \"frameRate\": 120}", GEN_EUNSUPPORTED, "variations", "at most 60 frames"},
        {"0.05", "{" TWO_SCENES ", \"deadline\": \"2020-01-01T00:00:00Z\"}", GEN_EINVAL, "deadline",
         "passed"},
        {"0.05", "{\"scenes\": [{\"assets\": [\"picture.png\"], \"duration\": 2}]}", GEN_EINVAL,
         "scenes[0].assets[0]", "upload"},
        {"0.05", "{\"scenes\": [{\"assets\": [\"ast_01m81rcze1hsa2asfnqtzme0wf\"], \"duration\": "
                 "2}]}", GEN_ENOTFOUND, "scenes[0].assets[0]", "there is no asset"},
        {"0.05", "{\"scenes\": []}", GEN_EINVAL, "scenes", ""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct door door;
        struct gen_admitted admitted = {0};
        enum gen_status status;

        door_open(&door, cases[i].price);
        status = door_knock(&door, cases[i].brief, NULL, &admitted);
        cr_expect(status == cases[i].status, "case %zu: %s %s", i, gen_status_word(status),
                  door.err.message);
        cr_expect(strcmp(door.err.path, cases[i].path) == 0 || cases[i].path[0] == '\0',
                  "case %zu: \"%s\"", i, door.err.path);
        cr_expect(strstr(door.err.message, cases[i].words) != NULL, "case %zu: %s", i,
                  door.err.message);
        cr_expect(admitted.job == NULL && admitted.changes == NULL);
        door_close(&door);
    }
}

/* Exactly enough is enough. */
Test(admission, the_last_micro_dollar)
{
    struct door door;
    struct gen_admitted admitted = {0};

    door_open(&door, "0.05");
    cr_assert(door_knock(&door, "{" TWO_SCENES ", \"budget\": 0.3}", NULL, &admitted) == GEN_OK,
              "%s", door.err.message);
    cr_assert(gen_store_apply(door.store, admitted.changes, &door.err) == GEN_OK, "%s",
              door.err.message);
    admitted_free(&admitted);
    door_close(&door);
}

/* The same key cannot admit twice, also when both were planned before either was durable. */
Test(admission, lesson_02_two_at_once_with_one_key)
{
    struct door door;
    struct gen_admitted first = {0}, second = {0};

    door_open(&door, "0.05");
    cr_assert(door_knock(&door, "{" TWO_SCENES "}", "same", &first) == GEN_OK);
    cr_assert(door_knock(&door, "{" TWO_SCENES "}", "same", &second) == GEN_OK);
    cr_assert(eq(int, gen_store_apply(door.store, first.changes, &door.err), GEN_OK));
    cr_assert(eq(int, gen_store_apply(door.store, second.changes, &door.err), GEN_ECONFLICT));
    admitted_free(&first);
    admitted_free(&second);
    door_close(&door);
}

#define PICTURE "ast_01m81rcze1hsa2asfnqtzme0wa"

static enum gen_status door_asset(struct door *door, enum gen_change_kind kind, gen_moment at)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, kind);
    struct gen_ident id = {PICTURE};
    enum gen_status status;

    if (kind == GEN_CHANGE_ASSET_ADD) {
        change->as.asset = (struct gen_asset){.id = id, .organization = "org_1", .digest = "d",
                                              .name = "a.png", .kind = "picture",
                                              .media_type = "image/png", .size = 1,
                                              .created_at = at};
    } else {
        change->as.upload = (struct gen_change_upload){.id = id, .digest = "", .at = at};
    }
    status = gen_store_apply(door->store, changes, &door->err);
    gen_changes_destroy(changes);
    return status;
}

/* From the same transaction on that admits the job its assets are kept; one that was removed between
 * the plan and that transaction refuses the job, which would wait for a file that is not there. */
Test(admission, the_assets_of_a_job_are_kept)
{
    static const char brief[] = "{\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", "
                                "\"duration\": 2, \"assets\": [\"" PICTURE "\"]}]}";

    for (int removed = 0; removed < 2; removed++) {
        struct door door;
        struct gen_admitted admitted = {0};

        door_open(&door, "0.05");
        cr_assert(eq(int, door_asset(&door, GEN_CHANGE_ASSET_ADD, NOW - 1000), GEN_OK));
        cr_assert(door_knock(&door, brief, NULL, &admitted) == GEN_OK, "%s", door.err.message);
        if (removed) {
            cr_assert(eq(int, door_asset(&door, GEN_CHANGE_ASSET_REMOVE, NOW), GEN_OK));
        }
        cr_assert(eq(int, gen_store_apply(door.store, admitted.changes, &door.err),
                     removed ? GEN_ECONFLICT : GEN_OK));
        if (removed) {
            cr_assert(strstr(door.err.message, "upload the file again") != NULL, "%s",
                      door.err.message);
        } else {
            cr_assert(eq(int, door_asset(&door, GEN_CHANGE_ASSET_REMOVE, NOW), GEN_ECONFLICT));
        }
        admitted_free(&admitted);
        door_close(&door);
    }
}

/* A whole storyboard is one shot, and the models that the brief names are taken in its order. */
Test(admission, named_models_in_order)
{
    struct door door;
    struct gen_admitted admitted = {0};

    door_open(&door, "0.05");
    cr_assert(door_knock(&door, "{\"models\": [\"fake/whole\", \"fake/pay\"], \"scenes\": "
                                "[{\"prompt\": \"a\", \"duration\": 2}, {\"prompt\": \"b\", "
                                "\"duration\": 2}]}", NULL, &admitted) == GEN_OK, "%s",
              door.err.message);
    cr_assert(eq(str, (char *)admitted.job->pipelines[0].model, "whole"));
    cr_assert(eq(sz, admitted.job->pipelines[0].shot_count, 1));
    cr_assert(eq(sz, admitted.job->pipelines[0].shots[0].scene_count, 2));
    admitted_free(&admitted);
    door_close(&door);
}

/* On top of the first attempts as much as retry.yaml may buy again, where every budget has it; else the first
 * attempts alone, and it says so. All limits go to the store with the hold. */
Test(admission, money_for_paid_retries)
{
    static const struct {
        const char *what, *budget, *team;
        bool bare, reserved;
    } cases[] = {
        {"enough", "10", NULL, false, true},       {"exactly enough", "0.6", NULL, false, true},
        {"a micro-dollar less", "0.599999", NULL, false, false},
        {"asked for without", "10", NULL, true, false},
        {"a team with less", "10", "film", false, false},
        {"another team", "10", "sound", false, true},
    };
    struct gen_budget budget = {.id = {"bud_1"}, .organization = "org_1", .scope = GEN_SCOPE_TEAM,
                                .of = "film", .period = GEN_PERIOD_MONTH, .hard = 599999,
                                .note = "film", .version = 1, .created_by = ""};
    struct gen_changes *changes = gen_changes_create();
    struct door door;

    door_open(&door, "0.05");
    gen_changes_budget(changes, GEN_CHANGE_BUDGET_ADD, &budget);
    cr_assert(gen_store_apply(door.store, changes, &door.err) == GEN_OK);
    gen_changes_destroy(changes);
    cr_assert(gen_treasury_reload(gen_outlook_treasury(door.outlook), &door.err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char brief[300];
        struct gen_request request = {.organization = "org_1", .user = "usr_1",
                                      .team = cases[i].team, .bare = cases[i].bare};
        struct gen_admitted admitted = {0};
        bool warned;

        snprintf(brief, sizeof(brief), "{" TWO_SCENES ", \"variations\": [\"16:9\"], \"budget\": %s}",
                 cases[i].budget);
        request.brief = door_node(&door, brief);
        cr_assert(gen_admission_plan(&door.options, door.outlook, &request, NOW, &admitted,
                                     &door.err) == GEN_OK, "%s: %s", cases[i].what,
                  door.err.message);
        warned = strstr(admitted.job->decision, "first attempts only") != NULL;
        cr_expect(admitted.reserved == cases[i].reserved, "%s", cases[i].what);
        cr_expect(warned == !cases[i].reserved, "%s: %s", cases[i].what, admitted.job->decision);
        cr_expect(eq(i64, held_by(admitted.changes), cases[i].reserved ? 600000 : 300000), "%s",
                  cases[i].what);
        for (const struct gen_change *it = admitted.changes->first; it != NULL; it = it->next) {
            bool films = cases[i].team != NULL && strcmp(cases[i].team, "film") == 0;

            /* the organization's month, the job's own soft limit, and the team's */
            cr_expect(it->kind != GEN_CHANGE_LEDGER ||
                          it->as.entry.limit_count == (films ? 3u : 2u), "%s: %zu", cases[i].what,
                      it->as.entry.limit_count);
        }
        admitted_free(&admitted);
    }
    door_close(&door);
}
