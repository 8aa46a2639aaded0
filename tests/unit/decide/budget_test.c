/* budget_test.c - bodies of budgets, good and bad, and the keys of scopes. */
#include "model/budget.h"

#include "base/alloc.h"
#include "base/json.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static enum gen_status read_body(const char *text, struct gen_arena *arena, struct gen_budget *out,
                                 struct gen_error *err)
{
    const struct gen_node *node = NULL;

    cr_assert(gen_json_read(text, strlen(text), NULL, arena, &node, err) == GEN_OK, "%s", text);
    return gen_budget_read(node, arena, out, err);
}

static const struct {
    const char *body;
    enum gen_status status;
    const char *path; /* of the mistake */
} bodies[] = {
    {"{\"scope\": \"organization\", \"hard\": 500}", GEN_OK, ""},
    {"{\"scope\": \"team\", \"of\": \"film\", \"period\": \"week\", \"soft\": 0.000001}", GEN_OK, ""},
    {"{\"scope\": \"organization\", \"hard\": 5, \"currency\": \"USD\", \"rollover\": true}", GEN_OK,
     ""},
    {"{\"scope\": \"organization\", \"hard\": -1}", GEN_EINVAL, "hard"},
    {"{\"scope\": \"organization\", \"hard\": 1e30}", GEN_EINVAL, "hard"},
    {"{\"scope\": \"organization\", \"hard\": 1000000001}", GEN_EINVAL, "hard"},
    {"{\"scope\": \"organization\", \"hard\": 0.0000001}", GEN_EINVAL, "hard"},
    {"{\"scope\": \"organization\", \"hard\": \"5\"}", GEN_EINVAL, "hard"},
    {"{\"scope\": \"organization\", \"hard\": 5, \"currency\": \"EUR\"}", GEN_EINVAL, "currency"},
    {"{\"scope\": \"organization\"}", GEN_EINVAL, "hard"},
    {"{\"hard\": 5}", GEN_EINVAL, "scope"},
    {"{\"scope\": \"planet\", \"hard\": 5}", GEN_EINVAL, "scope"},
    {"{\"scope\": \"team\", \"hard\": 5}", GEN_EINVAL, "of"},
    {"{\"scope\": \"organization\", \"of\": \"o\", \"hard\": 5}", GEN_EINVAL, "of"},
    {"{\"scope\": \"organization\", \"hard\": 5, \"soft\": 6}", GEN_EINVAL, "soft"},
    {"{\"scope\": \"organization\", \"soft\": 6, \"throttleFrom\": 0.5}", GEN_EINVAL, "throttleFrom"},
    {"{\"scope\": \"organization\", \"hard\": 6, \"period\": \"always\", \"rollover\": true}",
     GEN_EINVAL, "rollover"},
    {"{\"scope\": \"organization\", \"hard\": 6, \"alerts\": [0.9, 0.5]}", GEN_EINVAL, "alerts"},
    {"{\"scope\": \"organization\", \"hard\": 6, \"hart\": 1}", GEN_EINVAL, "hart"},
};

Test(budget, bodies)
{
    for (size_t i = 0; i < GEN_COUNT(bodies); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_budget budget = {0};
        struct gen_error err = {0};
        enum gen_status status = read_body(bodies[i].body, arena, &budget, &err);

        cr_expect(status == bodies[i].status, "%s: %s %s", bodies[i].body, gen_status_word(status),
                  err.message);
        cr_expect(eq(str, err.path, (char *)bodies[i].path), "%s: %s", bodies[i].body, err.message);
        cr_expect(status == GEN_OK || err.message[0] != '\0');
        gen_arena_destroy(arena);
    }
}

Test(budget, what_is_read_is_written)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_budget budget, copy;
    struct gen_error err = {0};
    const char *text;

    cr_assert(read_body("{\"scope\": \"project\", \"of\": \"launch\", \"period\": \"day\", \"hard\": "
                        "2.5, \"soft\": 2, \"alerts\": [0.5, 1], \"throttleFrom\": 0.9, "
                        "\"throttleParallel\": 3, \"note\": \"spring\"}",
                        arena, &budget, &err) == GEN_OK, "%s", err.message);
    cr_assert(eq(i64, budget.hard, 2500000));
    cr_assert(eq(int, budget.scope, GEN_SCOPE_PROJECT));
    strcpy(budget.id.text, "bud_1");
    budget.version = 3;
    cr_assert(gen_budget_copy(&budget, arena, &copy));
    text = gen_json_text(arena, gen_budget_write(&copy, arena), NULL);
    cr_assert(eq(str, (char *)text,
                 "{\"budgetId\":\"bud_1\",\"scope\":\"project\",\"of\":\"launch\",\"period\":\"day\","
                 "\"hard\":2.5,\"soft\":2,\"currency\":\"USD\",\"alerts\":[0.5,1],"
                 "\"rollover\":false,\"throttleFrom\":0.9,\"throttleParallel\":3,"
                 "\"note\":\"spring\",\"version\":3,\"createdBy\":\"\",\"createdAt\":null,"
                 "\"updatedAt\":null,\"endedAt\":null}"));
    gen_arena_destroy(arena);
}

