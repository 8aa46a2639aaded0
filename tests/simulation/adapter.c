/* adapter.c - the plugin of vendor.h: verbs in, steps out, no memory of its own. */
#include "simulation/vendor.h"

#include <stdio.h>
#include <string.h>

static enum gen_status adapter_http(struct gen_step *out, enum vendor_ask ask)
{
    static const char *const urls[] = {
        [VENDOR_UPLOAD] = "upload", [VENDOR_CREATE] = "create", [VENDOR_STATUS] = "status",
        [VENDOR_FILE] = "file",     [VENDOR_FIND] = "find",     [VENDOR_CANCEL] = "cancel"};

    out->type = GEN_STEP_IS_HTTP;
    out->as.http.url = urls[ask];
    out->as.http.costs = ask == VENDOR_CREATE;
    return GEN_OK;
}

enum vendor_ask vendor_asks(const struct gen_step *step)
{
    struct gen_step probe;

    if (step->type == GEN_STEP_IS_RUN) {
        return VENDOR_RUN;
    }
    for (int ask = VENDOR_UPLOAD; ask <= VENDOR_CANCEL; ask++) {
        memset(&probe, 0, sizeof(probe));
        (void)adapter_http(&probe, (enum vendor_ask)ask);
        if (strcmp(probe.as.http.url, step->as.http.url) == 0) {
            return (enum vendor_ask)ask;
        }
    }
    gen_check_failed("a step that asks for nothing", __FILE__, __LINE__);
}

static enum gen_status adapter_fail(struct gen_step *out, enum gen_failure kind,
                                    enum gen_billing billed)
{
    out->type = GEN_STEP_IS_FAIL;
    out->as.fail.kind = kind;
    out->as.fail.billed = billed;
    out->as.fail.code = "simulated";
    out->as.fail.message = "the vendor said so";
    out->as.fail.field = "";
    out->as.fail.retry_after_ms = kind == GEN_FAILURE_RATE_LIMITED ? 5000 : 0;
    out->as.fail.cost = -1;
    return GEN_OK;
}

static enum gen_status adapter_done(struct gen_step *out, const char *handle, gen_micros cost)
{
    out->type = GEN_STEP_IS_DONE;
    out->as.done.handle = handle;
    out->as.done.file = "";
    out->as.done.cost = cost;
    return GEN_OK;
}

static enum gen_status adapter_wait(struct gen_step *out, int64_t wait_ms)
{
    out->type = GEN_STEP_IS_WAIT;
    out->wait_ms = wait_ms;
    return GEN_OK;
}

static enum gen_status adapter_submit(const struct vendor_model *model,
                                      const struct gen_attempt *attempt,
                                      const struct vendor_answer *answer, struct gen_arena *arena,
                                      struct gen_step *out)
{
    if (answer == NULL && model->free) {
        out->type = GEN_STEP_IS_RUN;
        return GEN_OK;
    }
    if (answer == NULL && model->uploads && strcmp(attempt->step_state, "uploaded") != 0) {
        return adapter_http(out, VENDOR_UPLOAD);
    }
    if (answer == NULL) {
        return adapter_http(out, VENDOR_CREATE);
    }
    if (answer->to == VENDOR_UPLOAD && answer->word == VENDOR_OK) {
        out->state = "uploaded";
        return adapter_http(out, VENDOR_CREATE);
    }
    switch (answer->word) {
    case VENDOR_OK:
        return adapter_done(out,
                            model->free ? "local"
                                        : gen_arena_printf(arena, "job-%lld",
                                                           (long long)answer->sale),
                            -1);
    case VENDOR_NO:
        return adapter_fail(out, GEN_FAILURE_INVALID, GEN_BILLING_NO);
    case VENDOR_SLOWER:
        return adapter_fail(out, GEN_FAILURE_RATE_LIMITED, GEN_BILLING_NO);
    case VENDOR_TROUBLE:
        return adapter_fail(out, GEN_FAILURE_TRANSIENT, GEN_BILLING_NO);
    case VENDOR_UNSURE:
        return adapter_fail(out, GEN_FAILURE_PROVIDER, GEN_BILLING_UNKNOWN);
    default:
        return GEN_ECORRUPT;
    }
}

