/* readiness.h - can a provider be used at all: has it settings that it accepts, and a credential?
 *
 * Thread: [loop]; may read the files of credentials. Floor: engine. Tests: tests/unit/engine/checkup_test.c
 */
#ifndef GEN_ENGINE_READINESS_H
#define GEN_ENGINE_READINESS_H

#include "base/record.h"
#include "engine/terms.h"

/* NULL: it can. Else why not, in one sentence in `arena` (a constant one without memory). A provider that
 * declares several credentials can be used when one of them is there. `owner`: for whom, as in
 * gen_keyring_find_for. */
const char *gen_readiness_trouble(const struct gen_engine_options *options,
                                  const struct gen_hosted *hosted,
                                  const struct gen_keyring_owner *owner, struct gen_arena *arena);

/* The names of the stored secrets that it lacks: those of the first credential it declares, where none is
 * complete; none while it can be used. In `arena`; without memory some may be missing. */
void gen_readiness_missing(const struct gen_engine_options *options,
                           const struct gen_hosted *hosted, const struct gen_keyring_owner *owner,
                           struct gen_arena *arena, struct gen_texts *out);

#endif
