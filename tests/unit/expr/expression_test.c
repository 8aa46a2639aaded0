/* expression_test.c - compiling and running: records, limits, faults with places, memory that fails. */
#include "expr/expression.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

static const struct gen_shape_field job_fields[] = {{"budget", &gen_type_double, "dollars"},
                                                    {"tier", &gen_type_int, "1 to 3"},
                                                    {"needs", &gen_type_strings, "what is needed"},
                                                    {"title", &gen_type_string, "its title"},
                                                    {0}};
static const struct gen_shape job_shape = {"job", job_fields, "the job"};
static const struct gen_type job_type = {.kind = GEN_KIND_RECORD, .shape = &job_shape};
static const struct gen_variable variables[] = {{"job", &job_type, "the job"},
                                                {"n", &gen_type_int, "a number"},
                                                {"any", &gen_type_dyn, "anything"},
                                                {"a.b", &gen_type_int, "dotted"},
                                                {0}};

static struct gen_value needs[2];
static struct gen_value fields[4];
static struct gen_record_value record;
static struct gen_value values[4];

static void bind(void)
{
    needs[0] = gen_value_text("avatar");
    needs[1] = gen_value_text("lip_sync");
    fields[0] = gen_value_double(20);
    fields[1] = gen_value_int(2);
    fields[2] = gen_value_list(needs, 2);
    fields[3] = (struct gen_value){0}; /* no title */
    record = (struct gen_record_value){&job_shape, fields};
    values[0] = gen_value_record(&record);
    values[1] = gen_value_int(7);
    values[2] = (struct gen_value){0}; /* not bound */
    values[3] = gen_value_int(9);
}

/* What the text gives, as text; the arena is the caller's. */
static const char *result(struct gen_arena *arena, const char *text, uint64_t budget)
{
    struct gen_expression *expression = NULL;
    struct gen_run run = {arena, NULL, budget};
    struct gen_error err = {0};
    struct gen_value value;
    char *said = gen_arena_alloc(arena, 800);

    bind();
    if (gen_expression_compile(variables, text, strlen(text), 0, arena, &expression, NULL, &err) !=
        GEN_OK) {
        snprintf(said, 800, "%u:%u: %s", err.line, err.column, err.message);
        return said;
    }
    value = gen_expression_run(expression, values, &run);
    switch (value.kind) {
    case GEN_KIND_FAULT:
        return gen_expression_fault_text(expression, value, said, 800);
    case GEN_KIND_BOOL:
        return value.as.boolean ? "true" : "false";
    case GEN_KIND_INT:
        snprintf(said, 800, "%lld", (long long)value.as.integer);
        return said;
    case GEN_KIND_DOUBLE:
        snprintf(said, 800, "%g", value.as.real);
        return said;
    case GEN_KIND_STRING:
        snprintf(said, 800, "'%.*s'", (int)value.size, value.as.text);
        return said;
    default:
        return gen_value_type_name(value);
    }
}

Test(expression, values_and_messages)
{
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        {"job.budget < 50.0 && job.tier >= 2 && 'lip_sync' in job.needs", "true"},
        {"job.budget / 8.0", "2.5"},
        {"job.tier == 2 ? 'two' : 'other'", "'two'"},
        {"has(job.title)", "false"},
        {"has(job.budget)", "true"},
        {"job.title", "line 1, column 5: no such key: title"},
        {"job['budget']", "20"},
        {"'budget' in job && !('title' in job)", "true"},
        {"job.?title.orValue('none')", "'none'"},
        {"a.b + n", "16"},
        {"any", "line 1, column 1: any is not set"},
        {"any == 1 || n == 7", "true"}, /* what is not set is a fault, and absorbed */
        {"n / (n - 7)", "line 1, column 3: division by zero"},
        {"[1, 2,\n 3 / 0]", "line 2, column 4: division by zero"},
        {"job.needs.map(x, x.size() / 0)", "line 1, column 27: division by zero"},
        {"job.needs.exists_one(x, x.startsWith('lip'))", "true"},
        {"job.needs.filter(x, x.contains('_')).size()", "1"},
        {"{'a': 1}.transformMap(k, v, v + 1)['a']", "2"},
        /* told at load */
        {"job.bugdet", "1:5: job has no field \"bugdet\"; did you mean \"budget\"?"},
        {"jobb.tier", "1:1: there is no \"jobb\" here; did you mean \"job\"?"},
        {"a.c + 1", "1:3: there is no \"a.c\" here; did you mean \"a.b\"?"},
        {"n.size()", "1:3: no such overload: int.size()"},
        {"job.budget * 2", "1:12: no such overload: double * int; write 2.0 instead of 2, or double(x)"},
        {"jb.tier", "1:1: there is no \"jb\" here; did you mean \"job\"?"},
        {"x", "1:1: there is no \"x\" here"},
        {"math.abss(n)", "1:6: there is no function math.abss(); did you mean math.abs()?"},
        {"strings.foo('a')", "1:9: there is no function strings.foo(); there is strings.quote()"},
        {"strings.foo", "1:1: strings is not a value, its functions are strings.quote()"},
        {"job.needs.exists(math, math.abs() > 1)", "1:29: there is no function abs()"},
        {"job['bugdet']", "1:5: job has no field \"bugdet\"; did you mean \"budget\"?"},
        {"job['budget'] + 1", "1:15: no such overload: double + int; write 2.0 instead of 2, or double(x)"},
        {"sise(job.needs)", "1:1: there is no function sise(); did you mean size()?"},
        {"startsWith('a', 'b')", "1:1: startsWith is a method: write x.startsWith(), not startsWith(x)"},
        {"n && true", "1:1: && needs true or false, this is int"},
        {"n ? 1 : 2", "1:1: the condition before \"?\" needs true or false, this is int"},
        {"true ? 1 : 'x'", "1:6: the two sides of \":\" differ: int and string"},
        {"'x' == 1", "1:5: no such overload: string == int"},
        {"{1.5: 2}", "1:2: double cannot be the key of a map: use a string, int, uint or bool"},
        {"n.exists(x, true)", "1:1: a macro goes over a list or a map, this is int"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);

        cr_expect(eq(str, (char *)result(arena, rows[i].text, 100000), (char *)rows[i].wanted), "%s",
                  rows[i].text);
        gen_arena_destroy(arena);
    }
}

