/* keyring.h - the secrets that requests are signed with, by name, in memory that is kept out of swap.
 *
 * Where one may lie, in this order: what the service manager handed over ($CREDENTIALS_DIRECTORY/NAME),
 * a file NAME in the folder of credentials (which nobody else may read), the environment variable
 * GEN_CREDENTIAL_NAME. Other stores of secrets are put in front as sources of their own. A secret is
 * read when it is first asked for and kept until gen_keyring_forget.
 *
 * Invariant: a secret is in nothing that is printed: errors name places, never content.
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/keyring_test.c
 */
#ifndef GEN_PLATFORM_KEYRING_H
#define GEN_PLATFORM_KEYRING_H

#include "base/error.h"

#include <stddef.h>

enum { GEN_KEYRING_SECRET_MOST = 64 * 1024, GEN_KEYRING_NAME_MOST = 40 };

struct gen_keyring;

struct gen_secret {   /* lives until the keyring forgets */
    const char *text; /* NUL-terminated; without the line end that an editor leaves */
    size_t size;
};

/* The port of a store of secrets. GEN_ENOTFOUND: it has none of this name. GEN_EDENIED, GEN_EIO,
 * GEN_EINVAL: it has, and cannot give it; no other source is asked then. */
struct gen_keyring_source {
    enum gen_status (*read)(void *context, const char *name, char *out, size_t room, size_t *size,
                            struct gen_error *err);
    void *context;
};

struct gen_keyring_options {                /* copied */
    const struct gen_keyring_source *first; /* asked before the others; NULL = none */
    const char *folder;                     /* <state>/credentials */
    const char *const *environment;         /* NULL-terminated; borrowed for the keyring's life */
};

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_keyring_create(const struct gen_keyring_options *options,
                                                  struct gen_keyring **out, struct gen_error *err);
void gen_keyring_destroy(struct gen_keyring *keyring); /* NULL is allowed */

/* GEN_ENOTFOUND: no source has it, and what to do. GEN_EINVAL: no name of a credential, an empty secret,
 * or a control character in it that no key has. GEN_EDENIED: others can read the file. GEN_EIO.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_keyring_find(struct gen_keyring *keyring, const char *name,
                                                struct gen_secret *out, struct gen_error *err);
/* Everything is read again when it is next asked for. */
void gen_keyring_forget(struct gen_keyring *keyring);

#endif
