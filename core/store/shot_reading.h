/* shot_reading.h - the shots of a job, for its document: who renders what of which scene.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/shot_reading_test.c
 */
#ifndef GEN_STORE_SHOT_READING_H
#define GEN_STORE_SHOT_READING_H

#include "base/node.h"
#include "model/brief.h"
#include "store/database.h"

/* Gives every map in `pipelines` (a list, each with its pipelineId) a list `shots`: shotId, role
 * (whole, scene, finish), scene (the id of the first; null unless it is one scene), from and duration
 * (seconds of that scene that are shown of it; null for whole scenes), rendered (seconds of its clip),
 * provider, model, state (of its attempt), attempts, estimate, cost. Inside a read; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_shots(struct gen_database *database, const char *job,
                                              const struct gen_brief *brief,
                                              struct gen_node *pipelines, struct gen_arena *arena,
                                              struct gen_error *err);

#endif
