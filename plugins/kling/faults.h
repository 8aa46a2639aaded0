/* faults.h - what Kling's refusals mean: (code, status, words) to the closed set of failures.
 *
 * HTTP 200 is not success: `code` must be 0. HTTP 429 alone says nothing: its codes are five things. A
 * refusal is never ill health. A failed job is not billed, and a refused order is not either.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_FAULTS_H
#define KLING_FAULTS_H

#include "settings.h"

enum kling_asked { /* what the answered request was for */
                   KLING_ASKED_ORDER = 1,
                   KLING_ASKED_JOB = 2, /* of a job that may be running and is paid for */
                   KLING_ASKED_ACCOUNT = 3,
};

/* Why an answer is no success; NULL when it is one. Never "". */
const char *faults_of(const struct kling_call *call, const struct gen_node *body);

/* Does Kling say for certain that there is no such job? */
int faults_absent(const struct kling_call *call, const struct gen_node *body);

/* Does it refuse the order because our reference was used before? Which code that has is not known: the
 * words decide. */
int faults_duplicate(const struct kling_call *call, const struct gen_node *body);

/* The FAIL of an answer that is no success. */
int32_t faults_answer(const struct kling_call *call, const struct gen_node *body, int32_t asked);

/* The FAIL of a job that ended without a clip; `cost` as it says itself, -1 = not said. `billed`: when it
 * does not say. */
int32_t faults_job(const struct kling_call *call, const char *code, const char *words, int64_t cost,
                   int32_t billed);

/* The FAIL of our own sentence. */
int32_t faults_own(const struct kling_call *call, int32_t kind, int32_t billed,
                   const char *sentence);

#endif
