/* http_call.c - see http_call.h for what a call is. It stands on libcurl 7.88 and asks nothing of
 * it that a newer one does otherwise.
 *
 * How it is certain that nothing was sent: curl calls CURLOPT_PREREQFUNCTION when the connection
 * stands, with its TLS handshake done, and before the first byte of each request, also of one that
 * it repeats by itself (7.88, lib/multi.c, MSTATE_DO). Until that call no byte of the request can
 * have left; after it we no longer claim to know. Byte counters (CURLINFO_REQUEST_SIZE) are not
 * used: they count what a successful write took, and say nothing about a failed one. The same
 * callback refuses to let a `once` request out a second time, whatever curl would like to do, and
 * checks the address again, because a cached connection passes the open-socket callback by.
 *
 * No request carries "Expect: 100-continue": curl would wait a second for servers that ignore it,
 * and after a 417 it sends the request again by itself. */
#include "platform/http_call.h"

#include "base/alloc.h"
#include "platform/address.h"
#include "platform/http_url.h"
#include "platform/loop.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum {
    CALL_MEMORY_MOST = 4 * 1024 * 1024, /* request texts and response headers, folded ones too */
    CALL_REDIRECTS_MOST = 5,
    CALL_CONNECT_MS = 10 * 1000,
    CALL_SECOND_MS = 1000,
};

/* -------------------------------------------------------------------------- curl's callbacks -- */

/* May this URL be asked over plain http? */
static bool call_may_be_plain(const struct gen_http_request *request, const char *url)
{
    return request->allow_private || request->unix_socket != NULL ||
           (request->allow_loopback && gen_http_url_loopback(url));
}

/* Through a proxy the address is the proxy's, which people have named: the other one is the proxy's to
 * refuse. */
static bool call_may_reach(const struct gen_http_call *call, const char *address)
{
    return call->request.allow_private || call->request.unix_socket != NULL || call->proxied ||
           gen_address_text_public(address) ||
           (call->request.allow_loopback && gen_address_text_loopback(address));
}

static void call_refuse(struct gen_http_call *call, const char *address)
{
    snprintf(call->detail, sizeof call->detail,
             "the host resolves to %s, a private or reserved address, which is not allowed",
             address);
    call->refusal = call->detail;
}

static curl_socket_t call_open_socket(void *context, curlsocktype purpose,
                                      struct curl_sockaddr *address)
{
    struct gen_http_call *call = context;
    char text[GEN_ADDRESS_TEXT_SIZE];

    if (purpose != CURLSOCKTYPE_IPCXN) {
        return CURL_SOCKET_BAD;
    }
    if (!call_may_reach(call, gen_address_text(&address->addr, address->addrlen, text))) {
        call_refuse(call, text);
        return CURL_SOCKET_BAD;
    }
    call->refusal = NULL; /* another address of the host is fine */
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int call_before_request(void *context, char *remote, char *local, int remote_port,
                               int local_port)
{
    struct gen_http_call *call = context;

    (void)local;
    (void)remote_port;
    (void)local_port;
    if (call->canceled) {
        return CURL_PREREQFUNC_ABORT;
    }
    if (!call_may_reach(call, remote)) {
        call_refuse(call, remote);
        return CURL_PREREQFUNC_ABORT;
    }
    if (call->request.once && call->committed) {
        call->refusal = "the connection broke, and this request is never sent twice";
        return CURL_PREREQFUNC_ABORT;
    }
    call->committed = true;
    call->moved_at = gen_loop_now(call->loop);
    return CURL_PREREQFUNC_OK;
}

static size_t call_header(char *data, size_t one, size_t size, void *context)
{
    struct gen_http_call *call = context;

    (void)one;
    return gen_http_answer_line(&call->answer, data, size) && !call->canceled ? size : 0;
}

static size_t call_body(char *data, size_t one, size_t size, void *context)
{
    struct gen_http_call *call = context;

    (void)one;
    return gen_http_answer_body(&call->answer, data, size) && !call->canceled ? size : 0;
}

/* Once the request is out, and until the first byte of the answer, a server may take longer than between
 * two bytes. */
static bool call_moves(struct gen_http_call *call, int64_t down, int64_t up, int64_t up_total)
{
    bool waiting = call->answer.header_bytes == 0 && up >= up_total;
    int64_t limit = waiting ? gen_http_request_first_byte_ms(&call->request)
                            : gen_http_request_stall_ms(&call->request);
    int64_t now = gen_loop_now(call->loop);

    if (!call->committed || down != call->down || up != call->sent) {
        call->down = down;
        call->moved_at = now;
    }
    if (limit < 0 || now - call->moved_at < limit) {
        return true;
    }
    call->stalled = true;
    snprintf(call->detail, sizeof call->detail,
             waiting ? "no answer within %lld s" : "nothing came for %lld s",
             (long long)((limit + CALL_SECOND_MS - 1) / CALL_SECOND_MS));
    return false;
}

/* Bytes come, and too few of them: an answer must not trickle for ever. */
static bool call_flows(struct gen_http_call *call, int64_t down)
{
    const struct gen_http_request *request = &call->request;
    int64_t now = gen_loop_now(call->loop);

    if (call->answer.header_bytes == 0) {
        return true;
    }
    if (call->answer_at == 0) {
        call->answer_at = call->slow_at = now;
        call->slow_down = down;
    }
    if (request->answer_timeout_ms > 0 && now - call->answer_at >= request->answer_timeout_ms) {
        snprintf(call->detail, sizeof call->detail, "the answer was not complete after %lld s",
                 (long long)((request->answer_timeout_ms + CALL_SECOND_MS - 1) / CALL_SECOND_MS));
        call->stalled = true;
        return false;
    }
    if (request->slow_ms > 0 && now - call->slow_at >= request->slow_ms) {
        if (down - call->slow_down < request->slow_bytes) {
            snprintf(call->detail, sizeof call->detail, "only %lld bytes came in %lld s",
                     (long long)(down - call->slow_down),
                     (long long)((request->slow_ms + CALL_SECOND_MS - 1) / CALL_SECOND_MS));
            call->stalled = true;
            return false;
        }
        call->slow_at = now;
        call->slow_down = down;
    }
    return true;
}

static int call_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                         curl_off_t up)
{
    struct gen_http_call *call = context;
    int64_t come = down + (curl_off_t)call->answer.header_bytes;
    bool moves = call_moves(call, come, up, up_total) && call_flows(call, come);

    (void)down_total;
    if (up != call->sent) {
        call->sent = up;
        if (call->request.on_sent != NULL) {
            call->request.on_sent(call->request.context, up, up_total);
        }
    }
    return call->canceled || !moves ? 1 : 0;
}

