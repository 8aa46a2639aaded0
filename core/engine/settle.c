/* settle.c - see settle.h. */
#include "engine/settle.h"

#include "decide/hold.h"

#include <stdio.h>
#include <string.h>

struct settle_again { /* another attempt? */
    struct gen_retry retry;
    gen_micros open; /* what it and those after it can cost; INT64_MAX: nobody knows */
    bool moves;      /* to another provider */
    struct gen_rerouted to;
    struct gen_error nowhere; /* why not, though it is time; empty = it is not */
    const char *spent;        /* which allowance is used up; NULL = none */
};

static void settle_mishap(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    turn->shot->verb = GEN_VERB_NONE;
    attempt->failure = mishap->kind;
    attempt->failure_code = gen_turn_keep(turn, mishap->code);
    attempt->failure_message = gen_turn_keep(turn, mishap->message);
    attempt->failure_field = gen_turn_keep(turn, mishap->field);
}

/* The price book is out of date: people must know before the next bill. */
static void settle_drift(struct gen_turn *turn, gen_micros cost, gen_micros hold)
{
    char billed[GEN_MONEY_TEXT_SIZE], held[GEN_MONEY_TEXT_SIZE], text[160], both[512];
    const char *before = turn->pipeline->warning;

    (void)snprintf(text, sizeof(text),
                   "%s billed $%s, its price book held $%s; see its prices in the policies",
                   turn->shot->provider, gen_money_text(cost, 2, billed),
                   gen_money_text(hold, 2, held));
    gen_turn_event(turn, GEN_EVENT_LEDGER_DRIFT, "message", text);
    if (strstr(before, " billed $") == NULL) { /* of several shots the first speaks */
        (void)snprintf(both, sizeof(both), "%.300s%s%s", before, before[0] != '\0' ? "; " : "",
                       text);
        turn->pipeline->warning = gen_turn_keep(turn, both);
    }
}

/* Charges `cost` against the hold of the attempt. What is left of it is released, or goes over to the
 * next attempt: see settle_next. */
static void settle_charge(struct gen_turn *turn, gen_micros cost, const char *basis)
{
    struct gen_shot *shot = turn->shot;

    shot->attempt.cost = cost;
    gen_turn_entry(turn, GEN_LEDGER_CHARGE, cost, basis);
    if (shot->most > 0 && cost > shot->most) {
        settle_drift(turn, cost, shot->most);
    }
}

static void settle_release(struct gen_turn *turn, const char *basis)
{
    gen_turn_entry(turn, GEN_LEDGER_RELEASE, turn->shot->attempt.hold, basis);
}

/* One attempt's own part of the hold; the rest is the reserve for others. */
static void settle_doubt(struct gen_turn *turn)
{
    const struct gen_shot *shot = turn->shot;
    gen_micros own = shot->attempt.hold < shot->most ? shot->attempt.hold : shot->most;

    gen_turn_entry(turn, GEN_LEDGER_UNVERIFIED, own, "may have been billed");
}

/* Held by the ceiling of budget.yaml, since nobody knows its price: what it cost is only known when the
 * provider says so, or an invoice does. */
static bool settle_unpriced(const struct gen_shot *shot)
{
    return shot->price == 0 && shot->most > 0 && !shot->price_exact;
}

void gen_settle_give_up(struct gen_turn *turn, enum gen_failure kind, const char *message)
{
    struct gen_pipeline *pipeline = turn->pipeline;

    if (pipeline->ending) {
        return;
    }
    pipeline->ending = true;
    pipeline->failure = kind;
    pipeline->failure_message = gen_turn_rewrite(turn, &pipeline->failure_place, message);
}

/* A sentence for people from the kind and the provider's own words, and why that is the end (NULL: it is not,
 * or nobody asks). */
