/* map_test.c - order, replacement, removal while walking, growth. */
#include "base/alloc.h"
#include "base/map.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

Test(map, put_get_remove)
{
    struct gen_map *map = gen_map_create(2);
    int a, b, c;
    void *old = &c;

    cr_expect(eq(ptr, gen_map_get(map, "x"), NULL)); /* still without a table */
    cr_expect(eq(ptr, gen_map_remove(map, "x"), NULL));
    cr_expect(eq(int, gen_map_put(map, "x", &a, &old), GEN_OK));
    cr_expect(eq(ptr, old, NULL));
    cr_expect(eq(int, gen_map_put(map, "x", &b, &old), GEN_OK));
    cr_expect(eq(ptr, old, &a));
    cr_expect(eq(int, gen_map_put(map, "", &a, NULL), GEN_OK)); /* an empty key is a key */
    cr_expect(eq(int, gen_map_put(map, "y", &c, NULL), GEN_ELIMIT));
    cr_expect(eq(int, gen_map_put(map, "x", &c, NULL), GEN_OK)); /* full, but it is there */
    cr_expect(eq(sz, gen_map_count(map), 2));
    cr_expect(eq(ptr, gen_map_remove(map, "x"), &c));
    cr_expect(eq(ptr, gen_map_get(map, "x"), NULL));
    cr_expect(eq(int, gen_map_put(map, "y", &c, NULL), GEN_OK));
    gen_map_destroy(map);
    gen_map_destroy(NULL);
}

Test(map, many_in_order)
{
    struct gen_map *map = gen_map_create(100000);
    static int values[5000];
    char key[16];
    const char *seen;
    void *value;
    size_t cursor = 0;
    size_t at = 0;

    for (size_t i = 0; i < GEN_COUNT(values); i++) {
        snprintf(key, sizeof(key), "k%zu", i);
        cr_assert(eq(int, gen_map_put(map, key, &values[i], NULL), GEN_OK));
    }
    while (gen_map_next(map, &cursor, &seen, &value)) {
        snprintf(key, sizeof(key), "k%zu", at);
        cr_assert(eq(str, (char *)seen, key));
        cr_assert(eq(ptr, value, &values[at]));
        if (at % 3 != 0) { /* removing what was just returned is allowed */
            cr_assert(eq(ptr, gen_map_remove(map, seen), value));
        }
        at++;
    }
    cr_expect(eq(sz, at, GEN_COUNT(values)));
    cr_expect(eq(sz, gen_map_count(map), 1667));
    for (size_t i = 0; i < GEN_COUNT(values); i++) {
        snprintf(key, sizeof(key), "k%zu", i);
        cr_assert(eq(ptr, gen_map_get(map, key), i % 3 == 0 ? &values[i] : NULL));
    }
    gen_map_destroy(map);
}

/* Coming and going for ever in a map with room for few must neither fill nor lose it. */
Test(map, churn)
{
    struct gen_map *map = gen_map_create(4);
    static int values[3000];
    char key[16];

    for (size_t i = 0; i < GEN_COUNT(values); i++) {
        snprintf(key, sizeof(key), "k%zu", i);
        cr_assert(eq(int, gen_map_put(map, key, &values[i], NULL), GEN_OK));
        if (i >= 3) {
            snprintf(key, sizeof(key), "k%zu", i - 3);
            cr_assert(eq(ptr, gen_map_remove(map, key), &values[i - 3]));
        }
    }
    cr_expect(eq(sz, gen_map_count(map), 3));
    gen_map_destroy(map);
}

Test(map, each_allocation_failing)
{
    bool done = false;

    for (long nth = 1; !done; nth++) {
        struct gen_map *map;
        size_t stored = 0;
        int value;

        gen_alloc_fail_at(nth);
        map = gen_map_create(100);
        for (int i = 0; map != NULL && i < 20; i++) {
            char key[8];

            snprintf(key, sizeof(key), "%d", i);
            if (gen_map_put(map, key, &value, NULL) == GEN_OK) {
                stored++;
            } else {
                cr_assert(eq(ptr, gen_map_get(map, key), NULL)); /* unchanged on failure */
            }
        }
        done = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        if (map != NULL) {
            cr_assert(eq(sz, gen_map_count(map), stored));
            cr_assert(eq(sz, stored, done ? 20 : 19));
        }
        gen_map_destroy(map);
    }
}
