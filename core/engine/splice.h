/* splice.h - one file made here of clips, for a later shot: the footage of a scene, or the picture that a
 * slice ends with.
 *
 * Footage of one clip is that clip as it came; several are joined. ffmpeg works under the launcher, the
 * result goes into the blobs.
 * Invariant: a file that is reported is stored, probed and what it was asked to be.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/splice_test.c
 */
#ifndef GEN_ENGINE_SPLICE_H
#define GEN_ENGINE_SPLICE_H

#include "engine/programs.h"
#include "model/asset.h"

struct gen_splice;

struct gen_splice_clip {
    const char *digest;
    int64_t from_ms, shown_ms; /* of its scene */
    bool chained;              /* it starts with the picture that the one before ends with */
};

struct gen_splice_spec { /* copied */
    struct gen_loop *loop;
    struct gen_programs *programs;
    const char *blobs, *scratch;         /* folders */
    const char *id;                      /* of the file that is made: names the scratch folder */
    const struct gen_splice_clip *clips; /* in order */
    size_t clip_count;                   /* at least 1 */
    bool picture;                        /* of the only clip, what is shown last */
    int32_t frame_rate_milli;            /* of the video that it is for */
    /* GEN_OK: `made` has digest, size, width, height, duration filled in (valid during the call).
     * GEN_EINVAL, GEN_EUNSUPPORTED: these clips will never make it; other: our trouble. */
    void (*on_end)(void *context, enum gen_status status, const struct gen_asset *made,
                   const char *reason);
    void *context;
};

/* on_end follows, never from inside. GEN_ENOMEM, or trouble with the scratch folder: no on_end. */
GEN_MUST_CHECK enum gen_status gen_splice_start(const struct gen_splice_spec *spec,
                                                struct gen_splice **out, struct gen_error *err);
/* No on_end follows. Sets NULL; NULL inside is allowed. */
void gen_splice_stop(struct gen_splice **splice);

#endif
