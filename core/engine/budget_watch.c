/* budget_watch.c - see budget_watch.h. */
#include "engine/budget_watch.h"

#include "base/alloc.h"
#include "base/json.h"
#include "base/map.h"
#include "decide/forecast.h"

#include <stdio.h>
#include <string.h>

enum { WATCH_MOST = 20000, WATCH_LEVELS = 32 };
#define WATCH_FORECAST_MS INT64_C(3600000) /* a forecast is made again after so long */
#define WATCH_PPM 1000000.0

struct watched {
    struct gen_arena *arena; /* of this and its texts */
    struct gen_limit limit;
    bool touched; /* look at it */
    bool throttled;
    uint64_t told; /* bits: levels that people know of */
    bool forecast_told;
    gen_moment forecast_at; /* when one was made last */
};

struct gen_budget_watch {
    const struct gen_engine_options *options;
    struct gen_map *watched; /* see watch_name */
    size_t touched;          /* of them */
    void (*on_events)(void *context, int64_t last_event);
    void *context;
};

struct watch_word { /* one alert on its way to the store */
    struct gen_budget_watch *watch;
    char *name; /* in the map */
};

enum gen_status gen_budget_watch_create(const struct gen_engine_options *options,
                                        struct gen_budget_watch **out, struct gen_error *err)
{
    struct gen_budget_watch *watch = gen_alloc(sizeof *watch);

    if (watch == NULL || (watch->watched = gen_map_create(WATCH_MOST)) == NULL) {
        gen_free(watch);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    watch->options = options;
    *out = watch;
    return GEN_OK;
}

static void watch_clear(struct gen_budget_watch *watch, bool touched)
{
    size_t cursor = 0;
    const char *name;
    void *value;

    while (gen_map_next(watch->watched, &cursor, &name, &value)) {
        struct watched *it = value;

        if (touched || !it->touched) {
            gen_map_remove(watch->watched, name);
            gen_arena_destroy(it->arena);
        }
    }
}

void gen_budget_watch_forget(struct gen_budget_watch *watch)
{
    watch_clear(watch, false);
}

void gen_budget_watch_destroy(struct gen_budget_watch *watch)
{
    if (watch != NULL) {
        watch_clear(watch, true);
        gen_map_destroy(watch->watched);
        gen_free(watch);
    }
}

void gen_budget_watch_listen(struct gen_budget_watch *watch,
                             void (*on_events)(void *context, int64_t last_event), void *context)
{
    watch->on_events = on_events;
    watch->context = context;
}

/* What tells one limit and interval from all others. */
static const char *watch_name(const struct gen_limit *limit, struct gen_arena *arena)
{
    return gen_arena_printf(arena, "%s\n%s\n%" PRId64, limit->key,
                            limit->id[0] != '\0' ? limit->id : limit->name, limit->begins);
}

/* Forgets one; NULL, always. */
static struct watched *watch_drop(struct gen_budget_watch *watch, const char *name)
{
    struct watched *it = gen_map_remove(watch->watched, name);

    if (it != NULL) {
        watch->touched -= it->touched;
        gen_arena_destroy(it->arena);
    }
    return NULL;
}

/* Is there anything that people could be told of it? */
static bool watch_tells(const struct gen_limit *limit)
{
    return limit->hard > 0 || limit->soft > 0; /* that nothing is allowed, whoever did it knows */
}

/* Do people hear of the same levels of both, and are they slowed down from the same on? */
static bool watch_same(const struct gen_limit *a, const struct gen_limit *b)
{
    bool same = a->hard == b->hard && a->frozen == b->frozen && a->soft == b->soft &&
                a->rollover == b->rollover && a->throttle_from == b->throttle_from &&
                a->throttle_parallel == b->throttle_parallel && a->ends == b->ends &&
                a->alerts.count == b->alerts.count;

    for (size_t i = 0; i < a->alerts.count && same; i++) {
        same = a->alerts.items[i] == b->alerts.items[i];
    }
    return same;
}

static struct watched *watch_new(const struct gen_limit *limit)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct watched *it = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof *it);
    double *alerts = it == NULL ? NULL
                                : gen_arena_array(arena, limit->alerts.count + 1, sizeof *alerts);

    if (alerts == NULL) {
        gen_arena_destroy(arena);
        return NULL;
    }
    it->arena = arena;
    it->limit = *limit;
    it->limit.name = gen_arena_strdup(arena, limit->name);
    it->limit.id = gen_arena_strdup(arena, limit->id);
    it->limit.organization = gen_arena_strdup(arena, limit->organization);
    it->limit.of = gen_arena_strdup(arena, limit->of);
    it->limit.key = gen_arena_strdup(arena, limit->key);
    if (limit->alerts.count > 0) {
        memcpy(alerts, limit->alerts.items, limit->alerts.count * sizeof *alerts);
    }
    it->limit.alerts.items = alerts;
    if (gen_arena_failed(arena)) {
        gen_arena_destroy(arena);
        return NULL;
    }
    return it;
}

