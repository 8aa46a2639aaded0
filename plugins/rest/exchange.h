/* exchange.h - one request of a description: its keys, their check, and the request that is made of
 * it.
 *
 * The credential goes along exactly when the URL leads to a host of the description (baseUrl,
 * storageUrl, hosts); links that answers give lead anywhere and are asked for bare.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_EXCHANGE_H
#define REST_EXCHANGE_H

#include "names.h"

/* The rows of a table of keys for a struct whose first member is a struct rest_exchange. */
#define EXCHANGE_FIELDS(needs_url) \
    {.key = "method", \
     .shape = READING_WORD, \
     .offset = offsetof(struct rest_exchange, method), \
     .choices = exchange_methods}, \
        {.key = "url", \
         .shape = READING_WORDS, \
         .required = (needs_url), \
         .offset = offsetof(struct rest_exchange, urls)}, \
        {.key = "headers", \
         .shape = READING_NODE, \
         .offset = offsetof(struct rest_exchange, headers)}, \
        {.key = "body", .shape = READING_NODE, .offset = offsetof(struct rest_exchange, body)}, \
        {.key = "form", .shape = READING_NODE, .offset = offsetof(struct rest_exchange, form)}, \
        {.key = "file", \
         .shape = READING_WORD, \
         .offset = offsetof(struct rest_exchange, file), \
         .choices = exchange_files}, \
        {.key = "credential", \
         .shape = READING_TRUTH, \
         .offset = offsetof(struct rest_exchange, signs)}, \
        {.key = "uniqueHeader", \
         .shape = READING_TEXT, \
         .offset = offsetof(struct rest_exchange, unique_header)}, \
    { \
        .key = "timeout", .shape = READING_NUMBER, \
        .offset = offsetof(struct rest_exchange, timeout_s), .least = 1, .most = 3600 \
    }

extern const struct kit_choice exchange_methods[], exchange_files[];

/* What a request is before its keys are read. */
struct rest_exchange exchange_usual(const char *at, int32_t method);

/* Checks everything in it. `scopes`: of enum names_scope; *sends gets what it names. */
void exchange_check(struct reading *reading, const struct rest *rest,
                    const struct rest_exchange *exchange, uint32_t scopes, size_t uploads,
                    uint32_t *sends);

/* Is the URL at a host that gets the credential? */
int exchange_own(const struct kit *kit, const struct rest *rest, const char *url);

enum exchange_reach {
    EXCHANGE_OWN = 1,      /* only to the description's hosts */
    EXCHANGE_ANYWHERE = 2, /* links of answers, too */
};

/* The request; the caller adds flags and sink and sends it. NULL: no URL can be filled in (the
 * first one that leads where it may is taken), or no memory. */
struct gen_provider_request *exchange_request(const struct names_from *from,
                                              const struct rest_exchange *exchange, int32_t reach);

/* A plain GET of a link. */
struct gen_provider_request *exchange_link(const struct names_from *from, const char *url,
                                           int32_t signs);

/* Values out of an answer, by name, into `map`. 0: the first of them is not there. */
int exchange_take(const struct names_from *from, const struct rest_taken *taken,
                  const struct gen_node *answer, struct gen_node *map);

#endif
