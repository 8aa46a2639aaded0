/* submit.c - see submit.h. */
#include "submit.h"

#include "faults.h"
#include "plan.h"
#include "remote.h"

enum { SUBMIT_LOOK_AGAIN_MS = 10000 };

static int32_t order(const struct kling_call *call)
{
    struct gen_provider_request *request = plan_order(call);

    if (request == NULL) {
        return faults_own(call, GEN_FAIL_INVALID, GEN_BILLED_NO,
                          "the stored parameters are not of this plugin: format the shot again");
    }
    request->flags = GEN_REQUEST_COSTS;
    call->step->state = "order";
    return kit_send(call->step, request, call->message);
}

static int32_t taken(const struct kling_call *call, const struct remote_answer *answer)
{
    return kit_done(&call->kit, call->step,
                    remote_handle(call, plan_text(call, "kind"), answer->id), -1, call->message);
}

/* Found by our reference: it is asked for by that from now on, since its id may not be its own. */
static int32_t found(const struct kling_call *call, const struct remote_answer *answer)
{
    if (!kit_same(answer->reference, call->task->reference)) {
        return taken(call, answer); /* it does not say whose it is */
    }
    return kit_done(&call->kit, call->step,
                    remote_found_handle(call, plan_text(call, "kind"), answer->reference), -1,
                    call->message);
}

/* The answer to the order. */
static int32_t ordered(const struct kling_call *call)
{
    struct remote_answer answer = remote_job(call, "", call->task->reference);

    if (answer.found == REMOTE_JOB && strlen(answer.id) <= 512) {
        return taken(call, &answer);
    }
    if (faults_of(call, answer.body) == NULL) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "Kling took the order and gave no id for it, or that of another");
    }
    if (faults_duplicate(call, answer.body)) {
        return remote_search(call, plan_text(call, "kind"), "look");
    }
    return faults_answer(call, answer.body, KLING_ASKED_ORDER);
}

/* Our reference is taken: by an order of ours, which is the one that is wanted. */
static int32_t looked_up(const struct kling_call *call)
{
    struct remote_answer answer = remote_job(call, "", call->task->reference);

    if (answer.found == REMOTE_JOB) {
        return found(call, &answer);
    }
    return faults_own(call, GEN_FAIL_INVALID,
                      answer.found == REMOTE_NONE ? GEN_BILLED_NO : GEN_BILLED_UNKNOWN,
                      "Kling says that this reference is taken, and shows no job that has it");
}

int32_t submit_step(const struct kling_call *call)
{
    if (kit_same(call->task->state, "look")) {
        return call->answer == NULL ? remote_search(call, plan_text(call, "kind"), "look")
                                    : looked_up(call);
    }
    return call->answer == NULL ? order(call) : ordered(call);
}

int32_t submit_recover(const struct kling_call *call)
{
    struct remote_answer answer;

    if (plan_text(call, "kind")[0] == '\0') {
        return faults_own(call, GEN_FAIL_INVALID, GEN_BILLED_UNKNOWN,
                          "the stored parameters do not say where the order went");
    }
    if (call->answer == NULL) {
        return remote_search(call, plan_text(call, "kind"), "");
    }
    answer = remote_job(call, "", call->task->reference);
    if (answer.found == REMOTE_JOB) {
        return found(call, &answer);
    }
    if (answer.found == REMOTE_NONE) { /* the engine looks again before it believes it */
        return kit_done(&call->kit, call->step, "", -1, call->message);
    }
    call->step->note = kit_or(faults_of(call, answer.body), "Kling shows another job");
    return kit_wait(call->step, SUBMIT_LOOK_AGAIN_MS);
}
