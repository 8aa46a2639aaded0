/* policy_links.h - what policy files say about each other: every name must be somewhere.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_POLICY_LINKS_H
#define GEN_POLICY_POLICY_LINKS_H

#include "policy/policy_parts.h"

/* All references of a set. What could not be read is passed over (an object is NULL, a list shorter than
 * in the file), and nothing is said about names that might be there. `folder` as in gen_policy_compile.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_links_check(const struct gen_policy_set *set,
                                                      const char *folder,
                                                      const struct gen_policy_terms *terms,
                                                      struct gen_policy_problems *problems,
                                                      struct gen_error *err);

#endif
