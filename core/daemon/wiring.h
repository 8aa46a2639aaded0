/* wiring.h - the whole daemon: everything created in order, run, and destroyed in reverse.
 *
 * With main it is the only room that knows all floors. It decides nothing while the daemon runs.
 *
 * Thread: [loop]. Floor: daemon. Tests: tests/api/api_test.c
 */
#ifndef GEN_DAEMON_WIRING_H
#define GEN_DAEMON_WIRING_H

#include "daemon/settings.h"

enum gen_wiring_exit { /* exit codes of gend */
                       GEN_EXIT_FINE = 0,
                       GEN_EXIT_FAILED = 1,
                       GEN_EXIT_USAGE = 2,
                       GEN_EXIT_IN_USE = 3, /* another gend works on this state folder */
};

/* Runs until SIGTERM or SIGINT. `environment` as in settings.h. Unless GEN_EXIT_FINE, `err` says
 * why. */
enum gen_wiring_exit gen_wiring_run(const struct gen_settings *settings,
                                    const char *const *environment, struct gen_error *err);

#endif
