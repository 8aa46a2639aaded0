/* machine_test.c - every way through the machine, driven by hand; play.h checks each turn. */
#include "unit/engine/play.h"

#include "engine/fetch.h"

static struct gen_output sample_output(const struct play *play)
{
    struct gen_output output = {.organization = "org_1", .variation = "16x9", .digest = "d",
                                .thumbnail = "t", .sheet = "s", .format = "mp4", .probe = "{}"};

    snprintf(output.id.text, sizeof(output.id.text), "out_1");
    output.pipeline = play->job->pipelines[0].id;
    return output;
}

Test(machine, the_whole_way)
{
    struct play play;
    struct gen_output output;

    play_begin(&play, 1, 2, 0);
    play_kind(&play, GEN_INPUT_START, 0);
    cr_assert(play_effect(&play, GEN_EFFECT_WANT_SLOT) != NULL);
    cr_assert(eq(int, play.changes->count, 0));
    play_kind(&play, GEN_INPUT_SLOT, 0);
    cr_assert(eq(int, play_called(&play), GEN_VERB_SUBMIT));
    cr_assert(eq(int, play.job->status, GEN_JOB_IN_PROGRESS));
    cr_assert(eq(int, play.job->pipelines[0].status, GEN_PIPELINE_PROCESSING));
    play_http(&play, 0, true);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SUBMITTING));
    play_done(&play, 0, "job-7", -1);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED));
    cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->attempt.handle, "job-7"));
    cr_assert(eq(int, play_called(&play), GEN_VERB_POLL));
    play_wait(&play, 0, 5000);
    cr_assert(eq(i64, play_effect(&play, GEN_EFFECT_WAKE)->wait_ms, 5000));
    play_kind(&play, GEN_INPUT_TIMER, 0);
    cr_assert(eq(int, play_called(&play), GEN_VERB_POLL));
    play_done(&play, 0, "", 350000);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED));
    cr_assert(eq(int, play_called(&play), GEN_VERB_FETCH));
    play_done(&play, 0, "", -1);
    cr_assert(play_effect(&play, GEN_EFFECT_STORE_CLIP) != NULL);
    play_clip(&play, 0, GEN_OK);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SETTLED));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 350000));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), MOST - 350000));
    cr_assert(play_effect(&play, GEN_EFFECT_FREE_SLOT) != NULL);
    cr_assert(play_effect(&play, GEN_EFFECT_ASSEMBLE) == NULL, "one shot is missing still");
    play_to(&play, 1, GEN_ATTEMPT_SETTLED);
    cr_assert(eq(i64, play_entry(&play, 1, GEN_LEDGER_CHARGE), PRICE));
    cr_assert(play_effect(&play, GEN_EFFECT_ASSEMBLE) != NULL);
    output = sample_output(&play);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .output = &output});
    cr_assert(eq(int, play.job->status, GEN_JOB_COMPLETED));
    cr_assert(play.over);
    play_end(&play);
}

/* A finished clip takes the place of the render; when it comes too late, nothing happens. */
Test(machine, a_clip_used_again)
{
    struct play play;
    struct gen_ident attempt = {"att_1"}, job = {"job_1"};
    const struct gen_input reused = {.kind = GEN_INPUT_REUSED, .digest = "clip", .made_by = &attempt,
                                     .made_for = &job};

    play_begin(&play, 1, 2, 0);
    play_kind(&play, GEN_INPUT_START, 0);
    play_input(&play, reused);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SETTLED));
    cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->clip, "clip"));
    cr_assert(eq(i64, play_shot(&play, 0, 0)->attempt.cost, 0));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), MOST));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 0));
    cr_assert(eq(int, play.job->status, GEN_JOB_IN_PROGRESS));
    play_input(&play, reused);
    cr_assert(eq(int, play.changes->count, 0), "it has one");
    play_to(&play, 1, GEN_ATTEMPT_SUBMITTING);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_REUSED, .shot = 1, .digest = "clip",
                                         .made_by = &attempt, .made_for = &job});
    cr_assert(eq(int, play_state(&play, 1), GEN_ATTEMPT_SUBMITTING), "it may be bought by now");
    play_end(&play);
}

/* The store's thread reads the changes while the loop goes on: they own every text. */
Test(machine, an_output_change_owns_its_texts)
{
    struct play play;
    struct gen_output output;
    char digest[] = "digest-of-the-video";
    const struct gen_change *change;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SETTLED);
    output = sample_output(&play);
    output.digest = digest;
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .output = &output});
    memset(digest, 'x', sizeof(digest) - 1);
    for (change = play.changes->first; change->kind != GEN_CHANGE_OUTPUT_ADD;
         change = change->next) {
    }
    cr_assert(eq(str, (char *)change->as.output.digest, "digest-of-the-video"));
    play_end(&play);
}

