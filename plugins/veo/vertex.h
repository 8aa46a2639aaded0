/* vertex.h - Veo 3.1 on Vertex AI: a long-running operation, its clip in a bucket or in the answer.
 *
 * With storage_uri set every attempt gets a folder of its own in the bucket. That is also how a
 * lost order is found again: its clip lies there, and the remote handle is then "gs://..." itself.
 * NOT here: Gemini Omni (omni.h).
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_VERTEX_H
#define VEO_VERTEX_H

#include "plan.h"

int32_t vertex_submit(const struct veo_call *call, const struct veo_plan *plan);
int32_t vertex_poll(const struct veo_call *call);
int32_t vertex_fetch(const struct veo_call *call);
int32_t vertex_recover(const struct veo_call *call);

#endif
