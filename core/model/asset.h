/* asset.h - a file that shots are made of: uploaded, or made here of the clips of other shots.
 *
 * Values only; the bytes lie in the blobs under the digest.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/change_test.c
 */
#ifndef GEN_MODEL_ASSET_H
#define GEN_MODEL_ASSET_H

#include "base/ident.h"
#include "base/moment.h"

struct gen_asset { /* texts "" = none */
    struct gen_ident id;
    const char *organization;
    const char *digest;     /* of its content: names the blob */
    const char *name;       /* as the user called it */
    const char *kind;       /* picture, video, audio, font, text; frame: see model/job.h */
    const char *media_type; /* sniffed */
    int64_t size;
    int32_t width, height;
    int64_t duration_ms;
    gen_moment created_at;
};

#endif
