/* annals.h - the hours that providers were up and down, kept in the store, so that an uptime outlives the
 * daemon.
 *
 * It listens to the vitals and writes now and then, only when there is news: a provider of which nothing is
 * heard costs nothing, and a crash costs the figure some minutes. It decides nothing.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/annals_test.c
 */
#ifndef GEN_ENGINE_ANNALS_H
#define GEN_ENGINE_ANNALS_H

#include "engine/terms.h"
#include "engine/vitals.h"

struct gen_annals;

/* Gives `vitals` what the store knows, and listens from then on; both, and `options`, are borrowed for its
 * life. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_annals_create(const struct gen_engine_options *options,
                                                 struct gen_vitals *vitals, struct gen_annals **out,
                                                 struct gen_error *err);
/* Listens no more; what is on its way to the store gets there. NULL is allowed. */
void gen_annals_destroy(struct gen_annals *annals);

#endif
