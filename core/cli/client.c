/* client.c - see client.h. */
#include "cli/client.h"

#include "base/alloc.h"
#include "cli/api_answer.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
    CLIENT_PAUSE_FIRST_MS = 50, /* between repeats; doubles */
    CLIENT_PAUSE_MOST_MS = 1000,
    CLIENT_CONNECT_MS = 5000,
    CLIENT_HEADERS = 5,
    CLIENT_STREAM_STALL_MS = 45000, /* gend sends a comment every 15 s */
};

struct gen_client {
    const struct gen_target *target;
    struct gen_loop *loop;
    struct gen_http_client *http;
    struct gen_signal *interrupt, *terminate;
    bool interrupted, sandbox;
};

/* One exchange under way. */
struct client_call {
    struct gen_client *client;
    const struct gen_client_request *request;
    struct gen_arena *arena;
    struct gen_client_answer *answer;
    struct gen_error *err;
    enum gen_status status;
    bool ended;
};

struct gen_client_stream {
    struct gen_client *client;
    struct gen_http_call *call; /* NULL once it has ended */
    struct gen_error error;
    struct gen_arena *arena; /* of the error's document */
    gen_http_data_call *on_data;
    void *context;
    bool ended, dropped;
};

static void client_on_signal(void *context)
{
    struct gen_client *client = context;

    client->interrupted = true;
}

enum gen_status gen_client_create(const struct gen_target *target, struct gen_client **out,
                                  struct gen_error *err)
{
    struct gen_client *client = gen_alloc(sizeof(*client));
    enum gen_status status;

    if (client == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the connection to gend");
    }
    client->target = target;
    status = gen_loop_create(&client->loop, err);
    if (status == GEN_OK) {
        status = gen_http_client_create(client->loop, &client->http, err);
    }
    if (status == GEN_OK) {
        status = gen_signal_open(client->loop, SIGINT, client_on_signal, client, &client->interrupt,
                                 err);
    }
    if (status == GEN_OK) {
        status = gen_signal_open(client->loop, SIGTERM, client_on_signal, client,
                                 &client->terminate, err);
    }
    if (status != GEN_OK) {
        gen_client_destroy(client);
        return status;
    }
    *out = client;
    return GEN_OK;
}

void gen_client_destroy(struct gen_client *client)
{
    if (client == NULL) {
        return;
    }
    if (client->http != NULL) {
        gen_http_client_destroy(client->http);
    }
    if (client->interrupt != NULL) {
        gen_signal_close(&client->interrupt);
    }
    if (client->terminate != NULL) {
        gen_signal_close(&client->terminate);
    }
    gen_loop_destroy(client->loop);
    gen_free(client);
}

struct gen_loop *gen_client_loop(struct gen_client *client)
{
    return client->loop;
}

bool gen_client_sandbox(const struct gen_client *client)
{
    return client->sandbox;
}

bool gen_client_interrupted(const struct gen_client *client)
{
    return client->interrupted;
}

const struct gen_target *gen_client_target(const struct gen_client *client)
{
    return client->target;
}

static void client_on_timer(void *context)
{
    *(bool *)context = true;
}

bool gen_client_wait(struct gen_client *client, int64_t ms, const bool *flag)
{
    bool late = false;
    struct gen_timer *timer = gen_timer_start(client->loop, ms, client_on_timer, &late);

    if (timer == NULL) {
        return !client->interrupted;
    }
    while (!late && !client->interrupted && (flag == NULL || !*flag)) {
        gen_loop_turn(client->loop);
    }
    if (!late) {
        gen_timer_cancel(&timer);
    }
    return !client->interrupted;
}

static void client_on_end(void *context, const struct gen_http_response *response)
{
    struct client_call *call = context;

    call->ended = true;
    call->client->sandbox |= gen_http_header(response, "genengine-sandbox") != NULL;
    call->status = gen_api_answer_read(call->client->target, response, call->arena, call->answer,
                                       call->err);
}

static void client_on_sent(void *context, int64_t sent, int64_t total)
{
    struct client_call *call = context;

    call->request->on_sent(call->request->context, sent, total);
}

/* Headers and origin that every request has. */
static enum gen_status client_fill(struct gen_client *client, struct gen_arena *arena,
                                   const char *path, struct gen_http_header *headers,
                                   struct gen_http_request *out, struct gen_error *err)
{
    const struct gen_target *target = client->target;

    out->url = gen_arena_printf(arena, "%s%s", target->url, path);
    out->unix_socket = target->socket;
    out->allow_private = true;
    out->connect_timeout_ms = CLIENT_CONNECT_MS;
    out->headers = headers;
    if (target->key != NULL) {
        headers[out->header_count++] = (struct gen_http_header){
            "Authorization", gen_arena_printf(arena, "Bearer %s", target->key)};
    }
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a request");
    }
    return GEN_OK;
}

/* Once, to its end. */
static enum gen_status client_exchange(struct gen_client *client,
                                       const struct gen_client_request *request,
                                       struct gen_arena *arena, struct gen_client_answer *answer,
                                       struct gen_error *err)
{
    struct gen_http_header headers[CLIENT_HEADERS];
    struct client_call call = {client, request, arena, answer, err, GEN_OK, false};
    struct gen_http_request out = {
        .method = request->method != NULL ? request->method : "GET",
        .body = request->body,
        .body_size = request->body_size,
        .body_file = request->body_file,
        .sink_file = request->sink_file,
        .timeout_ms = request->timeout_ms,
        .on_sent = request->on_sent != NULL ? client_on_sent : NULL,
        .on_end = client_on_end,
        .context = &call,
    };
    struct gen_http_call *sent = NULL;
    enum gen_status status = client_fill(client, arena, request->path, headers, &out, err);

