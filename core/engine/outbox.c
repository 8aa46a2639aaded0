/* outbox.c - see outbox.h. An outlet is a subscriber at work: pump (is there anything for it?), begin (Stripe:
 * note that it is tried), tell, settle (what came of it becomes durable), and pump again. */
#include "engine/outbox.h"

#include "base/alloc.h"
#include "base/json.h"
#include "store/event_reading.h"

#include <stdio.h>
#include <string.h>

enum {
    OUTBOX_PAUSE_FIRST_MS = 5000,
    OUTBOX_PAUSE_MOST_MS = 3600 * 1000,
    OUTBOX_DOUBLINGS = 12,
    OUTBOX_BATCHES = 4,     /* looked through in one turn */
    OUTBOX_SKIPPED = 1000,  /* events that were not for it before its position is written */
    OUTBOX_LATER_MS = 1000, /* after trouble of our own */
};
#define OUTBOX_PARK_MS (INT64_C(5) * 24 * 3600 * 1000)

struct outlet {
    struct outlet *next;
    struct gen_outbox *outbox;
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
    bool gone, stale;                     /* removed; changed in the store */
    struct gen_telling *telling;
    struct gen_timer *timer;
    struct gen_told told;   /* what becomes durable */
    struct gen_error noted; /* its words */
};

struct gen_outbox {
    struct gen_outbox_options options;
    struct outlet *first;
    int64_t last_event;
    size_t busy, trying;
    bool closing;
    struct gen_timer *refresh;
    struct gen_outbox_figures figures;
};

static void outlet_pump(struct outlet *outlet);

/* --------------------------------------------------------------------------------------- outlets -- */

static void outlet_destroy(struct outlet *outlet)
{
    gen_timer_cancel(&outlet->timer);
    gen_arena_destroy(outlet->arena);
    gen_arena_destroy(outlet->batch_arena);
    gen_arena_destroy(outlet->aside_arena);
    gen_free(outlet);
}

static void outlet_forget(struct outlet *outlet)
{
    struct outlet **at = &outlet->outbox->first;

    while (*at != outlet) {
        at = &(*at)->next;
    }
    *at = outlet->next;
    outlet_destroy(outlet);
}

static void outlet_busy(struct outlet *outlet, bool busy)
{
    GEN_CHECK(outlet->busy != busy);
    outlet->busy = busy;
    outlet->outbox->busy += busy ? 1 : (size_t)-1;
}

static void outlet_on_time(void *context)
{
    struct outlet *outlet = context;

    outlet->timer = NULL;
    outlet_pump(outlet);
}

static void outlet_wait(struct outlet *outlet, int64_t ms)
{
    gen_timer_cancel(&outlet->timer);
    outlet->timer = gen_timer_start(outlet->outbox->options.messenger.loop, ms, outlet_on_time,
                                    outlet);
    if (outlet->timer == NULL) {
        gen_log_line(outlet->outbox->options.messenger.log, GEN_LEVEL_ERROR, "outbox",
                     "no memory to wait; deliveries go on with the next event", "subscriber",
                     outlet->subscriber.id, NULL);
    }
}

/* ------------------------------------------------------------------------------ what comes next -- */

static void outlet_drop_batch(struct outlet *outlet)
{
    outlet->batch = NULL;
    outlet->batch_count = outlet->batch_at = 0;
}

/* GEN_ENOTFOUND: there is nothing more behind its position. */
static enum gen_status outlet_read(struct outlet *outlet, struct gen_error *err)
{
    enum gen_status status;

    outlet_drop_batch(outlet);
    gen_arena_clear(outlet->batch_arena);
    status = gen_read_outbox(outlet->outbox->options.messenger.store,
                             outlet->subscriber.organization, outlet->subscriber.position,
                             GEN_OUTBOX_BATCH, outlet->batch_arena, &outlet->batch,
                             &outlet->batch_count, err);
    return status == GEN_OK && outlet->batch_count == 0 ? GEN_ENOTFOUND : status;
}

/* The next event that it wants; NULL with GEN_ENOTFOUND, or GEN_EBUSY: look on in a later turn. */
static enum gen_status outlet_next(struct outlet *outlet, const struct gen_outbox_event **out,
                                   struct gen_error *err)
{
    struct gen_subscriber *subscriber = &outlet->subscriber;
    enum gen_status status;

