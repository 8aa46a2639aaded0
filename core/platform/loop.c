/* loop.c - see loop.h for what the loop is and who may call it.
 *
 * libuv keeps malloc: it aborts when its table of watchers cannot grow, so sending its allocations
 * through base/alloc would turn every fail-the-nth test into an abort instead of an error.
 */
#include "platform/loop.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

struct gen_loop_post {
    struct gen_loop_post *next;
    gen_loop_call *call;
    void *context;
};

struct gen_loop_job { /* a piece of work for the pool */
    uv_work_t request;
    struct gen_loop *loop;
    struct gen_loop_job *next, *before;
    gen_loop_call *work, *done;
    void *context;
};

struct gen_loop {
    struct gen_loop_owner owner; /* of `wake` */
    uv_loop_t uv;
    uv_async_t wake;
    pthread_t thread; /* the one that turns it */
    atomic_bool stop;
    struct gen_loop_job *jobs; /* not finished */
    pthread_mutex_t lock;      /* of all below */
    struct gen_loop_post *first, *last;
    bool ending;
};

struct loop_handle { /* what timers, watches and signals have in common; owns its block */
    struct gen_loop_owner owner;
    union uv_any_handle uv;
};

struct gen_timer {
    struct loop_handle base;
    gen_loop_call *call;
    void *context;
};

struct gen_watch {
    struct loop_handle base;
    int fd;
    unsigned events;
    gen_watch_call *call;
    void *context;
};

struct gen_signal {
    struct loop_handle base;
    gen_loop_call *call;
    void *context;
};

static void loop_check_thread(const struct gen_loop *loop)
{
    GEN_CHECK(loop != NULL && pthread_equal(loop->thread, pthread_self()));
}

static void loop_free_handle(uv_handle_t *handle)
{
    gen_free(handle->data);
}

static void loop_close_handle(struct gen_loop_owner *owner)
{
    struct loop_handle *base = (struct loop_handle *)owner;

    if (!uv_is_closing(&base->uv.handle)) {
        uv_close(&base->uv.handle, loop_free_handle);
    }
}

/* After libuv's init, which clears nothing of ours. */
static void loop_own_handle(struct loop_handle *base)
{
    base->owner.close = loop_close_handle;
    base->uv.handle.data = base;
}

/* posted calls */

static void loop_on_wake(uv_async_t *wake)
{
    struct gen_loop *loop = wake->data;
    struct gen_loop_post *post;
    struct gen_loop_post *next;

    pthread_mutex_lock(&loop->lock);
    post = loop->first;
    loop->first = NULL;
    loop->last = NULL;
    pthread_mutex_unlock(&loop->lock);
    for (; post != NULL; post = next) {
        next = post->next;
        post->call(post->context);
        gen_free(post);
    }
}

enum gen_status gen_loop_post(struct gen_loop *loop, gen_loop_call *call, void *context)
{
    struct gen_loop_post *post = gen_alloc(sizeof(*post));
    enum gen_status status = GEN_OK;

    if (post == NULL) {
        return GEN_ENOMEM;
    }
    post->call = call;
    post->context = context;
    pthread_mutex_lock(&loop->lock);
    if (loop->ending) {
        status = GEN_ECANCELED;
        gen_free(post);
    } else {
        if (loop->last == NULL) {
            loop->first = post;
        } else {
            loop->last->next = post;
        }
        loop->last = post;
        uv_async_send(&loop->wake); /* inside the lock: `wake` is not closed while it is held */
    }
    pthread_mutex_unlock(&loop->lock);
    return status;
}

/* the loop itself */

static void loop_close_wake(struct gen_loop_owner *owner)
{
    struct gen_loop *loop = (struct gen_loop *)owner;

    if (!uv_is_closing((uv_handle_t *)&loop->wake)) {
        uv_close((uv_handle_t *)&loop->wake, NULL);
    }
}

enum gen_status gen_loop_create(struct gen_loop **out, struct gen_error *err)
{
    struct gen_loop *loop = gen_alloc(sizeof(*loop));
    int result;

