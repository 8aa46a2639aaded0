/* http_client.h - outbound HTTP over curl's multi interface on the loop.
 *
 * It knows nothing of providers, credentials or retries: the caller signs and decides. What it
 * guarantees is how a request goes out. A request marked `once` can cost money: it travels on a
 * fresh HTTP/1.1 connection that is not reused, follows no redirect, is never repeated by curl, and
 * its end says whether any byte of it may have left. libcurl repeats a POST by itself on a reused
 * connection that the server closes (seen with 7.88), which is why.
 *
 * All requests: no settings from the environment, no cookies, no netrc, no content decoding, at most
 * 256 header fields. Those that are free to repeat share connections, over HTTP/2 where the server
 * speaks it. Private, loopback and reserved addresses are refused when the socket is opened, and for
 * connections that are reused too, unless the request allows them.
 * Invariant: on_end is called exactly once, never from inside gen_http_send.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/http_client_test.c
 */
#ifndef GEN_PLATFORM_HTTP_CLIENT_H
#define GEN_PLATFORM_HTTP_CLIENT_H

#include "platform/http_request.h"
#include "platform/loop.h"

struct gen_http_client;
struct gen_http_call;

/* struct gen_http_request, gen_http_response, gen_http_part and enum gen_http_fate stand in
 * http_request.h, struct gen_http_header in http_answer.h. */

GEN_MUST_CHECK enum gen_status gen_http_client_create(struct gen_loop *loop,
                                                      struct gen_http_client **out,
                                                      struct gen_error *err);
/* Ends all calls first, with what is known by then. Not from inside a callback of a call. */
void gen_http_client_destroy(struct gen_http_client *client);

/* GEN_EINVAL: it is no address of a proxy; says what was written and what would be one. */
GEN_MUST_CHECK enum gen_status gen_http_client_proxy_check(const char *url, struct gen_error *err);

/* Requests from now on go through this proxy, but for those to a Unix socket and those that may go to
 * this machine and do: "http://", "https://", "socks5://" or "socks5h://" with host and port. The proxy
 * then is who resolves names, and whose part it is to refuse private addresses. GEN_EINVAL: another
 * scheme. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_http_client_proxy(struct gen_http_client *client,
                                                     const char *url, struct gen_error *err);

/* GEN_EINVAL: a malformed URL, method or header, or another scheme than http, https. GEN_EDENIED:
 * plain http without allow_private. GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO: a body file cannot be
 * read. GEN_ECANCELED: the client is being destroyed. GEN_ENOMEM. Then no on_end. `out` may be
 * NULL; the call is gone after its on_end. */
GEN_MUST_CHECK enum gen_status gen_http_send(struct gen_http_client *client,
                                             const struct gen_http_request *request,
                                             struct gen_http_call **out, struct gen_error *err);
/* on_end follows in a later turn, with what is known by then. In on_end itself it does nothing. */
void gen_http_cancel(struct gen_http_call *call);

/* Value of the first header of this name (in lower case) or NULL. */
const char *gen_http_header(const struct gen_http_response *response, const char *name);

#endif
