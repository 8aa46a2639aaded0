/* recover.c - see recover.h. */
#include "engine/recover.h"

#include <stdio.h>

#include <string.h>

enum {
    RECOVER_MOST_FAILURES =
        30, /* it keeps saying "not known yet": so often before a person is asked */
    RECOVER_MOST_STRANGERS = 6, /* or gives another attempt's handle */
};

#define RECOVER_STRANGER "handle_of_another" /* code of the failure; outlives a restart */

/* Is the pipeline being brought to its end? Then nobody is asked and nothing is sent again. */
static bool recover_ending(const struct gen_turn *turn)
{
    return turn->job->cancel_requested || turn->pipeline->ending;
}

/* Has it been looked for as long as patience asks? A request whose connection broke can still be on
 * its way to being read, and new jobs can be slow to appear in a list. */
static bool recover_looked_long(const struct gen_turn *turn)
{
    return turn->shot->waited_ms >= turn->patience->recover_window_ms;
}

/* The pause before it is asked for the nth time; one of them ends with the window. */
static int64_t recover_rest(struct gen_turn *turn, int32_t times)
{
    int64_t pause = gen_retry_free_pause(times, gen_turn_draw(turn));
    int64_t left = turn->patience->recover_window_ms - turn->shot->waited_ms;

    return left > 0 && left < pause ? left : pause;
}

/* Asks `verb`: at once, or after a pause when it was asked before. */
static void recover_ask(struct gen_turn *turn, enum gen_verb verb)
{
    int32_t failures = turn->shot->poll_failures;

    if (failures == 0) {
        gen_turn_call(turn, verb);
        return;
    }
    gen_turn_verb(turn, verb);
    gen_turn_pause(turn, recover_rest(turn, failures));
}

/* One more answer that says nothing: is it time for another way? */
static bool recover_tired(struct gen_turn *turn)
{
    bool often = ++turn->shot->poll_failures > RECOVER_MOST_FAILURES;

    return recover_looked_long(turn) && (often || recover_ending(turn));
}

/* Does retry.yaml accept the risk of buying it twice (`ambiguous`)? */
static bool recover_accepts(const struct gen_turn *turn)
{
    const struct gen_shot *shot = turn->shot;
    gen_micros today = turn->doubted == NULL
                           ? INT64_MAX
                           : turn->doubted(turn->doubted_context, shot->provider, turn->input->now);

    return turn->policy != NULL && today != INT64_MAX &&
           gen_retry_doubt(turn->policy, shot->provider, shot->most, today) == GEN_DOUBT_ACCEPT;
}

/* It counts as unverified, and is tried again as far as what may have been billed may be. */
static void recover_accept(struct gen_turn *turn, const char *reason)
{
    char text[300];
    struct gen_mishap mishap = {
        .kind = GEN_FAILURE_TRANSIENT, .billed = GEN_BILLING_UNKNOWN, .cost = -1, .message = text};

    (void)snprintf(text, sizeof(text),
                   "it may have been bought (%.200s); the policy accepts that risk", reason);
    gen_turn_event(turn, GEN_EVENT_ATTEMPT_RESOLVED, "message", text);
    gen_settle_failed(turn, &mishap);
}

void gen_recover_ask_person(struct gen_turn *turn, const char *reason)
{
    struct gen_pipeline *pipeline = turn->pipeline;
    char sentence[512];

    if (turn->shot->attempt.state == GEN_ATTEMPT_AMBIGUOUS && !recover_ending(turn) &&
        recover_accepts(turn)) {
        recover_accept(turn, reason);
        return;
    }
    turn->shot->verb = GEN_VERB_NONE;
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
    if (recover_ending(turn)) {
        return; /* the machine ends it */
    }
    snprintf(sentence, sizeof(sentence),
             "attempt %s may have been bought from %s: %s. Its money stays reserved; look it up at "
             "the provider, or cancel the job to book it as unverified",
             turn->shot->attempt.id.text, turn->shot->provider, reason);
    pipeline->failure_message = gen_turn_rewrite(turn, &pipeline->failure_place, sentence);
    pipeline->failure = GEN_FAILURE_AMBIGUOUS;
}

