/* clock.h - the clock port: what time it is, for the whole core.
 *
 * The real clock stands on the operating system, tests and the simulation bring their own. Only the
 * shell (loop, wiring) asks it; pure rooms get `now` as an argument.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/clock_test.c
 */
#ifndef GEN_PLATFORM_CLOCK_H
#define GEN_PLATFORM_CLOCK_H

#include "base/moment.h"

struct gen_clock {
    gen_moment (*now)(void *context);       /* wall time, may jump */
    int64_t (*monotonic_ms)(void *context); /* never goes back; start is arbitrary */
    void *context;
};

const struct gen_clock *gen_clock_real(void);

gen_moment gen_clock_now(const struct gen_clock *clock);
int64_t gen_clock_monotonic(const struct gen_clock *clock);

#endif
