/* container.c - see container.h. */
#include "media/container.h"

#include "base/alloc.h"
#include "media/orientation.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>

#include <string.h>

enum {
    IO_BUFFER = 65536,
    PACKED_PICTURE_MAX = 256 * 1024 * 1024, /* a picture is read whole */
};

/* Decoders that may meet bytes from outside: what cameras, editors, browsers and the video
 * providers write. Everything else in libav (hundreds, many unmaintained) stays shut. */
static const char decoders_allowed[] =
    "h264,hevc,vp8,vp9,libvpx-vp9,libdav1d,mpeg4,mpeg2video,mpeg1video,prores,mjpeg,png,gif,webp,"
    "rawvideo,qtrle,dnxhd,theora,mp3float,mp3,mp2,aac,alac,ac3,eac3,opus,libopus,vorbis,flac,"
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
    "pcm_f32be,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav";

enum gen_status gen_container_refuse(struct gen_error *err, int code, const char *what)
{
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";

    if (code == AVERROR(ENOMEM)) {
        return gen_error_set(err, GEN_ENOMEM,
                             "%s: out of memory; it may ask for more than "
                             "--memory-mb allows",
                             what);
    }
    av_strerror(code, reason, sizeof(reason));
    return gen_error_set(err, GEN_EINVAL, "%s: %s", what, reason);
}

static int io_read(void *opaque, uint8_t *into, int size)
{
    struct gen_container *c = opaque;
    int64_t got = gen_media_source_read(&c->source, c->position, into, (size_t)size);

    if (got <= 0) {
        return got == 0 ? AVERROR_EOF : AVERROR(EIO);
    }
    c->position += (uint64_t)got;
    return (int)got;
}

static int64_t io_seek(void *opaque, int64_t offset, int whence)
{
    struct gen_container *c = opaque;
    int64_t base = 0;

    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return (int64_t)c->source.size;
    case SEEK_SET:
        break;
    case SEEK_CUR:
        base = (int64_t)c->position;
        break;
    case SEEK_END:
        base = (int64_t)c->source.size;
        break;
    default:
        return AVERROR(EINVAL);
    }
    if (offset < -base || offset > INT64_MAX - base) {
        return AVERROR(EINVAL);
    }
    c->position = (uint64_t)(base + offset);
    return base + offset;
}

/* Some containers may name other files (QuickTime references): never. */
static int io_open_nothing(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                           AVDictionary **options)
{
    (void)format, (void)io, (void)url, (void)flags, (void)options;
    return AVERROR(EPERM);
}

static int limit_options(const struct gen_container *c, AVDictionary **options)
{
    int code = av_dict_set_int(options, "max_pixels", c->limits.max_pixels, 0);

    if (code >= 0) {
        code = av_dict_set(options, "codec_whitelist", decoders_allowed, 0);
    }
    return code >= 0 ? av_dict_set_int(options, "threads", 1, 0) : code;
}

static enum gen_status open_codec(struct gen_container *c, const AVCodec *codec,
                                  const AVCodecParameters *parameters,
                                  struct gen_container_lane *lane, struct gen_error *err)
{
    AVDictionary *options = NULL;
    int code = AVERROR(ENOMEM);

    if (!av_match_list(codec->name, decoders_allowed, ',')) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "the codec %s is not decoded here; convert the "
                             "file to H.264, VP9 or AAC",
                             codec->name);
    }
    lane->codec = avcodec_alloc_context3(codec);
    if (lane->codec != NULL) {
        code = parameters == NULL ? 0 : avcodec_parameters_to_context(lane->codec, parameters);
    }
    if (code >= 0) {
        code = limit_options(c, &options);
    }
    if (code >= 0) {
        code = avcodec_open2(lane->codec, codec, &options);
    }
    av_dict_free(&options);
    return code >= 0 ? GEN_OK : gen_container_refuse(err, code, codec->name);
}

static enum gen_status find_streams(struct gen_container *c, struct gen_error *err)
{
    static const struct {
        enum AVMediaType type;
        size_t lane;
    } wanted[] = {
        {AVMEDIA_TYPE_VIDEO, offsetof(struct gen_container, video)},
        {AVMEDIA_TYPE_AUDIO, offsetof(struct gen_container, audio)},
    };
    enum gen_status status = GEN_OK;
    size_t index;

    for (index = 0; index < GEN_COUNT(wanted) && status == GEN_OK; index++) {
        struct gen_container_lane *lane =
            (struct gen_container_lane *)((char *)c + wanted[index].lane);
        int found = av_find_best_stream(c->format, wanted[index].type, -1, -1, NULL, 0);
        const AVCodecParameters *parameters;
        const AVCodec *codec;

        if (found < 0 || (c->format->streams[found]->disposition & AV_DISPOSITION_ATTACHED_PIC)) {
            continue; /* the cover of a song is no video */
        }
        parameters = c->format->streams[found]->codecpar;
        if (wanted[index].type == AVMEDIA_TYPE_VIDEO &&
            (int64_t)parameters->width * parameters->height > c->limits.max_pixels) {
            return gen_error_set(err, GEN_ETOOLARGE,
                                 "frames of %d x %d pixels are more than the "
                                 "%lld allowed",
                                 parameters->width, parameters->height,
                                 (long long)c->limits.max_pixels);
        }
        codec = avcodec_find_decoder(parameters->codec_id);
        if (codec == NULL) {
            return gen_error_set(err, GEN_EUNSUPPORTED, "no decoder for the codec %s",
                                 avcodec_get_name(parameters->codec_id));
        }
        lane->stream = found;
        status = open_codec(c, codec, parameters, lane, err);
    }
    return status;
}

