/* catalogue.h - all commands of gen, each one row.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c
 */
#ifndef GEN_CLI_CATALOGUE_H
#define GEN_CLI_CATALOGUE_H

#include "cli/command.h"

extern const struct gen_command gen_catalogue[];

#endif
