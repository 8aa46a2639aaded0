/* invoices_api.h - invoices of providers beside our ledger: importing, looking, booking what they prove.
 *
 * Invariants: importing books nothing; the same file twice is there once; what another organization's
 * attempts cost is not seen here: such a line is `missing_here`.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/invoices_test.c
 */
#ifndef GEN_SERVICE_INVOICES_API_H
#define GEN_SERVICE_INVOICES_API_H

#include "service/call.h"

enum { GEN_INVOICES_BODY_MOST = 16 * 1024 * 1024 };

extern const char *const gen_invoices_types[];
extern const struct gen_parameter gen_invoices_parameters[];

void gen_invoices_list(struct gen_call *call);
void gen_invoices_show(struct gen_call *call);
void gen_invoices_import(struct gen_call *call);
void gen_invoices_settle(struct gen_call *call);
void gen_invoices_remove(struct gen_call *call);

#endif
