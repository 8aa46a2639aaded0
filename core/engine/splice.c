/* splice.c - see splice.h. The work is a row of steps; each ends in splice_next or in splice_finish. */
#include "engine/splice.h"

#include "engine/joining.h"
#include "engine/scratch.h"
#include "platform/crypto.h"
#include "store/blob.h"

#include <stdio.h>
#include <string.h>

#define SPLICE_VIDEO "scene.mp4"
#define SPLICE_PICTURE "last.png"

enum { SPLICE_HD_HEIGHT = 720 }; /* from here on colours are BT.709 where nobody says otherwise */

enum splice_step {
    SPLICE_PROBE_CLIPS = 1, /* once a clip */
    SPLICE_MAKE,            /* skipped for footage of one clip */
    SPLICE_PROBE_RESULT,
    SPLICE_STORE,
};

struct gen_splice {
    struct gen_splice_spec spec; /* texts in `arena` */
    struct gen_arena *arena;
    const char *folder;
    enum splice_step step;
    size_t probed; /* clips so far */
    struct gen_joining_clip *clips;
    int32_t width, height;
    struct gen_run *run;
    bool working, stopped; /* a job on the worker pool is under way; nobody listens */
    struct gen_asset made;
    char digest[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status; /* of the storing */
    struct gen_error err;
};

static void splice_next(struct gen_splice *splice);

static void splice_free(struct gen_splice *splice)
{
    gen_scratch_remove(splice->spec.loop, splice->folder);
    gen_arena_destroy(splice->arena);
}

static void splice_finish(struct gen_splice *splice, enum gen_status status, const char *reason)
{
    splice->spec.on_end(splice->spec.context, status, status == GEN_OK ? &splice->made : NULL,
                        reason);
    splice_free(splice);
}

static const char *splice_result(const struct gen_splice *splice)
{
    return splice->spec.picture ? SPLICE_PICTURE : SPLICE_VIDEO;
}

/* -------------------------------------------------------------------------- asking gen-media -- */

static void splice_facts(struct gen_splice *splice, const struct gen_node *probe)
{
    splice->made.size = gen_node_integer(gen_node_get(probe, "size"), 0);
    splice->made.width = (int32_t)gen_node_integer(gen_node_get(probe, "width"), 0);
    splice->made.height = (int32_t)gen_node_integer(gen_node_get(probe, "height"), 0);
    splice->made.duration_ms =
        splice->spec.picture
            ? 0
            : (int64_t)(gen_node_number(gen_node_get(probe, "duration"), 0) * 1000.0 + 0.5);
}

static void splice_clip_probed(struct gen_splice *splice, const struct gen_node *probe)
{
    const struct gen_splice_clip *from = &splice->spec.clips[splice->probed];
    struct gen_joining_clip *clip = &splice->clips[splice->probed];
    const struct gen_node *rate = gen_node_get(probe, "frameRate");
    int64_t num = gen_node_integer(gen_node_get(rate, "num"), 0);
    int64_t den = gen_node_integer(gen_node_get(rate, "den"), 0);
    int64_t height = gen_node_integer(gen_node_get(probe, "height"), 0);

    clip->duration_ms = from->shown_ms;
    clip->seam = splice->probed == 0 && !splice->spec.picture ? GEN_SEAM_CUT
                 : from->chained                              ? GEN_SEAM_CHAIN
                                                              : GEN_SEAM_ABUT;
    clip->frame_rate_milli = den > 0 ? (int32_t)(num * 1000 / den) : 0;
    clip->has_audio = gen_node_text(gen_node_get(probe, "audioCodec"), NULL) != NULL;
    clip->plain_color = height >= SPLICE_HD_HEIGHT &&
                        gen_node_text(gen_node_get(probe, "colorSpace"), "")[0] == '\0';
    if (splice->probed == 0) {
        splice_facts(splice, probe);
        splice->width = (splice->made.width + 1) & ~1;
        splice->height = (splice->made.height + 1) & ~1;
    }
    splice->probed++;
    if (splice->probed == splice->spec.clip_count) {
        if (splice->spec.clip_count == 1 && !splice->spec.picture) {
            splice->made.digest = splice->spec.clips[0].digest;
            splice_finish(splice, GEN_OK, "");
            return;
        }
        splice->step = SPLICE_MAKE;
    }
    splice_next(splice);
}

static void splice_answer(void *context, enum gen_status status, const struct gen_node *document,
                          const struct gen_error *err)
{
    struct gen_splice *splice = context;

    splice->run = NULL;
    if (status != GEN_OK) {
        splice_finish(splice, status, err->message);
    } else if (splice->step == SPLICE_PROBE_CLIPS) {
        splice_clip_probed(splice, document);
    } else {
        splice_facts(splice, document);
        splice->step = SPLICE_STORE;
        splice_next(splice);
    }
}

static enum gen_status splice_ask(struct gen_splice *splice, const char *file,
                                  struct gen_error *err)
{
    const char *arguments[] = {
        "probe", gen_arena_printf(splice->arena, "%s/%s", splice->folder, file), NULL};

