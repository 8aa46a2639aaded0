/* outlet.c - see outlet.h. Pump: is there anything for it? Begin (Stripe: note that it is tried),
 * tell, settle (what came of it becomes durable), and pump again. */
#include "engine/outlet.h"

#include "base/alloc.h"
#include "base/json.h"

#include <string.h>

enum {
    OUTLET_PAUSE_FIRST_MS = 5000,
    OUTLET_PAUSE_MOST_MS = 3600 * 1000,
    OUTLET_DOUBLINGS = 12,
    OUTLET_BATCHES = 4,     /* looked through in one turn */
    OUTLET_SKIPPED = 1000,  /* events that were not for it before its position is written */
    OUTLET_LATER_MS = 1000, /* after trouble of our own */
};
#define OUTLET_PARK_MS (INT64_C(5) * 24 * 3600 * 1000)

struct gen_outlet {
    struct gen_outlet_world *world;
    struct gen_arena *arena; /* of the subscriber's texts */
    struct gen_subscriber subscriber;
    int64_t written; /* the position that the store has */
    struct gen_arena *batch_arena;
    struct gen_outbox_event *batch;
    size_t batch_count, batch_at;
    struct gen_outbox_event aside; /* one that was refused before, in aside_arena */
    struct gen_arena *aside_arena;
    int64_t aside_after;
    bool asides_over;
    const struct gen_outbox_event *event; /* being told */
    bool busy;                            /* telling or writing */
    bool gone;                            /* removed: it ends when it is done */
    struct gen_telling *telling;
    struct gen_timer *timer;
    struct gen_told told;   /* what becomes durable */
    struct gen_error noted; /* its words */
};

/* --------------------------------------------------------------------------------------- outlets -- */

void gen_outlet_destroy(struct gen_outlet *outlet)
{
    gen_timer_cancel(&outlet->timer);
    gen_arena_destroy(outlet->arena);
    gen_arena_destroy(outlet->batch_arena);
    gen_arena_destroy(outlet->aside_arena);
    gen_free(outlet);
}

static void outlet_busy(struct gen_outlet *outlet, bool busy)
{
    GEN_CHECK(outlet->busy != busy);
    outlet->busy = busy;
    outlet->world->busy += busy ? 1 : (size_t)-1;
}

static void outlet_on_time(void *context)
{
    struct gen_outlet *outlet = context;

    outlet->timer = NULL;
    gen_outlet_pump(outlet);
}

static void outlet_wait(struct gen_outlet *outlet, int64_t ms)
{
    gen_timer_cancel(&outlet->timer);
    outlet->timer = gen_timer_start(outlet->world->messenger->loop, ms, outlet_on_time, outlet);
    if (outlet->timer == NULL) {
        gen_log_line(outlet->world->messenger->log, GEN_LEVEL_ERROR, "outbox",
                     "no memory to wait; deliveries go on with the next event", "subscriber",
                     outlet->subscriber.id, NULL);
    }
}

/* ------------------------------------------------------------------------------ what comes next -- */

static void outlet_drop_batch(struct gen_outlet *outlet)
{
    outlet->batch = NULL;
    outlet->batch_count = outlet->batch_at = 0;
}

/* GEN_ENOTFOUND: there is nothing more behind its position. */
static enum gen_status outlet_read(struct gen_outlet *outlet, struct gen_error *err)
{
    enum gen_status status;

    outlet_drop_batch(outlet);
    gen_arena_clear(outlet->batch_arena);
    status = gen_read_outbox(outlet->world->messenger->store, outlet->subscriber.organization,
                             outlet->subscriber.position, GEN_OUTBOX_BATCH, outlet->batch_arena,
                             &outlet->batch, &outlet->batch_count, err);
    return status == GEN_OK && outlet->batch_count == 0 ? GEN_ENOTFOUND : status;
}

/* The next event that it wants; NULL with GEN_ENOTFOUND, or GEN_EBUSY: look on in a later turn. */
static enum gen_status outlet_next(struct gen_outlet *outlet, const struct gen_outbox_event **out,
                                   struct gen_error *err)
{
    struct gen_subscriber *subscriber = &outlet->subscriber;
    enum gen_status status;

