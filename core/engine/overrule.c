/* overrule.c - see overrule.h. */
#include "engine/overrule.h"

#include <stdio.h>

/* ------------------------------------------------------------------------------- pause, resume -- */

/* Is its order only waiting for a lane? */
static bool overrule_queued(const struct gen_shot *shot)
{
    return shot->attempt.state == GEN_ATTEMPT_RESERVED && shot->verb == GEN_VERB_NONE;
}

static void overrule_each_queued(struct gen_turn *turn, void (*call)(struct gen_turn *turn))
{
    for (size_t i = 0; i < turn->job->pipeline_count; i++) {
        struct gen_pipeline *pipeline = &turn->job->pipelines[i];

        for (size_t k = 0; k < pipeline->shot_count; k++) {
            if (!gen_pipeline_status_terminal(pipeline->status) && !pipeline->ending &&
                overrule_queued(&pipeline->shots[k])) {
                gen_turn_aim(turn, pipeline, &pipeline->shots[k]);
                call(turn);
            }
        }
    }
    gen_turn_aim(turn, NULL, NULL);
}

static void overrule_rest(struct gen_turn *turn)
{
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
}

static void overrule_want(struct gen_turn *turn)
{
    gen_turn_want(turn);
}

static void overrule_set(struct gen_turn *turn, bool paused)
{
    turn->job->paused = paused;
    gen_changes_job(turn->changes, GEN_CHANGE_JOB_SET, turn->job);
    gen_turn_event(turn, paused ? GEN_EVENT_JOB_PAUSED : GEN_EVENT_JOB_RESUMED, "message",
                   turn->input->reason);
}

void gen_overrule_pause(struct gen_turn *turn)
{
    if (!turn->job->paused && !turn->job->cancel_requested) {
        overrule_set(turn, true);
        overrule_each_queued(turn, overrule_rest);
    }
}

void gen_overrule_resume(struct gen_turn *turn)
{
    if (turn->job->paused) {
        overrule_set(turn, false);
        overrule_each_queued(turn, overrule_want);
    }
}

/* ---------------------------------------------------------------------------------------- retry -- */

/* What another try of a shot is. */
enum overrule_try {
    OVERRULE_NOTHING = 0,
    OVERRULE_AGAIN, /* it failed, and with it its video: one more attempt */
    OVERRULE_MOVE,  /* it is not ordered yet: elsewhere */
    OVERRULE_NOW,   /* it waits for another try: at once */
};

static enum overrule_try overrule_try(const struct gen_turn *turn,
                                      const struct gen_pipeline *pipeline,
                                      const struct gen_shot *shot)
{
    enum gen_attempt_state state = shot->attempt.state;
    bool over = gen_pipeline_status_terminal(pipeline->status);
    bool forced = turn->input->model != NULL;

    if (over) {
        return pipeline->status == GEN_PIPELINE_FAILED && gen_attempt_terminal(state) &&
                       state != GEN_ATTEMPT_SETTLED
                   ? OVERRULE_AGAIN
                   : OVERRULE_NOTHING;
    }
    if (pipeline->ending) {
        return OVERRULE_NOTHING;
    }
    if (forced) {
        return shot->role != GEN_SHOT_FINISH &&
                       (state == GEN_ATTEMPT_PLANNED || overrule_queued(shot))
                   ? OVERRULE_MOVE
                   : OVERRULE_NOTHING;
    }
    return (state == GEN_ATTEMPT_PLANNED && shot->retry_waits) ||
                   (state == GEN_ATTEMPT_RENDERED && gen_recover_needs_person(shot))
               ? OVERRULE_NOW
               : OVERRULE_NOTHING;
}

