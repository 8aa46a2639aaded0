/* policy_layers.c - see policy_layers.h. */
#include "cli/policy_layers.h"

#include "cli/policy_files.h"

#include <stdlib.h>
#include <string.h>

static const char extends_key[] = "extends";

static enum gen_status layers_wrong(const struct gen_node *node, const char *file,
                                    struct gen_error *err)
{
    gen_error_place(err, file, node != NULL ? node->line : 0, node != NULL ? node->column : 0,
                    NULL);
    return err->status;
}

/* A file of its own cannot be read: told where it is named, unless it has its own place already. */
static enum gen_status layers_named(const struct gen_node *node, const char *file,
                                    struct gen_error *err)
{
    return err->file[0] != '\0' ? err->status : layers_wrong(node, file, err);
}

static enum gen_status layers_file(struct gen_policy_layers *layers, const struct gen_node *name,
                                   const char *file, const char *what, struct gen_arena *arena,
                                   struct gen_error *err)
{
    const char *path = gen_policy_files_beside(file, gen_node_text(name, ""), arena);
    enum gen_status status;

    if (path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a %s", what);
    }
    status = gen_policy_layers_read(layers, path, what, arena, err);
    return status == GEN_OK ? GEN_OK : layers_named(name, file, err);
}

enum gen_status gen_policy_layers_add(struct gen_policy_layers *layers, const struct gen_node *node,
                                      const char *file, const char *what, struct gen_arena *arena,
                                      struct gen_error *err)
{
    const struct gen_node *extends = gen_node_get(node, extends_key);
    enum gen_status status = GEN_OK;

    if (gen_node_type_of(node) == GEN_NODE_NONE || gen_node_type_of(node) == GEN_NODE_NULL) {
        return GEN_OK;
    }
    if (gen_node_type_of(node) == GEN_NODE_STRING) {
        return layers_file(layers, node, file, what, arena, err);
    }
    if (gen_node_type_of(node) != GEN_NODE_MAP) {
        (void)gen_error_set(err, GEN_EINVAL,
                            "a %s must be a map of keys or the name of a file, not %s", what,
                            gen_node_type_word(gen_node_type_of(node)));
        return layers_wrong(node, file, err);
    }
    if (extends != NULL && gen_node_type_of(extends) != GEN_NODE_STRING) {
        (void)gen_error_set(err, GEN_EINVAL, "extends must be the name of a file, not %s",
                            gen_node_type_word(gen_node_type_of(extends)));
        return layers_wrong(extends, file, err);
    }
    if (extends != NULL) {
        status = layers_file(layers, extends, file, what, arena, err);
    }
    if (status == GEN_OK && layers->count == GEN_POLICY_LAYERS_MOST) {
        (void)gen_error_set(err, GEN_ELIMIT, "it is put together from more than %d files",
                            (int)GEN_POLICY_LAYERS_MOST);
        return layers_wrong(node, file, err);
    }
    if (status == GEN_OK) {
        layers->items[layers->count++] = (struct gen_policy_layer){node, file};
    }
    return status;
}

enum gen_status gen_policy_layers_read(struct gen_policy_layers *layers, const char *path,
                                       const char *what, struct gen_arena *arena,
                                       struct gen_error *err)
{
    const struct gen_node *node = NULL;
    enum gen_status status;

    if (layers->open == GEN_POLICY_LAYERS_MOST) {
        return gen_error_set(err, GEN_EINVAL,
                             "%s extends itself, or more than %d files extend each other", path,
                             (int)GEN_POLICY_LAYERS_MOST);
    }
    status = gen_policy_files_read(path, arena, &node, err);
    if (status == GEN_OK && gen_node_type_of(node) != GEN_NODE_MAP) {
        (void)gen_error_set(err, GEN_EINVAL, "a %s must be a map of keys, not %s", what,
                            gen_node_type_word(gen_node_type_of(node)));
        gen_error_place(err, path, 1, 1, NULL);
        return GEN_EINVAL;
    }
    layers->open++;
    if (status == GEN_OK) {
        status = gen_policy_layers_add(layers, node, path, what, arena, err);
    }
    layers->open--;
    return status;
}