static void settle_sentence(const struct gen_mishap *mishap, const struct settle_again *end,
                            char *out, size_t size)
{
    bool words = mishap->message != NULL && mishap->message[0] != '\0';
    bool nowhere = end != NULL && end->nowhere.message[0] != '\0';
    bool spent = end != NULL && end->spent != NULL;

    snprintf(out, size, "%s%s%.200s%s%.150s%s%s", gen_failure_meaning(mishap->kind),
             words ? ": " : "", words ? mishap->message : "",
             nowhere ? "; nobody else can make it: " : "", nowhere ? end->nowhere.message : "",
             spent ? "; " : "", spent ? end->spent : "");
}

/* What goes over to another attempt: what is left of the hold, as far as the ways that are still open can
 * cost it; nothing when that does not cover an attempt, or where another provider's own limits must be
 * asked. */
static gen_micros settle_carried(const struct gen_turn *turn, const struct settle_again *again)
{
    gen_micros left = turn->shot->attempt.hold;
    gen_micros most = again->moves ? again->to.shot.most : turn->shot->most;

    return left < most || (again->moves && again->to.capped) ? 0
           : left < again->open                              ? left
                                                             : again->open;
}

/* From here on it is another model's. */
static void settle_move(struct gen_turn *turn, const struct gen_shot *to, const char *reason)
{
    struct gen_shot *shot = turn->shot;
    const char *provider = shot->provider, *model = shot->model;

    shot->provider = gen_turn_keep(turn, to->provider);
    shot->model = gen_turn_keep(turn, to->model);
    shot->model_flags = to->model_flags;
    shot->parameters = gen_turn_keep(turn, to->parameters);
    shot->from_ms = to->from_ms;
    shot->shown_ms = to->shown_ms;
    shot->ordered_ms = to->ordered_ms;
    shot->width = to->width;
    shot->height = to->height;
    shot->frame_rate_milli = to->frame_rate_milli;
    shot->duration_ms = to->duration_ms;
    shot->price = to->price;
    shot->most = to->most;
    shot->book = to->book;
    shot->price_exact = to->price_exact;
    gen_pipeline_name(turn->pipeline);
    gen_turn_moved(turn, provider, model, reason);
}

/* Another attempt. What is left of this one's hold goes over to it in the same set of changes, so that
 * nobody can slip in between, if it covers an attempt; else it is released, and the next one holds anew
 * when its pause is over (a planned attempt with a hold has it already). */
static void settle_plan(struct gen_turn *turn, const struct settle_again *again, const char *basis,
                        const char *reason)
{
    struct gen_shot *shot = turn->shot;
    struct gen_ident before = shot->attempt.id;
    gen_micros carried = settle_carried(turn, again);
    struct gen_attempt next = {
        .ordinal = shot->attempt.ordinal + 1,
        .state = GEN_ATTEMPT_PLANNED,
        .handle = "",
        .step_state = "",
        .hold = carried,
        .estimate = again->moves ? again->to.shot.price : shot->price,
        .book = again->moves ? again->to.shot.book : shot->attempt.book,
        .held_at = carried > 0 ? shot->attempt.held_at : 0,
        .reported = -1,
        .started_at = turn->input->now,
        .failure_code = "",
        .failure_message = "",
        .failure_field = "",
    };

    gen_random_ident(turn->random, GEN_IDENT_ATTEMPT, turn->input->now, &next.id);
    /* The slices of a scene have one seed. */
    next.seed = gen_shot_chained(shot) ? shot->attempt.seed : (int64_t)gen_turn_draw(turn);
    settle_release(turn, carried > 0 ? "goes over to the next attempt" : basis);
    turn->pipeline->shown_ppm = gen_pipeline_progress(turn->pipeline);
    if (again->moves) {
        settle_move(turn, &again->to.shot, reason);
    }
    shot->attempt = next;
    shot->attempt_count++;
    shot->progress_ppm = 0;
    shot->guessed_ppm = 0;
    shot->moved_at = 0;
    shot->note = "";
    shot->queue_position = -1;
    shot->poll_failures = 0;
    shot->fetch_failures = 0;
    shot->recover_looks = 0;
    shot->strangers = 0;
    shot->topped = 0;
    shot->waited_ms = 0;
    shot->late = false;
    shot->cancel_refused = false;
    shot->verb = GEN_VERB_NONE;
    shot->retry_waits = true;
    gen_changes_attempt(turn->changes, GEN_CHANGE_ATTEMPT_ADD, turn->job, turn->pipeline, shot,
                        GEN_ATTEMPT_NONE);
    gen_turn_carry(turn, &before, carried);
    gen_changes_shot(turn->changes, again->moves ? GEN_CHANGE_SHOT_MOVE : GEN_CHANGE_SHOT_SET,
                     turn->job, turn->pipeline, shot);
    gen_turn_event(turn, GEN_EVENT_ATTEMPT_RETRY, "attemptId", shot->attempt.id.text);
    gen_turn_wake(turn, again->retry.pause_ms);
}

