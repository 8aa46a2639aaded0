/* faults.c - see faults.h. */
#include "faults.h"

struct fault {
    const char *word; /* in lower case */
    int32_t kind;
};

/* Words of `status`, of a code that is a text, and of a reason in `details`. */
static const struct fault words[] = {
    {"api_key_invalid", GEN_FAIL_AUTH},
    {"permission_denied", GEN_FAIL_AUTH},
    {"unauthenticated", GEN_FAIL_AUTH},
    {"authentication_error", GEN_FAIL_AUTH},
    {"failed_precondition", GEN_FAIL_AUTH}, /* billing or region */
    {"resource_exhausted", GEN_FAIL_RATE_LIMITED},
    {"rate_limit_exceeded", GEN_FAIL_RATE_LIMITED},
    {"too_many_requests", GEN_FAIL_RATE_LIMITED},
    {"invalid_argument", GEN_FAIL_INVALID},
    {"invalid_request", GEN_FAIL_INVALID},
    {"out_of_range", GEN_FAIL_INVALID},
    {"unimplemented", GEN_FAIL_UNSUPPORTED},
    {"not_found", GEN_FAIL_EXPIRED},
    {"aborted", GEN_FAIL_TRANSIENT},
    {"cancelled", GEN_FAIL_PROVIDER},
    {"deadline_exceeded", GEN_FAIL_TRANSIENT},
    {"internal", GEN_FAIL_TRANSIENT},
    {"unavailable", GEN_FAIL_TRANSIENT},
    {NULL, 0},
};

/* gRPC codes, for an operation's error that has no word. */
static const struct {
    int32_t code;
    const char *word;
} numbers[] = {
    {1, "cancelled"},           {3, "invalid_argument"},  {4, "deadline_exceeded"},
    {5, "not_found"},           {7, "permission_denied"}, {8, "resource_exhausted"},
    {9, "failed_precondition"}, {10, "aborted"},          {11, "out_of_range"},
    {12, "unimplemented"},      {13, "internal"},         {14, "unavailable"},
    {16, "unauthenticated"},
};

/* UNCERTAIN: in which words Google says that the purse, not the pace, is the matter. */
static const char *const purse[] = {"per day", "perday", "daily",           "spend",
                                    "credit",  "prepay", "billing account", NULL};
static const char *const wrong_key[] = {"api key not valid", "api_key_invalid", "api key expired",
                                        NULL};

struct reading { /* of an error */
    const char *code, *text, *reason;
    int64_t retry_after_ms;
    int32_t kind; /* 0 = its words say nothing */
};

static int32_t kind_of_word(const char *word)
{
    const struct fault *row = words;

    while (row->word != NULL && !kit_alike(row->word, word)) {
        row++;
    }
    return row->kind;
}

static const char *word_of_number(int64_t code)
{
    size_t i;

    for (i = 0; i < KIT_COUNT(numbers); i++) {
        if (numbers[i].code == code) {
            return numbers[i].word;
        }
    }
    return "";
}

/* "7s", "1.5s" */
static int64_t milliseconds(const char *text)
{
    int64_t ms = 0, unit = 1000;

    for (; *text >= '0' && *text <= '9' && ms < 100000000; text++) {
        ms = ms * 10 + (*text - '0') * 1000;
    }
    for (text += *text == '.'; *text >= '0' && *text <= '9' && unit > 1; text++) {
        unit /= 10;
        ms += (*text - '0') * unit;
    }
    return ms;
}

/* ErrorInfo has a reason, RetryInfo a delay, QuotaFailure names what is used up. */
static void read_details(const struct veo_call *call, const struct gen_node *details,
                         struct reading *out)
{
    const struct kit *kit = &call->kit;
    size_t i;

