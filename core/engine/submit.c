/* submit.c - see submit.h. */
#include "engine/submit.h"

/* Uploads and look-ups before the submission are free to repeat, this often. */
enum { SUBMIT_MOST_FREE_FAILURES = 5 };

static void submit_http(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    if (!turn->input->step->as.http.costs) {
        gen_turn_effect(turn, GEN_EFFECT_PERFORM);
        return;
    }
    if (attempt->state == GEN_ATTEMPT_SUBMITTING) {
        gen_recover_begin(turn, "the plugin asked for a second paid request in one attempt; it "
                                "was not sent");
        return;
    }
    gen_turn_move(turn, GEN_ATTEMPT_SUBMITTING);
    gen_turn_effect(turn, GEN_EFFECT_PERFORM);
}

/* Was it sent before, with an unknown end? Then nothing that happens to a repetition says that the
 * first one was not bought: only its own fate, an answer or a person can. */
static bool submit_repeated(const struct gen_attempt *attempt)
{
    return attempt->failure == GEN_FAILURE_AMBIGUOUS;
}

static void submit_failed(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    struct gen_mishap mishap = {.kind = step->as.fail.kind,
                                .billed = step->as.fail.billed,
                                .cost = step->as.fail.cost,
                                .code = step->as.fail.code,
                                .message = step->as.fail.message,
                                .field = step->as.fail.field,
                                .retry_after_ms = step->as.fail.retry_after_ms};
    bool sent = turn->shot->attempt.state != GEN_ATTEMPT_RESERVED;

    if (sent && mishap.billed == GEN_BILLING_YES) {
        gen_settle_failed(turn, &mishap);
    } else if (submit_repeated(&turn->shot->attempt)) {
        gen_recover_begin(turn, mishap.message);
    } else if (!sent || mishap.billed == GEN_BILLING_NO) {
        gen_settle_refused(turn, &mishap);
    } else {
        gen_recover_begin(turn, mishap.message);
    }
}

/* Told to wait: for what it has uploaded, or for what it has ordered. Not for ever. */
static void submit_wait(struct gen_turn *turn)
{
    struct gen_mishap late = {.kind = GEN_FAILURE_TIMEOUT,
                              .billed = GEN_BILLING_NO,
                              .message = "the provider was not ready for the order in time"};

    if (turn->shot->waited_ms <= turn->patience->submit_ms) {
        gen_turn_pause(turn, turn->input->step->wait_ms);
    } else if (turn->shot->attempt.state == GEN_ATTEMPT_RESERVED) {
        gen_settle_refused(turn, &late);
    } else {
        gen_recover_begin(turn, "the provider has neither taken nor refused the order in time");
    }
}

void gen_submit_step(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;

    gen_turn_note(turn, step->state);
    switch (step->type) {
    case GEN_STEP_IS_HTTP:
        submit_http(turn);
        break;
    case GEN_STEP_IS_RUN:
        gen_turn_effect(turn, GEN_EFFECT_PERFORM);
        break;
    case GEN_STEP_IS_WAIT:
        submit_wait(turn);
        break;
    case GEN_STEP_IS_DONE:
        gen_recover_accepted(turn);
        break;
    case GEN_STEP_IS_FAIL:
        submit_failed(turn);
        break;
    }
}

void gen_submit_unanswered(struct gen_turn *turn)
{
    const struct gen_attempt *attempt = &turn->shot->attempt;
    struct gen_mishap not_sent = {
        .kind = GEN_FAILURE_TRANSIENT, .billed = GEN_BILLING_NO, .message = turn->input->reason};

    if (turn->input->costs && (submit_repeated(attempt) || turn->input->fate == GEN_FATE_UNKNOWN)) {
        gen_recover_lost(turn, turn->input->reason);
    } else if (submit_repeated(attempt)) {
        gen_recover_begin(turn, turn->input->reason);
    } else if (turn->input->costs) {
        gen_settle_refused(turn, &not_sent);
    } else if (++turn->shot->poll_failures <= SUBMIT_MOST_FREE_FAILURES) {
        gen_turn_pause(turn, gen_retry_free_pause(turn->shot->poll_failures, gen_turn_draw(turn)));
    } else if (attempt->state == GEN_ATTEMPT_RESERVED) {
        gen_settle_refused(turn, &not_sent);
    } else {
        gen_recover_begin(turn,
                          turn->input->reason); /* sent, and its second half is not answered */
    }
}

void gen_submit_defect(struct gen_turn *turn)
{
    struct gen_mishap mishap = {.kind = turn->input->status == GEN_EUNSUPPORTED
                                            ? GEN_FAILURE_UNSUPPORTED
                                            : GEN_FAILURE_PROVIDER,
                                .billed = GEN_BILLING_NO,
                                .message = turn->input->reason};

    switch (turn->shot->attempt.state) {
    case GEN_ATTEMPT_RESERVED:
        gen_settle_refused(turn, &mishap);
        break;
    default: /* an answer came and nobody understands it */
        gen_recover_begin(turn, turn->input->reason);
        break;
    }
}
