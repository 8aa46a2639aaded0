/* job.h - a job with its pipelines and shots, as the engine holds it while it runs.
 *
 * Everything hangs from the job and lives in its arena. The store keeps the same facts as rows;
 * loading them gives this tree back.
 * Invariant: counts never change after admission; a shot has exactly one current attempt.
 *
 * Thread: [loop]. Floor: model. Tests: tests/unit/model/job_test.c
 */
#ifndef GEN_MODEL_JOB_H
#define GEN_MODEL_JOB_H

#include "model/asset.h"
#include "model/attempt.h"
#include "model/brief.h"

/* name, word, terminal */
#define GEN_JOB_STATUS_TABLE(ROW) \
    ROW(GEN_JOB_QUEUED, "queued", 0) \
    ROW(GEN_JOB_IN_PROGRESS, "in_progress", 0) \
    ROW(GEN_JOB_CANCELING, "canceling", 0) \
    ROW(GEN_JOB_NEEDS_ATTENTION, "needs_attention", 0) \
    ROW(GEN_JOB_COMPLETED, "completed", 1) \
    ROW(GEN_JOB_PARTIAL, "partially_completed", 1) \
    ROW(GEN_JOB_FAILED, "failed", 1) \
    ROW(GEN_JOB_CANCELED, "canceled", 1)

enum gen_job_status {
    GEN_JOB_NONE = 0,
#define GEN_JOB_ENUM(name, word, terminal) name,
    GEN_JOB_STATUS_TABLE(GEN_JOB_ENUM)
#undef GEN_JOB_ENUM
};

#define GEN_PIPELINE_STATUS_TABLE(ROW) \
    ROW(GEN_PIPELINE_QUEUED, "queued", 0) \
    ROW(GEN_PIPELINE_PROCESSING, "processing", 0) \
    ROW(GEN_PIPELINE_NEEDS_ATTENTION, "needs_attention", 0) \
    ROW(GEN_PIPELINE_COMPLETED, "completed", 1) \
    ROW(GEN_PIPELINE_FAILED, "failed", 1) \
    ROW(GEN_PIPELINE_CANCELED, "canceled", 1)

enum gen_pipeline_status {
    GEN_PIPELINE_NONE = 0,
#define GEN_PIPELINE_ENUM(name, word, terminal) name,
    GEN_PIPELINE_STATUS_TABLE(GEN_PIPELINE_ENUM)
#undef GEN_PIPELINE_ENUM
};

/* The stages, in order. */
#define GEN_STAGE_TABLE(ROW) \
    ROW(GEN_STAGE_PREPARE, "prepare") \
    ROW(GEN_STAGE_FORMAT, "format") \
    ROW(GEN_STAGE_SUBMIT, "submit") \
    ROW(GEN_STAGE_POLL, "poll") \
    ROW(GEN_STAGE_FETCH, "fetch") \
    ROW(GEN_STAGE_ASSESS, "assess") \
    ROW(GEN_STAGE_DELIVER, "deliver")

enum gen_stage {
    GEN_STAGE_NONE = 0,
#define GEN_STAGE_ENUM(name, word) name,
    GEN_STAGE_TABLE(GEN_STAGE_ENUM)
#undef GEN_STAGE_ENUM
};

/* What a shot is for. */
#define GEN_SHOT_ROLE_TABLE(ROW) \
    ROW(GEN_SHOT_WHOLE, "whole") /* the storyboard with its words, end card and sound, at once */ \
    ROW(GEN_SHOT_SCENE, "scene") /* one scene, or a slice of one; words and music come later */ \
    ROW(GEN_SHOT_FINISH, "finish") /* the storyboard, of what the shots before it have rendered */

enum gen_shot_role {
    GEN_SHOT_NONE = 0,
#define GEN_SHOT_ENUM(name, word) name,
    GEN_SHOT_ROLE_TABLE(GEN_SHOT_ENUM)
#undef GEN_SHOT_ENUM
};

