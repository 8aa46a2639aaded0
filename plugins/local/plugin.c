/* plugin.c - the local renderer as a provider: what it offers, how a task is formatted, its price.
 *
 * Id `local`, model `studio`: draws the whole storyboard on this machine with ffmpeg, gen-typeset
 * and (where installed) espeak-ng. Free of charge, tier 1. NOT here: how it is drawn (steps.c).
 *
 * Invariant: no I/O, no clock, no state but the pointer to the host's constant services.
 * Thread: any. Stands on gen/provider.h alone. Tests: tests/contract/local/render_test.sh
 */
#include "plan.h"
#include "steps.h"

#include <string.h>

static const struct gen_provider_size sizes[] = {
    {1920, 1080}, {1080, 1920}, {1080, 1080}, {1280, 720}, {720, 1280}, {1080, 1350}, {3840, 2160},
};

static const struct gen_provider_model models[] = {
    {
        .size = sizeof(struct gen_provider_model),
        .needs = GEN_NEED_TEXT_OVERLAY | GEN_NEED_IMAGE_ANIMATION | GEN_NEED_VOICE | GEN_NEED_MUSIC,
        .flags = GEN_MODEL_WHOLE_STORYBOARD | GEN_MODEL_SUBMIT_IDEMPOTENT |
                 GEN_MODEL_REPORTS_PROGRESS | GEN_MODEL_ANY_RATIO | GEN_MODEL_AUDIO |
                 GEN_MODEL_COMPOSES,
        .tier = 1,
        .id = "studio",
        .name = "Local Studio",
        .min_duration_ms = 200,
        .max_duration_ms = LOCAL_MAX_DURATION_MS,
        .sizes = sizes,
        .size_count = sizeof(sizes) / sizeof(sizes[0]),
        .max_width = LOCAL_MAX_WIDTH,
        .max_height = LOCAL_MAX_HEIGHT,
        .max_frame_rate = LOCAL_MAX_RATE_MILLI / 1000,
        .max_scenes = LOCAL_MAX_SCENES,
        .max_assets = LOCAL_MAX_SCENES * 8 + 4,
        .asset_types = "image/png image/jpeg image/webp image/gif video/mp4 video/quicktime "
                       "video/webm video/x-matroska audio/mpeg audio/wav audio/x-wav audio/mp4 "
                       "audio/aac audio/ogg audio/flac font/ttf font/otf",
        .max_concurrent = 2,
        .quality = 5.5,
        .seconds_per_second = 2.0,
    },
};

/* The host's services: written once, by the entry, before any verb is called; the contract hands
 * them to nobody else. */
static const struct gen_host *services;

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    (void)self;
    (void)arena;
    (void)message;
    out->size = sizeof(*out);
    out->model_size = sizeof(struct gen_provider_model);
    out->models = models;
    out->model_count = sizeof(models) / sizeof(models[0]);
    out->hosts = NULL;
    return GEN_VERDICT_OK;
}

struct notes {
    const struct local *local;
    struct gen_provider_adjustment *list;
    size_t count, room;
};

static void note(struct notes *notes, const char *field, const char *from, const char *to,
                 const char *reason)
{
    if (notes->count < notes->room && from != NULL && to != NULL) {
        notes->list[notes->count++] =
            (struct gen_provider_adjustment){.size = sizeof(struct gen_provider_adjustment),
                                             .field = field,
                                             .from = from,
                                             .to = to,
                                             .reason = reason};
    }
}

/* Visuals of a scene beyond the one that is shown. */
static int spare_visuals(const struct local *local, const struct plan_scene *slot)
{
    int count = 0;
    size_t i;

    for (i = 0; slot->scene != NULL && i < slot->scene->asset_count; i++) {
        int32_t index = slot->scene->assets[i];

        if (index >= 0 && (size_t)index < local->task->asset_count) {
            int role = plan_asset_at(local->task, (size_t)index)->role;

            count += role == GEN_ROLE_PICTURE || role == GEN_ROLE_VIDEO;
        }
    }
    return count > 1;
}