Test(budget, keys)
{
    static const struct {
        enum gen_scope scope;
        const char *of, *key;
    } cases[] = {
        {GEN_SCOPE_ORGANIZATION, "", "organization:o"}, {GEN_SCOPE_TEAM, "t", "team:o|t"},
        {GEN_SCOPE_PROJECT, "a/b", "project:o|a/b"},    {GEN_SCOPE_USER, "u", "user:o|u"},
        {GEN_SCOPE_PROVIDER, "runway", "provider:o|runway"}, {GEN_SCOPE_JOB, "gen_1", "job:gen_1"},
    };
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(str, (char *)gen_budget_key(cases[i].scope, "o", cases[i].of, arena),
                     (char *)cases[i].key));
    }
    for (int scope = GEN_SCOPE_ORGANIZATION; scope <= GEN_SCOPE_PROVIDER; scope++) {
        cr_expect(eq(int, gen_scope_of(gen_scope_word((enum gen_scope)scope)), scope));
    }
    for (int period = GEN_PERIOD_DAY; period <= GEN_PERIOD_ALWAYS; period++) {
        cr_expect(eq(int, gen_period_of(gen_period_word((enum gen_period)period)), period));
    }
    cr_expect(gen_scope_of("planet") == 0 && gen_period_of("aeon") == 0);
    cr_expect(eq(str, (char *)gen_scope_word((enum gen_scope)99), ""));
    gen_arena_destroy(arena);
}

Test(budget, no_memory)
{
    enum gen_status status = GEN_ENOMEM;

    for (long nth = 1; status != GEN_OK && nth < 100; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_budget budget;
        struct gen_error err = {0};
        const struct gen_node *node = NULL;
        const char *text = bodies[1].body;

        cr_assert(gen_json_read(text, strlen(text), NULL, arena, &node, &err) == GEN_OK);
        gen_alloc_fail_at(nth);
        status = gen_budget_read(node, arena, &budget, &err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
        gen_arena_destroy(arena);
    }
    cr_assert(eq(int, status, GEN_OK));
}

/* Who says no, how much is missing, since when and until when it counts. */
Test(budget, a_refusal)
{
    static const struct {
        gen_micros amount, hard, room;
        struct gen_balance used;
        gen_moment ends;
        const char *by, *words;
    } cases[] = {
        {5000000, 10000000, 10000000, {.held = 4000000, .spent = 3000000, .unverified = 1}, 86400000,
         " (by gen_1: $4.00)",
         "$5.00 does not fit the budget \"spring\" of team t: of $10.00 $3.00 is spent, $4.00 held (by "
         "gen_1: $4.00) and $0.000001 unverified, so $2.999999 is left and $2.000001 is missing; it counts "
         "since 1970-01-01T00:00:00.000Z and begins anew at 1970-01-02T00:00:00.000Z"},
        {1, 10000000, 12500000, {.spent = 13000000}, GEN_MOMENT_NEVER, "",
         "$0.000001 does not fit the budget \"spring\" of team t: of $10.00 (and $2.50 from before) $13.00 is "
         "spent, $0.00 held and $0.00 unverified, so $0.00 is left and $0.000001 is missing"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_limit limit = {.name = "spring", .id = "", .scope = GEN_SCOPE_TEAM,
                                  .organization = "o", .of = "t", .key = "team:o|t",
                                  .hard = cases[i].hard, .ends = cases[i].ends};
        struct gen_error err = {0};

        cr_assert(eq(int, gen_limit_refuse(&limit, cases[i].amount, cases[i].room, &cases[i].used,
                                           cases[i].by, &err), GEN_EBUDGET));
        cr_expect(eq(str, err.message, (char *)cases[i].words));
        cr_expect(eq(str, err.path, "budget"));
    }
}
