/* exchange.c - see exchange.h. It stands on libmicrohttpd 0.9.75.
 *
 * A connection waits suspended: for a late reply, and while a stream has nothing to say. The library
 * takes up a resumed one when it runs next, and has no signal for that without threads of its own;
 * so the server is woken, through an eventfd because that needs no memory.
 * A reply that is queued before the body was read makes the library close the connection; without a
 * body that would be a waste, so such a reply waits for the library's last call. */
#include "platform/exchange.h"

#include "base/alloc.h"
#include "base/check.h"
#include "platform/http_condition.h"
#include "platform/linger.h"
#include "platform/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    EXCHANGE_MEMORY_MOST = 64 * 1024 * 1024,
    EXCHANGE_DROP_MOST = 64 * 1024 * 1024, /* read and dropped so that an error can be told */
    EXCHANGE_STREAM_BLOCK = 1024,
};

struct reply_header {
    struct reply_header *next;
    const char *name, *value;
};

struct gen_exchange {
    struct gen_exchange *next, *previous;
    struct gen_exchange_host *host;
    struct MHD_Connection *connection;
    struct gen_arena *arena;
    const char *method, *path;
    void *state;
    bool suspended; /* the library leaves the connection alone until we resume it */
    bool asked;     /* on_body was called */
    bool replied;
    bool queued;    /* the library has the reply */
    bool early;     /* before the body was read: the peer may still be sending */
    bool broken;    /* no memory for the reply: close the connection */
    /* the body */
    enum gen_http_body where; /* 0 = not chosen */
    int64_t limit, received, dropped;
    struct gen_bytes body;
    struct gen_upload upload;
    bool refused; /* the rest of the body is dropped: `reply_status` says why */
    int refused_status;
    /* the reply */
    struct MHD_Response *response;
    int status;
    struct reply_header *headers;
    bool streaming, ended;
    bool blocked; /* a write was refused: on_drain is due */
    size_t stream_limit;
    struct gen_bytes unsent;
    size_t unsent_at; /* the bytes before it are sent */
};

/* -------------------------------------------------------------------------------- the request -- */

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

/* ---------------------------------------------------------------------------------- the reply -- */

static void exchange_resume(struct gen_exchange *exchange)
{
    if (exchange->suspended) {
        exchange->suspended = false;
        MHD_resume_connection(exchange->connection);
        (void)eventfd_write(exchange->host->wake_fd, 1); /* fails only when it is full: awake */
    }
}

void gen_exchange_reply_header(struct gen_exchange *exchange, const char *name, const char *value)
{
    struct reply_header *header = gen_arena_alloc(exchange->arena, sizeof *header);

    if (header != NULL) {
        header->name = gen_arena_strdup(exchange->arena, name);
        header->value = gen_arena_strdup(exchange->arena, value);
        header->next = exchange->headers;
        exchange->headers = header;
    }
}

static bool reply_dress(struct gen_exchange *exchange, const char *content_type)
{
    struct MHD_Response *response = exchange->response;

    if (gen_arena_failed(exchange->arena) ||
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") != MHD_YES ||
        (content_type != NULL &&
         MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type) !=
             MHD_YES)) {
        return false;
    }
    for (const struct reply_header *header = exchange->headers; header != NULL;
         header = header->next) {
        if (MHD_add_response_header(response, header->name, header->value) != MHD_YES) {
            return false;
        }
    }
    return true;
}

/* Takes the response (NULL = there was no memory for it); it is queued when the library asks. */
static void reply_give(struct gen_exchange *exchange, int status, const char *content_type,
                       struct MHD_Response *response)
{
    GEN_CHECK(!exchange->replied);
    exchange->replied = true;
    exchange->status = status;
    exchange->response = response;
    if (response == NULL || !reply_dress(exchange, content_type)) {
        exchange->broken = true;
    }
    exchange_resume(exchange);
}

void gen_exchange_reply(struct gen_exchange *exchange, int status, const char *content_type,
                        const void *body, size_t size)
{
    /* The library copies, and does not touch the body; its type lacks a const. */
    union {
        const void *in;
        void *out;
    } bytes = {.in = body == NULL ? "" : body};

    reply_give(exchange, status, content_type,
               MHD_create_response_from_buffer(size, bytes.out, MHD_RESPMEM_MUST_COPY));
}

bool gen_exchange_replied(const struct gen_exchange *exchange)
{
    return exchange->replied;
}

static bool reply_says(struct gen_exchange *exchange, const char *name, const char *format, ...)
    GEN_PRINTF(3, 4);

static bool reply_says(struct gen_exchange *exchange, const char *name, const char *format, ...)
{
    va_list values;
    const char *text;

    va_start(values, format);
    text = gen_arena_vprintf(exchange->arena, format, values);
    va_end(values);
    if (text == NULL) {
        return false;
    }
    gen_exchange_reply_header(exchange, name, text);
    return true;
}

/* The body of a file reply: the descriptor is the response's, or closed here. */
static struct MHD_Response *file_response(int fd, int64_t first, int64_t count)
{
    struct MHD_Response *response;

