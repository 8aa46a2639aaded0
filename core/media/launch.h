/* launch.h - starts a program on files from outside, confined: the command `gen-media run`.
 *
 * It becomes the program (exec), so the caller's child is the program itself. Its own session, dies
 * with its parent, limits, no network, no other processes, and where Landlock is there, no file but
 * the system's programs and fonts and what the caller names. What it cannot confine it does not
 * start.
 *
 * Thread: [any]; call while there is only one. Floor: media. Tests: tests/media/launch_test.sh
 */
#ifndef GEN_MEDIA_LAUNCH_H
#define GEN_MEDIA_LAUNCH_H

#include "base/error.h"
#include "base/field.h"
#include "media/confine.h"

#include <stdbool.h>

enum { /* exit codes of what never ran, as env(1) and timeout(1) have them */
       GEN_LAUNCH_FAILED = 125,
       GEN_LAUNCH_NOT_EXECUTABLE = 126,
       GEN_LAUNCH_NOT_FOUND = 127,
};

struct gen_launch {
    struct gen_confine_limits limits; /* processes: 1 = the program alone, its threads aside */
    int64_t memory_mb;                /* 0 = no limit */
    pid_t parent;
    struct gen_texts read;  /* files and folders */
    struct gen_texts write; /* folders; the first is HOME and TMPDIR */
    bool unconfined_ok;     /* go on without seccomp */
    char **arguments;       /* [0] is the program; NULL-terminated */
};

/* Returns only when it failed, with the exit code and why. */
int gen_launch_exec(const struct gen_launch *launch, struct gen_error *err);

/* Where a program is: itself when it has a '/', else the first in PATH that can be executed. False:
 * there is none; `*found` says whether a file was there that cannot be executed. */
bool gen_launch_find(const char *program, char *out, size_t size, bool *found);

#endif
