/* invoice_commands.h - gen invoice: a provider's export beside the ledger.
 *
 * Thread: one at a time. Floor: cli. Tests: tests/cli/invoice_test.sh
 */
#ifndef GEN_CLI_INVOICE_COMMANDS_H
#define GEN_CLI_INVOICE_COMMANDS_H

#include "cli/session.h"

int gen_invoice_commands_import(struct gen_session *session);
int gen_invoice_commands_list(struct gen_session *session);
int gen_invoice_commands_show(struct gen_session *session);
int gen_invoice_commands_settle(struct gen_session *session);
int gen_invoice_commands_remove(struct gen_session *session);

#endif
