/* http_client_test.c - core/platform/http_client.c and http_call.c against a scripted server on
 * loopback (a thread that counts what it reads and answers as told), which behaves as badly as real
 * ones do. Only the two time limits wait for time to pass. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/files_call.h"
#include "platform/http_client.h"

#include <errno.h>
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

enum { LOG_SIZE = 4 * 1024 * 1024, TURNS_MOST = 200000, FILE_SIZE = 1500000 };
enum { VISITS_MOST = 256 }; /* kept connections of one server */

/* ----------------------------------------------------------------------- the scripted server -- */

enum manner {
    ANSWER = 1,        /* read a request, send `answer`, close */
    ANSWER_KEEP,       /* the same, and go on with the connection */
    HANG_UP,           /* close without reading */
    READ_HANG_UP,      /* read the request, close */
    ONCE_THEN_HANG_UP, /* answer the first request of the server, then read and close */
    READ_SILENT,       /* read the request, say nothing until the peer leaves */
    BABBLE,            /* send `answer` without reading, wait for the peer to leave */
    ANSWER_SILENT,     /* send `answer`, say nothing more until the peer leaves */
};

struct script;

struct visit { /* a connection with a thread of its own */
    struct script *script;
    int fd;
    pthread_t thread;
};

struct script {
    enum manner manner;
    const char *answer;
    size_t answer_size; /* 0 = strlen */
    int fd, port;
    pthread_t thread;
    struct visit visits[VISITS_MOST]; /* of the thread, until it was joined */
    size_t visit_count;
    atomic_int connections, requests;
    atomic_bool closing;
    pthread_mutex_t lock; /* of the two below */
    size_t logged;
    char *log; /* all that was read */
};

static size_t content_length(const char *head)
{
    const char *at = strcasestr(head, "\r\ncontent-length:");

    return at == NULL ? 0 : strtoul(at + 17, NULL, 10);
}

static void script_log(struct script *script, const char *text, size_t size)
{
    pthread_mutex_lock(&script->lock);
    size = size < LOG_SIZE - 1 - script->logged ? size : LOG_SIZE - 1 - script->logged;
    memcpy(script->log + script->logged, text, size);
    script->logged += size;
    script->log[script->logged] = '\0';
    pthread_mutex_unlock(&script->lock);
}

/* Is this a request as a whole? */
static bool is_whole(const char *text, size_t size)
{
    const char *end = strstr(text, "\r\n\r\n");

    if (end == NULL) {
        return false;
    }
    if (strcasestr(text, "transfer-encoding: chunked") != NULL) {
        return strstr(end, "\r\n0\r\n\r\n") != NULL;
    }
    return size >= (size_t)(end + 4 - text) + content_length(text);
}

/* Reads one request, into the log too; false when the peer left before its end. */
static bool script_read(struct script *script, int fd)
{
    char *text = calloc(1, LOG_SIZE);
    size_t have = 0;
    ssize_t got = 1;

    while (got > 0 && !is_whole(text, have)) {
        got = recv(fd, text + have, LOG_SIZE - 1 - have, 0);
        if (got > 0) {
            script_log(script, text + have, (size_t)got);
            have += (size_t)got;
        }
    }
    free(text);
    if (got > 0) {
        atomic_fetch_add(&script->requests, 1);
    }
    return got > 0;
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

    if (script->manner == BABBLE) {
        script_answer(script, fd);
        wait_for_end(fd);
        more = false;
    }
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
}

static void *script_visit(void *context)
{
    struct visit *visit = context;

    script_serve(visit->script, visit->fd);
    shutdown(visit->fd, SHUT_RDWR); /* script_close closes it: the number stays ours */
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
            struct visit *visit = &script->visits[script->visit_count];

            if (script->visit_count++ == VISITS_MOST) {
                abort();
            }
            visit->script = script;
            visit->fd = fd;
            if (pthread_create(&visit->thread, NULL, script_visit, visit) != 0) {
                abort();
            }
        } else {
            script_serve(script, fd);
            close(fd);
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
    pthread_mutex_init(&script->lock, NULL);
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
    for (size_t i = 0; i < script->visit_count; i++) { /* kept connections may still be open */
        shutdown(script->visits[i].fd, SHUT_RDWR);
        pthread_join(script->visits[i].thread, NULL);
        close(script->visits[i].fd);
    }
    close(fd);
    close(script->fd);
    pthread_mutex_destroy(&script->lock);
    free(script->log);
}

/* -------------------------------------------------------------------------------- the client -- */

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
    return (struct gen_http_request){
        .method = method, .url = url, .allow_private = true, .on_end = on_end, .context = result};
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

/* ------------------------------------------------------------------------------------- fates -- */

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
     "Content-Length: 2\r\n\r\nok",
     GEN_HTTP_ANSWERED, 200, "ok", 1},
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
    {"the body is cut off", ANSWER, OK_HEAD "Content-Length: 50\r\n\r\nhello", GEN_HTTP_PARTIAL,
     200, "hello", 1},
    {"the body is cut off between chunks", ANSWER,
     OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", GEN_HTTP_PARTIAL, 200, "hello", 1},
    {"a chunk size is garbage", ANSWER,
     OK_HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", GEN_HTTP_PARTIAL, 200,
     "", 1},
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
        cr_expect(row->fate == GEN_HTTP_ANSWERED ? result.reason[0] == 0 : result.reason[0] != 0,
                  "%s: %s", row->what, result.reason);
        cr_expect(atomic_load(&script.requests) == row->requests, "%s: %d requests", row->what,
                  atomic_load(&script.requests));
        script_close(&script);
    }
    desk_close(&desk);
}

