/* daemon_control.h - the commands up and down: starts gend in the background, and stops it.
 *
 * The lock in the state folder says whether gend runs there and which process it is; a pid is only
 * believed while the lock is held.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/daemon_test.sh
 */
#ifndef GEN_CLI_DAEMON_CONTROL_H
#define GEN_CLI_DAEMON_CONTROL_H

#include "cli/session.h"
#include "cli/whereabouts.h"

gen_command_run gen_daemon_control_up;
gen_command_run gen_daemon_control_down;

/* Where the gend that the options mean lives. The statuses of gen_whereabouts_find. */
GEN_MUST_CHECK enum gen_status gen_daemon_control_places(struct gen_session *session,
                                                         struct gen_whereabouts *out,
                                                         struct gen_error *err);

/* The process that holds this lock; 0 = nobody does, -1 = somebody whose number is not known. */
int gen_daemon_control_holder(const char *lock);

#endif
