/* durations.h - how long the renders of each model took lately, in memory, and how good our estimates of
 * them were.
 *
 * Read from the newest attempts of the store at the start and kept up to date with each that ends. Each is
 * first judged: what would have been said of it when it was accepted, from those alone that had ended by
 * then? So the shares are those of honest estimates, before and after a restart.
 * Invariant: bounded by the models there are, and by GEN_FORESIGHT_KEPT of each.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/durations_test.c
 */
#ifndef GEN_ENGINE_DURATIONS_H
#define GEN_ENGINE_DURATIONS_H

#include "decide/foresight.h"
#include "store/history_reading.h"

struct gen_durations;

struct gen_durations *gen_durations_create(void);            /* NULL: no memory */
void gen_durations_destroy(struct gen_durations *durations); /* NULL is allowed */

/* The newest attempts that the store has. Statuses of gen_read_past_attempts. */
GEN_MUST_CHECK enum gen_status gen_durations_read(struct gen_durations *durations,
                                                  struct gen_store *store, struct gen_error *err);

/* One attempt has ended: only what was rendered counts. Without memory it is forgotten. */
void gen_durations_learn(struct gen_durations *durations, const struct gen_past_attempt *attempt);

/* What is known of a model, NULL = nothing. Valid until the loop turns. */
const struct gen_foresight_past *gen_durations_past(const struct gen_durations *durations,
                                                    const char *provider, const char *model);

struct gen_durations_score { /* of estimates when renders were accepted */
    int64_t judged;          /* renders; the newest weigh most: halved at 500 */
    int64_t by_middle;       /* done by the middle estimate; half of them should be */
    int64_t by_late;         /* done by the late one; nine of ten should be */
};

/* Of a model; provider NULL: of all. */
void gen_durations_judge(const struct gen_durations *durations, const char *provider,
                         const char *model, struct gen_durations_score *out);

#endif
