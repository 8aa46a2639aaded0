/* vitals.c - see vitals.h. A minute is up, down or unknown; what is known of a provider lasts until the next
 * news, but not longer than a while without any. */
#include "engine/vitals.h"

#include "base/alloc.h"
#include "base/map.h"

#include <stdio.h>
#include <string.h>

enum {
    VITALS_MOST = 1000,
    VITALS_MINUTE_MS = 60 * 1000,
    VITALS_DAY = 24 * 60,                        /* minutes */
    VITALS_MONTH = GEN_VITALS_DAYS * VITALS_DAY, /* minutes that are kept */
    VITALS_LASTS = 20,                           /* minutes that a state is believed without news */
    VITALS_RECENT = 20,                          /* news that the state is made of */
    VITALS_DOWN_AFTER = 3,                       /* bad ones without a good one */
    VITALS_FEW = 5,                              /* fewer news are taken for so many */
    VITALS_WORDS = 300,
    VITALS_SMOOTH = 5, /* a new latency counts a fifth */
};

enum minute { MINUTE_UNKNOWN = 0, MINUTE_UP = 1, MINUTE_DOWN = 2 };

struct vital {                         /* of one provider */
    uint8_t minutes[VITALS_MONTH / 4]; /* two bits each, a ring by minute number */
    int64_t minute;                    /* the newest that is written */
    int64_t news_minute;               /* of the newest news */
    int64_t good, bad;                 /* news within `minute` */
    uint32_t recent;                   /* bits, newest lowest: 1 = bad */
    int recent_count, bad_in_a_row;
    bool blocked;
    gen_moment told_down; /* the watcher knows it as down since then; 0 = as up */
    gen_moment last_check, last_news;
    int64_t latency_ms;
    char reason[VITALS_WORDS], note[VITALS_WORDS];
};

struct gen_vitals {
    struct gen_map *providers;
    gen_vitals_call *call;
    void *context;
    gen_vitals_turned *turned;
    void *turned_context;
};

const char *gen_vitals_word(enum gen_vitals_state state)
{
    static const char *const words[] = {[GEN_VITALS_UNKNOWN] = "unknown",
                                        [GEN_VITALS_HEALTHY] = "healthy",
                                        [GEN_VITALS_DEGRADED] = "degraded",
                                        [GEN_VITALS_DOWN] = "down"};

    return words[state];
}

struct gen_vitals *gen_vitals_create(void)
{
    struct gen_vitals *vitals = gen_alloc(sizeof *vitals);

    if (vitals != NULL && (vitals->providers = gen_map_create(VITALS_MOST)) == NULL) {
        gen_free(vitals);
        vitals = NULL;
    }
    return vitals;
}

void gen_vitals_destroy(struct gen_vitals *vitals)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    if (vitals != NULL) {
        while (gen_map_next(vitals->providers, &cursor, &key, &value)) {
            gen_free(value);
        }
        gen_map_destroy(vitals->providers);
        gen_free(vitals);
    }
}

/* ---------------------------------------------------------------------------------- minutes -- */

static void minute_put(struct vital *vital, int64_t minute, enum minute value)
{
    size_t at = (size_t)(minute % VITALS_MONTH);
    unsigned shift = (unsigned)(at % 4) * 2;

    vital->minutes[at / 4] = (uint8_t)((vital->minutes[at / 4] & ~(3U << shift)) |
                                       ((unsigned)value << shift));
}

static enum minute minute_get(const struct vital *vital, int64_t minute)
{
    size_t at = (size_t)(minute % VITALS_MONTH);

    return (enum minute)(vital->minutes[at / 4] >> (at % 4) * 2 & 3);
}

/* What the provider is taken for while nothing new comes. */
static enum minute vital_lasting(const struct vital *vital)
{
    return vital->blocked || vital->bad_in_a_row >= VITALS_DOWN_AFTER ? MINUTE_DOWN : MINUTE_UP;
}

/* Writes the minutes up to, and without, `minute`; at most a whole ring. */
static void vital_move(struct vital *vital, int64_t minute)
{
    int64_t from = vital->minute + 1;

    if (minute <= vital->minute) {
        return; /* within the minute, or the clock went back */
    }
    if (minute - from > VITALS_MONTH) {
        from = minute - VITALS_MONTH;
    }
    for (; from < minute; from++) {
        minute_put(vital, from,
                   from - vital->news_minute <= VITALS_LASTS ? vital_lasting(vital)
                                                             : MINUTE_UNKNOWN);
    }
    vital->minute = minute;
    vital->good = vital->bad = 0;
}

/* ------------------------------------------------------------------------------------- news -- */

static struct vital *vital_find(struct gen_vitals *vitals, const char *provider, gen_moment now)
{
    struct vital *vital = gen_map_get(vitals->providers, provider);

