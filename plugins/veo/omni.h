/* omni.h - Gemini Omni on the Interactions API: what became of an order, its clip, its end.
 *
 * NOT here: the order (order.h), Veo on Vertex (vertex.h), uploads (files.h).
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_OMNI_H
#define VEO_OMNI_H

#include "plan.h"

int32_t omni_poll(const struct veo_call *call);
int32_t omni_fetch(const struct veo_call *call);
int32_t omni_cancel(const struct veo_call *call);
/* The list of models: free, and it needs the key. */
int32_t omni_health(const struct veo_call *call);

#endif
