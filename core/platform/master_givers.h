/* master_givers.h - who hands a master key or its passphrase over: the environment, the service
 * manager, an open descriptor. NOT what becomes of it (platform/master_key.h), and not the files of
 * the state folder (platform/master_file.h).
 *
 * Invariant: what was read from the environment is wiped there.
 *
 * Thread: [any], one at a time. Floor: platform. Tests: tests/unit/platform/master_key_test.c
 */
#ifndef GEN_PLATFORM_MASTER_GIVERS_H
#define GEN_PLATFORM_MASTER_GIVERS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { GEN_MASTER_PASSPHRASE_MOST = 1024 };

/* `environment`: NAME=VALUE texts that end with NULL, or NULL. The value, borrowed; NULL: there is no
 * such variable, or it is empty. */
const char *gen_master_givers_variable(const char *const *environment, const char *name);
void gen_master_givers_wipe(const char *value); /* in place; NULL is allowed */

/* The path of a credential that the service manager hands over, there or not; false: it hands over
 * none, or `path` is too small. */
bool gen_master_givers_handed(const char *const *environment, const char *name, char *path,
                              size_t size);

/* The passphrase from `fd` (-1 = none), else the service manager, else the environment, to *out, which
 * the caller unhides. GEN_ENOTFOUND: nobody gives one; *out is NULL then, as with any other failure
 * (as platform/master_file.h says, GEN_ENOMEM). */
GEN_MUST_CHECK enum gen_status gen_master_givers_passphrase(const char *const *environment, int fd,
                                                            char **out, struct gen_error *err);

#endif
