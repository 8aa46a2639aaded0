/* conformance_test.c - the vectors of the CEL specification, of RE2 and of the parser, through the door that
 * `gen expr` uses. Their form and source: tests/data/cel/README.md. */
#include "cli/typed_value.h"
#include "expr/expression.h"
#include "expr/zone.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/zone_files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

struct tally {
    size_t rows, passed, listed;
};

/* Vectors that fail, each with its reason. Nothing else may fail, and these must go on failing. */
static const struct {
    const char *id, *reason;
} known[] = {
    {"namespace/namespace/self_eval_container_lookup_unchecked", "a container of names: policies have none"},
    {"namespace/namespace_shadowing/basic", "a container of names: policies have none"},
    {NULL, NULL},
};

struct outcome {
    struct gen_value value; /* FAULT when it failed anywhere */
    bool syntax;
    char said[700];
};

static struct gen_zones zones;
static struct gen_zone_files files;

static struct gen_arena *arena; /* of one row */

static void compute(const struct gen_node *row, const char *text, size_t size, struct outcome *out)
{
    const struct gen_node *bindings = gen_node_get(row, "bindings"), *child;
    size_t i = 0, count = gen_node_count(bindings);
    struct gen_variable *variables = gen_arena_array(arena, count + 1, sizeof(*variables));
    struct gen_value *values = gen_arena_array(arena, count + 1, sizeof(*values));
    struct gen_run run = {arena, &zones, 1000000};
    struct gen_expression *expression = NULL;
    struct gen_error err = {0};
    uint32_t flags = gen_node_truth(gen_node_get(row, "disable_check"), false)
                         ? GEN_CHECKER_UNCHECKED
                         : 0;

    for (child = gen_node_first(bindings); child != NULL; child = child->next) {
        variables[i] = (struct gen_variable){child->key, &gen_type_dyn, NULL};
        cr_assert(eq(int, gen_typed_value_read(child, arena, &values[i++], &err), GEN_OK));
    }
    *out = (struct outcome){.value = {.kind = GEN_KIND_FAULT}};
    if (gen_expression_compile(variables, text, size, flags, arena, &expression, &out->syntax,
                               &err) != GEN_OK) {
        gen_error_text(&err, out->said, sizeof(out->said));
        return;
    }
    out->value = gen_expression_run(expression, values, &run);
    if (out->value.kind == GEN_KIND_FAULT) {
        gen_expression_fault_text(expression, out->value, out->said, sizeof(out->said));
    }
}

/* Type and value the same, NaN included; maps without order. */
static bool identical(struct gen_value a, struct gen_value b)
{
    size_t i;

    if (a.kind != b.kind) {
        return false;
    }
    switch (a.kind) {
    case GEN_KIND_DOUBLE:
        return (isnan(a.as.real) && isnan(b.as.real)) ||
               (a.as.real == b.as.real && signbit(a.as.real) == signbit(b.as.real));
    case GEN_KIND_LIST:
        for (i = 0; a.size == b.size && i < a.size; i++) {
            if (!identical(a.as.items[i], b.as.items[i])) {
                return false;
            }
        }
        return a.size == b.size;
    case GEN_KIND_MAP:
        for (i = 0; i < gen_table_count(a.as.table); i++) {
            const struct gen_value *other = gen_table_get(b.as.table, gen_table_key(a.as.table, i));

            if (other == NULL || !identical(gen_table_value(a.as.table, i), *other)) {
                return false;
            }
        }
        return gen_table_count(a.as.table) == gen_table_count(b.as.table);
    default:
        return gen_value_equal(a, b);
    }
}

static bool row_passes(const struct gen_node *row, struct outcome *out)
{
    const struct gen_node *text = gen_node_get(row, "expr");
    const struct gen_node *expect = gen_node_get(row, "expect");
    struct gen_value wanted;
    struct gen_error err = {0};

    compute(row, text->text, text->size, out);
    if (gen_node_truth(gen_node_get(row, "check_only"), false)) {
        return !out->syntax;
    }
    if (expect == NULL) {
        return out->value.kind == GEN_KIND_FAULT && !out->syntax;
    }
    if (out->value.kind == GEN_KIND_FAULT) {
        return gen_node_truth(gen_node_get(row, "may_reject_at_load"), false) && !out->syntax;
    }
    cr_assert(eq(int, gen_typed_value_read(expect, arena, &wanted, &err), GEN_OK));
    return identical(out->value, wanted);
}