    for (int batches = 0; batches < OUTLET_BATCHES; batches++) {
        while (outlet->batch_at < outlet->batch_count) {
            struct gen_outbox_event *event = &outlet->batch[outlet->batch_at++];

            if (gen_subscriber_wants(subscriber, event->kind, event->job, event->project) &&
                (subscriber->kind != GEN_SUBSCRIBER_STRIPE || gen_meter_event_wants(event))) {
                *out = event;
                return GEN_OK;
            }
            subscriber->position = event->seq;
        }
        status = outlet_read(outlet, err);
        if (status != GEN_OK) {
            return status;
        }
    }
    return GEN_EBUSY;
}

/* Those that were refused before come first, once after somebody has resumed it. */
static enum gen_status outlet_next_aside(struct gen_outlet *outlet, struct gen_error *err)
{
    enum gen_status status;

    if (outlet->asides_over) {
        return GEN_ENOTFOUND;
    }
    gen_arena_clear(outlet->aside_arena);
    status = gen_read_outbox_aside(outlet->world->messenger->store, outlet->subscriber.id,
                                   outlet->aside_after, outlet->aside_arena, &outlet->aside, err);
    outlet->asides_over = status == GEN_ENOTFOUND;
    return status;
}

/* ------------------------------------------------------------------------------ what came of it -- */

static void outlet_event(struct gen_outlet *outlet, struct gen_changes *changes,
                         enum gen_event_kind kind)
{
    const struct gen_outlet_world *world = outlet->world;
    const struct gen_subscriber *subscriber = &outlet->subscriber;
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_node *data = gen_node_map(changes->arena);
    struct gen_arena *arena = changes->arena;

    if (change == NULL) {
        return;
    }
    gen_node_set(arena, data, "subscriber", gen_node_string(arena, subscriber->id));
    gen_node_set(arena, data, "event", gen_node_string(arena, outlet->told.event.text));
    gen_node_set(arena, data, "reason", gen_node_string(arena, outlet->told.last_error));
    gen_node_set(arena, data, "failingSince", gen_node_moment(arena, outlet->told.failing_since));
    change->as.event = (struct gen_change_event){
        .kind = kind,
        .organization = gen_arena_strdup(arena, subscriber->organization[0] != '\0'
                                                    ? subscriber->organization
                                                    : world->organization),
        .at = outlet->told.at,
        .data = gen_json_text(arena, data, NULL),
    };
    gen_random_ident(world->random, GEN_IDENT_EVENT, outlet->told.at, &change->as.event.id);
}

static void outlet_on_written(void *context, enum gen_status status, const struct gen_error *err,
                              int64_t last_event)
{
    struct gen_outlet *outlet = context;
    struct gen_outlet_world *world = outlet->world;

    outlet_busy(outlet, false);
    if (status != GEN_OK) { /* in memory it is so; it is written with what comes next */
        gen_log_error(world->messenger->log, GEN_LEVEL_WARN, "outbox", err);
    } else {
        outlet->written = outlet->told.position;
        if (last_event > world->last_event && world->on_events != NULL &&
            (outlet->told.park || outlet->told.outcome == GEN_DELIVERY_SET_ASIDE)) {
            world->on_events(world->context, last_event);
        }
    }
    if (world->closing) {
        return;
    }
    if (outlet->gone) {
        world->on_gone(world->owner, outlet);
        return;
    }
    gen_outlet_pump(outlet);
}

/* Writes outlet->told, with events about it. */
static void outlet_write(struct gen_outlet *outlet)
{
    struct gen_outlet_world *world = outlet->world;
    struct gen_changes *changes = gen_changes_create();
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    if (changes != NULL) {
        gen_changes_told(changes, &outlet->told);
        if (outlet->told.park) {
            outlet_event(outlet, changes, GEN_EVENT_SUBSCRIBER_PARKED);
        }
        if (outlet->told.outcome == GEN_DELIVERY_SET_ASIDE && !outlet->told.was_aside) {
            outlet_event(outlet, changes, GEN_EVENT_SUBSCRIBER_SET_ASIDE);
        }
        status = gen_store_commit(world->messenger->store, &changes, outlet_on_written, outlet,
                                  &err);
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        gen_log_error(world->messenger->log, GEN_LEVEL_WARN, "outbox", &err);
        outlet_busy(outlet, false);
        if (!world->closing) {
            outlet_wait(outlet, OUTLET_LATER_MS);
        }
    }
}

