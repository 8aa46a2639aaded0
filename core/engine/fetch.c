/* fetch.c - see fetch.h. */
#include "engine/fetch.h"

#include <stdio.h>

/* A file that came and is no video: the provider may still be writing it. */
enum { FETCH_MOST_FAILURES = 4 };

/* Far beyond what providers deliver (10 to 100 Mbit/s): intermediate formats of editors at 4k have some
 * 300. What is not of its length, and long speech, which is only estimated, fits into the rest. */
#define FETCH_MOST_BYTES_A_SECOND ((int64_t)50 << 20)
#define FETCH_MORE_BYTES ((int64_t)512 << 20)

int64_t gen_fetch_most_bytes(const struct gen_shot *shot)
{
    int64_t length_ms = shot->duration_ms > shot->ordered_ms ? shot->duration_ms : shot->ordered_ms;
    int64_t seconds = length_ms / 1000 + 1;

    return seconds > (INT64_MAX - FETCH_MORE_BYTES) / FETCH_MOST_BYTES_A_SECOND
               ? INT64_MAX
               : seconds * FETCH_MOST_BYTES_A_SECOND + FETCH_MORE_BYTES;
}

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

/* "Not yet", said for so long that a person should know of it: the clip is paid for. It is asked for
 * on, and never bought again. */
static void fetch_tell(struct gen_turn *turn)
{
    struct gen_pipeline *pipeline = turn->pipeline;
    struct gen_attempt *attempt = &turn->shot->attempt;
    char sentence[512];

    turn->shot->late = true;
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT); /* others can be rendered meanwhile */
    attempt->failure = GEN_FAILURE_TIMEOUT;      /* its pace is slow from now on, see poll.c */
    attempt->failure_message = "the provider has rendered it and does not hand it over";
    if (!pipeline->ending) {
        snprintf(sentence, sizeof(sentence),
                 "the clip of attempt %s is rendered at %s, paid for, and has not been handed over "
                 "for %lld minutes. It is asked for still; cancelling the job gives it up",
                 attempt->id.text, turn->shot->provider,
                 (long long)(turn->shot->waited_ms / 60000));
        pipeline->failure = GEN_FAILURE_TIMEOUT;
        pipeline->failure_message = gen_turn_rewrite(turn, &pipeline->failure_place, sentence);
    }
}

static void fetch_wait(struct gen_turn *turn)
{
    int64_t wait_ms = turn->input->step->wait_ms;

    if (!turn->shot->late && turn->shot->waited_ms > turn->patience->fetch_ms) {
        fetch_tell(turn);
    }
    gen_turn_pause(turn, turn->shot->late && wait_ms < turn->patience->slow_ms
                             ? turn->patience->slow_ms
                             : wait_ms);
}

/* It is there after all. */
static void fetch_came(struct gen_turn *turn)
{
    turn->shot->poll_failures = 0;
    if (turn->shot->late) {
        turn->shot->late = false;
        turn->shot->waited_ms = 0;
        turn->shot->attempt.failure = GEN_FAILURE_NONE;
        turn->shot->attempt.failure_message = "";
    }
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
        fetch_wait(turn);
        break;
    case GEN_STEP_IS_DONE:
        fetch_came(turn);
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

/* Others may ask for the very same. */
static void fetch_keep(struct gen_turn *turn)
{
    struct gen_change *change = turn->input->order == NULL
                                    ? NULL
                                    : gen_changes_add(turn->changes, GEN_CHANGE_CLIP_ADD);
    struct gen_arena *arena = turn->changes->arena;

    if (change != NULL) {
        change->as.clip = (struct gen_change_clip){
            .attempt = turn->shot->attempt.id,
            .job = turn->job->id,
            .pipeline = turn->pipeline->id,
            .organization = gen_arena_strdup(arena, turn->job->organization),
            .request = gen_arena_strdup(arena, turn->input->order),
            .digest = gen_arena_strdup(arena, turn->shot->clip),
            .at = turn->input->now};
    }
}

void gen_fetch_clip(struct gen_turn *turn)
{
    const struct gen_input *input = turn->input;
    struct gen_shot *shot = turn->shot;
    struct gen_mishap mishap = {.kind = GEN_FAILURE_OUTPUT,
                                /* what was free is lost with our scratch folder, no more */
                                .billed = shot->most == 0 ? GEN_BILLING_NO : GEN_BILLING_YES,
                                .cost = shot->attempt.reported,
                                .message = input->reason};

    if (input->status == GEN_OK) {
        shot->clip = gen_turn_keep(turn, input->digest);
        shot->progress_ppm = 1000000;
        shot->verb = GEN_VERB_NONE;
        gen_turn_move(turn, GEN_ATTEMPT_FETCHED);
        gen_changes_shot(turn->changes, GEN_CHANGE_SHOT_SET, turn->job, turn->pipeline, shot);
        fetch_keep(turn);
        gen_settle_fetched(turn);
        return;
    }
    shot->attempt.step_state = ""; /* fetch from the beginning */
    if (input->status != GEN_EINVAL) {
        gen_poll_stumbled(turn); /* our own disk or memory: what is paid for waits */
    } else if (++shot->fetch_failures < FETCH_MOST_FAILURES) {
        gen_turn_pause(turn, gen_retry_free_pause(shot->fetch_failures, gen_turn_draw(turn)));
    } else {
        gen_settle_failed(turn, &mishap);
    }
}
