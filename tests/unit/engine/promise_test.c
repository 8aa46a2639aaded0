/* promise_test.c - shots that wait for others: slices in a chain, and the one that finishes. */
#include "engine/promise.h"

#include "unit/engine/play.h"

static struct gen_supply promised[3][2];

static void promise(struct gen_shot *shot, size_t at, const char *kind, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        promised[at][i] = (struct gen_supply){
            .asset = {.digest = "", .kind = kind, .media_type = "x/y"}, .scene = i};
    }
    shot->supplies = promised[at];
    shot->supply_count = count;
}

/* Two slices in a chain, and a finishing shot that is free. */
static void chain_begin(struct play *play)
{
    struct gen_shot *shots;

    play_begin(play, 1, 3, 0);
    shots = play->job->pipelines[0].shots;
    shots[0].shown_ms = shots[1].from_ms = shots[1].shown_ms = 1000;
    shots[0].attempt.seed = 7;
    promise(&shots[1], 1, GEN_SUPPLY_FRAME, 1);
    shots[2].role = GEN_SHOT_FINISH;
    shots[2].provider = "local";
    shots[2].model = "studio";
    promise(&shots[2], 2, GEN_SUPPLY_FOOTAGE, 2);
    play_input(play, (struct gen_input){.kind = GEN_INPUT_START});
}

static size_t effects(const struct play *play, enum gen_effect_kind kind)
{
    size_t count = 0;

    for (const struct gen_effect *effect = play->first; effect != NULL; effect = effect->next) {
        count += effect->kind == kind;
    }
    return count;
}

static size_t changes(const struct play *play, enum gen_change_kind kind)
{
    size_t count = 0;

    for (const struct gen_change *change = play->changes->first; change != NULL;
         change = change->next) {
        count += change->kind == kind;
    }
    return count;
}

static void render(struct play *play, size_t shot)
{
    play_to(play, shot, GEN_ATTEMPT_SETTLED);
}

static void supplied(struct play *play, size_t shot, enum gen_status status)
{
    struct gen_asset made[] = {{.digest = "f1", .size = 10, .width = 64, .height = 36},
                               {.digest = "f2", .size = 20, .width = 64, .height = 36,
                                .duration_ms = 1000}};

    play_input(play, (struct gen_input){.kind = GEN_INPUT_SUPPLIED, .shot = shot, .status = status,
                                        .supplies = made, .reason = "no picture in it"});
}

Test(promise, one_after_the_other)
{
    struct play play;

    chain_begin(&play);
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_WANT_SLOT), 1), "the others wait");
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_SUPPLY), 0));
    render(&play, 0);
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_SUPPLY), 1));
    cr_assert(eq(sz, play_effect(&play, GEN_EFFECT_SUPPLY)->shot, 1));
    supplied(&play, 1, GEN_OK);
    cr_assert(eq(sz, changes(&play, GEN_CHANGE_SUPPLY_SET), 1));
    cr_assert(eq(sz, play_effect(&play, GEN_EFFECT_WANT_SLOT)->shot, 1));
    cr_assert(eq(i64, play_shot(&play, 0, 1)->attempt.seed, 7), "the seed of the one before");
    cr_assert(eq(sz, changes(&play, GEN_CHANGE_ATTEMPT_NOTE), 1), "which is durable");
    cr_assert(eq(i32, play_shot(&play, 0, 1)->supplies[0].asset.width, 64));
    supplied(&play, 1, GEN_OK);
    cr_assert(eq(sz, changes(&play, GEN_CHANGE_SUPPLY_SET), 0), "nobody waits for a second one");
    render(&play, 1);
    cr_assert(eq(sz, play_effect(&play, GEN_EFFECT_SUPPLY)->shot, 2));
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_ASSEMBLE), 0));
    supplied(&play, 2, GEN_OK);
    cr_assert(eq(sz, changes(&play, GEN_CHANGE_SUPPLY_SET), 2));
    render(&play, 2);
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_ASSEMBLE), 1));
    play_end(&play);
}

