/* joining.c - see joining.h. */
#include "engine/joining.h"

#include "base/bytes.h"
#include "platform/files.h"

enum { JOINING_FIXED_ARGUMENTS = 64, JOINING_FILTER_MAXIMUM = 1 << 20 };

#define JOINING_CROSS_MS 10 /* of two sounds that go over into each other */
#define JOINING_FADE_MS 6   /* of a sound that goes out, and of one that comes in */

struct joining_line {
    const char **items;
    size_t count;
};

struct joining_rate {
    int32_t num, den;
};

static void joining_push(struct joining_line *line, const char *item)
{
    line->items[line->count++] = item;
}

const char *gen_joining_program(struct gen_arena *arena)
{
    return gen_files_find_program(NULL, 1, "ffmpeg", arena);
}

/* 29970 means 30000/1001: such rates are always multiples of 1/1.001. */
static struct joining_rate joining_rate(int32_t milli)
{
    switch (milli) {
    case 23976:
        return (struct joining_rate){24000, 1001};
    case 29970:
        return (struct joining_rate){30000, 1001};
    case 59940:
        return (struct joining_rate){60000, 1001};
    default:
        return (struct joining_rate){milli, 1000};
    }
}

/* The frame that is shown at an instant. */
static int64_t joining_frame_at(struct joining_rate rate, int64_t ms)
{
    int64_t scale = (int64_t)rate.den * 1000;

    return (ms * rate.num + scale / 2) / scale;
}

int64_t gen_joining_frames(int32_t frame_rate_milli, int64_t from_ms, int64_t to_ms)
{
    struct joining_rate rate = joining_rate(frame_rate_milli);
    int64_t frames = joining_frame_at(rate, to_ms) - joining_frame_at(rate, from_ms);

    return frames < 1 ? 1 : frames;
}

/* Milliseconds that one picture of a clip is shown. */
static double joining_picture_ms(const struct gen_joining_clip *clip)
{
    return clip->frame_rate_milli > 0 ? 1e6 / clip->frame_rate_milli : 40.0;
}

/* The pictures of a clip at the rate of the video: so many, the last one held if there are fewer. */
static void joining_pictures(const struct gen_joining_clip *clip, size_t index,
                             struct joining_rate rate, int64_t frames, struct gen_bytes *filter)
{
    gen_bytes_printf(filter, "[%zu:v:0]setpts=PTS-STARTPTS,", index);
    if (clip->seam == GEN_SEAM_CHAIN) {
        gen_bytes_text(filter, "select=gte(n\\,1),setpts=PTS-STARTPTS,");
    }
    gen_bytes_printf(filter,
                     "fps=%d/%d,tpad=stop_mode=clone:stop=%lld,trim=end_frame=%lld,"
                     "setpts=PTS-STARTPTS",
                     rate.num, rate.den, (long long)frames, (long long)frames);
}

/* Its sound, or silence, for so long, with what leads over from the one before. */
static void joining_sound(const struct gen_joining *joining, size_t index, double seconds,
                          struct gen_bytes *filter)
{
    const struct gen_joining_clip *clip = &joining->clips[index];
    bool last = index + 1 == joining->clip_count;
    double lead = 0;

    if (clip->has_audio) {
        gen_bytes_printf(filter, "[%zu:a:0]aresample=48000,", index);
    } else {
        gen_bytes_text(filter, "anullsrc=r=48000:cl=stereo,");
    }
    if (clip->seam == GEN_SEAM_CHAIN) {
        double picture = joining_picture_ms(clip);

        lead = JOINING_CROSS_MS / 1000.0;
        if (clip->has_audio) {
            gen_bytes_printf(filter, "atrim=start=%.6f,asetpts=PTS-STARTPTS,",
                             picture > JOINING_CROSS_MS ? (picture - JOINING_CROSS_MS) / 1000.0
                                                        : 0.0);
        }
    }
    gen_bytes_printf(filter,
                     "aformat=sample_fmts=fltp:channel_layouts=stereo,apad,atrim=duration=%.6f,"
                     "asetpts=PTS-STARTPTS",
                     seconds + lead);
    if (clip->seam == GEN_SEAM_ABUT) {
        gen_bytes_printf(filter, ",afade=t=in:d=%.3f", JOINING_FADE_MS / 1000.0);
    }
    if (!last && clip[1].seam == GEN_SEAM_ABUT) {
        gen_bytes_printf(filter, ",afade=t=out:st=%.6f:d=%.3f",
                         seconds + lead - JOINING_FADE_MS / 1000.0, JOINING_FADE_MS / 1000.0);
    }
    gen_bytes_printf(filter, "[a%zu];", index);
}

