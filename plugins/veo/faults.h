/* faults.h - what Google's refusals mean, on both surfaces, to the closed set of failures.
 *
 * A code is a number or a word (INVALID_ARGUMENT, invalid_request), the reason may stand in
 * `details`, and one 429 can mean a pace or an empty purse. A refusal is never ill health. What is
 * billed: nothing for an answer that refuses the order; unknown for a fault on it.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_FAULTS_H
#define VEO_FAULTS_H

#include "plan.h"

enum veo_asked { /* what the answered request was for */
                 VEO_ASKED_CREATE = 1,
                 VEO_ASKED_UPLOAD = 2,
                 VEO_ASKED_STATUS = 3, /* of a job that may be running and is paid for */
                 VEO_ASKED_FILE = 4,   /* its clip */
                 VEO_ASKED_ACCOUNT = 5,
};

/* The FAIL of an answer that is no success. */
int32_t faults_answer(const struct veo_call *call, int32_t asked);

/* The FAIL of a job that has ended with `error` ({code, message, status}): nothing comes after it,
 * so what would mean "ask again" elsewhere does not here. */
int32_t faults_ended(const struct veo_call *call, const struct gen_node *error);

/* The FAIL of refused content in these words; billed as of enum gen_billed. */
int32_t faults_refused(const struct veo_call *call, const char *code, const char *words,
                       int32_t billed);

/* The FAIL of our own sentence. */
int32_t faults_own(const struct veo_call *call, int32_t kind, int32_t billed, const char *sentence);

/* Does an answer name another job than was asked for? `name` may be "", and more or less of a path than the
 * handle. faults_strange: then nobody knows yet how ours is doing. */
int faults_other(const struct veo_call *call, const char *name);
int32_t faults_strange(const struct veo_call *call);

#endif