    if (loop == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for an event loop");
    }
    loop->owner.close = loop_close_wake;
    loop->thread = pthread_self();
    result = pthread_mutex_init(&loop->lock, NULL);
    if (result != 0) {
        gen_error_set(err, GEN_EIO, "no lock for an event loop: error %d", result);
        goto no_lock;
    }
    result = uv_loop_init(&loop->uv);
    if (result != 0) {
        gen_error_set(err, GEN_EIO, "no event loop: %s; are too many files open?",
                      uv_strerror(result));
        goto no_loop;
    }
    result = uv_async_init(&loop->uv, &loop->wake, loop_on_wake);
    if (result != 0) {
        gen_error_set(err, GEN_EIO, "no wake-up for an event loop: %s; are too many files open?",
                      uv_strerror(result));
        goto no_wake;
    }
    loop->wake.data = loop;
    *out = loop;
    return GEN_OK;

no_wake:
    GEN_CHECK(uv_loop_close(&loop->uv) == 0);
no_loop:
    pthread_mutex_destroy(&loop->lock);
no_lock:
    gen_free(loop);
    return GEN_EIO;
}

static void loop_close_any(uv_handle_t *handle, void *context)
{
    struct gen_loop_owner *owner = handle->data;

    (void)context;
    if (!uv_is_closing(handle)) {
        GEN_CHECK(owner != NULL); /* a handle that was put on the loop past its rooms */
        owner->close(owner);
    }
}

void gen_loop_destroy(struct gen_loop *loop)
{
    struct gen_loop_post *next;

    if (loop == NULL) {
        return;
    }
    loop->thread = pthread_self();
    pthread_mutex_lock(&loop->lock);
    loop->ending = true;
    pthread_mutex_unlock(&loop->lock);
    for (struct gen_loop_job *job = loop->jobs; job != NULL; job = job->next) {
        (void)uv_cancel((uv_req_t *)&job->request); /* fails on running work, which we wait for */
    }
    uv_walk(&loop->uv, loop_close_any, NULL);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
    GEN_CHECK(uv_loop_close(&loop->uv) == 0);
    for (; loop->first != NULL; loop->first = next) {
        next = loop->first->next;
        gen_free(loop->first);
    }
    pthread_mutex_destroy(&loop->lock);
    gen_free(loop);
}

void gen_loop_run(struct gen_loop *loop)
{
    /* Our own flag and not uv_stop: that one is neither for other threads nor kept between turns. */
    do {
        gen_loop_turn(loop);
    } while (!atomic_exchange(&loop->stop, false));
}

void gen_loop_turn(struct gen_loop *loop)
{
    loop->thread = pthread_self();
    (void)uv_run(&loop->uv, UV_RUN_ONCE);
}

void gen_loop_poll(struct gen_loop *loop)
{
    loop->thread = pthread_self();
    (void)uv_run(&loop->uv, UV_RUN_NOWAIT);
}

void gen_loop_stop(struct gen_loop *loop)
{
    atomic_store(&loop->stop, true);
    uv_async_send(&loop->wake);
}

int64_t gen_loop_now(const struct gen_loop *loop)
{
    return (int64_t)uv_now(&loop->uv);
}

struct uv_loop_s *gen_loop_uv(struct gen_loop *loop)
{
    loop_check_thread(loop);
    return &loop->uv;
}

/* timers */

static void timer_on_due(uv_timer_t *handle)
{
    struct gen_timer *timer = handle->data;

    timer->call(timer->context);
    loop_close_handle(&timer->base.owner);
}

struct gen_timer *gen_timer_start(struct gen_loop *loop, int64_t delay_ms, gen_loop_call *call,
                                  void *context)
{
    struct gen_timer *timer;

    loop_check_thread(loop);
    timer = gen_alloc(sizeof(*timer));
    if (timer == NULL) {
        return NULL;
    }
    timer->call = call;
    timer->context = context;
    GEN_CHECK(uv_timer_init(&loop->uv, &timer->base.uv.timer) == 0);
    loop_own_handle(&timer->base);
    GEN_CHECK(uv_timer_start(&timer->base.uv.timer, timer_on_due,
                             delay_ms > 0 ? (uint64_t)delay_ms : 0, 0) == 0);
    return timer;
}

void gen_timer_cancel(struct gen_timer **timer)
{
    if (*timer != NULL) {
        loop_close_handle(&(*timer)->base.owner);
        *timer = NULL;
    }
}

/* work for the pool */

static void work_on_pool(uv_work_t *request)
{
    struct gen_loop_job *job = request->data;

    job->work(job->context);
}

static void work_on_done(uv_work_t *request, int result)
{
    struct gen_loop_job *job = request->data;
    struct gen_loop *loop = job->loop;

    if (job->before == NULL) {
        loop->jobs = job->next;
    } else {
        job->before->next = job->next;
    }
    if (job->next != NULL) {
        job->next->before = job->before;
    }
    if (result == 0 && !loop->ending) { /* `ending` is written by this thread only */
        job->done(job->context);
    }
    gen_free(job);
}

