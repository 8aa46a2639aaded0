/* doorway_test.c - core/daemon/doorway.c: which addresses only this machine reaches. The rest needs a whole daemon:
 * tests/api/public_test.c. */
#include <criterion/criterion.h>

#include "daemon/doorway.h"

static const struct {
    const char *address;
    bool loopback;
} cases[] = {
    {"127.0.0.1", true},  {"127.9.9.9", true},       {"::1", true},
    /* everywhere, elsewhere, and what only looks like here */
    {"0.0.0.0", false},   {"::", false},             {"192.168.1.7", false},
    {"128.0.0.1", false}, {"::ffff:10.0.0.1", false}, {"fe80::1", false},
    {"localhost", false}, {"127.0.0.1.evil", false}, {"", false},
    {"127.1", false},
};

Test(doorway, loopback)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(gen_doorway_loopback(cases[i].address) == cases[i].loopback, "case %zu", i);
    }
}
