/* steps.h - poll of the local renderer: the sequence of programs that make the video.
 *
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_STEPS_H
#define LOCAL_STEPS_H

#include "plan.h"

/* The next step, or the end. GEN_VERDICT_OK, or another with *message. */
int32_t steps_next(const struct local *local, const struct gen_provider_answer *answer,
                   struct gen_provider_step *step, const char **message);

#endif
