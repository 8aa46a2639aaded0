/* probe_test.c - probing from memory: answers, files cut anywhere, allocations that fail. Whole
 * files of every kind are tests/media/media_test.sh's. */
#include "media/probe.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

static const struct gen_container_limits limits = {
    .max_pixels = 1000000, .max_streams = 8, .max_duration = 100};

/* One transparent pixel. */
static const uint8_t png[] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,   'I',  'H',
    'D',  'R',  0,    0,    0,    1,    0,    0,    0,    1,    8,    6,    0,    0,
    0,    0x1f, 0x15, 0xc4, 0x89, 0,    0,    0,    11,   'I',  'D',  'A',  'T',  0x78,
    0x9c, 0x63, 0x60, 0x00, 0x02, 0x00, 0x00, 0x05, 0x00, 0x01, 0x7a, 0x5e, 0xab, 0x3f,
    0,    0,    0,    0,    'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82};

/* 8000 samples a second, one channel, 16 bits, a tenth of a second of silence. */
enum { WAV_SIZE = 44 + 1600 };

static const uint8_t *wav(uint8_t *out)
{
    static const uint8_t head[44] = {'R', 'I', 'F',  'F',  0x64, 0x06, 0,    0,    'W',  'A', 'V',
                                     'E', 'f', 'm',  't',  ' ',  16,   0,    0,    0,    1,   0,
                                     1,   0,   0x40, 0x1f, 0,    0,    0x80, 0x3e, 0,    0,   2,
                                     0,   16,  0,    'd',  'a',  't',  'a',  0x40, 0x06, 0,   0};

    memset(out, 0, WAV_SIZE);
    memcpy(out, head, sizeof(head));
    return out;
}

static enum gen_status probe(const uint8_t *bytes, size_t size, struct gen_arena *arena,
                             struct gen_node **out, struct gen_error *err)
{
    struct gen_media_source source;

    *err = (struct gen_error){.status = GEN_OK};
    gen_media_source_memory(bytes, size, &source);
    return gen_probe_read(&source, &limits, GEN_PROBE_DECODE_ALL, arena, out, err);
}

Test(probe, a_picture_and_a_sound)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *node = NULL;
    struct gen_error err;
    uint8_t sound[WAV_SIZE];

    cr_assert(eq(int, (int)probe(png, sizeof(png), arena, &node, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(str, (char *)gen_node_text(gen_node_get(node, "kind"), ""), "picture"));
    cr_expect(eq(i64, gen_node_integer(gen_node_get(node, "width"), 0), 1));
    cr_expect(gen_node_truth(gen_node_get(node, "hasAlpha"), false));
    cr_assert(eq(int, (int)probe(wav(sound), WAV_SIZE, arena, &node, &err), GEN_OK), "%s",
              err.message);
    cr_expect(eq(str, (char *)gen_node_text(gen_node_get(node, "kind"), ""), "audio"));
    cr_expect(eq(i64, gen_node_integer(gen_node_get(node, "sampleRate"), 0), 8000));
    cr_expect(ieee_ulp_eq(dbl, gen_node_number(gen_node_get(node, "duration"), 0), 0.1, 4));
    gen_arena_destroy(arena);
}

/* Each prefix gives an answer or an error with words; the PNG's image data is needed whole. */
Test(probe, files_cut_anywhere)
{
    size_t size;

    for (size = 1; size < sizeof(png); size++) {
        struct gen_arena *arena = gen_arena_create(0);
        uint8_t *block = malloc(size);
        struct gen_node *node = NULL;
        struct gen_error err;
        enum gen_status status;

        memcpy(block, png, size);
        status = probe(block, size, arena, &node, &err);
        if (status == GEN_OK && size >= 24) {
            cr_expect(ge(sz, size, 41 + 11), "%zu bytes decode, though data is missing", size);
        }
        cr_expect(status == GEN_OK || err.message[0] != '\0', "%zu bytes", size);
        free(block);
        gen_arena_destroy(arena);
    }
}

Test(probe, refuses_what_passes_a_limit_by_one)
{
    struct gen_container_limits tight = limits;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_media_source source;
    struct gen_node *node;
    uint8_t large[sizeof(png)];

    memcpy(large, png, sizeof(png));
    large[19] = 3; /* 3 x 1 pixels */
    tight.max_pixels = 2;
    gen_media_source_memory(large, sizeof(large), &source);
    cr_expect(eq(int,
                 (int)gen_probe_read(&source, &tight, GEN_PROBE_DECODE_NONE, arena, &node, NULL),
                 GEN_ETOOLARGE));
    tight.max_pixels = 3;
    cr_expect(eq(int,
                 (int)gen_probe_read(&source, &tight, GEN_PROBE_DECODE_NONE, arena, &node, NULL),
                 GEN_OK));
    gen_arena_destroy(arena);
}

Test(probe, survives_every_failing_allocation)
{
    enum gen_status status = GEN_ENOMEM;
    long nth;

    for (nth = 1; status != GEN_OK; nth++) {
        struct gen_arena *arena;
        struct gen_node *node = NULL;
        struct gen_error err;

        cr_assert(lt(long, nth, 10000));
        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        status = arena == NULL ? GEN_ENOMEM : probe(png, sizeof(png), arena, &node, &err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth, err.message);
        gen_arena_destroy(arena);
    }
    cr_expect(gt(long, nth, 3), "nothing failed: nothing was tested");
}
