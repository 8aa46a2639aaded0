/* outbound.h - the HTTP request of a step, checked from its URL to the parts of its body.
 *
 * It decides nothing about sending: which addresses may be reached, signing and retries are the
 * engine's. Invariant: no line break of a plugin gets into a header, no credential is named for a
 * host that the plugin did not declare, and a request that costs money comes from submit alone.
 *
 * Thread: [any]. Floor: host. Tests: tests/unit/host/customs_test.c
 */
#ifndef GEN_HOST_OUTBOUND_H
#define GEN_HOST_OUTBOUND_H

#include "host/step.h"

struct gen_hosted;
struct gen_provider_request; /* of the contract, as the next */
struct gen_provider_task;

/* Fills type and as.http of `out`. GEN_ECORRUPT: what breaks the contract, without provider and verb.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_outbound_take(const struct gen_hosted *hosted,
                                                 enum gen_verb verb,
                                                 const struct gen_provider_task *task,
                                                 const struct gen_provider_request *from,
                                                 struct gen_arena *arena, struct gen_step *out,
                                                 struct gen_error *err);

#endif
