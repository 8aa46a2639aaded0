/* submit.c - see submit.h. */
#include "submit.h"

#include "exchange.h"
#include "faults.h"

enum { SUBMIT_STATE = 60000, SUBMIT_HANDLE = 4000 };

struct submitting {
    const struct rest_call *call;
    struct names_from from;
    struct gen_node *values; /* what the uploads gave */
    size_t done;             /* uploads that are over */
    size_t uploads;          /* 0 where there is no picture to upload */
};

static void read_state(struct submitting *submitting)
{
    const struct kit *kit = &submitting->call->kit;
    const char *text = submitting->call->task->state;
    const struct gen_node *state = text[0] == '{'
                                       ? kit->host->json_parse(kit->arena, text, strlen(text))
                                       : NULL;
    const struct gen_node *values = kit->host->json_get(state, "values");
    int64_t done = kit->host->json_integer(kit->host->json_get(state, "done"), 0);

    submitting->values = kit->host->json_type(values) == GEN_JSON_MAP
                             ? kit->host->json_copy(kit->arena, values)
                             : kit->host->json_map(kit->arena);
    submitting->done = done > 0 && (size_t)done <= submitting->uploads ? (size_t)done : 0;
    submitting->from.uploads = submitting->values;
}

static const char *write_state(const struct submitting *submitting)
{
    const struct kit *kit = &submitting->call->kit;
    struct gen_node *state = kit->host->json_map(kit->arena);

    if (submitting->uploads == 0) {
        return "";
    }
    kit_set_integer(kit, state, "done", (int64_t)submitting->done);
    kit->host->json_set(kit->arena, state, "values",
                        kit->host->json_copy(kit->arena, submitting->values));
    return kit->host->json_write(kit->arena, state, NULL);
}

/* The next request: an upload, or the order itself. */
static int32_t ask(struct submitting *submitting)
{
    const struct rest_call *call = submitting->call;
    int order = submitting->done == submitting->uploads;
    const struct rest_exchange *exchange = order ? &call->rest->submit.exchange
                                                 : &call->rest->uploads[submitting->done].exchange;
    struct gen_provider_request *request =
        exchange_request(&submitting->from, exchange, order ? EXCHANGE_OWN : EXCHANGE_ANYWHERE);

    call->step->state = write_state(submitting);
    if (call->step->state == NULL) {
        return kit_broken(call->message);
    }
    if (request == NULL || strlen(call->step->state) > SUBMIT_STATE) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          call->kit.host->print(
                              call->kit.arena,
                              "%s.url: what it names is not there, or makes no URL", exchange->at));
    }
    request->flags = order ? GEN_REQUEST_COSTS : 0u;
    return kit_send(call->step, request, call->message);
}

const char *submit_handle(const struct rest_call *call, const struct names_from *from,
                          const struct rest_taken *taken, const struct gen_node *answer)
{
    const struct gen_host *host = call->kit.host;
    struct gen_node *map = host->json_map(call->kit.arena);
    const char *handle;

    if (!exchange_take(from, taken, answer, map)) {
        return NULL;
    }
    handle = taken->single ? host->json_text(host->json_get(map, "handle"), NULL)
                           : host->json_write(call->kit.arena, map, NULL);
    return handle != NULL && handle[0] != '\0' && strlen(handle) <= SUBMIT_HANDLE ? handle : NULL;
}

/* An upload is answered. */
static int32_t uploaded(struct submitting *submitting)
{
    const struct rest_call *call = submitting->call;
    const struct rest_upload *upload = &call->rest->uploads[submitting->done];
    const struct gen_node *body = kit_json(&call->kit, call->answer);

    if (!faults_good(call->answer) || faults_inside(call, REST_AT_UPLOAD, body)) {
        return faults_answer(call, REST_AT_UPLOAD, body, NULL);
    }
    if (!exchange_take(&submitting->from, &upload->take, body, submitting->values)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "the answer to an upload does not hold what is needed of it");
    }
    submitting->done++;
    return ask(submitting);
}

/* The order is answered: this decides about money. */
static int32_t ordered(struct submitting *submitting)
{
    const struct rest_call *call = submitting->call;
    const struct gen_node *body = kit_json(&call->kit, call->answer);
    const char *handle;

    if (!faults_good(call->answer) || faults_inside(call, REST_AT_SUBMIT, body)) {
        return faults_answer(call, REST_AT_SUBMIT, body, NULL);
    }
    handle = submit_handle(call, &submitting->from, &call->rest->submit.handle, body);
    if (handle == NULL) { /* taken, but nobody knows as what: not to be bought again */
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "the provider took the order and named no job");
    }
    return kit_done(&call->kit, call->step, handle, -1, call->message);
}

int32_t submit_step(const struct rest_call *call)
{
    struct submitting submitting = {.call = call, .from = names_of(call)};

    if (submitting.from.model == NULL) {
        return faults_own(call, GEN_FAIL_UNSUPPORTED, GEN_BILLED_NO, "there is no such model");
    }
    submitting.uploads = names_picture(submitting.from.model, call->task) >= 0
                             ? call->rest->upload_count
                             : 0;
    read_state(&submitting);
    if (call->answer == NULL) {
        return ask(&submitting);
    }
    return submitting.done < submitting.uploads ? uploaded(&submitting) : ordered(&submitting);
}
