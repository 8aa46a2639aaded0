/* settle.c - see settle.h. */
#include "engine/settle.h"

#include <stdio.h>
#include <string.h>

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

/* Charges `cost` against the hold of the attempt and releases what is left of it. */
static void settle_charge(struct gen_turn *turn, gen_micros cost, const char *basis)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    attempt->cost = cost;
    gen_turn_entry(turn, GEN_LEDGER_CHARGE, cost, basis);
    if (attempt->hold > 0 && cost > attempt->hold) {
        settle_drift(turn, cost, attempt->hold);
    }
    if (cost < attempt->hold) {
        gen_turn_entry(turn, GEN_LEDGER_RELEASE, attempt->hold - cost, "not needed");
    }
    attempt->hold = 0;
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

/* A sentence for people from the kind and the provider's own words. */
static void settle_sentence(const struct gen_mishap *mishap, char *out, size_t size)
{
    bool has_words = mishap->message != NULL && mishap->message[0] != '\0';

    snprintf(out, size, "%s%s%s", gen_failure_meaning(mishap->kind), has_words ? ": " : "",
             has_words ? mishap->message : "");
}

static void settle_plan(struct gen_turn *turn, int64_t pause_ms)
{
    struct gen_shot *shot = turn->shot;
    struct gen_attempt next = {
        .ordinal = shot->attempt.ordinal + 1,
        .state = GEN_ATTEMPT_PLANNED,
        .handle = "",
        .step_state = "",
        .hold = shot->most,
        .estimate = shot->price,
        .reported = -1,
        .started_at = turn->input->now,
        .failure_code = "",
        .failure_message = "",
        .failure_field = "",
    };

    gen_random_ident(turn->random, GEN_IDENT_ATTEMPT, turn->input->now, &next.id);
    /* The slices of a scene have one seed. */
    next.seed = gen_shot_chained(shot) ? shot->attempt.seed : (int64_t)gen_turn_draw(turn);
    shot->attempt = next;
    shot->attempt_count++;
    shot->progress_ppm = 0;
    shot->note = "";
    shot->queue_position = -1;
    shot->poll_failures = 0;
    shot->fetch_failures = 0;
    shot->recover_looks = 0;
    shot->waited_ms = 0;
    shot->late = false;
    shot->cancel_refused = false;
    shot->verb = GEN_VERB_NONE;
    shot->retry_waits = true;
    gen_changes_attempt(turn->changes, GEN_CHANGE_ATTEMPT_ADD, turn->job, turn->pipeline, shot,
                        GEN_ATTEMPT_NONE);
    gen_changes_shot(turn->changes, GEN_CHANGE_SHOT_SET, turn->job, turn->pipeline, shot);
    gen_turn_event(turn, GEN_EVENT_ATTEMPT_RETRY, "attemptId", shot->attempt.id.text);
    gen_turn_wake(turn, pause_ms);
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

/* By retry.yaml. The engine stays on its provider, so every failure of a shot was there, and every one
 * counts as billed where this one was: rather a person too early than a video bought too often. */
static struct gen_retry settle_judge(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_retry_case it = {.failure = mishap->kind,
                                .attempts = turn->shot->attempt_count,
                                .billed_attempts = turn->shot->attempt_count,
                                .billed = mishap->billed != GEN_BILLING_NO,
                                .on_provider = turn->shot->attempt_count,
                                .price = turn->shot->price,
                                .wait_ms = mishap->retry_after_ms};
    struct gen_retry_verdict verdict;

    settle_job_case(turn, &it);
    verdict = gen_retry_judge(turn->policy, &it, gen_turn_draw(turn));
    return (struct gen_retry){.again = verdict.again, .pause_ms = verdict.pause_ms};
}

static struct gen_retry settle_decide(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    int32_t attempts = turn->shot->attempt_count;
    struct gen_retry retry;

    if (turn->policy != NULL) {
        return settle_judge(turn, mishap);
    }
    retry = gen_retry_decide(turn->retry, mishap->kind, attempts, mishap->retry_after_ms,
                             gen_turn_draw(turn));
    if (mishap->billed != GEN_BILLING_NO && attempts > turn->retry->most_rebuys) {
        retry.again = false; /* what was paid for twice and is not usable is a person's matter */
    }
    return retry;
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

/* The attempt is terminal: leave the lane, then try again or begin to end the pipeline. */
static void settle_next(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_retry retry;
    char sentence[512];

    settle_count(turn->shot, mishap);
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
    if (turn->pipeline->ending || turn->job->cancel_requested) {
        return;
    }
    retry = settle_decide(turn, mishap);
    if (retry.again) {
        settle_plan(turn, retry.pause_ms);
        return;
    }
    settle_sentence(mishap, sentence, sizeof(sentence));
    if (turn->shot->role == GEN_SHOT_FINISH) {
        settle_without(turn, sentence);
        return;
    }
    gen_settle_give_up(turn, mishap->kind, sentence);
}

void gen_settle_refused(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    bool held = gen_attempt_holds(attempt->state);

    settle_mishap(turn, mishap);
    attempt->cost = 0;
    gen_turn_move(turn, GEN_ATTEMPT_REFUSED);
    if (held) {
        gen_turn_entry(turn, GEN_LEDGER_RELEASE, attempt->hold, "not billed");
    }
    attempt->hold = 0;
    settle_next(turn, mishap);
}

void gen_settle_skip(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    char sentence[512];

    settle_mishap(turn, mishap);
    attempt->cost = 0;
    gen_turn_move(turn, GEN_ATTEMPT_REFUSED);
    gen_turn_entry(turn, GEN_LEDGER_RELEASE, attempt->hold, "not billed");
    attempt->hold = 0;
    settle_sentence(mishap, sentence, sizeof(sentence));
    settle_without(turn, sentence);
}

void gen_settle_failed(struct gen_turn *turn, const struct gen_mishap *mishap)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    settle_mishap(turn, mishap);
    if (mishap->billed == GEN_BILLING_YES) {
        attempt->cost = mishap->cost >= 0 ? mishap->cost : attempt->estimate;
    }
    gen_turn_move(turn, GEN_ATTEMPT_FAILED);
    switch (mishap->billed) {
    case GEN_BILLING_YES:
        settle_charge(turn, attempt->cost, "billed although it failed");
        break;
    case GEN_BILLING_NO:
        gen_turn_entry(turn, GEN_LEDGER_RELEASE, attempt->hold, "failed, not billed");
        break;
    case GEN_BILLING_UNKNOWN:
        gen_turn_entry(turn, GEN_LEDGER_UNVERIFIED, attempt->hold, "may have been billed");
        break;
    }
    attempt->hold = 0;
    settle_next(turn, mishap);
}

void gen_settle_fetched(struct gen_turn *turn)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    bool reported = attempt->reported >= 0;

    attempt->cost = reported ? attempt->reported : attempt->estimate;
    gen_turn_move(turn, GEN_ATTEMPT_SETTLED);
    settle_charge(turn, attempt->cost, reported ? "as the provider reported" : "as estimated");
    gen_turn_effect(turn, GEN_EFFECT_FREE_SLOT);
}

void gen_settle_again(struct gen_turn *turn)
{
    struct gen_effect *effect;

    turn->shot->retry_waits = false;
    gen_turn_move(turn, GEN_ATTEMPT_RESERVED);
    gen_turn_entry(turn, GEN_LEDGER_HOLD, turn->shot->attempt.hold, "another attempt");
    effect = gen_turn_effect(turn, GEN_EFFECT_WANT_SLOT);
    if (effect != NULL) {
        effect->holds_money = turn->shot->attempt.hold > 0;
    }
}

void gen_settle_no_money(struct gen_turn *turn)
{
    struct gen_mishap mishap = {
        .kind = GEN_FAILURE_BUDGET, .billed = GEN_BILLING_NO, .message = turn->input->reason};

    turn->shot->attempt.state = GEN_ATTEMPT_PLANNED; /* what the store still says */
    gen_settle_refused(turn, &mishap);
}