void gen_settle_anew(struct gen_turn *turn, const struct gen_rerouted *to, const char *reason)
{
    struct settle_again again = {.open = INT64_MAX, .moves = to != NULL};

    if (to != NULL) {
        again.to = *to;
    }
    settle_plan(turn, &again, "not needed", reason);
}

void gen_settle_withdraw(struct gen_turn *turn, const char *reason)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    attempt->failure = GEN_FAILURE_CANCELED;
    attempt->failure_code = "";
    attempt->failure_message = gen_turn_keep(turn, reason);
    attempt->failure_field = "";
    attempt->cost = 0;
    gen_turn_move(turn, GEN_ATTEMPT_REFUSED);
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
}

/* A retry that was billed, or may have been, counts against what retries may cost. Since the start of
 * the daemon: the ledger, which has it all, bounds the job in any case. */
static void settle_count(struct gen_shot *shot, const struct gen_mishap *mishap)
{
    gen_micros cost = mishap->billed == GEN_BILLING_YES ? shot->attempt.cost : shot->price;

    if (mishap->billed != GEN_BILLING_NO && shot->attempt_count > 1 &&
        !gen_money_add(&shot->retries_cost, shot->retries_cost, cost)) {
        shot->retries_cost = INT64_MAX;
    }
}

/* What the shots of the job together have been given already. */
static void settle_job_case(const struct gen_turn *turn, struct gen_retry_case *it)
{
    const struct gen_job *job = turn->job;

    it->job_age_ms = turn->input->now - job->created_at;
    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            const struct gen_shot *shot = &job->pipelines[i].shots[k];

            it->job_retries += shot->attempt_count - 1;
            if (!gen_money_add(&it->job_estimate, it->job_estimate, shot->price) ||
                !gen_money_add(&it->job_extra, it->job_extra, shot->retries_cost)) {
                it->job_extra = INT64_MAX; /* no money that fits: no more of it */
            }
        }
    }
}

/* Who else could make it is asked when it is time to switch, and before that as long as more is held than the
 * shot's own model can cost: so much of it is kept for the other one. */
static void settle_look_elsewhere(struct gen_turn *turn, struct gen_retry_case *it,
                                  struct settle_again *again, struct gen_hold_branch *branch)
{
    const struct gen_shot *shot = turn->shot;
    bool switches = gen_retry_switches(turn->policy, it);

    if (turn->elsewhere == NULL || shot->role == GEN_SHOT_FINISH ||
        (!switches && shot->attempt.hold <= shot->most)) {
        return;
    }
    it->others = turn->elsewhere(turn->elsewhere_context, turn, &again->to, &again->nowhere) ==
                 GEN_OK;
    if (!switches) {
        again->nowhere = (struct gen_error){0}; /* nobody asked for it */
    }
    *branch = (struct gen_hold_branch){GEN_HOLD_ELSEWHERE, again->to.shot.price,
                                       again->to.shot.most};
}

/* By retry.yaml. Every attempt of the shot counts as billed where this one was: rather a person too early
 * than a video bought too often. */
