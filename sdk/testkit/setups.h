/* setups.h - configure, capabilities and extension of a plugin, called again and with nonsense.
 *
 * Settings are written by people and read again whenever a policy file changes, so the same settings must
 * make the same provider, any settings may come, and none of it may leave memory behind.
 *
 * Thread: one. Tests: tests/contract/functions_test.sh
 */
#ifndef GEN_TESTKIT_SETUPS_H
#define GEN_TESTKIT_SETUPS_H

#include "host/plugin.h"
#include "report.h"

/* Fills `other` with the plugin as it is configured a second time, for as long as the process lives.
 * false: it could not be, which is a finding. A dormant plugin is not configured without settings: then
 * `other` is `hosted` again. */
GEN_MUST_CHECK bool setups_try(struct report *report, const struct gen_hosted *hosted,
                               const struct gen_node *settings, struct gen_hosted *other);

#endif
