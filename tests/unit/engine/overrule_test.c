/* overrule_test.c - people's wishes as turns of the machine: what is asked for and what is not, and the money of
 * each. Whole jobs: tests/api/hand_test.c. */
#include "unit/engine/play.h"

static size_t effects_of(const struct play *play, enum gen_effect_kind kind)
{
    size_t count = 0;

    for (const struct gen_effect *effect = play->first; effect != NULL; effect = effect->next) {
        count += effect->kind == kind;
    }
    return count;
}

static enum gen_status tell(struct play *play, struct gen_input input)
{
    struct gen_error answer = {0};

    input.answer = &answer;
    play_input(play, input);
    return answer.status;
}

static size_t events_of(const struct play *play, enum gen_event_kind kind)
{
    size_t count = 0;

    for (const struct gen_change *it = play->changes->first; it != NULL; it = it->next) {
        count += it->kind == GEN_CHANGE_EVENT && it->as.event.kind == kind;
    }
    return count;
}

/* What waits leaves its lane, what is at work goes on; a slot that comes all the same is given back. */
Test(overrule, pause_and_resume)
{
    struct play play;

    play_begin(&play, 2, 2, 0);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_PAUSE, .reason = "wait"}) == GEN_OK);
    cr_expect(play.job->paused);
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_FREE_SLOT), 3), "three wait");
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_STOP), 0), "one is at work");
    cr_expect(eq(sz, events_of(&play, GEN_EVENT_JOB_PAUSED), 1));
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_PAUSE}) == GEN_OK);
    cr_expect(eq(sz, play.changes->count, 0), "twice is nothing");
    play_kind(&play, GEN_INPUT_SLOT, 1);
    cr_expect(eq(int, play_state(&play, 1), GEN_ATTEMPT_RESERVED));
    cr_expect(eq(int, play_called(&play), GEN_VERB_NONE), "nothing is ordered");
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_FREE_SLOT), 1));
    play_kind(&play, GEN_INPUT_START, 0); /* after a restart, too */
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_WANT_SLOT), 1), "only what was ordered before");
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_RESUME}) == GEN_OK);
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_WANT_SLOT), 3));
    cr_expect(eq(sz, events_of(&play, GEN_EVENT_JOB_RESUMED), 1));
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_RESUME}) == GEN_OK);
    cr_expect(eq(sz, play.changes->count, 0));
    play_end(&play);
}

/* The pause before a retry ends while people say no: its money is held, and it waits. */
Test(overrule, a_retry_waits_for_people)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_fail(&play, 0, GEN_FAILURE_TRANSIENT, GEN_BILLING_NO, -1);
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_PAUSE}) == GEN_OK);
    play_kind(&play, GEN_INPUT_TIMER, 0);
    cr_expect(eq(int, play_state(&play, 0), GEN_ATTEMPT_RESERVED));
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_WANT_SLOT), 0));
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_RESUME}) == GEN_OK);
    cr_expect(eq(sz, effects_of(&play, GEN_EFFECT_WANT_SLOT), 1));
    play_to(&play, 0, GEN_ATTEMPT_SETTLED);
    play_end(&play);
}

/* A video that failed is made again: what is finished stays, what is missing gets one more attempt each, which
 * holds its money anew. */
Test(overrule, what_failed_is_made_again)
{
    struct play play;
    const struct gen_effect *want;

    play_begin(&play, 2, 2, 0);
    play_to(&play, 0, GEN_ATTEMPT_SETTLED);
    play_to(&play, 1, GEN_ATTEMPT_SUBMITTING);
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_RETRY}) == GEN_ECONFLICT,
              "nothing has failed yet");
    cr_expect(eq(sz, play.changes->count, 0));
    play_fail(&play, 1, GEN_FAILURE_MODERATED, GEN_BILLING_NO, -1);
    cr_assert(eq(int, play.job->pipelines[0].status, GEN_PIPELINE_FAILED));
    play.now += 1000;
    cr_expect(tell(&play, (struct gen_input){.kind = GEN_INPUT_RETRY, .reason = "why not"}) ==
              GEN_OK);
    cr_expect(eq(int, play.job->pipelines[0].status, GEN_PIPELINE_PROCESSING));
    cr_expect(eq(int, play.job->pipelines[1].status, GEN_PIPELINE_QUEUED), "it is not its matter");
    cr_expect(eq(int, play_state(&play, 0), GEN_ATTEMPT_SETTLED));
    cr_expect(eq(int, play_state(&play, 1), GEN_ATTEMPT_PLANNED));
    cr_expect(eq(i64, play_shot(&play, 0, 1)->attempt.hold, 0));
    play_kind(&play, GEN_INPUT_TIMER, 1);
    want = play_effect(&play, GEN_EFFECT_WANT_SLOT);
    cr_assert(want != NULL && want->holds_money);
    cr_expect(eq(i64, play_entry(&play, 1, GEN_LEDGER_HOLD), MOST));
    play_to(&play, 1, GEN_ATTEMPT_SETTLED);
    cr_expect(play_effect(&play, GEN_EFFECT_ASSEMBLE) != NULL);
    play_end(&play);
}

