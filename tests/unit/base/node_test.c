/* node_test.c - building, copying and reading trees. */
#include "base/alloc.h"
#include "base/json.h"
#include "base/node.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <signal.h>
#include <string.h>

static struct gen_node *sample(struct gen_arena *arena)
{
    struct gen_node *root = gen_node_map(arena);
    struct gen_node *scenes = gen_node_set(arena, root, "scenes", gen_node_list(arena));
    struct gen_node *scene = gen_node_push(scenes, gen_node_map(arena));

    gen_node_set(arena, scene, "id", gen_node_string(arena, "s1"));
    gen_node_set(arena, scene, "text", gen_node_string_sized(arena, "a\0b", 3));
    gen_node_push(scenes, gen_node_null(arena));
    gen_node_set(arena, root, "n", gen_node_int(arena, -5));
    gen_node_set(arena, root, "r", gen_node_real(arena, 2.5));
    gen_node_set(arena, root, "m", gen_node_money(arena, 2400000));
    gen_node_set(arena, root, "b", gen_node_bool(arena, true));
    gen_node_set(arena, root, "at", gen_node_moment(arena, 1));
    gen_node_set(arena, root, "never", gen_node_moment(arena, 0));
    return root;
}

Test(node, reading)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *root = sample(arena);

    cr_expect(eq(sz, gen_node_count(root), 7));
    cr_expect(eq(i64, gen_node_integer(gen_node_get(root, "n"), 0), -5));
    cr_expect(eq(i64, gen_node_integer(gen_node_get(root, "r"), 9), 9)); /* not whole */
    cr_expect(gen_node_number(gen_node_get(root, "m"), 0) == 2.4);
    cr_expect(gen_node_truth(gen_node_get(root, "b"), false));
    cr_expect(eq(str, (char *)gen_node_text(gen_node_get(root, "at"), ""),
                 "1970-01-01T00:00:00.001Z"));
    cr_expect(eq(int, gen_node_type_of(gen_node_get(root, "never")), GEN_NODE_NULL));
    /* nothing and the wrong type are answered, too */
    cr_expect(eq(ptr, (void *)gen_node_get(NULL, "x"), NULL));
    cr_expect(eq(ptr, (void *)gen_node_get(gen_node_get(root, "n"), "x"), NULL));
    cr_expect(eq(ptr, (void *)gen_node_at(root, 0), NULL));
    cr_expect(eq(ptr, (void *)gen_node_first(gen_node_get(root, "b")), NULL));
    cr_expect(eq(str, (char *)gen_node_text(NULL, "none"), "none"));
    cr_expect(eq(i64, gen_node_integer(NULL, 3), 3));
    cr_expect(eq(str, (char *)gen_node_type_word(gen_node_type_of(NULL)), "nothing"));
    gen_arena_destroy(arena);
}

Test(node, find)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *root = sample(arena);
    const struct gen_node *scene = gen_node_first(gen_node_get(root, "scenes"));
    const struct gen_node *deepest = NULL;

    cr_expect(eq(ptr, (void *)gen_node_find(root, "", NULL), (void *)root));
    cr_expect(eq(str, (char *)gen_node_text(gen_node_find(root, "scenes[0].id", NULL), ""), "s1"));
    cr_expect(eq(ptr, (void *)gen_node_find(root, "scenes[0].nothing", &deepest), NULL));
    cr_expect(eq(ptr, (void *)deepest, (void *)scene));
    cr_expect(eq(ptr, (void *)gen_node_find(root, "scenes[7].id", &deepest), NULL));
    cr_expect(eq(ptr, (void *)deepest, (void *)gen_node_get(root, "scenes")));
    cr_expect(eq(ptr, (void *)gen_node_find(root, "scenes[99999999999999999999999]", NULL), NULL));
    cr_expect(eq(ptr, (void *)gen_node_find(root, "scenes[", NULL), NULL));
    cr_expect(eq(ptr, (void *)gen_node_find(root, "n.x", NULL), NULL));
    cr_expect(eq(ptr, (void *)gen_node_find(root, "sc", NULL), NULL)); /* no prefixes */
    cr_expect(eq(ptr, (void *)gen_node_find(NULL, "n", NULL), NULL));
    gen_arena_destroy(arena);
}

Test(node, integer_borders)
{
    static const struct {
        double real;
        int64_t whole; /* 77 = refused */
    } cases[] = {
        {3.0, 3}, {-0.0, 0}, {3.5, 77}, {9.3e18, 77}, {-9223372036854775808.0, INT64_MIN},
        {9223372036854775808.0, 77}, {HUGE_VAL, 77},
    };
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(i64, gen_node_integer(gen_node_real(arena, cases[i].real), 77),
                     cases[i].whole));
    }
    cr_expect(eq(i64, gen_node_integer(gen_node_real(arena, (double)NAN), 77), 77));
    gen_arena_destroy(arena);
}

Test(node, dollars)
{
    static const struct {
        const char *lexeme; /* NULL = built by a program */
        double real;
        enum gen_status status;
        gen_micros micros;
    } cases[] = {
        {"0.1", 0.1, GEN_OK, 100000},
        {NULL, 0.1, GEN_OK, 100000},
        {"9007199254.740993", 9007199254.740993, GEN_OK, INT64_C(9007199254740993)}, /* no double */
        {"+1.5", 1.5, GEN_OK, 1500000},  /* as YAML may write it */
        {".5", 0.5, GEN_OK, 500000},
        {"-.25", -0.25, GEN_OK, -250000},
        {"0.0000001", 1e-7, GEN_EINVAL, 0},
        {".inf", HUGE_VAL, GEN_EINVAL, 0},
        {"1e30", 1e30, GEN_EOVERFLOW, 0},
    };
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    gen_micros micros = 0;

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_node *node = gen_node_real(arena, cases[i].real);

        node->text = cases[i].lexeme;
        node->line = 4;
        micros = 0;
        cr_expect(eq(int, gen_node_dollars(node, &micros, &err), cases[i].status), "case %zu", i);
        cr_expect(eq(i64, micros, cases[i].micros), "case %zu", i);
    }
    cr_expect(eq(u32, err.line, 4));
    cr_expect(eq(int, gen_node_dollars(gen_node_int(arena, 3), &micros, &err), GEN_OK));
    cr_expect(eq(i64, micros, 3000000));
    cr_expect(eq(int, gen_node_dollars(gen_node_int(arena, INT64_MAX), &micros, &err),
                 GEN_EOVERFLOW));
    cr_expect(eq(int, gen_node_dollars(gen_node_string(arena, "3"), &micros, &err), GEN_EINVAL));
    cr_expect(eq(str, err.message, "must be an amount of dollars, not text"));
    cr_expect(eq(int, gen_node_dollars(NULL, &micros, &err), GEN_EINVAL));
    gen_arena_destroy(arena);
}

Test(node, same_key_twice, .signal = SIGABRT)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "a", gen_node_null(arena));
    gen_node_set(arena, map, "a", gen_node_null(arena));
}

Test(node, each_allocation_failing)
{
    struct gen_arena *stays = gen_arena_create(0);
    const struct gen_node *root = sample(stays);
    char *whole = gen_json_text(stays, root, NULL);
    bool done = false;

    for (long nth = 1; !done; nth++) {
        struct gen_arena *arena;

        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        if (arena != NULL) {
            struct gen_node *copy = gen_node_copy(arena, sample(arena));

            done = !gen_arena_failed(arena);
            gen_alloc_fail_at(0);
            if (done) {
                cr_expect(eq(str, gen_json_text(arena, copy, NULL), whole));
            }
        }
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
    }
    gen_arena_destroy(stays);
}
