/* plugin_listing.h - the verbs `gen plugin list` and `gen plugin info`.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/plugin_test.sh
 */
#ifndef GEN_CLI_PLUGIN_LISTING_H
#define GEN_CLI_PLUGIN_LISTING_H

#include "cli/session.h"

gen_command_run gen_plugin_listing_list;
gen_command_run gen_plugin_listing_info;

#endif
