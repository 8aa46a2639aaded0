/* loop.c - of the pipelines bench: the same work by a bare loop of curl and SQLite, to compare the engine with.
 *
 * usage: loop STATE PORT POLL_MS JOBS CONCURRENCY [synced]
 * A job: a row, durable before it counts as taken; POST /jobs on a fresh connection; its handle, durable; GET
 * every POLL_MS until it is done; the file, written as it comes (and with `synced` synced); the row done, durable.
 * One thread: epoll, curl's socket interface, one transaction for all that waits (WAL, synchronous=FULL).
 * No plugins, policies, prices, holds, ledger, events, retries or recovery. Prints one JSON line. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { IN_FLIGHT = 128 }; /* requests at once; the others queue */

enum stage { NEW = 1, SUBMIT, POLL, FETCH };

struct job {
    struct job *next; /* in the list of those that wait for the commit */
    size_t number;
    enum stage stage;
    CURL *easy;
    struct curl_slist *headers;
    struct job *queued; /* the next one in the queue for a request */
    char id[32], reference[40];
    char body[256]; /* the answer */
    size_t body_size;
    int file;
    double at; /* when it is polled again; its place in the heap is `place` */
};

static CURLM *multi;
static sqlite3 *db;
static sqlite3_stmt *insert, *accept_, *complete, *begin, *commit;
static int epoll, port;
static double poll_s, timer_at = -1;
static const char *folder;
static bool syncs;
static struct job *waiting, **last = &waiting; /* for the commit */
static struct job *queue, **queue_last = &queue; /* for a request */
static CURL *idle[IN_FLIGHT];
static size_t idle_count, in_flight;
static struct job **heap;
static size_t heap_count, jobs_left, open_count, made;

static void die(const char *what)
{
    fprintf(stderr, "loop: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

/* ------------------------------------------------------------------------------ who polls when -- */

static void heap_add(struct job *job)
{
    size_t at = heap_count++;

    for (; at > 0 && heap[(at - 1) / 2]->at > job->at; at = (at - 1) / 2) {
        heap[at] = heap[(at - 1) / 2];
    }
    heap[at] = job;
}

static struct job *heap_take(void)
{
    struct job *first = heap[0], *moved = heap[--heap_count];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < heap_count && heap[child + 1]->at < heap[child]->at) {
            child++;
        }
        if (child >= heap_count || heap[child]->at >= moved->at) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
    return first;
}

/* ---------------------------------------------------------------------------------------- curl -- */

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct job *job = context;
    size_t got = size * count;

    if (job->stage == FETCH) {
        return write(job->file, data, got) == (ssize_t)got ? got : 0;
    }
    if (job->body_size + got >= sizeof(job->body)) {
        return 0;
    }
    memcpy(job->body + job->body_size, data, got);
    job->body_size += got;
    job->body[job->body_size] = '\0';
    return got;
}

/* Sends what the job's stage asks for, when there is room. */
static void ask(struct job *job)
{
    char url[128], order[256];

    if (in_flight == IN_FLIGHT) {
        job->queued = NULL;
        *queue_last = job;
        queue_last = &job->queued;
        return;
    }
    in_flight++;
    job->easy = idle_count > 0 ? idle[--idle_count] : curl_easy_init();
    job->body_size = 0;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/jobs%s%s%s", port, job->stage == SUBMIT ? "" : "/",
             job->stage == SUBMIT ? "" : job->id, job->stage == FETCH ? "/video" : "");
    curl_easy_setopt(job->easy, CURLOPT_URL, url);
    curl_easy_setopt(job->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(job->easy, CURLOPT_WRITEDATA, job);
    curl_easy_setopt(job->easy, CURLOPT_PRIVATE, job);
    curl_easy_setopt(job->easy, CURLOPT_NOSIGNAL, 1L);
    if (job->stage == SUBMIT) {
        snprintf(order, sizeof(order),
                 "{\"reference\": \"%s\", \"model\": \"pay\", \"durationMs\": 1000, \"scenes\": "
                 "[{\"prompt\": \"a street at night, take %zu\", \"durationMs\": 1000}]}",
                 job->reference, job->number);
        job->headers = curl_slist_append(NULL, "Content-Type: application/json");
        curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
        curl_easy_setopt(job->easy, CURLOPT_COPYPOSTFIELDS, order);
        curl_easy_setopt(job->easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(job->easy, CURLOPT_FORBID_REUSE, 1L);
    }
    curl_multi_add_handle(multi, job->easy);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
    struct epoll_event event = {.data.fd = fd};

    (void)easy;
    (void)context;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0);
    if (epoll_ctl(epoll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) != 0 && errno == EEXIST) {
        epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
    }
    curl_multi_assign(multi, fd, &epoll);
    return 0;
}

static int on_timer(CURLM *handle, long ms, void *context)
{
    (void)handle;
    (void)context;
    timer_at = ms < 0 ? -1 : now_s() + (double)ms / 1e3;
    return 0;
}

/* ---------------------------------------------------------------------------------------- jobs -- */

static void wait_for_commit(struct job *job)
{
    job->next = NULL;
    *last = job;
    last = &job->next;
}

static void go_on(struct job *job) /* what it waited for is durable */
{
    switch (job->stage) {
    case NEW:
        job->stage = SUBMIT;
        ask(job);
        break;
    case SUBMIT:
        job->stage = POLL; /* fall through */
    case POLL:
        ask(job);
        break;
    case FETCH:
        open_count--;
        jobs_left--;
        free(job);
        break;
    default:
        abort();
    }
}

