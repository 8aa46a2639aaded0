/* reel.c - the rest of graph.h: pictures made readable before, clips joined after. */
#include "graph.h"

#include <string.h>

const char *graph_picture_name(const struct local *local, size_t scene)
{
    return local->host->print(local->arena, "picture%zu.png", scene);
}

const char *graph_clip_name(const struct local *local, size_t scene)
{
    return local->host->print(local->arena, "clip%zu.mp4", scene);
}

static int is_picture(const struct plan_scene *slot)
{
    return slot->visual != NULL && slot->visual->role != GEN_ROLE_VIDEO;
}

int graph_has_pictures(const struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->scene_count; i++) {
        if (is_picture(&plan->scenes[i])) {
            return 1;
        }
    }
    return plan->logo != NULL;
}

/* Any picture format becomes a PNG that is no larger than it can be seen: scaled down until it
 * just covers a frame a tenth larger than ours. */
static void map_picture(const struct local *local, struct words *words, const struct plan *plan,
                        int input, const char *name)
{
    int w = plan->width * 11 / 10, h = plan->height * 11 / 10;

    words_add(words, "-map");
    words_print(words, "%d:v:0", input);
    words_split(words, "-frames:v 1 -update 1 -pred mixed -compression_level 1 -vf");
    words_add(words, local->host->print(
                         local->arena,
                         "scale=w='max(1,trunc(iw*min(1,max(%d/iw,%d/ih))))'"
                         ":h='max(1,trunc(ih*min(1,max(%d/iw,%d/ih))))':flags=lanczos,format=rgba",
                         w, h, w, h));
    words_print(words, "file:%s", name);
}

const char *const *graph_pictures(const struct local *local, const struct plan *plan)
{
    struct words words;
    int input = 0;
    size_t i;

    words_init(&words, local->host, local->arena);
    graph_begin(&words, "error");
    for (i = 0; i < plan->scene_count; i++) {
        if (is_picture(&plan->scenes[i])) {
            words_add(&words, "-i");
            words_print(&words, "file:%s", plan->scenes[i].visual->file);
        }
    }
    if (plan->logo != NULL) {
        words_add(&words, "-i");
        words_print(&words, "file:%s", plan->logo->file);
    }
    for (i = 0; i < plan->scene_count; i++) {
        if (is_picture(&plan->scenes[i])) {
            map_picture(local, &words, plan, input++, graph_picture_name(local, i));
        }
    }
    if (plan->logo != NULL) {
        map_picture(local, &words, plan, input, "mark.png");
    }
    return words.broken ? NULL : words.list;
}

const char *const *graph_join(const struct local *local, const struct plan *plan, double gain_db)
{
    int64_t samples = (int64_t)plan->frames * plan->rate_den * 48000 / plan->rate_num;
    struct words words;

    words_init(&words, local->host, local->arena);
    graph_begin(&words, "error");
    words_split(&words, "-f concat -safe 1 -i file:clips.txt -i file:mix.wav -map 0:v -map 1:a "
                        "-c:v copy -bsf:v");
    words_print(&words, "setts=ts=N*%d:duration=%d", plan->rate_den, plan->rate_den);
    /* The encoder puts 1024 samples of its own first. Without an edit list nobody would take them
     * off again, so the sound gives up its first 1024, which are silent, in their place. */
    words_add(&words, "-af");
    words_print(&words,
                "volume=%.2fdB,alimiter=limit=0.84:attack=4:release=60:level=0,"
                "apad=whole_len=%lld,atrim=start_sample=1024:end_sample=%lld,asetpts=PTS-STARTPTS",
                gain_db, (long long)samples + 4096, (long long)samples + 1024);
    words_split(&words, "-c:a aac -profile:a aac_low -b:a 192k -ar 48000 -ac 2 -bsf:a "
                        "setts=ts=N*1024 -frames:a");
    words_print(&words, "%lld", (long long)(samples / 1024));
    words_split(&words, "-map_metadata -1 -video_track_timescale");
    words_print(&words, "%d", plan->rate_num);
    words_split(&words, "-movflags +faststart -use_editlist 0 -brand mp42 file:video.mp4");
    return words.broken ? NULL : words.list;
}