/* --------------------------------------------------------------------- setting up the handle -- */

static bool call_add_line(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = line == NULL ? NULL : curl_slist_append(*list, line);

    if (longer == NULL) {
        return false;
    }
    *list = longer;
    return true;
}

/* The header list of the next request; replaces the one before. `origin`: it is our own. */
static bool call_set_headers(struct gen_http_call *call, bool origin)
{
    struct curl_slist *list = NULL;
    bool typed = false;
    bool good = true;

    for (size_t i = 0; good && i < call->request.header_count; i++) {
        const struct gen_http_header *header = &call->request.headers[i];

        if (!gen_http_request_sends(header->name) ||
            (!origin && !gen_http_request_harmless(header->name))) {
            continue;
        }
        typed = typed || strcasecmp(header->name, "content-type") == 0;
        good = call_add_line(&list, gen_arena_printf(call->arena, "%s%s%s", header->name,
                                                     header->value[0] == '\0' ? ";" : ": ",
                                                     header->value));
    }
    good = good && call_add_line(&list, "Expect:");
    if (good && !typed && call->form.mime == NULL) {
        good = call_add_line(&list, "Content-Type:"); /* or curl says it is a web form */
    }
    good = good && curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, list) == CURLE_OK;
    if (good) {
        curl_slist_free_all(call->headers);
        call->headers = list;
    } else {
        curl_slist_free_all(list);
    }
    return good;
}

/* How it travels: the promises of http_client.h. */
static bool call_set_travel(struct gen_http_call *call, const char *proxy)
{
    const struct gen_http_request *request = &call->request;
    CURL *easy = call->easy;
    bool good = true;

    good &= curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK;
    good &= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    call->proxied = proxy[0] != '\0' && request->unix_socket == NULL &&
                    !(call_may_be_plain(request, request->url) &&
                      gen_http_url_loopback(request->url));
    call->proxy = gen_arena_strdup(call->arena, proxy);
    good &= call->proxy != NULL;
    /* Ours or none: what the environment says about proxies does not count. */
    good &= curl_easy_setopt(easy, CURLOPT_PROXY, call->proxied ? proxy : "") == CURLE_OK;
    good &= curl_easy_setopt(easy, CURLOPT_NOPROXY, "") == CURLE_OK;
    good &= curl_easy_setopt(easy, CURLOPT_USERAGENT, "genengine/" GEN_VERSION) == CURLE_OK;
    good &= curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, request->unix_socket) == CURLE_OK;
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    /* HTTP/2 by ALPN for what is free to repeat, streams of one connection; what costs money goes by
     * HTTP/1.1, where a connection of its own is easily proven. */
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                           (long)(request->once ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
    /* Only TLS says whether a connection takes several streams; without it a request would wait behind
     * one that never ends, such as a stream of events. */
    (void)curl_easy_setopt(easy, CURLOPT_PIPEWAIT,
                           !request->once && strncasecmp(request->url, "https:", 6) == 0 ? 1L : 0L);
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* signed URLs are taken as they are */
    (void)curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    /* Without it, giving up a name lookup would block the loop until the resolver is done. */
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
    (void)curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, request->once ? 1L : 0L);
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, request->sink_file != NULL ? 65536L : 16384L);
    return good;
}

