/* job_reading_test.c - the document of a job, whole. */
#include "unit/store/sample.h"

#include "store/job_reading.h"

static struct gen_job *finished(struct sample *sample)
{
    struct gen_job *job = sample_admit(sample, 1, 2);
    struct gen_changes *changes = gen_changes_create();
    struct gen_pipeline *one = &job->pipelines[0], *two = &job->pipelines[1];

    sample_entry(changes, job, one, &one->shots[0], GEN_LEDGER_HOLD, DOLLAR, 1);
    sample_entry(changes, job, one, &one->shots[0], GEN_LEDGER_CHARGE, 250001, 2);
    sample_entry(changes, job, one, &one->shots[1], GEN_LEDGER_HOLD, 500000, 3);
    one->status = GEN_PIPELINE_COMPLETED;
    one->stage = GEN_STAGE_DELIVER;
    one->started_at = SAMPLE_NOW;
    one->ended_at = SAMPLE_NOW + 60000;
    two->status = GEN_PIPELINE_FAILED;
    two->stage = GEN_STAGE_POLL;
    two->failure = GEN_FAILURE_MODERATED;
    two->failure_message = "a face";
    two->warning = "no words";
    job->status = GEN_JOB_PARTIAL;
    job->completed_at = SAMPLE_NOW + 61000;
    gen_changes_job(changes, GEN_CHANGE_JOB_SET, job);
    gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_SET, job, one);
    gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_SET, job, two);
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output = (struct gen_output){
        .id = sample_ident(GEN_IDENT_OUTPUT, 1), .job = job->id, .pipeline = one->id,
        .organization = "org_1", .variation = "16x9", .digest = "d1", .thumbnail = "d2",
        .sheet = "", .format = "mp4", .size = 1234567, .width = 1920, .height = 1080,
        .frame_rate_milli = 29970, .duration_ms = 7000, .probe = "{}", .created_at = SAMPLE_NOW};
    cr_assert(sample_apply(sample, changes) == GEN_OK, "%s", sample->err.message);
    return job;
}

/* A shot that has not begun. */
#define SHOT(scene) \
    "{\"shotId\":\"%s\",\"role\":\"scene\",\"scene\":\"" scene "\",\"from\":null," \
    "\"duration\":null,\"rendered\":2.5,\"provider\":\"local\",\"model\":\"studio\"," \
    "\"state\":\"planned\",\"attempts\":1,\"estimate\":0.5,\"cost\":0}"
#define SHOTS ",\"shots\":[" SHOT("opening") "," SHOT("scene_2") "]"

static const char expected_start[] =
    "{\"jobId\":\"%s\",\"projectId\":\"proj_1\",\"userId\":\"usr_1\",\"input\":{"
    "\"storyboardId\":\"%s\",\"title\":\"Summer\",\"scenes\":[\"opening\",\"scene_2\"],"
    "\"duration\":7,\"resolution\":\"1920x1080\",\"frameRate\":30,\"variations\":["
    "{\"name\":\"16x9\",\"aspectRatio\":\"16:9\",\"resolution\":\"1920x1080\",\"frameRate\":30},"
    "{\"name\":\"9x16\",\"aspectRatio\":\"9:16\",\"resolution\":\"1080x1920\",\"frameRate\":30}],"
    "\"storyboard\":";
