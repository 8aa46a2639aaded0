/* clerk.h - who a session token of Clerk stands for: organization, user, role, permissions, from both
 * forms of its claims; and the keys that such tokens are checked with, fetched and kept.
 *
 * A member of an organization of Clerk's is a member of the organization with the same id here. Roles and
 * permissions are ours by name ("org:admin" is admin, "org:jobs:write" is jobs:write) or as `roles` maps
 * them. A role that nobody has mapped, and somebody without an active organization, may only look at
 * /v1/me: whoever signs up at Clerk must not spend money by that.
 * The keys are fetched without anybody waiting: a token that comes before them gets 503 and a time. An
 * unknown `kid` fetches them again, at most once a minute; after an hour they are fetched anyway, and the
 * old ones stay in force for as long as fetching fails.
 * Invariant: an organization of Clerk's is never the house, unless `house` names it.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/clerk_test.c, tests/clients/clerk_test.mjs
 */
#ifndef GEN_SERVICE_CLERK_H
#define GEN_SERVICE_CLERK_H

#include "model/principal.h"
#include "platform/clock.h"
#include "platform/http_client.h"
#include "platform/log.h"
#include "platform/token_check.h"

enum {
    GEN_CLERK_AGAIN_MS = 60 * 1000,      /* between two fetches that unknown keys ask for */
    GEN_CLERK_STALE_MS = 60 * 60 * 1000, /* age at which keys are fetched anyway */
    GEN_CLERK_STREAM_MS = 10 * 60 *
                          1000, /* a stream of events outlives its token by at most so much */
};

struct gen_clerk;

struct gen_clerk_options {                 /* borrowed for its life */
    const char *issuer;                    /* `iss`: "https://clerk.example.com"; NULL = any */
    const char *jwks_url;                  /* NULL = the issuer's /.well-known/jwks.json */
    const char *pem;                       /* a public key instead of fetching; NULL = none */
    const struct gen_texts *parties;       /* origins that `azp` may be */
    const struct gen_texts *audiences;     /* of tokens that have `aud` */
    const struct gen_texts *organizations; /* ids that may come in; none = all of the instance */
    const struct gen_node *roles; /* map: a role of Clerk's -> one of ours; NULL = by name */
    const char *house;            /* the organization that is `local` here; NULL = none */
    struct gen_http_client *http; /* NULL: nothing is fetched */
    const struct gen_clock *clock;
    const struct gen_log *log; /* may be NULL */
    bool allow_private;        /* keys may be fetched from loopback, over plain http (tests) */
};

/* GEN_EINVAL: the PEM is no key; no issuer, URL or key. GEN_ENOMEM. Begins to fetch. */
GEN_MUST_CHECK enum gen_status gen_clerk_create(const struct gen_clerk_options *options,
                                                struct gen_clerk **out, struct gen_error *err);
void gen_clerk_destroy(struct gen_clerk *clerk); /* before the HTTP client; NULL is allowed */

/* Could this credential be a session token at all? */
bool gen_clerk_looks(const char *bearer);

/* GEN_EDENIED: the token is not good, or its session is pending. GEN_EBUSY: its key is being fetched, try
 * again. GEN_ENOMEM. Texts in `arena`. */
GEN_MUST_CHECK enum gen_status gen_clerk_identify(struct gen_clerk *clerk, const char *token,
                                                  struct gen_arena *arena,
                                                  struct gen_principal *out, struct gen_error *err);

/* What checked claims mean. GEN_EDENIED: the session is pending, the organization may not come in.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_clerk_principal(const struct gen_clerk_options *options,
                                                   const struct gen_node *claims, gen_moment now,
                                                   struct gen_arena *arena,
                                                   struct gen_principal *out,
                                                   struct gen_error *err);

#endif
