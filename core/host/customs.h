/* customs.h - the customs: a step that came out of a plugin is looked at before it is used.
 *
 * What decides something (kind, host, file names, handle, money reported as final) must be right or
 * the step is refused; progress, waiting times and words for people are put right instead, and an
 * unknown kind of failure counts as the provider's.
 * Invariant: a struct gen_step that came through can be performed without further questions about
 * its form (whether it may be performed is the engine's matter).
 *
 * Thread: [any]. Floor: host. Tests: tests/unit/host/customs_test.c
 */
#ifndef GEN_HOST_CUSTOMS_H
#define GEN_HOST_CUSTOMS_H

#include "host/step.h"

struct gen_hosted;
struct gen_provider_step; /* of the contract, as the next */
struct gen_provider_task;

/* GEN_ECORRUPT: the step breaks the contract (the message says how, without provider and verb).
 * GEN_EUNSUPPORTED: it wants a program that is not installed. GEN_ENOMEM. `out` is unspecified on
 * failure. */
GEN_MUST_CHECK enum gen_status gen_customs_step(const struct gen_hosted *hosted, enum gen_verb verb,
                                                const struct gen_provider_task *task,
                                                const struct gen_provider_step *from,
                                                struct gen_arena *arena, struct gen_step *out,
                                                struct gen_error *err);

#endif
