/* settle_test.c - what every way out of an attempt costs, and what of a hold goes over to the next one.
 * The crash of the engine itself: tests/simulation and tests/crash; what an invoice settles later:
 * reckoning_test.c. */
#include "decide/hold.h"
#include "unit/engine/play.h"

/* ---- ways out; each begins where its row says */

static void way_success(struct play *play)
{
    play_to(play, 0, GEN_ATTEMPT_SETTLED);
}

static void way_success_reported(struct play *play)
{
    play_done(play, 0, "", 123456);
    play_to(play, 0, GEN_ATTEMPT_SETTLED);
}

static void way_success_for_nothing(struct play *play)
{
    play_done(play, 0, "", 0);
    play_to(play, 0, GEN_ATTEMPT_SETTLED);
}

static void way_refused(struct play *play)
{
    play_fail(play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_NO, -1);
}

static void way_billed(struct play *play)
{
    play_fail(play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_YES, -1);
}

static void way_billed_reported(struct play *play)
{
    play_fail(play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_YES, 70000);
}

static void way_billed_dearer(struct play *play)
{
    play_fail(play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_YES, MOST + 1);
}

static void way_billed_unknown(struct play *play)
{
    play_fail(play, 0, GEN_FAILURE_MODERATED, GEN_BILLING_UNKNOWN, -1);
}

static void way_gone(struct play *play)
{
    play_fail(play, 0, GEN_FAILURE_EXPIRED, GEN_BILLING_UNKNOWN, -1);
}

static void way_no_video(struct play *play)
{
    for (int i = 0; i < 10 && play->attempts[0].state == GEN_ATTEMPT_RENDERED; i++) {
        play_done(play, 0, "", -1);
        play_clip(play, 0, GEN_EINVAL);
        play_kind(play, GEN_INPUT_TIMER, 0);
    }
}

static void way_not_sent(struct play *play)
{
    play_unanswered(play, 0, GEN_FATE_NOT_SENT, true);
}

static void way_cancel(struct play *play)
{
    play_kind(play, GEN_INPUT_CANCEL, 0);
}

static void way_cancel_then_success(struct play *play)
{
    way_cancel(play);
    if (play_state(play, 0) == GEN_ATTEMPT_SUBMITTING) {
        play_done(play, 0, "job", -1);
    }
    if (play_state(play, 0) == GEN_ATTEMPT_ACCEPTED) {
        play_done(play, 0, "", -1); /* rendered: nobody wants it any more */
    }
}

static void way_cancel_then_failure(struct play *play)
{
    way_cancel(play);
    way_refused(play);
}

static void way_cancel_free(struct play *play)
{
    way_cancel(play);
    play_http(play, 0, false);
    play_done(play, 0, "", 0);
}

static void way_cancel_in_part(struct play *play)
{
    way_cancel(play);
    play_http(play, 0, false);
    play_done(play, 0, "", 120000);
}

static void way_cancel_silent(struct play *play)
{
    way_cancel(play);
    play_http(play, 0, false);
    play_done(play, 0, "", -1);
}

static void way_timeout_then_success(struct play *play)
{
    play->now += gen_patience_defaults.verdict_ms + 1;
    play_wait(play, 0, 1000);
    cr_assert(eq(int, play_state(play, 0), GEN_ATTEMPT_AMBIGUOUS));
    cr_assert(eq(i64, play_shot(play, 0, 0)->attempt.hold, play->attempts[0].amounts[GEN_LEDGER_HOLD]),
              "a timeout is no verdict");
    play_kind(play, GEN_INPUT_TIMER, 0);
    play_done(play, 0, "", 410000);
    play_to(play, 0, GEN_ATTEMPT_SETTLED);
}

static void way_timeout_then_failure(struct play *play)
{
    play->now += gen_patience_defaults.verdict_ms + 1;
    play_wait(play, 0, 1000);
    play_kind(play, GEN_INPUT_TIMER, 0);
    way_refused(play);
}

static void way_timeout_then_cancel(struct play *play)
{
    play->now += gen_patience_defaults.verdict_ms + 1;
    play_wait(play, 0, 1000);
    way_cancel(play);
}

static void way_found(struct play *play)
{
    play_kind(play, GEN_INPUT_TIMER, 0);
    play_done(play, 0, "job-3", -1);
    play_to(play, 0, GEN_ATTEMPT_SETTLED);
}

