/* poll.h - how is it doing? One request, the word in its answer, and where the description says so
 * a second request that tells whether "finished" is a success.
 *
 * State: "" while the status is asked for, "fate" while the result is.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_POLL_H
#define REST_POLL_H

#include "names.h"

int32_t poll_step(const struct rest_call *call);

/* What an answer says of the job: enum rest_end; 0: it says nothing (damaged). *word is the
 * provider's own. */
int32_t poll_end(const struct rest_call *call, const struct gen_node *body, const char **word);

/* FAIL for such an end. */
int32_t poll_failed(const struct rest_call *call, const struct gen_node *body, int32_t end,
                    const char *word);

/* WAIT, with progress, queue and what the provider says. */
int32_t poll_wait(const struct rest_call *call, const struct gen_node *body, const char *word);

#endif