Test(http_client, curl_repeats_a_post_on_a_kept_connection_and_once_does_not)
{
    static const struct {
        bool once;
        int requests; /* after the first, that warms the connection up */
    } CASES[] = {
        {false, 2}, /* on the kept connection, and again on a new one, silently: seen with 7.88 */
        {true, 1},
    };

    for (size_t i = 0; i < GEN_COUNT(CASES); i++) {
        struct desk desk;
        struct script script;
        struct result result;
        char url[128];
        struct gen_http_request request;

        desk_open(&desk);
        script_open(&script, ONCE_THEN_HANG_UP, OK_HEAD "Content-Length: 2\r\n\r\nok");
        request = request_to(&script, &result, url, "GET");
        desk_do(&desk, &request, &result);
        cr_assert(result.response.fate == GEN_HTTP_ANSWERED);
        request = request_to(&script, &result, url, "POST");
        request.body = "money";
        request.body_size = 5;
        request.once = CASES[i].once;
        if (CASES[i].once) { /* the kept connection blocks the one thread of the script */
            gen_http_client_destroy(desk.client);
            cr_assert(gen_http_client_create(desk.loop, &desk.client, NULL) == GEN_OK);
        }
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == GEN_HTTP_UNKNOWN);
        cr_expect(atomic_load(&script.requests) - 1 == CASES[i].requests, "%d",
                  atomic_load(&script.requests) - 1);
        script_close(&script);
        desk_close(&desk);
    }
}

Test(http_client, a_once_request_neither_takes_nor_leaves_a_connection)
{
    struct desk desk;
    struct script script;
    struct result result;
    char url[128];
    struct gen_http_request request;

    desk_open(&desk);
    script_open(&script, ANSWER_KEEP, OK_HEAD "Content-Length: 2\r\n\r\nok");
    for (int i = 0; i < 4; i++) { /* free, free, once, free: the first connection serves all free */
        request = request_to(&script, &result, url, i == 2 ? "POST" : "GET");
        request.once = i == 2;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == GEN_HTTP_ANSWERED);
        cr_expect(atomic_load(&script.connections) == (i < 2 ? 1 : 2), "request %d", i);
    }
    cr_expect(atomic_load(&script.requests) == 4);
    desk_close(&desk);
    script_close(&script);
}

static int closed_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert(bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&at, &size) == 0);
    close(fd);
    return ntohs(at.sin_port);
}

Test(http_client, knows_for_certain_that_nothing_was_sent)
{
    static const struct {
        const char *what, *url; /* %d is the port */
        bool script, private;
        const char *reason;
    } CASES[] = {
        {"nobody listens", "http://127.0.0.1:%d/", false, true, "connect"},
        {"no such host", "http://nobody.invalid:%d/", false, true, "resolv"},
        {"not TLS on the other side", "https://127.0.0.1:%d/", true, true, ""},
        {"a loopback address", "https://127.0.0.1:%d/", true, false, "127.0.0.1"},
        {"a name of a loopback address", "https://localhost:%d/", true, false, "private"},
        {"a mapped loopback address", "https://[::ffff:127.0.0.1]:%d/", true, false, "private"},
        {"a decimal spelling of it", "https://2130706433:%d/", true, false, "127.0.0.1"},
        {"the unspecified address", "https://0.0.0.0:%d/", true, false, "0.0.0.0"},
        {"the metadata service of clouds", "https://169.254.169.254:%d/", true, false, "169.254"},
        {NULL, NULL, false, false, NULL},
    };
    struct desk desk;

    desk_open(&desk);
    for (size_t i = 0; CASES[i].what != NULL; i++) {
        struct script script;
        struct result result;
        char url[128], unused[128];
        struct gen_http_request request;

        script_open(&script, BABBLE, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        request = request_to(&script, &result, unused, "POST");
        snprintf(url, sizeof url, CASES[i].url, CASES[i].script ? script.port : closed_port());
        request.url = url;
        request.once = true;
        request.allow_private = CASES[i].private;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == GEN_HTTP_NOT_SENT, "%s: fate %d", CASES[i].what,
                  result.response.fate);
        cr_expect(strcasestr(result.reason, CASES[i].reason) != NULL, "%s: %s", CASES[i].what,
                  result.reason);
        cr_expect(CASES[i].private || atomic_load(&script.connections) == 0, "%s", CASES[i].what);
        script_close(&script);
    }
    desk_close(&desk);
}

