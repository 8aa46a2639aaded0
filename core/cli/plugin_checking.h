/* plugin_checking.h - the verb `gen plugin check`: asks gen-trial about a plugin and tells what it says.
 *
 * The plugin's code never runs in this process.
 * Thread: [loop]. Floor: cli. Tests: tests/cli/plugin_test.sh
 */
#ifndef GEN_CLI_PLUGIN_CHECKING_H
#define GEN_CLI_PLUGIN_CHECKING_H

#include "cli/session.h"

gen_command_run gen_plugin_checking_run;

/* The document of gen-trial about a file. `recordings`, `settings` may be NULL. GEN_ENOTFOUND: there is
 * no such file, or gen-trial is not installed. GEN_EUNSUPPORTED: it cannot be tried on this system. */
GEN_MUST_CHECK enum gen_status gen_plugin_checking_try(struct gen_session *session,
                                                       const char *file, const char *recordings,
                                                       const char *settings,
                                                       const struct gen_node **out,
                                                       struct gen_error *err);

/* The same, but nothing is tried except to configure it with these settings: a file of JSON. */
GEN_MUST_CHECK enum gen_status gen_plugin_checking_settings(struct gen_session *session,
                                                            const char *file, const char *settings,
                                                            const struct gen_node **out,
                                                            struct gen_error *err);

#endif
