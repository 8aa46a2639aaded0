/* server.c - see server.h. */
#include "simulator/server.h"

#include "base/alloc.h"
#include "simulator/requests.h"
#include "simulator/routing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    SERVER_CONNECTIONS = 1000,
    SERVER_HEAD = 128 * 1024,
    SERVER_STACK = 1024 * 1024,
    SERVER_CHUNK = 64 * 1024,
    SERVER_SLICE_MS = 20, /* how long a sleeper goes without looking whether it should end */
};

struct sim_server {
    struct sim_world *world;
    struct MHD_Daemon *daemon;
    int64_t connections; /* counted by the one thread that accepts */
};

struct exchange { /* a request while it is received */
    struct sim_call call;
    struct sim_inner inner;
    struct gen_bytes body;
    bool too_large;
};

struct body { /* an answer's body while it is sent */
    struct sim_world *world;
    char *text;
    uint64_t huge; /* bytes of filler instead of a text */
    int fd;        /* -1 = text */
    int64_t from;
    int64_t size;
    int64_t truncate, stall_at, drip;
    int socket;
};

/* ------------------------------------------------------------------------------------- sleeping */

static bool server_peer_gone(int socket)
{
    struct pollfd look = {.fd = socket, .events = POLLRDHUP};

    return poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* Sleeps unless the simulator ends or the client leaves (then false). */
static bool server_sleep(const struct sim_world *world, int socket, int64_t ms)
{
    while (ms > 0 && !atomic_load(&world->stopping)) {
        int64_t slice = ms < SERVER_SLICE_MS ? ms : SERVER_SLICE_MS;
        struct timespec nap = {0, (long)slice * 1000000};

        (void)nanosleep(&nap, NULL);
        ms -= slice;
        if (socket >= 0 && server_peer_gone(socket)) {
            return false;
        }
    }
    return !atomic_load(&world->stopping);
}

static int server_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info == NULL ? -1 : info->connect_fd;
}

/* Connecting a connected socket to nothing makes Linux send RST at once, whatever is buffered. */
static enum MHD_Result server_reset(struct MHD_Connection *connection)
{
    struct sockaddr nothing = {.sa_family = AF_UNSPEC};

    (void)connect(server_socket(connection), &nothing, sizeof(nothing));
    return MHD_NO;
}

/* -------------------------------------------------------------------------------------- sending */

static ssize_t body_read(void *context, uint64_t position, char *out, size_t room)
{
    static const char begin[] = "{\"padding\":\"";
    struct body *body = context;
    int64_t left = body->size - (int64_t)position;
    ssize_t got;

    if (body->truncate >= 0 && (int64_t)position >= body->truncate) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (body->stall_at >= 0 && (int64_t)position >= body->stall_at) {
        (void)server_sleep(body->world, body->socket, INT64_MAX);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    left = body->truncate >= 0 && body->truncate - (int64_t)position < left
               ? body->truncate - (int64_t)position
               : left;
    left = body->stall_at >= 0 && body->stall_at - (int64_t)position < left
               ? body->stall_at - (int64_t)position
               : left;
    room = (int64_t)room > left ? (size_t)left : room;
    if (body->drip > 0) {
        int64_t share = body->drip < 10 ? 1 : body->drip / 10;

        if (!server_sleep(body->world, body->socket, share * 1000 / body->drip)) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        room = (int64_t)room > share ? (size_t)share : room;
    }
    if (body->fd >= 0) {
        got = pread(body->fd, out, room, (off_t)(body->from + (int64_t)position));
        return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (body->huge > 0) {
        for (size_t i = 0; i < room; i++) {
            uint64_t at = position + i;

            out[i] = at < sizeof(begin) - 1 ? begin[at]
                     : at + 2 == body->huge ? '"'
                     : at + 1 == body->huge ? '}'
                                            : 'x';
        }
        return (ssize_t)room;
    }
    memcpy(out, body->text + position, room);
    return (ssize_t)room;
}

static void body_free(void *context)
{
    struct body *body = context;

    if (body->fd >= 0) {
        (void)close(body->fd);
    }
    gen_free(body->text);
    gen_free(body);
}

static struct body *body_make(const struct sim_call *call, struct MHD_Connection *connection)
{
    const struct sim_inner *inner = call->inner;
    struct body *body = gen_alloc(sizeof(*body));

    if (body == NULL) {
        return NULL;
    }
    body->world = call->world;
    body->fd = -1;
    body->truncate = inner->effects.truncate;
    body->stall_at = inner->effects.stall_at;
    body->drip = inner->effects.drip;
    body->socket = server_socket(connection);
    if (inner->effects.huge_body > 0) {
        body->huge = (uint64_t)inner->effects.huge_body;
        body->size = inner->effects.huge_body;
    } else if (inner->file != NULL) {
        body->fd = open(inner->file, O_RDONLY | O_CLOEXEC);
        body->from = inner->file_from;
        body->size = inner->file_to - inner->file_from;
    } else if (inner->text_size > 0) {
        body->text = gen_alloc(inner->text_size);
        if (body->text != NULL) {
            memcpy(body->text, inner->text, inner->text_size);
            body->size = (int64_t)inner->text_size;
        }
    }
    return body;
}

static void server_date(const struct sim_call *call, struct MHD_Response *response)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(call->now / 1000);
    struct tm when;
    char text[64];

    if (gmtime_r(&seconds, &when) != NULL) {
        (void)snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                       days[when.tm_wday], when.tm_mday, months[when.tm_mon], when.tm_year + 1900,
                       when.tm_hour, when.tm_min, when.tm_sec);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_DATE, text);
    }
}

