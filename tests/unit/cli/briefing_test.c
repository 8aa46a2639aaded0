/* briefing_test.c - briefs from files: what is wrong with them is told at its place, and every file
 * that they name is found once. */
#include "cli/briefing.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "briefing-XXXXXX";

static void put(const char *name, const char *text)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_files_write(name, text, strlen(text), 0600, &err), GEN_OK), "%s", err.message);
}

static void setup(void)
{
    cr_assert(mkdtemp(folder) != NULL && chdir(folder) == 0);
    cr_assert(mkdir("art", 0700) == 0);
    put("a.png", "picture");
    put("art/b.png", "another");
    put("empty.png", "");
    cr_assert(symlink("a.png", "link.png") == 0);
    put("huge.png", "x");
    cr_assert(truncate("huge.png", GEN_BRIEFING_ASSET_MOST + 1) == 0); /* a hole, no disk */
    put("largest.png", "x");
    cr_assert(truncate("largest.png", GEN_BRIEFING_ASSET_MOST) == 0);
}

static void teardown(void)
{
    struct gen_error err = {0};

    cr_assert(chdir("..") == 0);
    cr_assert(eq(int, gen_files_remove_tree(folder, &err), GEN_OK));
}

TestSuite(briefing, .init = setup, .fini = teardown);

struct wrong {
    const char *file, *text;
    enum gen_status status;
    uint32_t line, column;
    const char *path, *message;
};

#define SCENE "title: x\nscenes:\n  - {prompt: a, duration: 1"

static const struct wrong wrongs[] = {
    /* nothing at all, or nothing but blanks, comments, a byte order mark */
    {"b.yaml", "", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.json", "", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.json", " \t\r\n\n", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.yaml", " \n\n", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.yaml", "# soon\n\n", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.yaml", "---\n", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.json", "\xef\xbb\xbf", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.json", "null", GEN_EINVAL, 1, 1, "", "the brief is empty"},
    {"b.yaml", SCENE ", assets: [none.png]}\n", GEN_EINVAL, 3, 39, "scenes[0].assets[0]", "there is no file none.png"},
    {"b.yaml", SCENE ", assets: [empty.png]}\n", GEN_EINVAL, 3, 39, "scenes[0].assets[0]", "is empty"},
    {"b.yaml", SCENE ", assets: [art]}\n", GEN_EINVAL, 3, 39, "scenes[0].assets[0]", "art is not a file"},
    {"b.yaml", SCENE ", assets: [a.png, huge.png]}\n", GEN_ETOOLARGE, 3, 46, "scenes[0].assets[1]", "at most 500 MB"},
    {"b.yaml", SCENE "}\nbrand: {logo: l.png}\n", GEN_EINVAL, 4, 15, "brand.logo", "there is no file l.png"},
    {"b.yaml", SCENE ", duraton: 2}\n", GEN_EINVAL, 3, 0, "scenes[0].duraton", "did you mean"},
    {"b.yaml", "title: [\n", GEN_EINVAL, 2, 0, "", ""},
    {"b.json", "{\"title\": \"x\", \"scenes\": []}", GEN_EINVAL, 1, 0, "scenes", ""},
    {"b.json", "{\"title\"", GEN_EINVAL, 1, 0, "", ""},
    {"b.txt", "title: x", GEN_EINVAL, 0, 0, "", ".yaml, .yml or .json"},
};

Test(briefing, mistakes_have_their_place)
{
    for (size_t i = 0; i < GEN_COUNT(wrongs); i++) {
        const struct wrong *c = &wrongs[i];
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_briefing *briefing = NULL;
        struct gen_error err = {0};

        put(c->file, c->text);
        cr_assert(eq(int, gen_briefing_read(c->file, arena, &briefing, &err), c->status), "case %zu: %s", i,
                  err.message);
        cr_assert(briefing == NULL);
        cr_assert(eq(u32, err.line, c->line), "case %zu: %s", i, err.message);
        cr_assert(c->column == 0 || err.column == c->column, "case %zu: column %u", i, err.column);
        cr_assert(c->line == 0 || strcmp(err.file, c->file) == 0, "case %zu: file %s", i, err.file);
        cr_assert(eq(str, err.path, (char *)c->path), "case %zu", i);
        cr_assert(strstr(err.message, c->message) != NULL, "case %zu: %s", i, err.message);
        gen_arena_destroy(arena);
    }
}

Test(briefing, a_missing_brief)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_briefing *briefing = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_briefing_read("none.yaml", arena, &briefing, &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "there is no file none.yaml") != NULL, "%s", err.message);
    gen_arena_destroy(arena);
}

static const char full[] = "title: x\nbrand: {logo: link.png}\nscenes:\n"
                           "  - {prompt: a, duration: 1, assets: [a.png, largest.png]}\n"
                           "  - {prompt: b, duration: 1, assets: [art/b.png, ast_01m81qqjc2h1m667q3j8md7c1b]}\n";

Test(briefing, files_are_found_once_and_replaced)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_briefing *briefing = NULL;
    struct gen_node *document = NULL;
    struct gen_error err = {0};
    static const char *const ids[] = {"ast_1", "ast_2", "ast_3"};

    put("sub.yaml", full);
    cr_assert(eq(int, gen_briefing_read("./sub.yaml", arena, &briefing, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(sz, briefing->file_count, 3)); /* the link is the same file; an id is no file */
    for (size_t i = 0; i < 3; i++) {
        briefing->files[i].asset = ids[i];
    }
    cr_assert(eq(int, gen_briefing_document(briefing, arena, &document, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(str, (char *)gen_node_text(gen_node_find(document, "scenes[1].assets[1]", NULL), ""),
                 "ast_01m81qqjc2h1m667q3j8md7c1b"));
    cr_assert(strncmp(gen_node_text(gen_node_find(document, "scenes[1].assets[0]", NULL), ""), "ast_", 4) == 0);
    cr_assert(eq(str, (char *)gen_node_text(gen_node_find(document, "scenes[0].assets[0]", NULL), ""),
                 (char *)gen_node_text(gen_node_find(document, "brand.logo", NULL), "?")));
    gen_arena_destroy(arena);
}

Test(briefing, a_file_that_changed_meanwhile_is_told)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_briefing *briefing = NULL;
    struct gen_node *document = NULL;
    struct gen_error err = {0};

    put("c.yaml", SCENE ", assets: [a.png]}\n");
    cr_assert(eq(int, gen_briefing_read("c.yaml", arena, &briefing, &err), GEN_OK));
    briefing->files[0].asset = "ast_1";
    cr_assert(unlink("a.png") == 0);
    cr_assert(eq(int, gen_briefing_document(briefing, arena, &document, &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "changed") != NULL && err.line == 3, "%s", err.message);
    gen_arena_destroy(arena);
}

Test(briefing, survives_every_failing_allocation)
{
    enum gen_status status = GEN_ENOMEM;

    put("d.yaml", full);
    for (long nth = 1; nth < 100000; nth++) {
        struct gen_arena *arena;
        struct gen_briefing *briefing = NULL;
        struct gen_error err = {0};

        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        status = arena == NULL ? GEN_ENOMEM : gen_briefing_read("d.yaml", arena, &briefing, &err);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, err.message);
        cr_assert(eq(int, status == GEN_OK, briefing != NULL));
        gen_arena_destroy(arena);
        if (gen_alloc_count() < nth) {
            break;
        }
    }
    gen_alloc_fail_at(0);
    cr_assert(eq(int, status, GEN_OK));
}
