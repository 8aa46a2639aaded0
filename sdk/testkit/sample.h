/* sample.h - a brief as a question to a plugin, for the tools and tests that have no daemon.
 *
 * It fills the nouns that host/task.h borrows: every file that the brief names becomes an asset whose
 * kind and media type are guessed from the name; the files themselves are not opened.
 */
#ifndef GEN_TESTS_CONTRACT_SAMPLE_H
#define GEN_TESTS_CONTRACT_SAMPLE_H

#include "host/task.h"

struct sample {
    struct gen_arena *arena;
    struct gen_brief *brief;
    struct gen_asset *assets;
    size_t asset_count;
    struct gen_shot shot; /* its scenes, attempt and parameters may be changed freely */
};

/* Reads a brief from a document. GEN_EINVAL, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status sample_read(const struct gen_node *node, struct gen_arena *arena,
                                           struct sample *out, struct gen_error *err);

/* The same from JSON text, which must be right. */
void sample_of(const char *text, struct gen_arena *arena, struct sample *out);

/* The task of the sample's shot for a variation and a model. */
struct gen_task sample_task(const struct sample *sample, size_t variation, const char *model);

#endif