/* The kinds of supplies, as words of their assets. */
#define GEN_SUPPLY_FRAME "frame"   /* the last frame of the slice before: this one starts from it */
#define GEN_SUPPLY_FOOTAGE "video" /* what was rendered of a scene */

/* A file that is made here of the clips of earlier shots, for a later one. It is promised, with an id,
 * when the job is admitted; the shot cannot begin before all that it was promised is there. */
struct gen_supply {
    struct gen_asset asset; /* digest "": promised, the rest is what is expected */
    size_t scene;           /* of the brief, where it is used */
};

/* A place in the job's arena that a text is written into again and again, so that a text which
 * changes with each poll does not grow the job. */
struct gen_rewrite {
    char *text; /* NULL before the first */
    size_t size;
};

struct gen_shot_failures { /* of one shot at one provider */
    const char *provider;
    int32_t count;
};

struct gen_shot {
    struct gen_ident id;
    enum gen_shot_role role;
    const char *provider, *model;    /* "local", "studio" */
    uint32_t model_flags;            /* of the contract: whole storyboard, idempotent, ... */
    size_t first_scene, scene_count; /* of the brief */
    /* The part of its scene that is shown of it, and the length that is asked of the model, which may
     * be more: what is too long is trimmed. shown_ms 0: it is no slice; all of its scenes. */
    int64_t from_ms, shown_ms, ordered_ms;
    bool speaks; /* its clip carries the words of its scene: nobody says them again */
    struct gen_supply *supplies; /* what it needs of earlier shots, in order */
    size_t supply_count;
    const char *parameters;                  /* what format answered, JSON text */
    int32_t width, height, frame_rate_milli; /* what will come back */
    int64_t duration_ms;
    gen_micros price; /* expected price of one attempt */
    gen_micros most;  /* the dearest one attempt can become: what is held */
    gen_micros
        book; /* what the price list alone says, where bills raised the price; 0 = the same; not stored */
    bool price_exact;
    int32_t progress_ppm;   /* 0..1000000, never goes back within an attempt */
    int32_t guessed_ppm;    /* the same by its time, where nobody says; not stored */
    gen_moment moved_at;    /* when progress_ppm last grew; 0 = it has not; not stored */
    int32_t queue_position; /* at the provider, -1 = unknown */
    const char *note;       /* what is going on, "" = nothing to say */
    const char *clip;       /* digest of the fetched file, "" before */
    int32_t attempt_count;
    struct gen_attempt attempt; /* the current one */
    /* Attempts that were refused or failed, by provider, in the order in which they were asked; not
     * stored: the attempts say so. */
    struct gen_shot_failures *failures;
    size_t failure_count;
    /* Where the machine is; not stored, rebuilt on resume. */
    enum gen_verb verb;
    int32_t poll_failures;   /* in a row, free requests only */
    int32_t fetch_failures;  /* files that came and were not usable */
    int32_t recover_looks;   /* how often the provider has said that it has no such job */
    int32_t strangers;       /* how often it has answered with the handle of another attempt */
    int64_t waited_ms;       /* pauses since its verb began, summed */
    gen_micros retries_cost; /* of attempts after the first that were, or may have been, billed */
    gen_micros topped;       /* held for its attempt beside the first hold, as bills were higher */
    bool late;               /* rendered, and the provider does not hand it over: a person knows */
    bool cancel_refused;     /* the provider would not, or could not, cancel the attempt */
    bool has_slot;           /* its lane counts it */
    bool wants_slot;         /* it stands in its lane's queue */
    bool retry_waits;        /* planned, until the pause before another attempt is over */
    bool supplying;          /* what it was promised is being made */
    struct gen_rewrite state_place, note_place;
};