    for (int batches = 0; batches < OUTBOX_BATCHES; batches++) {
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
static enum gen_status outlet_next_aside(struct outlet *outlet, struct gen_error *err)
{
    enum gen_status status;

    if (outlet->asides_over) {
        return GEN_ENOTFOUND;
    }
    gen_arena_clear(outlet->aside_arena);
    status = gen_read_outbox_aside(outlet->outbox->options.messenger.store, outlet->subscriber.id,
                                   outlet->aside_after, outlet->aside_arena, &outlet->aside, err);
    outlet->asides_over = status == GEN_ENOTFOUND;
    return status;
}

/* ------------------------------------------------------------------------------ what came of it -- */

static void outlet_event(struct outlet *outlet, struct gen_changes *changes,
                         enum gen_event_kind kind)
{
    const struct gen_outbox *outbox = outlet->outbox;
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
                                                    : outbox->options.organization),
        .at = outlet->told.at,
        .data = gen_json_text(arena, data, NULL),
    };
    gen_random_ident(outbox->options.random, GEN_IDENT_EVENT, outlet->told.at,
                     &change->as.event.id);
}

static void outlet_on_written(void *context, enum gen_status status, const struct gen_error *err,
                              int64_t last_event)
{
    struct outlet *outlet = context;
    struct gen_outbox *outbox = outlet->outbox;

    outlet_busy(outlet, false);
    if (status != GEN_OK) { /* in memory it is so; it is written with what comes next */
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_WARN, "outbox", err);
    } else {
        outlet->written = outlet->told.position;
        if (last_event > outbox->last_event && outbox->options.on_events != NULL &&
            (outlet->told.park || outlet->told.outcome == GEN_DELIVERY_SET_ASIDE)) {
            outbox->options.on_events(outbox->options.context, last_event);
        }
    }
    if (outbox->closing) {
        return;
    }
    if (outlet->gone) {
        outlet_forget(outlet);
        return;
    }
    outlet_pump(outlet);
}

/* Writes outlet->told, with events about it. */
static void outlet_write(struct outlet *outlet)
{
    struct gen_outbox *outbox = outlet->outbox;
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
        status = gen_store_commit(outbox->options.messenger.store, &changes, outlet_on_written,
                                  outlet, &err);
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_WARN, "outbox", &err);
        outlet_busy(outlet, false);
        if (!outbox->closing) {
            outlet_wait(outlet, OUTBOX_LATER_MS);
        }
    }
}

/* The pause after the nth failure: doubled each time up to an hour, and half of it is chance, so that many
 * that failed together do not come back together. */
static int64_t outbox_pause(const struct gen_outbox *outbox, int32_t failures)
{
    int64_t first = outbox->options.first_pause_ms > 0 ? outbox->options.first_pause_ms
                                                       : (int64_t)OUTBOX_PAUSE_FIRST_MS;
    int32_t doublings = failures > OUTBOX_DOUBLINGS ? OUTBOX_DOUBLINGS : failures - 1;
    int64_t pause = first << doublings;
    uint32_t draw;

    pause = pause > OUTBOX_PAUSE_MOST_MS ? OUTBOX_PAUSE_MOST_MS : pause;
    gen_random_fill(outbox->options.random, (uint8_t *)&draw, sizeof draw);
    return pause / 2 + (int64_t)(draw % (uint32_t)(pause / 2 + 1));
}

static void outlet_failed(struct outlet *outlet, const struct gen_telling_verdict *verdict,
                          gen_moment now)
{
    struct gen_outbox *outbox = outlet->outbox;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    int64_t park_ms = outbox->options.park_ms > 0 ? outbox->options.park_ms : OUTBOX_PARK_MS;
    int64_t pause;

    subscriber->failures++;
    subscriber->failing_since = subscriber->failing_since == 0 ? now : subscriber->failing_since;
    pause = outbox_pause(outbox, subscriber->failures);
    pause = verdict->pause_ms > pause ? verdict->pause_ms : pause;
    subscriber->retry_at = now + pause;
    outlet->told.park = verdict->park || now - subscriber->failing_since >= park_ms;
    if (outlet->told.park) {
        subscriber->state = GEN_SUBSCRIBER_PARKED;
        gen_log_line(outbox->options.messenger.log, GEN_LEVEL_ERROR, "outbox",
                     "deliveries to a subscriber rest until somebody resumes them", "subscriber",
                     subscriber->id, "reason", verdict->note, NULL);
    }
    outbox->figures.failed++;
}

