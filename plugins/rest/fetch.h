/* fetch.h - where is it? The answer that holds the link, then the file, into the result.
 *
 * State: "ask N" while the link is asked for, "file N" while it is followed; N counts how often.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_FETCH_H
#define REST_FETCH_H

#include "names.h"

int32_t fetch_step(const struct rest_call *call);

/* Does an answer hold the link? */
int fetch_has_link(const struct rest_call *call, const struct gen_node *body);

/* FAIL: it is finished, and there is nothing to fetch. */
int32_t fetch_missing(const struct rest_call *call, const struct gen_node *body);

#endif