static void way_never_was(struct play *play)
{
    for (int i = 0; i < 50 && play->attempts[0].state == GEN_ATTEMPT_AMBIGUOUS; i++) {
        play_kind(play, GEN_INPUT_TIMER, 0);
        play_http(play, 0, false);
        play_done(play, 0, "", -1);
    }
}

/* Of one attempt for PRICE of which MOST is held. Where another one follows, its money is not in here. */
static const struct {
    const char *what;
    uint32_t traits;
    enum gen_attempt_state from;
    void (*way)(struct play *play);
    enum gen_attempt_state to;
    gen_micros charge, release, unverified;
} ways[] = {
    {"success, the provider says nothing of money", 0, GEN_ATTEMPT_ACCEPTED, way_success,
     GEN_ATTEMPT_SETTLED, PRICE, MOST - PRICE, 0},
    {"success, and what it cost", 0, GEN_ATTEMPT_ACCEPTED, way_success_reported,
     GEN_ATTEMPT_SETTLED, 123456, MOST - 123456, 0},
    {"success for nothing", 0, GEN_ATTEMPT_ACCEPTED, way_success_for_nothing, GEN_ATTEMPT_SETTLED,
     0, MOST, 0},
    {"not sent", 0, GEN_ATTEMPT_SUBMITTING, way_not_sent, GEN_ATTEMPT_REFUSED, 0, MOST, 0},
    {"refused", 0, GEN_ATTEMPT_SUBMITTING, way_refused, GEN_ATTEMPT_REFUSED, 0, MOST, 0},
    {"refused, and billed", 0, GEN_ATTEMPT_SUBMITTING, way_billed, GEN_ATTEMPT_FAILED, PRICE,
     MOST - PRICE, 0},
    {"failed", 0, GEN_ATTEMPT_ACCEPTED, way_refused, GEN_ATTEMPT_FAILED, 0, MOST, 0},
    {"failed, and billed", 0, GEN_ATTEMPT_ACCEPTED, way_billed, GEN_ATTEMPT_FAILED, PRICE,
     MOST - PRICE, 0},
    {"failed, and billed in part", 0, GEN_ATTEMPT_ACCEPTED, way_billed_reported, GEN_ATTEMPT_FAILED,
     70000, MOST - 70000, 0},
    {"failed, and billed more than was held", 0, GEN_ATTEMPT_ACCEPTED, way_billed_dearer,
     GEN_ATTEMPT_FAILED, MOST + 1, 0, 0},
    {"failed, nobody knows", 0, GEN_ATTEMPT_ACCEPTED, way_billed_unknown, GEN_ATTEMPT_FAILED, 0, 0,
     MOST},
    {"rendered, and then gone: it was rendered", 0, GEN_ATTEMPT_RENDERED, way_gone,
     GEN_ATTEMPT_FAILED, PRICE, MOST - PRICE, 0},
    {"rendered, and no video", 0, GEN_ATTEMPT_RENDERED, way_no_video, GEN_ATTEMPT_FAILED, PRICE,
     MOST - PRICE, 0},
    {"cancelled before it was sent", 0, GEN_ATTEMPT_RESERVED, way_cancel, GEN_ATTEMPT_REFUSED, 0,
     MOST, 0},
    {"cancelled while it was sent, and refused", 0, GEN_ATTEMPT_SUBMITTING, way_cancel_then_failure,
     GEN_ATTEMPT_REFUSED, 0, MOST, 0},
    {"cancelled while it was sent, and made", 0, GEN_ATTEMPT_SUBMITTING, way_cancel_then_success,
     GEN_ATTEMPT_FAILED, PRICE, MOST - PRICE, 0},
    {"cancelled where nobody can, and made", 0, GEN_ATTEMPT_ACCEPTED, way_cancel_then_success,
     GEN_ATTEMPT_FAILED, PRICE, MOST - PRICE, 0},
    {"cancelled where nobody can, and failed", 0, GEN_ATTEMPT_ACCEPTED, way_cancel_then_failure,
     GEN_ATTEMPT_FAILED, 0, MOST, 0},
    {"cancelled there, for nothing", GEN_TRAIT_CAN_CANCEL, GEN_ATTEMPT_ACCEPTED, way_cancel_free,
     GEN_ATTEMPT_FAILED, 0, MOST, 0},
    {"cancelled there, billed in part", GEN_TRAIT_CAN_CANCEL, GEN_ATTEMPT_ACCEPTED,
     way_cancel_in_part, GEN_ATTEMPT_FAILED, 120000, MOST - 120000, 0},
    {"cancelled there, without a word of money", GEN_TRAIT_CAN_CANCEL, GEN_ATTEMPT_ACCEPTED,
     way_cancel_silent, GEN_ATTEMPT_FAILED, 0, 0, MOST},
    {"cancelled when it was rendered", 0, GEN_ATTEMPT_RENDERED, way_cancel_then_success,
     GEN_ATTEMPT_FAILED, PRICE, MOST - PRICE, 0},
    {"cancelled while nobody knew", 0, GEN_ATTEMPT_AMBIGUOUS, way_cancel, GEN_ATTEMPT_FAILED, 0, 0,
     MOST},
    {"settled before it was cancelled", 0, GEN_ATTEMPT_SETTLED, way_cancel, GEN_ATTEMPT_SETTLED,
     PRICE, MOST - PRICE, 0},
    {"timed out, and made after all", 0, GEN_ATTEMPT_ACCEPTED, way_timeout_then_success,
     GEN_ATTEMPT_SETTLED, 410000, MOST - 410000, 0},
    {"timed out, and failed after all", 0, GEN_ATTEMPT_ACCEPTED, way_timeout_then_failure,
     GEN_ATTEMPT_FAILED, 0, MOST, 0},
    {"timed out, and cancelled", 0, GEN_ATTEMPT_ACCEPTED, way_timeout_then_cancel,
     GEN_ATTEMPT_FAILED, 0, 0, MOST},
    {"the answer was lost, the order found", GEN_TRAIT_CAN_RECOVER, GEN_ATTEMPT_AMBIGUOUS, way_found,
     GEN_ATTEMPT_SETTLED, PRICE, MOST - PRICE, 0},
    {"the answer was lost, and so was the order", GEN_TRAIT_CAN_RECOVER, GEN_ATTEMPT_AMBIGUOUS,
     way_never_was, GEN_ATTEMPT_REFUSED, 0, MOST, 0},
};

