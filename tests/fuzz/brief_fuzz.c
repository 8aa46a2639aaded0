/* brief_fuzz.c - what a stranger can send to POST /v1/jobs: body, form and key, up to the brief.
 * The first byte chooses JSON or YAML. A brief that is taken is written and read again: it must say
 * the same, or a stored job could not be loaded. */
/* fuzz-runs: 150000 */
#include "base/json.h"
#include "model/brief.h"
#include "platform/crypto.h"
#include "service/jobs_api.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void brief_again(const struct gen_brief *brief, struct gen_arena *arena)
{
    const char *first = gen_json_text(arena, gen_brief_write(brief, arena), NULL);
    char digest[GEN_DIGEST_TEXT_SIZE];
    const struct gen_node *node = NULL;
    struct gen_brief *again = NULL;
    struct gen_error err = {0};
    const char *second;

    GEN_CHECK(gen_jobs_read("application/json", first, strlen(first), arena, &node, digest,
                            &err) == GEN_OK);
    GEN_CHECK(gen_brief_read(node, arena, &again, &err) == GEN_OK);
    second = gen_json_text(arena, gen_brief_write(again, arena), NULL);
    GEN_CHECK(strcmp(first, second) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(0);
    char digest[GEN_DIGEST_TEXT_SIZE];
    const struct gen_node *node = NULL;
    struct gen_brief *brief = NULL;
    struct gen_error err = {0};
    const char *type;

    if (size == 0 || gen_crypto_init(&err) != GEN_OK) {
        gen_arena_destroy(arena);
        return 0;
    }
    type = data[0] % 2 == 0 ? "application/json" : "application/yaml";
    if (gen_jobs_read(type, (const char *)data + 1, size - 1, arena, &node, digest, &err) ==
            GEN_OK &&
        gen_brief_read(node, arena, &brief, &err) == GEN_OK) {
        brief_again(brief, arena);
    }
    gen_arena_destroy(arena);
    return 0;
}
