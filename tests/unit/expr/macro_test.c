/* macro_test.c - each macro as the nodes it becomes, and each wrong form with its place. */
#include "tree_text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(macro, expanded)
{
    static const struct {
        const char *text, *tree;
    } cases[] = {
        {"has(a.b)", "(has b a)"},
        {"has(a.b.c)", "(has c (.b a))"}, /* the last step only */
        {"has(a.?b.c)", "(has c (.?b a))"},
        {"has(a[0].b)", "(has b (index a 0))"},
        {"has(m.`a-b`)", "(has a-b m)"},
        {"has((a.b))", "(has b a)"},
        {"l.all(x, x > 0)", "(loop-all x l (> x 0))"},
        {"l.exists(x, x > 0)", "(loop-exists x l (> x 0))"},
        {"l.exists_one(x, x > 0)", "(loop-one x l (> x 0))"},
        {"l.existsOne(x, x > 0)", "(loop-one x l (> x 0))"},
        {"l.map(x, x + 1)", "(loop-map x l (+ x 1))"},
        {"l.map(x, x > 0, x + 1)", "(loop-map x l (+ x 1) (> x 0))"}, /* range, step, filter */
        {"l.filter(x, x > 0)", "(loop-filter x l (> x 0))"},
        {"l.all(i, x, x > i)", "(loop-all i,x l (> x i))"},
        {"l.exists(i, x, x > i)", "(loop-exists i,x l (> x i))"},
        {"l.exists_one(i, x, x > i)", "(loop-one i,x l (> x i))"},
        {"l.existsOne(i, x, x > i)", "(loop-one i,x l (> x i))"},
        {"l.transformList(i, x, x)", "(loop-list i,x l x)"},
        {"l.transformList(i, x, i > 0, x)", "(loop-list i,x l x (> i 0))"},
        {"m.transformMap(k, v, v)", "(loop-mapping k,v m v)"},
        {"m.transformMap(k, v, k, v)", "(loop-mapping k,v m v k)"},
        {"m.transformMapEntry(k, v, {v: k})", "(loop-entry k,v m (map v k))"},
        {"m.transformMapEntry(k, v, k, {v: k})", "(loop-entry k,v m (map v k) k)"},
        {"l.filter(x, x.exists(y, has(y.a)))",
         "(loop-filter x l (loop-exists y x (has a y)))"}, /* inside each other */
        {"has(a.b).filter(c, c)", "(loop-filter c (has b a) c)"},
        {"cel.bind(x, 1, x + x)", "(bind x 1 (+ x x))"},
        {"o.optFlatMap(x, x.?a)",
         "(bind @optional o (?: (call .hasValue @optional) "
         "(bind x (call .value @optional) (.?a x)) (call optional.none)))"},
        {"o.optMap(x, x + 1)",
         "(bind @optional o (?: (call .hasValue @optional) (call optional.of "
         "(bind x (call .value @optional) (+ x 1))) (call optional.none)))"},
        /* the name alone makes no macro */
        {"all(x, y)", "(call all x y)"},
        {"x.has(a.b)", "(call .has x (.b a))"},
        {".has(a.b)", "(.call has (.b a))"},
        {"bind(x, 1, x)", "(call bind x 1 x)"},
        {"c.bind(x, 1, x)", "(call .bind c x 1 x)"},
        {".cel.bind(x)", "(call .bind .cel x)"},
        {"a.map", "(.map a)"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char out[2000];

        cr_expect(eq(str, (char *)tree_text(cases[i].text, strlen(cases[i].text), out, sizeof(out)),
                     (char *)cases[i].tree));
    }
}

Test(macro, refused)
{
    static const struct {
        const char *text, *starts;
    } cases[] = {
        {"has(m)", "1:5: expected a field such as x.field in has(), found a name"},
        {"has(m['k'])", "1:6: expected a field such as x.field in has(), found an index"},
        {"has(m.?k)", "1:8: expected a field such as x.field in has(), found an optional"},
        {"has(m.k())", "1:7: expected a field such as x.field in has(), found something else"},
        {"has()", "1:1: expected has(x.field), found 0 arguments"},
        {"has(a.b, c)", "1:1: expected has(x.field), found 2 arguments"},
        {"[1].all(2, true)", "1:9: expected a plain name"},
        {"1.all(2, 3)", "1:7: expected a plain name"},
        {"m.filter(a.b, false)", "1:12: expected a plain name"},
        {"m.filter(.a, false)", "1:11: expected a plain name"},
        {"m.all(i, 'x', true)", "1:10: expected a plain name"},
        {"m.all(i, i, true)", "1:10: expected two different variables of all(), found 'i' twice"},
        {"m.map(var, 1)", "1:7: expected a value, found the reserved word 'var'"},
        {"m.all(x)", "1:3: expected list.all(x, condition) or list.all(i, x, condition), found 1"},
        {"m.exists()", "1:3: expected list.exists("},
        {"m.filter(i, x, true)", "1:3: expected list.filter(x, condition), found 3 arguments"},
        {"m.map(a, b, c, d)", "1:3: expected list.map("},
        {"m.transformMap(k, v)", "1:3: expected map.transformMap("},
        {"cel.bind(x, 1)", "1:5: expected cel.bind(x, value, expression), found 2 arguments"},
        {"cel.bind(1, 1, 1)", "1:10: expected a plain name"},
        {"o.optMap(x)", "1:3: expected o.optMap(x, value), found 1 argument of optMap()"},
        {"o.optFlatMap(1, x)", "1:14: expected a plain name"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char out[2000];

        tree_text(cases[i].text, strlen(cases[i].text), out, sizeof(out));
        out[strlen(cases[i].starts)] = '\0';
        cr_expect(eq(str, out, (char *)cases[i].starts));
    }
}

/* Walkers rely on it: `count` children, and args[2] can be read of every LOOP. */
Test(macro, loop_without_filter)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_tree *tree = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_parser_parse("l.map(x, x)", 11, arena, &tree, &err), GEN_OK));
    cr_expect(eq(u32, tree->count, 2));
    cr_expect(eq(ptr, tree->args[2], NULL));
    cr_expect(eq(u32, tree->offset, 2)); /* where the macro's name stands */
    gen_arena_destroy(arena);
}
