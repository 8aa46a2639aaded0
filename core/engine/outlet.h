/* outlet.h - one subscriber at work: finds the next event for it, has it told, makes durable what came of it.
 *
 * engine/outbox.h, which alone uses it, says what is promised; it knows all outlets, an outlet only itself.
 * Invariant: at most one telling, or one commit, of an outlet is under way.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/outbox_test.c
 */
#ifndef GEN_ENGINE_OUTLET_H
#define GEN_ENGINE_OUTLET_H

#include "engine/messenger.h"

struct gen_outlet;

struct gen_outlet_world { /* what all outlets share; of the outbox */
    const struct gen_messenger *messenger;
    const struct gen_random *random;
    int64_t first_pause_ms, park_ms; /* 0 = the usual ones */
    const char *organization;        /* of events about the daemon's own subscribers */
    void (*on_events)(void *context, int64_t last_event); /* or NULL */
    void *context;
    void (*on_gone)(void *owner,
                    struct gen_outlet *outlet); /* an abandoned one is done: destroy it */
    void *owner;
    int64_t last_event; /* the newest one that was heard of */
    bool closing;
    size_t busy; /* outlets with something under way */
    struct {
        uint64_t delivered, failed, set_aside;
    } figures;
};

/* GEN_ENOMEM. destroy: not while it is busy. */
GEN_MUST_CHECK enum gen_status gen_outlet_create(struct gen_outlet_world *world,
                                                 const struct gen_subscriber *row,
                                                 struct gen_outlet **out, struct gen_error *err);
void gen_outlet_destroy(struct gen_outlet *outlet);

/* Takes up what people have set; not while it is busy. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_outlet_update(struct gen_outlet *outlet,
                                                 const struct gen_subscriber *row,
                                                 struct gen_error *err);

/* Tells the next event, if there is one and it is time. */
void gen_outlet_pump(struct gen_outlet *outlet);
/* Has it look in a later turn. */
void gen_outlet_nudge(struct gen_outlet *outlet);
/* Ends what is under way soon (world->closing is set). */
void gen_outlet_stop(struct gen_outlet *outlet);
/* Its subscriber was removed: on_gone follows, now or when it is done. */
void gen_outlet_abandon(struct gen_outlet *outlet);

bool gen_outlet_busy(const struct gen_outlet *outlet);
bool gen_outlet_gone(const struct gen_outlet *outlet);
const struct gen_subscriber *gen_outlet_subscriber(const struct gen_outlet *outlet);

#endif
