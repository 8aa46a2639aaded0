/* expr_run_fuzz.c - any text is compiled and, where it loads, run: no crash, no hang, no memory beyond
 * the arena, and a result or a fault. */
/* fuzz-links: expr base */
/* fuzz-runs: 100000 */
#include "expr/expression.h"
#include "expr/show.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct gen_shape_field fields[] = {
    {"n", &gen_type_int, NULL}, {"s", &gen_type_string, NULL}, {"l", &gen_type_strings, NULL}, {0}};
static const struct gen_shape shape = {"r", fields, NULL};
static const struct gen_type record = {.kind = GEN_KIND_RECORD, .shape = &shape};
static const struct gen_variable variables[] = {
    {"r", &record, NULL}, {"x", &gen_type_dyn, NULL}, {"u", &gen_type_dyn, NULL}, {0}};

static void run_one(const struct gen_expression *expression, struct gen_arena *arena)
{
    struct gen_value items[] = {gen_value_text("a"), gen_value_text("b")};
    struct gen_value held[] = {gen_value_int(3), gen_value_text("text"), gen_value_list(items, 2)};
    struct gen_record_value bound = {&shape, held};
    struct gen_value values[] = {gen_value_record(&bound), gen_value_list(items, 2), {0}};
    struct gen_run run = {arena, NULL, 20000};
    struct gen_run printing = {arena, NULL, 20000};
    struct gen_show show = {.run = &printing};
    struct gen_value value = gen_expression_run(expression, values, &run);
    char text[300];

    if (value.kind == GEN_KIND_NONE || value.kind >= GEN_KIND_DYN) {
        abort();
    }
    if (value.kind == GEN_KIND_FAULT) {
        gen_expression_fault_text(expression, value, text, sizeof(text));
    } else {
        gen_show_value(&show, value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(32 << 20);
    struct gen_expression *expression = NULL;
    struct gen_error err;

    for (uint32_t flags = 0; flags <= GEN_CHECKER_UNCHECKED; flags++) {
        if (gen_expression_compile(variables, (const char *)data, size, flags, arena, &expression,
                                   NULL, &err) == GEN_OK) {
            run_one(expression, arena);
        }
    }
    gen_arena_destroy(arena);
    return 0;
}
