/* secrets_api.h - the routes of stored secrets: set, rotate, remove, list, test; and of the master key.
 *
 * The text of a secret comes in as the body of its PUT, is wiped when it is sealed, and never
 * goes out: no reply, no error and no event has any part of it.
 * Thread: [loop]. Floor: service. Tests: tests/api/secrets_test.c
 */
#ifndef GEN_SERVICE_SECRETS_API_H
#define GEN_SERVICE_SECRETS_API_H

#include "service/call.h"

enum { GEN_SECRETS_BODY_MOST = 64 * 1024 + 2, GEN_SECRETS_PASSPHRASE_MOST = 1024 };

extern const char *const gen_secrets_types[];
extern const struct gen_parameter gen_secrets_set_parameters[];
extern const struct gen_parameter gen_secrets_team_parameters[];
extern const struct gen_parameter gen_secrets_remove_parameters[];

gen_route_handler gen_secrets_set, gen_secrets_list, gen_secrets_remove, gen_secrets_test;
gen_route_handler gen_secrets_master, gen_secrets_rekey;

#endif
