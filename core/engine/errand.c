/* errand.c - see errand.h. The way of an errand: its body is put together (on a worker), it is signed, it is
 * sent; then perhaps signed and sent again, or paused and gone on with; then it ends. */
#include "engine/errand.h"

#include "base/alloc.h"
#include "engine/composition.h"
#include "engine/inlay.h"
#include "engine/outgoing.h"
#include "engine/pace.h"
#include "platform/http_url.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    ERRAND_RESUMES = 6,
    ERRAND_PAUSE_MS = 500, /* before the first of them; doubled each time */
    ERRAND_REASON = 256,
};

#define ERRAND_RESULT_MOST ((int64_t)8 << 30)  /* bytes of a result, unless the step says less */
#define ERRAND_EXTRACT_MOST ((int64_t)1 << 30) /* of an answer with a result inside */
#define ERRAND_FIRST_BYTE_MS (180 * 1000)      /* some services answer when they are done */
#define ERRAND_ANSWER_MS (120 * 1000) /* of an answer that is read, from its first byte on */
#define ERRAND_RESULT_MS \
    (2 * 3600 * 1000)              /* of a result in all, however often it is gone on with */
#define ERRAND_SLOW_MS (60 * 1000) /* a result may not bring less in this time */
#define ERRAND_SLOW_BYTES ((int64_t)256 << 10) /* than this: some 4 KiB a second */

struct gen_errand {
    const struct gen_errand_world *world;
    struct gen_errand_spec spec;
    struct gen_arena *arena;
    bool stopped; /* nobody listens any more; it frees itself when what is under way ends */
    bool working, signing;
    struct gen_http_call *call;
    struct gen_timer *timer;
    bool signed_again;
    int64_t began_ms, first_ms; /* this request; the first of them */
    /* The body from pieces. */
    struct gen_composition_piece *pieces;
    size_t piece_count;
    const char *body; /* path; NULL = none */
    enum gen_status composed;
    struct gen_error err;
    /* A result inside JSON. */
    struct gen_inlay *inlay;
    bool canceled; /* since it was spoiled */
    /* A result that broke off. */
    int resumes;
    int64_t have; /* bytes of it that are there */
    const char *validator;
    bool too_large;
    int64_t result_most;               /* bytes that may come */
    struct gen_errand_failure failure; /* to be told in a later turn */
    char reason[ERRAND_REASON];
};

static void errand_sign(struct gen_errand *errand);

/* ------------------------------------------------------------------------------------ the end -- */

static void errand_free(struct gen_errand *errand)
{
    gen_timer_cancel(&errand->timer);
    gen_inlay_close(&errand->inlay, errand->stopped); /* stopped: its folder goes as a whole */
    gen_arena_destroy(errand->arena);
    gen_free(errand);
}

static bool errand_busy(const struct gen_errand *errand)
{
    return errand->working || errand->signing || errand->call != NULL;
}

static void errand_tell(void *context)
{
    struct gen_errand *errand = context;
    struct gen_errand_spec spec = errand->spec;
    struct gen_errand_failure failure = errand->failure;
    char reason[ERRAND_REASON];

    errand->working = false;
    if (errand->stopped) {
        errand_free(errand);
        return;
    }
    memcpy(reason, errand->reason, sizeof(reason));
    failure.reason = reason;
    errand_free(errand);
    spec.on_failed(spec.context, &failure);
}

/* Ends it without an answer; in a later turn, so that nobody is called from inside his own call. */
static void errand_fail(struct gen_errand *errand, bool not_sent, bool auth, const char *reason)
{
    errand->failure = (struct gen_errand_failure){
        .not_sent = not_sent, .auth = auth, .too_large = errand->too_large};
    (void)snprintf(errand->reason, sizeof(errand->reason), "%.250s", reason);
    if (errand->spec.result != NULL &&
        (errand->spec.step->as.http.to_result || errand->too_large)) {
        (void)unlink(errand->spec.result); /* half a file is no use to the next one */
    }
    errand->working = true;
    /* Without memory for this there is none for anything: the job would sleep for ever. */
    GEN_CHECK(gen_loop_post(errand->world->loop, errand_tell, errand) == GEN_OK);
}

