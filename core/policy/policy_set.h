/* policy_set.h - all policy files of a folder as one compiled, unchanging thing.
 *
 * Loading is all or nothing, and it gathers everything that is wrong. A set is swapped as a whole:
 * whoever decides holds one for the time of the decision and records its version.
 *
 * gen_crypto_init comes first.
 * Invariant: a loaded set is complete: presets filled in, references resolved, formulas compiled.
 * Thread: made on any; its formulas belong to one thread at a time. Floor: policy.
 * Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_POLICY_SET_H
#define GEN_POLICY_POLICY_SET_H

#include "policy/policy_parts.h"

/* Reads and compiles the folder. On failure `*out` is unchanged and `problems` (set up by the caller) says
 * what is wrong; it may hold warnings after a success too. GEN_EINVAL: problems has mistakes.
 * GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO: the folder itself (`err`). GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_load(const char *folder,
                                               const struct gen_policy_terms *terms,
                                               struct gen_policy_problems *problems,
                                               struct gen_policy_set **out, struct gen_error *err);

/* The same from memory. `folder` (may be NULL) stands before the names in problems. */
GEN_MUST_CHECK enum gen_status gen_policy_compile(
    const char *folder, const struct gen_policy_source *sources, size_t count,
    const struct gen_policy_terms *terms, struct gen_policy_problems *problems,
    struct gen_policy_set **out, struct gen_error *err);
void gen_policy_destroy(struct gen_policy_set *set); /* NULL is allowed */

/* The version a folder would have, without loading it: has something changed? Files that cannot be
 * read, or are too large, count with their name and size. Errors of the folder as above. */
GEN_MUST_CHECK enum gen_status gen_policy_folder_version(const char *folder, char *version,
                                                         struct gen_error *err);

#endif