    for (i = 0; i < kit->host->json_count(details) && i < 16; i++) {
        const struct gen_node *detail = kit->host->json_at(details, i);
        const char *quota = kit_text(kit, detail, "violations[0].quotaId");
        const char *reason = kit_text(kit, detail, "reason");

        out->reason = reason[0] != '\0' ? reason : quota[0] != '\0' ? quota : out->reason;
        if (kit_text(kit, detail, "retryDelay")[0] != '\0') {
            out->retry_after_ms = milliseconds(kit_text(kit, detail, "retryDelay"));
        }
    }
}

static void read_error(const struct veo_call *call, const struct gen_node *error,
                       struct reading *out)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *code = kit->host->json_get(error, "code");
    const char *status = kit_text(kit, error, "status");
    const char *word = kit->host->json_text(code, "");
    const char *last = strrchr(word, '/'); /* a code may be a URI */

    *out = (struct reading){.code = status, .text = kit_text(kit, error, "message"), .reason = ""};
    if (status[0] == '\0' && word[0] != '\0') {
        out->code = last != NULL ? last + 1 : word;
    } else if (status[0] == '\0') {
        out->code = word_of_number(kit->host->json_integer(code, 0));
    }
    read_details(call, kit->host->json_get(error, "details"), out);
    out->kind = kind_of_word(out->code);
    if (kind_of_word(out->reason) != 0) {
        out->kind = kind_of_word(out->reason);
        out->code = out->reason;
    }
    if (kit_holds(out->text, wrong_key)) {
        out->kind = GEN_FAIL_AUTH;
    } else if (out->kind == GEN_FAIL_RATE_LIMITED && out->retry_after_ms == 0 &&
               (kit_holds(out->text, purse) || kit_holds(out->reason, purse))) {
        out->kind = GEN_FAIL_QUOTA;
    } else if (out->kind == GEN_FAIL_INVALID && kit_holds(out->text, call->settings->refusals)) {
        out->kind = GEN_FAIL_MODERATED;
    }
}

/* The error of an answer; some of Google's services wrap it into a list of one. */
static const struct gen_node *error_of(const struct veo_call *call)
{
    const struct gen_node *body = kit_json(&call->kit, call->answer);

    if (call->kit.host->json_type(body) == GEN_JSON_LIST) {
        body = call->kit.host->json_at(body, 0);
    }
    return call->kit.host->json_get(body, "error");
}

/* A model that is not there is not to be tried again, and what to use instead is said. */
static void about_model(const struct veo_call *call, struct kit_failure *failure)
{
    const char *replacement = models_replacement(call->task->model);

    failure->kind = GEN_FAIL_UNSUPPORTED;
    failure->text = call->kit.host->print(
        call->kit.arena, "Google does not serve %s (any longer); %s%s: %s", call->task->model,
        replacement != NULL ? "use " : "see GET /v1beta/models",
        replacement != NULL ? replacement : "", failure->text);
}

static void about_create(const struct veo_call *call, struct kit_failure *failure)
{
    int32_t status = call->answer->status;

    failure->billed = status >= 500 || status == 408 || status == 409 || status < 400
                          ? GEN_BILLED_UNKNOWN
                          : GEN_BILLED_NO;
    if (status == 404) {
        about_model(call, failure);
    } else if (status < 400) {
        failure->kind = GEN_FAIL_PROVIDER; /* a success or redirect that is none */
    } else if (failure->kind == GEN_FAIL_EXPIRED) {
        failure->kind = GEN_FAIL_INVALID;
    } else if (failure->kind == GEN_FAIL_MODERATED) {
        failure->field = "scenes[0].prompt";
    }
}

/* Only the asking failed; the job goes on, and what it costs it costs. */
static void about_status(const struct veo_call *call, struct kit_failure *failure, int32_t asked)
{
    failure->billed = GEN_BILLED_UNKNOWN;
    if (failure->kind == GEN_FAIL_AUTH || failure->kind == GEN_FAIL_RATE_LIMITED) {
        return;
    }
    if (failure->kind == GEN_FAIL_QUOTA) {
        failure->kind = GEN_FAIL_RATE_LIMITED;
    } else if (call->answer->status == 404 || call->answer->status == 410 ||
               (call->answer->status == 400 && asked == VEO_ASKED_STATUS)) {
        failure->kind = GEN_FAIL_EXPIRED; /* an unknown interaction is a 400 */
    } else {
        failure->kind = GEN_FAIL_TRANSIENT;
    }
}

