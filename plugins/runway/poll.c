/* poll.c - see poll.h. */
#include "poll.h"

#include "faults.h"
#include "submit.h"

enum { POLL_FRESH_LINKS = 3 }; /* asked for within one fetch */

enum task_end { TASK_LIVES = 1, TASK_RENDERED = 2, TASK_FAILED = 3, TASK_CANCELLED = 4 };

struct word { /* a status; one that is not here means that it goes on */
    const char *word, *note;
    int32_t end;
};

static const struct word words[] = {
    {"PENDING", "waiting at Runway", TASK_LIVES},
    {"THROTTLED", "accepted by Runway, waits for a free slot of the account", TASK_LIVES},
    {"RUNNING", "rendering at Runway", TASK_LIVES},
    {"SUCCEEDED", "", TASK_RENDERED},
    {"FAILED", "", TASK_FAILED},
    {"CANCELLED", "", TASK_CANCELLED},
    {"CANCELED", "", TASK_CANCELLED},
    {NULL, NULL, TASK_LIVES},
};

static const struct word *word_of(const char *status)
{
    const struct word *row = words;

    while (row->word != NULL && !kit_same(row->word, status)) {
        row++;
    }
    return row;
}

static int32_t ask_task(const struct runway_call *call, const char *method, const char *state)
{
    const struct kit *kit = &call->kit;
    const char *id = kit->host->url_encode(kit->arena, call->task->handle);

    if (id == NULL || state == NULL) {
        return kit_broken(call->message);
    }
    call->step->state = state;
    return kit_send(call->step,
                    submit_request(call, method, kit->host->print(kit->arena, "/v1/tasks/%s", id)),
                    call->message);
}

static int succeeded(const struct gen_provider_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

/* The task of a good answer; NULL when it is none, or says that it is another one than was asked for. */
static const struct gen_node *task_of(const struct runway_call *call)
{
    const struct gen_node *task = succeeded(call->answer) ? kit_json(&call->kit, call->answer)
                                                          : NULL;
    const char *id = kit_text(&call->kit, task, "id");

    return kit_text(&call->kit, task, "status")[0] != '\0' &&
                   (id[0] == '\0' || kit_same(id, call->task->handle))
               ? task
               : NULL;
}

/* An answer that is no task: keep asking, unless Runway says that there is none. */
static int32_t not_a_task(const struct runway_call *call)
{
    return succeeded(call->answer)
               ? faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                            "Runway's answer about the task cannot be read, or is "
                            "about another task")
               : faults_answer(call, RUNWAY_ASKED_TASK);
}

/* It goes on. */
static int32_t lives(const struct runway_call *call, const struct gen_node *task)
{
    const struct kit *kit = &call->kit;
    const char *status = kit_text(kit, task, "status");
    const struct word *row = word_of(status);
    double share = kit->host->json_number(kit->host->json_get(task, "progress"), -1);

    call->step->note = row->note != NULL
                           ? row->note
                           : kit->host->print(kit->arena, "Runway says: %.60s", status);
    if (share >= 0 && share <= 1) {
        call->step->progress_ppm = (int32_t)(share * 1000000);
    }
    return kit_wait(call->step, call->settings->poll_ms);
}

/* It has ended without a clip. */
static int32_t ended(const struct runway_call *call, const struct gen_node *task)
{
    const char *code = kit_text(&call->kit, task, "failureCode");

    return word_of(kit_text(&call->kit, task, "status"))->end == TASK_CANCELLED
               ? faults_task(call, task, GEN_FAIL_EXPIRED, "CANCELLED",
                             "the task was cancelled at Runway")
               : faults_task(call, task, GEN_FAIL_PROVIDER, code,
                             "Runway failed at the render and gave no reason");
}

/* The link of the clip; NULL when a finished task has none. */
static const char *link_of(const struct runway_call *call, const struct gen_node *task)
{
    return kit_link(kit_text(&call->kit, task, "output[0]"));
}

int32_t poll_step(const struct runway_call *call)
{
    const struct gen_node *task;

    if (call->answer == NULL) {
        return ask_task(call, "GET", "");
    }
    task = task_of(call);
    if (task == NULL) {
        return not_a_task(call);
    }
    switch (word_of(kit_text(&call->kit, task, "status"))->end) {
    case TASK_LIVES:
        return lives(call, task);
    case TASK_RENDERED:
        return link_of(call, task) != NULL
                   ? kit_done(&call->kit, call->step, "", faults_cost(call, task), call->message)
                   : faults_task(call, task, GEN_FAIL_PROVIDER, "",
                                 "Runway finished the task without a file");
    default:
        return ended(call, task);
    }
}

