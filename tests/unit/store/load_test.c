/* load_test.c - what was written comes back as it was. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/load.h"
#include "store/lookup.h"

#define SAME_TEXT(a, b) cr_assert(strcmp((a), (b)) == 0, "%s: \"%s\", \"%s\"", #a, (a), (b))
#define SAME(a, b) cr_assert(eq(i64, (int64_t)(a), (int64_t)(b)))

static void same_attempt(const struct gen_attempt *a, const struct gen_attempt *b)
{
    SAME_TEXT(a->id.text, b->id.text);
    SAME(a->ordinal, b->ordinal);
    SAME(a->state, b->state);
    SAME_TEXT(a->handle, b->handle);
    SAME_TEXT(a->step_state, b->step_state);
    SAME(a->hold, b->hold);
    SAME(a->estimate, b->estimate);
    SAME(a->cost, b->cost);
    SAME(a->reported, b->reported);
    SAME(a->seed, b->seed);
    SAME(a->started_at, b->started_at);
    SAME(a->accepted_at, b->accepted_at);
    SAME(a->ended_at, b->ended_at);
    SAME(a->failure, b->failure);
    SAME_TEXT(a->failure_code, b->failure_code);
    SAME_TEXT(a->failure_message, b->failure_message);
    SAME_TEXT(a->failure_field, b->failure_field);
}

static void same_supply(const struct gen_supply *a, const struct gen_supply *b)
{
    SAME(a->scene, b->scene);
    SAME_TEXT(a->asset.id.text, b->asset.id.text);
    SAME_TEXT(a->asset.digest, b->asset.digest);
    SAME_TEXT(a->asset.kind, b->asset.kind);
    SAME_TEXT(a->asset.media_type, b->asset.media_type);
    SAME_TEXT(a->asset.name, b->asset.name);
    SAME_TEXT(a->asset.organization, b->asset.organization);
    SAME(a->asset.size, b->asset.size);
    SAME(a->asset.width, b->asset.width);
    SAME(a->asset.height, b->asset.height);
    SAME(a->asset.duration_ms, b->asset.duration_ms);
    SAME(a->asset.created_at, b->asset.created_at);
}

static void same_shot(const struct gen_shot *a, const struct gen_shot *b)
{
    SAME(a->role, b->role);
    SAME_TEXT(a->provider, b->provider);
    SAME_TEXT(a->model, b->model);
    SAME(a->model_flags, b->model_flags);
    SAME(a->from_ms, b->from_ms);
    SAME(a->shown_ms, b->shown_ms);
    SAME(a->ordered_ms, b->ordered_ms);
    SAME(a->speaks, b->speaks);
    SAME(a->supply_count, b->supply_count);
    for (size_t i = 0; i < a->supply_count; i++) {
        same_supply(&a->supplies[i], &b->supplies[i]);
    }
    SAME_TEXT(a->id.text, b->id.text);
    SAME(a->first_scene, b->first_scene);
    SAME(a->scene_count, b->scene_count);
    SAME_TEXT(a->parameters, b->parameters);
    SAME(a->width, b->width);
    SAME(a->height, b->height);
    SAME(a->frame_rate_milli, b->frame_rate_milli);
    SAME(a->duration_ms, b->duration_ms);
    SAME(a->price, b->price);
    SAME(a->most, b->most);
    SAME(a->price_exact, b->price_exact);
    SAME(a->queue_position, b->queue_position);
    SAME_TEXT(a->note, b->note);
    SAME_TEXT(a->clip, b->clip);
    SAME(a->attempt_count, b->attempt_count);
    same_attempt(&a->attempt, &b->attempt);
}

static void same_job(const struct gen_job *a, const struct gen_job *b)
{
    SAME_TEXT(a->id.text, b->id.text);
    SAME_TEXT(a->storyboard.text, b->storyboard.text);
    SAME_TEXT(a->organization, b->organization);
    SAME_TEXT(a->user, b->user);
    SAME_TEXT(a->project, b->project);
    SAME_TEXT(a->decision, b->decision);
    SAME(a->budget, b->budget);
    SAME(a->status, b->status);
    SAME(a->created_at, b->created_at);
    SAME(a->completed_at, b->completed_at);
    SAME(a->cancel_requested, b->cancel_requested);
    SAME(a->sandbox, b->sandbox);
    SAME(a->pipeline_count, b->pipeline_count);
    SAME_TEXT(gen_json_text(a->arena, gen_brief_write(a->brief, a->arena), NULL),
              gen_json_text(b->arena, gen_brief_write(b->brief, b->arena), NULL));
    for (size_t i = 0; i < a->pipeline_count; i++) {
        const struct gen_pipeline *p = &a->pipelines[i], *q = &b->pipelines[i];

        SAME_TEXT(p->id.text, q->id.text);
        SAME(p->variation, q->variation);
        SAME_TEXT(p->provider, q->provider);
        SAME_TEXT(p->model, q->model);
        SAME(p->model_flags, q->model_flags);
        SAME(p->status, q->status);
        SAME(p->stage, q->stage);
        SAME(p->started_at, q->started_at);
        SAME(p->ended_at, q->ended_at);
        SAME(p->estimated_at, q->estimated_at);
        SAME(p->shown_ppm, q->shown_ppm);
        SAME(p->failure, q->failure);
        SAME_TEXT(p->failure_message, q->failure_message);
        SAME_TEXT(p->warning, q->warning);
        SAME_TEXT(p->output.text, q->output.text);
        SAME(p->shot_count, q->shot_count);
        for (size_t k = 0; k < p->shot_count; k++) {
            same_shot(&p->shots[k], &q->shots[k]);
        }
    }
}

static void same_as_stored(struct sample *sample, const struct gen_job *job)
{
    struct gen_job *loaded = NULL;
    struct gen_error err = {0};

    cr_assert(gen_read_load(sample->store, job->id.text, &loaded, &err) == GEN_OK, "%s",
              err.message);
    same_job(job, loaded);
    gen_arena_destroy(loaded->arena);
}

Test(load, an_admitted_job)
{
    struct sample sample;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 12); /* ordinals of two digits keep their order */
    same_as_stored(&sample, job);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* Shots of several models, slices, and one that waits for what they render; then it is made. */