/* One sound after the other; [speech] is all of them. */
static void joining_sounds(const struct gen_joining *joining, struct gen_bytes *filter)
{
    gen_bytes_text(filter, "[a0]anull[s0];");
    for (size_t i = 1; i < joining->clip_count; i++) {
        if (joining->clips[i].seam == GEN_SEAM_CHAIN) {
            gen_bytes_printf(filter, "[s%zu][a%zu]acrossfade=d=%.3f:c1=tri:c2=tri[s%zu];", i - 1, i,
                             JOINING_CROSS_MS / 1000.0, i);
        } else {
            gen_bytes_printf(filter, "[s%zu][a%zu]concat=n=2:v=0:a=1[s%zu];", i - 1, i, i);
        }
    }
    gen_bytes_printf(filter, "[s%zu]anull[speech]", joining->clip_count - 1);
}

static void joining_bed(const struct gen_joining *joining, double total, struct gen_bytes *filter)
{
    if (joining->music == NULL) {
        gen_bytes_text(filter, ";[speech]anull[a]");
        return;
    }
    gen_bytes_printf(filter,
                     ";[%zu:a:0]aresample=48000,aformat=channel_layouts=stereo,volume=0.35,"
                     "atrim=duration=%.3f,afade=t=in:d=0.5,afade=t=out:st=%.3f:d=1.5[bed];"
                     "[speech][bed]amix=inputs=2:duration=first:normalize=0,"
                     "alimiter=limit=0.95:level=false[a]",
                     joining->clip_count, total, total > 1.5 ? total - 1.5 : 0.0);
}

static bool joining_audible(const struct gen_joining *joining)
{
    bool audible = !joining->may_be_silent || joining->music != NULL;

    for (size_t i = 0; i < joining->clip_count; i++) {
        audible = audible || joining->clips[i].has_audio;
    }
    return audible;
}

/* All clips to the same size, rate and length; silence where one has no sound. */
static void joining_filter(const struct gen_joining *joining, struct gen_bytes *filter)
{
    struct joining_rate rate = joining_rate(joining->frame_rate_milli);
    bool audible = joining_audible(joining);
    int64_t from_ms = 0, all = 0;

    for (size_t i = 0; i < joining->clip_count; i++) {
        int64_t to_ms = from_ms + joining->clips[i].duration_ms;
        int64_t frames = gen_joining_frames(joining->frame_rate_milli, from_ms, to_ms);

        joining_pictures(&joining->clips[i], i, rate, frames, filter);
        gen_bytes_printf(filter,
                         ",scale=%d:%d:force_original_aspect_ratio=decrease:flags=lanczos,"
                         "pad=%d:%d:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p[v%zu];",
                         joining->width, joining->height, joining->width, joining->height, i);
        if (audible) {
            joining_sound(joining, i, (double)frames * rate.den / rate.num, filter);
        }
        from_ms = to_ms;
        all += frames;
    }
    for (size_t i = 0; i < joining->clip_count; i++) {
        gen_bytes_printf(filter, "[v%zu]", i);
    }
    gen_bytes_printf(filter, "concat=n=%zu:v=1:a=0[v]", joining->clip_count);
    if (audible) {
        gen_bytes_text(filter, ";");
        joining_sounds(joining, filter);
        joining_bed(joining, (double)all * rate.den / rate.num, filter);
    }
}

