/* http_client.c - see http_client.h. Drives the calls of http_call.c.
 *
 * curl may not be called back from its own callbacks, and callers may send or cancel in theirs. So
 * both only mark a call and wake the loop through an eventfd, which needs no memory; starting and
 * ending happens in client_settle, when curl is not on the stack. */
#include "platform/http_client.h"

#include "base/alloc.h"
#include "base/check.h"
#include "platform/http_call.h"

#include <curl/curl.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct socket_watch { /* curl keeps the pointer, by curl_multi_assign */
    struct socket_watch *next, *previous;
    struct gen_watch *watch;
};

struct gen_http_client {
    struct gen_loop *loop;
    CURLM *multi;
    int wake_fd;
    struct gen_watch *wake;
    struct gen_timer *timer;
    int64_t timer_at;                   /* on the loop's clock, -1 = curl waits for nothing */
    struct gen_http_call *calls;        /* all, running or not */
    struct gen_http_call *first, *last; /* those that are to be started or ended, in order */
    struct socket_watch *sockets;
    char *proxy; /* "" = none */
    bool settling;
    bool closing;
};

/* Kept open for the next request. Fewer, and those who poll thousands of jobs dial anew each time. */
#define CLIENT_IDLE_CONNECTIONS 256L

static void client_drive(struct gen_http_client *client, curl_socket_t fd, int events);

static void client_wake(struct gen_http_client *client)
{
    (void)eventfd_write(client->wake_fd, 1); /* fails only when it is full: awake already */
}

/* It is to be started, or ended. */
static void client_queue(struct gen_http_client *client, struct gen_http_call *call)
{
    if (call->queued) {
        return;
    }
    call->queued = true;
    call->after = NULL;
    if (client->last == NULL) {
        client->first = call;
    } else {
        client->last->after = call;
    }
    client->last = call;
}

/* The next one that waits for us, or NULL. */
static struct gen_http_call *client_next(struct gen_http_client *client)
{
    struct gen_http_call *call = client->first;

    if (call != NULL) {
        client->first = call->after;
        client->last = client->first == NULL ? NULL : client->last;
        call->queued = false;
    }
    return call;
}

/* ------------------------------------------------------------------ curl's needs on the loop -- */

static void client_on_socket(void *context, int fd, unsigned events)
{
    int flags = 0;

    flags |= (events & GEN_WATCH_READ) != 0 ? CURL_CSELECT_IN : 0;
    flags |= (events & GEN_WATCH_WRITE) != 0 ? CURL_CSELECT_OUT : 0;
    client_drive(context, fd, flags);
}

static void client_unwatch(struct gen_http_client *client, struct socket_watch *entry)
{
    gen_watch_close(&entry->watch);
    if (entry->previous != NULL) {
        entry->previous->next = entry->next;
    } else {
        client->sockets = entry->next;
    }
    if (entry->next != NULL) {
        entry->next->previous = entry->previous;
    }
    gen_free(entry);
}

static bool client_watch(struct gen_http_client *client, curl_socket_t fd, unsigned events)
{
    struct socket_watch *entry = gen_alloc(sizeof *entry);

    if (entry == NULL) {
        return false;
    }
    if (gen_watch_open(client->loop, fd, events, client_on_socket, client, &entry->watch, NULL) !=
        GEN_OK) {
        gen_free(entry);
        return false;
    }
    entry->next = client->sockets;
    if (entry->next != NULL) {
        entry->next->previous = entry;
    }
    client->sockets = entry;
    (void)curl_multi_assign(client->multi, fd, entry);
    return true;
}

static int client_want_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *of_fd)
{
    struct gen_http_client *client = context;
    struct socket_watch *entry = of_fd;
    struct gen_http_call *call = NULL;
    unsigned events = 0;

    events |= what == CURL_POLL_IN || what == CURL_POLL_INOUT ? GEN_WATCH_READ : 0U;
    events |= what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? GEN_WATCH_WRITE : 0U;
    if (what == CURL_POLL_REMOVE) {
        if (entry != NULL) {
            client_unwatch(client, entry);
        }
    } else if (entry != NULL) {
        gen_watch_set(entry->watch, events);
    } else if (!client_watch(client, fd, events)) {
        /* Returning -1 would end every transfer of the multi handle; this one alone is lost. */
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
        if (call != NULL) {
            call->starved = true;
            client_queue(client, call);
        }
        client_wake(client);
    }
    return 0;
}

static void client_on_timer(void *context)
{
    struct gen_http_client *client = context;

    client->timer = NULL;
    client->timer_at = -1;
    client_drive(client, CURL_SOCKET_TIMEOUT, 0);
}