/* How each failure of a submission that was answered ends. */
Test(machine, failures_of_submit)
{
    static const struct {
        enum gen_failure kind;
        enum gen_billing billed;
        enum gen_attempt_state state; /* of the attempt that failed */
        bool again;                   /* another one is planned */
        gen_micros charge, release;
    } cases[] = {
        /* server trouble before anything was sold: again */
        {GEN_FAILURE_TRANSIENT, GEN_BILLING_NO, GEN_ATTEMPT_REFUSED, true, 0, MOST},
        /* too fast: again, later */
        {GEN_FAILURE_RATE_LIMITED, GEN_BILLING_NO, GEN_ATTEMPT_REFUSED, true, 0, MOST},
        /* a refusal is final */
        {GEN_FAILURE_INVALID, GEN_BILLING_NO, GEN_ATTEMPT_REFUSED, false, 0, MOST},
        {GEN_FAILURE_MODERATED, GEN_BILLING_NO, GEN_ATTEMPT_REFUSED, false, 0, MOST},
        {GEN_FAILURE_QUOTA, GEN_BILLING_NO, GEN_ATTEMPT_REFUSED, false, 0, MOST},
        {GEN_FAILURE_AUTH, GEN_BILLING_NO, GEN_ATTEMPT_REFUSED, false, 0, MOST},
        /* billed at once and refused */
        {GEN_FAILURE_MODERATED, GEN_BILLING_YES, GEN_ATTEMPT_FAILED, false, PRICE, MOST - PRICE},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;
        const struct play_attempt *first;

        play_begin(&play, 1, 1, 0);
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play_fail(&play, 0, cases[i].kind, cases[i].billed, -1);
        first = &play.attempts[0];
        cr_assert(eq(int, first->state, cases[i].state), "case %zu", i);
        cr_assert(eq(i64, first->amounts[GEN_LEDGER_CHARGE], cases[i].charge), "case %zu", i);
        cr_assert(eq(i64, first->amounts[GEN_LEDGER_RELEASE], cases[i].release), "case %zu", i);
        cr_assert(eq(int, play.attempt_count, cases[i].again ? 2 : 1), "case %zu", i);
        cr_assert(eq(int, play.over, !cases[i].again), "case %zu", i);
        play_end(&play);
    }
}

/* A request that certainly did not leave costs nothing and is tried again as a new attempt. */
Test(machine, a_request_that_was_not_sent)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_unanswered(&play, 0, GEN_FATE_NOT_SENT, true);
    cr_assert(eq(int, play.attempts[0].state, GEN_ATTEMPT_REFUSED));
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED));
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_HOLD), MOST), "its money went over at once");
    play_kind(&play, GEN_INPUT_TIMER, 0);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RESERVED));
    cr_assert(not(play_effect(&play, GEN_EFFECT_WANT_SLOT)->holds_money), "nothing new is held");
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_HOLD), MOST));
    play_end(&play);
}

/* Billed, and the rest of the hold does not cover another attempt: it holds anew after its pause. With a
 * reserve the rest goes over, and what is left in the end is released. */
Test(machine, the_reserve_rides_on_the_hold)
{
    static const struct {
        gen_micros reserve;
        bool carried;
    } cases[] = {{0, false}, {MOST - PRICE, false}, {PRICE, true}, {MOST, true}, {2 * MOST, true}};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;
        gen_micros rest = MOST + cases[i].reserve - PRICE;

        play_begin(&play, 1, 1, 0);
        play_shot(&play, 0, 0)->attempt.hold += cases[i].reserve;
        play.attempts[0].amounts[GEN_LEDGER_HOLD] += cases[i].reserve;
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play_fail(&play, 0, GEN_FAILURE_PROVIDER, GEN_BILLING_YES, -1);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED), "case %zu", i);
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_CHARGE], PRICE), "case %zu", i);
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], rest), "case %zu", i);
        cr_assert(eq(i64, play.attempts[1].amounts[GEN_LEDGER_HOLD], cases[i].carried ? rest : 0),
                  "case %zu", i);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        cr_assert(play_effect(&play, GEN_EFFECT_WANT_SLOT)->holds_money == !cases[i].carried,
                  "case %zu", i);
        cr_assert(eq(i64, play.attempts[1].amounts[GEN_LEDGER_HOLD],
                     cases[i].carried ? rest : MOST), "case %zu", i);
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_CANCEL});
        cr_assert(play.over, "case %zu", i);
        cr_assert(eq(i64, play.attempts[1].amounts[GEN_LEDGER_RELEASE],
                     cases[i].carried ? rest : MOST), "case %zu", i);
        play_end(&play);
    }
}

/* Nobody knew its price: what was held for it stays unverified, unless the provider says what it cost. */
Test(machine, work_without_a_price)
{
    for (int reported = 0; reported < 2; reported++) {
        struct play play;

        play_begin(&play, 1, 1, 0);
        play_shot(&play, 0, 0)->price = play_shot(&play, 0, 0)->attempt.estimate = 0;
        play_to(&play, 0, GEN_ATTEMPT_RENDERED);
        if (reported == 1) {
            play_shot(&play, 0, 0)->attempt.reported = PRICE;
        }
        play_clip(&play, 0, GEN_OK);
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SETTLED));
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_UNVERIFIED), reported ? 0 : MOST));
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), reported ? PRICE : 0));
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), reported ? MOST - PRICE : 0));
        play_end(&play);
    }
}

