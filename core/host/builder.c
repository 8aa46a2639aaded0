/* builder.c - see builder.h. Each node carries its parent and its height behind the contract's
 * opaque pointer, so that one walk upwards tells a circle and the depth. */
#include "host/builder.h"

#include "platform/json_reader.h"

#include <string.h>

struct built {
    struct gen_node node; /* first: the plugin's pointer is this object's */
    struct built *parent;
    int height; /* levels below and including it */
};

static int builder_height(const struct gen_node *node)
{
    int tallest = 0;

    for (const struct gen_node *child = gen_node_first(node); child != NULL; child = child->next) {
        int height = builder_height(child);

        tallest = height > tallest ? height : tallest;
    }
    return tallest + 1;
}

struct gen_node *gen_builder_adopt(struct gen_arena *arena, const struct gen_node *node)
{
    struct built *built;

    if (node == NULL || gen_arena_failed(arena)) {
        return NULL;
    }
    built = gen_arena_alloc(arena, sizeof(*built));
    if (built == NULL) {
        return NULL;
    }
    built->node = *node;
    built->node.key = NULL;
    built->node.next = NULL;
    built->height = builder_height(node);
    return &built->node;
}

/* May `child` hang below `parent`? On yes, the heights above are brought up to date. */
static bool builder_attach(struct built *parent, struct built *child)
{
    int depth = 0;

    if (child->parent != NULL) {
        return false;
    }
    for (struct built *above = parent; above != NULL; above = above->parent) {
        if (above == child || ++depth + child->height > GEN_JSON_MAX_DEPTH) {
            return false;
        }
    }
    depth = child->height;
    for (struct built *above = parent; above != NULL; above = above->parent) {
        depth++;
        above->height = above->height > depth ? above->height : depth;
    }
    child->parent = parent;
    return true;
}

/* Takes the value of `key` out of the map; it keeps its parent, so it cannot be used again. */
static void builder_drop(struct gen_node *map, const char *key)
{
    struct gen_node *before = NULL;

    for (struct gen_node *child = map->as.children.first; child != NULL; child = child->next) {
        if (strcmp(child->key, key) != 0) {
            before = child;
            continue;
        }
        if (before != NULL) {
            before->next = child->next;
        } else {
            map->as.children.first = child->next;
        }
        if (map->as.children.last == child) {
            map->as.children.last = before;
        }
        map->as.children.count--;
        child->next = NULL;
        return;
    }
}

struct gen_node *gen_builder_set(struct gen_arena *arena, struct gen_node *map, const char *key,
                                 struct gen_node *child)
{
    if (gen_node_type_of(map) != GEN_NODE_MAP || child == NULL || key == NULL ||
        gen_arena_failed(arena)) {
        return NULL;
    }
    if (!builder_attach((struct built *)map, (struct built *)child)) {
        return NULL;
    }
    builder_drop(map, key);
    gen_node_set_new(arena, map, key, child);
    return gen_arena_failed(arena) ? NULL : child;
}

struct gen_node *gen_builder_push(struct gen_node *list, struct gen_node *child)
{
    if (gen_node_type_of(list) != GEN_NODE_LIST || child == NULL ||
        !builder_attach((struct built *)list, (struct built *)child)) {
        return NULL;
    }
    return gen_node_push(list, child);
}