Test(http_client, refuses_what_is_no_request)
{
    static const struct gen_http_header SPLIT = {"x-a", "1\r\nx-b: 2"}, NAME = {"x a", "1"},
                                        FRAME = {"Transfer-Encoding", "chunked"};
    static const struct {
        const char *method, *url;
        const struct gen_http_header *header;
        const char *body_file;
        bool private;
        enum gen_status status;
    } CASES[] = {
        {"GET", "", NULL, NULL, true, GEN_EINVAL},
        {"GET", "nonsense", NULL, NULL, true, GEN_EINVAL},
        {"GET", "ftp://example.com/", NULL, NULL, true, GEN_EINVAL},
        {"GET", "file:///etc/passwd", NULL, NULL, true, GEN_EINVAL},
        {"GET", "https://user:word@example.com/", NULL, NULL, true, GEN_EINVAL},
        {"GET", "https://example.com/a\r\nb", NULL, NULL, true, GEN_EINVAL},
        {"GET", "https://example.com:99999/", NULL, NULL, true, GEN_EINVAL},
        {"GET", "http://example.com/", NULL, NULL, false, GEN_EDENIED},
        {"", "https://example.com/", NULL, NULL, true, GEN_EINVAL},
        {"GET /", "https://example.com/", NULL, NULL, true, GEN_EINVAL},
        {"GET", "https://example.com/", &SPLIT, NULL, true, GEN_EINVAL},
        {"GET", "https://example.com/", &NAME, NULL, true, GEN_EINVAL},
        {"POST", "https://example.com/", &FRAME, NULL, true, GEN_EINVAL},
        {"POST", "https://example.com/", NULL, "/nowhere/at/all", true, GEN_ENOTFOUND},
        {"POST", "https://example.com/", NULL, "/tmp", true, GEN_EINVAL},
        {NULL, NULL, NULL, NULL, true, GEN_OK},
    };
    struct desk desk;

    desk_open(&desk);
    for (size_t i = 0; CASES[i].method != NULL; i++) {
        struct result result = {0};
        struct gen_error err = {0};
        struct gen_http_request request = {.method = CASES[i].method,
                                           .url = CASES[i].url,
                                           .headers = CASES[i].header,
                                           .header_count = CASES[i].header != NULL,
                                           .body_file = CASES[i].body_file,
                                           .allow_private = CASES[i].private,
                                           .on_end = on_end,
                                           .context = &result};

        cr_expect(gen_http_send(desk.client, &request, NULL, &err) == CASES[i].status,
                  "row %zu: %s", i, err.message);
        gen_loop_poll(desk.loop);
        cr_expect(result.ends == 0);
    }
    desk_close(&desk);
}

/* ------------------------------------------------------------------------- what goes out, comes */

static char *temporary_folder(char *out)
{
    strcpy(out, "/tmp/gen-client-XXXXXX");
    cr_assert(mkdtemp(out) != NULL);
    return out;
}

static void write_file(const char *path, char byte, size_t size)
{
    char *bytes = malloc(size);
    struct gen_error err;

    memset(bytes, byte, size);
    cr_assert(gen_files_write(path, bytes, size, 0600, &err) == GEN_OK);
    free(bytes);
}

Test(http_client, sends_bodies_of_each_kind)
{
    static const struct gen_http_header HEADERS[] = {{"Authorization", "Bearer key"},
                                                     {"X-Empty", ""},
                                                     {"Content-Length", "999"},
                                                     {"Expect", "100-continue"}};
    char folder[64], path[128], url[128];
    struct gen_http_part parts[2];
    struct desk desk;
    struct script script;
    struct result result;
    struct gen_http_request request;
    struct gen_error err;

    desk_open(&desk);
    script_open(&script, ANSWER, OK_HEAD "Connection: close\r\nContent-Length: 2\r\n\r\nok");
    snprintf(path, sizeof path, "%s/body", temporary_folder(folder));
    write_file(path, 'b', FILE_SIZE); /* from 1 MiB on curl would expect a 100 Continue */
    parts[0] = (struct gen_http_part){.name = "first", .text = "one"};
    parts[1] = (struct gen_http_part){
        .name = "file", .file = path, .file_name = "a \"b\".png", .content_type = "image/png"};
    for (int i = 0; i < 6; i++) {
        request = request_to(&script, &result, url, i == 4 ? "GET" : i == 5 ? "DELETE" : "PUT");
        request.headers = HEADERS;
        request.header_count = GEN_COUNT(HEADERS);
        request.on_sent = on_sent;
        request.body = i == 0 ? "text" : NULL;
        request.body_size = 4;
        request.body_file = i == 1 ? path : NULL;
        request.parts = parts;
        request.part_count = i == 2 ? 2 : 0;
        desk_do(&desk, &request, &result);
        cr_assert(result.response.fate == GEN_HTTP_ANSWERED, "%d: %s", i, result.reason);
        cr_expect(result.sent == (i == 0   ? 4
                                  : i == 1 ? FILE_SIZE
                                  : i == 2 ? result.sent
                                           : 0),
                  "%d: %ld", i, (long)result.sent);
        cr_expect(strcmp(result.body, "ok") == 0 && result.response.body_complete);
        cr_expect(strcmp(result.content_type, "text/plain") == 0);
    }
    cr_expect(atomic_load(&script.requests) == 6);
    cr_expect(strstr(script.log, "PUT /path?q=1 HTTP/1.1\r\n") == script.log);
    cr_expect(strstr(script.log, "Authorization: Bearer key\r\n") != NULL);
    cr_expect(strstr(script.log, "X-Empty:\r\n") != NULL);
    cr_expect(strcasestr(script.log, "Content-Length: 999") == NULL);
    cr_expect(strcasestr(script.log, "Expect:") == NULL);
    cr_expect(strcasestr(script.log, "x-www-form-urlencoded") == NULL);
    cr_expect(strstr(script.log, "Content-Length: 1500000\r\n") != NULL);
    cr_expect(strstr(script.log, "name=\"first\"\r\n\r\none\r\n") != NULL);
    cr_expect(strstr(script.log, "filename=\"a %22b%22.png\"\r\nContent-Type: image/png\r\n") !=
              NULL);
    cr_expect(strstr(script.log, "DELETE /path?q=1 HTTP/1.1\r\n") != NULL);
    cr_expect(strcasestr(script.log, "accept-encoding") == NULL);
    cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK);
    script_close(&script);
    desk_close(&desk);
}