    if (count > 0) {
        response = MHD_create_response_from_fd_at_offset64((uint64_t)count, fd, (uint64_t)first);
        if (response == NULL) {
            (void)close(fd);
        }
        return response;
    }
    (void)close(fd);
    return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

void gen_exchange_reply_file(struct gen_exchange *exchange, int fd, const char *content_type,
                             const char *etag)
{
    static const int STATUS[] = {0, 200, 206, 304, 416};
    struct gen_http_ask ask = {
        .range = gen_exchange_header(exchange, MHD_HTTP_HEADER_RANGE),
        .if_range = gen_exchange_header(exchange, MHD_HTTP_HEADER_IF_RANGE),
        .if_none_match = gen_exchange_header(exchange, MHD_HTTP_HEADER_IF_NONE_MATCH),
        .get = strcmp(exchange->method, "GET") == 0,
    };
    enum gen_http_condition verdict;
    int64_t first, count;
    struct stat facts;

    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        (void)close(fd);
        gen_exchange_reply(exchange, 500, NULL, NULL, 0);
        return;
    }
    verdict = gen_http_condition_decide(&ask, etag, facts.st_size, &first, &count);
    (void)reply_says(exchange, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    if (etag != NULL) {
        (void)reply_says(exchange, MHD_HTTP_HEADER_ETAG, "\"%s\"", etag);
    }
    if (verdict == GEN_HTTP_PART) {
        (void)reply_says(exchange, MHD_HTTP_HEADER_CONTENT_RANGE,
                         "bytes %" PRId64 "-%" PRId64 "/%" PRId64, first, first + count - 1,
                         (int64_t)facts.st_size);
    } else if (verdict == GEN_HTTP_UNSATISFIABLE) {
        (void)reply_says(exchange, MHD_HTTP_HEADER_CONTENT_RANGE, "bytes */%" PRId64,
                         (int64_t)facts.st_size);
    }
    if (verdict == GEN_HTTP_UNCHANGED || verdict == GEN_HTTP_UNSATISFIABLE) {
        count = 0;
        content_type = NULL;
    }
    reply_give(exchange, STATUS[verdict], content_type, file_response(fd, first, count));
}

/* --------------------------------------------------------------------------------- our errors -- */

struct refusal {
    int status;
    const char *code, *title, *detail;
};

static const struct refusal REFUSALS[] = {
    {400, "invalid", "Bad Request", "This request must not have a body."},
    {413, "too_large", "Content Too Large", "The body is larger than is accepted here."},
    {507, "no_space", "Insufficient Storage", "The disk is full; the body was not stored."},
    {500, "io", "Internal Server Error", "The body could not be stored; see the daemon's log."},
    {503, "no_memory", "Service Unavailable", "Out of memory; try again later."},
    {0, NULL, NULL, NULL},
};

static void exchange_refuse(struct gen_exchange *exchange, int status)
{
    const struct refusal *refusal = REFUSALS;
    char *text;

    while (refusal->status != status) {
        refusal++;
        GEN_CHECK(refusal->status != 0);
    }
    text = gen_arena_printf(exchange->arena,
                            "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
                            "\"code\":\"%s\",\"detail\":\"%s\"}",
                            refusal->title, refusal->status, refusal->code, refusal->detail);
    gen_exchange_reply(exchange, status, "application/problem+json", text,
                       text == NULL ? 0 : strlen(text));
}

/* ----------------------------------------------------------------------------- reading a body -- */

/* Bytes that are announced, 0 = no body, -1 = chunked, unknown. The library has checked the form. */
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

void gen_exchange_accept(struct gen_exchange *exchange, enum gen_http_body where, int64_t limit)
{
    int64_t announced = exchange_announced(exchange);
    struct gen_error error = {0};

    GEN_CHECK(exchange->where == 0 && !exchange->replied);
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
    exchange->refused = true;
    exchange->refused_status = status;
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

/* ----------------------------------------------------------------------------------- a stream -- */

size_t gen_exchange_unsent(const struct gen_exchange *exchange)
{
    return exchange->unsent.size - exchange->unsent_at;
}

static size_t stream_take(struct gen_exchange *exchange, char *out, size_t most)
{
    size_t left = gen_exchange_unsent(exchange);
    size_t taken = left < most ? left : most;

    memcpy(out, exchange->unsent.data + exchange->unsent_at, taken);
    exchange->unsent_at += taken;
    if (taken == left) { /* an idle stream holds no memory */
        size_t maximum = exchange->unsent.maximum;

        gen_bytes_fini(&exchange->unsent);
        gen_bytes_init(&exchange->unsent, maximum);
        exchange->unsent_at = 0;
    } else if (exchange->unsent_at > exchange->unsent.size / 2) {
        gen_bytes_drop(&exchange->unsent, exchange->unsent_at);
        exchange->unsent_at = 0;
    }
    return taken;
}

static ssize_t stream_read(void *context, uint64_t position, char *out, size_t most)
{
    struct gen_exchange *exchange = context;
    size_t taken;

    (void)position;
    if (gen_exchange_unsent(exchange) == 0) {
        if (exchange->ended) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
        exchange->suspended = true;
        MHD_suspend_connection(exchange->connection);
        return 0;
    }
    taken = stream_take(exchange, out, most);
    if (exchange->blocked && gen_exchange_unsent(exchange) <= exchange->stream_limit / 2) {
        exchange->blocked = false;
        exchange->host->handler->on_drain(exchange->host->handler->context, exchange);
    }
    return (ssize_t)taken;
}

void gen_exchange_stream(struct gen_exchange *exchange, int status, const char *content_type,
                         size_t limit)
{
    exchange->streaming = true;
    exchange->stream_limit = limit;
    gen_bytes_init(&exchange->unsent, limit * 2); /* what is sent stays for a while */
    reply_give(exchange, status, content_type,
               MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EXCHANGE_STREAM_BLOCK,
                                                 stream_read, exchange, NULL));
}

enum gen_status gen_exchange_write(struct gen_exchange *exchange, const void *data, size_t size)
{
    size_t unsent = gen_exchange_unsent(exchange);