/* s.matches(p) with both as text. */
static bool pattern_passes(const struct gen_node *row, struct outcome *out)
{
    struct gen_value values[2];
    const struct gen_node *pattern = gen_node_get(row, "pattern"), *text = gen_node_get(row, "text");
    static const struct gen_variable variables[] = {
        {"s", &gen_type_string, NULL}, {"p", &gen_type_string, NULL}, {0}};
    struct gen_run run = {arena, NULL, 100000000};
    struct gen_expression *expression = NULL;
    struct gen_error err = {0};

    *out = (struct outcome){.value = {.kind = GEN_KIND_FAULT}};
    cr_assert(eq(int,
                 gen_expression_compile(variables, "s.matches(p)", 12, 0, arena, &expression, NULL,
                                        &err),
                 GEN_OK));
    values[0] = text != NULL ? gen_value_string(text->text, text->size) : gen_value_text("");
    values[1] = gen_value_string(pattern->text, pattern->size);
    out->value = gen_expression_run(expression, values, &run);
    if (gen_node_truth(gen_node_get(row, "expect_error"), false)) {
        return out->value.kind == GEN_KIND_FAULT;
    }
    return out->value.kind == GEN_KIND_BOOL &&
           out->value.as.boolean == gen_node_truth(gen_node_get(row, "match"), false);
}

static bool syntax_passes(const struct gen_node *row, struct outcome *out)
{
    const struct gen_node *text = gen_node_get(row, "expr");

    compute(row, text->text, text->size, out);
    return out->syntax != gen_node_truth(gen_node_get(row, "parses"), false);
}

typedef bool row_check(const struct gen_node *row, struct outcome *out);

static bool is_known(const char *id)
{
    for (size_t i = 0; known[i].id != NULL; i++) {
        if (strcmp(known[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static void run_line(const char *line, size_t size, row_check *passes, struct tally *tally)
{
    const struct gen_node *row = NULL;
    struct gen_error err = {0};
    struct outcome out;
    const char *id;
    bool passed;

    arena = gen_arena_create(0);
    cr_assert(eq(int, gen_json_read_as(line, size, NULL, GEN_JSON_NULS, arena, &row, &err), GEN_OK),
              "%s", err.message);
    id = gen_node_text(gen_node_get(row, "id"), "?");
    passed = passes(row, &out);
    tally->rows++;
    tally->passed += passed;
    tally->listed += is_known(id);
    cr_expect(passed != is_known(id), "%s: %s: kind %d %s", id,
              passed ? "passes, and is listed as failing" : "fails", out.value.kind, out.said);
    gen_arena_destroy(arena);
}

static void run_file(const char *name, row_check *passes, size_t least, struct tally *tally)
{
    char path[512];
    struct gen_bytes bytes;
    struct gen_error err = {0};
    const char *at, *end;

    *tally = (struct tally){0};
    snprintf(path, sizeof(path), "%s/tests/data/cel/%s", GEN_SOURCE_DIR, name);
    gen_bytes_init(&bytes, 1 << 24);
    cr_assert(eq(int, gen_files_read(path, &bytes, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(int, gen_zones_init(&zones, gen_zone_files_read, &files, &err), GEN_OK));
    for (at = bytes.data; at < bytes.data + bytes.size; at = end + 1) {
        end = memchr(at, '\n', (size_t)(bytes.data + bytes.size - at));
        end = end != NULL ? end : bytes.data + bytes.size;
        run_line(at, (size_t)(end - at), passes, tally);
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
    gen_bytes_fini(&bytes);
    cr_assert(ge(sz, tally->rows, least));
    printf("%s: %zu of %zu\n", name, tally->passed, tally->rows);
}

TestSuite(conformance, .timeout = 250);

Test(conformance, required)
{
    struct tally tally;

    run_file("conformance.jsonl", row_passes, 896, &tally);
    cr_expect(ge(sz, tally.passed * 100, tally.rows * 99));
}

Test(conformance, extras)
{
    struct tally tally;

    run_file("extras.jsonl", row_passes, 121, &tally);
}

Test(conformance, syntax)
{
    struct tally tally;

    run_file("syntax.jsonl", syntax_passes, 89, &tally);
}

Test(conformance, regular_expressions)
{
    struct tally tally;

    run_file("regex.jsonl", pattern_passes, 859, &tally);
}