static void outlet_passed(struct outlet *outlet, const struct gen_telling_verdict *verdict)
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
    outlet->outbox->figures.delivered += verdict->outcome == GEN_DELIVERY_DELIVERED &&
                                         !verdict->dropped;
    outlet->outbox->figures.set_aside += verdict->outcome == GEN_DELIVERY_SET_ASIDE;
}

static void outlet_on_told(void *context, const struct gen_telling_verdict *verdict)
{
    struct outlet *outlet = context;
    struct gen_outbox *outbox = outlet->outbox;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    const struct gen_outbox_event *event = outlet->event;
    gen_moment now = gen_clock_now(outbox->options.messenger.clock);

    outlet->telling = NULL;
    if (outbox->closing && verdict->outcome != GEN_DELIVERY_DELIVERED) {
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

static void outlet_tell(struct outlet *outlet)
{
    struct gen_outbox *outbox = outlet->outbox;
    struct gen_telling_order order = {
        .subscriber = &outlet->subscriber,
        .event = outlet->event,
        .attempt = outlet->subscriber.failures + 1,
        .trying_since = outlet->event == &outlet->aside ? 0 : outlet->subscriber.failing_since,
    };
    struct gen_error err = {0};

    if (gen_messenger_tell(&outbox->options.messenger, &order, outlet_on_told, outlet,
                           &outlet->telling, &err) != GEN_OK) {
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_WARN, "outbox", &err);
        outlet_busy(outlet, false);
        outlet_drop_batch(outlet); /* read again from its position */
        outlet_wait(outlet, OUTBOX_LATER_MS);
    }
}

static void outlet_on_noted(void *context, enum gen_status status, const struct gen_error *err,
                            int64_t last_event)
{
    struct outlet *outlet = context;
    struct gen_outbox *outbox = outlet->outbox;

    (void)last_event;
    if (outbox->closing || outlet->gone || status != GEN_OK) {
        outlet_busy(outlet, false);
        outlet->subscriber.failing_since = 0;
        outlet_drop_batch(outlet);
        if (outbox->closing) {
            return;
        }
        if (outlet->gone) {
            outlet_forget(outlet);
            return;
        }
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_WARN, "outbox", err);
        outlet_wait(outlet, OUTBOX_LATER_MS);
        return;
    }
    outlet_tell(outlet);
}

/* Stripe drops repeats for a day only: when it was first tried must survive us. */
static void outlet_note(struct outlet *outlet)
{
    struct gen_outbox *outbox = outlet->outbox;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    struct gen_changes *changes = gen_changes_create();
    gen_moment now = gen_clock_now(outbox->options.messenger.clock);
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
        status = gen_store_commit(outbox->options.messenger.store, &changes, outlet_on_noted,
                                  outlet, &err);
    }
    if (status == GEN_OK) {
        subscriber->failing_since = now;
    } else {
        gen_changes_destroy(changes);
        outlet_on_noted(outlet, status, &err, 0);
    }
}

