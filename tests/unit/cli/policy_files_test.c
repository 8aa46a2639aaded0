/* policy_files_test.c - listing the YAML files of a folder, and reading one within bounds. */
#include "cli/policy_files.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void put(const char *name, const char *text, size_t size)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    cr_assert(file != NULL);
    fwrite(text, 1, size, file);
    fclose(file);
}

static void set_up(void)
{
    char path[256];

    strcpy(folder, "policy_files_XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/inner", folder);
    mkdir(path, 0755);
    put("b.yaml", "a: 1\n", 5);
    put("a.yml", "- 1\n", 4);
    put("c.json", "{\"a\": 2}", 8);
    put("d.txt", "x", 1);
    put(".hidden.yaml", "x", 1);
    put("e.yaml~", "x", 1);
    put("inner/f.yaml", "a: 3\n", 5);
}

static void tear_down(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert(system(command) == 0);
}

TestSuite(policy_files, .init = set_up, .fini = tear_down);

struct listed {
    bool deep, json;
    const char *names; /* in order, with spaces */
};

static const struct listed lists[] = {
    {false, false, "a.yml b.yaml"},                     /* sorted; no JSON, nothing hidden, no backup */
    {false, true, "a.yml b.yaml c.json"},               /* JSON too */
    {true, false, "a.yml b.yaml inner/f.yaml"},         /* one level down */
};

Test(policy_files, folders_are_listed)
{
    for (size_t i = 0; i < GEN_COUNT(lists); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_policy_paths paths;
        struct gen_error err = {0};
        char said[512] = "", slashed[80];

        snprintf(slashed, sizeof(slashed), "%s//", folder); /* slashes at the end do not show */
        cr_assert(eq(int, gen_policy_files_list(slashed, lists[i].deep, lists[i].json, arena, &paths, &err),
                     GEN_OK), "%s", err.message);
        for (size_t k = 0; k < paths.count; k++) {
            strcat(said, k > 0 ? " " : "");
            strcat(said, paths.items[k] + strlen(folder) + 1);
        }
        cr_assert(eq(str, said, (char *)lists[i].names), "case %zu", i);
        gen_arena_destroy(arena);
    }
}

struct reading {
    const char *name, *text;
    enum gen_status status;
    const char *message; /* part of it */
    uint32_t line;
};

static const struct reading readings[] = {
    {"x.yaml", "a: 1\n", GEN_OK, NULL, 0},
    {"x.json", "{\"a\": 1}", GEN_OK, NULL, 0},
    {"x.yaml", "a: 1\nb:\n\t- 2\n", GEN_EINVAL, "tab", 3},   /* a tab */
    {"x.yaml", "a: 1\na: 2\n", GEN_EINVAL, "a", 2},           /* a key twice */
    {"x.json", "{\"a\": ", GEN_EINVAL, "", 1},                 /* cut off */
    {"missing/x.yaml", NULL, GEN_ENOTFOUND, "missing/x.yaml", 0},
    {"inner", NULL, GEN_EINVAL, "is a folder", 0},
};

Test(policy_files, a_file_is_read_or_its_mistake_is_told)
{
    for (size_t i = 0; i < GEN_COUNT(readings); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};
        char path[256];

        if (readings[i].text != NULL) {
            put(readings[i].name, readings[i].text, strlen(readings[i].text));
        }
        snprintf(path, sizeof(path), "%s/%s", folder, readings[i].name);
        cr_assert(eq(int, gen_policy_files_read(path, arena, &node, &err), readings[i].status), "case %zu: %s",
                  i, err.message);
        cr_assert(eq(int, err.line, readings[i].line), "case %zu: %s", i, err.message);
        cr_assert(readings[i].message == NULL || strstr(err.message, readings[i].message) != NULL,
                  "case %zu: %s", i, err.message);
        cr_assert(eq(int, (node != NULL), readings[i].status == GEN_OK), "case %zu", i);
        gen_arena_destroy(arena);
    }
}

Test(policy_files, a_huge_file_is_refused)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    char path[256];

    snprintf(path, sizeof(path), "%s/b.yaml", folder);
    cr_assert(truncate(path, GEN_POLICY_FILES_SIZE + 1) == 0);
    cr_assert(eq(int, gen_policy_files_read(path, arena, &node, &err), GEN_ETOOLARGE));
    cr_assert(strstr(err.message, "4 MB") != NULL && strcmp(err.file, path) == 0, "%s", err.message);
    gen_arena_destroy(arena);
}

struct beside {
    const char *file, *name, *path;
};

static const struct beside besides[] = {
    {"a/tests/x.yaml", "snapshot.yaml", "a/tests/snapshot.yaml"},
    {"x.yaml", "snapshot.yaml", "snapshot.yaml"},
    {"/a/x.yaml", "/b/y.yaml", "/b/y.yaml"},
};

Test(policy_files, names_are_relative_to_their_file)
{
    for (size_t i = 0; i < GEN_COUNT(besides); i++) {
        struct gen_arena *arena = gen_arena_create(0);

        cr_assert(eq(str, (char *)gen_policy_files_beside(besides[i].file, besides[i].name, arena),
                     (char *)besides[i].path));
        gen_arena_destroy(arena);
    }
}
