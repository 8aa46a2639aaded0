/* api_answer.h - what gend answered: a document, or a problem (RFC 9457) as an error of ours.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_API_ANSWER_H
#define GEN_CLI_API_ANSWER_H

#include "base/node.h"
#include "cli/target.h"
#include "platform/http_client.h"

struct gen_client_answer { /* lives in the arena of the call */
    int status;
    const struct gen_node *document; /* NULL: no body, or a file; of a problem too */
    int attempts;                    /* how often it was sent */
};

/* GEN_OK for a 2xx; see gen_client_send for the rest. Fills `out` in each case. */
GEN_MUST_CHECK enum gen_status gen_api_answer_read(const struct gen_target *target,
                                                   const struct gen_http_response *response,
                                                   struct gen_arena *arena,
                                                   struct gen_client_answer *out,
                                                   struct gen_error *err);

#endif
