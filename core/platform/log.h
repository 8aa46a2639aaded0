/* log.h - the daemon's log: one logfmt line an event on standard error.
 *
 * `time=… level=info room=engine msg="…" job=gen_…`. Keys after msg and their order are the caller's;
 * values are quoted where they need it, control characters and broken UTF-8 escaped, lines cut at
 * 4 KiB (then they end in `cut=true`; the message comes first so that it is not what is cut).
 * Secrets never get here: nothing that holds one has a printing function.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/log_test.c
 */
#ifndef GEN_PLATFORM_LOG_H
#define GEN_PLATFORM_LOG_H

#include "platform/clock.h"

enum gen_level { GEN_LEVEL_DEBUG = 1, GEN_LEVEL_INFO, GEN_LEVEL_WARN, GEN_LEVEL_ERROR };

struct gen_log { /* caller owns */
    const struct gen_clock *clock;
    enum gen_level least; /* lines below it are dropped */
    int fd;               /* 2 in production */
};

void gen_log_init(struct gen_log *log, const struct gen_clock *clock, enum gen_level least, int fd);

/* Pairs of key and value (const char *), ended by NULL: gen_log_line(log, GEN_LEVEL_INFO, "store",
 * "opened the database", "path", path, NULL). A NULL value leaves its pair out. log may be NULL. */
void gen_log_line(const struct gen_log *log, enum gen_level level, const char *room,
                  const char *message, ...) __attribute__((sentinel));

/* One line for an error: its place and message, and its status as `code`. */
void gen_log_error(const struct gen_log *log, enum gen_level level, const char *room,
                   const struct gen_error *err);

#endif