/* Stalls are noticed in call_progress; curl's own limit, which counts in seconds and knows no phases, is
 * what makes it look once a second, and stands far behind ours. */
static void call_set_times(struct gen_http_call *call, int64_t now_ms)
{
    const struct gen_http_request *request = &call->request;
    int64_t connect = request->connect_timeout_ms > 0 ? request->connect_timeout_ms
                                                      : (int64_t)CALL_CONNECT_MS;
    int64_t stall = gen_http_request_stall_ms(request),
            first = gen_http_request_first_byte_ms(request);
    int64_t left = call->deadline_ms - now_ms;

    stall = stall > first ? stall : first;
    (void)curl_easy_setopt(call->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    if (stall > 0) {
        (void)curl_easy_setopt(call->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        (void)curl_easy_setopt(call->easy, CURLOPT_LOW_SPEED_TIME,
                               (long)((2 * stall + connect) / CALL_SECOND_MS + 2));
    }
    if (call->deadline_ms > 0) {
        (void)curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
    }
}

static void call_set_callbacks(struct gen_http_call *call)
{
    CURL *easy = call->easy;

    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->words);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, call_open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
    (void)curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, call_before_request);
    (void)curl_easy_setopt(easy, CURLOPT_PREREQDATA, call);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, call_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, call_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    (void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, call_progress);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, call);
}

/* Where nobody but the proxy sees the address, one that is written out is judged by its text. */
static enum gen_status call_check_url(const struct gen_http_request *request, bool by_proxy,
                                      const char *url, struct gen_error *err)
{
    bool plain = call_may_be_plain(request, url);
    enum gen_status status = gen_http_url_check(url, plain, err);

    if (status == GEN_OK && by_proxy && !plain && gen_http_url_private(url)) {
        status = gen_error_set(err, GEN_EDENIED,
                               "the host is a private or reserved address, which is not allowed");
    }
    return status;
}

enum gen_status gen_http_call_create(const struct gen_http_request *request, const char *proxy,
                                     struct gen_loop *loop, struct gen_http_call **out,
                                     struct gen_error *err)
{
    struct gen_http_call *call = NULL;
    int64_t now_ms = gen_loop_now(loop);
    enum gen_status status;

