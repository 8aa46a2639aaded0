/* price_shelf.h - other price books than those in providers/: a folder with a file a provider, each read
 * like a provider's file, for its `prices` alone.
 *
 * A set that is loaded with a shelf has the shelf's prices for each provider that stands on it: a sandbox
 * plans with what its simulated providers bill. It is NOT part of the version of a set.
 * Invariant: a shelf that was read without mistakes has whole price rows only.
 *
 * Thread: [any]; reading blocks. Floor: policy. Tests: tests/unit/policy/price_shelf_test.c
 */
#ifndef GEN_POLICY_PRICE_SHELF_H
#define GEN_POLICY_PRICE_SHELF_H

#include "policy/policy_problem.h"
#include "policy/provider_policy.h"

struct gen_price_shelf { /* in the arena it was read into */
    const struct gen_provider_policy **books;
    size_t count;
};

/* Every .yaml file of the folder; one that is not there is an empty shelf. GEN_EINVAL: `problems` (set up
 * by the caller) has mistakes. GEN_EIO, GEN_EDENIED: the folder. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_price_shelf_read(const char *folder, struct gen_arena *arena,
                                                    struct gen_policy_problems *problems,
                                                    struct gen_price_shelf *out,
                                                    struct gen_error *err);

/* The rows for a provider; NULL where none stand there. `shelf` may be NULL. */
const struct gen_records *gen_price_shelf_rows(const struct gen_price_shelf *shelf,
                                               const char *provider);

#endif
