/* faults.c - see faults.h. */
#include "faults.h"

#include "path.h"

/* Where vendors put their words, when the description does not say. */
static const char *const usual_messages[] = {"error.message", "message",      "error_description",
                                             "detail[0].msg", "error.detail", "detail",
                                             "error",         "errors[0]",    NULL};
static const char *const usual_codes[] = {"error.code",     "code", "error.type", "error_type",
                                          "detail[0].type", "type", NULL};

int faults_good(const struct gen_provider_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

static int holds_text(const char *text, const char *part)
{
    size_t at, i;

    for (at = 0; text[at] != '\0'; at++) {
        for (i = 0; part[i] != '\0' && kit_lower(text[at + i]) == kit_lower(part[i]); i++) {
        }
        if (part[i] == '\0') {
            return 1;
        }
    }
    return part[0] == '\0';
}

static int is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && !kit_same(*words, text)) {
        words++;
    }
    return *words != NULL;
}

static int holds_one_of(const char *text, const char *const *parts)
{
    while (*parts != NULL && !holds_text(text, *parts)) {
        parts++;
    }
    return *parts != NULL;
}

/* "422" or "5xx" */
static int status_fits(const char *const *statuses, int32_t status)
{
    for (; *statuses != NULL; statuses++) {
        const char *word = *statuses;

        if (kit_same(word + 1, "xx")
                ? word[0] - '0' == status / 100
                : (word[0] - '0') * 100 + (word[1] - '0') * 10 + (word[2] - '0') == status) {
            return 1;
        }
    }
    return 0;
}

/* Text at the first of the paths; lists and maps as JSON. "" = nothing. */
static const char *text_at(const struct kit *kit, const struct gen_node *body,
                           const char *const *paths)
{
    const struct gen_node *node = path_first(kit, body, paths);
    const char *scalar = reading_scalar(kit, node);

    return node == NULL     ? ""
           : scalar != NULL ? scalar
                            : kit_or(kit->host->json_write(kit->arena, node, NULL), "");
}

static const char *message_of(const struct rest_call *call, const struct gen_node *body)
{
    const char *text = call->rest->message != NULL ? text_at(&call->kit, body, call->rest->message)
                                                   : "";

    return text[0] != '\0' ? text : text_at(&call->kit, body, usual_messages);
}

static int fault_fits(const struct rest_call *call, const struct rest_fault *fault, int32_t moment,
                      const struct gen_node *body)
{
    int32_t status = call->answer->status;
    const char *text;

    if (fault->moments != 0 && (fault->moments & 1u << moment) == 0) {
        return 0;
    }
    if (fault->statuses != NULL ? !status_fits(fault->statuses, status) : 0) {
        return 0;
    }
    if (fault->paths != NULL && path_first(&call->kit, body, fault->paths) == NULL) {
        return 0;
    }
    text = fault->paths != NULL ? text_at(&call->kit, body, fault->paths) : message_of(call, body);
    return (fault->is == NULL || is_one_of(text, fault->is)) &&
           (fault->contains == NULL || holds_one_of(text, fault->contains));
}

static const struct rest_fault *find_fault(const struct rest_call *call, int32_t moment,
                                           const struct gen_node *body)
{
    size_t i;

    for (i = 0; i < call->rest->fault_count; i++) {
        if (fault_fits(call, &call->rest->faults[i], moment, body)) {
            return &call->rest->faults[i];
        }
    }
    return NULL;
}

int faults_inside(const struct rest_call *call, int32_t moment, const struct gen_node *body)
{
    const struct rest *rest = call->rest;
    const struct gen_node *code = path_first(&call->kit, body, rest->envelope.paths);
    size_t i;

    if (code != NULL &&
        !is_one_of(kit_or(reading_scalar(&call->kit, code), "?"), rest->envelope.ok)) {
        return 1;
    }
    for (i = 0; i < rest->fault_count; i++) {
        if (rest->faults[i].statuses != NULL && fault_fits(call, &rest->faults[i], moment, body)) {
            return 1;
        }
    }
    return 0;
}

/* A refusal of an order is a promise not to bill it; a fault of theirs is none. */
static int32_t usual_bill(int32_t moment, int32_t status)
{
    if (moment == REST_AT_UPLOAD || moment == REST_AT_HEALTH) {
        return GEN_BILLED_NO;
    }
    return moment == REST_AT_SUBMIT && status < 500 && (status < 300 || status >= 400) &&
                   status != 408
               ? GEN_BILLED_NO
               : GEN_BILLED_UNKNOWN;
}

int32_t faults_kind(const struct rest_call *call, int32_t moment, const struct gen_node *body)
{
    const struct rest_fault *fault = find_fault(call, moment, body);
    int32_t kind = kit_status_kind(call->answer->status);

    if (fault != NULL && fault->kind != 0) {
        return fault->kind;
    }
    if (moment == REST_AT_SUBMIT && kind == GEN_FAIL_EXPIRED) {
        return GEN_FAIL_UNSUPPORTED; /* it is the model that is not there */
    }
    return kind;
}

int32_t faults_answer(const struct rest_call *call, int32_t moment, const struct gen_node *body,
                      const struct kit_failure *end)
{
    const struct rest_fault *fault = find_fault(call, moment, body);
    int32_t status = call->answer->status, kind = faults_kind(call, moment, body);
    struct kit_failure failure = {0};

    failure.kind = fault != NULL && fault->kind != 0 ? fault->kind
                   : end != NULL && end->kind != 0   ? end->kind
                   : kind != 0                       ? kind
                                                     : GEN_FAIL_PROVIDER;
    failure.billed = fault != NULL && fault->billed != 0 ? fault->billed
                     : end != NULL                       ? end->billed
                                                         : usual_bill(moment, status);
    failure.code = text_at(&call->kit, body,
                           call->rest->code != NULL ? call->rest->code : usual_codes);
    failure.text = message_of(call, body);
    failure.retry_after_ms = kit_retry_after(call->answer);
    if (failure.code[0] == '\0' && end != NULL) {
        failure.code = end->code;
    }
    if (failure.text[0] == '\0') {
        failure.text = end != NULL && end->text != NULL
                           ? end->text
                           : call->kit.host->print(call->kit.arena,
                                                   "the provider answered with status %d and gave "
                                                   "no reason",
                                                   (int)status);
    }
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_own(const struct rest_call *call, int32_t kind, int32_t billed, const char *text)
{
    struct kit_failure failure = {.kind = kind, .billed = billed, .text = text};

    return kit_fail(&call->kit, call->step, &failure, call->message);
}
