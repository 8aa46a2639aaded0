/* decode.c - see decode.h. One pump feeds packets to the decoders; what to do with a frame is a
 * visitor's business. */
#include "media/decode.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>

#include <math.h>
#include <string.h>

enum { FRUITLESS_PACKETS_MAX = 4096 }; /* no frame for so long: it is not going to come */

struct walk {
    struct gen_container *c;
    bool with_audio;
    bool (*on_frame)(struct walk *walk, bool is_video); /* false = enough */
    struct gen_decode_counts counts;
    int64_t fruitless;
    double until; /* frame_at: seconds */
    bool kept;
    int failure; /* libav's code of the first error, 0 = none */
};

static bool may_hide_alpha(const AVFrame *frame)
{
    const AVPixFmtDescriptor *about = av_pix_fmt_desc_get(frame->format);

    return about != NULL && (about->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL)) != 0;
}

/* Formats that always have an alpha channel (libav decodes every GIF to BGRA) count only when a
 * pixel uses it; a palette when a colour of it does. */
static bool frame_is_transparent(const AVFrame *frame)
{
    int x, y;

    if (!may_hide_alpha(frame)) {
        return false;
    }
    if (frame->format == AV_PIX_FMT_PAL8) {
        for (x = 0; x < 256; x++) {
            if (frame->data[1][x * 4 + 3] != 0xff) { /* 32-bit 0xAARRGGBB, little endian */
                return true;
            }
        }
        return false;
    }
    if (frame->format != AV_PIX_FMT_BGRA && frame->format != AV_PIX_FMT_RGBA) {
        return true; /* such a format was chosen because there is transparency */
    }
    for (y = 0; y < frame->height; y++) {
        const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];

        for (x = 0; x < frame->width; x++) {
            if (row[x * 4 + 3] != 0xff) {
                return true;
            }
        }
    }
    return false;
}

static double shown_at(const struct gen_container *c, const AVFrame *frame)
{
    const AVStream *stream = c->format == NULL ? NULL : c->format->streams[c->video.stream];
    int64_t start;

    if (stream == NULL || frame->best_effort_timestamp == AV_NOPTS_VALUE) {
        return 0;
    }
    start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
    return (double)(frame->best_effort_timestamp - start) * av_q2d(stream->time_base);
}

static bool visit_first(struct walk *walk, bool is_video)
{
    struct gen_container *c = walk->c;

    if (is_video && walk->counts.frames == 1) {
        if (c->orientation == GEN_ORIENTATION_NORMAL) {
            c->orientation = gen_orientation_of_frame(c->frame);
        }
        c->alpha = c->alpha || frame_is_transparent(c->frame);
    }
    return (c->video.codec != NULL && walk->counts.frames == 0) ||
           (c->audio.codec != NULL && walk->counts.audio_frames == 0);
}

static bool visit_all(struct walk *walk, bool is_video)
{
    (void)visit_first(walk, is_video);
    if (is_video) {
        if (walk->c->frame->decode_error_flags != 0 ||
            (walk->c->frame->flags & AV_FRAME_FLAG_CORRUPT) != 0) {
            walk->counts.errors++;
        }
    }
    return true;
}

static bool visit_until(struct walk *walk, bool is_video)
{
    struct gen_container *c = walk->c;

    if (!is_video) {
        return true;
    }
    if (walk->kept && shown_at(c, c->frame) > walk->until) {
        av_frame_move_ref(c->ahead, c->frame);
        return false; /* the one before is what is on the screen at that time */
    }
    if (c->orientation == GEN_ORIENTATION_NORMAL) {
        c->orientation = gen_orientation_of_frame(c->frame);
    }
    av_frame_unref(c->kept);
    av_frame_move_ref(c->kept, c->frame);
    walk->kept = true;
    return true;
}

static int read_picture(struct gen_container *c)
{
    int code;

    if (c->picture_sent) {
        return AVERROR_EOF;
    }
    c->picture_sent = true;
    code = av_new_packet(c->packet, (int)c->source.size); /* container.c limits the size */
    if (code < 0) {
        return code;
    }
    if (!gen_media_source_exact(&c->source, 0, c->packet->data, (size_t)c->source.size)) {
        return AVERROR(EIO);
    }
    c->packet->flags |= AV_PKT_FLAG_KEY;
    return 0;
}

/* Takes out every frame that is ready. False: the visitor has enough. */
static bool drain(struct walk *walk, struct gen_container_lane *lane)
{
    struct gen_container *c = walk->c;
    bool is_video = lane == &c->video;
    bool more = true;

    while (more && avcodec_receive_frame(lane->codec, c->frame) >= 0) {
        walk->counts.frames += is_video;
        walk->counts.audio_frames += !is_video;
        walk->fruitless = 0;
        more = walk->on_frame(walk, is_video);
        av_frame_unref(c->frame);
    }
    return more;
}

static void note_failure(struct walk *walk, int code)
{
    walk->counts.errors++;
    if (walk->failure == 0 || code == AVERROR(ENOMEM)) {
        walk->failure = code;
    }
}

/* `packet` NULL: the end of the stream. */
static bool feed(struct walk *walk, struct gen_container_lane *lane, const AVPacket *packet)
{
    int code, rounds;

    if (lane->codec == NULL || (lane == &walk->c->audio && !walk->with_audio)) {
        return true;
    }
    for (rounds = 0; rounds < 2; rounds++) {
        code = avcodec_send_packet(lane->codec, packet);
        if (!drain(walk, lane)) {
            return false;
        }
        if (code != AVERROR(EAGAIN)) { /* full: what was drained made room */
            break;
        }
    }
    if (code < 0 && code != AVERROR_EOF) {
        note_failure(walk, code);
    }
    return walk->failure != AVERROR(ENOMEM);
}

