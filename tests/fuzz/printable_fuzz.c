/* printable_fuzz.c - whatever comes from elsewhere reaches a terminal, or the name of a file, only
 * harmless: valid UTF-8, no controls, no separators, never wider than asked. The first byte is the
 * width. */
/* fuzz-runs: 80000 */
#include "cli/download.h"
#include "cli/printable.h"
#include "base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void harmless(const char *text, size_t size)
{
    uint32_t codepoint;

    for (size_t at = 0; at < size;) {
        size_t taken = gen_utf8_next(text + at, size - at, &codepoint);

        GEN_CHECK(taken > 0 && codepoint >= ' ' && (codepoint < 0x7f || codepoint > 0x9f));
        GEN_CHECK(codepoint < 0x2028 || codepoint > 0x202e);
        GEN_CHECK(codepoint < 0x2066 || codepoint > 0x2069);
        at += taken;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(0);
    char *text = gen_arena_strndup(arena, (const char *)data + (size > 0), size - (size > 0));
    size_t columns = size > 0 ? data[0] : 0;
    struct gen_bytes all, fitted;
    const char *name;

    gen_bytes_init(&all, 16 << 20);
    gen_bytes_init(&fitted, 16 << 20);
    gen_printable_add(&all, text);
    harmless(all.data != NULL ? all.data : "", all.size);
    GEN_CHECK(gen_printable_width(all.data != NULL ? all.data : "") == gen_printable_width(text));
    GEN_CHECK(gen_printable_fit(&fitted, text, columns) <= columns);
    harmless(fitted.data != NULL ? fitted.data : "", fitted.size);
    name = gen_download_name(arena, text);
    harmless(name, strlen(name));
    GEN_CHECK(name[0] != '\0' && name[0] != '.' && name[0] != '-' && strlen(name) <= 80);
    GEN_CHECK(strpbrk(name, "/\\ ") == NULL);
    gen_bytes_fini(&all);
    gen_bytes_fini(&fitted);
    gen_arena_destroy(arena);
    return 0;
}
