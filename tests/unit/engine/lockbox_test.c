/* lockbox_test.c - which secret is found for whom, what a change makes others forget, and a change of the master key
 * that a crash has interrupted. */
#include "engine/lockbox.h"

#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench {
    char folder[64], path[128];
    gen_moment now;
    struct gen_clock clock;
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_lockbox *lockbox;
    struct gen_error err;
    char gone[2000]; /* labels, each with '|' behind */
    int ended;
    enum gen_status status;
};

static gen_moment bench_now(void *context)
{
    return ((struct bench *)context)->now;
}

static void on_gone(void *context, const char *label)
{
    strcat(strcat(((struct bench *)context)->gone, label), "|");
}

static void bench_start(struct bench *bench)
{
    static const char *const nothing[] = {NULL};
    struct gen_store_options store = {.path = bench->path, .loop = bench->loop, .volatile_ok = true};
    struct gen_lockbox_options options = {.clock = &bench->clock, .random = gen_random_real(),
                                          .master = {.source = GEN_MASTER_AUTOMATIC,
                                                     .state = bench->folder, .environment = nothing,
                                                     .passphrase_fd = -1,
                                                     .random = gen_random_real()}};

    cr_assert(eq(int, gen_store_open(&store, &bench->store, &bench->err), GEN_OK));
    options.store = bench->store;
    cr_assert(eq(int, gen_lockbox_create(&options, &bench->lockbox, &bench->err), GEN_OK));
    gen_lockbox_listen(bench->lockbox, &(struct gen_lockbox_listener){on_gone, NULL, bench});
    while (gen_store_waiting(bench->store) > 0) {
        gen_loop_turn(bench->loop);
    }
}

static void bench_stop(struct bench *bench)
{
    gen_store_close(bench->store);
    gen_lockbox_destroy(bench->lockbox);
}

static void bench_open(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    cr_assert(eq(int, gen_crypto_init(&bench->err), GEN_OK));
    strcpy(bench->folder, "/tmp/gen-lockbox-XXXXXX");
    cr_assert(mkdtemp(bench->folder) != NULL);
    snprintf(bench->path, sizeof bench->path, "%s/test.db", bench->folder);
    bench->now = 1000;
    bench->clock = (struct gen_clock){bench_now, bench_now, bench};
    cr_assert(eq(int, gen_loop_create(&bench->loop, &bench->err), GEN_OK));
    bench_start(bench);
}

static void bench_close(struct bench *bench)
{
    bench_stop(bench);
    gen_loop_destroy(bench->loop);
    cr_assert(eq(int, gen_files_remove_tree(bench->folder, &bench->err), GEN_OK));
}

static void on_done(void *context, enum gen_status status, const struct gen_error *err,
                    const struct gen_secret_row *row)
{
    struct bench *bench = context;

    (void)err;
    (void)row;
    bench->ended++;
    bench->status = status;
}

static enum gen_status begin(struct bench *bench, const char *team,
                             enum gen_lockbox_account account, const char *text)
{
    const struct gen_lockbox_order order = {"org_1", team, "runway", "ann", account, text,
                                            strlen(text)};

    return gen_lockbox_set(bench->lockbox, &order, on_done, bench, &bench->err);
}

static void settle(struct bench *bench)
{
    int before = bench->ended;

    while (bench->ended == before) {
        gen_loop_turn(bench->loop);
    }
    cr_assert(eq(int, bench->status, GEN_OK));
}

static void set(struct bench *bench, const char *team, enum gen_lockbox_account account,
                const char *text)
{
    bench->gone[0] = '\0';
    cr_assert(eq(int, begin(bench, team, account, text), GEN_OK), "%s", bench->err.message);
    settle(bench);
}

/* The text that an attempt is signed with; "" = none in the vault, "busy" = wait. */
static const char *text_for(struct bench *bench, const char *organization, const char *team,
                            gen_moment at)
{
    static char out[100];
    struct gen_keyring_owner owner = {organization, team, at};
    struct gen_keyring_vault vault = gen_lockbox_vault(bench->lockbox);
    char label[GEN_KEYRING_LABEL_SIZE];
    size_t size = 0;
    enum gen_status status = vault.locate(vault.context, &owner, "runway", label, &bench->err);

    memset(out, 0, sizeof out);
    if (status == GEN_EBUSY) {
        return "busy";
    }
    if (status == GEN_OK) {
        cr_assert(eq(int, vault.read(vault.context, label, out, sizeof out - 1, &size, &bench->err),
                     GEN_OK), "%s", bench->err.message);
    }
    return out;
}

