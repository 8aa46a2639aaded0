/* faults.c - see faults.h. */
#include "faults.h"

enum { FAULTS_DAY_WAIT = 3600 * 1000 }; /* the day's quota rolls: try again in an hour */

/* ---------------------------------------------------------------------------------- the words -- */

struct field { /* of a request or a code, and what it is called in a task */
    const char *theirs, *ours;
};

static const struct field fields[] = {
    {"promptText", "scenes[0].prompt"},
    {"negativePrompt", "scenes[0].negativePrompt"},
    {"promptImage", "scenes[0].assets"},
    {"videoUri", "scenes[0].assets"},
    {"character", "scenes[0].assets"},
    {"reference", "scenes[0].assets"},
    {"duration", "scenes[0].duration"},
    {"ratio", "resolution"},
    {"model", "model"},
    {"TEXT", "scenes[0].prompt"},
    {"IMAGE", "scenes[0].assets"},
    {"VIDEO", "scenes[0].assets"},
    {NULL, ""},
};

/* The row whose name `text` begins with, up to its end or a mark. */
static const struct field *field_of(const char *text)
{
    const struct field *row = fields;

    while (row->theirs != NULL &&
           (!kit_begins(text, row->theirs) || (text[strlen(row->theirs)] != '\0' &&
                                               strchr(".[", text[strlen(row->theirs)]) == NULL))) {
        row++;
    }
    return row;
}

/* "promptImage[0].uri" of ["promptImage", 0, "uri"]. */
static const char *path_of(const struct kit *kit, const struct gen_node *path)
{
    const struct gen_host *host = kit->host;
    const char *text = "";
    size_t i;

    for (i = 0; i < host->json_count(path) && i < 8; i++) {
        const struct gen_node *part = host->json_at(path, i);

        text = host->json_type(part) == GEN_JSON_NUMBER
                   ? host->print(kit->arena, "%s[%lld]", text,
                                 (long long)host->json_integer(part, 0))
                   : host->print(kit->arena, "%s%s%s", text, text[0] != '\0' ? "." : "",
                                 host->json_text(part, ""));
        text = kit_or(text, "");
    }
    return text;
}

/* `error`, and the first of its issues: the words, and which input they are about. */
static void read_words(const struct runway_call *call, const struct gen_node *body,
                       struct kit_failure *failure)
{
    const struct kit *kit = &call->kit;
    const char *error = kit_text(kit, body, "error");
    const char *issue = kit_text(kit, body, "issues[0].message");
    const char *path = path_of(kit, kit_at(kit, body, "issues[0].path"));
    const struct field *row = field_of(path);

    failure->text = error;
    failure->code = kit_text(kit, body, "issues[0].code");
    failure->field = row->theirs != NULL ? row->ours : path;
    if (issue[0] != '\0') {
        failure->text = kit->host->print(kit->arena, "%s: %s%s%s", error, path,
                                         path[0] != '\0' ? ": " : "", issue);
    }
}

/* -------------------------------------------------------------------------------- the answers -- */

/* Only a refusal says that nothing was bought: a fault, a redirect and a cut answer do not. */
static int32_t billed_of(int32_t status, int32_t asked)
{
    return asked == RUNWAY_ASKED_UPLOAD || asked == RUNWAY_ASKED_ACCOUNT ? GEN_BILLED_NO
           : asked == RUNWAY_ASKED_CREATE && status >= 400 && status < 500 && status != 408
               ? GEN_BILLED_NO
               : GEN_BILLED_UNKNOWN;
}

/* A task that is paid for is given up only when Runway says that it is not there. */
static int32_t kind_of(int32_t status, int32_t asked)
{
    int32_t kind = kit_status_kind(status);

    if (status < 400) { /* a redirect, or a success that says nothing */
        return asked == RUNWAY_ASKED_CREATE ? GEN_FAIL_PROVIDER : GEN_FAIL_TRANSIENT;
    }
    if (asked == RUNWAY_ASKED_TASK && (kind == GEN_FAIL_INVALID || kind == GEN_FAIL_QUOTA)) {
        return GEN_FAIL_TRANSIENT;
    }
    if (asked != RUNWAY_ASKED_TASK && kind == GEN_FAIL_EXPIRED) {
        kind = GEN_FAIL_INVALID; /* no such path: not a job that is gone */
    }
    return asked == RUNWAY_ASKED_ACCOUNT && kind == GEN_FAIL_INVALID ? GEN_FAIL_PROVIDER : kind;
}

