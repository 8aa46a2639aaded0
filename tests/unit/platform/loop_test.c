/* loop_test.c - core/platform/loop.c: order, lifetimes, threads. Nothing here measures time. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/loop.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct gen_loop *loop_new(void)
{
    struct gen_loop *loop = NULL;
    struct gen_error err;

    cr_assert(gen_loop_create(&loop, &err) == GEN_OK);
    return loop;
}

struct trace { /* what happened, in order */
    struct gen_loop *loop;
    char text[256];
    int calls;
    int stop_at; /* calls after which the loop is stopped */
    struct gen_timer *timer;
    struct gen_watch *watch;
    struct gen_signal *caught;
    int fds[2];
};

struct step {
    struct trace *trace;
    const char *word;
};

static void trace_add(struct trace *trace, const char *word)
{
    cr_assert(strlen(trace->text) + strlen(word) < sizeof(trace->text));
    strcat(trace->text, word);
    if (++trace->calls == trace->stop_at) {
        gen_loop_stop(trace->loop);
    }
}

static void on_step(void *context)
{
    struct step *step = context;

    trace_add(step->trace, step->word);
}

Test(loop, timers_fire_in_order_of_their_instants_then_of_their_start)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 4};
    struct step steps[] = {
        {&trace, "d"},
        {&trace, "b"},
        {&trace, "a"},
        {&trace, "c"},
    };
    const int64_t delays[] = {6, 3, -5, 3}; /* negative is now */

    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        cr_assert(gen_timer_start(trace.loop, delays[i], on_step, &steps[i]) != NULL);
    }
    gen_loop_run(trace.loop);
    cr_expect(eq(str, trace.text, (char *)"abcd"));
    gen_loop_destroy(trace.loop);
}

Test(loop, a_cancelled_timer_is_never_called)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 1};
    struct step steps[] = {{&trace, "no"}, {&trace, "yes"}};
    struct gen_timer *first = gen_timer_start(trace.loop, 0, on_step, &steps[0]);

    cr_assert(gen_timer_start(trace.loop, 1, on_step, &steps[1]) != NULL);
    gen_timer_cancel(&first);
    cr_expect(first == NULL);
    gen_timer_cancel(&first); /* NULL inside is allowed */
    gen_loop_run(trace.loop);
    cr_expect(eq(str, trace.text, (char *)"yes"));
    gen_loop_destroy(trace.loop);
}

static void on_self_cancel(void *context)
{
    struct trace *trace = context;

    gen_timer_cancel(&trace->timer);
    trace_add(trace, "x");
}

Test(loop, a_timer_may_cancel_itself_in_its_call)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 1};

    trace.timer = gen_timer_start(trace.loop, 0, on_self_cancel, &trace);
    gen_loop_run(trace.loop);
    gen_loop_poll(trace.loop);
    cr_expect(eq(int, trace.calls, 1));
    gen_loop_destroy(trace.loop);
}

Test(loop, posted_calls_keep_their_order_and_never_run_inside_post)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 3};
    struct step steps[] = {{&trace, "1"}, {&trace, "2"}, {&trace, "3"}};

    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        cr_assert(gen_loop_post(trace.loop, on_step, &steps[i]) == GEN_OK);
    }
    cr_expect(eq(int, trace.calls, 0));
    gen_loop_run(trace.loop);
    cr_expect(eq(str, trace.text, (char *)"123"));
    gen_loop_destroy(trace.loop);
}

static void on_post_again(void *context)
{
    struct trace *trace = context;

    trace_add(trace, "p");
    cr_assert(gen_loop_post(trace->loop, on_post_again, trace) == GEN_OK);
}

Test(loop, a_call_that_posts_itself_does_not_starve_the_loop)
{
    struct trace trace = {.loop = loop_new()};

    cr_assert(gen_loop_post(trace.loop, on_post_again, &trace) == GEN_OK);
    for (int turn = 1; turn <= 5; turn++) {
        gen_loop_turn(trace.loop);
        cr_expect(eq(int, trace.calls, turn)); /* one a turn, not for ever */
    }
    gen_loop_destroy(trace.loop); /* the sixth is dropped */
}

