/* me_api.h - who one is here, what one may do, and how much of it is used.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/keys_test.c
 */
#ifndef GEN_SERVICE_ME_API_H
#define GEN_SERVICE_ME_API_H

#include "service/call.h"

void gen_me_show(struct gen_call *call);

#endif
