/* builder.h - documents that a plugin builds: the builders of base/node made safe to misuse.
 *
 * base/node trusts its callers (a key set twice is a bug of ours and aborts). A plugin is not
 * trusted: here a second parent, a circle, a list used as a map or a tree without end is answered
 * with NULL, and a key that is set again is replaced.
 * Invariant: what was built is a tree of at most GEN_JSON_MAX_DEPTH levels, so that writing and
 * copying it cannot run out of stack.
 *
 * Thread: one at a time. Floor: host. Tests: tests/unit/host/builder_test.c
 */
#ifndef GEN_HOST_BUILDER_H
#define GEN_HOST_BUILDER_H

#include "base/node.h"

/* Makes a node of a plugin's document from one of base/node (`node` itself is not used again).
 * NULL gives NULL, as does an arena that has failed. */
struct gen_node *gen_builder_adopt(struct gen_arena *arena, const struct gen_node *node);

/* Attach an adopted `child` to an adopted parent and return it, or return NULL (see above). */
struct gen_node *gen_builder_set(struct gen_arena *arena, struct gen_node *map, const char *key,
                                 struct gen_node *child);
struct gen_node *gen_builder_push(struct gen_node *list, struct gen_node *child);

#endif
