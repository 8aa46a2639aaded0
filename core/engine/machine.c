/* machine.c - see machine.h. Inputs are rows of a table; after each the pipeline and the job are
 * looked at once: is anything complete, failed or to be brought to an end? */
#include "engine/machine.h"

#include "engine/fetch.h"
#include "engine/overrule.h"
#include "engine/promise.h"
#include "engine/revoke.h"
#include "engine/submit.h"

typedef void machine_input(struct gen_turn *turn);

/* Puts a shot back where its durable state says it was. */
static void machine_resume_shot(struct gen_turn *turn)
{
    struct gen_effect *effect;

    switch (turn->shot->attempt.state) {
    case GEN_ATTEMPT_PLANNED:
        gen_turn_wake(turn, 0);
        break;
    case GEN_ATTEMPT_RESERVED:
        gen_turn_want(turn);
        break;
    case GEN_ATTEMPT_ACCEPTED:
    case GEN_ATTEMPT_RENDERED:
        effect = gen_turn_effect(turn, GEN_EFFECT_WANT_SLOT);
        if (effect != NULL) {
            effect->front = true;
        }
        break;
    case GEN_ATTEMPT_SUBMITTING:
        gen_recover_lost(turn, "the engine stopped while the submission was under way");
        break;
    case GEN_ATTEMPT_AMBIGUOUS:
        gen_recover_go_on(turn);
        break;
    case GEN_ATTEMPT_FETCHED:
        gen_settle_fetched(turn);
        break;
    case GEN_ATTEMPT_REFUSED:
    case GEN_ATTEMPT_FAILED: /* the last one: its pipeline was being brought to an end */
        if (turn->shot->role != GEN_SHOT_FINISH) { /* or did without it */
            gen_settle_give_up(turn, turn->shot->attempt.failure,
                               turn->shot->attempt.failure_message);
        }
        break;
    default:
        break;
    }
}

static void machine_start(struct gen_turn *turn)
{
    struct gen_job *job = turn->job;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        struct gen_pipeline *pipeline = &job->pipelines[i];

        if (gen_pipeline_status_terminal(pipeline->status)) {
            continue;
        }
        for (size_t k = 0; k < pipeline->shot_count; k++) {
            gen_turn_aim(turn, pipeline, &pipeline->shots[k]);
            machine_resume_shot(turn);
        }
    }
}

static void machine_begin(struct gen_turn *turn)
{
    if (turn->pipeline->status == GEN_PIPELINE_QUEUED) {
        gen_turn_pipeline_status(turn, GEN_PIPELINE_PROCESSING);
    }
    if (turn->job->status == GEN_JOB_QUEUED) {
        gen_turn_job_status(turn, GEN_JOB_IN_PROGRESS);
    }
}

/* What it costs now; durable with the submission. Bills may have been higher than the price list since it was
 * held: then more is held, or it is not ordered. */
static void machine_reprice(struct gen_turn *turn)
{
    const struct gen_input *input = turn->input;
    struct gen_shot *shot = turn->shot;
    struct gen_attempt *attempt = &shot->attempt;

    if (input->needed > 0 && attempt->book == 0) {
        attempt->book = attempt->estimate;
    }
    if (input->price > 0) {
        attempt->estimate = input->price;
    }
    shot->topped = input->needed > attempt->hold ? input->needed - attempt->hold : 0;
    if (input->needed > 0) {
        shot->price = input->price;
        shot->most = input->needed > shot->most ? input->needed : shot->most;
        shot->price_exact = false;
    }
    if (shot->topped > 0) {
        gen_turn_top_up(turn, shot->topped, "bills of late are higher than the price list");
    }
}

static void machine_slot(struct gen_turn *turn)
{
    if (turn->job->paused && turn->shot->attempt.state == GEN_ATTEMPT_RESERVED) {
        gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT); /* it came while people said no */
        return;
    }
    machine_begin(turn);
    if (turn->shot->verb != GEN_VERB_NONE) {
        return; /* at work already, begun without a slot (cancelling, recovering) after a restart */
    }
    switch (turn->shot->attempt.state) {
    case GEN_ATTEMPT_RESERVED:
        machine_reprice(turn);
        gen_turn_stage(turn, GEN_STAGE_SUBMIT);
        gen_turn_call(turn, GEN_VERB_SUBMIT);
        if (turn->shot->topped > 0 && turn->last != NULL) {
            turn->last->holds_money = true; /* it is called once that is durable, or not at all */
        }
        break;
    case GEN_ATTEMPT_ACCEPTED:
        gen_turn_stage(turn, GEN_STAGE_POLL);
        gen_turn_call(turn, GEN_VERB_POLL);
        break;
    case GEN_ATTEMPT_RENDERED:
        gen_turn_stage(turn, GEN_STAGE_FETCH);
        gen_turn_call(turn, GEN_VERB_FETCH);
        break;
    default: /* it ended while it waited */
        gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
        break;
    }
}

