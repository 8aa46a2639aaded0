/* landlock.h - which files a process may touch from now on, where the kernel has Landlock.
 *
 * By raw system calls: Debian 12's libc has no wrappers and its headers know the first version only
 * (https://docs.kernel.org/userspace-api/landlock.html). Once set, the rules cannot be taken off
 * and every program started later has them too.
 *
 * Thread: [any]; binds the calling thread, so call it while there is only one. Floor: media.
 * Tests: tests/media/launch_test.sh
 */
#ifndef GEN_MEDIA_LANDLOCK_H
#define GEN_MEDIA_LANDLOCK_H

#include "base/error.h"

#include <stdbool.h>

/* The kernel's version of Landlock; 0 = none, or switched off. */
int gen_landlock_abi(void);

enum gen_landlock_flag {
    GEN_LANDLOCK_READ = 1u << 0, /* files, and folders' lists */
    GEN_LANDLOCK_EXECUTE = 1u << 1,
    GEN_LANDLOCK_WRITE = 1u << 2,    /* change, make, remove */
    GEN_LANDLOCK_OPTIONAL = 1u << 3, /* a missing path is no error */
};

struct gen_landlock_rule { /* a table of these ends with path NULL */
    const char *path;      /* a file, or a folder with all that is in it */
    uint32_t flags;
};

/* From now on only what a rule allows; `tables` is NULL-terminated and may be empty. TCP and, from
 * version 6, signals and abstract sockets to the outside are denied too. No-new-privileges must be
 * set. Does nothing when gen_landlock_abi is 0. GEN_ENOTFOUND: a path. GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_landlock_restrict(const struct gen_landlock_rule *const *tables,
                                                     struct gen_error *err);

#endif
