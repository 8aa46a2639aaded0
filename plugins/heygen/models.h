/* models.h - what HeyGen renders, as tables: models, shapes, sizes, and which assets it takes.
 *
 * One row a model of ours; a row says which `type` of POST /v3/videos it is and which engine.
 * Numbers that HeyGen does not publish are marked so here and named in README.md.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_MODELS_H
#define HEYGEN_MODELS_H

#include "settings.h"

enum heygen_kind { HEYGEN_AVATAR = 1, HEYGEN_IMAGE = 2, HEYGEN_CINEMATIC = 3 };

struct heygen_model {
    int32_t kind;     /* enum heygen_kind */
    const char *type; /* of the body; an avatar's engine.type is the id of the model itself */
    const struct kit_ratio *shapes;
    size_t shape_count;
};

enum {
    HEYGEN_MOST_SCRIPT = 5000,     /* characters */
    HEYGEN_MOST_PROMPT = 10000,    /* cinematic */
    HEYGEN_MOST_VOICE_MS = 600000, /* recorded voice */
    HEYGEN_LEAST_CINEMATIC_S = 4,
    HEYGEN_MOST_CINEMATIC_S = 15,
};

/* Fills to->models; 0 without memory. */
int models_offer(const struct kit *kit, const struct gen_node *settings,
                 struct heygen_settings *to);

/* The row behind a model's id; NULL when nobody offers it. */
const struct heygen_model *models_find(const struct heygen_settings *settings, const char *id);

/* "720p", "1080p", "4k" of a size in the tables. */
const char *models_resolution(const struct kit_ratio *shape);

#endif
