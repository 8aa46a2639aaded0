/* alloc.c - see alloc.h. The two counters are this floor's only mutable file-level state: a test
 * must be able to fail an allocation that happens deep inside code it cannot hand an object to. */
#include "base/alloc.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Blocks up to this size are wiped here: the C library keeps them as they are for the next of their
 * size. What is larger it wipes or gives back (M_PERTURB, daemon/main.c). */
enum { ALLOC_WIPED = 4096 };

static atomic_long alloc_asked;   /* allocations since gen_alloc_fail_at */
static atomic_long alloc_fail_at; /* the one that fails, 0 = none */

static int alloc_refused(void)
{
    long asked = atomic_fetch_add_explicit(&alloc_asked, 1, memory_order_relaxed) + 1;
    long fail_at = atomic_load_explicit(&alloc_fail_at, memory_order_relaxed);

    return fail_at != 0 && asked == fail_at;
}

void *gen_alloc(size_t size)
{
    if (alloc_refused()) {
        return NULL;
    }
    return calloc(1, size > 0 ? size : 1);
}

void *gen_realloc(void *block, size_t size)
{
    if (alloc_refused()) {
        return NULL;
    }
    size = size > 0 ? size : 1;
    if (block != NULL && malloc_usable_size(block) <= ALLOC_WIPED) {
        size_t old = malloc_usable_size(block);
        void *other = malloc(size);

        if (other != NULL) {
            memcpy(other, block, old < size ? old : size);
            gen_free(block);
        }
        return other;
    }
    return realloc(block, size);
}

void gen_free(void *block)
{
    size_t size = block == NULL ? 0 : malloc_usable_size(block);

    if (size > 0 && size <= ALLOC_WIPED) {
        explicit_bzero(block, size);
    }
    free(block);
}

char *gen_strdup(const char *text)
{
    return gen_strndup(text, strlen(text));
}

char *gen_strndup(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    char *copy = gen_alloc(length + 1);

    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

void gen_alloc_fail_at(long nth)
{
    atomic_store(&alloc_fail_at, nth);
    atomic_store(&alloc_asked, 0);
}

long gen_alloc_count(void)
{
    return atomic_load(&alloc_asked);
}