/* Cancelled while the money of the next attempt is there already, in its pause. */
Test(machine, a_planned_attempt_gives_back_what_it_took_over)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_unanswered(&play, 0, GEN_FATE_NOT_SENT, true);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED));
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_CANCEL});
    cr_assert(play.over);
    cr_assert(eq(i64, play.attempts[1].amounts[GEN_LEDGER_RELEASE], MOST));
    play_end(&play);
}

Test(machine, another_attempt_that_the_budget_refuses)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_fail(&play, 0, GEN_FAILURE_TRANSIENT, GEN_BILLING_NO, -1);
    play_kind(&play, GEN_INPUT_TIMER, 0);
    /* The store has refused all of that turn. */
    play.attempts[1].state = GEN_ATTEMPT_PLANNED;
    memset(play.attempts[1].amounts, 0, sizeof(play.attempts[1].amounts));
    memset(play.attempts[1].entries, 0, sizeof(play.attempts[1].entries));
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_REFUSED, .status = GEN_EBUDGET,
                                         .reason = "budget of the job: $1.00"});
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_REFUSED));
    cr_assert(eq(int, play.job->status, GEN_JOB_FAILED));
    cr_assert(eq(int, play.job->pipelines[0].failure, GEN_FAILURE_BUDGET));
    cr_assert(strstr(play.job->pipelines[0].failure_message, "$1.00") != NULL);
    play_end(&play);
}

/* Since it was held, bills have been higher than the price list: more is held before it is ordered, or it is
 * not ordered. */
Test(machine, more_is_held_before_it_is_ordered)
{
    for (int refused = 0; refused < 2; refused++) {
        struct play play;
        struct gen_attempt *attempt;
        const struct gen_effect *call;

        play_begin(&play, 1, 1, 0);
        attempt = &play_shot(&play, 0, 0)->attempt;
        play.attempts[0].entries[GEN_LEDGER_HOLD] = 0; /* that of the admission: another is allowed */
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_SLOT, .price = 2 * PRICE,
                                             .needed = 2 * MOST});
        call = play_effect(&play, GEN_EFFECT_CALL);
        cr_assert(call != NULL && call->holds_money);
        cr_assert(eq(i64, attempt->hold, 2 * MOST));
        cr_assert(eq(i64, attempt->estimate, 2 * PRICE));
        cr_assert(eq(i64, attempt->book, PRICE));
        cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_HOLD], 2 * MOST));
        for (const struct gen_change *change = play.changes->first; change != NULL;
             change = change->next) {
            if (change->kind == GEN_CHANGE_LEDGER) {
                cr_assert(eq(str, (char *)change->as.entry.reference, "top-up"));
            }
        }
        if (!refused) {
            play_to(&play, 0, GEN_ATTEMPT_SETTLED);
            cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_CHARGE], 2 * PRICE));
            cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], 2 * (MOST - PRICE)));
        } else { /* the store has refused that turn */
            play.attempts[0].amounts[GEN_LEDGER_HOLD] = MOST;
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_REFUSED, .status = GEN_EBUDGET,
                                                 .reason = "budget of the job: $1.00"});
            cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_REFUSED));
            cr_assert(eq(i64, play.attempts[0].amounts[GEN_LEDGER_RELEASE], MOST));
            cr_assert(eq(int, play.attempts[0].paid_requests, 0));
            cr_assert(strstr(play.job->pipelines[0].failure_message, "price list") != NULL);
            cr_assert(strstr(play.job->pipelines[0].failure_message, "$1.00") != NULL);
        }
        play_end(&play);
    }
}

/* What is held covers it: nothing more is held, and a refusal of something else is not taken for one of this. */
Test(machine, enough_is_held)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_shot(&play, 0, 0)->attempt.hold = 3 * MOST; /* with a reserve */
    play.attempts[0].amounts[GEN_LEDGER_HOLD] = 3 * MOST;
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_SLOT, .price = 2 * PRICE, .needed = 2 * MOST});
    cr_assert(play_effect(&play, GEN_EFFECT_CALL)->holds_money == false);
    cr_assert(eq(int, play.attempts[0].entries[GEN_LEDGER_HOLD], 1));
    cr_assert(eq(i64, play_shot(&play, 0, 0)->attempt.estimate, 2 * PRICE));
    play_end(&play);
}