enum { THREADS = 4, POSTS = 2000 };

struct sender {
    struct gen_loop *loop;
    struct sender_count {
        int seen[THREADS];
        int total;
    } * count;
    int thread;
};

struct letter {
    struct sender *sender;
    int number;
};

static void on_letter(void *context)
{
    struct letter *letter = context;
    struct sender *sender = letter->sender;

    cr_assert(eq(int, sender->count->seen[sender->thread], letter->number));
    sender->count->seen[sender->thread]++;
    if (++sender->count->total == THREADS * POSTS) {
        gen_loop_stop(sender->loop);
    }
    gen_free(letter);
}

static void *send_letters(void *context)
{
    struct sender *sender = context;

    for (int i = 0; i < POSTS; i++) {
        struct letter *letter = gen_alloc(sizeof(*letter));

        letter->sender = sender;
        letter->number = i;
        cr_assert(gen_loop_post(sender->loop, on_letter, letter) == GEN_OK);
    }
    return NULL;
}

Test(loop, posts_of_many_threads_all_arrive_each_threads_in_order)
{
    struct gen_loop *loop = loop_new();
    struct sender_count count = {0};
    struct sender senders[THREADS];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){loop, &count, i};
        cr_assert(pthread_create(&threads[i], NULL, send_letters, &senders[i]) == 0);
    }
    gen_loop_run(loop);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect(eq(int, count.seen[i], POSTS));
    }
    gen_loop_destroy(loop);
}

static void *stop_from_outside(void *context)
{
    gen_loop_stop(context);
    return NULL;
}

Test(loop, stop_from_another_thread_or_before_run_ends_the_run)
{
    struct gen_loop *loop = loop_new();
    pthread_t thread;

    gen_loop_stop(loop); /* before: the run ends after one turn */
    gen_loop_run(loop);
    cr_assert(pthread_create(&thread, NULL, stop_from_outside, loop) == 0);
    gen_loop_run(loop);
    pthread_join(thread, NULL);
    gen_loop_destroy(loop);
}

struct task {
    struct trace *trace;
    pthread_t worker;
    int worked;
    int done;
};

static void task_work(void *context)
{
    struct task *task = context;

    task->worker = pthread_self();
    task->worked++;
}

static void task_done(void *context)
{
    struct task *task = context;

    cr_expect(task->worked == 1);
    task->done++;
    trace_add(task->trace, "d");
}

Test(loop, work_runs_on_another_thread_and_done_on_the_loops)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 8};
    struct task tasks[8];

    memset(tasks, 0, sizeof(tasks));
    for (size_t i = 0; i < GEN_COUNT(tasks); i++) {
        tasks[i].trace = &trace;
        cr_assert(gen_loop_work(trace.loop, task_work, task_done, &tasks[i]) == GEN_OK);
    }
    gen_loop_run(trace.loop);
    for (size_t i = 0; i < GEN_COUNT(tasks); i++) {
        cr_expect(eq(int, tasks[i].done, 1));
        cr_expect(pthread_equal(tasks[i].worker, pthread_self()) == 0);
    }
    gen_loop_destroy(trace.loop);
}

static void on_ready(void *context, int fd, unsigned events)
{
    struct trace *trace = context;
    char byte;

    cr_expect(eq(int, fd, trace->fds[0]));
    if ((events & GEN_WATCH_WRITE) != 0) {
        trace_add(trace, "w");
        gen_watch_set(trace->watch, GEN_WATCH_READ);
        cr_assert(write(trace->fds[1], "!", 1) == 1);
    } else {
        cr_assert(eq(uint, events, GEN_WATCH_READ));
        cr_assert(read(fd, &byte, 1) == 1);
        trace_add(trace, "r");
    }
}

