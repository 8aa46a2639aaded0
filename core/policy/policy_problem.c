/* policy_problem.c - see policy_problem.h. */
#include "policy/policy_problem.h"

#include "base/alloc.h"
#include "base/node.h"
#include "platform/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum gen_status gen_policy_problem_at(const struct gen_node *node, const char *key,
                                      struct gen_error *err, const char *message)
{
    const struct gen_node *value = gen_node_get(node, key);
    const struct gen_node *place = value != NULL ? value : node;

    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, place->line, place->column, key);
    return GEN_EINVAL;
}

void gen_policy_problems_init(struct gen_policy_problems *problems)
{
    *problems = (struct gen_policy_problems){0};
}

void gen_policy_problems_fini(struct gen_policy_problems *problems)
{
    gen_free(problems->items);
    gen_policy_problems_init(problems);
}

/* The same thing at the same place: what is inherited is wrong once, not once for each heir. */
static bool problem_same(const struct gen_error *a, const struct gen_error *b)
{
    return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0 &&
           strcmp(a->message, b->message) == 0;
}

void gen_policy_problems_add(struct gen_policy_problems *problems, const struct gen_error *err,
                             bool warning)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problem_same(&problems->items[i].error, err)) {
            return;
        }
    }
    problems->mistakes += warning ? 0 : 1;
    if (problems->count == problems->capacity && problems->count < GEN_POLICY_MAX_PROBLEMS) {
        size_t capacity = problems->capacity > 0 ? problems->capacity * 2 : 8;
        struct gen_policy_problem *items = gen_realloc(problems->items,
                                                       capacity * sizeof(*problems->items));

        if (items != NULL) {
            problems->items = items;
            problems->capacity = capacity;
        }
    }
    if (problems->count >= problems->capacity || problems->count >= GEN_POLICY_MAX_PROBLEMS) {
        problems->left_off++;
        return;
    }
    problems->items[problems->count++] = (struct gen_policy_problem){*err, warning};
}

static int problem_order(const void *left, const void *right)
{
    const struct gen_policy_problem *a = left, *b = right;
    int file = strcmp(a->error.file, b->error.file);

    if (file != 0) {
        return file;
    }
    if (a->error.line != b->error.line) {
        return a->error.line < b->error.line ? -1 : 1;
    }
    if (a->error.column != b->error.column) {
        return a->error.column < b->error.column ? -1 : 1;
    }
    return strcmp(a->error.message, b->error.message);
}

void gen_policy_problems_sort(struct gen_policy_problems *problems)
{
    if (problems->count > 1) {
        qsort(problems->items, problems->count, sizeof(*problems->items), problem_order);
    }
}

enum gen_status gen_policy_problems_text(const struct gen_policy_problems *problems,
                                         struct gen_bytes *out)
{
    for (size_t i = 0; i < problems->count; i++) {
        char text[GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_MESSAGE_SIZE + 32];
        struct gen_error error = problems->items[i].error;

        if (problems->items[i].warning) {
            gen_error_within(&error, "warning");
        }
        gen_bytes_printf(out, "%s\n", gen_error_text(&error, text, sizeof(text)));
    }
    if (problems->left_off > 0) {
        gen_bytes_printf(out, "... and %zu more\n", problems->left_off);
    }
    return gen_bytes_status(out);
}

void gen_policy_problems_first(const struct gen_policy_problems *problems, struct gen_error *err)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct gen_error first = problems->items[i].error;

        if (!problems->items[i].warning) {
            (void)gen_error_set(err, GEN_EINVAL, "%s%s", first.message,
                                problems->mistakes > 1 ? " (and more: gen policy check lists them)"
                                                       : "");
            gen_error_place(err, first.file, first.line, first.column, first.path);
            return;
        }
    }
}

void gen_policy_problems_log(const struct gen_policy_problems *problems, const struct gen_log *log)
{
    char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + 64];

    for (size_t i = 0; i < problems->count; i++) {
        const struct gen_policy_problem *problem = &problems->items[i];

        gen_log_line(log, problem->warning ? GEN_LEVEL_WARN : GEN_LEVEL_ERROR, "policy",
                     gen_error_text(&problem->error, text, sizeof text), NULL);
    }
    if (problems->left_off > 0) {
        (void)snprintf(text, sizeof text, "%zu more problems are not shown", problems->left_off);
        gen_log_line(log, GEN_LEVEL_ERROR, "policy", text, NULL);
    }
}
