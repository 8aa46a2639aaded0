/* patience_test.c - how long the machine asks, waits and looks, under a clock that costs no time. */
#include "unit/engine/play.h"

/* The pause that the last turn asked for. */
static int64_t pause_of(const struct play *play)
{
    const struct gen_effect *wake = play_effect(play, GEN_EFFECT_WAKE);

    cr_assert(wake != NULL, "nothing would wake it");
    return wake->wait_ms;
}

/* One look: the pause goes by, the provider is asked and has no such job. Returns the pause. */
static int64_t look_in_vain(struct play *play)
{
    int64_t pause = pause_of(play);

    play->now += pause;
    play_kind(play, GEN_INPUT_TIMER, 0);
    cr_assert(eq(int, play_called(play), GEN_VERB_RECOVER));
    play_http(play, 0, false);
    play_done(play, 0, "", -1);
    return pause;
}

/* A provider that books an order minutes later than it read it: "no such job" is not believed before
 * five minutes of looking, with pauses that grow, and the money stays held. */
Test(patience, no_such_job_is_not_believed_for_minutes)
{
    struct play play;
    int64_t waited = 0, longest = 0, shortest = INT64_MAX;
    int looks = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    while (play.attempts[0].state == GEN_ATTEMPT_AMBIGUOUS) {
        int64_t pause = look_in_vain(&play);

        waited += pause;
        longest = pause > longest ? pause : longest;
        shortest = pause < shortest ? pause : shortest;
        cr_assert(lt(int, ++looks, 40), "it never ends");
        if (play.attempts[0].state == GEN_ATTEMPT_AMBIGUOUS) {
            cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), 0));
        }
    }
    cr_assert(ge(i64, waited, 300000));
    cr_assert(ge(i64, longest, 20 * shortest), "the pauses grow: %lld, %lld", (long long)shortest,
              (long long)longest);
    cr_assert(eq(int, play.attempts[0].state, GEN_ATTEMPT_REFUSED));
    cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], MOST));
    play_end(&play);
}

/* Booked after three minutes: found, followed, bought once. */
Test(patience, an_order_that_is_booked_minutes_later_is_found)
{
    struct play play;
    int64_t waited = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    while (waited < 180000) {
        waited += look_in_vain(&play);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS), "after %lld ms",
                  (long long)waited);
    }
    play_kind(&play, GEN_INPUT_TIMER, 0);
    play_done(&play, 0, "job-late", -1);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED));
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 1));
    play_end(&play);
}

/* The clock of the machine may jump (it was set, it slept): only pauses that have gone by count. */
Test(patience, a_clock_that_jumps_does_not_shorten_it)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    for (int i = 0; i < 4; i++) {
        play.now += 3600000;
        look_in_vain(&play);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    }
    play_end(&play);
}

/* A restart in the middle of it looks from the beginning. */
Test(patience, a_restart_looks_anew)
{
    struct play play;
    int64_t waited = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    play_shot(&play, 0, 0)->verb = GEN_VERB_NONE; /* what memory knew is gone */
    play_shot(&play, 0, 0)->poll_failures = 0;
    play_kind(&play, GEN_INPUT_START, 0);
    cr_assert(eq(int, play_called(&play), GEN_VERB_RECOVER), "at once");
    play_done(&play, 0, "", -1);
    while (play.attempts[0].state == GEN_ATTEMPT_AMBIGUOUS) {
        waited += look_in_vain(&play);
    }
    cr_assert(ge(i64, waited, 300000));
    play_end(&play);
}

/* ------------------------------------------------------------------------------- cancelling -- */

/* What the provider says of an ambiguous order whose job is cancelled. */
Test(patience, a_cancelled_job_still_finds_out_what_it_bought)
{
    static const struct {
        bool found;         /* the provider has it; else it has not, ever */
        gen_micros cost;    /* that its cancelling there is billed with */
        gen_micros charge, release;
    } cases[] = {
        {false, 0, 0, MOST},              /* never arrived: all of it is free again */
        {true, 0, 0, MOST},               /* arrived, cancelled in time */
        {true, 90000, 90000, MOST - 90000}, /* arrived, a part is billed */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;

        play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER | GEN_TRAIT_CAN_CANCEL);
        play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_kind(&play, GEN_INPUT_CANCEL, 0);
        cr_assert(play.over == false, "case %zu: it can be found out", i);
        cr_assert(eq(int, play.job->status, GEN_JOB_CANCELING), "case %zu", i);
        if (cases[i].found) {
            play_done(&play, 0, "job-1", -1);
            cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED), "case %zu", i);
            cr_assert(eq(int, play_shot(&play, 0, 0)->verb, GEN_VERB_CANCEL), "case %zu", i);
            play_done(&play, 0, "", cases[i].cost);
        } else {
            play_done(&play, 0, "", -1);
            while (!play.over) {
                look_in_vain(&play);
            }
        }
        cr_assert(play.over && play.job->status == GEN_JOB_CANCELED, "case %zu", i);
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_CHARGE], cases[i].charge));
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], cases[i].release));
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_UNVERIFIED], 0), "case %zu", i);
        cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 1), "case %zu", i);
        play_end(&play);
    }
}