struct sink_case {
    const char *what, *answer;
    size_t limit;
    bool exists; /* the file stood there before */
    enum gen_http_fate fate;
    bool complete;
    long file;        /* its size afterwards, -1 = there is none */
    const char *body; /* in memory */
};

static const struct sink_case SINKS[] = {
    {"a result", OK_HEAD "Content-Length: 5\r\n\r\nhello", 0, false, GEN_HTTP_ANSWERED, true, 5,
     ""},
    {"an empty result", OK_HEAD "Content-Length: 0\r\n\r\n", 0, false, GEN_HTTP_ANSWERED, true, 0,
     ""},
    {"a result of just the limit", OK_HEAD "Content-Length: 5\r\n\r\nhello", 5, false,
     GEN_HTTP_ANSWERED, true, 5, ""},
    {"a result above the limit", OK_HEAD "Content-Length: 5\r\n\r\nhello", 4, false,
     GEN_HTTP_ANSWERED, false, -1, ""},
    {"an error goes to memory", "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone", 0, false,
     GEN_HTTP_ANSWERED, true, -1, "gone"},
    {"a result that breaks off", OK_HEAD "Content-Length: 50\r\n\r\nhello", 0, false,
     GEN_HTTP_PARTIAL, false, -1, ""},
    {"a file that stood there is not touched", OK_HEAD "Content-Length: 5\r\n\r\nhello", 0, true,
     GEN_HTTP_PARTIAL, false, 3, ""},
    {NULL, NULL, 0, false, 0, false, 0, NULL},
};

Test(http_client, puts_a_result_into_a_new_file_or_leaves_none)
{
    struct desk desk;

    desk_open(&desk);
    for (const struct sink_case *row = SINKS; row->what != NULL; row++) {
        char folder[64], path[128], url[128];
        struct script script;
        struct result result;
        struct gen_http_request request;
        struct stat facts;
        struct gen_error err;

        snprintf(path, sizeof path, "%s/sink", temporary_folder(folder));
        if (row->exists) {
            write_file(path, 'x', 3);
        }
        script_open(&script, ANSWER, row->answer);
        request = request_to(&script, &result, url, "GET");
        request.sink_file = path;
        request.body_limit = row->limit;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == row->fate, "%s: %d, %s", row->what, result.response.fate,
                  result.reason);
        cr_expect(result.response.body_complete == row->complete, "%s", row->what);
        cr_expect(strcmp(result.body, row->body) == 0, "%s: %s", row->what, result.body);
        if (stat(path, &facts) != 0) {
            facts.st_size = -1;
        }
        cr_expect(facts.st_size == row->file, "%s: %ld", row->what, (long)facts.st_size);
        cr_expect(row->file < 0 || 0600 == (facts.st_mode & 0777), "%s", row->what);
        cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK);
        script_close(&script);
    }
    desk_close(&desk);
}

Test(http_client, a_full_disk_ends_a_download_without_a_file)
{
    for (long nth = 1; nth <= 2; nth++) { /* creating the file, writing it */
        char folder[64], path[128], url[128];
        struct desk desk;
        struct script script;
        struct result result;
        struct gen_http_request request;
        struct gen_error err;

        desk_open(&desk);
        snprintf(path, sizeof path, "%s/sink", temporary_folder(folder));
        script_open(&script, ANSWER, OK_HEAD "Content-Length: 5\r\n\r\nhello");
        request = request_to(&script, &result, url, "GET");
        request.sink_file = path;
        gen_files_fail_at(nth, ENOSPC);
        desk_do(&desk, &request, &result);
        gen_files_fail_at(0, 0);
        cr_expect(result.response.fate == GEN_HTTP_PARTIAL);
        cr_expect(result.response.status == 200);
        cr_expect(strstr(result.reason, "No space left") != NULL, "%s", result.reason);
        cr_expect(access(path, F_OK) != 0);
        cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK);
        script_close(&script);
        desk_close(&desk);
    }
}

