/* facts.h - what an open container says of itself, in plain numbers and words.
 *
 * Claims, not proofs: media/decode proves. Texts are borrowed from libav's static tables.
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/probe_test.c
 */
#ifndef GEN_MEDIA_FACTS_H
#define GEN_MEDIA_FACTS_H

#include "media/container.h"

struct gen_facts {   /* numbers 0 and texts NULL = unknown */
    double duration; /* seconds */
    int64_t bit_rate;
    int64_t streams;
    bool has_video;
    int width, height;               /* as shown: pixel shape and orientation applied */
    int stored_width, stored_height; /* as decoded */
    int sample_width, sample_height; /* pixel shape; 1:1 when unknown */
    int frame_rate, frame_rate_base; /* frames per base seconds */
    int64_t frames;                  /* as the container says */
    bool has_alpha;
    const char *video_codec, *pixel_format, *profile;
    const char *color_space, *color_transfer, *color_primaries, *color_range;
    bool has_audio;
    const char *audio_codec;
    int sample_rate, channels;
};

/* Reads what is open now; ask again after decoding for what only a frame tells. */
void gen_facts_read(const struct gen_container *container, struct gen_facts *out);

/* "59.27.100": the libraries that are loaded. Both return `out`. */
enum { GEN_FACTS_VERSION_SIZE = 32 };
const char *gen_facts_format_version(char *out);
const char *gen_facts_codec_version(char *out);

#endif