/* The pause after the nth failure: doubled each time up to an hour, and half of it is chance, so
 * that many that failed together do not come back together. */
static int64_t outlet_pause(const struct gen_outlet_world *world, int32_t failures)
{
    int64_t first = world->first_pause_ms > 0 ? world->first_pause_ms
                                              : (int64_t)OUTLET_PAUSE_FIRST_MS;
    int32_t doublings = failures > OUTLET_DOUBLINGS ? OUTLET_DOUBLINGS : failures - 1;
    int64_t pause = first << doublings;
    uint32_t draw;

    pause = pause > OUTLET_PAUSE_MOST_MS ? OUTLET_PAUSE_MOST_MS : pause;
    gen_random_fill(world->random, (uint8_t *)&draw, sizeof draw);
    return pause / 2 + (int64_t)(draw % (uint32_t)(pause / 2 + 1));
}

static void outlet_failed(struct gen_outlet *outlet, const struct gen_telling_verdict *verdict,
                          gen_moment now)
{
    struct gen_outlet_world *world = outlet->world;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    int64_t park_ms = world->park_ms > 0 ? world->park_ms : OUTLET_PARK_MS;
    int64_t pause;

    subscriber->failures++;
    subscriber->failing_since = subscriber->failing_since == 0 ? now : subscriber->failing_since;
    pause = outlet_pause(world, subscriber->failures);
    pause = verdict->pause_ms > pause ? verdict->pause_ms : pause;
    subscriber->retry_at = now + pause;
    outlet->told.park = verdict->park || now - subscriber->failing_since >= park_ms;
    if (outlet->told.park) {
        subscriber->state = GEN_SUBSCRIBER_PARKED;
        gen_log_line(world->messenger->log, GEN_LEVEL_ERROR, "outbox",
                     "deliveries to a subscriber rest until somebody resumes them", "subscriber",
                     subscriber->id, "reason", verdict->note, NULL);
    }
    world->figures.failed++;
}

static void outlet_passed(struct gen_outlet *outlet, const struct gen_telling_verdict *verdict)
{
    struct gen_subscriber *subscriber = &outlet->subscriber;
    bool aside = outlet->event == &outlet->aside;

    subscriber->failures = 0;
    subscriber->failing_since = subscriber->retry_at = 0;
    if (aside) {
        outlet->aside_after = outlet->event->seq;
    } else {
        subscriber->position = outlet->event->seq;
    }
    outlet->world->figures.delivered += verdict->outcome == GEN_DELIVERY_DELIVERED &&
                                        !verdict->dropped;
    outlet->world->figures.set_aside += verdict->outcome == GEN_DELIVERY_SET_ASIDE;
}

static void outlet_on_told(void *context, const struct gen_telling_verdict *verdict)
{
    struct gen_outlet *outlet = context;
    struct gen_outlet_world *world = outlet->world;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    const struct gen_outbox_event *event = outlet->event;
    gen_moment now = gen_clock_now(world->messenger->clock);

    outlet->telling = NULL;
    if (world->closing && verdict->outcome != GEN_DELIVERY_DELIVERED) {
        outlet_busy(outlet, false); /* we broke it off ourselves: it is told again */
        return;
    }
    (void)gen_error_set(&outlet->noted, GEN_EIO, "%s", verdict->note);
    outlet->told = (struct gen_told){.outcome = verdict->dropped ? 0 : verdict->outcome,
                                     .seq = event->seq,
                                     .event = event->id,
                                     .event_kind = event->kind,
                                     .attempt = subscriber->failures + 1,
                                     .at = now,
                                     .took_ms = verdict->took_ms,
                                     .last_status = verdict->status,
                                     .last_error = outlet->noted.message,
                                     .was_aside = event == &outlet->aside};
    if (verdict->outcome == GEN_DELIVERY_FAILED) {
        outlet_failed(outlet, verdict, now);
    } else {
        outlet_passed(outlet, verdict);
    }
    memcpy(outlet->told.subscriber, subscriber->id, sizeof subscriber->id);
    outlet->told.position = subscriber->position;
    outlet->told.failures = subscriber->failures;
    outlet->told.failing_since = subscriber->failing_since;
    outlet->told.retry_at = subscriber->retry_at;
    outlet_write(outlet);
}

