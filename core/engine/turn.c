/* turn.c - see turn.h. */
#include "engine/turn.h"

#include "base/json.h"

#include <string.h>

#define TURN_TROUBLE_MS 30000 /* before trouble of our own is looked at again */

void gen_turn_aim(struct gen_turn *turn, struct gen_pipeline *pipeline, struct gen_shot *shot)
{
    turn->pipeline = pipeline;
    turn->shot = shot;
}

const char *gen_turn_keep(struct gen_turn *turn, const char *text)
{
    const char *copy = gen_arena_strdup(turn->job->arena, text);

    return copy == NULL ? "" : copy;
}

const char *gen_turn_rewrite(struct gen_turn *turn, struct gen_rewrite *place, const char *text)
{
    size_t size = strlen(text) + 1;

    if (place->size < size) { /* by doubling: all that was outgrown is less than what stands */
        size_t room = 2 * place->size > size ? 2 * place->size : size;

        place->text = gen_arena_alloc(turn->job->arena, room);
        place->size = place->text == NULL ? 0 : room;
    }
    if (place->text == NULL) {
        return "";
    }
    memmove(place->text, text, size); /* it may be the one that stands there */
    return place->text;
}

uint32_t gen_turn_draw(struct gen_turn *turn)
{
    uint32_t draw;

    gen_random_fill(turn->random, (uint8_t *)&draw, sizeof(draw));
    return draw;
}

struct gen_effect *gen_turn_effect(struct gen_turn *turn, enum gen_effect_kind kind)
{
    struct gen_effect *effect = gen_arena_alloc(turn->arena, sizeof(*effect));

    if (effect == NULL) {
        return NULL;
    }
    effect->kind = kind;
    effect->file = "";
    if (turn->pipeline != NULL) {
        effect->pipeline = (size_t)(turn->pipeline - turn->job->pipelines);
        if (turn->shot != NULL) {
            effect->shot = (size_t)(turn->shot - turn->pipeline->shots);
            effect->verb = turn->shot->verb;
        }
    }
    if (turn->last == NULL) {
        turn->first = effect;
    } else {
        turn->last->next = effect;
    }
    turn->last = effect;
    return effect;
}

void gen_turn_wake(struct gen_turn *turn, int64_t wait_ms)
{
    struct gen_effect *effect = gen_turn_effect(turn, GEN_EFFECT_WAKE);

    if (effect != NULL) {
        effect->wait_ms = wait_ms;
    }
}

void gen_turn_verb(struct gen_turn *turn, enum gen_verb verb)
{
    if (turn->shot->verb != verb) {
        turn->shot->verb = verb;
        turn->shot->waited_ms = 0;
    }
}

void gen_turn_call(struct gen_turn *turn, enum gen_verb verb)
{
    gen_turn_verb(turn, verb);
    gen_turn_effect(turn, GEN_EFFECT_CALL);
}

struct gen_effect *gen_turn_want(struct gen_turn *turn)
{
    bool waits = turn->shot->attempt.state == GEN_ATTEMPT_RESERVED &&
                 (turn->job->paused || !gen_shot_supplied(turn->shot));

    return gen_turn_effect(turn, waits ? GEN_EFFECT_PROGRESS : GEN_EFFECT_WANT_SLOT);
}

void gen_turn_pause(struct gen_turn *turn, int64_t wait_ms)
{
    turn->shot->waited_ms += wait_ms;
    gen_turn_wake(turn, wait_ms);
}

void gen_turn_trouble(struct gen_turn *turn)
{
    turn->pipeline->failure = GEN_FAILURE_OUTPUT;
    turn->pipeline->failure_message = gen_turn_rewrite(turn, &turn->pipeline->failure_place,
                                                       turn->input->reason);
    gen_turn_wake(turn, TURN_TROUBLE_MS);
}

void gen_turn_progress(struct gen_turn *turn, int32_t progress_ppm)
{
    if (progress_ppm > turn->shot->progress_ppm) {
        turn->shot->progress_ppm = progress_ppm;
        turn->shot->moved_at = turn->input->now;
        turn->pipeline->estimated_at = gen_pipeline_estimate(turn->pipeline, turn->input->now);
        gen_turn_effect(turn, GEN_EFFECT_PROGRESS);
    }
}

/* Whose doing an event is: of whoever asked, of the provider whose answer ended a step, or our own. */
static struct gen_actor turn_actor(const struct gen_turn *turn)
{
    const struct gen_input *input = turn->input;

