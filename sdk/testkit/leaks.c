/* leaks.c - see leaks.h. */
#include "leaks.h"

#include <malloc.h>

/* Caches of the allocator hold a handful of blocks of each size, so a few calls fill them. */
enum { LEAKS_WARM = 1, LEAKS_CALLS = 40, LEAKS_MANY = 256, LEAKS_SLACK = 4096 };

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void); /* its allocator is not the one of libc */
#endif

static size_t leaks_allocated(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return __sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 facts = mallinfo2();

    return facts.uordblks + facts.hblkhd;
#endif
}

static size_t leaks_grown(leaks_call *call, void *context, int calls)
{
    size_t before = leaks_allocated(), after;

    for (int i = 0; i < calls; i++) {
        call(context);
    }
    after = leaks_allocated();
    return after > before ? after - before : 0;
}

size_t leaks_look(struct report *report, int few, leaks_call *call, void *context)
{
    int calls = LEAKS_WARM;
    size_t grown;

    (void)leaks_grown(call, context, LEAKS_WARM);
    while (calls < LEAKS_CALLS) { /* what fills caches comes to an end soon */
        calls += few;
        if (leaks_grown(call, context, few) == 0) {
            return (size_t)calls;
        }
    }
    grown = leaks_grown(call, context, LEAKS_MANY);
    if (grown > LEAKS_SLACK) {
        report_finding(report, "%zu bytes stay allocated after %d calls", grown, LEAKS_MANY);
    }
    return (size_t)calls + LEAKS_MANY;
}