static void joining_begin(struct joining_line *line)
{
    joining_push(line, "-nostdin");
    joining_push(line, "-hide_banner");
    joining_push(line, "-loglevel");
    joining_push(line, "error");
    joining_push(line, "-y");
}

static void joining_inputs(const struct gen_joining *joining, struct joining_line *line)
{
    joining_begin(line);
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

static void joining_encoding(const struct gen_joining *joining, struct joining_line *line)
{
    static const char *const video[] = {
        "-map",      "[v]",        "-c:v", "libx264", "-profile:v",   "high", "-pix_fmt", "yuv420p",
        "-movflags", "+faststart", "-f",   "mp4",     "-color_range", "tv",   NULL};
    static const char *const delivered[] = {"-preset", "medium", "-crf", "18", NULL};
    static const char *const between[] = {"-preset", "veryfast", "-crf", "10", NULL};
    static const char *const audio[] = {"-map", "[a]",   "-c:a", "aac", "-b:a", "192k",
                                        "-ar",  "48000", "-ac",  "2",   NULL};
    const char *const *lists[] = {video, joining->between ? between : delivered,
                                  joining_audible(joining) ? audio : NULL};

    for (size_t i = 0; i < GEN_COUNT(lists); i++) {
        for (size_t k = 0; lists[i] != NULL && lists[i][k] != NULL; k++) {
            joining_push(line, lists[i][k]);
        }
    }
}

/* Ends the line; takes the filter's memory. NULL: there was none. */
static const char *const *joining_finish(struct joining_line *line, struct gen_bytes *filter,
                                         struct gen_arena *arena)
{
    joining_push(line, NULL);
    if (gen_bytes_status(filter) != GEN_OK || gen_arena_failed(arena)) {
        line->items = NULL;
    }
    gen_bytes_fini(filter);
    return line->items;
}

const char *const *gen_joining_arguments(const struct gen_joining *joining, struct gen_arena *arena)
{
    struct joining_rate rate = joining_rate(joining->frame_rate_milli);
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
    joining_encoding(joining, &line);
    joining_push(&line, "-r");
    joining_push(&line, gen_arena_printf(arena, "%d/%d", rate.num, rate.den));
    joining_push(&line, joining->out);
    return joining_finish(&line, &filter, arena);
}

const char *const *gen_joining_last_frame(const struct gen_joining *joining, int64_t from_ms,
                                          struct gen_arena *arena)
{
    static const char *const encoding[] = {"-map", "[v]",  "-frames:v", "1",  "-an",    "-update",
                                           "1",    "-c:v", "png",       "-f", "image2", NULL};
    const struct gen_joining_clip *clip = &joining->clips[0];
    int64_t frames = gen_joining_frames(joining->frame_rate_milli, from_ms,
                                        from_ms + clip->duration_ms);
    struct joining_line line = {
        gen_arena_array(arena, JOINING_FIXED_ARGUMENTS, sizeof(*line.items)), 0};
    struct gen_bytes filter;

    if (line.items == NULL) {
        return NULL;
    }
    gen_bytes_init(&filter, JOINING_FILTER_MAXIMUM);
    joining_pictures(clip, 0, joining_rate(joining->frame_rate_milli), frames, &filter);
    gen_bytes_printf(&filter,
                     ",select=eq(n\\,%lld),scale=%sflags=accurate_rnd+full_chroma_int,"
                     "format=rgb24[v]",
                     (long long)frames - 1, clip->plain_color ? "in_color_matrix=bt709:" : "");
    joining_begin(&line);
    joining_push(&line, "-i");
    joining_push(&line, clip->file);
    joining_push(&line, "-filter_complex");
    joining_push(&line,
                 gen_arena_strndup(arena, filter.data == NULL ? "" : filter.data, filter.size));
    for (size_t i = 0; encoding[i] != NULL; i++) {
        joining_push(&line, encoding[i]);
    }
    joining_push(&line, joining->out);
    return joining_finish(&line, &filter, arena);
}
