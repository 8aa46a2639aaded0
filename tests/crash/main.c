/* main.c - kills a real gend again and again while a strict vendor keeps its books, and compares.
 *
 *   run --kills N [--seed N] [--recover yes|no] [--faults PERCENT] [--keep]
 *
 * Runs need gend, gen-media, the fake plugin and ffmpeg. What is random follows from the seed; what
 * the machine's scheduler does, does not. */
#include "crash/books.h"
#include "crash/daemon.h"
#include "crash/situations.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_MOST = 2000, OPEN_MOST = 12, LAST_PATIENCE_MS = 90000 };

struct run {
    struct vendor vendor;
    struct daemon daemon;
    struct run_job {
        char key[32], id[40], body[1024];
        bool over;
    } jobs[JOBS_MOST];
    size_t count;
    int kills_by_stage[STAGE_COUNT];
};

static const char *const stage_words[STAGE_COUNT] = {
    "at any time", "connection accepted", "order read", "order answered", "status asked",
    "status done", "file half sent", "file sent", "reference asked"};

static void run_draw_job(struct run *run, struct run_job *job)
{
    static const char *const models[] = {"fake/pay", "fake/pay-idem", "fake/whole"};

    snprintf(job->key, sizeof(job->key), "job-%zu", run->count);
    snprintf(job->body, sizeof(job->body),
             "{\"title\": \"Crash %zu\", \"budget\": 20, \"models\": [\"%s\"], \"scenes\": "
             "[{\"prompt\": \"a\", \"duration\": 1}, {\"prompt\": \"b\", \"duration\": 1}], "
             "\"variations\": [{\"resolution\": \"160x90\"}]}",
             run->count, models[vendor_draw(&run->vendor) % 3]);
}

/* Hands in a job; the same key again when nobody answered, since it may have been admitted. */
static void run_submit(struct run *run)
{
    struct run_job *job = &run->jobs[run->count];
    char answer[16384];
    int status;

    if (job->key[0] == '\0') {
        run_draw_job(run, job);
    }
    status = daemon_ask(&run->daemon, "POST", "/v1/jobs", job->key, job->body, answer,
                        sizeof(answer));
    if (status >= 200 && status < 300) {
        daemon_member(answer, "jobId", job->id, sizeof(job->id));
        run->count++;
    } else if (status != 0 && status != 503) {
        fprintf(stderr, "WRONG: a job was refused: %d %s\n", status, answer);
        exit(1);
    }
}

/* Asks after every job that was open; how many still are. */
static size_t run_look(struct run *run)
{
    static char answer[DAEMON_ANSWER_MOST];
    size_t open = 0;

    for (size_t i = 0; i < run->count; i++) {
        struct run_job *job = &run->jobs[i];
        char path[128], word[32];

        if (job->over) {
            continue;
        }
        open++;
        snprintf(path, sizeof(path), "/v1/jobs/%s", job->id);
        if (daemon_ask(&run->daemon, "GET", path, NULL, NULL, answer, sizeof(answer)) != 200) {
            continue;
        }
        daemon_member(answer, "status", word, sizeof(word));
        job->over = strcmp(word, "completed") == 0 || strcmp(word, "failed") == 0 ||
                    strcmp(word, "canceled") == 0 || strcmp(word, "partially_completed") == 0;
        if (strcmp(word, "needs_attention") == 0) { /* the person that it waits for */
            snprintf(path, sizeof(path), "/v1/jobs/%s/cancel", job->id);
            (void)daemon_ask(&run->daemon, "POST", path, NULL, "", answer, sizeof(answer));
        }
    }
    return open;
}

/* Works with it for a while and kills it, at a stage or at any time. */
static void run_kill(struct run *run)
{
    enum vendor_stage stage = (enum vendor_stage)(vendor_draw(&run->vendor) % STAGE_COUNT);
    int64_t until = vendor_now_ms() + 200 + (int64_t)(vendor_draw(&run->vendor) % 1600);

    atomic_store(&run->vendor.victim, run->daemon.pid);
    atomic_store(&run->vendor.stage, (int)stage);
    while (!daemon_dead(&run->daemon) && vendor_now_ms() < until) {
        if (run_look(run) < OPEN_MOST && run->count < JOBS_MOST) {
            run_submit(run);
        }
        usleep(5000);
    }
    atomic_store(&run->vendor.stage, STAGE_NONE);
    run->kills_by_stage[daemon_dead(&run->daemon) ? stage : STAGE_NONE]++;
    daemon_kill(&run->daemon, SIGKILL);
}

static bool run_to_the_end(struct run *run)
{
    int64_t until = vendor_now_ms() + LAST_PATIENCE_MS;

    atomic_store(&run->vendor.faults, 0);
    if (!daemon_start(&run->daemon)) {
        return false;
    }
    while (run_look(run) > 0) {
        if (daemon_dead(&run->daemon)) {
            printf("WRONG: gend ended by itself\n");
            return false;
        }
        if (vendor_now_ms() > until) {
            printf("WRONG: %zu jobs do not come to an end\n", run_look(run));
            break;
        }
        usleep(50000);
    }
    daemon_kill(&run->daemon, SIGTERM);
    return true;
}

static int run_books(struct run *run)
{
    struct books_sums sums = {0};
    char state[600];
    int wrong;

    snprintf(state, sizeof(state), "%s/state", run->daemon.folder);
    wrong = books_compare(&run->vendor, state, &sums);
    printf("%zu jobs, %zu attempts, %zu purchases, %zu settled, %zu unverified, %zu videos; billed "
           "%lld, charged %lld micros; kills:",
           run->count, sums.attempts, sums.purchases, sums.settled, sums.unverified, sums.outputs,
           (long long)sums.billed, (long long)sums.charged);
    for (int i = 0; i < STAGE_COUNT; i++) {
        printf(" %d %s%s", run->kills_by_stage[i], stage_words[i], i + 1 < STAGE_COUNT ? "," : "\n");
    }
    return wrong;
}

static int run_kills(const struct situation *situation)
{
    static struct run run;
    size_t size = 0;
    char *clip;
    int wrong = 0;

    clip = situation_begin(situation, &run.daemon, &size);
    vendor_open(&run.vendor, clip, size, situation->seed);
    atomic_store(&run.vendor.faults, situation->faults);
    /* This vendor books an order when it reads it, so that "no such job" can be believed soon. */
    daemon_configure(&run.daemon, run.vendor.port, situation->recover, "recoverWindow: 5\n");
    for (int i = 0; i < situation->kills && wrong == 0; i++) {
        if (daemon_start(&run.daemon)) {
            run_kill(&run);
        } else {
            wrong = 1;
        }
    }
    wrong += !(wrong == 0 && run_to_the_end(&run));
    vendor_close(&run.vendor); /* nobody writes into its books any more */
    wrong += wrong == 0 ? run_books(&run) : 0;
    return situation_end(situation, &run.daemon, clip, wrong);
}

int main(int argc, char **argv)
{
    struct situation situation = {.seed = 1, .recover = true, .faults = 8};

    (void)signal(SIGPIPE, SIG_IGN);
    if (!situation_read(argc, argv, &situation)) {
        fprintf(stderr, "usage: run --kills N | --second | --no-ffmpeg | --full-disk  [--seed N] "
                        "[--recover yes|no] [--faults PERCENT] [--keep]\n");
        return 2;
    }
    return (situation.run == NULL ? run_kills : situation.run)(&situation) == 0 ? 0 : 1;
}
