/* media_probe_fuzz.c - any bytes probed from memory give an answer or an error, never a crash.
 *
 * Our own readers (sniff, extent, atoms) are instrumented; libav is the distribution's and is only
 * exercised. Inputs: tests/fuzz/corpus/media_probe, one small file of each kind.
 */
/* fuzz-runs: 15000 */
#include "base/error.h"
#include "media/probe.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct gen_container_limits limits = {
        .max_pixels = 65536, .max_streams = 8, .max_duration = 60};
    struct gen_arena *arena = gen_arena_create(1024 * 1024);
    struct gen_media_source source;
    struct gen_node *node = NULL;
    struct gen_error err = {.status = GEN_OK};
    enum gen_status status;

    if (arena == NULL) {
        return 0;
    }
    gen_media_source_memory(data, size, &source);
    status = gen_probe_read(&source, &limits, GEN_PROBE_DECODE_FIRST, arena, &node, &err);
    GEN_CHECK(status == GEN_OK ? gen_node_get(node, "kind") != NULL : err.message[0] != '\0');
    gen_arena_destroy(arena);
    return 0;
}
