/* map.h - text keys to pointers; insertion order is kept, keys are copied.
 *
 * It does not own the values. Hashing is seeded per map (FNV-1a over the seed), so that keys chosen
 * by strangers do not collide on purpose.
 *
 * Thread: one at a time. Floor: base. Tests: tests/unit/base/map_test.c
 */
#ifndef GEN_BASE_MAP_H
#define GEN_BASE_MAP_H

#include "base/error.h"

struct gen_map;

/* At most `maximum` keys. NULL when there is no memory. */
struct gen_map *gen_map_create(size_t maximum);
void gen_map_destroy(struct gen_map *map); /* NULL is allowed */

/* Adds or replaces; the old value comes back in `*old` when that is not NULL (NULL if none).
 * GEN_ENOMEM, GEN_ELIMIT; unchanged on failure. */
GEN_MUST_CHECK enum gen_status gen_map_put(struct gen_map *map, const char *key, void *value,
                                           void **old);
void *gen_map_get(const struct gen_map *map, const char *key); /* NULL = absent */
void *gen_map_remove(struct gen_map *map, const char *key);    /* NULL = absent */
size_t gen_map_count(const struct gen_map *map);

/* Walks in insertion order: start with `*cursor` 0; false at the end. Removing the entry just
 * returned is allowed while walking, adding is not. */
GEN_MUST_CHECK int gen_map_next(const struct gen_map *map, size_t *cursor, const char **key,
                                void **value);

#endif