bool gen_recover_needs_person(const struct gen_shot *shot)
{
    if (shot->attempt.state == GEN_ATTEMPT_RENDERED) {
        return shot->late || shot->poll_failures >= GEN_POLL_MOST_FAILURES;
    }
    return shot->attempt.state == GEN_ATTEMPT_AMBIGUOUS &&
           (shot->verb == GEN_VERB_NONE || shot->attempt.failure == GEN_FAILURE_TIMEOUT);
}

void gen_recover_stumbled(struct gen_turn *turn, const char *reason)
{
    turn->shot->attempt.step_state = ""; /* ask from the beginning */
    if (recover_tired(turn)) {
        gen_recover_ask_person(turn, reason);
    } else {
        gen_turn_pause(turn, recover_rest(turn, turn->shot->poll_failures));
    }
}

void gen_recover_go_on(struct gen_turn *turn)
{
    uint32_t flags = turn->shot->model_flags;

    if (turn->shot->attempt.handle[0] != '\0' && !recover_ending(turn)) {
        recover_ask(turn, GEN_VERB_POLL); /* it was accepted once: its status can be read */
    } else if (turn->shot->attempt.handle[0] == '\0' && (flags & GEN_TRAIT_CAN_RECOVER) != 0) {
        recover_ask(turn, GEN_VERB_RECOVER);
    } else if (!recover_ending(turn) && (flags & GEN_TRAIT_SUBMIT_IDEMPOTENT) != 0 &&
               turn->shot->poll_failures <= RECOVER_MOST_FAILURES &&
               strcmp(turn->shot->attempt.failure_code, RECOVER_STRANGER) != 0) {
        recover_ask(turn, GEN_VERB_SUBMIT);
    } else {
        gen_recover_ask_person(turn, turn->shot->attempt.failure_message);
    }
}

/* What people see meanwhile. */
static void recover_say(struct gen_turn *turn, const char *reason)
{
    char sentence[512];

    snprintf(sentence, sizeof(sentence), "it is not known whether %s has the order: %s",
             turn->shot->provider, reason);
    turn->shot->note = gen_turn_rewrite(turn, &turn->shot->note_place, sentence);
    gen_turn_effect(turn, GEN_EFFECT_PROGRESS);
}

static void recover_enter(struct gen_turn *turn, const char *reason, bool keep)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    attempt->failure = GEN_FAILURE_AMBIGUOUS;
    attempt->failure_message = gen_turn_keep(turn, reason);
    if (!keep) {
        attempt->step_state = ""; /* the verb that answers now starts from its beginning */
    }
    turn->shot->poll_failures++;
    turn->shot->recover_looks = 0;
    turn->shot->waited_ms = 0;
    recover_say(turn, reason);
    if (attempt->state != GEN_ATTEMPT_AMBIGUOUS) {
        gen_turn_move(turn, GEN_ATTEMPT_AMBIGUOUS);
    }
    gen_recover_go_on(turn);
}

void gen_recover_begin(struct gen_turn *turn, const char *reason)
{
    recover_enter(turn, reason, false);
}

/* A request that cost money left: the handle must be nobody else's. (What costs nothing is work of our own
 * machine, whose handles need not differ.) */
static void recover_take(struct gen_turn *turn)
{
    struct gen_change *change = gen_changes_add(turn->changes, GEN_CHANGE_HANDLE);
    struct gen_arena *arena = turn->changes->arena;
    const char *account = turn->input->account == NULL ? "" : turn->input->account;

    if (change != NULL) {
        change->as.handle = (struct gen_change_handle){
            .attempt = turn->shot->attempt.id,
            .provider = gen_arena_strdup(arena, turn->shot->provider),
            .handle = gen_arena_strdup(arena, turn->shot->attempt.handle),
            .account = gen_arena_strdup(arena, account),
            .at = turn->input->now};
    }
}