void gen_errand_stop(struct gen_errand **errand)
{
    struct gen_errand *old = *errand;

    *errand = NULL;
    if (old == NULL) {
        return;
    }
    old->stopped = true;
    gen_timer_cancel(&old->timer);
    if (old->call != NULL) {
        gen_http_cancel(old->call);
    }
    if (!errand_busy(old)) {
        errand_free(old);
    }
}

/* ------------------------------------------------------------------------------ log and news -- */

/* One line a request, without what could be secret: no query, no headers, no bodies. */
static void errand_log(const struct gen_errand *errand, const struct gen_http_response *response,
                       int64_t took_ms)
{
    const char *url = errand->spec.step->as.http.url;
    const char *path = strstr(url, "://");
    char host[256], status[16], took[32], bytes[32], shown[512];
    int64_t size = (int64_t)response->body_size + response->stored;

    if (errand->world->log == NULL || errand->world->log->least > GEN_LEVEL_DEBUG) {
        return;
    }
    if (!gen_http_url_host(url, host, sizeof(host))) {
        host[0] = '\0';
    }
    path = path == NULL ? "" : path + 3 + strcspn(path + 3, "/?#");
    (void)snprintf(shown, sizeof(shown), "%.*s", (int)strcspn(path, "?#"), path);
    (void)snprintf(status, sizeof(status), "%d", response->status);
    (void)snprintf(took, sizeof(took), "%lld", (long long)took_ms);
    (void)snprintf(bytes, sizeof(bytes), "%lld", (long long)size);
    gen_log_line(errand->world->log, GEN_LEVEL_DEBUG, "errand", "request", "method",
                 errand->spec.step->as.http.method, "host", host, "path", shown, "status", status,
                 "ms", took, "bytes", bytes, "attempt", errand->spec.label, "reason",
                 response->reason[0] != '\0' ? response->reason : NULL, NULL);
}

static void errand_news(const struct gen_errand *errand, const struct gen_http_response *response,
                        int64_t took_ms)
{
    bool answered = response->fate == GEN_HTTP_ANSWERED || response->fate == GEN_HTTP_PARTIAL;
    enum gen_errand_news news = GEN_ERRAND_ANSWERED;
    int64_t pause = 0;

    if (errand->world->on_news == NULL || !errand->spec.step->as.http.declared_host) {
        return;
    }
    if (!answered || response->status >= 500) {
        news = GEN_ERRAND_TROUBLE;
    } else if (response->status == 429 || response->status == 401 || response->status == 403) {
        news = GEN_ERRAND_NEUTRAL;
    }
    if (answered) {
        pause = gen_pace_pause(response->status, response->headers, response->header_count,
                               gen_clock_now(errand->world->clock));
    }
    errand->world->on_news(errand->world->context, errand->spec.order.provider, news, took_ms,
                           pause, answered ? "" : response->reason);
}

static void errand_on_data(void *context, const char *data, size_t size)
{
    struct gen_errand *errand = context;

    if (!gen_inlay_feed(errand->inlay, data, size)) {
        errand->canceled = true;
        gen_http_cancel(errand->call);
    }
}

/* ---------------------------------------------------------------------------------- the answer -- */

static void errand_reply(struct gen_errand *errand, const struct gen_http_response *response)
{
    struct gen_errand_spec spec = errand->spec;
    struct gen_step_header headers[GEN_HTTP_HEADERS_MOST];
    struct gen_reply reply = {.type = GEN_REPLY_HTTP,
                              .status = response->status,
                              .headers = headers,
                              .body = response->body,
                              .body_size = response->body_size,
                              .body_complete = response->body_complete,
                              .output = "",
                              .errors = ""};

    for (size_t i = 0; i < response->header_count; i++) {
        headers[i] = (struct gen_step_header){response->headers[i].name,
                                              response->headers[i].value};
        reply.header_count++;
    }
    if (errand->have > 0 && response->status == 206) {
        reply.status = 200; /* the rest of what a 200 began */
    }
    if (errand->inlay != NULL && response->status >= 200 && response->status < 300) {
        reply.body = gen_inlay_rest(errand->inlay, &reply.body_size);
        reply.extracted = gen_inlay_found(errand->inlay);
    }
    spec.on_reply(spec.context, &reply); /* it may ask for the next thing already */
    gen_inlay_close(&errand->inlay, true);
    errand_free(errand);
}

