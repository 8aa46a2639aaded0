/* webhook_kinds.h - which events a webhook may be told of: patterns that mean something, and no
 * more than whoever sets it may see.
 *
 * Thread: [any]. Floor: service. Tests: tests/unit/service/webhook_kinds_test.c
 */
#ifndef GEN_SERVICE_WEBHOOK_KINDS_H
#define GEN_SERVICE_WEBHOOK_KINDS_H

#include "base/record.h"
#include "model/principal.h"

/* Patterns ("job.failed", "job.*") as they are stored, with a space between; "" = all kinds.
 * GEN_EINVAL: one that no kind fits. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_webhook_kinds_read(const struct gen_texts *events,
                                                      struct gen_arena *arena, const char **out,
                                                      struct gen_error *err);

/* Whoever may not see all that fits: patterns become the kinds of them that he may see.
 * GEN_EDENIED: one that is written out, or everything that a pattern fits. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_webhook_kinds_narrow(const struct gen_principal *principal,
                                                        struct gen_arena *arena, const char **kinds,
                                                        struct gen_error *err);

#endif