    if (request->content_type != NULL) {
        headers[out.header_count++] = (struct gen_http_header){"Content-Type",
                                                               request->content_type};
    }
    if (request->if_match != NULL) {
        headers[out.header_count++] = (struct gen_http_header){"If-Match", request->if_match};
    }
    if (request->idempotency_key != NULL) {
        headers[out.header_count++] = (struct gen_http_header){"Idempotency-Key",
                                                               request->idempotency_key};
    }
    if (status == GEN_OK) {
        status = gen_http_send(client->http, &out, &sent, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    while (!call.ended) {
        gen_loop_turn(client->loop);
        if (client->interrupted && !call.ended) {
            gen_http_cancel(sent);
        }
    }
    if (client->interrupted && call.status != GEN_OK) {
        return gen_error_set(err, GEN_ECANCELED, "interrupted");
    }
    return call.status;
}

/* May it be sent again, and does that help? */
static bool client_again(enum gen_status status, const struct gen_client_answer *answer)
{
    return status == GEN_EUNREACHABLE || (status == GEN_EIO && answer->status == 0) ||
           answer->status == 502 || answer->status == 503 || answer->status == 504;
}

enum gen_status gen_client_send(struct gen_client *client, const struct gen_client_request *request,
                                struct gen_arena *arena, struct gen_client_answer *out,
                                struct gen_error *err)
{
    struct gen_client_answer answer = {0};
    int64_t end = gen_loop_now(client->loop) + request->patience_ms;
    int64_t pause = CLIENT_PAUSE_FIRST_MS;
    enum gen_status status;

    for (int attempt = 1;; attempt++) {
        answer = (struct gen_client_answer){.attempts = attempt};
        status = client_exchange(client, request, arena, &answer, err);
        if (status == GEN_OK || !client_again(status, &answer) ||
            gen_loop_now(client->loop) + pause > end) {
            break;
        }
        if (!gen_client_wait(client, pause, NULL)) {
            status = gen_error_set(err, GEN_ECANCELED, "interrupted");
            break;
        }
        pause = pause * 2 < CLIENT_PAUSE_MOST_MS ? pause * 2 : CLIENT_PAUSE_MOST_MS;
    }
    if (out != NULL) {
        *out = answer;
    }
    return status;
}

/* ---- streams */

static void stream_free(struct gen_client_stream *stream)
{
    gen_arena_destroy(stream->arena);
    gen_free(stream);
}

static void stream_on_data(void *context, const char *data, size_t size)
{
    struct gen_client_stream *stream = context;

    if (!stream->dropped) {
        stream->on_data(stream->context, data, size);
    }
}

static void stream_on_end(void *context, const struct gen_http_response *response)
{
    struct gen_client_stream *stream = context;
    struct gen_client_answer answer = {0};
    enum gen_status status;

    stream->call = NULL;
    stream->ended = true;
    if (stream->dropped) {
        stream_free(stream);
        return;
    }
    status = gen_api_answer_read(stream->client->target, response, stream->arena, &answer,
                                 &stream->error);
    if (status == GEN_OK) {
        (void)gen_error_set(&stream->error, GEN_EIO, "gend ended the stream of events");
    }
}

enum gen_status gen_client_stream_open(struct gen_client *client, const char *path,
                                       gen_http_data_call *on_data, void *context,
                                       struct gen_client_stream **out, struct gen_error *err)
{
    struct gen_http_header headers[CLIENT_HEADERS];
    struct gen_client_stream *stream = gen_alloc(sizeof(*stream));
    struct gen_http_request request = {
        .method = "GET",
        .stall_timeout_ms = CLIENT_STREAM_STALL_MS,
        .on_data = stream_on_data,
        .on_end = stream_on_end,
    };
    enum gen_status status;

    if (stream == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a stream");
    }
    stream->client = client;
    stream->on_data = on_data;
    stream->context = context;
    stream->arena = gen_arena_create(0);
    if (stream->arena == NULL) {
        stream_free(stream);
        return gen_error_set(err, GEN_ENOMEM, "no memory for a stream");
    }
    status = client_fill(client, stream->arena, path, headers, &request, err);
    if (status == GEN_OK) {
        headers[request.header_count++] = (struct gen_http_header){"Accept", "text/event-stream"};
        request.context = stream;
        status = gen_http_send(client->http, &request, &stream->call, err);
    }
    if (status != GEN_OK) {
        stream_free(stream);
        return status;
    }
    *out = stream;
    return GEN_OK;
}

bool gen_client_stream_ended(const struct gen_client_stream *stream, struct gen_error *err)
{
    if (stream->ended && err != NULL) {
        *err = stream->error;
    }
    return stream->ended;
}

void gen_client_stream_close(struct gen_client_stream **stream)
{
    struct gen_client_stream *closing = *stream;

    *stream = NULL;
    if (closing == NULL) {
        return;
    }
    if (closing->ended) {
        stream_free(closing);
        return;
    }
    closing->dropped = true; /* its end frees it */
    gen_http_cancel(closing->call);
}