/* With a model: could it make the shot aimed at? NULL: no, and input->answer says why. */
static const struct gen_rerouted *overrule_model(struct gen_turn *turn)
{
    struct gen_rerouted *to = gen_arena_alloc(turn->arena, sizeof(*to));
    struct gen_error why = {0};
    enum gen_status status = GEN_ENOTFOUND;

    if (to == NULL) {
        gen_error_set(turn->input->answer, GEN_ENOMEM, "out of memory");
        return NULL;
    }
    gen_error_set(&why, GEN_ENOTFOUND, "shots cannot be moved here");
    if (turn->elsewhere != NULL) {
        status = turn->elsewhere(turn->elsewhere_context, turn, to, &why);
    }
    if (status != GEN_OK) {
        gen_error_set(turn->input->answer, status, "%s cannot make shot %s: %s", turn->input->model,
                      turn->shot->id.text, why.message);
        return NULL;
    }
    return to;
}

static void overrule_again(struct gen_turn *turn, enum overrule_try what,
                           const struct gen_rerouted *to)
{
    struct gen_shot *shot = turn->shot;

    if (what == OVERRULE_NOW && shot->attempt.state == GEN_ATTEMPT_PLANNED) {
        gen_turn_wake(turn, 0);
    } else if (what == OVERRULE_NOW) {
        shot->poll_failures = shot->fetch_failures = 0;
        shot->late = false;
        gen_turn_effect(turn, GEN_EFFECT_STOP);
        shot->verb = GEN_VERB_NONE; /* its patience begins anew */
        gen_turn_call(turn, GEN_VERB_FETCH);
    } else {
        if (what == OVERRULE_MOVE) {
            gen_settle_withdraw(turn, "somebody wants another model");
        }
        gen_settle_anew(turn, to, turn->input->reason);
    }
}

/* The video is to be made after all. */
static void overrule_reopen(struct gen_turn *turn, struct gen_pipeline *pipeline)
{
    gen_turn_aim(turn, pipeline, NULL);
    pipeline->ending = pipeline->assembling = false;
    pipeline->failure = GEN_FAILURE_NONE;
    pipeline->failure_message = "";
    pipeline->ended_at = 0;
    gen_turn_pipeline_status(turn, GEN_PIPELINE_PROCESSING);
    gen_turn_stage(turn, GEN_STAGE_SUBMIT);
    turn->job->completed_at = 0;
    gen_turn_job_status(turn, GEN_JOB_IN_PROGRESS);
}

struct overrule_plan { /* of one shot */
    enum overrule_try what;
    const struct gen_rerouted *to;
};

/* Looks at every shot; nothing is changed. False: it cannot be done, and input->answer says why. */
static bool overrule_plan(struct gen_turn *turn, struct overrule_plan *plan, size_t *count)
{
    size_t n = 0;

    for (size_t i = 0; i < turn->job->pipeline_count; i++) {
        struct gen_pipeline *pipeline = &turn->job->pipelines[i];

        for (size_t k = 0; k < pipeline->shot_count; k++, n++) {
            struct gen_shot *shot = &pipeline->shots[k];

            plan[n].what = overrule_try(turn, pipeline, shot);
            *count += plan[n].what != OVERRULE_NOTHING;
            if (plan[n].what == OVERRULE_NOTHING || turn->input->model == NULL ||
                shot->role == GEN_SHOT_FINISH) {
                continue;
            }
            gen_turn_aim(turn, pipeline, shot);
            plan[n].to = overrule_model(turn);
            if (plan[n].to == NULL) {
                return false;
            }
        }
    }
    return true;
}

static size_t overrule_shots(const struct gen_job *job)
{
    size_t count = 0;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        count += job->pipelines[i].shot_count;
    }
    return count;
}

static void overrule_carry_out(struct gen_turn *turn, const struct overrule_plan *plan)
{
    size_t n = 0;

    for (size_t i = 0; i < turn->job->pipeline_count; i++) {
        struct gen_pipeline *pipeline = &turn->job->pipelines[i];
        bool over = gen_pipeline_status_terminal(pipeline->status);

        for (size_t k = 0; k < pipeline->shot_count; k++, n++) {
            if (plan[n].what == OVERRULE_NOTHING) {
                continue;
            }
            if (over) {
                overrule_reopen(turn, pipeline);
                over = false;
            }
            gen_turn_aim(turn, pipeline, &pipeline->shots[k]);
            overrule_again(turn, plan[n].what, plan[n].to);
        }
    }
    gen_turn_aim(turn, NULL, NULL);
}

