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

#include "model/access_key.h"
#include "model/actor.h"
#include "model/budget.h"
#include "model/event.h"
#include "model/invoice.h"
#include "model/job.h"
#include "model/ledger.h"
#include "model/secret.h"
#include "model/subscriber.h"

enum gen_change_kind {
    GEN_CHANGE_JOB_ADD = 1,  /* job, with its storyboard */
    GEN_CHANGE_BATCH_ADD,    /* batch, before its jobs */
    GEN_CHANGE_JOB_SET,      /* job: status, cancel_requested, paused, completed_at */
    GEN_CHANGE_PIPELINE_ADD, /* pipeline */
    GEN_CHANGE_PIPELINE_SET, /* pipeline: status, stage, times, failure, output */
    GEN_CHANGE_SHOT_ADD,     /* shot */
    GEN_CHANGE_SHOT_SET,     /* shot: clip, attempt_count */
    GEN_CHANGE_SHOT_MOVE, /* shot: goes to another model: what is ordered there, and at which price; its
                              * pipeline is called by it */
    GEN_CHANGE_SUPPLY_ADD,    /* supply: promised to a shot */
    GEN_CHANGE_SUPPLY_SET,    /* supply: it has been made: digest and what it is */
    GEN_CHANGE_ATTEMPT_ADD,   /* attempt, in its first state */
    GEN_CHANGE_ATTEMPT_MOVE,  /* attempt: from -> its state; refused unless the row is in `from` */
    GEN_CHANGE_ATTEMPT_NOTE,  /* attempt: step_state, seed; refused unless the row is in `from` */
    GEN_CHANGE_LEDGER,        /* entry; a hold is refused when a budget does not allow it */
    GEN_CHANGE_EVENT,         /* event */
    GEN_CHANGE_ASSET_ADD,     /* asset */
    GEN_CHANGE_ASSET_SENT,    /* upload: the same content came again, at */
    GEN_CHANGE_ASSET_USED,    /* upload: a job names it; refused when it is not there any more */
    GEN_CHANGE_ASSET_REMOVE,  /* upload: refused when a job uses it or it was sent after `at` */
    GEN_CHANGE_BLOB_TIED,     /* upload: the blob of its digest is not loose any more */
    GEN_CHANGE_OUTPUT_ADD,    /* output */
    GEN_CHANGE_OUTPUT_REVIEW, /* output: what somebody thinks of it */
    GEN_CHANGE_IDEMPOTENCY,   /* key, digest of the body, job; refused when the key is taken */
    GEN_CHANGE_HOUR,          /* hour: in place of what was known of it; much older ones go */
    GEN_CHANGE_KEY_ADD,       /* access_key */
    GEN_CHANGE_KEY_SET,      /* access_key: its edit; refused unless the row is one version older */
    GEN_CHANGE_KEY_USED,     /* key_use: when it was last used */
    GEN_CHANGE_QUOTA,        /* quota: one job more in a day; refused when it is used up */
    GEN_CHANGE_BUDGET_ADD,   /* budget, version 1 */
    GEN_CHANGE_BUDGET_SET,   /* budget: its amounts; refused unless the row is at version - 1 */
    GEN_CHANGE_BUDGET_END,   /* budget: ended_at; refused unless the row is at version - 1 */
    GEN_CHANGE_BUDGET_ALERT, /* alert: people are told; refused when they were told before */
    GEN_CHANGE_SECRET_ADD,   /* secret: its next version; refused when that is there already */
    GEN_CHANGE_SECRET_WRAP,  /* secret: its key under another master key */
    GEN_CHANGE_SECRET_TEST,  /* secret: what a test has shown */
    GEN_CHANGE_SECRET_REMOVE,  /* secret: all versions up to this one */
    GEN_CHANGE_SUBSCRIBER_ADD, /* subscriber; its position may be "now" */
    GEN_CHANGE_SUBSCRIBER_SET, /* subscriber: what people set; refused unless the row is one version older */
    GEN_CHANGE_SUBSCRIBER_REMOVE, /* subscriber, with its deliveries; refused at another version */
    GEN_CHANGE_SUBSCRIBER_TOLD, /* told: position, failures and a delivery; nothing when it is gone */
    GEN_CHANGE_BASELINE_ADD,    /* baseline of a pipeline of this set */
    GEN_CHANGE_CLIP_ADD,        /* clip: a finished clip that may be used again */
    GEN_CHANGE_CLIP_USED,       /* clip: it was; refused when its job has it already */
    GEN_CHANGE_CLIP_EXPIRE,     /* clip: those made before `at` are forgotten */
    GEN_CHANGE_INVOICE_ADD,     /* invoice with its lines; refused when the same file is there */
    GEN_CHANGE_INVOICE_SETTLED, /* settled: a line of it stands in the ledger; refused when it did */
    GEN_CHANGE_INVOICE_REMOVE,  /* settled: its invoice; refused when a line of it is settled */
    GEN_CHANGE_HANDLE,          /* handle: is an attempt's; refused when it is another one's */
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
    /* What people think of it; review: "" = nobody has said, "accepted", "rejected". Not of ADD. */
    const char *review, *review_note, *reviewed_by;
    gen_moment reviewed_at;
};

