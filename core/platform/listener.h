/* listener.h - sockets that listen: a Unix socket that only its owner can reach, or TCP.
 *
 * It accepts nothing: platform/http_server.c hands the descriptors to its library.
 *
 * Thread: [loop], before other threads create files (umask is the process's). Floor: platform.
 * Tests: tests/unit/platform/listener_test.c
 */
#ifndef GEN_PLATFORM_LISTENER_H
#define GEN_PLATFORM_LISTENER_H

#include "base/error.h"

struct gen_listener_file { /* which file a socket made */
    uint64_t device, inode;
};

/* Creates `path` with mode 0600 and listens; a socket file that nobody answers on is replaced.
 * `*fd` is the caller's; `*made` is for gen_listener_remove. GEN_EBUSY: a living server has it, or
 * `path` is no socket. GEN_EINVAL: the path is too long. GEN_EDENIED, GEN_ENOTFOUND (its
 * folder), GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_listener_open_unix(const char *path, int *fd,
                                                      struct gen_listener_file *made,
                                                      struct gen_error *err);

/* Unlinks `path` if it is still the file that was made, not one of a later server. */
void gen_listener_remove(const char *path, const struct gen_listener_file *made);

/* Listens on a numeric IPv4 or IPv6 address; port 0 takes a free one. `*bound` (may be NULL) is the
 * port. GEN_EBUSY: the port is taken. GEN_EINVAL: no such address. GEN_EDENIED, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_listener_open_tcp(const char *address, int port, int *fd,
                                                     int *bound, struct gen_error *err);

#endif
