/* upload.h - bringing an asset to HeyGen: in one multipart request, or in three steps when it is
 * large.
 *
 * The steps of one submit share a small JSON text in task->state:
 *   {"done": {"0": "ast_1"},       asset index -> HeyGen's id, of what is there already
 *    "doing": "file",              what was asked for last: file, start, put, complete, create
 *    "asset": 1,                   which asset that was about
 *    "direct": {"id", "url", "headers"}}   between start and complete
 * It is durable before the request leaves, so a crash goes on in the middle: every one of these
 * requests is free and may be made again.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_heygen_test.c
 */
#ifndef HEYGEN_UPLOAD_H
#define HEYGEN_UPLOAD_H

#include "plan.h"

/* HeyGen's id of the asset, "" = not there yet. */
const char *upload_id(const struct heygen_call *call, const struct gen_node *state, int32_t asset);

/* The first request that brings `asset` there. */
int32_t upload_begin(const struct heygen_call *call, const struct gen_node *state, int32_t asset);

/* Takes the answer to what `state` says was asked; the next request, or GEN_VERDICT_OK with
 * step->kind 0 and *state replaced when the asset is there. Without an answer the request is made
 * again. */
int32_t upload_go_on(const struct heygen_call *call, const struct gen_node **state);

#endif
