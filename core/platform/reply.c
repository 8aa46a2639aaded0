/* reply.c - see reply.h. It stands on libmicrohttpd 0.9.75.
 *
 * The library takes up a resumed connection when it runs next, and has no signal for that without
 * threads of its own; so the server is woken, through an eventfd because that needs no memory. */
#include "platform/reply.h"

#include "base/alloc.h"
#include "base/check.h"
#include "platform/http_condition.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPLY_STREAM_BLOCK = 1024 };

struct reply_header {
    struct reply_header *next;
    const char *name, *value;
};

void gen_reply_init(struct gen_reply *reply, struct MHD_Connection *connection,
                    struct gen_arena *arena, int wake_fd)
{
    memset(reply, 0, sizeof *reply);
    reply->connection = connection;
    reply->arena = arena;
    reply->wake_fd = wake_fd;
}

void gen_reply_fini(struct gen_reply *reply)
{
    gen_bytes_fini(&reply->unsent);
    if (reply->response != NULL) {
        MHD_destroy_response(reply->response);
        reply->response = NULL;
    }
}

/* --------------------------------------------------------------------------- bytes and files -- */

void gen_reply_resume(struct gen_reply *reply)
{
    if (reply->suspended) {
        reply->suspended = false;
        MHD_resume_connection(reply->connection);
        (void)eventfd_write(reply->wake_fd, 1); /* fails only when it is full: awake */
    }
}

void gen_reply_header(struct gen_reply *reply, const char *name, const char *value)
{
    struct reply_header *header = gen_arena_alloc(reply->arena, sizeof *header);

    if (header != NULL) {
        header->name = gen_arena_strdup(reply->arena, name);
        header->value = gen_arena_strdup(reply->arena, value);
        header->next = reply->headers;
        reply->headers = header;
    }
}

static bool reply_dress(struct gen_reply *reply, const char *content_type)
{
    struct MHD_Response *response = reply->response;

    if (gen_arena_failed(reply->arena) ||
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") != MHD_YES ||
        (content_type != NULL && MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                                         content_type) != MHD_YES)) {
        return false;
    }
    for (const struct reply_header *header = reply->headers; header != NULL;
         header = header->next) {
        if (MHD_add_response_header(response, header->name, header->value) != MHD_YES) {
            return false;
        }
    }
    return true;
}

/* Takes the response (NULL = there was no memory for it); it is queued when the library asks. */
static void reply_give(struct gen_reply *reply, int status, const char *content_type,
                       struct MHD_Response *response)
{
    GEN_CHECK(!reply->given);
    reply->given = true;
    reply->status = status;
    reply->response = response;
    if (response == NULL || !reply_dress(reply, content_type)) {
        reply->broken = true;
    }
    gen_reply_resume(reply);
}

void gen_reply_bytes(struct gen_reply *reply, int status, const char *content_type,
                     const void *body, size_t size)
{
    /* A copy of ours, not of the library's: gen_free wipes it, and it may be the only showing of a key. */
    void *copy = gen_alloc(size);
    struct MHD_Response *response = NULL;

    if (copy != NULL) {
        memcpy(copy, body == NULL ? "" : body, size);
        response = MHD_create_response_from_buffer_with_free_callback(size, copy, gen_free);
    }
    if (response == NULL) {
        gen_free(copy);
    }
    reply_give(reply, status, content_type, response);
}

static bool reply_says(struct gen_reply *reply, const char *name, const char *format, ...)
    GEN_PRINTF(3, 4);

