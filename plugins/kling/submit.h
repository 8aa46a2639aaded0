/* submit.h - ordering a render from Kling: one request, the picture inside it; and finding an order again.
 *
 * There is no upload endpoint: a picture goes as base64 in the body. Our reference goes along as
 * external_task_id, unique per account, so an order whose answer was lost can be looked up.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_SUBMIT_H
#define KLING_SUBMIT_H

#include "settings.h"

/* State: "" before the order, "look" while a taken reference is looked up. */
int32_t submit_step(const struct kling_call *call);

/* What became of an order without answer? */
int32_t submit_recover(const struct kling_call *call);

#endif
