/* key_commands.h - gen key and gen me: API keys, and who one is here.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/key_test.sh
 */
#ifndef GEN_CLI_KEY_COMMANDS_H
#define GEN_CLI_KEY_COMMANDS_H

#include "cli/session.h"

int gen_key_commands_create(struct gen_session *session);
int gen_key_commands_edit(struct gen_session *session);
int gen_key_commands_list(struct gen_session *session);
int gen_key_commands_rotate(struct gen_session *session);
int gen_key_commands_revoke(struct gen_session *session);
int gen_key_commands_me(struct gen_session *session);

#endif