    if (vital != NULL) {
        return vital;
    }
    vital = gen_alloc(sizeof *vital);
    if (vital == NULL || gen_map_put(vitals->providers, provider, vital, NULL) != GEN_OK) {
        gen_free(vital); /* without memory nothing is known of it */
        return NULL;
    }
    vital->minute = now / VITALS_MINUTE_MS - 1;
    vital->news_minute = vital->minute - VITALS_LASTS - 1;
    vital->latency_ms = -1;
    return vital;
}

static struct vital *vital_hear(struct gen_vitals *vitals, const char *provider, gen_moment now,
                                bool bad)
{
    struct vital *vital = vital_find(vitals, provider, now);

    if (vital == NULL) {
        return NULL;
    }
    vital_move(vital, now / VITALS_MINUTE_MS);
    vital->good += !bad;
    vital->bad += bad;
    vital->recent = (vital->recent << 1 | (bad ? 1U : 0U)) & ((1U << VITALS_RECENT) - 1);
    vital->recent_count += vital->recent_count < VITALS_RECENT;
    vital->bad_in_a_row = bad ? vital->bad_in_a_row + 1 : 0;
    vital->blocked = vital->blocked && bad;
    vital->last_news = now;
    vital->news_minute = vital->minute;
    return vital;
}

/* Down and up again, each once. */
static void vital_tell(struct gen_vitals *vitals, const char *provider, struct vital *vital,
                       gen_moment now)
{
    struct gen_vitals_turn turn = {.provider = provider,
                                   .reason = vital->reason,
                                   .down = vital_lasting(vital) == MINUTE_DOWN,
                                   .since = vital->told_down == 0 ? now : vital->told_down,
                                   .now = now};

    if (vitals->turned == NULL || turn.down == (vital->told_down != 0)) {
        return;
    }
    if (!turn.down && vital->bad_in_a_row > 0) {
        return; /* it is not up yet */
    }
    vital->told_down = turn.down ? now : 0;
    vitals->turned(vitals->turned_context, &turn);
}

/* The minute is what most of its news say. */
static void vital_settle(struct gen_vitals *vitals, const char *provider, struct vital *vital,
                         gen_moment now)
{
    minute_put(vital, vital->minute,
               vital->blocked || vital->bad > vital->good ? MINUTE_DOWN : MINUTE_UP);
    if (vitals->call != NULL) {
        vitals->call(vitals->context, provider, now);
    }
    vital_tell(vitals, provider, vital, now);
}

void gen_vitals_watch(struct gen_vitals *vitals, gen_vitals_turned *call, void *context)
{
    vitals->turned = call;
    vitals->turned_context = context;
}

void gen_vitals_listen(struct gen_vitals *vitals, gen_vitals_call *call, void *context)
{
    vitals->call = call;
    vitals->context = context;
}

void gen_vitals_good(struct gen_vitals *vitals, const char *provider, gen_moment now,
                     int64_t latency_ms)
{
    struct vital *vital = vital_hear(vitals, provider, now, false);

    if (vital == NULL) {
        return;
    }
    if (latency_ms >= 0) {
        vital->latency_ms = vital->latency_ms < 0
                                ? latency_ms
                                : vital->latency_ms +
                                      (latency_ms - vital->latency_ms) / VITALS_SMOOTH;
    }
    vital_settle(vitals, provider, vital, now);
}

void gen_vitals_bad(struct gen_vitals *vitals, const char *provider, gen_moment now,
                    const char *reason)
{
    struct vital *vital = vital_hear(vitals, provider, now, true);

    if (vital != NULL) {
        if (!vital->blocked) {
            (void)snprintf(vital->reason, sizeof vital->reason, "%s", reason);
        }
        vital_settle(vitals, provider, vital, now);
    }
}

void gen_vitals_blocked(struct gen_vitals *vitals, const char *provider, gen_moment now,
                        const char *reason)
{
    struct vital *vital = vital_hear(vitals, provider, now, true);

    if (vital != NULL) {
        vital->blocked = true;
        (void)snprintf(vital->reason, sizeof vital->reason, "%s", reason);
        vital_settle(vitals, provider, vital, now);
    }
}

void gen_vitals_checked(struct gen_vitals *vitals, const char *provider, gen_moment now,
                        const char *note)
{
    struct vital *vital = vital_find(vitals, provider, now);

    if (vital != NULL) {
        vital->last_check = now;
        (void)snprintf(vital->note, sizeof vital->note, "%s", note);
    }
}

void gen_vitals_renew(struct gen_vitals *vitals, const char *provider)
{
    struct vital *vital = gen_map_get(vitals->providers, provider);

    if (vital != NULL) {
        vital->recent = 0;
        vital->recent_count = vital->bad_in_a_row = 0;
        vital->blocked = false;
        vital->last_check = vital->last_news = 0;
        vital->news_minute = vital->minute - VITALS_LASTS - 1;
        vital->latency_ms = -1;
        vital->reason[0] = vital->note[0] = '\0';
    }
}

