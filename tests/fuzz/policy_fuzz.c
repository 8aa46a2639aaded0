/* policy_fuzz.c - any text as any policy file loads, or is refused with a reason and a place inside the
 * file; and what can be laid out says the same afterwards and is then stable.
 * The first byte chooses the file. */
/* fuzz-runs: 4000 */
#include "platform/crypto.h"
#include "policy/policy_format.h"
#include "policy/policy_set.h"

#include <stdlib.h>
#include <string.h>

static const struct gen_policy_source fuzz_files[] = {
    {"routing.yaml",
     "tiers: {simple: {tier: 1, from: 1}}\nscores: {s: -candidate.price}\n"
     "strategies: {balanced: {score: s}}\n", 0},
    {"retry.yaml", "kinds: {default: 3}\n", 0},
    {"budget.yaml", "jobDefault: 1\n", 0},
    {"quality.yaml", "weights: {motion: 1}\n", 0},
    {"schedule.yaml", "priorities: {high: 8, normal: 4, low: 1}\n", 0},
    {"access.yaml", "plan: all\nplans: {all: {}}\n", 0},
    {"providers/p.yaml", "id: p\n", 0},
    {"delivery/d.yaml", "id: d\nsources: [{url: u, date: undated, trust: A}]\ncheckedOn: \"2026-11-22\"\n", 0},
    {"brands/b.yaml", "id: b\nname: B\n", 0},
};

static void fuzz_load(size_t file, const char *text, size_t size)
{
    struct gen_policy_source sources[GEN_COUNT(fuzz_files)];
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    enum gen_status status;

    for (size_t i = 0; i < GEN_COUNT(fuzz_files); i++) {
        sources[i] = fuzz_files[i];
        sources[i].size = strlen(sources[i].text);
    }
    sources[file].text = text;
    sources[file].size = size;
    gen_policy_problems_init(&problems);
    status = gen_policy_compile(NULL, sources, GEN_COUNT(sources), NULL, &problems, &set, &err);
    if ((status == GEN_OK) != (set != NULL) || (status == GEN_OK && problems.mistakes > 0) ||
        (status == GEN_EINVAL && problems.mistakes == 0)) {
        abort();
    }
    for (size_t i = 0; i < problems.count; i++) {
        if (problems.items[i].error.message[0] == '\0' || problems.items[i].error.file[0] == '\0') {
            abort();
        }
    }
    gen_policy_destroy(set);
    gen_policy_problems_fini(&problems);
}

static void fuzz_format(const char *text, size_t size)
{
    struct gen_bytes once, twice;
    struct gen_error err = {0};

    gen_bytes_init(&once, 1 << 22);
    gen_bytes_init(&twice, 1 << 22);
    if (gen_policy_format(text, size, "f", &once, &err) == GEN_OK && once.size > 0 &&
        (gen_policy_format(once.data, once.size, "f", &twice, &err) != GEN_OK ||
         once.size != twice.size || memcmp(once.data, twice.data, once.size) != 0)) {
        abort();
    }
    gen_bytes_fini(&once);
    gen_bytes_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_error err = {0};

    if (size == 0 || size > 100000 || gen_crypto_init(&err) != GEN_OK) {
        return 0;
    }
    fuzz_load(data[0] % GEN_COUNT(fuzz_files), (const char *)data + 1, size - 1);
    fuzz_format((const char *)data + 1, size - 1);
    return 0;
}
