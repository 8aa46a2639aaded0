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

/* JSON around a prompt and a picture: prompt, the prompt as JSON, type, the media type, data, the
 * picture as base64, end. */
struct order_frame {
    const char *prompt, *type, *data, *end;
};

/* The body of an order with the picture inside; the rest of it is what `body` holds. Without memory
 * the request stays without pieces, which kit_send refuses. */
void order_picture(const struct veo_call *call, struct gen_provider_request *request,
                   const struct order_frame *frame, int32_t picture, const char *prompt,
                   const struct gen_node *body);

int32_t order_omni(const struct veo_call *call, const struct veo_plan *plan);

#endif
