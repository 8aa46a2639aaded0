/* standby_test.c - the kept set: the same comes back, or nothing does. */
#include "engine/standby.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(standby, .timeout = 120);

struct shelf {
    char root[40], path[64];
    struct gen_policy_problems problems;
    struct gen_policy_set *set;
    struct gen_error err;
};

static void shelf_open(struct shelf *shelf)
{
    memset(shelf, 0, sizeof *shelf);
    strcpy(shelf->root, "/tmp/gen-standby-XXXXXX");
    cr_assert(mkdtemp(shelf->root) != NULL);
    snprintf(shelf->path, sizeof shelf->path, "%s/policies.kept", shelf->root);
    gen_policy_problems_init(&shelf->problems);
    cr_assert(gen_crypto_init(&shelf->err) == GEN_OK);
    cr_assert(gen_policy_load(GEN_SOURCE_DIR "/policies", &(struct gen_policy_terms){0},
                              &shelf->problems, &shelf->set, &shelf->err) == GEN_OK);
}

static void shelf_close(struct shelf *shelf)
{
    gen_policy_destroy(shelf->set);
    gen_policy_problems_fini(&shelf->problems);
    cr_assert(gen_files_remove_tree(shelf->root, &shelf->err) == GEN_OK);
}

static enum gen_status shelf_load(struct shelf *shelf, const char *folder,
                                  struct gen_policy_set **out)
{
    gen_policy_problems_fini(&shelf->problems);
    gen_policy_problems_init(&shelf->problems);
    return gen_standby_load(shelf->path, folder, &(struct gen_policy_terms){0}, &shelf->problems,
                            out, &shelf->err);
}

Test(standby, gives_back_what_was_kept)
{
    struct shelf shelf;
    struct gen_policy_set *set = NULL;

    shelf_open(&shelf);
    cr_assert(shelf_load(&shelf, "/etc/x", &set) == GEN_ENOTFOUND && set == NULL);
    cr_assert(gen_standby_keep(shelf.path, "/etc/x", shelf.set, &shelf.err) == GEN_OK, "%s",
              shelf.err.message);
    cr_assert(shelf_load(&shelf, "/etc/x", &set) == GEN_OK, "%s", shelf.err.message);
    cr_assert(eq(str, set->version, shelf.set->version));
    cr_assert(eq(sz, set->file_count, shelf.set->file_count));
    gen_policy_destroy(set);
    set = NULL;
    cr_assert(shelf_load(&shelf, "/etc/y", &set) == GEN_ENOTFOUND && set == NULL);
    shelf_close(&shelf);
}

/* A relative name means one folder, wherever gend is started the next time. */
Test(standby, a_relative_folder)
{
    struct shelf shelf;
    struct gen_policy_set *set = NULL;

    shelf_open(&shelf);
    cr_assert(gen_standby_keep(shelf.path, "policies", shelf.set, &shelf.err) == GEN_OK);
    cr_assert(shelf_load(&shelf, "policies", &set) == GEN_OK);
    gen_policy_destroy(set);
    set = NULL;
    cr_assert(chdir(shelf.root) == 0);
    cr_assert(shelf_load(&shelf, "policies", &set) == GEN_ENOTFOUND && set == NULL);
    shelf_close(&shelf);
}

/* Cut off, changed in one place, of a later version, not ours: none of it is loaded. */
Test(standby, what_is_damaged_is_not_loaded)
{
    static const struct {
        const char *from, *to; /* to NULL: cut off there */
        enum gen_status status;
    } cases[] = {
        {"\"files\"", NULL, GEN_ECORRUPT},
        {"\"format\":1", "\"format\":2", GEN_ECORRUPT},
        {"\"version\":\"", "\"version\":\"0", GEN_ECORRUPT},
        {"# ", "#  ", GEN_ECORRUPT}, /* a comment: the same policies, not the same version */
        {"\"budget.yaml\":\"", "\"budget.yaml\":\"bugdet: 1\\n", GEN_EINVAL},
        {"\"budget.yaml\":\"", "\"budget.yml\":1,\"budget.yaml\":\"", GEN_ECORRUPT},
    };
    struct shelf shelf;
    struct gen_bytes text;

    shelf_open(&shelf);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_policy_set *set = NULL;
        struct gen_bytes other;
        const char *at;

        gen_bytes_init(&text, 1 << 24);
        gen_bytes_init(&other, 1 << 24);
        (void)remove(shelf.path);
        cr_assert(gen_standby_keep(shelf.path, "/etc/x", shelf.set, &shelf.err) == GEN_OK);
        cr_assert(gen_files_read(shelf.path, &text, &shelf.err) == GEN_OK);
        at = strstr(text.data, cases[i].from);
        cr_assert(at != NULL, "case %zu", i);
        gen_bytes_append(&other, text.data, (size_t)(at - text.data));
        if (cases[i].to != NULL) {
            gen_bytes_text(&other, cases[i].to);
            gen_bytes_text(&other, at + strlen(cases[i].from));
        }
        cr_assert(gen_files_write(shelf.path, other.data, other.size, 0600, &shelf.err) == GEN_OK);
        cr_assert(shelf_load(&shelf, "/etc/x", &set) == cases[i].status, "case %zu: %s", i,
                  shelf.err.message);
        cr_assert(set == NULL, "case %zu", i);
        gen_bytes_fini(&text);
        gen_bytes_fini(&other);
    }
    shelf_close(&shelf);
}

Test(standby, every_allocation_may_fail)
{
    struct shelf shelf;
    struct gen_policy_set *set = NULL;
    enum gen_status status = GEN_ENOMEM;

    shelf_open(&shelf);
    for (long nth = 1; status != GEN_OK; nth++) {
        gen_alloc_fail_at(nth);
        status = gen_standby_keep(shelf.path, "/etc/x", shelf.set, &shelf.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %d", nth, status);
    }
    status = GEN_ENOMEM;
    for (long nth = 1; status != GEN_OK; nth += 1 + nth / 10) { /* compiling allocates very often */
        gen_alloc_fail_at(nth);
        status = shelf_load(&shelf, "/etc/x", &set);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || (status == GEN_ENOMEM && set == NULL), "%ld: %d", nth,
                  status);
    }
    gen_policy_destroy(set);
    shelf_close(&shelf);
}
