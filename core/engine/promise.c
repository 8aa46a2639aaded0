/* promise.c - see promise.h. */
#include "engine/promise.h"

/* Are all shots that this one waits for settled? */
static bool promise_preceded(const struct gen_pipeline *pipeline, const struct gen_shot *shot)
{
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        if (gen_shot_follows(pipeline, shot, &pipeline->shots[k]) &&
            pipeline->shots[k].attempt.state != GEN_ATTEMPT_SETTLED) {
            return false;
        }
    }
    return true;
}

/* Lets a shot begin that waited for others. */
void gen_promise_keep(struct gen_turn *turn, struct gen_pipeline *pipeline, struct gen_shot *shot)
{
    if (shot->attempt.state == GEN_ATTEMPT_RESERVED && !shot->supplying &&
        !gen_shot_supplied(shot) && promise_preceded(pipeline, shot)) {
        gen_turn_aim(turn, pipeline, shot);
        shot->supplying = true;
        gen_turn_effect(turn, GEN_EFFECT_SUPPLY);
    }
}

/* What came of the promise: the digests, and what the files really are. */
static void promise_take(struct gen_turn *turn)
{
    struct gen_shot *shot = turn->shot;

    for (size_t i = 0; i < shot->supply_count; i++) {
        struct gen_asset *asset = &shot->supplies[i].asset;
        const struct gen_asset *made = &turn->input->supplies[i];

        asset->digest = gen_turn_keep(turn, made->digest);
        asset->size = made->size;
        asset->width = made->width;
        asset->height = made->height;
        asset->duration_ms = made->duration_ms;
        asset->created_at = turn->input->now;
        gen_changes_supply(turn->changes, GEN_CHANGE_SUPPLY_SET, turn->job, shot, i);
    }
    if (gen_shot_chained(shot) && shot->attempt.seed != shot[-1].attempt.seed) {
        shot->attempt.seed = shot[-1].attempt.seed; /* the one before was tried again */
        gen_changes_attempt(turn->changes, GEN_CHANGE_ATTEMPT_NOTE, turn->job, turn->pipeline, shot,
                            shot->attempt.state);
    }
}

void gen_promise_kept(struct gen_turn *turn)
{
    const struct gen_input *input = turn->input;
    struct gen_mishap mishap = {
        .kind = GEN_FAILURE_OUTPUT, .billed = GEN_BILLING_NO, .message = input->reason};

    turn->shot->supplying = false;
    if (input->status == GEN_OK) {
        promise_take(turn);
        if (turn->pipeline->failure == GEN_FAILURE_OUTPUT) { /* of an earlier try */
            turn->pipeline->failure = GEN_FAILURE_NONE;
            turn->pipeline->failure_message = "";
        }
        gen_turn_want(turn);
    } else if (input->status != GEN_EINVAL && input->status != GEN_EUNSUPPORTED) {
        gen_turn_trouble(turn);
        turn->shot->supplying = true;
    } else if (turn->shot->role == GEN_SHOT_FINISH) {
        gen_settle_skip(turn, &mishap);
    } else {
        gen_settle_give_up(turn, GEN_FAILURE_OUTPUT, input->reason);
    }
}
