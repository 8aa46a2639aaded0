/* revoke.c - see revoke.h. */
#include "engine/revoke.h"

static struct gen_mishap revoke_mishap(const struct gen_turn *turn, enum gen_billing billed,
                                       gen_micros cost)
{
    return (struct gen_mishap){.kind = GEN_FAILURE_CANCELED,
                               .billed = billed,
                               .cost = cost,
                               .message = turn->job->cancel_requested
                                              ? "the job was cancelled"
                                              : "another shot of the video failed"};
}

static void revoke_unsent(struct gen_turn *turn)
{
    struct gen_mishap mishap = revoke_mishap(turn, GEN_BILLING_NO, 0);

    gen_turn_effect(turn, GEN_EFFECT_STOP);
    gen_settle_refused(turn, &mishap);
}

static void revoke_accepted(struct gen_turn *turn)
{
    struct gen_mishap mishap = revoke_mishap(turn, GEN_BILLING_NO, 0);

    if (turn->shot->most == 0) { /* free work of our own: just stop */
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        gen_settle_failed(turn, &mishap);
    } else if ((turn->pipeline->model_flags & GEN_TRAIT_CAN_CANCEL) != 0) {
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        turn->shot->attempt.step_state = "";
        gen_turn_call(turn, GEN_VERB_CANCEL);
    } /* else it goes on to its verdict and is settled then */
}

/* A moment from settled, unless it cannot be fetched: then it is given up, and was billed. */
static void revoke_rendered(struct gen_turn *turn)
{
    struct gen_mishap mishap = revoke_mishap(turn, GEN_BILLING_YES, turn->shot->attempt.reported);

    if (turn->shot->poll_failures + turn->shot->fetch_failures > 0) {
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        gen_settle_failed(turn, &mishap);
    }
}

void gen_revoke_shot(struct gen_turn *turn)
{
    struct gen_mishap unknown = revoke_mishap(turn, GEN_BILLING_UNKNOWN, -1);

    switch (turn->shot->attempt.state) {
    case GEN_ATTEMPT_PLANNED:
    case GEN_ATTEMPT_RESERVED:
        revoke_unsent(turn);
        break;
    case GEN_ATTEMPT_ACCEPTED:
        if (turn->shot->verb != GEN_VERB_CANCEL) {
            revoke_accepted(turn);
        }
        break;
    case GEN_ATTEMPT_AMBIGUOUS:
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        gen_settle_failed(turn, &unknown);
        break;
    case GEN_ATTEMPT_RENDERED:
        revoke_rendered(turn);
        break;
    default: /* submitting: its answer is awaited; fetched: settled in the same turn */
        break;
    }
}

void gen_revoke_step(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    struct gen_mishap mishap;

    gen_turn_note(turn, step->state);
    switch (step->type) {
    case GEN_STEP_IS_HTTP:
    case GEN_STEP_IS_RUN:
        gen_turn_effect(turn, GEN_EFFECT_PERFORM);
        break;
    case GEN_STEP_IS_WAIT:
        gen_turn_wake(turn, step->wait_ms);
        break;
    case GEN_STEP_IS_DONE:
        mishap = step->as.done.cost < 0 ? revoke_mishap(turn, GEN_BILLING_UNKNOWN, -1)
                 : step->as.done.cost == 0
                     ? revoke_mishap(turn, GEN_BILLING_NO, 0)
                     : revoke_mishap(turn, GEN_BILLING_YES, step->as.done.cost);
        gen_settle_failed(turn, &mishap);
        break;
    case GEN_STEP_IS_FAIL:
        /* Too late, or the provider cannot: follow it to its verdict. The verb stays CANCEL in
         * spirit; polling under it would ask to cancel again at each turn, so mark it as tried. */
        turn->pipeline->model_flags &= ~(uint32_t)GEN_TRAIT_CAN_CANCEL;
        turn->shot->attempt.step_state = "";
        gen_turn_call(turn, GEN_VERB_POLL);
        break;
    }
}
