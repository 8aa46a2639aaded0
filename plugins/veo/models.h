/* models.h - what Google renders, as tables: models, shapes, lengths, and what became of older
 * ones.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_MODELS_H
#define VEO_MODELS_H

#include "settings.h"

enum veo_surface { VEO_OMNI = 1, VEO_VERTEX = 2 };

struct veo_model {
    int32_t surface; /* enum veo_surface */
    int32_t unused1;
    const struct kit_ratio *shapes;
    size_t shape_count;
    const int64_t *durations; /* NULL = any from least to most */
    size_t duration_count;
    int64_t least_ms, most_ms;
};

/* Fills to->models; 0 without memory. */
int models_offer(struct kit_reading *reading, struct veo_settings *to);

/* The row behind a model's id; NULL when nobody offers it. */
const struct veo_model *models_find(const struct veo_settings *settings, const char *id);

/* "360p", "720p", "1080p", "4k" of a size in the tables. */
const char *models_resolution(const struct kit_ratio *shape);

/* What replaces a model that Google no longer serves; NULL = not known to be retired. */
const char *models_replacement(const char *id);

#endif
