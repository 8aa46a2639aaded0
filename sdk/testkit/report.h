/* report.h - what the child of a trial tells its parent: lines through a pipe, one fact each.
 *
 * The child may die at any instruction, so every line is written at once and the last phase stands
 * there when the end comes. `report_raw` may be called from a signal handler.
 * Lines: kind TAB where TAB text; tabs and line breaks inside become spaces.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_REPORT_H
#define GEN_TESTKIT_REPORT_H

#include "base/error.h"

#include <stddef.h>

enum { REPORT_LINE = 2048, REPORT_PHASE = 160 };

struct report {
    int fd;
    size_t findings, calls; /* so far; calls = verbs called */
    char phase[REPORT_PHASE];
};

/* What is being tried now: "submit of gen4.5, first call". */
void report_phase(struct report *report, const char *format, ...) GEN_PRINTF(2, 3);
/* Something is wrong in the phase under way. */
void report_finding(struct report *report, const char *format, ...) GEN_PRINTF(2, 3);
/* Worth a look, but a provider may promise otherwise; it refuses nobody. */
void report_advice(struct report *report, const char *text);
/* A fact about the plugin. */
void report_fact(struct report *report, const char *key, const char *value);
/* The trial got to its end. */
void report_end(struct report *report);

/* A finding out of a signal handler: only write(2). */
void report_raw(const struct report *report, const char *text, const char *detail);

#endif
