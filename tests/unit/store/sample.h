/* sample.h - what the tests of the store share: a store in a folder of its own, ids from numbers, a
 * job of two variations, and its changes. */
#ifndef TESTS_UNIT_STORE_SAMPLE_H
#define TESTS_UNIT_STORE_SAMPLE_H

#include "base/alloc.h"
#include "base/json.h"
#include "platform/json_reader.h"
#include "store/store.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE_UNUSED __attribute__((unused))
#define SAMPLE_NOW INT64_C(1800000000000)
#define DOLLAR GEN_MICROS_PER_DOLLAR

/* Says what went wrong where a status is not GEN_OK. */
#define OK(call) \
    do { \
        struct gen_error sample_err = {0}; \
        enum gen_status sample_status = (call); \
        (void)sample_err; \
        cr_assert(sample_status == GEN_OK, "%s: %s", #call, \
                  gen_status_word(sample_status)); \
    } while (0)

struct sample {
    char folder[64], path[128];
    struct gen_store *store;
    struct gen_loop *loop;
    struct gen_error err;
};

static SAMPLE_UNUSED void sample_folder(struct sample *sample)
{
    memset(sample, 0, sizeof(*sample));
    strcpy(sample->folder, "/tmp/gen-store-XXXXXX");
    cr_assert(mkdtemp(sample->folder) != NULL);
    snprintf(sample->path, sizeof(sample->path), "%s/state.db", sample->folder);
}

static SAMPLE_UNUSED void sample_open_file(struct sample *sample)
{
    struct gen_store_options options = {
        .path = sample->path, .loop = sample->loop, .volatile_ok = true};
    enum gen_status status = gen_store_open(&options, &sample->store, &sample->err);

    cr_assert(status == GEN_OK, "%s", sample->err.message);
}

static SAMPLE_UNUSED void sample_open(struct sample *sample)
{
    sample_folder(sample);
    sample_open_file(sample);
}

static SAMPLE_UNUSED void sample_open_with_loop(struct sample *sample)
{
    sample_folder(sample);
    OK(gen_loop_create(&sample->loop, NULL));
    sample_open_file(sample);
}

static SAMPLE_UNUSED void sample_close(struct sample *sample)
{
    char command[160];

    gen_store_close(sample->store);
    gen_loop_destroy(sample->loop);
    snprintf(command, sizeof(command), "rm -r %s", sample->folder);
    cr_assert(system(command) == 0);
}

static SAMPLE_UNUSED struct gen_ident sample_ident(enum gen_ident_kind kind, int number)
{
    uint8_t random[GEN_IDENT_RANDOM] = {0};
    struct gen_ident ident;

    random[8] = (uint8_t)(number >> 8);
    random[9] = (uint8_t)number;
    gen_ident_make(kind, SAMPLE_NOW + number, random, &ident);
    return ident;
}

static const char sample_brief_text[] =
    "{\"title\": \"Summer\", \"project\": \"proj_1\", \"scenes\": ["
    "{\"id\": \"opening\", \"prompt\": \"a beach\", \"duration\": 2.5, \"overlay\": \"Hello\"},"
    "{\"prompt\": \"a drink\", \"duration\": 3}], \"endCard\": {\"headline\": \"Now\", "
    "\"duration\": 1.5}, \"variations\": [\"16:9\", \"9:16\"], \"budget\": 10, "
    "\"priority\": \"high\", \"tags\": [\"summer\", \"launch\"]}";

/* A job with one pipeline a variation and `shots` shots each, all attempts planned. Everything is
 * in job->arena. Ids begin at `number` * 100. */