    status = call_check_url(request, proxy[0] != '\0', request->url, err);
    if (status == GEN_OK) {
        status = gen_http_request_check(request, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    call = gen_alloc(sizeof *call);
    if (call == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for a request");
    }
    gen_http_form_init(&call->form, request->once);
    call->loop = loop;
    call->moved_at = now_ms;
    call->deadline_ms = request->timeout_ms > 0 ? now_ms + request->timeout_ms : 0;
    call->arena = gen_arena_create(CALL_MEMORY_MOST);
    gen_http_answer_init(&call->answer, call->arena, NULL, request->body_limit, request->on_data,
                         request->context);
    call->easy = call->arena == NULL ? NULL : curl_easy_init();
    if (call->easy == NULL ||
        gen_http_request_copy(request, call->arena, &call->request) != GEN_OK ||
        !call_set_travel(call, proxy)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory for a request");
        goto done;
    }
    call->answer.sink_file = call->request.sink_file;
    call->answer.sink_from = call->request.sink_from;
    call->answer.sink_keeps = call->request.sink_keeps;
    if ((request->sink_file != NULL || request->on_data != NULL) &&
        call->answer.body.maximum > GEN_HTTP_MEMORY_MOST) {
        call->answer.body.maximum =
            GEN_HTTP_MEMORY_MOST; /* of an error's body, which goes to memory */
    }
    call_set_times(call, now_ms);
    call_set_callbacks(call);
    status = gen_http_form_set(&call->form, call->easy, request, call->request.method, err);
    if (status == GEN_OK && !call_set_headers(call, true)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory for a request");
    }
done:
    if (status == GEN_OK) {
        *out = call;
    } else {
        gen_http_call_destroy(call);
    }
    return status;
}

void gen_http_call_destroy(struct gen_http_call *call)
{
    if (call == NULL) {
        return;
    }
    curl_easy_cleanup(call->easy); /* before what it borrows */
    gen_http_form_fini(&call->form);
    curl_slist_free_all(call->headers);
    gen_http_answer_fini(&call->answer);
    gen_arena_destroy(call->arena);
    gen_free(call);
}

/* --------------------------------------------------------------------------------- redirects -- */

/* We follow by ourselves: curl (7.88) keeps Authorization and Cookie on their origin, but sends any
 * other header along, and keys of providers travel under many names. */
bool gen_http_call_redirect(struct gen_http_call *call, int code, int64_t now_ms)
{
    int status = call->answer.status;
    char *target = NULL;
    struct gen_error error = {0};

    if (!call->request.follow || code != CURLE_OK || call->canceled ||
        !(status == 301 || status == 302 || status == 303 || status == 307 || status == 308) ||
        curl_easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &target) != CURLE_OK ||
        target == NULL) {
        return false;
    }
    if (call->redirects == CALL_REDIRECTS_MOST) {
        snprintf(call->detail, sizeof call->detail, "more than %d redirects", CALL_REDIRECTS_MOST);
        call->refusal = call->detail;
        return false;
    }
    if (call_check_url(&call->request, call->proxied, target, &error) != GEN_OK) {
        snprintf(call->detail, sizeof call->detail,
                 "redirected to a URL that is not allowed: %.180s", error.message);
        call->refusal = call->detail;
        return false;
    }
    target = gen_arena_strdup(call->arena, target); /* curl's own goes with the next transfer */
    if (target == NULL ||
        !call_set_headers(call, gen_http_url_same_origin(call->request.url, target)) ||
        curl_easy_setopt(call->easy, CURLOPT_URL, target) != CURLE_OK) {
        call->refusal = "out of memory while following a redirect";
        return false;
    }
    call->redirects++;
    call->moved_at = now_ms;
    call->answer_at = 0;
    gen_http_answer_restart(&call->answer);
    call_set_times(call, now_ms);
    return true;
}

/* ----------------------------------------------------------------------------------- the end -- */

static const char *call_reason(const struct gen_http_call *call, int code)
{
    if (call->refusal != NULL) {
        return call->refusal;
    }
    if (call->answer.error.status != GEN_OK) {
        return call->answer.error.message;
    }
    if (call->starved) {
        return "out of memory while waiting for the server";
    }
    if (call->canceled) {
        return "it was cancelled";
    }
    if (call->stalled) {
        return call->detail;
    }
    if (code == CURLE_OK) {
        return "the server sent no response";
    }
    return call->words[0] != '\0' ? call->words : curl_easy_strerror((CURLcode)code);
}

static enum gen_http_fate call_fate(struct gen_http_call *call, int code)
{
    struct gen_http_answer *answer = &call->answer;

    if (answer->cut && call->refusal == NULL) {
        return GEN_HTTP_ANSWERED;
    }
    if (code == CURLE_OK && answer->headers_ended && call->refusal == NULL) {
        return gen_http_answer_close(answer, true) ? GEN_HTTP_ANSWERED : GEN_HTTP_PARTIAL;
    }
    if (!call->committed) {
        return GEN_HTTP_NOT_SENT;
    }
    return answer->headers_ended && call->refusal == NULL ? GEN_HTTP_PARTIAL : GEN_HTTP_UNKNOWN;
}

void gen_http_call_finish(struct gen_http_call *call, int code, struct gen_http_response *out)
{
    struct gen_http_answer *answer = &call->answer;

    memset(out, 0, sizeof *out);
    out->fate = call_fate(call, code);
    (void)gen_http_answer_close(answer, false); /* what was not kept goes */
    out->body = "";
    out->reason = out->fate == GEN_HTTP_ANSWERED ? "" : call_reason(call, code);
    if (call->proxied && out->fate == GEN_HTTP_NOT_SENT && !call->canceled && !call->refusal) {
        out->reason = gen_http_url_through(call->proxy, out->reason, call->arena);
    }
    out->timed_out = code == CURLE_OPERATION_TIMEDOUT || call->stalled;
    out->stored = (int64_t)answer->passed + (answer->resumed ? answer->sink_from : 0);
    if (out->fate == GEN_HTTP_ANSWERED || out->fate == GEN_HTTP_PARTIAL) {
        out->status = answer->status;
        out->headers = answer->headers;
        out->header_count = answer->header_count;
        out->body = answer->body.data == NULL ? "" : answer->body.data;
        out->body_size = answer->body.size;
        out->body_complete = out->fate == GEN_HTTP_ANSWERED && !answer->cut;
    }
}
