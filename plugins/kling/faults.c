/* faults.c - see faults.h. */
#include "faults.h"

enum { FAULTS_NO_CODE = -1 };

struct row {
    int64_t from, to; /* codes */
    int32_t kind;
    int32_t retry_ms; /* where Kling names a pause */
    const char *field;
};

/* The vendor's own table. Another source labels 1101 to 1104 differently; the vendor's stands. */
static const struct row rows[] = {
    {1000, 1004, GEN_FAIL_AUTH, 0, ""},  /* missing, wrong, not yet valid, expired */
    {1100, 1100, GEN_FAIL_AUTH, 0, ""},  /* exception of the account */
    {1101, 1102, GEN_FAIL_QUOTA, 0, ""}, /* arrears; resource pack used up or over */
    {1103, 1103, GEN_FAIL_AUTH, 0, ""},  /* no permission */
    {1200, 1203, GEN_FAIL_INVALID, 0, ""},
    {1300, 1301, GEN_FAIL_MODERATED, 0, "scenes[0].prompt"},
    {1302, 1302, GEN_FAIL_RATE_LIMITED, 2000, ""},
    {1303, 1303, GEN_FAIL_RATE_LIMITED, 15000, ""}, /* until one of ours ends */
    {1304, 1304, GEN_FAIL_AUTH, 0, ""},             /* address is not on the list */
    {5000, 5002, GEN_FAIL_TRANSIENT, 0, ""},
    {0, 0, 0, 0, ""},
};

static const struct row *row_of(int64_t code)
{
    const struct row *row = rows;

    while (row->kind != 0 && (code < row->from || code > row->to)) {
        row++;
    }
    return row;
}

static int64_t code_of(const struct kling_call *call, const struct gen_node *body)
{
    return call->kit.host->json_integer(call->kit.host->json_get(body, "code"), FAULTS_NO_CODE);
}

const char *faults_of(const struct kling_call *call, const struct gen_node *body)
{
    const struct kit *kit = &call->kit;
    int32_t status = call->answer->status;
    int64_t code = code_of(call, body);
    const char *words = kit_text(kit, body, "message");

    if (code == 0 && status >= 200 && status < 300) {
        return NULL;
    }
    if (words[0] != '\0' && code != 0) {
        return words;
    }
    return code == FAULTS_NO_CODE
               ? kit_or(kit->host->print(kit->arena, "Kling's answer (status %d) cannot be read",
                                         (int)status),
                        "Kling's answer cannot be read")
               : kit_or(kit->host->print(kit->arena, "Kling answered with the status %d, code %lld",
                                         (int)status, (long long)code),
                        "Kling refused");
}

int faults_absent(const struct kling_call *call, const struct gen_node *body)
{
    return code_of(call, body) == call->settings->absent_code;
}

int faults_duplicate(const struct kling_call *call, const struct gen_node *body)
{
    int64_t code = code_of(call, body);

    return code >= 1200 && code <= 1201 &&
           kit_holds(kit_text(&call->kit, body, "message"), call->settings->duplicate);
}

/* By the code where it is known, else by the status. */
static int32_t kind_of(const struct kling_call *call, int64_t code, int32_t asked)
{
    const struct row *row = row_of(code);
    int32_t status = call->answer->status;
    int32_t kind = row->kind != 0 ? row->kind
                   : status < 400 ? GEN_FAIL_PROVIDER
                                  : kit_status_kind(status);

    if (asked ==
        KLING_ASKED_JOB) { /* paid for: given up only when Kling says that it is not there */
        return code == call->settings->absent_code                      ? GEN_FAIL_EXPIRED
               : kind == GEN_FAIL_AUTH || kind == GEN_FAIL_RATE_LIMITED ? kind
                                                                        : GEN_FAIL_TRANSIENT;
    }
    if (kind == GEN_FAIL_EXPIRED || (asked == KLING_ASKED_ACCOUNT && kind == GEN_FAIL_INVALID)) {
        return asked == KLING_ASKED_ACCOUNT ? GEN_FAIL_PROVIDER : GEN_FAIL_INVALID;
    }
    return kind;
}

/* A refusal says that nothing was bought: a known code of one, or a status of one with another code
 * than that of a fault. A fault, a strange success and an answer that cannot be read do not. */
static int32_t billed_of(const struct kling_call *call, int64_t code, int32_t asked)
{
    int32_t status = call->answer->status;
    int32_t kind = row_of(code)->kind;
    int refused = kind != 0 ? kind != GEN_FAIL_TRANSIENT
                            : status >= 400 && status < 500 && status != 408;

    return asked == KLING_ASKED_ACCOUNT            ? GEN_BILLED_NO
           : asked == KLING_ASKED_ORDER && refused ? GEN_BILLED_NO
                                                   : GEN_BILLED_UNKNOWN;
}

int32_t faults_answer(const struct kling_call *call, const struct gen_node *body, int32_t asked)
{
    const struct kit *kit = &call->kit;
    int64_t code = code_of(call, body), said = kit_retry_after(call->answer);
    const struct row *row = row_of(code);
    const struct kit_failure failure = {
        .kind = kind_of(call, code, asked),
        .billed = billed_of(call, code, asked),
        .code = code > 0 ? kit->host->print(kit->arena, "%lld", (long long)code)
                         : kit->host->print(kit->arena, "%d", (int)call->answer->status),
        .text = faults_of(call, body),
        .field = row->field,
        .retry_after_ms = said > 0 ? said : row->retry_ms,
    };

    return kit_fail(kit, call->step, &failure, call->message);
}

int32_t faults_job(const struct kling_call *call, const char *code, const char *words, int64_t cost,
                   int32_t billed)
{
    int refused = kit_holds(words, call->settings->moderation);
    const struct kit_failure failure = {
        .kind = refused ? GEN_FAIL_MODERATED : GEN_FAIL_PROVIDER,
        .billed = cost > 0    ? GEN_BILLED_YES
                  : cost == 0 ? GEN_BILLED_NO
                              : billed,
        .code = code,
        .text = words[0] != '\0' ? words : "Kling failed at the render and gave no reason",
        .cost = cost,
    };

    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_own(const struct kling_call *call, int32_t kind, int32_t billed,
                   const char *sentence)
{
    const struct kit_failure failure = {.kind = kind, .billed = billed, .text = sentence};

    return kit_fail(&call->kit, call->step, &failure, call->message);
}
