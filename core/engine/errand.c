/* errand.c - see errand.h. The way of an errand: its body is put together (on a worker), it is signed, it is
 * sent; then perhaps signed and sent again, or paused and gone on with; then it ends. */
#include "engine/errand.h"

#include "base/alloc.h"
#include "base/json_sieve.h"
#include "engine/composition.h"
#include "engine/pace.h"
#include "platform/files.h"
#include "platform/files_call.h"
#include "platform/http_url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    ERRAND_HEADERS = 68, /* of a step, a signature, a random id, a range with its condition */
    ERRAND_RESUMES = 6,
    ERRAND_PAUSE_MS = 500, /* before the first of them; doubled each time */
    ERRAND_REST_MOST = 8 * 1024 * 1024,
    ERRAND_REASON = 256,
};

#define ERRAND_RESULT_MOST ((int64_t)8 << 30)  /* bytes of a result, unless the step says less */
#define ERRAND_EXTRACT_MOST ((int64_t)1 << 30) /* of an answer with a result inside */
#define ERRAND_FIRST_BYTE_MS (180 * 1000)      /* some services answer when they are done */

struct gen_errand {
    const struct gen_errand_world *world;
    struct gen_errand_spec spec;
    struct gen_arena *arena;
    bool stopped;  /* nobody listens any more; it frees itself when what is under way ends */
    bool working, signing;
    struct gen_http_call *call;
    struct gen_timer *timer;
    bool signed_again;
    int64_t began_ms;
    /* The body from pieces. */
    struct gen_composition_piece *pieces;
    size_t piece_count;
    const char *body; /* path; NULL = none */
    enum gen_status composed;
    struct gen_error err;
    /* A result inside JSON. */
    struct gen_json_sieve *sieve;
    bool sieve_failed;
    int out; /* the result file; -1 = not open */
    /* A result that broke off. */
    int resumes;
    int64_t have; /* bytes of it that are there */
    const char *validator;
    struct gen_errand_failure failure; /* to be told in a later turn */
    char reason[ERRAND_REASON];
};

static void errand_sign(struct gen_errand *errand);

/* ------------------------------------------------------------------------------------ the end -- */

static void errand_close_out(struct gen_errand *errand, bool keep)
{
    if (errand->out >= 0) {
        gen_files_call_close(errand->out);
        errand->out = -1;
        if (!keep && !errand->stopped) { /* stopped: the folder goes as a whole */
            gen_files_call_unlink(errand->spec.result);
        }
    }
}

