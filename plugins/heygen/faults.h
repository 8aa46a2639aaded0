/* faults.h - what HeyGen's refusals mean: (status, code, words) to the closed set of failures.
 *
 * A refusal is never ill health: `moderated` and `invalid` name the input. What is billed: nothing
 * for an answer that refuses; unknown for a fault on the paid request.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_FAULTS_H
#define HEYGEN_FAULTS_H

#include "plan.h"

enum heygen_asked { /* what the answered request was for */
                    HEYGEN_ASKED_CREATE = 1,
                    HEYGEN_ASKED_UPLOAD = 2,
                    HEYGEN_ASKED_STATUS = 3, /* of a job that may be running and is paid for */
                    HEYGEN_ASKED_ACCOUNT = 4,
};

/* The FAIL of an answer that is no success. */
int32_t faults_answer(const struct heygen_call *call, int32_t asked);

/* The FAIL of `status: failed` in `data`. */
int32_t faults_render(const struct heygen_call *call, const struct gen_node *data);

/* The FAIL of our own sentence. */
int32_t faults_own(const struct heygen_call *call, int32_t kind, int32_t billed,
                   const char *sentence);

#endif
