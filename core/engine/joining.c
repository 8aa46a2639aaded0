/* joining.c - see joining.h. */
#include "engine/joining.h"

#include "base/bytes.h"
#include "platform/files.h"

enum { JOINING_FIXED_ARGUMENTS = 64, JOINING_FILTER_MAXIMUM = 1 << 20 };

struct joining_line {
    const char **items;
    size_t count;
};

static void joining_push(struct joining_line *line, const char *item)
{
    line->items[line->count++] = item;
}

const char *gen_joining_program(struct gen_arena *arena)
{
    return gen_files_find_program(NULL, 1, "ffmpeg", arena);
}

/* Each clip to the same size, rate and length; silence where it has no sound. */
static void joining_clip(const struct gen_joining *joining, size_t index, struct gen_bytes *filter)
{
    const struct gen_joining_clip *clip = &joining->clips[index];
    double seconds = (double)clip->duration_ms / 1000.0;

    gen_bytes_printf(filter,
                     "[%zu:v:0]scale=%d:%d:force_original_aspect_ratio=decrease:flags=lanczos,"
                     "pad=%d:%d:(ow-iw)/2:(oh-ih)/2,setsar=1,fps=%d/1000,format=yuv420p,"
                     "tpad=stop_mode=clone:stop_duration=%.3f,trim=duration=%.3f,"
                     "setpts=PTS-STARTPTS[v%zu];",
                     index, joining->width, joining->height, joining->width, joining->height,
                     joining->frame_rate_milli, seconds, seconds, index);
    if (clip->has_audio) {
        gen_bytes_printf(filter, "[%zu:a:0]aresample=48000,", index);
    } else {
        gen_bytes_text(filter, "anullsrc=r=48000:cl=stereo,");
    }
    gen_bytes_printf(filter,
                     "aformat=sample_fmts=fltp:channel_layouts=stereo,apad,atrim=duration=%.3f,"
                     "asetpts=PTS-STARTPTS[a%zu];",
                     seconds, index);
}

static void joining_filter(const struct gen_joining *joining, struct gen_bytes *filter)
{
    double total = 0;

    for (size_t i = 0; i < joining->clip_count; i++) {
        joining_clip(joining, i, filter);
        total += (double)joining->clips[i].duration_ms / 1000.0;
    }
    for (size_t i = 0; i < joining->clip_count; i++) {
        gen_bytes_printf(filter, "[v%zu][a%zu]", i, i);
    }
    gen_bytes_printf(filter, "concat=n=%zu:v=1:a=1[v][speech]", joining->clip_count);
    if (joining->music != NULL) {
        gen_bytes_printf(filter,
                         ";[%zu:a:0]aresample=48000,aformat=channel_layouts=stereo,volume=0.35,"
                         "atrim=duration=%.3f,afade=t=in:d=0.5,afade=t=out:st=%.3f:d=1.5[bed];"
                         "[speech][bed]amix=inputs=2:duration=first:normalize=0,"
                         "alimiter=limit=0.95:level=false[a]",
                         joining->clip_count, total, total > 1.5 ? total - 1.5 : 0.0);
    } else {
        gen_bytes_text(filter, ";[speech]anull[a]");
    }
}

static void joining_inputs(const struct gen_joining *joining, struct joining_line *line)
{
    joining_push(line, "-nostdin");
    joining_push(line, "-hide_banner");
    joining_push(line, "-loglevel");
    joining_push(line, "error");
    joining_push(line, "-y");
    for (size_t i = 0; i < joining->clip_count; i++) {
        joining_push(line, "-i");
        joining_push(line, joining->clips[i].file);
    }
    if (joining->music != NULL) {
        joining_push(line, "-stream_loop");
        joining_push(line, "-1");
        joining_push(line, "-i");
        joining_push(line, joining->music);
    }
}

const char *const *gen_joining_arguments(const struct gen_joining *joining, struct gen_arena *arena)
{
    static const char *const encoding[] = {
        "-map",      "[v]",        "-map",         "[a]",   "-c:v",       "libx264",
        "-preset",   "medium",     "-crf",         "18",    "-profile:v", "high",
        "-pix_fmt",  "yuv420p",    "-color_range", "tv",    "-c:a",       "aac",
        "-b:a",      "192k",       "-ar",          "48000", "-ac",        "2",
        "-movflags", "+faststart", "-f",           "mp4",   NULL};
    struct joining_line line = {gen_arena_array(arena,
                                                JOINING_FIXED_ARGUMENTS + 2 * joining->clip_count,
                                                sizeof(*line.items)),
                                0};
    struct gen_bytes filter;

    if (line.items == NULL) {
        return NULL;
    }
    gen_bytes_init(&filter, JOINING_FILTER_MAXIMUM);
    joining_filter(joining, &filter);
    joining_inputs(joining, &line);
    joining_push(&line, "-filter_complex");
    joining_push(&line,
                 gen_arena_strndup(arena, filter.data == NULL ? "" : filter.data, filter.size));
    for (size_t i = 0; encoding[i] != NULL; i++) {
        joining_push(&line, encoding[i]);
    }
    joining_push(&line, "-r");
    joining_push(&line, gen_arena_printf(arena, "%d/1000", joining->frame_rate_milli));
    joining_push(&line, joining->out);
    joining_push(&line, NULL);
    if (gen_bytes_status(&filter) != GEN_OK || gen_arena_failed(arena)) {
        line.items = NULL;
    }
    gen_bytes_fini(&filter);
    return line.items;
}
