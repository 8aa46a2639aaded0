/* webhook_signature.c - see webhook_signature.h. */
#include "platform/webhook_signature.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

#define SECRET_PREFIX "whsec_"

enum {
    SECRET_LEAST = 24,
    SECRET_MOST = 64,
    BODY_MOST = 64 * 1024 * 1024,
    MEMORY_MOST = 8192, /* messages of ten minutes */
    SIGNATURES_MOST = 16,
};

/* ------------------------------------------------------------------------------------- secrets -- */

/* The bytes of a secret; *out is the caller's (gen_free, wiped). */
static enum gen_status secret_bytes(const char *secret, void **out, size_t *size,
                                    struct gen_error *err)
{
    size_t prefix = strlen(SECRET_PREFIX);
    enum gen_status status = GEN_EINVAL;

    *out = NULL;
    if (secret != NULL && strncmp(secret, SECRET_PREFIX, prefix) == 0) {
        status = gen_base64_decode(secret + prefix, strlen(secret + prefix), out, size);
    }
    if (status == GEN_OK && (*size < SECRET_LEAST || *size > SECRET_MOST)) {
        gen_crypto_wipe(*out, *size);
        gen_free(*out);
        *out = NULL;
        status = GEN_EINVAL;
    }
    if (status == GEN_EINVAL) {
        return gen_error_set(err, GEN_EINVAL,
                             "a signing secret is " SECRET_PREFIX
                             " followed by the base64 of %d to %d bytes",
                             SECRET_LEAST, SECRET_MOST);
    }
    return status == GEN_OK ? GEN_OK : gen_error_set(err, status, "no memory for a secret");
}

enum gen_status gen_webhook_secret_check(const char *secret, struct gen_error *err)
{
    void *bytes;
    size_t size = 0;
    enum gen_status status = secret_bytes(secret, &bytes, &size, err);

    if (status == GEN_OK) {
        gen_crypto_wipe(bytes, size);
        gen_free(bytes);
    }
    return status;
}

enum gen_status gen_webhook_secret_make(const struct gen_random *random, char *out,
                                        struct gen_error *err)
{
    uint8_t bytes[GEN_WEBHOOK_SECRET_BYTES];
    char *text = NULL;
    enum gen_status status;

    gen_random_fill(random, bytes, sizeof bytes);
    status = gen_base64_encode(bytes, sizeof bytes, &text);
    gen_crypto_wipe(bytes, sizeof bytes);
    if (status != GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a secret");
    }
    (void)snprintf(out, GEN_WEBHOOK_SECRET_SIZE, SECRET_PREFIX "%s", text);
    gen_crypto_wipe(text, strlen(text));
    gen_free(text);
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------- signing -- */

/* One signature as base64; *out is the caller's (gen_free). */
static enum gen_status sign_one(const char *secret, const struct gen_webhook_message *message,
                                char **out, struct gen_error *err)
{
    unsigned char code[GEN_HMAC_SIZE];
    struct gen_bytes text;
    void *key;
    size_t key_size = 0;
    enum gen_status status = secret_bytes(secret, &key, &key_size, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_bytes_init(&text, BODY_MOST);
    gen_bytes_printf(&text, "%s.%s.", message->id, message->timestamp);
    gen_bytes_append(&text, message->body, message->size);
    status = gen_bytes_status(&text);
    if (status == GEN_OK) {
        gen_crypto_hmac(key, key_size, text.data, text.size, code);
        status = gen_base64_encode(code, sizeof code, out);
    }
    gen_bytes_fini(&text);
    gen_crypto_wipe(key, key_size);
    gen_free(key);
    return status == GEN_OK ? GEN_OK : gen_error_set(err, status, "no memory for a signature");
}

enum gen_status gen_webhook_sign(const char *const *secrets, size_t count,
                                 const struct gen_webhook_message *message, struct gen_arena *arena,
                                 const char **out, struct gen_error *err)
{
    const char *all = "";
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < count && status == GEN_OK && all != NULL; i++) {
        char *code = NULL;

        if (secrets[i] == NULL || secrets[i][0] == '\0') {
            continue;
        }
        status = sign_one(secrets[i], message, &code, err);
        if (status == GEN_OK) {
            all = gen_arena_printf(arena, "%s%sv1,%s", all, all[0] != '\0' ? " " : "", code);
        }
        gen_free(code);
    }
    if (status == GEN_OK && all == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a signature");
    }
    *out = all;
    return status;
}

/* -------------------------------------------------------------------------------------- memory -- */

struct seen {
    char digest[GEN_DIGEST_TEXT_SIZE];
    int64_t until_s;
};

struct gen_webhook_memory { /* a ring, oldest first */
    size_t first, count;
    struct seen items[MEMORY_MOST];
};

struct gen_webhook_memory *gen_webhook_memory_create(void)
{
    return gen_alloc(sizeof(struct gen_webhook_memory));
}

void gen_webhook_memory_destroy(struct gen_webhook_memory *memory)
{
    gen_free(memory);
}

static enum gen_status memory_take(struct gen_webhook_memory *memory, const char *id, int64_t now_s,
                                   struct gen_error *err)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct seen *item;

