/* play.h - drives the machine by hand: one job, inputs one by one, and after each the promises that
 * hold for every turn, checked.
 *
 * Used by machine_test.c and lessons_test.c. */
#ifndef TESTS_UNIT_ENGINE_PLAY_H
#define TESTS_UNIT_ENGINE_PLAY_H

#include "engine/machine.h"
#include "engine/poll.h"
#include "model/registry.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#define PLAY_UNUSED __attribute__((unused))
#define PRICE INT64_C(400000)
#define MOST INT64_C(500000)
enum { PLAY_MOST = 400 };

struct play_attempt { /* what happened to one attempt so far */
    struct gen_ident id;
    enum gen_attempt_state state;
    gen_micros amounts[GEN_LEDGER_UNVERIFIED + 1];
    int entries[GEN_LEDGER_UNVERIFIED + 1];
    int paid_requests;
};

struct play {
    struct gen_job *job;
    gen_moment now;
    uint8_t next_random;
    struct gen_random random;
    struct gen_step step; /* the last one given */
    struct gen_changes *changes; /* of the last turn */
    struct gen_arena *arena;
    struct gen_effect *first;
    struct play_attempt attempts[PLAY_MOST];
    size_t attempt_count;
    bool over; /* GEN_EFFECT_OVER has come */
    const struct gen_retry_policy *policy; /* NULL = gen_retry_defaults */
    gen_elsewhere_call *elsewhere;         /* NULL = nobody else; `context` is the play */
    gen_micros elsewhere_most;             /* what an attempt there can cost; 0 = it is not fit */
    bool elsewhere_capped;
    gen_micros doubted; /* today, with play_doubted */
    bool asks_doubts;
};

static void play_random(void *context, uint8_t *out, size_t size)
{
    struct play *play = context;

    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(play->next_random += 37);
    }
}

static PLAY_UNUSED struct gen_shot *play_shot(struct play *play, size_t pipeline, size_t shot)
{
    return &play->job->pipelines[pipeline].shots[shot];
}

static PLAY_UNUSED enum gen_attempt_state play_state(struct play *play, size_t shot)
{
    return play_shot(play, 0, shot)->attempt.state;
}

static struct play_attempt *play_attempt(struct play *play, const char *id)
{
    for (size_t i = 0; i < play->attempt_count; i++) {
        if (strcmp(play->attempts[i].id.text, id) == 0) {
            return &play->attempts[i];
        }
    }
    cr_assert(play->attempt_count < PLAY_MOST);
    snprintf(play->attempts[play->attempt_count].id.text, GEN_IDENT_SIZE, "%s", id);
    return &play->attempts[play->attempt_count++];
}