/* ------------------------------------------------------------------------------------- fetch -- */

/* The state: "task 1" while the link is asked for, "file 1" while it is followed; the number is how many
 * links there were. */
static int fresh_links(const struct runway_call *call)
{
    const char *state = call->task->state;
    size_t length = strlen(state);

    return length > 0 && state[length - 1] >= '0' && state[length - 1] <= '9'
               ? state[length - 1] - '0'
               : 0;
}

static int32_t follow_link(const struct runway_call *call, const struct gen_node *task)
{
    const struct kit *kit = &call->kit;
    const char *url = link_of(call, task);
    struct gen_provider_request *request;

    if (url == NULL) {
        return faults_task(call, task, GEN_FAIL_PROVIDER, "", "Runway's task has no file any more");
    }
    request = kit_request(kit, "GET", url, "");
    if (request == NULL) {
        return kit_broken(call->message);
    }
    request->sink = GEN_SINK_RESULT;
    request->flags = GEN_REQUEST_FOLLOW;
    call->step->state = kit->host->print(kit->arena, "file %d", fresh_links(call));
    return kit_send(call->step, request, call->message);
}

static int32_t followed(const struct runway_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_provider_answer *answer = call->answer;
    int links = fresh_links(call) + 1;

    if (succeeded(answer)) {
        return answer->body_complete
                   ? kit_done(kit, call->step, "", -1, call->message)
                   : faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_YES,
                                "the file at Runway is larger than is allowed here");
    }
    if (answer->status >= 400 && answer->status < 500 && answer->status != 429 &&
        links < POLL_FRESH_LINKS) {
        return ask_task(call, "GET", kit->host->print(kit->arena, "task %d", links));
    }
    return faults_own(call, answer->status == 429 ? GEN_FAIL_RATE_LIMITED : GEN_FAIL_TRANSIENT,
                      GEN_BILLED_UNKNOWN,
                      kit->host->print(kit->arena,
                                       "the file at Runway cannot be fetched: status %d",
                                       (int)answer->status));
}

int32_t poll_fetch(const struct runway_call *call)
{
    const struct gen_node *task;

    if (call->answer == NULL) {
        return ask_task(call, "GET", "task 0");
    }
    if (kit_begins(call->task->state, "file")) {
        return followed(call);
    }
    task = task_of(call);
    if (task == NULL) {
        return not_a_task(call);
    }
    switch (word_of(kit_text(&call->kit, task, "status"))->end) {
    case TASK_LIVES:
        return lives(call, task);
    case TASK_RENDERED:
        return follow_link(call, task);
    default:
        return ended(call, task);
    }
}

/* --------------------------------------------------------------------------- cancel, health -- */

int32_t poll_cancel(const struct runway_call *call)
{
    const struct gen_node *task;

    if (call->answer == NULL) {
        return ask_task(call, "GET", "look");
    }
    if (kit_same(call->task->state, "delete")) {
        return succeeded(call->answer) ? kit_done(&call->kit, call->step, "", -1, call->message)
                                       : faults_answer(call, RUNWAY_ASKED_TASK);
    }
    task = task_of(call);
    if (task == NULL) {
        return not_a_task(call);
    }
    if (word_of(kit_text(&call->kit, task, "status"))->end == TASK_LIVES) {
        return ask_task(call, "DELETE", "delete");
    }
    return faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN, "the task is finished already");
}

int32_t poll_health(const struct runway_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body;
    int64_t left;

    if (call->answer == NULL) {
        return kit_send(call->step, submit_request(call, "GET", "/v1/organization"), call->message);
    }
    if (!succeeded(call->answer)) {
        return faults_answer(call, RUNWAY_ASKED_ACCOUNT);
    }
    body = kit_json(kit, call->answer);
    if (kit->host->json_type(body) != GEN_JSON_MAP) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "Runway's answer about the account cannot be read");
    }
    left = kit_units_price(kit_millionths(kit, kit->host->json_get(body, "creditBalance"), -1),
                           call->settings->credit_price);
    if (left == 0) {
        return faults_own(call, GEN_FAIL_QUOTA, GEN_BILLED_NO, "no API credits are left at Runway");
    }
    if (left > 0) {
        call->step->note = kit->host->print(kit->arena, "credit left: $%.2f", (double)left / 1e6);
    }
    return kit_done(kit, call->step, "", -1, call->message);
}
