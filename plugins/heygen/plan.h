/* plan.h - a shot as HeyGen will render it: what format decides, and how submit reads it again.
 *
 * The length of a presenter follows the speech, so format estimates it from the words (or takes the
 * recorded voice's) and says the longest it can become. Everything that submit needs beside the
 * scene's own texts stands in the parameters.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_PLAN_H
#define HEYGEN_PLAN_H

#include "models.h"

/* What every verb works with. */
struct heygen_call {
    struct kit kit;
    const struct heygen_settings *settings;
    const struct gen_provider_task *task;
    const struct gen_provider_answer *answer; /* NULL at first */
    struct gen_provider_step *step;
    const char **message;
};

struct heygen_plan { /* the parameters of format, read again */
    const struct heygen_model *model;
    const char *avatar, *voice, *aspect, *resolution;
    int32_t picture, recording; /* indexes of assets, -1 = none */
    int64_t duration_ms, most_ms;
};

int32_t plan_format(const struct heygen_call *call, struct gen_provider_format *out);

int32_t plan_cost(const struct heygen_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out);

/* 0 when the stored parameters are not ours: another plugin wrote them, or an older one. */
int plan_read(const struct heygen_call *call, struct heygen_plan *out);

#endif
