/* volume.h - how much an organization has bought at each provider this month: what volume tiers go by.
 *
 * Seconds of video that were charged, in the month in which their money was first held (budget.yaml
 * says where a month begins). Read from the store once a month and organization, and counted on from
 * there; it is a figure, the ledger is the truth.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/volume_test.c
 */
#ifndef GEN_ENGINE_VOLUME_H
#define GEN_ENGINE_VOLUME_H

#include "engine/terms.h"

struct gen_volume;

/* `options` is borrowed for its life. NULL: no memory. destroy accepts NULL. */
struct gen_volume *gen_volume_create(const struct gen_engine_options *options);
void gen_volume_destroy(struct gen_volume *volume);

/* Full seconds bought this month; 0 where the store cannot say (that is logged). */
int64_t gen_volume_s(struct gen_volume *volume, const char *organization, const char *provider,
                     gen_moment now);

/* Something was charged just now. */
void gen_volume_bought(struct gen_volume *volume, const char *organization, const char *provider,
                       int64_t duration_ms, gen_moment now);

/* Its books were changed by something else, such as an invoice: they are read again when somebody asks. */
void gen_volume_forget(struct gen_volume *volume, const char *organization);

#endif