Test(load, shots_of_their_own)
{
    struct sample sample;
    struct gen_job *job = sample_job(1, 3);
    struct gen_shot *shots = job->pipelines[0].shots, *last = &shots[2];
    struct gen_changes *changes = gen_changes_create();
    bool used = false;

    sample_open(&sample);
    shots[1].provider = "other";
    shots[1].model = "wide";
    shots[1].model_flags = 64;
    shots[1].from_ms = 1250;
    shots[1].shown_ms = 1300;
    shots[1].ordered_ms = 2000;
    shots[1].speaks = true;
    job->pipelines[0].warning = "no words";
    sample_promise(job, &job->pipelines[0]);
    OK(sample_apply(&sample, sample_admission(job)));
    same_as_stored(&sample, job);
    cr_assert(not(gen_shot_supplied(last)));
    last->supplies[0].asset.digest = "beef";
    last->supplies[0].asset.size = 77;
    last->supplies[0].asset.width = 1920;
    last->supplies[0].asset.height = 1080;
    last->supplies[0].asset.duration_ms = 2600;
    last->supplies[0].asset.created_at = SAMPLE_NOW + 9;
    gen_changes_supply(changes, GEN_CHANGE_SUPPLY_SET, job, last, 0);
    OK(sample_apply(&sample, changes));
    cr_assert(gen_shot_supplied(last));
    same_as_stored(&sample, job);
    OK(gen_read_blob_used(sample.store, "beef", &used, &sample.err));
    cr_assert(used, "nobody removes what a shot was supplied with");
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* Every member that changes later, changed. */
Test(load, a_job_that_has_lived)
{
    struct sample sample;
    struct gen_job *job;
    struct gen_pipeline *pipeline;
    struct gen_shot *shot;
    struct gen_changes *changes = gen_changes_create();

    sample_open(&sample);
    job = sample_admit(&sample, 1, 2);
    pipeline = &job->pipelines[1];
    shot = &pipeline->shots[1];
    job->status = GEN_JOB_CANCELING;
    job->cancel_requested = true;
    job->completed_at = SAMPLE_NOW + 5000;
    pipeline->status = GEN_PIPELINE_FAILED;
    pipeline->stage = GEN_STAGE_ASSESS;
    pipeline->started_at = SAMPLE_NOW + 1;
    pipeline->ended_at = SAMPLE_NOW + 2;
    pipeline->estimated_at = SAMPLE_NOW + 3;
    pipeline->shown_ppm = 900000; /* told before another attempt began */
    pipeline->failure = GEN_FAILURE_OUTPUT;
    pipeline->failure_message = "a \"black\" video\n\xf0\x9f\x8e\xac";
    pipeline->output = sample_ident(GEN_IDENT_OUTPUT, 5);
    shot->clip = "0123abcd";
    shot->attempt_count = 2;
    gen_changes_job(changes, GEN_CHANGE_JOB_SET, job);
    gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_SET, job, pipeline);
    gen_changes_shot(changes, GEN_CHANGE_SHOT_SET, job, pipeline, shot);
    shot->attempt = (struct gen_attempt){
        .id = sample_ident(GEN_IDENT_ATTEMPT, 77), .ordinal = 2, .state = GEN_ATTEMPT_PLANNED,
        .handle = "", .step_state = "", .estimate = 5, .hold = 6, .reported = -1, .seed = -9,
        .failure_code = "", .failure_message = "", .failure_field = ""};
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_ADD, job, pipeline, shot, GEN_ATTEMPT_NONE);
    shot->attempt.state = GEN_ATTEMPT_RESERVED;
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, job, pipeline, shot, GEN_ATTEMPT_PLANNED);
    shot->attempt = (struct gen_attempt){
        .id = shot->attempt.id, .ordinal = 2, .state = GEN_ATTEMPT_ACCEPTED, .handle = "remote/1",
        .step_state = "half", .estimate = 7, .hold = 8, .cost = 9, .reported = 10, .seed = -9,
        .started_at = 11, .accepted_at = 12, .ended_at = 13, .failure = GEN_FAILURE_TIMEOUT,
        .failure_code = "E1", .failure_message = "late", .failure_field = "scenes[0].prompt"};
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, job, pipeline, shot,
                        GEN_ATTEMPT_RESERVED);
    cr_assert(sample_apply(&sample, changes) == GEN_OK, "%s", sample.err.message);
    same_as_stored(&sample, job);
    gen_store_close(sample.store);
    sample_open_file(&sample);
    same_as_stored(&sample, job);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(load, open_jobs_oldest_first_and_only_those)
{
    struct sample sample;
    struct gen_ident *ids;
    struct gen_arena *arena = gen_arena_create(0);
    size_t count;

    sample_open(&sample);
    for (int i = 40; i > 0; i--) { /* written newest first */
        struct gen_job *job = sample_admit(&sample, i, 1);

        if (i % 2 == 0) {
            struct gen_changes *changes = gen_changes_create();

            job->status = i % 4 == 0 ? GEN_JOB_COMPLETED : GEN_JOB_NEEDS_ATTENTION;
            gen_changes_job(changes, GEN_CHANGE_JOB_SET, job);
            OK(sample_apply(&sample, changes));
        }
        gen_arena_destroy(job->arena);
    }
    OK(gen_read_open_jobs(sample.store, arena, &ids, &count, NULL));
    cr_assert(eq(sz, count, 30));
    for (size_t i = 1; i < count; i++) {
        cr_assert(strcmp(ids[i - 1].text, ids[i].text) < 0);
    }
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(load, what_cannot_be_loaded)
{
    static const struct {
        const char *damage;
        enum gen_status status;
        const char *says;
    } cases[] = {
        {"UPDATE job SET brief = '{\"scenes\":'", GEN_ECORRUPT, "brief of job"},   /* cut short */
        {"UPDATE job SET brief = '{}'", GEN_ECORRUPT, "brief of job"},             /* no scenes */
        {"UPDATE job SET brief = ''", GEN_ECORRUPT, "brief of job"},               /* nothing */
        {"UPDATE pipeline SET variation = 7", GEN_ECORRUPT, "variation"},
        {"DELETE FROM attempt", GEN_ECORRUPT, "lost its attempts"},
    };
    struct gen_job *loaded = NULL;

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_database *database;
        struct gen_job *job;

        sample_open(&sample);
        job = sample_admit(&sample, 1, 1);
        OK(gen_database_open(sample.path, 0, &database, NULL));
        OK(gen_database_run(database, cases[i].damage, NULL));
        gen_database_close(database);
        cr_assert(gen_read_load(sample.store, job->id.text, &loaded, &sample.err) ==
                      cases[i].status, "%s: %s", cases[i].damage, sample.err.message);
        cr_assert(strstr(sample.err.message, cases[i].says) != NULL, "%s", sample.err.message);
        cr_assert(gen_read_load(sample.store, "gen_none", &loaded, NULL) == GEN_ENOTFOUND);
        gen_arena_destroy(job->arena);
        sample_close(&sample);
    }
}

Test(load, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_job *job, *loaded = NULL;
    enum gen_status status;
    long nth = 0;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 2);
    do {
        gen_alloc_fail_at(++nth);
        status = gen_read_load(sample.store, job->id.text, &loaded, &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
    } while (status != GEN_OK);
    cr_assert(nth > 20);
    same_job(job, loaded);
    gen_arena_destroy(loaded->arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
