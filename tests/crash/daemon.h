/* daemon.h - a real gend under test: started, asked over its socket, killed. */
#ifndef CRASH_DAEMON_H
#define CRASH_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct daemon {
    char folder[512];   /* of everything; state in it */
    const char *gend;   /* the program */
    const char *path;   /* its PATH; NULL = ours */
    pid_t pid;          /* 0 = not running */
};

enum { DAEMON_ANSWER_MOST = 1 << 20 };

/* Writes gend.yaml for a vendor at `port`. */
void daemon_configure(struct daemon *daemon, int port, bool recover, const char *more);
/* Starts it and waits until it is ready; false when it ended first (its log is shown). */
bool daemon_start(struct daemon *daemon);
/* Without waiting; standard error goes to folder/gend.log. */
pid_t daemon_spawn(const struct daemon *daemon, const char *socket, const char *log);
void daemon_kill(struct daemon *daemon, int signal);
bool daemon_dead(struct daemon *daemon); /* has it ended by itself, or by the vendor's hand? */

/* One request; the HTTP status, 0 when there was no answer. `answer` gets the body. */
int daemon_ask(const struct daemon *daemon, const char *method, const char *path, const char *key,
               const char *body, char *answer, size_t size);

/* The text or number of the first member `key` of a JSON text, "" when there is none. */
const char *daemon_member(const char *json, const char *key, char *out, size_t size);

#endif