/* Nothing was for it for long: where it stands is written, so that a start need not look again. */
static void outlet_mark(struct outlet *outlet)
{
    const struct gen_subscriber *subscriber = &outlet->subscriber;

    if (subscriber->position - outlet->written < OUTBOX_SKIPPED) {
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

static void outlet_pump(struct outlet *outlet)
{
    struct gen_outbox *outbox = outlet->outbox;
    struct gen_subscriber *subscriber = &outlet->subscriber;
    gen_moment now = gen_clock_now(outbox->options.messenger.clock);
    struct gen_error err = {0};
    enum gen_status status;

    if (outlet->busy || outlet->gone || outbox->closing ||
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
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_WARN, "outbox", &err);
        outlet_wait(outlet, OUTBOX_LATER_MS);
    }
}

void gen_outbox_tell(struct gen_outbox *outbox, int64_t last_event)
{
    if (outbox == NULL || last_event <= outbox->last_event) {
        return;
    }
    outbox->last_event = last_event;
    for (struct outlet *outlet = outbox->first; outlet != NULL; outlet = outlet->next) {
        /* One that looks in a moment anyway, or waits for its next try, is left alone. */
        if (!outlet->busy && outlet->timer == NULL) {
            outlet_wait(outlet, 0);
        }
    }
}

/* ------------------------------------------------------------------------------------ taking up -- */

static struct outlet *outbox_find(const struct gen_outbox *outbox, const char *id)
{
    struct outlet *outlet = outbox->first;

    while (outlet != NULL && (outlet->gone || strcmp(outlet->subscriber.id, id) != 0)) {
        outlet = outlet->next;
    }
    return outlet;
}

static enum gen_status outlet_create(struct gen_outbox *outbox, const struct gen_subscriber *row,
                                     struct gen_error *err)
{
    struct outlet *outlet = gen_alloc(sizeof *outlet);

    if (outlet == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a subscriber");
    }
    outlet->outbox = outbox;
    outlet->arena = gen_arena_create(0);
    outlet->batch_arena = gen_arena_create(0);
    outlet->aside_arena = gen_arena_create(0);
    if (outlet->arena != NULL) {
        gen_subscriber_copy(row, outlet->arena, &outlet->subscriber);
    }
    if (outlet->arena == NULL || gen_arena_failed(outlet->arena) || outlet->batch_arena == NULL ||
        outlet->aside_arena == NULL) {
        outlet_destroy(outlet);
        return gen_error_set(err, GEN_ENOMEM, "no memory for a subscriber");
    }
    outlet->written = row->position;
    outlet->asides_over = true; /* until somebody asks for them */
    outlet->next = outbox->first;
    outbox->first = outlet;
    return GEN_OK;
}

/* What people set comes from the row; how it is doing from memory, unless somebody resumed it. */
static enum gen_status outlet_update(struct outlet *outlet, const struct gen_subscriber *row,
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
    outlet->stale = false;
    return GEN_OK;
}

/* An outlet that is telling keeps its texts until it is done. */
static enum gen_status outbox_take(struct gen_outbox *outbox, const struct gen_subscriber *rows,
                                   size_t count, bool *later, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    for (struct outlet *outlet = outbox->first; outlet != NULL; outlet = outlet->next) {
        outlet->stale = true; /* until its row is seen */
    }
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct outlet *outlet = outbox_find(outbox, rows[i].id);

        if (outlet == NULL) {
            status = outlet_create(outbox, &rows[i], err);
            continue;
        }
        outlet->stale = false;
        if (outlet->subscriber.version == rows[i].version) {
            continue;
        }
        if (outlet->busy) {
            *later = true;
        } else {
            status = outlet_update(outlet, &rows[i], err);
        }
    }
    for (struct outlet *outlet = outbox->first, *next; status == GEN_OK && outlet != NULL;
         outlet = next) {
        next = outlet->next;
        if (outlet->stale && outlet->busy) {
            outlet->gone = true; /* forgotten when it is done */
        } else if (outlet->stale) {
            outlet_forget(outlet);
        }
    }
    return status;
}

static void outbox_on_refresh(void *context)
{
    struct gen_outbox *outbox = context;

    outbox->refresh = NULL;
    gen_outbox_refresh(outbox);
}

static enum gen_status outbox_load(struct gen_outbox *outbox, bool *later, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_subscriber *rows = NULL;
    size_t count = 0;
    enum gen_status status = arena == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                           : gen_read_subscribers(outbox->options.messenger.store,
                                                                  NULL, arena, &rows, &count, err);

    if (status == GEN_OK) {
        status = outbox_take(outbox, rows, count, later, err);
    }
    gen_arena_destroy(arena);
    return status;
}

void gen_outbox_refresh(struct gen_outbox *outbox)
{
    struct gen_error err = {0};
    bool later = false;

    if (outbox == NULL || outbox->closing) {
        return;
    }
    if (outbox_load(outbox, &later, &err) != GEN_OK) {
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_WARN, "outbox", &err);
        later = true;
    }
    if (later && outbox->refresh == NULL) {
        outbox->refresh = gen_timer_start(outbox->options.messenger.loop, 100, outbox_on_refresh,
                                          outbox);
    }
    for (struct outlet *outlet = outbox->first, *next; outlet != NULL; outlet = next) {
        next = outlet->next;
        if (!outlet->busy && outlet->timer == NULL) {
            outlet_wait(outlet, 0);
        }
    }
}

/* --------------------------------------------------------------------- those of the settings -- */

/* The patterns of all routes that lead to the same place. */
static const char *alert_kinds(const struct gen_outbox_options *options, const char *to,
                               struct gen_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; i < options->alert_count && all != NULL; i++) {
        if (strcmp(options->alerts[i].to, to) == 0) {
            all = gen_arena_printf(arena, "%s%s%s", all, all[0] != '\0' ? " " : "",
                                   options->alerts[i].kinds);
        }
    }
    return all;
}

