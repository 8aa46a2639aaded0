/* clock.c - see clock.h; this file is the only one that asks the operating system for the time. */
#include "platform/clock.h"

#include <time.h>

static int64_t clock_ms(clockid_t id)
{
    struct timespec spec;

    GEN_CHECK(clock_gettime(id, &spec) == 0); /* fails for unknown clocks only */
    return (int64_t)spec.tv_sec * 1000 + spec.tv_nsec / 1000000;
}

static gen_moment clock_real_now(void *context)
{
    (void)context;
    return clock_ms(CLOCK_REALTIME);
}

static int64_t clock_real_monotonic_ms(void *context)
{
    (void)context;
    return clock_ms(CLOCK_MONOTONIC);
}

const struct gen_clock *gen_clock_real(void)
{
    static const struct gen_clock real = {clock_real_now, clock_real_monotonic_ms, NULL};

    return &real;
}

gen_moment gen_clock_now(const struct gen_clock *clock)
{
    return clock->now(clock->context);
}

int64_t gen_clock_monotonic(const struct gen_clock *clock)
{
    return clock->monotonic_ms(clock->context);
}