/* What the file can be asked on with: a strong entity tag, else the date it was changed. */
static const char *errand_validator(struct gen_errand *errand,
                                    const struct gen_http_response *response)
{
    const char *tag = gen_http_header(response, "etag");
    const char *ranges = gen_http_header(response, "accept-ranges");
    const char *validator = tag != NULL && tag[0] == '"'
                                ? tag
                                : gen_http_header(response, "last-modified");

    return ranges != NULL && strcasecmp(ranges, "none") == 0
               ? NULL
               : gen_arena_strdup(errand->arena, validator);
}

static void errand_on_pause(void *context)
{
    struct gen_errand *errand = context;

    errand->timer = NULL;
    errand_sign(errand);
}

/* What is left of the time that a result may take. */
static int64_t errand_left(const struct gen_errand *errand)
{
    int64_t most = errand->world->result_ms > 0 ? errand->world->result_ms
                                                : (int64_t)ERRAND_RESULT_MS;

    return most - (gen_clock_monotonic(errand->world->clock) - errand->first_ms);
}

/* Is this a result that broke off and can be gone on with? Then it is, after a pause. */
static bool errand_resume(struct gen_errand *errand, const struct gen_http_response *response)
{
    const struct gen_step *step = errand->spec.step;
    bool part = response->fate == GEN_HTTP_PARTIAL &&
                (response->status == 200 || response->status == 206);
    int64_t pause_ms;

    if (!step->as.http.to_result || strcmp(step->as.http.method, "GET") != 0 ||
        response->fate == GEN_HTTP_ANSWERED || errand->resumes == ERRAND_RESUMES ||
        errand_left(errand) <= 0) {
        return false;
    }
    if (part) {
        errand->have = response->stored;
        errand->validator = errand_validator(errand, response);
    }
    if (errand->have == 0 || errand->validator == NULL) {
        return false;
    }
    pause_ms = errand->world->resume_pause_ms > 0 ? errand->world->resume_pause_ms
                                                  : (int64_t)ERRAND_PAUSE_MS;
    errand->timer = gen_timer_start(errand->world->loop, pause_ms << errand->resumes,
                                    errand_on_pause, errand);
    errand->resumes += errand->timer != NULL;
    return errand->timer != NULL;
}

/* The part that we have is not of the file that is there now: once more from its beginning. */
static bool errand_restart(struct gen_errand *errand, const struct gen_http_response *response)
{
    if (errand->have == 0 || response->fate != GEN_HTTP_ANSWERED ||
        (response->status != 412 && response->status != 416)) {
        return false;
    }
    (void)unlink(errand->spec.result);
    errand->have = 0;
    errand->validator = NULL;
    errand_sign(errand);
    return true;
}

static bool errand_sign_again(struct gen_errand *errand, const struct gen_http_response *response)
{
    if (response->fate != GEN_HTTP_ANSWERED || response->status != 401 ||
        errand->spec.order.credential == NULL || errand->signed_again ||
        !gen_signer_refused(errand->world->signer, &errand->spec.order,
                            gen_http_header(response, "date"))) {
        return false;
    }
    errand->signed_again = true;
    errand_sign(errand);
    return true;
}

/* What more than the result may come: base64 and what stands around it. */
static int64_t errand_inside(int64_t most)
{
    return most + most / 2;
}

/* A result that is cut is none, and one that could not be taken out of its JSON neither. */
static const char *errand_spoiled(struct gen_errand *errand,
                                  const struct gen_http_response *response)
{
    bool good = response->status >= 200 && response->status < 300;
    const char *why = NULL;

    if (errand->inlay != NULL && (errand->canceled || (good && response->body_complete))) {
        why = gen_inlay_end(errand->inlay);
    }
    if (why == NULL && good && !response->body_complete && response->fate == GEN_HTTP_ANSWERED &&
        (errand->spec.step->as.http.to_result || errand->inlay != NULL)) {
        errand->too_large = true;
        why = gen_arena_printf(errand->arena,
                               "more was sent than the %lld bytes that a clip of this length can "
                               "have; the download was ended there",
                               (long long)errand->result_most);
        why = why != NULL ? why : "more was sent than a clip of this length can have";
    }
    return why;
}

