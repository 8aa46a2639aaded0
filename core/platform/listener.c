/* listener.c - see listener.h. */
#include "platform/listener.h"

#include "platform/files.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LISTENER_BACKLOG = 511 };

static enum gen_status listener_fail(int *fd, const char *what, const char *where,
                                     struct gen_error *err)
{
    int number = errno;

    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
    if (number == EADDRINUSE) {
        return gen_error_set(err, GEN_EBUSY, "%s %s: it is in use by another server", what, where);
    }
    return gen_files_errno(err, number, what, where);
}

/* ------------------------------------------------------------------------------ Unix sockets -- */

/* Does anybody answer there? A full backlog is an answer too. */
static bool socket_lives(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool lives;

    if (fd < 0) {
        return true; /* we cannot know */
    }
    lives = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ||
            (errno != ECONNREFUSED && errno != ENOENT);
    (void)close(fd);
    return lives;
}

static int listener_bind_unix(int fd, const struct sockaddr_un *address)
{
    mode_t mask = umask(0177);
    int bound = bind(fd, (const struct sockaddr *)address, sizeof *address);
    int number = errno;

    (void)umask(mask);
    errno = number;
    return bound;
}

/* Binds, in the place of a socket file that nobody answers on. */
static enum gen_status listener_take_unix(int *fd, const struct sockaddr_un *address,
                                          struct gen_error *err)
{
    const char *path = address->sun_path;
    struct stat facts;

    if (listener_bind_unix(*fd, address) == 0) {
        return GEN_OK;
    }
    if (errno != EADDRINUSE) {
        return listener_fail(fd, "cannot create the socket", path, err);
    }
    if (lstat(path, &facts) == 0 && !S_ISSOCK(facts.st_mode)) {
        (void)close(*fd);
        *fd = -1;
        return gen_error_set(
            err, GEN_EBUSY, "cannot create the socket %s: another file has that name, move it away",
            path);
    }
    if (socket_lives(address)) {
        errno = EADDRINUSE;
        return listener_fail(fd, "cannot listen on", path, err);
    }
    if ((unlink(path) != 0 && errno != ENOENT) || listener_bind_unix(*fd, address) != 0) {
        return listener_fail(fd, "cannot replace the socket", path, err);
    }
    return GEN_OK;
}

enum gen_status gen_listener_open_unix(const char *path, int *fd, struct gen_listener_file *made,
                                       struct gen_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    enum gen_status status;
    struct stat facts;
    size_t size = strlen(path);

    *fd = -1;
    if (size == 0 || size >= sizeof address.sun_path) {
        return gen_error_set(err, GEN_EINVAL,
                             "socket path %s: it must have 1 to %zu bytes, choose a shorter folder",
                             path, sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path, size);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0) {
        return listener_fail(fd, "cannot create a socket for", path, err);
    }
    status = listener_take_unix(fd, &address, err);
    if (status != GEN_OK) {
        return status;
    }
    if (lstat(path, &facts) != 0 || listen(*fd, LISTENER_BACKLOG) != 0) {
        status = listener_fail(fd, "cannot listen on", path, err);
        (void)unlink(path);
        return status;
    }
    made->device = facts.st_dev;
    made->inode = facts.st_ino;
    return GEN_OK;
}

void gen_listener_remove(const char *path, const struct gen_listener_file *made)
{
    struct stat facts;

    if (lstat(path, &facts) == 0 && facts.st_dev == made->device && facts.st_ino == made->inode) {
        (void)unlink(path);
    }
}

/* --------------------------------------------------------------------------------------- TCP -- */

union listener_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static socklen_t listener_parse(const char *text, int port, union listener_address *out)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &out->four.sin_addr) == 1) {
        out->four.sin_family = AF_INET;
        out->four.sin_port = htons((uint16_t)port);
        return sizeof out->four;
    }
    if (inet_pton(AF_INET6, text, &out->six.sin6_addr) == 1) {
        out->six.sin6_family = AF_INET6;
        out->six.sin6_port = htons((uint16_t)port);
        return sizeof out->six;
    }
    return 0;
}

enum gen_status gen_listener_open_tcp(const char *address, int port, int *fd, int *bound,
                                      struct gen_error *err)
{
    union listener_address at;
    socklen_t size = port < 0 || port > 65535 ? 0 : listener_parse(address, port, &at);
    char where[128];
    int on = 1;

    *fd = -1;
    snprintf(where, sizeof where, "%.90s port %d", address, port);
    if (size == 0) {
        return gen_error_set(err, GEN_EINVAL,
                             "%s is no address to listen on, use for example 127.0.0.1", where);
    }
    *fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0) {
        return listener_fail(fd, "cannot create a socket for", where, err);
    }
    (void)setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at.any.sa_family == AF_INET6) {
        (void)setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (bind(*fd, &at.any, size) != 0 || listen(*fd, LISTENER_BACKLOG) != 0 ||
        getsockname(*fd, &at.any, &size) != 0) {
        return listener_fail(fd, "cannot listen on", where, err);
    }
    if (bound != NULL) {
        *bound = ntohs(at.any.sa_family == AF_INET ? at.four.sin_port : at.six.sin6_port);
    }
    return GEN_OK;
}
