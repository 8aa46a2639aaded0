/* delivery.c - see delivery.h. The work is a row of steps; each ends in delivery_next or in
 * delivery_finish. */
#include "engine/delivery.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/scratch.h"
#include "platform/crypto.h"
#include "store/blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DELIVERY_VIDEO "video.mp4"
#define DELIVERY_THUMBNAIL "thumbnail.jpg"
#define DELIVERY_SHEET "sheet.jpg"

enum delivery_step {
    DELIVERY_PROBE_CLIPS = 1, /* once a clip */
    DELIVERY_JOIN,            /* skipped when the only clip is right already */
    DELIVERY_PROBE_VIDEO,
    DELIVERY_THUMB,
    DELIVERY_CONTACT,
    DELIVERY_STORE,
};

struct gen_delivery {
    struct gen_delivery_spec spec; /* texts in `arena` */
    struct gen_arena *arena;
    const char *folder;
    enum delivery_step step;
    size_t probed; /* clips so far */
    struct gen_joining_clip *clips;
    bool as_is; /* the only clip is delivered as it came */
    struct gen_run *run;
    bool working, stopped; /* a job on the worker pool is under way; nobody listens */
    struct gen_output output;
    char digest[GEN_DIGEST_TEXT_SIZE], thumbnail[GEN_DIGEST_TEXT_SIZE], sheet[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status; /* of the storing */
    struct gen_error err;
};

static void delivery_next(struct gen_delivery *delivery);

static void delivery_free(struct gen_delivery *delivery)
{
    gen_scratch_remove(delivery->spec.loop, delivery->folder);
    gen_arena_destroy(delivery->arena);
}

static void delivery_finish(struct gen_delivery *delivery, enum gen_status status,
                            const char *reason)
{
    delivery->spec.on_end(delivery->spec.context, status,
                          status == GEN_OK ? &delivery->output : NULL, reason);
    delivery_free(delivery);
}

static const char *delivery_path(struct gen_delivery *delivery, const char *name)
{
    return gen_arena_printf(delivery->arena, "%s/%s", delivery->folder, name);
}

static const char *delivery_clip_name(struct gen_delivery *delivery, size_t index)
{
    return gen_arena_printf(delivery->arena, "clip-%zu.mp4", index);
}

/* ------------------------------------------------------------------------- asking gen-media -- */

/* Is the probed file exactly what was asked for, so that nothing needs to be done to it? */
static bool delivery_conforms(const struct gen_delivery *delivery, const struct gen_node *probe)
{
    const struct gen_delivery_spec *spec = &delivery->spec;
    const struct gen_node *rate = gen_node_get(probe, "frameRate");
    int64_t num = gen_node_integer(gen_node_get(rate, "num"), 0);
    int64_t den = gen_node_integer(gen_node_get(rate, "den"), 1);
    int64_t milli = den > 0 ? (num * 1000 + den / 2) / den : 0;
    int64_t duration = (int64_t)(gen_node_number(gen_node_get(probe, "duration"), 0) * 1000.0);

    return strcmp(gen_node_text(gen_node_get(probe, "mediaType"), ""), "video/mp4") == 0 &&
           strcmp(gen_node_text(gen_node_get(probe, "videoCodec"), ""), "h264") == 0 &&
           strcmp(gen_node_text(gen_node_get(probe, "pixelFormat"), ""), "yuv420p") == 0 &&
           strcmp(gen_node_text(gen_node_get(probe, "audioCodec"), ""), "aac") == 0 &&
           gen_node_truth(gen_node_get(probe, "faststart"), false) &&
           gen_node_integer(gen_node_get(probe, "width"), 0) == spec->width &&
           gen_node_integer(gen_node_get(probe, "height"), 0) == spec->height &&
           llabs(milli - spec->frame_rate_milli) <= 1 &&
           llabs(duration - spec->clips[0].duration_ms) <= 100;
}

static void delivery_clip_probed(struct gen_delivery *delivery, const struct gen_node *probe)
{
    struct gen_joining_clip *clip = &delivery->clips[delivery->probed];

    const struct gen_node *rate = gen_node_get(probe, "frameRate");
    int64_t den = gen_node_integer(gen_node_get(rate, "den"), 0);

    clip->has_audio = gen_node_text(gen_node_get(probe, "audioCodec"), NULL) != NULL;
    clip->duration_ms = delivery->spec.clips[delivery->probed].duration_ms;
    clip->seam = delivery->spec.clips[delivery->probed].seam;
    clip->frame_rate_milli =
        den > 0 ? (int32_t)(gen_node_integer(gen_node_get(rate, "num"), 0) * 1000 / den) : 0;
    delivery->as_is = delivery->spec.clip_count == 1 && delivery_conforms(delivery, probe);
    delivery->probed++;
    if (delivery->probed == delivery->spec.clip_count) {
        delivery->step = delivery->as_is ? DELIVERY_PROBE_VIDEO : DELIVERY_JOIN;
    }
    delivery_next(delivery);
}

static void delivery_video_probed(struct gen_delivery *delivery, const struct gen_node *probe)
{
    struct gen_output *output = &delivery->output;

    if (!delivery->as_is &&
        (gen_node_integer(gen_node_get(probe, "width"), 0) != delivery->spec.width ||
         gen_node_integer(gen_node_get(probe, "height"), 0) != delivery->spec.height)) {
        delivery_finish(delivery, GEN_EINVAL, "the joined video does not have the size asked for");
        return;
    }
    output->width = delivery->spec.width;
    output->height = delivery->spec.height;
    output->frame_rate_milli = delivery->spec.frame_rate_milli;
    output->duration_ms =
        (int64_t)(gen_node_number(gen_node_get(probe, "duration"), 0) * 1000.0 + 0.5);
    output->size = gen_node_integer(gen_node_get(probe, "size"), 0);
    output->format = "mp4";
    output->probe = gen_json_text(delivery->arena, probe, NULL);
    delivery->step = DELIVERY_THUMB;
    delivery_next(delivery);
}

static void delivery_answer(void *context, enum gen_status status, const struct gen_node *document,
                            const struct gen_error *err)
{
    struct gen_delivery *delivery = context;

    delivery->run = NULL;
    if (status != GEN_OK) {
        delivery_finish(delivery, status, err->message);
        return;
    }
    switch (delivery->step) {
    case DELIVERY_PROBE_CLIPS:
        delivery_clip_probed(delivery, document);
        break;
    case DELIVERY_PROBE_VIDEO:
        delivery_video_probed(delivery, document);
        break;
    case DELIVERY_THUMB:
        delivery->step = DELIVERY_CONTACT;
        delivery_next(delivery);
        break;
    default:
        delivery->step = DELIVERY_STORE;
        delivery_next(delivery);
        break;
    }
}

static enum gen_status delivery_ask(struct gen_delivery *delivery, const char *command,
                                    const char *file, const char *out, struct gen_error *err)
{
    const char *arguments[] = {command, delivery_path(delivery, file), out == NULL ? NULL : "--out",
                               out == NULL ? NULL : delivery_path(delivery, out), NULL};

    return gen_programs_ask(delivery->spec.programs, arguments, delivery_answer, delivery,
                            &delivery->run, err);
}

/* ---------------------------------------------------------------------------------- joining -- */

static void delivery_joined(void *context, const struct gen_process_end *end)
{
    struct gen_delivery *delivery = context;

    delivery->run = NULL;
    if (end->exit_code != 0) {
        char reason[400];

        snprintf(reason, sizeof(reason), "ffmpeg could not join the clips (%s %d): %.250s",
                 end->signal != 0 ? "signal" : "exit code",
                 end->signal != 0 ? end->signal : end->exit_code, end->errors);
        /* Killed from outside (no memory, an operator) is worth another try; its own no is not. */
        delivery_finish(delivery, end->signal != 0 ? GEN_EIO : GEN_EINVAL, reason);
        return;
    }
    delivery->step = DELIVERY_PROBE_VIDEO;
    delivery_next(delivery);
}

static void delivery_fault(void *context, const struct gen_error *err)
{
    struct gen_delivery *delivery = context;

    delivery->run = NULL;
    delivery_finish(delivery, GEN_EIO, err->message);
}

static enum gen_status delivery_join(struct gen_delivery *delivery, struct gen_error *err)
{
    struct gen_joining joining = {.clips = delivery->clips,
                                  .clip_count = delivery->spec.clip_count,
                                  .music = delivery->spec.music == NULL ? NULL : "music",
                                  .out = DELIVERY_VIDEO,
                                  .width = delivery->spec.width,
                                  .height = delivery->spec.height,
                                  .frame_rate_milli = delivery->spec.frame_rate_milli};
    struct gen_run_spec spec = {.scratch = delivery->folder,
                                .on_end = delivery_joined,
                                .on_fault = delivery_fault,
                                .context = delivery};

