/* provider.c - a render service on loopback for the pipelines bench: one thread, epoll, HTTP/1.1.
 *
 * usage: provider RENDER_MS POLL_MS     prints its port, works until it is killed
 * Speaks the wire format of tests/contract/plugins/fake.c: POST /jobs sells a job that is done after RENDER_MS,
 * GET /jobs/ID says how it is, GET /jobs/ID/video gives 64 KiB that differ from job to job. It keeps
 * books by reference, and counts what is sold twice. POLL_MS: what its customer has been told to wait between
 * two polls; the rest of a pause is the customer's delay.
 *   GET /stats   a JSON line: sold, twice, polls, fetched, connections, delays in ms, and the monotonic
 *                instants (s) of the first poll and of the last job's first poll since the last mark
 *   GET /mark    forgets delays, counters and first polls (what was sold stays)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { VIDEO_SIZE = 65536, BUFFER = 8192, JOBS_MOST = 200000, FDS_MOST = 65536, SLOTS = 1 << 19 };
enum { DELAYS_MOST = 4000000 };
enum said { SAID_NOTHING, SAID_ID, SAID_RUNNING, SAID_DONE };

struct job {
    char reference[64];
    double sold_at, said_at; /* s, monotonic */
    int times;
    enum said said;
    bool polled; /* since the last mark */
};

struct visitor {
    char *in;
    size_t used;
    char *out; /* what the socket would not take */
    size_t out_size, out_sent;
};

static struct job *jobs;
static size_t job_count, polled_count;
static int *slots; /* hash of references to job numbers + 1 */
static struct visitor visitors[FDS_MOST];
static double render_s, poll_s, first_poll, last_first_poll;
static uint64_t polls, fetched, connections, twice, requests;
static float *delays[4]; /* by what was said */
static size_t delay_count[4];
static char video[VIDEO_SIZE];
static int epoll;

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ------------------------------------------------------------------------------------- books -- */

static int *slot_of(const char *reference)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (const char *at = reference; *at != '\0'; at++) {
        hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
    }
    for (size_t i = hash % SLOTS;; i = (i + 1) % SLOTS) {
        if (slots[i] == 0 || strcmp(jobs[slots[i] - 1].reference, reference) == 0) {
            return &slots[i];
        }
    }
}

static size_t sell(const char *order)
{
    const char *at = strstr(order, "\"reference\"");
    char reference[64] = "";
    int *slot;

    at = at == NULL ? NULL : strchr(at + 11, '"');
    if (at == NULL || sscanf(at + 1, "%63[^\"]", reference) != 1 || job_count == JOBS_MOST) {
        fprintf(stderr, "provider: an order that cannot be booked: %.200s\n", order);
        exit(1);
    }
    slot = slot_of(reference);
    if (*slot != 0) {
        twice++;
        jobs[*slot - 1].times++;
        return (size_t)*slot - 1;
    }
    *slot = (int)job_count + 1;
    jobs[job_count] = (struct job){.sold_at = now_s(), .times = 1};
    snprintf(jobs[job_count].reference, sizeof(jobs[0].reference), "%s", reference);
    return job_count++;
}

/* The customer does something about this job: how long after he was told? */
static void acted(struct job *job)
{
    double delay = now_s() - job->said_at - (job->said == SAID_RUNNING ? poll_s : 0);

    if (job->said != SAID_NOTHING && delay_count[job->said] < DELAYS_MOST) {
        delays[job->said][delay_count[job->said]++] = (float)(delay * 1e3);
    }
    job->said = SAID_NOTHING;
}

static void says(struct job *job, enum said said)
{
    job->said = said;
    job->said_at = now_s();
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return x < y ? -1 : x > y;
}

static double quantile(enum said said, double q)
{
    size_t count = delay_count[said];

    if (count == 0) {
        return -1;
    }
    qsort(delays[said], count, sizeof(float), by_value);
    return delays[said][(size_t)(q * (double)(count - 1))];
}

