/* plan.h - a shot as Runway will render it: what format decides, what it costs, how submit reads it.
 *
 * The parameters hold the request as it will be sent, but for what is known only then: the links of
 * uploaded assets and the attempt's seed.
 *   {"path": "/v1/image_to_video", "body": {...}, "durationMs": 5000, "seed": true,
 *    "uploads": [{"asset": 0, "as": "first"}]}
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_runway_test.c
 */
#ifndef RUNWAY_PLAN_H
#define RUNWAY_PLAN_H

#include "models.h"

int32_t plan_format(const struct runway_call *call, struct gen_provider_format *out);

int32_t plan_cost(const struct runway_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out);

/* Assets to be uploaded, in the order in which their links are asked for. */
size_t plan_uploads(const struct runway_call *call);
/* The index of the asset that upload `index` sends; -1 when the task has no such asset. */
int32_t plan_upload_asset(const struct runway_call *call, size_t index);

/* The body of the create with the links of the uploads (one each) and the seed; NULL without memory or
 * when the parameters are not ours. */
const struct gen_node *plan_body(const struct runway_call *call, const struct gen_node *links);

/* "/v1/text_to_video"; "" when the parameters are not ours. */
const char *plan_path(const struct runway_call *call);

#endif
