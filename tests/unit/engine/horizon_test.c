/* horizon_test.c - what is said of a pipeline: the word, the basis, and progress that never goes back. */
#include "engine/horizon.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { NOW = 1000000 };

struct scene { /* a job with one pipeline of two shots, as the runner holds it */
    struct gen_engine_options options;
    struct gen_open_owner owner;
    struct gen_open_job open;
    struct gen_open_pipeline opened;
    struct gen_flight flights[2];
    struct gen_job job;
    struct gen_pipeline pipeline;
    struct gen_shot shots[2];
};

static void scene_init(struct scene *scene)
{
    *scene = (struct scene){
        .pipeline = {.status = GEN_PIPELINE_PROCESSING, .stage = GEN_STAGE_POLL, .shot_count = 2,
                     .started_at = 1},
        .shots = {{.provider = "p", .model = "m", .role = GEN_SHOT_SCENE, .duration_ms = 5000,
                   .clip = "", .note = "", .queue_position = -1},
                  {.provider = "p", .model = "m", .role = GEN_SHOT_SCENE, .duration_ms = 5000,
                   .clip = "d", .note = "", .queue_position = -1}}};
    scene->pipeline.shots = scene->shots;
    scene->job = (struct gen_job){.pipelines = &scene->pipeline, .pipeline_count = 1};
    memcpy(scene->job.id.text, "gen_1", 6);
    scene->opened.flights = scene->flights;
    scene->open = (struct gen_open_job){.job = &scene->job, .pipelines = &scene->opened};
    scene->owner = (struct gen_open_owner){.options = &scene->options,
                                           .lanes = gen_lanes_create(),
                                           .jobs = gen_map_create(10)};
    cr_assert(gen_map_put(scene->owner.jobs, "gen_1", &scene->open, NULL) == GEN_OK);
}

static void scene_fini(struct scene *scene)
{
    gen_map_destroy(scene->owner.jobs);
    gen_lanes_destroy(scene->owner.lanes);
}

/* "Waiting at the provider", "rendering" and "stuck" are different words (lesson 22). */
Test(horizon, words)
{
    static const struct {
        enum gen_attempt_state state;
        gen_moment accepted_at;
        int32_t queue, progress;
        enum gen_shot_role role;
        bool slot;
        enum gen_phase phase;
        bool measured;
    } cases[] = {
        {GEN_ATTEMPT_PLANNED, 0, -1, 0, GEN_SHOT_SCENE, false, GEN_PHASE_QUEUED, true},
        {GEN_ATTEMPT_RESERVED, 0, -1, 0, GEN_SHOT_SCENE, true, GEN_PHASE_SUBMITTING, true},
        {GEN_ATTEMPT_SUBMITTING, 0, -1, 0, GEN_SHOT_SCENE, true, GEN_PHASE_SUBMITTING, true},
        {GEN_ATTEMPT_ACCEPTED, 900000, 12000, 0, GEN_SHOT_SCENE, true, GEN_PHASE_WAITING, false},
        {GEN_ATTEMPT_ACCEPTED, 900000, 0, 0, GEN_SHOT_SCENE, true, GEN_PHASE_WAITING, false},
        {GEN_ATTEMPT_ACCEPTED, 900000, -1, 0, GEN_SHOT_SCENE, true, GEN_PHASE_RENDERING, false},
        {GEN_ATTEMPT_ACCEPTED, 900000, -1, 5, GEN_SHOT_SCENE, true, GEN_PHASE_RENDERING, true},
        {GEN_ATTEMPT_ACCEPTED, 900000, 0, 5, GEN_SHOT_SCENE, true, GEN_PHASE_RENDERING, true},
        {GEN_ATTEMPT_AMBIGUOUS, 900000, -1, 5, GEN_SHOT_SCENE, true, GEN_PHASE_STUCK, true},
        {GEN_ATTEMPT_RENDERED, 900000, -1, 1000000, GEN_SHOT_SCENE, true, GEN_PHASE_FETCHING, true},
        {GEN_ATTEMPT_FETCHED, 900000, -1, 1000000, GEN_SHOT_SCENE, true, GEN_PHASE_FETCHING, true},
        {GEN_ATTEMPT_ACCEPTED, 900000, -1, 5, GEN_SHOT_FINISH, true, GEN_PHASE_ASSEMBLING, true},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct scene scene;
        struct gen_horizon horizon;

        scene_init(&scene);
        scene.shots[0].attempt.state = cases[i].state;
        scene.shots[0].attempt.accepted_at = cases[i].accepted_at;
        scene.shots[0].queue_position = cases[i].queue;
        scene.shots[0].progress_ppm = cases[i].progress;
        scene.shots[0].role = cases[i].role;
        scene.shots[0].has_slot = cases[i].slot;
        gen_horizon_look(&scene.owner, "gen_1", 0, NOW, &horizon);
        cr_expect(horizon.phase == cases[i].phase, "case %zu: %s", i,
                  gen_phase_word(horizon.phase));
        cr_expect(horizon.measured == cases[i].measured, "case %zu", i);
        scene_fini(&scene);
    }
}

