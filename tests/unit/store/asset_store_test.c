/* asset_store_test.c - uploads that no job uses can go; those that one uses never. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/reading.h"
#include "store/migration.h"
#include "store/schema.h"

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000"

static struct gen_change *add(struct gen_changes *changes, enum gen_change_kind kind, uint64_t n,
                              gen_moment at)
{
    struct gen_change *change = gen_changes_add(changes, kind);

    change->as.upload = (struct gen_change_upload){sample_ident(GEN_IDENT_ASSET, n), "", at};
    return change;
}

/* Asset number n with content c, uploaded at. */
static void add_asset(struct sample *sample, uint64_t n, int c, gen_moment at)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_ASSET_ADD);

    change->as.asset = (struct gen_asset){
        .id = sample_ident(GEN_IDENT_ASSET, n), .organization = "org_1",
        .digest = gen_arena_printf(changes->arena, "%s%02d", DIGEST, c), .name = "a", .kind = "text",
        .media_type = "text/plain", .size = 10, .created_at = at};
    OK(sample_apply(sample, changes));
}

static enum gen_status apply_one(struct sample *sample, enum gen_change_kind kind, uint64_t n,
                                 gen_moment at)
{
    struct gen_changes *changes = gen_changes_create();

    add(changes, kind, n, at);
    return sample_apply(sample, changes);
}

static size_t unused_before(struct sample *sample, gen_moment before)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_asset *assets;
    size_t count = 99;

    OK(gen_read_unused_assets(sample->store, before, arena, &assets, &count, NULL));
    gen_arena_destroy(arena);
    return count;
}

static size_t loose(struct sample *sample, const char *after)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char **digests;
    size_t count = 99;

    OK(gen_read_loose_blobs(sample->store, after, arena, &digests, &count, NULL));
    gen_arena_destroy(arena);
    return count;
}

Test(asset_store, only_what_is_old_and_unused_is_removed)
{
    struct sample sample;
    struct gen_read_counts counts;

    sample_open(&sample);
    add_asset(&sample, 1, 1, 1000); /* old */
    add_asset(&sample, 2, 2, 1000); /* old, and used by a job */
    add_asset(&sample, 3, 3, 1000); /* old, and sent again */
    add_asset(&sample, 4, 4, 5000); /* young */
    add_asset(&sample, 5, 1, 6000); /* the content of the first, under another id */
    OK(apply_one(&sample, GEN_CHANGE_ASSET_USED, 2, 2000));
    OK(apply_one(&sample, GEN_CHANGE_ASSET_SENT, 3, 5500));
    OK(apply_one(&sample, GEN_CHANGE_ASSET_SENT, 3, 10)); /* a clock that went back */
    cr_assert(eq(sz, unused_before(&sample, 5000), 1));
    cr_assert(eq(int, apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 2, 5000), GEN_ECONFLICT));
    cr_assert(eq(int, apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 3, 5000), GEN_ECONFLICT));
    cr_assert(eq(int, apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 4, 4999), GEN_ECONFLICT));
    cr_assert(eq(sz, loose(&sample, ""), 0), "a refused set leaves nothing");
    OK(apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 1, 5000));
    cr_assert(eq(sz, loose(&sample, ""), 1));
    cr_assert(eq(sz, loose(&sample, DIGEST "01"), 0), "behind it there is none");
    cr_assert(eq(sz, unused_before(&sample, 9000), 3));
    OK(gen_read_counts(sample.store, &counts, NULL));
    cr_assert(eq(i64, counts.assets, 4));
    cr_assert(eq(i64, counts.asset_bytes, 40));
    sample_close(&sample);
}

/* A job that was planned with an asset which is removed before it is durable: the job is refused. */
Test(asset_store, what_is_removed_can_be_neither_used_nor_sent_nor_removed_again)
{
    struct sample sample;

    sample_open(&sample);
    add_asset(&sample, 1, 1, 1000);
    OK(apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 1, 5000));
    cr_assert(eq(int, apply_one(&sample, GEN_CHANGE_ASSET_USED, 1, 6000), GEN_ECONFLICT));
    cr_assert(eq(int, apply_one(&sample, GEN_CHANGE_ASSET_SENT, 1, 6000), GEN_ECONFLICT));
    cr_assert(eq(int, apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 1, 6000), GEN_ECONFLICT));
    sample_close(&sample);
}

Test(asset_store, a_blob_is_loose_until_somebody_has_looked)
{
    struct sample sample;
    struct gen_changes *changes = gen_changes_create();
    bool used = true;

    sample_open(&sample);
    add_asset(&sample, 1, 1, 1000);
    add_asset(&sample, 2, 1, 1000);
    OK(gen_read_blob_used(sample.store, DIGEST "01", &used, NULL));
    cr_assert(used);
    OK(apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 1, 5000));
    OK(gen_read_blob_used(sample.store, DIGEST "01", &used, NULL));
    cr_assert(used, "the other one has it, too");
    OK(apply_one(&sample, GEN_CHANGE_ASSET_REMOVE, 2, 5000));
    OK(gen_read_blob_used(sample.store, DIGEST "01", &used, NULL));
    cr_assert(used == false);
    cr_assert(eq(sz, loose(&sample, ""), 1), "once, however often it became loose");
    add(changes, GEN_CHANGE_BLOB_TIED, 1, 0)->as.upload.digest = DIGEST "01";
    OK(sample_apply(&sample, changes));
    cr_assert(eq(sz, loose(&sample, ""), 0));
    sample_close(&sample);
}

/* A database of the first version: what a job's brief names is used, the rest is not. */
Test(asset_store, what_was_uploaded_before_the_migration)
{
    struct gen_migration first[] = {gen_schema[0], {0, NULL, NULL}};
    struct sample sample;
    struct gen_database *database;
    char sql[800];
    int64_t number = -1;

    sample_folder(&sample);
    OK(gen_database_open(sample.path, GEN_DATABASE_CREATE | GEN_DATABASE_VOLATILE, &database,
                         NULL));
    OK(gen_migration_run(database, first, NULL, NULL, NULL));
    for (uint64_t n = 1; n <= 2; n++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO asset (id, organization, digest, created_at) VALUES "
                 "('%s', 'org_1', 'd', %d)", sample_ident(GEN_IDENT_ASSET, n).text, (int)n * 100);
        OK(gen_database_run(database, sql, NULL));
    }
    snprintf(sql, sizeof(sql),
             "INSERT INTO storyboard (id, organization, digest) VALUES ('s', 'org_1', 'd'); "
             "INSERT INTO job (id, storyboard, organization, status, brief) VALUES "
             "('j', 's', 'org_1', 'queued', '{\"scenes\": [{\"assets\": [\"%s\"]}]}')",
             sample_ident(GEN_IDENT_ASSET, 2).text);
    OK(gen_database_run(database, sql, NULL));
    OK(gen_migration_run(database, gen_schema, NULL, NULL, NULL));
    OK(gen_database_number(database, "SELECT SUM(used * created_at) FROM asset", &number, NULL));
    cr_assert(eq(i64, number, 200), "the second is used, the first is not");
    OK(gen_database_number(database, "SELECT COUNT(*) FROM asset WHERE sent_at = created_at",
                           &number, NULL));
    cr_assert(eq(i64, number, 2));
    gen_database_close(database);
    sample_close(&sample);
}