static enum gen_status check_container(const struct gen_container *c, struct gen_error *err)
{
    if (c->format->nb_streams > c->limits.max_streams) {
        return gen_error_set(err, GEN_ETOOLARGE, "%u streams are more than the %lld allowed",
                             c->format->nb_streams, (long long)c->limits.max_streams);
    }
    if (c->format->duration != AV_NOPTS_VALUE &&
        (double)c->format->duration / AV_TIME_BASE > c->limits.max_duration) {
        return gen_error_set(err, GEN_ETOOLARGE, "%.0f seconds are more than the %.0f allowed",
                             (double)c->format->duration / AV_TIME_BASE, c->limits.max_duration);
    }
    if (c->video.codec == NULL && c->audio.codec == NULL) {
        return gen_error_set(err, GEN_EINVAL, "neither picture nor sound in it");
    }
    return GEN_OK;
}

static int find_info(struct gen_container *c)
{
    AVDictionary **options;
    unsigned int index, count = c->format->nb_streams;
    int code = 0;

    if (count == 0 || count > c->limits.max_streams) {
        return 0; /* check_container says it better */
    }
    options = av_calloc(count, sizeof(*options));
    if (options == NULL) {
        return AVERROR(ENOMEM);
    }
    for (index = 0; index < count && code >= 0; index++) {
        code = limit_options(c, &options[index]);
    }
    if (code >= 0) {
        code = avformat_find_stream_info(c->format, options);
    }
    for (index = 0; index < count; index++) {
        av_dict_free(&options[index]);
    }
    av_free(options);
    return code;
}

static enum gen_status open_container(struct gen_container *c, const char *demuxer,
                                      struct gen_error *err)
{
    AVDictionary *options = NULL;
    uint8_t *buffer = av_malloc(IO_BUFFER);
    enum gen_status status;
    int code = AVERROR(ENOMEM);

    c->io = buffer == NULL ? NULL
                           : avio_alloc_context(buffer, IO_BUFFER, 0, c, io_read, NULL, io_seek);
    c->format = avformat_alloc_context();
    if (c->io == NULL || c->format == NULL) {
        if (c->io == NULL) {
            av_free(buffer);
        }
        return gen_container_refuse(err, code, "opening");
    }
    c->format->pb = c->io;
    c->format->io_open = io_open_nothing;
    code = av_dict_set(&options, "format_whitelist", demuxer, 0);
    if (code >= 0) {
        code = av_dict_set(&options, "protocol_whitelist", "none", 0);
    }
    if (code >= 0) {
        code = av_dict_set(&options, "codec_whitelist", decoders_allowed, 0);
    }
    if (code >= 0) { /* frees c->format when it fails */
        code = avformat_open_input(&c->format, NULL, av_find_input_format(demuxer), &options);
    }
    av_dict_free(&options);
    if (code >= 0) {
        code = find_info(c);
    }
    if (code < 0) {
        return gen_container_refuse(err, code, "the file is damaged or cut off");
    }
    status = c->format->nb_streams > c->limits.max_streams ? GEN_OK : find_streams(c, err);
    return status == GEN_OK ? check_container(c, err) : status;
}

/* A picture is one packet: no demuxer, no parser, no guessing. */
static enum gen_status open_picture(struct gen_container *c, const char *decoder,
                                    struct gen_error *err)
{
    const AVCodec *codec = avcodec_find_decoder_by_name(decoder);

    if (codec == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "this libavcodec has no decoder %s", decoder);
    }
    if (c->source.size > PACKED_PICTURE_MAX) {
        return gen_error_set(err, GEN_ETOOLARGE,
                             "a picture file of %llu bytes is more than the %d "
                             "allowed",
                             (unsigned long long)c->source.size, PACKED_PICTURE_MAX);
    }
    return open_codec(c, codec, NULL, &c->video, err);
}

enum gen_status gen_container_open(const struct gen_media_source *source,
                                   const struct gen_sniff_format *format,
                                   const struct gen_container_limits *limits,
                                   struct gen_container **out, struct gen_error *err)
{
    struct gen_container *c = gen_alloc(sizeof(*c));
    enum gen_status status;

    GEN_CHECK(format->demuxer != NULL || format->decoder != NULL);
    if (c == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    av_log_set_level(AV_LOG_QUIET);
    *c = (struct gen_container){
        .source = *source, .limits = *limits, .orientation = GEN_ORIENTATION_NORMAL};
    c->packet = av_packet_alloc();
    c->frame = av_frame_alloc();
    c->kept = av_frame_alloc();
    c->ahead = av_frame_alloc();
    if (c->packet == NULL || c->frame == NULL || c->kept == NULL || c->ahead == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    } else if (format->demuxer != NULL) {
        status = open_container(c, format->demuxer, err);
    } else {
        status = open_picture(c, format->decoder, err);
    }
    if (status == GEN_OK && c->format != NULL && c->video.codec != NULL) {
        c->orientation = gen_orientation_of_stream(c->format->streams[c->video.stream]);
    }
    if (status != GEN_OK) {
        gen_container_close(&c);
        return status;
    }
    *out = c;
    return GEN_OK;
}

void gen_container_close(struct gen_container **slot)
{
    struct gen_container *c = *slot;

    if (c == NULL) {
        return;
    }
    avcodec_free_context(&c->video.codec);
    avcodec_free_context(&c->audio.codec);
    avformat_close_input(&c->format);
    if (c->io != NULL) {
        av_freep(&c->io->buffer);
        avio_context_free(&c->io);
    }
    av_packet_free(&c->packet);
    av_frame_free(&c->frame);
    av_frame_free(&c->kept);
    av_frame_free(&c->ahead);
    gen_free(c);
    *slot = NULL;
}
