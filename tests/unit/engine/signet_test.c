/* signet_test.c - core/engine/signet.c: signing secrets come back as they went in, only for their subscriber, over rotations
 * of the master key and restarts; each allocation failing in turn loses nothing. */
#include "engine/signet.h"

#include "base/alloc.h"
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

static void settle(struct bench *bench)
{
    int before = bench->ended;

    while (bench->ended == before) {
        gen_loop_turn(bench->loop);
    }
    cr_assert(eq(int, bench->status, GEN_OK));
}

static struct gen_signet signet_of(struct bench *bench)
{
    return (struct gen_signet){bench->lockbox, gen_random_real()};
}

#define SECRET "whsec_cGxhbnRlZC13ZWJob29rLXNlY3JldC1vbmUtMTIzNDU2Nzg5"

Test(signet, there_and_back)
{
    struct bench bench;
    struct gen_signet signet;
    struct gen_arena *arena = gen_arena_create(0);
    const char *kept = NULL, *again = NULL;
    char out[128];

    bench_open(&bench);
    signet = signet_of(&bench);
    cr_assert(eq(int, gen_signet_ready(&signet), 0));
    cr_assert(eq(int, gen_signet_keep(&signet, "whk_1", SECRET, arena, &kept, &bench.err), GEN_EBUSY));
    cr_assert(eq(int, gen_signet_prepare(&signet, on_done, &bench, &bench.err), GEN_OK));
    cr_assert(eq(int, gen_signet_ready(&signet), 0)); /* not before it is durable */
    cr_assert(eq(int, gen_signet_prepare(&signet, on_done, &bench, &bench.err), GEN_EBUSY));
    settle(&bench);
    cr_assert(eq(int, gen_signet_ready(&signet), 1));
    cr_assert(eq(int, gen_signet_keep(&signet, "whk_1", SECRET, arena, &kept, &bench.err), GEN_OK));
    cr_assert(eq(int, gen_signet_keep(&signet, "whk_1", SECRET, arena, &again, &bench.err), GEN_OK));
    cr_assert(strcmp(kept, again) != 0); /* never the same seal twice */
    cr_assert(strstr(kept, "cGxh") == NULL && strncmp(kept, "sealed:", 7) == 0);
    for (int round = 0; round < 3; round++) {
        cr_assert(eq(int, gen_signet_open(&signet, "whk_1", kept, out, sizeof out, &bench.err), GEN_OK),
                  "%s", bench.err.message);
        cr_assert(eq(str, out, (char *)SECRET));
        if (round == 0) { /* another master key touches no subscriber */
            cr_assert(eq(int, gen_lockbox_rekey(bench.lockbox, NULL, "local", "ann", on_done, &bench,
                                                &bench.err), GEN_OK));
            settle(&bench);
        } else {
            bench_stop(&bench);
            bench_start(&bench);
            signet = signet_of(&bench);
        }
    }
    /* no organization can see, take or replace the key */
    {
        size_t cursor = 0, versions;

        cr_assert(gen_lockbox_next(bench.lockbox, "local", &cursor, &versions) == NULL);
    }
    bench_close(&bench);
    gen_arena_destroy(arena);
}

Test(signet, what_does_not_open)
{
    struct bench bench;
    struct gen_signet signet;
    struct gen_arena *arena = gen_arena_create(0);
    const char *kept = NULL;
    char out[128], wrong[256];

    bench_open(&bench);
    signet = signet_of(&bench);
    cr_assert(eq(int, gen_signet_prepare(&signet, on_done, &bench, &bench.err), GEN_OK));
    settle(&bench);
    cr_assert(eq(int, gen_signet_keep(&signet, "whk_1", SECRET, arena, &kept, &bench.err), GEN_OK));
    /* of another subscriber */
    cr_assert(eq(int, gen_signet_open(&signet, "whk_2", kept, out, sizeof out, &bench.err), GEN_ECORRUPT));
    cr_assert(strstr(bench.err.message, SECRET) == NULL && out[0] == '\0');
    /* a letter more, less, another one; nothing */
    for (size_t i = 7; i < strlen(kept); i += 5) {
        (void)snprintf(wrong, sizeof wrong, "%s", kept);
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        cr_assert(eq(int, gen_signet_open(&signet, "whk_1", wrong, out, sizeof out, &bench.err),
                     GEN_ECORRUPT), "letter %zu", i);
    }
    cr_assert(eq(int, gen_signet_open(&signet, "whk_1", "sealed:", out, sizeof out, &bench.err),
                 GEN_ECORRUPT));
    cr_assert(eq(int, gen_signet_open(&signet, "whk_1", "sealed:%%%", out, sizeof out, &bench.err),
                 GEN_ECORRUPT));
    cr_assert(eq(int, gen_signet_open(&signet, "whk_1", kept, out, 10, &bench.err), GEN_ETOOLARGE));
    /* of an older version, in the clear */
    cr_assert(eq(int, gen_signet_open(&signet, "whk_1", SECRET, out, sizeof out, &bench.err), GEN_OK));
    cr_assert(eq(str, out, (char *)SECRET));
    bench_close(&bench);
    gen_arena_destroy(arena);
}