Test(machine, retries_are_bounded)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    for (int i = 0; i < 4; i++) {
        cr_assert(play.over == false, "after %d attempts", i);
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play_fail(&play, 0, GEN_FAILURE_TRANSIENT, GEN_BILLING_NO, -1);
        if (i < 3) {
            play_kind(&play, GEN_INPUT_TIMER, 0);
        }
    }
    cr_assert(play.over);
    cr_assert(eq(int, play.job->status, GEN_JOB_FAILED));
    cr_assert(eq(int, play_shot(&play, 0, 0)->attempt_count, 4));
    play_end(&play);
}

/* Where a shot goes on after a restart, from each durable state. */
Test(machine, resume_from_every_state)
{
    static const struct {
        enum gen_attempt_state state;
        uint32_t traits;
        enum gen_effect_kind effect;
        enum gen_attempt_state then;
        enum gen_verb verb; /* that the shot is in afterwards */
    } cases[] = {
        /* a pause before another attempt was under way */
        {GEN_ATTEMPT_PLANNED, 0, GEN_EFFECT_WAKE, GEN_ATTEMPT_PLANNED, GEN_VERB_NONE},
        {GEN_ATTEMPT_RESERVED, 0, GEN_EFFECT_WANT_SLOT, GEN_ATTEMPT_RESERVED, GEN_VERB_NONE},
        /* nobody knows whether it left: a person */
        {GEN_ATTEMPT_SUBMITTING, 0, GEN_EFFECT_FREE_SLOT, GEN_ATTEMPT_AMBIGUOUS, GEN_VERB_NONE},
        /* the provider can be asked */
        {GEN_ATTEMPT_SUBMITTING, GEN_TRAIT_CAN_RECOVER, GEN_EFFECT_WAKE, GEN_ATTEMPT_AMBIGUOUS,
         GEN_VERB_RECOVER},
        /* the provider honours our reference */
        {GEN_ATTEMPT_SUBMITTING, GEN_TRAIT_SUBMIT_IDEMPOTENT, GEN_EFFECT_WAKE,
         GEN_ATTEMPT_AMBIGUOUS, GEN_VERB_SUBMIT},
        /* both: asking is the safer one */
        {GEN_ATTEMPT_SUBMITTING, GEN_TRAIT_SUBMIT_IDEMPOTENT | GEN_TRAIT_CAN_RECOVER,
         GEN_EFFECT_WAKE, GEN_ATTEMPT_AMBIGUOUS, GEN_VERB_RECOVER},
        {GEN_ATTEMPT_AMBIGUOUS, GEN_TRAIT_CAN_RECOVER, GEN_EFFECT_CALL, GEN_ATTEMPT_AMBIGUOUS,
         GEN_VERB_RECOVER},
        {GEN_ATTEMPT_ACCEPTED, 0, GEN_EFFECT_WANT_SLOT, GEN_ATTEMPT_ACCEPTED, GEN_VERB_NONE},
        {GEN_ATTEMPT_RENDERED, 0, GEN_EFFECT_WANT_SLOT, GEN_ATTEMPT_RENDERED, GEN_VERB_NONE},
        {GEN_ATTEMPT_FETCHED, 0, GEN_EFFECT_ASSEMBLE, GEN_ATTEMPT_SETTLED, GEN_VERB_NONE},
        {GEN_ATTEMPT_SETTLED, 0, GEN_EFFECT_ASSEMBLE, GEN_ATTEMPT_SETTLED, GEN_VERB_NONE},
        {GEN_ATTEMPT_FAILED, 0, GEN_EFFECT_OVER, GEN_ATTEMPT_FAILED, GEN_VERB_NONE},
        {GEN_ATTEMPT_REFUSED, 0, GEN_EFFECT_OVER, GEN_ATTEMPT_REFUSED, GEN_VERB_NONE},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;
        struct gen_shot *shot;

        play_begin(&play, 1, 1, cases[i].traits);
        shot = play_shot(&play, 0, 0);
        shot->attempt.state = play.attempts[0].state = cases[i].state;
        if (gen_attempt_terminal(cases[i].state)) {
            play.attempts[0].amounts[GEN_LEDGER_RELEASE] = MOST;
        }
        play.job->status = GEN_JOB_IN_PROGRESS;
        play.job->pipelines[0].status = GEN_PIPELINE_PROCESSING;
        play_kind(&play, GEN_INPUT_START, 0);
        cr_assert(play_effect(&play, cases[i].effect) != NULL, "case %zu", i);
        cr_assert(eq(int, shot->attempt.state, cases[i].then), "case %zu", i);
        cr_assert(eq(int, shot->verb, cases[i].verb), "case %zu", i);
        cr_assert(play_effect(&play, GEN_EFFECT_PERFORM) == NULL);
        play_end(&play);
    }
}

