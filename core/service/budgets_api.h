/* budgets_api.h - budgets that people set: listing, setting, changing, ending; beside them, to look at only,
 * the limits of budget.yaml.
 *
 * Invariant: nothing is accepted that is not stored; who changes a budget says which version they saw, so
 * that two people at once cannot undo each other.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/budgets_test.c
 */
#ifndef GEN_SERVICE_BUDGETS_API_H
#define GEN_SERVICE_BUDGETS_API_H

#include "service/call.h"

enum { GEN_BUDGETS_BODY_MOST = 64 * 1024 };

extern const char *const gen_budgets_types[];
extern const struct gen_parameter gen_budgets_parameters[];

void gen_budgets_list(struct gen_call *call);
void gen_budgets_create(struct gen_call *call);
void gen_budgets_show(struct gen_call *call);
void gen_budgets_edit(struct gen_call *call);
void gen_budgets_end(struct gen_call *call);

#endif
