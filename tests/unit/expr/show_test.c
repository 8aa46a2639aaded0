/* show_test.c - values as text: maps and records in order, bytes that are not UTF-8, growth. */
#include "expr/show.h"

#include "call.h"
#include "expr/type.h"

#define SECOND INT64_C(1000000000)

static void expect_shown(struct gen_run *run, struct gen_value value, const char *want)
{
    struct gen_show out = {.run = run};
    struct gen_value got;
    char text[400];

    gen_show_value(&out, value);
    got = gen_show_result(&out);
    cr_expect(call_same(got, gen_value_text(want)), "%s instead of %s",
              call_text(got, text, sizeof(text)), want);
}

/* The map of the conformance vectors, and keys of all types. */
static struct gen_table *sample_map(struct gen_arena *arena)
{
    struct gen_table *table = gen_table_create(arena, 5);

    if (table != NULL) {
        cr_assert(gen_table_put(table, S("key1"), Y("xyz")) == GEN_OK);
        cr_assert(gen_table_put(table, S("key5"), N) == GEN_OK);
        cr_assert(gen_table_put(table, S("key2"), D(7200 * SECOND)) == GEN_OK);
        cr_assert(gen_table_put(table, S("key4"), B(true)) == GEN_OK);
        cr_assert(gen_table_put(table, S("key3"), R(2.71828)) == GEN_OK);
    }
    return table;
}

Test(show, maps)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
    struct gen_table *table = gen_table_create(arena, 10);

    expect_shown(&run, gen_value_map(sample_map(arena)),
                 "{key1: xyz, key2: 7200s, key3: 2.71828, key4: true, key5: null}");
    expect_shown(&run, gen_value_map(table), "{}");
    cr_assert(gen_table_put(table, I(10), S("ten")) == GEN_OK);
    expect_shown(&run, gen_value_map(table), "{10: ten}");
    cr_assert(gen_table_put(table, U(9), S("nine")) == GEN_OK);
    cr_assert(gen_table_put(table, I(-1), S("minus")) == GEN_OK);
    cr_assert(gen_table_put(table, B(true), EMPTY) == GEN_OK);
    cr_assert(gen_table_put(table, S("10"), S("text ten")) == GEN_OK); /* the same text: in order */
    cr_assert(gen_table_put(table, S(""), S("")) == GEN_OK);
    expect_shown(&run, gen_value_map(table),
                 "{: , -1: minus, 10: ten, 10: text ten, 9: nine, true: []}");
    gen_arena_destroy(arena);
}

/* Only who asks for it sees an optional: format() refuses it. */
Test(show, optionals)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = 1000};
    struct gen_show show = {.run = &run, .optionals = true}, refused = {.run = &run};
    struct gen_value none = {.kind = GEN_KIND_OPTIONAL}, one = gen_value_int(1);
    struct gen_value items[2] = {none, {.kind = GEN_KIND_OPTIONAL, .as.optional = &one}};
    struct gen_value text;

    gen_show_value(&show, gen_value_list(items, 2));
    text = gen_show_result(&show);
    cr_assert(eq(int, text.kind, GEN_KIND_STRING));
    cr_expect(eq(int, strncmp(text.as.text, "[optional.none(), optional.of(1)]", text.size), 0));
    cr_expect(eq(u32, text.size, 33));
    gen_show_value(&refused, none); /* %s of format() */
    cr_expect(eq(int, gen_show_result(&refused).kind, GEN_KIND_FAULT));
    gen_arena_destroy(arena);
}

/* Maps of every size up to 40 come out sorted. */
Test(show, order)
{
    for (size_t count = 0; count <= 40; count++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
        struct gen_table *table = gen_table_create(arena, count);
        char want[1000] = "{";

        for (size_t i = 0; i < count; i++) {
            cr_assert(gen_table_put(table, I((int64_t)(i * 17 % 41 + 10)), N) == GEN_OK);
        }
        for (int64_t key = 10; key <= 50; key++) {
            if (gen_table_get(table, I(key)) != NULL) {
                snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s%d: null",
                         want[1] != '\0' ? ", " : "", (int)key);
            }
        }
        snprintf(want + strlen(want), sizeof(want) - strlen(want), "}");
        expect_shown(&run, gen_value_map(table), want);
        gen_arena_destroy(arena);
    }
}

