/* loading.c - see loading.h. */
#include "engine/loading.h"

#include "engine/lineup.h"
#include "engine/material.h"
#include "store/load.h"

enum gen_status gen_loading_read(struct gen_open_owner *owner, const char *id, bool over,
                                 struct gen_open_job **out, struct gen_error *err)
{
    struct gen_job *job = NULL;
    struct gen_asset *assets = NULL;
    size_t asset_count = 0;
    enum gen_status status = gen_read_load(owner->options->store, id, &job, err);

    if (status != GEN_OK) {
        return status;
    }
    if (gen_job_status_terminal(job->status) && !over) { /* what was written last was its end */
        gen_arena_destroy(job->arena);
        return gen_error_set(err, GEN_ENOTFOUND, "job %s is over", id);
    }
    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            struct gen_shot *shot = &job->pipelines[i].shots[k];

            shot->model_flags = gen_lineup_flags(owner->options->loader, shot->provider,
                                                 shot->model);
        }
    }
    status = gen_material_read(owner->options->store, job->organization, job->brief, job->arena,
                               &assets, &asset_count, err);
    if (status == GEN_OK) {
        status = gen_open_job_create(owner, job, assets, asset_count, out, err);
    }
    if (status != GEN_OK) {
        gen_arena_destroy(job->arena);
    }
    return status;
}
