/* change.h - the closed set of durable changes: what the engine wants written, as plain values.
 *
 * One struct gen_changes becomes one transaction (store/apply.c), all or nothing. It owns copies of
 * every text, since the writer thread reads it while the loop goes on.
 *
 * Thread: one at a time; handed from [loop] to the writer and back. Floor: model.
 * Tests: tests/unit/model/change_test.c
 */
#ifndef GEN_MODEL_CHANGE_H
#define GEN_MODEL_CHANGE_H

#include "model/event.h"
#include "model/job.h"
#include "model/ledger.h"

enum gen_change_kind {
    GEN_CHANGE_JOB_ADD = 1,  /* job, with its storyboard */
    GEN_CHANGE_JOB_SET,      /* job: status, cancel_requested, completed_at */
    GEN_CHANGE_PIPELINE_ADD, /* pipeline */
    GEN_CHANGE_PIPELINE_SET, /* pipeline: status, stage, times, failure, output */
    GEN_CHANGE_SHOT_ADD,     /* shot */
    GEN_CHANGE_SHOT_SET,     /* shot: clip, attempt_count */
    GEN_CHANGE_SUPPLY_ADD,   /* supply: promised to a shot */
    GEN_CHANGE_SUPPLY_SET,   /* supply: it has been made: digest and what it is */
    GEN_CHANGE_ATTEMPT_ADD,  /* attempt, in its first state */
    GEN_CHANGE_ATTEMPT_MOVE, /* attempt: from -> its state; refused unless the row is in `from` */
    GEN_CHANGE_ATTEMPT_NOTE, /* attempt: step_state, seed; refused unless the row is in `from` */
    GEN_CHANGE_LEDGER,       /* entry; a hold is refused when the job's budget does not allow it */
    GEN_CHANGE_EVENT,        /* event */
    GEN_CHANGE_ASSET_ADD,    /* asset */
    GEN_CHANGE_ASSET_SENT,   /* upload: the same content came again, at */
    GEN_CHANGE_ASSET_USED,   /* upload: a job names it; refused when it is not there any more */
    GEN_CHANGE_ASSET_REMOVE, /* upload: refused when a job uses it or it was sent after `at` */
    GEN_CHANGE_BLOB_TIED,    /* upload: the blob of its digest is not loose any more */
    GEN_CHANGE_OUTPUT_ADD,   /* output */
    GEN_CHANGE_IDEMPOTENCY,  /* key, digest of the body, job; refused when the key is taken */
    GEN_CHANGE_HOUR,         /* hour: in place of what was known of it; much older ones go */
};

struct gen_output { /* a delivered video; texts "" = none */
    struct gen_ident id, job, pipeline;
    const char *organization;
    const char *variation;                  /* "16x9" */
    const char *digest, *thumbnail, *sheet; /* blobs */
    const char *format;                     /* "mp4" */
    int64_t size, thumbnail_size, sheet_size;
    int32_t width, height, frame_rate_milli;
    int64_t duration_ms;
    const char *probe; /* gen-media's report, JSON text */
    gen_moment created_at;
};

struct gen_change_job {
    struct gen_ident id, storyboard;
    const char *storyboard_digest;
    const char *organization, *user, *project, *title;
    const char *brief;    /* normalised, JSON text */
    const char *decision; /* JSON text */
    const char *tags;     /* JSON list of texts */
    enum gen_job_status status;
    int32_t priority;
    gen_micros budget;
    gen_moment created_at, completed_at, deadline;
    bool cancel_requested, sandbox;
};

struct gen_change_pipeline {
    struct gen_ident id, job, output;
    int32_t ordinal, variation;
    const char *provider, *model;
    uint32_t model_flags;
    enum gen_pipeline_status status;
    enum gen_stage stage;
    int32_t progress_ppm;
    gen_moment started_at, ended_at, estimated_at;
    enum gen_failure failure;
    const char *failure_message, *warning;
};

