/* writer.c - see writer.h. The thread's answers come through a descriptor and not through
 * gen_loop_post: waking the loop then needs no memory, and nothing of ours is left in the loop's
 * queue after close. */
#include "store/writer.h"

#include "base/alloc.h"
#include "platform/clock.h"
#include "store/apply.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct writer_set {
    struct writer_set *next;
    struct gen_changes *changes; /* owned */
    gen_writer_done *done;
    void *context;
    enum gen_status status;
    struct gen_error err;
    int64_t last_event;
};

struct writer_queue {
    struct writer_set *first, *last;
    size_t count;
};

struct gen_writer {
    struct gen_database *database;
    struct gen_watch *watch;
    int wake; /* eventfd: there are answers (threaded) or sets (not threaded) */
    bool threaded, patient, closing, delivering;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t arrived;
    struct writer_queue waiting, answered;
    size_t pending; /* waiting or being written */
    bool ending;
    struct gen_writer_figures figures;
    struct gen_error trouble; /* of a patient writer's last try; GEN_OK = none */
};

static void queue_push(struct writer_queue *queue, struct writer_set *set)
{
    set->next = NULL;
    if (queue->last == NULL) {
        queue->first = set;
    } else {
        queue->last->next = set;
    }
    queue->last = set;
    queue->count++;
}

static struct writer_set *queue_pop(struct writer_queue *queue)
{
    struct writer_set *set = queue->first;

    if (set != NULL) {
        queue->first = set->next;
        queue->last = queue->first == NULL ? NULL : queue->last;
        queue->count--;
        set->next = NULL;
    }
    return set;
}

/* A lock that another program holds for long is an I/O error to whoever waits for a commit. */
static enum gen_status writer_status(enum gen_status status, struct gen_error *err)
{
    if (status == GEN_EBUSY) {
        err->status = GEN_EIO;
        return GEN_EIO;
    }
    return status;
}