static void open_pair(struct trace *trace)
{
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, trace->fds) == 0);
}

Test(loop, a_watch_tells_writable_then_readable_and_a_pause_is_silent)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 2};
    struct gen_error err;

    open_pair(&trace);
    cr_assert(gen_watch_open(trace.loop, trace.fds[0], GEN_WATCH_READ | GEN_WATCH_WRITE, on_ready,
                             &trace, &trace.watch, &err) == GEN_OK);
    gen_loop_run(trace.loop);
    cr_expect(eq(str, trace.text, (char *)"wr"));
    gen_watch_set(trace.watch, 0);
    cr_assert(write(trace.fds[1], "?", 1) == 1);
    gen_loop_poll(trace.loop);
    cr_expect(eq(int, trace.calls, 2)); /* paused */
    gen_watch_set(trace.watch, GEN_WATCH_READ);
    gen_loop_turn(trace.loop);
    cr_expect(eq(str, trace.text, (char *)"wrr"));
    gen_watch_close(&trace.watch);
    cr_expect(trace.watch == NULL);
    gen_watch_close(&trace.watch);
    cr_assert(write(trace.fds[1], "?", 1) == 1);
    gen_loop_poll(trace.loop);
    cr_expect(eq(int, trace.calls, 3)); /* closed */
    close(trace.fds[0]);
    close(trace.fds[1]);
    gen_loop_destroy(trace.loop);
}

static void on_error_event(void *context, int fd, unsigned events)
{
    struct trace *trace = context;

    cr_expect(eq(uint, events, GEN_WATCH_WRITE));
    cr_expect(write(fd, "x", 1) < 0); /* the error that the event stands for */
    if (trace->calls == 1) {
        gen_watch_close(&trace->watch);
    }
    trace_add(trace, "e");
}

Test(loop, an_error_on_a_descriptor_comes_as_the_events_asked_for_until_it_is_dealt_with)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 2};
    struct gen_error err;
    int fds[2];

    signal(SIGPIPE, SIG_IGN);
    cr_assert(pipe(fds) == 0);
    close(fds[0]); /* a pipe without a reader polls as an error */
    cr_assert(gen_watch_open(trace.loop, fds[1], GEN_WATCH_WRITE, on_error_event, &trace,
                             &trace.watch, &err) == GEN_OK);
    gen_loop_run(trace.loop);
    cr_expect(trace.watch == NULL);
    close(fds[1]);
    gen_loop_destroy(trace.loop);
}

Test(loop, a_descriptor_that_cannot_be_watched_is_an_error)
{
    struct gen_loop *loop = loop_new();
    struct gen_watch *watch = NULL;
    struct gen_error err;
    FILE *file = tmpfile(); /* regular files cannot be polled */

    cr_assert(file != NULL);
    cr_expect(gen_watch_open(loop, fileno(file), GEN_WATCH_READ, on_ready, NULL, &watch, &err) ==
              GEN_EIO);
    cr_expect(watch == NULL);
    cr_expect(strstr(err.message, "cannot be watched") != NULL);
    fclose(file);
    gen_loop_destroy(loop);
}

static void on_signal(void *context)
{
    trace_add(context, "s");
}

Test(loop, a_signal_becomes_a_call)
{
    struct trace trace = {.loop = loop_new(), .stop_at = 1};
    struct gen_error err;

    cr_assert(gen_signal_open(trace.loop, SIGUSR1, on_signal, &trace, &trace.caught, &err) ==
              GEN_OK);
    raise(SIGUSR1);
    cr_expect(eq(int, trace.calls, 0)); /* not inside the signal handler */
    gen_loop_run(trace.loop);
    cr_expect(eq(int, trace.calls, 1));
    gen_signal_close(&trace.caught);
    cr_expect(trace.caught == NULL);
    cr_expect(gen_signal_open(trace.loop, SIGKILL, on_signal, &trace, &trace.caught, &err) ==
              GEN_EIO);
    cr_expect(trace.caught == NULL);
    gen_loop_destroy(trace.loop);
}