/* What becomes of each state when the job is cancelled. */
Test(machine, cancel_in_every_state)
{
    static const struct {
        enum gen_attempt_state state;
        uint32_t traits;
        bool over;     /* at once */
        gen_micros unverified, release;
    } cases[] = {
        {GEN_ATTEMPT_RESERVED, 0, true, 0, MOST},
        {GEN_ATTEMPT_SUBMITTING, 0, false, 0, 0}, /* its answer is awaited */
        {GEN_ATTEMPT_ACCEPTED, 0, false, 0, 0},   /* followed to its verdict */
        {GEN_ATTEMPT_ACCEPTED, GEN_TRAIT_CAN_CANCEL, false, 0, 0},
        {GEN_ATTEMPT_RENDERED, 0, true, 0, MOST - PRICE}, /* its download is ended, and it was billed */
        {GEN_ATTEMPT_AMBIGUOUS, 0, true, MOST, 0},
        {GEN_ATTEMPT_SETTLED, 0, true, 0, MOST - PRICE},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;

        play_begin(&play, 1, 1, cases[i].traits);
        play_to(&play, 0, cases[i].state);
        play_kind(&play, GEN_INPUT_CANCEL, 0);
        cr_assert(play.job->cancel_requested);
        cr_assert(eq(int, play.over, cases[i].over), "case %zu", i);
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_UNVERIFIED), cases[i].unverified),
                  "case %zu", i);
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), cases[i].release),
                  "case %zu", i);
        cr_assert(eq(int, play_called(&play),
                     cases[i].traits != 0 ? GEN_VERB_CANCEL : GEN_VERB_NONE), "case %zu", i);
        if (cases[i].state == GEN_ATTEMPT_RENDERED) {
            cr_assert(play_effect(&play, GEN_EFFECT_STOP) != NULL, "the download goes on");
            cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), PRICE));
        }
        if (play.over) {
            cr_assert(eq(int, play.job->status, GEN_JOB_CANCELED), "case %zu", i);
        } else {
            cr_assert(eq(int, play.job->status, GEN_JOB_CANCELING), "case %zu", i);
        }
        play_end(&play);
    }
}

/* What the provider answers to a cancellation, and what it costs. */
Test(machine, cancelled_at_the_provider)
{
    static const struct {
        gen_micros cost;
        gen_micros charge, release, unverified;
    } cases[] = {
        {0, 0, MOST, 0},                   /* nothing billed */
        {120000, 120000, MOST - 120000, 0}, /* a part */
        {-1, 0, 0, MOST},                  /* it does not say */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;

        play_begin(&play, 1, 1, GEN_TRAIT_CAN_CANCEL);
        play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
        play_kind(&play, GEN_INPUT_CANCEL, 0);
        play_http(&play, 0, false);
        play_done(&play, 0, "", cases[i].cost);
        cr_assert(play.over && play.job->status == GEN_JOB_CANCELED, "case %zu", i);
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), cases[i].charge));
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_RELEASE), cases[i].release));
        cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_UNVERIFIED), cases[i].unverified));
        play_end(&play);
    }
}

/* Too late to cancel: it is followed to its verdict, not asked again and again. */
Test(machine, too_late_to_cancel)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_CANCEL);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    play_fail(&play, 0, GEN_FAILURE_INVALID, GEN_BILLING_UNKNOWN, -1);
    cr_assert(eq(int, play_called(&play), GEN_VERB_POLL));
    play_done(&play, 0, "", 300000);
    cr_assert(eq(int, play_called(&play), GEN_VERB_FETCH));
    play_done(&play, 0, "", -1);
    play_clip(&play, 0, GEN_OK);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 300000));
    cr_assert(eq(int, play.job->status, GEN_JOB_CANCELED));
    play_end(&play);
}

/* One shot that fails for good ends the pipeline; the others are brought to an end, not forgotten. */
Test(machine, one_shot_fails_for_good)
{
    struct play play;

    play_begin(&play, 1, 3, 0);
    play_to(&play, 1, GEN_ATTEMPT_ACCEPTED);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_fail(&play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_NO, -1);
    cr_assert(eq(int, play_state(&play, 2), GEN_ATTEMPT_REFUSED), "it had not begun");
    cr_assert(eq(int, play_state(&play, 1), GEN_ATTEMPT_ACCEPTED), "it is bought");
    cr_assert(play.over == false);
    play_to(&play, 1, GEN_ATTEMPT_SETTLED);
    cr_assert(play.over);
    cr_assert(eq(int, play.job->status, GEN_JOB_FAILED));
    cr_assert(eq(int, play.job->pipelines[0].failure, GEN_FAILURE_MODERATED));
    cr_assert(eq(i64, play_entry(&play, 1, GEN_LEDGER_CHARGE), PRICE));
    play_end(&play);
}

/* A person is needed as long as one shot is, whatever the others do meanwhile. */
Test(machine, attention_is_not_hidden_by_other_shots)
{
    struct play play;

    play_begin(&play, 1, 2, 0);
    play_to(&play, 0, GEN_ATTEMPT_AMBIGUOUS);
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    play_to(&play, 1, GEN_ATTEMPT_SETTLED);
    cr_assert(eq(int, play.job->pipelines[0].status, GEN_PIPELINE_NEEDS_ATTENTION));
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(play.over && play.job->status == GEN_JOB_CANCELED);
    play_end(&play);
}

