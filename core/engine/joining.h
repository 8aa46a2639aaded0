/* joining.h - the ffmpeg commands that join clips into one video, and that take a clip's last picture.
 *
 * Lengths are counted in frames of the video, so that parts of a scene last together exactly as long as
 * the scene. Pure but for looking where ffmpeg is. File names are ours; no text of a user gets near it.
 *
 * Thread: [any]. Floor: engine. Tests: tests/unit/engine/joining_test.c
 */
#ifndef GEN_ENGINE_JOINING_H
#define GEN_ENGINE_JOINING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* How a clip follows the one before. */
enum gen_joining_seam {
    GEN_SEAM_CUT = 1, /* another scene */
    GEN_SEAM_ABUT,    /* the same scene, rendered by itself: the sound dips for a moment */
    GEN_SEAM_CHAIN,   /* it starts with the picture that ended the one before: that is left out */
};

struct gen_joining_clip {
    const char *file; /* in the working directory */
    int64_t duration_ms;
    enum gen_joining_seam seam;
    int32_t frame_rate_milli; /* its own; with GEN_SEAM_CHAIN */
    bool has_audio;
    bool plain_color; /* it does not say how its colours are coded, and is of HD's size */
};

struct gen_joining {
    const struct gen_joining_clip *clips;
    size_t clip_count;
    const char *music; /* file of a bed to lay under it, NULL = none */
    const char *out;
    int32_t width, height, frame_rate_milli;
    bool may_be_silent; /* without a sound track where no clip has one */
    bool between;       /* of our own use: nearly lossless and fast */
};

/* Path of ffmpeg, NULL when it is not installed. */
const char *gen_joining_program(struct gen_arena *arena);

/* Arguments, NULL-terminated, in `arena`; NULL: no memory. */
const char *const *gen_joining_arguments(const struct gen_joining *joining,
                                         struct gen_arena *arena);

/* The picture of `clips[0]` that is shown last when it is joined as the part of a scene from `from_ms`
 * on, as a PNG of the clip's own size, named `out`. NULL: no memory. */
const char *const *gen_joining_last_frame(const struct gen_joining *joining, int64_t from_ms,
                                          struct gen_arena *arena);

/* Frames that are shown from `from_ms` to `to_ms` of something. */
int64_t gen_joining_frames(int32_t frame_rate_milli, int64_t from_ms, int64_t to_ms);

#endif