struct gen_pipeline {
    struct gen_ident id;
    size_t variation; /* index in the brief */
    /* Of all its shots but the finishing one; GEN_SEVERAL where they differ. For people: who works on
     * a shot stands in the shot. */
    const char *provider, *model;
    uint32_t model_flags; /* of that model; 0 where they differ */
    enum gen_pipeline_status status;
    enum gen_stage stage;
    struct gen_shot *shots;
    size_t shot_count;
    gen_moment started_at, ended_at, estimated_at;
    int32_t shown_ppm; /* the most that was ever told of its progress: it never goes back */
    enum gen_failure failure;
    const char *failure_message; /* "" */
    const char *warning;         /* one sentence: what its video lacks, or its bill exceeds; "" */
    struct gen_ident output;     /* "" before deliver */
    /* Not stored. */
    bool assembling; /* delivery is at work on it */
    bool ending;     /* it has failed or is cancelled; its attempts are being brought to an end */
    struct gen_rewrite failure_place;
};

struct gen_job {
    struct gen_arena *arena;
    struct gen_ident id, storyboard;
    const char *organization, *user, *project;
    const char *team;       /* "" or NULL = none */
    struct gen_ident batch; /* that it came with; "" = none */
    int32_t batch_ordinal;  /* its place there, from 1; 0 = none */
    struct gen_brief *brief;
    const char *decision; /* JSON text of the product's `routing` object */
    gen_micros budget;    /* the limit of this job */
    enum gen_job_status status;
    struct gen_pipeline *pipelines;
    size_t pipeline_count;
    gen_moment created_at, completed_at;
    bool cancel_requested;
    bool paused; /* somebody's wish: nothing new is ordered for it */
    /* Of the videos of one variation the first good one is kept; the others end then. */
    bool keep_first;
    bool sandbox;
    void *shell; /* the engine's own, not stored */
};

const char *gen_job_status_word(enum gen_job_status status);
enum gen_job_status gen_job_status_of(const char *word);
bool gen_job_status_terminal(enum gen_job_status status);
const char *gen_pipeline_status_word(enum gen_pipeline_status status);
enum gen_pipeline_status gen_pipeline_status_of(const char *word);
bool gen_pipeline_status_terminal(enum gen_pipeline_status status);
const char *gen_stage_word(enum gen_stage stage);
enum gen_stage gen_stage_of(const char *word);
const char *gen_shot_role_word(enum gen_shot_role role);
enum gen_shot_role gen_shot_role_of(const char *word);

/* Provider and model of a pipeline whose shots are made by several. */
#define GEN_SEVERAL "several"

/* Is all that it was promised there? */
bool gen_shot_supplied(const struct gen_shot *shot);
/* Must it wait for this one (of the same pipeline)? */
bool gen_shot_follows(const struct gen_pipeline *pipeline, const struct gen_shot *shot,
                      const struct gen_shot *earlier);
/* Is it the slice that goes on from the last frame of the one before? */
bool gen_shot_chained(const struct gen_shot *shot);
/* The shot whose clip is the video; NULL: the clips are joined. */
const struct gen_shot *gen_pipeline_finish(const struct gen_pipeline *pipeline);
/* How many of its attempts were refused or failed there. */
int32_t gen_shot_failed_at(const struct gen_shot *shot, const char *provider);
/* `count` more; memory of the job's arena. Out of memory they are not counted, and the arena says so. */
void gen_shot_fail_at(struct gen_shot *shot, const char *provider, int32_t count,
                      struct gen_arena *arena);
/* Provider and model of all that is rendered for it, by its shots. */
void gen_pipeline_name(struct gen_pipeline *pipeline);
/* How long its clip is shown. */
int64_t gen_shot_shown(const struct gen_shot *shot, const struct gen_brief *brief);

/* Share of the pipeline that is done, 0..1000000: its shots by their duration (a finishing shot,
 * which renders nothing new, by a fifth of it), and the last two hundredths for assess and deliver.
 * Never less than what was told before, whatever has to be done again. */
int32_t gen_pipeline_progress(const struct gen_pipeline *pipeline);

/* When the pipeline will be done if it goes on at its pace so far; 0 while too little is known (less
 * than two hundredths done, or not started). */
gen_moment gen_pipeline_estimate(const struct gen_pipeline *pipeline, gen_moment now);

#endif
