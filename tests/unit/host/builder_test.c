/* builder_test.c - honest building works, and every misuse is answered with NULL. */
#include "host/builder.h"

#include "base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct gen_node *map_of(struct gen_arena *arena)
{
    return gen_builder_adopt(arena, gen_node_map(arena));
}

static struct gen_node *list_of(struct gen_arena *arena)
{
    return gen_builder_adopt(arena, gen_node_list(arena));
}

static struct gen_node *int_of(struct gen_arena *arena, int64_t value)
{
    return gen_builder_adopt(arena, gen_node_int(arena, value));
}

Test(builder, builds)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *map = map_of(arena);
    struct gen_node *list = gen_builder_set(arena, map, "list", list_of(arena));

    gen_builder_push(list, int_of(arena, 1));
    gen_builder_push(list, int_of(arena, 2));
    gen_builder_set(arena, map, "a", int_of(arena, 3));
    gen_builder_set(arena, map, "b", int_of(arena, 4));
    cr_expect(eq(str, gen_json_text(arena, map, NULL), "{\"list\":[1,2],\"a\":3,\"b\":4}"));
    /* a key that is set again: in the middle, at the end, at the front, alone */
    gen_builder_set(arena, map, "a", int_of(arena, 5));
    cr_expect(eq(str, gen_json_text(arena, map, NULL), "{\"list\":[1,2],\"b\":4,\"a\":5}"));
    gen_builder_set(arena, map, "a", int_of(arena, 6));
    gen_builder_set(arena, map, "list", int_of(arena, 7));
    cr_expect(eq(str, gen_json_text(arena, map, NULL), "{\"b\":4,\"a\":6,\"list\":7}"));
    cr_expect(eq(sz, gen_node_count(map), 3));
    map = map_of(arena);
    gen_builder_set(arena, map, "x", int_of(arena, 1));
    gen_builder_set(arena, map, "x", int_of(arena, 2));
    cr_expect(eq(str, gen_json_text(arena, map, NULL), "{\"x\":2}"));
    gen_arena_destroy(arena);
}

Test(builder, misuse)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *map = map_of(arena);
    struct gen_node *other = map_of(arena);
    struct gen_node *list = list_of(arena);
    struct gen_node *number = int_of(arena, 1);

    cr_expect(eq(ptr, gen_builder_adopt(arena, NULL), NULL));
    cr_expect(eq(ptr, gen_builder_set(arena, NULL, "a", number), NULL));
    cr_expect(eq(ptr, gen_builder_set(arena, map, NULL, number), NULL));
    cr_expect(eq(ptr, gen_builder_set(arena, map, "a", NULL), NULL));
    cr_expect(eq(ptr, gen_builder_set(arena, list, "a", number), NULL)); /* a list is no map */
    cr_expect(eq(ptr, gen_builder_push(map, number), NULL));             /* nor the other way */
    cr_expect(eq(ptr, gen_builder_push(NULL, number), NULL));
    cr_expect(eq(ptr, gen_builder_push(list, list), NULL)); /* into itself */
    cr_expect(eq(ptr, gen_builder_set(arena, map, "a", number), number));
    cr_expect(eq(ptr, gen_builder_push(list, number), NULL)); /* two parents */
    cr_expect(eq(ptr, gen_builder_set(arena, map, "list", list), list));
    cr_expect(eq(ptr, gen_builder_push(list, other), other));
    cr_expect(eq(ptr, gen_builder_set(arena, other, "up", map), NULL)); /* a circle */
    cr_expect(eq(str, gen_json_text(arena, map, NULL), "{\"a\":1,\"list\":[{}]}"));
    gen_arena_destroy(arena);
}

/* Built downwards, upwards and from two halves: never deeper than what a reader would take. */
Test(builder, depth)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *top = list_of(arena);
    struct gen_node *at = top;
    struct gen_node *half = list_of(arena);
    int depth = 1;

    for (struct gen_node *next = top; next != NULL; depth++) {
        at = next;
        next = gen_builder_push(at, list_of(arena));
    }
    cr_expect(eq(int, depth - 1, 64));
    for (depth = 1, at = half; depth < 40; depth++) {
        struct gen_node *above = list_of(arena);

        cr_assert(ne(ptr, gen_builder_push(above, at), NULL));
        at = above;
    }
    half = at;
    for (depth = 1, at = top = list_of(arena); depth < 25; depth++) {
        at = gen_builder_push(at, list_of(arena));
    }
    cr_expect(eq(ptr, gen_builder_push(at, half), NULL)); /* 25 + 40 */
    cr_expect(eq(ptr, gen_builder_push(top, half), half)); /* 1 + 40 */
    gen_arena_destroy(arena);
}

/* A copy brings its own depth with it. */
Test(builder, depth_of_a_copy)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *deep = gen_node_list(arena);
    struct gen_node *at = deep;
    struct gen_node *copy;

    for (int depth = 1; depth < 64; depth++) {
        at = gen_node_push(at, gen_node_list(arena));
    }
    copy = gen_builder_adopt(arena, gen_node_copy(arena, deep));
    cr_assert(ne(ptr, copy, NULL));
    cr_expect(eq(ptr, gen_builder_push(list_of(arena), copy), NULL));
    gen_arena_destroy(arena);
}

Test(builder, out_of_memory)
{
    struct gen_arena *arena = gen_arena_create(800);
    struct gen_node *map = map_of(arena);

    for (int i = 0; i < 100; i++) { /* goes on without looking, as a plugin would */
        char key[2] = {(char)('a' + i % 26), '\0'};

        gen_builder_set(arena, map, key, int_of(arena, i));
    }
    cr_expect(gen_arena_failed(arena));
    cr_expect(eq(ptr, int_of(arena, 1), NULL));
    gen_arena_destroy(arena);
}
