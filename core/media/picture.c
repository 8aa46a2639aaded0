/* picture.c - see picture.h. */
#include "media/picture.h"

#include "base/alloc.h"

#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
    SIDE_MAX = 16384,
    CHECKER = 12, /* pixels of one field of the ground under transparent pictures */
    CHECKER_LIGHT = 0xf4,
    CHECKER_DARK = 0xdc,
    JPEG_QSCALE = 3, /* libavcodec's scale: 2 is best, 31 is worst */
    ROW_ALIGN = 64,  /* swscale writes whole vectors */
    READ_PAST = 64,  /* and reads them, beyond the last pixel */
};

static enum gen_status no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory for a picture");
}

enum gen_status gen_picture_init(struct gen_picture *picture, int width, int height,
                                 uint32_t ground, struct gen_error *err)
{
    size_t index, count = (size_t)width * (size_t)height;
    uint8_t *rgb;

    GEN_CHECK(width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX);
    rgb = gen_alloc(count * 3 + READ_PAST);
    if (rgb == NULL) {
        return no_memory(err);
    }
    for (index = 0; index < count; index++) {
        rgb[index * 3] = (uint8_t)(ground >> 16);
        rgb[index * 3 + 1] = (uint8_t)(ground >> 8);
        rgb[index * 3 + 2] = (uint8_t)ground;
    }
    memset(rgb + count * 3, 0, READ_PAST);
    *picture = (struct gen_picture){.width = width, .height = height, .rgb = rgb};
    return GEN_OK;
}

void gen_picture_fini(struct gen_picture *picture)
{
    gen_free(picture->rgb);
    *picture = (struct gen_picture){0};
}

/* Which matrix turns these colours into RGB: as the stream says, else by size as players guess. */
static int color_matrix(const AVFrame *frame)
{
    switch (frame->colorspace) {
    case AVCOL_SPC_BT709:
        return SWS_CS_ITU709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return SWS_CS_BT2020;
    case AVCOL_SPC_SMPTE240M:
        return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_FCC:
        return SWS_CS_ITU601;
    default:
        return frame->color_range != AVCOL_RANGE_JPEG && frame->height >= 720 ? SWS_CS_ITU709
                                                                              : SWS_CS_ITU601;
    }
}

/* The old full-range formats (yuvj420p) are the plain ones with a flag; swscale wants the flag. */
static enum AVPixelFormat plain_format(const AVFrame *frame, int *full)
{
    static const struct {
        enum AVPixelFormat old, plain;
    } table[] = {
        {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV420P}, {AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUV422P},
        {AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUV444P}, {AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUV440P},
        {AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUV411P}, {AV_PIX_FMT_NONE, AV_PIX_FMT_NONE},
    };
    size_t index;

    *full = frame->color_range == AVCOL_RANGE_JPEG;
    for (index = 0; table[index].old != AV_PIX_FMT_NONE; index++) {
        if ((enum AVPixelFormat)frame->format == table[index].old) {
            *full = 1;
            return table[index].plain;
        }
    }
    return (enum AVPixelFormat)frame->format;
}