/* An answer that is lost after the cancelling: it is asked for, too, and never sent again. */
Test(patience, an_order_that_becomes_ambiguous_while_its_job_is_cancelled)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER | GEN_TRAIT_SUBMIT_IDEMPOTENT);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(eq(int, play_shot(&play, 0, 0)->verb, GEN_VERB_RECOVER));
    look_in_vain(&play);
    cr_assert(play.over == false);
    play_end(&play);
}

/* The provider does not answer at all: within the window it is asked, then it is unverified. */
Test(patience, a_cancelled_job_does_not_wait_for_a_silent_provider_for_ever)
{
    struct play play;
    int64_t waited = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    waited = pause_of(&play);
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(play_effect(&play, GEN_EFFECT_STOP) == NULL, "the pause goes on");
    for (;;) {
        cr_assert(lt(i64, waited, 1200000));
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_unanswered(&play, 0, GEN_FATE_NOT_SENT, false);
        if (play.over) {
            break;
        }
        waited += pause_of(&play);
    }
    cr_assert(ge(i64, waited, 300000));
    cr_assert(eq(int, play.job->status, GEN_JOB_CANCELED));
    cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_UNVERIFIED], MOST));
    play_end(&play);
}

/* A person was asked already and cancels: that is the answer, booked at once. */
Test(patience, a_cancel_after_the_question_to_a_person_is_the_answer)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    play_kind(&play, GEN_INPUT_TIMER, 0);
    play_fail(&play, 0, GEN_FAILURE_INVALID, GEN_BILLING_UNKNOWN, -1);
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(play.over);
    cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_UNVERIFIED], MOST));
    play_end(&play);
}

/* One shot is too far to be cancelled; the others are cancelled at the provider all the same. */
Test(patience, too_late_for_one_shot_is_not_too_late_for_all)
{
    struct play play;

    play_begin(&play, 1, 2, GEN_TRAIT_CAN_CANCEL);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play_to(&play, 1, GEN_ATTEMPT_SUBMITTING);
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    play_fail(&play, 0, GEN_FAILURE_INVALID, GEN_BILLING_UNKNOWN, -1);
    cr_assert(eq(int, play_shot(&play, 0, 0)->verb, GEN_VERB_POLL), "it is followed");
    play_done(&play, 1, "job-2", -1);
    cr_assert(eq(int, play_shot(&play, 0, 1)->verb, GEN_VERB_CANCEL), "this one is not too late");
    cr_assert(eq(int, play_shot(&play, 0, 0)->verb, GEN_VERB_POLL), "and this one is not asked");
    play_end(&play);
}

/* A cancel that never comes to an end: its attempt is followed to its verdict instead. */
Test(patience, a_cancel_that_waits_for_ever_is_given_up)
{
    struct play play;
    int asked = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_CANCEL);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    while (play_shot(&play, 0, 0)->verb == GEN_VERB_CANCEL) {
        cr_assert(lt(int, ++asked, 200), "it waits for ever");
        play_wait(&play, 0, 10000);
        play_kind(&play, GEN_INPUT_TIMER, 0);
    }
    cr_assert(eq(int, play_called(&play), GEN_VERB_POLL));
    play_done(&play, 0, "", 200000);
    play_done(&play, 0, "", -1);
    play_clip(&play, 0, GEN_OK);
    cr_assert(play.over);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 200000));
    play_end(&play);
}

/* ---------------------------------------------------------------------------------- fetching -- */

/* A fetch that is told "not yet" for ever: a person is told, it is asked slowly, the attempt stays
 * rendered with its money held, and nothing is bought again. */
