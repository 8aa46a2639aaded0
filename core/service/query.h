/* query.h - the query of a request: its keys declared once, its values read strictly.
 *
 * An unknown key is an error with a suggestion, so that a misspelt filter does not show everything.
 * Errors are GEN_EINVAL with the key as their path.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/query_test.c
 */
#ifndef GEN_SERVICE_QUERY_H
#define GEN_SERVICE_QUERY_H

#include "base/moment.h"
#include "platform/exchange.h"

struct gen_parameter { /* a table of these ends with key NULL */
    const char *key;
    const char *help;
};

/* One pair against the keys allowed (NULL = none) and those seen so far (a bit for each row). */
GEN_MUST_CHECK enum gen_status gen_query_pair(const struct gen_parameter *allowed, uint32_t *seen,
                                              const char *key, const char *value,
                                              struct gen_error *err);

/* Every pair of the request: known, given once, UTF-8. */
GEN_MUST_CHECK enum gen_status gen_query_check(const struct gen_exchange *exchange,
                                               const struct gen_parameter *allowed,
                                               struct gen_error *err);

/* The value as a number of [min, max], or as an instant; NULL `text` (absent) leaves `*out`. */
GEN_MUST_CHECK enum gen_status gen_query_integer(const char *key, const char *text, int64_t min,
                                                 int64_t max, int64_t *out, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_query_moment(const char *key, const char *text, gen_moment *out,
                                                struct gen_error *err);

#endif
