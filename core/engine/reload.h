/* reload.h - jobs that left memory because the store refused their changes, and the time at which each
 * is read again.
 *
 * It reads nothing itself: whoever owns the list says how.
 * Invariant: what is added is called for until it is read or cannot be, or the list is cleared.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_RELOAD_H
#define GEN_ENGINE_RELOAD_H

#include "base/ident.h"
#include "platform/loop.h"

struct gen_reload;

struct gen_reloads { /* the owner's; zeroed, then loop, read and context set */
    struct gen_loop *loop;
    /* Reads the job again, and cancels it with `cancel`. After GEN_ENOMEM, GEN_EIO and GEN_ENOSPACE,
     * which are what made it leave, it is asked for again. */
    enum gen_status (*read)(void *context, const char *job, bool cancel);
    void *context;
    struct gen_reload *first;
};

/* `cancel`: somebody was told that it is being cancelled, and the store does not know. Without memory
 * the job waits for the next start. */
void gen_reload_add(struct gen_reloads *reloads, const struct gen_ident *job, bool cancel);

void gen_reload_clear(struct gen_reloads *reloads);

#endif
