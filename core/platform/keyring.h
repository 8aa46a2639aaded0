/* keyring.h - the secrets that requests are signed with, by name, in memory that is kept out of swap.
 *
 * Where one may lie, in this order: the vault, with secrets of organizations and their teams; then those of
 * the daemon itself: what the service manager handed over ($CREDENTIALS_DIRECTORY/NAME), a file NAME in
 * the folder of credentials (which nobody else may read), the environment variable GEN_CREDENTIAL_NAME.
 * Another store of secrets can be put in front of all, as a source of its own. A secret is read when it is
 * first asked for and kept until it is forgotten.
 *
 * Invariant: a secret is in nothing that is printed: errors name places, never content.
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/keyring_test.c
 */
#ifndef GEN_PLATFORM_KEYRING_H
#define GEN_PLATFORM_KEYRING_H

#include "base/error.h"
#include "base/moment.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    GEN_KEYRING_SECRET_MOST = 64 * 1024,
    GEN_KEYRING_NAME_MOST = 40,
    GEN_KEYRING_LABEL_SIZE = 384,
};

struct gen_keyring;

struct gen_secret {   /* lives until the keyring forgets it */
    const char *text; /* NUL-terminated; without the line end that an editor leaves */
    size_t size;
    const char *label; /* which version of whose, in the vault; "" = the daemon's own */
};

/* For whom a secret is looked for; NULL, or without an organization: the daemon's own only. */
struct gen_keyring_owner {
    const char *organization; /* "" = whoever has one: to know whether there is any */
    const char *team;         /* NULL, "" = none */
    gen_moment at;            /* when the attempt began that it is for, 0 = now */
};

/* The port of a store of secrets. GEN_ENOTFOUND: it has none of this name. GEN_EDENIED, GEN_EIO,
 * GEN_EINVAL: it has, and cannot give it; no other source is asked then. */
struct gen_keyring_source {
    enum gen_status (*read)(void *context, const char *name, char *out, size_t room, size_t *size,
                            struct gen_error *err);
    void *context;
};

/* The port of the vault. locate: which one is it? Its label into `label` (GEN_KEYRING_LABEL_SIZE), or
 * GEN_ENOTFOUND, or GEN_EBUSY: that is just being changed. read: that one, statuses as above. */
struct gen_keyring_vault {
    enum gen_status (*locate)(void *context, const struct gen_keyring_owner *owner,
                              const char *name, char *label, struct gen_error *err);
    enum gen_status (*read)(void *context, const char *label, char *out, size_t room, size_t *size,
                            struct gen_error *err);
    void *context;
};

struct gen_keyring_options {                /* copied */
    const struct gen_keyring_source *first; /* asked before the others; NULL = none */
    const struct gen_keyring_vault *vault;  /* NULL = none; not asked where there is a first */
    const char *folder;                     /* <state>/credentials */
    const char *const *environment;         /* NULL-terminated; borrowed for the keyring's life */
};

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_keyring_create(const struct gen_keyring_options *options,
                                                  struct gen_keyring **out, struct gen_error *err);
void gen_keyring_destroy(struct gen_keyring *keyring); /* NULL is allowed */

/* The daemon's own. GEN_ENOTFOUND: no source has it, and what to do. GEN_EINVAL: no name of a
 * credential, an empty secret, or a control character in it that no key has. GEN_EDENIED: others
 * can read the file. GEN_EIO. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_keyring_find(struct gen_keyring *keyring, const char *name,
                                                struct gen_secret *out, struct gen_error *err);
/* The first of: the team's, the organization's, the daemon's. Where there is one that cannot be read, no
 * other is taken in its place: that would be another account. */
GEN_MUST_CHECK enum gen_status gen_keyring_find_for(struct gen_keyring *keyring,
                                                    const struct gen_keyring_owner *owner,
                                                    const char *name, struct gen_secret *out,
                                                    struct gen_error *err);
/* Everything is read again when it is next asked for. */
void gen_keyring_forget(struct gen_keyring *keyring);
/* The same of one of the vault's. */
void gen_keyring_forget_label(struct gen_keyring *keyring, const char *label);

/* Can it be a name: letters, digits, '.', '_', '-', not beginning with '.', at most
 * GEN_KEYRING_NAME_MOST? */
bool gen_keyring_name_fits(const char *name);
/* Can it be the text of a secret: not empty, not too large, without NUL and other controls but line ends
 * and tabs? Line ends behind it are cut off `*size`. GEN_EINVAL. */
GEN_MUST_CHECK enum gen_status gen_keyring_check(const char *name, const char *text, size_t *size,
                                                 struct gen_error *err);

#endif
