/* world.h - a whole engine in a folder of its own: loop, store, plugins, programs, for the tests of
 * the rooms that need them. */
#ifndef TESTS_UNIT_ENGINE_WORLD_H
#define TESTS_UNIT_ENGINE_WORLD_H

#include "engine/engine.h"
#include "engine/rulebook.h"
#include "platform/files.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORLD_UNUSED __attribute__((unused))
#define WORLD_MEDIA GEN_BUILD_DIR "/bin/gen-media"

struct world {
    char folder[64], blobs[96], scratch[96], database[96];
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_loader *loader;
    struct gen_http_client *http;
    struct gen_rulebook *rules; /* the shipped policies */
    struct gen_engine *engine;
    struct gen_arena *arena;
    struct gen_log log;
    struct gen_engine_options options;
    struct gen_error err;
};

#define WORLD_OK(world, call) \
    do { \
        enum gen_status world_status = (call); \
        cr_assert(world_status == GEN_OK, "%s: %s", #call, (world)->err.message); \
    } while (0)

static WORLD_UNUSED const struct gen_node *world_node(struct world *world, const char *json)
{
    const struct gen_node *node = NULL;

    WORLD_OK(world,
             gen_json_read(json, strlen(json), NULL, world->arena, &node, &world->err));
    return node;
}

static WORLD_UNUSED void world_open_rules(struct world *world)
{
    struct gen_rulebook_options rules = {.loop = world->loop, .clock = gen_clock_real(),
                                         .random = gen_random_real(), .log = &world->log,
                                         .organization = "org_1",
                                         .folder = GEN_SOURCE_DIR "/policies"};

    WORLD_OK(world, gen_rulebook_create(&rules, &world->rules, &world->err));
}

static WORLD_UNUSED void world_open_store(struct world *world)
{
    struct gen_store_options store = {
        .path = world->database, .loop = world->loop, .volatile_ok = true};

    WORLD_OK(world, gen_store_open(&store, &world->store, &world->err));
}

/* Everything but the loader and the engine. */
static WORLD_UNUSED void world_open_bare(struct world *world)
{
    memset(world, 0, sizeof(*world));
    strcpy(world->folder, "/tmp/gen-world-XXXXXX");
    cr_assert(mkdtemp(world->folder) != NULL);
    snprintf(world->blobs, sizeof(world->blobs), "%s/blobs", world->folder);
    snprintf(world->scratch, sizeof(world->scratch), "%s/scratch", world->folder);
    snprintf(world->database, sizeof(world->database), "%s/state.db", world->folder);
    world->arena = gen_arena_create(0);
    gen_log_init(&world->log, gen_clock_real(), GEN_LEVEL_ERROR, 2);
    WORLD_OK(world, gen_crypto_init(&world->err));
    WORLD_OK(world, gen_loop_create(&world->loop, &world->err));
    WORLD_OK(world, gen_files_make_folder(world->blobs, 0700, &world->err));
    world_open_store(world);
    world_open_rules(world);
}

/* Everything but the engine. The fake provider speaks to a port of this machine. */
static WORLD_UNUSED void world_open_at(struct world *world, int port)
{
    char settings[96];
    static const char *const folders[] = {GEN_BUILD_DIR "/lib/contract/good", NULL};
    struct gen_loader_options loader = {.plugin_folders = folders, .version = "0.1.0"};

    world_open_bare(world);
    snprintf(settings, sizeof(settings), "{\"fake\": {\"baseUrl\": \"http://127.0.0.1:%d\"}}", port);
    loader.settings = world_node(world, settings);
    WORLD_OK(world, gen_loader_create(&loader, &world->loader, &world->err));
    cr_assert(gen_loader_find(world->loader, "fake") != NULL, "fake.so is not built");
}

/* The same at a port where nobody listens. */
static WORLD_UNUSED void world_open(struct world *world)
{
    world_open_at(world, 9);
}

static WORLD_UNUSED void world_options(struct world *world)
{
    world->options = (struct gen_engine_options){
        .loop = world->loop, .store = world->store, .loader = world->loader, .http = world->http,
        .clock = gen_clock_real(), .random = gen_random_real(), .log = &world->log,
        .rules = world->rules, .media = WORLD_MEDIA, .blobs = world->blobs, .scratch = world->scratch,
        .job_budget = 10 * GEN_MICROS_PER_DOLLAR, .least_free = 1, .allow_private = true};
}

static WORLD_UNUSED void world_close(struct world *world)
{
    gen_rulebook_destroy(world->rules);
    gen_store_close(world->store);
    gen_loader_destroy(world->loader);
    gen_loop_destroy(world->loop);
    gen_arena_destroy(world->arena);
    WORLD_OK(world, gen_files_remove_tree(world->folder, &world->err));
}

#endif
