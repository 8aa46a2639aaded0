/* exchange.c - see exchange.h. It stands on libmicrohttpd 0.9.75.
 *
 * A reply that is queued before the body was read makes the library close the connection; without a
 * body that would be a waste, so such a reply waits for the library's last call. */
#include "platform/exchange.h"

#include "base/alloc.h"
#include "base/check.h"
#include "platform/http_condition.h"
#include "platform/linger.h"
#include "platform/reply.h"
#include "platform/upload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EXCHANGE_MEMORY_MOST = 64 * 1024 * 1024,
    EXCHANGE_DROP_MOST = 64 * 1024 * 1024, /* read and dropped so that an error can be told */
};

struct gen_exchange {
    struct gen_exchange *next, *previous;
    struct gen_exchange_host *host;
    struct MHD_Connection *connection;
    struct gen_arena *arena;
    const char *method, *path;
    void *state;
    struct gen_reply reply;
    bool told;                /* on_head was called, so on_end is due */
    bool asked;               /* on_body was called */
    bool early;               /* replied before the body was read: the peer may still be sending */
    enum gen_http_body where; /* 0 = not chosen */
    int64_t limit, received, dropped;
    struct gen_bytes body;
    struct gen_upload upload;
    int refused; /* a status: the rest of the body is dropped, then it is told; 0 = no */
};

/* ------------------------------------------------------------------------------- the request -- */

const char *gen_exchange_method(const struct gen_exchange *exchange)
{
    return exchange->method;
}

const char *gen_exchange_path(const struct gen_exchange *exchange)
{
    return exchange->path;
}

struct pair_search {
    const char *key;
    const char *value;
};

static enum MHD_Result pair_find(void *context, enum MHD_ValueKind kind, const char *key,
                                 const char *value)
{
    struct pair_search *search = context;

    (void)kind;
    if (strcmp(key, search->key) != 0) { /* the library would ignore upper and lower case */
        return MHD_YES;
    }
    search->value = value == NULL ? "" : value;
    return MHD_NO;
}

const char *gen_exchange_query(const struct gen_exchange *exchange, const char *key)
{
    struct pair_search search = {.key = key};

    (void)MHD_get_connection_values(exchange->connection, MHD_GET_ARGUMENT_KIND, pair_find,
                                    &search);
    return search.value;
}

struct pair_walk {
    gen_exchange_pair *call;
    void *context;
};

static enum MHD_Result pair_tell(void *context, enum MHD_ValueKind kind, const char *key,
                                 const char *value)
{
    const struct pair_walk *walk = context;

    (void)kind;
    return walk->call(walk->context, key, value == NULL ? "" : value) ? MHD_YES : MHD_NO;
}

void gen_exchange_each_query(const struct gen_exchange *exchange, gen_exchange_pair *call,
                             void *context)
{
    struct pair_walk walk = {.call = call, .context = context};

    (void)MHD_get_connection_values(exchange->connection, MHD_GET_ARGUMENT_KIND, pair_tell, &walk);
}

const char *gen_exchange_header(const struct gen_exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

bool gen_exchange_is_local(const struct gen_exchange *exchange)
{
    return exchange->host->local;
}

bool gen_exchange_is_owner(const struct gen_exchange *exchange)
{
    const union MHD_ConnectionInfo *info;
    struct ucred peer = {.uid = (uid_t)-1};
    socklen_t size = sizeof peer;

    if (!exchange->host->local) {
        return false;
    }
    info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info != NULL &&
           getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           size == sizeof peer && (peer.uid == geteuid() || peer.uid == 0);
}

const char *gen_exchange_address(struct gen_exchange *exchange)
{
    const union MHD_ConnectionInfo *info;
    char text[INET6_ADDRSTRLEN];
    const void *from;

    if (exchange->host->local) {
        return NULL;
    }
    info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL) {
        return NULL;
    }
    from = info->client_addr->sa_family == AF_INET6
               ? (const void *)&((const struct sockaddr_in6 *)info->client_addr)->sin6_addr
               : (const void *)&((const struct sockaddr_in *)info->client_addr)->sin_addr;
    return inet_ntop(info->client_addr->sa_family, from, text, sizeof text) == NULL
               ? NULL
               : gen_arena_strdup(exchange->arena, text);
}

