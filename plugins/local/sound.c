/* sound.c - see sound.h. */
#include "sound.h"

#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAD_MS = 320, GAP_MS = 160 }; /* before a voice in its scene, between two voices */

#define TARGET_LUFS (-14.0)
#define VOICE_LUFS (-17.0)
#define AMBIENT_CB (-1200) /* footage under a voice that is not its own */

int sound_any(const struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->scene_count; i++) {
        if (plan->scenes[i].speaks || plan_shows_footage(&plan->scenes[i])) {
            return 1;
        }
    }
    return plan->music != NULL || plan->bed[0] != '\0';
}

const char *const *sound_speak(const struct local *local, const struct plan *plan)
{
    const char *wish = local->task->sound->voice;
    struct words words;

    words_init(&words, local->host, local->arena);
    words_add(&words, "-v");
    words_print(&words, "%s+%s", plan->voice, strcmp(wish, "male") == 0 ? "m3" : "f3");
    words_split(&words, "-s 152 -p 46 -g 2 -a 120 -f say.txt -w say.wav");
    return words.broken ? NULL : words.list;
}

const char *const *sound_clean(const struct local *local, const struct plan *plan, size_t scene)
{
    const struct plan_scene *slot = &plan->scenes[scene];
    struct words words;

    words_init(&words, local->host, local->arena);
    graph_begin(&words, "error");
    words_split(&words, "-vn -i");
    words_print(&words, "file:%s", slot->voice != NULL ? slot->voice->file : "say.wav");
    words_add(&words, "-af");
    /* Silence off both ends; a made voice also gets body, presence and a hint of a room. */
    words_print(&words,
                "aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo,"
                "silenceremove=start_periods=1:start_threshold=-50dB,areverse,"
                "silenceremove=start_periods=1:start_threshold=-50dB,areverse,highpass=f=80%s,"
                "acompressor=threshold=0.09:ratio=3:attack=8:release=160:makeup=2,"
                "loudnorm=I=-17:TP=-2:LRA=7,aresample=48000",
                slot->voice != NULL ? ""
                                    : ",equalizer=f=220:t=q:w=1:g=2,equalizer=f=3000:t=q:w=1.2:g=3,"
                                      "lowpass=f=9500,aecho=0.9:0.35:23|41:0.16|0.1");
    words_split(&words, "-c:a pcm_s16le -ac 2 -t 300");
    words_print(&words, "file:voice%zu.wav", scene);
    return words.broken ? NULL : words.list;
}

/* The first stream of the file is what counts: the footage's own, or silence where it has none. */
const char *const *sound_listen(const struct local *local, const struct plan *plan, size_t scene)
{
    double seconds = (double)(plan_end_ms(plan, scene) - plan->scenes[scene].start_ms) / 1000;
    struct words words;

    words_init(&words, local->host, local->arena);
    graph_begin(&words, "info"); /* loudnorm prints what it measured at this level */
    words_split(&words, "-vn -sn -dn -i");
    words_print(&words, "file:%s", plan->scenes[scene].visual->file);
    words_split(&words, "-f lavfi -i anullsrc=r=48000:cl=stereo -map 0:a:0? -map 1:a:0 "
                        "-c:a pcm_s16le -ar 48000 -ac 2 -t");
    words_print(&words, "%.3f", seconds);
    words_print(&words, "file:footage%zu.mka", scene);
    words_split(&words, "-map 0:a:0? -map 1:a:0 -filter:a:0 loudnorm=print_format=json -t");
    words_print(&words, "%.3f", seconds);
    words_split(&words, "-f null -");
    return words.broken ? NULL : words.list;
}

/* How long the voice of a scene may last: until the next one begins, or the video ends. */
static int64_t voice_room(const struct plan *plan, size_t scene, const int64_t *voice_ms)
{
    size_t i;

    for (i = scene + 1; i < plan->scene_count; i++) {
        if (voice_ms[i] > 0) {
            return plan->scenes[i].start_ms - plan->scenes[scene].start_ms - GAP_MS;
        }
    }
    return plan->duration_ms - plan->scenes[scene].start_ms - LEAD_MS - GAP_MS;
}