Test(patience, a_fetch_that_waits_for_ever)
{
    struct play play;
    int64_t waited = 0;
    bool freed = false;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_RENDERED);
    while (play.job->status != GEN_JOB_NEEDS_ATTENTION) {
        play_wait(&play, 0, 5000);
        freed = play_effect(&play, GEN_EFFECT_FREE_SLOT) != NULL;
        waited += pause_of(&play);
        cr_assert(lt(i64, waited, INT64_C(86400000)), "it waits for ever");
        play_kind(&play, GEN_INPUT_TIMER, 0);
    }
    cr_assert(freed, "its lane is free for others");
    cr_assert(eq(int, play.job->pipelines[0].failure, GEN_FAILURE_TIMEOUT));
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt.failure, GEN_FAILURE_TIMEOUT));
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED));
    cr_assert(eq(int, play_called(&play), GEN_VERB_FETCH), "it is asked for still");
    play_wait(&play, 0, 5000);
    cr_assert(ge(i64, pause_of(&play), 300000), "slowly");
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 1));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 0));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), 0));
    play_done(&play, 0, "", -1);
    play_clip(&play, 0, GEN_OK);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SETTLED), "it came after all");
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt.failure, GEN_FAILURE_NONE));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), PRICE));
    play_end(&play);
}

/* The same, given up by a person: it was rendered, so it was billed. */
Test(patience, a_fetch_that_waits_for_ever_can_be_given_up)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_RENDERED);
    for (int i = 0; i < 20000 && play.job->status != GEN_JOB_NEEDS_ATTENTION; i++) {
        play_wait(&play, 0, 5000);
        play_kind(&play, GEN_INPUT_TIMER, 0);
    }
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(play.over);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), PRICE));
    play_end(&play);
}

/* An upload that is never ready, before anything is bought: refused, with its money back. After the
 * order has left, its fate is unknown. */
Test(patience, a_submit_that_waits_for_ever)
{
    static const struct {
        enum gen_attempt_state from, to;
        gen_micros release;
    } cases[] = {
        {GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_REFUSED, MOST},
        {GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_AMBIGUOUS, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;
        int asked = 0;

        play_begin(&play, 1, 1, 0);
        play_kind(&play, GEN_INPUT_SLOT, 0);
        play_to(&play, 0, cases[i].from);
        while (play.attempts[0].state == cases[i].from) {
            cr_assert(lt(int, ++asked, 20000), "case %zu: it waits for ever", i);
            play_wait(&play, 0, 5000);
            if (play.attempts[0].state == cases[i].from) {
                play_kind(&play, GEN_INPUT_TIMER, 0);
            }
        }
        cr_assert(eq(int, play.attempts[0].state, cases[i].to), "case %zu", i);
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], cases[i].release));
        play_end(&play);
    }
}

/* ------------------------------------------------------------------------------------ memory -- */

/* Ten thousand polls with ever new words, states of the plugin and stumbles: the job stays as small
 * as it was. */
Test(patience, polls_do_not_grow_the_job)
{
    struct play play;
    size_t before = 0;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    for (int i = 0; i < 10000; i++) {
        struct gen_step step = play_blank(GEN_STEP_IS_WAIT);
        char state[80], note[80];

        snprintf(state, sizeof(state), "{\"polls\": %d, \"pad\": \"%.*s\"}", i, i % 20,
                 "....................");
        snprintf(note, sizeof(note), "place %d in the queue", i);
        step.state = state;
        step.note = note;
        step.wait_ms = 1000;
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .step = &step});
        cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->attempt.step_state, state));
        cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->note, note));
        play_kind(&play, GEN_INPUT_TIMER, 0);
        if (i % 3 == 0) {
            snprintf(note, sizeof(note), "no answer, the %dth time", i);
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_UNANSWERED, .reason = note,
                                                 .fate = GEN_FATE_UNKNOWN});
        }
        before = i == 100 ? gen_arena_used(play.job->arena) : before;
    }
    cr_assert(eq(sz, gen_arena_used(play.job->arena), before));
    play_end(&play);
}

/* A disk that is full for weeks: each try says so, none takes memory. */
Test(patience, trouble_with_the_disk_does_not_grow_the_job)
{
    struct play play;
    size_t before = 0;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SETTLED);
    for (int i = 0; i < 1000; i++) {
        char reason[80];

        snprintf(reason, sizeof(reason), "only %d MB are free", i);
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .status = GEN_ENOSPACE,
                                             .reason = reason});
        cr_assert(eq(str, (char *)play.job->pipelines[0].failure_message, reason));
        play_kind(&play, GEN_INPUT_TIMER, 0);
        before = i == 100 ? gen_arena_used(play.job->arena) : before;
    }
    cr_assert(eq(sz, gen_arena_used(play.job->arena), before));
    play_end(&play);
}
