/* history_reading.h - what lies behind us, for decisions: how the last attempts ended, what a day has
 * brought so far.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/history_reading_test.c
 */
#ifndef GEN_STORE_HISTORY_READING_H
#define GEN_STORE_HISTORY_READING_H

#include "store/store.h"

struct gen_past_attempt { /* texts are valid during the call */
    const char *provider, *model;
    enum gen_attempt_state state;
    enum gen_failure failure;
    gen_micros estimate, cost;
    gen_micros book;     /* what the price list alone said; 0 = the estimate */
    gen_micros reported; /* -1 = not said */
    gen_moment accepted_at, ended_at;
    int64_t duration_ms; /* of video */
};
typedef void gen_past_call(void *context, const struct gen_past_attempt *attempt);

/* Calls for the last `most` attempts that were planned, newest first, those that are not over too. */
GEN_MUST_CHECK enum gen_status gen_read_past_attempts(struct gen_store *store, int64_t most,
                                                      gen_past_call *call, void *context,
                                                      struct gen_error *err);

typedef void gen_past_volume_call(void *context, const char *provider, int64_t ms);

/* What an organization was charged for, as length of video by provider, of attempts whose money was
 * first held
 * since an instant. */
GEN_MUST_CHECK enum gen_status gen_read_past_volume(struct gen_store *store,
                                                    const char *organization, gen_moment since,
                                                    gen_past_volume_call *call, void *context,
                                                    struct gen_error *err);

struct gen_past_hour { /* text valid during the call */
    const char *provider;
    int64_t hour; /* since 1970 */
    int32_t up_minutes, down_minutes;
};
typedef void gen_past_hour_call(void *context, const struct gen_past_hour *hour);

/* Calls for each known hour from `since` on, in order. */
GEN_MUST_CHECK enum gen_status gen_read_past_hours(struct gen_store *store, int64_t since,
                                                   gen_past_hour_call *call, void *context,
                                                   struct gen_error *err);

struct gen_past_day { /* of an organization */
    int64_t jobs;     /* admitted since an instant */
    gen_micros held;  /* now, for all its jobs */
};
GEN_MUST_CHECK enum gen_status gen_read_past_day(struct gen_store *store, const char *organization,
                                                 gen_moment since, struct gen_past_day *out,
                                                 struct gen_error *err);

#endif
