/* syscall_filter.h - which system calls a process may make from now on (seccomp).
 *
 * Two filters. `deny` is for whole programs (ffmpeg, espeak-ng): everything but what reaches out of
 * the process: network, other processes, the kernel's settings. `allow` is for our own decoding
 * work after its files are open: read, write, memory, end; anything else kills the process.
 * Built with AddressSanitizer, `allow` also has what the leak check at the end needs.
 *
 * Thread: [any]; binds the calling thread, so call it while there is only one. Floor: media.
 * Tests: tests/media/launch_test.sh, tests/media/ward_test.c
 */
#ifndef GEN_MEDIA_SYSCALL_FILTER_H
#define GEN_MEDIA_SYSCALL_FILTER_H

#include "base/error.h"

#include <stdbool.h>

/* Does the kernel have what the filters need? */
bool gen_syscall_filter_available(void);

/* `children` = the program may start other processes. No-new-privileges must be set.
 * GEN_EUNSUPPORTED: the filter cannot be put on. */
GEN_MUST_CHECK enum gen_status gen_syscall_filter_deny(bool children, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_syscall_filter_allow(struct gen_error *err);

#endif