static void note_frame(struct notes *notes, const struct plan *plan)
{
    const struct local *local = notes->local;
    const struct gen_provider_task *task = local->task;
    int64_t rate = (int64_t)plan->rate_num * 1000 / plan->rate_den;

    if (plan->width != task->width || plan->height != task->height) {
        note(notes, "resolution",
             local->host->print(local->arena, "%dx%d", task->width, task->height),
             local->host->print(local->arena, "%dx%d", plan->width, plan->height),
             "Sizes are even and at most 3840 a side.");
    }
    if (rate != task->frame_rate_milli) {
        note(notes, "frameRate", local->host->print(local->arena, "%d", task->frame_rate_milli),
             local->host->print(local->arena, "%lld", (long long)rate),
             "Frame rates go from 1 to 60.");
    }
}

static void note_sound(struct notes *notes, const struct plan *plan)
{
    const struct local *local = notes->local;
    const char *mood = local->task->sound->mood, *voice = local->task->sound->voice;

    if (plan->bed[0] != '\0' && strcmp(plan->bed, mood) != 0) {
        note(notes, "sound.mood", mood, plan->bed, "The nearest mood that can be made here.");
    }
    if (plan->voice[0] != '\0' && voice[0] != '\0' && strcmp(voice, "male") != 0 &&
        strcmp(voice, "female") != 0) {
        note(notes, "sound.voice", voice, "female", "Local voices are female and male.");
    }
}

static void note_scene(struct notes *notes, const struct plan *plan, size_t i)
{
    const struct plan_scene *slot = &plan->scenes[i];
    const struct local *local = notes->local;
    const char *field;

    if (slot->scene == NULL) {
        return;
    }
    if (slot->scene->dialogue[0] != '\0' && !slot->speaks) {
        field = local->host->print(local->arena, "scenes[%zu].dialogue", i);
        note(notes, field != NULL ? field : "dialogue", "spoken", "dropped",
             local->host->has_program(local->host, "espeak-ng")
                 ? "espeak-ng has no voice for this language."
                 : "espeak-ng is not installed.");
    }
    if (slot->scene->presenter) {
        field = local->host->print(local->arena, "scenes[%zu].presenter", i);
        note(notes, field != NULL ? field : "presenter", "a person on screen", "a voice only",
             "This renderer cannot show a presenter.");
    }
    if (spare_visuals(local, slot)) {
        field = local->host->print(local->arena, "scenes[%zu].assets", i);
        note(notes, field != NULL ? field : "assets", "several", "the first",
             "A scene shows one picture or clip.");
    }
}

static void put(const struct local *local, struct gen_node *map, const char *key,
                struct gen_node *value)
{
    local->host->json_set(local->arena, map, key, value);
}

static struct gen_node *scene_parameters(const struct local *local, const struct plan *plan,
                                         size_t i)
{
    const struct gen_host *host = local->host;
    const struct plan_scene *slot = &plan->scenes[i];
    struct gen_node *map = host->json_map(local->arena);

    put(local, map, "id",
        host->json_new_text(local->arena, slot->scene != NULL ? slot->scene->id : "endCard"));
    put(local, map, "frames", host->json_new_integer(local->arena, slot->frames));
    put(local, map, "transition",
        host->json_new_text(local->arena, plan_transition_name(slot->transition)));
    put(local, map, "transitionFrames", host->json_new_integer(local->arena, slot->enter));
    put(local, map, "motion", host->json_new_text(local->arena, plan_motion_name(slot->motion)));
    return map;
}

static struct gen_node *parameters(const struct local *local, const struct plan *plan)
{
    const struct gen_host *host = local->host;
    struct gen_node *map = host->json_map(local->arena), *list = host->json_list(local->arena);
    const char *bed = plan->music != NULL ? "supplied" : plan->bed[0] != '\0' ? plan->bed : "none";
    size_t i;

    put(local, map, "width", host->json_new_integer(local->arena, plan->width));
    put(local, map, "height", host->json_new_integer(local->arena, plan->height));
    put(local, map, "frameRate",
        host->json_new_text(local->arena,
                            host->print(local->arena, "%d/%d", plan->rate_num, plan->rate_den)));
    put(local, map, "frames", host->json_new_integer(local->arena, plan->frames));
    put(local, map, "bed", host->json_new_text(local->arena, bed));
    put(local, map, "voice",
        host->json_new_text(local->arena, plan->voice[0] != '\0' ? plan->voice : "none"));
    for (i = 0; i < plan->scene_count; i++) {
        host->json_push(list, scene_parameters(local, plan, i));
    }
    put(local, map, "scenes", list);
    return map;
}