    spec.program = gen_joining_program(delivery->arena);
    spec.arguments = gen_joining_arguments(&joining, delivery->arena);
    if (spec.program == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "ffmpeg is not installed (apt-get install ffmpeg)");
    }
    if (spec.arguments == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return gen_programs_start(delivery->spec.programs, &spec, &delivery->run, err);
}

/* ---------------------------------------------------------------------------------- storing -- */

static void delivery_store_work(void *context)
{
    struct gen_delivery *delivery = context;
    struct gen_output *output = &delivery->output;
    char path[GEN_BLOB_PATH_SIZE];
    const struct {
        const char *name;
        char *digest;
        int64_t *size;
    } files[] = {{DELIVERY_VIDEO, delivery->digest, &output->size},
                 {DELIVERY_THUMBNAIL, delivery->thumbnail, &output->thumbnail_size},
                 {DELIVERY_SHEET, delivery->sheet, &output->sheet_size}};

    delivery->status = GEN_OK;
    for (size_t i = delivery->as_is ? 1 : 0; i < GEN_COUNT(files) && delivery->status == GEN_OK;
         i++) {
        delivery->status = gen_scratch_result(delivery->folder, files[i].name, path, sizeof(path),
                                              &delivery->err);
        if (delivery->status == GEN_OK) {
            delivery->status = gen_blob_adopt(delivery->spec.blobs, path, files[i].digest,
                                              files[i].size, &delivery->err);
        }
    }
}

static void delivery_stored(void *context)
{
    struct gen_delivery *delivery = context;
    struct gen_output *output = &delivery->output;

    delivery->working = false;
    if (delivery->stopped) {
        delivery_free(delivery);
        return;
    }
    output->digest = delivery->as_is ? delivery->spec.clips[0].digest : delivery->digest;
    output->thumbnail = delivery->thumbnail;
    output->sheet = delivery->sheet;
    delivery_finish(delivery, delivery->status, delivery->err.message);
}

static enum gen_status delivery_store(struct gen_delivery *delivery, struct gen_error *err)
{
    if (gen_loop_work(delivery->spec.loop, delivery_store_work, delivery_stored, delivery) !=
        GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    delivery->working = true;
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------ steps -- */

static void delivery_next(struct gen_delivery *delivery)
{
    const char *video = delivery->as_is ? delivery_clip_name(delivery, 0) : DELIVERY_VIDEO;
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;

    switch (delivery->step) {
    case DELIVERY_PROBE_CLIPS:
        status = delivery_ask(delivery, "probe", delivery->clips[delivery->probed].file, NULL,
                              &err);
        break;
    case DELIVERY_JOIN:
        status = delivery_join(delivery, &err);
        break;
    case DELIVERY_PROBE_VIDEO:
        status = delivery_ask(delivery, "probe", video, NULL, &err);
        break;
    case DELIVERY_THUMB:
        status = delivery_ask(delivery, "thumbnail", video, DELIVERY_THUMBNAIL, &err);
        break;
    case DELIVERY_CONTACT:
        status = delivery_ask(delivery, "sheet", video, DELIVERY_SHEET, &err);
        break;
    case DELIVERY_STORE:
        status = delivery_store(delivery, &err);
        break;
    }
    if (status != GEN_OK) {
        delivery_finish(delivery, status, err.message);
    }
}

static enum gen_status delivery_prepare(struct gen_delivery *delivery, struct gen_error *err)
{
    const struct gen_delivery_spec *spec = &delivery->spec;
    enum gen_status status = gen_scratch_make(delivery->folder, err);

    for (size_t i = 0; i < spec->clip_count && status == GEN_OK; i++) {
        delivery->clips[i].file = delivery_clip_name(delivery, i);
        status = gen_scratch_link(delivery->folder, delivery->clips[i].file, spec->blobs,
                                  spec->clips[i].digest, err);
    }
    if (status == GEN_OK && spec->music != NULL) {
        status = gen_scratch_link(delivery->folder, "music", spec->blobs, spec->music, err);
    }
    return status;
}

/* Own copies of what the spec points to. */
static void delivery_copy(struct gen_delivery *delivery, const struct gen_delivery_spec *spec)
{
    struct gen_arena *arena = delivery->arena;
    struct gen_delivery_clip *clips = gen_arena_array(arena, spec->clip_count, sizeof(*clips));

    for (size_t i = 0; i < spec->clip_count && clips != NULL; i++) {
        clips[i] = spec->clips[i];
        clips[i].digest = gen_arena_strdup(arena, spec->clips[i].digest);
    }
    delivery->spec = *spec;
    delivery->spec.clips = clips;
    delivery->spec.blobs = gen_arena_strdup(arena, spec->blobs);
    delivery->spec.music = gen_arena_strdup(arena, spec->music);
    delivery->folder = gen_scratch_path(spec->scratch, spec->id, arena);
    delivery->clips = gen_arena_array(arena, spec->clip_count, sizeof(*delivery->clips));
}

enum gen_status gen_delivery_start(const struct gen_delivery_spec *spec, struct gen_delivery **out,
                                   struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_delivery *delivery = arena == NULL ? NULL
                                                  : gen_arena_alloc(arena, sizeof(*delivery));
    enum gen_status status;

    if (delivery == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    delivery->arena = arena;
    delivery->step = DELIVERY_PROBE_CLIPS;
    delivery_copy(delivery, spec);
    if (gen_arena_failed(arena)) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = delivery_prepare(delivery, err);
    if (status == GEN_OK) {
        status = delivery_ask(delivery, "probe", delivery->clips[0].file, NULL, err);
    }
    if (status != GEN_OK) {
        delivery_free(delivery);
        return status;
    }
    *out = delivery;
    return GEN_OK;
}

void gen_delivery_stop(struct gen_delivery **handle)
{
    struct gen_delivery *delivery = *handle;

    *handle = NULL;
    if (delivery == NULL) {
        return;
    }
    delivery->stopped = true;
    gen_run_stop(&delivery->run);
    if (!delivery->working) {
        delivery_free(delivery);
    }
}
