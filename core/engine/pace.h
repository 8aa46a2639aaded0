/* pace.h - what the headers of an answer say about how fast one may go on.
 *
 * Retry-After, the RateLimit headers of the IETF draft in its old and its new form, and the x-ratelimit-*
 * ones that most services send instead, in seconds, as a date, or as a point in time.
 * Pure: it only reads.
 *
 * Thread: [any]. Floor: engine. Tests: tests/unit/engine/pace_test.c
 */
#ifndef GEN_ENGINE_PACE_H
#define GEN_ENGINE_PACE_H

#include "base/moment.h"
#include "platform/http_answer.h"

/* Milliseconds to wait before the next request; 0 = go on. Of several that say something the longest
 * counts; at most an hour. A header that makes no sense says nothing. */
int64_t gen_pace_pause(int status, const struct gen_http_header *headers, size_t count,
                       gen_moment now);

#endif