const char *gen_exchange_body(const struct gen_exchange *exchange, size_t *size)
{
    if (size != NULL) {
        *size = exchange->body.size;
    }
    return exchange->body.data == NULL ? "" : exchange->body.data;
}

const char *gen_exchange_body_file(const struct gen_exchange *exchange, int64_t *size)
{
    if (size != NULL) {
        *size = exchange->upload.size;
    }
    return exchange->upload.made ? exchange->upload.path : NULL;
}

void gen_exchange_keep_file(struct gen_exchange *exchange)
{
    exchange->upload.kept = true;
}

struct gen_arena *gen_exchange_arena(struct gen_exchange *exchange)
{
    return exchange->arena;
}

void *gen_exchange_state(const struct gen_exchange *exchange)
{
    return exchange->state;
}

void gen_exchange_set_state(struct gen_exchange *exchange, void *state)
{
    exchange->state = state;
}

/* --------------------------------------------------------------------------------- the reply -- */

void gen_exchange_reply_header(struct gen_exchange *exchange, const char *name, const char *value)
{
    gen_reply_header(&exchange->reply, name, value);
}

void gen_exchange_reply(struct gen_exchange *exchange, int status, const char *content_type,
                        const void *body, size_t size)
{
    gen_reply_bytes(&exchange->reply, status, content_type, body, size);
}

bool gen_exchange_replied(const struct gen_exchange *exchange)
{
    return exchange->reply.given;
}

void gen_exchange_reply_file(struct gen_exchange *exchange, int fd, const char *content_type,
                             const char *etag)
{
    struct gen_http_ask ask = {
        .range = gen_exchange_header(exchange, MHD_HTTP_HEADER_RANGE),
        .if_range = gen_exchange_header(exchange, MHD_HTTP_HEADER_IF_RANGE),
        .if_none_match = gen_exchange_header(exchange, MHD_HTTP_HEADER_IF_NONE_MATCH),
        .get = strcmp(exchange->method, "GET") == 0,
    };

    gen_reply_file(&exchange->reply, fd, content_type, etag, &ask);
}

void gen_exchange_stream(struct gen_exchange *exchange, int status, const char *content_type,
                         size_t limit)
{
    gen_reply_stream(&exchange->reply, status, content_type, limit);
}

enum gen_status gen_exchange_write(struct gen_exchange *exchange, const void *data, size_t size)
{
    return gen_reply_write(&exchange->reply, data, size);
}

size_t gen_exchange_unsent(const struct gen_exchange *exchange)
{
    return gen_reply_unsent(&exchange->reply);
}

void gen_exchange_end(struct gen_exchange *exchange)
{
    gen_reply_end(&exchange->reply);
}

static void exchange_on_drain(void *context)
{
    struct gen_exchange *exchange = context;
    const struct gen_http_handler *handler = exchange->host->handler;

    handler->on_drain(handler->context, exchange);
}

/* ---------------------------------------------------------------------------- reading a body -- */

