/* reuse.h - finished clips that are used again: which order a clip is the answer to, and whether there is one
 * for an order that is about to be given.
 *
 * An order is everything that a provider is asked: model, parameters, the shot's part of the brief,
 * format and the content of its files. It is NOT the seed: no brief asks for one, the engine draws it.
 * So an equal order would bring another take, and whoever wants the one that is there says so (`reuse`
 * of the brief, or of routing.yaml).
 * Invariants: never a clip of another organization; never the same clip twice in one job, so that variations
 * differ; never one whose file is gone.
 *
 * Thread: [loop]; looks at one file's name. Floor: engine. Tests: tests/unit/engine/reuse_test.c
 */
#ifndef GEN_ENGINE_REUSE_H
#define GEN_ENGINE_REUSE_H

#include "engine/open_job.h"

/* May what this job needs come from earlier jobs? By the brief, else by routing.yaml. */
bool gen_reuse_wanted(const struct gen_engine_options *options, const struct gen_brief *brief);

/* Digest of the order of a shot; what it was promised is there. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_reuse_order(const struct gen_job *job,
                                               const struct gen_pipeline *pipeline,
                                               const struct gen_shot *shot,
                                               const struct gen_asset *assets, size_t asset_count,
                                               char out[GEN_DIGEST_TEXT_SIZE],
                                               struct gen_error *err);

/* A clip for this shot. GEN_ENOTFOUND: none, or none is wanted; trouble with the store is no other answer,
 * and is logged. */
GEN_MUST_CHECK enum gen_status gen_reuse_find(const struct gen_open_job *open, size_t pipeline,
                                              size_t shot, struct gen_clip_found *out);

/* The order under which the clip of this shot is to be kept. False: it is not kept. */
bool gen_reuse_keeps(const struct gen_open_job *open, size_t pipeline, size_t shot,
                     char out[GEN_DIGEST_TEXT_SIZE]);

/* What was made before this moment is forgotten. */
gen_moment gen_reuse_since(const struct gen_engine_options *options, gen_moment now);

#endif