enum gen_status gen_budget_watch_note(struct gen_budget_watch *watch,
                                      const struct gen_limit *limits, size_t count,
                                      struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    enum gen_status status = arena == NULL ? GEN_ENOMEM : GEN_OK;

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        const char *name = watch_name(&limits[i], arena);
        struct watched *it = name == NULL ? NULL : gen_map_get(watch->watched, name);

        if (!watch_tells(&limits[i])) {
            continue;
        }
        if (it != NULL && !watch_same(&it->limit, &limits[i])) { /* the policy was edited */
            it = watch_drop(watch, name);
        }
        if (it == NULL) {
            it = name == NULL ? NULL : watch_new(&limits[i]);
            status = it == NULL ? GEN_ENOMEM : gen_map_put(watch->watched, name, it, NULL);
            if (status != GEN_OK && it != NULL) {
                gen_arena_destroy(it->arena);
            }
        }
        if (status == GEN_OK) {
            watch->touched += !it->touched;
            it->touched = true;
        }
    }
    gen_arena_destroy(arena);
    if (status == GEN_ELIMIT) {
        return GEN_OK; /* so many budgets at once: some of their alerts come late */
    }
    return status == GEN_OK ? GEN_OK : gen_error_set(err, status, "out of memory");
}

/* ---------------------------------------------------------------------------------- telling -- */

static void watch_written(void *context, enum gen_status status, const struct gen_error *err,
                          int64_t last_event)
{
    struct watch_word *word = context;
    struct gen_budget_watch *watch = word->watch;

    if (status == GEN_OK && watch->on_events != NULL) {
        watch->on_events(watch->context, last_event);
    } else if (status != GEN_OK && status != GEN_ECONFLICT) { /* else they were told before */
        gen_log_error(watch->options->log, GEN_LEVEL_WARN, "budget_watch", err);
        (void)watch_drop(watch, word->name); /* it begins anew with the next hold */
    }
    gen_free(word->name);
    gen_free(word);
}

static struct gen_node *watch_data(const struct watched *it, const struct gen_balance *used,
                                   gen_micros room, enum gen_alert_kind kind, int64_t level_ppm,
                                   struct gen_arena *arena)
{
    const struct gen_limit *limit = &it->limit;
    struct gen_node *map = gen_node_map(arena);
    bool hard = gen_limit_capped(limit);

    gen_node_set(arena, map, "budget", gen_node_string(arena, limit->name));
    gen_node_set(arena, map, "budgetId",
                 gen_node_string(arena, limit->id[0] == '\0' ? NULL : limit->id));
    gen_node_set(arena, map, "scope", gen_node_string(arena, gen_scope_word(limit->scope)));
    gen_node_set(arena, map, "of",
                 gen_node_string(arena, limit->of[0] == '\0' ? limit->organization : limit->of));
    gen_node_set(arena, map, "period", gen_node_string(arena, gen_period_word(limit->period)));
    gen_node_set(arena, map, "begins", gen_node_moment(arena, limit->begins));
    gen_node_set(arena, map, "ends",
                 gen_node_moment(arena, limit->ends == GEN_MOMENT_NEVER ? 0 : limit->ends));
    gen_node_set(arena, map, "level", gen_node_string(arena, gen_alert_word(kind)));
    gen_node_set(arena, map, "share", gen_node_real(arena, (double)level_ppm / WATCH_PPM));
    gen_node_set(arena, map, "hard", hard ? gen_node_money(arena, room) : gen_node_null(arena));
    gen_node_set(arena, map, "soft",
                 limit->soft > 0 ? gen_node_money(arena, limit->soft) : gen_node_null(arena));
    gen_node_set(arena, map, "spent", gen_node_money(arena, used->spent));
    gen_node_set(arena, map, "held", gen_node_money(arena, used->held));
    gen_node_set(arena, map, "unverified", gen_node_money(arena, used->unverified));
    gen_node_set(arena, map, "left",
                 hard ? gen_node_money(arena, gen_balance_available(used, room))
                      : gen_node_null(arena));
    return map;
}

