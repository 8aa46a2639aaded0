/* doctor.h - the command doctor: is everything there that makes videos, and if not, what to do.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/daemon_test.sh
 */
#ifndef GEN_CLI_DOCTOR_H
#define GEN_CLI_DOCTOR_H

#include "cli/command.h"

gen_command_run gen_doctor_run;

#endif
