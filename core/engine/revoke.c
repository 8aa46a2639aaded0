/* revoke.c - see revoke.h. */
#include "engine/revoke.h"

static struct gen_mishap revoke_mishap(const struct gen_turn *turn, enum gen_billing billed,
                                       gen_micros cost)
{
    return (struct gen_mishap){.kind = GEN_FAILURE_CANCELED,
                               .billed = billed,
                               .cost = cost,
                               .message = turn->job->cancel_requested ? "the job was cancelled"
                                          : turn->pipeline->failure == GEN_FAILURE_CANCELED
                                              ? turn->pipeline->failure_message
                                              : "another shot of the video failed"};
}

static void revoke_unsent(struct gen_turn *turn)
{
    struct gen_mishap mishap = revoke_mishap(turn, GEN_BILLING_NO, 0);

    gen_turn_effect(turn, GEN_EFFECT_STOP);
    gen_settle_refused(turn, &mishap);
}

static bool revoke_can_cancel(const struct gen_turn *turn)
{
    return (turn->shot->model_flags & GEN_TRAIT_CAN_CANCEL) != 0 && !turn->shot->cancel_refused;
}

static void revoke_cancel(struct gen_turn *turn)
{
    gen_turn_effect(turn, GEN_EFFECT_STOP);
    turn->shot->attempt.step_state = "";
    gen_turn_call(turn, GEN_VERB_CANCEL);
}

static void revoke_accepted(struct gen_turn *turn)
{
    struct gen_mishap mishap = revoke_mishap(turn, GEN_BILLING_NO, 0);

    if (turn->shot->most == 0) { /* free work of our own: just stop */
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        gen_settle_failed(turn, &mishap);
    } else if (revoke_can_cancel(turn)) {
        revoke_cancel(turn);
    } /* else it goes on to its verdict and is settled then */
}

/* Who may have bought it, and cannot find out, books it as unverified. Until then it is looked for
 * (recover.c ends that with its window), and what is known at the provider is cancelled there. */
static void revoke_ambiguous(struct gen_turn *turn)
{
    struct gen_mishap unknown = revoke_mishap(turn, GEN_BILLING_UNKNOWN, -1);

    if (turn->shot->verb == GEN_VERB_RECOVER ||
        (turn->shot->verb == GEN_VERB_CANCEL && !turn->shot->cancel_refused)) {
        return;
    }
    if (turn->shot->attempt.handle[0] != '\0' && revoke_can_cancel(turn)) {
        revoke_cancel(turn);
        return;
    }
    gen_turn_effect(turn, GEN_EFFECT_STOP);
    gen_settle_failed(turn, &unknown);
}

/* Too late, or the provider cannot, or it comes to no end: the job is followed to its verdict. */
static void revoke_follow(struct gen_turn *turn)
{
    turn->shot->cancel_refused = true;
    turn->shot->attempt.step_state = "";
    if (turn->shot->attempt.state == GEN_ATTEMPT_ACCEPTED) {
        gen_turn_call(turn, GEN_VERB_POLL);
    } /* else ambiguous: the machine looks at it once more in this turn */
}

/* Nobody wants it who cancels: it is given up, in the middle of its download too, and was billed. Where only
 * another shot has failed it is a moment from safe, unless it cannot be fetched. */
static void revoke_rendered(struct gen_turn *turn)
{
    struct gen_mishap mishap = revoke_mishap(turn, GEN_BILLING_YES, turn->shot->attempt.reported);

    if (turn->job->cancel_requested || turn->shot->late ||
        turn->shot->poll_failures + turn->shot->fetch_failures > 0) {
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        gen_settle_failed(turn, &mishap);
    }
}

void gen_revoke_shot(struct gen_turn *turn)
{
    if (turn->shot->verb == GEN_VERB_CANCEL && !turn->shot->cancel_refused &&
        turn->shot->waited_ms > turn->patience->cancel_ms) {
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        revoke_follow(turn);
    }
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
        revoke_ambiguous(turn);
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
        gen_turn_pause(turn, step->wait_ms);
        break;
    case GEN_STEP_IS_DONE:
        mishap = step->as.done.cost < 0 ? revoke_mishap(turn, GEN_BILLING_UNKNOWN, -1)
                 : step->as.done.cost == 0
                     ? revoke_mishap(turn, GEN_BILLING_NO, 0)
                     : revoke_mishap(turn, GEN_BILLING_YES, step->as.done.cost);
        gen_settle_failed(turn, &mishap);
        break;
    case GEN_STEP_IS_FAIL:
        revoke_follow(turn);
        break;
    }
}