/* ---- merging ---- */

static bool taken_away(const struct gen_node *node)
{
    return gen_node_type_of(node) == GEN_NODE_NULL;
}

static struct gen_node *merge(const struct gen_node *base, const struct gen_node *top,
                              struct gen_arena *arena)
{
    struct gen_node *map;

    if (gen_node_type_of(base) != GEN_NODE_MAP || gen_node_type_of(top) != GEN_NODE_MAP) {
        return gen_node_copy(arena, top);
    }
    map = gen_node_map(arena);
    for (const struct gen_node *item = gen_node_first(base); item != NULL; item = item->next) {
        const struct gen_node *over = gen_node_get(top, item->key);

        if (!taken_away(over)) {
            gen_node_set_new(arena, map, item->key,
                             over != NULL ? merge(item, over, arena) : gen_node_copy(arena, item));
        }
    }
    for (const struct gen_node *item = gen_node_first(top); item != NULL; item = item->next) {
        if (!taken_away(item) && gen_node_get(base, item->key) == NULL) {
            gen_node_set_new(arena, map, item->key, gen_node_copy(arena, item));
        }
    }
    if (map != NULL) {
        map->line = top->line;
        map->column = top->column;
        map->key_line = top->key_line;
        map->key_column = top->key_column;
    }
    return map;
}

struct gen_node *gen_policy_layers_merge(const struct gen_policy_layers *layers,
                                         struct gen_arena *arena)
{
    struct gen_node *merged = gen_node_map(arena), *map = gen_node_map(arena);

    for (size_t i = 0; i < layers->count; i++) {
        merged = merge(merged, layers->items[i].node, arena);
    }
    for (const struct gen_node *item = gen_node_first(merged); item != NULL; item = item->next) {
        if (strcmp(item->key, extends_key) != 0) {
            gen_node_set_new(arena, map, item->key, gen_node_copy(arena, item));
        }
    }
    if (merged == NULL || map == NULL || gen_arena_failed(arena)) {
        return NULL;
    }
    map->line = merged->line;
    map->column = merged->column;
    return map;
}

/* Follows a key path; unlike gen_node_find it knows keys that have dots and brackets in them, such as
 * names of models. `*deepest` is the last node on the way. */
static const struct gen_node *layers_find(const struct gen_node *node, const char *path,
                                          const struct gen_node **deepest)
{
    size_t index = 0, size;
    char *end;

    *deepest = node;
    if (path[0] == '\0') {
        return node;
    }
    if (path[0] == '[') {
        index = (size_t)strtoul(path + 1, &end, 10);
        node = gen_node_at(node, index);
        return node != NULL && *end == ']' ? layers_find(node, end + 1, deepest) : NULL;
    }
    path += path[0] == '.';
    for (node = gen_node_first(node); node != NULL && node->key != NULL; node = node->next) {
        const struct gen_node *reached = NULL, *found;

        size = strlen(node->key);
        if (size == 0 || strncmp(path, node->key, size) != 0 ||
            strchr(".[", path[size]) == NULL) { /* strchr finds the NUL at the end, too */
            continue;
        }
        found = layers_find(node, path + size, &reached);
        *deepest = reached;
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

void gen_policy_layers_place(const struct gen_policy_layers *layers, struct gen_error *err)
{
    const struct gen_node *found = NULL, *deepest = NULL;
    size_t at = layers->count;

    if (layers->count == 0) {
        return;
    }
    while (found == NULL && at > 0) {
        found = layers_find(layers->items[--at].node, err->path, &deepest);
    }
    if (found == NULL) { /* a key that no layer has: the last one could have it */
        at = layers->count - 1;
        (void)layers_find(layers->items[at].node, err->path, &deepest);
        found = deepest;
    }
    if (found->key_line == 0 || err->line != found->key_line ||
        err->column != found->key_column) { /* else the key itself is wrong */
        gen_error_place(err, NULL, found->line, found->column, NULL);
    }
    gen_error_place(err, layers->items[at].file, err->line, err->column, NULL);
}
