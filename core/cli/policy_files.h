/* policy_files.h - the YAML files of a folder, and reading one of them within bounds.
 *
 * It knows nothing of what is in them. Names that begin with a dot, and what an editor leaves behind
 * ("x.yaml~"), are left out.
 *
 * Thread: [any]; calls block on disk. Floor: cli. Tests: tests/unit/cli/policy_files_test.c
 */
#ifndef GEN_CLI_POLICY_FILES_H
#define GEN_CLI_POLICY_FILES_H

#include "base/bytes.h"
#include "base/node.h"

enum {
    GEN_POLICY_FILES_MOST = 2000,            /* in one listing */
    GEN_POLICY_FILES_SIZE = 4 * 1024 * 1024, /* bytes of one case, snapshot or brief file */
};

struct gen_policy_paths { /* lives in the arena; sorted */
    const char **items;
    size_t count;
};

/* Paths of the .yaml, .yml (and with `json` .json) files in the folder, with `deep` those of its folders
 * too, one level down. GEN_ENOTFOUND, GEN_EDENIED, GEN_EINVAL (not a folder), GEN_EIO, GEN_ELIMIT,
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_files_list(const char *folder, bool deep, bool json,
                                                     struct gen_arena *arena,
                                                     struct gen_policy_paths *out,
                                                     struct gen_error *err);

/* Is there a folder of this name? */
bool gen_policy_files_is_folder(const char *path);

/* The document of a .yaml, .yml or .json file; "-" is standard input (JSON when it begins with a brace).
 * GEN_EINVAL with its place, GEN_ETOOLARGE, GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_files_read(const char *path, struct gen_arena *arena,
                                                     const struct gen_node **out,
                                                     struct gen_error *err);

/* `name` beside the file `beside`: in the same folder, unless it is absolute. NULL: no memory. */
const char *gen_policy_files_beside(const char *beside, const char *name, struct gen_arena *arena);

#endif
