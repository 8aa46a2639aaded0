/* faults.h - what Runway's refusals mean: (status, failureCode, words) to the closed set of failures.
 *
 * A refusal is never ill health. What is billed: nothing for an answer that refuses the create; unknown
 * for a fault on it; and what `cost.credits` says once there is a task.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_runway_test.c
 */
#ifndef RUNWAY_FAULTS_H
#define RUNWAY_FAULTS_H

#include "settings.h"

enum runway_asked { /* what the answered request was for */
                    RUNWAY_ASKED_CREATE = 1,
                    RUNWAY_ASKED_UPLOAD = 2, /* before the create: nothing is paid for yet */
                    RUNWAY_ASKED_TASK = 3,   /* of a task that may be running and is paid for */
                    RUNWAY_ASKED_ACCOUNT = 4,
};

/* The FAIL of an answer that is no success. */
int32_t faults_answer(const struct runway_call *call, int32_t asked);

/* The FAIL of a task that ended as FAILED or CANCELLED, or without a file; `kind` as the word alone says. */
int32_t faults_task(const struct runway_call *call, const struct gen_node *task, int32_t kind,
                    const char *code, const char *sentence);

/* The FAIL of our own sentence. */
int32_t faults_own(const struct runway_call *call, int32_t kind, int32_t billed,
                   const char *sentence);

/* Micro-dollars of the credits at `cost.credits`; -1 = not said. */
int64_t faults_cost(const struct runway_call *call, const struct gen_node *task);

#endif
