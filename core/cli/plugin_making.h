/* plugin_making.h - the verb `gen plugin new`: a folder with a plugin to start from.
 *
 * The template is a plugin of its own (sdk/template); its name stands in it as @NAME@.
 * Invariant: nothing that exists is overwritten.
 * Thread: [loop]. Floor: cli. Tests: tests/cli/plugin_test.sh
 */
#ifndef GEN_CLI_PLUGIN_MAKING_H
#define GEN_CLI_PLUGIN_MAKING_H

#include "cli/session.h"

gen_command_run gen_plugin_making_new;

#endif