/* No verdict for hours: told to a person, asked more slowly, and settled late. */
Test(machine, a_verdict_that_comes_late)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play.now += gen_patience_defaults.verdict_ms + 1;
    play_wait(&play, 0, 1000);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    cr_assert(eq(i64, play_effect(&play, GEN_EFFECT_WAKE)->wait_ms, gen_patience_defaults.slow_ms));
    play_kind(&play, GEN_INPUT_TIMER, 0);
    play_done(&play, 0, "", 410000);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RENDERED));
    cr_assert(eq(int, play.job->status, GEN_JOB_IN_PROGRESS));
    play_done(&play, 0, "", -1);
    play_clip(&play, 0, GEN_OK);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 410000));
    cr_assert(eq(int, play.job->pipelines[0].failure, GEN_FAILURE_NONE));
    play_end(&play);
}

/* What is paid for and cannot be fetched is told to a person, and can be given up. */
Test(machine, a_clip_that_cannot_be_fetched)
{
    struct play play;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_RENDERED);
    for (int i = 0; i < 40; i++) {
        play_unanswered(&play, 0, GEN_FATE_UNKNOWN, false);
        play_kind(&play, GEN_INPUT_TIMER, 0);
    }
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    cr_assert(eq(int, play_called(&play), GEN_VERB_FETCH), "it is asked for still");
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(play.over);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), PRICE));
    play_end(&play);
}

/* Trouble of ours while the video is put together: said, tried again, and no attempt repeated. */
Test(machine, a_video_that_cannot_be_put_together_now)
{
    struct play play;
    struct gen_output output;

    play_begin(&play, 1, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SETTLED);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .status = GEN_ENOTFOUND,
                                         .reason = "ffmpeg is not installed"});
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
    cr_assert(strstr(play.job->pipelines[0].failure_message, "ffmpeg") != NULL);
    cr_assert(play_effect(&play, GEN_EFFECT_WAKE) != NULL);
    play_kind(&play, GEN_INPUT_TIMER, 0);
    cr_assert(play_effect(&play, GEN_EFFECT_ASSEMBLE) != NULL);
    cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION), "no flapping in the log");
    output = sample_output(&play);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .output = &output});
    cr_assert(play.over && play.job->status == GEN_JOB_COMPLETED);
    cr_assert(eq(int, play.job->pipelines[0].failure, GEN_FAILURE_NONE));
    play_end(&play);
}

/* A slot that is granted to a shot which began to work without one is only counted. */
Test(machine, a_slot_for_a_shot_that_is_at_work)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_CANCEL);
    play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
    play_shot(&play, 0, 0)->verb = GEN_VERB_NONE; /* a restart */
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(eq(int, play_called(&play), GEN_VERB_CANCEL));
    play_kind(&play, GEN_INPUT_SLOT, 0);
    cr_assert(play.first == NULL);
    play_end(&play);
}

/* Reports that nobody waits for any more change nothing. */
Test(machine, late_reports)
{
    static const enum gen_input_kind kinds[] = {GEN_INPUT_STEP, GEN_INPUT_DEFECT,
                                                GEN_INPUT_UNANSWERED, GEN_INPUT_CLIP,
                                                GEN_INPUT_REFUSED, GEN_INPUT_SLOT};
    struct gen_step step = play_blank(GEN_STEP_IS_DONE);

    step.as.done.handle = step.as.done.file = "";
    for (size_t i = 0; i < GEN_COUNT(kinds); i++) {
        struct play play;

        play_begin(&play, 1, 2, 0);
        play_to(&play, 0, GEN_ATTEMPT_SETTLED);
        play_input(&play, (struct gen_input){.kind = kinds[i], .step = &step, .digest = "late",
                                             .fate = GEN_FATE_UNKNOWN, .costs = true});
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_SETTLED));
        cr_assert(eq(int, play.changes->count, 0), "kind %d", kinds[i]);
        play_end(&play);
    }
}

/* Free work of our own machine: nothing is held, nothing charged, a cancel just stops it. */
Test(machine, free_work)
{
    struct play play;
    struct gen_step run = play_blank(GEN_STEP_IS_RUN);

    play_begin(&play, 1, 1, 0);
    play_shot(&play, 0, 0)->price = play_shot(&play, 0, 0)->most = 0;
    play_shot(&play, 0, 0)->attempt.hold = play_shot(&play, 0, 0)->attempt.estimate = 0;
    memset(play.attempts[0].amounts, 0, sizeof(play.attempts[0].amounts));
    play_kind(&play, GEN_INPUT_SLOT, 0);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .step = &run});
    cr_assert(play_effect(&play, GEN_EFFECT_PERFORM) != NULL);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_RESERVED));
    play_done(&play, 0, "local", -1);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED));
    play_kind(&play, GEN_INPUT_CANCEL, 0);
    cr_assert(play_effect(&play, GEN_EFFECT_STOP) != NULL);
    cr_assert(play.over);
    cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_CHARGE), 0));
    play_end(&play);
}

