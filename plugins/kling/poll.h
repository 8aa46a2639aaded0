/* poll.h - a job at Kling once it has a handle: its status, its file, its end; and the account.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_POLL_H
#define KLING_POLL_H

#include "settings.h"

int32_t poll_step(const struct kling_call *call);

/* The link is read again each time; one that has died in between is asked for again. */
int32_t poll_fetch(const struct kling_call *call);

/* GET /account/costs: free. */
int32_t poll_health(const struct kling_call *call);

#endif
