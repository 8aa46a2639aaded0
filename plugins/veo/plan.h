/* plan.h - a shot as Google will render it: what format decides, and how submit reads it again.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_PLAN_H
#define VEO_PLAN_H

#include "models.h"

/* What every verb works with. */
struct veo_call {
    struct kit kit;
    const struct veo_settings *settings;
    const struct gen_provider_task *task;
    const struct gen_provider_answer *answer; /* NULL at first */
    struct gen_provider_step *step;
    const char **message;
};

struct veo_plan { /* the parameters of format, read again */
    const struct veo_model *model;
    const char *aspect, *resolution;
    int64_t duration_ms;
    int32_t picture; /* index of the first frame, -1 = none */
    int32_t audio;
};

int32_t plan_format(const struct veo_call *call, struct gen_provider_format *out);

int32_t plan_cost(const struct veo_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out);

/* 0 when the stored parameters are not ours: another plugin wrote them, or an older one. */
int plan_read(const struct veo_call *call, struct veo_plan *out);

/* The words that Google gets, no longer than the model takes. */
const char *plan_prompt(const struct veo_call *call, const struct veo_plan *plan, int *cut);

#endif
