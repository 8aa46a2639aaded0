/* lessons_test.c - failures that users of comparable systems reported, as rules for our machine. Each
 * test is named by the number of the lesson and its rule. */
#include "unit/engine/play.h"

/* A retried submit buys twice: a broken connection is not a reason to send again. */
Test(lessons, lesson_01_a_retried_submit_buys_once)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(eq(int, play_called(&play), GEN_VERB_NONE));
    cr_assert(play_effect(&play, GEN_EFFECT_WAKE) == NULL, "nothing will send it again");
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 1));
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), 0));
    play_end(&play);
}

/* Where the reference is honoured it is said again; what is refused then does not say that the first
 * one was not sold. */
Test(lessons, lesson_01_a_refused_repetition_says_nothing_about_the_first_order)
{
    static const struct {
        bool answered; /* 429, 500, 4xx; else the repetition did not even leave */
        enum gen_failure kind;
    } cases[] = {
        {true, GEN_FAILURE_RATE_LIMITED},
        {true, GEN_FAILURE_TRANSIENT},
        {true, GEN_FAILURE_INVALID},
        {false, GEN_FAILURE_NONE},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;

        play_begin(&play, 1, 1, GEN_TRAIT_SUBMIT_IDEMPOTENT);
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_http(&play, 0, true);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SUBMITTING));
        if (cases[i].answered) {
            play_fail(&play, 0, cases[i].kind, GEN_BILLING_NO, -1);
        } else {
            play_unanswered(&play, 0, GEN_FATE_NOT_SENT, true);
        }
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS), "case %zu", i);
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), 0), "case %zu", i);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_http(&play, 0, true);
        play_done(&play, 0, "job-1", -1);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED), "case %zu", i);
        play_end(&play);
    }
}

static void order_keeping(struct play *play, const char *state)
{
    struct gen_step step = play_blank(GEN_STEP_IS_HTTP);

    step.as.http.costs = true;
    step.state = state;
    play_input(play, (struct gen_input){.kind = GEN_INPUT_STEP, .step = &step});
}

/* The same key with another order is another order: what was uploaded for the first is named again, as long
 * as only answers are missing. After an answer that cannot be used the verb begins anew. */
Test(lessons, lesson_01_a_repetition_is_the_same_order)
{
    static const struct {
        uint32_t flags;
        bool crash, answered; /* not answered; and then answered with a refusal */
        const char *state;
    } cases[] = {
        {GEN_TRAIT_SUBMIT_IDEMPOTENT, false, false, "uploaded"},
        {GEN_TRAIT_SUBMIT_IDEMPOTENT, true, false, "uploaded"},
        {GEN_TRAIT_SUBMIT_IDEMPOTENT, false, true, ""},
        /* another verb answers, which has a state of its own */
        {GEN_TRAIT_SUBMIT_IDEMPOTENT | GEN_TRAIT_CAN_RECOVER, false, false, ""},
        {GEN_TRAIT_SUBMIT_IDEMPOTENT | GEN_TRAIT_CAN_RECOVER, true, false, ""},
        {0, false, false, ""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;

        play_begin(&play, 1, 1, cases[i].flags);
        play_to(&play, 0, GEN_ATTEMPT_RESERVED);
        play_kind(&play, GEN_INPUT_SLOT, 0);
        order_keeping(&play, "uploaded");
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SUBMITTING), "case %zu", i);
        if (cases[i].crash) {
            play_kind(&play, GEN_INPUT_START, 0);
        } else {
            play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
        }
        if (cases[i].answered) {
            play_kind(&play, GEN_INPUT_TIMER, 0);
            order_keeping(&play, "uploaded");
            play_fail(&play, 0, GEN_FAILURE_INVALID, GEN_BILLING_NO, -1);
        }
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS), "case %zu", i);
        cr_expect(eq(str, (char *)play_shot(&play, 0, 0)->attempt.step_state,
                     (char *)cases[i].state), "case %zu", i);
        play_end(&play);
    }
}

/* Repetitions are bounded: then a person. */
Test(lessons, lesson_01_repetitions_end)
{
    struct play play;
    int sent = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_SUBMIT_IDEMPOTENT);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
    while (play.job->status != GEN_JOB_NEEDS_ATTENTION) {
        sent++;
        cr_assert(sent < 100);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_http(&play, 0, true);
        play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
    }
    play_end(&play);
}

/* An answer that nobody understands is not a refusal. */
Test(lessons, lesson_01_garbage_after_an_order_is_unknown)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_DEFECT, .status = GEN_ECORRUPT,
                                         .reason = "no JSON"});
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), 0));
    play_end(&play);
}

/* A plugin that asks for a second paid request in one attempt does not get it, and what it has sent
 * is not forgotten by buying anew. */
Test(lessons, lesson_01_a_plugin_cannot_pay_twice)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_http(&play, 0, true);
    cr_assert(play_effect(&play, GEN_EFFECT_PERFORM) == NULL);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 1));
    play_end(&play);
}

