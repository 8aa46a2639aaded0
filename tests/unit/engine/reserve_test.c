/* reserve_test.c - money beside the first attempts: for the dearest provider that could come instead, or for
 * nobody where that does not fit. */
#include "engine/reserve.h"

#include "engine/quotation.h"
#include "unit/engine/world.h"

TestSuite(reserve, .timeout = 60);

#define NOW INT64_C(1800000000000)
#define CENT (GEN_MICROS_PER_DOLLAR / 100)

enum { OTHERS = 3 };

struct other {
    const char *provider;
    gen_micros most;
    enum gen_filter filter;
    enum gen_shot_role role;
    size_t shots; /* that its plan takes for the scene */
};

/* One shot of 10 cents on "own"; the shipped retry.yaml: one rebuy, costShare as the case says. */
static const struct {
    const char *what;
    struct other others[OTHERS];
    double share;
    gen_micros budget;
    bool bare;
    gen_micros hold;
    bool warns;
} cases[] = {
    {"nobody else: once more on its own", {{0}}, 1, 500 * CENT, false, 20 * CENT, false},
    {"another, as dear", {{"b", 10 * CENT, 0, GEN_SHOT_SCENE, 1}}, 1, 500 * CENT, false, 20 * CENT,
     false},
    {"another, dearer", {{"b", 25 * CENT, 0, GEN_SHOT_SCENE, 1}}, 3, 500 * CENT, false, 35 * CENT,
     false},
    {"the dearest of two", {{"b", 15 * CENT, 0, GEN_SHOT_SCENE, 1}, {"c", 20 * CENT, 0, GEN_SHOT_SCENE, 1}},
     3, 500 * CENT, false, 30 * CENT, false},
    {"dearer than retries may be", {{"b", 25 * CENT, 0, GEN_SHOT_SCENE, 1}}, 1, 500 * CENT, false,
     20 * CENT, false},
    {"dearer, but out", {{"b", 25 * CENT, GEN_FILTER_BREAKER, GEN_SHOT_SCENE, 1}}, 3, 500 * CENT, false,
     20 * CENT, false},
    {"dearer, but of the same provider", {{"own", 25 * CENT, 0, GEN_SHOT_SCENE, 1}}, 3, 500 * CENT,
     false, 20 * CENT, false},
    {"dearer, but for whole storyboards", {{"b", 25 * CENT, 0, GEN_SHOT_WHOLE, 1}}, 3, 500 * CENT, false,
     20 * CENT, false},
    {"in two parts, each of its price", {{"b", 12 * CENT, 0, GEN_SHOT_SCENE, 2}}, 3, 500 * CENT, false,
     34 * CENT, false},
    {"the budget is too small for it", {{"b", 25 * CENT, 0, GEN_SHOT_SCENE, 1}}, 3, 30 * CENT, false,
     10 * CENT, true},
    {"nobody wants a reserve", {{0}}, 1, 500 * CENT, true, 10 * CENT, true},
};

static void other_make(struct world *world, const struct other *other, struct gen_contender *out)
{
    struct gen_model *model = gen_arena_alloc(world->arena, sizeof *model);
    struct gen_quoted *plan = gen_arena_alloc(world->arena, sizeof *plan);

    *model = (struct gen_model){.provider = other->provider, .id = "m"};
    plan->shot_count = other->shots;
    plan->shots = gen_arena_array(world->arena, other->shots, sizeof *plan->shots);
    for (size_t i = 0; i < other->shots; i++) {
        plan->shots[i] = (struct gen_shot){.role = other->role, .provider = other->provider,
                                           .price = other->most, .most = other->most};
    }
    *out = (struct gen_contender){.model = model, .filter = other->filter,
                                  .quote = {.price = other->most * (gen_micros)other->shots,
                                            .most = other->most * (gen_micros)other->shots,
                                            .plan = plan}};
}

Test(reserve, the_dearest_way)
{
    struct world world;
    struct gen_treasury *treasury = NULL;
    struct gen_policy_set set;
    struct gen_rulebook_facts facts;

    world_open(&world);
    world_options(&world);
    WORLD_OK(&world, gen_treasury_create(&world.options, &treasury, &world.err));
    gen_rulebook_facts(world.rules, &facts);
    set = *facts.set;
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_policy retry = *facts.set->retry;
        struct gen_question question = {.policy = &set};
        struct gen_contender contenders[OTHERS];
        struct gen_contest contest = {.scene = GEN_ALL_SCENES, .contenders = contenders};
        struct gen_decision decision = {
            .question = &question, .contests = &contest, .contest_count = 1};
        struct gen_shot shots[2] = {
            {.role = GEN_SHOT_SCENE, .provider = "own", .price = 10 * CENT, .most = 10 * CENT,
             .attempt = {.hold = 10 * CENT}},
            {.role = GEN_SHOT_FINISH, .provider = "local"}};
        struct gen_pipeline pipeline = {.shots = shots, .shot_count = 2};
        struct gen_job job = {.arena = world.arena, .organization = "org_1", .user = "u",
                              .project = "", .budget = cases[i].budget, .pipelines = &pipeline,
                              .pipeline_count = 1};
        struct gen_reserve reserve = {.job = &job, .decision = &decision, .treasury = treasury,
                                      .now = NOW, .bare = cases[i].bare};

        retry.job.cost_share = cases[i].share;
        set.retry = &retry;
        while (contest.contender_count < OTHERS &&
               cases[i].others[contest.contender_count].provider != NULL) {
            other_make(&world, &cases[i].others[contest.contender_count],
                       &contenders[contest.contender_count]);
            contest.contender_count++;
        }
        WORLD_OK(&world, gen_reserve_make(&reserve, &world.err));
        cr_expect(eq(i64, shots[0].attempt.hold, cases[i].hold), "%s", cases[i].what);
        cr_expect(eq(i64, shots[1].attempt.hold, 0), "%s", cases[i].what);
        cr_expect(cases[i].warns == (reserve.warning != NULL), "%s", cases[i].what);
        cr_expect(reserve.made == (cases[i].hold > 10 * CENT), "%s", cases[i].what);
    }
    gen_treasury_destroy(treasury);
    world_close(&world);
}
