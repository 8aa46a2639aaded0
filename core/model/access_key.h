/* access_key.h - an API key of ours: for whom it stands, what it may, when it ends. The noun; the token
 * itself is in it nowhere, only its digest (platform/key_token.h).
 *
 * A key has a role, or a set of permissions of its own, never more than who made it, and no bound that is
 * looser than its maker's. Its user is who its jobs belong to: "key:NAME" unless a person is named, or
 * the maker's own where that one is counted (else each key made would double what may be spent).
 * Invariant: a key that gen_access_key_read gave has a name, a user, at least one permission, and no
 * permission of the house unless it is the house's.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/access_key_test.c
 */
#ifndef GEN_MODEL_ACCESS_KEY_H
#define GEN_MODEL_ACCESS_KEY_H

#include "base/node.h"
#include "model/budget.h"
#include "model/principal.h"

enum { GEN_ACCESS_KEY_NAME_MOST = 64, GEN_ACCESS_KEY_DAYS_MOST = 3650 };

struct gen_access_key { /* texts: "" = none, never NULL; whoever made it says where they live */
    struct gen_ident id;
    const char *organization, *name, *user;
    const char *teams; /* with a space between; the first is booked on where a brief names none */
    enum gen_role role;
    uint32_t permissions;  /* also where there is a role: the role's, as they were */
    const char *digest;    /* of the token */
    const char *hint;      /* its last four letters */
    int32_t most_priority; /* enum gen_priority; 0 = what the plan says */
    struct gen_quota quota;
    enum gen_period spend_period;
    struct gen_ident budget; /* that holds quota.spend; "" = none */
    const char *created_by;
    gen_moment created_at, updated_at, expires_at, revoked_at, used_at; /* 0 = not, never */
    int64_t version; /* 1, 2, ...: each edit counts; the ETag */
};

/* From the body of a request to make one (`old` NULL) or to edit one (what the body leaves out stays).
 * `maker` bounds all that it gets (gen_access_key_within), and gives the organization. id, digest,
 * hint, version and the moments but expires_at are left. Texts in `arena`.
 * GEN_EINVAL with the key path: a misspelt key, a bad word, a date that is over. GEN_EDENIED: more
 * than the maker may. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_access_key_read(const struct gen_node *node,
                                                   const struct gen_access_key *old,
                                                   const struct gen_principal *maker,
                                                   gen_moment now, struct gen_arena *arena,
                                                   struct gen_access_key *out,
                                                   struct gen_error *err);

/* Is it, as it stands, bounded by all that bounds `maker`: what is counted by the user, the numbers, the
 * money, the priority, the end, the teams? (Permissions are compared where they are given.) GEN_EDENIED
 * with the key path. */
GEN_MUST_CHECK enum gen_status gen_access_key_within(const struct gen_access_key *key,
                                                     const struct gen_principal *maker,
                                                     struct gen_error *err);

/* Has it a limit on money, be it of nothing? */
bool gen_access_key_spends(const struct gen_access_key *key);

/* What the API shows: {keyId, name, organization, user, teams, role, permissions, hint, ...,
 * status}; never the digest. */
struct gen_node *gen_access_key_write(const struct gen_access_key *key, gen_moment now,
                                      struct gen_arena *arena);

/* "active", "expired", "revoked". */
const char *gen_access_key_status(const struct gen_access_key *key, gen_moment now);

/* Who asks with it. Texts are the key's or in `arena`. False: no memory. */
bool gen_access_key_principal(const struct gen_access_key *key, struct gen_arena *arena,
                              struct gen_principal *out);

#endif
