/* excerpt.h - what one shot is asked about: the part of the brief that is its own, and its files.
 *
 * A scene in slices has the length of the slice and the sentences that begin in it; a slice that goes on
 * from another starts from its last frame and from nothing else; a finishing shot shows what was rendered
 * of the scenes. Words, end card and music are asked of a shot only when no later one adds them.
 * Pure: the same shot gives the same excerpt, now and after a restart.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/excerpt_test.c
 */
#ifndef GEN_ENGINE_EXCERPT_H
#define GEN_ENGINE_EXCERPT_H

#include "model/job.h"

struct gen_excerpt_source { /* borrowed for the call */
    const struct gen_brief *brief;
    const struct gen_shot *shots; /* of the pipeline */
    size_t shot_count;
    bool finished;                  /* a finishing shot adds words and music */
    const struct gen_asset *assets; /* of the brief */
    size_t asset_count;
};

struct gen_excerpt {
    const struct gen_brief *brief;
    const struct gen_asset *assets; /* those of the brief, then the supplies of the shot */
    size_t asset_count;
};

/* In `arena`, borrowing from the source. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_excerpt_of(const struct gen_excerpt_source *source,
                                              const struct gen_shot *shot, struct gen_arena *arena,
                                              struct gen_excerpt *out, struct gen_error *err);

/* The same for a shot of a pipeline. */
GEN_MUST_CHECK enum gen_status gen_excerpt_shot(const struct gen_job *job,
                                                const struct gen_pipeline *pipeline,
                                                const struct gen_shot *shot,
                                                const struct gen_asset *assets, size_t asset_count,
                                                struct gen_arena *arena, struct gen_excerpt *out,
                                                struct gen_error *err);

#endif
