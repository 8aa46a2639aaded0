/* jail.h - what the process of a trial may do while the plugin's code runs, and who tells on it.
 *
 * Loading: files may be read, nothing else reaches out. Verbs: memory and nothing more; the kernel's
 * clock page is gone, so even asking for the time without a system call is seen. All the while the
 * environment is a page that cannot be read, and getenv is ours. Each breach becomes a finding with its
 * name, and ends the process.
 *
 * Thread: one; the handlers look at one jail of the process. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_JAIL_H
#define GEN_TESTKIT_JAIL_H

#include "report.h"
#include "statics.h"

struct jail {
    const struct report *report; /* borrowed for the life of the process */
    struct statics statics;      /* filled before jail_verbs */
    const char *plugin;          /* path, as the dynamic linker is given it */
    int cpu_seconds;             /* of the whole process */
    char **environment;          /* what it was */
    uintptr_t clock_from, clock_to, environment_from, environment_to;
};

enum { JAIL_EXIT = 3 }; /* exit code of a process that was stopped here */

/* Limits (processor, memory, no core), handlers, and the filter for loading. GEN_EUNSUPPORTED: this
 * kernel cannot do it. `jail` must stay where it is. */
GEN_MUST_CHECK enum gen_status jail_loading(struct jail *jail, struct gen_error *err);
/* From here on only memory. */
GEN_MUST_CHECK enum gen_status jail_verbs(struct jail *jail, struct gen_error *err);

#endif