/* After a restart: what was made is there, what was not is made. */
Test(promise, resumed)
{
    struct play play;
    struct gen_shot *shots;

    chain_begin(&play);
    render(&play, 0);
    shots = play.job->pipelines[0].shots;
    shots[1].supplying = false; /* the memory is gone */
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_START});
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_SUPPLY), 1));
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_WANT_SLOT), 0));
    supplied(&play, 1, GEN_OK);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_START});
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_SUPPLY), 0));
    cr_assert(eq(sz, play_effect(&play, GEN_EFFECT_WANT_SLOT)->shot, 1));
    play_end(&play);
}

/* Our own trouble is told to a person and tried again; money stays reserved. */
Test(promise, no_disk)
{
    struct play play;
    struct gen_pipeline *pipeline;

    chain_begin(&play);
    pipeline = play.job->pipelines;
    render(&play, 0);
    supplied(&play, 1, GEN_ENOSPACE);
    cr_assert(eq(int, pipeline->status, GEN_PIPELINE_NEEDS_ATTENTION));
    cr_assert(eq(int, play_state(&play, 1), GEN_ATTEMPT_RESERVED));
    cr_assert(eq(sz, play_effect(&play, GEN_EFFECT_WAKE)->shot, 1));
    play_kind(&play, GEN_INPUT_TIMER, 1);
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_SUPPLY), 1));
    supplied(&play, 1, GEN_OK);
    cr_assert(eq(int, pipeline->status, GEN_PIPELINE_PROCESSING));
    cr_assert(eq(int, pipeline->failure, GEN_FAILURE_NONE));
    play_end(&play);
}

/* A clip without a last picture ends the video: what waited is refused and costs nothing. */
Test(promise, no_picture)
{
    struct play play;

    chain_begin(&play);
    render(&play, 0);
    supplied(&play, 1, GEN_EINVAL);
    cr_assert(eq(int, play.job->pipelines[0].status, GEN_PIPELINE_FAILED));
    cr_assert(eq(int, play_state(&play, 1), GEN_ATTEMPT_REFUSED));
    cr_assert(eq(int, play_state(&play, 2), GEN_ATTEMPT_REFUSED));
    cr_assert(eq(i64, play_entry(&play, 1, GEN_LEDGER_RELEASE), MOST));
    cr_assert(play.over);
    play_end(&play);
}

/* Cancelled while something is made. */
Test(promise, cancelled)
{
    struct play play;

    chain_begin(&play);
    render(&play, 0);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_CANCEL});
    cr_assert(eq(sz, effects(&play, GEN_EFFECT_STOP_SUPPLY), 1));
    cr_assert(play.over);
    supplied(&play, 1, GEN_OK);
    cr_assert(play.first == NULL, "too late");
    play_end(&play);
}

/* Footage that cannot be made, or a renderer that fails: the video is joined without it. */
Test(promise, done_without_the_finish)
{
    for (int early = 0; early < 2; early++) {
        struct play play;
        struct gen_pipeline *pipeline;
        struct gen_output output = {.digest = "d"};

        chain_begin(&play);
        pipeline = play.job->pipelines;
        render(&play, 0);
        supplied(&play, 1, GEN_OK);
        render(&play, 1);
        supplied(&play, 2, early ? GEN_EINVAL : GEN_OK);
        if (!early) {
            play_kind(&play, GEN_INPUT_SLOT, 2);
            play_fail(&play, 2, GEN_FAILURE_UNSUPPORTED, GEN_BILLING_NO, -1);
        }
        cr_assert(eq(int, play_state(&play, 2), GEN_ATTEMPT_REFUSED));
        cr_assert(eq(sz, effects(&play, GEN_EFFECT_ASSEMBLE), 1));
        cr_assert(strstr(pipeline->warning, "text overlays could not be added") != NULL);
        cr_assert(changes(&play, GEN_CHANGE_PIPELINE_SET) > 0);
        /* The same after a restart. */
        pipeline->assembling = false;
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_START});
        cr_assert(eq(sz, effects(&play, GEN_EFFECT_ASSEMBLE), 1));
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .output = &output});
        cr_assert(eq(int, pipeline->status, GEN_PIPELINE_COMPLETED));
        cr_assert(play.over);
        play_end(&play);
    }
}
