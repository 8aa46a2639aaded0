/* policy_layers.h - a document put together from several: what all cases share, then what one changes.
 *
 * Maps are merged key by key, anything else is replaced by the later one; null takes a key away. A file
 * may begin with `extends: OTHER`, which is read first. Mistakes found in the merged document are told at
 * the file and place that they came from.
 *
 * Thread: [any]; calls block on disk. Floor: cli. Tests: tests/unit/cli/policy_layers_test.c
 */
#ifndef GEN_CLI_POLICY_LAYERS_H
#define GEN_CLI_POLICY_LAYERS_H

#include "base/error.h"
#include "base/node.h"

enum { GEN_POLICY_LAYERS_MOST = 12 };

struct gen_policy_layer {
    const struct gen_node *node;
    const char *file; /* in messages; NULL = unknown */
};

struct gen_policy_layers { /* all zero is empty; borrows everything; may be copied */
    struct gen_policy_layer items[GEN_POLICY_LAYERS_MOST]; /* later ones win */
    size_t count;
    size_t open; /* files that are being read: they extend each other */
};

/* Adds a document of `file`, and before it those that it extends. A text is the path of another file,
 * beside this one; NULL adds nothing. `what` is for messages: "snapshot". GEN_EINVAL: not a map, files
 * that extend each other in a circle; statuses of reading a file; GEN_ELIMIT; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_layers_add(struct gen_policy_layers *layers,
                                                     const struct gen_node *node, const char *file,
                                                     const char *what, struct gen_arena *arena,
                                                     struct gen_error *err);
/* The same for a whole file. */
GEN_MUST_CHECK enum gen_status gen_policy_layers_read(struct gen_policy_layers *layers,
                                                      const char *path, const char *what,
                                                      struct gen_arena *arena,
                                                      struct gen_error *err);

/* All of them as one map. NULL: no memory. */
struct gen_node *gen_policy_layers_merge(const struct gen_policy_layers *layers,
                                         struct gen_arena *arena);

/* Puts file, line and column to an error about the merged document: those of the last layer in which
 * its key path is found. */
void gen_policy_layers_place(const struct gen_policy_layers *layers, struct gen_error *err);

#endif
