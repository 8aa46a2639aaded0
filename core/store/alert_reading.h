/* alert_reading.h - what people were told of a limit in its interval.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/cost_reading_test.c
 */
#ifndef GEN_STORE_ALERT_READING_H
#define GEN_STORE_ALERT_READING_H

#include "store/store.h"

struct gen_fired {    /* one alert */
    const char *kind; /* a word of gen_alert_word; in the arena */
    int64_t level_ppm;
    gen_moment at;
};

enum { GEN_FIRED_MOST = 32 };

/* In their order, at most GEN_FIRED_MOST. */
GEN_MUST_CHECK enum gen_status gen_read_fired(struct gen_store *store,
                                              const struct gen_limit *limit,
                                              struct gen_arena *arena, struct gen_fired *out,
                                              size_t *count, struct gen_error *err);

#endif