Test(show, records)
{
    static const struct gen_shape_field fields[] = {
        {"title", &gen_type_string, "a title"},
        {"budget", &gen_type_double, "dollars"},
        {"absent", &gen_type_int, "never there"},
        {0},
    };
    static const struct gen_shape shape = {"job", fields, "a job"};
    const struct gen_value values[] = {S("Spring"), R(12.5), {0}};
    const struct gen_record_value record = {&shape, values};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};

    expect_shown(&run, gen_value_record(&record), "{budget: 12.5, title: Spring}");
    gen_arena_destroy(arena);
}

Test(show, bytes)
{
    static const struct {
        const char *data;
        size_t size;
        const char *want;
    } cases[] = {
        {"", 0, ""},
        {"abc", 3, "abc"},
        {"\xff", 1, "\xEF\xBF\xBD"},
        {"a\xff\xfe\xfd"
         "b",
         5,
         "a\xEF\xBF\xBD"
         "b"}, /* one for each run */
        {"\xC3", 1, "\xEF\xBF\xBD"},
        {"\xC3\xA9\xC3", 3, "\xC3\xA9\xEF\xBF\xBD"},
        {"\xED\xA0\x80z\x80", 5, "\xEF\xBF\xBDz\xEF\xBF\xBD"},
    };
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        expect_shown(&run, gen_value_bytes(cases[i].data, cases[i].size), cases[i].want);
    }
    gen_arena_destroy(arena);
}

/* It grows past its first pieces of memory and keeps what it has. */
Test(show, growth)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
    struct gen_show out = {.run = &run};

    for (int i = 0; i < 1000; i++) {
        gen_show_number(&out, I(i % 10), 10, gen_show_lower);
    }
    cr_assert(out.failed == false);
    cr_assert(eq(u64, out.size, 1000));
    for (int i = 0; i < 1000; i++) {
        cr_assert(out.text[i] == '0' + i % 10);
    }
    gen_arena_destroy(arena);
}

/* After a failure nothing is added and the first reason stays. */
Test(show, failure_stays)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
    struct gen_show out = {.run = &run};

    gen_show_word(&out, "a");
    gen_show_fail(&out, gen_value_fault(arena, "first"));
    gen_show_word(&out, "b");
    gen_show_fail(&out, gen_value_fault(arena, "second"));
    cr_expect(eq(u64, out.size, 1));
    cr_expect(eq(str, (char *)gen_show_result(&out).as.fault->message, "first"));
    gen_arena_destroy(arena);
}

Test(show, allocations_and_budgets)
{
    uint64_t budget = 0;
    bool done = false;

    for (long nth = 1; !done; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
        struct gen_table *table = sample_map(arena);
        struct gen_show out = {.run = &run};
        struct gen_value key = I(1);

        cr_assert(table != NULL);
        gen_alloc_fail_at(nth);
        gen_show_value(&out, key);
        gen_show_value(&out, gen_value_map(table));
        gen_alloc_fail_at(0);
        done = gen_value_is(gen_show_result(&out), GEN_KIND_STRING);
        cr_assert(done || gen_show_result(&out).as.fault->final);
        gen_arena_destroy(arena);
    }
    for (done = false; !done; budget++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_run run = {.arena = arena, .budget = budget};
        struct gen_show out = {.run = &run};

        gen_show_value(&out, gen_value_map(sample_map(arena)));
        done = gen_value_is(gen_show_result(&out), GEN_KIND_STRING);
        cr_assert(done || gen_show_result(&out).as.fault->final);
        gen_arena_destroy(arena);
    }
    cr_expect(budget > 3);
}
