/* key_verbs.h - gen key: its verbs, as rows like those of the catalogue.
 *
 * Thread: [any]. Floor: cli. Tests: tests/cli/key_test.sh
 */
#ifndef GEN_CLI_KEY_VERBS_H
#define GEN_CLI_KEY_VERBS_H

#include "cli/command.h"

extern const struct gen_command gen_key_verbs[];

#endif
