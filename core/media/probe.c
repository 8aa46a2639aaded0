/* probe.c - see probe.h. */
#include "media/probe.h"

#include "base/alloc.h"
#include "media/atoms.h"
#include "media/decode.h"
#include "media/extent.h"
#include "media/facts.h"

#include <math.h>
#include <string.h>

struct answer {
    struct gen_arena *arena;
    struct gen_node *map;
};

static void put_text(const struct answer *a, const char *key, const char *text)
{
    if (text != NULL) {
        gen_node_set(a->arena, a->map, key, gen_node_string(a->arena, text));
    }
}

static void put_int(const struct answer *a, const char *key, int64_t value)
{
    gen_node_set(a->arena, a->map, key, gen_node_int(a->arena, value));
}

/* Zero stands for unknown. */
static void put_known(const struct answer *a, const char *key, int64_t value)
{
    if (value > 0) {
        put_int(a, key, value);
    }
}

static void put_bool(const struct answer *a, const char *key, bool value)
{
    gen_node_set(a->arena, a->map, key, gen_node_bool(a->arena, value));
}

static void put_seconds(const struct answer *a, const char *key, double seconds)
{
    if (seconds > 0) { /* libav counts microseconds: more digits would be noise */
        gen_node_set(a->arena, a->map, key, gen_node_real(a->arena, round(seconds * 1e6) / 1e6));
    }
}

static void put_ratio(const struct answer *a, const char *key, int numerator, int denominator)
{
    struct answer ratio = {a->arena, gen_node_map(a->arena)};

    put_int(&ratio, "num", numerator);
    put_int(&ratio, "den", denominator);
    gen_node_set(a->arena, ratio.map, "value",
                 gen_node_real(a->arena, round(1e6 * numerator / denominator) / 1e6));
    gen_node_set(a->arena, a->map, key, ratio.map);
}

static void put_video(const struct answer *a, const struct gen_container *c,
                      const struct gen_facts *facts, bool is_picture)
{
    bool mirrored;
    int rotation = gen_orientation_degrees(c->orientation, &mirrored);

    put_int(a, "width", facts->width);
    put_int(a, "height", facts->height);
    put_int(a, "storedWidth", facts->stored_width);
    put_int(a, "storedHeight", facts->stored_height);
    put_int(a, "rotation", rotation);
    if (mirrored) {
        put_bool(a, "mirrored", true);
    }
    if (facts->sample_width != facts->sample_height) {
        put_ratio(a, "sampleAspect", facts->sample_width, facts->sample_height);
    }
    if (facts->frame_rate > 0 && !is_picture) {
        put_ratio(a, "frameRate", facts->frame_rate, facts->frame_rate_base);
    }
    put_text(a, "videoCodec", facts->video_codec);
    put_text(a, "pixelFormat", facts->pixel_format);
    put_text(a, "profile", facts->profile);
    put_text(a, "colorSpace", facts->color_space);
    put_text(a, "colorTransfer", facts->color_transfer);
    put_text(a, "colorPrimaries", facts->color_primaries);
    put_text(a, "colorRange", facts->color_range);
    put_bool(a, "hasAlpha", facts->has_alpha);
}

/* `counts` is NULL when not everything was decoded. */
static void put_facts(const struct answer *a, const struct gen_container *c,
                      const struct gen_sniff_format *format, const struct gen_decode_counts *counts)
{
    struct gen_facts facts;
    bool is_picture = format->kind == GEN_SNIFF_PICTURE;
    const char *sound_type = format->audio_type != NULL ? format->audio_type : format->media_type;

    gen_facts_read(c, &facts);
    put_text(a, "kind", is_picture ? "picture" : facts.has_video ? "video" : "audio");
    put_text(a, "mediaType", is_picture || facts.has_video ? format->media_type : sound_type);
    put_known(a, "size", (int64_t)c->source.size);
    put_seconds(a, "duration", facts.duration);
    if (!is_picture) {
        put_known(a, "bitRate", facts.bit_rate);
        put_int(a, "streams", facts.streams);
    }
    if (facts.has_video) {
        put_video(a, c, &facts, is_picture);
    }
    if (facts.has_audio) {
        put_text(a, "audioCodec", facts.audio_codec);
        put_known(a, "sampleRate", facts.sample_rate);
        put_known(a, "channels", facts.channels);
    }
    if (facts.has_video) { /* counted, else as the container says */
        put_known(a, "frames", counts != NULL ? counts->frames : facts.frames);
    }
    if (counts != NULL) {
        put_int(a, "decodeErrors", counts->errors);
    }
}