/* With and without a reserve on the hold: what the attempt costs is the same, the rest is let go of. */
Test(settle, every_way_out)
{
    static const gen_micros reserves[] = {0, 3 * MOST};

    for (size_t i = 0; i < GEN_COUNT(ways) * 2; i++) {
        gen_micros reserve = reserves[i % 2], charge = ways[i / 2].charge;
        gen_micros release = ways[i / 2].release + reserve;
        const struct play_attempt *attempt;
        struct play play;

        if (charge > MOST && reserve > 0) {
            release -= charge - MOST; /* what is too dear is taken from there */
        }
        play_begin(&play, 1, 1, ways[i / 2].traits);
        play_shot(&play, 0, 0)->attempt.hold += reserve;
        play.attempts[0].amounts[GEN_LEDGER_HOLD] += reserve;
        play_to(&play, 0, ways[i / 2].from);
        ways[i / 2].way(&play);
        attempt = &play.attempts[0];
        cr_expect(eq(int, attempt->state, ways[i / 2].to), "%s", ways[i / 2].what);
        cr_expect(eq(i64, attempt->amounts[GEN_LEDGER_CHARGE], charge), "%s", ways[i / 2].what);
        cr_expect(eq(i64, attempt->amounts[GEN_LEDGER_RELEASE], release), "%s", ways[i / 2].what);
        cr_expect(eq(i64, attempt->amounts[GEN_LEDGER_UNVERIFIED], ways[i / 2].unverified), "%s",
                  ways[i / 2].what);
        play_end(&play);
    }
}

/* As the policy's ways close, what they would have cost is let go of: with each attempt no more is held than
 * those that may still follow can cost. */
