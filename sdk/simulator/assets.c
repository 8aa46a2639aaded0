/* assets.c - see assets.h; the memos of dialects are here too, since they are kept the same way. */
#include "simulator/assets.h"

#include "simulator/call.h"

#include "base/bytes.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct sim_asset *sim_assets_by_serial(const struct sim_world *world, int64_t serial)
{
    for (size_t i = world->assets.count; i > 0; i--) {
        struct sim_asset *asset = world->assets.items[i - 1];

        if (asset->serial == serial) {
            return asset;
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------------------------- journal */

static struct gen_node *assets_write(const struct sim_asset *asset, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "serial", gen_node_int(arena, asset->serial));
    gen_node_set(arena, map, "id", gen_node_string(arena, asset->id));
    gen_node_set(arena, map, "provider", gen_node_string(arena, asset->provider));
    gen_node_set(arena, map, "account", gen_node_string(arena, asset->account));
    gen_node_set(arena, map, "name", gen_node_string(arena, asset->name));
    gen_node_set(arena, map, "type", gen_node_string(arena, asset->type));
    gen_node_set(arena, map, "path", gen_node_string(arena, asset->path));
    gen_node_set(arena, map, "size", gen_node_int(arena, asset->size));
    gen_node_set(arena, map, "minSize", gen_node_int(arena, asset->min_size));
    gen_node_set(arena, map, "maxSize", gen_node_int(arena, asset->max_size));
    gen_node_set(arena, map, "exactSize", gen_node_int(arena, asset->exact_size));
    gen_node_set(arena, map, "upload", gen_node_int(arena, asset->upload));
    gen_node_set(arena, map, "created", gen_node_int(arena, asset->created));
    gen_node_set(arena, map, "expires", gen_node_int(arena, asset->expires));
    gen_node_set(arena, map, "fields",
                 asset->fields == NULL ? gen_node_null(arena)
                                       : gen_node_copy(arena, asset->fields));
    gen_node_set(arena, map, "extra",
                 asset->extra == NULL ? gen_node_null(arena) : gen_node_copy(arena, asset->extra));
    return map;
}

static void assets_journal(struct sim_call *call, const struct sim_asset *asset)
{
    sim_world_journal(call->world, "asset", call->arena, assets_write(asset, call->arena));
}

static const struct gen_node *assets_tree(struct gen_arena *arena, const struct gen_node *line,
                                          const char *key)
{
    const struct gen_node *node = gen_node_get(line, key);

    return gen_node_type_of(node) == GEN_NODE_NULL ? NULL : gen_node_copy(arena, node);
}

void sim_assets_replay(struct sim_world *world, const struct gen_node *line)
{
    int64_t serial = gen_node_integer(gen_node_get(line, "serial"), 0);
    struct gen_arena *arena = world->arena;
    struct sim_asset *asset = sim_assets_by_serial(world, serial);
    const struct {
        const char *key;
        size_t offset;
    } texts[] = {
        {"id", offsetof(struct sim_asset, id)},
        {"provider", offsetof(struct sim_asset, provider)},
        {"account", offsetof(struct sim_asset, account)},
        {"name", offsetof(struct sim_asset, name)},
        {"type", offsetof(struct sim_asset, type)},
        {"path", offsetof(struct sim_asset, path)},
    };

    if (asset == NULL) {
        asset = gen_arena_alloc(arena, sizeof(*asset));
        if (asset == NULL || !sim_vector_push(&world->assets, asset)) {
            return;
        }
    }
    for (size_t i = 0; i < GEN_COUNT(texts); i++) {
        const char *text = gen_arena_strdup(arena,
                                            gen_node_text(gen_node_get(line, texts[i].key), NULL));

        memcpy((char *)asset + texts[i].offset, &text, sizeof(text));
    }
    asset->serial = serial;
    asset->size = gen_node_integer(gen_node_get(line, "size"), 0);
    asset->min_size = gen_node_integer(gen_node_get(line, "minSize"), 0);
    asset->max_size = gen_node_integer(gen_node_get(line, "maxSize"), 0);
    asset->exact_size = gen_node_integer(gen_node_get(line, "exactSize"), 0);
    asset->upload = (enum sim_upload)gen_node_integer(gen_node_get(line, "upload"), 1);
    asset->created = gen_node_integer(gen_node_get(line, "created"), 0);
    asset->expires = gen_node_integer(gen_node_get(line, "expires"), 0);
    asset->fields = assets_tree(arena, line, "fields");
    asset->extra = assets_tree(arena, line, "extra");
}

struct gen_node *sim_assets_books(struct sim_world *world, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < world->assets.count; i++) {
        gen_node_push(list, assets_write(world->assets.items[i], arena));
    }
    return list;
}

/* ----------------------------------------------------------------------------- what dialects ask */

const struct sim_asset *sim_asset_create(struct sim_call *call, const struct sim_asset *terms)
{
    struct gen_arena *arena = call->world->arena;
    struct sim_asset *asset = gen_arena_alloc(arena, sizeof(*asset));

    if (asset == NULL || !sim_vector_push(&call->world->assets, asset)) {
        return NULL;
    }
    *asset = *terms;
    asset->id = gen_arena_strdup(arena, terms->id != NULL ? terms->id : sim_ident_uuid(call));
    asset->serial = sim_world_serial(call->world);
    asset->provider = call->dialect->provider;
    asset->account = gen_arena_strdup(arena, call->account == NULL ? "" : call->account->name);
    asset->name = gen_arena_strdup(arena, terms->name);
    asset->type = gen_arena_strdup(arena, terms->type);
    asset->path = NULL;
    asset->size = 0;
    asset->fields = gen_node_copy(arena, terms->fields);
    asset->extra = gen_node_copy(arena, terms->extra);
    asset->created = call->now;
    assets_journal(call, asset);
    return asset;
}

const struct sim_asset *sim_asset_find(struct sim_call *call, const char *id)
{
    for (size_t i = call->world->assets.count; id != NULL && i > 0; i--) {
        const struct sim_asset *asset = call->world->assets.items[i - 1];

        if (strcmp(asset->id, id) == 0 && strcmp(asset->provider, call->dialect->provider) == 0 &&
            (call->account == NULL || strcmp(asset->account, call->account->name) == 0) &&
            (asset->expires == 0 || call->now < asset->expires)) {
            return asset;
        }
    }
    return NULL;
}

/* The name is new even after a reset, since rendered clips are kept under their first frame's. */
static bool assets_write_file(struct sim_call *call, struct sim_asset *asset, const void *data,
                              size_t size, int flags)
{
    char *path = gen_arena_printf(call->world->arena, "%s/assets/%lld-%llx",
                                  call->world->settings.folder, (long long)asset->serial,
                                  (unsigned long long)asset->created);
    int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    size_t done = 0;

    while (fd >= 0 && done < size) {
        ssize_t wrote = write(fd, (const char *)data + done, size - done);

        if (wrote < 0 && errno != EINTR) {
            break;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (fd < 0 || close(fd) != 0 || done < size) {
        (void)fprintf(stderr, "gen-sim: an asset cannot be written: %s\n", strerror(errno));
        return false;
    }
    asset->path = path;
    asset->size = (flags & O_APPEND) != 0 ? asset->size + (int64_t)size : (int64_t)size;
    return true;
}

bool sim_asset_store(struct sim_call *call, const struct sim_asset *asset, const void *data,
                     size_t size, const char *type)
{
    struct sim_asset *own = sim_assets_by_serial(call->world, asset->serial);

    if (own == NULL || !assets_write_file(call, own, data, size, O_TRUNC)) {
        return false;
    }
    if (type != NULL) {
        own->type = gen_arena_strdup(call->world->arena, type);
    }
    assets_journal(call, own);
    return true;
}

bool sim_asset_append(struct sim_call *call, const struct sim_asset *asset, const void *data,
                      size_t size)
{
    struct sim_asset *own = sim_assets_by_serial(call->world, asset->serial);

    if (own == NULL || (own->max_size > 0 && own->size + (int64_t)size > own->max_size) ||
        !assets_write_file(call, own, data, size, O_APPEND)) {
        return false;
    }
    assets_journal(call, own);
    return true;
}

void sim_asset_note(struct sim_call *call, const struct sim_asset *asset,
                    const struct gen_node *extra)
{
    struct sim_asset *own = sim_assets_by_serial(call->world, asset->serial);

    if (own != NULL) {
        own->extra = gen_node_copy(call->world->arena, extra);
        assets_journal(call, own);
    }
}

void sim_asset_delete(struct sim_call *call, const struct sim_asset *asset)
{
    struct sim_asset *own = sim_assets_by_serial(call->world, asset->serial);

    if (own != NULL) {
        own->expires = 1; /* not found any more; a clip may still begin with its file */
        assets_journal(call, own);
    }
}

const char *sim_asset_read(struct sim_call *call, const struct sim_asset *asset, size_t *size)
{
    enum { LARGEST = 512 * 1024 * 1024 };
    struct gen_bytes bytes;
    struct gen_error err;
    char *copy = NULL;

    gen_bytes_init(&bytes, LARGEST);
    if (asset->path != NULL && gen_files_read(asset->path, &bytes, &err) == GEN_OK) {
        copy = gen_arena_alloc(call->arena, bytes.size + 1);
        if (copy != NULL && bytes.size > 0) {
            memcpy(copy, bytes.data, bytes.size);
        }
        *size = bytes.size;
    }
    gen_bytes_fini(&bytes);
    return copy;
}

/* --------------------------------------------------------------------------------------- memos */

static void memos_keep(struct sim_world *world, const char *key, const struct gen_node *line)
{
    struct gen_node *copy = gen_node_copy(world->arena, line);

    if (copy == NULL || gen_map_put(world->memos, key, copy, NULL) != GEN_OK) {
        (void)fprintf(stderr, "gen-sim: a memo is lost, there are too many\n");
    }
}

void sim_memo_put(struct sim_call *call, const char *key, const struct gen_node *value,
                  gen_moment expires)
{
    struct gen_arena *arena = call->arena;
    char *whole = gen_arena_printf(arena, "%s/%s", call->dialect->provider, key);
    struct gen_node *line = gen_node_map(arena);

    if (whole == NULL) {
        return;
    }
    gen_node_set(arena, line, "key", gen_node_string(arena, whole));
    gen_node_set(arena, line, "serial", gen_node_int(arena, call->world->serial));
    gen_node_set(arena, line, "expires", gen_node_int(arena, expires));
    gen_node_set(arena, line, "value",
                 value == NULL ? gen_node_null(arena) : gen_node_copy(arena, value));
    memos_keep(call->world, whole, line);
    sim_world_journal(call->world, "memo", arena, line);
}

const struct gen_node *sim_memo_get(struct sim_call *call, const char *key)
{
    char *whole = gen_arena_printf(call->arena, "%s/%s", call->dialect->provider, key);
    const struct gen_node *line = whole == NULL ? NULL : gen_map_get(call->world->memos, whole);
    int64_t expires = gen_node_integer(gen_node_get(line, "expires"), 0);
    const struct gen_node *value = gen_node_get(line, "value");

    if ((expires != 0 && call->now >= expires) || gen_node_type_of(value) == GEN_NODE_NULL) {
        return NULL;
    }
    return value == NULL ? NULL : gen_node_copy(call->arena, value);
}

void sim_memos_replay(struct sim_world *world, const struct gen_node *line)
{
    memos_keep(world, gen_node_text(gen_node_get(line, "key"), ""), line);
}
