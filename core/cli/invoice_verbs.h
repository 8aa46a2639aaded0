/* invoice_verbs.h - the verbs of gen invoice.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c
 */
#ifndef GEN_CLI_INVOICE_VERBS_H
#define GEN_CLI_INVOICE_VERBS_H

#include "cli/command.h"

extern const struct gen_command gen_invoice_verbs[];

#endif
