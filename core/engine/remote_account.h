/* remote_account.h - whose account at a provider an order went to: within it the ids of jobs are unique.
 *
 * The account is known by who owns the secrets that sign: a team, an organization, or the daemon itself. It
 * is NOT who ordered: organizations without secrets of their own share the daemon's account.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/remote_account_test.c
 */
#ifndef GEN_ENGINE_REMOTE_ACCOUNT_H
#define GEN_ENGINE_REMOTE_ACCOUNT_H

#include "engine/terms.h"
#include "host/loader.h"

/* "", or "ORGANIZATION", or "ORGANIZATION/TEAM", in `arena`: of the most special secret that signs for
 * `owner`. NULL: no memory. A secret that cannot be read now counts as not there. */
const char *gen_remote_account_of(const struct gen_engine_options *options,
                                  const struct gen_hosted *hosted,
                                  const struct gen_keyring_owner *owner, struct gen_arena *arena);

#endif