struct wanted { /* a subscriber that the settings ask for */
    const char *id, *url, *kinds;
    enum gen_subscriber_kind kind;
};

static size_t outbox_wanted(const struct gen_outbox_options *options, struct gen_arena *arena,
                            struct wanted *out, size_t most)
{
    size_t count = 0;

    if (options->messenger.meter != NULL) {
        out[count++] = (struct wanted){"stripe", "", "ledger.entry", GEN_SUBSCRIBER_STRIPE};
    }
    for (size_t i = 0; i < options->alert_count && count < most; i++) {
        const char *to = options->alerts[i].to;
        bool mail = strncmp(to, "mail:", 5) == 0;
        size_t k = 0;

        while (k < count && strcmp(out[k].id, to) != 0) {
            k++;
        }
        if (k == count) {
            out[count++] = (struct wanted){to, mail ? to + 5 : "", alert_kinds(options, to, arena),
                                           mail ? GEN_SUBSCRIBER_MAIL : GEN_SUBSCRIBER_LOG};
        }
    }
    return count;
}

static const struct gen_subscriber *row_of(const struct gen_subscriber *rows, size_t count,
                                           const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].id, id) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* What the settings want and the store has are made the same; a place that is not named any more is
 * paused, and goes on where it was if it comes back. */
static void settings_changes(const struct gen_outbox *outbox, const struct wanted *wanted,
                             size_t wanted_count, const struct gen_subscriber *rows, size_t count,
                             struct gen_changes *changes)
{
    gen_moment now = gen_clock_now(outbox->options.messenger.clock);

    for (size_t i = 0; i < wanted_count; i++) {
        const struct gen_subscriber *row = row_of(rows, count, wanted[i].id);
        struct gen_subscriber next = {.state = GEN_SUBSCRIBER_ACTIVE,
                                      .kind = wanted[i].kind,
                                      .url = wanted[i].url,
                                      .kinds = wanted[i].kinds,
                                      .created_by = GEN_ACTOR_DAEMON,
                                      .position = -1,
                                      .created_at = now,
                                      .updated_at = now};

        (void)snprintf(next.id, sizeof next.id, "%s", wanted[i].id);
        if (row == NULL) {
            gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_ADD, &next);
        } else if (strcmp(row->kinds, next.kinds) != 0 || row->state == GEN_SUBSCRIBER_PAUSED) {
            next.version = row->version + 1;
            gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_SET, &next);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct gen_subscriber next = rows[i];
        bool asked = false;

        for (size_t k = 0; k < wanted_count; k++) {
            asked = asked || strcmp(wanted[k].id, rows[i].id) == 0;
        }
        if (!asked && rows[i].state == GEN_SUBSCRIBER_ACTIVE) {
            next.state = GEN_SUBSCRIBER_PAUSED;
            next.updated_at = now;
            next.version++;
            gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_SET, &next);
        }
    }
}

static void outbox_on_settings(void *context, enum gen_status status, const struct gen_error *err,
                               int64_t last_event)
{
    struct gen_outbox *outbox = context;

    (void)last_event;
    outbox->trying--;
    if (status != GEN_OK) {
        gen_log_error(outbox->options.messenger.log, GEN_LEVEL_ERROR, "outbox", err);
    }
    gen_outbox_refresh(outbox);
}

static enum gen_status outbox_settings(struct gen_outbox *outbox, struct gen_error *err)
{
    enum { MOST = 64 };
    struct gen_changes *changes = gen_changes_create();
    struct gen_subscriber *rows = NULL;
    struct wanted wanted[MOST];
    size_t count = 0, wanted_count;
    enum gen_status status;

    if (changes == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_read_subscribers(outbox->options.messenger.store, "", changes->arena, &rows,
                                  &count, err);
    if (status == GEN_OK) {
        wanted_count = outbox_wanted(&outbox->options, changes->arena, wanted, MOST);
        settings_changes(outbox, wanted, wanted_count, rows, count, changes);
    }
    if (status == GEN_OK && changes->count > 0) {
        outbox->trying++;
        status = gen_store_commit(outbox->options.messenger.store, &changes, outbox_on_settings,
                                  outbox, err);
        outbox->trying -= status != GEN_OK;
    }
    gen_changes_destroy(changes);
    return status;
}

/* ---------------------------------------------------------------------------- beginning and end -- */

enum gen_status gen_outbox_create(const struct gen_outbox_options *options, struct gen_outbox **out,
                                  struct gen_error *err)
{
    struct gen_outbox *outbox = gen_alloc(sizeof *outbox);
    bool later = false;
    enum gen_status status;

