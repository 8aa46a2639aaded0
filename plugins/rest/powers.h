/* powers.h - what a description may add: cancel, recover and health.
 *
 * State of cancel and recover: the number of the request that is being asked.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_POWERS_H
#define REST_POWERS_H

#include "names.h"

int32_t powers_cancel(const struct rest_call *call);
int32_t powers_recover(const struct rest_call *call);
int32_t powers_health(const struct rest_call *call);

#endif
