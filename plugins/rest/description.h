/* description.h - a provider as its policy file describes it: read once, checked whole, never
 * changed.
 *
 * The struct is what the rest of the plugin works with. The keys stand in README.md. Texts and
 * nodes point into a copy of the settings, which lives as long as the provider is configured.
 *
 * Invariant: description_read leaves nothing to be found out later: every template names things
 * that exist, every path can be walked, every model can fill in every URL.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_DESCRIPTION_H
#define REST_DESCRIPTION_H

#include "reading.h"

#define REST_CREDENTIAL "key"

enum { REST_UPLOADS = 8, REST_CANCELS = 4, REST_LOOKUPS = 4, REST_HOSTS = 16, REST_NAMES = 16 };

enum rest_method { REST_GET = 1, REST_POST = 2, REST_PUT = 3, REST_DELETE = 4 };

/* One request. */
struct rest_exchange {
    const char *at;          /* its key path, for messages */
    const char *const *urls; /* templates, tried in this order; NULL = there is no request */
    const struct gen_node *headers, *body, *form; /* templates; NULL = none */
    const char *unique_header;
    double timeout_s;
    int32_t method; /* enum rest_method */
    int32_t file;   /* 1: the picture itself is the body */
    int32_t signs;  /* 0: without the credential, wherever it goes */
};

/* What is taken out of an answer, by name: a path or, with ${item...} inside, a template. */
struct rest_taken {
    const char *names[REST_NAMES], *values[REST_NAMES];
    size_t count;
    int32_t single; /* 1: one text without a name */
};

struct rest_upload {
    struct rest_exchange exchange;
    struct rest_taken take; /* count 0 = nothing */
};

struct rest_submit {
    struct rest_exchange exchange;
    struct rest_taken handle;
};

enum rest_end {
    REST_RUNS = 1,
    REST_DONE = 2,
    REST_FAILED = 3,
    REST_MODERATED = 4,
    REST_CANCELED = 5,
    REST_EXPIRED = 6,
};

struct rest_poll {
    struct rest_exchange exchange;
    const char *const *status, *const *ready, *const *progress, *const *queue, *const *cost;
    const char *const *words[REST_EXPIRED + 1]; /* by enum rest_end; NULL = none */
    const struct gen_node *cost_unit;           /* a number of dollars, or a template of one */
    double every_s, progress_scale;
    int32_t billed[REST_EXPIRED + 1]; /* enum gen_billed of such an end; 0 = unknown */
};

struct rest_fetch {
    struct rest_exchange exchange; /* urls NULL: the answer to poll has it */
    int32_t decides;         /* 1: its answer, not poll's, says whether the render succeeded */
    const char *const *link; /* paths of a link, or of the item of link_url */
    const char *link_url;    /* a template; NULL = what is at `link` is the link */
    int32_t missing;         /* enum gen_failure_kind when there is none */
    int32_t signs;
};

struct rest_lookup {
    struct rest_exchange exchange;
    const char *const *items;     /* NULL: the answer itself is the item */
    const struct gen_node *match; /* map: path -> template; NULL = any item is it */
    const char *const *absent;    /* statuses that mean that there is none */
    struct rest_taken handle;     /* count 0 = as of submit */
    int32_t certain;              /* not found here means that it is nowhere */
};

/* When a rule for errors holds. */
enum rest_moment {
    REST_AT_UPLOAD = 1,
    REST_AT_SUBMIT = 2,
    REST_AT_POLL = 3,
    REST_AT_FETCH = 4,
    REST_AT_CANCEL = 5,
    REST_AT_RECOVER = 6,
    REST_AT_HEALTH = 7,
};

struct rest_fault {
    uint32_t moments;            /* bits 1 << enum rest_moment; 0 = always */
    const char *const *statuses; /* "422", "5xx"; NULL = every status that is no success */
    const char *const *paths;    /* NULL: is and contains look at the message */
    const char *const *is, *const *contains; /* NULL = whatever stands there */
    int32_t kind, billed;                    /* 0 = what is usual */
};

struct rest_size {
    const char *word; /* as the provider writes it */
    int32_t width, height;
};

enum rest_pictures { REST_NO_PICTURES = 1, REST_PICTURES = 2, REST_NEEDS_PICTURE = 3 };

struct rest_model {
    const char *id, *name;
    int64_t tier, frame_rate, max_prompt, parallel, per_minute;
    double quality, speed;
    int32_t audio, pictures, first_frame, idempotent;
    uint32_t needs;
    struct kit_ratio *sizes;
    size_t size_count;
    int64_t *durations;              /* milliseconds; NULL = any from least to most */
    const struct gen_node **spelled; /* of each; NULL = the number of seconds */
    size_t duration_count;
    double least_s, most_s, step_s;
    const char *duration_as; /* template of `duration`; NULL = none */
    const struct gen_node *parameters, *with_picture;
};

struct rest {
    const char *base, *storage;                       /* storage "" = none */
    const char *hosts[REST_HOSTS + 3];                /* that get the credential; NULL-ended */
    const struct gen_provider_credential *credential; /* NULL = none */
    struct rest_model *models;
    struct gen_provider_model *offered; /* the same as capabilities */
    size_t model_count;
    struct { /* what a picture must be like */
        const char *types;
        int64_t bytes, most_side, least_side;
    } picture;
    struct rest_upload uploads[REST_UPLOADS];
    size_t upload_count;
    struct rest_submit submit;
    struct rest_poll poll;
    struct rest_fetch fetch;
    struct rest_exchange cancels[REST_CANCELS];
    size_t cancel_count;
    struct rest_lookup lookups[REST_LOOKUPS];
    size_t lookup_count;
    struct rest_exchange health; /* urls NULL = none */
    struct {                     /* business codes inside of HTTP 200 */
        const char *const *paths, *const *ok;
    } envelope;
    struct rest_fault *faults;
    size_t fault_count;
    const char *const *message, *const *code;
    uint32_t sends; /* bits of what submit and its uploads name, see names.h */
};

/* What every verb works with. */
struct rest_call {
    struct kit kit;
    const struct rest *rest;
    const struct gen_provider_task *task;
    const struct gen_provider_answer *answer; /* NULL at first */
    struct gen_provider_step *step;
    const char **message;
};

/* REFUSED with "key.path: what is wrong" when the settings are no description. */
int32_t description_read(const struct kit *kit, const struct gen_node *settings,
                         const struct rest **out, const char **message);

/* The model of that id; NULL when there is none. */
const struct rest_model *description_model(const struct rest *rest, const char *id);

#endif
