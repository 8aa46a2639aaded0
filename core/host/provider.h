/* provider.h - a loaded plugin as the engine sees it: its models, and its verbs in our own nouns.
 *
 * The only room that speaks the contract (sdk/include/gen/provider.h): it turns a job's shot into
 * the contract's task, calls a verb with the arena of one exchange, checks everything that comes
 * back (a plugin is not trusted to be right) and gives it to the engine as values of ours.
 * Invariant: nothing a plugin returns is used before it was checked; a defect of a plugin is an
 * error on that provider, never an abort.
 *
 * Thread: [loop]. Floor: host. Tests: tests/unit/host/provider_test.c
 */
#ifndef GEN_HOST_PROVIDER_H
#define GEN_HOST_PROVIDER_H

#include "base/node.h"
#include "model/change.h"
#include "model/registry.h"

struct gen_hosted; /* one loaded provider */

/* What a verb is asked about. Borrowed for the call. */
struct gen_task {
    const struct gen_brief *brief;
    const struct gen_variation *variation;
    const struct gen_shot *shot;   /* scenes, parameters; its attempt's handle and step_state */
    const char *model;             /* "studio" */
    const struct gen_asset *assets; /* every asset of the brief once; file names are derived */
    size_t asset_count;            /*   from their index and media type: "asset-0.png" */
    gen_moment now;
};

/* The name that asset `index` has inside a scratch directory. */
const char *gen_task_asset_file(const struct gen_task *task, size_t index,
                                struct gen_arena *arena);

struct gen_formatted {
    const char *parameters; /* JSON text of a map */
    int32_t width, height, frame_rate_milli;
    int64_t duration_ms;
    struct gen_node *adjustments; /* list of {field, from, to, reason}, for the decision */
};

struct gen_priced {
    bool known, exact;
    gen_micros price, most; /* most >= price */
    const char *basis;
};

enum gen_step_type {
    GEN_STEP_IS_HTTP = 1,
    GEN_STEP_IS_RUN,
    GEN_STEP_IS_WAIT,
    GEN_STEP_IS_DONE,
    GEN_STEP_IS_FAIL,
};

struct gen_step_header {
    const char *name, *value;
};

struct gen_step_part {
    const char *name, *text, *file_name, *content_type;
    int32_t asset; /* -1 = text */
};

struct gen_step_file {
    const char *name;
    const void *data;
    size_t size;
};

enum gen_billing { GEN_BILLING_NO = 1, GEN_BILLING_YES, GEN_BILLING_UNKNOWN };

struct gen_step { /* everything in the exchange's arena; texts never NULL */
    enum gen_step_type type;
    const char *state; /* NULL = unchanged */
    const char *note;
    int32_t progress_ppm;   /* -1 = unknown */
    int32_t queue_position; /* -1 = unknown */
    int64_t wait_ms;        /* WAIT: 200 .. 3,600,000 */
    union {
        struct {
            const char *method, *url, *credential;
            const struct gen_step_header *headers;
            size_t header_count;
            const void *data;
            size_t data_size;
            const struct gen_step_part *parts;
            size_t part_count;
            int32_t asset;     /* body is this asset; -1 = not */
            bool costs, follow, to_result, declared_host;
            int64_t sink_limit, timeout_ms;
        } http;
        struct {
            const char *program;
            const char *const *arguments; /* NULL-terminated */
            const struct gen_step_file *files;
            size_t file_count;
            int64_t timeout_ms;
            const char *progress_key; /* "" = none */
            int64_t progress_total;
            int32_t progress_from_ppm, progress_to_ppm;
        } run;
        struct {
            const char *handle;
            const char *file; /* plain name in the scratch directory, "" = result sink */
            gen_micros cost;  /* -1 = not said */
        } done;
        struct {
            enum gen_failure kind;
            enum gen_billing billed;
            const char *code, *message, *field;
            int64_t retry_after_ms;
            gen_micros cost; /* -1 = unknown */
        } fail;
    } as;
};

enum gen_reply_type { GEN_REPLY_HTTP = 1, GEN_REPLY_RUN };

struct gen_reply { /* how the step that was asked for came out; borrowed for the call */
    enum gen_reply_type type;
    int status;
    const struct gen_step_header *headers;
    size_t header_count;
    const char *body;
    size_t body_size;
    bool body_complete;
    int exit_code, signal;
    bool timed_out;
    const char *output, *errors;
};

const char *gen_hosted_id(const struct gen_hosted *hosted);
const char *gen_hosted_name(const struct gen_hosted *hosted);
const char *gen_hosted_version(const struct gen_hosted *hosted);
const char *gen_hosted_path(const struct gen_hosted *hosted);
const struct gen_model *gen_hosted_models(const struct gen_hosted *hosted, size_t *count);
const struct gen_model *gen_hosted_model(const struct gen_hosted *hosted, const char *id);

/* Path of a program that the plugin may run; NULL when it is not in its list or not installed.
 * Lives as long as the provider. */
const char *gen_hosted_program(const struct gen_hosted *hosted, const char *name);

/* Is there a verb for this? submit, poll, fetch always; recover and cancel by extension. */
bool gen_hosted_can(const struct gen_hosted *hosted, enum gen_verb verb);

/* GEN_EUNSUPPORTED: the plugin refuses the task, and why. GEN_ECORRUPT: it returned something that
 * breaks the contract, or reported a defect. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_hosted_format(const struct gen_hosted *hosted,
                                                 const struct gen_task *task,
                                                 struct gen_arena *arena,
                                                 struct gen_formatted *out,
                                                 struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_hosted_cost(const struct gen_hosted *hosted,
                                               const struct gen_task *task,
                                               const struct gen_node *prices,
                                               struct gen_arena *arena, struct gen_priced *out,
                                               struct gen_error *err);
/* `reply` NULL: the first call of a verb, or after WAIT. */
GEN_MUST_CHECK enum gen_status gen_hosted_step(const struct gen_hosted *hosted, enum gen_verb verb,
                                               const struct gen_task *task,
                                               const struct gen_reply *reply,
                                               struct gen_arena *arena, struct gen_step *out,
                                               struct gen_error *err);

#endif
