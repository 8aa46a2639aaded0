/* http_date.h - dates and waiting times in HTTP headers: Date, Retry-After, RateLimit-Reset.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/http_date_test.c
 */
#ifndef GEN_PLATFORM_HTTP_DATE_H
#define GEN_PLATFORM_HTTP_DATE_H

#include "base/moment.h"

/* The three forms of RFC 9110, section 5.6.7; 0 for anything else. */
gen_moment gen_http_date(const char *text);

/* Milliseconds from `now` that a Retry-After asks for: seconds (fractions too) or a date; 0 when it asks
 * for none, at most a day. */
int64_t gen_http_retry_after(const char *text, gen_moment now);

#endif