Test(http_client, bounds_what_a_server_can_make_it_hold)
{
    enum { BIG = 1024 * 1024 };
    static const struct {
        const char *what, *line;
        size_t lines, limit, body;
        enum gen_http_fate fate;
        bool complete;
        const char *reason;
    } CASES[] = {
        {"256 fields are fine", "X-A: 1\r\n", 255, 0, 0, GEN_HTTP_ANSWERED, true, ""},
        {"more are not", "X-A: 1\r\n", 300, 0, 0, GEN_HTTP_UNKNOWN, false, "256"},
        {"folded lines", "X-A: 1\r\n 2\r\n", 100, 0, 0, GEN_HTTP_ANSWERED, true, ""},
        {"folded lines without end", " 2345678901234567890123456789\r\n", 9000, 0, 0,
         GEN_HTTP_UNKNOWN, false, ""},
        {"large fields",
         "X-A: 0123456789012345678901234567890123456789012345678901234567890123"
         "0123456789012345678901234567890123456789012345678901234567890123\r\n",
         5000, 0, 0, GEN_HTTP_UNKNOWN, false, ""},
        {"a body of just the limit", "X-A: 1\r\n", 1, 100, 100, GEN_HTTP_ANSWERED, true, ""},
        {"a body above the limit", "X-A: 1\r\n", 1, 99, 100, GEN_HTTP_ANSWERED, false, ""},
        {"a large body above the limit", "X-A: 1\r\n", 1, 70000, 300000, GEN_HTTP_ANSWERED, false,
         ""},
        {NULL, NULL, 0, 0, 0, 0, false, NULL},
    };
    struct desk desk;

    desk_open(&desk);
    for (size_t i = 0; CASES[i].what != NULL; i++) {
        char *answer = malloc(BIG), url[128];
        char *at = answer + sprintf(answer, "HTTP/1.1 200 OK\r\n");
        struct script script;
        struct result result;
        struct gen_http_request request;

        for (size_t line = 0; line < CASES[i].lines; line++) {
            at = stpcpy(at, CASES[i].line);
        }
        at = stpcpy(at, "\r\n");
        memset(at, 'b', CASES[i].body);
        at[CASES[i].body] = '\0';
        script_open(&script, ANSWER, answer);
        request = request_to(&script, &result, url, "GET");
        request.body_limit = CASES[i].limit;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == CASES[i].fate, "%s: %d %s", CASES[i].what,
                  result.response.fate, result.reason);
        cr_expect(result.response.body_complete == CASES[i].complete, "%s", CASES[i].what);
        cr_expect(strstr(result.reason, CASES[i].reason) != NULL, "%s: %s", CASES[i].what,
                  result.reason);
        cr_expect(CASES[i].limit == 0 || result.response.body_size == CASES[i].limit, "%s",
                  CASES[i].what);
        script_close(&script);
        free(answer);
    }
    desk_close(&desk);
}

/* ----------------------------------------------------------------------------------- redirects */

static const struct gen_http_header SECRETS[] = {
    {"Authorization", "Bearer key"}, {"X-Api-Key", "key"}, {"Cookie", "key=1"}, {"Accept", "a/b"}};

Test(http_client, credentials_stay_on_their_origin_when_a_redirect_leaves_it)
{
    char away[256], home[256], url[128];
    struct desk desk;
    struct script first, second;
    struct result result;
    struct gen_http_request request;

    desk_open(&desk);
    script_open(&second, ANSWER, OK_HEAD "Content-Length: 3\r\n\r\nend");
    snprintf(away, sizeof away,
             "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: "
             "http://127.0.0.1:%d/away\r\nContent-Length: 4\r\n\r\nmove",
             second.port);
    script_open(&first, ANSWER, away);
    request = request_to(&first, &result, url, "GET");
    request.headers = SECRETS;
    request.header_count = GEN_COUNT(SECRETS);
    request.follow = true;
    desk_do(&desk, &request, &result);
    cr_expect(result.response.status == 200 && strcmp(result.body, "end") == 0, "%s",
              result.reason);
    cr_expect(strstr(first.log, "Bearer key") != NULL && strstr(first.log, "X-Api-Key") != NULL);
    cr_expect(strstr(second.log, "GET /away HTTP/1.1\r\n") == second.log);
    cr_expect(strstr(second.log, "Accept: a/b\r\n") != NULL);
    cr_expect(strstr(second.log, "key") == NULL, "%s", second.log);
    script_close(&first);

    /* on its origin everything goes along */
    snprintf(
        home, sizeof home,
        "HTTP/1.1 307 There\r\nConnection: close\r\nLocation: /home\r\nContent-Length: 0\r\n\r\n");
    script_open(&first, ANSWER, home);
    request = request_to(&first, &result, url, "GET");
    request.headers = SECRETS;
    request.header_count = GEN_COUNT(SECRETS);
    request.follow = true;
    desk_do(&desk, &request, &result);
    cr_expect(strstr(strstr(first.log, "GET /home"), "X-Api-Key: key\r\n") != NULL);

    /* and it goes around at most five times */
    cr_expect(atomic_load(&first.requests) == 6);
    cr_expect(result.response.fate == GEN_HTTP_UNKNOWN);
    cr_expect(strstr(result.reason, "more than 5 redirects") != NULL, "%s", result.reason);
    script_close(&first);
    script_close(&second);
    desk_close(&desk);
}