    if (input->actor == NULL && input->kind == GEN_INPUT_STEP && turn->shot != NULL &&
        (input->step->type == GEN_STEP_IS_DONE || input->step->type == GEN_STEP_IS_FAIL)) {
        return gen_actor_provider(turn->shot->provider, turn->changes->arena);
    }
    return gen_actor_copy(input->actor, turn->changes->arena);
}

/* Appends an event with `data`; its ids come from the turn's aim. */
static void turn_event_add(struct gen_turn *turn, enum gen_event_kind kind,
                           const struct gen_node *data)
{
    struct gen_change *change = gen_changes_add(turn->changes, GEN_CHANGE_EVENT);
    struct gen_change_event *event;

    if (change == NULL) {
        return;
    }
    event = &change->as.event;
    gen_random_ident(turn->random, GEN_IDENT_EVENT, turn->input->now, &event->id);
    event->job = turn->job->id;
    if (turn->pipeline != NULL) {
        event->pipeline = turn->pipeline->id;
    }
    event->kind = kind;
    event->organization = gen_arena_strdup(turn->changes->arena, turn->job->organization);
    event->data = gen_json_text(turn->changes->arena, data, NULL);
    event->at = turn->input->now;
    event->actor = turn_actor(turn);
}

static void turn_put_text(struct gen_turn *turn, struct gen_node *map, const char *key,
                          const char *text)
{
    if (text != NULL && text[0] != '\0') {
        gen_node_set(turn->changes->arena, map, key, gen_node_string(turn->changes->arena, text));
    }
}

void gen_turn_event(struct gen_turn *turn, enum gen_event_kind kind, const char *key,
                    const char *value)
{
    struct gen_node *data = gen_node_map(turn->changes->arena);

    if (turn->shot != NULL) {
        turn_put_text(turn, data, "provider", turn->shot->provider);
        turn_put_text(turn, data, "model", turn->shot->model);
    } else if (turn->pipeline != NULL) {
        turn_put_text(turn, data, "provider", turn->pipeline->provider);
        turn_put_text(turn, data, "model", turn->pipeline->model);
    }
    if (key != NULL) {
        turn_put_text(turn, data, key, value);
    }
    turn_event_add(turn, kind, data);
}

void gen_turn_move(struct gen_turn *turn, enum gen_attempt_state to)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    enum gen_attempt_state from = attempt->state;
    struct gen_arena *arena = turn->changes->arena;
    struct gen_node *data = gen_node_map(arena);

    GEN_CHECK(gen_attempt_may(from, to));
    attempt->state = to;
    if (gen_attempt_terminal(to)) {
        attempt->ended_at = turn->input->now;
    }
    gen_changes_attempt(turn->changes, GEN_CHANGE_ATTEMPT_MOVE, turn->job, turn->pipeline,
                        turn->shot, from);
    turn_put_text(turn, data, "attemptId", attempt->id.text);
    turn_put_text(turn, data, "shotId", turn->shot->id.text);
    gen_node_set(arena, data, "attempt", gen_node_int(arena, attempt->ordinal));
    turn_put_text(turn, data, "provider", turn->shot->provider);
    turn_put_text(turn, data, "from", gen_attempt_word(from));
    turn_put_text(turn, data, "to", gen_attempt_word(to));
    turn_put_text(turn, data, "failure", gen_failure_word(attempt->failure));
    turn_put_text(turn, data, "code", attempt->failure_code);
    turn_put_text(turn, data, "message", attempt->failure_message);
    turn_event_add(turn, GEN_EVENT_ATTEMPT_STATE, data);
}

void gen_turn_note(struct gen_turn *turn, const char *step_state)
{
    struct gen_attempt *attempt = &turn->shot->attempt;

    if (step_state == NULL || strcmp(step_state, attempt->step_state) == 0) {
        return;
    }
    attempt->step_state = gen_turn_rewrite(turn, &turn->shot->state_place, step_state);
    gen_changes_attempt(turn->changes, GEN_CHANGE_ATTEMPT_NOTE, turn->job, turn->pipeline,
                        turn->shot, attempt->state);
}