/* The row that keeps people from being told twice, and the event, in one set. */
static void watch_send(struct gen_budget_watch *watch, const struct watched *it,
                       enum gen_alert_kind kind, int64_t level_ppm, const struct gen_node *data,
                       struct gen_changes *changes, gen_moment now)
{
    struct gen_arena *arena = changes->arena;
    struct gen_change *alert = gen_changes_add(changes, GEN_CHANGE_BUDGET_ALERT);
    struct gen_change *event = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct watch_word *word = gen_alloc(sizeof *word);
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    if (alert != NULL && event != NULL && word != NULL) {
        const char *id = it->limit.id[0] != '\0' ? it->limit.id : it->limit.name;
        const char *name = watch_name(&it->limit, arena);

        alert->as.alert = (struct gen_change_alert){.name = gen_arena_strdup(arena, id),
                                                    .key = gen_arena_strdup(arena, it->limit.key),
                                                    .begins = it->limit.begins,
                                                    .kind = kind,
                                                    .level_ppm = level_ppm,
                                                    .at = now};
        event->as.event = (struct gen_change_event){
            .kind = kind == GEN_ALERT_FORECAST ? GEN_EVENT_BUDGET_FORECAST : GEN_EVENT_BUDGET_ALERT,
            .organization = gen_arena_strdup(arena, it->limit.organization),
            .data = gen_json_text(arena, data, NULL),
            .at = now};
        gen_random_ident(watch->options->random, GEN_IDENT_EVENT, now, &event->as.event.id);
        *word = (struct watch_word){watch, name == NULL ? NULL : gen_alloc(strlen(name) + 1)};
        if (word->name != NULL) {
            memcpy(word->name, name, strlen(name) + 1);
            status = gen_store_commit(watch->options->store, &changes, watch_written, word, &err);
        }
    }
    if (status != GEN_OK) { /* the next look tries again */
        gen_free(word == NULL ? NULL : word->name);
        gen_free(word);
        gen_changes_destroy(changes);
    }
}

static void watch_say(struct gen_budget_watch *watch, const struct watched *it,
                      const struct gen_balance *used, gen_micros room, enum gen_alert_kind kind,
                      int64_t level_ppm, gen_moment now)
{
    struct gen_changes *changes = gen_changes_create();
    char whose[200], of[GEN_MONEY_TEXT_SIZE], sum[GEN_MONEY_TEXT_SIZE], text[400];
    gen_micros base = kind == GEN_ALERT_SOFT || it->limit.hard == 0 ? it->limit.soft : room;
    struct gen_node *data;

    if (changes == NULL) {
        return;
    }
    (void)snprintf(text, sizeof text, "$%s of the $%s of the budget \"%s\" of %s are used",
                   gen_money_text(gen_balance_used(used), 2, sum), gen_money_text(base, 2, of),
                   it->limit.name, gen_limit_whose(&it->limit, whose, sizeof whose));
    data = watch_data(it, used, room, kind, level_ppm, changes->arena);
    gen_node_set(changes->arena, data, "message", gen_node_string(changes->arena, text));
    gen_log_line(watch->options->log, GEN_LEVEL_WARN, "budget_watch", text, "level",
                 gen_alert_word(kind), NULL);
    watch_send(watch, it, kind, level_ppm, data, changes, now);
}

/* ----------------------------------------------------------------------------------- levels -- */

struct watch_level {
    enum gen_alert_kind kind;
    int64_t ppm;
    gen_micros from; /* used */
};

/* The levels of a limit: the shares below the whole, then what they are shares of. */
static size_t watch_levels(const struct gen_limit *limit, gen_micros room, struct watch_level *out)
{
    gen_micros base = limit->hard > 0 ? room : limit->soft;
    size_t count = 0;

    for (size_t i = 0; i < limit->alerts.count && count < WATCH_LEVELS - 2; i++) {
        int64_t ppm = (int64_t)(limit->alerts.items[i] * WATCH_PPM + 0.5);
        gen_micros from;

        if (ppm != (int64_t)WATCH_PPM && ppm > 0 &&
            gen_money_scale(&from, base, ppm, (int64_t)WATCH_PPM)) {
            out[count++] = (struct watch_level){GEN_ALERT_SHARE, ppm, from};
        }
    }
    if (limit->soft > 0) {
        out[count++] = (struct watch_level){GEN_ALERT_SOFT, 0, limit->soft};
    }
    if (limit->hard > 0) {
        out[count++] = (struct watch_level){GEN_ALERT_HARD, 0, room};
    }
    return count;
}