Test(http_client, follows_only_what_is_harmless)
{
    static const struct {
        const char *method, *location;
        bool once;
        int status;
        enum gen_http_fate fate;
        const char *reason;
    } CASES[] = {
        {"POST", "/other", false, 302, GEN_HTTP_ANSWERED, ""},
        {"GET", "/other", true, 302, GEN_HTTP_ANSWERED, ""},
        {"GET", "file:///etc/passwd", false, 0, GEN_HTTP_UNKNOWN, "not allowed"},
        {"GET", "ftp://127.0.0.1/", false, 0, GEN_HTTP_UNKNOWN, "not allowed"},
        {NULL, NULL, false, 0, 0, NULL},
    };
    struct desk desk;

    desk_open(&desk);
    for (size_t i = 0; CASES[i].method != NULL; i++) {
        char answer[256], url[128];
        struct script script;
        struct result result;
        struct gen_http_request request;

        snprintf(answer, sizeof answer, "HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n",
                 CASES[i].location);
        script_open(&script, ANSWER, answer);
        request = request_to(&script, &result, url, CASES[i].method);
        request.follow = true;
        request.once = CASES[i].once;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == CASES[i].fate, "%zu: %d", i, result.response.fate);
        cr_expect(result.response.status == CASES[i].status, "%zu", i);
        cr_expect(strstr(result.reason, CASES[i].reason) != NULL, "%s", result.reason);
        cr_expect(atomic_load(&script.requests) == 1);
        script_close(&script);
    }
    desk_close(&desk);
}

/* --------------------------------------------------------------------- cancelling, limits, ends */

Test(http_client, a_cancelled_call_ends_with_what_is_known)
{
    struct desk desk;
    struct script script;
    struct result result;
    char url[128];
    struct gen_http_request request;

    desk_open(&desk);
    script_open(&script, READ_SILENT, "");
    request = request_to(&script, &result, url, "POST"); /* before it began */
    request.once = true;
    cr_assert(gen_http_send(desk.client, &request, &result.call, NULL) == GEN_OK);
    gen_http_cancel(result.call);
    desk_wait(&desk, &result);
    cr_expect(result.response.fate == GEN_HTTP_NOT_SENT);
    cr_expect(atomic_load(&script.requests) == 0);

    request = request_to(&script, &result, url, "POST"); /* after the server has read it */
    request.once = true;
    result.cancel_in_end = true;
    cr_assert(gen_http_send(desk.client, &request, &result.call, NULL) == GEN_OK);
    while (atomic_load(&script.requests) == 0) {
        gen_loop_poll(desk.loop);
    }
    gen_http_cancel(result.call);
    cr_expect(result.ends == 0);
    desk_wait(&desk, &result);
    cr_expect(result.response.fate == GEN_HTTP_UNKNOWN);
    cr_expect(strstr(result.reason, "cancelled") != NULL);
    script_close(&script);

    script_open(&script, ANSWER_SILENT, OK_HEAD "\r\nhello"); /* while it streams */
    request = request_to(&script, &result, url, "GET");
    request.on_data = on_data;
    request.stall_timeout_ms = -1;
    result.cancel_in_data = true;
    desk_do(&desk, &request, &result);
    cr_expect(result.response.fate == GEN_HTTP_PARTIAL);
    cr_expect(strcmp(result.pieces, "hello") == 0 && result.response.body_size == 0);
    cr_expect(strcmp(result.response.body, "") == 0);
    desk_close(&desk);
    script_close(&script);
}

struct silence {
    enum manner manner;
    int64_t timeout_ms, stall_ms, first_byte_ms;
    enum gen_http_fate fate;
    const char *reason;
};

