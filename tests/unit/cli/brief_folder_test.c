/* brief_folder_test.c - which files of a folder are briefs, in what order, and what is told of wrong ones. */
#include "cli/brief_folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOOD "scenes: [{prompt: a, duration: 1}]\n"
#define JSON "{\"scenes\":[{\"prompt\":\"a\",\"duration\":1}]}\n"

struct mistakes {
    size_t count;
    char last[300];
};

static void on_mistake(void *context, const struct gen_error *mistake)
{
    struct mistakes *mistakes = context;
    char text[800];

    mistakes->count++;
    (void)snprintf(mistakes->last, sizeof mistakes->last, "%s",
                   gen_error_text(mistake, text, sizeof text));
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[200];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    cr_assert(file != NULL);
    (void)fputs(text, file);
    (void)fclose(file);
}

static void folder_remove(const char *folder)
{
    char command[200];

    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(system(command) == 0);
}

Test(brief_folder, its_briefs_in_order)
{
    char folder[] = "/tmp/gen-briefs-XXXXXX", inner[64];
    struct gen_arena *arena = gen_arena_create(0);
    struct mistakes mistakes = {0};
    struct gen_brief_folder out;
    struct gen_error err = {0};

    cr_assert(mkdtemp(folder) != NULL);
    put(folder, "b.yaml", GOOD);
    put(folder, "a.json", JSON);
    put(folder, "c.yml", GOOD);
    put(folder, "b.JSON", JSON); /* b twice: their whole names tell them apart */
    put(folder, ".hidden.yaml", GOOD);
    put(folder, "notes.txt", "not a brief");
    (void)snprintf(inner, sizeof inner, "%s/more.yaml", folder);
    cr_assert(mkdir(inner, 0700) == 0);
    cr_assert(gen_brief_folder_is(folder) && !gen_brief_folder_is("/nowhere"));
    cr_assert(gen_brief_folder_read(folder, arena, on_mistake, &mistakes, &out, &err) == GEN_OK,
              "%s", err.message);
    cr_assert(out.count == 4 && mistakes.count == 0, "%zu", out.count);
    cr_expect_str_eq(out.names[0], "a");
    cr_expect_str_eq(out.names[1], "b.JSON");
    cr_expect_str_eq(out.names[2], "b.yaml");
    cr_expect_str_eq(out.names[3], "c");
    cr_expect_str_eq(out.title, strrchr(folder, '/') + 1);
    folder_remove(folder);
    gen_arena_destroy(arena);
}

Test(brief_folder, each_mistake_is_told)
{
    char folder[] = "/tmp/gen-briefs-XXXXXX";
    struct gen_arena *arena = gen_arena_create(0);
    struct mistakes mistakes = {0};
    struct gen_brief_folder out;
    struct gen_error err = {0};

    cr_assert(mkdtemp(folder) != NULL);
    cr_expect(gen_brief_folder_read(folder, arena, on_mistake, &mistakes, &out, &err) == GEN_EINVAL);
    cr_expect(strstr(err.message, "has no briefs") != NULL, "%s", err.message);
    put(folder, "a.yaml", GOOD);
    put(folder, "b.yaml", "scenes: [{prompt: a, duration: -1}]\n");
    put(folder, "c.yaml", "scenes: [");
    cr_expect(gen_brief_folder_read(folder, arena, on_mistake, &mistakes, &out, &err) == GEN_EINVAL);
    cr_expect(mistakes.count == 2 && strstr(mistakes.last, "c.yaml") != NULL, "%s", mistakes.last);
    cr_expect(strstr(err.message, "2 of the 3 briefs") != NULL, "%s", err.message);
    for (int i = 0; i < GEN_BRIEF_FOLDER_MOST; i++) {
        char name[32];

        (void)snprintf(name, sizeof name, "n%03d.yaml", i);
        put(folder, name, GOOD);
    }
    cr_expect(gen_brief_folder_read(folder, arena, on_mistake, &mistakes, &out, &err) == GEN_EINVAL);
    cr_expect(strstr(err.message, "more than 100") != NULL, "%s", err.message);
    cr_expect(gen_brief_folder_read("/nowhere", arena, on_mistake, &mistakes, &out, &err) == GEN_EIO);
    folder_remove(folder);
    gen_arena_destroy(arena);
}
