/* http_server.c - see http_server.h. One libmicrohttpd daemon a listener, without threads: its
 * epoll descriptor is watched on the loop, its timeouts are a timer there. */
#include "platform/http_server.h"

#include "base/alloc.h"
#include "platform/linger.h"
#include "platform/listener.h"

#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    SERVER_CONNECTIONS = 1024,
    SERVER_IDLE_S = 60,
    SERVER_CONNECTION_MEMORY = 16 * 1024, /* also the limit of a request's head: 431, 414 */
    SERVER_FULL_MS = 500, /* at the connection limit: look again, the library forgets to accept */
};

struct endpoint {
    struct gen_http_server *server;
    struct MHD_Daemon *daemon; /* NULL = not used */
    struct gen_watch *watch, *wake;
    struct gen_timer *timer;
    int64_t timer_at;
    struct gen_exchange_host host;
};

struct gen_http_server {
    struct gen_loop *loop;
    struct gen_http_handler handler;
    struct endpoint unix_end, tcp_end;
    struct gen_linger *linger;
    char *unix_path;
    struct gen_listener_file unix_file;
    char *upload_folder;
    int port;
    int max_connections;
};

/* ----------------------------------------------------------------------- the library's calls -- */

static enum MHD_Result endpoint_access(void *context, struct MHD_Connection *connection,
                                       const char *url, const char *method, const char *version,
                                       const char *data, size_t *size, void **state)
{
    struct endpoint *endpoint = context;
    struct gen_exchange *exchange = *state;
    bool good = gen_exchange_step(&endpoint->host, connection, method, url, data, size, &exchange);

    (void)version;
    *state = exchange;
    return good ? MHD_YES : MHD_NO;
}

static void endpoint_completed(void *context, struct MHD_Connection *connection, void **state,
                               enum MHD_RequestTerminationCode why)
{
    (void)context;
    (void)connection;
    (void)why;
    if (*state != NULL) {
        gen_exchange_finish(*state);
        *state = NULL;
    }
}

