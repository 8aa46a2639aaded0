/* outbox.c - see outbox.h. All outlets, and how they come from the store and from the settings. */
#include "engine/outbox.h"

#include "base/alloc.h"
#include "engine/outlet.h"
#include "store/event_reading.h"

#include <stdio.h>
#include <string.h>

struct place { /* of an outlet in the list */
    struct place *next;
    struct gen_outlet *outlet;
    bool seen; /* its row is still there */
};

struct gen_outbox {
    struct gen_outbox_options options;
    struct gen_outlet_world world;
    struct place *first;
    size_t trying;
    struct gen_timer *refresh;
};

/* --------------------------------------------------------------------------------------- outlets -- */

static void outbox_on_gone(void *owner, struct gen_outlet *outlet)
{
    struct gen_outbox *outbox = owner;
    struct place **at = &outbox->first, *place;

    while ((*at)->outlet != outlet) {
        at = &(*at)->next;
    }
    place = *at;
    *at = place->next;
    gen_outlet_destroy(outlet);
    gen_free(place);
}

void gen_outbox_tell(struct gen_outbox *outbox, int64_t last_event)
{
    if (outbox == NULL || last_event <= outbox->world.last_event) {
        return;
    }
    outbox->world.last_event = last_event;
    for (struct place *place = outbox->first; place != NULL; place = place->next) {
        gen_outlet_nudge(place->outlet);
    }
}

/* ------------------------------------------------------------------------------------ taking up -- */

static struct place *outbox_find(const struct gen_outbox *outbox, const char *id)
{
    struct place *place = outbox->first;

    while (place != NULL && (gen_outlet_gone(place->outlet) ||
                             strcmp(gen_outlet_subscriber(place->outlet)->id, id) != 0)) {
        place = place->next;
    }
    return place;
}

static enum gen_status outbox_add(struct gen_outbox *outbox, const struct gen_subscriber *row,
                                  struct gen_error *err)
{
    struct place *place = gen_alloc(sizeof *place);
    enum gen_status status = place == NULL
                                 ? gen_error_set(err, GEN_ENOMEM, "no memory for a subscriber")
                                 : gen_outlet_create(&outbox->world, row, &place->outlet, err);

    if (status != GEN_OK) {
        gen_free(place);
        return status;
    }
    place->seen = true;
    place->next = outbox->first;
    outbox->first = place;
    return GEN_OK;
}

/* An outlet that is telling keeps its texts until it is done: `*later`. */
static enum gen_status outbox_take(struct gen_outbox *outbox, const struct gen_subscriber *rows,
                                   size_t count, bool *later, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    for (struct place *place = outbox->first; place != NULL; place = place->next) {
        place->seen = false;
    }
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct place *place = outbox_find(outbox, rows[i].id);

        if (place == NULL) {
            status = outbox_add(outbox, &rows[i], err);
            continue;
        }
        place->seen = true;
        if (gen_outlet_subscriber(place->outlet)->version == rows[i].version) {
            continue;
        }
        if (gen_outlet_busy(place->outlet)) {
            *later = true;
        } else {
            status = gen_outlet_update(place->outlet, &rows[i], err);
        }
    }
    for (struct place *place = outbox->first, *next; status == GEN_OK && place != NULL;
         place = next) {
        next = place->next;
        if (!place->seen && !gen_outlet_gone(place->outlet)) {
            gen_outlet_abandon(place->outlet);
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

    if (outbox == NULL || outbox->world.closing) {
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
    for (struct place *place = outbox->first; place != NULL; place = place->next) {
        gen_outlet_nudge(place->outlet);
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
    outbox->world = (struct gen_outlet_world){.messenger = &outbox->options.messenger,
                                              .random = options->random,
                                              .first_pause_ms = options->first_pause_ms,
                                              .park_ms = options->park_ms,
                                              .organization = options->organization,
                                              .on_events = options->on_events,
                                              .context = options->context,
                                              .on_gone = outbox_on_gone,
                                              .owner = outbox};
    status = gen_read_last_event(options->messenger.store, &outbox->world.last_event, err);
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
    for (struct place *place = outbox->first; place != NULL; place = place->next) {
        gen_outlet_nudge(place->outlet);
    }
    *out = outbox;
    return GEN_OK;
}

void gen_outbox_destroy(struct gen_outbox *outbox)
{
    if (outbox == NULL) {
        return;
    }
    outbox->world.closing = true;
    gen_timer_cancel(&outbox->refresh);
    for (struct place *place = outbox->first; place != NULL; place = place->next) {
        gen_outlet_stop(place->outlet);
    }
    while (outbox->world.busy > 0 || outbox->trying > 0) {
        gen_loop_turn(outbox->options.messenger.loop);
    }
    while (outbox->first != NULL) {
        outbox_on_gone(outbox, outbox->first->outlet);
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

/* Of the first event behind this position; 0 when it cannot be read. */
static int64_t outbox_age(const struct gen_outbox *outbox, int64_t position)
{
    struct gen_arena *arena = gen_arena_create(0);
    gen_moment now = gen_clock_now(outbox->options.messenger.clock);
    struct gen_outbox_event *events = NULL;
    struct gen_error ignored;
    size_t count = 0;
    int64_t age = 0;

    if (arena != NULL &&
        gen_read_outbox(outbox->options.messenger.store, "", position, 1, arena, &events, &count,
                        &ignored) == GEN_OK &&
        count > 0 && events[0].at < now) {
        age = now - events[0].at;
    }
    gen_arena_destroy(arena);
    return age;
}

void gen_outbox_figures(const struct gen_outbox *outbox, struct gen_outbox_figures *out)
{
    int64_t slowest = outbox->world.last_event;

    *out = (struct gen_outbox_figures){.delivered = outbox->world.figures.delivered,
                                       .failed = outbox->world.figures.failed,
                                       .set_aside = outbox->world.figures.set_aside};
    for (const struct place *place = outbox->first; place != NULL; place = place->next) {
        const struct gen_subscriber *subscriber = gen_outlet_subscriber(place->outlet);

        out->subscribers++;
        out->failing += subscriber->failures > 0;
        out->parked += subscriber->state == GEN_SUBSCRIBER_PARKED;
        if (subscriber->state == GEN_SUBSCRIBER_ACTIVE && subscriber->position < slowest) {
            slowest = subscriber->position;
        }
    }
    out->waiting = outbox->world.last_event - slowest;
    if (out->waiting > 0) {
        out->oldest_ms = outbox_age(outbox, slowest);
    }
}