/* A finished clip takes the place of the render; it needs no lane. */
static void machine_reused(struct gen_turn *turn)
{
    machine_begin(turn);
    gen_settle_reused(turn);
}

static void machine_by_verb(struct gen_turn *turn)
{
    static machine_input *const by_verb[] = {
        [GEN_VERB_SUBMIT] = gen_submit_step, [GEN_VERB_POLL] = gen_poll_step,
        [GEN_VERB_FETCH] = gen_fetch_step,   [GEN_VERB_RECOVER] = gen_recover_step,
        [GEN_VERB_CANCEL] = gen_revoke_step,
    };

    if (turn->shot->verb != GEN_VERB_NONE) {
        by_verb[turn->shot->verb](turn);
    }
}

static void machine_unanswered(struct gen_turn *turn)
{
    if (turn->shot->verb == GEN_VERB_SUBMIT) {
        gen_submit_unanswered(turn);
    } else if (turn->shot->verb == GEN_VERB_RECOVER) {
        gen_recover_stumbled(turn, turn->input->reason);
    } else if (turn->shot->verb != GEN_VERB_NONE) {
        gen_poll_stumbled(turn);
    }
}

static void machine_defect(struct gen_turn *turn)
{
    if (turn->shot->verb == GEN_VERB_SUBMIT) {
        gen_submit_defect(turn);
    } else if (turn->shot->verb == GEN_VERB_RECOVER) {
        gen_recover_stumbled(turn, turn->input->reason);
    } else if (turn->shot->verb != GEN_VERB_NONE) {
        gen_poll_stumbled(turn);
    }
}

static void machine_timer(struct gen_turn *turn)
{
    if (turn->shot->attempt.state == GEN_ATTEMPT_PLANNED) {
        gen_settle_again(turn);
    } else if (turn->shot->attempt.state == GEN_ATTEMPT_SETTLED) {
        turn->pipeline->assembling = false; /* the pause after trouble with our disk is over */
    } else if (turn->shot->supplying) {
        turn->shot->supplying = false; /* the same */
    } else if (turn->shot->verb != GEN_VERB_NONE) {
        gen_turn_call(turn, turn->shot->verb);
    }
}

static void machine_progress(struct gen_turn *turn)
{
    gen_turn_progress(turn, turn->input->progress_ppm);
}

/* The first good video of its variation: those that are made beside it are not needed any more. */
static void machine_first(struct gen_turn *turn)
{
    const struct gen_pipeline *winner = turn->pipeline;

    for (size_t i = 0; i < turn->job->pipeline_count && turn->job->keep_first; i++) {
        struct gen_pipeline *other = &turn->job->pipelines[i];

        if (other != winner && other->variation == winner->variation &&
            !gen_pipeline_status_terminal(other->status)) {
            gen_turn_aim(turn, other, NULL);
            gen_settle_give_up(turn, GEN_FAILURE_CANCELED, "another model was first");
        }
    }
}

/* Is the pipeline's disk trouble ours (try again) or its clips' (give up)? */
static void machine_output(struct gen_turn *turn)
{
    const struct gen_input *input = turn->input;

    turn->pipeline->assembling = false;
    if (input->status == GEN_EINVAL || input->status == GEN_EUNSUPPORTED) {
        gen_settle_give_up(turn, GEN_FAILURE_OUTPUT, input->reason);
        return;
    }
    if (input->status != GEN_OK) {
        turn->shot = &turn->pipeline->shots[0]; /* any shot's timer leads to the pipeline again */
        gen_turn_trouble(turn);
        turn->pipeline->assembling = true;
        return;
    }
    turn->pipeline->failure = GEN_FAILURE_NONE;
    turn->pipeline->failure_message = "";
    gen_changes_output(turn->changes, input->output);
    turn->pipeline->output = input->output->id;
    gen_turn_stage(turn, GEN_STAGE_DELIVER);
    gen_turn_event(turn, GEN_EVENT_OUTPUT_READY, "outputId", input->output->id.text);
    gen_turn_pipeline_status(turn, GEN_PIPELINE_COMPLETED);
    machine_first(turn);
}

static void machine_cancel(struct gen_turn *turn)
{
    struct gen_job *job = turn->job;

    if (job->cancel_requested || gen_job_status_terminal(job->status)) {
        return;
    }
    job->cancel_requested = true;
    gen_turn_job_status(turn, GEN_JOB_CANCELING);
    for (size_t i = 0; i < job->pipeline_count; i++) {
        if (!gen_pipeline_status_terminal(job->pipelines[i].status)) {
            gen_turn_aim(turn, &job->pipelines[i], NULL);
            gen_settle_give_up(turn, GEN_FAILURE_CANCELED, "the job was cancelled");
        }
    }
}