static void errand_on_end(void *context, const struct gen_http_response *response)
{
    struct gen_errand *errand = context;
    int64_t took_ms;
    const char *spoiled;

    errand->call = NULL;
    if (errand->stopped) { /* its world and its spec may be gone */
        errand_free(errand);
        return;
    }
    took_ms = gen_clock_monotonic(errand->world->clock) - errand->began_ms;
    errand_log(errand, response, took_ms);
    errand_news(errand, response, took_ms);
    if (errand_sign_again(errand, response) || errand_restart(errand, response) ||
        errand_resume(errand, response)) {
        return;
    }
    spoiled = errand_spoiled(errand, response);
    if (spoiled != NULL) {
        errand_fail(errand, false, false, spoiled);
    } else if (response->fate != GEN_HTTP_ANSWERED) {
        errand_fail(errand, response->fate == GEN_HTTP_NOT_SENT, false, response->reason);
    } else {
        errand_reply(errand, response);
    }
}

/* -------------------------------------------------------------------------------- the request -- */

/* How slowly it may come: what is read at once, and what is long. */
static void errand_set_pace(const struct gen_errand *errand, struct gen_http_request *request,
                            bool result)
{
    const struct gen_errand_world *world = errand->world;

    if (result) {
        request->slow_ms = world->slow_ms > 0 ? world->slow_ms : (int64_t)ERRAND_SLOW_MS;
        request->slow_bytes = ERRAND_SLOW_BYTES;
        request->answer_timeout_ms = errand_left(errand) > 0 ? errand_left(errand) : 1;
    } else {
        request->answer_timeout_ms = world->answer_ms > 0 ? world->answer_ms
                                                          : (int64_t)ERRAND_ANSWER_MS;
    }
}

/* Where the answer goes, and how much of it may come. */
static enum gen_status errand_set_sink(struct gen_errand *errand, struct gen_http_request *request,
                                       struct gen_error *err)
{
    const struct gen_step *step = errand->spec.step;
    bool extracts = step->as.http.extract != NULL;
    int64_t limit = step->as.http.sink_limit, most = errand->spec.result_most;

    if (extracts) {
        request->on_data = errand_on_data;
        limit = limit > 0 ? limit : ERRAND_EXTRACT_MOST;
        most = errand_inside(most);
    } else if (step->as.http.to_result) {
        request->sink_file = errand->spec.result;
        request->sink_keeps = true;
        request->sink_from = errand->have;
        limit = limit > 0 ? limit : ERRAND_RESULT_MOST;
    }
    if ((extracts || step->as.http.to_result) && most > 0 && most < limit) {
        limit = most;
    }
    errand->result_most = limit;
    errand_set_pace(errand, request, extracts || step->as.http.to_result);
    request->body_limit = (size_t)limit;
    gen_inlay_close(&errand->inlay, false);
    if (errand->spec.result != NULL && errand->have == 0 && (extracts || step->as.http.to_result)) {
        (void)unlink(errand->spec.result); /* of an earlier try */
    }
    return extracts
               ? gen_inlay_open(step->as.http.extract, errand->spec.result, &errand->inlay, err)
               : GEN_OK;
}

static enum gen_status errand_send(struct gen_errand *errand, const char *name, const char *value,
                                   struct gen_error *err)
{
    struct gen_outgoing outgoing = {.step = errand->spec.step,
                                    .assets = errand->spec.assets,
                                    .body_file = errand->body,
                                    .name = name,
                                    .value = value,
                                    .have = errand->have,
                                    .validator = errand->validator,
                                    .random = errand->world->random};
    struct gen_http_header headers[GEN_OUTGOING_HEADERS];
    struct gen_http_request request;
    enum gen_status status;