Test(signet, without_memory)
{
    struct bench bench;
    struct gen_signet signet;
    const char *kept = NULL;
    struct gen_arena *arena = gen_arena_create(0);
    char out[128];
    bool over = false;

    bench_open(&bench);
    signet = signet_of(&bench);
    for (long nth = 1; !over; nth++) { /* making the key */
        enum gen_status status;

        cr_assert(nth < 500);
        gen_alloc_fail_at(nth);
        status = gen_signet_prepare(&signet, on_done, &bench, &bench.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, bench.err.message);
        over = status == GEN_OK;
    }
    settle(&bench);
    over = false;
    for (long nth = 1; !over; nth++) {
        struct gen_arena *one = gen_arena_create(0);
        const char *text = NULL;
        enum gen_status status;

        cr_assert(nth < 500);
        gen_alloc_fail_at(nth);
        status = gen_signet_keep(&signet, "whk_1", SECRET, one, &text, &bench.err);
        over = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_assert(status == (over ? GEN_OK : GEN_ENOMEM), "keep %ld: %d", nth, (int)status);
        gen_arena_destroy(one);
    }
    cr_assert(eq(int, gen_signet_keep(&signet, "whk_1", SECRET, arena, &kept, &bench.err), GEN_OK));
    over = false;
    for (long nth = 1; !over; nth++) {
        enum gen_status status;

        cr_assert(nth < 500);
        gen_alloc_fail_at(nth);
        status = gen_signet_open(&signet, "whk_1", kept, out, sizeof out, &bench.err);
        over = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_assert(status == (over ? GEN_OK : GEN_ENOMEM), "open %ld: %d %s", nth, (int)status,
                  bench.err.message);
        cr_assert(over || out[0] == '\0');
    }
    bench_close(&bench);
    gen_arena_destroy(arena);
}

/* The same for the lockbox: a secret that could not be set has changed nothing, and can be set then. */
Test(signet, lockbox_without_memory)
{
    struct bench bench;
    bool over = false;

    bench_open(&bench);
    for (long nth = 1; !over; nth++) {
        const struct gen_lockbox_order order = {"org_1", "", "runway", "ann", GEN_LOCKBOX_FIRST,
                                                "MARKER", 6};
        enum gen_status status;

        cr_assert(nth < 500);
        gen_alloc_fail_at(nth);
        status = gen_lockbox_set(bench.lockbox, &order, on_done, &bench, &bench.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, bench.err.message);
        cr_assert(status == GEN_OK ||
                  gen_lockbox_find(bench.lockbox, "org_1", "", "runway") == NULL);
        over = status == GEN_OK;
    }
    settle(&bench);
    cr_assert(gen_lockbox_find(bench.lockbox, "org_1", "", "runway") != NULL);
    over = false;
    for (long nth = 1; !over; nth++) { /* another master key, all or nothing */
        enum gen_status status;

        cr_assert(nth < 500);
        gen_alloc_fail_at(nth);
        status = gen_lockbox_rekey(bench.lockbox, NULL, "local", "ann", on_done, &bench, &bench.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, bench.err.message);
        over = status == GEN_OK;
        cr_assert(eq(int, gen_lockbox_readable(bench.lockbox, gen_lockbox_find(bench.lockbox, "org_1",
                                                                               "", "runway"),
                                               &bench.err), GEN_OK), "%ld", nth);
    }
    settle(&bench);
    bench_stop(&bench);
    bench_start(&bench);
    cr_assert(eq(int, gen_lockbox_readable(bench.lockbox,
                                           gen_lockbox_find(bench.lockbox, "org_1", "", "runway"),
                                           &bench.err), GEN_OK));
    bench_close(&bench);
}
