/* value_test.c - equality, order and maps of values. */
#include "expr/value.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>

Test(value, numbers_are_one_line)
{
    static const struct {
        struct gen_value a, b;
        int order;
    } rows[] = {
        {{.kind = GEN_KIND_INT, .as.integer = 1}, {.kind = GEN_KIND_UINT, .as.natural = 1}, 0},
        {{.kind = GEN_KIND_INT, .as.integer = -1}, {.kind = GEN_KIND_UINT, .as.natural = 0}, -1},
        {{.kind = GEN_KIND_INT, .as.integer = 1}, {.kind = GEN_KIND_DOUBLE, .as.real = 1.5}, -1},
        {{.kind = GEN_KIND_UINT, .as.natural = UINT64_MAX},
         {.kind = GEN_KIND_DOUBLE, .as.real = 1e30},
         -1},
        {{.kind = GEN_KIND_UINT, .as.natural = 0}, {.kind = GEN_KIND_DOUBLE, .as.real = -0.5}, 1},
        {{.kind = GEN_KIND_INT, .as.integer = INT64_MIN},
         {.kind = GEN_KIND_DOUBLE, .as.real = -INFINITY},
         1},
        /* taken as doubles once it is within reach of the whole numbers */
        {{.kind = GEN_KIND_INT, .as.integer = INT64_MAX},
         {.kind = GEN_KIND_DOUBLE, .as.real = 0x1p63},
         0},
        {{.kind = GEN_KIND_DOUBLE, .as.real = NAN}, {.kind = GEN_KIND_INT, .as.integer = 1}, 2},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int back = rows[i].order == 2 ? 2 : -rows[i].order;

        cr_expect(eq(int, gen_value_compare(rows[i].a, rows[i].b), rows[i].order), "row %zu", i);
        cr_expect(eq(int, gen_value_compare(rows[i].b, rows[i].a), back), "row %zu", i);
        cr_expect(eq(int, gen_value_equal(rows[i].a, rows[i].b), rows[i].order == 0), "row %zu", i);
    }
}

Test(value, other_types_are_unequal_and_unordered)
{
    struct gen_value values[] = {gen_value_null(),     gen_value_bool(true),
                                 gen_value_int(1),     gen_value_text("1"),
                                 gen_value_bytes("1", 1), gen_value_list(NULL, 0),
                                 gen_value_duration(1), gen_value_timestamp(1, 0),
                                 gen_value_type("int")};
    size_t count = sizeof(values) / sizeof(values[0]);

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            cr_expect(eq(int, gen_value_equal(values[i], values[j]), i == j), "%zu %zu", i, j);
            if (i != j) {
                cr_expect(eq(int, gen_value_compare(values[i], values[j]), GEN_UNORDERED));
            }
        }
    }
    cr_expect(not(gen_value_equal(gen_value_double(NAN), gen_value_double(NAN))));
}

Test(value, texts_hold_nul_and_order_by_bytes)
{
    cr_expect(eq(int, gen_value_compare(gen_value_string("a\0b", 3), gen_value_string("a\0c", 3)), -1));
    cr_expect(eq(int, gen_value_compare(gen_value_string("a", 1), gen_value_string("a\0", 2)), -1));
    cr_expect(gen_value_equal(gen_value_string("", 0), gen_value_string(NULL, 0)));
}

Test(value, equality_is_bounded)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_value value = gen_value_list(NULL, 0);
    uint64_t steps = 100000;

    for (int i = 0; i < 60; i++) { /* each holds the one before twice: 2^60 parts */
        struct gen_value *two = gen_arena_array(arena, 2, sizeof(*two));

        two[0] = two[1] = value;
        value = gen_value_list(two, 2);
    }
    gen_value_equal_within(value, value, &steps);
    cr_expect(eq(u64, steps, 0));
    gen_arena_destroy(arena);
}

/* Few and many entries: with and without an index. */
Test(value, maps_find_what_was_put)
{
    static const size_t sizes[] = {0, 1, 8, 9, 1000};

    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_table *table = gen_table_create(arena, sizes[s] + 3);

        for (size_t i = 0; i < sizes[s]; i++) {
            cr_assert(eq(int, gen_table_put(table, gen_value_int((int64_t)i * 7), gen_value_uint(i)),
                         GEN_OK));
        }
        cr_expect(eq(int, gen_table_put(table, gen_value_text("k"), gen_value_null()), GEN_OK));
        cr_expect(eq(int, gen_table_put(table, gen_value_text("k"), gen_value_null()), GEN_ECONFLICT));
        cr_expect(eq(int, gen_table_put(table, gen_value_double(0.5), gen_value_null()), GEN_EINVAL));
        cr_expect(eq(int, gen_table_put(table, gen_value_uint(UINT64_MAX), gen_value_null()), GEN_OK));
        cr_expect(eq(sz, gen_table_count(table), sizes[s] + 2));
        for (size_t i = 0; i < sizes[s]; i++) { /* by any number that is equal */
            cr_assert(eq(u64, gen_table_get(table, gen_value_double((double)i * 7))->as.natural, i));
            cr_assert(eq(u64, gen_table_get(table, gen_value_uint(i * 7))->as.natural, i));
            cr_assert(eq(ptr, (void *)gen_table_get(table, gen_value_int((int64_t)i * 7 + 1)), NULL));
        }
        cr_expect(ne(ptr, (void *)gen_table_find(table, "k", 1, gen_text_hash("k", 1)), NULL));
        cr_expect(eq(ptr, (void *)gen_table_get(table, gen_value_double(0.5)), NULL));
        cr_expect(eq(ptr, (void *)gen_table_get(table, gen_value_null()), NULL));
        cr_expect(ne(ptr, (void *)gen_table_get(table, gen_value_uint(UINT64_MAX)), NULL));
        gen_arena_destroy(arena);
    }
}

Test(value, equal_maps_in_any_order)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_table *a = gen_table_create(arena, 2), *b = gen_table_create(arena, 2);

    cr_assert(eq(int, gen_table_put(a, gen_value_int(1), gen_value_text("x")), GEN_OK));
    cr_assert(eq(int, gen_table_put(a, gen_value_bool(true), gen_value_text("y")), GEN_OK));
    cr_assert(eq(int, gen_table_put(b, gen_value_bool(true), gen_value_text("y")), GEN_OK));
    cr_expect(not(gen_value_equal(gen_value_map(a), gen_value_map(b))));
    cr_assert(eq(int, gen_table_put(b, gen_value_uint(1), gen_value_text("x")), GEN_OK));
    cr_expect(gen_value_equal(gen_value_map(a), gen_value_map(b)));
    gen_arena_destroy(arena);
}

Test(value, faults_without_memory)
{
    struct gen_arena *arena = gen_arena_create(1);
    struct gen_value fault = gen_value_fault(arena, "%s", "some text");

    cr_expect(eq(int, fault.kind, GEN_KIND_FAULT));
    cr_expect(fault.as.fault->final);
    cr_expect(eq(ptr, gen_table_create(arena, 3), NULL));
    gen_arena_destroy(arena);
}
