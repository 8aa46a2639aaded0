/* fetch.c - see fetch.h. */
#include "fetch.h"

#include "exchange.h"
#include "faults.h"
#include "path.h"
#include "poll.h"
#include "template.h"

enum { FETCH_TIMES = 3, FETCH_PAUSE = 5000 };

/* The link alone stands at a URL of our own making, which no answer has to tell? */
static int known_before(const struct rest_fetch *fetch)
{
    return fetch->link_url != NULL && fetch->link == NULL && fetch->exchange.urls == NULL;
}

/* NULL: there is none (yet). */
static const char *link_of(const struct rest_call *call, const struct gen_node *body)
{
    const struct rest_fetch *fetch = &call->rest->fetch;
    struct names_from from = names_of(call);
    const struct gen_node *item = fetch->link != NULL ? path_first(&call->kit, body, fetch->link)
                                                      : body;
    const char *text;

    if (fetch->link_url != NULL) {
        from.item = item;
        return fetch->link == NULL || item != NULL ? template_url(&from, fetch->link_url) : NULL;
    }
    text = call->kit.host->json_text(item, "");
    if (text[0] == '/' && text[1] != '/') { /* below the base URL */
        text = kit_or(call->kit.host->print(call->kit.arena, "%s%s", call->rest->base, text), "");
    }
    return kit_link(text);
}

int fetch_has_link(const struct rest_call *call, const struct gen_node *body)
{
    return link_of(call, body) != NULL;
}

int32_t fetch_missing(const struct rest_call *call, const struct gen_node *body)
{
    const struct kit_failure failure = {
        .kind = call->rest->fetch.missing,
        .billed = GEN_BILLED_UNKNOWN,
        .text = "the provider finished the job, and there is no file in its answer"};

    return faults_answer(call, REST_AT_FETCH, body, &failure);
}

/* How often it was tried, out of the state. */
static int times(const struct rest_call *call)
{
    const char *state = call->task->state;
    size_t length = strlen(state);

    return length > 0 && state[length - 1] >= '0' && state[length - 1] <= '9'
               ? state[length - 1] - '0'
               : 0;
}

static const char *state_of(const struct rest_call *call, const char *word, int count)
{
    return kit_or(call->kit.host->print(call->kit.arena, "%s %d", word, count), "");
}

static int32_t follow(const struct rest_call *call, const char *url)
{
    const struct names_from from = names_of(call);
    struct gen_provider_request *request = exchange_link(&from, url, call->rest->fetch.signs);

    if (request == NULL) {
        return kit_broken(call->message);
    }
    request->sink = GEN_SINK_RESULT;
    request->flags = GEN_REQUEST_FOLLOW;
    call->step->state = state_of(call, "file", times(call));
    return kit_send(call->step, request, call->message);
}

static int32_t ask(const struct rest_call *call, int count)
{
    const struct rest *rest = call->rest;
    const struct names_from from = names_of(call);
    const struct rest_exchange *exchange = rest->fetch.exchange.urls != NULL ? &rest->fetch.exchange
                                                                             : &rest->poll.exchange;
    const struct gen_provider_request *request;

    if (known_before(&rest->fetch)) {
        const char *url = link_of(call, NULL);

        if (url != NULL) {
            return follow(call, url);
        }
    }
    request = exchange_request(&from, exchange, EXCHANGE_OWN);
    call->step->state = state_of(call, "ask", count);
    if (request == NULL) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "the result's URL cannot be made of the handle, or does not lead to the "
                          "provider's hosts");
    }
    return kit_send(call->step, request, call->message);
}

/* The file is answered. */
static int32_t followed(const struct rest_call *call)
{
    const struct gen_provider_answer *answer = call->answer;
    int count = times(call) + 1;

    if (faults_good(answer)) {
        return answer->body_complete
                   ? kit_done(&call->kit, call->step, "", -1, call->message)
                   : faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_YES,
                                "the file at the provider is larger than is allowed here");
    }
    if (answer->status >= 400 && answer->status < 500 && answer->status != 429 &&
        count < FETCH_TIMES) {
        return ask(call, count); /* a fresh link */
    }
    return faults_own(call,
                      answer->status == 429                            ? GEN_FAIL_RATE_LIMITED
                      : answer->status == 404 || answer->status == 410 ? GEN_FAIL_EXPIRED
                                                                       : GEN_FAIL_TRANSIENT,
                      GEN_BILLED_UNKNOWN,
                      call->kit.host->print(call->kit.arena,
                                            "the file at the provider cannot be fetched: status %d",
                                            (int)answer->status));
}

/* The link is answered. */
static int32_t told(const struct rest_call *call)
{
    const struct gen_node *body = kit_json(&call->kit, call->answer);
    int polled = call->rest->fetch.exchange.urls == NULL, count = times(call);
    const char *word = "", *url;
    int32_t end;

    if (!faults_good(call->answer) || faults_inside(call, REST_AT_FETCH, body)) {
        return faults_answer(call, REST_AT_FETCH, body, NULL);
    }
    url = link_of(call, body);
    if (url != NULL) {
        return follow(call, url);
    }
    end = polled ? poll_end(call, body, &word) : 0;
    if (end > REST_DONE) {
        return poll_failed(call, body, end, word);
    }
    if (end == REST_RUNS) {
        return poll_wait(call, body, word);
    }
    if (count + 1 < FETCH_TIMES) { /* it is paid for: a damaged answer is no reason to give up */
        call->step->state = state_of(call, "ask", count + 1);
        return kit_wait(call->step, FETCH_PAUSE);
    }
    return fetch_missing(call, body);
}

int32_t fetch_step(const struct rest_call *call)
{
    if (call->answer == NULL) {
        return ask(call, kit_begins(call->task->state, "ask ") ? times(call) : 0);
    }
    return kit_begins(call->task->state, "file ") ? followed(call) : told(call);
}
