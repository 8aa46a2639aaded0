/* http_client_test.c - core/platform/http_client.c and http_call.c against a scripted server on
 * loopback (a thread that counts what it reads and answers as told), which behaves as badly as real
 * ones do. Only the two time limits wait for time to pass. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/http_client.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_SIZE = 256 * 1024, TURNS_MOST = 200000 };

/* -------------------------------------------------------------------------- the scripted server -- */

enum manner {
    ANSWER = 1,      /* read a request, send `answer`, close */
    ANSWER_KEEP,     /* the same, and go on with the connection */
    HANG_UP,         /* close without reading */
    READ_HANG_UP,    /* read the request, close */
    ONCE_THEN_HANG_UP, /* answer the first request of the server, then read and close */
    READ_SILENT,     /* read the request, say nothing until the peer leaves */
    ANSWER_SILENT,   /* send `answer`, say nothing more until the peer leaves */
};

struct script {
    enum manner manner;
    const char *answer;
    size_t answer_size; /* 0 = strlen */
    int fd, port;
    pthread_t thread;
    atomic_int connections, requests;
    atomic_bool closing;
    atomic_size_t logged;
    char *log; /* all that was read */
};

static size_t content_length(const char *head)
{
    const char *at = strcasestr(head, "\r\ncontent-length:");

    return at == NULL ? 0 : strtoul(at + 17, NULL, 10);
}

/* Reads one request into the log; false when the peer left before its end. */
static bool script_read(struct script *script, int fd)
{
    size_t start = atomic_load(&script->logged);
    size_t needed = 0;

    while (true) {
        size_t have = atomic_load(&script->logged) - start;
        const char *end = strstr(script->log + start, "\r\n\r\n");
        ssize_t got;

        if (end != NULL) {
            bool chunked = strcasestr(script->log + start, "transfer-encoding: chunked") != NULL;

            needed = (size_t)(end + 4 - script->log) - start + content_length(script->log + start);
            if (chunked ? strstr(end, "\r\n0\r\n\r\n") != NULL : have >= needed) {
                atomic_fetch_add(&script->requests, 1);
                return true;
            }
        }
        got = recv(fd, script->log + start + have, LOG_SIZE - 1 - start - have, 0);
        if (got <= 0) {
            return false;
        }
        script->log[start + have + (size_t)got] = '\0';
        atomic_store(&script->logged, start + have + (size_t)got);
    }
}

static void script_answer(const struct script *script, int fd)
{
    size_t size = script->answer_size > 0 ? script->answer_size : strlen(script->answer);
    const char *at = script->answer;

    while (size > 0) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);

        if (sent <= 0) {
            return;
        }
        at += sent;
        size -= (size_t)sent;
    }
}

static void wait_for_end(int fd)
{
    char byte[512];

    while (recv(fd, byte, sizeof byte, 0) > 0) {
    }
}

static void script_serve(struct script *script, int fd)
{
    bool more = true;

    while (more && script->manner != HANG_UP && script_read(script, fd)) {
        bool first = atomic_load(&script->requests) == 1;

        if (script->manner == READ_SILENT) {
            wait_for_end(fd);
        } else if (script->manner == ANSWER_SILENT) {
            script_answer(script, fd);
            wait_for_end(fd);
        } else if (script->manner != READ_HANG_UP &&
                   (script->manner != ONCE_THEN_HANG_UP || first)) {
            script_answer(script, fd);
        }
        more = script->manner == ANSWER_KEEP || (script->manner == ONCE_THEN_HANG_UP && first);
    }
    close(fd);
}

struct visit {
    struct script *script;
    int fd;
};

static void *script_visit(void *context)
{
    struct visit *visit = context;

    script_serve(visit->script, visit->fd);
    free(visit);
    return NULL;
}

