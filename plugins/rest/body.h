/* body.h - what a request carries: JSON, JSON with a picture inside, a form, the picture itself.
 *
 * NOT here: whether the description is right (exchange.c), what names stand for (names.c).
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_BODY_H
#define REST_BODY_H

#include "names.h"

enum { BODY_PARTS = 16 }; /* most of a form */

/* Fills in the body, if the description has one, and its content type. */
void body_add(const struct names_from *from, const struct rest_exchange *exchange,
              struct gen_provider_request *request);

#endif