struct gen_change_job {
    struct gen_ident id, storyboard;
    const char *storyboard_digest;
    const char *organization, *team, *user, *project, *title;
    const char *brief;    /* normalised, JSON text */
    const char *decision; /* JSON text */
    const char *tags;     /* JSON list of texts */
    enum gen_job_status status;
    int32_t priority;
    gen_micros budget;
    gen_moment created_at, completed_at, deadline;
    bool cancel_requested, paused, keep_first, sandbox;
    struct gen_ident batch; /* "" = none */
    int32_t batch_ordinal;
};

struct gen_change_batch { /* jobs that were admitted together */
    struct gen_ident id;
    const char *organization, *user, *title;
    int64_t jobs; /* how many */
    gen_moment created_at;
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
    const char *pipeline_provider, *pipeline_model; /* MOVE */
    uint32_t pipeline_flags;
};

struct gen_change_supply {
    struct gen_ident job, shot;
    int32_t ordinal, scene;
    struct gen_asset asset; /* without organization and name */
};

struct gen_change_attempt {
    struct gen_ident job, pipeline, shot;
    const char *provider, *model; /* whose it is; stored with ADD */
    int64_t duration_ms;          /* of its clip; not stored */
    enum gen_attempt_state from;  /* MOVE, NOTE */
    struct gen_attempt attempt;
};

struct gen_change_handle { /* a job at a provider that belongs to an attempt for good */
    struct gen_ident attempt;
    const char *provider, *handle;
    const char *account; /* whose there: the owner of the credential; "" = the daemon's own */
    gen_moment at;
};

struct gen_change_entry {
    struct gen_ident id, job, pipeline, attempt;
    enum gen_ledger_kind kind;
    gen_micros amount; /* not negative */
    const char *provider, *basis;
    const char *reference; /* tells several entries of a kind apart; NULL = "" */
    gen_moment at;
    gen_moment counts_at; /* HOLD: in which periods: that of the attempt's first hold; 0 = `at` */
    /* HOLD: what it must fit beside the job's own budget. All of a set may share them. */
    const struct gen_limit *limits;
    size_t limit_count;
    /* HOLD: the attempt of the same shot whose release in this set it takes over: it counts in the same
     * periods and no limit is asked. "" = none. */
    struct gen_ident carried_from;
};

enum gen_alert_kind {
    GEN_ALERT_SHARE = 1, /* a share of the limit is used */
    GEN_ALERT_SOFT,      /* the soft limit is reached */
    GEN_ALERT_HARD,      /* the hard limit is reached */
    GEN_ALERT_FORECAST,  /* the limit will be passed before its period ends */
};

const char *gen_alert_word(enum gen_alert_kind kind); /* "" outside the set */

struct gen_change_alert { /* once a limit, interval, kind and level */
    const char *name, *key;
    gen_moment begins;
    enum gen_alert_kind kind;
    int64_t level_ppm; /* SHARE */
    gen_moment at;
};

struct gen_change_event {
    struct gen_ident id, job, pipeline; /* job, pipeline: "" = none */
    enum gen_event_kind kind;
    const char *organization;
    const char *data; /* JSON text of a map */
    gen_moment at;
    struct gen_actor actor; /* all zero = the daemon */
};

/* name, word */
#define GEN_BASELINE_TABLE(ROW) \
    ROW(GEN_BASELINE_NAMED, "named") /* the model that the user named first */ \
    ROW(GEN_BASELINE_TIER, "tier")   /* the one that routing.yaml names for the tier */ \
    ROW(GEN_BASELINE_NONE, "none")   /* there is none: nothing is said of other models */

enum gen_baseline_kind {
    GEN_BASELINE_UNKNOWN = 0,
#define GEN_BASELINE_ENUM(name, word) name,
    GEN_BASELINE_TABLE(GEN_BASELINE_ENUM)
#undef GEN_BASELINE_ENUM
};
const char *gen_baseline_word(enum gen_baseline_kind kind); /* "" outside the set */

