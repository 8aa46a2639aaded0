/* safe.h - opens the lockbox and the keyring as the settings say: where the master key comes
 * from, who is asked for a passphrase.
 *
 * Thread: [loop], at start; may wait for a person at a terminal. Floor: daemon.
 * Tests: tests/api/secrets_test.c
 */
#ifndef GEN_DAEMON_SAFE_H
#define GEN_DAEMON_SAFE_H

#include "daemon/settings.h"
#include "engine/lockbox.h"

struct gen_safe_options { /* what they point to is borrowed for the lives of both */
    const struct gen_settings *settings;
    const char *const *environment; /* what is secret for us in it is wiped */
    const char *state;              /* folder */
    struct gen_store *store;
    const struct gen_log *log;
    const struct gen_keyring_source *first; /* instead of the lockbox; NULL = none */
};

/* Statuses of gen_lockbox_create and gen_keyring_create; GEN_ENOTFOUND and the like: the file of the
 * passphrase cannot be read. What was made of the two is the caller's in any case. */
GEN_MUST_CHECK enum gen_status gen_safe_open(const struct gen_safe_options *options,
                                             struct gen_lockbox **lockbox,
                                             struct gen_keyring **keyring, struct gen_error *err);

#endif