static enum gen_status adapter_poll(const struct vendor_model *model,
                                    const struct vendor_answer *answer, struct gen_step *out)
{
    enum gen_billing billed = GEN_BILLING_UNKNOWN;

    if (model->free) {
        return adapter_done(out, "", -1);
    }
    if (answer == NULL) {
        return adapter_http(out, VENDOR_STATUS);
    }
    if (answer->billed_said) {
        billed = answer->billed ? GEN_BILLING_YES : GEN_BILLING_NO;
    }
    switch (answer->word) {
    case VENDOR_OK:
        return adapter_done(out, "", answer->cost);
    case VENDOR_RUNNING:
        return adapter_wait(out, 60000);
    case VENDOR_REFUSED_CONTENT:
    case VENDOR_FAILED:
        (void)adapter_fail(out, answer->word == VENDOR_FAILED ? GEN_FAILURE_PROVIDER
                                                              : GEN_FAILURE_MODERATED, billed);
        out->as.fail.cost = answer->cost;
        return GEN_OK;
    case VENDOR_SLOWER:
        return adapter_fail(out, GEN_FAILURE_RATE_LIMITED, GEN_BILLING_UNKNOWN);
    case VENDOR_TROUBLE:
        return adapter_fail(out, GEN_FAILURE_TRANSIENT, GEN_BILLING_UNKNOWN);
    default:
        return GEN_ECORRUPT;
    }
}

static enum gen_status adapter_fetch(const struct vendor_model *model,
                                     const struct vendor_answer *answer, struct gen_step *out)
{
    if (model->free) {
        return adapter_done(out, "", -1);
    }
    if (answer == NULL) {
        return adapter_http(out, VENDOR_FILE);
    }
    switch (answer->word) {
    case VENDOR_OK:
        return adapter_done(out, "", -1);
    case VENDOR_RUNNING:
        return adapter_wait(out, 30000);
    case VENDOR_NONE:
        return adapter_fail(out, GEN_FAILURE_EXPIRED, GEN_BILLING_UNKNOWN);
    case VENDOR_SLOWER:
        return adapter_fail(out, GEN_FAILURE_RATE_LIMITED, GEN_BILLING_UNKNOWN);
    case VENDOR_TROUBLE:
        return adapter_fail(out, GEN_FAILURE_TRANSIENT, GEN_BILLING_UNKNOWN);
    default:
        return GEN_ECORRUPT;
    }
}

static enum gen_status adapter_recover(const struct vendor_answer *answer, struct gen_arena *arena,
                                       struct gen_step *out)
{
    if (answer == NULL) {
        return adapter_http(out, VENDOR_FIND);
    }
    switch (answer->word) {
    case VENDOR_OK:
        return adapter_done(out, gen_arena_printf(arena, "job-%lld", (long long)answer->sale), -1);
    case VENDOR_NONE:
        return adapter_done(out, "", -1);
    case VENDOR_SLOWER:
    case VENDOR_TROUBLE:
        return adapter_wait(out, 5000);
    default:
        return GEN_ECORRUPT;
    }
}

static enum gen_status adapter_cancel(const struct vendor_answer *answer, struct gen_step *out)
{
    if (answer == NULL) {
        return adapter_http(out, VENDOR_CANCEL);
    }
    switch (answer->word) {
    case VENDOR_OK:
        return adapter_done(out, "", answer->cost);
    case VENDOR_GARBAGE:
        return GEN_ECORRUPT;
    default:
        return adapter_fail(out, GEN_FAILURE_INVALID, GEN_BILLING_UNKNOWN);
    }
}

enum gen_status vendor_step(const struct vendor_model *model, enum gen_verb verb,
                            const struct gen_attempt *attempt, const struct vendor_answer *answer,
                            struct gen_arena *arena, struct gen_step *out)
{
    memset(out, 0, sizeof(*out));
    out->note = "";
    out->progress_ppm = out->queue_position = -1;
    switch (verb) {
    case GEN_VERB_SUBMIT:
        return adapter_submit(model, attempt, answer, arena, out);
    case GEN_VERB_POLL:
        return adapter_poll(model, answer, out);
    case GEN_VERB_FETCH:
        return adapter_fetch(model, answer, out);
    case GEN_VERB_RECOVER:
        return adapter_recover(answer, arena, out);
    case GEN_VERB_CANCEL:
        return adapter_cancel(answer, out);
    default:
        GEN_CHECK(verb != GEN_VERB_NONE);
        return GEN_ECORRUPT;
    }
}
