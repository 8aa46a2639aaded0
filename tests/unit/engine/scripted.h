/* scripted.h - a server on loopback for tests: a thread that reads one request after the other, counts them,
 * and answers what the test's function says. Every connection is closed after its answer. */
#ifndef GEN_TEST_SCRIPTED_H
#define GEN_TEST_SCRIPTED_H

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SCRIPTED_REQUEST = 1 << 20, SCRIPTED_ANSWER = 1 << 20 };

struct scripted {
    /* Writes the whole answer to `out` and returns its size; 0 = hang up without one. `count` of this
     * request is 1, 2, ... [the server's thread] */
    size_t (*answer)(void *context, int count, const char *request, char *out);
    void *context;
    int fd, port;
    pthread_t thread;
    atomic_int count;
    atomic_bool closing;
    char *request, *out;
    /* So many requests are answered byte by byte, with pauses between. */
    int drip_requests;
    unsigned drip_us;
};

static inline bool scripted_whole(const char *text, size_t size)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = end == NULL ? NULL : strcasestr(text, "\r\ncontent-length:");
    size_t body = length == NULL || length > end ? 0 : strtoul(length + 17, NULL, 10);

    return end != NULL && size >= (size_t)(end + 4 - text) + body;
}

static inline bool scripted_read(struct scripted *server, int fd)
{
    size_t have = 0;
    ssize_t got;

    memset(server->request, 0, SCRIPTED_REQUEST);
    do {
        got = recv(fd, server->request + have, SCRIPTED_REQUEST - 1 - have, 0);
        have += got > 0 ? (size_t)got : 0;
    } while (got > 0 && !scripted_whole(server->request, have));
    return got > 0;
}

static inline void *scripted_run(void *context)
{
    struct scripted *server = context;
    int fd;

    while ((fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0 &&
           !atomic_load(&server->closing)) {
        if (scripted_read(server, fd)) {
            int count = atomic_fetch_add(&server->count, 1) + 1;
            size_t size = server->answer(server->context, count, server->request, server->out);

            bool drips = count <= server->drip_requests;

            for (size_t at = 0; at < size;) {
                ssize_t sent = send(fd, server->out + at, drips ? 1 : size - at, MSG_NOSIGNAL);

                if (drips) {
                    usleep(server->drip_us);
                }

                if (sent <= 0) {
                    break;
                }
                at += (size_t)sent;
            }
            shutdown(fd, SHUT_WR);
        }
        close(fd);
    }
    if (fd >= 0) {
        close(fd);
    }
    return NULL;
}

static inline void scripted_open(struct scripted *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    server->request = malloc(SCRIPTED_REQUEST);
    server->out = malloc(SCRIPTED_ANSWER);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(server->request != NULL && server->out != NULL && server->fd >= 0);
    cr_assert(bind(server->fd, (struct sockaddr *)&address, size) == 0);
    cr_assert(listen(server->fd, 64) == 0);
    cr_assert(getsockname(server->fd, (struct sockaddr *)&address, &size) == 0);
    server->port = ntohs(address.sin_port);
    cr_assert(pthread_create(&server->thread, NULL, scripted_run, server) == 0);
}

static inline int scripted_count(struct scripted *server)
{
    return atomic_load(&server->count);
}

static inline void scripted_close(struct scripted *server)
{
    atomic_store(&server->closing, true);
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
    free(server->request);
    free(server->out);
}

/* "HTTP/1.1 STATUS ..." with a body and further header lines (each with its line end). */
static inline size_t scripted_put(char *out, int status, const char *headers, const char *body)
{
    int size = snprintf(out, SCRIPTED_ANSWER,
                        "HTTP/1.1 %d Answer\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n%s",
                        status, strlen(body), headers, body);

    return (size_t)size;
}

#endif