/* Two variations: one completes, one fails. */
Test(machine, partly)
{
    struct play play;
    struct gen_output output;

    play_begin(&play, 2, 1, 0);
    play_to(&play, 0, GEN_ATTEMPT_SETTLED);
    output = sample_output(&play);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .output = &output});
    cr_assert(play.over == false);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_SLOT, .pipeline = 1});
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_DEFECT, .pipeline = 1,
                                         .status = GEN_EUNSUPPORTED, .reason = "cannot"});
    cr_assert(play.over);
    cr_assert(eq(int, play.job->status, GEN_JOB_PARTIAL));
    play_end(&play);
}

/* The store has refused the handle that the last turn took: tells the machine so. */
static void refuse_handle(struct play *play, enum gen_attempt_state from)
{
    cr_assert(eq(int, play_effect(play, GEN_EFFECT_CALL)->takes_from, from));
    play_attempt(play, play_shot(play, 0, 0)->attempt.id.text)->state = from; /* what it still says */
    play_input(play, (struct gen_input){.kind = GEN_INPUT_STRANGER, .from = from,
                                        .status = GEN_ECONFLICT,
                                        .reason = "vendor answered with the id of another"});
}

/* A provider that answers with another order's id: its clip is never taken, the money stays held, it is asked
 * by our reference where it has a way, and else, or when that does not help, a person decides. */
Test(machine, the_handle_of_another)
{
    static const uint32_t traits[] = {0, GEN_TRAIT_CAN_RECOVER, GEN_TRAIT_SUBMIT_IDEMPOTENT};

    for (size_t i = 0; i < GEN_COUNT(traits); i++) {
        struct play play;
        const struct gen_attempt *attempt;
        int asked = 0;

        play_begin(&play, 1, 1, traits[i]);
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play_done(&play, 0, "job-7", -1);
        attempt = &play_shot(&play, 0, 0)->attempt;
        refuse_handle(&play, GEN_ATTEMPT_SUBMITTING);
        while (play_state(&play, 0) == GEN_ATTEMPT_AMBIGUOUS &&
               play_shot(&play, 0, 0)->verb == GEN_VERB_RECOVER) {
            cr_assert(strstr(play_shot(&play, 0, 0)->note, "the id of another") != NULL);
            play_kind(&play, GEN_INPUT_TIMER, 0);
            cr_assert(eq(int, play_called(&play), GEN_VERB_RECOVER));
            play_done(&play, 0, "job-7", -1); /* the same again */
            refuse_handle(&play, GEN_ATTEMPT_AMBIGUOUS);
            asked++;
            cr_assert(asked < 100, "for ever");
        }
        cr_assert(eq(int, asked > 0, traits[i] == GEN_TRAIT_CAN_RECOVER));
        cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_AMBIGUOUS));
        cr_assert(eq(str, (char *)attempt->handle, ""));
        cr_assert(eq(i64, attempt->hold, MOST));
        cr_assert(eq(int, play.job->status, GEN_JOB_NEEDS_ATTENTION));
        cr_assert(strstr(play.job->pipelines[0].failure_message, "the id of another") != NULL, "%s",
                  play.job->pipelines[0].failure_message);
        cr_assert(eq(int, play_attempt(&play, attempt->id.text)->paid_requests, 1));
        /* After a restart it is not ordered again, although the provider honours our reference. */
        play_shot(&play, 0, 0)->verb = GEN_VERB_NONE;
        play_kind(&play, GEN_INPUT_START, 0);
        cr_assert(play_called(&play) != GEN_VERB_SUBMIT);
        /* Cancelled, it is booked as what may have been billed. */
        if (play_shot(&play, 0, 0)->verb == GEN_VERB_NONE) {
            play_kind(&play, GEN_INPUT_CANCEL, 0);
            cr_assert(eq(i64, play_entry(&play, 0, GEN_LEDGER_UNVERIFIED), MOST));
            cr_assert(play.over);
        }
        play_end(&play);
    }
}

/* Recovered in the end: what it finds by our reference is ours. */
Test(machine, the_handle_of_another_and_then_its_own)
{
    struct play play;

    play_begin(&play, 1, 1, GEN_TRAIT_CAN_RECOVER);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_done(&play, 0, "job-7", -1);
    refuse_handle(&play, GEN_ATTEMPT_SUBMITTING);
    play_kind(&play, GEN_INPUT_TIMER, 0);
    play_done(&play, 0, "job-8", -1);
    cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_ACCEPTED));
    cr_assert(eq(int, play_called(&play), GEN_VERB_POLL));
    cr_assert(eq(int, play.job->pipelines[0].stage, GEN_STAGE_POLL));
    cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->attempt.failure_code, ""));
    play_end(&play);
}

