/* call.c - see call.h. */
#include "service/call.h"

#include "base/alloc.h"
#include "base/json.h"
#include "service/problem.h"

#include <stdio.h>
#include <string.h>

enum {
    CALL_REPLY_MOST = 64 * 1024 * 1024, /* bytes of one document */
    CALL_ID_RANDOM = 12,
};

struct gen_claim {
    struct gen_call *call; /* NULL: the peer has left */
};

static void call_identify(struct gen_call *call)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *given = gen_exchange_header(call->exchange, "X-Request-Id");
    size_t size = given == NULL ? 0 : strlen(given);

    if (size > 0 && size < GEN_CALL_ID_SIZE && strspn(given, plain) == size) {
        memcpy(call->id, given, size + 1);
    } else {
        gen_crypto_token(call->service->random, CALL_ID_RANDOM, call->id, sizeof call->id);
    }
    gen_exchange_reply_header(call->exchange, "X-Request-Id", call->id);
    if (call->service->sandbox) {
        gen_exchange_reply_header(call->exchange, "Genengine-Sandbox", "true");
    }
}

struct gen_call *gen_call_begin(const struct gen_service *service, struct gen_exchange *exchange)
{
    struct gen_call *call = gen_alloc(sizeof *call);

    if (call == NULL) {
        return NULL;
    }
    call->service = service;
    call->exchange = exchange;
    call->arena = gen_exchange_arena(exchange);
    gen_exchange_set_state(exchange, call);
    call_identify(call);
    return call;
}

static void call_count(const struct gen_call *call)
{
    const struct gen_service *service = call->service;
    size_t row = 0;

    while (service->routes[row].method != NULL && &service->routes[row] != call->route) {
        row++; /* calls that found no route are counted in the ending row */
    }
    service->counts[row * GEN_CALL_CLASSES + (size_t)(call->status / 100)]++;
}

static void call_log(const struct gen_call *call)
{
    char status[16];

    if (call->service->log == NULL) {
        return;
    }
    (void)snprintf(status, sizeof status, "%d", call->status);
    gen_log_line(call->service->log, call->status >= 500 ? GEN_LEVEL_WARN : GEN_LEVEL_DEBUG, "api",
                 "answered a request", "method", gen_exchange_method(call->exchange), "path",
                 gen_exchange_path(call->exchange), "status", status, "request", call->id, NULL);
}

void gen_call_end(struct gen_call *call)
{
    if (call == NULL) {
        return;
    }
    call_count(call);
    call_log(call);
    if (call->claim != NULL) {
        call->claim->call = NULL;
    }
    gen_exchange_set_state(call->exchange, NULL);
    gen_free(call);
}

void gen_call_reply_text(struct gen_call *call, int http, const char *type, const char *text,
                         size_t size)
{
    call->status = http;
    gen_exchange_reply(call->exchange, http, type, text, size);
}

void gen_call_reply(struct gen_call *call, int http, const struct gen_node *document)
{
    struct gen_error err;
    struct gen_bytes text;

    gen_bytes_init(&text, CALL_REPLY_MOST);
    if (gen_arena_failed(call->arena) ||
        gen_json_write(document, GEN_JSON_COMPACT, &text) != GEN_OK ||
        gen_bytes_text(&text, "\n") != GEN_OK) { /* saved as it is, it is a text file */
        (void)gen_error_set(&err, GEN_ENOMEM, "no memory for the reply; try again");
        gen_call_fail(call, &err);
    } else {
        gen_exchange_reply_header(call->exchange, "Cache-Control", "no-store");
        gen_call_reply_text(call, http, "application/json", text.data, text.size);
    }
    gen_bytes_fini(&text);
}

void gen_call_reply_file(struct gen_call *call, int fd, const char *type, const char *etag)
{
    call->status = 200; /* or what the conditions of the request make of it */
    gen_exchange_reply_file(call->exchange, fd, type, etag);
}

void gen_call_stream(struct gen_call *call, const char *type, size_t limit)
{
    call->status = 200;
    gen_exchange_reply_header(call->exchange, "Cache-Control", "no-store");
    gen_exchange_stream(call->exchange, 200, type, limit);
}

void gen_call_fail(struct gen_call *call, const struct gen_error *err)
{
    gen_call_fail_as(call, 0, err);
}

void gen_call_fail_as(struct gen_call *call, int http, const struct gen_error *err)
{
    /* An arena of its own: the call's may be what has no memory. */
    struct gen_arena *arena = gen_arena_create(0);
    const char *text = NULL;
    size_t size = 0;

    http = http == 0 ? gen_problem_http(err->status) : http;
    if (arena != NULL) {
        text = gen_json_text(arena, gen_problem_document(arena, http, err), &size);
    }
    if (http == 503 || http == 429) {
        gen_exchange_reply_header(call->exchange, "Retry-After",
                                  call->retry_after != NULL ? call->retry_after
                                  : http == 503             ? "1"
                                                            : "3");
    } else if (http == 401) {
        gen_exchange_reply_header(call->exchange, "WWW-Authenticate", "Bearer realm=\"genengine\"");
    }
    if (http >= 500 && err->status != GEN_EBUSY) {
        gen_log_error(call->service->log, GEN_LEVEL_ERROR, "api", err);
    }
    gen_call_reply_text(call, http, GEN_PROBLEM_TYPE, text, text == NULL ? 0 : size);
    gen_arena_destroy(arena);
}

void gen_call_fail_with(struct gen_call *call, int http, const struct gen_node *problem)
{
    size_t size = 0;
    const char *text = problem == NULL ? NULL : gen_json_text(call->arena, problem, &size);

    gen_call_reply_text(call, http, GEN_PROBLEM_TYPE, text, text == NULL ? 0 : size);
}

struct gen_claim *gen_call_park(struct gen_call *call)
{
    struct gen_claim *claim = gen_alloc(sizeof *claim);
    struct gen_error err;

    if (claim == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "no memory for the request; try again");
        gen_call_fail(call, &err);
        return NULL;
    }
    claim->call = call;
    call->claim = claim;
    return claim;
}

struct gen_call *gen_claim_redeem(struct gen_claim *claim)
{
    struct gen_call *call = claim->call;

    if (call != NULL) {
        call->claim = NULL;
    }
    gen_free(claim);
    return call;
}

bool gen_call_match(struct gen_call *call, const char *what, int64_t version, bool must)
{
    const char *match = gen_exchange_header(call->exchange, "If-Match");
    struct gen_error err = {0};
    char etag[32];

    (void)snprintf(etag, sizeof etag, "\"%lld\"", (long long)version);
    if (match == NULL && must) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "send If-Match with the ETag of the %s as you saw it (%s)", what, etag);
        gen_call_fail_as(call, 428, &err);
        return false;
    }
    if (match != NULL && strcmp(match, "*") != 0 && strcmp(match, etag) != 0) {
        (void)gen_error_set(&err, GEN_ECONFLICT,
                            "somebody has changed the %s meanwhile: its ETag is %s now; look at "
                            "it again",
                            what, etag);
        gen_call_fail_as(call, 412, &err);
        return false;
    }
    return true;
}
