/* settings.h - what ops wrote about HeyGen in policies/providers/heygen.yaml, read once.
 *
 * Invariant: constant after configure; every text lives in configure's arena.
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_SETTINGS_H
#define HEYGEN_SETTINGS_H

#include <gen/kit.h>

#define HEYGEN_CREDENTIAL "key"

struct heygen_settings {
    const char *base;           /* "https://api.heygen.com" */
    const char *hosts[2];       /* its host and port; NULL */
    struct kit_models models;   /* offered: ours and those that the settings add */
    const char *avatar, *voice; /* ids, "" = none */
    const struct gen_node *avatars,
        *voices;                           /* language, or a name for a voice -> id; may be NULL */
    const struct gen_node *voice_settings; /* goes into the body as it is; may be NULL */
    const struct gen_node *moderation;     /* list of more words of a refusal; may be NULL */
    double characters_per_second;
    int64_t speech_margin_ppm; /* the longest a speech can become: its estimate times this */
    int64_t direct_above;      /* bytes: larger files go the way of three steps */
    int64_t frame_rate_milli;
    int32_t idempotency;     /* 1: send the header Idempotency-Key */
    int32_t trusts_key;      /* 1: it is known to be honoured on POST /v3/videos */
    int32_t recovers;        /* 1: the list by title is believed */
    int32_t background;      /* 1: a scene's picture stands behind the presenter */
    int32_t motion;          /* 1: the scene's prompt goes along as motion_prompt */
    int32_t cinematic_sound; /* 1: cinematic clips carry sound */
};

/* REFUSED with a sentence when a setting is unknown or cannot be meant. */
int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct heygen_settings **out, const char **message);

/* The id for a language tag: its own, else that of its first part ("de" of "de-AT"), else `usual`.
 * */
const char *settings_for_language(const struct kit *kit, const struct gen_node *ids,
                                  const char *language, const char *usual);

#endif
