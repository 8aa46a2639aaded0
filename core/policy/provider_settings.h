/* provider_settings.h - what a provider's file tells its plugin, and where in the file a thing
 * stands that the plugin refuses.
 *
 * The settings are the `settings:` of the file, with the addresses (baseUrl, tokenUrl, storageUrl)
 * and the models that are like another one beside them. It does NOT know what a plugin takes.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/provider_settings_test.c
 */
#ifndef GEN_POLICY_PROVIDER_SETTINGS_H
#define GEN_POLICY_PROVIDER_SETTINGS_H

#include "policy/policy_parts.h"

enum { GEN_PROVIDER_ADDRESSES = 3 };

/* The addresses that the file names, at most GEN_PROVIDER_ADDRESSES; how many. */
size_t gen_provider_addresses(const struct gen_provider_policy *policy, const char **out);

/* Adds the members to the map that it has not yet. Without memory the arena has failed. */
void gen_provider_settings_add(const struct gen_provider_policy *policy, struct gen_arena *arena,
                               struct gen_node *to);

/* The file of a provider in the set; NULL = there is none. */
const struct gen_policy_file *gen_provider_file(const struct gen_policy_set *set, const char *id);

/* Makes of what a plugin says of its settings ("submit.url: a URL begins with /", "there is no setting
 * \"x\"") an error at the place that is meant: the key path in front, a name in quotes, or the
 * settings as a whole. `folder` (may be NULL) stands before the name of the file. */
void gen_provider_settings_place(const struct gen_policy_file *file, const char *folder,
                                 const char *message, struct gen_error *err);

#endif