/* What the entry moves between which accounts, so that the log alone gives the same balances. */
static void turn_put_accounts(struct gen_turn *turn, struct gen_node *data,
                              const struct gen_postings *postings)
{
    struct gen_arena *arena = turn->changes->arena;
    struct gen_node *accounts = gen_node_map(arena);

    for (int account = GEN_ACCOUNT_FUNDS; account < GEN_ACCOUNT_COUNT; account++) {
        if (postings->of[account] != 0) {
            gen_node_set(arena, accounts, gen_account_word((enum gen_account)account),
                         gen_node_money(arena, postings->of[account]));
        }
    }
    gen_node_set(arena, data, "accounts", accounts);
}

static void turn_entry_event(struct gen_turn *turn, const struct gen_change_entry *entry,
                             const struct gen_postings *postings)
{
    struct gen_arena *arena = turn->changes->arena;
    struct gen_node *data = gen_node_map(arena);

    turn_put_text(turn, data, "entryId", entry->id.text);
    turn_put_text(turn, data, "attemptId", entry->attempt.text);
    turn_put_text(turn, data, "kind", gen_ledger_word(entry->kind));
    gen_node_set(arena, data, "amount", gen_node_money(arena, entry->amount));
    turn_put_text(turn, data, "basis", entry->basis);
    turn_put_text(turn, data, "provider", entry->provider);
    turn_put_text(turn, data, "carriedFrom", entry->carried_from.text);
    turn_put_accounts(turn, data, postings);
    turn_event_add(turn, GEN_EVENT_LEDGER_ENTRY, data);
}

/* `from`: the attempt whose money it takes over, or NULL; `reference` tells two entries of a kind apart. */
static void turn_entry(struct gen_turn *turn, enum gen_ledger_kind kind, gen_micros amount,
                       const char *basis, const struct gen_ident *from, const char *reference)
{
    struct gen_attempt *attempt = &turn->shot->attempt;
    struct gen_balance balance = {.held = attempt->hold};
    struct gen_postings postings = {{0}};
    struct gen_change *change;
    struct gen_change_entry *entry;

    GEN_CHECK(amount >= 0);
    if (amount == 0 || (change = gen_changes_add(turn->changes, GEN_CHANGE_LEDGER)) == NULL) {
        return;
    }
    GEN_CHECK(gen_ledger_postings(kind, amount, &balance, &postings, NULL) == GEN_OK);
    if (kind != GEN_LEDGER_HOLD) {
        attempt->hold += postings.of[GEN_ACCOUNT_HELD];
    }
    entry = &change->as.entry;
    gen_random_ident(turn->random, GEN_IDENT_LEDGER, turn->input->now, &entry->id);
    entry->job = turn->job->id;
    entry->pipeline = turn->pipeline->id;
    entry->attempt = attempt->id;
    entry->kind = kind;
    entry->amount = amount;
    entry->provider = gen_arena_strdup(turn->changes->arena, turn->shot->provider);
    entry->basis = gen_arena_strdup(turn->changes->arena, basis);
    entry->reference = reference;
    entry->at = turn->input->now;
    attempt->held_at = attempt->held_at == 0 ? turn->input->now : attempt->held_at;
    entry->counts_at = attempt->held_at;
    if (from != NULL) {
        entry->carried_from = *from;
    }
    turn_entry_event(turn, entry, &postings);
}

void gen_turn_entry(struct gen_turn *turn, enum gen_ledger_kind kind, gen_micros amount,
                    const char *basis)
{
    turn_entry(turn, kind, amount, basis, NULL, "");
}

void gen_turn_top_up(struct gen_turn *turn, gen_micros amount, const char *basis)
{
    turn->shot->attempt.hold += amount;
    turn_entry(turn, GEN_LEDGER_HOLD, amount, basis, NULL, "top-up");
}

void gen_turn_carry(struct gen_turn *turn, const struct gen_ident *from, gen_micros amount)
{
    turn_entry(turn, GEN_LEDGER_HOLD, amount, "carried over from the attempt before", from, "");
}

void gen_turn_reused(struct gen_turn *turn)
{
    struct gen_arena *arena = turn->changes->arena;
    struct gen_node *data = gen_node_map(arena);

    turn_put_text(turn, data, "attemptId", turn->shot->attempt.id.text);
    turn_put_text(turn, data, "shotId", turn->shot->id.text);
    turn_put_text(turn, data, "provider", turn->shot->provider);
    turn_put_text(turn, data, "fromJobId", turn->input->made_for->text);
    turn_put_text(turn, data, "fromAttemptId", turn->input->made_by->text);
    gen_node_set(arena, data, "saved", gen_node_money(arena, turn->shot->price));
    turn_event_add(turn, GEN_EVENT_SHOT_REUSED, data);
}

