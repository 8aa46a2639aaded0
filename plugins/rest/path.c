/* path.c - see path.h. */
#include "path.h"

enum { PATH_NAME = 96, PATH_STEPS = 16, PATH_LONGEST = 400, PATH_WIDEST = 2000 };

struct walk {
    const struct kit *kit;
    size_t skip; /* how many values to pass over */
};

int path_fits(const char *path, const char **why)
{
    const char *at = path;
    size_t steps = 0;

    *why = "a path like data.videos[0].url or results[*].id is wanted here";
    if (strlen(path) > PATH_LONGEST) {
        return 0;
    }
    while (*at != '\0') {
        size_t size = strcspn(at, ".[]");

        if (size > PATH_NAME || (size == 0 && *at != '[') || ++steps > PATH_STEPS) {
            return 0;
        }
        at += size;
        for (; *at == '['; at++, steps++) {
            size_t inside = at[1] == '*' ? 1 : strspn(at + 1, "0123456789");

            if (inside == 0 || inside > 6 || at[1 + inside] != ']') {
                return 0;
            }
            at += 1 + inside;
        }
        if (*at == '.' && at[1] != '\0') {
            at++;
        } else if (*at != '\0') {
            return 0;
        }
    }
    return steps > 0;
}

static const struct gen_node *walk_on(struct walk *walk, const struct gen_node *node,
                                      const char *path);

/* Every child in turn. */
static const struct gen_node *walk_all(struct walk *walk, const struct gen_node *node,
                                       const char *rest)
{
    size_t count = walk->kit->host->json_count(node), i;

    for (i = 0; i < count && i < PATH_WIDEST; i++) {
        const struct gen_node *found = walk_on(walk, walk->kit->host->json_at(node, i), rest);

        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static const struct gen_node *walk_index(struct walk *walk, const struct gen_node *node,
                                         const char *path)
{
    size_t index = 0;

    if (path[1] == '*') {
        return walk_all(walk, node, path + 3);
    }
    for (path++; *path >= '0' && *path <= '9'; path++) {
        index = index * 10 + (size_t)(*path - '0');
    }
    return walk_on(walk, walk->kit->host->json_at(node, index), path + (*path == ']'));
}

static const struct gen_node *walk_on(struct walk *walk, const struct gen_node *node,
                                      const char *path)
{
    char name[PATH_NAME + 1];
    size_t size;

    path += *path == '.';
    if (node == NULL) {
        return NULL;
    }
    if (*path == '\0') {
        if (walk->skip == 0) {
            return node;
        }
        walk->skip--;
        return NULL;
    }
    if (*path == '[') {
        return walk_index(walk, node, path);
    }
    size = strcspn(path, ".[");
    if (size > PATH_NAME) {
        return NULL;
    }
    memcpy(name, path, size);
    name[size] = '\0';
    if (kit_same(name, "*")) {
        return walk->kit->host->json_type(node) == GEN_JSON_MAP ? walk_all(walk, node, path + size)
                                                                : NULL;
    }
    return walk_on(walk, walk->kit->host->json_get(node, name), path + size);
}

const struct gen_node *path_at(const struct kit *kit, const struct gen_node *node, const char *path,
                               size_t index)
{
    struct walk walk = {kit, index};

    return walk_on(&walk, node, path);
}

const struct gen_node *path_find(const struct kit *kit, const struct gen_node *node,
                                 const char *path)
{
    return path_at(kit, node, path, 0);
}

const struct gen_node *path_first(const struct kit *kit, const struct gen_node *node,
                                  const char *const *paths)
{
    for (; paths != NULL && *paths != NULL; paths++) {
        const struct gen_node *found = path_find(kit, node, *paths);

        if (found != NULL && kit->host->json_type(found) != GEN_JSON_NULL) {
            return found;
        }
    }
    return NULL;
}
