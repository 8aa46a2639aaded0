/* poll.h - a task at Runway once it has an id: how far it is, its file, its end; and the account.
 *
 * Every one of them reads GET /v1/tasks/{id}, which also mints a fresh link of the result each time.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_runway_test.c
 */
#ifndef RUNWAY_POLL_H
#define RUNWAY_POLL_H

#include "settings.h"

int32_t poll_step(const struct runway_call *call);

/* A fresh link, then the file; a link that has died in between is asked for again. */
int32_t poll_fetch(const struct runway_call *call);

/* DELETE cancels a task that is not finished and deletes a finished one, result and all: so its status
 * is read first. */
int32_t poll_cancel(const struct runway_call *call);

/* GET /v1/organization: free. */
int32_t poll_health(const struct runway_call *call);

#endif
