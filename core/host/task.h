/* task.h - a shot of a job as a question to a plugin: our nouns become the contract's task.
 *
 * Index i of gen_task.assets is index i of the contract's task, so an index that a plugin hands back
 * means the same asset here. What only a renderer of whole storyboards does (end card, music) is not
 * asked of the others: the engine joins their clips and adds it.
 *
 * Thread: [any]. Floor: host. Tests: tests/unit/host/task_test.c
 */
#ifndef GEN_HOST_TASK_H
#define GEN_HOST_TASK_H

#include "model/change.h"
#include "model/registry.h"

struct gen_provider_task; /* of the contract */

/* What a verb is asked about. Borrowed for the call. */
struct gen_task {
    const struct gen_brief *brief;
    const struct gen_variation *variation;
    const struct gen_shot *shot;    /* scenes, parameters; its attempt's handle and step_state */
    const char *model;              /* "studio" */
    const struct gen_asset *assets; /* every asset of the brief once; file names are derived */
    size_t asset_count;             /*   from their index and media type: "asset-0.png" */
    gen_moment now;
};

/* The name that asset `index` has inside a scratch directory. */
const char *gen_task_asset_file(const struct gen_task *task, size_t index, struct gen_arena *arena);

/* Builds the contract's task in `arena`. `model` is the row of task->model. shot->parameters NULL or
 * "": not formatted yet.
 * GEN_EINVAL: the brief names an asset that is not in task->assets, or the shot a scene that the
 * brief has not. GEN_ECORRUPT: the parameters are not JSON. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_task_build(const struct gen_task *task,
                                              const struct gen_model *model,
                                              struct gen_arena *arena,
                                              const struct gen_provider_task **out,
                                              struct gen_error *err);

/* A task of gen.health/1: it is about no shot, and says only what time it is and what the verb's last
 * step left (task->shot, which may be NULL). GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_task_build_bare(const struct gen_task *task,
                                                   struct gen_arena *arena,
                                                   const struct gen_provider_task **out,
                                                   struct gen_error *err);

#endif