    if (gen_outgoing_make(&outgoing, errand->arena, headers, &request) != GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    request.allow_private = errand->world->allow_private;
    request.allow_loopback = errand->spec.loopback_http;
    request.first_byte_timeout_ms = ERRAND_FIRST_BYTE_MS;
    request.on_end = errand_on_end;
    request.context = errand;
    status = errand_set_sink(errand, &request, err);
    errand->began_ms = gen_clock_monotonic(errand->world->clock);
    return status == GEN_OK ? gen_http_send(errand->world->http, &request, &errand->call, err)
                            : status;
}

/* ------------------------------------------------------------------------------------ signing -- */

static void errand_on_signed(void *context, enum gen_status status, const struct gen_error *err,
                             const char *name, const char *value)
{
    struct gen_errand *errand = context;
    struct gen_error why = {0};

    errand->signing = false;
    if (errand->stopped) {
        if (!errand_busy(errand)) {
            errand_free(errand);
        }
        return;
    }
    if (status != GEN_OK) {
        errand_fail(errand, true,
                    status == GEN_ENOTFOUND || status == GEN_EDENIED || status == GEN_EINVAL,
                    err->message);
    } else if (errand_send(errand, name, value, &why) != GEN_OK) {
        errand_fail(errand, true, false, why.message);
    }
}

static void errand_sign(struct gen_errand *errand)
{
    static const struct gen_error nothing;

    errand->signing = true;
    if (errand->spec.order.credential == NULL) {
        errand_on_signed(errand, GEN_OK, &nothing, "", "");
    } else if (errand->world->signer == NULL) {
        struct gen_error err = {0};

        gen_error_set(&err, GEN_ENOTFOUND, "this daemon has no store of credentials");
        errand_on_signed(errand, GEN_ENOTFOUND, &err, "", "");
    } else {
        gen_signer_sign(errand->world->signer, &errand->spec.order, errand_on_signed, errand);
    }
}

/* ------------------------------------------------------------------------- bodies from pieces -- */

static void errand_compose_work(void *context)
{
    struct gen_errand *errand = context;

    errand->composed = gen_composition_write(errand->pieces, errand->piece_count, errand->body,
                                             &errand->err);
}

static void errand_compose_done(void *context)
{
    struct gen_errand *errand = context;

    errand->working = false;
    if (errand->stopped) {
        errand_free(errand);
    } else if (errand->composed != GEN_OK) {
        errand_fail(errand, true, false, errand->err.message);
    } else {
        errand_sign(errand);
    }
}

/* The worker gets copies: the step may be gone before it is done. */
static enum gen_status errand_compose(struct gen_errand *errand, struct gen_error *err)
{
    const struct gen_step *step = errand->spec.step;
    size_t count = step->as.http.piece_count;

    errand->pieces = gen_arena_array(errand->arena, count, sizeof(*errand->pieces));
    errand->piece_count = count;
    errand->body = gen_arena_printf(errand->arena, "%s/body.bin", errand->spec.folder);
    for (size_t i = 0; errand->pieces != NULL && i < count; i++) {
        const struct gen_step_piece *from = &step->as.http.pieces[i];
        struct gen_composition_piece *to = &errand->pieces[i];

        *to = (struct gen_composition_piece){.base64 = from->base64,
                                             .data_size = from->data_size,
                                             .from = from->from,
                                             .length = from->length};
        if (from->asset >= 0) {
            to->file = gen_arena_strdup(errand->arena, errand->spec.assets[from->asset]);
        } else {
            char *data = gen_arena_array(errand->arena, from->data_size + 1, 1);

            if (data != NULL) {
                memcpy(data, from->data, from->data_size);
            }
            to->data = data;
        }
    }
    if (gen_arena_failed(errand->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    (void)unlink(errand->body); /* of an earlier try */
    errand->working = gen_loop_work(errand->world->loop, errand_compose_work, errand_compose_done,
                                    errand) == GEN_OK;
    return errand->working ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

/* ------------------------------------------------------------------------------------- begin -- */

enum gen_status gen_errand_start(const struct gen_errand_world *world,
                                 const struct gen_errand_spec *spec, struct gen_errand **out,
                                 struct gen_error *err)
{
    struct gen_errand *errand = gen_alloc(sizeof(*errand));
    enum gen_status status = GEN_OK;

    if (errand == NULL || (errand->arena = gen_arena_create(0)) == NULL) {
        gen_free(errand);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    errand->world = world;
    errand->spec = *spec;
    errand->began_ms = errand->first_ms = gen_clock_monotonic(world->clock);
    if (spec->step->as.http.pieces != NULL) {
        status = errand_compose(errand, err);
    } else {
        errand_sign(errand);
    }
    if (status != GEN_OK) {
        errand_free(errand);
        return status;
    }
    *out = errand;
    return GEN_OK;
}