/* The stall limits are looked at once a second. */
Test(http_client, a_silent_server_runs_into_each_limit)
{
    static const struct silence rows[] = {
        {READ_SILENT, 50, -1, 0, GEN_HTTP_UNKNOWN, "imed out"}, /* curl's own words */
        {READ_SILENT, 0, 500, 0, GEN_HTTP_UNKNOWN, "no answer within 1 s"},
        {READ_SILENT, 0, 60000, 500, GEN_HTTP_UNKNOWN, "no answer within 1 s"},
        /* an answer may take longer to begin than to go on */
        {ANSWER_SILENT, 0, 500, 60000, GEN_HTTP_PARTIAL, "nothing came for 1 s"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct desk desk;
        struct script script;
        struct result result;
        char url[128];
        struct gen_http_request request;

        desk_open(&desk);
        script_open(&script, rows[i].manner, OK_HEAD "Content-Length: 10\r\n\r\nhalf");
        request = request_to(&script, &result, url, "POST");
        request.once = true;
        request.timeout_ms = rows[i].timeout_ms;
        request.stall_timeout_ms = rows[i].stall_ms;
        request.first_byte_timeout_ms = rows[i].first_byte_ms;
        desk_do(&desk, &request, &result);
        cr_expect(result.response.fate == rows[i].fate && result.response.timed_out, "%zu %s", i,
                  result.reason);
        cr_expect(strstr(result.reason, rows[i].reason) != NULL, "%zu %s", i, result.reason);
        desk_close(&desk);
        script_close(&script);
    }
}

Test(http_client, destroying_it_ends_every_call)
{
    enum { CALLS = 20 };
    struct result results[CALLS];
    struct desk desk;
    struct script script;
    char url[128];

    desk_open(&desk);
    script_open(&script, READ_SILENT, "");
    for (int i = 0; i < CALLS; i++) {
        struct gen_http_request request = request_to(&script, &results[i], url, "GET");

        cr_assert(gen_http_send(desk.client, &request, NULL, NULL) == GEN_OK);
        if (i == CALLS / 2) {
            while (atomic_load(&script.requests) == 0) {
                gen_loop_poll(desk.loop);
            }
        }
    }
    gen_http_client_destroy(desk.client);
    for (int i = 0; i < CALLS; i++) {
        cr_expect(results[i].ends == 1);
        cr_expect(results[i].response.fate ==
                  (i <= CALLS / 2 ? results[i].response.fate : GEN_HTTP_NOT_SENT));
    }
    gen_loop_destroy(desk.loop);
    script_close(&script);
}

struct chain { /* each end sends the next */
    struct desk *desk;
    struct gen_http_request request;
    int left, ends;
};

static void chain_end(void *context, const struct gen_http_response *response)
{
    struct chain *chain = context;

    cr_expect(response->fate == GEN_HTTP_ANSWERED);
    chain->ends++;
    if (chain->left-- > 0) {
        cr_assert(gen_http_send(chain->desk->client, &chain->request, NULL, NULL) == GEN_OK);
    }
}

Test(http_client, calls_can_be_sent_from_the_end_of_another_and_side_by_side)
{
    struct desk desk;
    struct script script;
    struct result unused;
    char url[128];
    struct chain chain = {.desk = &desk, .left = 100};

    desk_open(&desk);
    script_open(&script, ANSWER_KEEP, OK_HEAD "Content-Length: 2\r\n\r\nok");
    chain.request = request_to(&script, &unused, url, "GET");
    chain.request.on_end = chain_end;
    chain.request.context = &chain;
    for (int i = 0; i < 10; i++) {
        cr_assert(gen_http_send(desk.client, &chain.request, NULL, NULL) == GEN_OK);
    }
    while (chain.ends < 110) {
        gen_loop_turn(desk.loop);
    }
    cr_expect(atomic_load(&script.requests) == 110);
    cr_expect(atomic_load(&script.connections) <= 20);
    desk_close(&desk);
    script_close(&script);
}

Test(http_client, survives_each_allocation_that_fails)
{
    struct gen_error err;
    struct gen_loop *loop;
    struct script script;
    bool more = true;

    cr_assert(gen_loop_create(&loop, &err) == GEN_OK);
    script_open(&script, ANSWER, OK_HEAD "Content-Length: 2\r\n\r\nok");
    for (long nth = 1; more; nth++) { /* in creating the client, in sending, while it runs */
        struct gen_http_client *client = NULL;
        struct result result;
        char url[128];
        struct gen_http_request request = request_to(&script, &result, url, "POST");
        enum gen_status status;

        request.headers = SECRETS;
        request.header_count = GEN_COUNT(SECRETS);
        request.body = "money";
        request.body_size = 5;
        request.once = true;
        gen_alloc_fail_at(nth);
        status = gen_http_client_create(loop, &client, &err);
        if (status == GEN_OK) {
            status = gen_http_send(client, &request, &result.call, &err);
        }
        for (int i = 0; status == GEN_OK && result.ends == 0 && i < TURNS_MOST; i++) {
            gen_loop_turn(loop);
        }
        more = gen_alloc_count() >= nth;
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK ? result.ends == 1 : status == GEN_ENOMEM && result.ends == 0,
                  "%ld", nth);
        cr_expect(more || result.response.fate == GEN_HTTP_ANSWERED, "%ld", nth);
        gen_http_client_destroy(client);
        cr_expect(result.ends <= 1);
    }
    gen_loop_destroy(loop);
    script_close(&script);
}

/* ------------------------------------------------------------------------- this machine, proxies -- */

struct place {
    const char *url; /* %d is the script's port */
    bool private, loopback;
    const char *refused; /* a piece of the reason; NULL = it goes through */
};

/* Allowed is this machine alone, and over plain http only by a name that says so itself. */
Test(http_client, this_machine_where_it_is_allowed)
{
    static const struct place rows[] = {
        {"http://127.0.0.1:%d/", false, true, NULL},
        {"http://127.7.7.7:%d/", false, true, "connect"}, /* loopback, too; nobody listens there */
        {"http://localhost:%d/", false, true, NULL},
        {"http://127.0.0.1:%d/", true, false, NULL},
        {"http://127.0.0.1:%d/", false, false, "plain http is not allowed"},
        {"http://10.1.2.3:%d/", false, true, "plain http is not allowed"},
        {"http://127.0.0.1.example:%d/", false, true, "plain http is not allowed"},
        {"https://127.0.0.1:%d/", false, false, "a private or reserved address"},
        {"https://localhost:%d/", false, false, "a private or reserved address"},
        {"https://169.254.169.254:%d/", false, true, "a private or reserved address"},
        {"https://10.1.2.3:%d/", false, true, "a private or reserved address"},
    };
    struct desk desk;

    desk_open(&desk);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct script script;
        struct result result;
        char url[128];
        struct gen_http_request request;
        struct gen_error err = {0};

        script_open(&script, ANSWER, OK_HEAD "Content-Length: 2\r\n\r\nok");
        request = request_to(&script, &result, url, "GET");
        snprintf(url, sizeof url, rows[i].url, script.port);
        request.allow_private = rows[i].private;
        request.allow_loopback = rows[i].loopback;
        if (gen_http_send(desk.client, &request, NULL, &err) == GEN_OK) {
            desk_wait(&desk, &result);
        } else {
            snprintf(result.reason, sizeof result.reason, "%.500s", err.message);
        }
        if (rows[i].refused == NULL) {
            cr_expect(strcmp(result.body, "ok") == 0, "%s: %s", rows[i].url, result.reason);
        } else {
            cr_expect(strstr(result.reason, rows[i].refused) != NULL, "%s: %s", rows[i].url,
                      result.reason);
            cr_expect(atomic_load(&script.connections) == 0, "%s", rows[i].url);
        }
        script_close(&script);
    }
    desk_close(&desk);
}

