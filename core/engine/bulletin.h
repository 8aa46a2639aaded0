/* bulletin.h - puts into the log that a provider went down, and that it is up again, so that webhooks, mail
 * and the live stream tell it.
 *
 * Facts of the whole daemon: they are of the house's organization. It decides nothing.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/bulletin_test.c
 */
#ifndef GEN_ENGINE_BULLETIN_H
#define GEN_ENGINE_BULLETIN_H

#include "engine/terms.h"
#include "engine/vitals.h"

struct gen_bulletin;

struct gen_bulletin_options { /* borrowed for its life */
    struct gen_loop *loop;
    struct gen_store *store;
    const struct gen_random *random;
    const struct gen_log *log; /* may be NULL */
    struct gen_vitals *vitals;
    void (*on_events)(void *context, int64_t last_event); /* one is durable; or NULL */
    void *context;
};

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_bulletin_create(const struct gen_bulletin_options *options,
                                                   struct gen_bulletin **out,
                                                   struct gen_error *err);
/* Waits for what is on its way: the store and the loop must still work. NULL is allowed. */
void gen_bulletin_destroy(struct gen_bulletin *bulletin);

#endif