/* The handle is taken in the very changes that say that the attempt was accepted, and only where money left. */
Test(machine, a_handle_is_taken_with_the_acceptance)
{
    struct play play;
    const struct gen_change *change;

    play_begin(&play, 1, 2, 0);
    play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
    play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .account = "org_1/team",
                                         .step = &(struct gen_step){.type = GEN_STEP_IS_DONE, .note = "",
                                                                    .as.done = {.handle = "job-7",
                                                                                .file = "",
                                                                                .cost = -1}}});
    for (change = play.changes->first; change != NULL && change->kind != GEN_CHANGE_HANDLE;
         change = change->next) {
    }
    cr_assert(change != NULL);
    cr_assert(eq(str, (char *)change->as.handle.handle, "job-7"));
    cr_assert(eq(str, (char *)change->as.handle.provider, "vendor"));
    cr_assert(eq(str, (char *)change->as.handle.account, "org_1/team"));
    cr_assert(eq(str, (char *)change->as.handle.attempt.text,
                 play_shot(&play, 0, 0)->attempt.id.text));
    play_kind(&play, GEN_INPUT_SLOT, 1); /* a free one of our own machine */
    play_done(&play, 1, "local", -1);
    cr_assert(eq(int, play_state(&play, 1), GEN_ATTEMPT_ACCEPTED));
    for (change = play.changes->first; change != NULL; change = change->next) {
        cr_assert(change->kind != GEN_CHANGE_HANDLE);
    }
    play_end(&play);
}

/* What a clip can have at most: far more than any provider sends, and an end to what has none. */
Test(machine, what_a_clip_can_have)
{
    static const struct {
        int64_t duration_ms, ordered_ms, least, most;
    } rows[] = {
        {5000, 0, INT64_C(1) << 29, INT64_C(2) << 30},      /* a usual clip: not below 512 MiB */
        {5000, 10000, INT64_C(1) << 30, INT64_C(2) << 30},  /* what was ordered is longer */
        {60000, 0, INT64_C(3) << 30, INT64_C(4) << 30},
        {0, 0, INT64_C(1) << 29, INT64_C(1) << 30},         /* unknown */
        {INT64_MAX, 0, INT64_MAX, INT64_MAX},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const struct gen_shot shot = {.duration_ms = rows[i].duration_ms,
                                      .ordered_ms = rows[i].ordered_ms};
        int64_t most = gen_fetch_most_bytes(&shot);

        cr_assert(most >= rows[i].least && most <= rows[i].most, "%zu: %lld", i, (long long)most);
    }
}

/* Two models race: when one video is ready, the other is cancelled where that is possible, its money is let go of,
 * and the job has all that was asked for. */
Test(machine, the_first_is_kept)
{
    static const enum gen_attempt_state losers[] = {GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_ACCEPTED};

    for (size_t i = 0; i < GEN_COUNT(losers); i++) {
        struct gen_output output = {.organization = "org_1", .variation = "", .digest = "",
                                    .thumbnail = "", .sheet = "", .format = "mp4", .probe = "{}"};
        struct gen_step step = {.type = GEN_STEP_IS_DONE, .note = "", .progress_ppm = -1,
                                .queue_position = -1};
        struct play play;

        play_begin(&play, 2, 1, GEN_TRAIT_CAN_CANCEL);
        play.job->keep_first = true;
        if (losers[i] == GEN_ATTEMPT_ACCEPTED) {
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_SLOT, .pipeline = 1});
            step.type = GEN_STEP_IS_HTTP;
            step.as.http.costs = true;
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .pipeline = 1, .step = &step});
            step = (struct gen_step){.type = GEN_STEP_IS_DONE, .note = ""};
            step.as.done.handle = "job-2";
            step.as.done.file = "";
            step.as.done.cost = -1;
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .pipeline = 1, .step = &step});
        }
        play_to(&play, 0, GEN_ATTEMPT_SETTLED);
        play_input(&play, (struct gen_input){.kind = GEN_INPUT_OUTPUT, .output = &output});
        cr_expect(eq(int, play.job->pipelines[0].status, GEN_PIPELINE_COMPLETED));
        if (losers[i] == GEN_ATTEMPT_ACCEPTED) {
            cr_assert(eq(int, play_called(&play), GEN_VERB_CANCEL));
            cr_expect(eq(int, play.job->status, GEN_JOB_IN_PROGRESS), "its verdict is awaited");
            step = (struct gen_step){.type = GEN_STEP_IS_DONE, .note = ""};
            step.as.done.handle = step.as.done.file = "";
            step.as.done.cost = 0;
            play_input(&play, (struct gen_input){.kind = GEN_INPUT_STEP, .pipeline = 1, .step = &step});
        }
        cr_expect(eq(int, play.job->pipelines[1].status, GEN_PIPELINE_CANCELED));
        cr_expect(eq(int, play.job->status, GEN_JOB_COMPLETED), "%s",
                  gen_job_status_word(play.job->status));
        cr_expect(play.over);
        cr_expect(strstr(play.job->pipelines[1].failure_message, "was first") != NULL);
        play_end(&play);
    }
}
