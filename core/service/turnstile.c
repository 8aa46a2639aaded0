/* turnstile.c - see turnstile.h. */
#include "service/turnstile.h"

#include "base/alloc.h"
#include "base/map.h"

#include <inttypes.h>
#include <stdio.h>

enum { MINUTE_MS = 60 * 1000, KEY_SIZE = 2 * GEN_PRINCIPAL_TEXT_MOST + 16 };

struct gen_turnstile {
    int64_t minute;
    struct gen_map *counts; /* "user ORGANIZATION/WHO" -> the number itself, as a pointer */
};

struct bar { /* one bound that a request has to pass */
    const char *scope, *of;
    int64_t most; /* 0 = none */
    char key[KEY_SIZE];
    uintptr_t count;
};

struct gen_turnstile *gen_turnstile_create(void)
{
    struct gen_turnstile *turnstile = gen_alloc(sizeof *turnstile);

    if (turnstile != NULL) {
        turnstile->counts = gen_map_create(GEN_TURNSTILE_MOST);
        if (turnstile->counts == NULL) {
            gen_free(turnstile);
            turnstile = NULL;
        }
    }
    return turnstile;
}

void gen_turnstile_destroy(struct gen_turnstile *turnstile)
{
    if (turnstile != NULL) {
        gen_map_destroy(turnstile->counts);
        gen_free(turnstile);
    }
}

static void bar_key(char *key, const char *scope, const char *organization, const char *of)
{
    (void)snprintf(key, KEY_SIZE, "%s %s/%s", scope, organization, of);
}

/* A minute that was before this one is not begun again. */
static enum gen_status turnstile_turn(struct gen_turnstile *turnstile, int64_t now)
{
    int64_t minute = now / MINUTE_MS;
    struct gen_map *fresh;

    if (minute <= turnstile->minute) {
        return GEN_OK;
    }
    if (gen_map_count(turnstile->counts) > 0) {
        fresh = gen_map_create(GEN_TURNSTILE_MOST);
        if (fresh == NULL) {
            return GEN_ENOMEM;
        }
        gen_map_destroy(turnstile->counts);
        turnstile->counts = fresh;
    }
    turnstile->minute = minute;
    return GEN_OK;
}

static int64_t lower(int64_t a, int64_t b)
{
    return a <= 0 ? b : b <= 0 ? a : a < b ? a : b;
}

static enum gen_status bar_refuse(const struct bar *bar, struct gen_error *err)
{
    return gen_error_set(err, GEN_ELIMIT,
                         "the %s \"%.130s\" has had its %" PRId64
                         " request%s of this minute; wait for the next",
                         bar->scope, bar->of, bar->most, bar->most == 1 ? "" : "s");
}

enum gen_status gen_turnstile_pass(struct gen_turnstile *turnstile, const struct gen_principal *who,
                                   const struct gen_access_plan *plan, int64_t now, int64_t *wait_s,
                                   struct gen_error *err)
{
    struct bar bars[] = {
        {.scope = "user",
         .of = who->user,
         .most = lower(who->quota.requests_per_minute, plan == NULL ? 0 : plan->user_requests)},
        {.scope = "team",
         .of = who->team,
         .most = who->team[0] == '\0' || plan == NULL ? 0 : plan->team_requests}};
    enum gen_status status = turnstile_turn(turnstile, now);

    *wait_s = ((turnstile->minute + 1) * MINUTE_MS - now + 999) / 1000;
    for (size_t i = 0; i < GEN_COUNT(bars) && status == GEN_OK; i++) {
        if (bars[i].most > 0) {
            bar_key(bars[i].key, bars[i].scope, who->organization, bars[i].of);
            bars[i].count = (uintptr_t)gen_map_get(turnstile->counts, bars[i].key);
            if (bars[i].count >= (uintptr_t)bars[i].most) {
                return bar_refuse(&bars[i], err);
            }
        }
    }
    for (size_t i = 0; i < GEN_COUNT(bars) && status == GEN_OK; i++) {
        if (bars[i].most > 0) {
            status = gen_map_put(turnstile->counts, bars[i].key, (void *)(bars[i].count + 1), NULL);
        }
    }
    return status == GEN_OK ? GEN_OK
           : status == GEN_ELIMIT
               ? gen_error_set(err, GEN_ELIMIT, "too many users at once; wait for the next minute")
               : gen_error_set(err, GEN_ENOMEM, "no memory to count a request");
}

int64_t gen_turnstile_count(const struct gen_turnstile *turnstile, const char *scope,
                            const char *organization, const char *of, int64_t now)
{
    char key[KEY_SIZE];

    if (now / MINUTE_MS > turnstile->minute) {
        return 0;
    }
    bar_key(key, scope, organization, of);
    return (int64_t)(uintptr_t)gen_map_get(turnstile->counts, key);
}
