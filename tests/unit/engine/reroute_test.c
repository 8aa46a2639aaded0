/* reroute_test.c - who else can make this very shot, with what is left: the shipped policies and the provider
 * of the contract's tests, asked about a shot that failed at a provider that is gone. */
#include "engine/reroute.h"

#include "engine/admission.h"
#include "unit/engine/world.h"

TestSuite(reroute, .timeout = 60);

#define CENT (GEN_MICROS_PER_DOLLAR / 100)

struct bed {
    struct world world;
    struct gen_lanes *lanes;
    struct gen_open_owner owner;
    struct gen_admitted admitted;
    struct gen_open_job open;
};

static void on_done(void *context, enum gen_status status, const struct gen_error *err,
                    int64_t last_event)
{
    (void)last_event;
    cr_assert(status == GEN_OK, "%s", err->message);
    *(bool *)context = true;
}

/* A job of two scenes, 2 and 4 seconds at five cents each, in the store and not under way. */
static void begin(struct bed *bed)
{
    static const char brief[] =
        "{\"title\": \"t\", \"scenes\": [{\"prompt\": \"a\", \"duration\": 2}, {\"prompt\": \"b\", "
        "\"duration\": 4, \"dialogue\": \"Hello.\"}], \"models\": [\"fake/pay\", \"fake/whole\"], "
        "\"budget\": 2, \"variations\": [{\"resolution\": \"320x320\"}]}";
    struct world *world = &bed->world;
    struct gen_request request = {.organization = "org_1", .user = "usr_1"};
    bool done = false;

    memset(bed, 0, sizeof *bed);
    world_open(world);
    world_options(world);
    bed->lanes = gen_lanes_create();
    bed->owner = (struct gen_open_owner){.options = &world->options, .lanes = bed->lanes};
    WORLD_OK(world, gen_outlook_create(&world->options, bed->lanes, &bed->owner.outlook,
                                       &world->err));
    request.brief = world_node(world, brief);
    WORLD_OK(world, gen_admission_plan(&world->options, bed->owner.outlook, &request,
                                       gen_clock_now(world->options.clock), &bed->admitted,
                                       &world->err));
    WORLD_OK(world, gen_store_commit(world->store, &bed->admitted.changes, on_done, &done,
                                     &world->err));
    while (!done) {
        gen_loop_turn(world->loop);
    }
    bed->open = (struct gen_open_job){.owner = &bed->owner, .job = bed->admitted.job,
                                      .assets = bed->admitted.assets,
                                      .asset_count = bed->admitted.asset_count};
}

static void end(struct bed *bed)
{
    gen_arena_destroy(bed->admitted.job->arena);
    gen_outlook_destroy(bed->owner.outlook);
    gen_lanes_destroy(bed->lanes);
    world_close(&bed->world);
}

/* The second scene, which failed where nobody is any more. */
static struct gen_shot *lost(struct bed *bed)
{
    struct gen_shot *shot = &bed->open.job->pipelines[0].shots[1];

    shot->provider = "gone";
    shot->model = "one";
    gen_shot_fail_at(shot, "gone", 2, bed->open.job->arena);
    return shot;
}

static enum gen_status ask(struct bed *bed, struct gen_shot *shot, struct gen_rerouted *out,
                           struct gen_error *why)
{
    struct gen_input input = {.now = gen_clock_now(bed->world.options.clock), .reason = ""};
    struct gen_turn turn = {.job = bed->open.job, .pipeline = &bed->open.job->pipelines[0],
                            .shot = shot, .input = &input, .arena = bed->world.arena};

    return gen_reroute_find(&bed->open, &turn, out, why);
}

Test(reroute, the_shot_as_it_is_ordered_there)
{
    struct gen_rerouted out = {0};
    struct gen_error why = {0};
    struct gen_shot *shot, before;
    struct bed bed;

    begin(&bed);
    shot = lost(&bed);
    before = *shot;
    cr_assert(eq(int, ask(&bed, shot, &out, &why), GEN_OK), "%s", why.message);
    cr_expect(eq(str, (char *)out.shot.provider, "fake"));
    cr_expect(eq(str, (char *)out.shot.model, "pay"));
    cr_expect(eq(i64, out.shot.price, 20 * CENT), "four seconds");
    cr_expect(eq(i64, out.shot.most, 20 * CENT));
    cr_expect(eq(i64, out.shot.ordered_ms, 4000));
    cr_expect(eq(sz, out.shot.first_scene, 1));
    cr_expect(out.shot.parameters[0] == '{' && !out.capped);
    cr_expect(memcmp(&before, shot, sizeof before) == 0, "nothing was changed");
    end(&bed);
}

static void failed_here(struct bed *bed, struct gen_shot *shot)
{
    gen_shot_fail_at(shot, "fake", 1, bed->open.job->arena);
}

static void chained(struct bed *bed, struct gen_shot *shot)
{
    struct gen_supply *supply = gen_arena_alloc(bed->open.job->arena, sizeof *supply);

    supply->asset.kind = GEN_SUPPLY_FRAME;
    shot->supplies = supply;
    shot->supply_count = 1;
    shot->from_ms = 2000;
    shot->shown_ms = 2000;
}

static void speaking(struct bed *bed, struct gen_shot *shot)
{
    (void)bed;
    shot->speaks = true;
}

static void long_one(struct bed *bed, struct gen_shot *shot)
{
    ((struct gen_scene *)bed->open.job->brief->scenes.items)[1].duration_ms = 40000;
    shot->shown_ms = 31000;
}

static void poor(struct bed *bed, struct gen_shot *shot)
{
    shot->attempt.hold = 0;
    bed->open.job->budget = 0;
}

static void no_rules(struct bed *bed, struct gen_shot *shot)
{
    (void)shot;
    bed->world.options.rules = NULL;
}

Test(reroute, nobody_else)
{
    static const struct {
        const char *what;
        void (*change)(struct bed *bed, struct gen_shot *shot);
        const char *words;
    } cases[] = {
        {"it has failed there, too", failed_here, "the shot has failed there"},
        {"it goes on from a picture", chained, "does not go on from a picture"},
        {"it says its words itself", speaking, "does not say the words"},
        {"more than one call renders", long_one, "renders no "},
        {"no money", poor, "budget"},
        {"no policies", no_rules, "no policies"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_rerouted out = {0};
        struct gen_error why = {0};
        struct gen_rulebook *rules;
        struct gen_shot *shot;
        struct bed bed;

        begin(&bed);
        rules = bed.world.options.rules;
        shot = lost(&bed);
        cases[i].change(&bed, shot);
        cr_expect(eq(int, ask(&bed, shot, &out, &why), GEN_ENOTFOUND), "%s", cases[i].what);
        cr_expect(strstr(why.message, cases[i].words) != NULL, "%s: %s", cases[i].what,
                  why.message);
        bed.world.options.rules = rules;
        end(&bed);
    }
}