static SAMPLE_UNUSED struct gen_job *sample_job(int number, size_t shots)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_job *job = gen_arena_alloc(arena, sizeof(*job));
    const struct gen_node *node;
    int next = number * 100;

    job->arena = arena;
    OK(gen_json_read(sample_brief_text, strlen(sample_brief_text), NULL, arena, &node, NULL));
    OK(gen_brief_read(node, arena, &job->brief, &(struct gen_error){0}));
    job->id = sample_ident(GEN_IDENT_JOB, next);
    job->storyboard = sample_ident(GEN_IDENT_STORYBOARD, next);
    job->organization = "org_1";
    job->team = "team_1";
    job->user = "usr_1";
    job->project = "proj_1";
    job->decision = "{\"complexityScore\":3.5,\"selectedModels\":[\"local/studio\"]}";
    job->budget = 10 * DOLLAR;
    job->status = GEN_JOB_QUEUED;
    job->created_at = SAMPLE_NOW + number;
    job->pipeline_count = job->brief->variations.count;
    job->pipelines = gen_arena_array(arena, job->pipeline_count, sizeof(*job->pipelines));
    for (size_t i = 0; i < job->pipeline_count; i++) {
        struct gen_pipeline *pipeline = &job->pipelines[i];

        pipeline->id = sample_ident(GEN_IDENT_PIPELINE, ++next);
        pipeline->variation = i;
        pipeline->provider = "local";
        pipeline->model = "studio";
        pipeline->model_flags = 5;
        pipeline->status = GEN_PIPELINE_QUEUED;
        pipeline->stage = GEN_STAGE_PREPARE;
        pipeline->failure_message = pipeline->warning = "";
        pipeline->shot_count = shots;
        pipeline->shots = gen_arena_array(arena, shots, sizeof(*pipeline->shots));
        for (size_t k = 0; k < shots; k++) {
            next++;
            pipeline->shots[k] = (struct gen_shot){
                .id = sample_ident(GEN_IDENT_SHOT, next), .role = GEN_SHOT_SCENE,
                .provider = "local", .model = "studio", .model_flags = 5, .first_scene = k,
                .scene_count = 1,
                .parameters = "{\"size\":1}", .width = 1920, .height = 1080,
                .frame_rate_milli = 30000, .duration_ms = 2500, .price = DOLLAR / 2, .most = DOLLAR,
                .price_exact = true, .queue_position = -1, .note = "", .clip = "",
                .attempt_count = 1,
                .attempt = {.id = sample_ident(GEN_IDENT_ATTEMPT, next), .ordinal = 1,
                            .state = GEN_ATTEMPT_PLANNED, .handle = "", .step_state = "",
                            .estimate = DOLLAR / 2, .reported = -1, .seed = 7 + next,
                            .failure_code = "", .failure_message = "", .failure_field = ""}};
        }
    }
    return job;
}

/* Promises its last shot the footage of the first scene. */
static SAMPLE_UNUSED void sample_promise(struct gen_job *job, struct gen_pipeline *pipeline)
{
    struct gen_shot *last = &pipeline->shots[pipeline->shot_count - 1];

    last->role = GEN_SHOT_FINISH;
    last->supplies = gen_arena_array(job->arena, 1, sizeof(*last->supplies));
    last->supply_count = 1;
    last->supplies[0] = (struct gen_supply){
        .asset = {.id = sample_ident(GEN_IDENT_ASSET, 9), .organization = "", .digest = "",
                  .name = "", .kind = GEN_SUPPLY_FOOTAGE, .media_type = "video/mp4", .width = 640,
                  .height = 360, .duration_ms = 2500, .created_at = SAMPLE_NOW},
        .scene = 0};
}