/* Bytes that are announced, 0 = no body, -1 = chunked, unknown. The library checked the form. */
static int64_t exchange_announced(const struct gen_exchange *exchange)
{
    const char *text = gen_exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    long long size;

    if (gen_exchange_header(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL) {
        return -1;
    }
    if (text == NULL) {
        return 0;
    }
    errno = 0;
    size = strtoll(text, NULL, 10);
    return errno == ERANGE || size < 0 ? INT64_MAX : size;
}

/* Our refusal, now that the reply can go out. */
static void exchange_refuse(struct gen_exchange *exchange, int status)
{
    const char *detail = NULL;

    if (status == 413) { /* without memory for it, the usual words do */
        detail = gen_arena_printf(
            exchange->arena, "The body is too large: at most %" PRId64 " bytes are accepted here.",
            exchange->limit);
    }
    gen_reply_problem(&exchange->reply, status, detail);
}

void gen_exchange_accept(struct gen_exchange *exchange, enum gen_http_body where, int64_t limit)
{
    int64_t announced = exchange_announced(exchange);
    struct gen_error error = {0};

    GEN_CHECK(exchange->where == 0 && !exchange->reply.given);
    exchange->where = where;
    exchange->limit = where == GEN_HTTP_BODY_NONE ? 0 : limit;
    if (where == GEN_HTTP_BODY_NONE && announced != 0) {
        exchange_refuse(exchange, 400);
    } else if (announced > exchange->limit) {
        exchange_refuse(exchange, 413);
    } else if (where == GEN_HTTP_BODY_MEMORY) {
        gen_bytes_init(&exchange->body, (size_t)limit);
    } else if (where == GEN_HTTP_BODY_FILE) {
        GEN_CHECK(exchange->host->upload_folder != NULL);
        if (gen_upload_begin(&exchange->upload, exchange->host->upload_folder, &error) != GEN_OK) {
            exchange_refuse(exchange, error.status == GEN_ENOSPACE ? 507 : 500);
        }
    }
}

/* The rest of the body is dropped; the reply goes out when it has been read. */
static void exchange_give_up(struct gen_exchange *exchange, int status)
{
    exchange->refused = status;
    gen_bytes_fini(&exchange->body);
    gen_upload_end(&exchange->upload);
}

static void exchange_store(struct gen_exchange *exchange, const char *data, size_t size)
{
    struct gen_error error = {0};

    if ((int64_t)size > exchange->limit - exchange->received) {
        exchange_give_up(exchange, exchange->where == GEN_HTTP_BODY_NONE ? 400 : 413);
        return;
    }
    exchange->received += (int64_t)size;
    if (exchange->where == GEN_HTTP_BODY_MEMORY) {
        if (gen_bytes_append(&exchange->body, data, size) != GEN_OK) {
            exchange_give_up(exchange, 503);
        }
    } else if (gen_upload_write(&exchange->upload, data, size, &error) != GEN_OK) {
        exchange_give_up(exchange, error.status == GEN_ENOSPACE ? 507 : 500);
    }
}

/* ------------------------------------------------------------------------ the library's side -- */

static struct gen_exchange *exchange_create(struct gen_exchange_host *host,
                                            struct MHD_Connection *connection, const char *method,
                                            const char *path)
{
    struct gen_exchange *exchange = gen_alloc(sizeof *exchange);

    if (exchange == NULL) {
        return NULL;
    }
    exchange->arena = gen_arena_create(EXCHANGE_MEMORY_MOST);
    if (exchange->arena == NULL) {
        gen_free(exchange);
        return NULL;
    }
    exchange->host = host;
    exchange->connection = connection;
    exchange->method = method;
    exchange->path = path;
    gen_reply_init(&exchange->reply, connection, exchange->arena, host->wake_fd);
    exchange->reply.on_drain = exchange_on_drain;
    exchange->reply.context = exchange;
    exchange->next = host->exchanges;
    if (exchange->next != NULL) {
        exchange->next->previous = exchange;
    }
    host->exchanges = exchange;
    return exchange;
}

struct header_count {
    const char *name;
    size_t count;
};

static enum MHD_Result header_look(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct header_count *header = context;

    (void)kind;
    (void)value;
    header->count += strcasecmp(key, header->name) == 0;
    return MHD_YES;
}

static size_t exchange_count(const struct gen_exchange *exchange, const char *name)
{
    struct header_count header = {name, 0};

    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, header_look, &header);
    return header.count;
}

/* Two readers of an ambiguous request must not see two different ones (RFC 9112, 3.2 and 6.3):
 * refuses what the library lets pass. True: it was refused. */
static bool exchange_ambiguous(struct gen_exchange *exchange)
{
    static const char *const singles[] = {
        MHD_HTTP_HEADER_HOST,
        MHD_HTTP_HEADER_CONTENT_LENGTH,
        MHD_HTTP_HEADER_CONTENT_TYPE,
        MHD_HTTP_HEADER_TRANSFER_ENCODING,
        MHD_HTTP_HEADER_AUTHORIZATION,
        "Idempotency-Key",
        NULL,
    };
    const char *detail = NULL;

    for (const char *const *name = singles; detail == NULL && *name != NULL; name++) {
        if (exchange_count(exchange, *name) > 1) {
            detail = gen_arena_printf(exchange->arena, "This request has more than one %s header.",
                                      *name);
        }
    }
    if (detail == NULL && exchange_count(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH) > 0 &&
        exchange_count(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING) > 0) {
        detail = "This request has both a Content-Length and a Transfer-Encoding header.";
    }
    if (detail == NULL && !gen_arena_failed(exchange->arena)) {
        return false;
    }
    gen_reply_problem(&exchange->reply, detail != NULL ? 400 : 503, detail);
    return true;
}