Test(loop, destroy_closes_what_is_open_and_calls_nobody)
{
    struct trace trace = {.loop = loop_new()};
    struct step step = {&trace, "never"};
    struct task tasks[64];
    struct gen_error err;

    open_pair(&trace);
    cr_assert(write(trace.fds[1], "!", 1) == 1);
    cr_assert(gen_watch_open(trace.loop, trace.fds[0], GEN_WATCH_READ, on_ready, &trace,
                             &trace.watch, &err) == GEN_OK);
    cr_assert(gen_signal_open(trace.loop, SIGUSR1, on_signal, &trace, &trace.caught, &err) ==
              GEN_OK);
    raise(SIGUSR1);
    cr_assert(gen_timer_start(trace.loop, 0, on_step, &step) != NULL);
    cr_assert(gen_loop_post(trace.loop, on_step, &step) == GEN_OK);
    memset(tasks, 0, sizeof(tasks));
    for (size_t i = 0; i < GEN_COUNT(tasks); i++) {
        tasks[i].trace = &trace;
        cr_assert(gen_loop_work(trace.loop, task_work, task_done, &tasks[i]) == GEN_OK);
    }
    gen_loop_destroy(trace.loop);
    gen_loop_destroy(NULL);
    cr_expect(eq(int, trace.calls, 0));
    for (size_t i = 0; i < GEN_COUNT(tasks); i++) {
        cr_expect(le(int, tasks[i].worked, 1)); /* dropped or finished, not torn */
    }
    close(trace.fds[0]);
    close(trace.fds[1]);
}

Test(loop, now_stands_still_within_a_turn_and_never_goes_back)
{
    struct gen_loop *loop = loop_new();
    int64_t before = gen_loop_now(loop);

    usleep(3000);
    cr_expect(eq(i64, gen_loop_now(loop), before));
    gen_loop_poll(loop);
    cr_expect(ge(i64, gen_loop_now(loop), before + 3));
    gen_loop_destroy(loop);
}

/* Uses everything once; true when nothing failed. */
static bool use_everything(void)
{
    struct trace trace = {.stop_at = 0};
    struct step step = {&trace, "x"};
    struct task task = {.trace = &trace};
    struct gen_error err;
    bool ok = gen_loop_create(&trace.loop, &err) == GEN_OK;

    if (!ok) {
        cr_expect(err.status == GEN_ENOMEM);
        return false;
    }
    open_pair(&trace);
    ok = ok && gen_watch_open(trace.loop, trace.fds[0], GEN_WATCH_READ, on_ready, &trace,
                              &trace.watch, &err) == GEN_OK;
    ok = ok &&
         gen_signal_open(trace.loop, SIGUSR2, on_signal, &trace, &trace.caught, &err) == GEN_OK;
    ok = ok && gen_timer_start(trace.loop, 1000, on_step, &step) != NULL;
    ok = ok && gen_loop_post(trace.loop, on_step, &step) == GEN_OK;
    ok = ok && gen_loop_work(trace.loop, task_work, task_done, &task) == GEN_OK;
    if (ok) {
        gen_loop_poll(trace.loop);
        cr_expect(ge(int, trace.calls, 1));
    }
    gen_loop_destroy(trace.loop);
    close(trace.fds[0]);
    close(trace.fds[1]);
    return ok;
}

Test(loop, every_allocation_failing_in_turn_is_an_error_and_leaks_nothing)
{
    long nth = 1;

    for (;; nth++) {
        bool ok;

        gen_alloc_fail_at(nth);
        ok = use_everything();
        if (gen_alloc_count() < nth) {
            cr_expect(ok);
            break;
        }
        cr_expect(ok == 0);
    }
    gen_alloc_fail_at(0);
    cr_expect(ge(long, nth, 7)); /* loop, watch, signal, timer, post, work, and none */
}
