/* writer.h - the one thread that writes, and the two queues through which it meets the loop.
 *
 * It takes all sets that are waiting, applies each inside a savepoint, commits once, and hands the
 * answers back to the loop in order. Nothing is answered before it is on disk.
 * Without a thread (a database in memory) the same happens in one turn of the loop.
 * Invariant: every set that was taken is answered exactly once, in the order in which they came.
 *
 * Thread: [loop], but for the thread inside. Floor: store. Tests: tests/unit/store/writer_test.c
 */
#ifndef GEN_STORE_WRITER_H
#define GEN_STORE_WRITER_H

#include "model/change.h"
#include "platform/loop.h"
#include "store/database.h"

struct gen_writer;

enum {
    GEN_WRITER_MOST_WAITING = 10000, /* sets */
    GEN_WRITER_MOST_TOGETHER = 1000, /* sets in one commit */
};

struct gen_writer_options {
    struct gen_database *database; /* borrowed; the thread's alone until close */
    struct gen_loop *loop;         /* NULL: only gen_writer_apply */
    bool threaded;                 /* false: in a turn of the loop */
    bool patient;                  /* as in struct gen_store_options; needs a thread */
};

struct gen_writer_figures {
    uint64_t commits, sets, refused;
    int64_t commit_ms_total, commit_ms_most;
};

/* As gen_store_done in store/store.h; may be NULL. */
typedef void gen_writer_done(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event);

/* GEN_ENOMEM, GEN_EIO. close commits what is waiting and calls `done` for each; NULL is allowed. */
GEN_MUST_CHECK enum gen_status gen_writer_open(const struct gen_writer_options *options,
                                               struct gen_writer **out, struct gen_error *err);
void gen_writer_close(struct gen_writer *writer);

/* Takes the changes over. GEN_ENOMEM (also when building them ran out of memory), GEN_ELIMIT,
 * GEN_ECANCELED (closing): not taken. */
GEN_MUST_CHECK enum gen_status gen_writer_commit(struct gen_writer *writer,
                                                 struct gen_changes **changes,
                                                 gen_writer_done *done, void *context,
                                                 struct gen_error *err);

/* One set, now, on this thread, past what is waiting; only without a thread. */
GEN_MUST_CHECK enum gen_status gen_writer_apply(struct gen_writer *writer,
                                                const struct gen_changes *changes,
                                                struct gen_error *err);

/* waiting: sets that are not written yet. figures: since opening. */
/* GEN_OK, or why the last try to write failed while a patient writer keeps trying. */
enum gen_status gen_writer_trouble(struct gen_writer *writer, struct gen_error *err);

size_t gen_writer_waiting(struct gen_writer *writer);
/* Since opening. */
void gen_writer_figures(struct gen_writer *writer, struct gen_writer_figures *out);

#endif
