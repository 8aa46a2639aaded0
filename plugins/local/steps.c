/* steps.c - see steps.h.
 *
 * The state is a small JSON map: which step is being performed, for which scene, and what earlier
 * ones measured. Without an answer (at first, and after a crash, when the scratch directory may be
 * empty) the sequence starts from its first step: nothing it does costs anything.
 *
 * One row a step: may it be skipped, what runs, what is taken from its answer.
 */
#include "steps.h"

#include "fault.h"
#include "graph.h"
#include "order.h"
#include "sound.h"

#include <stdio.h>
#include <string.h>

struct cursor {
    size_t step, scene;
    double gain_db;
    int64_t voice_ms[LOCAL_MAX_SCENES + 1];
    int footage_cb[LOCAL_MAX_SCENES + 1];
    const char *printed; /* what the last program printed, for the step that follows it */
};

struct work {
    const struct local *local;
    struct plan plan;
    struct cursor at;
    struct gen_provider_run *run;
    struct gen_provider_file *files; /* one */
};

typedef int step_wanted(const struct work *work);
typedef const char *step_build(struct work *work); /* NULL, or what is wrong */
typedef void step_take(struct work *work, const struct gen_provider_answer *answer);

struct step_row {
    const char *name;
    const char *program;
    int per_scene;
    int from_ppm, to_ppm; /* the share of the whole, for the bar */
    const char *note;
    step_wanted *wanted;
    step_build *build;
    step_take *take; /* may be NULL */
};

static const char *with_arguments(struct work *work, const char *const *arguments)
{
    work->run->arguments = arguments;
    return arguments == NULL ? "out of memory" : NULL;
}

static const char *with_file(struct work *work, const char *name, const char *text, size_t size)
{
    if (text == NULL) {
        return "out of memory";
    }
    work->files[0].name = name;
    work->files[0].data = text;
    work->files[0].size = size;
    work->run->files = work->files;
    work->run->file_count = 1;
    return NULL;
}

static void expect_frames(struct work *work, int frames)
{
    work->run->progress_key = "out_time_us";
    work->run->progress_total = (int64_t)frames * 1000000 * work->plan.rate_den /
                                work->plan.rate_num;
}

static int wants_pictures(const struct work *work)
{
    return graph_has_pictures(&work->plan);
}

static const char *build_pictures(struct work *work)
{
    return with_arguments(work, graph_pictures(work->local, &work->plan));
}

static int wants_speaking(const struct work *work)
{
    const struct plan_scene *slot = &work->plan.scenes[work->at.scene];

    return slot->speaks && slot->voice == NULL;
}

static const char *build_speaking(struct work *work)
{
    const char *text = work->plan.scenes[work->at.scene].scene->dialogue;
    const char *problem = with_file(work, "say.txt", text, strlen(text));

    return problem != NULL ? problem : with_arguments(work, sound_speak(work->local, &work->plan));
}

static int wants_cleaning(const struct work *work)
{
    return work->plan.scenes[work->at.scene].speaks;
}

static const char *build_cleaning(struct work *work)
{
    return with_arguments(work, sound_clean(work->local, &work->plan, work->at.scene));
}

static void take_length(struct work *work, const struct gen_provider_answer *answer)
{
    work->at.voice_ms[work->at.scene] = sound_length(answer->output);
}

static int wants_listening(const struct work *work)
{
    return plan_shows_footage(&work->plan.scenes[work->at.scene]);
}

static const char *build_listening(struct work *work)
{
    return with_arguments(work, sound_listen(work->local, &work->plan, work->at.scene));
}

static void take_level(struct work *work, const struct gen_provider_answer *answer)
{
    work->at.footage_cb[work->at.scene] = sound_footage_gain(work->local, answer->errors);
}

static int wants_bed(const struct work *work)
{
    return work->plan.bed[0] != '\0';
}

static const char *build_bed(struct work *work)
{
    static const char *const arguments[] = {"bed", "bed.json", NULL};
    size_t size = 0;
    const char *text = order_bed(work->local, &work->plan, &size);

    work->run->arguments = arguments;
    return with_file(work, "bed.json", text, size);
}

static int always(const struct work *work)
{
    (void)work;
    return 1;
}

static const char *build_mix(struct work *work)
{
    const struct sound_levels levels = {work->at.voice_ms, work->at.footage_cb};

    return with_arguments(work, sound_mix(work->local, &work->plan, &levels));
}

static void take_gain(struct work *work, const struct gen_provider_answer *answer)
{
    work->at.gain_db = sound_any(&work->plan) ? sound_gain(work->local, answer->errors) : 0;
}

static const char *build_setting(struct work *work)
{
    static const char *const arguments[] = {"scene", "scene.json", NULL};
    size_t size = 0;
    const char *text = order_scene(work->local, &work->plan, work->at.scene, &size);

    work->run->arguments = arguments;
    return with_file(work, "scene.json", text, size);
}

static void take_parts(struct work *work, const struct gen_provider_answer *answer)
{
    work->at.printed = answer->output;
}

