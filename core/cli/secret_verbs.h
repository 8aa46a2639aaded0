/* secret_verbs.h - gen secret: its verbs, as rows like those of the catalogue.
 *
 * Thread: [any]. Floor: cli. Tests: tests/cli/secret_test.sh
 */
#ifndef GEN_CLI_SECRET_VERBS_H
#define GEN_CLI_SECRET_VERBS_H

#include "cli/command.h"

extern const struct gen_command gen_secret_verbs[];

#endif
