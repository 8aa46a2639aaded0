/* experience.h - what each model has done for us lately, in memory: counts and sums, for decisions.
 *
 * Read from the newest attempts of the store at the start and kept up to date with each attempt that
 * ends. Failures that say nothing about the model (our budget, our key, a slower pace that was asked
 * for, content that was refused, a job that was cancelled) do not count.
 * Invariant: old attempts weigh less and less; the memory is bounded by the models there are.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/experience_test.c
 */
#ifndef GEN_ENGINE_EXPERIENCE_H
#define GEN_ENGINE_EXPERIENCE_H

#include "model/snapshot.h"
#include "store/history_reading.h"

struct gen_experience;

struct gen_experience *gen_experience_create(void); /* NULL: no memory */
void gen_experience_destroy(struct gen_experience *experience);

/* The newest attempts that the store has. Statuses of gen_read_past_attempts. */
GEN_MUST_CHECK enum gen_status gen_experience_read(struct gen_experience *experience,
                                                   struct gen_store *store, struct gen_error *err);

/* One attempt has ended. Without memory for a model that is new it is forgotten. */
void gen_experience_learn(struct gen_experience *experience,
                          const struct gen_past_attempt *attempt);

struct gen_experience_drift { /* of the last bills of a model */
    int64_t bills;            /* looked at, newest first */
    double drift;             /* mean of (bill - price list) / price list */
};

/* How bills of a model differ from its prices. True: by more than `most` (> 0) since now; once, until it was
 * less than half of that. Asked after each attempt of it; what was so at the start has been told. */
bool gen_experience_drifts(struct gen_experience *experience, const char *provider,
                           const char *model, double most, struct gen_experience_drift *out);

/* What the last bills say, whether people were told or not. False: too few are known to say. */
bool gen_experience_bills(const struct gen_experience *experience, const char *provider,
                          const char *model, struct gen_experience_drift *out);

/* As bill_ppm of gen_model_state. */
int64_t gen_experience_bill_ppm(const struct gen_experience *experience, const char *provider,
                                const char *model);

/* Fills in what is known of a model; the rest stays as it is. */
void gen_experience_model(const struct gen_experience *experience, struct gen_model_state *state);
/* The same of a provider. */
void gen_experience_provider(const struct gen_experience *experience,
                             struct gen_provider_state *state);

#endif