/* Every way of using too much ends in a fault that nothing absorbs. */
Test(expression, limits)
{
    static const char *const rows[] = {
        "[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, "
        "[0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, true)))))",
        "[1].exists(x, [0,1,2,3,4,5,6,7,8,9].map(a, [0,1,2,3,4,5,6,7,8,9].map(b, "
        "[0,1,2,3,4,5,6,7,8,9].map(c, [0,1,2,3,4,5,6,7,8,9].map(d, 1)))).size() > 0) || true",
        "cel.bind(a, 'xxxxxxxxxxxxxxxx', cel.bind(b, a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b, "
        "cel.bind(d, c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d, cel.bind(f, e+e+e+e+e+e+e+e, "
        "f+f+f+f+f+f+f+f)))))) == '' || true",
        "cel.bind(a, ['x', 'x', 'x', 'x'], cel.bind(b, [a,a,a,a,a,a,a,a], cel.bind(c, "
        "[b,b,b,b,b,b,b,b], cel.bind(d, [c,c,c,c,c,c,c,c], cel.bind(e, [d,d,d,d,d,d,d,d], "
        "e == e))))) || true",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const char *said = result(arena, rows[i], 10000);

        cr_expect(ne(ptr, strstr(said, "costs too much"), NULL), "row %zu: %s", i, said);
        cr_expect(lt(sz, gen_arena_used(arena), 4 << 20));
        gen_arena_destroy(arena);
    }
}

Test(expression, no_budget_at_all)
{
    struct gen_arena *arena = gen_arena_create(0);

    cr_expect(ne(ptr, strstr(result(arena, "1", 0), "costs too much"), NULL));
    gen_arena_destroy(arena);
}

/* A regular expression that is a literal is refused at load, where it stands. */
Test(expression, wrong_pattern)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *said = result(arena, "has(job.title) && job.title.matches('(a')", 1000);

    cr_expect(eq(int, strncmp(said, "1:37: ", 6), 0), "%s", said);
    said = result(arena, "'x'.matches('((a{1000}){1000}){1000}')", 1000);
    cr_expect(eq(int, strncmp(said, "1:13: ", 6), 0), "%s", said);
    gen_arena_destroy(arena);
}

Test(expression, types_and_uses)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_expression *expression = NULL;
    struct gen_error err;
    char text[100];

    cr_assert(eq(int,
                 gen_expression_compile(variables, "job.needs.map(x, x.size())", 26, 0, arena,
                                        &expression, NULL, &err),
                 GEN_OK));
    cr_expect(eq(str, (char *)gen_type_text(gen_expression_type(expression), text, sizeof(text)),
                 "list(int)"));
    cr_expect(gen_expression_uses(expression, 0));
    cr_expect(not(gen_expression_uses(expression, 1)));
    gen_arena_destroy(arena);
}

/* A large expression needs a stack of its own. */
Test(expression, deep_stack)
{
    struct gen_arena *arena = gen_arena_create(0);
    char text[2000] = "[";

    for (int i = 0; i < 150; i++) {
        strcat(text, "n, ");
    }
    strcat(text, "n].size()");
    cr_expect(eq(str, (char *)result(arena, text, 10000), "151"));
    gen_arena_destroy(arena);
}

Test(expression, memory_failing)
{
    const char *text = "job.needs.filter(x, x.matches('^l.p') || x == 'a').map(y, y + '!')"
                       ".transformMap(i, v, v.upperAscii())[0] + string(job.budget / 3.0)";
    long nth = 1;
    bool whole = false;

    for (; !whole && nth < 2000; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_expression *expression = NULL;
        struct gen_error err = {0};
        enum gen_status status;
        struct gen_value value = {0};

        bind();
        gen_alloc_fail_at(nth);
        status = gen_expression_compile(variables, text, strlen(text), 0, arena, &expression, NULL,
                                        &err);
        if (status == GEN_OK) {
            struct gen_run run = {arena, NULL, 100000};

            value = gen_expression_run(expression, values, &run);
        }
        gen_alloc_fail_at(0);
        if (status != GEN_OK) {
            cr_assert(eq(int, status, GEN_ENOMEM), "allocation %ld", nth);
        } else if (value.kind == GEN_KIND_FAULT) {
            cr_assert(value.as.fault->final, "allocation %ld: %s", nth, value.as.fault->message);
        } else {
            cr_expect(eq(int, value.kind, GEN_KIND_STRING));
            whole = true;
        }
        gen_arena_destroy(arena);
    }
    cr_expect(whole);
    cr_expect(gt(long, nth, 3));
}