static int stats(char *out, size_t size)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return snprintf(
        out, size,
        "{\"sold\": %zu, \"twice\": %llu, \"polls\": %llu, \"fetched\": %llu, \"connections\": %llu, "
        "\"polled\": %zu, \"firstPoll\": %.4f, \"lastFirstPoll\": %.4f, "
        "\"accepted\": {\"p50\": %.2f, \"p99\": %.2f}, \"running\": {\"p50\": %.2f, \"p99\": %.2f}, "
        "\"done\": {\"p50\": %.2f, \"p99\": %.2f}, \"cpu\": %.3f}\n",
        job_count, (unsigned long long)twice, (unsigned long long)polls, (unsigned long long)fetched,
        (unsigned long long)connections, polled_count, first_poll, last_first_poll,
        quantile(SAID_ID, 0.5), quantile(SAID_ID, 0.99), quantile(SAID_RUNNING, 0.5),
        quantile(SAID_RUNNING, 0.99), quantile(SAID_DONE, 0.5), quantile(SAID_DONE, 0.99),
        (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
            (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6);
}

static void mark(void)
{
    for (size_t i = 0; i < job_count; i++) {
        jobs[i].polled = false;
        jobs[i].said = SAID_NOTHING;
    }
    memset(delay_count, 0, sizeof(delay_count));
    polls = fetched = connections = 0;
    polled_count = 0;
    first_poll = last_first_poll = 0;
}

/* ----------------------------------------------------------------------------------- answers -- */

static void leave(int fd)
{
    free(visitors[fd].in);
    free(visitors[fd].out);
    memset(&visitors[fd], 0, sizeof(visitors[fd]));
    close(fd);
}

static void send_all(int fd, const char *data, size_t size)
{
    struct visitor *visitor = &visitors[fd];
    ssize_t sent = visitor->out == NULL ? send(fd, data, size, MSG_NOSIGNAL) : 0;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.fd = fd};

    sent = sent < 0 ? 0 : sent;
    if ((size_t)sent == size) {
        return;
    }
    visitor->out = realloc(visitor->out, visitor->out_size + size - (size_t)sent);
    memcpy(visitor->out + visitor->out_size, data + sent, size - (size_t)sent);
    visitor->out_size += size - (size_t)sent;
    epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

static void answer(int fd, int status, const char *body)
{
    char text[2048];
    int size = snprintf(text, sizeof(text),
                        "HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        status, strlen(body), body);

    send_all(fd, text, (size_t)size);
}

static void answer_video(int fd, size_t number)
{
    static char text[256 + VIDEO_SIZE];
    int size = snprintf(text, 256,
                        "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n",
                        VIDEO_SIZE);

    memcpy(text + size, video, VIDEO_SIZE);
    memcpy(text + size, &number, sizeof(number));
    send_all(fd, text, (size_t)size + VIDEO_SIZE);
    fetched++;
}

static void answer_status(int fd, struct job *job)
{
    double now = now_s();

    polls++;
    if (!job->polled) {
        job->polled = true;
        polled_count++;
        first_poll = first_poll == 0 ? now : first_poll;
        last_first_poll = now;
    }
    if (now - job->sold_at >= render_s) {
        answer(fd, 200, "{\"status\": \"done\", \"progress\": 1}");
        says(job, SAID_DONE);
    } else {
        answer(fd, 200, "{\"status\": \"running\", \"progress\": 0.5}");
        says(job, SAID_RUNNING);
    }
}

static void answer_find(int fd, const char *request)
{
    char reference[64] = "", body[128];
    int *slot;

    (void)sscanf(request, "GET /jobs?reference=%63[^ &]", reference);
    slot = slot_of(reference);
    if (*slot == 0) {
        snprintf(body, sizeof(body), "{\"jobs\": []}");
    } else {
        snprintf(body, sizeof(body), "{\"jobs\": [{\"id\": \"job%d\"}]}", *slot - 1);
    }
    answer(fd, 200, body);
}

static void serve(int fd, const char *request, const char *content)
{
    char body[1024];
    size_t number;

    requests++;
    if (strncmp(request, "POST /jobs ", 11) == 0) {
        number = sell(content);
        snprintf(body, sizeof(body), "{\"id\": \"job%zu\"}", number);
        answer(fd, 201, body);
        says(&jobs[number], SAID_ID);
    } else if (strncmp(request, "GET /jobs?", 10) == 0) {
        answer_find(fd, request);
    } else if (sscanf(request, "GET /jobs/job%zu", &number) == 1 && number < job_count) {
        acted(&jobs[number]);
        if (strncmp(strchr(request + 10, 'j') + 3 + strspn(strchr(request + 10, 'j') + 3, "0123456789"),
                    "/video", 6) == 0) {
            answer_video(fd, number);
        } else {
            answer_status(fd, &jobs[number]);
        }
    } else if (strncmp(request, "GET /stats ", 11) == 0) {
        stats(body, sizeof(body));
        answer(fd, 200, body);
    } else if (strncmp(request, "GET /mark ", 10) == 0) {
        mark();
        answer(fd, 200, "{}");
    } else {
        answer(fd, 404, "{\"error\": {\"code\": \"unknown\"}}");
    }
}

/* ------------------------------------------------------------------------------- connections -- */

static void hear(int fd)
{
    struct visitor *visitor = &visitors[fd];

    for (;;) {
        ssize_t got;

        visitor->in = visitor->in == NULL ? malloc(BUFFER) : visitor->in;
        got = recv(fd, visitor->in + visitor->used, BUFFER - 1 - visitor->used, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            leave(fd);
            return;
        }
        if (got < 0) {
            return;
        }
        visitor->used += (size_t)got;
        visitor->in[visitor->used] = '\0';
        for (;;) {
            char *end = strstr(visitor->in, "\r\n\r\n"), *length;
            size_t whole;

            if (end == NULL) {
                break;
            }
            length = strcasestr(visitor->in, "\r\ncontent-length:");
            whole = (size_t)(end + 4 - visitor->in) +
                    (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0);
            if (visitor->used < whole) {
                break;
            }
            serve(fd, visitor->in, end + 4);
            memmove(visitor->in, visitor->in + whole, visitor->used - whole + 1);
            visitor->used -= whole;
        }
    }
}

static void let_out(int fd)
{
    struct visitor *visitor = &visitors[fd];
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    ssize_t sent = send(fd, visitor->out + visitor->out_sent, visitor->out_size - visitor->out_sent,
                        MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent < 0) {
        if (errno != EAGAIN) {
            leave(fd);
        }
        return;
    }
    visitor->out_sent += (size_t)sent;
    if (visitor->out_sent == visitor->out_size) {
        free(visitor->out);
        visitor->out = NULL;
        visitor->out_size = visitor->out_sent = 0;
        epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
    }
}

static void welcome(int listener)
{
    int fd, on = 1;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

        if (fd >= FDS_MOST) {
            close(fd);
            continue;
        }
        connections++;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static int open_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 8192) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        perror("provider");
        exit(1);
    }
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    struct epoll_event events[512];
    struct rlimit files;
    int listener;

    if (argc != 3) {
        fprintf(stderr, "usage: provider RENDER_MS POLL_MS\n");
        return 2;
    }
    render_s = atof(argv[1]) / 1e3;
    poll_s = atof(argv[2]) / 1e3;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    jobs = calloc(JOBS_MOST, sizeof(*jobs));
    slots = calloc(SLOTS, sizeof(*slots));
    for (int i = 0; i < 4; i++) {
        delays[i] = calloc(DELAYS_MOST, sizeof(float));
    }
    for (size_t i = 0; i < VIDEO_SIZE; i++) {
        video[i] = (char)(i * 2654435761u >> 13);
    }
    epoll = epoll_create1(EPOLL_CLOEXEC);
    listener = open_port();
    for (;;) {
        int count = epoll_wait(epoll, events, 512, -1);

        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;

            if (fd == listener) {
                welcome(listener);
                continue;
            }
            if ((events[i].events & EPOLLOUT) != 0 && visitors[fd].out != NULL) {
                let_out(fd);
            }
            if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
                hear(fd);
            }
        }
    }
}
