/* step.h - what a plugin wants done next, as values of ours, and how that came out.
 *
 * Values only: what a plugin returned becomes one in customs.h, which has looked at all of it before.
 *
 * Thread: [any]. Floor: host. Tests: tests/contract/fake_test.c
 */
#ifndef GEN_HOST_STEP_H
#define GEN_HOST_STEP_H

#include "base/arena.h"
#include "base/money.h"
#include "model/attempt.h"

struct gen_provider_answer; /* of the contract */

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

struct gen_step_piece { /* of a body that is put together */
    int32_t asset;      /* -1 = data */
    bool base64;        /* of the asset's bytes */
    const char *data;
    size_t data_size;
    int64_t from, length; /* of the asset; length 0 = up to its end */
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
            const struct gen_step_piece *pieces; /* the body, one after the other; NULL = not */
            size_t piece_count;
            int32_t asset;              /* body is this asset; -1 = not */
            const char *const *extract; /* paths of base64 in a JSON answer; NULL = not */
            const char *unique_header;  /* gets a fresh random UUID; "" = none */
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
    bool extracted; /* text at a path of `extract` went to the result file, or was dropped */
    int exit_code, signal;
    bool timed_out;
    const char *output, *errors;
};

/* The contract's answer for a reply; NULL when the arena has failed. */
const struct gen_provider_answer *gen_step_answer(const struct gen_reply *reply,
                                                  struct gen_arena *arena);

#endif
