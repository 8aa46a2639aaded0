/* snapshot_keys.h - a snapshot as its document writes it: one struct a map, filled by tables of
 * keys.
 *
 * Only snapshot_reading.c makes something of it.
 * Thread: [any]. Floor: model. Tests: tests/unit/decide/snapshot_test.c
 */
#ifndef GEN_MODEL_SNAPSHOT_KEYS_H
#define GEN_MODEL_SNAPSHOT_KEYS_H

#include "base/record.h"
#include "model/snapshot.h"

/* `given`: the document has it, and what it leaves out is unknown. */
struct gen_snapshot_history_keys {
    int64_t attempts;
    double success_rate, quality, speed, price_error, bill_factor, rejected;
    bool given;
};

struct gen_snapshot_model_keys {
    struct gen_named named; /* "runway/gen4.5" */
    const char *title;
    int64_t tier;
    double quality, speed;
    struct gen_texts needs, sizes;
    int64_t min_duration_ms, max_duration_ms;
    struct gen_numbers durations;
    int64_t max_width, max_height, max_frame_rate, max_scenes, max_prompt, max_assets;
    int64_t max_concurrent;
    bool whole, idempotent, audio, any_ratio;
    struct gen_snapshot_history_keys history;
};

struct gen_snapshot_provider_keys {
    struct gen_named named;
    const char *unready;
    double health;
    int breaker;
    int64_t running, queue, capacity, volume;
    double success_rate, share;
    bool off_peak;
};

struct gen_snapshot_team_keys {
    const char *id, *plan;
    gen_micros budget, spent, held, remaining;
    int64_t running, waiting, jobs_today;
    bool given;
};

struct gen_snapshot_keys {
    gen_moment now;
    int64_t seed;
    struct gen_records models, providers;
    struct gen_snapshot_team_keys team;
};

#endif
