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

/* The functions of the contract: those of struct gen_provider, then those of the extensions.
 * functions_test.sh compares them with the headers. */
enum report_function {
    REPORT_CONFIGURE = 0,
    REPORT_CAPABILITIES,
    REPORT_FORMAT,
    REPORT_COST,
    REPORT_SUBMIT,
    REPORT_POLL,
    REPORT_FETCH,
    REPORT_EXTENSION,
    REPORT_RECOVER,
    REPORT_CANCEL,
    REPORT_HEALTH,
    REPORT_FUNCTIONS
};

struct report {
    int fd;
    size_t findings;                 /* so far */
    size_t called[REPORT_FUNCTIONS]; /* how often each function was */
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
/* One of its models, as a JSON document in one line. */
void report_model(struct report *report, const char *json);
void report_called(struct report *report, enum report_function function, size_t times);
/* The trial got to its end: what was called, and that it is over. */
void report_end(struct report *report);

/* A finding out of a signal handler: only write(2). */
void report_raw(const struct report *report, const char *text, const char *detail);

#endif
