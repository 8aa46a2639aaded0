/* api_key.h - the key that clients show on TCP: read from the state folder, or made at the first start.
 *
 * Thread: [loop]. Floor: daemon. Tests: tests/unit/daemon/api_key_test.c
 */
#ifndef GEN_DAEMON_API_KEY_H
#define GEN_DAEMON_API_KEY_H

#include "base/arena.h"
#include "base/error.h"

/* The first line of STATE/api-key, in `arena`; without such a file it is written (0600) with a new key.
 * GEN_EINVAL: the file is empty. Statuses of reading and writing it. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_api_key_read(const char *state, struct gen_arena *arena,
                                                const char **out, struct gen_error *err);

#endif