static struct settle_again settle_judge(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_retry_case it = {.failure = mishap->kind,
                                .attempts = turn->shot->attempt_count,
                                .billed_attempts = turn->shot->attempt_count,
                                .billed = mishap->billed != GEN_BILLING_NO,
                                .on_provider = gen_shot_failed_at(turn->shot, turn->shot->provider),
                                .price = turn->shot->price,
                                .wait_ms = mishap->retry_after_ms};
    struct gen_hold_shot ways = {.price = turn->shot->price, .most = turn->shot->most};
    struct settle_again again = {.open = 0};
    struct gen_hold_branch branch;
    struct gen_retry_verdict verdict;

    settle_job_case(turn, &it);
    settle_look_elsewhere(turn, &it, &again, &branch);
    if (it.others && gen_retry_switches(turn->policy, &it)) {
        it.price = again.to.shot.price;
        ways = (struct gen_hold_shot){.price = it.price, .most = again.to.shot.most};
    } else if (it.others) {
        ways.branches = &branch;
        ways.branch_count = 1;
    }
    verdict = gen_retry_judge(turn->policy, &it, gen_turn_draw(turn));
    again.retry = (struct gen_retry){.again = verdict.again, .pause_ms = verdict.pause_ms};
    again.moves = verdict.elsewhere;
    again.spent = verdict.hopeless ? NULL : verdict.reason;
    if (verdict.again) {
        again.open = gen_hold_open(turn->policy, &ways, &it);
    }
    return again;
}

static struct settle_again settle_decide(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    int32_t attempts = turn->shot->attempt_count;
    struct settle_again again = {.open = INT64_MAX};

    if (turn->policy != NULL) {
        return settle_judge(turn, mishap);
    }
    again.retry = gen_retry_decide(turn->retry, mishap->kind, attempts, mishap->retry_after_ms,
                                   gen_turn_draw(turn));
    if (mishap->billed != GEN_BILLING_NO && attempts > turn->retry->most_rebuys) {
        again.retry.again =
            false; /* what was paid for twice and is not usable is a person's matter */
    }
    return again;
}

/* What was rendered is shown as it is. */
static void settle_without(struct gen_turn *turn, const char *sentence)
{
    struct gen_pipeline *pipeline = turn->pipeline;
    char warning[600];

    snprintf(warning, sizeof(warning), "text overlays could not be added: %s", sentence);
    pipeline->warning = gen_turn_keep(turn, warning);
    gen_changes_pipeline(turn->changes, GEN_CHANGE_PIPELINE_SET, turn->job, pipeline);
}

/* The attempt is terminal: leave the lane, then try again or begin to end the pipeline. What is left of
 * its hold goes on or is released, for the reason given. */
static void settle_next(struct gen_turn *turn, const struct gen_mishap *mishap, const char *basis)
{
    struct settle_again again;
    char sentence[512];

    settle_count(turn->shot, mishap);
    gen_shot_fail_at(turn->shot, turn->shot->provider, 1, turn->job->arena);
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
    if (turn->pipeline->ending || turn->job->cancel_requested) {
        settle_release(turn, basis);
        return;
    }
    again = settle_decide(turn, mishap);
    settle_sentence(mishap, again.retry.again ? NULL : &again, sentence, sizeof(sentence));
    if (again.retry.again) {
        settle_plan(turn, &again, basis, sentence);
        return;
    }
    settle_release(turn, basis);
    if (turn->shot->role == GEN_SHOT_FINISH) {
        settle_without(turn, sentence);
        return;
    }
    gen_settle_give_up(turn, mishap->kind, sentence);
}

void gen_settle_refused(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    settle_mishap(turn, mishap);
    turn->shot->attempt.cost = 0;
    gen_turn_move(turn, GEN_ATTEMPT_REFUSED);
    settle_next(turn, mishap, "not billed");
}

void gen_settle_skip(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    char sentence[512];

    settle_mishap(turn, mishap);
    turn->shot->attempt.cost = 0;
    gen_turn_move(turn, GEN_ATTEMPT_REFUSED);
    settle_release(turn, "not billed");
    settle_sentence(mishap, NULL, sentence, sizeof(sentence));
    settle_without(turn, sentence);
}

