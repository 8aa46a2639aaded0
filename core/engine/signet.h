/* signet.h - the signing secrets of webhooks, sealed: what the row of a subscriber holds opens only with a
 * key that lies in the vault.
 *
 * One random key seals all of them, each bound to its subscriber; that key is itself a secret of the vault
 * (of no organization, so that nobody can name it), under the master key. A rotation of the master key
 * therefore touches one row and no subscriber. The key is made, and durable, before the first secret is
 * sealed with it: gen_signet_prepare.
 * Invariant: a secret is in the clear only in memory of whoever asked, and in hidden memory here.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/signet_test.c
 */
#ifndef GEN_ENGINE_SIGNET_H
#define GEN_ENGINE_SIGNET_H

#include "engine/lockbox.h"

struct gen_signet { /* borrowed for its life */
    struct gen_lockbox *lockbox;
    const struct gen_random *random;
};

/* Is there a key already? */
bool gen_signet_ready(const struct gen_signet *signet);

/* Makes the key: GEN_OK and one call of `done` from a later turn (without a row), or why not. GEN_EBUSY:
 * another change of the vault is on its way; and statuses of gen_lockbox_set. */
GEN_MUST_CHECK enum gen_status gen_signet_prepare(struct gen_signet *signet, gen_lockbox_done *done,
                                                  void *context, struct gen_error *err);

/* A struct gen_subscriber_secrets of engine/messenger.h; the context is a struct gen_signet.
 * keep: GEN_EBUSY without a key; GEN_ENOMEM; statuses of the vault. open: what was kept in the clear by an
 * older version is given as it is. GEN_ECORRUPT: changed, or of another subscriber; GEN_EDENIED: the master
 * key is not here; GEN_ETOOLARGE, GEN_ENOMEM. */
enum gen_status gen_signet_keep(void *context, const char *subscriber, const char *secret,
                                struct gen_arena *arena, const char **out, struct gen_error *err);
enum gen_status gen_signet_open(void *context, const char *subscriber, const char *kept, char *out,
                                size_t room, struct gen_error *err);

#endif