/* A job of one-shot-a-scene pipelines whose money is held, as admission leaves it. */
static PLAY_UNUSED void play_begin(struct play *play, size_t pipelines, size_t shots,
                                   uint32_t traits)
{
    static const char text[] = "{\"scenes\": [{\"prompt\": \"a\", \"duration\": 2}]}";
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_job *job = gen_arena_alloc(arena, sizeof(*job));
    const struct gen_node *node;
    struct gen_error err = {0};

    memset(play, 0, sizeof(*play));
    play->job = job;
    play->now = INT64_C(1800000000000);
    play->random = (struct gen_random){play_random, play};
    job->arena = arena;
    job->organization = "org_1";
    job->user = job->project = "";
    job->decision = "{}";
    job->status = GEN_JOB_QUEUED;
    cr_assert(gen_json_read(text, strlen(text), NULL, arena, &node, &err) == GEN_OK);
    cr_assert(gen_brief_read(node, arena, &job->brief, &err) == GEN_OK);
    gen_random_ident(&play->random, GEN_IDENT_JOB, play->now, &job->id);
    job->pipeline_count = pipelines;
    job->pipelines = gen_arena_array(arena, pipelines, sizeof(*job->pipelines));
    for (size_t i = 0; i < pipelines; i++) {
        struct gen_pipeline *pipeline = &job->pipelines[i];

        *pipeline = (struct gen_pipeline){.provider = "vendor", .model = "one",
                                          .model_flags = traits, .status = GEN_PIPELINE_QUEUED,
                                          .stage = GEN_STAGE_FORMAT, .failure_message = "",
                                          .warning = "", .shot_count = shots};
        gen_random_ident(&play->random, GEN_IDENT_PIPELINE, play->now, &pipeline->id);
        pipeline->shots = gen_arena_array(arena, shots, sizeof(*pipeline->shots));
        for (size_t k = 0; k < shots; k++) {
            pipeline->shots[k] = (struct gen_shot){
                .role = GEN_SHOT_SCENE, .provider = "vendor", .model = "one",
                .model_flags = traits, .scene_count = 1, .parameters = "{}", .duration_ms = 2000, .price = PRICE, .most = MOST,
                .queue_position = -1, .note = "", .clip = "", .attempt_count = 1,
                .attempt = {.ordinal = 1, .state = GEN_ATTEMPT_RESERVED, .handle = "",
                            .step_state = "", .hold = MOST, .estimate = PRICE, .reported = -1,
                            .failure_code = "", .failure_message = "", .failure_field = ""}};
            gen_random_ident(&play->random, GEN_IDENT_SHOT, play->now, &pipeline->shots[k].id);
            gen_random_ident(&play->random, GEN_IDENT_ATTEMPT, play->now,
                             &pipeline->shots[k].attempt.id);
            *play_attempt(play, pipeline->shots[k].attempt.id.text) = (struct play_attempt){
                .id = pipeline->shots[k].attempt.id, .state = GEN_ATTEMPT_RESERVED,
                .amounts = {[GEN_LEDGER_HOLD] = MOST}, .entries = {[GEN_LEDGER_HOLD] = 1}};
        }
    }
}

static PLAY_UNUSED void play_end(struct play *play)
{
    gen_changes_destroy(play->changes);
    gen_arena_destroy(play->arena);
    gen_arena_destroy(play->job->arena);
}

/* Every move starts where the attempt was; every kind of entry comes once; a terminal attempt has
 * nothing left of its hold. */
static void play_check_change(struct play *play, const struct gen_change *change)
{
    if (change->kind == GEN_CHANGE_ATTEMPT_ADD) {
        play_attempt(play, change->as.attempt.attempt.id.text)->state =
            change->as.attempt.attempt.state;
    } else if (change->kind == GEN_CHANGE_ATTEMPT_MOVE) {
        struct play_attempt *attempt = play_attempt(play, change->as.attempt.attempt.id.text);

        cr_assert(eq(int, attempt->state, change->as.attempt.from));
        cr_assert(gen_attempt_may(attempt->state, change->as.attempt.attempt.state));
        attempt->state = change->as.attempt.attempt.state;
    } else if (change->kind == GEN_CHANGE_LEDGER) {
        struct play_attempt *attempt = play_attempt(play, change->as.entry.attempt.text);

        attempt->entries[change->as.entry.kind]++;
        cr_assert(attempt->entries[change->as.entry.kind] == 1, "a second entry of kind %s",
                  gen_ledger_word(change->as.entry.kind));
        attempt->amounts[change->as.entry.kind] += change->as.entry.amount;
    }
}

static void play_check_money(const struct play *play)
{
    for (size_t i = 0; i < play->attempt_count; i++) {
        const struct play_attempt *attempt = &play->attempts[i];
        gen_micros ended = attempt->amounts[GEN_LEDGER_CHARGE] +
                           attempt->amounts[GEN_LEDGER_RELEASE] +
                           attempt->amounts[GEN_LEDGER_UNVERIFIED];

        if (gen_attempt_terminal(attempt->state)) {
            cr_assert(ended >= attempt->amounts[GEN_LEDGER_HOLD], "%s is %s and holds money still",
                      attempt->id.text, gen_attempt_word(attempt->state));
        } else {
            cr_assert(eq(i64, ended, 0));
        }
        cr_assert(attempt->entries[GEN_LEDGER_CHARGE] + attempt->entries[GEN_LEDGER_UNVERIFIED] <=
                  1);
    }
}

