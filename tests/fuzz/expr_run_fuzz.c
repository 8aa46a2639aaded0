/* expr_run_fuzz.c - any text is compiled and, where it loads, run: no crash, no hang, no memory beyond
 * the arena, and a result or a fault. With its constants worked out it gives the same. */
/* fuzz-links: expr base */
/* fuzz-runs: 100000 */
#include "expr/expression.h"
#include "expr/show.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct gen_shape_field fields[] = {
    {"n", &gen_type_int, NULL}, {"s", &gen_type_string, NULL}, {"l", &gen_type_strings, NULL}, {0}};
static const struct gen_shape shape = {"r", fields, NULL};
static const struct gen_type record = {.kind = GEN_KIND_RECORD, .shape = &shape};
static const struct gen_variable variables[] = {
    {"r", &record, NULL}, {"x", &gen_type_dyn, NULL}, {"u", &gen_type_dyn, NULL}, {0}};

static struct gen_value run_one(const struct gen_expression *expression, struct gen_arena *arena)
{
    static struct gen_value items[2], held[3];
    static const struct gen_record_value bound = {&shape, held};
    struct gen_value values[] = {{0}, {0}, {0}};
    struct gen_run run = {arena, NULL, 20000};
    struct gen_run printing = {arena, NULL, 20000};
    struct gen_show show = {.run = &printing, .optionals = true};
    struct gen_value value;
    char text[300];

    items[0] = gen_value_text("a");
    items[1] = gen_value_text("b");
    held[0] = gen_value_int(3);
    held[1] = gen_value_text("text");
    held[2] = gen_value_list(items, 2);
    values[0] = gen_value_record(&bound);
    values[1] = gen_value_list(items, 2);
    value = gen_expression_run(expression, values, &run);

    if (value.kind == GEN_KIND_NONE || value.kind >= GEN_KIND_DYN) {
        abort();
    }
    if (value.kind == GEN_KIND_FAULT) {
        gen_expression_fault_text(expression, value, text, sizeof(text));
        return value;
    }
    gen_show_value(&show, value);
    return gen_show_result(&show);
}

/* The same as a text; faults are not compared: a limit comes later where less is left to do. */
static void compare(struct gen_value plain, struct gen_value folded)
{
    if (folded.kind == GEN_KIND_FAULT && folded.as.fault->final) {
        return;
    }
    if (plain.kind == GEN_KIND_STRING && folded.kind == GEN_KIND_STRING) {
        if (plain.size != folded.size || memcmp(plain.as.text, folded.as.text, plain.size) != 0) {
            abort();
        }
    } else if (plain.kind == GEN_KIND_STRING || (folded.kind != plain.kind && !plain.as.fault->final)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(32 << 20);
    struct gen_expression *expression = NULL;
    struct gen_value plain = {0};
    struct gen_error err;

    for (uint32_t flags = 0; flags <= GEN_CHECKER_UNCHECKED; flags++) {
        if (gen_expression_compile(variables, (const char *)data, size, flags, arena, &expression,
                                   NULL, &err) == GEN_OK) {
            struct gen_value value = run_one(expression, arena);

            plain = flags == 0 ? value : plain;
        }
    }
    if (gen_expression_load(variables, NULL, (const char *)data, size, arena, &expression, &err) ==
        GEN_OK) {
        compare(plain, run_one(expression, arena));
    }
    gen_arena_destroy(arena);
    return 0;
}