int32_t faults_answer(const struct veo_call *call, int32_t asked)
{
    struct kit_failure failure = {.billed = GEN_BILLED_NO};
    struct reading reading;

    read_error(call, error_of(call), &reading);
    failure.kind = reading.kind != 0 ? reading.kind : kit_status_kind(call->answer->status);
    failure.code = reading.code;
    failure.text = reading.text[0] != '\0'
                       ? reading.text
                       : call->kit.host->print(call->kit.arena,
                                               "Google answered with the status %d",
                                               (int)call->answer->status);
    failure.retry_after_ms = reading.retry_after_ms > 0 ? reading.retry_after_ms
                                                        : kit_retry_after(call->answer);
    if (call->answer->status >= 500) {
        failure.kind = GEN_FAIL_TRANSIENT;
    }
    if (failure.code[0] == '\0') {
        failure.code = call->kit.host->print(call->kit.arena, "%d", (int)call->answer->status);
    }
    if (asked == VEO_ASKED_CREATE) {
        about_create(call, &failure);
    } else if (asked == VEO_ASKED_STATUS || asked == VEO_ASKED_FILE) {
        about_status(call, &failure, asked);
    } else if (asked == VEO_ASKED_ACCOUNT && failure.kind == GEN_FAIL_INVALID) {
        failure.kind = GEN_FAIL_AUTH; /* nothing but the key can be wrong there */
    } else if (failure.kind == GEN_FAIL_EXPIRED) {
        failure.kind = GEN_FAIL_INVALID;
    }
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_ended(const struct veo_call *call, const struct gen_node *error)
{
    struct kit_failure failure = {.billed = GEN_BILLED_NO};
    struct reading reading;

    read_error(call, error, &reading);
    failure.kind = reading.kind;
    failure.code = reading.code;
    failure.text = reading.text[0] != '\0' ? reading.text
                                           : "Google says that it failed, and not why";
    if (reading.kind == GEN_FAIL_MODERATED || kit_holds(reading.text, call->settings->refusals)) {
        /* What a refusal after rendering costs is not said of Omni; Veo's are not charged. */
        return faults_refused(call, reading.code, failure.text, GEN_BILLED_NO);
    }
    if (reading.kind == 0 || reading.kind == GEN_FAIL_TRANSIENT ||
        reading.kind == GEN_FAIL_EXPIRED) {
        failure.kind = GEN_FAIL_PROVIDER;
    }
    if (failure.kind == GEN_FAIL_PROVIDER) {
        failure.billed = GEN_BILLED_UNKNOWN;
    }
    failure.retry_after_ms = reading.retry_after_ms;
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_refused(const struct veo_call *call, const char *code, const char *said,
                       int32_t billed)
{
    struct kit_failure failure = {.kind = GEN_FAIL_MODERATED,
                                  .billed = billed,
                                  .code = code,
                                  .text = said[0] != '\0' ? said : "Google refused the content",
                                  .field = "scenes[0].prompt"};

    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_own(const struct veo_call *call, int32_t kind, int32_t billed, const char *sentence)
{
    struct kit_failure failure = {.kind = kind, .billed = billed, .text = sentence};

    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int faults_other(const struct veo_call *call, const char *name)
{
    const char *asked = strrchr(call->task->handle, '/');
    const char *told = strrchr(name, '/');

    return name[0] != '\0' && !kit_same(told != NULL ? told + 1 : name,
                                        asked != NULL ? asked + 1 : call->task->handle);
}

int32_t faults_strange(const struct veo_call *call)
{
    return faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                      "Google's answer is about another job than was asked for");
}