static enum MHD_Result server_send(struct sim_call *call, struct MHD_Connection *connection)
{
    struct body *body = body_make(call, connection);
    struct MHD_Response *response;
    enum MHD_Result result;

    if (body == NULL) {
        return MHD_NO;
    }
    response = MHD_create_response_from_callback((uint64_t)body->size, SERVER_CHUNK, body_read,
                                                 body, body_free);
    if (response == NULL) {
        body_free(body);
        return MHD_NO;
    }
    server_date(call, response);
    if (call->inner->type != NULL) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, call->inner->type);
    }
    for (const struct sim_pair *pair = call->inner->answer_headers; pair != NULL;
         pair = pair->next) {
        (void)MHD_add_response_header(response, pair->name, pair->value);
    }
    result = MHD_queue_response(connection, (unsigned)call->inner->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ------------------------------------------------------------------------------------ receiving */

struct server_list {
    struct gen_arena *arena;
    struct sim_pair **list;
};

static enum MHD_Result server_pair(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct server_list *list = context;

    (void)kind;
    sim_pair_add(list->arena, list->list, name, value);
    return MHD_YES;
}

static struct exchange *exchange_begin(struct sim_server *server, struct MHD_Connection *connection,
                                       const char *path, const char *method, const char *version)
{
    struct exchange *exchange = gen_alloc(sizeof(*exchange));
    struct gen_arena *arena = exchange == NULL ? NULL : gen_arena_create(0);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct server_list list = {.arena = arena};
    struct sim_call *call;
    const char *host;

    if (arena == NULL) {
        gen_free(exchange);
        return NULL;
    }
    call = &exchange->call;
    gen_bytes_init(&exchange->body, SIM_SERVER_BODY);
    call->world = server->world;
    call->arena = arena;
    call->method = gen_arena_strdup(arena, method);
    call->path = gen_arena_strdup(arena, path);
    call->body = "";
    call->inner = &exchange->inner;
    call->inner->version = gen_arena_strdup(arena, version);
    call->inner->connection = info == NULL ? 0 : (int64_t)(intptr_t)info->socket_context;
    call->inner->status = 500;
    list.list = &call->inner->headers;
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, server_pair, &list);
    list.list = &call->inner->query;
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, server_pair, &list);
    host = sim_call_header(call, "Host");
    call->origin = host != NULL && *host != '\0'
                       ? gen_arena_printf(arena, "http://%s", host)
                       : gen_arena_printf(arena, "http://127.0.0.1:%d", server->world->port);
    return exchange;
}

static void exchange_end(struct exchange *exchange)
{
    gen_bytes_fini(&exchange->body);
    gen_arena_destroy(exchange->call.arena);
    gen_free(exchange);
}

/* The head is there: true = reset the connection now. */
static bool server_head(struct sim_call *call)
{
    bool reset;

    (void)pthread_mutex_lock(&call->world->lock);
    call->now = sim_world_told(call->world);
    sim_routing_enter(call);
    call->number = sim_requests_begin(call->world->requests, call);
    reset = sim_routing_head(call);
    if (reset) {
        sim_requests_end(call->world->requests, call, 0, "reset before it was read");
    }
    (void)pthread_mutex_unlock(&call->world->lock);
    return reset;
}

