/* map.c - see map.h. Entries stand in an array in the order they came; a table of slots, at most
 * half full, says where a key's entry is. Each entry takes a slot once between two rebuilds, so
 * removed ones (which keep their place) never fill the table. */
#include "base/map.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAP_FIRST = 8,
    SLOT_EMPTY = 0, /* else: index of the entry + 1 */
};

struct map_entry {
    char *key; /* NULL = removed */
    void *value;
    uint64_t hash;
};

struct gen_map {
    struct map_entry *entries;
    uint32_t *slots; /* 2 * capacity of them, a power of two */
    size_t capacity; /* of entries */
    size_t used;     /* entries taken, removed ones included */
    size_t count;
    size_t maximum;
    uint64_t seed;
};

static uint64_t map_hash(const struct gen_map *map, const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ map->seed;

    for (; *key != '\0'; key++) {
        hash = (hash ^ (uint8_t)*key) * UINT64_C(1099511628211);
    }
    return hash ^ hash >> 32; /* the slot is taken from the low bits, let the high ones count */
}

struct gen_map *gen_map_create(size_t maximum)
{
    struct gen_map *map = gen_alloc(sizeof(*map));

    if (map != NULL) {
        map->maximum = maximum < UINT32_MAX / 4 ? maximum : UINT32_MAX / 4;
        arc4random_buf(&map->seed, sizeof(map->seed));
    }
    return map;
}

void gen_map_destroy(struct gen_map *map)
{
    if (map == NULL) {
        return;
    }
    for (size_t i = 0; i < map->used; i++) {
        gen_free(map->entries[i].key);
    }
    gen_free(map->entries);
    gen_free(map->slots);
    gen_free(map);
}

static struct map_entry *map_find(const struct gen_map *map, const char *key, uint64_t hash)
{
    size_t mask = map->capacity * 2 - 1;

    if (map->capacity == 0) {
        return NULL;
    }
    for (size_t at = hash & mask; map->slots[at] != SLOT_EMPTY; at = (at + 1) & mask) {
        struct map_entry *entry = &map->entries[map->slots[at] - 1];

        if (entry->key != NULL && entry->hash == hash && strcmp(entry->key, key) == 0) {
            return entry;
        }
    }
    return NULL;
}

static void map_link(uint32_t *slots, size_t capacity, uint64_t hash, size_t index)
{
    size_t mask = capacity * 2 - 1;
    size_t at = hash & mask;

    while (slots[at] != SLOT_EMPTY) {
        at = (at + 1) & mask;
    }
    slots[at] = (uint32_t)(index + 1);
}

/* Makes room for one more entry: leaves removed ones behind, doubles when that is not enough. */
static enum gen_status map_make_room(struct gen_map *map)
{
    size_t capacity = map->capacity;
    struct map_entry *entries;
    uint32_t *slots;
    size_t used = 0;

    if (map->used < map->capacity) {
        return GEN_OK;
    }
    if (capacity == 0) {
        capacity = MAP_FIRST;
    } else if (map->count > capacity / 2) {
        capacity *= 2;
    }
    entries = gen_alloc(capacity * sizeof(*entries));
    slots = gen_alloc(capacity * 2 * sizeof(*slots));
    if (entries == NULL || slots == NULL) {
        gen_free(entries);
        gen_free(slots);
        return GEN_ENOMEM;
    }
    for (size_t i = 0; i < map->used; i++) {
        if (map->entries[i].key != NULL) {
            entries[used] = map->entries[i];
            map_link(slots, capacity, entries[used].hash, used);
            used++;
        }
    }
    gen_free(map->entries);
    gen_free(map->slots);
    map->entries = entries;
    map->slots = slots;
    map->capacity = capacity;
    map->used = used;
    return GEN_OK;
}

enum gen_status gen_map_put(struct gen_map *map, const char *key, void *value, void **old)
{
    uint64_t hash = map_hash(map, key);
    struct map_entry *entry = map_find(map, key, hash);
    enum gen_status status;
    char *copy;

    if (entry != NULL) {
        if (old != NULL) {
            *old = entry->value;
        }
        entry->value = value;
        return GEN_OK;
    }
    if (map->count >= map->maximum) {
        return GEN_ELIMIT;
    }
    status = map_make_room(map);
    if (status != GEN_OK) {
        return status;
    }
    copy = gen_strdup(key);
    if (copy == NULL) {
        return GEN_ENOMEM;
    }
    map_link(map->slots, map->capacity, hash, map->used);
    map->entries[map->used] = (struct map_entry){copy, value, hash};
    map->used++;
    map->count++;
    if (old != NULL) {
        *old = NULL;
    }
    return GEN_OK;
}

void *gen_map_get(const struct gen_map *map, const char *key)
{
    const struct map_entry *entry = map_find(map, key, map_hash(map, key));

    return entry != NULL ? entry->value : NULL;
}

void *gen_map_remove(struct gen_map *map, const char *key)
{
    struct map_entry *entry = map_find(map, key, map_hash(map, key));
    void *value;

    if (entry == NULL) {
        return NULL;
    }
    value = entry->value;
    gen_free(entry->key); /* `key` may be this very text: not looked at after here */
    entry->key = NULL;
    entry->value = NULL;
    map->count--;
    return value;
}

size_t gen_map_count(const struct gen_map *map)
{
    return map->count;
}

int gen_map_next(const struct gen_map *map, size_t *cursor, const char **key, void **value)
{
    while (*cursor < map->used) {
        const struct map_entry *entry = &map->entries[*cursor];

        *cursor += 1;
        if (entry->key == NULL) {
            continue;
        }
        if (key != NULL) {
            *key = entry->key;
        }
        if (value != NULL) {
            *value = entry->value;
        }
        return 1;
    }
    return 0;
}
