/* vitals.h - how well each provider is: what checks and real traffic have shown, minute by minute.
 *
 * Good and bad news come in with their time; out come a state in one word, why, how fast it answers, and
 * the share of time it was up. Who is throttled or refused says nothing here: nobody reports it.
 * It remembers nothing itself: engine/annals.h keeps the hours and gives them back.
 *
 * Invariant: a fixed amount of memory a provider (about 11 KB), whatever the traffic.
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/vitals_test.c
 */
#ifndef GEN_ENGINE_VITALS_H
#define GEN_ENGINE_VITALS_H

#include "base/moment.h"

#include <stdbool.h>
#include <stdint.h>

struct gen_vitals;

enum gen_vitals_state {
    GEN_VITALS_UNKNOWN = 1, /* nothing has been heard of it for 20 minutes */
    GEN_VITALS_HEALTHY,
    GEN_VITALS_DEGRADED, /* it fails now and then */
    GEN_VITALS_DOWN,     /* it fails each time, or does not let us in */
};
const char *gen_vitals_word(enum gen_vitals_state state);

struct gen_vitals_view { /* texts live until more is heard of the provider */
    enum gen_vitals_state state;
    const char *reason;    /* of the newest trouble while it is not healthy; "" */
    const char *note;      /* what the last check said beside it ("credit left: $12.30"); "" */
    double health;         /* 0 down .. 1 well; 1 while nothing is known */
    gen_moment last_check; /* of the last scheduled check; 0 = none */
    gen_moment last_news;  /* of anything; 0 = none */
    int64_t latency_ms;    /* smoothed; -1 = unknown */
};

enum { GEN_VITALS_DAYS = 30 }; /* that are remembered */

struct gen_vitals *gen_vitals_create(void);         /* NULL: no memory */
void gen_vitals_destroy(struct gen_vitals *vitals); /* NULL is allowed */

/* It answered as it should; latency_ms -1 = not measured. */
void gen_vitals_good(struct gen_vitals *vitals, const char *provider, gen_moment now,
                     int64_t latency_ms);
/* It failed: no answer, or trouble of its own. */
void gen_vitals_bad(struct gen_vitals *vitals, const char *provider, gen_moment now,
                    const char *reason);
/* It lets us not in (credential, credit): down until it is good again. */
void gen_vitals_blocked(struct gen_vitals *vitals, const char *provider, gen_moment now,
                        const char *reason);
/* A scheduled check has ended, with these words for people. */
void gen_vitals_checked(struct gen_vitals *vitals, const char *provider, gen_moment now,
                        const char *note);

/* It was configured anew (another address, say): what was heard before says nothing of how it is now. The
 * minutes that it was up or down stay. */
void gen_vitals_renew(struct gen_vitals *vitals, const char *provider);

/* After each news of a provider. One listener; NULL = nobody. */
typedef void gen_vitals_call(void *context, const char *provider, gen_moment now);
void gen_vitals_listen(struct gen_vitals *vitals, gen_vitals_call *call, void *context);

struct gen_vitals_turn { /* valid during the call */
    const char *provider, *reason;
    bool down;        /* else it is up again */
    gen_moment since; /* down: now; up: when it went down */
    gen_moment now;
};
/* When a provider goes down (as the state says), and with its first good news after that. One watcher;
 * NULL = nobody. What was so before anybody watched is told with the next news. */
typedef void gen_vitals_turned(void *context, const struct gen_vitals_turn *turn);
void gen_vitals_watch(struct gen_vitals *vitals, gen_vitals_turned *call, void *context);

enum { GEN_VITALS_HOUR_MS = 3600 * 1000 };

/* Minutes of the hour (since 1970) that it was known to be up, and down, as far as `now`. */
void gen_vitals_hour(const struct gen_vitals *vitals, const char *provider, int64_t hour,
                     gen_moment now, int *up, int *down);
/* What was known of an hour before the daemon's start; only before there is any news. Hours that are too
 * old, or have not begun, are left out; without memory nothing is known. */
void gen_vitals_recall(struct gen_vitals *vitals, const char *provider, int64_t hour,
                       gen_moment now, int up, int down);

/* How the provider is at `now`. */
void gen_vitals_look(const struct gen_vitals *vitals, const char *provider, gen_moment now,
                     struct gen_vitals_view *out);

/* Share of the last 1 to GEN_VITALS_DAYS days that it was up, of what is known of them; -1: nothing is.
 * Looks at each minute: not for every decision. */
double gen_vitals_uptime(const struct gen_vitals *vitals, const char *provider, gen_moment now,
                         int days);

#endif
