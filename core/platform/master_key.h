/* master_key.h - the key above all keys of the vault: where it comes from, how it is kept, how it is changed.
 *
 * Sources, in the order in which they are tried where the settings name none: what the service manager
 * hands over ($CREDENTIALS_DIRECTORY/genengine-master-key), the environment (GEN_MASTER_KEY), a passphrase
 * (once STATE/master.kdf is there, or when one is given), the file STATE/master.key. The file, and the way
 * from a passphrase to a key, are made at the first need. Files have a line of version and a checksum, so
 * that a damaged one is told from one of somebody else.
 *
 * It is not the vault: what is encrypted is platform/vault.h's matter, which rows there are the store's.
 * Invariant: a file with a key in it is never replaced but by a rotation, and then the new key is on disk
 * before the old one goes. Keys lie in hidden memory.
 * Thread: [loop], mostly at start; a passphrase takes some hundred ms. Floor: platform.
 * Tests: tests/unit/platform/master_key_test.c
 */
#ifndef GEN_PLATFORM_MASTER_KEY_H
#define GEN_PLATFORM_MASTER_KEY_H

#include "base/choice.h"
#include "platform/crypto.h"

enum gen_master_source {
    GEN_MASTER_AUTOMATIC = 1,
    GEN_MASTER_FILE,
    GEN_MASTER_ENVIRONMENT,
    GEN_MASTER_SYSTEMD,
    GEN_MASTER_PASSPHRASE,
};
extern const struct gen_choice gen_master_choices[]; /* the words of the settings */

enum { GEN_MASTER_ID_SIZE = 17, GEN_MASTER_KEYS_MOST = 4, GEN_MASTER_PASSPHRASE_LEAST = 12 };

struct gen_master_key { /* in hidden memory */
    unsigned char key[GEN_SEAL_KEY];
    char id[GEN_MASTER_ID_SIZE]; /* of a hash of it: not secret */
};

struct gen_master_options {         /* borrowed for the ring's life */
    enum gen_master_source source;  /* as the settings want it */
    const char *state;              /* folder */
    const char *const *environment; /* NULL-terminated; what is secret in it is wiped */
    int passphrase_fd;              /* a passphrase can be read there; -1 = none */
    const struct gen_random *random;
    uint64_t passes, memory; /* of a new passphrase; 0 = 3 passes over 64 MiB */
};

struct gen_master_ring; /* the key in use, and those that older secrets may be under */

/* Reads what is there and makes nothing, but for the way from a passphrase that was given to a key. `in_use`:
 * ids that stored secrets are under, NULL-terminated. The ring is made in any case but GEN_ENOMEM; what
 * is wrong with its key is gen_master_trouble's to say. */
GEN_MUST_CHECK enum gen_status gen_master_open(const struct gen_master_options *options,
                                               const char *const *in_use,
                                               struct gen_master_ring **out, struct gen_error *err);
void gen_master_close(struct gen_master_ring *ring); /* NULL is allowed; wipes */

/* GEN_OK: there is a key. GEN_ENOTFOUND: none has been made yet. GEN_ECORRUPT: its file is damaged.
 * GEN_EDENIED: others can read it, or the passphrase is missing or wrong. GEN_EINVAL: what was given is no
 * key. GEN_EUNSUPPORTED: of a newer version. GEN_EIO, GEN_ENOMEM. */
enum gen_status gen_master_trouble(const struct gen_master_ring *ring, struct gen_error *err);

/* The first need: GEN_OK with a key, which was made and is on disk if there was none. `in_use` as above: with
 * one in it whose key is not here when there is no key yet, GEN_EDENIED; so, too, when there is one that
 * opens none of them. Else as gen_master_trouble, and statuses of writing. */
GEN_MUST_CHECK enum gen_status gen_master_need(struct gen_master_ring *ring,
                                               const char *const *in_use, struct gen_error *err);

/* The one that is in use, NULL = none; the one with this id, NULL = it is not here. Borrowed. */
const struct gen_master_key *gen_master_current(const struct gen_master_ring *ring);
const struct gen_master_key *gen_master_of(const struct gen_master_ring *ring, const char *id);

enum gen_master_source gen_master_source_of(const struct gen_master_ring *ring);
/* "STATE/master.key", "the environment": for people. */
const char *gen_master_place(const struct gen_master_ring *ring);

/* A rotation: begin puts a new key beside the old one and in use; whoever has wrapped everything again, and
 * has that on disk, calls end, which lets the old one go; undo goes back. A crash in between is found at
 * the next open: the new key is in use, the old one still readable, `pending` true. `passphrase`: the new
 * one where the key comes from one, else NULL. GEN_ECONFLICT: the key comes from outside, and there it is
 * changed (the message says how). GEN_EINVAL: the passphrase is missing or short. */
GEN_MUST_CHECK enum gen_status gen_master_begin(struct gen_master_ring *ring,
                                                const char *passphrase, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_master_end(struct gen_master_ring *ring, struct gen_error *err);
void gen_master_undo(struct gen_master_ring *ring);
bool gen_master_pending(const struct gen_master_ring *ring);

#endif
