/* folding_test.c - what can never work is told at load, where it stands; constants become values. */
#include "expr/expression.h"
#include "expr/program.h"
#include "expr/zone.h"

#include "base/alloc.h"
#include "platform/zone_files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

static const struct gen_shape_field job_fields[] = {{"duration", &gen_type_double, "seconds"},
                                                    {"tier", &gen_type_int, "1 to 3"},
                                                    {"needs", &gen_type_strings, "what is needed"},
                                                    {"title", &gen_type_string, "its title"},
                                                    {0}};
static const struct gen_shape job_shape = {"job", job_fields, "the job"};
static const struct gen_type job_type = {.kind = GEN_KIND_RECORD, .shape = &job_shape};
static const struct gen_variable variables[] = {{"job", &job_type, "the job"},
                                                {"now", &gen_type_timestamp, "the time"},
                                                {"any", &gen_type_dyn, "anything"},
                                                {0}};

/* "" where it loads, else "line:column: message". */
static const char *loaded(const struct gen_zones *zones, const char *text, struct gen_arena *arena,
                          struct gen_expression **out)
{
    struct gen_error err = {0};
    enum gen_status status = gen_expression_load(variables, zones, text, strlen(text), arena, out,
                                                 &err);

    return status == GEN_OK ? ""
                            : gen_arena_printf(arena, "%u:%u: %s", err.line, err.column, err.message);
}

Test(folding, what_never_works)
{
    static const struct {
        const char *text, *says; /* the beginning */
    } rows[] = {
        /* calls of constants */
        {"job.tier > 1 && duration(\"1d\") < duration(\"2h\")", "1:17: '1d' is not a duration"},
        {"duration(\"1x\") == duration(\"1s\")", "1:1: '1x' is not a duration"},
        {"now <\n timestamp(\"2026-13-01T00:00:00Z\")", "2:2: '2026-13-01T00:00:00Z' is not"},
        {"job.tier == int(\"abc\")", "1:13: 'abc' is not a whole number"},
        {"job.tier == [1][3]", "1:16: index 3 is out of range"},
        {"job.title == \"abc\".substring(9)", "1:20: position 9 is outside"},
        {"job.title == \"%d\".format([\"x\"])", "1:19: format: %d takes numbers"},
        {"job.tier < 9223372036854775807 + 1", "1:32: the result is out of the range of int"},
        {"job.tier in {1: 2, 1: 3}", "1:13: the map has the key 1 twice"},
        {"{\"a\": 1}[\"b\"] == job.tier", "1:9: no such key"},
        /* also where an operator absorbs it, in a branch not taken, in a macro */
        {"job.tier > 1 || 1 / 0 > 0", "1:19: division by zero"},
        {"1.0 / 0.0 > job.duration", "1:5: division by zero"},
        {"false && (1/0 > 0)", "1:12: division by zero"},
        {"true ? 1 : 1 / 0", "1:14: division by zero"},
        {"job.needs.exists(x, x == string(1 % 0))", "1:35: division by zero"},
        /* constants that decide although the rest is not known */
        {"now.getHours(\"Europe/Berln\") > 20", "1:5: time zone Europe/Berln: "},
        {"now.getHours(\"Europe/\" + \"Berln\") > 20", "1:5: time zone Europe/Berln: "},
        {"now.getHours(\"../x\") > 20", "1:5: this is not a time zone"},
        {"job.needs.exists(x, now.getMonth(\"Mars/Base\") > 1)", "1:25: time zone Mars/Base: "},
        {"job.title.matches(\"ab\" + \"(c\")", "1:24: "},
        {"job.title.matches(\"(c\")", "1:19: "},
        {"job.duration / (1.0 - 1.0) > 1.0", "1:14: division by zero"},
        {"job.tier % (3 - 3) == 0", "1:10: division by zero"},
        {"job.needs.exists(x, size(x) / (1 - 1) > 1)", "1:29: division by zero"},
        {"job.needs[-1] == \"a\"", "1:11: a list has no index -1"},
        {"job.title.substring(-1) == \"a\"", "1:11: "},
        {"job.title.substring(5, 2) == \"a\"", "1:11: "},
        {"job.title.charAt(-1) == \"a\"", "1:11: "},
        {"math.bitShiftLeft(job.tier, -1) > 1", "1:6: math.bitShiftLeft by a negative number"},
        {"\"%q\".format([job.tier]) == \"a\"", "1:6: "},
        {"\"%d\".format([job.title]) == \"a\"", "1:6: format: %d takes numbers, not string"},
        {"\"%d %d\".format([job.tier]) == \"a\"", "1:9: "},
        /* a constant name of a field */
        {"job[\"durration\"] > 1.0", "1:5: job has no field \"durration\"; did you mean \"duration\"?"},
        {"job[\"dur\" + \"ration\"] > 1.0", "1:11: job has no field \"durration\"; did you mean"},
        {"job[?\"durration\"].hasValue()", "1:6: job has no field \"durration\"; did you mean"},
        {"\"durration\" in job", "1:1: job has no field \"durration\"; did you mean"},
        /* what costs too much as a constant costs too much whenever it runs */
        {"[1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, [1,2,3,4,5,6,7,8,9].map(c, "
         "[1,2,3,4,5,6,7,8,9].map(d, [1,2,3,4,5,6,7,8,9].map(e, a + b + c + d + e))))).size() == job.tier",
         "1:129: the expression costs too much"},
    };
    struct gen_zone_files files = {0};
    struct gen_zones zones = {0};

    cr_assert(eq(int, gen_zones_init(&zones, gen_zone_files_read, &files, NULL), GEN_OK));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_expression *expression = NULL;
        const char *said = loaded(&zones, rows[i].text, arena, &expression);

        cr_expect(eq(int, strncmp(said, rows[i].says, strlen(rows[i].says)), 0), "%s\n  wanted %s\n  got %s",
                  rows[i].text, rows[i].says, said);
        cr_expect(ne(str, (char *)said, ""), "%s", rows[i].text);
        gen_arena_destroy(arena);
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
}

