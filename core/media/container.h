/* container.h - one file from outside, opened by libav behind a narrow door.
 *
 * Only the demuxer or decoder that sniff.c named is opened, it reads only the given source (no
 * protocol, no second file), and decoders come from a short list. What a codec does inside is not
 * trusted: this room runs in a ward (media/ward.h). Frames are media/decode's, words media/facts's.
 * Invariant: every decoder has one thread, so a strict list of system calls is enough.
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/probe_test.c
 */
#ifndef GEN_MEDIA_CONTAINER_H
#define GEN_MEDIA_CONTAINER_H

#include "media/media_source.h"
#include "media/orientation.h"
#include "media/sniff.h"

struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVIOContext;
struct AVPacket;

struct gen_container_limits {
    int64_t max_pixels; /* of one frame */
    int64_t max_streams;
    double max_duration; /* seconds */
};

struct gen_container_lane {
    struct AVCodecContext *codec; /* NULL = no such stream */
    int stream;
};

struct gen_container { /* fields are for decode.c and facts.c */
    struct gen_media_source source;
    struct gen_container_limits limits;
    struct AVFormatContext *format; /* NULL for pictures that are one packet */
    struct AVIOContext *io;
    uint64_t position; /* of io in source */
    struct gen_container_lane video, audio;
    struct AVPacket *packet;
    struct AVFrame *frame; /* newest decoded */
    struct AVFrame *kept;  /* the one shown at the time asked for */
    struct AVFrame *ahead; /* the one after it, empty when there is none */
    bool running;          /* kept and ahead are where decoding stands: it can go on from there */
    enum gen_orientation orientation;
    bool picture_sent; /* format NULL: the one packet is in the decoder */
    bool alpha;        /* a decoded frame had transparency */
};

/* `format` is a row with a demuxer or a decoder. GEN_EINVAL: damaged, or no stream in it.
 * GEN_ETOOLARGE: past a limit. GEN_EUNSUPPORTED: a codec that is not on the list. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_container_open(const struct gen_media_source *source,
                                                  const struct gen_sniff_format *format,
                                                  const struct gen_container_limits *limits,
                                                  struct gen_container **out,
                                                  struct gen_error *err);
void gen_container_close(struct gen_container **container); /* NULL inside is allowed */

/* libav's error `code` as a status: GEN_ENOMEM or GEN_EINVAL, "what: reason". */
enum gen_status gen_container_refuse(struct gen_error *err, int code, const char *what);

#endif