/* One voice in its place: a little faster when it is too long, cut softly when that is no help. */
static void add_voice(struct lines *graph, const struct plan *plan, size_t scene,
                      const int64_t *voice_ms, int input, int voice)
{
    int64_t room = voice_room(plan, scene, voice_ms), at = plan->scenes[scene].start_ms + LEAD_MS;
    double tempo = 1;

    room = room < 400 ? 400 : room;
    if (voice_ms[scene] > room) {
        tempo = (double)voice_ms[scene] / (double)room;
        tempo = tempo > 1.35 ? 1.35 : tempo;
    }
    lines_add(graph,
              "[%d:a]aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,"
              "atempo=%.4f,atrim=end=%.3f,afade=t=out:st=%.3f:d=0.12,adelay=delays=%lld:all=1"
              "[v%d];",
              input, tempo, (double)room / 1000, (double)(room - 120) / 1000, (long long)at, voice);
}

static int add_voices(struct words *words, struct lines *graph, const struct plan *plan,
                      const int64_t *voice_ms, int *input)
{
    int voices = 0, i;
    size_t scene;

    for (scene = 0; scene < plan->scene_count; scene++) {
        if (voice_ms[scene] > 0) {
            words_add(words, "-i");
            words_print(words, "file:voice%zu.wav", scene);
            add_voice(graph, plan, scene, voice_ms, (*input)++, voices++);
        }
    }
    if (voices > 0) {
        for (i = 0; i < voices; i++) {
            lines_add(graph, "[v%d]", i);
        }
        lines_add(graph, "amix=inputs=%d:normalize=0:duration=longest,apad=whole_dur=%.3f[vox];",
                  voices, (double)plan->duration_ms / 1000 + 0.5);
    }
    return voices;
}

/* The sound of footage in its place, without a click where it begins and ends. */
static int add_footages(struct words *words, struct lines *graph, const struct plan *plan,
                        const struct sound_levels *levels, int *input)
{
    int footages = 0, i;
    size_t scene;

    for (scene = 0; scene < plan->scene_count; scene++) {
        const struct plan_scene *slot = &plan->scenes[scene];
        double seconds = (double)(plan_end_ms(plan, scene) - slot->start_ms) / 1000;

        if (!plan_shows_footage(slot)) {
            continue;
        }
        words_add(words, "-i");
        words_print(words, "file:footage%zu.mka", scene);
        lines_add(
            graph,
            "[%d:a:0]aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,"
            "volume=%.2fdB,atrim=end=%.3f,afade=t=in:d=0.02,afade=t=out:st=%.3f:d=0.06,"
            "adelay=delays=%lld:all=1[f%d];",
            (*input)++,
            (double)(levels->voice_ms[scene] > 0 ? AMBIENT_CB : levels->footage_cb[scene]) / 100,
            seconds, seconds > 0.06 ? seconds - 0.06 : 0.0, (long long)slot->start_ms, footages++);
    }
    if (footages > 0) {
        for (i = 0; i < footages; i++) {
            lines_add(graph, "[f%d]", i);
        }
        lines_add(graph, "amix=inputs=%d:normalize=0:duration=longest,apad=whole_dur=%.3f[foot];",
                  footages, (double)plan->duration_ms / 1000 + 0.5);
    }
    return footages;
}

