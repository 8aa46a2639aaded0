/* plugin_verbs.h - what `gen plugin` can do: a row each.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c
 */
#ifndef GEN_CLI_PLUGIN_VERBS_H
#define GEN_CLI_PLUGIN_VERBS_H

#include "cli/command.h"

extern const struct gen_command gen_plugin_verbs[];

#endif
