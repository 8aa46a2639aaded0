/* world.c - see world.h. */
#include "simulator/world.h"

#include "base/alloc.h"
#include "base/ident.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "simulator/accounts.h"
#include "simulator/assets.h"
#include "simulator/faults.h"
#include "simulator/requests.h"
#include "simulator/tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WORLD_JOURNAL_MAX = 1024 * 1024 * 1024 };

gen_moment sim_world_real(void)
{
    struct timespec now;

    GEN_CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (gen_moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

gen_moment sim_world_told(const struct sim_world *world)
{
    return sim_world_real() + world->skew_ms;
}

bool sim_vector_push(struct sim_vector *vector, void *item)
{
    if (vector->count == vector->maximum) {
        return false;
    }
    if (vector->count == vector->capacity) {
        size_t capacity = vector->capacity == 0 ? 64 : vector->capacity * 2;
        void **items = gen_realloc(vector->items, capacity * sizeof(*items));

        if (items == NULL) {
            return false;
        }
        vector->items = items;
        vector->capacity = capacity;
    }
    vector->items[vector->count++] = item;
    return true;
}

int64_t sim_world_serial(struct sim_world *world)
{
    return ++world->serial;
}

uint64_t sim_world_chance(const struct sim_world *world, const char *what, int64_t serial)
{
    char text[128];
    char digest[GEN_DIGEST_TEXT_SIZE];
    uint64_t chance = 0;

    (void)snprintf(text, sizeof(text), "%llu:%s:%lld", (unsigned long long)world->settings.seed,
                   what, (long long)serial);
    gen_digest_of(text, strlen(text), digest);
    for (size_t i = 0; i < 16; i++) {
        char c = digest[i];

        chance = chance << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return chance;
}

/* ------------------------------------------------------------------------------------- journal */

void sim_world_journal(struct sim_world *world, const char *op, struct gen_arena *arena,
                       struct gen_node *record)
{
    struct gen_bytes line;
    size_t done = 0;

    if (world->replaying || world->journal < 0) {
        return;
    }
    gen_bytes_init(&line, GEN_JSON_MAX_SIZE);
    gen_node_set(arena, record, "op", gen_node_string(arena, op));
    (void)gen_json_write(record, GEN_JSON_COMPACT, &line);
    (void)gen_bytes_append(&line, "\n", 1);
    if (gen_bytes_status(&line) != GEN_OK || gen_arena_failed(arena)) {
        line.size = 0;
        errno = ENOMEM;
    }
    while (done < line.size) {
        ssize_t wrote = write(world->journal, line.data + done, line.size - done);

        if (wrote < 0 && errno != EINTR) {
            break;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if ((line.size == 0 || done < line.size) && !world->journal_broken) {
        world->journal_broken = true;
        (void)fprintf(stderr, "gen-sim: %s/journal.jsonl cannot be written: %s\n",
                      world->settings.folder, strerror(errno));
    }
    gen_bytes_fini(&line);
}

static void world_replay_line(struct sim_world *world, const struct gen_node *line)
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
static enum gen_status world_replay(struct sim_world *world, const struct gen_bytes *text,
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
        world_replay_line(world, line);
        *good += (size_t)(end - begin) + 1;
    }
    return GEN_OK;
}

static enum gen_status world_read_journal(struct sim_world *world, struct gen_error *err)
{
    char *path = gen_arena_printf(world->arena, "%s/journal.jsonl", world->settings.folder);
    struct gen_bytes text;
    size_t good = 0;
    enum gen_status status;

    gen_bytes_init(&text, WORLD_JOURNAL_MAX);
    if (path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_files_read(path, &text, err);
    if (status == GEN_ENOTFOUND) {
        status = GEN_OK;
    } else if (status == GEN_OK) {
        world->replaying = true;
        status = world_replay(world, &text, &good, err);
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

static enum gen_status world_fill(struct sim_world *world, struct gen_error *err)
{
    world->arena = gen_arena_create(0);
    world->memos = gen_map_create(SIM_WORLD_MEMOS);
    if (world->arena == NULL || world->memos == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return GEN_OK;
}

static void world_empty(struct sim_world *world)
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

static enum gen_status world_folders(const struct sim_world *world, struct gen_error *err)
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

static enum gen_status world_lock_folder(struct sim_world *world, struct gen_error *err)
{
    char *path = gen_arena_printf(world->arena, "%s/lock", world->settings.folder);

    return path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                        : gen_files_lock(path, &world->folder_lock, err);
}

enum gen_status sim_world_open(const struct sim_settings *settings, struct sim_world **out,
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
    status = world_fill(world, err);
    if (status == GEN_OK &&
        (world->lasting == NULL || world->faults == NULL || world->requests == NULL)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        status = world_folders(world, err);
    }
    if (status == GEN_OK) {
        status = world_lock_folder(world, err);
    }
    if (status == GEN_OK) {
        status = sim_accounts_begin(world, err);
    }
    for (size_t i = 0;
         status == GEN_OK && settings->accounts != NULL && settings->accounts[i] != NULL; i++) {
        status = sim_accounts_set(world, settings->accounts[i], err);
    }
    if (status == GEN_OK) {
        status = world_read_journal(world, err);
    }
    if (status != GEN_OK) {
        sim_world_close(world);
        return status;
    }
    *out = world;
    return GEN_OK;
}

void sim_world_close(struct sim_world *world)
{
    if (world == NULL) {
        return;
    }
    world_empty(world);
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

enum gen_status sim_world_reset(struct sim_world *world, struct gen_error *err)
{
    world_empty(world);
    sim_requests_clear(world->requests);
    sim_faults_clear(world->faults);
    for (size_t i = 0; i < world->accounts.count; i++) {
        ((struct sim_purse *)world->accounts.items[i])->deposits = 0;
    }
    if (ftruncate(world->journal, 0) != 0) {
        return gen_files_errno(err, errno, "emptying", "journal.jsonl");
    }
    return world_fill(world, err);
}

/* ---------------------------------------------------------------------------------------- ids */

const char *sim_ident_uuid(struct sim_call *call)
{
    int64_t serial = sim_world_serial(call->world);
    uint64_t a = sim_world_chance(call->world, "uuid", serial);
    uint64_t b = sim_world_chance(call->world, "uuid2", serial);

    return gen_arena_printf(call->arena, "%08x-%04x-4%03x-%x%03x-%012llx", (unsigned)(a >> 32),
                            (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
                            8u + (unsigned)(b >> 62), (unsigned)(b >> 48 & 0xfff),
                            (unsigned long long)(b & 0xffffffffffffULL));
}

const char *sim_ident_digits(struct sim_call *call, int digits)
{
    int64_t serial = sim_world_serial(call->world);
    uint64_t chance = sim_world_chance(call->world, "digits", serial);
    char *text = gen_arena_alloc(call->arena, (size_t)digits + 1);

    for (int i = 0; text != NULL && i < digits; i++) {
        uint64_t digit = (chance >> (i % 16 * 4)) % 10;

        text[i] = (char)('0' + (i == 0 && digit == 0 ? 7 : digit));
        chance = i % 16 == 15 ? sim_world_chance(call->world, "more", serial + i) : chance;
    }
    return text;
}

const char *sim_ident_word(struct sim_call *call, int size)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    int64_t serial = sim_world_serial(call->world);
    uint64_t chance = 0;
    char *text = gen_arena_alloc(call->arena, (size_t)size + 1);

    for (int i = 0; text != NULL && i < size; i++) {
        if (i % 10 == 0) {
            char what[32];

            (void)snprintf(what, sizeof(what), "word%d", i);
            chance = sim_world_chance(call->world, what, serial);
        }
        text[i] = letters[(chance >> (i % 10 * 6)) % 62];
    }
    return text;
}