Test(lockbox, who_gets_which_version)
{
    struct bench bench;

    bench_open(&bench);
    cr_expect_str_eq(text_for(&bench, "org_1", "", 0), "");
    set(&bench, "", GEN_LOCKBOX_FIRST, "one");
    cr_expect_str_eq(text_for(&bench, "org_1", "spring", 0), "one");
    cr_expect_str_eq(text_for(&bench, "org_2", "spring", 0), "");
    cr_expect_str_eq(text_for(&bench, "org_1", "", 1000), ""); /* began before there was one */
    cr_expect_str_eq(text_for(&bench, "org_1", "", 1001), "one");
    set(&bench, "spring", GEN_LOCKBOX_FIRST, "team");
    cr_expect_str_eq(text_for(&bench, "org_1", "spring", 0), "team");
    cr_expect_str_eq(text_for(&bench, "org_1", "autumn", 0), "one");
    cr_expect_str_eq(bench.gone, "");
    bench.now = 2000;
    set(&bench, "", GEN_LOCKBOX_SAME, "two"); /* for those under way, too */
    cr_expect_str_eq(text_for(&bench, "org_1", "", 1500), "two");
    cr_expect_str_eq(bench.gone, "org_1\n\nrunway\n1\n1001|");
    cr_expect(eq(int, begin(&bench, "", GEN_LOCKBOX_FIRST, "x"), GEN_ECONFLICT));
    bench.now = 3000;
    cr_assert(eq(int, begin(&bench, "", GEN_LOCKBOX_OTHER, "three"), GEN_OK));
    /* On its way to the disk: who will belong to it waits, others do not, and no other change comes in. */
    cr_expect_str_eq(text_for(&bench, "org_1", "", 3001), "busy");
    cr_expect_str_eq(text_for(&bench, "org_1", "", 3000), "two");
    cr_expect_str_eq(text_for(&bench, "org_2", "", 3001), "");
    cr_expect(eq(int, begin(&bench, "", GEN_LOCKBOX_SAME, "x"), GEN_EBUSY));
    settle(&bench);
    cr_expect_str_eq(text_for(&bench, "org_1", "", 3001), "three");
    bench_stop(&bench);
    bench_start(&bench); /* all of it is on disk */
    cr_expect_str_eq(text_for(&bench, "org_1", "", 0), "three");
    cr_expect_str_eq(text_for(&bench, "org_1", "spring", 0), "team");
    bench_close(&bench);
}

Test(lockbox, another_master_key_through_a_crash)
{
    char next[128], key[128], kept[128];
    struct gen_lockbox_facts before, after;
    struct gen_bytes text;
    char id[32];
    struct bench bench;

    bench_open(&bench);
    set(&bench, "", GEN_LOCKBOX_FIRST, "one");
    gen_lockbox_facts(bench.lockbox, &before);
    snprintf(id, sizeof id, "%s", before.id);
    snprintf(key, sizeof key, "%s/master.key", bench.folder);
    snprintf(next, sizeof next, "%s/master.key.next", bench.folder);
    snprintf(kept, sizeof kept, "%s/kept", bench.folder);
    gen_bytes_init(&text, 4096);
    cr_assert(eq(int, gen_files_read(key, &text, &bench.err), GEN_OK));
    cr_assert(eq(int, gen_lockbox_rekey(bench.lockbox, NULL, "org_1", "ann", on_done, &bench,
                                        &bench.err), GEN_OK));
    settle(&bench);
    gen_lockbox_facts(bench.lockbox, &after);
    cr_expect(strcmp(id, after.id) != 0 && after.unreadable == 0 && !after.pending);
    cr_expect_str_eq(text_for(&bench, "org_1", "", 0), "one");
    bench_stop(&bench);
    /* As if the power had failed behind the commit, before the new file was moved into its place. */
    cr_assert(rename(key, next) == 0);
    cr_assert(eq(int, gen_files_write(key, text.data, text.size, 0600, &bench.err), GEN_OK));
    bench_start(&bench);
    gen_lockbox_facts(bench.lockbox, &after);
    cr_expect(after.unreadable == 0 && !after.pending && strcmp(id, after.id) != 0);
    cr_expect_str_eq(text_for(&bench, "org_1", "", 0), "one");
    bench_stop(&bench);
    /* And before the commit: the rows are still under the old key when the next start finds both. */
    cr_assert(rename(key, kept) == 0);
    bench_start(&bench);
    gen_lockbox_facts(bench.lockbox, &after);
    cr_expect(eq(sz, after.unreadable, 1));
    bench_stop(&bench);
    cr_assert(rename(kept, key) == 0);
    bench_start(&bench);
    cr_assert(eq(int, gen_lockbox_rekey(bench.lockbox, NULL, "org_1", "ann", NULL, NULL,
                                        &bench.err), GEN_OK));
    cr_expect_str_eq(text_for(&bench, "org_1", "", 0), "one"); /* both are readable meanwhile */
    gen_bytes_fini(&text);
    bench_close(&bench);
}
