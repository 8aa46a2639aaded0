/* submit.h - the uploads, one after the other, and then the one request that costs money.
 *
 * State: {"done": uploads that are over, "values": what they gave}; durable before each request, so
 * that a crash goes on in the middle. Without uploads there is none.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_SUBMIT_H
#define REST_SUBMIT_H

#include "names.h"

int32_t submit_step(const struct rest_call *call);

/* The remote handle out of an answer (or an item of one); NULL: it is not there. */
const char *submit_handle(const struct rest_call *call, const struct names_from *from,
                          const struct rest_taken *taken, const struct gen_node *answer);

#endif
