/* gate_test.c - core/service/gate.c: who keeps failing waits, nobody else does, and memory is bounded. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "service/gate.h"

#include <stdio.h>

static bool is_open(struct gen_gate *gate, const char *address, int64_t now)
{
    int64_t wait;

    return gen_gate_open(gate, address, now, &wait);
}

static void fail_times(struct gen_gate *gate, const char *address, int64_t now, int times)
{
    for (int i = 0; i < times; i++) {
        gen_gate_fail(gate, address, now);
    }
}

static const struct {
    const char *fails, *asks;
    bool open; /* for the second, after the first has used up its failures */
} cases[] = {
    {"192.0.2.1", "192.0.2.1", false},
    /* somebody else is not slowed down */
    {"192.0.2.1", "192.0.2.2", true},
    {"192.0.2.1", NULL, true},
    /* a /64 is one house, its neighbour another */
    {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false},
    {"2001:db8:1:2::1", "2001:db8:1:3::1", true},
    /* the same address in another dress */
    {"::ffff:192.0.2.1", "192.0.2.1", false},
    /* this machine is let be, and so is what is no address */
    {"127.0.0.1", "127.0.0.1", true},
    {"127.8.9.1", "127.8.9.1", true},
    {"::1", "::1", true},
    {"::ffff:127.0.0.1", "::ffff:127.0.0.1", true},
    {"nobody", "nobody", true},
    {"", "", true},
};

Test(gate, buckets)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_gate *gate = gen_gate_create(i);

        fail_times(gate, cases[i].fails, 1000, GEN_GATE_BURST);
        cr_expect(is_open(gate, cases[i].asks, 1000) == cases[i].open, "case %zu", i);
        gen_gate_destroy(gate);
    }
}

/* So many at once, then one for each refill; a clock that stands still or goes back gives nothing. */
Test(gate, burst_and_refill)
{
    struct gen_gate *gate = gen_gate_create(7);
    int64_t wait = 0;

    fail_times(gate, "192.0.2.1", 1000, GEN_GATE_BURST - 1);
    cr_expect(is_open(gate, "192.0.2.1", 1000));
    gen_gate_fail(gate, "192.0.2.1", 1000);
    cr_expect(!gen_gate_open(gate, "192.0.2.1", 1000, &wait) && wait == 3);
    cr_expect(!gen_gate_open(gate, "192.0.2.1", 0, &wait));
    cr_expect(!gen_gate_open(gate, "192.0.2.1", 1000 + GEN_GATE_REFILL_MS - 1, &wait) && wait == 1);
    cr_expect(gen_gate_open(gate, "192.0.2.1", 1000 + GEN_GATE_REFILL_MS, &wait) && wait == 0);
    /* one try, and it is shut again; more failures do not dig deeper than empty */
    fail_times(gate, "192.0.2.1", 1000 + GEN_GATE_REFILL_MS, 500);
    cr_expect(!is_open(gate, "192.0.2.1", 1000 + GEN_GATE_REFILL_MS));
    cr_expect(is_open(gate, "192.0.2.1", 1000 + 2 * GEN_GATE_REFILL_MS));
    /* never more than a burst, however long it was quiet */
    fail_times(gate, "192.0.2.1", INT64_C(1000000000000), GEN_GATE_BURST);
    cr_expect(!is_open(gate, "192.0.2.1", INT64_C(1000000000000)));
    gen_gate_destroy(gate);
}

/* A flood of addresses forgets those that have failed least; the stubborn one stays shut. */
Test(gate, a_flood_of_addresses)
{
    struct gen_gate *gate = gen_gate_create(42);
    char address[32];

    fail_times(gate, "198.51.100.7", 1000, GEN_GATE_BURST);
    for (int i = 0; i < 4 * GEN_GATE_SLOTS; i++) {
        (void)snprintf(address, sizeof address, "10.%d.%d.%d", i >> 16 & 255, i >> 8 & 255, i & 255);
        gen_gate_fail(gate, address, 1000);
    }
    cr_expect(!is_open(gate, "198.51.100.7", 1000));
    gen_gate_destroy(gate);
}

Test(gate, no_memory)
{
    gen_alloc_fail_at(1);
    cr_expect(gen_gate_create(1) == NULL);
    gen_alloc_fail_at(0);
    gen_gate_destroy(NULL);
}
