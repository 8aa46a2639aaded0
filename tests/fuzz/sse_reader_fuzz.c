/* sse_reader_fuzz.c - any stream of events gives the same events whole and in pieces, and never holds
 * more memory than its maximum. The first byte is the size of the pieces. */
/* fuzz-runs: 250000 */
#include "cli/sse_reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Order and content of all events, as one number. */
static void on_event(void *context, const char *type, const char *data, size_t size)
{
    uint64_t *sum = context;

    GEN_CHECK(type[0] != '\0' && strlen(type) < GEN_SSE_TYPE_SIZE);
    GEN_CHECK(data[size] == '\0');
    for (size_t i = 0; i <= size; i++) {
        *sum = (*sum ^ (unsigned char)data[i]) * UINT64_C(1099511628211);
    }
    for (; *type != '\0'; type++) {
        *sum = (*sum ^ (unsigned char)*type) * UINT64_C(1099511628211);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_sse_reader whole, pieces;
    uint64_t first = 1, second = 1;
    size_t step = size > 0 ? (size_t)data[0] + 1 : 1;
    const char *text = (const char *)data + (size > 0);

    size -= size > 0;
    gen_sse_init(&whole, on_event, &first);
    gen_sse_init(&pieces, on_event, &second);
    gen_sse_feed(&whole, text, size);
    for (size_t at = 0; at < size; at += step) {
        gen_sse_feed(&pieces, text + at, size - at < step ? size - at : step);
    }
    GEN_CHECK(first == second);
    GEN_CHECK(strcmp(whole.id, pieces.id) == 0);
    GEN_CHECK(whole.line.size <= GEN_SSE_EVENT_MOST && whole.data.size <= GEN_SSE_EVENT_MOST);
    gen_sse_fini(&whole);
    gen_sse_fini(&pieces);
    return 0;
}