/* What loads gives the same with constants worked out as without. */
Test(folding, gives_the_same)
{
    static const struct {
        const char *text;
        bool folded; /* to one constant */
    } rows[] = {
        {"1 + 2 * 3", true},
        {"duration(\"1h\") + duration(\"30m\")", true},
        {"[1, 2, 3].map(x, x * 2)", true},
        {"[1, 2].exists(x, [x, 3].exists(y, y == 3))", true},
        {"cel.bind(a, [1, 2], a + a)", true},
        {"optional.of(1).orValue(2)", true},
        {"optional.none()", true},
        {"{\"a\": [1, 2]}.a", true},
        {"type(1) == int", true},
        {"has({\"a\": 1}.b)", true},
        {"timestamp(0).getHours(\"+02:00\")", true},
        {"dyn(1) == 1u", true},
        {"[1, 2].map(x, x + job.tier)", false},
        {"job.needs.filter(x, x in [\"a\", \"avatar\"]).map(y, y + (\"!\" + \"?\"))", false},
        {"job.needs.map(x, [1, 2].map(y, string(y) + x))", false},
        {"cel.bind(a, job.tier, a + (1 + 1))", false},
        {"job.needs.map(x, 1).size() + [3].map(x, x).size() + [1].map(z, [z].map(w, w))[0][0]", false},
        {"job[\"dur\" + \"ation\"] * (2.0 + 0.5)", false},
        {"job[\"title\"] + \"x\"", false},
        {"job.title.matches(\"a\" + \"b+\")", false},
        {"job.title.substring(2) + job.title.charAt(1)", false},
        {"\"%s %d\".format([job.title, job.tier])", false},
        {"now.getHours(\"Europe/\" + \"Berlin\")", false},
        {"now + duration(\"1h\") > timestamp(\"2026-01-01T00:00:00Z\")", false},
        {"any == 1 || job.tier == 2", false},
        {"math.bitShiftLeft(job.tier, 1 + 1)", false},
        {"job.duration / 2.0 + 4.0 / (1.0 + 1.0)", false},
    };
    struct gen_value needs[2] = {gen_value_text("avatar"), gen_value_text("voice")};
    struct gen_value fields[4] = {gen_value_double(20), gen_value_int(2), gen_value_list(needs, 2),
                                  gen_value_text("abbey")};
    struct gen_record_value record = {&job_shape, fields};
    struct gen_value values[3] = {gen_value_record(&record), gen_value_timestamp(1800000000, 0), {0}};
    struct gen_zone_files files = {0};
    struct gen_zones zones = {0};

    cr_assert(eq(int, gen_zones_init(&zones, gen_zone_files_read, &files, NULL), GEN_OK));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_run run = {arena, &zones, 100000}, again = run;
        struct gen_expression *plain = NULL, *folded = NULL;
        struct gen_value a, b;
        struct gen_error err = {0};

        cr_assert(eq(int,
                     gen_expression_compile(variables, rows[i].text, strlen(rows[i].text), 0, arena,
                                            &plain, NULL, &err),
                     GEN_OK),
                  "%s: %s", rows[i].text, err.message);
        cr_assert(eq(str, (char *)loaded(&zones, rows[i].text, arena, &folded), ""), "%s",
                  rows[i].text);
        a = gen_expression_run(plain, values, &run);
        b = gen_expression_run(folded, values, &again);
        cr_expect(ne(int, a.kind, GEN_KIND_FAULT), "%s", rows[i].text);
        cr_expect(eq(int, a.kind, b.kind), "%s", rows[i].text);
        cr_expect(a.kind == GEN_KIND_OPTIONAL ? a.as.optional == NULL && b.as.optional == NULL
                                              : gen_value_equal(a, b),
                  "%s", rows[i].text);
        cr_expect(eq(int, folded->count == 2, rows[i].folded), "%s: %u", rows[i].text, folded->count);
        cr_expect(le(u32, folded->count, plain->count), "%s", rows[i].text);
        gen_arena_destroy(arena);
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
}