int32_t faults_answer(const struct runway_call *call, int32_t asked)
{
    const struct kit *kit = &call->kit;
    const struct gen_provider_answer *answer = call->answer;
    struct kit_failure failure = {.kind = kind_of(answer->status, asked),
                                  .billed = billed_of(answer->status, asked),
                                  .retry_after_ms = kit_retry_after(answer)};

    read_words(call, kit_json(kit, answer), &failure);
    if (answer->status == 400 && kit_holds(kit_or(failure.text, ""), call->settings->no_credit)) {
        failure.kind = asked == RUNWAY_ASKED_TASK ? failure.kind : GEN_FAIL_QUOTA;
        failure.field = "";
    }
    if (answer->status == 429 && failure.retry_after_ms == 0 &&
        kit_holds(kit_or(failure.text, ""), call->settings->daily)) {
        failure.retry_after_ms = FAULTS_DAY_WAIT;
    }
    if (failure.code == NULL || failure.code[0] == '\0') {
        failure.code = kit->host->print(kit->arena, "%d", (int)answer->status);
    }
    if (failure.text == NULL || failure.text[0] == '\0') {
        failure.text = kit->host->print(
            kit->arena, "Runway answered with the status %d and no reason", (int)answer->status);
    }
    return kit_fail(kit, call->step, &failure, call->message);
}

/* ------------------------------------------------------------------------------------ the tasks -- */

int64_t faults_cost(const struct runway_call *call, const struct gen_node *task)
{
    const struct kit *kit = &call->kit;

    return kit_units_price(kit_millionths(kit, kit_at(kit, task, "cost.credits"), -1),
                           call->settings->credit_price);
}

struct code { /* a failureCode by its first segments; the rest is diagnostic and changes */
    const char *begins;
    int32_t kind, billed; /* billed: when the task does not say what it cost */
};

static const struct code codes[] = {
    {"SAFETY.INPUT", GEN_FAIL_MODERATED, GEN_BILLED_YES}, /* not refunded */
    {"SAFETY", GEN_FAIL_MODERATED, GEN_BILLED_UNKNOWN},
    {"ASSET", GEN_FAIL_INVALID, GEN_BILLED_UNKNOWN},
    {"INTERNAL", GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN},
    {"", 0, GEN_BILLED_UNKNOWN},
};

/* What was refused, as far as the code says: "SAFETY.INPUT.TEXT". */
static const char *refused_field(const char *code)
{
    const char *at;

    if (kit_begins(code, "ASSET")) {
        return "scenes[0].assets";
    }
    for (at = strchr(code, '.'); at != NULL && kit_begins(code, "SAFETY.INPUT");
         at = strchr(at + 1, '.')) {
        if (field_of(at + 1)->theirs != NULL) {
            return field_of(at + 1)->ours;
        }
    }
    return "";
}

int32_t faults_task(const struct runway_call *call, const struct gen_node *task, int32_t kind,
                    const char *code, const char *sentence)
{
    const struct code *row = codes;
    struct kit_failure failure = {.code = code, .text = kit_text(&call->kit, task, "failure")};
    int64_t cost = faults_cost(call, task);

    /* Between dots, so that SAFETYNET is another word. */
    while (row->begins[0] != '\0' &&
           (!kit_begins(code, row->begins) ||
            (code[strlen(row->begins)] != '\0' && code[strlen(row->begins)] != '.'))) {
        row++;
    }
    failure.kind = row->kind != 0                    ? row->kind
                   : strstr(code, ".SAFETY") != NULL ? GEN_FAIL_MODERATED
                                                     : kind;
    failure.billed = cost > 0 ? GEN_BILLED_YES : cost == 0 ? GEN_BILLED_NO : row->billed;
    failure.cost = cost;
    failure.field = refused_field(code);
    if (failure.text[0] == '\0') {
        failure.text = sentence;
    }
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t faults_own(const struct runway_call *call, int32_t kind, int32_t billed,
                   const char *sentence)
{
    const struct kit_failure failure = {.kind = kind, .billed = billed, .text = sentence};

    return kit_fail(&call->kit, call->step, &failure, call->message);
}