/* ------------------------------------------------------------------------------------ looking -- */

static int vital_bad_share(const struct vital *vital)
{
    int bad = 0;

    for (int i = 0; i < vital->recent_count; i++) {
        bad += (int)(vital->recent >> i & 1);
    }
    return bad;
}

static enum gen_vitals_state vital_state(const struct vital *vital)
{
    if (vital->last_news == 0) {
        return GEN_VITALS_UNKNOWN;
    }
    if (vital->blocked || vital->bad_in_a_row >= VITALS_DOWN_AFTER) {
        return GEN_VITALS_DOWN;
    }
    /* One of five is more than bad luck; right after a failure one looks closer. */
    return vital->bad_in_a_row > 0 || vital_bad_share(vital) * 5 >= VITALS_RECENT
               ? GEN_VITALS_DEGRADED
               : GEN_VITALS_HEALTHY;
}

/* What is known of a minute that has begun. */
static enum minute vital_minute(const struct vital *vital, int64_t minute)
{
    if (minute > vital->minute) {
        return minute - vital->news_minute <= VITALS_LASTS ? vital_lasting(vital) : MINUTE_UNKNOWN;
    }
    return minute > vital->minute - VITALS_MONTH && minute >= 0 ? minute_get(vital, minute)
                                                                : MINUTE_UNKNOWN;
}

/* Share of the known minutes that end with the one of `now`; -1: none is known. */
static double vital_uptime(const struct vital *vital, gen_moment now, int64_t minutes)
{
    int64_t last = now / VITALS_MINUTE_MS;
    int64_t up = 0, known = 0;

    for (int64_t minute = last - minutes + 1; minute <= last; minute++) {
        enum minute value = vital_minute(vital, minute);

        up += value == MINUTE_UP;
        known += value != MINUTE_UNKNOWN;
    }
    return known == 0 ? -1 : (double)up / (double)known;
}

void gen_vitals_hour(const struct gen_vitals *vitals, const char *provider, int64_t hour,
                     gen_moment now, int *up, int *down)
{
    const struct vital *vital = gen_map_get(vitals->providers, provider);
    int64_t last = now / VITALS_MINUTE_MS;

    *up = *down = 0;
    for (int64_t minute = hour * 60; vital != NULL && minute < hour * 60 + 60 && minute <= last;
         minute++) {
        enum minute value = vital_minute(vital, minute);

        *up += value == MINUTE_UP;
        *down += value == MINUTE_DOWN;
    }
}

/* Which of the hour's minutes they were is not known, and no figure asks for it. */
void gen_vitals_recall(struct gen_vitals *vitals, const char *provider, int64_t hour,
                       gen_moment now, int up, int down)
{
    struct vital *vital = vital_find(vitals, provider, now);
    int64_t minute = hour * 60;

    while (vital != NULL && minute < hour * 60 + 60 && minute <= vital->minute && up + down > 0) {
        if (minute > vital->minute - VITALS_MONTH && minute >= 0) {
            minute_put(vital, minute, up > 0 ? MINUTE_UP : MINUTE_DOWN);
        }
        down -= up > 0 ? 0 : 1;
        up -= up > 0 ? 1 : 0;
        minute++;
    }
}

void gen_vitals_look(const struct gen_vitals *vitals, const char *provider, gen_moment now,
                     struct gen_vitals_view *out)
{
    const struct vital *vital = gen_map_get(vitals->providers, provider);

    *out = (struct gen_vitals_view){
        .state = GEN_VITALS_UNKNOWN, .reason = "", .note = "", .health = 1, .latency_ms = -1};
    if (vital == NULL) {
        return;
    }
    out->note = vital->note;
    out->last_check = vital->last_check;
    out->last_news = vital->last_news;
    out->latency_ms = vital->latency_ms;
    if (now - vital->last_news > VITALS_LASTS * (int64_t)VITALS_MINUTE_MS) {
        return; /* who was down once must not stay so for want of anybody who tries */
    }
    out->state = vital_state(vital);
    out->reason = out->state == GEN_VITALS_HEALTHY ? "" : vital->reason;
    if (out->state == GEN_VITALS_DOWN) {
        out->health = 0;
    } else if (vital->recent_count > 0) {
        out->health = 1 - (double)vital_bad_share(vital) /
                              (vital->recent_count > VITALS_FEW ? vital->recent_count : VITALS_FEW);
    }
}

double gen_vitals_uptime(const struct gen_vitals *vitals, const char *provider, gen_moment now,
                         int days)
{
    const struct vital *vital = gen_map_get(vitals->providers, provider);

    return vital == NULL ? -1 : vital_uptime(vital, now, (int64_t)days * VITALS_DAY);
}