/* Without zones a name may be right or wrong: only its form is looked at, and nothing is worked out with it. */
Test(folding, no_zones)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_expression *expression = NULL;

    cr_expect(eq(str, (char *)loaded(NULL, "now.getHours(\"Mars/Base\") > 1", arena, &expression), ""));
    cr_expect(eq(str, (char *)loaded(NULL, "timestamp(0).getHours(\"Mars/Base\") > 1", arena,
                                     &expression), ""));
    cr_expect(eq(str,
                 (char *)loaded(NULL, "[\"Mars/Base\"].exists(z, timestamp(0).getHours(z) > 1)", arena,
                                &expression), ""));
    cr_expect(ne(str, (char *)loaded(NULL, "now.getHours(\"Mars Base\") > 1", arena, &expression), ""));
    gen_arena_destroy(arena);
}

/* Many costly constants: what has no steps left is left as it is. */
Test(folding, ends)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_expression *expression = NULL;
    char text[30000] = "job.tier == 1";

    for (int i = 0; i < 200; i++) {
        strcat(text, "\n|| [1,2,3,4,5,6,7,8,9,0].exists(a, [1,2,3,4,5,6,7,8,9,0].exists(b, "
                     "[1,2,3,4,5,6,7,8,9,0].exists(c, a + b + c > 50)))");
    }
    cr_expect(eq(str, (char *)loaded(NULL, text, arena, &expression), ""));
    cr_expect(lt(sz, gen_arena_used(arena), 64 << 20));
    gen_arena_destroy(arena);
}

Test(folding, memory_failing)
{
    const char *text = "job[\"ti\" + \"tle\"].matches(\"a\" + \"b\") && {1: [2, 3].map(x, x + 1)}[1][0] == 3"
                       " && now.getHours(\"+0\" + \"1:00\") > 1 && \"%s\".format([job.title]) != string(1.5)";
    bool whole = false;
    long nth = 1;

    for (; !whole && nth < 2000; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_expression *expression = NULL;
        struct gen_error err = {0};
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_expression_load(variables, NULL, text, strlen(text), arena, &expression, &err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth, err.message);
        whole = status == GEN_OK;
        gen_arena_destroy(arena);
    }
    cr_expect(whole);
    cr_expect(gt(long, nth, 5));
}
