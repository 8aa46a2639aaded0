/* filmer.c - a provider of the tests that really makes clips: with ffmpeg, in one RUN step, for money.
 *
 * Models (24 frames a second, dark moving pictures, a low tone where there is sound; $0.05 a second):
 *   slices   4, 6 or 8 s; starts from a first frame
 *   apart    4, 6 or 8 s; does not
 *   speaker  1 to 30 s; a voice of its own (a high tone) says the dialogue
 *   bad      as slices; every clip fails
 * The pictures of a clip move on from its seed, so that two clips differ.
 */
#include <gen/provider.h>

#include <string.h>

static const struct gen_host *host;
static const int64_t lengths[] = {4000, 6000, 8000};
static const struct gen_provider_size sizes[] = {{640, 360}};

#define FILMER_MODEL(model, bits, more, least, most, list, count) \
    { \
        .size = sizeof(struct gen_provider_model), .id = model, .name = model, \
        .needs = GEN_NEED_IMAGE_ANIMATION | (more), \
        .flags = (bits) | GEN_MODEL_ANY_RATIO | GEN_MODEL_AUDIO, .tier = 2, \
        .min_duration_ms = least, .max_duration_ms = most, .durations_ms = list, \
        .duration_count = count, .sizes = sizes, .size_count = 1, .max_width = 3840, \
        .max_height = 3840, .max_frame_rate = 60, .max_scenes = 1, .max_prompt = 2000, \
        .max_assets = 8, .asset_types = "image/png image/jpeg", .max_concurrent = 4, \
        .quality = 6.5, .seconds_per_second = 1 \
    }

static const struct gen_provider_model models[] = {
    FILMER_MODEL("slices", GEN_MODEL_FIRST_FRAME, GEN_NEED_CINEMATIC, 4000, 8000, lengths, 3),
    FILMER_MODEL("apart", 0, 0, 4000, 8000, lengths, 3),
    FILMER_MODEL("speaker", 0, GEN_NEED_VOICE | GEN_NEED_AVATAR | GEN_NEED_LIP_SYNC, 1000, 30000,
                 NULL, 0),
    FILMER_MODEL("bad", GEN_MODEL_FIRST_FRAME, 0, 4000, 8000, lengths, 3),
};

static int32_t filmer_capabilities(const void *self, struct gen_arena *arena,
                                   struct gen_provider_capabilities *out, const char **message)
{
    (void)self;
    (void)arena;
    (void)message;
    out->model_size = sizeof(models[0]);
    out->models = models;
    out->model_count = sizeof(models) / sizeof(models[0]);
    return GEN_VERDICT_OK;
}

/* The picture it must start from, -1 = none. */
static int64_t filmer_frame(const struct gen_provider_task *task)
{
    for (size_t i = 0; i < task->scenes->asset_count; i++) {
        const struct gen_provider_asset *asset =
            (const void *)((const char *)task->assets +
                           (size_t)task->scenes->assets[i] * task->asset_size);

        if (asset->role == GEN_ROLE_FIRST_FRAME) {
            return task->scenes->assets[i];
        }
    }
    return -1;
}

static int32_t filmer_format(const void *self, const struct gen_provider_task *task,
                             struct gen_arena *arena, struct gen_provider_format *out,
                             const char **message)
{
    struct gen_node *parameters = host->json_map(arena);

    (void)self;
    out->width = task->width;
    out->height = task->height;
    out->frame_rate_milli = 24000;
    out->duration_ms = task->scenes->duration_ms;
    host->json_set(arena, parameters, "durationMs",
                   host->json_new_integer(arena, out->duration_ms));
    host->json_set(arena, parameters, "frame", host->json_new_integer(arena, filmer_frame(task)));
    host->json_set(arena, parameters, "says", host->json_new_text(arena, task->scenes->dialogue));
    out->parameters = parameters;
    *message = "out of memory";
    return parameters != NULL ? GEN_VERDICT_OK : GEN_VERDICT_BROKEN;
}

static int32_t filmer_cost(const void *self, const struct gen_provider_task *task,
                           const struct gen_node *prices, struct gen_arena *arena,
                           struct gen_provider_cost *out, const char **message)
{
    (void)self;
    (void)prices;
    (void)arena;
    (void)message;
    out->known = out->exact = 1;
    out->price_micros = host->json_integer(host->json_get(task->parameters, "durationMs"), 0) * 50;
    out->most_micros = out->price_micros;
    out->basis = "$0.05 a second";
    return GEN_VERDICT_OK;
}

static int32_t filmer_done(struct gen_provider_step *step, struct gen_arena *arena,
                           const char *handle, const char *file, const char **message)
{
    struct gen_provider_done *done = host->alloc(arena, sizeof(*done));

    if (done == NULL) {
        *message = "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    *done = (struct gen_provider_done){
        .size = sizeof(*done), .handle = handle, .file = file, .cost_micros = -1};
    step->kind = GEN_STEP_DONE;
    step->done = done;
    return GEN_VERDICT_OK;
}