static void client_arm(struct gen_http_client *client)
{
    gen_timer_cancel(&client->timer);
    if (client->timer_at < 0) {
        return;
    }
    client->timer = gen_timer_start(client->loop, client->timer_at - gen_loop_now(client->loop),
                                    client_on_timer, client);
    if (client->timer == NULL) {
        client_wake(client); /* no memory: look again in the next turn, until there is some */
    }
}

static int client_want_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct gen_http_client *client = context;

    (void)multi;
    client->timer_at = timeout_ms < 0 ? -1 : gen_loop_now(client->loop) + timeout_ms;
    client_arm(client);
    return 0;
}

/* ----------------------------------------------------------------------- starting and ending -- */

/* Out of the queue, wherever it stands in it. */
static void client_dequeue(struct gen_http_client *client, struct gen_http_call *call)
{
    struct gen_http_call *before = NULL, *at = client->first;

    for (; call->queued && at != call; at = at->after) {
        before = at;
    }
    if (!call->queued) {
        return;
    }
    if (before == NULL) {
        client->first = call->after;
    } else {
        before->after = call->after;
    }
    client->last = client->last == call ? before : client->last;
    call->queued = false;
}

static void client_forget(struct gen_http_client *client, struct gen_http_call *call)
{
    client_dequeue(client, call);
    if (call->previous != NULL) {
        call->previous->next = call->next;
    } else {
        client->calls = call->next;
    }
    if (call->next != NULL) {
        call->next->previous = call->previous;
    }
}

static void client_end(struct gen_http_client *client, struct gen_http_call *call, int code)
{
    struct gen_http_response response;

    if (call->running) {
        (void)curl_multi_remove_handle(client->multi, call->easy);
        call->running = false;
    }
    call->ended = true;
    gen_http_call_finish(call, code, &response);
    client_forget(client, call);
    if (call->request.on_end != NULL) {
        call->request.on_end(call->request.context, &response);
    }
    gen_http_call_destroy(call);
}

static void client_start(struct gen_http_client *client, struct gen_http_call *call)
{
    CURLMcode code = curl_multi_add_handle(client->multi, call->easy);

    if (code == CURLM_OK) {
        call->running = true;
    } else {
        call->refusal = "out of memory while starting the request";
        client_end(client, call, CURLE_OUT_OF_MEMORY);
    }
}

static void client_done(struct gen_http_client *client, struct gen_http_call *call, int code)
{
    (void)curl_multi_remove_handle(client->multi, call->easy);
    call->running = false;
    if (!gen_http_call_redirect(call, code, gen_loop_now(client->loop))) {
        client_end(client, call, code);
    } else {
        client_queue(client, call); /* it is started again like a new one */
    }
}

static void client_settle(struct gen_http_client *client)
{
    struct gen_http_call *call;
    CURLMsg *message;
    int left;

    if (client->settling) {
        return;
    }
    client->settling = true;
    do {
        while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
            CURLcode code = message->data.result; /* the message goes with its handle */

            call = NULL;
            (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
            GEN_CHECK(call != NULL && message->msg == CURLMSG_DONE);
            client_done(client, call, (int)code);
        }
        call = client_next(client); /* callbacks change the queue: each look is a new one */
        if (call != NULL && (call->canceled || call->starved)) {
            client_end(client, call, CURLE_ABORTED_BY_CALLBACK);
        } else if (call != NULL && !call->running) {
            client_start(client, call);
        }
    } while (call != NULL);
    client->settling = false;
}

static void client_drive(struct gen_http_client *client, curl_socket_t fd, int events)
{
    int running;

    (void)curl_multi_socket_action(client->multi, fd, events, &running);
    client_settle(client);
}

static void client_on_wake(void *context, int fd, unsigned events)
{
    struct gen_http_client *client = context;
    eventfd_t count;

    (void)events;
    (void)eventfd_read(fd, &count);
    client_settle(client);
    if (client->timer == NULL && client->timer_at >= 0) { /* see client_arm */
        client_arm(client);
    }
}

/* ----------------------------------------------------------------------------------- outside -- */

static enum gen_status client_set_up(struct gen_http_client *client, struct gen_error *err)
{
    client->multi = curl_multi_init();
    if (client->multi == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for the HTTP client");
    }
    (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, client_want_socket);
    (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
    (void)curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, client_want_timer);
    (void)curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
    (void)curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    (void)curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, CLIENT_IDLE_CONNECTIONS);
    client->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (client->wake_fd < 0) {
        return gen_error_set(err, GEN_EIO, "cannot create an event descriptor: %s",
                             strerror(errno));
    }
    return gen_watch_open(client->loop, client->wake_fd, GEN_WATCH_READ, client_on_wake, client,
                          &client->wake, err);
}