static void answered(struct job *job, CURLcode code)
{
    long status = 0;
    char path[512];

    curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(multi, job->easy);
    curl_easy_reset(job->easy);
    idle[idle_count++] = job->easy;
    in_flight--;
    curl_slist_free_all(job->headers);
    job->headers = NULL;
    if (code != CURLE_OK || status / 100 != 2) {
        fprintf(stderr, "loop: stage %d: %s, status %ld\n", job->stage, curl_easy_strerror(code), status);
        exit(1);
    }
    switch (job->stage) {
    case SUBMIT:
        if (sscanf(job->body, "{\"id\": \"%31[^\"]", job->id) != 1) {
            die("no id");
        }
        wait_for_commit(job);
        break;
    case POLL:
        if (strstr(job->body, "\"done\"") == NULL) {
            job->at = now_s() + poll_s;
            heap_add(job);
            break;
        }
        job->stage = FETCH;
        snprintf(path, sizeof(path), "%s/files/%zu", folder, job->number);
        job->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ask(job);
        break;
    default:
        if (syncs && fdatasync(job->file) != 0) {
            die("sync");
        }
        close(job->file);
        wait_for_commit(job);
        break;
    }
}

static void run(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE) {
        die("step");
    }
    sqlite3_reset(statement);
}

static void commit_all(void)
{
    struct job *first = waiting;

    if (first == NULL) {
        return;
    }
    run(begin);
    for (struct job *job = first; job != NULL; job = job->next) {
        sqlite3_stmt *statement = job->stage == NEW ? insert : job->stage == SUBMIT ? accept_ : complete;

        sqlite3_bind_text(statement, 1, job->reference, -1, SQLITE_STATIC);
        if (statement != complete) {
            sqlite3_bind_text(statement, 2, statement == insert ? "{\"prompt\": \"a street at night\"}" : job->id,
                              -1, SQLITE_STATIC);
        }
        run(statement);
    }
    run(commit);
    waiting = NULL;
    last = &waiting;
    while (first != NULL) {
        struct job *next = first->next;

        go_on(first);
        first = next;
    }
}

static void take_in(size_t jobs, size_t concurrency)
{
    while (open_count < concurrency && made < jobs) {
        struct job *job = calloc(1, sizeof(*job));

        job->number = made++;
        job->stage = NEW;
        snprintf(job->reference, sizeof(job->reference), "ref-%d-%zu", (int)getpid(), job->number);
        open_count++;
        wait_for_commit(job);
    }
}

static void turn(void)
{
    struct epoll_event events[512];
    double now = now_s(), until = now + 1;
    CURLMsg *message;
    int running, left, count;

    until = timer_at >= 0 && timer_at < until ? timer_at : until;
    until = heap_count > 0 && heap[0]->at < until ? heap[0]->at : until;
    count = epoll_wait(epoll, events, 512, until <= now ? 0 : (int)((until - now) * 1e3 + 1));
    for (int i = 0; i < count; i++) {
        int what = ((events[i].events & (EPOLLIN | EPOLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
                   ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                   ((events[i].events & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0);

        curl_multi_socket_action(multi, events[i].data.fd, what, &running);
    }
    if (timer_at >= 0 && timer_at <= now_s()) {
        timer_at = -1;
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        struct job *job = NULL;
        CURLcode code = message->data.result;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
        answered(job, code);
    }
    while (queue != NULL && in_flight < IN_FLIGHT) {
        struct job *job = queue;

        queue = job->queued;
        queue_last = queue == NULL ? &queue : queue_last;
        ask(job);
    }
    for (now = now_s(); heap_count > 0 && heap[0]->at <= now;) {
        go_on(heap_take());
    }
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        die(sql);
    }
    return statement;
}

static void open_all(size_t concurrency)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/loop.db", folder);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS job ("
                     "reference TEXT PRIMARY KEY, state TEXT NOT NULL, brief TEXT NOT NULL, handle TEXT) "
                     "WITHOUT ROWID",
                     NULL, NULL, NULL) != SQLITE_OK) {
        die(path);
    }
    insert = prepare("INSERT INTO job (reference, state, brief) VALUES (?1, 'submitting', ?2)");
    accept_ = prepare("UPDATE job SET state = 'accepted', handle = ?2 WHERE reference = ?1");
    complete = prepare("UPDATE job SET state = 'done' WHERE reference = ?1");
    begin = prepare("BEGIN IMMEDIATE");
    commit = prepare("COMMIT");
    epoll = epoll_create1(EPOLL_CLOEXEC);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    heap = calloc(concurrency + 1, sizeof(*heap));
}

static long peak(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

int main(int argc, char **argv)
{
    size_t jobs, concurrency;
    double began, cpu;
    struct rlimit files;

    if (argc < 6) {
        fprintf(stderr, "usage: loop STATE PORT POLL_MS JOBS CONCURRENCY [synced]\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    folder = argv[1];
    port = atoi(argv[2]);
    poll_s = atof(argv[3]) / 1e3;
    jobs_left = jobs = strtoul(argv[4], NULL, 10);
    concurrency = strtoul(argv[5], NULL, 10);
    syncs = argc > 6 && strcmp(argv[6], "synced") == 0;
    open_all(concurrency);
    began = now_s();
    cpu = cpu_s();
    while (jobs_left > 0) {
        take_in(jobs, concurrency);
        commit_all();
        turn();
    }
    printf("{\"stage\": \"over\", \"s\": %.4f, \"cpu\": %.4f, \"peak\": %ld}\n", now_s() - began,
           cpu_s() - cpu, peak());
    return 0;
}
