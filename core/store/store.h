/* store.h - the one database: opened here, written by one thread, read by the loop.
 *
 * Writers hand over struct gen_changes (model/change.h). The writer thread takes all that is waiting,
 * applies each in a savepoint of its own, commits once (synchronous=FULL) and only then lets the
 * loop know: what `done` reported as GEN_OK survives power loss. A change set that is refused
 * (budget, wrong state, taken key) leaves nothing behind and does not disturb its neighbours.
 * It is not the place of decisions: rules that protect money are guards on rows, nothing more.
 * Invariant: events get their numbers in commit order without gaps being visible to readers.
 *
 * Thread: [loop], but for the writer inside. Floor: store. Tests: tests/unit/store/store_test.c
 */
#ifndef GEN_STORE_STORE_H
#define GEN_STORE_STORE_H

#include "model/change.h"
#include "platform/log.h"
#include "platform/loop.h"

struct gen_store;
struct gen_database; /* store/database.h */

struct gen_store_options {
    const char *path;      /* of the database file; its folder must exist */
    struct gen_loop *loop; /* where `done` is called; NULL: commit only through gen_store_apply */
    const struct gen_log *log; /* may be NULL */
    /* Trouble with the disk (full, read-only, failing) or memory holds the queue: the batch is tried
     * again every second until it is written or the store is closed. Without it each set of the
     * batch is answered with the trouble. */
    bool patient;
    bool volatile_ok; /* tests and simulation: synchronous=OFF, and path may be ":memory:" (no
                       * thread then: sets are written in a turn of the loop) */
};

/* Migrates to the newest schema. GEN_ECORRUPT: not our database or damaged; GEN_EUNSUPPORTED: made
 * by a newer version (the message names both); GEN_EIO, GEN_ENOSPACE, GEN_EDENIED, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_store_open(const struct gen_store_options *options,
                                              struct gen_store **out, struct gen_error *err);
/* Commits what is waiting, then closes; `done` is called for each from inside. Before the loop is
 * destroyed, and not from inside a `done`. NULL is allowed. */
void gen_store_close(struct gen_store *store);

/* GEN_OK, or why nothing of the set was written.
 * About this set: GEN_EBUDGET; GEN_ECONFLICT (attempt not in `from`; an idempotency key that is
 * taken, whatever its digest: err->path is "Idempotency-Key", gen_read_key says by which job; an id
 * that is taken; a row that is not there); GEN_EINVAL, GEN_EOVERFLOW, GEN_ETOOLARGE.
 * About the whole batch: GEN_ENOSPACE, GEN_EDENIED, GEN_ECORRUPT, GEN_ENOMEM, GEN_EIO (also when
 * another program keeps the database locked); the store stays usable.
 * err: NULL with GEN_OK, else valid during the call. last_event: the newest event's number when the
 * batch was committed. The call may commit again, but not close. */
typedef void gen_store_done(void *context, enum gen_status status, const struct gen_error *err,
                            int64_t last_event);

/* Queues one transaction and takes the changes over; `done` may be NULL. Sets are committed in the
 * order of these calls. GEN_ENOMEM (also when building the changes ran out of memory), GEN_ELIMIT
 * (10,000 sets are waiting), GEN_ECANCELED (closing): not taken, no done. */
GEN_MUST_CHECK enum gen_status gen_store_commit(struct gen_store *store,
                                                struct gen_changes **changes, gen_store_done *done,
                                                void *context, struct gen_error *err);

/* The same, now, on this thread: for a store without a loop, or in memory. Statuses as of done. */
GEN_MUST_CHECK enum gen_status gen_store_apply(struct gen_store *store,
                                               const struct gen_changes *changes,
                                               struct gen_error *err);

/* GEN_OK, or why a patient store cannot write at the moment. */
enum gen_status gen_store_trouble(struct gen_store *store, struct gen_error *err);

size_t gen_store_waiting(const struct gen_store *store); /* sets not committed yet */

struct gen_store_figures { /* for /metrics; since opening */
    uint64_t commits, sets, refused;
    int64_t commit_ms_total, commit_ms_most;
};
void gen_store_figures(const struct gen_store *store, struct gen_store_figures *out);

/* The connection for reading, for the other rooms of this floor. */
struct gen_database *gen_store_reader(struct gen_store *store);

/* Tests: operation number `nth` of the writer from now (preparing, stepping, beginning, committing)
 * fails with `status` and is not performed; 0 turns it off. [any] */
void gen_store_fail_at(struct gen_store *store, long nth, enum gen_status status);

#endif
