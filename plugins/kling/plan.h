/* plan.h - a shot as Kling will render it: what format decides, what it costs, how submit reads it.
 *
 * The parameters hold the order as it will be sent, but for the picture, which is streamed into it, and
 * our reference:
 *   {"dialect": "legacy", "kind": "text2video", "path": "/v1/videos/text2video", "body": {...},
 *    "picture": 0, "wrap": "image", "prompt": "...", "durationMs": 5000}
 * picture, wrap and prompt only where there is a picture; prompt only in the new dialect.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_PLAN_H
#define KLING_PLAN_H

#include "models.h"

int32_t plan_format(const struct kling_call *call, struct gen_provider_format *out);

int32_t plan_cost(const struct kling_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out);

/* A member of the parameters; "" when they are not ours. */
const char *plan_text(const struct kling_call *call, const char *key);

/* The order as a request, with our reference; its path below the base of the settings. NULL without
 * memory, or when the parameters are not ours. */
struct gen_provider_request *plan_order(const struct kling_call *call);

#endif