    if (outbox == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    outbox->options = *options;
    status = gen_read_last_event(options->messenger.store, &outbox->last_event, err);
    if (status == GEN_OK) {
        status = outbox_load(outbox, &later, err);
    }
    if (status == GEN_OK) {
        status = outbox_settings(outbox, err);
    }
    if (status != GEN_OK) {
        gen_outbox_destroy(outbox);
        return status;
    }
    for (struct outlet *outlet = outbox->first; outlet != NULL; outlet = outlet->next) {
        outlet_wait(outlet, 0);
    }
    *out = outbox;
    return GEN_OK;
}

void gen_outbox_destroy(struct gen_outbox *outbox)
{
    if (outbox == NULL) {
        return;
    }
    outbox->closing = true;
    gen_timer_cancel(&outbox->refresh);
    for (struct outlet *outlet = outbox->first; outlet != NULL; outlet = outlet->next) {
        gen_timer_cancel(&outlet->timer);
        if (outlet->telling != NULL) {
            gen_messenger_hurry(outlet->telling);
        }
    }
    while (outbox->busy > 0 || outbox->trying > 0) {
        gen_loop_turn(outbox->options.messenger.loop);
    }
    while (outbox->first != NULL) {
        outlet_forget(outbox->first);
    }
    gen_free(outbox);
}

/* -------------------------------------------------------------------------- trying, and figures -- */

struct trial {
    struct gen_outbox *outbox;
    struct gen_arena *arena;
    struct gen_subscriber subscriber;
    struct gen_outbox_event event;
    struct gen_telling *telling;
    gen_telling_done *done;
    void *context;
};

static void trial_on_told(void *context, const struct gen_telling_verdict *verdict)
{
    struct trial *trial = context;

    trial->outbox->trying--;
    trial->done(trial->context, verdict);
    gen_arena_destroy(trial->arena);
}

enum gen_status gen_outbox_try(struct gen_outbox *outbox, const struct gen_subscriber *subscriber,
                               gen_telling_done *done, void *context, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct trial *trial = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof *trial);
    struct gen_telling_order order;
    gen_moment now = gen_clock_now(outbox->options.messenger.clock);
    enum gen_status status = GEN_ENOMEM;

    if (trial != NULL) {
        *trial = (struct trial){.outbox = outbox, .arena = arena, .done = done, .context = context};
        gen_subscriber_copy(subscriber, arena, &trial->subscriber);
        trial->event = (struct gen_outbox_event){.at = now,
                                                 .kind = "webhook.test",
                                                 .organization = trial->subscriber.organization,
                                                 .job = "",
                                                 .pipeline = "",
                                                 .actor = GEN_ACTOR_DAEMON,
                                                 .data = "{\"test\":true}",
                                                 .project = "",
                                                 .team = ""};
        gen_random_ident(outbox->options.random, GEN_IDENT_EVENT, now, &trial->event.id);
        order = (struct gen_telling_order){
            .subscriber = &trial->subscriber, .event = &trial->event, .attempt = 1};
        status = gen_arena_failed(arena)
                     ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                     : gen_messenger_tell(&outbox->options.messenger, &order, trial_on_told, trial,
                                          &trial->telling, err);
    }
    if (status == GEN_OK) {
        outbox->trying++;
    } else {
        gen_arena_destroy(arena);
    }
    return status;
}

bool gen_outbox_private(const struct gen_outbox *outbox)
{
    return outbox->options.messenger.allow_private;
}

enum gen_status gen_outbox_keep(const struct gen_outbox *outbox, const char *id, const char *secret,
                                struct gen_arena *arena, const char **out, struct gen_error *err)
{
    const struct gen_subscriber_secrets *secrets = outbox->options.messenger.secrets;

    if (secrets != NULL) {
        return secrets->keep(secrets->context, id, secret, arena, out, err);
    }
    *out = gen_arena_strdup(arena, secret);
    return *out != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

void gen_outbox_figures(const struct gen_outbox *outbox, struct gen_outbox_figures *out)
{
    *out = outbox->figures;
    for (const struct outlet *outlet = outbox->first; outlet != NULL; outlet = outlet->next) {
        out->subscribers++;
        out->failing += outlet->subscriber.failures > 0;
        out->parked += outlet->subscriber.state == GEN_SUBSCRIBER_PARKED;
    }
}