static void server_note(struct sim_call *call, int status, const char *fate)
{
    (void)pthread_mutex_lock(&call->world->lock);
    sim_requests_end(call->world->requests, call, status, fate);
    (void)pthread_mutex_unlock(&call->world->lock);
}

/* The request is there: faults, the dialect, the answer. */
static enum MHD_Result server_whole(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct sim_call *call = &exchange->call;
    const struct sim_effects *effects = &call->inner->effects;
    int socket = server_socket(connection);

    call->body = exchange->body.data == NULL ? "" : exchange->body.data;
    call->body_size = exchange->body.size;
    (void)pthread_mutex_lock(&call->world->lock);
    sim_routing_judge(call);
    (void)pthread_mutex_unlock(&call->world->lock);
    if (effects->reset_before) { /* a rule that looks at the body */
        server_note(call, 0, "reset before it was acted on");
        return server_reset(connection);
    }
    if (effects->stall_ms > 0) {
        server_note(call, 0, "stalled before it was acted on");
        (void)server_sleep(call->world, socket, effects->stall_ms);
        return MHD_NO;
    }
    (void)server_sleep(call->world, -1, effects->latency_ms);
    (void)pthread_mutex_lock(&call->world->lock);
    if (exchange->too_large && call->dialect != NULL) {
        call->dialect->refuse(call, 413, NULL, NULL);
    } else {
        sim_routing_act(call);
    }
    sim_requests_end(call->world->requests, call, call->inner->status,
                     effects->reset_after          ? "acted on, then reset"
                     : effects->stall_after_ms > 0 ? "acted on, then stalled"
                                                   : "answered");
    (void)pthread_mutex_unlock(&call->world->lock);
    if (effects->reset_after) {
        return server_reset(connection);
    }
    if (effects->stall_after_ms > 0) {
        (void)server_sleep(call->world, socket, effects->stall_after_ms);
        return MHD_NO;
    }
    return server_send(call, connection);
}

static enum MHD_Result server_access(void *context, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *data, size_t *size, void **state)
{
    struct exchange *exchange = *state;

    if (exchange == NULL) {
        exchange = exchange_begin(context, connection, path, method, version);
        *state = exchange;
        if (exchange == NULL) {
            return MHD_NO;
        }
        return server_head(&exchange->call) ? server_reset(connection) : MHD_YES;
    }
    if (*size > 0) {
        exchange->too_large = gen_bytes_append(&exchange->body, data, *size) != GEN_OK;
        *size = 0;
        return MHD_YES;
    }
    return server_whole(exchange, connection);
}

static void server_completed(void *context, struct MHD_Connection *connection, void **state,
                             enum MHD_RequestTerminationCode why)
{
    (void)context;
    (void)connection;
    (void)why;
    if (*state != NULL) {
        exchange_end(*state);
        *state = NULL;
    }
}

static void server_connected(void *context, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode what)
{
    struct sim_server *server = context;

    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *state = (void *)(intptr_t)++server->connections;
    }
}

/* ---------------------------------------------------------------------------------- start, stop */

enum gen_status sim_server_start(struct sim_world *world, int port, struct sim_server **out,
                                 struct gen_error *err)
{
    struct sim_server *server = gen_alloc(sizeof(*server));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const union MHD_DaemonInfo *info;

    if (server == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->world = world;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_SUPPRESS_DATE_NO_CLOCK,
        (uint16_t)port, NULL, NULL, server_access, server, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_NOTIFY_COMPLETED, server_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        server_connected, server, MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVER_CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_HEAD, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)SERVER_STACK, MHD_OPTION_END);
    if (server->daemon == NULL) {
        gen_free(server);
        return gen_error_set(err, errno == EADDRINUSE ? GEN_EBUSY : GEN_EIO,
                             "127.0.0.1:%d cannot be listened on: %s", port, strerror(errno));
    }
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    (void)pthread_mutex_lock(&world->lock);
    world->port = info == NULL ? port : info->port;
    (void)pthread_mutex_unlock(&world->lock);
    *out = server;
    return GEN_OK;
}

void sim_server_stop(struct sim_server *server)
{
    if (server != NULL) {
        MHD_stop_daemon(server->daemon);
        gen_free(server);
    }
}
