/* plan.h - what a shot becomes on a model: size, length, words, picture; and what that costs.
 *
 * What is decided here stands in the parameters under the names by which templates speak of it.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_PLAN_H
#define REST_PLAN_H

#include "description.h"

int32_t plan_format(const struct rest_call *call, struct gen_provider_format *out);
int32_t plan_cost(const struct rest_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out);

#endif
