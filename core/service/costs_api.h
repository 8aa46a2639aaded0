/* costs_api.h - what work cost: sums over a period, and the statement of a month. The entries of one
 * job are service/job_costs_api.h's, what a brief would cost service/estimates_api.h's.
 *
 * Periods are those of budget.yaml; sums go by the moment of the charge, budgets by the moment at which money
 * was first held (docs/costs.md says why the two may differ around midnight).
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/costs_test.c
 */
#ifndef GEN_SERVICE_COSTS_API_H
#define GEN_SERVICE_COSTS_API_H

#include "service/call.h"

extern const struct gen_parameter gen_costs_parameters[], gen_costs_statement_parameters[];

void gen_costs_list(struct gen_call *call);
void gen_costs_statement(struct gen_call *call);

#endif
