/* job_costs_api.h - every entry of the ledger that belongs to a job, by pipeline, with what it rests on.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/costs_test.c
 */
#ifndef GEN_SERVICE_JOB_COSTS_API_H
#define GEN_SERVICE_JOB_COSTS_API_H

#include "service/call.h"

void gen_job_costs_show(struct gen_call *call);

#endif
