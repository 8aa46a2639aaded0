/* faults.c - see faults.h. */
#include "faults.h"

struct fault {
    const char *code;
    int32_t kind;
    int32_t billed; /* of the paid request */
};

/* Codes whose meaning is not that of their HTTP status. */
static const struct fault codes[] = {
    {"ai_vendor_access_restricted", GEN_FAIL_AUTH,
     GEN_BILLED_NO}, /* of the account, not the shot */
    {"voice_not_usable", GEN_FAIL_UNSUPPORTED, GEN_BILLED_NO},
    {"insufficient_credit", GEN_FAIL_QUOTA, GEN_BILLED_NO},
    {"quota_exceeded", GEN_FAIL_QUOTA, GEN_BILLED_NO},
    {"rate_limit_exceeded", GEN_FAIL_RATE_LIMITED, GEN_BILLED_NO},
    {"unauthorized", GEN_FAIL_AUTH, GEN_BILLED_NO},
    {"authentication_failed", GEN_FAIL_AUTH, GEN_BILLED_NO},
    {"avatar_not_found", GEN_FAIL_INVALID, GEN_BILLED_NO},
    {"voice_not_found", GEN_FAIL_INVALID, GEN_BILLED_NO},
    /* The first one is on its way: it is, or it will be, bought. */
    {"request_in_progress", GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN},
    {"conflict", GEN_FAIL_INVALID, GEN_BILLED_NO},
    {"internal_error", GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN},
    {"gateway_timeout", GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN},
    /* Blocked text, by the numbers of the older API. UNCERTAIN: v3's names are not published. */
    {"400105", GEN_FAIL_MODERATED, GEN_BILLED_NO},
    {"400631", GEN_FAIL_MODERATED, GEN_BILLED_NO},
    {NULL, 0, 0},
};

/* UNCERTAIN: HeyGen publishes no list of codes for refused content, so the words of code and
 * message are looked at. settings.moderationWords adds to them. */
static const char *const refusals[] = {
    "moderat",
    "nsfw",
    "content polic",
    "policy violation",
    "violates",
    "inappropriate",
    "prohibited",
    "unsafe",
    "not allowed by our",
    "community guideline",
    "blocked word",
    "sensitive content",
    NULL,
};

static const struct {
    const char *param, *field;
} fields[] = {
    {"script", "scenes[0].dialogue"},       {"prompt", "scenes[0].prompt"},
    {"motion_prompt", "scenes[0].prompt"},  {"image", "scenes[0].assets"},
    {"audio_asset_id", "scenes[0].assets"}, {"background", "scenes[0].assets"},
};

static int is_refusal(const struct heygen_call *call, const char *code, const char *words)
{
    const struct gen_host *host = call->kit.host;
    const struct gen_node *more = call->settings->moderation;
    size_t i;

    if (kit_holds(code, refusals) || kit_holds(words, refusals)) {
        return 1;
    }
    for (i = 0; i < host->json_count(more); i++) {
        const char *list[2] = {host->json_text(host->json_at(more, i), ""), NULL};

        if (list[0][0] != '\0' && (kit_holds(code, list) || kit_holds(words, list))) {
            return 1;
        }
    }
    return 0;
}

static const struct fault *find_code(const char *code)
{
    const struct fault *row = codes;

    while (row->code != NULL && strcmp(row->code, code) != 0) {
        row++;
    }
    return row;
}

static const char *field_of(const char *param)
{
    size_t i;

    for (i = 0; i < KIT_COUNT(fields); i++) {
        if (kit_begins(param, fields[i].param)) {
            return fields[i].field;
        }
    }
    return param;
}

/* A code is a text in v3; the older API's are numbers. */
static const char *code_of(const struct heygen_call *call, const struct gen_node *node)
{
    const struct gen_host *host = call->kit.host;

    return host->json_type(node) == GEN_JSON_NUMBER
               ? kit_or(
                     host->print(call->kit.arena, "%lld", (long long)host->json_integer(node, 0)),
                     "")
               : kit_or(host->json_text(node, ""), "");
}

