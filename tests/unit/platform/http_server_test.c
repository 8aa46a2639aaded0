/* http_server_test.c - core/platform/http_server.c and exchange.c over real sockets: what peers
 * send, well formed or not, and what they get. The server and the peer share one thread; nothing
 * here measures time. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/files_call.h"
#include "platform/http_client.h"
#include "platform/http_server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MOST = 4 * 1024 * 1024, PATIENCE = 20000, UPLOAD_MOST = 300000, FILE_SIZE = 1000 };

struct house {
    struct gen_loop *loop;
    struct gen_http_server *server;
    char folder[64], socket[96];
    int heads, bodies, ends, drains;
    struct gen_exchange *waiting; /* of /late and /stream */
    struct gen_timer *timer;
    int streams;
    char *answer; /* what the peer read, NUL-terminated */
    size_t answer_size;
};

/* ------------------------------------------------------------------------- a handler to test -- */

static void reply_text(struct gen_exchange *exchange, int status, const char *text)
{
    gen_exchange_reply(exchange, status, "text/plain", text, strlen(text));
}

static void late_reply(void *context)
{
    struct house *house = context;

    house->timer = NULL;
    reply_text(house->waiting, 200, "late");
}

static void reply_the_file(struct gen_exchange *exchange, const struct house *house)
{
    char path[128];
    int fd;

    snprintf(path, sizeof path, "%s/file", house->folder);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    cr_assert(fd >= 0);
    gen_exchange_reply_file(exchange, fd, "video/mp4", "tag-1");
}

static bool add_pair(void *context, const char *key, const char *value)
{
    strcat(strcat(strcat(strcat(context, "["), key), "="), value);
    strcat(context, "]");
    return strcmp(key, "stop") != 0;
}

static void on_head(void *context, struct gen_exchange *exchange)
{
    struct house *house = context;
    const char *path = gen_exchange_path(exchange);

    house->heads++;
    gen_exchange_set_state(exchange, house);
    if (strcmp(path, "/early") == 0) {
        reply_text(exchange, 401, "who are you");
    } else if (strcmp(path, "/echo") == 0 || strcmp(path, "/late") == 0) {
        gen_exchange_accept(exchange, GEN_HTTP_BODY_MEMORY, 100000);
    } else if (strcmp(path, "/upload") == 0 || strcmp(path, "/keep") == 0) {
        gen_exchange_accept(exchange, GEN_HTTP_BODY_FILE, UPLOAD_MOST);
    } /* the others take no body */
}

static void reply_query(struct gen_exchange *exchange)
{
    char text[1024] = "";

    gen_exchange_each_query(exchange, add_pair, text);
    snprintf(
        text + strlen(text), 256, " a is %s, header is %s, %s",
        gen_exchange_query(exchange, "a") == NULL ? "absent" : gen_exchange_query(exchange, "a"),
        gen_exchange_header(exchange, "x-test") == NULL ? "absent"
                                                        : gen_exchange_header(exchange, "x-test"),
        gen_exchange_is_local(exchange) ? "local" : "remote");
    gen_exchange_reply_header(exchange, "X-Custom", "yes");
    reply_text(exchange, 200, text);
}

static void on_body(void *context, struct gen_exchange *exchange)
{
    struct house *house = context;
    const char *path = gen_exchange_path(exchange);
    char text[1200];
    int64_t size = 0;

    house->bodies++;
    if (strcmp(path, "/echo") == 0) {
        size_t bytes;
        const char *body = gen_exchange_body(exchange, &bytes);

        gen_exchange_reply(exchange, 200, NULL, body, bytes);
    } else if (strcmp(path, "/upload") == 0 || strcmp(path, "/keep") == 0) {
        const char *file = gen_exchange_body_file(exchange, &size);
        struct stat facts;

        cr_assert(stat(file, &facts) == 0 && facts.st_size == size);
        cr_assert(0600 == (facts.st_mode & 0777));
        if (path[1] == 'k') {
            gen_exchange_keep_file(exchange);
        }
        snprintf(text, sizeof text, "stored %lld", (long long)size);
        reply_text(exchange, 201, text);
    } else if (strcmp(path, "/late") == 0) {
        house->waiting = exchange;
        house->timer = gen_timer_start(house->loop, 20, late_reply, house);
        if (house->timer == NULL) {
            late_reply(house);
        }
    } else if (strcmp(path, "/never") == 0) {
        house->waiting = exchange;
    } else if (strcmp(path, "/file") == 0) {
        reply_the_file(exchange, house);
    } else if (strcmp(path, "/stream") == 0) {
        house->waiting = exchange;
        house->streams++;
        gen_exchange_stream(exchange, 200, "text/event-stream", 100000);
    } else if (strcmp(path, "/query") == 0) {
        reply_query(exchange);
    } else {
        snprintf(text, sizeof text, "nothing at %s", path);
        reply_text(exchange, 404, text);
    }
}

