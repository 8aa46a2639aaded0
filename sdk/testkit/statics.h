/* statics.h - the writable memory of a loaded plugin: its static variables, by name.
 *
 * A verb is values in, values out, so from the moment the plugin is configured nothing writes there:
 * sealed pages make every attempt a signal at the address of the variable.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_STATICS_H
#define GEN_TESTKIT_STATICS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATICS_SEGMENTS = 8 };

struct statics {
    struct statics_segment {
        uintptr_t from, to;
    } segments[STATICS_SEGMENTS];
    size_t count;
};

/* The segments of the object that holds `address` (a function or table of the plugin). */
GEN_MUST_CHECK enum gen_status statics_find(const void *address, struct statics *out,
                                            struct gen_error *err);
/* No more writing, whole pages; the pages at the edges included. GEN_EIO. */
GEN_MUST_CHECK enum gen_status statics_seal(const struct statics *statics, struct gen_error *err);

bool statics_hold(const struct statics *statics, uintptr_t address);
/* Of the variable at the address, for `nm`: its name, "" when the object does not tell, and where it
 * stands in the object. For a signal handler that will not return. */
const char *statics_name(uintptr_t address);
/* Is it in the object that was loaded from this path? */
bool statics_of(uintptr_t address, const char *path);
size_t statics_offset(uintptr_t address);

#endif