static int32_t filmer_submit(const void *self, const struct gen_provider_task *task,
                             const struct gen_provider_answer *answer, struct gen_arena *arena,
                             struct gen_provider_step *step, const char **message)
{
    (void)self;
    (void)task;
    (void)answer;
    return filmer_done(step, arena, "film", "", message);
}

/* ffmpeg's words, in arena. */
static int32_t filmer_film(const struct gen_provider_task *task, struct gen_arena *arena,
                           struct gen_provider_step *step, const char **message)
{
    struct gen_provider_run *run = host->alloc(arena, sizeof(*run));
    const char **line = host->alloc(arena, 40 * sizeof(*line));
    int64_t frame = host->json_integer(host->json_get(task->parameters, "frame"), -1);
    double seconds =
        (double)host->json_integer(host->json_get(task->parameters, "durationMs"), 0) / 1000;
    const char *says = host->json_text(host->json_get(task->parameters, "says"), "");
    const struct gen_provider_asset *picture =
        frame < 0 ? NULL
                  : (const void *)((const char *)task->assets + (size_t)frame * task->asset_size);
    size_t n = 0;

    if (run == NULL || line == NULL) {
        *message = "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    line[n++] = "-nostdin";
    line[n++] = "-y";
    line[n++] = "-f";
    line[n++] = "lavfi";
    line[n++] = "-i";
    line[n++] = host->print(arena, "testsrc2=s=%dx%d:r=24:d=%.3f,lutyuv=y=val*0.4+16+%d:u=(val-128)*0.3+128:"
                            "v=(val-128)*0.3+128", task->width,
                            task->height, seconds, (int)(task->seed % 16));
    line[n++] = "-f";
    line[n++] = "lavfi";
    line[n++] = "-i";
    line[n++] = host->print(arena, "sine=%d:r=48000:d=%.3f",
                            strcmp(task->model, "speaker") == 0 && says[0] != '\0' ? 1500 : 200,
                            seconds);
    if (picture != NULL) {
        line[n++] = "-i";
        line[n++] = picture->file;
        line[n++] = "-filter_complex";
        line[n++] = "[0:v][2:v]overlay=enable='eq(n,0)'[v]";
        line[n++] = "-map";
        line[n++] = "[v]";
        line[n++] = "-map";
        line[n++] = "1:a";
    }
    line[n++] = "-pix_fmt";
    line[n++] = "yuv420p";
    line[n++] = "-preset";
    line[n++] = "ultrafast";
    line[n++] = "-crf";
    line[n++] = "8";
    line[n++] = "-shortest";
    line[n++] = "film.mp4";
    run->size = sizeof(*run);
    run->program = "ffmpeg";
    run->arguments = line;
    run->progress_key = "";
    step->kind = GEN_STEP_RUN;
    step->run = run;
    return GEN_VERDICT_OK;
}

static int32_t filmer_poll(const void *self, const struct gen_provider_task *task,
                           const struct gen_provider_answer *answer, struct gen_arena *arena,
                           struct gen_provider_step *step, const char **message)
{
    static const struct gen_provider_fail failed = {.size = sizeof(failed),
                                                    .kind = GEN_FAIL_INVALID,
                                                    .billed = GEN_BILLED_NO,
                                                    .code = "",
                                                    .message = "it cannot be filmed",
                                                    .field = ""};

    (void)self;
    (void)answer;
    if (strcmp(task->model, "bad") == 0) {
        step->kind = GEN_STEP_FAIL;
        step->fail = &failed;
        return GEN_VERDICT_OK;
    }
    return filmer_done(step, arena, "", "", message);
}

/* Filmed when it is fetched, and again after a crash: what is paid for is never lost. */
static int32_t filmer_fetch(const void *self, const struct gen_provider_task *task,
                            const struct gen_provider_answer *answer, struct gen_arena *arena,
                            struct gen_provider_step *step, const char **message)
{
    (void)self;
    if (answer == NULL) {
        return filmer_film(task, arena, step, message);
    }
    return filmer_done(step, arena, "", "film.mp4", message);
}

static const struct gen_provider_program programs[] = {
    {.name = "ffmpeg", .required = 1, .hint = "apt-get install ffmpeg"}, {.name = NULL}};

static const struct gen_provider filmer = {
    .size = sizeof(filmer),
    .minor = GEN_PROVIDER_ABI_MINOR,
    .id = "filmer",
    .name = "Filmer",
    .version = "1.0.0",
    .homepage = "",
    .programs = programs,
    .capabilities = filmer_capabilities,
    .format = filmer_format,
    .cost = filmer_cost,
    .submit = filmer_submit,
    .poll = filmer_poll,
    .fetch = filmer_fetch,
};

GEN_PROVIDER_EXPORT gen_provider_entry GEN_PROVIDER_ENTRY;

const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given)
{
    host = given;
    return &filmer;
}
