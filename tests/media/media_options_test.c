/* media_options_test.c - command lines, right and wrong. */
#include "media/media_options.h"

#include "base/alloc.h"
#include "media/probe.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

enum { WORDS_MAX = 12 };

static enum gen_status parse(const struct gen_record *record, enum gen_media_options_style style,
                             const char *const *words, struct gen_arena *arena,
                             struct gen_media_options *out, struct gen_error *err)
{
    char **arguments = gen_arena_array(arena, WORDS_MAX + 1, sizeof(char *));
    size_t index;

    if (arguments == NULL) {
        return GEN_ENOMEM;
    }
    for (index = 0; words[index] != NULL; index++) {
        arguments[index] = (char *)(uintptr_t)words[index];
    }
    return gen_media_options_parse(record, style, arguments, arena, out, err);
}

static const struct {
    const char *words[WORDS_MAX];
    const char *message; /* part of it */
} wrong[] = {
    {{"--max-pixel", "3"}, "did you mean --max-pixels"},
    {{"--zzz"}, "unknown option --zzz"},
    {{"-d", "all"}, "two dashes"},
    {{"--max-pixels"}, "needs a value"},
    {{"--max-pixels", "12x"}, "not a number"},
    {{"--max-pixels", "1.5"}, "not a number"},
    {{"--max-pixels", "1", "--max-pixels=2"}, "twice"},
    {{"--max-streams=999"}, "between 1 and 256"},
    {{"--max-duration", "0"}, "between"},
    {{"--decode", "some"}, "some"},
    {{"--unconfined-ok=yes"}, "takes no value"},
};

Test(media_options, says_what_is_wrong)
{
    size_t index;

    for (index = 0; index < GEN_COUNT(wrong); index++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_media_options options;
        struct gen_error err = {.status = GEN_OK};

        cr_expect(eq(int,
                     (int)parse(&gen_media_options_probe, GEN_MEDIA_OPTIONS_MIXED,
                                wrong[index].words, arena, &options, &err),
                     GEN_EINVAL),
                  "case %zu", index);
        cr_expect(ne(ptr, strstr(err.message, wrong[index].message), NULL), "case %zu: %s", index,
                  err.message);
        gen_arena_destroy(arena);
    }
}

Test(media_options, fills_in_what_is_not_said)
{
    const char *const words[] = {NULL};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_media_options options;

    cr_assert(eq(
        int,
        (int)parse(&gen_media_options_probe, GEN_MEDIA_OPTIONS_MIXED, words, arena, &options, NULL),
        GEN_OK));
    cr_expect(eq(int, options.decode, GEN_PROBE_DECODE_FIRST));
    cr_expect(eq(i64, options.max_pixels, 67108864));
    cr_expect(eq(i64, options.memory_mb, 1024));
    cr_expect(eq(sz, options.operand_count, 0));
    gen_arena_destroy(arena);
}

Test(media_options, mixes_with_operands_until_two_dashes)
{
    const char *const words[] = {"a.mp4", "--decode=all", "--max-duration", "2.5", "--", "--decode",
                                 NULL};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_media_options options;

    cr_assert(eq(
        int,
        (int)parse(&gen_media_options_probe, GEN_MEDIA_OPTIONS_MIXED, words, arena, &options, NULL),
        GEN_OK));
    cr_expect(eq(int, options.decode, GEN_PROBE_DECODE_ALL));
    cr_expect(ieee_ulp_eq(dbl, options.max_duration, 2.5, 1));
    cr_assert(eq(sz, options.operand_count, 2));
    cr_expect(eq(str, options.operands[0], "a.mp4"));
    cr_expect(eq(str, options.operands[1], "--decode"));
    cr_expect(eq(ptr, options.operands[2], NULL));
    gen_arena_destroy(arena);
}

Test(media_options, leaves_the_other_programs_words_alone)
{
    const char *const words[] = {"--read", "a", "--read=b", "ffmpeg", "-i", "--write", NULL};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_media_options options;

    cr_assert(eq(
        int,
        (int)parse(&gen_media_options_run, GEN_MEDIA_OPTIONS_LEADING, words, arena, &options, NULL),
        GEN_OK));
    cr_assert(eq(sz, options.read.count, 2));
    cr_expect(eq(str, (char *)options.read.items[0], "a"));
    cr_expect(eq(str, (char *)options.read.items[1], "b"));
    cr_expect(eq(sz, options.write.count, 0));
    cr_assert(eq(sz, options.operand_count, 3));
    cr_expect(eq(str, options.operands[0], "ffmpeg"));
    cr_expect(eq(str, options.operands[2], "--write"));
    gen_arena_destroy(arena);
}

Test(media_options, help_needs_nothing_else)
{
    const char *const words[] = {"-h", NULL};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_media_options options;

    cr_assert(eq(int,
                 (int)parse(&gen_media_options_sheet, GEN_MEDIA_OPTIONS_MIXED, words, arena,
                            &options, NULL),
                 GEN_OK),
              "--out is required, but not for help");
    cr_expect(options.help);
    gen_arena_destroy(arena);
}

Test(media_options, survives_every_failing_allocation)
{
    const char *const words[] = {"--read", "a", "--cpu-seconds", "3", "--read=b", "ffmpeg", NULL};
    enum gen_status status = GEN_ENOMEM;
    long nth;

    for (nth = 1; status != GEN_OK; nth++) {
        struct gen_arena *arena;
        struct gen_media_options options;
        struct gen_error err = {.status = GEN_OK};

        cr_assert(lt(long, nth, 10000));
        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        status = arena == NULL ? GEN_ENOMEM
                               : parse(&gen_media_options_run, GEN_MEDIA_OPTIONS_LEADING, words,
                                       arena, &options, &err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth, err.message);
        gen_arena_destroy(arena);
    }
    cr_expect(gt(long, nth, 2), "nothing failed: nothing was tested");
}
