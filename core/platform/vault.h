/* vault.h - a secret sealed with a key of its own (XChaCha20-Poly1305), and that key with the master key.
 *
 * Both seals are bound to whose secret it is and to its version, so that a row that was moved to
 * another name, team, organization or version cannot be read. It keeps nothing and knows no rows:
 * what is sealed goes to the store, what is opened to hidden memory of the caller.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/vault_test.c
 */
#ifndef GEN_PLATFORM_VAULT_H
#define GEN_PLATFORM_VAULT_H

#include "base/arena.h"
#include "platform/master_key.h"

struct gen_vault_label { /* whose; texts without NUL */
    const char *organization, *team, *name;
    int64_t version;
};

struct gen_vault_box { /* base64 texts; in the arena */
    const char *text, *key, *master;
};

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_vault_seal(const struct gen_master_key *master,
                                              const struct gen_random *random,
                                              const struct gen_vault_label *label, const char *text,
                                              size_t size, struct gen_arena *arena,
                                              struct gen_vault_box *out, struct gen_error *err);

/* The text into `out` (hidden memory of `room` bytes). `master`: the one that the box names, NULL
 * = it is not here (GEN_EDENIED). GEN_ECORRUPT: changed, or of somebody else. GEN_ETOOLARGE, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_vault_open(const struct gen_master_key *master,
                                              const struct gen_vault_label *label,
                                              const struct gen_vault_box *box, char *out,
                                              size_t room, size_t *size, struct gen_error *err);

/* The same secret under another master key: its text is not opened, only its key. Statuses as of open. */
GEN_MUST_CHECK enum gen_status gen_vault_wrap(const struct gen_master_key *from,
                                              const struct gen_master_key *to,
                                              const struct gen_random *random,
                                              const struct gen_vault_label *label,
                                              const struct gen_vault_box *box,
                                              struct gen_arena *arena, struct gen_vault_box *out,
                                              struct gen_error *err);

#endif
