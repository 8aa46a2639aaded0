/* runway.h - what the rooms of the Runway dialect share: its models, and a body that was judged.
 *
 * Thread: the connection's, world locked. Apart: sdk/simulator.
 * Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_RUNWAY_H
#define SIM_RUNWAY_H

#include "simulator/dialect.h"

enum { RUNWAY_DAY_MS = 86400000 };

enum runway_endpoint {
    RUNWAY_TEXT = 1u << 0,  /* text_to_video */
    RUNWAY_IMAGE = 1u << 1, /* image_to_video */
    RUNWAY_VIDEO = 1u << 2, /* video_to_video */
    RUNWAY_ACT = 1u << 3,   /* character_performance */
};

enum runway_feature {
    RUNWAY_SEED = 1u << 0,
    RUNWAY_AUDIO = 1u << 1, /* field audio, on unless it says false */
    RUNWAY_NEGATIVE = 1u << 2,
    RUNWAY_MODERATION = 1u << 3,
    RUNWAY_REFERENCES = 1u << 4,
    RUNWAY_SOUND = 1u << 5,        /* always has sound */
    RUNWAY_AUTO = 1u << 6,         /* duration may be "auto" */
    RUNWAY_WHOLE = 1u << 7,        /* duration is a whole number */
    RUNWAY_DURATION = 1u << 8,     /* duration is required */
    RUNWAY_LAST = 1u << 9,         /* takes a last frame too */
    RUNWAY_PROMPT_FREE = 1u << 10, /* promptText may be absent */
    RUNWAY_EXPANSION = 1u << 11,
    RUNWAY_NAMES = 1u << 12,   /* ratio is an aspect name, not pixels */
    RUNWAY_FOLLOWS = 1u << 13, /* image_to_video has no ratio */
    RUNWAY_FORMAT = 1u << 14,  /* outputFormat */
};

struct runway_rate {
    int32_t lines;            /* up to this short side; 0 ends */
    gen_micros silent, sound; /* a second */
};

struct runway_model { /* a table of these ends with name NULL */
    const char *name;
    uint32_t endpoints, features;
    double shortest, longest; /* seconds */
    const char *durations;    /* the only ones, "4|6|8"; NULL = the range */
    double preset;            /* seconds when none is given */
    const char *ratios;       /* "1280:720|..."; NULL = any pair of pixels */
    const char *more_ratios;  /* image_to_video only */
    const char *resolutions;  /* NULL = no such field; the first is the default */
    int32_t prompt_units;     /* UTF-16 */
    struct runway_rate rates[5];
    gen_micros least; /* of a bill */
};

const struct runway_model *runway_model_find(const char *name, enum runway_endpoint endpoint);
/* The names of an endpoint's models: "gen4.5|veo3.1|...". */
const char *runway_model_names(struct gen_arena *arena, enum runway_endpoint endpoint);
const struct runway_model *runway_model_at(size_t index); /* NULL behind the last */

/* What may stand in the body of this model at this endpoint; in call->arena. */
const struct sim_field *runway_model_fields(struct sim_call *call, const struct runway_model *model,
                                            enum runway_endpoint endpoint);

/* What a good body orders: size, length, sound, price. Answers and returns false when an input (an
 * upload, a data URI) is not good. */
bool runway_order(struct sim_call *call, const struct runway_model *model,
                  enum runway_endpoint endpoint, const struct gen_node *body,
                  struct sim_order *out);

/* Is this a URI as Runway takes them? NULL = yes. */
const char *runway_uri_wrong(struct sim_call *call, const struct gen_node *value);

/* The body as an object; answers and gives NULL when it is none. */
const struct gen_node *runway_body(struct sim_call *call);
/* 400 with {error, issues, docUrl}. */
void runway_refuse_body(struct sim_call *call, const struct sim_complaints *complaints);

/* /v1/organization and /v1/organization/usage (runway_account.c) */
sim_handler runway_organization, runway_usage;

#endif