    return gen_programs_ask(splice->spec.programs, arguments, splice_answer, splice, &splice->run,
                            err);
}

/* ----------------------------------------------------------------------------------- making -- */

static void splice_made(void *context, const struct gen_process_end *end)
{
    struct gen_splice *splice = context;
    char reason[400];

    splice->run = NULL;
    if (end->exit_code == 0) {
        splice->step = SPLICE_PROBE_RESULT;
        splice_next(splice);
        return;
    }
    snprintf(reason, sizeof(reason), "ffmpeg could not make %s of the clips (%s %d): %.250s",
             splice->spec.picture ? "a picture" : "a scene",
             end->signal != 0 ? "signal" : "exit code",
             end->signal != 0 ? end->signal : end->exit_code, end->errors);
    /* Killed from outside (no memory, an operator) is worth another try; its own no is not. */
    splice_finish(splice, end->signal != 0 ? GEN_EIO : GEN_EINVAL, reason);
}

static void splice_fault(void *context, const struct gen_error *err)
{
    struct gen_splice *splice = context;

    splice->run = NULL;
    splice_finish(splice, GEN_EIO, err->message);
}

static enum gen_status splice_make(struct gen_splice *splice, struct gen_error *err)
{
    struct gen_joining joining = {.clips = splice->clips,
                                  .clip_count = splice->spec.clip_count,
                                  .out = splice_result(splice),
                                  .width = splice->width,
                                  .height = splice->height,
                                  .frame_rate_milli = splice->spec.frame_rate_milli,
                                  .may_be_silent = true,
                                  .between = true};
    struct gen_run_spec spec = {.scratch = splice->folder,
                                .on_end = splice_made,
                                .on_fault = splice_fault,
                                .context = splice};

    spec.program = gen_joining_program(splice->arena);
    spec.arguments = splice->spec.picture
                         ? gen_joining_last_frame(&joining, splice->spec.clips[0].from_ms,
                                                  splice->arena)
                         : gen_joining_arguments(&joining, splice->arena);
    if (spec.program == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "ffmpeg is not installed (apt-get install ffmpeg)");
    }
    if (spec.arguments == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return gen_programs_start(splice->spec.programs, &spec, &splice->run, err);
}

/* ---------------------------------------------------------------------------------- storing -- */

static void splice_store_work(void *context)
{
    struct gen_splice *splice = context;
    char path[GEN_BLOB_PATH_SIZE];

    splice->status = gen_scratch_result(splice->folder, splice_result(splice), path, sizeof(path),
                                        &splice->err);
    if (splice->status == GEN_OK) {
        splice->status = gen_blob_adopt(splice->spec.blobs, path, splice->digest,
                                        &splice->made.size, &splice->err);
    }
}

static void splice_stored(void *context)
{
    struct gen_splice *splice = context;

    splice->working = false;
    if (splice->stopped) {
        splice_free(splice);
        return;
    }
    splice->made.digest = splice->digest;
    splice_finish(splice, splice->status, splice->err.message);
}

static enum gen_status splice_store(struct gen_splice *splice, struct gen_error *err)
{
    if (gen_loop_work(splice->spec.loop, splice_store_work, splice_stored, splice) != GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    splice->working = true;
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------ steps -- */

static void splice_next(struct gen_splice *splice)
{
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;

    switch (splice->step) {
    case SPLICE_PROBE_CLIPS:
        status = splice_ask(splice, splice->clips[splice->probed].file, &err);
        break;
    case SPLICE_MAKE:
        status = splice_make(splice, &err);
        break;
    case SPLICE_PROBE_RESULT:
        status = splice_ask(splice, splice_result(splice), &err);
        break;
    case SPLICE_STORE:
        status = splice_store(splice, &err);
        break;
    }
    if (status != GEN_OK) {
        splice_finish(splice, status, err.message);
    }
}

/* Own copies of what the spec points to. */
static void splice_copy(struct gen_splice *splice, const struct gen_splice_spec *spec)
{
    struct gen_arena *arena = splice->arena;
    struct gen_splice_clip *clips = gen_arena_array(arena, spec->clip_count, sizeof(*clips));

    splice->spec = *spec;
    splice->spec.clips = clips;
    splice->spec.blobs = gen_arena_strdup(arena, spec->blobs);
    splice->folder = gen_scratch_path(spec->scratch, spec->id, arena);
    splice->clips = gen_arena_array(arena, spec->clip_count, sizeof(*splice->clips));
    for (size_t i = 0; i < spec->clip_count && clips != NULL && splice->clips != NULL; i++) {
        clips[i] = spec->clips[i];
        clips[i].digest = gen_arena_strdup(arena, spec->clips[i].digest);
        splice->clips[i].file = gen_arena_printf(arena, "clip-%zu.mp4", i);
    }
}

static enum gen_status splice_prepare(struct gen_splice *splice, struct gen_error *err)
{
    enum gen_status status = gen_scratch_make(splice->folder, err);

    for (size_t i = 0; i < splice->spec.clip_count && status == GEN_OK; i++) {
        status = gen_scratch_link(splice->folder, splice->clips[i].file, splice->spec.blobs,
                                  splice->spec.clips[i].digest, err);
    }
    return status;
}

enum gen_status gen_splice_start(const struct gen_splice_spec *spec, struct gen_splice **out,
                                 struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_splice *splice = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*splice));
    enum gen_status status;

    if (splice == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    splice->arena = arena;
    splice->step = SPLICE_PROBE_CLIPS;
    splice->made = (struct gen_asset){
        .organization = "", .digest = "", .name = "", .kind = "", .media_type = ""};
    splice_copy(splice, spec);
    if (gen_arena_failed(arena)) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = splice_prepare(splice, err);
    if (status == GEN_OK) {
        status = splice_ask(splice, splice->clips[0].file, err);
    }
    if (status != GEN_OK) {
        splice_free(splice);
        return status;
    }
    *out = splice;
    return GEN_OK;
}

void gen_splice_stop(struct gen_splice **handle)
{
    struct gen_splice *splice = *handle;

    *handle = NULL;
    if (splice == NULL) {
        return;
    }
    splice->stopped = true;
    gen_run_stop(&splice->run);
    if (!splice->working) {
        splice_free(splice);
    }
}
