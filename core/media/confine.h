/* confine.h - what a process gives up before it meets bytes from outside, apart from files
 * (media/landlock.h) and system calls (media/syscall_filter.h).
 *
 * None of it can be taken back, and programs started later inherit it.
 *
 * Thread: [any]; call while there is only one. Floor: media. Tests: tests/media/launch_test.sh
 */
#ifndef GEN_MEDIA_CONFINE_H
#define GEN_MEDIA_CONFINE_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

struct gen_confine_limits { /* 0 = no limit */
    int64_t cpu_seconds;    /* then SIGXCPU, a second later SIGKILL */
    int64_t file_mb;        /* of each file it writes */
    int64_t processes;      /* of this user, threads included, as the kernel counts */
    int64_t files;          /* open at once */
};

/* Dies with its parent, which was `parent` when we started (0 = not checked). GEN_ECANCELED: it is
 * dead already. */
GEN_MUST_CHECK enum gen_status gen_confine_follow(pid_t parent, struct gen_error *err);

/* Limits, no core dumps, no new privileges, umask 077. GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_confine_limit(const struct gen_confine_limits *limits,
                                                 struct gen_error *err);

/* Addresses it may take, libraries included, MiB; 0 = no limit. Apart from the others because
 * AddressSanitizer cannot allocate afterwards: nothing but exec may follow there. GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_confine_memory(int64_t memory_mb, struct gen_error *err);

/* Closes every descriptor from 3 on but the `count` in `keep` (negative ones are ignored). */
void gen_confine_close(const int *keep, size_t count);

/* Signals as a fresh program expects them: nothing ignored, nothing blocked. */
void gen_confine_signals(void);

/* Addresses in use now, in MiB; what a limit on top of the libraries starts from. */
int64_t gen_confine_memory_used(void);

#endif
