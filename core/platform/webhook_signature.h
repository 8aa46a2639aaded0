/* webhook_signature.h - Standard Webhooks signatures (standardwebhooks.com): making them, and checking them
 * with their time and against repeats.
 *
 * What is signed is "id.timestamp.body" with HMAC-SHA256; a header holds one signature for each secret
 * ("v1,<base64> v1,<base64>"), so that a secret can be rotated. A secret is "whsec_" and the base64 of 24
 * to 64 bytes.
 * Invariant: no error says anything of a secret; comparing takes the same time whatever differs.
 *
 * Thread: one at a time. Floor: platform. Tests: tests/unit/platform/webhook_signature_test.c
 */
#ifndef GEN_PLATFORM_WEBHOOK_SIGNATURE_H
#define GEN_PLATFORM_WEBHOOK_SIGNATURE_H

#include "base/arena.h"
#include "platform/crypto.h"

enum {
    GEN_WEBHOOK_TOLERANCE_S = 300, /* how far another clock may be off, or a message be old */
    GEN_WEBHOOK_SECRET_BYTES = 32, /* of a new secret */
    GEN_WEBHOOK_SECRET_SIZE = 128, /* room for any secret as text */
    GEN_WEBHOOK_SECRETS_MOST = 2,
};

/* A new secret; out: GEN_WEBHOOK_SECRET_SIZE. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_webhook_secret_make(const struct gen_random *random, char *out,
                                                       struct gen_error *err);
/* GEN_EINVAL: it is none, and what one looks like. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_webhook_secret_check(const char *secret, struct gen_error *err);

struct gen_webhook_message { /* texts as they stand in the headers */
    const char *id, *timestamp;
    const void *body;
    size_t size;
};

/* The value of webhook-signature, in `arena`, with a signature for each secret that is not "" or NULL.
 * GEN_EINVAL: a secret is none. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_webhook_sign(const char *const *secrets, size_t count,
                                                const struct gen_webhook_message *message,
                                                struct gen_arena *arena, const char **out,
                                                struct gen_error *err);

/* Remembers the ids of messages for as long as their time would be accepted. */
struct gen_webhook_memory;
struct gen_webhook_memory *gen_webhook_memory_create(void); /* NULL: no memory */
void gen_webhook_memory_destroy(struct gen_webhook_memory *memory);

/* Is the message from somebody who has one of the secrets, and of now? `signatures`: the header, any number
 * of them. `now_s`: seconds since the epoch. `memory` may be NULL: then repeats within the tolerance pass.
 * GEN_EDENIED: no, and why. GEN_ECONFLICT: it is right, but was here before. GEN_EBUSY: too many came to
 * remember them all. GEN_EINVAL: a header is missing or malformed, or a secret is. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_webhook_verify(const char *const *secrets, size_t count,
                                                  const struct gen_webhook_message *message,
                                                  const char *signatures, int64_t now_s,
                                                  struct gen_webhook_memory *memory,
                                                  struct gen_error *err);

#endif
