/* powers.c - see powers.h. */
#include "powers.h"

#include "exchange.h"
#include "faults.h"
#include "path.h"
#include "submit.h"
#include "template.h"

enum { POWERS_ITEMS = 200, POWERS_PAUSE = 5000 };

static size_t number_of(const struct rest_call *call, size_t count)
{
    const char *state = call->task->state;
    size_t number = state[0] >= '0' && state[0] <= '9' && state[1] == '\0'
                        ? (size_t)(state[0] - '0')
                        : 0;

    return number < count ? number : 0;
}

static int32_t ask(const struct rest_call *call, const struct rest_exchange *exchange,
                   size_t number)
{
    const struct names_from from = names_of(call);
    const struct gen_provider_request *request = exchange_request(&from, exchange, EXCHANGE_OWN);

    call->step->state = kit_or(call->kit.host->print(call->kit.arena, "%zu", number), "");
    if (request == NULL) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          call->kit.host->print(call->kit.arena,
                                                "%s.url: what it names is not there, or does not "
                                                "lead to the provider's hosts",
                                                exchange->at));
    }
    return kit_send(call->step, request, call->message);
}

/* ------------------------------------------------------------------------------------ cancel -- */

int32_t powers_cancel(const struct rest_call *call)
{
    const struct rest *rest = call->rest;
    size_t number = number_of(call, rest->cancel_count);
    const struct gen_node *body;

    if (call->answer == NULL) {
        return ask(call, &rest->cancels[0], 0);
    }
    body = kit_json(&call->kit, call->answer);
    if (!faults_good(call->answer) || faults_inside(call, REST_AT_CANCEL, body)) {
        return faults_answer(call, REST_AT_CANCEL, body, NULL);
    }
    return number + 1 < rest->cancel_count
               ? ask(call, &rest->cancels[number + 1], number + 1)
               : kit_done(&call->kit, call->step, "", -1, call->message);
}

/* ----------------------------------------------------------------------------------- recover -- */

/* Does everything in the item stand as our job would have it? */
static int matches(const struct names_from *from, const struct rest_lookup *lookup,
                   const struct gen_node *item)
{
    const struct gen_host *host = from->kit->host;
    size_t count = host->json_count(lookup->match), i;

    for (i = 0; i < count; i++) {
        const struct gen_node *row = host->json_at(lookup->match, i);
        const char *want = reading_scalar(from->kit, template_fill(from, row));
        const char *have = reading_scalar(from->kit,
                                          path_find(from->kit, item, host->json_key(row)));

        if (want == NULL || have == NULL || !kit_same(want, have)) {
            return 0;
        }
    }
    return 1;
}

/* The handle of the first item that is our job; NULL. */
static const char *look(const struct rest_call *call, const struct names_from *from,
                        const struct rest_lookup *lookup, const struct gen_node *body)
{
    static const char *const whole[] = {"", NULL};
    const char *const *path = lookup->items != NULL ? lookup->items : whole;
    const struct rest_taken *taken = lookup->handle.count > 0 ? &lookup->handle
                                                              : &call->rest->submit.handle;
    size_t i;

    for (; *path != NULL; path++) {
        for (i = 0; i < POWERS_ITEMS; i++) {
            const struct gen_node *item = path_at(&call->kit, body, *path, i);
            const char *handle;

            if (item == NULL) {
                break;
            }
            handle = matches(from, lookup, item) ? submit_handle(call, from, taken, item) : NULL;
            if (handle != NULL) {
                return handle;
            }
        }
    }
    return NULL;
}

static int status_listed(const char *const *statuses, int32_t status)
{
    for (; statuses != NULL && *statuses != NULL; statuses++) {
        if (((*statuses)[0] - '0') * 100 + ((*statuses)[1] - '0') * 10 + ((*statuses)[2] - '0') ==
            status) {
            return 1;
        }
    }
    return 0;
}

/* Not in this answer: the next one, or what that means. */
static int32_t not_here(const struct rest_call *call, size_t number)
{
    const struct rest *rest = call->rest;
    size_t i;

    if (number + 1 < rest->lookup_count) {
        return ask(call, &rest->lookups[number + 1].exchange, number + 1);
    }
    for (i = 0; i < rest->lookup_count; i++) {
        if (!rest->lookups[i].certain) {
            return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                              "the job is not among those that the provider lists, which proves "
                              "nothing");
        }
    }
    return kit_done(&call->kit, call->step, "", -1, call->message);
}

int32_t powers_recover(const struct rest_call *call)
{
    const struct rest *rest = call->rest;
    const struct names_from from = names_of(call);
    size_t number = number_of(call, rest->lookup_count);
    const struct rest_lookup *lookup = &rest->lookups[number];
    const struct gen_node *body;
    const char *handle;
    int32_t kind;

    if (call->answer == NULL) {
        return ask(call, &rest->lookups[0].exchange, 0);
    }
    if (status_listed(lookup->absent, call->answer->status)) {
        return not_here(call, number);
    }
    body = kit_json(&call->kit, call->answer);
    if (!faults_good(call->answer) || faults_inside(call, REST_AT_RECOVER, body)) {
        kind = faults_kind(call, REST_AT_RECOVER, body);
        return kind == GEN_FAIL_TRANSIENT || kind == GEN_FAIL_RATE_LIMITED
                   ? kit_wait(call->step, POWERS_PAUSE) /* the next question may be answered */
                   : faults_answer(call, REST_AT_RECOVER, body, NULL);
    }
    if (call->kit.host->json_type(body) != GEN_JSON_MAP &&
        call->kit.host->json_type(body) != GEN_JSON_LIST) {
        return kit_wait(call->step, POWERS_PAUSE);
    }
    handle = look(call, &from, lookup, body);
    return handle != NULL ? kit_done(&call->kit, call->step, handle, -1, call->message)
                          : not_here(call, number);
}

/* ------------------------------------------------------------------------------------ health -- */

int32_t powers_health(const struct rest_call *call)
{
    const struct names_from from = {.kit = &call->kit, .rest = call->rest};
    const struct gen_node *body;

    if (call->answer == NULL) {
        const struct gen_provider_request *request = exchange_request(&from, &call->rest->health,
                                                                      EXCHANGE_OWN);

        return request != NULL ? kit_send(call->step, request, call->message)
                               : faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                                            "health.url does not lead to the provider's hosts");
    }
    body = kit_json(&call->kit, call->answer);
    if (!faults_good(call->answer) || faults_inside(call, REST_AT_HEALTH, body)) {
        return faults_answer(call, REST_AT_HEALTH, body, NULL);
    }
    return kit_done(&call->kit, call->step, "", -1, call->message);
}