/* "There is no such job", said right after the line broke, can mean "not yet". */
Test(lessons, lesson_01_no_such_job_is_believed_only_when_it_is_said_again)
{
    struct play play;
    int looks = 0;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    while (play_state(&play, 0) == GEN_ATTEMPT_AMBIGUOUS) {
        cr_assert(play_effect(&play, GEN_EFFECT_WAKE) != NULL);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        cr_assert(eq(int, play_called(&play), GEN_VERB_RECOVER));
        play_http(&play, 0, false);
        play_done(&play, 0, "", -1);
        looks++;
    }
    cr_assert(gt(int, looks, 2));
    cr_assert(eq(int, play.attempts[0].state, GEN_ATTEMPT_REFUSED));
    cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], MOST));
    play_end(&play);
}

/* Found by our reference: it is followed, not bought again. */
Test(lessons, lesson_01_a_found_order_is_followed)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    play_kind(&play, GEN_INPUT_TIMER, 0);
    play_done(&play, 0, "job-3", -1);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED));
    cr_assert(eq(int, play_called(&play), GEN_VERB_POLL));
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 1));
    play_end(&play);
}

/* Failed renders stay billed: the charge follows the verdict. */
Test(lessons, lesson_06_charge_follows_the_verdict)
{
    static const struct {
        enum gen_billing billed;
        gen_micros cost, charge, release, unverified;
    } cases[] = {
        {GEN_BILLING_NO, -1, 0, MOST, 0},
        {GEN_BILLING_YES, 100000, 100000, MOST - 100000, 0},
        {GEN_BILLING_YES, -1, PRICE, MOST - PRICE, 0},
        {GEN_BILLING_YES, MOST + 1, MOST + 1, 0, 0}, /* dearer than it said: recorded as it is */
        {GEN_BILLING_UNKNOWN, -1, 0, 0, MOST},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;

        play_begin(&play, 1, 1, 0);
        play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
        play_fail(&play, 0, GEN_FAILURE_MODERATED, cases[i].billed, cases[i].cost);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_FAILED));
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), cases[i].charge), "%zu", i);
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), cases[i].release), "%zu", i);
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_UNVERIFIED), cases[i].unverified));
        play_end(&play);
    }
}

/* Refunding too early is wrong, too: a poll that fails is no verdict. */
Test(lessons, lesson_07_trouble_with_polling_is_no_verdict)
{
    static const enum gen_failure kinds[] = {GEN_FAILURE_TRANSIENT, GEN_FAILURE_RATE_LIMITED,
                                             GEN_FAILURE_AUTH};

    for (size_t i = 0; i < GEN_COUNT(kinds); i++) {
        struct play play;

        play_begin(&play, 1, 1, 0);
        play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
        for (int times = 0; times < 20; times++) {
            play_fail(&play, 0, kinds[i], GEN_BILLING_UNKNOWN, -1);
            cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED), "case %zu", i);
            play_unanswered(&play, 0, GEN_FATE_UNKNOWN, false);
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_DEFECT, .reason = "garbage"});
            play_kind(&play, GEN_INPUT_TIMER, 0);
            cr_assert(eq(int, play_called(&play), GEN_VERB_POLL), "case %zu", i);
        }
        play_done(&play, 0, "", -1);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED));
        play_end(&play);
    }
}

/* A timeout is not a verdict: the hold stays. */
Test(lessons, lesson_07_a_timeout_keeps_the_hold)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play.now += 3 * gen_patience_defaults.verdict_ms;
    play_wait(&play, 0, 1000);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(play_effect(&play, GEN_EFFECT_WAKE) != NULL, "it is asked on");
    cr_assert(play.over == false);
    play_end(&play);
}

/* Refusal dressed as success: done, and the file is no video. */
Test(lessons, lesson_09_a_success_without_a_video_is_a_failure)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_RENDERED);
    for (int i = 0; i < 4; i++) {
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED));
        play_done(&play, 0, "", -1);
        play_clip(&play, 0, GEN_EINVAL);
        play_kind(&play, GEN_INPUT_TIMER, 0);
    }
    cr_assert(eq(int, play.attempts[0].state, GEN_ATTEMPT_FAILED));
    cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_CHARGE], PRICE));
    play_end(&play);
}

/* Nobody says which input was refused: the provider's words and the field come through. */
Test(lessons, lesson_10_the_providers_reason_is_kept)
{
    struct play play;
    struct gen_step step = play_blank(GEN_STEP_IS_FAIL);

    step.as.fail.kind = GEN_FAILURE_MODERATED;
    step.as.fail.billed = GEN_BILLING_NO;
    step.as.fail.code = "E42";
    step.as.fail.message = "a celebrity is shown";
    step.as.fail.field = "scenes[0].prompt";
    step.as.fail.cost = -1;
    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .step = &step});
    cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->attempt.failure_field, "scenes[0].prompt"));
    cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->attempt.failure_code, "E42"));
    cr_assert(strstr(play.job->pipelines[0].failure_message, "a celebrity is shown") != NULL);
    play_end(&play);
}

