/* facts.c - see facts.h. */
#include "media/facts.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* libav's word for "not said" is a word too. */
static const char *said(const char *word)
{
    return word == NULL || strcmp(word, "unknown") == 0 ? NULL : word;
}

static void read_size(const struct gen_container *c, struct gen_facts *out)
{
    const AVCodecContext *codec = c->video.codec;
    AVRational shape = codec->sample_aspect_ratio;
    double width;

    if (c->format != NULL) {
        shape = av_guess_sample_aspect_ratio(c->format, c->format->streams[c->video.stream], NULL);
    }
    /* a PNG may carry a resolution in dots per metre; for pictures we show pixels as they are */
    if (shape.num <= 0 || shape.den <= 0 || c->format == NULL) {
        shape = (AVRational){1, 1};
    }
    out->sample_width = shape.num;
    out->sample_height = shape.den;
    out->stored_width = codec->width;
    out->stored_height = codec->height;
    width = round((double)codec->width * shape.num / shape.den);
    width = width < 1 ? 1 : width > 1e6 ? 1e6 : width;
    out->width = gen_orientation_swaps(c->orientation) ? codec->height : (int)width;
    out->height = gen_orientation_swaps(c->orientation) ? (int)width : codec->height;
}

static void read_video(const struct gen_container *c, struct gen_facts *out)
{
    const AVCodecContext *codec = c->video.codec;

    out->has_video = true;
    read_size(c, out);
    out->has_alpha = c->alpha;
    out->video_codec = avcodec_get_name(codec->codec_id);
    out->pixel_format = av_get_pix_fmt_name(codec->pix_fmt);
    out->profile = said(avcodec_profile_name(codec->codec_id, codec->profile));
    out->color_space = said(av_color_space_name(codec->colorspace));
    out->color_transfer = said(av_color_transfer_name(codec->color_trc));
    out->color_primaries = said(av_color_primaries_name(codec->color_primaries));
    out->color_range = said(av_color_range_name(codec->color_range));
    if (c->format != NULL) {
        AVStream *stream = c->format->streams[c->video.stream];
        AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate
                                                         : stream->r_frame_rate;
        const AVDictionaryEntry *alpha = av_dict_get(stream->metadata, "alpha_mode", NULL, 0);

        if (rate.num > 0 && rate.den > 0) {
            out->frame_rate = rate.num;
            out->frame_rate_base = rate.den;
        }
        out->frames = stream->nb_frames;
        out->has_alpha = out->has_alpha || (alpha != NULL && strcmp(alpha->value, "1") == 0);
    }
}

void gen_facts_read(const struct gen_container *c, struct gen_facts *out)
{
    *out = (struct gen_facts){.streams = 1};
    if (c->video.codec != NULL) {
        read_video(c, out);
    }
    if (c->audio.codec != NULL) {
        out->has_audio = true;
        out->audio_codec = avcodec_get_name(c->audio.codec->codec_id);
        out->sample_rate = c->audio.codec->sample_rate;
        out->channels = c->audio.codec->ch_layout.nb_channels;
    }
    if (c->format != NULL) {
        out->streams = c->format->nb_streams;
        out->bit_rate = c->format->bit_rate;
        if (c->format->duration != AV_NOPTS_VALUE && c->format->duration > 0) {
            out->duration = (double)c->format->duration / AV_TIME_BASE;
        }
    }
}

static const char *version_text(unsigned int version, char *out)
{
    snprintf(out, GEN_FACTS_VERSION_SIZE, "%u.%u.%u", AV_VERSION_MAJOR(version),
             AV_VERSION_MINOR(version), AV_VERSION_MICRO(version));
    return out;
}

const char *gen_facts_format_version(char *out)
{
    return version_text(avformat_version(), out);
}

const char *gen_facts_codec_version(char *out)
{
    return version_text(avcodec_version(), out);
}
