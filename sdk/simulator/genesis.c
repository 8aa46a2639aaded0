/* genesis.c - see genesis.h. */
#include "simulator/genesis.h"

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "simulator/accounts.h"
#include "simulator/assets.h"
#include "simulator/faults.h"
#include "simulator/requests.h"
#include "simulator/tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { GENESIS_JOURNAL_MAX = 1024 * 1024 * 1024 };

static void genesis_replay_line(struct sim_world *world, const struct gen_node *line)
{
    static const struct {
        const char *op;
        void (*replay)(struct sim_world *world, const struct gen_node *line);
    } ops[] = {
        {"task", sim_tasks_replay},
        {"asset", sim_assets_replay},
        {"memo", sim_memos_replay},
        {"credit", sim_accounts_replay},
    };
    const char *op = gen_node_text(gen_node_get(line, "op"), "");
    int64_t serial = gen_node_integer(gen_node_get(line, "serial"), 0);

    world->serial = serial > world->serial ? serial : world->serial;
    for (size_t i = 0; i < GEN_COUNT(ops); i++) {
        if (strcmp(op, ops[i].op) == 0) {
            ops[i].replay(world, line);
        }
    }
}

/* Reads all lines; `*good` is where the last whole one ends. */
static enum gen_status genesis_replay(struct sim_world *world, const struct gen_bytes *text,
                                      size_t *good, struct gen_error *err)
{
    size_t number = 0;

    for (*good = 0; *good < text->size;) {
        const char *begin = text->data + *good;
        const char *end = memchr(begin, '\n', text->size - *good);
        const struct gen_node *line = NULL;
        enum gen_status status;

        if (end == NULL) {
            return GEN_OK; /* torn by a kill in the middle of the write: it was never told */
        }
        number++;
        status = gen_json_read(begin, (size_t)(end - begin), "journal.jsonl", world->arena, &line,
                               err);
        if (status != GEN_OK) {
            return status == GEN_ENOMEM ? status
                                        : gen_error_set(err, GEN_ECORRUPT,
                                                        "%s/journal.jsonl line %zu is damaged; "
                                                        "remove the folder to start anew",
                                                        world->settings.folder, number);
        }
        genesis_replay_line(world, line);
        *good += (size_t)(end - begin) + 1;
    }
    return GEN_OK;
}

static enum gen_status genesis_read_journal(struct sim_world *world, struct gen_error *err)
{
    char *path = gen_arena_printf(world->arena, "%s/journal.jsonl", world->settings.folder);
    struct gen_bytes text;
    size_t good = 0;
    enum gen_status status;

    gen_bytes_init(&text, GENESIS_JOURNAL_MAX);
    if (path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_files_read(path, &text, err);
    if (status == GEN_ENOTFOUND) {
        status = GEN_OK;
    } else if (status == GEN_OK) {
        world->replaying = true;
        status = genesis_replay(world, &text, &good, err);
        world->replaying = false;
    }
    gen_bytes_fini(&text);
    if (status != GEN_OK) {
        return status;
    }
    world->journal = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (world->journal < 0 || ftruncate(world->journal, (off_t)good) != 0) {
        return gen_files_errno(err, errno, "opening", path);
    }
    return GEN_OK;
}

/* ---------------------------------------------------------------------------------- lifecycle */

static enum gen_status genesis_fill(struct sim_world *world, struct gen_error *err)
{
    world->arena = gen_arena_create(0);
    world->memos = gen_map_create(SIM_WORLD_MEMOS);
    if (world->arena == NULL || world->memos == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return GEN_OK;
}

static void genesis_empty(struct sim_world *world)
{
    world->tasks.count = 0;
    world->live.count = 0;
    world->assets.count = 0;
    gen_map_destroy(world->memos);
    world->memos = NULL;
    gen_arena_destroy(world->arena);
    world->arena = NULL;
    world->serial = 0;
    world->skew_ms = 0;
}

static enum gen_status genesis_folders(const struct sim_world *world, struct gen_error *err)
{
    static const char *const names[] = {"", "/clips", "/assets"};
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < GEN_COUNT(names) && status == GEN_OK; i++) {
        char *path = gen_arena_printf(world->arena, "%s%s", world->settings.folder, names[i]);

        status = path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                              : gen_files_make_folder(path, 0700, err);
    }
    return status;
}

static enum gen_status genesis_lock_folder(struct sim_world *world, struct gen_error *err)
{
    char *path = gen_arena_printf(world->arena, "%s/lock", world->settings.folder);

    return path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                        : gen_files_lock(path, &world->folder_lock, err);
}

enum gen_status sim_genesis_open(const struct sim_settings *settings, struct sim_world **out,
                                 struct gen_error *err)
{
    struct sim_world *world = gen_alloc(sizeof(*world));
    enum gen_status status;

    if (world == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    (void)pthread_mutex_init(&world->lock, NULL);
    world->settings = *settings;
    world->journal = -1;
    world->folder_lock = -1;
    world->accounts.maximum = SIM_WORLD_ACCOUNTS;
    world->tasks.maximum = SIM_WORLD_TASKS;
    world->live.maximum = SIM_WORLD_TASKS;
    world->assets.maximum = SIM_WORLD_ASSETS;
    world->faults = sim_faults_create();
    world->requests = sim_requests_create();
    world->lasting = gen_arena_create(0);
    status = genesis_fill(world, err);
    if (status == GEN_OK &&
        (world->lasting == NULL || world->faults == NULL || world->requests == NULL)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        status = genesis_folders(world, err);
    }
    if (status == GEN_OK) {
        status = genesis_lock_folder(world, err);
    }
    if (status == GEN_OK) {
        status = sim_accounts_begin(world, err);
    }
    for (size_t i = 0;
         status == GEN_OK && settings->accounts != NULL && settings->accounts[i] != NULL; i++) {
        status = sim_accounts_set(world, settings->accounts[i], err);
    }
    if (status == GEN_OK) {
        status = genesis_read_journal(world, err);
    }
    if (status != GEN_OK) {
        sim_genesis_close(world);
        return status;
    }
    *out = world;
    return GEN_OK;
}

void sim_genesis_close(struct sim_world *world)
{
    if (world == NULL) {
        return;
    }
    genesis_empty(world);
    gen_free(world->tasks.items);
    gen_free(world->live.items);
    gen_free(world->assets.items);
    for (size_t i = 0; i < world->accounts.count; i++) {
        gen_free(world->accounts.items[i]);
    }
    gen_free(world->accounts.items);
    gen_arena_destroy(world->lasting);
    sim_faults_destroy(world->faults);
    sim_requests_destroy(world->requests);
    if (world->journal >= 0) {
        (void)close(world->journal);
    }
    if (world->folder_lock >= 0) {
        (void)close(world->folder_lock);
    }
    (void)pthread_mutex_destroy(&world->lock);
    gen_free(world);
}

enum gen_status sim_genesis_reset(struct sim_world *world, struct gen_error *err)
{
    genesis_empty(world);
    sim_requests_clear(world->requests);
    sim_faults_clear(world->faults);
    for (size_t i = 0; i < world->accounts.count; i++) {
        ((struct sim_purse *)world->accounts.items[i])->deposits = 0;
    }
    if (ftruncate(world->journal, 0) != 0) {
        return gen_files_errno(err, errno, "emptying", "journal.jsonl");
    }
    return genesis_fill(world, err);
}
