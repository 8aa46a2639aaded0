/* clerk_settings.h - the part of gend.yaml about Clerk: whose session tokens are taken, and what they mean.
 *
 * Thread: [any]. Floor: daemon. Tests: tests/unit/daemon/settings_test.c
 */
#ifndef GEN_DAEMON_CLERK_SETTINGS_H
#define GEN_DAEMON_CLERK_SETTINGS_H

#include "base/record.h"

struct gen_clerk_settings { /* all NULL and empty: no session tokens are taken */
    const char *issuer, *jwks_url;
    const char *key; /* path of a public key in PEM */
    struct gen_texts parties, audiences, organizations;
    const struct gen_node *roles; /* map: role of Clerk's -> ours; NULL = none */
    const char *house;
};

extern const struct gen_record gen_clerk_settings_record;

#endif
