/* order.h - the order of a clip from Gemini Omni: the body, the picture in it or beside it, the
 * answer.
 *
 * NOT here: what becomes of it (omni.h).
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_ORDER_H
#define VEO_ORDER_H

#include "plan.h"

int32_t order_omni(const struct veo_call *call, const struct veo_plan *plan);

#endif
