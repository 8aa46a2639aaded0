/* outputs_api_test.c - core/service/outputs_api.c: names of files that people typed, in a header. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "service/outputs_api.h"

#include <string.h>

static const struct {
    const char *title, *variation, *expected;
} cases[] = {
    {"Summer sale", "16x9",
     "inline; filename=\"Summer sale (16x9).mp4\"; "
     "filename*=UTF-8''Summer%20sale%20%2816x9%29.mp4"},
    /* a job without a title */
    {NULL, "1x1", "inline; filename=\"video (1x1).mp4\"; filename*=UTF-8''video%20%281x1%29.mp4"},
    {"", "1x1", "inline; filename=\"video (1x1).mp4\"; filename*=UTF-8''video%20%281x1%29.mp4"},
    /* quotes, line breaks, folders, hidden files */
    {"a\"b\r\nc/../d\\e", "x",
     "inline; filename=\"a-b--c-..-d-e (x).mp4\"; "
     "filename*=UTF-8''a%22b--c-..-d-e%20%28x%29.mp4"},
    {".profile", "x", "inline; filename=\"profile (x).mp4\"; filename*=UTF-8''profile%20%28x%29.mp4"},
    /* other scripts */
    {"\xc3\xa9t\xc3\xa9", "x",
     "inline; filename=\"-t- (x).mp4\"; filename*=UTF-8''%C3%A9t%C3%A9%20%28x%29.mp4"},
};

Test(outputs_api, disposition)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const char *text =
            gen_outputs_disposition(arena, cases[i].title, cases[i].variation, "mp4");

        cr_expect(strcmp(text, cases[i].expected) == 0, "%s", text);
        gen_arena_destroy(arena);
    }
}

/* However long a title is, the header stays short; without memory there is none. */
Test(outputs_api, bounds)
{
    struct gen_arena *arena = gen_arena_create(0);
    char title[5000];

    memset(title, '"', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    cr_expect(strlen(gen_outputs_disposition(arena, title, "x", "mp4")) < 1000);
    gen_alloc_fail_at(1);
    cr_expect(gen_outputs_disposition(arena, "x", "x", "mp4") == NULL);
    gen_alloc_fail_at(0);
    gen_arena_destroy(arena);
}