static void put_atoms(const struct answer *a, const struct gen_atoms *atoms)
{
    put_bool(a, "faststart", atoms->faststart);
    put_bool(a, "fragmented", atoms->fragmented);
    put_bool(a, "truncated", atoms->truncated);
    put_int(a, "editLists", atoms->edit_lists);
}

static enum gen_status prove(struct gen_container *c, enum gen_probe_decode decode,
                             struct gen_decode_counts *counts, struct gen_error *err)
{
    switch (decode) {
    case GEN_PROBE_DECODE_ALL:
        return gen_decode_all(c, counts, err);
    case GEN_PROBE_DECODE_FIRST:
        return gen_decode_first(c, err);
    default:
        return GEN_OK;
    }
}

static enum gen_status probe_media(const struct gen_media_source *source,
                                   const struct gen_sniff_format *format,
                                   const struct gen_container_limits *limits,
                                   enum gen_probe_decode decode, const struct answer *a,
                                   struct gen_error *err)
{
    struct gen_container *c = NULL;
    struct gen_decode_counts counts = {0};
    struct gen_atoms atoms = {0};
    bool is_mov = format->demuxer != NULL && strcmp(format->demuxer, "mov") == 0;
    enum gen_status status;

    if (is_mov) {
        gen_atoms_read(source, &atoms);
        if (!atoms.index) {
            return gen_error_set(err, GEN_EINVAL,
                                 "the %s file has no index (moov): it was cut off "
                                 "while it was written or sent",
                                 format->name);
        }
    }
    status = gen_container_open(source, format, limits, &c, err);
    if (status == GEN_OK) {
        status = prove(c, decode, &counts, err);
    }
    if (status == GEN_OK) {
        put_facts(a, c, format, decode == GEN_PROBE_DECODE_ALL ? &counts : NULL);
    }
    if (status == GEN_OK && is_mov) {
        put_atoms(a, &atoms);
    }
    gen_container_close(&c);
    return status == GEN_OK ? GEN_OK : gen_error_within(err, "%s", format->name);
}

static enum gen_status check_picture(const struct gen_media_source *source,
                                     const struct gen_sniff_format *format,
                                     const struct gen_container_limits *limits,
                                     struct gen_error *err)
{
    struct gen_extent extent;
    enum gen_status status = gen_extent_read(source, format, &extent, err);

    if (status != GEN_OK) {
        return status;
    }
    if ((uint64_t)extent.width * extent.height > (uint64_t)limits->max_pixels) {
        return gen_error_set(err, GEN_ETOOLARGE,
                             "a picture of %u x %u pixels is more than the %lld "
                             "allowed; make it smaller",
                             extent.width, extent.height, (long long)limits->max_pixels);
    }
    if (extent.animated) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "animated WebP is not supported; use a GIF, a "
                             "video or a single picture");
    }
    return GEN_OK;
}

enum gen_status gen_probe_recognize(const struct gen_media_source *source,
                                    const struct gen_container_limits *limits,
                                    const struct gen_sniff_format **out, struct gen_error *err)
{
    uint8_t *head = gen_alloc(GEN_SNIFF_HEAD);
    enum gen_status status = GEN_OK;
    int64_t got;

    if (head == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    got = gen_media_source_read(source, 0, head, GEN_SNIFF_HEAD);
    if (got < 0) {
        status = gen_error_set(err, GEN_EIO, "the file cannot be read");
    } else if (got == 0) {
        status = gen_error_set(err, GEN_EINVAL, "the file is empty");
    } else {
        *out = gen_sniff_bytes(head, (size_t)got, (uint64_t)got == source->size);
        if ((*out)->kind == GEN_SNIFF_PICTURE) {
            status = check_picture(source, *out, limits, err);
        }
    }
    gen_free(head);
    return status;
}

enum gen_status gen_probe_read(const struct gen_media_source *source,
                               const struct gen_container_limits *limits,
                               enum gen_probe_decode decode, struct gen_arena *arena,
                               struct gen_node **out, struct gen_error *err)
{
    struct answer a = {arena, gen_node_map(arena)};
    const struct gen_sniff_format *format;
    enum gen_status status = gen_probe_recognize(source, limits, &format, err);

    if (status != GEN_OK) {
        return status;
    }
    if (format->demuxer != NULL || format->decoder != NULL) {
        status = probe_media(source, format, limits, decode, &a, err);
    } else {
        put_text(&a, "kind",
                 format->kind == GEN_SNIFF_FONT   ? "font"
                 : format->kind == GEN_SNIFF_TEXT ? "text"
                                                  : "unknown");
        put_text(&a, "mediaType", format->media_type);
        put_known(&a, "size", (int64_t)source->size);
    }
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        *out = a.map;
    }
    return status;
}
