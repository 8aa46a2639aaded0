#include "base/bare.h"

static int counter;
static const char *names[] = {"mutable pointers"};
static const char *const fixed[] = {"fine"};
static const struct {
    int a;
} table[] = {{1}};
static struct {
    int a;
} anonymous[] = {{1}};

int bare_public(int a)
{
    static const int local = 1;
    return a + local + counter + table[0].a + anonymous[0].a + (names[0] == fixed[0]);
}