static const char *build_clip(struct work *work)
{
    struct graph_scene scene = {
        .plan = &work->plan, .slot = &work->plan.scenes[work->at.scene], .index = work->at.scene};
    const char *problem = work->at.printed == NULL
                              ? "the list of parts is missing"
                              : graph_read_parts(work->local, work->at.printed, &scene);

    if (problem != NULL) {
        return problem;
    }
    /* What slides or is wiped away takes its words along; a fade would show two texts at once. */
    if (scene.slot->tail > 0 && scene.slot[1].transition == GEN_TRANSITION_FADE) {
        scene.leave = scene.slot->tail * 2 / 5 > 0 ? scene.slot->tail * 2 / 5 : 1;
    }
    expect_frames(work, scene.slot->frames);
    /* Twenty times what a slow machine needs: only a program that hangs is ended. */
    work->run->timeout_ms = 120000 + (int64_t)scene.slot->frames * work->plan.width *
                                         work->plan.height / 2000;
    return with_arguments(work, graph_clip(work->local, &scene));
}

static const char *build_join(struct work *work)
{
    struct lines list;
    size_t i;
    const char *problem;

    lines_init(&list, work->local->host, work->local->arena);
    for (i = 0; i < work->plan.scene_count; i++) {
        lines_add(&list, "file 'clip%zu.mp4'\n", i);
    }
    expect_frames(work, work->plan.frames);
    problem = with_file(work, "clips.txt", list.broken ? NULL : list.text, list.used);
    return problem != NULL
               ? problem
               : with_arguments(work, graph_join(work->local, &work->plan, work->at.gain_db));
}

/* "speak", "clean" and "listen", "set" and "clip" take turns, scene by scene. */
static const struct step_row rows[] = {
    {"pictures", "ffmpeg", 0, 0, 20000, "preparing pictures", wants_pictures, build_pictures, NULL},
    {"speak", "espeak-ng", 1, 20000, 50000, "speaking", wants_speaking, build_speaking, NULL},
    {"clean", "ffmpeg", 1, 20000, 50000, "speaking", wants_cleaning, build_cleaning, take_length},
    {"listen", "ffmpeg", 1, 20000, 50000, "listening to the footage", wants_listening,
     build_listening, take_level},
    {"bed", "gen-typeset", 0, 50000, 70000, "making the music", wants_bed, build_bed, NULL},
    {"mix", "ffmpeg", 0, 70000, 90000, "mixing the sound", always, build_mix, take_gain},
    {"set", "gen-typeset", 1, 90000, 970000, "setting the text", always, build_setting, take_parts},
    {"clip", "ffmpeg", 1, 90000, 970000, "drawing", always, build_clip, NULL},
    {"join", "ffmpeg", 0, 970000, 1000000, "joining", always, build_join, NULL},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL},
};

/* Do both rows belong to what is done for one scene after the other? */
static int same_turn(const struct step_row *a, const struct step_row *b)
{
    return a->per_scene && b->per_scene && a->from_ppm == b->from_ppm;
}

/* To the row after this one; the last of a turn goes back to its first for the next scene. */
static void advance(struct work *work)
{
    struct cursor *at = &work->at;

    if (!rows[at->step].per_scene || same_turn(&rows[at->step], &rows[at->step + 1])) {
        at->step++;
    } else if (at->scene + 1 < work->plan.scene_count) {
        at->scene++;
        while (at->step > 0 && same_turn(&rows[at->step - 1], &rows[at->step])) {
            at->step--;
        }
    } else {
        at->scene = 0;
        at->step++;
    }
}

static void read_state(struct work *work, const char *text)
{
    const struct gen_host *host = work->local->host;
    const struct gen_node *root = host->json_parse(work->local->arena, text, strlen(text));
    const struct gen_node *voices = host->json_get(root, "voices");
    const struct gen_node *footage = host->json_get(root, "footage");
    const char *name = host->json_text(host->json_get(root, "step"), "");
    size_t i;

    while (rows[work->at.step].name != NULL && strcmp(rows[work->at.step].name, name) != 0) {
        work->at.step++;
    }
    work->at.scene = (size_t)host->json_integer(host->json_get(root, "scene"), 0);
    work->at.gain_db = (double)host->json_integer(host->json_get(root, "gainCentibel"), 0) / 100;
    for (i = 0; i < work->plan.scene_count; i++) {
        work->at.voice_ms[i] = host->json_integer(host->json_at(voices, i), 0);
        work->at.footage_cb[i] = (int)host->json_integer(host->json_at(footage, i), 0);
    }
}

static const char *write_state(const struct work *work)
{
    struct lines text;
    size_t i, last = 0, heard = 0;

    lines_init(&text, work->local->host, work->local->arena);
    lines_add(&text, "{\"step\":\"%s\",\"scene\":%zu,\"gainCentibel\":%d,\"voices\":[",
              rows[work->at.step].name, work->at.scene, (int)(work->at.gain_db * 100));
    for (i = 0; i < work->plan.scene_count; i++) {
        last = work->at.voice_ms[i] > 0 ? i + 1 : last;
        heard = work->at.footage_cb[i] != 0 ? i + 1 : heard;
    }
    for (i = 0; i < last; i++) {
        lines_add(&text, "%s%lld", i > 0 ? "," : "", (long long)work->at.voice_ms[i]);
    }
    lines_add(&text, "],\"footage\":[");
    for (i = 0; i < heard; i++) {
        lines_add(&text, "%s%d", i > 0 ? "," : "", work->at.footage_cb[i]);
    }
    lines_add(&text, "]}");
    return text.broken ? NULL : text.text;
}

