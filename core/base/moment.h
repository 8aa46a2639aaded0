/* moment.h - instants as milliseconds since 1970-01-01 UTC, and their RFC 3339 text.
 *
 * It reads no clock: time comes through platform/clock.h.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/moment_test.c
 */
#ifndef GEN_BASE_MOMENT_H
#define GEN_BASE_MOMENT_H

#include "base/error.h"

typedef int64_t gen_moment; /* ms since the epoch, UTC; 0 = none */

enum { GEN_MOMENT_TEXT_SIZE = 32 };

/* "2026-11-22T12:00:00.123Z"; years 1970 to 9999, outside "" is written. Returns `out`. */
const char *gen_moment_text(gen_moment moment, char *out);

/* RFC 3339 with seconds, optional fraction (cut to ms), Z or an offset; a bare date is midnight
 * UTC. GEN_EINVAL: anything else, or outside 1970..9999. */
GEN_MUST_CHECK enum gen_status gen_moment_parse(const char *text, size_t size, gen_moment *out,
                                                struct gen_error *err);

#endif