struct detour {
    const char *url;
    bool private, loopback, once;
    const char *asked;  /* how what the proxy reads begins; NULL = it is not asked */
    const char *refused;
};

static const struct detour DETOURS[] = {
    {"http://api.example/x?q=1", true, false, false, "GET http://api.example/x?q=1 HTTP/1.1\r\n",
     NULL},
    {"http://api.example/x", true, false, true, "GET http://api.example/x HTTP/1.1\r\n", NULL},
    {"https://api.example/x", false, false, false, "CONNECT api.example:443 HTTP/1.1\r\n", NULL},
    /* what may go to this machine, and does, takes no detour */
    {"http://127.0.0.1:9/x", false, true, false, NULL, "onnect"},
    /* the proxy resolves names; addresses that are written out are judged here all the same */
    {"https://169.254.169.254/latest", false, false, false, NULL, "private or reserved address"},
    {"https://[::1]/", false, false, false, NULL, "private or reserved address"},
    {"https://10.0.0.8/", false, false, false, NULL, "private or reserved address"},
};

Test(http_client, goes_through_the_proxy_it_was_told_of)
{
    setenv("https_proxy", "http://127.0.0.1:1", 1); /* does not count */
    setenv("no_proxy", "*", 1);
    for (size_t i = 0; i < GEN_COUNT(DETOURS); i++) {
        const struct detour *row = &DETOURS[i];
        struct desk desk;
        struct script proxy;
        struct result result;
        char url[128], address[64];
        struct gen_http_request request;
        struct gen_error err = {0};

        desk_open(&desk);
        script_open(&proxy, ANSWER, OK_HEAD "Content-Length: 2\r\n\r\nok");
        snprintf(address, sizeof address, "http://127.0.0.1:%d", proxy.port);
        cr_assert(gen_http_client_proxy(desk.client, address, &err) == GEN_OK);
        request = request_to(&proxy, &result, url, "GET");
        request.url = row->url;
        request.allow_private = row->private;
        request.allow_loopback = row->loopback;
        request.once = row->once;
        if (gen_http_send(desk.client, &request, NULL, &err) == GEN_OK) {
            desk_wait(&desk, &result);
        } else {
            snprintf(result.reason, sizeof result.reason, "%.500s", err.message);
        }
        cr_expect(atomic_load(&proxy.connections) == (row->asked != NULL), "%s", row->url);
        if (row->asked != NULL) {
            cr_expect(strncmp(proxy.log, row->asked, strlen(row->asked)) == 0, "%s", proxy.log);
        }
        cr_expect(row->refused == NULL || strstr(result.reason, row->refused) != NULL, "%s: %s",
                  row->url, result.reason);
        script_close(&proxy);
        desk_close(&desk);
    }
}

/* A proxy that is not there is named, since nothing of it is the provider's fault; who may pass is not. */
Test(http_client, names_a_dead_proxy)
{
    struct desk desk;
    struct script gone;
    struct result result;
    char url[128], address[64], expected[128];
    struct gen_http_request request;
    struct gen_error err = {0};

    desk_open(&desk);
    script_open(&gone, ANSWER, OK_HEAD "Content-Length: 2\r\n\r\nok");
    snprintf(address, sizeof address, "http://me:hush@127.0.0.1:%d", gone.port);
    snprintf(expected, sizeof expected, "through the proxy http://127.0.0.1:%d: ", gone.port);
    cr_assert(gen_http_client_proxy(desk.client, address, &err) == GEN_OK);
    request = request_to(&gone, &result, url, "GET");
    script_close(&gone);
    request.url = "https://api.example/x";
    request.allow_private = false;
    cr_assert(gen_http_send(desk.client, &request, NULL, &err) == GEN_OK);
    desk_wait(&desk, &result);
    cr_expect(strncmp(result.reason, expected, strlen(expected)) == 0, "%s", result.reason);
    cr_expect(strstr(result.reason, "hush") == NULL, "%s", result.reason);
    desk_close(&desk);
}

Test(http_client, takes_no_nonsense_for_a_proxy)
{
    static const char *const rows[] = {"", "proxy.example:3128", "ftp://proxy.example", "http://",
                                       "socks4://proxy.example"};
    struct desk desk;
    struct gen_error err = {0};

    desk_open(&desk);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        cr_expect(gen_http_client_proxy(desk.client, rows[i], &err) == GEN_EINVAL, "%s", rows[i]);
        cr_expect(strstr(err.message, "is no proxy: write http://") != NULL, "%s", err.message);
    }
    cr_expect(gen_http_client_proxy(desk.client, "socks5h://proxy.example:1080", &err) == GEN_OK);
    desk_close(&desk);
}
