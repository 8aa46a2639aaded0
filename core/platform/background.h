/* background.h - starts a program that outlives us: its own session, its output in a file.
 *
 * For what ends with us, and is watched by the loop, platform/process.h is there.
 * Invariant: the program inherits no descriptor of ours, /dev/null is its standard input, and no
 * signal is blocked or ignored in it because we did so.
 *
 * Thread: [any]; calls block shortly. Floor: platform. Tests: tests/unit/platform/background_test.c
 */
#ifndef GEN_PLATFORM_BACKGROUND_H
#define GEN_PLATFORM_BACKGROUND_H

#include "base/error.h"

#include <stdbool.h>

/* `arguments`: [0] is the program's path, NULL-terminated. Its output is appended to `log` (created
 * with mode 0600). It gets our environment. GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_background_start(const char *const *arguments, const char *log,
                                                    int *pid, struct gen_error *err);

/* Has the program that we started ended? Then `*code` is its exit code, or 128 + signal. Once it has
 * been true, the pid may belong to another program. */
bool gen_background_ended(int pid, int *code);

#endif
