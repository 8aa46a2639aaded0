/* fault.h - how a failed program becomes the FAIL step that people read.
 *
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_FAULT_H
#define LOCAL_FAULT_H

#include "plan.h"

/* The last line with something on it: programs say there what was wrong. */
const char *fault_last_line(const struct local *local, const char *text);

/* Fills *step with a failure that is known not to cost anything; NULL text = out of memory. */
int32_t fault_step(const struct local *local, struct gen_provider_step *step, int kind,
                   const char *code, const char *text);

#endif