/* RGBA of width x height, not turned yet; rows are `*stride` bytes apart. Free with av_free. */
static enum gen_status scale(const AVFrame *frame, int width, int height, uint8_t **out,
                             int *stride, struct gen_error *err)
{
    struct SwsContext *context = NULL;
    uint8_t *planes[4] = {NULL};
    int strides[4] = {0}, full, rows;
    enum AVPixelFormat format = plain_format(frame, &full);

    strides[0] = (width * 4 + ROW_ALIGN - 1) / ROW_ALIGN * ROW_ALIGN + ROW_ALIGN;
    planes[0] = av_mallocz((size_t)strides[0] * ((size_t)height + 1));
    if (planes[0] == NULL) {
        return no_memory(err);
    }
    context = sws_getContext(frame->width, frame->height, format, width, height, AV_PIX_FMT_RGBA,
                             SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, NULL, NULL, NULL);
    if (context == NULL) {
        av_free(planes[0]);
        return gen_error_set(err, GEN_EINVAL, "pixels of the format %s cannot be converted",
                             av_get_pix_fmt_name(frame->format));
    }
    /* fails for formats that have no matrix (RGB), which is right */
    (void)sws_setColorspaceDetails(context, sws_getCoefficients(color_matrix(frame)), full,
                                   sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    rows = sws_scale(context, (const uint8_t *const *)frame->data, frame->linesize, 0,
                     frame->height, planes, strides);
    sws_freeContext(context);
    if (rows != height) {
        av_free(planes[0]);
        return gen_error_set(err, GEN_EINVAL, "the picture cannot be scaled to %d x %d", width,
                             height);
    }
    *out = planes[0];
    *stride = strides[0];
    return GEN_OK;
}

static uint8_t blend(uint32_t over, uint32_t under, uint32_t alpha)
{
    return (uint8_t)((over * alpha + under * (255 - alpha) + 127) / 255);
}

enum gen_status gen_picture_from_frame(struct gen_picture *picture, const struct AVFrame *frame,
                                       enum gen_orientation orientation, int width, int height,
                                       struct gen_error *err)
{
    bool swaps = gen_orientation_swaps(orientation);
    int stored_width = swaps ? height : width, stored_height = swaps ? width : height;
    int x, y, channel, stride = 0;
    uint8_t *rgba = NULL;
    enum gen_status status;

    status = scale(frame, stored_width, stored_height, &rgba, &stride, err);
    if (status != GEN_OK) {
        return status;
    }
    status = gen_picture_init(picture, width, height, 0, err);
    for (y = 0; status == GEN_OK && y < height; y++) {
        for (x = 0; x < width; x++) {
            uint32_t ground = (x / CHECKER + y / CHECKER) % 2 == 0 ? CHECKER_LIGHT : CHECKER_DARK;
            const uint8_t *from;
            int from_x, from_y;

            gen_orientation_locate(orientation, stored_width, stored_height, x, y, &from_x,
                                   &from_y);
            from = rgba + (ptrdiff_t)from_y * stride + (ptrdiff_t)from_x * 4;
            for (channel = 0; channel < 3; channel++) {
                picture->rgb[((size_t)y * (size_t)width + (size_t)x) * 3 + (size_t)channel] =
                    blend(from[channel], ground, from[3]);
            }
        }
    }
    av_free(rgba);
    return status;
}

/* 255 inside a box with round corners, 0 outside, between along the edge. */
static uint32_t corner_cover(int x, int y, int width, int height, int radius)
{
    double dx = x < radius ? radius - x - 0.5 : x >= width - radius ? x - width + radius + 0.5 : 0;
    double dy = y < radius             ? radius - y - 0.5
                : y >= height - radius ? y - height + radius + 0.5
                                       : 0;
    double cover = radius + 0.5 - sqrt(dx * dx + dy * dy);

    if (dx <= 0 || dy <= 0 || cover >= 1) {
        return 255;
    }
    return cover <= 0 ? 0 : (uint32_t)(cover * 255);
}

void gen_picture_lay(struct gen_picture *picture, const struct gen_picture *piece, int x, int y,
                     int radius)
{
    int row, column, channel;

    for (row = 0; row < piece->height; row++) {
        for (column = 0; column < piece->width; column++) {
            uint32_t cover;
            uint8_t *to;
            const uint8_t *from;

            if (x + column < 0 || x + column >= picture->width || y + row < 0 ||
                y + row >= picture->height) {
                continue;
            }
            cover = corner_cover(column, row, piece->width, piece->height, radius);
            to = picture->rgb +
                 ((size_t)(y + row) * (size_t)picture->width + (size_t)(x + column)) * 3;
            from = piece->rgb + ((size_t)row * (size_t)piece->width + (size_t)column) * 3;
            for (channel = 0; channel < 3; channel++) {
                to[channel] = blend(from[channel], to[channel], cover);
            }
        }
    }
}

/* JPEG's own colours: BT.601, full range, chroma at half size. */
static AVFrame *jpeg_frame(const struct gen_picture *picture)
{
    const uint8_t *planes[4] = {picture->rgb};
    int strides[4] = {picture->width * 3};
    AVFrame *frame = av_frame_alloc();
    struct SwsContext *context = NULL;
    int done = 0;

    if (frame == NULL) {
        return NULL;
    }
    frame->width = picture->width;
    frame->height = picture->height;
    frame->format = AV_PIX_FMT_YUVJ420P;
    frame->color_range = AVCOL_RANGE_JPEG;
    frame->quality = FF_QP2LAMBDA * JPEG_QSCALE;
    if (av_frame_get_buffer(frame, 0) >= 0) {
        context = sws_getContext(picture->width, picture->height, AV_PIX_FMT_RGB24, picture->width,
                                 picture->height, AV_PIX_FMT_YUV420P,
                                 SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP, NULL, NULL,
                                 NULL);
    }
    if (context != NULL) {
        (void)sws_setColorspaceDetails(context, sws_getCoefficients(SWS_CS_DEFAULT), 1,
                                       sws_getCoefficients(SWS_CS_ITU601), 1, 0, 1 << 16, 1 << 16);
        done = sws_scale(context, planes, strides, 0, picture->height, frame->data,
                         frame->linesize) == picture->height;
        sws_freeContext(context);
    }
    if (!done) {
        av_frame_free(&frame);
    }
    return frame;
}

static int encode(const AVFrame *frame, AVPacket *packet)
{
    AVCodecContext *codec = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MJPEG));
    int code = AVERROR(ENOMEM);

    if (codec != NULL) {
        codec->width = frame->width;
        codec->height = frame->height;
        codec->pix_fmt = AV_PIX_FMT_YUVJ420P;
        codec->color_range = AVCOL_RANGE_JPEG;
        codec->time_base = (AVRational){1, 25};
        codec->thread_count = 1;
        codec->flags |= AV_CODEC_FLAG_QSCALE;
        codec->global_quality = FF_QP2LAMBDA * JPEG_QSCALE;
        code = avcodec_open2(codec, NULL, NULL);
    }
    if (code >= 0) {
        code = avcodec_send_frame(codec, frame);
    }
    if (code >= 0) {
        code = avcodec_receive_packet(codec, packet);
    }
    avcodec_free_context(&codec);
    return code;
}

static enum gen_status write_all(int fd, const uint8_t *data, size_t size, struct gen_error *err)
{
    size_t done = 0;

    while (done < size) {
        ssize_t wrote = write(fd, data + done, size - done);

        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return gen_error_set(err, errno == ENOSPC || errno == EDQUOT ? GEN_ENOSPACE : GEN_EIO,
                                 "cannot write the picture: %s", strerror(errno));
        }
        done += (size_t)wrote;
    }
    return GEN_OK;
}

enum gen_status gen_picture_write(const struct gen_picture *picture, int fd, struct gen_error *err)
{
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = jpeg_frame(picture);
    enum gen_status status;

    if (packet == NULL || frame == NULL || encode(frame, packet) < 0) {
        status = no_memory(err);
    } else {
        status = write_all(fd, packet->data, (size_t)packet->size, err);
    }
    av_frame_free(&frame);
    av_packet_free(&packet);
    return status;
}

void gen_picture_fit(int width, int height, int max_width, int max_height, int *out_width,
                     int *out_height)
{
    double share = fmin(1, fmin((double)max_width / width, (double)max_height / height));

    *out_width = (int)fmax(1, round(width * share));
    *out_height = (int)fmax(1, round(height * share));
}