static int32_t format(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message)
{
    const struct local local = {services, arena, task};
    struct notes notes = {.local = &local};
    struct plan plan;
    size_t i;

    (void)self;
    *message = plan_make(&local, &plan);
    if (*message != NULL) {
        return GEN_VERDICT_REFUSED;
    }
    notes.room = plan.scene_count * 3 + 4;
    notes.list = local.host->alloc(arena, notes.room * sizeof(*notes.list));
    out->parameters = parameters(&local, &plan);
    if (notes.list == NULL || out->parameters == NULL) {
        *message = "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    note_frame(&notes, &plan);
    note_sound(&notes, &plan);
    for (i = 0; i < plan.scene_count; i++) {
        note_scene(&notes, &plan, i);
    }
    out->size = sizeof(*out);
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    out->recipe_size = sizeof(struct gen_provider_recipe);
    out->width = plan.width;
    out->height = plan.height;
    out->frame_rate_milli = (int32_t)((int64_t)plan.rate_num * 1000 / plan.rate_den);
    out->duration_ms = plan.duration_ms;
    out->adjustments = notes.list;
    out->adjustment_count = notes.count;
    return GEN_VERDICT_OK;
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    (void)self;
    (void)task;
    (void)prices;
    (void)arena;
    (void)message;
    out->size = sizeof(*out);
    out->known = 1;
    out->exact = 1;
    out->price_micros = 0;
    out->most_micros = 0;
    out->basis = "drawn on this machine, free of charge";
    return GEN_VERDICT_OK;
}

static const struct gen_provider_done submitted = {
    .size = sizeof(struct gen_provider_done), .handle = "local", .file = "", .cost_micros = 0};
static const struct gen_provider_done finished = {
    .size = sizeof(struct gen_provider_done), .handle = "", .file = "video.mp4", .cost_micros = 0};

/* Nothing is started by asking: the work is done in the steps of poll. */
static int32_t submit(const void *self, const struct gen_provider_task *task,
                      const struct gen_provider_answer *answer, struct gen_arena *arena,
                      struct gen_provider_step *step, const char **message)
{
    (void)self;
    (void)task;
    (void)answer;
    (void)arena;
    (void)message;
    step->kind = GEN_STEP_DONE;
    step->done = &submitted;
    return GEN_VERDICT_OK;
}

static int32_t poll(const void *self, const struct gen_provider_task *task,
                    const struct gen_provider_answer *answer, struct gen_arena *arena,
                    struct gen_provider_step *step, const char **message)
{
    const struct local local = {services, arena, task};

    (void)self;

    return steps_next(&local, answer, step, message);
}

static int32_t fetch(const void *self, const struct gen_provider_task *task,
                     const struct gen_provider_answer *answer, struct gen_arena *arena,
                     struct gen_provider_step *step, const char **message)
{
    (void)self;
    (void)task;
    (void)answer;
    (void)arena;
    (void)message;
    step->kind = GEN_STEP_DONE;
    step->done = &finished;
    return GEN_VERDICT_OK;
}

static const struct gen_provider_program programs[] = {
    {.name = "ffmpeg", .required = 1, .hint = "apt-get install ffmpeg"},
    {.name = "gen-typeset", .required = 1, .hint = "it is installed with this provider"},
    {.name = "espeak-ng", .required = 0, .hint = "apt-get install espeak-ng (for spoken lines)"},
    {.name = NULL},
};

static const struct gen_provider provider = {
    .size = sizeof(struct gen_provider),
    .minor = 0,
    .needs_minor = 0,
    .id = "local",
    .name = "Local renderer",
    .version = "0.1.0",
    .homepage = "",
    .programs = programs,
    .capabilities = capabilities,
    .format = format,
    .cost = cost,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
};

extern gen_provider_entry GEN_PROVIDER_ENTRY;

GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *host)
{
    if (!GEN_HAS(host, json_write)) {
        return NULL;
    }
    services = host;
    return &provider;
}
