/* models.h - the models of a description: read, checked, and offered as the contract has them.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_MODELS_H
#define REST_MODELS_H

#include "description.h"

/* Reads the list `models:` into rest->models. */
reading_part models_read;

/* What capabilities says of them; needs the whole description. */
void models_offer(struct reading *reading, struct rest *rest);

#endif
