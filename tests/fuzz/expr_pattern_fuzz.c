/* expr_pattern_fuzz.c - any pattern on any text: it compiles or is refused with a message, and what
 * it has remembered never changes an answer. The pattern ends at the first 0xFF byte; the text
 * follows. */
/* fuzz-runs: 80000 */
#include "expr/pattern.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *border = size > 0 ? memchr(data, 0xFF, size) : NULL;
    size_t pattern_size = border != NULL ? (size_t)(border - data) : size;
    const char *text = border != NULL ? (const char *)border + 1 : "";
    size_t text_size = border != NULL ? size - pattern_size - 1 : 0;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_pattern *pattern = NULL, *fresh = NULL;
    struct gen_error err = {0};
    enum gen_status status =
        gen_pattern_compile((const char *)data, pattern_size, arena, &pattern, &err);

    if (status == GEN_OK) {
        bool first = gen_pattern_match(pattern, text, text_size);

        for (size_t cut = 0; cut < text_size && cut < 8; cut++) { /* remembers other things */
            (void)gen_pattern_match(pattern, text + cut, text_size - cut);
        }
        GEN_CHECK(gen_pattern_match(pattern, text, text_size) == first);
        GEN_CHECK(gen_pattern_compile((const char *)data, pattern_size, arena, &fresh, &err) ==
                  GEN_OK);
        GEN_CHECK(gen_pattern_match(fresh, text, text_size) == first);
    } else {
        GEN_CHECK(status == GEN_EINVAL || status == GEN_ELIMIT);
        GEN_CHECK(err.status == status && err.message[0] != '\0' && pattern == NULL);
    }
    gen_arena_destroy(arena);
    return 0;
}