/* A paid request leaves only in a turn that makes `submitting` durable, and once an attempt unless
 * the provider honours our reference. */
static void play_check_paid(struct play *play, const struct gen_effect *effect)
{
    const struct gen_pipeline *pipeline = &play->job->pipelines[effect->pipeline];
    const struct gen_attempt *attempt = &pipeline->shots[effect->shot].attempt;
    struct play_attempt *kept = play_attempt(play, attempt->id.text);
    bool durable = false;

    if (effect->kind != GEN_EFFECT_PERFORM || play->step.type != GEN_STEP_IS_HTTP ||
        !play->step.as.http.costs) {
        return;
    }
    for (const struct gen_change *change = play->changes->first; change != NULL;
         change = change->next) {
        durable = durable || (change->kind == GEN_CHANGE_ATTEMPT_MOVE &&
                              change->as.attempt.attempt.state == GEN_ATTEMPT_SUBMITTING &&
                              strcmp(change->as.attempt.attempt.id.text, attempt->id.text) == 0);
    }
    cr_assert(durable, "a paid request would leave before it is durable that it does");
    kept->paid_requests++;
    cr_assert(kept->paid_requests == 1 ||
                  (pipeline->shots[effect->shot].model_flags & GEN_TRAIT_SUBMIT_IDEMPOTENT) != 0,
              "a second paid request in one attempt");
}

static gen_micros play_doubted(void *context, const char *provider, gen_moment now)
{
    (void)provider;
    (void)now;
    return ((const struct play *)context)->doubted;
}

static PLAY_UNUSED void play_input(struct play *play, struct gen_input input)
{
    struct gen_turn turn = {.job = play->job, .input = &input, .random = &play->random,
                            .retry = &gen_retry_defaults, .policy = play->policy,
                            .patience = &gen_patience_defaults,
                            .elsewhere = play->elsewhere, .elsewhere_context = play,
                            .doubted = play->asks_doubts ? play_doubted : NULL,
                            .doubted_context = play};

    gen_changes_destroy(play->changes);
    gen_arena_destroy(play->arena);
    turn.changes = play->changes = gen_changes_create();
    turn.arena = play->arena = gen_arena_create(0);
    input.now = play->now;
    input.reason = input.reason == NULL ? "" : input.reason;
    if (input.kind == GEN_INPUT_STEP) {
        play->step = *input.step;
    }
    gen_machine_step(&turn);
    play->first = turn.first;
    for (const struct gen_change *change = play->changes->first; change != NULL;
         change = change->next) {
        play_check_change(play, change);
    }
    for (const struct gen_effect *effect = play->first; effect != NULL; effect = effect->next) {
        play_check_paid(play, effect);
        play->over = play->over || effect->kind == GEN_EFFECT_OVER;
    }
    play_check_money(play);
}

static PLAY_UNUSED const struct gen_effect *play_effect(const struct play *play,
                                                        enum gen_effect_kind kind)
{
    const struct gen_effect *effect = play->first;

    while (effect != NULL && effect->kind != kind) {
        effect = effect->next;
    }
    return effect;
}

/* The verb that the last turn calls; NONE when it calls none. */
static PLAY_UNUSED enum gen_verb play_called(const struct play *play)
{
    const struct gen_effect *call = play_effect(play, GEN_EFFECT_CALL);

    return call == NULL ? GEN_VERB_NONE : call->verb;
}

static PLAY_UNUSED gen_micros play_entry(struct play *play, size_t shot, enum gen_ledger_kind kind)
{
    return play_attempt(play, play_shot(play, 0, shot)->attempt.id.text)->amounts[kind];
}