void gen_recover_accepted(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    enum gen_attempt_state from = attempt->state;
    struct gen_effect *effect;

    attempt->handle = gen_turn_keep(turn, turn->input->step->as.done.handle);
    attempt->step_state = "";
    attempt->failure = GEN_FAILURE_NONE;
    attempt->failure_code = "";
    attempt->failure_message = "";
    attempt->accepted_at = turn->input->now;
    turn->shot->poll_failures = 0;
    gen_turn_move(turn, GEN_ATTEMPT_ACCEPTED);
    gen_turn_stage(turn, GEN_STAGE_POLL);
    gen_turn_verb(turn, GEN_VERB_POLL);
    effect = gen_turn_effect(turn, GEN_EFFECT_CALL);
    if (effect != NULL && from != GEN_ATTEMPT_RESERVED) {
        recover_take(turn);
        effect->takes_from = from;
    }
}

void gen_recover_stranger(struct gen_turn *turn)
{
    struct gen_shot *shot = turn->shot;
    struct gen_attempt *attempt = &shot->attempt;

    attempt->state = turn->input->from; /* what the store still says */
    attempt->handle = attempt->step_state = "";
    attempt->accepted_at = 0;
    attempt->failure = GEN_FAILURE_AMBIGUOUS;
    attempt->failure_code = RECOVER_STRANGER;
    attempt->failure_message = gen_turn_keep(turn, turn->input->reason);
    turn->pipeline->stage = GEN_STAGE_SUBMIT;
    gen_turn_effect(turn, GEN_EFFECT_STOP);
    if (attempt->state != GEN_ATTEMPT_AMBIGUOUS) {
        gen_turn_move(turn, GEN_ATTEMPT_AMBIGUOUS);
    }
    if ((shot->model_flags & GEN_TRAIT_CAN_RECOVER) == 0 ||
        ++shot->strangers > RECOVER_MOST_STRANGERS) {
        gen_recover_ask_person(turn, attempt->failure_message);
        return;
    }
    shot->recover_looks = 0;
    recover_say(turn, attempt->failure_message);
    gen_turn_verb(turn, GEN_VERB_RECOVER);
    gen_turn_pause(turn, recover_rest(turn, shot->strangers));
}

void gen_recover_lost(struct gen_turn *turn, const char *reason)
{
    uint32_t flags = turn->shot->model_flags;

    recover_enter(turn, reason,
                  (flags & GEN_TRAIT_SUBMIT_IDEMPOTENT) != 0 &&
                      (flags & GEN_TRAIT_CAN_RECOVER) == 0 &&
                      turn->shot->attempt.handle[0] == '\0');
}

/* The provider says that it has no such job. */
static void recover_nothing(struct gen_turn *turn)
{
    struct gen_mishap nothing_bought = {
        .kind = GEN_FAILURE_TRANSIENT,
        .billed = GEN_BILLING_NO,
        .message = "the provider has no such job: the submission did not arrive"};

    turn->shot->attempt.step_state = "";
    turn->shot->recover_looks++;
    if (!recover_looked_long(turn) ||
        turn->shot->recover_looks < turn->patience->recover_least_looks) {
        gen_turn_pause(turn, recover_rest(turn, turn->shot->recover_looks));
    } else {
        gen_settle_refused(turn, &nothing_bought);
    }
}

void gen_recover_step(struct gen_turn *turn)
{
    const struct gen_step *step = turn->input->step;

    gen_turn_note(turn, step->state);
    switch (step->type) {
    case GEN_STEP_IS_HTTP:
    case GEN_STEP_IS_RUN:
        gen_turn_effect(turn, GEN_EFFECT_PERFORM);
        break;
    case GEN_STEP_IS_WAIT:
        if (recover_tired(turn)) {
            gen_recover_ask_person(turn, "the provider cannot say whether it has the job");
        } else {
            gen_turn_pause(turn, step->wait_ms);
        }
        break;
    case GEN_STEP_IS_DONE:
        if (step->as.done.handle[0] == '\0') {
            recover_nothing(turn);
            break;
        }
        gen_recover_accepted(turn);
        break;
    case GEN_STEP_IS_FAIL:
        gen_recover_ask_person(turn, step->as.fail.message);
        break;
    }
}
