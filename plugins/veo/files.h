/* files.h - Google's Files API: a picture that is too large for the order itself is brought there
 * first.
 *
 * The steps share a small JSON text in task->state:
 *   {"doing": "start"}                        a place for it is asked for
 *   {"doing": "send", "url": "..."}           the bytes are on their way
 *   {"doing": "ready", "file": "files/f1"}    Google is still looking at it
 *   {"doing": "create", "uri": "..."}         it is there; the order is next, or sent
 * All but the last are free and may be made again; after a crash the upload starts over.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_veo_test.c
 */
#ifndef VEO_FILES_H
#define VEO_FILES_H

#include "plan.h"

/* The first request that brings `asset` there. */
int32_t files_begin(const struct veo_call *call, int32_t asset);

/* Takes the answer to what `state` says was asked: the next step, or GEN_VERDICT_OK with step->kind
 * 0 and *uri set when the file is there. */
int32_t files_go_on(const struct veo_call *call, const struct gen_node *state, int32_t asset,
                    const char **uri);

/* "files/f1" of a link to a file, NULL = it is none. */
const char *files_name(const struct veo_call *call, const char *url);

/* GET of the file's description. */
int32_t files_look(const struct veo_call *call, const char *name);

#endif
