/* credential.h - how the engine signs a request that names a credential, as a plugin declares it.
 *
 * Values only, and no secret among them: which stored secret stands behind a part is said in the
 * provider's policy file, and the signing itself is the engine's.
 * Invariant: rows of a gen_hosted are checked (catalog.c): the scheme is known, names are unique, the
 * header is one that a plugin may set, a token address belongs to a declared host.
 *
 * Thread: [any]. Floor: host. Tests: tests/contract/setup_test.c
 */
#ifndef GEN_HOST_CREDENTIAL_H
#define GEN_HOST_CREDENTIAL_H

#include <stdint.h>

enum gen_signing { /* values equal enum gen_scheme of the contract */
                   GEN_SIGNING_HEADER = 1,
                   GEN_SIGNING_BEARER,
                   GEN_SIGNING_JWT_HS256,
                   GEN_SIGNING_SERVICE_ACCOUNT,
};

enum { GEN_CREDENTIALS_MOST = 8, GEN_CREDENTIAL_LIFETIME_S = 1800 };

struct gen_hosted_credential { /* texts never NULL; live as long as the provider's configuration */
    enum gen_signing signing;
    const char *name;
    const char *header, *prefix;   /* HEADER */
    const char *token_url, *scope; /* SERVICE_ACCOUNT; token_url "" = the account's own */
    int64_t lifetime_s;            /* JWT_HS256; positive */
    const char *hint;              /* where to get it, for people */
};

#endif
