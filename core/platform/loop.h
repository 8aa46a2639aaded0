/* loop.h - the one event loop: descriptors, timers, signals, work for the pool, calls from other
 * threads (libuv).
 *
 * Everything is [loop] except where it says otherwise. Callbacks run on the loop's thread, never
 * from inside the call that registered them.
 * Invariant: after a handle is closed its callback is not called again.
 *
 * Floor: platform. Tests: tests/unit/platform/loop_test.c
 */
#ifndef GEN_PLATFORM_LOOP_H
#define GEN_PLATFORM_LOOP_H

#include "base/error.h"

#include <stdbool.h>

struct gen_loop;
struct gen_timer;
struct gen_watch;
struct gen_signal;
struct uv_loop_s;

typedef void gen_loop_call(void *context);

/* GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_loop_create(struct gen_loop **out, struct gen_error *err);
/* Closes what is still open and calls nobody any more: posted calls and work that has not begun are
 * dropped, running work is waited for, children are killed. Threads that post must have ended or be
 * the pool's. NULL is allowed. */
void gen_loop_destroy(struct gen_loop *loop);
void gen_loop_run(struct gen_loop *loop);  /* until gen_loop_stop */
void gen_loop_turn(struct gen_loop *loop); /* one turn, waiting for something to happen */
void gen_loop_poll(struct gen_loop *loop); /* one turn without waiting */
/* Ends gen_loop_run after the turn, or the next one if none runs. [any], also in a signal handler. */
void gen_loop_stop(struct gen_loop *loop);
int64_t gen_loop_now(const struct gen_loop *loop); /* monotonic ms, read once a turn */

/* For platform/process.c only: the loop beneath, and what the `data` of each handle on it points
 * to, so that gen_loop_destroy can close handles that are not its own. `close` may be called again
 * while the handles of its owner are closing. */
struct uv_loop_s *gen_loop_uv(struct gen_loop *loop);
struct gen_loop_owner {
    void (*close)(struct gen_loop_owner *owner);
};

/* Calls once after delay_ms (negative = 0). NULL when there is no memory. The timer is freed after
 * its call or when cancelled. */
struct gen_timer *gen_timer_start(struct gen_loop *loop, int64_t delay_ms, gen_loop_call *call,
                                  void *context);
void gen_timer_cancel(struct gen_timer **timer); /* sets NULL; NULL inside is allowed */

/* Runs `call` on the loop soon, in order of posting; what a call posts runs in a later turn. [any]
 * GEN_ENOMEM. GEN_ECANCELED: the loop is being destroyed. */
GEN_MUST_CHECK enum gen_status gen_loop_post(struct gen_loop *loop, gen_loop_call *call,
                                             void *context);

/* Runs `work` on the worker pool, then `done` on the loop. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_loop_work(struct gen_loop *loop, gen_loop_call *work,
                                             gen_loop_call *done, void *context);

/* Is any work not finished? Who owns what `done` frees turns the loop until it is not. */
bool gen_loop_working(const struct gen_loop *loop);

enum gen_watch_event { GEN_WATCH_READ = 1 << 0, GEN_WATCH_WRITE = 1 << 1 };
typedef void gen_watch_call(void *context, int fd, unsigned events); /* bits of gen_watch_event */

/* Watches a descriptor (not owned, made non-blocking, close the watch before it); an error on it
 * comes as all the events that were asked for, so that reading or writing finds it. GEN_ENOMEM,
 * GEN_EIO (not a pollable descriptor, or watched already). set changes the events (0 pauses). */
GEN_MUST_CHECK enum gen_status gen_watch_open(struct gen_loop *loop, int fd, unsigned events,
                                              gen_watch_call *call, void *context,
                                              struct gen_watch **out, struct gen_error *err);
void gen_watch_set(struct gen_watch *watch, unsigned events);
void gen_watch_close(struct gen_watch **watch); /* sets NULL */

/* A Unix signal as a call on the loop. */
GEN_MUST_CHECK enum gen_status gen_signal_open(struct gen_loop *loop, int number,
                                               gen_loop_call *call, void *context,
                                               struct gen_signal **out, struct gen_error *err);
void gen_signal_close(struct gen_signal **signal);

#endif