void gen_turn_moved(struct gen_turn *turn, const char *from_provider, const char *from_model,
                    const char *reason)
{
    struct gen_arena *arena = turn->changes->arena;
    struct gen_node *data = gen_node_map(arena);

    turn_put_text(turn, data, "shotId", turn->shot->id.text);
    turn_put_text(turn, data, "fromProvider", from_provider);
    turn_put_text(turn, data, "fromModel", from_model);
    turn_put_text(turn, data, "provider", turn->shot->provider);
    turn_put_text(turn, data, "model", turn->shot->model);
    turn_put_text(turn, data, "message", reason);
    turn_event_add(turn, GEN_EVENT_SHOT_MOVED, data);
}

void gen_turn_stage(struct gen_turn *turn, enum gen_stage stage)
{
    if (turn->pipeline->stage == stage) {
        return;
    }
    turn->pipeline->stage = stage;
    gen_changes_pipeline(turn->changes, GEN_CHANGE_PIPELINE_SET, turn->job, turn->pipeline);
    gen_turn_event(turn, GEN_EVENT_PIPELINE_STAGE, "stage", gen_stage_word(stage));
}

void gen_turn_pipeline_status(struct gen_turn *turn, enum gen_pipeline_status status)
{
    static const struct {
        enum gen_pipeline_status status;
        enum gen_event_kind kind;
    } events[] = {
        {GEN_PIPELINE_PROCESSING, GEN_EVENT_PIPELINE_STARTED},
        {GEN_PIPELINE_NEEDS_ATTENTION, GEN_EVENT_PIPELINE_NEEDS_ATTENTION},
        {GEN_PIPELINE_COMPLETED, GEN_EVENT_PIPELINE_COMPLETED},
        {GEN_PIPELINE_FAILED, GEN_EVENT_PIPELINE_FAILED},
        {GEN_PIPELINE_CANCELED, GEN_EVENT_PIPELINE_CANCELED},
    };
    struct gen_pipeline *pipeline = turn->pipeline;

    if (pipeline->status == status) {
        return;
    }
    pipeline->status = status;
    if (status == GEN_PIPELINE_PROCESSING && pipeline->started_at == 0) {
        pipeline->started_at = turn->input->now;
    }
    if (gen_pipeline_status_terminal(status)) {
        pipeline->ended_at = turn->input->now;
    }
    gen_changes_pipeline(turn->changes, GEN_CHANGE_PIPELINE_SET, turn->job, pipeline);
    for (size_t i = 0; i < GEN_COUNT(events); i++) {
        if (events[i].status == status) {
            gen_turn_event(turn, events[i].kind, "message", pipeline->failure_message);
        }
    }
}

void gen_turn_job_status(struct gen_turn *turn, enum gen_job_status status)
{
    static const struct {
        enum gen_job_status status;
        enum gen_event_kind kind;
    } events[] = {
        {GEN_JOB_IN_PROGRESS, GEN_EVENT_JOB_STARTED},
        {GEN_JOB_CANCELING, GEN_EVENT_JOB_CANCELING},
        {GEN_JOB_NEEDS_ATTENTION, GEN_EVENT_JOB_NEEDS_ATTENTION},
        {GEN_JOB_COMPLETED, GEN_EVENT_JOB_COMPLETED},
        {GEN_JOB_PARTIAL, GEN_EVENT_JOB_PARTIAL},
        {GEN_JOB_FAILED, GEN_EVENT_JOB_FAILED},
        {GEN_JOB_CANCELED, GEN_EVENT_JOB_CANCELED},
    };
    struct gen_pipeline *aimed = turn->pipeline;

    if (turn->job->status == status) {
        return;
    }
    turn->job->status = status;
    if (gen_job_status_terminal(status)) {
        turn->job->completed_at = turn->input->now;
    }
    gen_changes_job(turn->changes, GEN_CHANGE_JOB_SET, turn->job);
    turn->pipeline = NULL; /* an event of the job itself */
    for (size_t i = 0; i < GEN_COUNT(events); i++) {
        if (events[i].status == status) {
            gen_turn_event(turn, events[i].kind, NULL, NULL);
        }
    }
    turn->pipeline = aimed;
}
