/* arena_test.c - alignment, the maximum, and failure that stays. */
#include "base/alloc.h"
#include "base/arena.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <string.h>

Test(arena, many_sizes)
{
    struct gen_arena *arena = gen_arena_create(0);
    char *blocks[600];

    for (size_t i = 0; i < GEN_COUNT(blocks); i++) {
        blocks[i] = gen_arena_alloc(arena, i * 7);
        cr_assert(ne(ptr, blocks[i], NULL));
        cr_expect(eq(sz, (uintptr_t)blocks[i] % _Alignof(max_align_t), 0));
        for (size_t at = 0; at < i * 7; at++) {
            cr_assert(eq(int, blocks[i][at], 0));
        }
        memset(blocks[i], (int)(i % 127) + 1, i * 7);
    }
    for (size_t i = 1; i < GEN_COUNT(blocks); i++) { /* nobody wrote over a neighbour */
        cr_assert(eq(int, blocks[i][0], (int)(i % 127) + 1));
        cr_assert(eq(int, blocks[i][i * 7 - 1], (int)(i % 127) + 1));
    }
    cr_expect(not(gen_arena_failed(arena)));
    gen_arena_destroy(arena);
    gen_arena_destroy(NULL);
}

Test(arena, maximum_is_sticky)
{
    struct gen_arena *arena = gen_arena_create(100);

    cr_expect(ne(ptr, gen_arena_alloc(arena, 60), NULL));
    cr_expect(eq(sz, gen_arena_used(arena), 60));
    cr_expect(ne(ptr, gen_arena_alloc(arena, 40), NULL)); /* to the last byte */
    cr_expect(not(gen_arena_failed(arena)));
    cr_expect(eq(ptr, gen_arena_alloc(arena, 1), NULL));
    cr_expect(gen_arena_failed(arena));
    cr_expect(eq(ptr, gen_arena_alloc(arena, 0), NULL));
    gen_arena_destroy(arena);
}

Test(arena, overflow)
{
    struct gen_arena *arena = gen_arena_create(0);

    cr_expect(eq(ptr, gen_arena_array(arena, SIZE_MAX / 2, 3), NULL));
    cr_expect(gen_arena_failed(arena));
    gen_arena_destroy(arena);
    arena = gen_arena_create(0);
    cr_expect(eq(ptr, gen_arena_strndup(arena, "x", SIZE_MAX), NULL));
    cr_expect(gen_arena_failed(arena));
    gen_arena_destroy(arena);
}

Test(arena, text)
{
    struct gen_arena *arena = gen_arena_create(0);

    cr_expect(eq(str, gen_arena_strdup(arena, "abc"), "abc"));
    cr_expect(eq(str, gen_arena_strndup(arena, "abc", 2), "ab"));
    cr_expect(eq(str, gen_arena_printf(arena, "%d-%s", 7, "x"), "7-x"));
    cr_expect(eq(ptr, gen_arena_strdup(arena, NULL), NULL));
    cr_expect(not(gen_arena_failed(arena)));
    gen_arena_destroy(arena);
}

Test(arena, cleared_is_as_new)
{
    struct gen_arena *arena = gen_arena_create(3000);
    char *text;

    for (int round = 0; round < 50; round++) {
        memset(gen_arena_alloc(arena, 700), 0xAA, 700);
        memset(gen_arena_alloc(arena, 2000), 0xAA, 2000);
        cr_expect(eq(ptr, gen_arena_alloc(arena, 700), NULL));
        cr_expect(gen_arena_failed(arena));
        gen_arena_clear(arena);
        cr_expect(not(gen_arena_failed(arena)));
        cr_expect(eq(sz, gen_arena_used(arena), 0));
        text = gen_arena_alloc(arena, 100);
        for (size_t i = 0; i < 100; i++) {
            cr_assert(eq(int, text[i], 0)); /* zeroed again */
        }
        gen_arena_clear(arena);
    }
    gen_arena_destroy(arena);
}

Test(arena, each_allocation_failing)
{
    for (long nth = 1; nth <= 2; nth++) {
        struct gen_arena *arena;

        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        cr_expect(eq(int, arena == NULL, nth == 1));
        if (arena != NULL) {
            cr_expect(eq(ptr, gen_arena_printf(arena, "%d", 1), NULL));
            cr_expect(eq(ptr, gen_arena_alloc(arena, 1), NULL)); /* memory is back, failure stays */
            cr_expect(gen_arena_failed(arena));
        }
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
    }
}