static void on_end(void *context, struct gen_exchange *exchange)
{
    struct house *house = context;

    cr_assert(gen_exchange_state(exchange) == house);
    house->ends++;
    if (house->waiting == exchange) {
        house->waiting = NULL;
        gen_timer_cancel(&house->timer);
    }
}

static void on_drain(void *context, struct gen_exchange *exchange)
{
    struct house *house = context;

    (void)exchange;
    house->drains++;
}

/* ---------------------------------------------------------------------------- house and peer -- */

static struct gen_http_handler handler_of(struct house *house)
{
    return (struct gen_http_handler){on_head, on_body, on_end, on_drain, house};
}

static void house_listen(struct house *house, int max_connections)
{
    struct gen_http_listen listen = {.unix_socket = house->socket,
                                     .address = "127.0.0.1",
                                     .max_connections = max_connections,
                                     .upload_folder = house->folder};
    struct gen_http_handler handler = handler_of(house);
    struct gen_error err = {0};

    cr_assert(gen_http_server_create(house->loop, &listen, &handler, &house->server, &err) ==
                  GEN_OK,
              "%s", err.message);
}

static void house_open(struct house *house)
{
    char path[128], bytes[FILE_SIZE];
    struct gen_error err;

    memset(house, 0, sizeof *house);
    strcpy(house->folder, "/tmp/gen-server-XXXXXX");
    cr_assert(mkdtemp(house->folder) != NULL);
    snprintf(house->socket, sizeof house->socket, "%s/sock", house->folder);
    snprintf(path, sizeof path, "%s/file", house->folder);
    for (int i = 0; i < FILE_SIZE; i++) {
        bytes[i] = (char)('a' + i % 26);
    }
    cr_assert(gen_files_write(path, bytes, sizeof bytes, 0600, &err) == GEN_OK);
    cr_assert(gen_loop_create(&house->loop, &err) == GEN_OK);
    house->answer = malloc(ANSWER_MOST);
    house_listen(house, 0);
}

static void house_close(struct house *house)
{
    struct gen_error err;

    gen_timer_cancel(&house->timer);
    gen_http_server_destroy(house->server);
    gen_loop_destroy(house->loop);
    cr_assert(house->heads == house->ends, "%d heads, %d ends", house->heads, house->ends);
    cr_assert(gen_files_remove_tree(house->folder, &err) == GEN_OK);
    free(house->answer);
}

static int peer_open(struct house *house, bool local)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    struct sockaddr_in port = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)gen_http_server_port(house->server)),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(path.sun_path, house->socket);
    cr_assert(connect(fd, local ? (struct sockaddr *)&path : (struct sockaddr *)&port,
                      local ? sizeof path : sizeof port) == 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void house_turns(struct house *house, int turns)
{
    for (int i = 0; i < turns; i++) {
        gen_loop_poll(house->loop);
    }
}

/* Sends while the server runs; false when it closed the connection before all was sent. */
static bool peer_send(struct house *house, int fd, const char *data, size_t size)
{
    for (int i = 0; size > 0 && i < PATIENCE; i++) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);

        if (sent < 0 && errno != EAGAIN) {
            return false;
        }
        if (sent > 0) {
            data += sent;
            size -= (size_t)sent;
            i = 0;
        } else {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};

            poll(&wait, 1, 1);
        }
        gen_loop_poll(house->loop);
    }
    return size == 0;
}

/* Reads into house->answer until `until` is in it, or the end (NULL). */
static void peer_read(struct house *house, int fd, const char *until)
{
    house->answer_size = 0;
    for (int i = 0; i < PATIENCE; i++) {
        ssize_t got = recv(fd, house->answer + house->answer_size,
                           ANSWER_MOST - 1 - house->answer_size, 0);

        house->answer[house->answer_size + (got > 0 ? (size_t)got : 0)] = '\0';
        if (got > 0) {
            house->answer_size += (size_t)got;
            i = 0;
        } else if (got == 0 || errno != EAGAIN) {
            cr_assert(until == NULL, "the server closed: %s", house->answer);
            return;
        } else {
            struct pollfd wait = {.fd = fd, .events = POLLIN};

            poll(&wait, 1, 1);
        }
        if (until != NULL && memmem(house->answer, house->answer_size, until, strlen(until))) {
            return;
        }
        gen_loop_poll(house->loop);
    }
    cr_assert(false, "nothing more came after: %.300s", house->answer);
}

static void ask(struct house *house, const char *request)
{
    int fd = peer_open(house, false);

    (void)peer_send(house, fd, request, strlen(request));
    peer_read(house, fd, NULL);
    close(fd);
    house_turns(house, 5);
}

static int files_left(const struct house *house)
{
    DIR *folder = opendir(house->folder);
    struct dirent *entry;
    int count = 0;

    while ((entry = readdir(folder)) != NULL) {
        count += strncmp(entry->d_name, "upload-", 7) == 0;
    }
    closedir(folder);
    return count;
}

