/* linger.h - connections that we have answered and closed to writing while the peer still sends.
 *
 * Closing a socket with unread bytes makes the kernel reset it, and a peer in the middle of an
 * upload then often sees the reset instead of our answer. So the descriptor stays here for a
 * little, and what comes is read and dropped. This is no way to read a body.
 *
 * Invariant: every descriptor is closed after the peer's end, 64 MiB, or 5 s; at most 64 wait.
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/linger_test.c
 */
#ifndef GEN_PLATFORM_LINGER_H
#define GEN_PLATFORM_LINGER_H

#include "platform/loop.h"

enum { GEN_LINGER_MOST = 64, GEN_LINGER_MS = 5000, GEN_LINGER_BYTES = 64 * 1024 * 1024 };

struct gen_linger;

GEN_MUST_CHECK enum gen_status gen_linger_create(struct gen_loop *loop, struct gen_linger **out,
                                                 struct gen_error *err);
void gen_linger_destroy(struct gen_linger *linger); /* closes all; NULL is allowed */

/* Takes the descriptor over in every case; without room or memory it is closed at once. */
void gen_linger_take(struct gen_linger *linger, int fd);
size_t gen_linger_count(const struct gen_linger *linger);

#endif
