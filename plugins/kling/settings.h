/* settings.h - what ops wrote about Kling in policies/providers/kling.yaml, read once.
 *
 * Invariant: constant after configure; every text lives in configure's arena.
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_SETTINGS_H
#define KLING_SETTINGS_H

#include <gen/kit.h>

enum kling_dialect { KLING_AUTO = 1, KLING_LEGACY = 2, KLING_NEW = 3 };
enum kling_auth { KLING_JWT = 1, KLING_KEY = 2 };

struct kling_region {
    const char *word; /* "singapore" */
    const char *base; /* "https://api-singapore.klingai.com" */
};

/* All that are known, ended by a NULL word; the first is the usual one. */
extern const struct kling_region kling_regions[];

struct kling_settings {
    const char *base;   /* where orders go */
    const char *region; /* of the base; "" = a base URL of the settings */
    const char *hosts[4];
    struct kit_models models;
    const char *const *moderation;  /* words of a failure that mean a refusal; NULL-terminated */
    const char *const *duplicate;   /* words of a refusal that mean: this reference is taken */
    int64_t unit_price, cash_price; /* micro-dollars of one unit, of one of `cash` */
    int64_t poll_ms;
    int64_t frame_rate_milli; /* of the clips: not documented */
    int64_t absent_code;      /* of "there is no such job" */
    uint32_t resolutions;     /* bits of enum kling_resolution that may be ordered */
    int32_t auth;             /* enum kling_auth */
    int32_t dialect;          /* enum kling_dialect */
    int32_t sound;            /* 1: where a model can be silent, it is not */
    int32_t watermark;        /* 1, 0, or -1: not said */
};

/* What every verb works with. */
struct kling_call {
    struct kit kit;
    const struct kling_settings *settings;
    const struct gen_provider_task *task;
    const struct gen_provider_answer *answer; /* NULL at first */
    struct gen_provider_step *step;
    const char **message;
};

/* REFUSED with a sentence when a setting is unknown or cannot be meant. */
int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct kling_settings **out, const char **message);

/* Name of the credential that signs: "jwt" or "key". */
const char *settings_credential(const struct kling_settings *settings);

#endif