/* What the shell may still report although nobody waits for it any more. */
static bool machine_waits_for(const struct gen_turn *turn)
{
    const struct gen_shot *shot = turn->shot;

    switch (turn->input->kind) {
    case GEN_INPUT_CLIP:
        return shot->verb == GEN_VERB_FETCH && shot->attempt.state == GEN_ATTEMPT_RENDERED;
    case GEN_INPUT_REUSED:
        return shot->verb == GEN_VERB_NONE && shot->attempt.state == GEN_ATTEMPT_RESERVED &&
               gen_shot_supplied(shot) && !turn->pipeline->ending;
    case GEN_INPUT_REFUSED:
        return (shot->verb == GEN_VERB_NONE || shot->topped > 0) &&
               shot->attempt.state == GEN_ATTEMPT_RESERVED;
    case GEN_INPUT_OUTPUT:
        return turn->pipeline->assembling;
    case GEN_INPUT_STRANGER:
        return shot->attempt.state == GEN_ATTEMPT_ACCEPTED;
    case GEN_INPUT_SUPPLIED:
        return shot->supplying && shot->attempt.state == GEN_ATTEMPT_RESERVED;
    default:
        return true;
    }
}

static const struct {
    machine_input *handle;
    bool of_shot, of_pipeline;
} inputs[] = {
    [GEN_INPUT_START] = {machine_start, false, false},
    [GEN_INPUT_SLOT] = {machine_slot, true, true},
    [GEN_INPUT_STEP] = {machine_by_verb, true, true},
    [GEN_INPUT_DEFECT] = {machine_defect, true, true},
    [GEN_INPUT_UNANSWERED] = {machine_unanswered, true, true},
    [GEN_INPUT_TIMER] = {machine_timer, true, true},
    [GEN_INPUT_CLIP] = {gen_fetch_clip, true, true},
    [GEN_INPUT_OUTPUT] = {machine_output, false, true},
    [GEN_INPUT_PROGRESS] = {machine_progress, true, true},
    [GEN_INPUT_REFUSED] = {gen_settle_no_money, true, true},
    [GEN_INPUT_CANCEL] = {machine_cancel, false, false},
    [GEN_INPUT_REUSED] = {machine_reused, true, true},
    [GEN_INPUT_SUPPLIED] = {gen_promise_kept, true, true},
    [GEN_INPUT_STRANGER] = {gen_recover_stranger, true, true},
    [GEN_INPUT_PAUSE] = {gen_overrule_pause, false, false},
    [GEN_INPUT_RESUME] = {gen_overrule_resume, false, false},
    [GEN_INPUT_RETRY] = {gen_overrule_retry, false, false},
    [GEN_INPUT_RESOLVE] = {gen_overrule_resolve, true, true},
};

/* Brings a pipeline that cannot succeed to its end once none of its attempts is open. */
static void machine_end_pipeline(struct gen_turn *turn, struct gen_pipeline *pipeline)
{
    bool open = false;

    for (size_t k = 0; k < pipeline->shot_count; k++) {
        gen_turn_aim(turn, pipeline, &pipeline->shots[k]);
        if (pipeline->shots[k].supplying) {
            pipeline->shots[k].supplying = false;
            gen_turn_effect(turn, GEN_EFFECT_STOP_SUPPLY);
        }
        gen_revoke_shot(turn);
        open = open || !gen_attempt_terminal(pipeline->shots[k].attempt.state);
    }
    gen_turn_aim(turn, pipeline, NULL);
    if (pipeline->assembling) {
        pipeline->assembling = false;
        gen_turn_effect(turn, GEN_EFFECT_STOP_ASSEMBLY);
    }
    if (!open) {
        gen_turn_pipeline_status(turn, pipeline->failure == GEN_FAILURE_CANCELED
                                           ? GEN_PIPELINE_CANCELED
                                           : GEN_PIPELINE_FAILED);
    }
}

/* A pipeline needs a person as long as one of its shots does, whatever the others are doing, and as
 * long as we cannot put its video together (no ffmpeg, no disk). */
static void machine_attention(struct gen_turn *turn, struct gen_pipeline *pipeline)
{
    bool waits = pipeline->failure == GEN_FAILURE_OUTPUT;

    for (size_t k = 0; k < pipeline->shot_count; k++) {
        waits = waits || gen_recover_needs_person(&pipeline->shots[k]);
    }
    gen_turn_aim(turn, pipeline, NULL);
    if (waits) {
        gen_turn_pipeline_status(turn, GEN_PIPELINE_NEEDS_ATTENTION);
    } else if (pipeline->status == GEN_PIPELINE_NEEDS_ATTENTION) {
        pipeline->failure = GEN_FAILURE_NONE;
        pipeline->failure_message = "";
        gen_turn_pipeline_status(turn, GEN_PIPELINE_PROCESSING);
    }
}