static const char expected_end[] =
    "},\"routing\":{\"complexityScore\":3.5,\"selectedModels\":[\"local/studio\"]},\"pipelines\":["
    "{\"pipelineId\":\"%s\",\"provider\":\"local\",\"model\":\"studio\",\"variation\":\"16x9\","
    "\"status\":\"completed\",\"stage\":\"deliver\",\"progress\":1,"
    "\"startTime\":\"2027-01-15T08:00:00.000Z\",\"endTime\":\"2027-01-15T08:01:00.000Z\","
    "\"estimatedCompletion\":null,\"cost\":0.250001,\"estimate\":1,\"attempts\":2,"
    "\"warning\":null,\"failure\":null" SHOTS "},"
    "{\"pipelineId\":\"%s\",\"provider\":\"local\",\"model\":\"studio\",\"variation\":\"9x16\","
    "\"status\":\"failed\",\"stage\":\"poll\",\"progress\":0,\"startTime\":null,\"endTime\":null,"
    "\"estimatedCompletion\":null,\"cost\":0,\"estimate\":1,\"attempts\":2,"
    "\"warning\":\"no words\",\"failure\":{\"kind\":\"moderated\",\"message\":\"a face\"}" SHOTS "}],"
    "\"results\":{\"completed\":[\"%s\"],\"failed\":[\"%s\"],\"outputs\":[{\"outputId\":\"%s\","
    "\"pipelineId\":\"%s\",\"variation\":\"16x9\",\"url\":\"/v1/outputs/%s/content\","
    "\"thumbnailUrl\":\"/v1/outputs/%s/thumbnail\",\"sheetUrl\":null,\"quality\":null,"
    "\"format\":\"mp4\",\"size\":1234567,\"duration\":7,\"resolution\":\"1920x1080\","
    "\"frameRate\":29.97,\"review\":null}]},"
    "\"metadata\":{\"title\":\"Summer\",\"tags\":[\"summer\",\"launch\",\"summer\"],"
    "\"priority\":\"high\",\"deadline\":null,\"budget\":10},"
    "\"costs\":{\"held\":1.249999,\"spent\":0.250001,\"unverified\":0,\"estimate\":2},"
    "\"createdAt\":\"2027-01-15T08:00:00.001Z\",\"completedAt\":\"2027-01-15T08:01:01.000Z\","
    "\"cancelRequested\":false,\"paused\":false,\"sandbox\":false,\"status\":\"partially_completed\"}";

Test(job_reading, the_document_of_the_product)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *document = NULL;
    struct gen_job *job;
    const char *text, *pipelines[2];
    const struct gen_shot *one, *two;
    char start[2000], end[4000], output[GEN_IDENT_SIZE];

    sample_open(&sample);
    job = finished(&sample);
    pipelines[0] = job->pipelines[0].id.text;
    pipelines[1] = job->pipelines[1].id.text;
    one = job->pipelines[0].shots;
    two = job->pipelines[1].shots;
    strcpy(output, sample_ident(GEN_IDENT_OUTPUT, 1).text);
    cr_assert(gen_read_job(sample.store, "org_1", job->id.text, arena, &document, &sample.err) ==
              GEN_OK, "%s", sample.err.message);
    text = gen_json_text(arena, document, NULL);
    snprintf(start, sizeof(start), expected_start, job->id.text, job->storyboard.text);
    snprintf(end, sizeof(end), expected_end, pipelines[0], one[0].id.text, one[1].id.text,
             pipelines[1], two[0].id.text, two[1].id.text, pipelines[0], pipelines[1], output, pipelines[0], output, output);
    cr_assert(strncmp(text, start, strlen(start)) == 0, "%s", text);
    cr_assert(strcmp(strstr(text, "},\"routing\""), end) == 0, "\n%s\n%s",
              strstr(text, "},\"routing\""), end);
    /* the brief itself stands in between */
    cr_assert(gen_node_find(document, "input.storyboard.scenes[1].prompt", NULL) != NULL);
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(job_reading, of_others_there_is_nothing)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *document = NULL;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    cr_assert(gen_read_job(sample.store, "org_2", job->id.text, arena, &document, NULL) ==
              GEN_ENOTFOUND);
    cr_assert(gen_read_job(sample.store, "org_1", "gen_none", arena, &document, NULL) ==
              GEN_ENOTFOUND);
    cr_assert(document == NULL);
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(job_reading, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_job *job;
    enum gen_status status;
    long nth = 0;

    sample_open(&sample);
    job = finished(&sample);
    do {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *document = NULL;

        gen_alloc_fail_at(++nth);
        status = gen_read_job(sample.store, "org_1", job->id.text, arena, &document, &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
        gen_arena_destroy(arena);
    } while (status != GEN_OK);
    cr_assert(nth > 50);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
