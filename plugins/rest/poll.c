/* poll.c - see poll.h. */
#include "poll.h"

#include "exchange.h"
#include "faults.h"
#include "fetch.h"
#include "path.h"
#include "template.h"

static const struct {
    int32_t kind;
    const char *text;
} ends[] = {
    [REST_FAILED] = {GEN_FAIL_PROVIDER, "the provider failed at the render and gave no reason"},
    [REST_MODERATED] = {GEN_FAIL_MODERATED, "the provider refused the content and gave no reason"},
    [REST_CANCELED] = {GEN_FAIL_EXPIRED, "the job was canceled at the provider"},
    [REST_EXPIRED] = {GEN_FAIL_EXPIRED, "the job is gone at the provider"},
};

static int32_t ask(const struct rest_call *call, const struct rest_exchange *exchange,
                   const char *state)
{
    const struct names_from from = names_of(call);
    const struct gen_provider_request *request = exchange_request(&from, exchange, EXCHANGE_OWN);

    call->step->state = state;
    if (request == NULL) {
        return faults_own(
            call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
            call->kit.host->print(call->kit.arena,
                                  "%s.url: what it names is not in the handle, or does "
                                  "not lead to the provider's hosts",
                                  exchange->at));
    }
    return kit_send(call->step, request, call->message);
}

int32_t poll_end(const struct rest_call *call, const struct gen_node *body, const char **word)
{
    const struct rest_poll *poll = &call->rest->poll;
    size_t end, i;

    *word = "";
    if (call->kit.host->json_type(body) != GEN_JSON_MAP &&
        call->kit.host->json_type(body) != GEN_JSON_LIST) {
        return 0;
    }
    if (poll->ready != NULL && path_first(&call->kit, body, poll->ready) == NULL) {
        return REST_RUNS;
    }
    if (poll->status == NULL) {
        return REST_DONE;
    }
    *word = kit_or(reading_scalar(&call->kit, path_first(&call->kit, body, poll->status)), "");
    for (end = REST_RUNS; end <= REST_EXPIRED; end++) {
        for (i = 0; poll->words[end] != NULL && poll->words[end][i] != NULL; i++) {
            if (kit_alike(poll->words[end][i], *word)) {
                return (int32_t)end;
            }
        }
    }
    return (*word)[0] != '\0' ? REST_RUNS : 0; /* a word that nobody knows: go on asking */
}

int32_t poll_failed(const struct rest_call *call, const struct gen_node *body, int32_t end,
                    const char *word)
{
    const struct kit_failure failure = {.kind = ends[end].kind,
                                        .billed = call->rest->poll.billed[end] != 0
                                                      ? call->rest->poll.billed[end]
                                                      : GEN_BILLED_UNKNOWN,
                                        .code = word,
                                        .text = ends[end].text};

    return faults_answer(call, REST_AT_POLL, body, &failure);
}

int32_t poll_wait(const struct rest_call *call, const struct gen_node *body, const char *word)
{
    const struct gen_host *host = call->kit.host;
    const struct rest_poll *poll = &call->rest->poll;
    double share = host->json_number(path_first(&call->kit, body, poll->progress), -1);
    int64_t queue = host->json_integer(path_first(&call->kit, body, poll->queue), -1);

    share = share / poll->progress_scale;
    if (share >= 0 && share <= 1) {
        call->step->progress_ppm = (int32_t)(share * 1000000);
    }
    if (queue >= 0 && queue <= 1000000000) {
        call->step->queue_position = (int32_t)queue;
    }
    if (word[0] != '\0') {
        call->step->note = host->print(call->kit.arena, "the provider says: %.60s", word);
    }
    return kit_wait(call->step, (int64_t)(poll->every_s * 1000));
}

/* Micro-dollars that the provider says it cost, -1 = not said. */
static int64_t cost_of(const struct rest_call *call, const struct gen_node *body)
{
    const struct gen_host *host = call->kit.host;
    const struct rest_poll *poll = &call->rest->poll;
    const struct names_from from = names_of(call);
    int64_t amount = kit_millionths(&call->kit, path_first(&call->kit, body, poll->cost), -1);
    int64_t unit = 1000000;

    if (poll->cost_unit != NULL) {
        unit = kit_millionths(&call->kit, template_fill(&from, poll->cost_unit), -1);
    }
    (void)host;
    return kit_units_price(amount, unit);
}

static int32_t finished(const struct rest_call *call, const struct gen_node *body)
{
    const struct rest_fetch *fetch = &call->rest->fetch;
    int told = fetch->exchange.urls == NULL || kit_same(call->task->state, "fate");

    if (told && !fetch_has_link(call, body)) {
        return fetch_missing(call, body);
    }
    return kit_done(&call->kit, call->step, "", cost_of(call, body), call->message);
}

int32_t poll_step(const struct rest_call *call)
{
    const struct gen_node *body;
    const char *word = "";
    int fate = call->answer != NULL && kit_same(call->task->state, "fate");
    int32_t end;

    if (call->answer == NULL) {
        return ask(call, &call->rest->poll.exchange, "");
    }
    body = kit_json(&call->kit, call->answer);
    if (!faults_good(call->answer) ||
        faults_inside(call, fate ? REST_AT_FETCH : REST_AT_POLL, body)) {
        return faults_answer(call, fate ? REST_AT_FETCH : REST_AT_POLL, body, NULL);
    }
    if (fate) {
        return body != NULL ? finished(call, body)
                            : faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                                         "the provider's answer about the result cannot be read");
    }
    end = poll_end(call, body, &word);
    if (end == 0) {
        return faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                          "the provider's answer about the job cannot be read");
    }
    if (end == REST_DONE) {
        return call->rest->fetch.decides ? ask(call, &call->rest->fetch.exchange, "fate")
                                         : finished(call, body);
    }
    return end == REST_RUNS ? poll_wait(call, body, word) : poll_failed(call, body, end, word);
}