/* --------------------------------------------------------------------------------------- telling -- */

static void outlet_tell(struct gen_outlet *outlet)
{
    struct gen_outlet_world *world = outlet->world;
    struct gen_telling_order order = {
        .subscriber = &outlet->subscriber,
        .event = outlet->event,
        .attempt = outlet->subscriber.failures + 1,
        .trying_since = outlet->event == &outlet->aside ? 0 : outlet->subscriber.failing_since,
    };
    struct gen_error err = {0};

    if (gen_messenger_tell(world->messenger, &order, outlet_on_told, outlet, &outlet->telling,
                           &err) != GEN_OK) {
        gen_log_error(world->messenger->log, GEN_LEVEL_WARN, "outbox", &err);
        outlet_busy(outlet, false);
        outlet_drop_batch(outlet); /* read again from its position */
        outlet_wait(outlet, OUTLET_LATER_MS);
    }
}

static void outlet_on_noted(void *context, enum gen_status status, const struct gen_error *err,
                            int64_t last_event)
{
    struct gen_outlet *outlet = context;
    struct gen_outlet_world *world = outlet->world;

    (void)last_event;
    if (world->closing || outlet->gone || status != GEN_OK) {
        outlet_busy(outlet, false);
        outlet->subscriber.failing_since = 0;
        outlet_drop_batch(outlet);
        if (world->closing) {
            return;
        }
        if (outlet->gone) {
            world->on_gone(world->owner, outlet);
            return;
        }
        gen_log_error(world->messenger->log, GEN_LEVEL_WARN, "outbox", err);
        outlet_wait(outlet, OUTLET_LATER_MS);
        return;
    }
    outlet_tell(outlet);
}

/* Stripe drops repeats for a day only: when it was first tried must survive us. */
static void outlet_note(struct gen_outlet *outlet)
{
    struct gen_outlet_world *world = outlet->world;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    struct gen_changes *changes = gen_changes_create();
    gen_moment now = gen_clock_now(world->messenger->clock);
    struct gen_told told = {.position = subscriber->position,
                            .failing_since = now,
                            .at = now,
                            .last_status = subscriber->last_status,
                            .last_error = ""};
    struct gen_error err = {.status = GEN_ENOMEM, .message = "out of memory"};
    enum gen_status status = GEN_ENOMEM;

    memcpy(told.subscriber, subscriber->id, sizeof subscriber->id);
    if (changes != NULL) {
        gen_changes_told(changes, &told);
        status = gen_store_commit(world->messenger->store, &changes, outlet_on_noted, outlet, &err);
    }
    if (status == GEN_OK) {
        subscriber->failing_since = now;
    } else {
        gen_changes_destroy(changes);
        outlet_on_noted(outlet, status, &err, 0);
    }
}

/* Nothing was for it for long: where it stands is written, so that a start need not look again. */
static void outlet_mark(struct gen_outlet *outlet)
{
    const struct gen_subscriber *subscriber = &outlet->subscriber;

    if (subscriber->position - outlet->written < OUTLET_SKIPPED) {
        return;
    }
    outlet->told = (struct gen_told){.position = subscriber->position,
                                     .failures = subscriber->failures,
                                     .failing_since = subscriber->failing_since,
                                     .retry_at = subscriber->retry_at,
                                     .last_status = subscriber->last_status,
                                     .last_error = ""};
    memcpy(outlet->told.subscriber, subscriber->id, sizeof subscriber->id);
    outlet_busy(outlet, true);
    outlet_write(outlet);
}

