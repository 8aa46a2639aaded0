/* secret_store_test.c - rows of secrets: versions that only grow, one change at a time, nothing of others touched. */
#include "unit/store/sample.h"

#include "store/secret_reading.h"

static struct gen_secret_row row_of(const char *organization, const char *team, const char *name,
                                    int64_t version)
{
    return (struct gen_secret_row){.organization = organization, .team = team, .name = name,
                                   .version = version, .sealed = {"text", "key", "master-1"},
                                   .since = SAMPLE_NOW + version, .created_at = SAMPLE_NOW,
                                   .created_by = "ann", .rotated_by = "", .tested_note = ""};
}

static enum gen_status change(struct sample *sample, enum gen_change_kind kind,
                              const struct gen_secret_row *row, int64_t keeps)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_secret(changes, kind, row, keeps);
    return sample_apply(sample, changes);
}

/* The versions that are there, as "org/team/name#version " each. */
static const char *rows_there(struct sample *sample, struct gen_arena *arena)
{
    struct gen_secret_row *rows = NULL;
    const char *text = "";
    size_t count = 0;

    OK(gen_read_secrets(sample->store, arena, &rows, &count, NULL));
    for (size_t i = 0; i < count; i++) {
        text = gen_arena_printf(arena, "%s%s/%s/%s#%d ", text, rows[i].organization, rows[i].team,
                                rows[i].name, (int)rows[i].version);
    }
    return text;
}

Test(secret_store, versions_follow_each_other)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_secret_row row;
    struct sample sample;

    sample_open(&sample);
    row = row_of("org_1", "", "runway", 2);
    cr_expect(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0) == GEN_ECONFLICT); /* no first one */
    row.version = 1;
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0));
    cr_expect(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0) == GEN_ECONFLICT); /* taken */
    row.version = 2;
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 1)); /* the first stays */
    row.version = 3;
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 1)); /* the second goes */
    row = row_of("org_1", "spring", "runway", 1);
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0));
    row = row_of("org_2", "", "runway", 1);
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0));
    cr_expect_str_eq(rows_there(&sample, arena),
                     "org_1//runway#1 org_1//runway#3 org_1/spring/runway#1 org_2//runway#1 ");
    row = row_of("org_1", "", "runway", 3);
    OK(change(&sample, GEN_CHANGE_SECRET_REMOVE, &row, 0));
    cr_expect(change(&sample, GEN_CHANGE_SECRET_REMOVE, &row, 0) == GEN_ECONFLICT);
    cr_expect_str_eq(rows_there(&sample, arena), "org_1/spring/runway#1 org_2//runway#1 ");
    sample_close(&sample);
    gen_arena_destroy(arena);
}

Test(secret_store, wrapping_and_testing_hit_their_version_alone)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_secret_row row = row_of("org_1", "", "runway", 1), *rows = NULL;
    struct sample sample;
    size_t count = 0;

    sample_open(&sample);
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0));
    row = row_of("org_1", "", "runway", 2);
    OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 1));
    row.sealed = (struct gen_sealed){"not written", "key-2", "master-2"};
    OK(change(&sample, GEN_CHANGE_SECRET_WRAP, &row, 0));
    row.tested_at = SAMPLE_NOW + 9;
    row.tested_note = "the key was refused";
    OK(change(&sample, GEN_CHANGE_SECRET_TEST, &row, 0));
    OK(gen_read_secrets(sample.store, arena, &rows, &count, NULL));
    cr_assert(count == 2);
    cr_expect_str_eq(rows[0].sealed.master, "master-1");
    cr_expect(rows[0].tested_at == 0);
    cr_expect_str_eq(rows[1].sealed.text, "text");
    cr_expect_str_eq(rows[1].sealed.key, "key-2");
    cr_expect_str_eq(rows[1].sealed.master, "master-2");
    cr_expect(rows[1].tested_at == SAMPLE_NOW + 9 && !rows[1].tested_well);
    cr_expect_str_eq(rows[1].tested_note, "the key was refused");
    cr_expect_str_eq(rows[1].created_by, "ann");
    cr_expect(rows[1].since == SAMPLE_NOW + 2);
    row.version = 3;
    cr_expect(change(&sample, GEN_CHANGE_SECRET_WRAP, &row, 0) == GEN_ECONFLICT);
    cr_expect(change(&sample, GEN_CHANGE_SECRET_TEST, &row, 0) == GEN_ECONFLICT);
    sample_close(&sample);
    gen_arena_destroy(arena);
}

Test(secret_store, more_than_a_page_comes_in_order)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_secret_row *rows = NULL;
    struct sample sample;
    size_t count = 0;

    sample_open(&sample);
    for (int i = 599; i >= 0; i--) {
        char name[16];
        struct gen_secret_row row;

        snprintf(name, sizeof name, "n%03d", i);
        row = row_of(i % 2 == 0 ? "org_1" : "org_2", "", name, 1);
        OK(change(&sample, GEN_CHANGE_SECRET_ADD, &row, 0));
    }
    OK(gen_read_secrets(sample.store, arena, &rows, &count, NULL));
    cr_assert(count == 600);
    for (size_t i = 0; i < count; i++) {
        char name[16];

        snprintf(name, sizeof name, "n%03d", (int)(i < 300 ? 2 * i : 2 * (i - 300) + 1));
        cr_expect_str_eq(rows[i].name, name);
    }
    sample_close(&sample);
    gen_arena_destroy(arena);
}

Test(secret_store, open_jobs_from_before)
{
    struct sample sample;
    bool older = true;

    sample_open(&sample);
    OK(gen_read_older_job(sample.store, SAMPLE_NOW + 1000, &older, NULL));
    cr_expect(older == false);
    sample_close(&sample);
}
