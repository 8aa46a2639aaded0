/* job.c - see job.h. */
#include "model/job.h"

#include <string.h>

struct status_row {
    int value;
    const char *word;
    bool terminal;
};

static const struct status_row job_statuses[] = {
#define STATUS_ROW(name, word, terminal) {name, word, terminal},
    GEN_JOB_STATUS_TABLE(STATUS_ROW){0, "", false}};

static const struct status_row pipeline_statuses[] = {
    GEN_PIPELINE_STATUS_TABLE(STATUS_ROW){0, "", false}};
#undef STATUS_ROW

static const struct status_row stages[] = {
#define STAGE_ROW(name, word) {name, word, false},
    GEN_STAGE_TABLE(STAGE_ROW){0, "", false}};

static const struct status_row shot_roles[] = {GEN_SHOT_ROLE_TABLE(STAGE_ROW){0, "", false}};
#undef STAGE_ROW

static const struct status_row *status_by_value(const struct status_row *row, int value)
{
    while (row->value != 0 && row->value != value) {
        row++;
    }
    return row;
}

static int status_by_word(const struct status_row *row, const char *word)
{
    while (row->value != 0 && strcmp(row->word, word) != 0) {
        row++;
    }
    return row->value;
}

const char *gen_job_status_word(enum gen_job_status status)
{
    return status_by_value(job_statuses, (int)status)->word;
}

enum gen_job_status gen_job_status_of(const char *word)
{
    return (enum gen_job_status)status_by_word(job_statuses, word);
}

bool gen_job_status_terminal(enum gen_job_status status)
{
    return status_by_value(job_statuses, (int)status)->terminal;
}

const char *gen_pipeline_status_word(enum gen_pipeline_status status)
{
    return status_by_value(pipeline_statuses, (int)status)->word;
}

enum gen_pipeline_status gen_pipeline_status_of(const char *word)
{
    return (enum gen_pipeline_status)status_by_word(pipeline_statuses, word);
}

bool gen_pipeline_status_terminal(enum gen_pipeline_status status)
{
    return status_by_value(pipeline_statuses, (int)status)->terminal;
}

const char *gen_stage_word(enum gen_stage stage)
{
    return status_by_value(stages, (int)stage)->word;
}

enum gen_stage gen_stage_of(const char *word)
{
    return (enum gen_stage)status_by_word(stages, word);
}

const char *gen_shot_role_word(enum gen_shot_role role)
{
    return status_by_value(shot_roles, (int)role)->word;
}

enum gen_shot_role gen_shot_role_of(const char *word)
{
    return (enum gen_shot_role)status_by_word(shot_roles, word);
}

bool gen_shot_supplied(const struct gen_shot *shot)
{
    for (size_t i = 0; i < shot->supply_count; i++) {
        if (shot->supplies[i].asset.digest[0] == '\0') {
            return false;
        }
    }
    return true;
}

bool gen_shot_chained(const struct gen_shot *shot)
{
    return shot->role == GEN_SHOT_SCENE && shot->supply_count > 0;
}

bool gen_shot_follows(const struct gen_pipeline *pipeline, const struct gen_shot *shot,
                      const struct gen_shot *earlier)
{
    if (earlier < pipeline->shots || earlier >= shot) {
        return false;
    }
    return shot->role == GEN_SHOT_FINISH || (gen_shot_chained(shot) && earlier + 1 == shot);
}

const struct gen_shot *gen_pipeline_finish(const struct gen_pipeline *pipeline)
{
    const struct gen_shot *last = pipeline->shot_count == 0
                                      ? NULL
                                      : &pipeline->shots[pipeline->shot_count - 1];

    return last != NULL && last->role == GEN_SHOT_FINISH ? last : NULL;
}

int32_t gen_shot_failed_at(const struct gen_shot *shot, const char *provider)
{
    for (size_t i = 0; i < shot->failure_count; i++) {
        if (strcmp(shot->failures[i].provider, provider) == 0) {
            return shot->failures[i].count;
        }
    }
    return 0;
}

void gen_shot_fail_at(struct gen_shot *shot, const char *provider, int32_t count,
                      struct gen_arena *arena)
{
    struct gen_shot_failures *more;

    for (size_t i = 0; i < shot->failure_count; i++) {
        if (strcmp(shot->failures[i].provider, provider) == 0) {
            shot->failures[i].count += count;
            return;
        }
    }
    /* a shot comes to few providers: what it outgrows is left in the arena */
    more = gen_arena_array(arena, shot->failure_count + 1, sizeof(*more));
    if (more == NULL) {
        return;
    }
    if (shot->failure_count > 0) {
        memcpy(more, shot->failures, shot->failure_count * sizeof(*more));
    }
    more[shot->failure_count] = (struct gen_shot_failures){gen_arena_strdup(arena, provider),
                                                           count};
    if (more[shot->failure_count].provider != NULL) {
        shot->failures = more;
        shot->failure_count++;
    }
}

void gen_pipeline_name(struct gen_pipeline *pipeline)
{
    const struct gen_shot *shots = pipeline->shots;

    pipeline->provider = shots[0].provider;
    pipeline->model = shots[0].model;
    pipeline->model_flags = shots[0].model_flags;
    for (size_t i = 1; i < pipeline->shot_count; i++) {
        bool provider = strcmp(shots[i].provider, pipeline->provider) == 0;

        if (shots[i].role == GEN_SHOT_FINISH ||
            (provider && strcmp(shots[i].model, pipeline->model) == 0)) {
            continue;
        }
        pipeline->provider = provider ? pipeline->provider : GEN_SEVERAL;
        pipeline->model = GEN_SEVERAL;
        pipeline->model_flags = 0;
    }
}

int64_t gen_shot_shown(const struct gen_shot *shot, const struct gen_brief *brief)
{
    int64_t sum = 0;

    if (shot->shown_ms > 0) {
        return shot->shown_ms;
    }
    if (shot->scene_count == brief->scenes.count) {
        return gen_brief_duration(brief);
    }
    for (size_t i = 0; i < shot->scene_count; i++) {
        sum += gen_brief_scene(brief, shot->first_scene + i)->duration_ms;
    }
    return sum;
}

/* Shots are weighted by their length, one that finishes by a fifth of it: it renders nothing new.
 * 980,000 of the million belong to rendering, the rest to assembling the video. */
int32_t gen_pipeline_progress(const struct gen_pipeline *pipeline)
{
    int64_t whole = 0, done = 0;

    if (pipeline->status == GEN_PIPELINE_COMPLETED) {
        return 1000000;
    }
    for (size_t i = 0; i < pipeline->shot_count; i++) {
        const struct gen_shot *shot = &pipeline->shots[i];
        int64_t share = shot->clip[0] != '\0'                    ? 1000000
                        : shot->progress_ppm > shot->guessed_ppm ? shot->progress_ppm
                                                                 : shot->guessed_ppm;
        int64_t weight = shot->role == GEN_SHOT_FINISH ? shot->duration_ms / 5 : shot->duration_ms;

        whole += weight;
        done += weight * share / 1000000;
    }
    done = whole == 0 ? 0 : done * 980000 / whole;
    return done > pipeline->shown_ppm ? (int32_t)done : pipeline->shown_ppm;
}

gen_moment gen_pipeline_estimate(const struct gen_pipeline *pipeline, gen_moment now)
{
    int64_t progress = gen_pipeline_progress(pipeline);

    if (pipeline->started_at == 0 || progress < 20000 || now <= pipeline->started_at) {
        return 0;
    }
    return pipeline->started_at + (now - pipeline->started_at) * 1000000 / progress;
}
