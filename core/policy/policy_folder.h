/* policy_folder.h - reads the files of a policy folder into memory, and computes their version.
 *
 * It knows which files count; it does not know what they say.
 * Thread: [any]; calls block. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_POLICY_FOLDER_H
#define GEN_POLICY_POLICY_FOLDER_H

#include "policy/policy_parts.h"

struct gen_policy_folder {
    struct gen_policy_source *sources; /* sorted by name; a text is NULL where reading failed */
    size_t count;
};

/* Every .yaml and .yml file beside and in the folders of gen_policy_kinds. What is too large or cannot be
 * read becomes a problem, and so does what is nearly named so (`Routing.YAML`, `provider/`): somebody
 * believes in it. Only a warning: folders of files inside of those folders, and what is wrong with the names
 * of tests/ and of the files in it. GEN_ENOTFOUND, GEN_EDENIED, GEN_EINVAL, GEN_EIO: the folder itself.
 * GEN_ELIMIT: too many files. GEN_ENOMEM. All lives in `arena`. */
GEN_MUST_CHECK enum gen_status gen_policy_folder_read(const char *folder, struct gen_arena *arena,
                                                      struct gen_policy_problems *problems,
                                                      struct gen_policy_folder *out,
                                                      struct gen_error *err);

/* The digest over names and bytes, whatever their order. */
void gen_policy_folder_digest(const struct gen_policy_source *sources, size_t count, char *version);

/* "folder/name", or the name alone without a folder. NULL when the arena has failed. */
const char *gen_policy_folder_path(const char *folder, const char *name, struct gen_arena *arena);

/* By name, for qsort. */
int gen_policy_source_order(const void *left, const void *right);

#endif
