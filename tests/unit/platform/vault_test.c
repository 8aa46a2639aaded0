/* vault_test.c - a sealed secret opens for whom it was sealed, and for nobody and nothing else. */
#include "platform/vault.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct gen_master_key key_of(unsigned char byte)
{
    struct gen_master_key key = {.id = "0123456789abcdef"};

    memset(key.key, byte, sizeof key.key);
    key.id[0] = (char)('a' + byte % 6);
    return key;
}

static const struct gen_vault_label label = {"org_1", "spring", "runway", 3};
static const char text[] = "key-MARKER-of-runway";

static void init(void)
{
    struct gen_error err;

    cr_assert(gen_crypto_init(&err) == GEN_OK);
}

TestSuite(vault, .init = init);

static struct gen_vault_box sealed(struct gen_arena *arena, const struct gen_master_key *key)
{
    struct gen_vault_box box = {0};
    struct gen_error err = {0};

    cr_assert(gen_vault_seal(key, gen_random_real(), &label, text, strlen(text), arena, &box,
                             &err) == GEN_OK);
    return box;
}

static enum gen_status opened(const struct gen_master_key *key, const struct gen_vault_label *whose,
                              const struct gen_vault_box *box, struct gen_error *err)
{
    char out[200] = "";
    size_t size = 0;
    enum gen_status status = gen_vault_open(key, whose, box, out, sizeof out - 1, &size, err);

    if (status == GEN_OK) {
        cr_expect(eq(sz, size, strlen(text)));
        cr_expect(eq(str, out, (char *)text));
    }
    return status;
}

Test(vault, what_was_sealed_opens_again_and_never_looks_the_same_twice)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_master_key key = key_of(1);
    struct gen_vault_box a = sealed(arena, &key), b = sealed(arena, &key);
    struct gen_error err = {0};

    cr_expect(eq(int, opened(&key, &label, &a, &err), GEN_OK));
    cr_expect(eq(int, opened(&key, &label, &b, &err), GEN_OK));
    cr_expect(ne(str, (char *)a.text, (char *)b.text));
    cr_expect(ne(str, (char *)a.key, (char *)b.key));
    cr_expect(strstr(a.text, "MARKER") == NULL && strstr(a.key, "MARKER") == NULL);
    gen_arena_destroy(arena);
}

Test(vault, a_row_that_was_moved_or_changed_does_not_open)
{
    static const struct {
        struct gen_vault_label label;
    } rows[] = {
        {{"org_2", "spring", "runway", 3}}, /* another organization */
        {{"org_1", "", "runway", 3}},       /* the organization's instead of the team's */
        {{"org_1", "autumn", "runway", 3}}, /* another team */
        {{"org_1", "spring", "kling", 3}},  /* another name */
        {{"org_1", "spring", "runway", 2}}, /* an older version put back */
        {{"org_1spring", "", "runway", 3}}, /* the same letters, cut elsewhere */
    };
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_master_key key = key_of(1), other = key_of(2);
    struct gen_vault_box box = sealed(arena, &key), damaged, second = sealed(arena, &key);
    struct gen_error err = {0};

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        cr_expect(eq(int, opened(&key, &rows[i].label, &box, &err), GEN_ECORRUPT), "row %zu", i);
        cr_expect(strstr(err.message, "MARKER") == NULL);
    }
    cr_expect(eq(int, opened(&other, &label, &box, &err), GEN_ECORRUPT));
    cr_expect(eq(int, opened(NULL, &label, &box, &err), GEN_EDENIED));
    damaged = box;
    damaged.key = second.key; /* the key of another seal of the same secret */
    cr_expect(eq(int, opened(&key, &label, &damaged, &err), GEN_ECORRUPT));
    damaged = box;
    damaged.master = "ffffffffffffffff"; /* as if it were under another key */
    cr_expect(eq(int, opened(&key, &label, &damaged, &err), GEN_ECORRUPT));
    damaged.text = "AAAA";
    cr_expect(eq(int, opened(&key, &label, &damaged, &err), GEN_ECORRUPT));
    damaged.text = "no base64 at all";
    cr_expect(eq(int, opened(&key, &label, &damaged, &err), GEN_ECORRUPT));
    gen_arena_destroy(arena);
}

Test(vault, every_changed_character_is_found)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_master_key key = key_of(1);
    struct gen_vault_box box = sealed(arena, &key);
    struct gen_error err = {0};

    for (size_t i = 0; i + 2 < strlen(box.text); i++) { /* the last ones may be padding */
        char *copy = gen_arena_strdup(arena, box.text);
        struct gen_vault_box damaged = {copy, box.key, box.master};

        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        cr_expect(eq(int, opened(&key, &label, &damaged, &err), GEN_ECORRUPT), "%zu", i);
    }
    gen_arena_destroy(arena);
}

Test(vault, wrapping_changes_the_master_key_and_not_the_text)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_master_key from = key_of(1), to = key_of(2);
    struct gen_vault_box box = sealed(arena, &from), fresh = {0};
    struct gen_error err = {0};

    cr_assert(eq(int, gen_vault_wrap(&from, &to, gen_random_real(), &label, &box, arena, &fresh,
                                     &err), GEN_OK));
    cr_expect(eq(str, (char *)fresh.text, (char *)box.text));
    cr_expect(eq(str, (char *)fresh.master, to.id));
    cr_expect(eq(int, opened(&to, &label, &fresh, &err), GEN_OK));
    cr_expect(eq(int, opened(&from, &label, &fresh, &err), GEN_ECORRUPT));
    cr_expect(eq(int, opened(&from, &label, &box, &err), GEN_OK));
    gen_arena_destroy(arena);
}

Test(vault, memory_may_run_out_anywhere)
{
    struct gen_master_key key = key_of(1);

    for (long nth = 1;; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_vault_box box = {0};
        struct gen_error err = {0};
        char out[100];
        size_t size;
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_vault_seal(&key, gen_random_real(), &label, text, strlen(text), arena, &box,
                                &err);
        if (status == GEN_OK) {
            status = gen_vault_open(&key, &label, &box, out, sizeof out, &size, &err);
        }
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
        if (status == GEN_OK) {
            cr_expect(nth > 4);
            break;
        }
        cr_assert(eq(int, status, GEN_ENOMEM));
    }
}
