/* poll.h - what became of a render: its status, its file, and the search for a lost submission.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_POLL_H
#define HEYGEN_POLL_H

#include "plan.h"

int32_t poll_step(const struct heygen_call *call);
/* Asks for a fresh link, then for the file: links end, and the one of poll may have. */
int32_t poll_fetch(const struct heygen_call *call);
int32_t poll_recover(const struct heygen_call *call);
int32_t poll_health(const struct heygen_call *call);

#endif
