/* vendor.c - see vendor.h. A thread a connection, one request a connection. */
#include "crash/vendor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MOST = 65536, ANSWER_MOST = 1024 };

struct visit {
    struct vendor *vendor;
    int fd;
    char text[REQUEST_MOST]; /* head and body */
    char *body;
};

int64_t vendor_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t vendor_draw(struct vendor *vendor)
{
    uint64_t mixed = atomic_fetch_add(&vendor->draw, UINT64_C(0x9e3779b97f4a7c15));

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static bool vendor_fault(struct vendor *vendor)
{
    return vendor_draw(vendor) % 100 < (uint64_t)atomic_load(&vendor->faults);
}

/* Kills the daemon when this is the stage that was asked for. */
static void vendor_reach(struct vendor *vendor, enum vendor_stage stage)
{
    int expected = (int)stage;

    if (atomic_compare_exchange_strong(&vendor->stage, &expected, STAGE_NONE)) {
        kill(atomic_load(&vendor->victim), SIGKILL);
    }
}

/* -------------------------------------------------------------------------------------- http -- */

static bool visit_read(struct visit *visit)
{
    size_t used = 0, whole = 0;

    while (used < sizeof(visit->text) - 1) {
        ssize_t got = read(visit->fd, visit->text + used, sizeof(visit->text) - 1 - used);
        const char *length;

        if (got <= 0) {
            return false;
        }
        used += (size_t)got;
        visit->text[used] = '\0';
        visit->body = strstr(visit->text, "\r\n\r\n");
        if (visit->body == NULL) {
            continue;
        }
        visit->body += 4;
        length = strcasestr(visit->text, "\r\ncontent-length:");
        whole = (size_t)(visit->body - visit->text) +
                (length == NULL ? 0 : strtoul(length + 17, NULL, 10));
        if (used >= whole) {
            return true;
        }
    }
    return false;
}

static void visit_send(struct visit *visit, const void *data, size_t size)
{
    const char *rest = data;

    while (size > 0) {
        ssize_t sent = send(visit->fd, rest, size, MSG_NOSIGNAL);

        if (sent <= 0) {
            return;
        }
        rest += sent;
        size -= (size_t)sent;
    }
}

static void visit_answer(struct visit *visit, int status, const char *body)
{
    char text[ANSWER_MOST + 256];
    int size = snprintf(text, sizeof(text),
                        "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\n%s"
                        "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                        status, status == 429 ? "Retry-After: 1\r\n" : "", strlen(body), body);

    visit_send(visit, text, (size_t)size);
}

/* Errors that are worth nothing: slow, 429, 500, or the line goes dead. true: it is over. */
static bool visit_trouble(struct visit *visit)
{
    if (!vendor_fault(visit->vendor)) {
        return false;
    }
    switch (vendor_draw(visit->vendor) % 4) {
    case 0:
        visit_answer(visit, 429, "{\"error\": {\"code\": \"slow_down\"}}");
        return true;
    case 1:
        visit_answer(visit, 503, "{\"error\": {\"code\": \"overloaded\"}}");
        return true;
    case 2:
        usleep(300000);
        return false;
    default:
        return true;
    }
}

/* --------------------------------------------------------------------------------- the books -- */

/* The text of a JSON member, by looking for it: these documents are our own. */
static void book_text(const char *json, const char *key, char *out, size_t size)
{
    const char *at = strstr(json, key);
    size_t used = 0;

    at = at == NULL ? NULL : strchr(at + strlen(key), ':');
    for (at = at == NULL ? "" : at + 1; *at == ' ' || *at == '"'; at++) {
    }
    while (used + 1 < size && *at != '\0' && strchr("\",} ", *at) == NULL) {
        out[used++] = *at++;
    }
    out[used] = '\0';
}

static struct book *book_find(struct vendor *vendor, const char *reference)
{
    for (size_t i = 0; i < vendor->count; i++) {
        if (strcmp(vendor->books[i].reference, reference) == 0) {
            return &vendor->books[i];
        }
    }
    return NULL;
}

static size_t book_count(struct vendor *vendor)
{
    size_t count;

    pthread_mutex_lock(&vendor->lock);
    count = vendor->count;
    pthread_mutex_unlock(&vendor->lock);
    return count;
}

/* Buys; the number of the job. */
static size_t book_buy(struct vendor *vendor, const char *order)
{
    char reference[64], model[32], duration[32];
    struct book *book;

    book_text(order, "\"reference\"", reference, sizeof(reference));
    book_text(order, "\"model\"", model, sizeof(model));
    book_text(order, "\"durationMs\"", duration, sizeof(duration));
    pthread_mutex_lock(&vendor->lock);
    book = book_find(vendor, reference);
    if (book == NULL) {
        if (vendor->count == BOOKS_MOST || reference[0] == '\0') {
            fprintf(stderr, "an order that cannot be booked: %.200s\n", order);
            abort();
        }
        book = &vendor->books[vendor->count++];
        snprintf(book->reference, sizeof(book->reference), "%s", reference);
        book->purchases = 1;
        book->fails = vendor_draw(vendor) % 100 < 8;
        book->billed = book->fails ? 0 : strtoll(duration, NULL, 10) * 45; /* under the maximum */
        book->done_at_ms = vendor_now_ms() + (int64_t)(vendor_draw(vendor) % 1500);
    } else if (strcmp(model, "pay-idem") != 0) {
        book->purchases++;
    }
    pthread_mutex_unlock(&vendor->lock);
    return (size_t)(book - vendor->books);
}

static void visit_create(struct visit *visit)
{
    struct vendor *vendor = visit->vendor;
    char body[128];
    size_t number;

    if (vendor_fault(vendor)) { /* refused, and honestly nothing was sold */
        bool slow = vendor_draw(vendor) % 2 == 0;

        visit_answer(visit, slow ? 429 : 500, "{\"error\": {\"code\": \"no\"}}");
        return;
    }
    number = book_buy(vendor, visit->body);
    vendor_reach(vendor, STAGE_CREATE_READ);
    if (vendor_fault(vendor)) {
        return; /* sold, and the line goes dead */
    }
    snprintf(body, sizeof(body), "{\"id\": \"job%zu\"}", number);
    visit_answer(visit, 201, body);
    vendor_reach(vendor, STAGE_CREATE_ANSWERED);
}

static void visit_status(struct visit *visit, const struct book *page)
{
    struct vendor *vendor = visit->vendor;
    struct book book;
    char body[256];

    vendor_reach(vendor, STAGE_STATUS);
    pthread_mutex_lock(&vendor->lock);
    book = *page;
    pthread_mutex_unlock(&vendor->lock);
    if (book.cancelled) {
        snprintf(body, sizeof(body), "{\"status\": \"canceled\", \"error\": {\"code\": \"c\", "
                                     "\"billed\": 0}}");
    } else if (vendor_now_ms() < book.done_at_ms) {
        snprintf(body, sizeof(body), "{\"status\": \"running\", \"progress\": 0.5}");
    } else if (book.fails) {
        snprintf(body, sizeof(body), "{\"status\": \"failed\", \"error\": {\"code\": \"broke\", "
                                     "\"billed\": 0}}");
    } else {
        snprintf(body, sizeof(body), "{\"status\": \"done\", \"cost\": %lld.%06lld}",
                 (long long)(book.billed / 1000000), (long long)(book.billed % 1000000));
        vendor_reach(vendor, STAGE_STATUS_DONE);
    }
    visit_answer(visit, 200, body);
}

static void visit_file(struct visit *visit)
{
    struct vendor *vendor = visit->vendor;
    char head[256];
    int size = snprintf(head, sizeof(head),
                        "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n\r\n", vendor->clip_size);

    visit_send(visit, head, (size_t)size);
    visit_send(visit, vendor->clip, vendor->clip_size / 2);
    vendor_reach(vendor, STAGE_FILE_HALF);
    if (vendor_fault(vendor)) {
        return;
    }
    visit_send(visit, vendor->clip + vendor->clip_size / 2,
               vendor->clip_size - vendor->clip_size / 2);
    vendor_reach(vendor, STAGE_FILE_SENT);
}

static void visit_find(struct visit *visit, const char *reference)
{
    const struct book *book;
    char name[64], body[128];

    snprintf(name, sizeof(name), "%.*s", (int)strcspn(reference, " &"), reference);
    pthread_mutex_lock(&visit->vendor->lock);
    book = book_find(visit->vendor, name);
    pthread_mutex_unlock(&visit->vendor->lock);
    vendor_reach(visit->vendor, STAGE_FIND);
    if (book == NULL) {
        visit_answer(visit, 200, "{\"jobs\": []}");
        return;
    }
    snprintf(body, sizeof(body), "{\"jobs\": [{\"id\": \"job%zu\"}]}",
             (size_t)(book - visit->vendor->books));
    visit_answer(visit, 200, body);
}

static void visit_cancel(struct visit *visit, struct book *book)
{
    char body[128];
    bool cancelled;

    pthread_mutex_lock(&visit->vendor->lock);
    if (!book->cancelled && vendor_now_ms() < book->done_at_ms) {
        book->cancelled = true;
        book->billed = 0;
    }
    cancelled = book->cancelled;
    pthread_mutex_unlock(&visit->vendor->lock);
    if (!cancelled) {
        visit_answer(visit, 409, "{\"error\": {\"code\": \"too_late\"}}");
        return;
    }
    snprintf(body, sizeof(body), "{\"cost\": 0}");
    visit_answer(visit, 200, body);
}

static void visit_serve(struct visit *visit)
{
    struct vendor *vendor = visit->vendor;
    size_t number = 0;
    struct book *book;

    if (strncmp(visit->text, "POST /jobs ", 11) == 0) {
        visit_create(visit);
        return;
    }
    if (visit_trouble(visit)) {
        return;
    }
    if (strncmp(visit->text, "GET /jobs?reference=", 20) == 0) {
        visit_find(visit, visit->text + 20);
        return;
    }
    if ((sscanf(visit->text, "GET /jobs/job%zu", &number) != 1 &&
         sscanf(visit->text, "DELETE /jobs/job%zu", &number) != 1) ||
        number >= book_count(vendor)) {
        visit_answer(visit, 404, "{\"error\": {\"code\": \"unknown\"}}");
        return;
    }
    book = &vendor->books[number];
    if (visit->text[0] == 'D') {
        visit_cancel(visit, book);
    } else if (strstr(visit->text, "/video HTTP") != NULL) {
        visit_file(visit);
    } else {
        visit_status(visit, book);
    }
}

static void *visit_run(void *context)
{
    struct visit *visit = context;
    struct vendor *vendor = visit->vendor;

    vendor_reach(vendor, STAGE_ACCEPTED);
    if (visit_read(visit)) {
        visit_serve(visit);
    }
    close(visit->fd);
    free(visit);
    atomic_fetch_sub(&vendor->working, 1);
    return NULL;
}

static void *vendor_run(void *context)
{
    struct vendor *vendor = context;

    while (!atomic_load(&vendor->closing)) {
        int fd = accept(vendor->listener, NULL, NULL);
        struct visit *visit = fd < 0 ? NULL : calloc(1, sizeof(*visit));
        pthread_t thread;

        if (visit == NULL) {
            continue;
        }
        visit->vendor = vendor;
        visit->fd = fd;
        atomic_fetch_add(&vendor->working, 1);
        if (pthread_create(&thread, NULL, visit_run, visit) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return NULL;
}

void vendor_open(struct vendor *vendor, const char *clip, size_t size, uint64_t seed)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);

    memset(vendor, 0, sizeof(*vendor));
    vendor->clip = clip;
    vendor->clip_size = size;
    atomic_store(&vendor->draw, seed * UINT64_C(0xd1342543de82ef95) + 1);
    pthread_mutex_init(&vendor->lock, NULL);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    vendor->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(vendor->listener, (struct sockaddr *)&address, length) != 0 ||
        listen(vendor->listener, 64) != 0 ||
        getsockname(vendor->listener, (struct sockaddr *)&address, &length) != 0 ||
        pthread_create(&vendor->thread, NULL, vendor_run, vendor) != 0) {
        perror("vendor");
        abort();
    }
    vendor->port = ntohs(address.sin_port);
}

void vendor_close(struct vendor *vendor)
{
    atomic_store(&vendor->closing, true);
    shutdown(vendor->listener, SHUT_RDWR);
    pthread_join(vendor->thread, NULL);
    close(vendor->listener);
    while (atomic_load(&vendor->working) > 0) {
        usleep(1000);
    }
    pthread_mutex_destroy(&vendor->lock);
}
