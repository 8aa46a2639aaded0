/* faults.h - what an answer that is no success means: kind, bill, the provider's own code and
 * words.
 *
 * First the rules of the description (`errors:`), then the meaning that statuses have everywhere.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_FAULTS_H
#define REST_FAULTS_H

#include "description.h"

/* Was it 2xx? */
int faults_good(const struct gen_provider_answer *answer);

/* Is this good answer a failure all the same: a business code, or a rule that names its status? */
int faults_inside(const struct rest_call *call, int32_t moment, const struct gen_node *body);

/* FAIL for the call's answer. `end`: kind and bill where neither a rule nor the status says better,
 * 0 = none; its text stands where the provider gave no reason. */
int32_t faults_answer(const struct rest_call *call, int32_t moment, const struct gen_node *body,
                      const struct kit_failure *end);

/* FAIL with a sentence of ours. */
int32_t faults_own(const struct rest_call *call, int32_t kind, int32_t billed, const char *text);

/* The kind that a rule or the status gives to this answer. */
int32_t faults_kind(const struct rest_call *call, int32_t moment, const struct gen_node *body);

#endif
