/* provider_price.h - the rows of a provider's price book: which one applies, and what it comes to.
 *
 * Prices are dated rows keyed by what changes the price. It is NOT a quote: the margin that is held
 * on top of a price is decide/price_book's.
 * Invariant: no row, no price; a price is rounded up, never down.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/provider_price_test.c
 */
#ifndef GEN_POLICY_PROVIDER_PRICE_H
#define GEN_POLICY_PROVIDER_PRICE_H

#include "base/record.h"

enum gen_with_audio { GEN_AUDIO_ANY = 1, GEN_AUDIO_WITH, GEN_AUDIO_WITHOUT };

struct gen_zones;

struct gen_price_bulk {
    int64_t seconds; /* bought this month before */
    gen_micros per_second;
};

struct gen_price {
    const char *model;                        /* id, "veo-3.1-*" or "*" */
    const char *resolution;                   /* 480p .. 4k; NULL = any */
    int audio;                                /* enum gen_with_audio */
    gen_moment from, until;                   /* in force; 0 = open */
    const char *hours;                        /* "22:00-06:00", only then; NULL = at any hour */
    struct gen_texts days;                    /* mon .. sun, on which they begin; empty = all */
    const char *time_zone;                    /* of them */
    gen_micros per_second, per_clip, minimum; /* added up; at least `minimum` */
    int64_t step_ms;         /* time is billed in started steps of it; 0 = exactly */
    int64_t clip_ms;         /* perClip buys this much, more is another clip; 0 = any length */
    struct gen_records bulk; /* struct gen_price_bulk, rising */
    bool estimate;           /* the provider's bill may differ */
    const char *source;
    uint32_t line, column;          /* of the row */
    int64_t from_minute, to_minute; /* of `hours`; filled in by the check */
    uint32_t day_bits;              /* bit 0 = Monday; 0 = no hours */
};

extern const struct gen_record gen_price_record;
extern const struct gen_choice gen_with_audio_choices[];

struct gen_price_task {
    const char *model;
    int32_t width, height;
    bool audio;
    int64_t duration_ms;
    int64_t volume_s; /* seconds bought this month */
    gen_moment now;
    const struct gen_zones *zones; /* for hours; NULL = only UTC and fixed offsets */
    bool standard;                 /* rows with hours do not count: the price without them */
};

/* Of `rows` (struct gen_price) the one that applies: in force now, the most specific (model, then
 * resolution, then audio, then its hours), of equals the latest `from`. NULL = no price. */
const struct gen_price *gen_price_pick(const struct gen_records *rows,
                                       const struct gen_price_task *task);
/* Rounded up to the micro-dollar. GEN_EOVERFLOW. */
GEN_MUST_CHECK enum gen_status gen_price_of(const struct gen_price *price,
                                            const struct gen_price_task *task, gen_micros *out,
                                            struct gen_error *err);
/* Where the price depends on the hour: the row that is dearest for the task, whatever the hour, which is
 * what a render that waits for its turn can cost. NULL: the hour makes no difference, or a price
 * does not fit. */
const struct gen_price *gen_price_dearest(const struct gen_records *rows,
                                          const struct gen_price_task *task);
/* The next volume rate of a row that is in force, after so many seconds of this month; NULL = none. */
const struct gen_price_bulk *gen_price_next(const struct gen_price *price, int64_t volume_s,
                                            gen_moment now);
/* "480p", "720p", "1080p", "1440p", "4k": the smallest that holds these pixels. */
const char *gen_price_resolution(int32_t width, int32_t height);

#endif
