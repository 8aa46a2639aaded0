/* joining.h - the ffmpeg command that joins clips into one conforming video.
 *
 * Pure but for looking where ffmpeg is. File names are ours; no text of a user gets near it.
 *
 * Thread: [any]. Floor: engine. Tests: tests/unit/engine/joining_test.c
 */
#ifndef GEN_ENGINE_JOINING_H
#define GEN_ENGINE_JOINING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct gen_joining_clip {
    const char *file; /* in the working directory */
    int64_t duration_ms;
    bool has_audio;
};

struct gen_joining {
    const struct gen_joining_clip *clips;
    size_t clip_count;
    const char *music; /* file of a bed to lay under it, NULL = none */
    const char *out;
    int32_t width, height, frame_rate_milli;
};

/* Path of ffmpeg, NULL when it is not installed. */
const char *gen_joining_program(struct gen_arena *arena);

/* Arguments, NULL-terminated, in `arena`; NULL: no memory. */
const char *const *gen_joining_arguments(const struct gen_joining *joining,
                                         struct gen_arena *arena);

#endif