static int32_t fail_run(const struct work *work, const struct gen_provider_answer *answer,
                        struct gen_provider_step *step)
{
    const struct step_row *row = &rows[work->at.step];
    const struct local *local = work->local;

    if (answer->exit_code == 127) {
        return fault_step(local, step, GEN_FAIL_UNSUPPORTED, "missing",
                          local->host->print(local->arena, "%s is not installed", row->program));
    }
    if (answer->timed_out) {
        return fault_step(
            local, step, GEN_FAIL_PROVIDER, "timeout",
            local->host->print(local->arena, "%s took too long while %s", row->program, row->note));
    }
    if (answer->exit_code < 0) {
        return fault_step(local, step, GEN_FAIL_TRANSIENT, "signal",
                          local->host->print(local->arena, "%s was ended by signal %d while %s",
                                             row->program, (int)answer->signal, row->note));
    }
    return fault_step(local, step, GEN_FAIL_PROVIDER, row->name,
                      local->host->print(local->arena, "%s failed while %s: %s", row->program,
                                         row->note, fault_last_line(local, answer->errors)));
}

/* Where in the whole this run lies: steps of a scene share their row's span by frames. */
static void place_progress(const struct work *work, struct gen_provider_step *step)
{
    const struct step_row *row = &rows[work->at.step];
    int64_t span = row->to_ppm - row->from_ppm, before = 0, own = work->plan.frames;
    size_t i;

    if (row->per_scene) {
        for (i = 0; i < work->at.scene; i++) {
            before += work->plan.scenes[i].frames;
        }
        own = work->plan.scenes[work->at.scene].frames;
    }
    work->run->progress_from_ppm = (int32_t)(row->from_ppm + span * before / work->plan.frames);
    work->run->progress_to_ppm =
        (int32_t)(row->from_ppm + span * (before + own) / work->plan.frames);
    if (work->run->progress_total == 0) { /* does not report: it is where it starts */
        work->run->progress_to_ppm = work->run->progress_from_ppm;
    }
    step->progress_ppm = work->run->progress_from_ppm;
}

static int32_t perform(struct work *work, struct gen_provider_step *step, const char **message)
{
    const struct local *local = work->local;
    const struct step_row *row = &rows[work->at.step];
    const char *problem;

    work->run = local->host->alloc(local->arena, sizeof(*work->run));
    work->files = local->host->alloc(local->arena, sizeof(*work->files));
    if (work->run == NULL || work->files == NULL) {
        *message = "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    work->run->size = sizeof(*work->run);
    work->run->program = row->program;
    work->run->progress_key = "";
    problem = row->build(work);
    step->state = write_state(work);
    if (problem != NULL || step->state == NULL) {
        *message = problem != NULL ? problem : "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    place_progress(work, step);
    step->kind = GEN_STEP_RUN;
    step->run = work->run;
    step->note = row->per_scene
                     ? local->host->print(local->arena, "%s, scene %zu of %zu", row->note,
                                          work->at.scene + 1, work->plan.scene_count)
                     : row->note;
    return GEN_VERDICT_OK;
}

int32_t steps_next(const struct local *local, const struct gen_provider_answer *answer,
                   struct gen_provider_step *step, const char **message)
{
    struct work work = {.local = local};
    struct gen_provider_done *done;

    *message = plan_make(local, &work.plan);
    if (*message != NULL) {
        return GEN_VERDICT_REFUSED;
    }
    if (answer != NULL && answer->kind == GEN_ANSWER_RUN && local->task->state[0] != '\0') {
        read_state(&work, local->task->state);
        if (rows[work.at.step].name == NULL || work.at.scene >= work.plan.scene_count) {
            *message = "the state is not one of ours";
            return GEN_VERDICT_BROKEN;
        }
        if (answer->exit_code != 0 || answer->timed_out) {
            return fail_run(&work, answer, step);
        }
        if (rows[work.at.step].take != NULL) {
            rows[work.at.step].take(&work, answer);
        }
        advance(&work);
    }
    while (rows[work.at.step].name != NULL && !rows[work.at.step].wanted(&work)) {
        advance(&work);
    }
    if (rows[work.at.step].name != NULL) {
        return perform(&work, step, message);
    }
    done = local->host->alloc(local->arena, sizeof(*done));
    if (done == NULL) {
        *message = "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    done->size = sizeof(*done);
    done->handle = done->file = "";
    done->cost_micros = 0;
    step->kind = GEN_STEP_DONE;
    step->done = done;
    step->progress_ppm = 1000000;
    return GEN_VERDICT_OK;
}