static void add_bed(struct words *words, struct lines *graph, const struct plan *plan, int *input)
{
    double total = (double)plan->duration_ms / 1000, out = total < 6 ? total / 4 : 1.6;

    if (plan->music != NULL) {
        words_split(words, "-stream_loop -1 -vn -i");
        words_print(words, "file:%s", plan->music->file);
        lines_add(graph,
                  "[%d:a]aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo,"
                  "atrim=end=%.3f,afade=t=in:d=0.25,afade=t=out:st=%.3f:d=%.3f[bed];",
                  (*input)++, total, total - out, out);
        return;
    }
    words_split(words, "-i file:bed.wav");
    lines_add(graph, "[%d:a]aformat=sample_fmts=fltp:channel_layouts=stereo[bed];", (*input)++);
}

const char *const *sound_mix(const struct local *local, const struct plan *plan,
                             const struct sound_levels *levels)
{
    int bed = plan->music != NULL || plan->bed[0] != '\0', input = 0, voices, footages;
    const char *said;
    double total = (double)plan->duration_ms / 1000;
    struct words words;
    struct lines graph;

    words_init(&words, local->host, local->arena);
    lines_init(&graph, local->host, local->arena);
    graph_begin(&words, "info"); /* loudnorm prints what it measured at this level */
    if (bed) {
        add_bed(&words, &graph, plan, &input);
    }
    voices = add_voices(&words, &graph, plan, levels->voice_ms, &input);
    footages = add_footages(&words, &graph, plan, levels, &input);
    if (voices > 0 && footages > 0) {
        lines_add(&graph, "[vox][foot]amix=inputs=2:normalize=0:duration=longest[both];");
    }
    said = voices > 0 && footages > 0 ? "both" : footages > 0 ? "foot" : "vox";
    if (bed && voices + footages > 0) {
        lines_add(&graph,
                  "[%s]asplit=2[key][said];[bed]volume=-3dB[low];"
                  "[low][key]sidechaincompress=threshold=0.02:ratio=6:attack=70:release=420"
                  "[soft];[soft][said]amix=inputs=2:normalize=0:duration=longest",
                  said);
    } else if (bed || voices + footages > 0) {
        lines_add(&graph, "[%s]anull", bed ? "bed" : said);
    } else {
        lines_add(&graph, "anullsrc=r=48000:cl=stereo");
    }
    lines_add(&graph,
              ",apad=whole_dur=%.3f,atrim=end=%.3f,asplit=2[mix][test];"
              "[test]loudnorm=I=-14:TP=-1.5:LRA=11:print_format=json[null]",
              total, total);
    words_add(&words, "-filter_complex");
    words_add(&words, graph.broken ? NULL : graph.text);
    words_split(&words, "-map [mix] -c:a pcm_f32le -ar 48000 -ac 2 file:mix.wav "
                        "-map [null] -f null -");
    return words.broken ? NULL : words.list;
}

int64_t sound_length(const char *progress)
{
    const char *at = progress;
    int64_t last = 0;

    while ((at = strstr(at, "out_time_us=")) != NULL) {
        at += strlen("out_time_us=");
        if (*at >= '0' && *at <= '9') {
            last = strtoll(at, NULL, 10) / 1000;
        }
    }
    return last;
}

/* The loudness that loudnorm printed; false for silence, which measures -inf or -70. */
static int measured(const struct local *local, const char *printed, double *lufs)
{
    const char *at = strrchr(printed, '{');
    const struct gen_node *node =
        at == NULL ? NULL : local->host->json_parse(local->arena, at, strcspn(at, "}") + 1);

    *lufs = strtod(local->host->json_text(local->host->json_get(node, "input_i"), "-70"), NULL);
    return *lufs > -60 && *lufs < 20;
}

double sound_gain(const struct local *local, const char *printed)
{
    double lufs;

    return measured(local, printed, &lufs) ? TARGET_LUFS - lufs : 0;
}

int sound_footage_gain(const struct local *local, const char *printed)
{
    double lufs, gain;

    if (!measured(local, printed, &lufs) || lufs < -40) {
        return 0;
    }
    gain = VOICE_LUFS - lufs;
    return (int)(100 * (gain > 12 ? 12 : gain));
}