/* ----------------------------------------------------------------------------- libcurl's memory -- */

/* Requests carry keys of providers: what libcurl frees is overwritten first. It is not ours, so
 * base/alloc has nothing to do with it. */
static void wiping_free(void *block)
{
    if (block != NULL) {
        explicit_bzero(block, malloc_usable_size(block));
        free(block); /* house-allow call: libcurl's own memory */
    }
}

static void *wiping_realloc(void *block, size_t size)
{
    size_t old = block == NULL ? 0 : malloc_usable_size(block);
    void *other = malloc(size > 0 ? size : 1); /* house-allow call: libcurl's own memory */

    if (other != NULL && block != NULL) {
        memcpy(other, block, old < size ? old : size);
        wiping_free(block);
    }
    return other;
}

static bool client_curl_begin(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiping_free, wiping_realloc, strdup,
                                calloc) == CURLE_OK;
}

enum gen_status gen_http_client_create(struct gen_loop *loop, struct gen_http_client **out,
                                       struct gen_error *err)
{
    struct gen_http_client *client = NULL;
    enum gen_status status;

    if (!client_curl_begin()) { /* counted; ends in destroy */
        return gen_error_set(err, GEN_ENOMEM, "libcurl could not be started");
    }
    client = gen_alloc(sizeof *client);
    if (client == NULL) {
        curl_global_cleanup();
        return gen_error_set(err, GEN_ENOMEM, "out of memory for the HTTP client");
    }
    client->loop = loop;
    client->wake_fd = -1;
    client->timer_at = -1;
    client->proxy = gen_strdup("");
    status = client->proxy == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                   : client_set_up(client, err);
    if (status == GEN_OK) {
        *out = client;
    } else {
        gen_http_client_destroy(client);
    }
    return status;
}

void gen_http_client_destroy(struct gen_http_client *client)
{
    if (client == NULL) {
        return;
    }
    client->closing = true;
    while (client->calls != NULL) {
        client->calls->canceled = true;
        client_end(client, client->calls, CURLE_ABORTED_BY_CALLBACK);
    }
    curl_multi_cleanup(client->multi); /* closes the cached connections and their watches */
    while (client->sockets != NULL) {
        client_unwatch(client, client->sockets);
    }
    gen_timer_cancel(&client->timer);
    gen_watch_close(&client->wake);
    if (client->wake_fd >= 0) {
        (void)close(client->wake_fd);
    }
    gen_free(client->proxy);
    gen_free(client);
    curl_global_cleanup();
}

enum gen_status gen_http_client_proxy_check(const char *url, struct gen_error *err)
{
    static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://"};
    size_t row = 0;

    while (row < GEN_COUNT(schemes) && strncmp(url, schemes[row], strlen(schemes[row])) != 0) {
        row++;
    }
    if (row == GEN_COUNT(schemes) || url[strlen(schemes[row])] == '\0') {
        return gen_error_set(err, GEN_EINVAL,
                             "\"%.60s\" is no proxy: write http://proxy.example:3128, or the same "
                             "with https://, socks5:// or socks5h://",
                             url);
    }
    return GEN_OK;
}

enum gen_status gen_http_client_proxy(struct gen_http_client *client, const char *url,
                                      struct gen_error *err)
{
    char *copy = NULL;
    enum gen_status status = gen_http_client_proxy_check(url, err);

    if (status != GEN_OK) {
        return status;
    }
    copy = gen_strdup(url);
    if (copy == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_free(client->proxy);
    client->proxy = copy;
    return GEN_OK;
}

enum gen_status gen_http_send(struct gen_http_client *client,
                              const struct gen_http_request *request, struct gen_http_call **out,
                              struct gen_error *err)
{
    struct gen_http_call *call = NULL;
    enum gen_status status;

    if (client->closing) {
        return gen_error_set(err, GEN_ECANCELED, "the HTTP client is being closed");
    }
    status = gen_http_call_create(request, client->proxy, client->loop, &call, err);
    if (status != GEN_OK) {
        return status;
    }
    call->client = client;
    call->next = client->calls;
    if (call->next != NULL) {
        call->next->previous = call;
    }
    client->calls = call;
    client_queue(client, call);
    client_wake(client);
    if (out != NULL) {
        *out = call;
    }
    return GEN_OK;
}

void gen_http_cancel(struct gen_http_call *call)
{
    if (call->ended) {
        return;
    }
    call->canceled = true;
    client_queue(call->client, call);
    client_wake(call->client);
}

const char *gen_http_header(const struct gen_http_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (strcmp(response->headers[i].name, name) == 0) {
            return response->headers[i].value;
        }
    }
    return NULL;
}
