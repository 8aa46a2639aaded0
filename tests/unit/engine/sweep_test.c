/* sweep_test.c - what a refused brief leaves behind goes after a day; what a job uses stays. */
#include "engine/sweep.h"

#include "store/blob.h"
#include "unit/engine/world.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#define NOW INT64_C(1800000000000)
#define HOUR INT64_C(3600000)

static gen_moment clock_at(void *context)
{
    return *(gen_moment *)context;
}

struct yard { /* a store, a folder of blobs, a clock that is set by hand */
    struct world world;
    gen_moment now;
    struct gen_clock clock;
    struct gen_sweep *sweep;
    char digest[GEN_DIGEST_TEXT_SIZE];
    int answers;
    enum gen_status status;
};

static void yard_open(struct yard *yard)
{
    memset(yard, 0, sizeof(*yard));
    world_open(&yard->world);
    world_options(&yard->world);
    yard->now = NOW;
    yard->clock = *gen_clock_real();
    yard->clock.now = clock_at;
    yard->clock.context = &yard->now;
    yard->world.options.clock = &yard->clock;
    yard->world.options.patience = &gen_patience_defaults;
    WORLD_OK(&yard->world,
             gen_sweep_create(&yard->world.options, &yard->sweep, &yard->world.err));
}

static void yard_close(struct yard *yard)
{
    gen_sweep_destroy(yard->sweep);
    world_close(&yard->world);
}

static void yard_sweep(struct yard *yard)
{
    gen_sweep_now(yard->sweep);
    while (!gen_sweep_resting(yard->sweep)) {
        gen_loop_turn(yard->world.loop);
    }
}

static void on_commit(void *context, enum gen_status status, const struct gen_error *err,
                      int64_t last_event)
{
    struct yard *yard = context;

    (void)err;
    (void)last_event;
    yard->answers++;
    yard->status = status;
}

static enum gen_status yard_commit(struct yard *yard, struct gen_changes *changes)
{
    int answers = yard->answers;

    WORLD_OK(&yard->world, gen_store_commit(yard->world.store, &changes, on_commit, yard,
                                            &yard->world.err));
    while (yard->answers == answers) {
        gen_loop_turn(yard->world.loop);
    }
    return yard->status;
}

static void yard_path(struct yard *yard, const char *digest, char *out)
{
    WORLD_OK(&yard->world, gen_blob_path(yard->world.blobs, digest, out, &yard->world.err));
}

/* A file that was uploaded now and adopted long ago, as asset `id`. */
static void yard_upload(struct yard *yard, const char *id, const char *content)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_ASSET_ADD);
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    char file[128], path[GEN_BLOB_PATH_SIZE];
    int64_t size;

    snprintf(file, sizeof(file), "%s/upload", yard->world.folder);
    WORLD_OK(&yard->world,
             gen_files_write(file, content, strlen(content), 0600, &yard->world.err));
    WORLD_OK(&yard->world, gen_blob_adopt(yard->world.blobs, file, yard->digest, &size,
                                          &yard->world.err));
    yard_path(yard, yard->digest, path);
    cr_assert(utimensat(AT_FDCWD, path, times, 0) == 0);
    change->as.asset = (struct gen_asset){
        .organization = "org_1", .name = id, .kind = "text", .media_type = "text/plain",
        .digest = gen_arena_strdup(changes->arena, yard->digest), .size = size,
        .created_at = yard->now};
    snprintf(change->as.asset.id.text, GEN_IDENT_SIZE, "%s", id);
    cr_assert(eq(int, yard_commit(yard, changes), GEN_OK));
}

static enum gen_status yard_use(struct yard *yard, const char *id)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_ASSET_USED);

    change->as.upload.digest = "";
    change->as.upload.at = yard->now;
    snprintf(change->as.upload.id.text, GEN_IDENT_SIZE, "%s", id);
    return yard_commit(yard, changes);
}

static bool yard_has(struct yard *yard, const char *id)
{
    struct gen_asset asset;

    return gen_read_asset(yard->world.store, "org_1", id, yard->world.arena, &asset, NULL) ==
           GEN_OK;
}

static int yard_events(struct yard *yard)
{
    struct gen_node *events = NULL;
    int64_t last = 0;
    int removed = 0;

    WORLD_OK(&yard->world,
             gen_read_events(yard->world.store, "org_1", NULL, 0, 1000, yard->world.arena, &events,
                             &last, &yard->world.err));
    for (size_t i = 0; i < gen_node_count(events); i++) {
        removed += strcmp(gen_node_text(gen_node_get(gen_node_at(events, i), "type"), ""),
                          "asset.removed") == 0;
    }
    return removed;
}

#define ONE "ast_01m81rcze1hsa2asfnqtzme0wa"
#define TWO "ast_01m81rcze1hsa2asfnqtzme0wb"

