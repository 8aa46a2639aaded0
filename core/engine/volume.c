/* volume.c - see volume.h. */
#include "engine/volume.h"

#include "base/alloc.h"
#include "base/map.h"
#include "decide/almanac.h"
#include "engine/rulebook.h"
#include "engine/rules.h"

#include <stdio.h>

enum { VOLUME_MOST_KEYS = 100000, VOLUME_KEY_SIZE = 256 };

struct gen_volume {
    const struct gen_engine_options *options;
    struct gen_map *months; /* organization -> struct volume_month */
};

struct volume_month {
    gen_moment begins;
    struct gen_map *bought; /* provider -> int64_t, ms */
};

struct gen_volume *gen_volume_create(const struct gen_engine_options *options)
{
    struct gen_volume *volume = gen_alloc(sizeof *volume);

    if (volume != NULL && (volume->months = gen_map_create(VOLUME_MOST_KEYS)) == NULL) {
        gen_free(volume);
        return NULL;
    }
    if (volume != NULL) {
        volume->options = options;
    }
    return volume;
}

static void volume_clear(struct volume_month *month)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    while (month->bought != NULL && gen_map_next(month->bought, &cursor, &key, &value)) {
        gen_free(value);
    }
    gen_map_destroy(month->bought);
    month->bought = NULL;
}

void gen_volume_destroy(struct gen_volume *volume)
{
    size_t cursor = 0;
    const char *key;
    void *month;

    if (volume == NULL) {
        return;
    }
    while (gen_map_next(volume->months, &cursor, &key, &month)) {
        volume_clear(month);
        gen_free(month);
    }
    gen_map_destroy(volume->months);
    gen_free(volume);
}

/* Without memory the figure stays lower than it is, and a quote dearer. */
static void volume_add(void *context, const char *provider, int64_t ms)
{
    struct volume_month *month = context;
    int64_t *bought = gen_map_get(month->bought, provider);

    if (bought == NULL) {
        bought = gen_alloc(sizeof *bought);
        if (bought == NULL || gen_map_put(month->bought, provider, bought, NULL) != GEN_OK) {
            gen_free(bought);
            return;
        }
    }
    *bought += ms;
}

static gen_moment volume_begins(const struct gen_volume *volume, gen_moment now)
{
    const struct gen_policy_set *set = gen_rules_set(volume->options);

    return set == NULL ? 0
                       : gen_almanac_period(set->budget, GEN_PERIOD_MONTH,
                                            gen_rulebook_zones(volume->options->rules), now);
}

static struct volume_month *volume_month_of(struct gen_volume *volume, const char *organization)
{
    struct volume_month *month = gen_map_get(volume->months, organization);

    if (month == NULL) {
        month = gen_alloc(sizeof *month);
        if (month == NULL || gen_map_put(volume->months, organization, month, NULL) != GEN_OK) {
            gen_free(month);
            return NULL;
        }
    }
    return month;
}

static struct volume_month *volume_look(struct gen_volume *volume, const char *organization,
                                        gen_moment now)
{
    gen_moment begins = volume_begins(volume, now);
    struct volume_month *month = volume_month_of(volume, organization);
    struct gen_error err = {0};

    if (month == NULL || (month->bought != NULL && month->begins == begins)) {
        return month;
    }
    volume_clear(month);
    month->bought = gen_map_create(VOLUME_MOST_KEYS);
    if (month->bought == NULL) {
        return NULL;
    }
    month->begins = begins;
    if (gen_read_past_volume(volume->options->store, organization, begins, volume_add, month,
                             &err) != GEN_OK) {
        volume_clear(month); /* asked again next time */
        gen_error_within(&err, "what %s has bought this month", organization);
        gen_log_error(volume->options->log, GEN_LEVEL_WARN, "volume", &err);
        return NULL;
    }
    return month;
}

int64_t gen_volume_s(struct gen_volume *volume, const char *organization, const char *provider,
                     gen_moment now)
{
    const struct volume_month *month = volume_look(volume, organization, now);
    const int64_t *bought = month == NULL ? NULL : gen_map_get(month->bought, provider);

    return bought == NULL ? 0 : *bought / 1000;
}

void gen_volume_bought(struct gen_volume *volume, const char *organization, const char *provider,
                       int64_t duration_ms, gen_moment now)
{
    struct volume_month *month = gen_map_get(volume->months, organization);

    if (month != NULL && month->bought != NULL && month->begins == volume_begins(volume, now)) {
        volume_add(month, provider, duration_ms); /* else it is read when somebody asks */
    }
}

void gen_volume_forget(struct gen_volume *volume, const char *organization)
{
    struct volume_month *month = gen_map_get(volume->months, organization);

    if (month != NULL) {
        volume_clear(month);
    }
}
