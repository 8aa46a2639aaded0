/* settings.h - what ops wrote about Google in policies/providers/veo.yaml, read once.
 *
 * Invariant: constant after configure; every text lives in configure's arena. URLs have no "/" at
 * their end.
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_SETTINGS_H
#define VEO_SETTINGS_H

#include <gen/kit.h>

#define VEO_KEY "key"         /* of the Gemini API */
#define VEO_ACCOUNT "account" /* a service account, for Vertex AI and Cloud Storage */

enum veo_delivery { VEO_DELIVERY_URI = 1, VEO_DELIVERY_INLINE = 2 };

struct veo_settings {
    struct kit_models models;
    const char *hosts[8]; /* ended by NULL */
    struct gen_provider_credential credentials[2];
    /* Gemini */
    const char *base, *version; /* "https://generativelanguage.googleapis.com", "v1beta" */
    int32_t delivery;           /* enum veo_delivery */
    int32_t sends_task;         /* 1: generation_config.video_config.task beside a picture */
    const char *first_frame;    /* the tag in the prompt, "" = none */
    int64_t upload_above;       /* bytes: larger pictures go through the Files API */
    int64_t omni_poll_ms;
    const struct gen_node *token_prices; /* a number, or model -> number; may be NULL */
    /* Vertex */
    const char *vertex, *storage; /* "https://us-central1-aiplatform.googleapis.com" */
    const char *project, *location;
    const char *storage_uri; /* "gs://bucket/prefix/", "" = the clip comes inside the answer */
    const char *person;      /* personGeneration, "" = Google's choice */
    int32_t audio;           /* generateAudio */
    int64_t vertex_poll_ms, recover_after_ms;
    /* both */
    int32_t speaks;              /* 1: the dialogue goes into the prompt */
    int32_t health;              /* 1: the list of models is asked for */
    const char *const *refusals; /* words of a refusal of content, ended by NULL */
};

/* REFUSED with a sentence when a setting is unknown or cannot be meant. */
int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct veo_settings **out, const char **message);

/* Micro-dollars of a million video tokens of a model, -1 = not known. */
int64_t settings_token_price(const struct kit *kit, const struct veo_settings *settings,
                             const char *model);

#endif
