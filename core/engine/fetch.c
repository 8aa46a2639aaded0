/* fetch.c - see fetch.h. */
#include "engine/fetch.h"

/* A file that came and is no video: the provider may still be writing it. */
enum { FETCH_MOST_FAILURES = 4 };

/* A rendered clip is billed unless the provider says that it is not. */
static enum gen_billing fetch_billing(enum gen_billing said)
{
    return said == GEN_BILLING_NO ? GEN_BILLING_NO : GEN_BILLING_YES;
}

static void fetch_failed(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    struct gen_attempt *attempt = &turn->shot->attempt;
    struct gen_mishap mishap = {.kind = step->as.fail.kind,
                                .billed = fetch_billing(step->as.fail.billed),
                                .cost = step->as.fail.cost >= 0 ? step->as.fail.cost
                                                                : attempt->reported,
                                .code = step->as.fail.code,
                                .message = step->as.fail.message,
                                .field = step->as.fail.field,
                                .retry_after_ms = step->as.fail.retry_after_ms};

    if (gen_poll_only_asking(mishap.kind) && step->as.fail.billed != GEN_BILLING_NO) {
        attempt->step_state = "";
        gen_poll_stumbled(turn); /* it lies there, paid for: keep asking */
        return;
    }
    gen_settle_failed(turn, &mishap);
}

void gen_fetch_step(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    struct gen_effect *effect;

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
        turn->shot->poll_failures = 0;
        if (step->as.done.cost >= 0) {
            turn->shot->attempt.reported = step->as.done.cost;
        }
        effect = gen_turn_effect(turn, GEN_EFFECT_STORE_CLIP);
        if (effect != NULL) {
            effect->file = gen_arena_strdup(turn->arena, step->as.done.file);
        }
        break;
    case GEN_STEP_IS_FAIL:
        fetch_failed(turn);
        break;
    }
}

void gen_fetch_clip(struct gen_turn *turn)
{
    const struct gen_input *input = turn->input;
    struct gen_shot *shot = turn->shot;
    struct gen_mishap mishap = {.kind = GEN_FAILURE_OUTPUT,
                                .billed = GEN_BILLING_YES,
                                .cost = shot->attempt.reported,
                                .message = input->reason};

    if (input->status == GEN_OK) {
        shot->clip = gen_turn_keep(turn, input->digest);
        shot->progress_ppm = 1000000;
        shot->verb = GEN_VERB_NONE;
        gen_turn_move(turn, GEN_ATTEMPT_FETCHED);
        gen_changes_shot(turn->changes, GEN_CHANGE_SHOT_SET, turn->job, turn->pipeline, shot);
        gen_settle_fetched(turn);
        return;
    }
    shot->attempt.step_state = ""; /* fetch from the beginning */
    if (input->status != GEN_EINVAL) {
        gen_poll_stumbled(turn); /* our own disk or memory: what is paid for waits */
    } else if (++shot->fetch_failures < FETCH_MOST_FAILURES) {
        gen_turn_wake(turn, gen_retry_free_pause(shot->fetch_failures, gen_turn_draw(turn)));
    } else {
        gen_settle_failed(turn, &mishap);
    }
}
