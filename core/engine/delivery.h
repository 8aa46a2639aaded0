/* delivery.h - from the clips of a pipeline to its video: joined, exact, checked, with pictures.
 *
 * A single clip that is already what was asked for is delivered as it is. Otherwise ffmpeg joins
 * and conforms (size, frame rate, H.264 yuv420p, AAC, faststart) under the launcher. Then a
 * thumbnail and a contact sheet, and all of it goes into the blobs.
 * Invariant: an output that is reported is stored, probed and as asked for.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/delivery_test.c
 */
#ifndef GEN_ENGINE_DELIVERY_H
#define GEN_ENGINE_DELIVERY_H

#include "engine/joining.h"
#include "engine/programs.h"
#include "model/change.h"

struct gen_delivery;

struct gen_delivery_clip {
    const char *digest;
    int64_t duration_ms; /* as it must be */
    enum gen_joining_seam seam;
};

struct gen_delivery_spec { /* copied */
    struct gen_loop *loop;
    struct gen_programs *programs;
    const char *blobs, *scratch;           /* folders */
    const char *id;                        /* of the pipeline: names the scratch folder */
    const struct gen_delivery_clip *clips; /* in order */
    size_t clip_count;
    const char *music; /* digest of a bed to lay under joined clips, NULL = none */
    int32_t width, height, frame_rate_milli;
    /* GEN_OK: `output` has digests, sizes, facts and probe filled in, ids not (valid during the
     * call). GEN_EINVAL, GEN_EUNSUPPORTED: these clips will never make it; other: our trouble. */
    void (*on_end)(void *context, enum gen_status status, const struct gen_output *output,
                   const char *reason);
    void *context;
};

/* on_end follows, never from inside. GEN_ENOMEM, or trouble with the scratch folder: no on_end. */
GEN_MUST_CHECK enum gen_status gen_delivery_start(const struct gen_delivery_spec *spec,
                                                  struct gen_delivery **out, struct gen_error *err);
/* No on_end follows. Sets NULL; NULL inside is allowed. */
void gen_delivery_stop(struct gen_delivery **delivery);

#endif