Test(sweep, what_no_job_uses_goes_after_a_day, .timeout = 60)
{
    struct yard yard;
    char one[GEN_BLOB_PATH_SIZE], two[GEN_BLOB_PATH_SIZE];

    yard_open(&yard);
    yard_upload(&yard, ONE, "of a brief that was refused");
    yard_path(&yard, yard.digest, one);
    yard_upload(&yard, TWO, "of a job");
    yard_path(&yard, yard.digest, two);
    cr_assert(eq(int, yard_use(&yard, TWO), GEN_OK));
    yard.now += 23 * HOUR;
    yard_sweep(&yard);
    cr_assert(yard_has(&yard, ONE) && access(one, F_OK) == 0, "it is not a day old");
    yard.now += 2 * HOUR;
    yard_sweep(&yard);
    cr_assert(yard_has(&yard, ONE) == false);
    cr_assert(access(one, F_OK) != 0, "its file is gone, too");
    cr_assert(eq(int, yard_events(&yard), 1));
    yard.now += 1000 * HOUR;
    yard_sweep(&yard);
    cr_assert(yard_has(&yard, TWO) && access(two, F_OK) == 0, "a job names it");
    cr_assert(eq(int, yard_events(&yard), 1));
    cr_assert(eq(int, yard_use(&yard, ONE), GEN_ECONFLICT), "no job can name it any more");
    yard_close(&yard);
}

/* The same content under two ids: the file stays as long as one of them does. */
Test(sweep, a_file_that_something_else_needs_stays, .timeout = 60)
{
    struct yard yard;
    char path[GEN_BLOB_PATH_SIZE];

    yard_open(&yard);
    yard_upload(&yard, ONE, "the same");
    yard_upload(&yard, TWO, "the same");
    yard_path(&yard, yard.digest, path);
    cr_assert(eq(int, yard_use(&yard, TWO), GEN_OK));
    yard.now += 25 * HOUR;
    yard_sweep(&yard);
    cr_assert(yard_has(&yard, ONE) == false && yard_has(&yard, TWO));
    cr_assert(access(path, F_OK) == 0);
    yard_close(&yard);
}

/* Somebody has adopted the content a moment ago and is about to name it: it waits. */
Test(sweep, a_file_that_has_just_been_adopted_stays, .timeout = 60)
{
    struct yard yard;
    char path[GEN_BLOB_PATH_SIZE];
    struct timespec times[2] = {{0}};

    yard_open(&yard);
    yard_upload(&yard, ONE, "wanted again");
    yard_path(&yard, yard.digest, path);
    yard.now += 25 * HOUR;
    times[0].tv_sec = times[1].tv_sec = yard.now / 1000 - 10;
    cr_assert(utimensat(AT_FDCWD, path, times, 0) == 0);
    yard_sweep(&yard);
    cr_assert(yard_has(&yard, ONE) == false);
    cr_assert(access(path, F_OK) == 0, "not yet");
    yard.now += 2 * HOUR;
    yard_sweep(&yard);
    cr_assert(access(path, F_OK) != 0, "nobody has named it");
    yard_close(&yard);
}

/* More than one part, and a store that fails in the middle: nothing is forgotten. */
Test(sweep, with_many_it_goes_on_in_parts_whatever_the_disk_does, .timeout = 120)
{
    struct yard yard;
    struct gen_read_counts counts;

    yard_open(&yard);
    for (int i = 0; i < 205; i++) {
        char id[64], content[32];

        snprintf(id, sizeof(id), "ast_01m81rcze1hsa2asfnqtzm%04d", i);
        snprintf(content, sizeof(content), "number %d", i);
        yard_upload(&yard, id, content);
    }
    yard.now += 25 * HOUR;
    gen_store_fail_at(yard.world.store, 3, GEN_ENOSPACE);
    yard_sweep(&yard);
    gen_store_fail_at(yard.world.store, 0, GEN_OK);
    WORLD_OK(&yard.world, gen_read_counts(yard.world.store, &counts, &yard.world.err));
    cr_assert(eq(i64, counts.assets, 205), "the disk was full");
    yard_sweep(&yard);
    WORLD_OK(&yard.world, gen_read_counts(yard.world.store, &counts, &yard.world.err));
    cr_assert(eq(i64, counts.assets, 5), "a part at a time");
    yard_sweep(&yard);
    yard_sweep(&yard);
    WORLD_OK(&yard.world, gen_read_counts(yard.world.store, &counts, &yard.world.err));
    cr_assert(eq(i64, counts.assets, 0));
    cr_assert(eq(i64, counts.asset_bytes, 0));
    cr_assert(eq(int, yard_events(&yard), 205));
    yard_close(&yard);
}

/* The end comes in the middle of it. */
Test(sweep, it_can_be_ended_at_any_time, .timeout = 60)
{
    for (int turns = 0; turns < 6; turns++) {
        struct yard yard;

        yard_open(&yard);
        yard_upload(&yard, ONE, "of a brief that was refused");
        yard.now += 25 * HOUR;
        gen_sweep_now(yard.sweep);
        for (int i = 0; i < turns && !gen_sweep_resting(yard.sweep); i++) {
            gen_loop_turn(yard.world.loop);
        }
        gen_sweep_destroy(yard.sweep);
        yard.sweep = NULL;
        while (gen_store_waiting(yard.world.store) > 0 || gen_loop_working(yard.world.loop)) {
            gen_loop_turn(yard.world.loop);
        }
        gen_loop_poll(yard.world.loop);
        yard_close(&yard);
    }
}