    if (memory == NULL) {
        return GEN_OK;
    }
    gen_digest_of(id, strlen(id), digest);
    while (memory->count > 0 && memory->items[memory->first].until_s < now_s) {
        memory->first = (memory->first + 1) % MEMORY_MOST;
        memory->count--;
    }
    for (size_t i = 0; i < memory->count; i++) {
        if (strcmp(memory->items[(memory->first + i) % MEMORY_MOST].digest, digest) == 0) {
            return gen_error_set(err, GEN_ECONFLICT, "message %.60s was here before", id);
        }
    }
    if (memory->count == MEMORY_MOST) { /* to forget one would let it come again */
        return gen_error_set(err, GEN_EBUSY, "more than %d messages came in ten minutes",
                             MEMORY_MOST);
    }
    item = &memory->items[(memory->first + memory->count++) % MEMORY_MOST];
    memcpy(item->digest, digest, sizeof digest);
    item->until_s = now_s + 2 * GEN_WEBHOOK_TOLERANCE_S;
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------ checking -- */

static enum gen_status verify_time(const struct gen_webhook_message *message, int64_t now_s,
                                   struct gen_error *err)
{
    int64_t at = 0;

    if (message->timestamp == NULL || !gen_number_integer(message->timestamp, &at) || at < 0) {
        return gen_error_set(err, GEN_EINVAL, "webhook-timestamp is missing or no number");
    }
    if (at < now_s - GEN_WEBHOOK_TOLERANCE_S) {
        return gen_error_set(err, GEN_EDENIED, "the message is more than %d s old",
                             GEN_WEBHOOK_TOLERANCE_S);
    }
    if (at > now_s + GEN_WEBHOOK_TOLERANCE_S) {
        return gen_error_set(err, GEN_EDENIED, "the message is of the future; is a clock wrong?");
    }
    return GEN_OK;
}

/* Is `expected` among the signatures of version 1? Looks at all of them, found or not. */
static bool verify_among(const char *signatures, const char *expected)
{
    bool found = false;
    size_t looked_at = 0;

    while (*signatures != '\0' && looked_at++ < SIGNATURES_MOST) {
        size_t size = strcspn(signatures, " ");
        char one[96];

        if (size > 3 && size - 3 < sizeof one && strncmp(signatures, "v1,", 3) == 0) {
            memcpy(one, signatures + 3, size - 3);
            one[size - 3] = '\0';
            found = gen_crypto_equal(expected, one) || found;
        }
        signatures += size;
        signatures += strspn(signatures, " ");
    }
    return found;
}

enum gen_status gen_webhook_verify(const char *const *secrets, size_t count,
                                   const struct gen_webhook_message *message,
                                   const char *signatures, int64_t now_s,
                                   struct gen_webhook_memory *memory, struct gen_error *err)
{
    enum gen_status status = verify_time(message, now_s, err);
    bool good = false;

    if (message->id == NULL || message->id[0] == '\0' || signatures == NULL) {
        return gen_error_set(err, GEN_EINVAL, "webhook-id or webhook-signature is missing");
    }
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        char *expected = NULL;

        if (secrets[i] == NULL || secrets[i][0] == '\0') {
            continue;
        }
        status = sign_one(secrets[i], message, &expected, err);
        good = (status == GEN_OK && verify_among(signatures, expected)) || good;
        gen_free(expected);
    }
    if (status == GEN_OK && !good) {
        status = gen_error_set(err, GEN_EDENIED, "no signature is of a secret that is known here");
    }
    return status == GEN_OK ? memory_take(memory, message->id, now_s, err) : status;
}