/* --------------------------------------------------------------------------- simple requests -- */

#define HOST "Host: x\r\nConnection: close\r\n"

struct ask_case {
    const char *request;
    const char *starts; /* of the answer */
    const char *has;    /* NULL = do not look */
    const char *ends;
    const char *lacks;
};

static const struct ask_case ASKS[] = {
    /* plain */
    {"GET /nowhere HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 ", "Content-Type: text/plain\r\n",
     "\r\n\r\nnothing at /nowhere", NULL},
    {"GET / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 ", "X-Content-Type-Options: nosniff\r\n", NULL,
     NULL},
    /* a body in memory, none at all, and in chunks */
    {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "HTTP/1.1 200 ",
     "Content-Length: 5\r\n", "\r\n\r\nhello", NULL},
    {"POST /echo HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", "Content-Length: 0\r\n", "\r\n\r\n",
     NULL},
    {"POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
     "HTTP/1.1 200 ", NULL, "\r\n\r\nabcde", NULL},
    {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "HTTP/1.1 400 ",
     NULL, NULL, NULL},
    /* a body where none is wanted, announced or in chunks */
    {"POST /file HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "HTTP/1.1 400 ",
     "application/problem+json",
     "\"code\":\"invalid\",\"detail\":\"This request must not have a body.\"}", NULL},
    {"POST /file HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
     "HTTP/1.1 400 ", NULL, NULL, NULL},
    /* to a file */
    {"PUT /upload HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "HTTP/1.1 201 ", NULL,
     "\r\n\r\nstored 5", NULL},
    {"PUT /upload HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 201 ", NULL, "stored 0", NULL},
    /* too large by its own words: no byte of the body is awaited */
    {"PUT /upload HTTP/1.1\r\n" HOST "Content-Length: 300001\r\n\r\n", "HTTP/1.1 413 ",
     "Connection: close\r\n", NULL, NULL},
    {"PUT /upload HTTP/1.1\r\n" HOST "Content-Length: 300001\r\n\r\n", "HTTP/1.1 413 ",
     "at most 300000 bytes", NULL, NULL},
    {"PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999\r\n\r\n", "HTTP/1.1 413 ",
     "\"code\":\"too_large\"", NULL, NULL},
    {"PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\n",
     "HTTP/1.1 413 ", NULL, NULL, NULL},
    {"PUT /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", "HTTP/1.1 400 ", NULL, NULL, NULL},
    {"PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 1x\r\n\r\n", "HTTP/1.1 400 ", NULL, NULL, NULL},
    /* 100-continue: the refusal comes instead of it */
    {"PUT /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 999999\r\n\r\n",
     "HTTP/1.1 413 ", NULL, NULL, NULL},
    {"PUT /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
     "HTTP/1.1 100 ", "HTTP/1.1 200 ", "\r\n\r\nok", NULL},
    /* replied at the head, with and without a body that nobody reads */
    {"GET /early HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 401 ", NULL, "who are you", NULL},
    {"POST /early HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "HTTP/1.1 401 ", NULL,
     "who are you", NULL},
    /* the reply comes from another turn of the loop */
    {"GET /late HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", NULL, "\r\n\r\nlate", NULL},
    {"POST /late HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 200 ", NULL,
     "\r\n\r\nlate", NULL},
    /* HEAD: the size, not the body */
    {"HEAD /file HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", "Content-Length: 1000\r\n", "\r\n\r\n",
     NULL},
    {"HEAD /nowhere HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 ", "Content-Length: 19\r\n",
     "\r\n\r\n", NULL},
    {"HEAD /stream HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", "text/event-stream", "\r\n\r\n",
     NULL},
    /* a file: whole, ranges, suffix, beyond the end, several, nonsense */
    {"GET /file HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", "ETag: \"tag-1\"\r\n", "jkl", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", "Accept-Ranges: bytes\r\n", NULL,
     "Content-Range"},
    {"GET /file HTTP/1.1\r\n" HOST "Range: bytes=0-2\r\n\r\n", "HTTP/1.1 206 ",
     "Content-Range: bytes 0-2/1000\r\n", "\r\n\r\nabc", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "Range: bytes=997-\r\n\r\n", "HTTP/1.1 206 ",
     "Content-Range: bytes 997-999/1000\r\n", "\r\n\r\njkl", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "Range: bytes=-2\r\n\r\n", "HTTP/1.1 206 ",
     "Content-Length: 2\r\n", "\r\n\r\nkl", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "Range: bytes=1000-\r\n\r\n", "HTTP/1.1 416 ",
     "Content-Range: bytes */1000\r\n", "\r\n\r\n", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "Range: bytes=0-1,5-6\r\n\r\n", "HTTP/1.1 200 ",
     "Content-Length: 1000\r\n", NULL, "Content-Range"},
    {"GET /file HTTP/1.1\r\n" HOST "Range: pages=0-1\r\n\r\n", "HTTP/1.1 200 ", NULL, NULL, NULL},
    {"HEAD /file HTTP/1.1\r\n" HOST "Range: bytes=0-1\r\n\r\n", "HTTP/1.1 200 ",
     "Content-Length: 1000\r\n", "\r\n\r\n", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "If-None-Match: \"other\", W/\"tag-1\"\r\n\r\n", "HTTP/1.1 304 ",
     "ETag: \"tag-1\"\r\n", "\r\n\r\n", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "If-None-Match: \"other\"\r\n\r\n", "HTTP/1.1 200 ", NULL, NULL,
     NULL},
    {"GET /file HTTP/1.1\r\n" HOST "If-Range: \"tag-1\"\r\nRange: bytes=0-0\r\n\r\n",
     "HTTP/1.1 206 ", NULL, "\r\n\r\na", NULL},
    {"GET /file HTTP/1.1\r\n" HOST "If-Range: \"tag-2\"\r\nRange: bytes=0-0\r\n\r\n",
     "HTTP/1.1 200 ", NULL, NULL, NULL},
    /* query and headers: order, decoding, no value, case of keys, plus signs, an escaped NUL */
    {"GET /query?a=1&b=x%20y+z&a=2&c&%41=3 HTTP/1.1\r\n" HOST "X-TEST: Yes\r\n\r\n",
     "HTTP/1.1 200 ", "X-Custom: yes\r\n",
     "[a=1][b=x y z][a=2][c=][A=3] a is 1, header is Yes, remote", NULL},
    {"GET /query?stop=1&b=2 HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", NULL,
     "[stop=1] a is absent, header is absent, remote", NULL},
    {"GET /query?a=%00x HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 ", NULL,
     "[a=%00x] a is %00x, header is absent, remote", NULL},
    {"GET /echo%00/../secret HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 ", NULL,
     "nothing at /echo%00/../secret", NULL},
    {"GET /%6eo%zz%4 HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 ", NULL, "nothing at /no%zz%4", NULL},
    /* not HTTP/1.1 as it should be */
    {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 ", NULL, NULL, NULL},
    /* whose request is it? (RFC 9112, 3.2) */
    {"GET /query HTTP/1.1\r\n" HOST "Host: x\r\n\r\n", "HTTP/1.1 400 ",
     "application/problem+json", "more than one Host header.\"}", NULL},
    {"GET /query HTTP/1.1\r\nhOST: y\r\n" HOST "\r\n", "HTTP/1.1 400 ", "more than one Host",
     NULL, NULL},
    {"GET /query HTTP/1.0\r\n" HOST "Host: y\r\n\r\n", "HTTP/1.", "more than one Host", NULL,
     NULL},
    {"PUT /upload HTTP/1.1\r\n" HOST "Host: y\r\nContent-Length: 5\r\n\r\nhello",
     "HTTP/1.1 400 ", "more than one Host", NULL, NULL},
    {"GET /early HTTP/1.1\r\n" HOST "Host: y\r\n\r\n", "HTTP/1.1 400 ", NULL, NULL, "who are you"},
    /* where does its body end, and whose key is it? */
    {"PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 2\r\n\r\nhello",
     "HTTP/1.1 400 ", NULL, NULL, NULL},
    {"PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
     "3\r\nabc\r\n0\r\n\r\n", "HTTP/1.1 400 ", NULL, NULL, NULL},
    {"GET /query HTTP/1.1\r\n" HOST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
     "HTTP/1.1 400 ", "more than one Authorization", NULL, NULL},
    {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.", NULL, "nothing at /", NULL},
    {"GET / HTTP/9.0\r\n\r\n", "HTTP/1.1 505 ", NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

Test(http_server, answers_each_request_as_it_should)
{
    struct house house;

    house_open(&house);
    for (const struct ask_case *row = ASKS; row->request != NULL; row++) {
        ask(&house, row->request);
        cr_expect(strncmp(house.answer, row->starts, strlen(row->starts)) == 0, "%s\ngave\n%s",
                  row->request, house.answer);
        cr_expect(row->has == NULL || strstr(house.answer, row->has) != NULL, "%s\ngave\n%s",
                  row->request, house.answer);
        cr_expect(row->lacks == NULL || strstr(house.answer, row->lacks) == NULL, "%s\ngave\n%s",
                  row->request, house.answer);
        cr_expect(row->ends == NULL || (house.answer_size >= strlen(row->ends) &&
                                        strcmp(house.answer + house.answer_size - strlen(row->ends),
                                               row->ends) == 0),
                  "%s\ngave\n%s", row->request, house.answer);
        cr_expect(house.heads == house.ends, "%s", row->request);
        cr_expect(files_left(&house) == 0, "%s", row->request);
    }
    cr_expect(gen_http_server_connections(house.server) == 0);
    house_close(&house);
}

/* ------------------------------------------------------------------------- bodies large and cut */

struct outcome {
    int ends, status;
    enum gen_http_fate fate;
    char reason[256];
};

static void on_outcome(void *context, const struct gen_http_response *response)
{
    struct outcome *outcome = context;

    outcome->ends++;
    outcome->status = response->status;
    outcome->fate = response->fate;
    snprintf(outcome->reason, sizeof outcome->reason, "%s", response->reason);
}

Test(http_server, our_client_always_hears_why_its_upload_was_refused)
{
    enum { ROUNDS = 60, SIZE = 3000000 };
    struct gen_http_client *client;
    struct house house;
    char url[128];
    char *body = calloc(1, SIZE);

    house_open(&house);
    cr_assert(gen_http_client_create(house.loop, &client, NULL) == GEN_OK);
    for (int i = 0; i < ROUNDS; i++) {
        struct outcome outcome = {0};
        bool local = i % 2 == 1;
        struct gen_http_request request = {.method = "PUT",
                                           .url = url,
                                           .unix_socket = local ? house.socket : NULL,
                                           .body = body,
                                           .body_size = SIZE,
                                           .allow_private = true,
                                           .on_end = on_outcome,
                                           .context = &outcome};

        snprintf(url, sizeof url, "http://127.0.0.1:%d/%s", gen_http_server_port(house.server),
                 i % 4 < 2 ? "upload" : "early");
        cr_assert(gen_http_send(client, &request, NULL, NULL) == GEN_OK);
        while (outcome.ends == 0) {
            gen_loop_turn(house.loop);
        }
        cr_expect(outcome.status == (i % 4 < 2 ? 413 : 401), "%s: fate %d %s",
                  local ? "local" : "remote", outcome.fate, outcome.reason);
    }
    free(body);
    gen_http_client_destroy(client);
    house_close(&house);
}

/* Opens a request with a body of `announced` bytes (negative: in chunks). */
static int upload_begin(struct house *house, const char *path, long announced)
{
    int fd = peer_open(house, true);
    char head[256];

    if (announced < 0) {
        snprintf(head, sizeof head, "PUT %s HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n",
                 path);
    } else {
        snprintf(head, sizeof head, "PUT %s HTTP/1.1\r\n" HOST "Content-Length: %ld\r\n\r\n", path,
                 announced);
    }
    cr_assert(peer_send(house, fd, head, strlen(head)));
    return fd;
}

Test(http_server, stores_a_body_up_to_its_limit_and_no_byte_more)
{
    static const struct {
        long announced, chunk, chunks;
        const char *starts, *has;
    } CASES[] = {
        {UPLOAD_MOST, 0, 0, "HTTP/1.1 201 ", "stored 300000"},
        {-1, 3000, 100, "HTTP/1.1 201 ", "stored 300000"},
        {-1, 3000, 101, "HTTP/1.1 413 ", "too_large"},
        {-1, 100000, 30, "HTTP/1.1 413 ", "too_large"},
        {0, 0, 0, NULL, NULL},
    };
    char *bytes = calloc(1, UPLOAD_MOST + 100);
    struct house house;

    house_open(&house);
    for (size_t i = 0; CASES[i].starts != NULL; i++) {
        int fd = upload_begin(&house, "/upload", CASES[i].announced);
        char size[32];

        if (CASES[i].announced > 0) {
            cr_assert(peer_send(&house, fd, bytes, (size_t)CASES[i].announced));
        }
        for (long chunk = 0; chunk < CASES[i].chunks; chunk++) {
            snprintf(size, sizeof size, "%lx\r\n", CASES[i].chunk);
            cr_assert(peer_send(&house, fd, size, strlen(size)));
            cr_assert(peer_send(&house, fd, bytes, (size_t)CASES[i].chunk));
            cr_assert(peer_send(&house, fd, "\r\n", 2));
        }
        if (CASES[i].announced < 0) {
            cr_assert(peer_send(&house, fd, "0\r\n\r\n", 5));
        }
        peer_read(&house, fd, NULL);
        cr_expect(strncmp(house.answer, CASES[i].starts, strlen(CASES[i].starts)) == 0, "%s",
                  house.answer);
        cr_expect(strstr(house.answer, CASES[i].has) != NULL, "%s", house.answer);
        cr_expect(files_left(&house) == 0);
        close(fd);
    }
    free(bytes);
    house_close(&house);
}

Test(http_server, a_kept_file_stays_and_one_of_a_peer_that_left_goes)
{
    struct house house;
    int fd;

    house_open(&house);
    fd = upload_begin(&house, "/keep", 5);
    cr_assert(peer_send(&house, fd, "hello", 5));
    peer_read(&house, fd, NULL);
    close(fd);
    cr_expect(files_left(&house) == 1);

    fd = upload_begin(&house, "/upload", 100000);
    cr_assert(peer_send(&house, fd, "hello", 5));
    house_turns(&house, 20);
    cr_expect(files_left(&house) == 2 && house.ends == 1);
    close(fd);
    house_turns(&house, 20);
    cr_expect(files_left(&house) == 1);
    cr_expect(house.ends == 2 && house.bodies == 1);
    house_close(&house);
}

Test(http_server, a_full_disk_and_other_trouble_is_told)
{
    static const struct {
        long nth; /* creating the file, writing it, closing it */
        int number;
        const char *starts;
    } CASES[] = {
        {1, ENOSPC, "HTTP/1.1 507 "}, {2, ENOSPC, "HTTP/1.1 507 "},
        {3, ENOSPC, "HTTP/1.1 507 "}, {2, EDQUOT, "HTTP/1.1 507 "},
        {1, EIO, "HTTP/1.1 500 "},    {2, EIO, "HTTP/1.1 500 "},
        {3, EIO, "HTTP/1.1 500 "},    {0, 0, NULL},
    };
    struct house house;

    house_open(&house);
    for (size_t i = 0; CASES[i].starts != NULL; i++) {
        gen_files_fail_at(CASES[i].nth, CASES[i].number);
        ask(&house, "PUT /upload HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello");
        gen_files_fail_at(0, 0);
        cr_expect(strncmp(house.answer, CASES[i].starts, strlen(CASES[i].starts)) == 0, "%zu: %s",
                  i, house.answer);
        cr_expect(strstr(house.answer, house.folder) == NULL, "no path is told");
        cr_expect(files_left(&house) == 0);
        cr_expect(house.bodies == 0);
    }
    house_close(&house);
}

Test(http_server, heads_have_a_limit)
{
    static const struct {
        const char *before, *after;
        size_t filler;
        const char *starts;
    } CASES[] = {
        {"GET /", " HTTP/1.1\r\n" HOST "\r\n", 8000, "HTTP/1.1 404 "},
        {"GET /", " HTTP/1.1\r\n" HOST "\r\n", 40000, "HTTP/1.1 414 "},
        {"GET / HTTP/1.1\r\n" HOST "X-A: ", "\r\n\r\n", 8000, "HTTP/1.1 404 "},
        {"GET / HTTP/1.1\r\n" HOST "X-A: ", "\r\n\r\n", 40000, "HTTP/1.1 431 "},
        {NULL, NULL, 0, NULL},
    };
    struct house house;

    house_open(&house);
    for (size_t i = 0; CASES[i].before != NULL; i++) {
        char *text = calloc(1, CASES[i].filler + 200);

        strcpy(text, CASES[i].before);
        memset(text + strlen(text), 'a', CASES[i].filler);
        strcat(text, CASES[i].after);
        ask(&house, text);
        cr_expect(strncmp(house.answer, CASES[i].starts, strlen(CASES[i].starts)) == 0,
                  "%zu: %.99s", i, house.answer);
        free(text);
    }
    house_close(&house);
}

/* --------------------------------------------------------------------- connections and streams */

Test(http_server, keeps_a_connection_and_answers_a_pipeline_in_order)
{
    static const char REQUESTS[] = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
                                   "GET /late HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "GET /early HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                   "Content-Length: 4\r\n\r\nfour";
    struct house house;
    const char *one, *late, *early, *four;
    int fd;

    house_open(&house);
    fd = peer_open(&house, true);
    cr_assert(peer_send(&house, fd, REQUESTS, strlen(REQUESTS)));
    peer_read(&house, fd, NULL);
    one = strstr(house.answer, "\r\n\r\none");
    late = strstr(house.answer, "\r\n\r\nlate");
    early = strstr(house.answer, "\r\n\r\nwho are you");
    four = strstr(house.answer, "\r\n\r\nfour");
    cr_assert(one != NULL && one < late && late < early && early < four, "%s", house.answer);
    cr_expect(house.heads == 4 && house.ends == 4);
    close(fd);
    house_close(&house);
}

static struct gen_exchange *stream_begin(struct house *house, int fd)
{
    static const char ASK[] = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
    struct gen_exchange *before = house->waiting;

    cr_assert(peer_send(house, fd, ASK, strlen(ASK)));
    for (int i = 0; house->waiting == before && i < PATIENCE; i++) {
        gen_loop_poll(house->loop);
    }
    cr_assert(house->waiting != before);
    return house->waiting;
}

Test(http_server, a_stream_says_what_is_written_when_it_is_written)
{
    struct house house;
    struct gen_exchange *stream;
    int fd;

    house_open(&house);
    fd = peer_open(&house, false);
    stream = stream_begin(&house, fd);
    peer_read(&house, fd, "\r\n\r\n");
    cr_expect(strstr(house.answer, "Transfer-Encoding: chunked\r\n") != NULL);
    for (int i = 0; i < 3; i++) {
        cr_assert(gen_exchange_write(stream, "data: x\n\n", 9) == GEN_OK);
        cr_expect(gen_exchange_unsent(stream) == 9);
        peer_read(&house, fd, "data: x\n\n");
        cr_expect(gen_exchange_unsent(stream) == 0);
    }
    cr_assert(gen_exchange_write(stream, "last", 4) == GEN_OK);
    gen_exchange_end(stream);
    cr_expect(gen_exchange_write(stream, "after", 5) == GEN_ECONFLICT);
    peer_read(&house, fd, "last\r\n0\r\n\r\n");
    house_turns(&house, 5);
    cr_expect(house.ends == 1);
    ask(&house, "GET /nowhere HTTP/1.1\r\n" HOST "\r\n");
    close(fd);
    house_close(&house);
}

Test(http_server, a_slow_reader_is_told_to_the_writer_and_misses_nothing)
{
    enum { PIECE = 5000, PIECES = 2000 };
    struct house house;
    struct gen_exchange *stream;
    char piece[PIECE];
    int written = 0, refused = 0, fd;
    size_t letters = 0;

    house_open(&house);
    fd = peer_open(&house, true);
    stream = stream_begin(&house, fd);
    memset(piece, 'x', sizeof piece);
    while (written < PIECES) { /* nobody reads: the kernel's buffers fill, then ours */
        enum gen_status status = gen_exchange_write(stream, piece, sizeof piece);

        cr_expect(gen_exchange_unsent(stream) <= 100000);
        if (status == GEN_OK) {
            written++;
        } else {
            int drains = house.drains;

            cr_assert(status == GEN_ELIMIT);
            house_turns(&house, 20);
            if (house.drains == drains) { /* now the peer reads a little */
                ssize_t got = recv(fd, house.answer, 300000, 0);

                refused++;
                for (ssize_t i = 0; i < got; i++) {
                    letters += house.answer[i] == 'x';
                }
            }
        }
    }
    cr_expect(refused > 0 && house.drains > 0);
    gen_exchange_end(stream);
    peer_read(&house, fd, "\r\n0\r\n\r\n");
    for (size_t i = 0; i < house.answer_size; i++) {
        letters += house.answer[i] == 'x';
    }
    cr_expect(letters - 1 == (size_t)PIECE * PIECES, "%zu", letters); /* one in "text/event..." */
    close(fd);
    house_close(&house);
}

Test(http_server, a_piece_above_the_limit_of_a_stream_never_fits)
{
    struct house house;
    struct gen_exchange *stream;
    char *piece = calloc(1, 100001);
    int fd;

    house_open(&house);
    fd = peer_open(&house, true);
    stream = stream_begin(&house, fd);
    cr_expect(gen_exchange_write(stream, piece, 100001) == GEN_ELIMIT);
    cr_expect(gen_exchange_write(stream, piece, 100000) == GEN_OK);
    cr_expect(gen_exchange_write(stream, piece, 1) == GEN_ELIMIT);
    close(fd);
    free(piece);
    house_close(&house);
}

Test(http_server, a_peer_that_left_is_noticed_at_the_next_write)
{
    struct house house;
    struct gen_exchange *stream;
    int fd;

    house_open(&house);
    for (int local = 0; local < 2; local++) {
        fd = peer_open(&house, local == 1);
        stream = stream_begin(&house, fd);
        close(fd);
        for (int i = 0; house.ends == local && i < 100; i++) {
            cr_assert(gen_exchange_write(stream, ":\n\n", 3) == GEN_OK);
            house_turns(&house, 3);
        }
        cr_expect(house.ends == local + 1);
        cr_expect(house.waiting == NULL);
    }
    house_close(&house);
}

Test(http_server, a_late_reply_to_a_peer_that_left_ends_well)
{
    static const char ASK[] = "GET /never HTTP/1.1\r\nHost: x\r\n\r\n";
    struct house house;
    int fd;

    house_open(&house);
    fd = peer_open(&house, false);
    cr_assert(peer_send(&house, fd, ASK, strlen(ASK)));
    house_turns(&house, 20);
    cr_assert(house.waiting != NULL);
    close(fd);
    house_turns(&house, 20);
    reply_text(house.waiting, 200, "too late");
    house_turns(&house, 20);
    cr_expect(house.waiting == NULL && house.ends == 1);
    house_close(&house);
}

static long resident_kib(void)
{
    char text[4096];
    FILE *file = fopen("/proc/self/status", "r");
    size_t size = fread(text, 1, sizeof text - 1, file);

    fclose(file);
    text[size] = '\0';
    return strtol(strstr(text, "RssAnon:") + 8, NULL, 10);
}

Test(http_server, holds_a_thousand_idle_streams)
{
    enum { STREAMS = 1000 };
    struct house house;
    struct gen_exchange *streams[STREAMS];
    int fds[STREAMS];
    long before, after;

    house_open(&house);
    before = resident_kib();
    for (int i = 0; i < STREAMS; i++) {
        fds[i] = peer_open(&house, i % 2 == 0);
        streams[i] = stream_begin(&house, fds[i]);
        cr_assert(gen_exchange_write(streams[i], "hello\n\n", 7) == GEN_OK);
        peer_read(&house, fds[i], "hello\n\n");
    }
    house_turns(&house, 5);
    after = resident_kib();
    cr_log_info("%ld bytes resident for each stream", (after - before) * 1024 / STREAMS);
    cr_expect(gen_http_server_connections(house.server) == STREAMS);
    for (int i = 0; i < STREAMS; i++) {
        cr_assert(gen_exchange_write(streams[i], "again\n\n", 7) == GEN_OK);
    }
    for (int i = 0; i < STREAMS; i++) {
        peer_read(&house, fds[i], "again\n\n");
        close(fds[i]);
    }
    house_close(&house);
}

Test(http_server, takes_more_peers_than_it_has_room_for_one_after_the_other)
{
    enum { ROOM = 3, PEERS = 12 };
    static const char ASK[] = "GET /nowhere HTTP/1.1\r\n" HOST "\r\n";
    struct house house;
    int fds[PEERS];

    house_open(&house);
    gen_http_server_destroy(house.server);
    house_listen(&house, ROOM);
    for (int i = 0; i < PEERS; i++) {
        fds[i] = peer_open(&house, true);
        cr_assert(send(fds[i], ASK, strlen(ASK), MSG_NOSIGNAL) == (ssize_t)strlen(ASK));
    }
    for (int i = 0; i < PEERS; i++) {
        peer_read(&house, fds[i], NULL);
        cr_expect(strncmp(house.answer, "HTTP/1.1 404 ", 13) == 0);
        close(fds[i]);
    }
    house_close(&house);
}

Test(http_server, destroying_it_ends_exchanges_in_every_state)
{
    struct house house;
    int fds[6];

    house_open(&house);
    fds[0] = peer_open(&house, true); /* said nothing */
    fds[1] = peer_open(&house, true); /* half a head */
    cr_assert(peer_send(&house, fds[1], "GET / HT", 8));
    fds[2] = upload_begin(&house, "/upload", 100); /* half a body */
    fds[3] = peer_open(&house, false);             /* waits for a late reply */
    cr_assert(peer_send(&house, fds[3], "GET /never HTTP/1.1\r\nHost: x\r\n\r\n", 32));
    house_turns(&house, 20);
    fds[4] = peer_open(&house, false); /* a stream that waits */
    stream_begin(&house, fds[4]);
    fds[5] = peer_open(&house, false); /* a stream with something to say */
    cr_assert(gen_exchange_write(stream_begin(&house, fds[5]), "x", 1) == GEN_OK);
    cr_expect(house.heads == 4 && house.ends == 0);
    gen_http_server_destroy(house.server);
    house.server = NULL;
    cr_expect(house.ends == 4);
    cr_expect(files_left(&house) == 0);
    cr_expect(access(house.socket, F_OK) != 0);
    for (int i = 0; i < 6; i++) {
        close(fds[i]);
    }
    house_close(&house);
}

Test(http_server, survives_each_allocation_that_fails)
{
    static const char *const REQUESTS[] = {
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
        "GET /file HTTP/1.1\r\n" HOST "Range: bytes=1-2\r\n\r\n",
        "GET /query?a=1 HTTP/1.1\r\n" HOST "\r\n",
        "GET /late HTTP/1.1\r\n" HOST "\r\n",
        "POST /file HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
    };
    struct house house;

    house_open(&house);
    for (size_t i = 0; i < GEN_COUNT(REQUESTS); i++) {
        bool more = true;

        for (long nth = 1; more; nth++) {
            gen_alloc_fail_at(nth);
            ask(&house, REQUESTS[i]);
            more = gen_alloc_count() >= nth && nth < 1000;
            gen_alloc_fail_at(0);
            cr_expect(house.answer_size == 0 || strncmp(house.answer, "HTTP/1.1 ", 9) == 0);
            cr_expect(more || strstr(house.answer, "HTTP/1.1 5") == NULL, "%s", house.answer);
            cr_expect(files_left(&house) == 0);
        }
    }
    for (long nth = 1; nth < 12; nth++) { /* creating one; the address is free again each time */
        struct gen_http_server *server = NULL;
        struct gen_http_listen listen = {.address = "127.0.0.1", .upload_folder = "/tmp"};
        struct gen_http_handler handler = handler_of(&house);
        struct gen_error err;

        gen_alloc_fail_at(nth);
        if (gen_http_server_create(house.loop, &listen, &handler, &server, &err) == GEN_OK) {
            cr_expect(gen_alloc_count() < nth);
            gen_http_server_destroy(server);
        } else {
            cr_expect(err.status == GEN_ENOMEM);
        }
        gen_alloc_fail_at(0);
    }
    house_close(&house);
}
