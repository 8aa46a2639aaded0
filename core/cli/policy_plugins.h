/* policy_plugins.h - do the plugins take what the provider files tell them? Asked where gend would look for
 * them.
 *
 * A plugin's code never runs in this process: gen-trial configures it in its confined child.
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_PLUGINS_H
#define GEN_CLI_POLICY_PLUGINS_H

#include "cli/policy_origin.h"

/* Adds what the plugins refuse to the problems of the loaded set, each at its place; of providers that are
 * switched off as warnings. What could not be asked is a note: texts of the list `notes`. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_plugins_check(struct gen_session *session,
                                                        struct gen_policy_origin *origin,
                                                        struct gen_node *notes,
                                                        struct gen_error *err);

#endif