static bool reply_says(struct gen_reply *reply, const char *name, const char *format, ...)
{
    va_list values;
    const char *text;

    va_start(values, format);
    text = gen_arena_vprintf(reply->arena, format, values);
    va_end(values);
    if (text == NULL) {
        return false;
    }
    gen_reply_header(reply, name, text);
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

void gen_reply_file(struct gen_reply *reply, int fd, const char *content_type, const char *etag,
                    const struct gen_http_ask *ask)
{
    static const int STATUS[] = {0, 200, 206, 304, 416};
    enum gen_http_condition verdict;
    int64_t first, count;
    struct stat facts;

    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        (void)close(fd);
        gen_reply_bytes(reply, 500, NULL, NULL, 0);
        return;
    }
    verdict = gen_http_condition_decide(ask, etag, facts.st_size, &first, &count);
    (void)reply_says(reply, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    if (etag != NULL) {
        (void)reply_says(reply, MHD_HTTP_HEADER_ETAG, "\"%s\"", etag);
    }
    if (verdict == GEN_HTTP_PART) {
        (void)reply_says(reply, MHD_HTTP_HEADER_CONTENT_RANGE,
                         "bytes %" PRId64 "-%" PRId64 "/%" PRId64, first, first + count - 1,
                         (int64_t)facts.st_size);
    } else if (verdict == GEN_HTTP_UNSATISFIABLE) {
        (void)reply_says(reply, MHD_HTTP_HEADER_CONTENT_RANGE, "bytes */%" PRId64,
                         (int64_t)facts.st_size);
    }
    if (verdict == GEN_HTTP_UNCHANGED || verdict == GEN_HTTP_UNSATISFIABLE) {
        count = 0;
        content_type = NULL;
    }
    reply_give(reply, STATUS[verdict], content_type, file_response(fd, first, count));
}

/* -------------------------------------------------------------------------------- our errors -- */

struct refusal {
    int status;
    const char *code, *title, *detail;
};

static const struct refusal REFUSALS[] = {
    {400, "invalid", "Bad Request", "This request must not have a body."},
    {413, "too_large", "Content Too Large", "The body is larger than is accepted here."},
    {507, "no_space", "Insufficient Storage", "The disk is full; make room and send it again."},
    {500, "io", "Internal Server Error", "The body could not be stored; see the daemon's log."},
    {503, "no_memory", "Service Unavailable", "Out of memory; try again later."},
    {0, NULL, NULL, NULL},
};

void gen_reply_problem(struct gen_reply *reply, int status, const char *detail)
{
    const struct refusal *refusal = REFUSALS;
    char *text;

    while (refusal->status != status) {
        refusal++;
        GEN_CHECK(refusal->status != 0);
    }
    text = gen_arena_printf(reply->arena,
                            "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
                            "\"code\":\"%s\",\"detail\":\"%s\"}",
                            refusal->title, refusal->status, refusal->code,
                            detail != NULL ? detail : refusal->detail);
    gen_reply_bytes(reply, status, "application/problem+json", text,
                    text == NULL ? 0 : strlen(text));
}

/* ---------------------------------------------------------------------------------- a stream -- */

size_t gen_reply_unsent(const struct gen_reply *reply)
{
    return reply->unsent.size - reply->unsent_at;
}

static size_t stream_take(struct gen_reply *reply, char *out, size_t most)
{
    size_t left = gen_reply_unsent(reply);
    size_t taken = left < most ? left : most;

    memcpy(out, reply->unsent.data + reply->unsent_at, taken);
    reply->unsent_at += taken;
    if (taken == left) { /* an idle stream holds no memory */
        size_t maximum = reply->unsent.maximum;

        gen_bytes_fini(&reply->unsent);
        gen_bytes_init(&reply->unsent, maximum);
        reply->unsent_at = 0;
    } else if (reply->unsent_at > reply->unsent.size / 2) {
        gen_bytes_drop(&reply->unsent, reply->unsent_at);
        reply->unsent_at = 0;
    }
    return taken;
}

static ssize_t stream_read(void *context, uint64_t position, char *out, size_t most)
{
    struct gen_reply *reply = context;
    size_t taken;

    (void)position;
    if (gen_reply_unsent(reply) == 0) {
        if (reply->ended) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
        gen_reply_wait(reply);
        return 0;
    }
    taken = stream_take(reply, out, most);
    if (reply->blocked && gen_reply_unsent(reply) <= reply->stream_limit / 2) {
        reply->blocked = false;
        reply->on_drain(reply->context);
    }
    return (ssize_t)taken;
}

void gen_reply_stream(struct gen_reply *reply, int status, const char *content_type, size_t limit)
{
    reply->streaming = true;
    reply->stream_limit = limit;
    gen_bytes_init(&reply->unsent, limit * 2); /* what is sent stays for a while */
    reply_give(reply, status, content_type,
               MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, REPLY_STREAM_BLOCK, stream_read,
                                                 reply, NULL));
}

enum gen_status gen_reply_write(struct gen_reply *reply, const void *data, size_t size)
{
    size_t unsent = gen_reply_unsent(reply);

    GEN_CHECK(reply->streaming);
    if (reply->ended) {
        return GEN_ECONFLICT;
    }
    if (size > reply->stream_limit - unsent) {
        reply->blocked = unsent > 0; /* one piece above the limit never fits */
        return GEN_ELIMIT;
    }
    if (gen_bytes_append(&reply->unsent, data, size) != GEN_OK) {
        reply->unsent.status = GEN_OK; /* nothing was taken; a later write may find memory */
        return GEN_ENOMEM;
    }
    if (size > 0) {
        gen_reply_resume(reply);
    }
    return GEN_OK;
}

void gen_reply_end(struct gen_reply *reply)
{
    GEN_CHECK(reply->streaming);
    reply->ended = true;
    gen_reply_resume(reply);
}

/* ------------------------------------------------------------------------ the library's side -- */

bool gen_reply_queue(struct gen_reply *reply)
{
    enum MHD_Result queued;

    if (reply->broken) {
        return false;
    }
    queued = MHD_queue_response(reply->connection, (unsigned)reply->status, reply->response);
    MHD_destroy_response(reply->response); /* the library has its own reference */
    reply->response = NULL;
    reply->queued = true;
    return queued == MHD_YES;
}

void gen_reply_wait(struct gen_reply *reply)
{
    reply->suspended = true;
    MHD_suspend_connection(reply->connection);
}