struct gen_change_baseline { /* what an output would have cost otherwise; see decide/baseline.h */
    struct gen_ident pipeline, job;
    const char *organization;
    enum gen_baseline_kind kind;
    const char *model;                 /* "runway/gen4.5"; "" = none */
    gen_micros amount, price;          /* on that model; expected of the pipeline */
    gen_micros batch, off_peak, cache; /* by how much discounts made `price` less */
};

struct gen_change_clip { /* a finished clip as the answer to an order; see engine/reuse.h */
    struct gen_ident attempt, job, pipeline;     /* that made it, or (USED) did without a render */
    struct gen_ident from;                       /* USED: the attempt that made it */
    const char *organization, *request, *digest; /* ADD: whose; of the order; of the clip */
    gen_micros saved;                            /* USED: what the render would have cost */
    gen_moment at;
};

struct gen_change_settled { /* a line of an invoice */
    struct gen_ident invoice;
    int64_t ordinal; /* REMOVE: all of them */
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

struct gen_change_secret {
    struct gen_secret_row row;
    int64_t keeps; /* ADD: versions up to this one stay, those between go in the same step */
};

struct gen_change_key_use {
    struct gen_ident id;
    gen_moment at;
};

struct gen_change_quota { /* one job of somebody, and the video it asks for, in a day of UTC */
    const char *organization;
    const char *scope, *of; /* "user" or "team", and which */
    int64_t most;           /* in that day; 0 = only counted */
    gen_moment at;
    int64_t ms, most_ms; /* of video: of this job; in that day, 0 = only counted */
};

struct gen_change {
    struct gen_change *next;
    enum gen_change_kind kind;
    union {
        struct gen_change_job job;
        struct gen_change_batch batch;
        struct gen_change_pipeline pipeline;
        struct gen_change_shot shot;
        struct gen_change_supply supply;
        struct gen_change_attempt attempt;
        struct gen_change_handle handle;
        struct gen_change_entry entry;
        struct gen_change_event event;
        struct gen_change_key key;
        struct gen_access_key access_key;
        struct gen_change_key_use key_use;
        struct gen_change_quota quota;
        struct gen_asset asset;
        struct gen_change_upload upload;
        struct gen_change_hour hour;
        struct gen_output output;
        struct gen_budget budget;
        struct gen_change_alert alert;
        struct gen_change_secret secret;
        struct gen_subscriber subscriber;
        struct gen_told told;
        struct gen_change_baseline baseline;
        struct gen_change_clip clip;
        struct gen_invoice invoice;
        struct gen_change_settled settled;
    } as;
};

struct gen_changes {
    struct gen_arena *arena;
    struct gen_change *first, *last;
    size_t count;
    struct gen_changes *joined; /* whose changes are in the list; destroyed with it */
};

/* NULL when there is no memory. destroy accepts NULL. */
struct gen_changes *gen_changes_create(void);
void gen_changes_destroy(struct gen_changes *changes);

/* Appends an empty change and returns it; NULL after the arena has failed. */
struct gen_change *gen_changes_add(struct gen_changes *changes, enum gen_change_kind kind);

/* Appends all of `*more` and takes it over: `*more` becomes NULL. */
void gen_changes_join(struct gen_changes *changes, struct gen_changes **more);

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
/* Id, review and what belongs to it. */
void gen_changes_review(struct gen_changes *changes, const struct gen_output *output);
void gen_changes_access_key(struct gen_changes *changes, enum gen_change_kind kind,
                            const struct gen_access_key *key);
/* `keeps`: see gen_change_secret. */
void gen_changes_secret(struct gen_changes *changes, enum gen_change_kind kind,
                        const struct gen_secret_row *row, int64_t keeps);
void gen_changes_subscriber(struct gen_changes *changes, enum gen_change_kind kind,
                            const struct gen_subscriber *subscriber);
void gen_changes_told(struct gen_changes *changes, const struct gen_told *told);
void gen_changes_budget(struct gen_changes *changes, enum gen_change_kind kind,
                        const struct gen_budget *budget);
/* With copies of its lines. */
void gen_changes_invoice(struct gen_changes *changes, const struct gen_invoice *invoice);
/* A copy of limits for the entries of this set; NULL after the arena has failed. */
const struct gen_limit *gen_changes_limits(struct gen_changes *changes,
                                           const struct gen_limit *limits, size_t count);
void gen_changes_attempt(struct gen_changes *changes, enum gen_change_kind kind,
                         const struct gen_job *job, const struct gen_pipeline *pipeline,
                         const struct gen_shot *shot, enum gen_attempt_state from);

#endif
