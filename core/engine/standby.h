/* standby.h - the policy set that was in force last, kept beside the database: what gend begins with when
 * the folder has been broken while it was away.
 *
 * One file with the texts, not a folder: it is whole or it is not there, and nobody edits it. It holds
 * what the folder said, so it is compiled like the folder, by the version that begins.
 * Invariant: what is loaded is what was kept: its version is computed anew.
 *
 * Thread: [any]; calls block on disk. Floor: engine. Tests: tests/unit/engine/standby_test.c
 */
#ifndef GEN_ENGINE_STANDBY_H
#define GEN_ENGINE_STANDBY_H

#include "policy/policy_set.h"

/* Keeps the set of `folder` in the file `path`, in place of the one before; nothing is written if it is
 * that one. GEN_ETOOLARGE, GEN_EDENIED, GEN_EIO, GEN_ENOSPACE, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_standby_keep(const char *path, const char *folder,
                                                const struct gen_policy_set *set,
                                                struct gen_error *err);

/* Compiles what is kept. GEN_ENOTFOUND: nothing is, or it is that of another folder. GEN_ECORRUPT: it is
 * damaged. GEN_EINVAL: this version of gend finds mistakes in it (`problems`). GEN_EDENIED, GEN_EIO,
 * GEN_ENOMEM. On failure `*out` is unchanged. */
GEN_MUST_CHECK enum gen_status gen_standby_load(const char *path, const char *folder,
                                                const struct gen_policy_terms *terms,
                                                struct gen_policy_problems *problems,
                                                struct gen_policy_set **out, struct gen_error *err);

#endif