/* ---- inputs for shots of the first pipeline */

static PLAY_UNUSED void play_kind(struct play *play, enum gen_input_kind kind, size_t shot)
{
    play_input(play, (struct gen_input){.kind = kind, .shot = shot});
}

static struct gen_step play_blank(enum gen_step_type type)
{
    return (struct gen_step){.type = type, .note = "", .progress_ppm = -1, .queue_position = -1};
}

static PLAY_UNUSED void play_http(struct play *play, size_t shot, bool costs)
{
    struct gen_step step = play_blank(GEN_STEP_IS_HTTP);

    step.as.http.costs = costs;
    play_input(play, (struct gen_input){.kind = GEN_INPUT_STEP, .shot = shot, .step = &step});
}

static PLAY_UNUSED void play_done(struct play *play, size_t shot, const char *handle,
                                  gen_micros cost)
{
    struct gen_step step = play_blank(GEN_STEP_IS_DONE);

    step.as.done.handle = handle;
    step.as.done.file = "";
    step.as.done.cost = cost;
    play_input(play, (struct gen_input){.kind = GEN_INPUT_STEP, .shot = shot, .step = &step});
}

static PLAY_UNUSED void play_wait(struct play *play, size_t shot, int64_t wait_ms)
{
    struct gen_step step = play_blank(GEN_STEP_IS_WAIT);

    step.wait_ms = wait_ms;
    play_input(play, (struct gen_input){.kind = GEN_INPUT_STEP, .shot = shot, .step = &step});
}

static PLAY_UNUSED void play_fail(struct play *play, size_t shot, enum gen_failure kind,
                                  enum gen_billing billed, gen_micros cost)
{
    struct gen_step step = play_blank(GEN_STEP_IS_FAIL);

    step.as.fail.kind = kind;
    step.as.fail.billed = billed;
    step.as.fail.cost = cost;
    step.as.fail.code = step.as.fail.field = "";
    step.as.fail.message = "they said so";
    play_input(play, (struct gen_input){.kind = GEN_INPUT_STEP, .shot = shot, .step = &step});
}

static PLAY_UNUSED void play_unanswered(struct play *play, size_t shot, enum gen_fate fate,
                                        bool costs)
{
    play_input(play, (struct gen_input){.kind = GEN_INPUT_UNANSWERED, .shot = shot, .fate = fate,
                                        .costs = costs, .reason = "the line went dead"});
}

static PLAY_UNUSED void play_clip(struct play *play, size_t shot, enum gen_status status)
{
    play_input(play, (struct gen_input){.kind = GEN_INPUT_CLIP, .shot = shot, .status = status,
                                        .digest = "d1gest"});
}

/* Brings a shot to a state along the shortest way. */
static PLAY_UNUSED void play_to(struct play *play, size_t shot, enum gen_attempt_state state)
{
    static const enum gen_attempt_state way[] = {
        GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_ACCEPTED, GEN_ATTEMPT_RENDERED,
        GEN_ATTEMPT_SETTLED};

    for (size_t i = 0; play_state(play, shot) != state; i++) {
        cr_assert(i < GEN_COUNT(way));
        switch (play_state(play, shot)) {
        case GEN_ATTEMPT_RESERVED:
            play_kind(play, GEN_INPUT_SLOT, shot);
            play_http(play, shot, true);
            break;
        case GEN_ATTEMPT_SUBMITTING:
            if (state == GEN_ATTEMPT_AMBIGUOUS) {
                play_unanswered(play, shot, GEN_FATE_UNKNOWN, true);
            } else {
                play_done(play, shot, "job-1", -1);
            }
            break;
        case GEN_ATTEMPT_ACCEPTED:
            play_done(play, shot, "", -1);
            break;
        default:
            play_done(play, shot, "", -1);
            play_clip(play, shot, GEN_OK);
            break;
        }
    }
}

#endif