/* Will it be passed before its period ends? */
static void watch_forecast(struct gen_budget_watch *watch, struct watched *it,
                           const struct gen_balance *used, gen_micros room, gen_moment now)
{
    gen_micros limit = it->limit.hard > 0 ? room : it->limit.soft;
    struct gen_day_use *days;
    struct gen_forecast_day *past;
    struct gen_forecast forecast;
    struct gen_changes *changes;
    size_t count = 0;

    if (it->forecast_told || it->limit.ends == GEN_MOMENT_NEVER ||
        (it->forecast_at != 0 && now - it->forecast_at < WATCH_FORECAST_MS) ||
        (changes = gen_changes_create()) == NULL) {
        return;
    }
    it->forecast_at = now;
    days = gen_arena_array(changes->arena, GEN_USE_MOST_DAYS, sizeof *days);
    past = gen_arena_array(changes->arena, GEN_USE_MOST_DAYS, sizeof *past);
    if (days == NULL || past == NULL ||
        gen_read_days(watch->options->store, &it->limit, now + 1, days, GEN_USE_MOST_DAYS, &count,
                      NULL) != GEN_OK) {
        gen_changes_destroy(changes);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        past[i] = (struct gen_forecast_day){days[i].day, days[i].used};
    }
    forecast = gen_forecast_make(past, count, it->limit.begins, it->limit.ends, now, limit);
    if (forecast.known && forecast.exceeded_at != 0) {
        struct gen_arena *arena = changes->arena;
        struct gen_node *data = watch_data(it, used, room, GEN_ALERT_FORECAST, 0, arena);

        it->forecast_told = true;
        gen_node_set(arena, data, "expected", gen_node_money(arena, forecast.end));
        gen_node_set(arena, data, "low", gen_node_money(arena, forecast.low));
        gen_node_set(arena, data, "high", gen_node_money(arena, forecast.high));
        gen_node_set(arena, data, "exceededAt", gen_node_moment(arena, forecast.exceeded_at));
        gen_log_line(watch->options->log, GEN_LEVEL_WARN, "budget_watch",
                     "a budget will be used up before its period ends", "budget", it->limit.name,
                     "key", it->limit.key, NULL);
        watch_send(watch, it, GEN_ALERT_FORECAST, 0, data, changes, now);
        return;
    }
    gen_changes_destroy(changes);
}

static bool watch_throttles(const struct gen_limit *limit, const struct gen_balance *used,
                            gen_micros room)
{
    gen_micros from;

    return limit->throttle_from > 0 && limit->hard > 0 &&
           gen_money_scale(&from, room, (int64_t)(limit->throttle_from * WATCH_PPM + 0.5),
                           (int64_t)WATCH_PPM) &&
           gen_balance_used(used) >= from;
}

/* True: its throttling has changed. */
static bool watch_one(struct gen_budget_watch *watch, struct watched *it, gen_moment now)
{
    struct watch_level levels[WATCH_LEVELS];
    struct gen_balance used;
    gen_micros room;
    bool before = it->throttled;
    size_t count;

    if (gen_read_use(watch->options->store, &it->limit, &used, &room, NULL) != GEN_OK) {
        return false;
    }
    it->touched = false;
    watch->touched--;
    count = watch_levels(&it->limit, room, levels);
    for (size_t i = 0; i < count; i++) {
        if (gen_balance_used(&used) >= levels[i].from && (it->told >> i & 1) == 0) {
            it->told |= UINT64_C(1) << i;
            watch_say(watch, it, &used, room, levels[i].kind, levels[i].ppm, now);
        }
    }
    it->throttled = watch_throttles(&it->limit, &used, room);
    watch_forecast(watch, it, &used, room, now);
    return it->throttled != before;
}

bool gen_budget_watch_look(struct gen_budget_watch *watch, gen_moment now)
{
    bool changed = false;
    size_t cursor = 0;
    const char *name;
    void *value;

    while (watch->touched > 0 && gen_map_next(watch->watched, &cursor, &name, &value)) {
        struct watched *it = value;

        if (it->touched) {
            changed = watch_one(watch, it, now) || changed;
        }
        /* A job's limit comes again with its next hold; a period that is over comes no more. */
        if (it->limit.ends <= now || (it->limit.scope == GEN_SCOPE_JOB && !it->throttled)) {
            changed = changed || it->throttled;
            (void)watch_drop(watch, name);
        }
    }
    return changed;
}

int32_t gen_budget_watch_parallel(const struct gen_budget_watch *watch,
                                  const struct gen_limit *limit, gen_moment now)
{
    struct gen_arena *arena = limit->throttle_from > 0 ? gen_arena_create(0) : NULL;
    const char *name = arena == NULL ? NULL : watch_name(limit, arena);
    const struct watched *it = name == NULL ? NULL : gen_map_get(watch->watched, name);
    struct gen_balance used;
    gen_micros room;
    bool throttled = it != NULL && it->throttled;

    if (name != NULL && it == NULL && limit->ends > now) {
        throttled = gen_read_use(watch->options->store, limit, &used, &room, NULL) == GEN_OK &&
                    watch_throttles(limit, &used, room);
    }
    gen_arena_destroy(arena);
    return throttled && limit->ends > now ? (int32_t)limit->throttle_parallel : 0;
}
