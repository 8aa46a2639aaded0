/* expr_command.h - the command expr: evaluates an expression, or a stream of them.
 *
 * It asks no daemon. What it runs is what policies run (core/expr), with the variables of a file.
 * Thread: [loop]. Floor: cli. Tests: tests/cli/expr_test.sh
 */
#ifndef GEN_CLI_EXPR_COMMAND_H
#define GEN_CLI_EXPR_COMMAND_H

#include "cli/command.h"

gen_command_run gen_expr_command_run;

#endif