void gen_outlet_pump(struct gen_outlet *outlet)
{
    struct gen_outlet_world *world = outlet->world;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    gen_moment now = gen_clock_now(world->messenger->clock);
    struct gen_error err = {0};
    enum gen_status status;

    if (outlet->busy || outlet->gone || world->closing ||
        subscriber->state != GEN_SUBSCRIBER_ACTIVE) {
        return;
    }
    if (subscriber->retry_at > now) {
        outlet_wait(outlet, subscriber->retry_at - now);
        return;
    }
    if (subscriber->failures > 0) { /* the same one again, read anew */
        outlet_drop_batch(outlet);
    }
    outlet->event = &outlet->aside;
    status = outlet_next_aside(outlet, &err);
    if (status == GEN_ENOTFOUND) {
        status = outlet_next(outlet, &outlet->event, &err);
    }
    if (status == GEN_OK) {
        outlet_busy(outlet, true);
        if (subscriber->kind == GEN_SUBSCRIBER_STRIPE && subscriber->failing_since == 0) {
            outlet_note(outlet);
        } else {
            outlet_tell(outlet);
        }
    } else if (status == GEN_ENOTFOUND) {
        outlet_mark(outlet);
    } else if (status == GEN_EBUSY) {
        outlet_wait(outlet, 1);
    } else {
        gen_log_error(world->messenger->log, GEN_LEVEL_WARN, "outbox", &err);
        outlet_wait(outlet, OUTLET_LATER_MS);
    }
}

/* ---------------------------------------------------------------------------- for the outbox alone
 * -- */

enum gen_status gen_outlet_create(struct gen_outlet_world *world, const struct gen_subscriber *row,
                                  struct gen_outlet **out, struct gen_error *err)
{
    struct gen_outlet *outlet = gen_alloc(sizeof *outlet);

    if (outlet == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a subscriber");
    }
    outlet->world = world;
    outlet->arena = gen_arena_create(0);
    outlet->batch_arena = gen_arena_create(0);
    outlet->aside_arena = gen_arena_create(0);
    if (outlet->arena != NULL) {
        gen_subscriber_copy(row, outlet->arena, &outlet->subscriber);
    }
    if (outlet->arena == NULL || gen_arena_failed(outlet->arena) || outlet->batch_arena == NULL ||
        outlet->aside_arena == NULL) {
        gen_outlet_destroy(outlet);
        return gen_error_set(err, GEN_ENOMEM, "no memory for a subscriber");
    }
    outlet->written = row->position;
    outlet->asides_over = true; /* until somebody asks for them */
    *out = outlet;
    return GEN_OK;
}

/* What people set comes from the row; how it is doing from memory, unless somebody resumed it. */
enum gen_status gen_outlet_update(struct gen_outlet *outlet, const struct gen_subscriber *row,
                                  struct gen_error *err)
{
    struct gen_subscriber old = outlet->subscriber, new;
    struct gen_arena *arena = gen_arena_create(0);

    if (arena != NULL) {
        gen_subscriber_copy(row, arena, &new);
    }
    if (arena == NULL || gen_arena_failed(arena)) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "no memory for a subscriber");
    }
    new.position = old.position > row->position ? old.position : row->position;
    if (row->state == GEN_SUBSCRIBER_ACTIVE) { /* set by a person: from the beginning */
        new.failures = 0;
        new.retry_at = 0;
        new.failing_since = old.kind == GEN_SUBSCRIBER_STRIPE ? old.failing_since : 0;
        outlet->asides_over = false;
        outlet->aside_after = 0;
        gen_timer_cancel(&outlet->timer);
    } else {
        new.failures = old.failures;
        new.failing_since = old.failing_since;
        new.retry_at = old.retry_at;
    }
    outlet->subscriber = new;
    outlet_drop_batch(outlet);
    gen_arena_destroy(outlet->arena);
    outlet->arena = arena;
    return GEN_OK;
}

void gen_outlet_nudge(struct gen_outlet *outlet)
{
    /* One that looks in a moment anyway, or waits for its next try, is left alone. */
    if (!outlet->busy && outlet->timer == NULL) {
        outlet_wait(outlet, 0);
    }
}

void gen_outlet_stop(struct gen_outlet *outlet)
{
    gen_timer_cancel(&outlet->timer);
    if (outlet->telling != NULL) {
        gen_messenger_hurry(outlet->telling);
    }
}

void gen_outlet_abandon(struct gen_outlet *outlet)
{
    gen_timer_cancel(&outlet->timer);
    outlet->gone = true;
    if (!outlet->busy) {
        outlet->world->on_gone(outlet->world->owner, outlet);
    }
}

bool gen_outlet_busy(const struct gen_outlet *outlet)
{
    return outlet->busy;
}

bool gen_outlet_gone(const struct gen_outlet *outlet)
{
    return outlet->gone;
}

const struct gen_subscriber *gen_outlet_subscriber(const struct gen_outlet *outlet)
{
    return &outlet->subscriber;
}