enum gen_status gen_loop_work(struct gen_loop *loop, gen_loop_call *work, gen_loop_call *done,
                              void *context)
{
    struct gen_loop_job *job;

    loop_check_thread(loop);
    job = gen_alloc(sizeof(*job));
    if (job == NULL) {
        return GEN_ENOMEM;
    }
    job->loop = loop;
    job->work = work;
    job->done = done;
    job->context = context;
    job->request.data = job;
    job->next = loop->jobs;
    if (job->next != NULL) {
        job->next->before = job;
    }
    loop->jobs = job;
    GEN_CHECK(uv_queue_work(&loop->uv, &job->request, work_on_pool, work_on_done) == 0);
    return GEN_OK;
}

bool gen_loop_working(const struct gen_loop *loop)
{
    return loop->jobs != NULL;
}

/* descriptors */

static void watch_on_event(uv_poll_t *handle, int result, int events);

static void watch_apply(struct gen_watch *watch)
{
    int events = 0;

    events |= (watch->events & GEN_WATCH_READ) != 0 ? UV_READABLE : 0;
    events |= (watch->events & GEN_WATCH_WRITE) != 0 ? UV_WRITABLE : 0;
    /* No events: it stops. */
    GEN_CHECK(uv_poll_start(&watch->base.uv.poll, events, watch_on_event) == 0);
}

static void watch_on_event(uv_poll_t *handle, int result, int events)
{
    struct gen_watch *watch = handle->data;
    unsigned seen = 0;

    if (result < 0) { /* an error condition, for which libuv has stopped the handle */
        seen = watch->events;
        watch_apply(watch);
    } else {
        seen |= (events & UV_READABLE) != 0 ? GEN_WATCH_READ : 0u;
        seen |= (events & UV_WRITABLE) != 0 ? GEN_WATCH_WRITE : 0u;
    }
    if (seen != 0) {
        watch->call(watch->context, watch->fd, seen);
    }
}

enum gen_status gen_watch_open(struct gen_loop *loop, int fd, unsigned events, gen_watch_call *call,
                               void *context, struct gen_watch **out, struct gen_error *err)
{
    struct gen_watch *watch;
    int result;

    loop_check_thread(loop);
    watch = gen_alloc(sizeof(*watch));
    if (watch == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to watch descriptor %d", fd);
    }
    watch->fd = fd;
    watch->events = events;
    watch->call = call;
    watch->context = context;
    result = uv_poll_init(&loop->uv, &watch->base.uv.poll, fd);
    if (result != 0) {
        gen_free(watch);
        return gen_error_set(err, GEN_EIO, "descriptor %d cannot be watched: %s", fd,
                             uv_strerror(result));
    }
    loop_own_handle(&watch->base);
    watch_apply(watch);
    *out = watch;
    return GEN_OK;
}

void gen_watch_set(struct gen_watch *watch, unsigned events)
{
    if (watch->events != events) {
        watch->events = events;
        watch_apply(watch);
    }
}

void gen_watch_close(struct gen_watch **watch)
{
    if (*watch != NULL) {
        loop_close_handle(&(*watch)->base.owner);
        *watch = NULL;
    }
}

/* signals */

static void signal_on_caught(uv_signal_t *handle, int number)
{
    struct gen_signal *caught = handle->data;

    (void)number;
    caught->call(caught->context);
}

enum gen_status gen_signal_open(struct gen_loop *loop, int number, gen_loop_call *call,
                                void *context, struct gen_signal **out, struct gen_error *err)
{
    struct gen_signal *opened;
    int result;

    loop_check_thread(loop);
    opened = gen_alloc(sizeof(*opened));
    if (opened == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to catch signal %d", number);
    }
    opened->call = call;
    opened->context = context;
    result = uv_signal_init(&loop->uv, &opened->base.uv.signal);
    if (result != 0) { /* nothing was put on the loop */
        gen_free(opened);
        return gen_error_set(err, GEN_EIO, "signal %d cannot be caught: %s", number,
                             uv_strerror(result));
    }
    loop_own_handle(&opened->base);
    result = uv_signal_start(&opened->base.uv.signal, signal_on_caught, number);
    if (result != 0) {
        loop_close_handle(&opened->base.owner);
        return gen_error_set(err, GEN_EIO, "signal %d cannot be caught: %s", number,
                             uv_strerror(result));
    }
    *out = opened;
    return GEN_OK;
}

void gen_signal_close(struct gen_signal **signal)
{
    if (*signal != NULL) {
        loop_close_handle(&(*signal)->base.owner);
        *signal = NULL;
    }
}