/* Undoes percent signs in place, but leaves %00 alone: a text would end there. */
static size_t endpoint_unescape(void *context, struct MHD_Connection *connection, char *text)
{
    char *to = text;

    (void)context;
    (void)connection;
    for (const char *from = text; *from != '\0'; from++) {
        char digits[3] = {0};

        if (from[0] == '%' && from[1] != '\0') {
            digits[0] = from[1];
            digits[1] = from[2];
        }
        if (strspn(digits, "0123456789abcdefABCDEF") == 2 && strcmp(digits, "00") != 0) {
            *to++ = (char)strtol(digits, NULL, 16);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}

/* ------------------------------------------------------------------------------- on the loop -- */

static void endpoint_run(struct endpoint *endpoint);

static size_t endpoint_connections(const struct endpoint *endpoint)
{
    const union MHD_DaemonInfo *info =
        endpoint->daemon == NULL
            ? NULL
            : MHD_get_daemon_info(endpoint->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

    return info == NULL ? 0 : info->num_connections;
}

static void endpoint_on_timer(void *context)
{
    struct endpoint *endpoint = context;

    endpoint->timer = NULL;
    endpoint_run(endpoint);
}

static void endpoint_on_event(void *context, int fd, unsigned events)
{
    (void)fd;
    (void)events;
    endpoint_run(context);
}

static void endpoint_on_wake(void *context, int fd, unsigned events)
{
    eventfd_t count;

    (void)events;
    (void)eventfd_read(fd, &count);
    endpoint_run(context);
}

/* Has a timer at `delay_ms` or before: early is harmless. */
static void endpoint_arm(struct endpoint *endpoint, int64_t delay_ms)
{
    struct gen_loop *loop = endpoint->server->loop;
    int64_t at = gen_loop_now(loop) + delay_ms;
    struct gen_timer *timer;

    if (endpoint->timer != NULL && endpoint->timer_at <= at) {
        return;
    }
    timer = gen_timer_start(loop, delay_ms, endpoint_on_timer, endpoint);
    if (timer == NULL) { /* no memory: look again in the next turn, until there is some */
        (void)eventfd_write(endpoint->host.wake_fd, 1);
        return;
    }
    gen_timer_cancel(&endpoint->timer);
    endpoint->timer = timer;
    endpoint->timer_at = at;
}

static void endpoint_run(struct endpoint *endpoint)
{
    bool full = endpoint_connections(endpoint) >= (size_t)endpoint->server->max_connections;
    MHD_UNSIGNED_LONG_LONG wait_ms;

    (void)MHD_run(endpoint->daemon);
    if (full) {
        endpoint_arm(endpoint, SERVER_FULL_MS);
    }
    if (MHD_get_timeout(endpoint->daemon, &wait_ms) == MHD_YES) {
        endpoint_arm(endpoint, wait_ms > INT32_MAX ? INT32_MAX : (int64_t)wait_ms);
    }
}

/* ----------------------------------------------------------------------- creating and ending -- */

static enum gen_status endpoint_open(struct endpoint *endpoint, int fd,
                                     const struct gen_http_listen *listen, struct gen_error *err)
{
    int idle_s = listen->idle_timeout_s > 0 ? listen->idle_timeout_s : SERVER_IDLE_S;
    const union MHD_DaemonInfo *info;
    enum gen_status status;

    endpoint->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, endpoint_access, endpoint,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)endpoint->server->max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_CONNECTION_MEMORY,
        MHD_OPTION_NOTIFY_COMPLETED, endpoint_completed, endpoint, MHD_OPTION_UNESCAPE_CALLBACK,
        endpoint_unescape, endpoint, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (endpoint->daemon == NULL) {
        (void)close(fd); /* the library closes it only when it starts */
        return gen_error_set(err, GEN_ENOMEM, "libmicrohttpd could not be started");
    }
    info = MHD_get_daemon_info(endpoint->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "libmicrohttpd has no epoll");
    }
    endpoint->host.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (endpoint->host.wake_fd < 0) {
        return gen_error_set(err, GEN_EIO, "cannot create an event descriptor: %s",
                             strerror(errno));
    }
    status = gen_watch_open(endpoint->server->loop, endpoint->host.wake_fd, GEN_WATCH_READ,
                            endpoint_on_wake, endpoint, &endpoint->wake, err);
    if (status == GEN_OK) {
        status = gen_watch_open(endpoint->server->loop, info->epoll_fd, GEN_WATCH_READ,
                                endpoint_on_event, endpoint, &endpoint->watch, err);
    }
    return status;
}

static void endpoint_close(struct endpoint *endpoint)
{
    gen_watch_close(&endpoint->watch);
    gen_timer_cancel(&endpoint->timer);
    if (endpoint->daemon != NULL) {
        gen_exchange_release(&endpoint->host); /* suspended connections must not be there */
        MHD_stop_daemon(endpoint->daemon);
        endpoint->daemon = NULL;
    }
    gen_watch_close(&endpoint->wake);
    if (endpoint->host.wake_fd >= 0) {
        (void)close(endpoint->host.wake_fd);
    }
}

/* A reply to a peer that has left must not end the process; sendfile knows no flag against it. */
static void server_ignore_sigpipe(void)
{
    struct sigaction now;

    if (sigaction(SIGPIPE, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
        now.sa_handler == SIG_DFL) {
        now.sa_handler = SIG_IGN;
        (void)sigaction(SIGPIPE, &now, NULL);
    }
}

static enum gen_status server_listen(struct gen_http_server *server,
                                     const struct gen_http_listen *listen, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    int fd = -1;

    if (listen->unix_socket != NULL) {
        status = gen_listener_open_unix(server->unix_path, &fd, &server->unix_file, err);
        if (status == GEN_OK) {
            status = endpoint_open(&server->unix_end, fd, listen, err);
        }
    }
    if (status == GEN_OK && listen->address != NULL) {
        status = gen_listener_open_tcp(listen->address, listen->port, &fd, &server->port, err);
        if (status == GEN_OK) {
            status = endpoint_open(&server->tcp_end, fd, listen, err);
        }
    }
    return status;
}

static void server_prepare(struct gen_http_server *server, struct endpoint *endpoint, bool local)
{
    endpoint->server = server;
    endpoint->host.handler = &server->handler;
    endpoint->host.upload_folder = server->upload_folder;
    endpoint->host.local = local;
    endpoint->host.wake_fd = -1;
    endpoint->host.linger = server->linger;
}

static enum gen_status server_set_up(struct gen_http_server *server,
                                     const struct gen_http_listen *listen, struct gen_error *err)
{
    enum gen_status status = gen_linger_create(server->loop, &server->linger, err);
    bool copied = true;

    if (listen->unix_socket != NULL) {
        server->unix_path = gen_strdup(listen->unix_socket);
        copied = server->unix_path != NULL;
    }
    if (listen->upload_folder != NULL) {
        server->upload_folder = gen_strdup(listen->upload_folder);
        copied = copied && server->upload_folder != NULL;
    }
    server_prepare(server, &server->unix_end, true);
    server_prepare(server, &server->tcp_end, false);
    if (status == GEN_OK && !copied) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory for the server");
    }
    return status == GEN_OK ? server_listen(server, listen, err) : status;
}

enum gen_status gen_http_server_create(struct gen_loop *loop, const struct gen_http_listen *listen,
                                       const struct gen_http_handler *handler,
                                       struct gen_http_server **out, struct gen_error *err)
{
    struct gen_http_server *server = gen_alloc(sizeof *server);
    enum gen_status status;

    if (server == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for the server");
    }
    server_ignore_sigpipe();
    server->loop = loop;
    server->handler = *handler;
    server->max_connections = listen->max_connections > 0 ? listen->max_connections
                                                          : (int)SERVER_CONNECTIONS;
    status = server_set_up(server, listen, err);
    if (status == GEN_OK) {
        *out = server;
    } else {
        gen_http_server_destroy(server);
    }
    return status;
}

void gen_http_server_destroy(struct gen_http_server *server)
{
    if (server == NULL) {
        return;
    }
    endpoint_close(&server->tcp_end);
    endpoint_close(&server->unix_end);
    gen_linger_destroy(server->linger);
    if (server->unix_file.inode != 0) {
        gen_listener_remove(server->unix_path, &server->unix_file);
    }
    gen_free(server->unix_path);
    gen_free(server->upload_folder);
    gen_free(server);
}

int gen_http_server_port(const struct gen_http_server *server)
{
    return server->port;
}

size_t gen_http_server_connections(const struct gen_http_server *server)
{
    return endpoint_connections(&server->unix_end) + endpoint_connections(&server->tcp_end);
}
