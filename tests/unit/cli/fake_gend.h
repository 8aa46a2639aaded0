/* fake_gend.h - a gend for tests of its client: the same HTTP server in a child process, whose
 * answers follow a script, and which can die in the middle of a request and come back. */
#ifndef TESTS_UNIT_CLI_FAKE_GEND_H
#define TESTS_UNIT_CLI_FAKE_GEND_H

#include "platform/http_server.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAKE_JOB "gen_01m81qqjc2h1m667q3j8md7c1b"
#define FAKE_OUTPUT "out_01m81qvqsc2pfd614n6qa2gvcg"

struct fake_answer { /* a table of these ends with path NULL; the first row that fits answers */
    const char *method, *path;
    int from, to; /* the requests with this method and path that it answers, 1 = first; to 0 = all */
    int status;   /* 0 = die; -1 = begin a stream, write the body and end it; -2 = leave it open */
    const char *type, *body;
};

struct fake {
    const struct fake_answer *answers;
    int counts[64];
};

/* How often each row was asked for is kept in files, since the process may die. */
static inline int fake_count(size_t row, int more)
{
    char name[32], text[32] = "0";
    int count = 0, fd;

    (void)snprintf(name, sizeof name, "count-%zu", row);
    fd = open(name, O_RDWR | O_CREAT, 0600);
    if (fd >= 0 && pread(fd, text, sizeof text - 1, 0) >= 0) {
        count = atoi(text) + more;
        (void)snprintf(text, sizeof text, "%d", count);
        if (more != 0 && pwrite(fd, text, strlen(text), 0) < 0) {
            count = -1;
        }
    }
    close(fd);
    return count;
}

static inline void fake_note(struct gen_exchange *exchange)
{
    const char *key = gen_exchange_header(exchange, "Idempotency-Key");
    const char *after = gen_exchange_query(exchange, "after");
    const char *name = gen_exchange_query(exchange, "name");
    FILE *log = fopen("requests", "a");

    if (log != NULL) {
        fprintf(log, "%s %s key=%s after=%s name=%s\n", gen_exchange_method(exchange),
                gen_exchange_path(exchange), key ? key : "", after ? after : "", name ? name : "");
        fclose(log);
    }
}

static inline void fake_on_head(void *context, struct gen_exchange *exchange)
{
    (void)context;
    gen_exchange_accept(exchange, GEN_HTTP_BODY_MEMORY, 1 << 20);
}

static inline void fake_on_body(void *context, struct gen_exchange *exchange)
{
    const struct fake *fake = context;
    const char *path = gen_exchange_path(exchange);

    fake_note(exchange);
    for (size_t row = 0; fake->answers[row].path != NULL; row++) {
        const struct fake_answer *answer = &fake->answers[row];
        int count;

        if (strcmp(answer->path, path) != 0 || strcmp(answer->method, gen_exchange_method(exchange)) != 0) {
            continue;
        }
        count = fake_count(row, 1);
        if (count < answer->from || (answer->to != 0 && count > answer->to)) {
            continue;
        }
        if (answer->status == 0) {
            _exit(7);
        }
        if (answer->status < 0) {
            gen_exchange_stream(exchange, 200, answer->type, 1 << 20);
            (void)!gen_exchange_write(exchange, answer->body, strlen(answer->body));
            if (answer->status == -1) {
                gen_exchange_end(exchange);
            }
            return;
        }
        gen_exchange_reply(exchange, answer->status, answer->type ? answer->type : "application/json",
                           answer->body, strlen(answer->body));
        return;
    }
    gen_exchange_reply(exchange, 404, NULL, "", 0);
}

static inline void fake_on_end(void *context, struct gen_exchange *exchange)
{
    (void)context;
    (void)exchange;
}

static inline void fake_serve(const struct fake_answer *answers)
{
    struct fake fake = {.answers = answers};
    struct gen_http_handler handler = {fake_on_head, fake_on_body, fake_on_end, NULL, &fake};
    struct gen_http_listen listen = {.unix_socket = "sock"};
    struct gen_http_server *server = NULL;
    struct gen_loop *loop = NULL;
    struct gen_error err = {0};

    if (gen_loop_create(&loop, &err) != GEN_OK ||
        gen_http_server_create(loop, &listen, &handler, &server, &err) != GEN_OK) {
        fprintf(stderr, "fake gend: %s\n", err.message);
        _exit(8);
    }
    gen_loop_run(loop);
    _exit(0);
}

/* Its socket's file is there a moment before it listens. */
static inline bool fake_listens(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "sock"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool listens = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return listens;
}

/* Starts it, and again each time it dies by the script. Ends with the test. Returns the pid of the
 * process that does so. */
static inline pid_t fake_start(const struct fake_answer *answers)
{
    pid_t keeper = fork();

    cr_assert(keeper >= 0);
    if (keeper == 0) {
        int ended = 7 << 8;

        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (WIFEXITED(ended) && WEXITSTATUS(ended) == 7) {
            pid_t child = fork();

            if (child == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                fake_serve(answers);
            }
            waitpid(child, &ended, 0);
        }
        _exit(1);
    }
    for (int i = 0; !fake_listens(); i++) {
        cr_assert(i < 1000, "the fake gend does not come up");
        usleep(10000);
    }
    return keeper;
}

static inline void fake_stop(pid_t keeper)
{
    kill(keeper, SIGKILL); /* its child goes with it */
    waitpid(keeper, NULL, 0);
}

/* All of a small file; "" when there is none. */
static inline const char *fake_read(const char *name, char *out, size_t size)
{
    int fd = open(name, O_RDONLY);
    ssize_t got = fd >= 0 ? read(fd, out, size - 1) : 0;

    out[got > 0 ? got : 0] = '\0';
    if (fd >= 0) {
        close(fd);
    }
    return out;
}

#endif
