/* notify.h - tells the service manager how far we are (the protocol of sd_notify, without its
 * library).
 *
 * Thread: [loop]. Floor: daemon. Tests: tests/unit/daemon/notify_test.c
 */
#ifndef GEN_DAEMON_NOTIFY_H
#define GEN_DAEMON_NOTIFY_H

/* Sends `state` ("READY=1") to the socket that NOTIFY_SOCKET of `environment` (a NULL-terminated list
 * of "NAME=value") names; does nothing without one. Nobody waits for it, so failure is silent. */
void gen_notify(const char *const *environment, const char *state);

#endif