void gen_settle_failed(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    bool guessed = mishap->billed == GEN_BILLING_YES && mishap->cost < 0 &&
                   settle_unpriced(turn->shot);
    bool charged = mishap->billed == GEN_BILLING_YES && !guessed;

    settle_mishap(turn, mishap);
    if (charged) {
        attempt->reported =
            mishap->cost; /* without it the charge is an estimate, and shown as one */
        attempt->cost = mishap->cost >= 0 ? mishap->cost : attempt->estimate;
    }
    gen_turn_move(turn, GEN_ATTEMPT_FAILED);
    if (charged) {
        settle_charge(turn, attempt->cost, "billed although it failed");
    } else if (mishap->billed != GEN_BILLING_NO) {
        settle_doubt(turn);
    }
    settle_next(turn, mishap,
                mishap->billed == GEN_BILLING_NO ? "failed, not billed" : "not needed");
}

void gen_settle_fetched(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    bool reported = attempt->reported >= 0;

    attempt->cost = reported ? attempt->reported : attempt->estimate;
    gen_turn_move(turn, GEN_ATTEMPT_SETTLED);
    if (!reported && settle_unpriced(turn->shot)) {
        settle_doubt(turn);
    } else {
        settle_charge(turn, attempt->cost, reported ? "as the provider reported" : "as estimated");
    }
    settle_release(turn, "not needed");
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
}

/* What it saved is what the render was expected to cost. */
static void settle_use_clip(struct gen_turn *turn)
{
    struct gen_change *change = gen_changes_add(turn->changes, GEN_CHANGE_CLIP_USED);

    if (change != NULL) {
        change->as.clip = (struct gen_change_clip){.attempt = turn->shot->attempt.id,
                                                   .job = turn->job->id,
                                                   .pipeline = turn->pipeline->id,
                                                   .from = *turn->input->made_by,
                                                   .saved = turn->shot->price,
                                                   .at = turn->input->now};
    }
}

void gen_settle_reused(struct gen_turn *turn)
{
    struct gen_shot *shot = turn->shot;

    shot->clip = gen_turn_keep(turn, turn->input->digest);
    shot->progress_ppm = 1000000;
    shot->attempt.cost = 0;
    shot->attempt.failure = GEN_FAILURE_NONE;
    gen_turn_move(turn, GEN_ATTEMPT_FETCHED);
    gen_changes_shot(turn->changes, GEN_CHANGE_SHOT_SET, turn->job, turn->pipeline, shot);
    gen_turn_move(turn, GEN_ATTEMPT_SETTLED);
    settle_use_clip(turn);
    settle_release(turn, "used again");
    gen_turn_reused(turn);
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
}

void gen_settle_again(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    bool holds = attempt->hold == 0 && turn->shot->most > 0;
    struct gen_effect *effect;

    turn->shot->retry_waits = false;
    if (holds) { /* nothing was left for it */
        attempt->hold = turn->shot->most;
    }
    gen_turn_move(turn, GEN_ATTEMPT_RESERVED);
    if (holds) {
        gen_turn_entry(turn, GEN_LEDGER_HOLD, attempt->hold, "another attempt");
    }
    effect = gen_turn_want(turn);
    if (effect != NULL) {
        effect->holds_money = holds;
    }
}

void gen_settle_no_money(struct gen_turn *turn)
{
    struct gen_shot *shot = turn->shot;
    struct gen_mishap mishap = {
        .kind = GEN_FAILURE_BUDGET, .billed = GEN_BILLING_NO, .message = turn->input->reason};
    char text[GEN_ERROR_MESSAGE_SIZE];

    if (shot->topped > 0) { /* it is reserved, with what it held before; nothing was ordered */
        (void)snprintf(text, sizeof text,
                       "bills of %s are higher than its price list, and there is no money left to "
                       "hold that: %.300s",
                       shot->provider, turn->input->reason);
        mishap.message = text;
        shot->attempt.hold -= shot->topped;
        shot->topped = 0;
    } else {
        shot->attempt.state = GEN_ATTEMPT_PLANNED; /* what the store still says */
        shot->attempt.hold = 0;
        shot->attempt.held_at = 0;
    }
    gen_settle_refused(turn, &mishap);
}
