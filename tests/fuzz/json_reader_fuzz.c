/* json_reader_fuzz.c - any bytes are read or refused with a reason; what is read survives being
 * written and read again. */
/* fuzz-runs: 350000 */
#include "base/json.h"
#include "platform/json_reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    const struct gen_node *again = NULL;
    struct gen_error err = {0};
    size_t length = 0;

    if (gen_json_read((const char *)data, size, "fuzz", arena, &node, &err) == GEN_OK) {
        char *once = gen_json_text(arena, node, &length);
        char *twice;

        GEN_CHECK(gen_json_read(once, length, "again", arena, &again, &err) == GEN_OK);
        twice = gen_json_text(arena, again, NULL);
        GEN_CHECK(strcmp(once, twice) == 0);
    } else {
        GEN_CHECK(err.status != GEN_OK && err.message[0] != '\0');
        GEN_CHECK(node == NULL);
    }
    gen_arena_destroy(arena);
    return 0;
}
