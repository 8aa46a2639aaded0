/* http_condition.h - what Range, If-Range and If-None-Match ask for (RFC 9110, sections 13 and 14).
 *
 * One range is honoured; several at once, and anything malformed, get the whole body, as the
 * standard allows. It sends nothing.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/http_condition_test.c
 */
#ifndef GEN_PLATFORM_HTTP_CONDITION_H
#define GEN_PLATFORM_HTTP_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

enum gen_http_condition {
    GEN_HTTP_WHOLE = 1,     /* 200 with everything */
    GEN_HTTP_PART,          /* 206 with [first, first + count) */
    GEN_HTTP_UNCHANGED,     /* 304 */
    GEN_HTTP_UNSATISFIABLE, /* 416 */
};

struct gen_http_ask { /* values of the request's headers, NULL = absent */
    const char *range, *if_range, *if_none_match;
    bool get; /* ranges are for GET alone */
};

/* `etag` is the text between the quotes of a strong entity tag, NULL = none; `size` of the whole
 * body. `*first` and `*count` are set in every case. */
enum gen_http_condition gen_http_condition_decide(const struct gen_http_ask *ask, const char *etag,
                                                  int64_t size, int64_t *first, int64_t *count);

#endif
