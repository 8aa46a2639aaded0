/* outgoing.h - the request of a step as the HTTP client takes it: its headers with ours among them, its body.
 *
 * Values only; it sends nothing and signs nothing.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/errand_test.c
 */
#ifndef GEN_ENGINE_OUTGOING_H
#define GEN_ENGINE_OUTGOING_H

#include "host/step.h"
#include "platform/crypto.h"
#include "platform/http_request.h"

enum {
    GEN_OUTGOING_HEADERS = 68
}; /* of a step, and a signature, a random id, a range with its condition */

struct gen_outgoing { /* borrowed for the call */
    const struct gen_step *step;
    const char *const *assets; /* paths, by index */
    const char *body_file;     /* put together from pieces; NULL = none */
    const char *name, *value;  /* of the signature's header; "" = none */
    int64_t have;          /* bytes of the result that are there already: the rest is asked for */
    const char *validator; /* with them: of which version they are */
    const struct gen_random *random;
};

/* Fills `request`, whose headers go to `headers` (room for GEN_OUTGOING_HEADERS), all in `arena` or
 * borrowed. Where the answer goes, limits and callbacks are the caller's. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_outgoing_make(const struct gen_outgoing *outgoing,
                                                 struct gen_arena *arena,
                                                 struct gen_http_header *headers,
                                                 struct gen_http_request *request);

#endif
