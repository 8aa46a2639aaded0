/* provider_policy.h - providers/NAME.yaml: price book, limits, hosts, credentials by name, end of life.
 *
 * Prices are dated rows keyed by what changes the price. It is NOT the provider's plugin: what a model
 * can render comes from there, and `models` here only corrects it.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/provider_policy_test.c
 */
#ifndef GEN_POLICY_PROVIDER_POLICY_H
#define GEN_POLICY_PROVIDER_POLICY_H

#include "base/record.h"

enum gen_with_audio { GEN_AUDIO_ANY = 1, GEN_AUDIO_WITH, GEN_AUDIO_WITHOUT };

struct gen_price_bulk {
    int64_t seconds; /* bought this month before */
    gen_micros per_second;
};

struct gen_price {
    const char *model;                        /* id, "veo-3.1-*" or "*" */
    const char *resolution;                   /* 480p .. 4k; NULL = any */
    int audio;                                /* enum gen_with_audio */
    gen_moment from, until;                   /* in force; 0 = open */
    gen_micros per_second, per_clip, minimum; /* added up; at least `minimum` */
    int64_t step_ms;         /* time is billed in started steps of it; 0 = exactly */
    int64_t clip_ms;         /* perClip buys this much, more is another clip; 0 = any length */
    struct gen_records bulk; /* struct gen_price_bulk, rising */
    bool estimate;           /* the provider's bill may differ */
    const char *source;
    uint32_t line, column; /* of the row */
};

struct gen_provider_model {
    struct gen_named named;  /* id without the provider */
    int64_t tier;            /* 0 = what the plugin says */
    double quality, speed;   /* 0 = what the plugin says */
    struct gen_texts needs;  /* empty = what the plugin says */
    gen_moment end_of_life;  /* 0 = unknown */
    const char *replacement; /* model id */
    const char *like; /* id of a model that the plugin knows, for one that came later; NULL */
    bool enabled;
    const char *note;
};

struct gen_provider_limits { /* 0 = what the plugin says */
    int64_t parallel, per_minute, per_day, file_bytes;
};

struct gen_provider_credential {
    struct gen_named named; /* role that the plugin names: "key" */
    const char *credential; /* name in the credential store */
};

struct gen_provider_policy {
    const char *id, *name; /* id = name of the file */
    const char *plugin;    /* whose code serves this provider; NULL = that of the id */
    bool enabled;
    struct gen_texts hosts; /* that get credentials, beside those of the plugin */
    const char *base_url, *token_url, *storage_url;
    bool allow_loopback_http;
    struct gen_records credentials; /* struct gen_provider_credential */
    struct gen_provider_limits limits;
    struct gen_records models;       /* struct gen_provider_model */
    struct gen_records prices;       /* struct gen_price */
    const char *currency;            /* USD */
    const struct gen_node *settings; /* handed to the plugin; NULL */
    const char *source;
    const struct gen_node *document; /* the whole file: the plugin's price book */
};

extern const struct gen_record gen_provider_record;
extern const struct gen_choice gen_with_audio_choices[];

const struct gen_provider_model *gen_provider_model_of(const struct gen_provider_policy *provider,
                                                       const char *model); /* NULL = not named */

struct gen_price_task {
    const char *model;
    int32_t width, height;
    bool audio;
    int64_t duration_ms;
    int64_t volume_s; /* seconds bought this month */
    gen_moment now;
};

/* The row that applies: in force now, the most specific (model, then resolution, then audio), of equals
 * the latest `from`. NULL = no price. */
const struct gen_price *gen_price_find(const struct gen_provider_policy *provider,
                                       const struct gen_price_task *task);
/* Rounded up to the micro-dollar. GEN_EOVERFLOW. */
GEN_MUST_CHECK enum gen_status gen_price_of(const struct gen_price *price,
                                            const struct gen_price_task *task, gen_micros *out,
                                            struct gen_error *err);
/* "480p", "720p", "1080p", "1440p", "4k": the smallest that holds these pixels. */
const char *gen_price_resolution(int32_t width, int32_t height);

#endif
