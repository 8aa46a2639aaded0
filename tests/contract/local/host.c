/* host.c - see host.h: the services that the plugin calls. */
#include "host.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct block {
    struct block *next;
    json_t *json; /* decref'd with the arena */
};

struct gen_arena {
    struct block *blocks;
};

/* A node is a jansson value that remembers its key and its arena. */
struct gen_node {
    json_t *json;
    const char *key;
    struct gen_arena *arena;
};

struct gen_arena *host_arena_create(void)
{
    return calloc(1, sizeof(struct gen_arena));
}

void host_arena_destroy(struct gen_arena *arena)
{
    while (arena->blocks != NULL) {
        struct block *block = arena->blocks;

        arena->blocks = block->next;
        json_decref(block->json);
        free(block);
    }
    free(arena);
}

static void *host_alloc(struct gen_arena *arena, size_t size)
{
    struct block *block = calloc(1, sizeof(*block) + size);

    if (block == NULL) {
        return NULL;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block + 1;
}

__attribute__((format(printf, 2, 3))) static char *host_print(struct gen_arena *arena,
                                                              const char *format, ...)
{
    va_list list;
    int length;
    char *text;

    va_start(list, format);
    length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    text = host_alloc(arena, (size_t)length + 1);
    va_start(list, format);
    vsnprintf(text, (size_t)length + 1, format, list);
    va_end(list);
    return text;
}

static void host_log(const struct gen_host *host, int32_t level, const char *format, ...)
{
    va_list list;

    (void)host;
    fprintf(stderr, "log %d: ", level);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

static int32_t has_program(const struct gen_host *host, const char *name)
{
    char *path = strdup(getenv("PATH")), *rest = path, *folder;
    int found = 0;

    (void)host;
    while (!found && (folder = strsep(&rest, ":")) != NULL) {
        char file[4096];

        snprintf(file, sizeof(file), "%s/%s", folder, name);
        found = access(file, X_OK) == 0;
    }
    free(path);
    return found;
}

static struct gen_node *node_of(struct gen_arena *arena, json_t *json, const char *key)
{
    struct gen_node *node = json != NULL ? host_alloc(arena, sizeof(*node)) : NULL;

    if (node != NULL) {
        node->json = json;
        node->key = key;
        node->arena = arena;
    }
    return node;
}

/* A new value: the arena holds the reference. */
static struct gen_node *own(struct gen_arena *arena, json_t *json)
{
    struct gen_node *node = node_of(arena, json, "");

    arena->blocks->json = json;
    return node;
}

void host_keep(struct gen_arena *arena, void *json)
{
    own(arena, json);
}

static const struct gen_node *parse(struct gen_arena *arena, const char *text, size_t size)
{
    json_t *json = json_loadb(text, size, JSON_DECODE_ANY, NULL);

    return json != NULL ? own(arena, json) : NULL;
}

static const struct gen_node *get(const struct gen_node *map, const char *key)
{
    return map == NULL ? NULL : node_of(map->arena, json_object_get(map->json, key), key);
}

static const struct gen_node *at(const struct gen_node *list, size_t index)
{
    return list == NULL ? NULL : node_of(list->arena, json_array_get(list->json, index), "");
}

static size_t count(const struct gen_node *node)
{
    return node == NULL                ? 0
           : json_is_array(node->json) ? json_array_size(node->json)
                                       : json_object_size(node->json);
}

static const char *text(const struct gen_node *node, const char *fallback)
{
    return node != NULL && json_is_string(node->json) ? json_string_value(node->json) : fallback;
}

static int64_t integer(const struct gen_node *node, int64_t fallback)
{
    return node != NULL && json_is_integer(node->json) ? json_integer_value(node->json) : fallback;
}

static double number(const struct gen_node *node, double fallback)
{
    return node != NULL && json_is_number(node->json) ? json_number_value(node->json) : fallback;
}

static int32_t truth(const struct gen_node *node, int32_t fallback)
{
    return node != NULL && json_is_boolean(node->json) ? json_is_true(node->json) : fallback;
}

static struct gen_node *new_map(struct gen_arena *arena)
{
    return own(arena, json_object());
}

static struct gen_node *new_list(struct gen_arena *arena)
{
    return own(arena, json_array());
}

static struct gen_node *new_text(struct gen_arena *arena, const char *value)
{
    return own(arena, json_string(value));
}

static struct gen_node *new_integer(struct gen_arena *arena, int64_t value)
{
    return own(arena, json_integer(value));
}

static struct gen_node *new_truth(struct gen_arena *arena, int32_t value)
{
    return own(arena, json_boolean(value));
}

static struct gen_node *set(struct gen_arena *arena, struct gen_node *map, const char *key,
                            struct gen_node *child)
{
    (void)arena;
    if (map == NULL || child == NULL) {
        return NULL;
    }
    json_object_set(map->json, key, child->json);
    return child;
}

static struct gen_node *push(struct gen_node *list, struct gen_node *child)
{
    if (list == NULL || child == NULL) {
        return NULL;
    }
    json_array_append(list->json, child->json);
    return child;
}

static const char *write_json(struct gen_arena *arena, const struct gen_node *node, size_t *size)
{
    char *dump = node != NULL ? json_dumps(node->json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    const char *copy = dump != NULL ? host_print(arena, "%s", dump) : NULL;

    if (size != NULL) {
        *size = copy != NULL ? strlen(copy) : 0;
    }
    free(dump);
    return copy;
}

/* Services that this plugin does not use stay NULL: calling one is seen at once. */
const struct gen_host host_table = {
    .size = sizeof(struct gen_host),
    .major = GEN_PROVIDER_ABI_MAJOR,
    .minor = GEN_PROVIDER_ABI_MINOR,
    .version = "drive",
    .alloc = host_alloc,
    .print = host_print,
    .log = host_log,
    .has_program = has_program,
    .json_parse = parse,
    .json_get = get,
    .json_at = at,
    .json_count = count,
    .json_text = text,
    .json_integer = integer,
    .json_number = number,
    .json_truth = truth,
    .json_map = new_map,
    .json_list = new_list,
    .json_new_text = new_text,
    .json_new_integer = new_integer,
    .json_new_truth = new_truth,
    .json_set = set,
    .json_push = push,
    .json_write = write_json,
};
