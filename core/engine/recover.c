/* recover.c - see recover.h. */
#include "engine/recover.h"

#include <stdio.h>

/* A provider that keeps saying "not known yet" is asked this often before a person is. */
enum { RECOVER_MOST_FAILURES = 30 };

/* "No such job" is believed when it was said this often, seconds apart: a request whose connection
 * broke can still be on its way to being read, and new jobs can be slow to appear in a list. */
enum { RECOVER_LOOKS = 4 };

/* Asks `verb`: at once, or after a pause when it was asked before. */
static void recover_ask(struct gen_turn *turn, enum gen_verb verb)
{
    int32_t failures = turn->shot->poll_failures;

    if (failures == 0) {
        gen_turn_call(turn, verb);
        return;
    }
    turn->shot->verb = verb;
    gen_turn_wake(turn, gen_retry_free_pause(failures, gen_turn_draw(turn)));
}

void gen_recover_ask_person(struct gen_turn *turn, const char *reason)
{
    struct gen_pipeline *pipeline = turn->pipeline;
    char sentence[512];

    turn->shot->verb = GEN_VERB_NONE;
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
    if (turn->job->cancel_requested || pipeline->ending) {
        return; /* the machine ends it */
    }
    snprintf(sentence, sizeof(sentence),
             "attempt %s may have been bought from %s: %s. Its money stays reserved; look it up at "
             "the provider, or cancel the job to book it as unverified",
             turn->shot->attempt.id.text, pipeline->provider, reason);
    pipeline->failure_message = gen_turn_keep(turn, sentence);
    pipeline->failure = GEN_FAILURE_AMBIGUOUS;
}

bool gen_recover_needs_person(const struct gen_shot *shot)
{
    if (shot->attempt.state == GEN_ATTEMPT_RENDERED) {
        return shot->poll_failures >= GEN_POLL_MOST_FAILURES;
    }
    return shot->attempt.state == GEN_ATTEMPT_AMBIGUOUS &&
           (shot->verb == GEN_VERB_NONE || shot->attempt.failure == GEN_FAILURE_TIMEOUT);
}

void gen_recover_stumbled(struct gen_turn *turn, const char *reason)
{
    turn->shot->attempt.step_state = ""; /* ask from the beginning */
    if (++turn->shot->poll_failures > RECOVER_MOST_FAILURES) {
        gen_recover_ask_person(turn, reason);
    } else {
        gen_turn_wake(turn, gen_retry_free_pause(turn->shot->poll_failures, gen_turn_draw(turn)));
    }
}

void gen_recover_go_on(struct gen_turn *turn)
{
    uint32_t flags = turn->pipeline->model_flags;

    if (turn->job->cancel_requested || turn->pipeline->ending) {
        struct gen_mishap mishap = {.kind = GEN_FAILURE_AMBIGUOUS,
                                    .billed = GEN_BILLING_UNKNOWN,
                                    .message = turn->shot->attempt.failure_message};

        gen_settle_failed(turn, &mishap);
    } else if (turn->shot->attempt.handle[0] != '\0') {
        recover_ask(turn, GEN_VERB_POLL); /* it was accepted once: its status can be read */
    } else if ((flags & GEN_TRAIT_CAN_RECOVER) != 0) {
        recover_ask(turn, GEN_VERB_RECOVER);
    } else if ((flags & GEN_TRAIT_SUBMIT_IDEMPOTENT) != 0 &&
               turn->shot->poll_failures <= RECOVER_MOST_FAILURES) {
        recover_ask(turn, GEN_VERB_SUBMIT);
    } else {
        gen_recover_ask_person(turn, turn->shot->attempt.failure_message);
    }
}

void gen_recover_begin(struct gen_turn *turn, const char *reason)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    attempt->failure = GEN_FAILURE_AMBIGUOUS;
    attempt->failure_message = gen_turn_keep(turn, reason);
    attempt->step_state = ""; /* the verb that answers now starts from its beginning */
    turn->shot->poll_failures++;
    turn->shot->recover_looks = 0;
    if (attempt->state != GEN_ATTEMPT_AMBIGUOUS) {
        gen_turn_move(turn, GEN_ATTEMPT_AMBIGUOUS);
    }
    gen_recover_go_on(turn);
}

/* The provider says that it has no such job. */
static void recover_nothing(struct gen_turn *turn)
{
    struct gen_mishap nothing_bought = {
        .kind = GEN_FAILURE_TRANSIENT,
        .billed = GEN_BILLING_NO,
        .message = "the provider has no such job: the submission did not arrive"};

    turn->shot->attempt.step_state = "";
    if (++turn->shot->recover_looks < RECOVER_LOOKS) {
        gen_turn_wake(turn, gen_retry_free_pause(turn->shot->recover_looks, gen_turn_draw(turn)));
    } else {
        gen_settle_refused(turn, &nothing_bought);
    }
}

void gen_recover_step(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;
    struct gen_attempt *attempt = &turn->shot->attempt;

    gen_turn_note(turn, step->state);
    switch (step->type) {
    case GEN_STEP_IS_HTTP:
    case GEN_STEP_IS_RUN:
        gen_turn_effect(turn, GEN_EFFECT_PERFORM);
        break;
    case GEN_STEP_IS_WAIT:
        if (++turn->shot->poll_failures > RECOVER_MOST_FAILURES) {
            gen_recover_ask_person(turn, "the provider cannot say whether it has the job");
        } else {
            gen_turn_wake(turn, step->wait_ms);
        }
        break;
    case GEN_STEP_IS_DONE:
        if (step->as.done.handle[0] == '\0') {
            recover_nothing(turn);
            break;
        }
        turn->shot->poll_failures = 0;
        attempt->handle = gen_turn_keep(turn, step->as.done.handle);
        attempt->step_state = "";
        attempt->failure = GEN_FAILURE_NONE;
        attempt->failure_message = "";
        attempt->accepted_at = turn->input->now;
        gen_turn_move(turn, GEN_ATTEMPT_ACCEPTED);
        gen_turn_stage(turn, GEN_STAGE_POLL);
        gen_turn_call(turn, GEN_VERB_POLL);
        break;
    case GEN_STEP_IS_FAIL:
        gen_recover_ask_person(turn, step->as.fail.message);
        break;
    }
}