/* The changes that admit it: the job, its pipelines, shots and attempts. */
static SAMPLE_UNUSED struct gen_changes *sample_admission(const struct gen_job *job)
{
    struct gen_changes *changes = gen_changes_create();

    cr_assert(changes != NULL);
    gen_changes_job(changes, GEN_CHANGE_JOB_ADD, job);
    if (changes->last != NULL) {
        struct gen_arena *arena = changes->arena;

        changes->last->as.job.brief =
            gen_json_text(arena, gen_brief_write(job->brief, arena), NULL);
        changes->last->as.job.storyboard_digest = gen_arena_strdup(arena, job->storyboard.text);
        changes->last->as.job.tags = "[\"summer\",\"launch\",\"summer\"]";
    }
    for (size_t i = 0; i < job->pipeline_count; i++) {
        const struct gen_pipeline *pipeline = &job->pipelines[i];

        gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_ADD, job, pipeline);
        for (size_t k = 0; k < pipeline->shot_count; k++) {
            gen_changes_shot(changes, GEN_CHANGE_SHOT_ADD, job, pipeline, &pipeline->shots[k]);
            for (size_t n = 0; n < pipeline->shots[k].supply_count; n++) {
                gen_changes_supply(changes, GEN_CHANGE_SUPPLY_ADD, job, &pipeline->shots[k], n);
            }
            gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_ADD, job, pipeline, &pipeline->shots[k],
                                GEN_ATTEMPT_NONE);
        }
    }
    return changes;
}

/* Applies and destroys. */
static SAMPLE_UNUSED enum gen_status sample_apply(struct sample *sample,
                                                  struct gen_changes *changes)
{
    enum gen_status status = gen_store_apply(sample->store, changes, &sample->err);

    gen_changes_destroy(changes);
    return status;
}

static SAMPLE_UNUSED struct gen_job *sample_admit(struct sample *sample, int number, size_t shots)
{
    struct gen_job *job = sample_job(number, shots);
    enum gen_status status = sample_apply(sample, sample_admission(job));

    cr_assert(status == GEN_OK, "%s", sample->err.message);
    return job;
}

/* One ledger entry for the attempt of a shot. */
static SAMPLE_UNUSED void sample_entry(struct gen_changes *changes, const struct gen_job *job,
                                       const struct gen_pipeline *pipeline,
                                       const struct gen_shot *shot, enum gen_ledger_kind kind,
                                       gen_micros amount, int number)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_LEDGER);

    if (change != NULL) {
        change->as.entry = (struct gen_change_entry){
            .id = sample_ident(GEN_IDENT_LEDGER, number), .job = job->id, .pipeline = pipeline->id,
            .attempt = shot->attempt.id, .kind = kind, .amount = amount, .provider = "local",
            .basis = "a test", .at = SAMPLE_NOW};
    }
}

/* A limit of the sample's organization over all time. */
static SAMPLE_UNUSED struct gen_limit sample_limit(enum gen_scope scope, const char *of,
                                                   gen_micros hard, struct gen_arena *arena)
{
    return (struct gen_limit){.name = "the limit", .id = "", .scope = scope,
                              .period = GEN_PERIOD_ALWAYS, .organization = "org_1", .of = of,
                              .key = gen_budget_key(scope, "org_1", of, arena), .begins = 0,
                              .ends = GEN_MOMENT_NEVER, .hard = hard};
}

/* A hold that must fit these limits; 0 is GEN_OK. */
static SAMPLE_UNUSED enum gen_status sample_hold(struct sample *sample, const struct gen_job *job,
                                                 size_t shot, gen_micros amount, gen_moment at,
                                                 const struct gen_limit *limits, size_t count,
                                                 int number)
{
    struct gen_changes *changes = gen_changes_create();

    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[shot], GEN_LEDGER_HOLD,
                 amount, number);
    changes->last->as.entry.at = at;
    changes->last->as.entry.limits = limits;
    changes->last->as.entry.limit_count = count;
    return sample_apply(sample, changes);
}

static SAMPLE_UNUSED void sample_event(struct gen_changes *changes, const struct gen_job *job,
                                       int number)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);

    if (change != NULL) {
        change->as.event = (struct gen_change_event){
            .id = sample_ident(GEN_IDENT_EVENT, number),
            .kind = GEN_EVENT_JOB_STARTED,
            .organization = "org_1",
            .data = gen_arena_printf(changes->arena, "{\"number\":%d}", number),
            .at = SAMPLE_NOW + number};
        if (job != NULL) {
            change->as.event.job = job->id;
        }
    }
}

#endif