static void errand_free(struct gen_errand *errand)
{
    gen_timer_cancel(&errand->timer);
    errand_close_out(errand, false);
    if (errand->sieve != NULL) {
        gen_json_sieve_fini(errand->sieve);
        gen_free(errand->sieve);
    }
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
    errand->failure = (struct gen_errand_failure){.not_sent = not_sent, .auth = auth};
    (void)snprintf(errand->reason, sizeof(errand->reason), "%.250s", reason);
    if (errand->validator != NULL || errand->have > 0) {
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

/* ---------------------------------------------------------------------- a result inside JSON -- */

static bool errand_on_decoded(void *context, const void *data, size_t size)
{
    struct gen_errand *errand = context;

    if (errand->spec.result == NULL) {
        return true; /* poll: fetch will ask for it */
    }
    if (errand->out < 0) {
        errand->out = gen_files_call_open(errand->spec.result, O_WRONLY | O_CREAT | O_EXCL, 0600);
    }
    if (errand->out < 0 || gen_files_call_write(errand->out, data, size) != 0) {
        gen_files_errno(&errand->err, errno, "cannot write", errand->spec.result);
        return false;
    }
    return true;
}

static void errand_on_data(void *context, const char *data, size_t size)
{
    struct gen_errand *errand = context;

    if (!errand->sieve_failed && !gen_json_sieve_feed(errand->sieve, data, size)) {
        errand->sieve_failed = true;
        gen_http_cancel(errand->call);
    }
}

static enum gen_status errand_sieve(struct gen_errand *errand, struct gen_error *err)
{
    if (errand->sieve == NULL) {
        errand->sieve = gen_alloc(sizeof(*errand->sieve));
    } else {
        gen_json_sieve_fini(errand->sieve);
    }
    if (errand->sieve == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_json_sieve_init(errand->sieve, errand->spec.step->as.http.extract, ERRAND_REST_MOST,
                        errand_on_decoded, errand);
    errand->sieve_failed = false;
    return GEN_OK;
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
    if (errand->sieve != NULL && response->status >= 200 && response->status < 300) {
        reply.body = errand->sieve->rest.data == NULL ? "" : errand->sieve->rest.data;
        reply.body_size = errand->sieve->rest.size;
        reply.extracted = errand->sieve->found;
    }
    errand_close_out(errand, true);
    spec.on_reply(spec.context, &reply); /* it may ask for the next thing already */
    errand_free(errand);
}

/* What the file can be asked on with: a strong entity tag, else the date it was changed. */
static const char *errand_validator(struct gen_errand *errand,
                                    const struct gen_http_response *response)
{
    const char *tag = gen_http_header(response, "etag");
    const char *ranges = gen_http_header(response, "accept-ranges");
    const char *validator = tag != NULL && tag[0] == '"' ? tag
                                                         : gen_http_header(response,
                                                                           "last-modified");

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

/* Is this a result that broke off and can be gone on with? Then it is, after a pause. */
static bool errand_resume(struct gen_errand *errand, const struct gen_http_response *response)
{
    const struct gen_step *step = errand->spec.step;
    bool part = response->fate == GEN_HTTP_PARTIAL &&
                (response->status == 200 || response->status == 206);
    int64_t pause_ms;

    if (!step->as.http.to_result || strcmp(step->as.http.method, "GET") != 0 ||
        response->fate == GEN_HTTP_ANSWERED || errand->resumes == ERRAND_RESUMES) {
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

/* A result that is cut is none, and one that could not be taken out of its JSON neither. */
static const char *errand_spoiled(struct gen_errand *errand,
                                  const struct gen_http_response *response)
{
    bool good = response->status >= 200 && response->status < 300;

    if (errand->sieve_failed || (good && errand->sieve != NULL && response->body_complete &&
                                 !gen_json_sieve_end(errand->sieve))) {
        return errand->err.status != GEN_OK ? errand->err.message : errand->sieve->error.message;
    }
    if (good && !response->body_complete &&
        (errand->spec.step->as.http.to_result || errand->sieve != NULL)) {
        return "the answer is larger than is allowed";
    }
    return NULL;
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

static const char *errand_uuid(struct gen_errand *errand)
{
    uint8_t b[16];

    gen_random_fill(errand->world->random, b, sizeof(b));
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40); /* version 4, RFC 9562 */
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    return gen_arena_printf(errand->arena,
                            "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                            b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
                            b[11], b[12], b[13], b[14], b[15]);
}

/* Ours stand above the plugin's of the same name. */
static size_t errand_headers(struct gen_errand *errand, const char *name, const char *value,
                             struct gen_http_header *out)
{
    const struct gen_step *step = errand->spec.step;
    const char *unique = step->as.http.unique_header;
    size_t count = 0;

    for (size_t i = 0; i < step->as.http.header_count; i++) {
        const struct gen_step_header *header = &step->as.http.headers[i];

        if (strcasecmp(header->name, name) != 0 && strcasecmp(header->name, unique) != 0) {
            out[count++] = (struct gen_http_header){header->name, header->value};
        }
    }
    if (name[0] != '\0') {
        out[count++] = (struct gen_http_header){name, value};
    }
    if (unique[0] != '\0') {
        out[count++] = (struct gen_http_header){unique, errand_uuid(errand)};
    }
    if (errand->have > 0) {
        out[count++] = (struct gen_http_header){
            "range", gen_arena_printf(errand->arena, "bytes=%lld-", (long long)errand->have)};
        out[count++] = (struct gen_http_header){"if-range", errand->validator};
    }
    return count;
}

static const struct gen_http_part *errand_parts(struct gen_errand *errand)
{
    const struct gen_step *step = errand->spec.step;
    struct gen_http_part *parts = gen_arena_array(errand->arena, step->as.http.part_count + 1,
                                                  sizeof(*parts));

    for (size_t i = 0; parts != NULL && i < step->as.http.part_count; i++) {
        const struct gen_step_part *from = &step->as.http.parts[i];

        parts[i] = (struct gen_http_part){
            .name = from->name,
            .text = from->asset < 0 ? from->text : NULL,
            .file = from->asset < 0 ? NULL : errand->spec.assets[from->asset],
            .file_name = from->file_name[0] != '\0' ? from->file_name : NULL,
            .content_type = from->content_type[0] != '\0' ? from->content_type : NULL};
    }
    return parts;
}

/* Where the answer goes, and how much of it may come. */
static enum gen_status errand_set_sink(struct gen_errand *errand, struct gen_http_request *request,
                                       struct gen_error *err)
{
    const struct gen_step *step = errand->spec.step;
    int64_t limit = step->as.http.sink_limit;

    if (step->as.http.extract != NULL) {
        request->on_data = errand_on_data;
        limit = limit > 0 ? limit : ERRAND_EXTRACT_MOST;
    } else if (step->as.http.to_result) {
        request->sink_file = errand->spec.result;
        request->sink_keeps = true;
        request->sink_from = errand->have;
        limit = limit > 0 ? limit : ERRAND_RESULT_MOST;
    }
    request->body_limit = (size_t)limit;
    if (errand->spec.result != NULL && errand->have == 0 &&
        (step->as.http.extract != NULL || step->as.http.to_result)) {
        (void)unlink(errand->spec.result); /* of an earlier try */
    }
    return step->as.http.extract != NULL ? errand_sieve(errand, err) : GEN_OK;
}

static enum gen_status errand_send(struct gen_errand *errand, const char *name, const char *value,
                                   struct gen_error *err)
{
    const struct gen_step *step = errand->spec.step;
    struct gen_http_header headers[ERRAND_HEADERS];
    struct gen_http_request request = {.method = step->as.http.method,
                                       .url = step->as.http.url,
                                       .headers = headers,
                                       .body = step->as.http.data,
                                       .body_size = step->as.http.data_size,
                                       .body_file = errand->body,
                                       .parts = errand_parts(errand),
                                       .part_count = step->as.http.part_count,
                                       .once = step->as.http.costs,
                                       .follow = step->as.http.follow && !step->as.http.costs,
                                       .allow_private = errand->world->allow_private,
                                       .allow_loopback = errand->spec.loopback_http,
                                       .first_byte_timeout_ms = ERRAND_FIRST_BYTE_MS,
                                       .timeout_ms = step->as.http.timeout_ms,
                                       .on_end = errand_on_end,
                                       .context = errand};
    enum gen_status status;

    if (step->as.http.asset >= 0) {
        request.body_file = errand->spec.assets[step->as.http.asset];
    }
    request.header_count = errand_headers(errand, name, value, headers);
    if (gen_arena_failed(errand->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
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
    errand->out = -1;
    errand->began_ms = gen_clock_monotonic(world->clock);
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