/* Also when the whole job is over; but not one that somebody cancelled. */
Test(overrule, a_job_that_is_over)
{
    for (int canceled = 0; canceled < 2; canceled++) {
        struct play play;

        play_begin(&play, 1, 1, 0);
        if (canceled == 1) {
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_CANCEL});
        } else {
            play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
            play_fail(&play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_NO, -1);
        }
        cr_assert(play.over);
        play.over = false;
        play.now += 1000;
        cr_expect(eq(int, tell(&play, (struct gen_input){.kind = GEN_INPUT_RETRY}),
                     canceled == 1 ? GEN_ECONFLICT : GEN_OK));
        cr_expect(eq(int, play.over, canceled), "an open job that is over is let go of");
        if (canceled == 0) {
            cr_expect(eq(int, play.job->status, GEN_JOB_IN_PROGRESS));
            cr_expect(eq(i64, play.job->completed_at, 0));
            play_kind(&play, GEN_INPUT_TIMER, 0);
            play_to(&play, 0, GEN_ATTEMPT_SETTLED);
        }
        play_end(&play);
    }
}

/* Another model for all that is not ordered yet, or for nothing. */
static enum gen_status other(void *context, const struct gen_turn *turn, struct gen_rerouted *out,
                             struct gen_error *why)
{
    const struct play *play = context;

    cr_assert(eq(str, (char *)turn->input->model, "other/one"));
    if (play->elsewhere_most == 0) {
        return gen_error_set(why, GEN_ENOTFOUND, "it is not loaded");
    }
    out->shot = *turn->shot;
    out->shot.provider = "other";
    out->shot.price = out->shot.most = play->elsewhere_most;
    return GEN_OK;
}

Test(overrule, another_model)
{
    for (int fits = 0; fits < 2; fits++) {
        struct play play;

        play_begin(&play, 1, 3, 0);
        play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
        play.elsewhere = other;
        play.elsewhere_most = fits == 1 ? MOST : 0;
        play.now += 1000;
        cr_expect(eq(int, tell(&play, (struct gen_input){.kind = GEN_INPUT_RETRY,
                                                         .model = "other/one"}),
                     fits == 1 ? GEN_OK : GEN_ENOTFOUND));
        cr_expect(eq(str, (char *)play_shot(&play, 0, 0)->provider, "vendor"), "it is ordered");
        for (size_t k = 1; k < 3; k++) {
            cr_expect(eq(str, (char *)play_shot(&play, 0, k)->provider,
                         fits == 1 ? "other" : "vendor"));
            cr_expect(eq(i64, play_shot(&play, 0, k)->attempt.hold, MOST), "its money went along");
        }
        cr_expect(eq(int, play.changes->count > 0, fits), "all or nothing");
        play_end(&play);
    }
}

/* What somebody found out about an order that is in doubt, and its money. */
Test(overrule, findings)
{
    static const struct {
        enum gen_finding finding;
        gen_micros cost, charge, release;
        enum gen_attempt_state state; /* of that attempt */
    } cases[] = {
        {GEN_FINDING_NOT_BOUGHT, -1, 0, MOST, GEN_ATTEMPT_REFUSED},
        {GEN_FINDING_LOST, -1, PRICE, MOST - PRICE, GEN_ATTEMPT_FAILED},
        {GEN_FINDING_LOST, 70000, 70000, MOST - 70000, GEN_ATTEMPT_FAILED},
        {GEN_FINDING_HANDLE, -1, 0, 0, GEN_ATTEMPT_ACCEPTED},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_input input = {.kind = GEN_INPUT_RESOLVE, .finding = cases[i].finding,
                                  .handle = "job-7", .cost = cases[i].cost, .reason = "looked"};
        struct play play;

        play_begin(&play, 1, 1, 0);
        cr_expect(eq(int, tell(&play, input), GEN_ECONFLICT), "nobody is in doubt");
        play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
        play.now += 1000;
        cr_expect(eq(int, tell(&play, input), GEN_OK));
        cr_expect(eq(sz, events_of(&play, GEN_EVENT_ATTEMPT_RESOLVED), 1));
        cr_expect(eq(int, play.attempts[0].state, cases[i].state), "case %zu", i);
        cr_expect(eq(i64, play.attempts[0].amounts[GEN_LEDGER_CHARGE], cases[i].charge),
                  "case %zu", i);
        cr_expect(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], cases[i].release),
                  "case %zu", i);
        if (cases[i].finding == GEN_FINDING_HANDLE) {
            cr_expect(eq(str, (char *)play_shot(&play, 0, 0)->attempt.handle, "job-7"));
            cr_expect(eq(int, play_called(&play), GEN_VERB_POLL));
        } else {
            cr_expect(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED), "it is tried again");
        }
        play_end(&play);
    }
}
