/* webhook_verbs.h - gen webhook: its verbs, as rows like those of the catalogue.
 *
 * Thread: [any]. Floor: cli. Tests: tests/cli/audit_test.sh
 */
#ifndef GEN_CLI_WEBHOOK_VERBS_H
#define GEN_CLI_WEBHOOK_VERBS_H

#include "cli/command.h"

extern const struct gen_command gen_webhook_verbs[];

#endif
