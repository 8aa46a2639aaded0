/* settings.h - what ops wrote about Runway in policies/providers/runway.yaml, read once.
 *
 * Invariant: constant after configure; every text lives in configure's arena.
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_runway_test.c
 */
#ifndef RUNWAY_SETTINGS_H
#define RUNWAY_SETTINGS_H

#include <gen/kit.h>

#define RUNWAY_CREDENTIAL "key"

enum runway_sound { RUNWAY_SOUND_AUTO = 1, RUNWAY_SOUND_ON = 2, RUNWAY_SOUND_OFF = 3 };

struct runway_settings {
    const char *base;             /* "https://api.dev.runwayml.com" */
    const char *hosts[2];         /* its host and port; NULL */
    struct kit_models models;     /* offered: ours and those that the settings add */
    const char *version;          /* of the header X-Runway-Version */
    const char *figures;          /* contentModeration.publicFigureThreshold; "" = not sent */
    const char *const *no_credit; /* words of a 400 that means an empty purse; NULL-terminated */
    const char *const *daily;     /* words of a 429 that means the day's quota */
    int64_t credit_price;         /* micro-dollars */
    int64_t poll_ms;
    int64_t frame_rate_milli; /* of the clips: not documented */
    int32_t sound;            /* enum runway_sound */
};

/* What every verb works with. */
struct runway_call {
    struct kit kit;
    const struct runway_settings *settings;
    const struct gen_provider_task *task;
    const struct gen_provider_answer *answer; /* NULL at first */
    struct gen_provider_step *step;
    const char **message;
};

/* REFUSED with a sentence when a setting is unknown or cannot be meant. */
int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct runway_settings **out, const char **message);

#endif
