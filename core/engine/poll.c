/* poll.c - see poll.h. */
#include "engine/poll.h"

#include <string.h>

#include <stdio.h>

static void poll_patience(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    char sentence[96];

    if (attempt->state == GEN_ATTEMPT_ACCEPTED &&
        turn->input->now - attempt->accepted_at > turn->patience->verdict_ms) {
        attempt->failure = GEN_FAILURE_TIMEOUT;
        snprintf(sentence, sizeof(sentence), "the provider has given no verdict for %lld minutes",
                 (long long)(turn->patience->verdict_ms / 60000));
        attempt->failure_message = gen_turn_keep(turn, sentence);
        gen_turn_move(turn, GEN_ATTEMPT_AMBIGUOUS);
        gen_recover_ask_person(turn, attempt->failure_message);
        turn->shot->verb = GEN_VERB_POLL;
    }
}

static void poll_wait(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;

    turn->shot->poll_failures = 0;
    if (turn->shot->queue_position != step->queue_position || step->progress_ppm < 0) {
        gen_turn_effect(turn, GEN_EFFECT_PROGRESS); /* by its time it is further than before */
    }
    turn->shot->queue_position = step->queue_position;
    poll_patience(turn);
    if (turn->shot->attempt.state == GEN_ATTEMPT_AMBIGUOUS &&
        step->wait_ms < turn->patience->slow_ms) {
        gen_turn_pause(turn, turn->patience->slow_ms);
    } else {
        gen_turn_pause(turn, step->wait_ms);
    }
}

static void poll_rendered(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    attempt->reported = turn->input->step->as.done.cost;
    if (turn->input->step->state ==
        NULL) { /* what it says now is for fetch: a link that comes once */
        attempt->step_state = "";
    }
    attempt->failure = GEN_FAILURE_NONE;
    attempt->failure_message = "";
    turn->shot->poll_failures = 0;
    turn->shot->progress_ppm = 1000000;
    turn->shot->queue_position = -1;
    if (attempt->state == GEN_ATTEMPT_AMBIGUOUS) {
        gen_turn_move(turn, GEN_ATTEMPT_ACCEPTED);
    }
    gen_turn_move(turn, GEN_ATTEMPT_RENDERED);
    gen_turn_stage(turn, GEN_STAGE_FETCH);
    gen_turn_call(turn, GEN_VERB_FETCH);
}

bool gen_poll_only_asking(enum gen_failure kind)
{
    return kind == GEN_FAILURE_TRANSIENT || kind == GEN_FAILURE_RATE_LIMITED ||
           kind == GEN_FAILURE_AUTH;
}

/* What the provider says of its work: how far it is, and in words. */
static void poll_news(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;

    if (strcmp(step->note, turn->shot->note) != 0) {
        turn->shot->note = gen_turn_rewrite(turn, &turn->shot->note_place, step->note);
        gen_turn_effect(turn, GEN_EFFECT_PROGRESS);
    }
    gen_turn_progress(turn, step->progress_ppm);
}

void gen_poll_step(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    struct gen_mishap mishap;

    gen_turn_note(turn, step->state);
    poll_news(turn);
    switch (step->type) {
    case GEN_STEP_IS_HTTP:
    case GEN_STEP_IS_RUN:
        gen_turn_effect(turn, GEN_EFFECT_PERFORM);
        break;
    case GEN_STEP_IS_WAIT:
        poll_wait(turn);
        break;
    case GEN_STEP_IS_DONE:
        poll_rendered(turn);
        break;
    case GEN_STEP_IS_FAIL:
        if (gen_poll_only_asking(step->as.fail.kind) &&
            step->as.fail.billed == GEN_BILLING_UNKNOWN) {
            turn->shot->attempt.step_state = "";
            gen_poll_stumbled(turn); /* it may be rendering, and it is paid for: keep asking */
            break;
        }
        mishap = (struct gen_mishap){.kind = step->as.fail.kind,
                                     .billed = step->as.fail.billed,
                                     .cost = step->as.fail.cost,
                                     .code = step->as.fail.code,
                                     .message = step->as.fail.message,
                                     .field = step->as.fail.field,
                                     .retry_after_ms = step->as.fail.retry_after_ms};
        gen_settle_failed(turn, &mishap);
        break;
    }
}

/* A clip that is paid for and cannot be got is something that a person should know of. */
static void poll_tell(struct gen_turn *turn)
{
    char sentence[512];

    if (turn->shot->attempt.state == GEN_ATTEMPT_RENDERED && !turn->pipeline->ending &&
        turn->shot->poll_failures == GEN_POLL_MOST_FAILURES) {
        snprintf(sentence, sizeof(sentence),
                 "the clip of attempt %s lies at %s, paid for, and cannot be fetched: %s. It is "
                 "tried again for ever; cancelling the job gives it up",
                 turn->shot->attempt.id.text, turn->shot->provider, turn->input->reason);
        gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT); /* others can be rendered meanwhile */
        turn->pipeline->failure = GEN_FAILURE_TIMEOUT;
        turn->pipeline->failure_message = gen_turn_rewrite(turn, &turn->pipeline->failure_place,
                                                           sentence);
    }
}

void gen_poll_stumbled(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    int64_t pause, asked = 0;

    turn->shot->poll_failures++;
    poll_patience(turn);
    poll_tell(turn);
    if (step == NULL && turn->input->reason[0] != '\0') {
        turn->shot->note = gen_turn_rewrite(turn, &turn->shot->note_place, turn->input->reason);
        gen_turn_effect(turn, GEN_EFFECT_PROGRESS);
    }
    pause = turn->shot->attempt.failure == GEN_FAILURE_TIMEOUT
                ? turn->patience->slow_ms
                : gen_retry_free_pause(turn->shot->poll_failures, gen_turn_draw(turn));
    if (step != NULL && step->type == GEN_STEP_IS_FAIL) {
        asked = step->as.fail.retry_after_ms;
    }
    gen_turn_pause(turn, pause > asked ? pause : asked);
}
