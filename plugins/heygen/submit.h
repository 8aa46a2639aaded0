/* submit.h - the way to a render: uploads, then the one request that costs money.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_SUBMIT_H
#define HEYGEN_SUBMIT_H

#include "plan.h"

int32_t submit_step(const struct heygen_call *call);

/* "gen att_42": what recover looks for. */
const char *submit_title(const struct heygen_call *call);

#endif
