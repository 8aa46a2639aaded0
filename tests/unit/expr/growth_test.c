/* growth_test.c - heights, the pile, and the limits of trees. */
#include "base/alloc.h"
#include "expr/growth.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

struct plot {
    struct gen_lexer lexer;
    struct gen_error err;
    struct gen_growth growth;
};

static void plot_open(struct plot *plot, uint32_t deepest, uint32_t most)
{
    *plot = (struct plot){.lexer = {.text = "abc", .size = 3}};
    plot->growth = (struct gen_growth){.lexer = &plot->lexer,
                                       .arena = gen_arena_create(0),
                                       .err = &plot->err,
                                       .deepest = deepest,
                                       .most = most};
}

Test(growth, heights)
{
    struct plot plot;
    struct gen_tree *a, *b;

    plot_open(&plot, 3, 100);
    a = gen_growth_node(&plot.growth, GEN_TREE_NAME, 0, 0);
    cr_expect(eq(u32, a->height, 1));
    b = gen_growth_unary(&plot.growth, GEN_TREE_NOT, 0, a);
    cr_expect(eq(u32, b->height, 2));
    b = gen_growth_binary(&plot.growth, GEN_TREE_ADD, 1, a, b);
    cr_expect(eq(u32, b->height, 3));
    cr_expect(eq(ptr, gen_growth_unary(&plot.growth, GEN_TREE_NOT, 2, b), NULL));
    cr_expect(eq(int, plot.growth.status, GEN_ELIMIT));
    cr_expect(eq(u32, plot.err.column, 3));
    /* a failure stays, and the first one is kept */
    cr_expect(eq(ptr, gen_growth_node(&plot.growth, GEN_TREE_NAME, 0, 0), NULL));
    cr_expect(eq(ptr, gen_growth_refuse(&plot.growth, 0, GEN_EINVAL, "later"), NULL));
    cr_expect(eq(ptr, gen_growth_close(&plot.growth, a), NULL));
    cr_expect(eq(int, plot.err.status, GEN_ELIMIT));
    gen_arena_destroy(plot.growth.arena);
}

Test(growth, absent_children)
{
    struct plot plot;
    struct gen_tree *a;

    plot_open(&plot, 3, 100);
    a = gen_growth_node(&plot.growth, GEN_TREE_NAME, 0, 0);
    cr_expect(eq(ptr, gen_growth_unary(&plot.growth, GEN_TREE_NOT, 0, NULL), NULL));
    cr_expect(eq(ptr, gen_growth_binary(&plot.growth, GEN_TREE_ADD, 0, a, NULL), NULL));
    cr_expect(eq(ptr, gen_growth_binary(&plot.growth, GEN_TREE_ADD, 0, NULL, a), NULL));
    cr_expect(eq(ptr, gen_growth_close(&plot.growth, NULL), NULL));
    gen_arena_destroy(plot.growth.arena);
}

Test(growth, pile)
{
    enum { MANY = 100 }; /* more than its first size */
    struct plot plot;
    struct gen_tree *children[MANY], *list;

    plot_open(&plot, 3, 1000);
    for (uint32_t i = 0; i < MANY; i++) {
        children[i] = gen_growth_node(&plot.growth, GEN_TREE_NAME, 0, 0);
        cr_assert(gen_growth_push(&plot.growth, children[i], i, i == 42));
    }
    list = gen_growth_gather(&plot.growth, GEN_TREE_LIST, 0, 2);
    cr_assert(ne(ptr, list, NULL));
    cr_expect(eq(u32, list->count, MANY - 2));
    cr_expect(eq(u32, list->height, 2));
    for (uint32_t i = 0; i < list->count; i++) {
        cr_expect(eq(ptr, list->args[i], children[i + 2]));
        cr_expect(eq(int, list->optionals[i], i + 2 == 42));
    }
    cr_expect(eq(u32, plot.growth.pending_count, 2)); /* whose nodes are still open */
    list = gen_growth_gather(&plot.growth, GEN_TREE_LIST, 0, 0);
    cr_expect(list->optionals == NULL);
    gen_arena_destroy(plot.growth.arena);
}

Test(growth, too_many)
{
    struct plot plot;

    plot_open(&plot, 3, 2);
    cr_expect(ne(ptr, gen_growth_node(&plot.growth, GEN_TREE_NAME, 0, 0), NULL));
    cr_expect(ne(ptr, gen_growth_node(&plot.growth, GEN_TREE_NAME, 0, 0), NULL));
    cr_expect(eq(ptr, gen_growth_node(&plot.growth, GEN_TREE_NAME, 1, 0), NULL));
    cr_expect(eq(int, plot.growth.status, GEN_ELIMIT));
    cr_expect(eq(u32, plot.err.column, 2));
    gen_arena_destroy(plot.growth.arena);
}

Test(growth, no_memory)
{
    struct plot plot;

    plot_open(&plot, 3, 10);
    gen_alloc_fail_at(1);
    cr_expect(eq(int, gen_growth_push(&plot.growth, NULL, 0, false), false));
    gen_alloc_fail_at(0);
    cr_expect(eq(int, plot.growth.status, GEN_ENOMEM));
    cr_expect(eq(int, plot.err.status, GEN_ENOMEM));
    gen_arena_destroy(plot.growth.arena);
}