static void *script_run(void *context)
{
    struct script *script = context;
    int fd;

    while ((fd = accept4(script->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0 &&
           !atomic_load(&script->closing)) {
        atomic_fetch_add(&script->connections, 1);
        if (script->manner == ANSWER_KEEP) { /* clients may open a second one meanwhile */
            struct visit *visit = malloc(sizeof *visit);
            pthread_t thread;

            *visit = (struct visit){script, fd};
            pthread_create(&thread, NULL, script_visit, visit);
            pthread_detach(thread);
        } else {
            script_serve(script, fd);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return NULL;
}

static void script_open(struct script *script, enum manner manner, const char *answer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;

    memset(script, 0, sizeof *script);
    script->manner = manner;
    script->answer = answer;
    script->log = calloc(1, LOG_SIZE);
    script->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(bind(script->fd, (struct sockaddr *)&at, sizeof at) == 0);
    cr_assert(listen(script->fd, 64) == 0);
    cr_assert(getsockname(script->fd, (struct sockaddr *)&at, &size) == 0);
    script->port = ntohs(at.sin_port);
    cr_assert(pthread_create(&script->thread, NULL, script_run, script) == 0);
}

static void script_close(struct script *script)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)script->port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    atomic_store(&script->closing, true);
    (void)connect(fd, (struct sockaddr *)&at, sizeof at); /* wakes accept */
    pthread_join(script->thread, NULL);
    close(fd);
    close(script->fd);
    free(script->log);
}

/* ---------------------------------------------------------------------------------- the client -- */

struct desk {
    struct gen_loop *loop;
    struct gen_http_client *client;
};

struct result { /* a copy of a response */
    struct desk *desk;
    int ends;
    struct gen_http_response response;
    char body[4096], reason[512], content_type[128], pieces[4096];
    int64_t sent;
    struct gen_http_call *call;
    int data_calls;
    bool cancel_in_data, cancel_in_end, send_in_end;
    struct result *next;
};

static struct gen_http_request request_to(const struct script *script, struct result *result,
                                          char *url, const char *method);

static void on_end(void *context, const struct gen_http_response *response)
{
    struct result *result = context;
    const char *type = gen_http_header(response, "content-type");
    size_t kept = response->body_size < sizeof result->body ? response->body_size
                                                            : sizeof result->body - 1;

    result->ends++;
    result->response = *response;
    memcpy(result->body, response->body, kept);
    result->body[kept] = '\0';
    cr_assert(response->body[response->body_size] == '\0');
    snprintf(result->reason, sizeof result->reason, "%s", response->reason);
    snprintf(result->content_type, sizeof result->content_type, "%s", type == NULL ? "" : type);
    if (result->cancel_in_end) {
        gen_http_cancel(result->call);
    }
}

static void on_data(void *context, const char *data, size_t size)
{
    struct result *result = context;

    result->data_calls++;
    strncat(result->pieces, data, size);
    if (result->cancel_in_data) {
        gen_http_cancel(result->call);
    }
}

static void on_sent(void *context, int64_t sent, int64_t total)
{
    struct result *result = context;

    cr_assert(sent <= total && sent >= result->sent);
    result->sent = sent;
}

static void desk_open(struct desk *desk)
{
    struct gen_error err;

    cr_assert(gen_loop_create(&desk->loop, &err) == GEN_OK);
    cr_assert(gen_http_client_create(desk->loop, &desk->client, &err) == GEN_OK);
}

static void desk_close(struct desk *desk)
{
    gen_http_client_destroy(desk->client);
    gen_loop_destroy(desk->loop);
}

static struct gen_http_request request_to(const struct script *script, struct result *result,
                                          char *url, const char *method)
{
    snprintf(url, 128, "http://127.0.0.1:%d/path?q=1", script->port);
    memset(result, 0, sizeof *result);
    return (struct gen_http_request){.method = method,
                                     .url = url,
                                     .allow_private = true,
                                     .on_end = on_end,
                                     .context = result};
}

static void desk_wait(struct desk *desk, struct result *result)
{
    for (int i = 0; result->ends == 0 && i < TURNS_MOST; i++) {
        gen_loop_turn(desk->loop);
    }
    cr_assert(result->ends == 1);
}

static void desk_do(struct desk *desk, const struct gen_http_request *request,
                    struct result *result)
{
    struct gen_error err = {0};

    cr_assert(gen_http_send(desk->client, request, &result->call, &err) == GEN_OK, "%s",
              err.message);
    cr_assert(result->ends == 0);
    desk_wait(desk, result);
}

/* --------------------------------------------------------------------------------------- fates -- */

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"

struct fate_case {
    const char *what;
    enum manner manner;
    const char *answer;
    enum gen_http_fate fate;
    int status;
    const char *body;
    int requests; /* that the server read in all */
};

static const struct fate_case FATES[] = {
    {"a plain answer", ANSWER, OK_HEAD "Content-Length: 5\r\n\r\nhello", GEN_HTTP_ANSWERED, 200,
     "hello", 1},
    {"an answer that ends with the connection", ANSWER, OK_HEAD "\r\nhello", GEN_HTTP_ANSWERED, 200,
     "hello", 1},
    {"an answer in chunks, with a trailer", ANSWER,
     OK_HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n",
     GEN_HTTP_ANSWERED, 200, "hello", 1},
    {"an error", ANSWER, "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", GEN_HTTP_ANSWERED, 500,
     "no", 1},
    {"interim responses first", ANSWER,
     "HTTP/1.1 102 Wait\r\nContent-Type: none\r\n\r\nHTTP/1.1 103 Hint\r\n\r\n" OK_HEAD
     "Content-Length: 2\r\n\r\nok", GEN_HTTP_ANSWERED, 200, "ok", 1},
    {"a redirect is not followed", ANSWER,
     "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", GEN_HTTP_ANSWERED, 302,
     "", 1},
    {"a 417 is not an invitation to try again", ANSWER,
     "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n", GEN_HTTP_ANSWERED, 417, "", 1},
    {"a demand for credentials is not one either", ANSWER,
     "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n",
     GEN_HTTP_ANSWERED, 401, "", 1},
    {"closed without reading", HANG_UP, "", GEN_HTTP_UNKNOWN, 0, "", 0},
    {"read, then closed", READ_HANG_UP, "", GEN_HTTP_UNKNOWN, 0, "", 1},
    {"read, then closed within the status line", ANSWER, "HTTP/1.1 2", GEN_HTTP_UNKNOWN, 0, "", 1},
    {"closed within the headers", ANSWER, OK_HEAD "Content-Le", GEN_HTTP_UNKNOWN, 0, "", 1},
    {"the body is cut off", ANSWER, OK_HEAD "Content-Length: 50\r\n\r\nhello", GEN_HTTP_PARTIAL, 200,
     "hello", 1},
    {"the body is cut off between chunks", ANSWER,
     OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", GEN_HTTP_PARTIAL, 200, "hello", 1},
    {"a chunk size is garbage", ANSWER,
     OK_HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", GEN_HTTP_PARTIAL, 200, "",
     1},
    {"not HTTP at all", ANSWER, "220 smtp.example ESMTP\r\n", GEN_HTTP_UNKNOWN, 0, "", 1},
    {"two lengths that differ", ANSWER,
     OK_HEAD "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", GEN_HTTP_PARTIAL, 200, "hello",
     1},
    {NULL, 0, NULL, 0, 0, NULL, 0},
};

Test(http_client, says_how_far_a_request_that_costs_got_and_sends_it_once)
{
    struct desk desk;

    desk_open(&desk);
    for (const struct fate_case *row = FATES; row->what != NULL; row++) {
        struct script script;
        struct result result;
        char url[128];
        struct gen_http_request request;

        script_open(&script, row->manner, row->answer);
        request = request_to(&script, &result, url, "POST");
        request.once = true;
        request.body = "money";
        request.body_size = 5;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == row->fate, "%s: fate %d, %s", row->what,
                  result.response.fate, result.reason);
        cr_expect(result.response.status == row->status, "%s: status %d", row->what,
                  result.response.status);
        cr_expect(strcmp(result.body, row->body) == 0, "%s: body %s", row->what, result.body);
        cr_expect(result.response.body_complete == (row->fate == GEN_HTTP_ANSWERED), "%s",
                  row->what);
        cr_expect(strlen(result.reason) > 0 == (row->fate != GEN_HTTP_ANSWERED), "%s: %s", row->what,
                  result.reason);
        cr_expect(atomic_load(&script.requests) == row->requests, "%s: %d requests", row->what,
                  atomic_load(&script.requests));
        script_close(&script);
    }
    desk_close(&desk);
}