struct gen_change_shot {
    struct gen_ident id, job, pipeline;
    int32_t ordinal, first_scene, scene_count;
    enum gen_shot_role role;
    const char *provider, *model;
    uint32_t model_flags;
    int64_t from_ms, shown_ms, ordered_ms;
    bool speaks;
    const char *parameters, *clip;
    int32_t width, height, frame_rate_milli, attempt_count;
    int64_t duration_ms;
    gen_micros price, most;
    bool price_exact;
};

struct gen_change_supply {
    struct gen_ident job, shot;
    int32_t ordinal, scene;
    struct gen_asset asset; /* without organization and name */
};

struct gen_change_attempt {
    struct gen_ident job, pipeline, shot;
    enum gen_attempt_state from; /* MOVE, NOTE */
    struct gen_attempt attempt;
};

struct gen_change_entry {
    struct gen_ident id, job, pipeline, attempt;
    enum gen_ledger_kind kind;
    gen_micros amount; /* not negative */
    const char *provider, *basis;
    gen_moment at;
};

struct gen_change_event {
    struct gen_ident id, job, pipeline; /* job, pipeline: "" = none */
    enum gen_event_kind kind;
    const char *organization;
    const char *data; /* JSON text of a map */
    gen_moment at;
};

struct gen_change_upload { /* what happens to an asset later */
    struct gen_ident id;
    const char *digest;
    gen_moment at;
};

struct gen_change_hour { /* how long a provider was known to be up, and down, in one hour */
    const char *provider;
    int64_t hour; /* since 1970 */
    int32_t up_minutes, down_minutes;
};

struct gen_change_key {
    const char *organization, *key, *digest;
    struct gen_ident job;
    gen_moment at;
};

struct gen_change {
    struct gen_change *next;
    enum gen_change_kind kind;
    union {
        struct gen_change_job job;
        struct gen_change_pipeline pipeline;
        struct gen_change_shot shot;
        struct gen_change_supply supply;
        struct gen_change_attempt attempt;
        struct gen_change_entry entry;
        struct gen_change_event event;
        struct gen_change_key key;
        struct gen_asset asset;
        struct gen_change_upload upload;
        struct gen_change_hour hour;
        struct gen_output output;
    } as;
};

struct gen_changes {
    struct gen_arena *arena;
    struct gen_change *first, *last;
    size_t count;
};

/* NULL when there is no memory. destroy accepts NULL. */
struct gen_changes *gen_changes_create(void);
void gen_changes_destroy(struct gen_changes *changes);

/* Appends an empty change and returns it; NULL after the arena has failed. */
struct gen_change *gen_changes_add(struct gen_changes *changes, enum gen_change_kind kind);

/* Appends one with the values of a noun; texts are copied. Failure shows in the arena. A new job's
 * storyboard digest, brief and tags are not in the noun: whoever admits it sets them. */
void gen_changes_job(struct gen_changes *changes, enum gen_change_kind kind,
                     const struct gen_job *job);
void gen_changes_pipeline(struct gen_changes *changes, enum gen_change_kind kind,
                          const struct gen_job *job, const struct gen_pipeline *pipeline);
void gen_changes_shot(struct gen_changes *changes, enum gen_change_kind kind,
                      const struct gen_job *job, const struct gen_pipeline *pipeline,
                      const struct gen_shot *shot);
/* Supply `index` of the shot. */
void gen_changes_supply(struct gen_changes *changes, enum gen_change_kind kind,
                        const struct gen_job *job, const struct gen_shot *shot, size_t index);
void gen_changes_output(struct gen_changes *changes, const struct gen_output *output);
void gen_changes_attempt(struct gen_changes *changes, enum gen_change_kind kind,
                         const struct gen_job *job, const struct gen_pipeline *pipeline,
                         const struct gen_shot *shot, enum gen_attempt_state from);

#endif
