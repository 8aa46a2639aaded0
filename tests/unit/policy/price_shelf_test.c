/* price_shelf_test.c - price books of another folder: read whole or not at all, and asked for by provider. */
#include "policy/price_shelf.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD "id: %s\nprices:\n  - {perSecond: 0.25}\n  - {resolution: 4k, perSecond: 0.5}\n"

static void put(const char *folder, const char *name, const char *text)
{
    char path[200];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    cr_assert(file != NULL);
    (void)fprintf(file, text, "studio"); /* NOLINT: the texts are those above */
    (void)fclose(file);
}

static enum gen_status read_shelf(const char *folder, struct gen_arena *arena,
                                  struct gen_policy_problems *problems, struct gen_price_shelf *out,
                                  struct gen_error *err)
{
    gen_policy_problems_init(problems);
    return gen_price_shelf_read(folder, arena, problems, out, err);
}

static const struct {
    const char *name, *text; /* of one more file */
    enum gen_status status;
    size_t books;
    const char *says;
} cases[] = {
    {"notes.txt", "not a book", GEN_OK, 1, ""},
    {".hidden.yaml", "[", GEN_OK, 1, ""},
    {"other.yaml", "id: other\nprices:\n  - {perClip: 1}\n", GEN_OK, 2, ""},
    {"empty.yaml", "", GEN_EINVAL, 0, "empty.yaml"},
    {"wrong.yaml", "id: other\nprices:\n  - {perSecond: -1}\n", GEN_EINVAL, 0, "prices[0].perSecond"},
    {"torn.yaml", "id: [", GEN_EINVAL, 0, "torn.yaml"},
    {"word.yaml", "id: other\npirces: []\n", GEN_EINVAL, 0, "pirces"},
};

Test(price_shelf, whole_or_not_at_all)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char folder[] = "/tmp/gen-shelf-XXXXXX", command[100], text[800];
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_policy_problems problems;
        struct gen_price_shelf shelf = {0};
        struct gen_error err = {0};
        enum gen_status status;

        cr_assert(mkdtemp(folder) != NULL);
        put(folder, "studio.yaml", GOOD);
        put(folder, cases[i].name, cases[i].text);
        status = read_shelf(folder, arena, &problems, &shelf, &err);
        (void)gen_error_text(&err, text, sizeof text);
        cr_expect(status == cases[i].status && shelf.count == cases[i].books, "%s: %d, %zu: %s",
                  cases[i].name, status, shelf.count, text);
        cr_expect(status == GEN_OK || strstr(text, cases[i].says) != NULL, "%s: %s", cases[i].name,
                  text);
        if (status == GEN_OK) {
            const struct gen_records *rows = gen_price_shelf_rows(&shelf, "studio");

            cr_assert(rows != NULL && rows->count == 2);
            cr_expect(gen_price_shelf_rows(&shelf, "nobody") == NULL);
        }
        gen_policy_problems_fini(&problems);
        gen_arena_destroy(arena);
        (void)snprintf(command, sizeof command, "rm -rf %s", folder);
        cr_assert(system(command) == 0);
    }
}

Test(price_shelf, a_folder_that_is_not_there)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_problems problems;
    struct gen_price_shelf shelf = {0};
    struct gen_error err = {0};

    cr_expect(read_shelf("/nowhere/at/all", arena, &problems, &shelf, &err) == GEN_OK);
    cr_expect(shelf.count == 0 && gen_price_shelf_rows(&shelf, "studio") == NULL);
    cr_expect(gen_price_shelf_rows(NULL, "studio") == NULL);
    gen_policy_problems_fini(&problems);
    cr_expect(read_shelf("/etc/hostname", arena, &problems, &shelf, &err) != GEN_OK);
    gen_policy_problems_fini(&problems);
    gen_arena_destroy(arena);
}

Test(price_shelf, every_allocation_fails)
{
    char folder[] = "/tmp/gen-shelf-XXXXXX", command[100];
    bool done = false;

    cr_assert(mkdtemp(folder) != NULL);
    put(folder, "studio.yaml", GOOD);
    for (long nth = 1; !done; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_policy_problems problems;
        struct gen_price_shelf shelf = {0};
        struct gen_error err = {0};
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = read_shelf(folder, arena, &problems, &shelf, &err);
        gen_alloc_fail_at(0);
        done = status == GEN_OK;
        cr_assert(done || status == GEN_ENOMEM, "%ld: %d %s", nth, status, err.message);
        gen_policy_problems_fini(&problems);
        gen_arena_destroy(arena);
        cr_assert(nth < 2000);
    }
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(system(command) == 0);
}
