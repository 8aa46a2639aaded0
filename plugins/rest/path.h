/* path.h - finds values in an answer: data.videos[0].url, results[*].id, *.outputs.*.images[0].
 *
 * Names with a dot between them; [3] is an element of a list (or the third member of a map), [*]
 * every element, and * as a name every member of a map. The first value for which the whole path
 * can be walked is the one that is meant.
 *
 * Invariant: no answer, however hostile, makes it walk deeper than the path is long.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_PATH_H
#define REST_PATH_H

#include <gen/kit.h>

/* Can it be walked? On no, *why is one sentence. */
int path_fits(const char *path, const char **why);

/* The value at the path; NULL when there is none. "" is the node itself. */
const struct gen_node *path_find(const struct kit *kit, const struct gen_node *node,
                                 const char *path);

/* The value number `index` (from 0) of all those at the path; NULL past the last. */
const struct gen_node *path_at(const struct kit *kit, const struct gen_node *node, const char *path,
                               size_t index);

/* The first of several paths (NULL-ended; NULL = none) that leads to a value other than null. */
const struct gen_node *path_first(const struct kit *kit, const struct gen_node *node,
                                  const char *const *paths);

#endif