/* A restart resumes by polling; it never submits again. */
Test(lessons, lesson_11_a_restart_never_submits_again)
{
    static const enum gen_attempt_state states[] = {GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_ACCEPTED,
                                                    GEN_ATTEMPT_RENDERED, GEN_ATTEMPT_AMBIGUOUS};

    for (size_t i = 0; i < GEN_COUNT(states); i++) {
        struct play play;

        play_begin(&play, 1, 1, 0);
        play_to(&play, 0, states[i]);
        play_shot(&play, 0, 0)->verb = GEN_VERB_NONE;
        play_kind(&play, GEN_INPUT_START, 0);
        cr_assert(ne(int, play_called(&play), GEN_VERB_SUBMIT), "case %zu", i);
        play_kind(&play, GEN_INPUT_SLOT, 0);
        cr_assert(ne(int, play_called(&play), GEN_VERB_SUBMIT), "case %zu", i);
        play_end(&play);
    }
}

/* Paid, finished, unreachable: fetching goes on until the provider itself says that it is gone. */
Test(lessons, lesson_12_a_paid_clip_is_fetched_for_long)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_RENDERED);
    for (int i = 0; i < 100; i++) {
        play_fail(&play, 0, GEN_FAILURE_TRANSIENT, GEN_BILLING_UNKNOWN, -1);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED));
    }
    play_clip(&play, 0, GEN_ENOSPACE);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED), "our own disk is no verdict");
    play_fail(&play, 0, GEN_FAILURE_EXPIRED, GEN_BILLING_UNKNOWN, -1);
    cr_assert(eq(int, play.attempts[0].state, GEN_ATTEMPT_FAILED));
    cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_CHARGE], PRICE), "it was rendered");
    play_end(&play);
}

/* Adapters bill $0: a provider that reports its cost settles with it, another with the estimate. */
Test(lessons, lesson_20_the_reported_cost_settles)
{
    struct play play;

    play_begin(&play, 1, 2, 0);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play_done(&play, 0, "", 123456);
    play_done(&play, 0, "", -1);
    play_clip(&play, 0, GEN_OK);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 123456));
    play_to(&play, 1, GEN_ATTEMPT_SETTLED);
    cr_assert(eq(i64, play_entry(&play, 1, GEN_LEDGER_CHARGE), PRICE));
    play_end(&play);
}

/* The risk of buying twice is only taken where retry.yaml takes it for this provider, within its bounds, and once:
 * the attempt counts as unverified, and the one that follows is the last. */
Test(lessons, lesson_01_the_risk_is_the_policys)
{
    static const struct {
        const char *what, *provider;
        gen_micros most, a_day, today;
        bool asks, accepted;
    } cases[] = {
        {"accepted", "vendor", MOST, 0, 0, true, true},
        {"of another provider", "others", MOST, 0, 0, true, false},
        {"too dear", "vendor", MOST - 1, 0, 0, true, false},
        {"within what a day allows", "vendor", MOST, 3 * MOST, 2 * MOST, true, true},
        {"more than that", "vendor", MOST, 3 * MOST, 2 * MOST + 1, true, false},
        {"nobody knows what was today", "vendor", MOST, 3 * MOST, INT64_MAX, true, false},
        {"nobody can be asked", "vendor", MOST, 0, 0, false, false},
    };
    struct gen_retry_kind kind = {.retries = 3, .rebuys = 1, .first_pause_ms = 1,
                                  .most_pause_ms = 1, .jitter = GEN_JITTER_NONE};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_doubt_of row = {.named = {.name = cases[i].provider},
                                         .action = GEN_DOUBT_ACCEPT, .most = cases[i].most,
                                         .most_a_day = cases[i].a_day};
        struct gen_retry_policy policy = {.job = {.retries = 99},
                                          .ambiguous = {.action = GEN_DOUBT_WAIT,
                                                        .providers = {&row, 1}}};
        struct play play;

        policy.by_failure[GEN_FAILURE_TRANSIENT] = &kind;
        play_begin(&play, 1, 1, 0);
        play.policy = &policy;
        play.doubted = cases[i].today;
        play.asks_doubts = cases[i].asks;
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play.now += 1000;
        play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
        if (!cases[i].accepted) {
            cr_expect(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS), "%s", cases[i].what);
            cr_expect(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION), "%s", cases[i].what);
            play_end(&play);
            continue;
        }
        cr_expect(eq(int, play.attempts[0].state, GEN_ATTEMPT_FAILED), "%s", cases[i].what);
        cr_expect(eq(i64, play.attempts[0].amounts[GEN_LEDGER_UNVERIFIED], MOST));
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED), "%s", cases[i].what);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play.now += 1000;
        play_unanswered(&play, 0, GEN_FATE_UNKNOWN, true);
        cr_expect(eq(int, play.job->status, GEN_JOB_FAILED), "%s: not a third time", cases[i].what);
        play_end(&play);
    }
}