static int speaks_of_input(int32_t status)
{
    return status == 400 || status == 422 || status == 451;
}

/* When only the asking failed nothing has been said about the job: it is asked again. */
static void only_asked(struct kit_failure *failure, int32_t asked)
{
    if (asked == HEYGEN_ASKED_UPLOAD || asked == HEYGEN_ASKED_ACCOUNT) {
        failure->billed = GEN_BILLED_NO;
    } else if (asked == HEYGEN_ASKED_STATUS) {
        failure->billed = GEN_BILLED_UNKNOWN;
        failure->kind = failure->kind == GEN_FAIL_QUOTA ? GEN_FAIL_RATE_LIMITED
                        : failure->kind == GEN_FAIL_EXPIRED || failure->kind == GEN_FAIL_AUTH ||
                                failure->kind == GEN_FAIL_RATE_LIMITED
                            ? failure->kind
                            : GEN_FAIL_TRANSIENT;
    }
}

int32_t faults_answer(const struct heygen_call *call, int32_t asked)
{
    const struct gen_node *error = call->kit.host->json_get(kit_json(&call->kit, call->answer),
                                                            "error");
    struct kit_failure failure = {.kind = kit_status_kind(call->answer->status),
                                  .retry_after_ms = kit_retry_after(call->answer)};
    const struct fault *row;

    /* Only a refusal is a promise; what somebody in between said is none. */
    failure.billed = call->answer->status >= 500 || call->answer->status == 408 ||
                             call->answer->status < 400
                         ? GEN_BILLED_UNKNOWN
                         : GEN_BILLED_NO;
    failure.code = code_of(call, call->kit.host->json_get(error, "code"));
    failure.text = kit_text(&call->kit, error, "message");
    failure.field = field_of(kit_text(&call->kit, error, "param"));
    row = find_code(failure.code);
    if (row->code != NULL) {
        failure.kind = row->kind;
        failure.billed = row->billed;
    } else if (speaks_of_input(call->answer->status) &&
               is_refusal(call, failure.code, failure.text)) {
        failure.kind = GEN_FAIL_MODERATED;
    } else if (call->answer->status == 404 && asked != HEYGEN_ASKED_STATUS) {
        failure.kind = GEN_FAIL_INVALID; /* something that the request names */
    } else if (call->answer->status == 409) {
        failure.kind = GEN_FAIL_INVALID;
    } else if (failure.kind == 0 || call->answer->status < 400) {
        failure.kind = GEN_FAIL_PROVIDER; /* a success or redirect that is none */
        failure.billed = GEN_BILLED_UNKNOWN;
    }
    if (failure.text[0] == '\0') {
        failure.text = call->kit.host->print(call->kit.arena, "HeyGen answered with the status %d",
                                             (int)call->answer->status);
    }
    only_asked(&failure, asked);
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_render(const struct heygen_call *call, const struct gen_node *data)
{
    struct kit_failure failure = {.kind = GEN_FAIL_PROVIDER,
                                  .billed = GEN_BILLED_NO}; /* failed jobs are not charged */
    const struct fault *row;

    failure.code = code_of(call, call->kit.host->json_get(data, "failure_code"));
    failure.text = kit_text(&call->kit, data, "failure_message");
    row = find_code(failure.code);
    if (row->kind == GEN_FAIL_MODERATED || is_refusal(call, failure.code, failure.text)) {
        failure.kind = GEN_FAIL_MODERATED;
    } else if (row->kind == GEN_FAIL_QUOTA || row->kind == GEN_FAIL_UNSUPPORTED ||
               row->kind == GEN_FAIL_INVALID) {
        failure.kind = row->kind;
    }
    if (failure.text[0] == '\0') {
        failure.text = "HeyGen says that the render failed, and not why";
    }
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_own(const struct heygen_call *call, int32_t kind, int32_t billed,
                   const char *sentence)
{
    struct kit_failure failure = {.kind = kind, .billed = billed, .text = sentence};

    return kit_fail(&call->kit, call->step, &failure, call->message);
}