static enum gen_status writer_last_event(struct gen_database *database, int64_t *out,
                                         struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(database, "SELECT MAX(seq) FROM event",
                                                  &statement, err);

    if (status == GEN_OK) {
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        *out = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

/* One set in its savepoint. Returns GEN_OK when the batch can go on; *answer is the set's own. */
static enum gen_status writer_perform_one(struct gen_database *database,
                                          const struct gen_changes *changes,
                                          enum gen_status *answer, struct gen_error *answer_err,
                                          struct gen_error *err)
{
    enum gen_status status = gen_database_save(database, err);

    if (status != GEN_OK) {
        return status;
    }
    *answer = gen_apply_changes(database, changes, answer_err);
    if (*answer == GEN_OK) {
        return gen_database_keep(database, err);
    }
    if (gen_database_undo(database) && gen_apply_refused(*answer)) {
        return GEN_OK;
    }
    *err = *answer_err;
    return gen_apply_refused(*answer) ? gen_error_set(err, GEN_EIO,
                                                      "the database has given up its "
                                                      "transaction")
                                      : *answer;
}

/* Writes a batch: one transaction, one answer for each set. */
static enum gen_status writer_perform(struct gen_database *database, struct writer_queue *batch,
                                      struct gen_error *out)
{
    struct gen_error err = {0};
    int64_t last_event = 0;
    enum gen_status status = gen_database_begin(database, &err);

    for (struct writer_set *set = batch->first; set != NULL && status == GEN_OK; set = set->next) {
        status = writer_perform_one(database, set->changes, &set->status, &set->err, &err);
    }
    if (status == GEN_OK) {
        status = writer_last_event(database, &last_event, &err);
    }
    if (status == GEN_OK) {
        status = gen_database_commit(database, &err);
    }
    if (status != GEN_OK) {
        gen_database_rollback(database);
        status = writer_status(status, &err);
    }
    for (struct writer_set *set = batch->first; set != NULL; set = set->next) {
        set->last_event = last_event;
        if (status != GEN_OK) {
            set->status = status;
            set->err = err;
        }
    }
    *out = err;
    return status;
}

enum { WRITER_PAUSE_S = 1 }; /* between two tries of a patient writer */

/* Trouble that somebody can end from outside, after which the same batch will be written. */
static bool writer_can_wait(enum gen_status status)
{
    return status == GEN_ENOSPACE || status == GEN_EIO || status == GEN_EDENIED ||
           status == GEN_ENOMEM;
}

/* Waits a moment with the lock held; false: the writer is being closed. */
static bool writer_pause(struct gen_writer *writer)
{
    struct timespec until;

    until = (struct timespec){.tv_sec = gen_clock_now(gen_clock_real()) / 1000 + WRITER_PAUSE_S};
    while (!writer->ending &&
           pthread_cond_timedwait(&writer->arrived, &writer->lock, &until) != ETIMEDOUT) {
    }
    return !writer->ending;
}

/* Writes the batch, if need be until it is written. Called, and returns, with the lock held. */
static void writer_persist(struct gen_writer *writer, struct writer_queue *batch)
{
    struct gen_error err = {0};
    enum gen_status status;

    do {
        pthread_mutex_unlock(&writer->lock);
        status = writer_perform(writer->database, batch, &err);
        pthread_mutex_lock(&writer->lock);
        if (status == GEN_OK) {
            memset(&writer->trouble, 0, sizeof(writer->trouble));
        } else {
            writer->trouble = err;
        }
    } while (writer->patient && writer_can_wait(status) && writer_pause(writer));
}

/* Takes a batch, writes it, and queues the answers. false: nothing was waiting. Called, and
 * returns, with the lock held. */
static bool writer_turn(struct gen_writer *writer)
{
    struct writer_queue batch = {0};
    struct writer_set *set;
    int64_t began, took;

    while (batch.count < GEN_WRITER_MOST_TOGETHER && (set = queue_pop(&writer->waiting)) != NULL) {
        queue_push(&batch, set);
    }
    if (batch.count == 0) {
        return false;
    }
    began = gen_clock_monotonic(gen_clock_real());
    writer_persist(writer, &batch);
    took = gen_clock_monotonic(gen_clock_real()) - began;
    writer->figures.commits++;
    writer->figures.commit_ms_total += took;
    if (took > writer->figures.commit_ms_most) {
        writer->figures.commit_ms_most = took;
    }
    writer->pending -= batch.count;
    while ((set = queue_pop(&batch)) != NULL) {
        writer->figures.sets++;
        writer->figures.refused += set->status != GEN_OK ? 1 : 0;
        queue_push(&writer->answered, set);
    }
    return true;
}

static void writer_wake(struct gen_writer *writer)
{
    uint64_t one = 1;

    /* Fails only when the counter is at its end: then the loop is awake already. */
    while (write(writer->wake, &one, sizeof(one)) < 0 && errno == EINTR) {
    }
}

static void *writer_thread(void *context)
{
    struct gen_writer *writer = context;

    pthread_mutex_lock(&writer->lock);
    for (;;) {
        if (writer_turn(writer)) {
            writer_wake(writer);
        } else if (writer->ending) {
            break;
        } else {
            pthread_cond_wait(&writer->arrived, &writer->lock);
        }
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

/* Gives the answers to those who asked; their calls may commit again, but not close. */
static void writer_deliver(struct gen_writer *writer)
{
    struct writer_set *set;

    GEN_CHECK(!writer->delivering);
    writer->delivering = true;
    do {
        pthread_mutex_lock(&writer->lock);
        set = queue_pop(&writer->answered);
        pthread_mutex_unlock(&writer->lock);
        if (set != NULL) {
            if (set->done != NULL) {
                set->done(set->context, set->status, set->status != GEN_OK ? &set->err : NULL,
                          set->last_event);
            }
            gen_changes_destroy(set->changes);
            gen_free(set);
        }
    } while (set != NULL);
    writer->delivering = false;
}

static void writer_on_wake(void *context, int fd, unsigned events)
{
    struct gen_writer *writer = context;
    uint64_t count;

    (void)events;
    while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR) {
    }
    if (!writer->threaded) {
        pthread_mutex_lock(&writer->lock);
        (void)writer_turn(writer);
        if (writer->waiting.count > 0) {
            writer_wake(writer);
        }
        pthread_mutex_unlock(&writer->lock);
    }
    writer_deliver(writer);
}

enum gen_status gen_writer_open(const struct gen_writer_options *options, struct gen_writer **out,
                                struct gen_error *err)
{
    struct gen_writer *writer = gen_alloc(sizeof(*writer));
    enum gen_status status = GEN_OK;
    int result;

    if (writer == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the writer");
    }
    writer->database = options->database;
    writer->wake = -1;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->arrived, NULL);
    if (options->loop != NULL) {
        writer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (writer->wake < 0) {
            status = gen_error_set(err, GEN_EIO, "no descriptor for the writer: %s",
                                   strerror(errno));
            goto done;
        }
        status = gen_watch_open(options->loop, writer->wake, GEN_WATCH_READ, writer_on_wake, writer,
                                &writer->watch, err);
    }
    if (status == GEN_OK && options->loop != NULL && options->threaded) {
        writer->patient = options->patient;
        result = pthread_create(&writer->thread, NULL, writer_thread, writer);
        writer->threaded = result == 0;
        if (result != 0) {
            status = gen_error_set(err, GEN_EIO, "no thread for the writer: %s", strerror(result));
        }
    }

done:
    if (status != GEN_OK) {
        gen_writer_close(writer);
        return status;
    }
    *out = writer;
    return GEN_OK;
}

void gen_writer_close(struct gen_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    GEN_CHECK(!writer->delivering);
    writer->closing = true;
    pthread_mutex_lock(&writer->lock);
    writer->ending = true;
    pthread_cond_signal(&writer->arrived);
    while (!writer->threaded && writer_turn(writer)) {
    }
    pthread_mutex_unlock(&writer->lock);
    if (writer->threaded) {
        pthread_join(writer->thread, NULL);
    }
    writer_deliver(writer);
    gen_watch_close(&writer->watch);
    if (writer->wake >= 0) {
        (void)close(writer->wake);
    }
    pthread_cond_destroy(&writer->arrived);
    pthread_mutex_destroy(&writer->lock);
    gen_free(writer);
}

enum gen_status gen_writer_commit(struct gen_writer *writer, struct gen_changes **changes,
                                  gen_writer_done *done, void *context, struct gen_error *err)
{
    struct writer_set *set;
    bool full;

    GEN_CHECK(writer->watch != NULL);
    if (writer->closing) {
        return gen_error_set(err, GEN_ECANCELED, "the store is being closed");
    }
    set = gen_arena_failed((*changes)->arena) ? NULL : gen_alloc(sizeof(*set));
    if (set == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to queue a transaction");
    }
    set->changes = *changes;
    set->done = done;
    set->context = context;
    pthread_mutex_lock(&writer->lock);
    full = writer->pending >= GEN_WRITER_MOST_WAITING;
    if (!full) {
        queue_push(&writer->waiting, set);
        writer->pending++;
        pthread_cond_signal(&writer->arrived);
    }
    pthread_mutex_unlock(&writer->lock);
    if (full) {
        gen_free(set);
        return gen_error_set(err, GEN_ELIMIT, "%d transactions are waiting for the disk already",
                             GEN_WRITER_MOST_WAITING);
    }
    *changes = NULL;
    if (!writer->threaded) {
        writer_wake(writer);
    }
    return GEN_OK;
}

enum gen_status gen_writer_apply(struct gen_writer *writer, const struct gen_changes *changes,
                                 struct gen_error *err)
{
    struct gen_error own = {0}, whole = {0};
    enum gen_status answer = GEN_OK;
    enum gen_status status;

    GEN_CHECK(!writer->threaded);
    status = gen_database_begin(writer->database, &whole);
    if (status == GEN_OK) {
        status = writer_perform_one(writer->database, changes, &answer, &own, &whole);
    }
    if (status == GEN_OK) {
        status = gen_database_commit(writer->database, &whole);
    }
    if (status != GEN_OK) {
        gen_database_rollback(writer->database);
        answer = writer_status(status, &whole);
        own = whole;
    }
    writer->figures.commits++;
    writer->figures.sets++;
    if (answer != GEN_OK) {
        writer->figures.refused++;
        if (err != NULL) {
            *err = own;
        }
    }
    return answer;
}

enum gen_status gen_writer_trouble(struct gen_writer *writer, struct gen_error *err)
{
    enum gen_status status;

    pthread_mutex_lock(&writer->lock);
    status = writer->patient ? writer->trouble.status : GEN_OK;
    if (status != GEN_OK && err != NULL) {
        *err = writer->trouble;
    }
    pthread_mutex_unlock(&writer->lock);
    return status;
}

size_t gen_writer_waiting(struct gen_writer *writer)
{
    size_t pending;

    pthread_mutex_lock(&writer->lock);
    pending = writer->pending;
    pthread_mutex_unlock(&writer->lock);
    return pending;
}

void gen_writer_figures(struct gen_writer *writer, struct gen_writer_figures *out)
{
    pthread_mutex_lock(&writer->lock);
    *out = writer->figures;
    pthread_mutex_unlock(&writer->lock);
}