/* Over, all rendered, not open: the ends. */
Test(horizon, ends)
{
    struct scene scene;
    struct gen_horizon horizon;

    scene_init(&scene);
    scene.shots[0].clip = "d";
    gen_horizon_look(&scene.owner, "gen_1", 0, NOW, &horizon);
    cr_expect(horizon.phase == GEN_PHASE_ASSEMBLING);
    cr_expect(horizon.done > NOW && horizon.late > horizon.done);
    cr_expect(horizon.progress_ppm == 980000);
    scene.pipeline.status = GEN_PIPELINE_COMPLETED;
    gen_horizon_look(&scene.owner, "gen_1", 0, NOW, &horizon);
    cr_expect(horizon.phase == GEN_PHASE_NONE && horizon.done == 0);
    cr_expect(horizon.progress_ppm == 1000000);
    gen_horizon_look(&scene.owner, "gen_2", 0, NOW, &horizon);
    cr_expect(horizon.phase == GEN_PHASE_NONE && horizon.progress_ppm == 0);
    scene_fini(&scene);
}

/* Nothing is foreseen of what nobody knows; what is measured says it. */
Test(horizon, foreseen)
{
    struct scene scene;
    struct gen_horizon horizon;

    scene_init(&scene);
    scene.shots[0].attempt.state = GEN_ATTEMPT_ACCEPTED;
    scene.shots[0].attempt.accepted_at = NOW - 30000;
    gen_horizon_look(&scene.owner, "gen_1", 0, NOW, &horizon);
    cr_expect(horizon.done == 0 && horizon.late == 0);
    scene.shots[0].progress_ppm = 500000;
    gen_horizon_look(&scene.owner, "gen_1", 0, NOW, &horizon);
    cr_expect(horizon.done == NOW + 30000 + GEN_FORESIGHT_HANDOVER_MS);
    cr_expect(horizon.late > horizon.done + 30000);
    scene_fini(&scene);
}

/* Whatever happens: another attempt, less measured than estimated, a clip that is rendered again. */
Test(horizon, never_goes_back)
{
    static const struct {
        int32_t measured, guessed;
        const char *clip;
    } steps[] = {
        {0, 100000, ""}, {50000, 100000, ""}, {400000, 100000, ""}, {0, 0, ""} /* anew */,
        {0, 300000, ""}, {900000, 300000, ""}, {900000, 300000, "d"}, {0, 0, ""}, {0, 0, "d"},
    };
    struct scene scene;
    int32_t last = -1;

    scene_init(&scene);
    scene.shots[0].attempt.state = GEN_ATTEMPT_ACCEPTED;
    scene.shots[0].attempt.accepted_at = NOW - 30000;
    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        struct gen_horizon horizon;

        scene.shots[0].progress_ppm = steps[i].measured;
        scene.shots[0].guessed_ppm = steps[i].guessed;
        scene.shots[0].clip = steps[i].clip;
        gen_horizon_look(&scene.owner, "gen_1", 0, NOW + (gen_moment)i, &horizon);
        cr_expect(horizon.progress_ppm >= last, "step %zu: %d after %d", i,
                  (int)horizon.progress_ppm, (int)last);
        last = horizon.progress_ppm;
    }
    cr_expect(last == 980000);
    scene_fini(&scene);
}

/* A provider's queue is none of its progress; and without memory nothing is foreseen, and progress stands. */
Test(horizon, no_memory)
{
    struct scene scene;
    struct gen_horizon horizon;

    scene_init(&scene);
    scene.shots[0].attempt.state = GEN_ATTEMPT_ACCEPTED;
    scene.shots[0].attempt.accepted_at = NOW - 30000;
    scene.shots[0].progress_ppm = 500000;
    gen_alloc_fail_at(1);
    gen_horizon_look(&scene.owner, "gen_1", 0, NOW, &horizon);
    gen_alloc_fail_at(0);
    cr_expect(horizon.done == 0 && horizon.progress_ppm == 735000);
    scene_fini(&scene);
}
