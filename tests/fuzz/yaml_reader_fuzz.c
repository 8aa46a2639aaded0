/* yaml_reader_fuzz.c - any bytes are read or refused with a reason; what is read can be written as
 * JSON, which is read by both readers. */
/* fuzz-runs: 250000 */
#include "base/json.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    const struct gen_node *again = NULL;
    struct gen_error err = {0};
    size_t length = 0;

    if (gen_yaml_read((const char *)data, size, "fuzz", arena, &node, &err) == GEN_OK) {
        char *json = gen_json_text(arena, node, &length);
        enum gen_status status = gen_json_read(json, length, "again", arena, &again, &err);

        /* JSON text here may not hold NUL, YAML text may. */
        GEN_CHECK(status == GEN_OK || status == GEN_EINVAL);
    } else {
        GEN_CHECK(err.status != GEN_OK && err.message[0] != '\0');
        GEN_CHECK(node == NULL);
    }
    gen_arena_destroy(arena);
    return 0;
}