Test(settle, a_hold_shrinks)
{
    static const struct {
        const char *what;
        gen_micros reserve;
        enum gen_billing billed[3];  /* how the attempts end, one after the other; 0 = none more */
        gen_micros held[4];          /* for each of them */
    } cases[] = {
        {"not billed: both purchases are open still", MOST, {GEN_BILLING_NO, GEN_BILLING_NO},
         {2 * MOST, 2 * MOST, 2 * MOST}},
        {"before the last attempt only one is", MOST, {GEN_BILLING_NO, GEN_BILLING_NO, GEN_BILLING_NO},
         {2 * MOST, 2 * MOST, 2 * MOST, MOST}},
        {"billed: one is left, for most of it", MOST, {GEN_BILLING_YES}, {2 * MOST, MOST}},
        {"more was held than can follow", 5 * MOST, {GEN_BILLING_YES}, {6 * MOST, MOST}},
        {"may be billed: the same", MOST, {GEN_BILLING_UNKNOWN}, {2 * MOST, MOST}},
        {"nothing was held on top: the next one holds anew", 0, {GEN_BILLING_YES}, {MOST, 0}},
        {"not billed, and nothing on top", 0, {GEN_BILLING_NO, GEN_BILLING_NO}, {MOST, MOST, MOST}},
    };
    struct gen_retry_kind kind = {.retries = 3, .rebuys = 1, .first_pause_ms = 1,
                                  .most_pause_ms = 1, .jitter = GEN_JITTER_NONE};
    struct gen_retry_policy policy = {.job = {.retries = 99}};

    policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct play play;
        size_t n = 0;

        play_begin(&play, 1, 1, 0);
        play.policy = &policy;
        play_shot(&play, 0, 0)->attempt.hold += cases[i].reserve;
        play.attempts[0].amounts[GEN_LEDGER_HOLD] += cases[i].reserve;
        for (; n < 3 && cases[i].billed[n] != 0; n++) {
            cr_expect(eq(i64, play.attempts[n].amounts[GEN_LEDGER_HOLD], cases[i].held[n]),
                      "%s, attempt %zu", cases[i].what, n);
            play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
            play.now += 1000; /* its ids are made of the time and few random numbers */
            play_fail(&play, 0, GEN_FAILURE_PROVIDER, cases[i].billed[n], -1);
            cr_assert(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED), "%s", cases[i].what);
            cr_expect(eq(i64, play.attempts[n + 1].amounts[GEN_LEDGER_HOLD], cases[i].held[n + 1]),
                      "%s, after attempt %zu", cases[i].what, n);
            if (n < 2 && cases[i].billed[n + 1] != 0) {
                play_kind(&play, GEN_INPUT_TIMER, 0);
            }
        }
        play_end(&play);
    }
}

/* ---- elsewhere */

/* Another vendor, at a price of its own, as long as the shot has not failed there, too. */
static enum gen_status spare(void *context, const struct gen_turn *turn, struct gen_rerouted *out,
                             struct gen_error *why)
{
    const struct play *play = context;

    if (play->elsewhere_most == 0 || gen_shot_failed_at(turn->shot, "spare") > 0) {
        return gen_error_set(why, GEN_ENOTFOUND, "spare is not ready");
    }
    out->shot = *turn->shot;
    out->shot.provider = "spare";
    out->shot.model = "two";
    out->shot.parameters = "{\"theirs\":1}";
    out->shot.price = out->shot.most = play->elsewhere_most;
    out->capped = play->elsewhere_capped;
    return GEN_OK;
}

static const struct gen_change *change_of(const struct play *play, enum gen_change_kind kind)
{
    const struct gen_change *change = play->changes->first;

    while (change != NULL && change->kind != kind) {
        change = change->next;
    }
    return change;
}

/* LESSONS 13: after so many failures as the policy says the shot goes on at another provider, under the same
 * job, with what is left of its hold where that covers an attempt there and no limit of its own must be
 * asked. */
