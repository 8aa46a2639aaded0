/* process.h - child processes on the loop (libuv).
 *
 * A child never inherits our descriptors or environment: it gets exactly what the spec says, and
 * /dev/null as standard input. It leads a process group of its own; when it ends, what it left in
 * the group is killed. What confines it (network, memory, files) is the launcher `gen-media run` in
 * front of its arguments, not this room.
 * Invariant: on_exit is called exactly once, after the last on_line, and never inside
 * gen_process_start; only gen_loop_destroy ends a child without it.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/process_test.c
 */
#ifndef GEN_PLATFORM_PROCESS_H
#define GEN_PLATFORM_PROCESS_H

#include "platform/loop.h"

#include <stdbool.h>

struct gen_process;

enum { GEN_PROCESS_TAIL = 65536 }; /* bytes kept of each output's end */

struct gen_process_end {
    int exit_code;      /* -1 when ended by a signal */
    int signal;         /* 0 when it exited */
    bool timed_out;     /* we killed it after timeout_ms */
    bool killed;        /* gen_process_kill was called */
    const char *output; /* tail of standard output, NUL-terminated, valid during on_exit */
    size_t output_size;
    const char *errors; /* tail of standard error, likewise */
    int64_t wall_ms;
    int64_t cpu_ms; /* user + system of the child and what it waited for; 0 before Linux 5.3 */
};

struct gen_process_spec {
    const char *const *arguments;   /* [0] is the program's path; NULL-terminated; copied */
    const char *const *environment; /* "NAME=value", NULL-terminated; NULL = empty */
    const char *folder;             /* working directory, NULL = ours */
    int64_t timeout_ms;             /* then the whole process group is killed; 0 = none */
    /* Each complete line of standard output (without the newline, cut at 4 KiB); may be NULL. An
     * unfinished last line is only in the tail. */
    void (*on_line)(void *context, const char *line);
    void (*on_exit)(void *context, const struct gen_process_end *end);
    void *context;
};

/* GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO, GEN_ENOMEM: nothing was started, no callback follows. The
 * spec is not needed afterwards. */
GEN_MUST_CHECK enum gen_status gen_process_start(struct gen_loop *loop,
                                                 const struct gen_process_spec *spec,
                                                 struct gen_process **out, struct gen_error *err);

/* Kills the child's process group (SIGKILL); on_exit still follows. The object is freed after
 * on_exit: do not use it then. */
void gen_process_kill(struct gen_process *process);
int gen_process_pid(const struct gen_process *process);

#endif