void gen_overrule_retry(struct gen_turn *turn)
{
    struct gen_job *job = turn->job;
    struct gen_error *answer = turn->input->answer;
    struct overrule_plan *plan = gen_arena_array(turn->arena, overrule_shots(job) + 1,
                                                 sizeof(*plan));
    size_t count = 0;

    if (plan == NULL) {
        gen_error_set(answer, GEN_ENOMEM, "out of memory");
        return;
    }
    if (job->cancel_requested || job->status == GEN_JOB_CANCELED) {
        gen_error_set(answer, GEN_ECONFLICT, "job %s was cancelled: submit its brief again",
                      job->id.text);
    } else if (overrule_plan(turn, plan, &count) && count == 0) {
        gen_error_set(answer, GEN_ECONFLICT,
                      turn->input->model == NULL
                          ? "nothing of job %s has failed or waits for another try"
                          : "nothing of job %s has failed or can still be ordered elsewhere",
                      job->id.text);
    }
    gen_turn_aim(turn, NULL, NULL);
    if (answer->status == GEN_OK) {
        gen_turn_event(turn, GEN_EVENT_JOB_RETRIED, "message", turn->input->reason);
        overrule_carry_out(turn, plan);
    }
}

/* -------------------------------------------------------------------------------------- resolve -- */

/* As if the provider had said so itself. */
static void overrule_found(struct gen_turn *turn)
{
    struct gen_step *step = gen_arena_alloc(turn->arena, sizeof(*step));
    struct gen_input *input = gen_arena_alloc(turn->arena, sizeof(*input));

    if (step == NULL || input == NULL) {
        gen_error_set(turn->input->answer, GEN_ENOMEM, "out of memory");
        return;
    }
    *step = (struct gen_step){.type = GEN_STEP_IS_DONE, .note = ""};
    step->as.done.handle = turn->input->handle;
    *input = *turn->input;
    input->step = step;
    turn->input = input;
    gen_recover_accepted(turn);
}

void gen_overrule_resolve(struct gen_turn *turn)
{
    static const char *const words[] = {[GEN_FINDING_NOT_BOUGHT] = "not_bought",
                                        [GEN_FINDING_LOST] = "lost",
                                        [GEN_FINDING_HANDLE] = "found"};
    const struct gen_input *input = turn->input;
    struct gen_mishap mishap = {.kind = GEN_FAILURE_TRANSIENT,
                                .billed = GEN_BILLING_NO,
                                .message = "somebody looked: it was not bought"};
    char text[300];

    if (turn->shot->attempt.state != GEN_ATTEMPT_AMBIGUOUS) {
        gen_error_set(input->answer, GEN_ECONFLICT, "nobody is in doubt about attempt %s: it is %s",
                      turn->shot->attempt.id.text, gen_attempt_word(turn->shot->attempt.state));
        return;
    }
    (void)snprintf(text, sizeof(text), "%s: %s%s%.200s", turn->shot->attempt.id.text,
                   words[input->finding], input->reason[0] != '\0' ? ": " : "", input->reason);
    gen_turn_event(turn, GEN_EVENT_ATTEMPT_RESOLVED, "message", text);
    gen_turn_effect(turn, GEN_EFFECT_STOP);
    turn->pipeline->failure = GEN_FAILURE_NONE;
    turn->pipeline->failure_message = "";
    if (input->finding == GEN_FINDING_HANDLE) {
        overrule_found(turn);
    } else if (input->finding == GEN_FINDING_LOST) {
        mishap.kind = GEN_FAILURE_PROVIDER;
        mishap.billed = GEN_BILLING_YES;
        mishap.cost = input->cost;
        mishap.message = "somebody looked: it was bought, and there is nothing to be had of it";
        gen_settle_failed(turn, &mishap);
    } else {
        gen_settle_refused(turn, &mishap);
    }
}
