/* http_url.h - which URLs may be asked, and whether two have the same origin (libcurl's parser, so
 * that what is judged is what will be asked).
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/http_url_test.c
 */
#ifndef GEN_PLATFORM_HTTP_URL_H
#define GEN_PLATFORM_HTTP_URL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

/* GEN_EINVAL: malformed, credentials in it, or another scheme than http, https. GEN_EDENIED: plain
 * http although not `plain`. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_http_url_check(const char *url, bool plain,
                                                  struct gen_error *err);

/* "through the proxy http://proxy.example:3128: REASON": that is what did not answer, not who was asked. Who may
 * pass through it (the part before the @) is left out. `reason` itself without memory. */
const char *gen_http_url_through(const char *proxy, const char *reason, struct gen_arena *arena);

/* Does its host name this machine: localhost, 127.x.x.x or [::1]? */
GEN_MUST_CHECK bool gen_http_url_loopback(const char *url);

/* Is its host written as an address that is not globally reachable (127.0.0.1, 169.254.169.254)? Names
 * are not resolved. */
GEN_MUST_CHECK bool gen_http_url_private(const char *url);

/* The host that would be asked, in lower case, for comparing with a list of known hosts; false and
 * "" when there is none or it does not fit. */
GEN_MUST_CHECK bool gen_http_url_host(const char *url, char *out, size_t size);

/* Same scheme, host and port; false for what is malformed. */
bool gen_http_url_same_origin(const char *one, const char *other);

#endif
