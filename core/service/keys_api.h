/* keys_api.h - API keys: making one (its token is shown that once), listing, editing, rotating, revoking.
 *
 * Nobody gives what they have not, nor gets hold of a key that may more than they do. A revoked or
 * rotated key's streams of events end with it.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/keys_test.c
 */
#ifndef GEN_SERVICE_KEYS_API_H
#define GEN_SERVICE_KEYS_API_H

#include "service/call.h"

enum { GEN_KEYS_BODY_MOST = 64 * 1024 };

extern const char *const gen_keys_types[];
extern const struct gen_parameter gen_keys_list_parameters[], gen_keys_parameters[];

void gen_keys_list(struct gen_call *call);
void gen_keys_create(struct gen_call *call);
void gen_keys_show(struct gen_call *call);
void gen_keys_edit(struct gen_call *call);
void gen_keys_rotate(struct gen_call *call);
void gen_keys_revoke(struct gen_call *call);

#endif