static bool exchange_head(struct gen_exchange *exchange)
{
    const struct gen_http_handler *handler = exchange->host->handler;

    if (!exchange_ambiguous(exchange)) {
        exchange->told = true;
        handler->on_head(handler->context, exchange);
    }
    if (!exchange->reply.given && exchange->where == 0) {
        gen_exchange_accept(exchange, GEN_HTTP_BODY_NONE, 0);
    }
    if (exchange->reply.given && exchange_announced(exchange) != 0) {
        exchange->early = true;
        return gen_reply_queue(&exchange->reply);
    }
    return true;
}

static bool exchange_piece(struct gen_exchange *exchange, const char *data, size_t size)
{
    if (exchange->refused == 0) {
        exchange_store(exchange, data, size);
    }
    if (exchange->refused != 0) {
        exchange->dropped += (int64_t)size;
    }
    return exchange->dropped <= EXCHANGE_DROP_MOST;
}

static bool exchange_whole(struct gen_exchange *exchange)
{
    const struct gen_http_handler *handler = exchange->host->handler;
    struct gen_error error = {0};

    if (!exchange->asked && !exchange->reply.given) {
        exchange->asked = true;
        if (exchange->refused == 0 && exchange->upload.open &&
            gen_upload_close(&exchange->upload, &error) != GEN_OK) {
            exchange_give_up(exchange, error.status == GEN_ENOSPACE ? 507 : 500);
        }
        if (exchange->refused != 0) {
            exchange_refuse(exchange, exchange->refused);
        } else {
            handler->on_body(handler->context, exchange);
        }
    }
    if (exchange->reply.given) {
        return gen_reply_queue(&exchange->reply);
    }
    gen_reply_wait(&exchange->reply);
    return true;
}

bool gen_exchange_step(struct gen_exchange_host *host, struct MHD_Connection *connection,
                       const char *method, const char *path, const char *data, size_t *size,
                       struct gen_exchange **exchange)
{
    size_t given = *size;

    if (*exchange == NULL) {
        *exchange = exchange_create(host, connection, method, path);
        return *exchange != NULL && exchange_head(*exchange);
    }
    if (given > 0) {
        bool good = exchange_piece(*exchange, data, given);

        *size = 0;
        if (!(*exchange)->upload.open) {
            /* It may be a secret, and the library keeps its buffer for the next request. */
            explicit_bzero((void *)(uintptr_t)data, given);
        }
        return good;
    }
    return (*exchange)->reply.queued || exchange_whole(*exchange);
}

/* The library is about to close the descriptor; a copy keeps the connection up. */
static void exchange_linger(struct gen_exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int fd = info == NULL ? -1 : fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 0);

    if (fd >= 0) {
        gen_linger_take(exchange->host->linger, fd);
    }
}

void gen_exchange_finish(struct gen_exchange *exchange)
{
    struct gen_exchange_host *host = exchange->host;

    if (exchange->early && host->linger != NULL) {
        exchange_linger(exchange);
    }
    if (exchange->told) {
        host->handler->on_end(host->handler->context, exchange);
    }
    if (exchange->previous != NULL) {
        exchange->previous->next = exchange->next;
    } else {
        host->exchanges = exchange->next;
    }
    if (exchange->next != NULL) {
        exchange->next->previous = exchange->previous;
    }
    gen_upload_end(&exchange->upload);
    gen_bytes_fini(&exchange->body);
    gen_reply_fini(&exchange->reply);
    gen_arena_destroy(exchange->arena);
    gen_free(exchange);
}

void gen_exchange_release(struct gen_exchange_host *host)
{
    for (struct gen_exchange *exchange = host->exchanges; exchange != NULL;
         exchange = exchange->next) {
        gen_reply_resume(&exchange->reply);
    }
}