    GEN_CHECK(exchange->streaming);
    if (exchange->ended) {
        return GEN_ECONFLICT;
    }
    if (size > exchange->stream_limit - unsent) {
        exchange->blocked = unsent > 0; /* one piece above the limit never fits */
        return GEN_ELIMIT;
    }
    if (gen_bytes_append(&exchange->unsent, data, size) != GEN_OK) {
        exchange->unsent.status = GEN_OK; /* nothing was taken; a later write may find memory */
        return GEN_ENOMEM;
    }
    if (size > 0) {
        exchange_resume(exchange);
    }
    return GEN_OK;
}

void gen_exchange_end(struct gen_exchange *exchange)
{
    GEN_CHECK(exchange->streaming);
    exchange->ended = true;
    exchange_resume(exchange);
}

/* -------------------------------------------------------------------------- the library's side -- */

size_t gen_exchange_unescape(char *text)
{
    char *to = text;

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
    exchange->next = host->exchanges;
    if (exchange->next != NULL) {
        exchange->next->previous = exchange;
    }
    host->exchanges = exchange;
    return exchange;
}

static bool exchange_queue(struct gen_exchange *exchange)
{
    enum MHD_Result queued;

    if (exchange->broken) {
        return false;
    }
    queued = MHD_queue_response(exchange->connection, (unsigned)exchange->status,
                                exchange->response);
    MHD_destroy_response(exchange->response); /* the library has its own reference */
    exchange->response = NULL;
    exchange->queued = true;
    return queued == MHD_YES;
}

static bool exchange_head(struct gen_exchange *exchange)
{
    const struct gen_http_handler *handler = exchange->host->handler;

    handler->on_head(handler->context, exchange);
    if (!exchange->replied && exchange->where == 0) {
        gen_exchange_accept(exchange, GEN_HTTP_BODY_NONE, 0);
    }
    if (exchange->replied && exchange_announced(exchange) != 0) {
        exchange->early = true;
        return exchange_queue(exchange);
    }
    return true;
}

static bool exchange_piece(struct gen_exchange *exchange, const char *data, size_t size)
{
    if (!exchange->refused) {
        exchange_store(exchange, data, size);
    }
    if (exchange->refused) {
        exchange->dropped += (int64_t)size;
    }
    return exchange->dropped <= EXCHANGE_DROP_MOST;
}

static bool exchange_whole(struct gen_exchange *exchange)
{
    const struct gen_http_handler *handler = exchange->host->handler;
    struct gen_error error = {0};

    if (!exchange->asked && !exchange->replied) {
        exchange->asked = true;
        if (!exchange->refused && exchange->upload.open &&
            gen_upload_close(&exchange->upload, &error) != GEN_OK) {
            exchange_give_up(exchange, error.status == GEN_ENOSPACE ? 507 : 500);
        }
        if (exchange->refused) {
            exchange_refuse(exchange, exchange->refused_status);
        } else {
            handler->on_body(handler->context, exchange);
        }
    }
    if (exchange->replied) {
        return exchange_queue(exchange);
    }
    exchange->suspended = true;
    MHD_suspend_connection(exchange->connection);
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
        *size = 0;
        return exchange_piece(*exchange, data, given);
    }
    return (*exchange)->queued || exchange_whole(*exchange);
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
    host->handler->on_end(host->handler->context, exchange);
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
    gen_bytes_fini(&exchange->unsent);
    if (exchange->response != NULL) {
        MHD_destroy_response(exchange->response);
    }
    gen_arena_destroy(exchange->arena);
    gen_free(exchange);
}

void gen_exchange_release(struct gen_exchange_host *host)
{
    for (struct gen_exchange *exchange = host->exchanges; exchange != NULL;
         exchange = exchange->next) {
        exchange_resume(exchange);
    }
}
