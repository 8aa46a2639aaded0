/* policy_layers_test.c - documents put together from several, and where their mistakes are told. */
#include "cli/policy_layers.h"

#include "base/json.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct gen_node *yaml(const char *text, struct gen_arena *arena)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_yaml_read(text, strlen(text), NULL, arena, &node, &err), GEN_OK), "%s", err.message);
    return node;
}

struct merged {
    const char *base, *top;
    const char *result; /* JSON */
};

static const struct merged merges[] = {
    {"{a: 1, b: 2}", "{b: 3}", "{\"a\":1,\"b\":3}"},                     /* later wins */
    {"{a: {x: 1, y: 2}}", "{a: {y: 3}}", "{\"a\":{\"x\":1,\"y\":3}}"},  /* maps are merged */
    {"{a: [1, 2]}", "{a: [3]}", "{\"a\":[3]}"},                          /* lists are not */
    {"{a: 1, b: 2}", "{a: null}", "{\"b\":2}"},                          /* null takes away */
    {"{a: {x: 1}}", "{a: {x: null}}", "{\"a\":{}}"},                     /* deep, too */
    {"{a: {x: 1}}", "{a: 5}", "{\"a\":5}"},                              /* another type replaces */
    {"{a: 1}", "{gone: null, b: 2}", "{\"a\":1,\"b\":2}"},              /* nothing to take away */
    {"{a: 1}", "{extends: x}", "{\"a\":1}"},                             /* that is for files */
};

Test(policy_layers, later_layers_win)
{
    for (size_t i = 0; i < GEN_COUNT(merges); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_policy_layers layers = {0};
        struct gen_error err = {0};
        struct gen_node *node;

        cr_assert(eq(int, gen_policy_layers_add(&layers, yaml(merges[i].base, arena), "base", "brief", arena, &err),
                     GEN_OK));
        layers.items[layers.count++] = (struct gen_policy_layer){yaml(merges[i].top, arena), "top"};
        node = gen_policy_layers_merge(&layers, arena);
        cr_assert(eq(str, gen_json_text(arena, node, NULL), (char *)merges[i].result), "case %zu", i);
        gen_arena_destroy(arena);
    }
}

struct placed {
    const char *path; /* of a mistake */
    const char *file;
    uint32_t line;
};

static const struct placed places[] = {
    {"a.x", "base.yaml", 2},  /* only the base has it */
    {"a.y", "top.yaml", 2},   /* both have it: the later one */
    {"b", "top.yaml", 3},     /* only the later one */
    {"c", "top.yaml", 1},     /* nobody: the later one could */
    {"m.v/x-3.1[1].q", "base.yaml", 6}, /* keys with dots, lists */
};

Test(policy_layers, mistakes_are_told_where_they_came_from)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_layers layers = {0};

    layers.items[0] = (struct gen_policy_layer){yaml("a:\n  x: 1\n  y: 2\nm:\n  v/x-3: 1\n  v/x-3.1: [1, {q: 2}]\n", arena), "base.yaml"};
    layers.items[1] = (struct gen_policy_layer){yaml("a:\n  y: 3\nb: 4\n", arena), "top.yaml"};
    layers.count = 2;
    for (size_t i = 0; i < GEN_COUNT(places); i++) {
        struct gen_error err = {0};

        gen_error_set(&err, GEN_EINVAL, "wrong");
        gen_error_place(&err, NULL, 0, 0, places[i].path);
        gen_policy_layers_place(&layers, &err);
        cr_assert(eq(str, err.file, (char *)places[i].file), "case %zu", i);
        cr_assert(eq(int, err.line, places[i].line), "case %zu", i);
    }
    gen_arena_destroy(arena);
}

/* A key that is wrong itself is told where the key stands, not its value; the merged document knows both. */
Test(policy_layers, wrong_keys_are_told_at_the_key)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_layers layers = {0};
    const struct gen_node *merged, *item;
    struct gen_error err = {0};

    layers.items[0] = (struct gen_policy_layer){yaml("m:\n  old: {x: 1}\n", arena), "base.yaml"};
    layers.items[1] = (struct gen_policy_layer){yaml("m:\n  old: {y: 1}\n  new:   2\n", arena), "top.yaml"};
    layers.count = 2;
    merged = gen_policy_layers_merge(&layers, arena);
    item = gen_node_get(gen_node_get(merged, "m"), "new");
    gen_error_set(&err, GEN_EINVAL, "unknown key");
    gen_error_place(&err, NULL, item->key_line, item->key_column, "m.new");
    gen_policy_layers_place(&layers, &err);
    cr_assert(eq(str, err.file, (char *)"top.yaml"));
    cr_assert(eq(int, err.line, 3));
    cr_assert(eq(int, err.column, 3));
    gen_error_place(&err, NULL, item->line, item->column, "m.new");
    gen_policy_layers_place(&layers, &err);
    cr_assert(eq(int, err.column, 10));
    item = gen_node_get(gen_node_get(merged, "m"), "old");
    cr_assert(eq(int, item->key_line, 2));
    cr_assert(eq(int, item->key_column, 3));
    gen_arena_destroy(arena);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

/* A file extends another, or itself. */
Test(policy_layers, files_extend_each_other_but_not_in_a_circle)
{
    char folder[] = "policy_layers_XXXXXX", command[64];
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_layers layers = {0};
    struct gen_error err = {0};

    cr_assert(mkdtemp(folder) != NULL && chdir(folder) == 0);
    put("base.yaml", "a: 1\nb: 1\n");
    put("top.yaml", "extends: base.yaml\nb: 2\n");
    put("one.yaml", "extends: two.yaml\n");
    put("two.yaml", "extends: one.yaml\n");
    put("lost.yaml", "a: 1\nextends: nowhere.yaml\n");
    put("list.yaml", "- a\n");
    cr_assert(eq(int, gen_policy_layers_read(&layers, "top.yaml", "snapshot", arena, &err), GEN_OK));
    cr_assert(eq(str, gen_json_text(arena, gen_policy_layers_merge(&layers, arena), NULL),
                 (char *)"{\"a\":1,\"b\":2}"));
    cr_assert(eq(int, gen_policy_layers_read(&layers, "one.yaml", "snapshot", arena, &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "extends itself") != NULL, "%s", err.message);
    layers = (struct gen_policy_layers){0};
    cr_assert(eq(int, gen_policy_layers_read(&layers, "lost.yaml", "snapshot", arena, &err), GEN_ENOTFOUND));
    cr_assert(strcmp(err.file, "lost.yaml") == 0 && err.line == 2, "%s:%u", err.file, err.line);
    cr_assert(eq(int, gen_policy_layers_read(&layers, "list.yaml", "snapshot", arena, &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "must be a map") != NULL, "%s", err.message);
    cr_assert(chdir("..") == 0);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
    gen_arena_destroy(arena);
}

/* Out of memory anywhere ends in NULL. */
Test(policy_layers, no_memory)
{
    struct gen_arena *arena = gen_arena_create(0), *small = gen_arena_create(256);
    struct gen_policy_layers layers = {0};

    layers.items[0].node = yaml("{a: {b: {c: [1, 2, 3, 4]}}, d: {e: some longer text}}", arena);
    layers.items[1].node = yaml("{a: {b: {d: 1}}}", arena);
    layers.count = 2;
    cr_assert(gen_policy_layers_merge(&layers, small) == NULL);
    gen_arena_destroy(small);
    gen_arena_destroy(arena);
}