Test(settle, lesson_13_a_shot_goes_on_elsewhere)
{
    static const struct {
        const char *what;
        gen_micros reserve, most;
        bool capped;
        gen_micros held; /* for the attempt there */
    } cases[] = {
        {"as dear, nothing on top", 0, MOST, false, MOST},
        {"cheaper: the rest is let go of", 0, MOST / 2, false, MOST},
        {"dearer: it must be held anew", 0, 2 * MOST, false, 0},
        {"dearer, and held for", MOST, 2 * MOST, false, 2 * MOST},
        {"a limit of its own must be asked first", MOST, MOST, true, 0},
    };
    struct gen_retry_kind kind = {.retries = 3, .rebuys = 1, .switch_after = 2, .first_pause_ms = 9,
                                  .most_pause_ms = 9, .jitter = GEN_JITTER_NONE};
    struct gen_retry_policy policy = {.job = {.retries = 99}};

    policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_change *moved;
        struct play play;

        play_begin(&play, 1, 1, 0);
        play.policy = &policy;
        play.elsewhere = spare;
        play.elsewhere_most = cases[i].most;
        play.elsewhere_capped = cases[i].capped;
        play_shot(&play, 0, 0)->attempt.hold += cases[i].reserve;
        play.attempts[0].amounts[GEN_LEDGER_HOLD] += cases[i].reserve;
        play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
        play.now += 1000;
        play_fail(&play, 0, GEN_FAILURE_PROVIDER, GEN_BILLING_NO, -1);
        cr_assert(eq(str, (char *)play_shot(&play, 0, 0)->provider, "vendor"), "the first failure");
        cr_assert(change_of(&play, GEN_CHANGE_SHOT_MOVE) == NULL);
        play_kind(&play, GEN_INPUT_TIMER, 0);
        play_to(&play, 0, GEN_ATTEMPT_ACCEPTED);
        play.now += 1000;
        play_fail(&play, 0, GEN_FAILURE_PROVIDER, GEN_BILLING_NO, -1);
        cr_expect(eq(str, (char *)play_shot(&play, 0, 0)->provider, "spare"), "%s", cases[i].what);
        cr_expect(eq(str, (char *)play.job->pipelines[0].model, "two"), "%s", cases[i].what);
        cr_expect(eq(i64, play_effect(&play, GEN_EFFECT_WAKE)->wait_ms, 0), "nothing is ill there");
        moved = change_of(&play, GEN_CHANGE_SHOT_MOVE);
        cr_assert(moved != NULL, "%s", cases[i].what);
        cr_expect(eq(str, (char *)moved->as.shot.parameters, "{\"theirs\":1}"));
        cr_expect(eq(i64, moved->as.shot.most, cases[i].most));
        cr_expect(eq(str, (char *)moved->as.shot.pipeline_provider, "spare"));
        cr_expect(eq(i64, play.attempts[2].amounts[GEN_LEDGER_HOLD],
                     cases[i].held < cases[i].most ? 0 : cases[i].held), "%s", cases[i].what);
        cr_expect(eq(i64, play_shot(&play, 0, 0)->attempt.estimate, cases[i].most));
        play_kind(&play, GEN_INPUT_TIMER, 0);
        cr_expect(play_effect(&play, GEN_EFFECT_WANT_SLOT)->holds_money == (cases[i].held == 0),
                  "%s", cases[i].what);
        play_to(&play, 0, GEN_ATTEMPT_SETTLED);
        cr_expect(eq(i64, play.attempts[2].amounts[GEN_LEDGER_CHARGE], cases[i].most));
        play_end(&play);
    }
}

/* Who has failed on a shot is not asked again; when nobody is left, the sentence says so, and why. */
Test(settle, nobody_else_can_make_it)
{
    struct gen_retry_kind kind = {.retries = 1, .switch_after = 1, .jitter = GEN_JITTER_NONE};
    struct gen_retry_policy policy = {.job = {.retries = 99}};

    policy.by_failure[GEN_FAILURE_AUTH] = &kind;
    for (int ready = 0; ready < 2; ready++) {
        struct play play;

        play_begin(&play, 1, 1, 0);
        play.policy = &policy;
        play.elsewhere = spare;
        play.elsewhere_most = ready == 1 ? MOST : 0;
        play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
        play.now += 1000;
        play_fail(&play, 0, GEN_FAILURE_AUTH, GEN_BILLING_NO, -1);
        if (ready == 1) {
            cr_expect(eq(int, play_state(&play, 0), GEN_ATTEMPT_PLANNED), "it helps elsewhere");
            play_kind(&play, GEN_INPUT_TIMER, 0);
            play_to(&play, 0, GEN_ATTEMPT_SUBMITTING);
            play_fail(&play, 0, GEN_FAILURE_AUTH, GEN_BILLING_NO, -1);
        }
        cr_expect(eq(int, play.job->status, GEN_JOB_FAILED));
        cr_expect(strstr(play.job->pipelines[0].failure_message,
                         "nobody else can make it: spare is not ready") != NULL,
                  "%s", play.job->pipelines[0].failure_message);
        play_end(&play);
    }
}