/* Is there nothing more to come of it? A finishing shot that has failed is done without. */
static bool machine_done(const struct gen_shot *shot)
{
    return shot->attempt.state == GEN_ATTEMPT_SETTLED ||
           (shot->role == GEN_SHOT_FINISH && gen_attempt_terminal(shot->attempt.state));
}

static void machine_look_at_pipeline(struct gen_turn *turn, struct gen_pipeline *pipeline)
{
    size_t done = 0;

    if (gen_pipeline_status_terminal(pipeline->status)) {
        return;
    }
    if (turn->job->cancel_requested && !pipeline->ending) {
        gen_turn_aim(turn, pipeline, NULL);
        gen_settle_give_up(turn, GEN_FAILURE_CANCELED, "the job was cancelled");
    }
    if (pipeline->ending) {
        machine_end_pipeline(turn, pipeline);
        return;
    }
    machine_attention(turn, pipeline);
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        gen_promise_keep(turn, pipeline, &pipeline->shots[k]);
        done += machine_done(&pipeline->shots[k]);
    }
    if (done == pipeline->shot_count && !pipeline->assembling) {
        gen_turn_aim(turn, pipeline, NULL);
        pipeline->assembling = true;
        gen_turn_stage(turn, GEN_STAGE_ASSESS);
        gen_turn_effect(turn, GEN_EFFECT_ASSEMBLE);
    }
}

/* Is there all of what was asked for? Where the first of several is kept, one of each variation is all. */
static bool machine_complete(const struct gen_job *job)
{
    for (size_t i = 0; i < job->pipeline_count; i++) {
        bool made = job->pipelines[i].status == GEN_PIPELINE_COMPLETED;

        for (size_t k = 0; k < job->pipeline_count && job->keep_first && !made; k++) {
            made = job->pipelines[k].status == GEN_PIPELINE_COMPLETED &&
                   job->pipelines[k].variation == job->pipelines[i].variation;
        }
        if (!made) {
            return false;
        }
    }
    return true;
}

/* The status that the pipelines together give the job; the present one while it goes on. */
static enum gen_job_status machine_job_status(const struct gen_job *job)
{
    size_t over = 0, completed = 0, canceled = 0, attention = 0;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        enum gen_pipeline_status status = job->pipelines[i].status;

        over += gen_pipeline_status_terminal(status);
        completed += status == GEN_PIPELINE_COMPLETED;
        canceled += status == GEN_PIPELINE_CANCELED;
        attention += status == GEN_PIPELINE_NEEDS_ATTENTION;
    }
    if (over < job->pipeline_count) {
        return attention > 0 && over + attention == job->pipeline_count && !job->cancel_requested
                   ? GEN_JOB_NEEDS_ATTENTION
               : job->status == GEN_JOB_NEEDS_ATTENTION ? GEN_JOB_IN_PROGRESS
                                                        : job->status;
    }
    if (machine_complete(job)) {
        return GEN_JOB_COMPLETED;
    }
    if (job->cancel_requested && canceled > 0) {
        return GEN_JOB_CANCELED;
    }
    return completed > 0 ? GEN_JOB_PARTIAL : GEN_JOB_FAILED;
}

void gen_machine_step(struct gen_turn *turn)
{
    struct gen_job *job = turn->job;
    const struct gen_input *input = turn->input;

    gen_turn_aim(turn, NULL, NULL);
    if (gen_job_status_terminal(job->status) && input->kind != GEN_INPUT_RETRY) {
        return;
    }
    if (inputs[input->kind].of_pipeline) {
        struct gen_pipeline *pipeline = &job->pipelines[input->pipeline];

        if (gen_pipeline_status_terminal(pipeline->status)) {
            return;
        }
        gen_turn_aim(turn, pipeline,
                     inputs[input->kind].of_shot ? &pipeline->shots[input->shot] : NULL);
    }
    if (machine_waits_for(turn)) {
        inputs[input->kind].handle(turn);
    }
    for (size_t i = 0; i < job->pipeline_count; i++) {
        machine_look_at_pipeline(turn, &job->pipelines[i]);
    }
    gen_turn_aim(turn, NULL, NULL);
    gen_turn_job_status(turn, machine_job_status(job));
    if (gen_job_status_terminal(job->status)) {
        gen_turn_effect(turn, GEN_EFFECT_OVER);
    }
}
