/* annals.c - see annals.h. */
#include "engine/annals.h"

#include "base/alloc.h"
#include "base/map.h"
#include "model/change.h"
#include "store/history_reading.h"

enum {
    ANNALS_EVERY_MS = 5 * 60 * 1000,
    ANNALS_PROVIDERS = 1000,
    ANNALS_HOURS =
        48, /* at once; a provider is silent for longer only after hours that are unknown */
};

struct gen_annals {
    const struct gen_engine_options *options;
    struct gen_vitals *vitals;
    struct gen_map *written; /* provider -> gen_moment of the last time, or of its first news */
};

struct annals_recall {
    struct gen_vitals *vitals;
    gen_moment now;
};

static void annals_recall(void *context, const struct gen_past_hour *past)
{
    const struct annals_recall *recall = context;

    gen_vitals_recall(recall->vitals, past->provider, past->hour, recall->now, past->up_minutes,
                      past->down_minutes);
}

static void annals_written(void *context, enum gen_status status, const struct gen_error *err,
                           int64_t last_event)
{
    const struct gen_log *log = context;

    (void)last_event;
    if (status != GEN_OK) { /* the next news writes the same hours again */
        gen_log_error(log, GEN_LEVEL_WARN, "annals", err);
    }
}

static void annals_write(struct gen_annals *annals, const char *provider, gen_moment since,
                         gen_moment now)
{
    struct gen_changes *changes = gen_changes_create();
    int64_t last = now / GEN_VITALS_HOUR_MS, hour = since / GEN_VITALS_HOUR_MS;
    struct gen_error err = {0};

    hour = hour < last - ANNALS_HOURS ? last - ANNALS_HOURS : hour;
    for (; changes != NULL && hour <= last; hour++) {
        struct gen_change *change;
        int up, down;

        gen_vitals_hour(annals->vitals, provider, hour, now, &up, &down);
        if (up + down > 0 && (change = gen_changes_add(changes, GEN_CHANGE_HOUR)) != NULL) {
            change->as.hour = (struct gen_change_hour){gen_arena_strdup(changes->arena, provider),
                                                       hour, up, down};
        }
    }
    if (changes != NULL && changes->count > 0 && !gen_arena_failed(changes->arena) &&
        gen_store_commit(annals->options->store, &changes, annals_written,
                         (void *)annals->options->log, &err) != GEN_OK) {
        gen_log_error(annals->options->log, GEN_LEVEL_WARN, "annals", &err);
    }
    gen_changes_destroy(changes);
}

static void annals_on_news(void *context, const char *provider, gen_moment now)
{
    struct gen_annals *annals = context;
    gen_moment *written = gen_map_get(annals->written, provider);

    if (written == NULL) {
        written = gen_alloc(sizeof *written);
        if (written == NULL || gen_map_put(annals->written, provider, written, NULL) != GEN_OK) {
            gen_free(written);
            return;
        }
        *written = now;
    } else if (now - *written >= ANNALS_EVERY_MS) {
        annals_write(annals, provider, *written, now);
        *written = now;
    }
}

enum gen_status gen_annals_create(const struct gen_engine_options *options,
                                  struct gen_vitals *vitals, struct gen_annals **out,
                                  struct gen_error *err)
{
    struct annals_recall recall = {vitals, gen_clock_now(options->clock)};
    struct gen_annals *annals = gen_alloc(sizeof *annals);
    enum gen_status status;

    if (annals == NULL || (annals->written = gen_map_create(ANNALS_PROVIDERS)) == NULL) {
        gen_free(annals);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    annals->options = options;
    annals->vitals = vitals;
    status = gen_read_past_hours(options->store,
                                 recall.now / GEN_VITALS_HOUR_MS - GEN_VITALS_DAYS * 24,
                                 annals_recall, &recall, err);
    if (status != GEN_OK) {
        gen_annals_destroy(annals);
        return status;
    }
    gen_vitals_listen(vitals, annals_on_news, annals);
    *out = annals;
    return GEN_OK;
}

void gen_annals_destroy(struct gen_annals *annals)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    if (annals == NULL) {
        return;
    }
    gen_vitals_listen(annals->vitals, NULL, NULL);
    while (gen_map_next(annals->written, &cursor, &key, &value)) {
        gen_free(value);
    }
    gen_map_destroy(annals->written);
    gen_free(annals);
}