static void pump(struct walk *walk)
{
    struct gen_container *c = walk->c;
    bool more = true;

    while (more) {
        int code = c->format != NULL ? av_read_frame(c->format, c->packet) : read_picture(c);

        if (code < 0) {
            if (code != AVERROR_EOF) {
                note_failure(walk, code);
            }
            if (feed(walk, &c->video, NULL)) {
                (void)feed(walk, &c->audio, NULL);
            }
            c->running = false; /* what was flushed takes no more packets */
            return;
        }
        if (c->video.codec != NULL &&
            (c->format == NULL || c->packet->stream_index == c->video.stream)) {
            more = feed(walk, &c->video, c->packet);
        } else if (c->packet->stream_index == c->audio.stream) {
            more = feed(walk, &c->audio, c->packet);
        }
        av_packet_unref(c->packet);
        if (++walk->fruitless > FRUITLESS_PACKETS_MAX) {
            more = false;
        }
    }
}

static enum gen_status verdict(const struct walk *walk, struct gen_error *err)
{
    const struct gen_container *c = walk->c;
    const char *what = NULL;

    if (walk->failure == AVERROR(ENOMEM)) {
        return gen_container_refuse(err, walk->failure, "decoding");
    }
    if (c->video.codec != NULL && walk->counts.frames == 0) {
        what = "no picture in it decodes";
    } else if (walk->with_audio && c->audio.codec != NULL && walk->counts.audio_frames == 0) {
        what = "no sound in it decodes";
    }
    if (what == NULL) {
        return GEN_OK;
    }
    return walk->failure != 0 ? gen_container_refuse(err, walk->failure, what)
                              : gen_error_set(err, GEN_EINVAL, "%s", what);
}

enum gen_status gen_decode_first(struct gen_container *c, struct gen_error *err)
{
    struct walk walk = {.c = c, .with_audio = true, .on_frame = visit_first};

    pump(&walk);
    return verdict(&walk, err);
}

enum gen_status gen_decode_all(struct gen_container *c, struct gen_decode_counts *out,
                               struct gen_error *err)
{
    struct walk walk = {.c = c, .with_audio = true, .on_frame = visit_all};

    pump(&walk);
    *out = walk.counts;
    return verdict(&walk, err);
}

/* To the key picture before `seconds`; formats without an index go back to the beginning. */
static void rewind_to(struct gen_container *c, double seconds)
{
    AVStream *stream;
    int64_t start, target;

    avcodec_flush_buffers(c->video.codec);
    c->picture_sent = false;
    if (c->format == NULL) {
        return;
    }
    stream = c->format->streams[c->video.stream];
    start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
    target = start + (int64_t)floor(seconds / av_q2d(stream->time_base));
    if (avformat_seek_file(c->format, c->video.stream, INT64_MIN, target, target, 0) < 0) {
        (void)avformat_seek_file(c->format, c->video.stream, INT64_MIN, start, INT64_MAX,
                                 AVSEEK_FLAG_ANY);
    }
}

/* Going on is cheaper than jumping unless a key picture lies between here and `seconds`. */
static bool can_go_on(const struct gen_container *c, double seconds)
{
    AVStream *stream;
    const AVIndexEntry *entry;
    int64_t start, target;
    double here;

    if (!c->running || c->format == NULL || shown_at(c, c->kept) > seconds) {
        return false;
    }
    here = shown_at(c, c->kept);
    stream = c->format->streams[c->video.stream];
    start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
    target = start + (int64_t)floor(seconds / av_q2d(stream->time_base));
    entry = avformat_index_get_entry_from_timestamp(stream, target, AVSEEK_FLAG_BACKWARD);
    return entry == NULL || (double)(entry->timestamp - start) * av_q2d(stream->time_base) <= here;
}

/* From where the last call stopped. False: the frame is found already. */
static bool go_on(struct walk *walk)
{
    struct gen_container *c = walk->c;

    walk->kept = true;
    walk->counts.frames = 1;
    if (c->ahead->buf[0] != NULL) {
        if (shown_at(c, c->ahead) > walk->until) {
            return false;
        }
        av_frame_unref(c->kept);
        av_frame_move_ref(c->kept, c->ahead);
    }
    return drain(walk, &c->video); /* frames that were ready when the last call had enough */
}

enum gen_status gen_decode_frame_at(struct gen_container *c, double seconds,
                                    const struct AVFrame **out, struct gen_error *err)
{
    struct walk walk = {.c = c, .on_frame = visit_until, .until = seconds + 1e-6};
    enum gen_status status;
    bool more = true;

    if (c->video.codec == NULL) {
        return gen_error_set(err, GEN_EINVAL, "there is no picture in it");
    }
    if (can_go_on(c, seconds)) {
        more = go_on(&walk);
    } else {
        av_frame_unref(c->kept);
        av_frame_unref(c->ahead);
        rewind_to(c, seconds > 0 ? seconds : 0);
        c->running = true;
    }
    if (more) {
        pump(&walk);
    }
    status = verdict(&walk, err);
    if (status == GEN_OK) {
        *out = c->kept;
    }
    return status;
}
