/* audit_api.h - the routes of the audit trail: who did what, and whether the log is whole.
 *
 * The log is one chain through all organizations, so whether it is whole only the house is told.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c
 */
#ifndef GEN_SERVICE_AUDIT_API_H
#define GEN_SERVICE_AUDIT_API_H

#include "service/call.h"

extern const struct gen_parameter gen_audit_parameters[];
extern const struct gen_parameter gen_audit_verify_parameters[];

/* Handlers of routes. */
gen_route_handler gen_audit_list;
gen_route_handler gen_audit_head;
gen_route_handler gen_audit_verify;
extern const struct gen_parameter gen_audit_export_parameters[];
gen_route_handler gen_audit_export;

#endif
