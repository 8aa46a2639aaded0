/* clock_test.c - core/platform/clock.c: the real clock's promises, and that a port is asked. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "platform/clock.h"

#include <time.h>

Test(clock, the_real_clock_tells_the_systems_time_in_milliseconds)
{
    const struct gen_clock *clock = gen_clock_real();
    gen_moment before = (gen_moment)time(NULL) * 1000;
    gen_moment now = gen_clock_now(clock);

    /* time() may lag by a tick, and nobody waits here for longer than an hour */
    cr_expect(ge(i64, now, before - 1000));
    cr_expect(lt(i64, now, before + 3600 * 1000));
}

Test(clock, monotonic_time_never_goes_back)
{
    const struct gen_clock *clock = gen_clock_real();
    int64_t last = gen_clock_monotonic(clock);
    int64_t first = last;

    do {
        int64_t now = gen_clock_monotonic(clock);

        cr_assert(ge(i64, now, last));
        last = now;
    } while (last - first < 3); /* and it moves */
}

struct fake {
    gen_moment now;
    int64_t ms;
};

static gen_moment fake_now(void *context)
{
    return ((struct fake *)context)->now;
}

static int64_t fake_ms(void *context)
{
    return ((struct fake *)context)->ms++;
}

Test(clock, another_clock_is_asked_with_its_own_context)
{
    struct fake fake = {1234567890123, 5};
    struct gen_clock clock = {fake_now, fake_ms, &fake};

    cr_expect(eq(i64, gen_clock_now(&clock), 1234567890123));
    cr_expect(eq(i64, gen_clock_monotonic(&clock), 5));
    cr_expect(eq(i64, gen_clock_monotonic(&clock), 6));
}
