/* web_token.c - see web_token.h. */
#include "platform/web_token.h"

#include "base/alloc.h"
#include "base/json.h"
#include "platform/crypto.h"
#include "platform/signature.h"

#include <stdio.h>
#include <string.h>

static enum gen_status token_no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory");
}

/* base64url(header) "." base64url(claims), the caller's. */
static enum gen_status token_unsigned(const struct gen_node *header, const struct gen_node *claims,
                                      struct gen_arena *arena, char **out)
{
    const struct gen_node *parts[] = {header, claims};
    char *texts[2] = {NULL, NULL};
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < 2 && status == GEN_OK; i++) {
        size_t size = 0;
        const char *json = gen_json_text(arena, parts[i], &size);

        status = json == NULL ? GEN_ENOMEM : gen_base64_url_encode(json, size, &texts[i]);
    }
    if (status == GEN_OK) {
        *out = gen_arena_printf(arena, "%s.%s", texts[0], texts[1]);
        status = *out == NULL ? GEN_ENOMEM : GEN_OK;
    }
    gen_free(texts[0]);
    gen_free(texts[1]);
    return status;
}

/* text "." base64url(signature), in hidden memory. */
static enum gen_status token_close(const char *text, const void *signature, size_t size, char **out,
                                   struct gen_error *err)
{
    char *end = NULL;
    enum gen_status status = gen_base64_url_encode(signature, size, &end);
    size_t room = status == GEN_OK ? strlen(text) + 1 + strlen(end) + 1 : 0;
    char *token = status == GEN_OK ? gen_crypto_hide(room) : NULL;

    if (token != NULL) {
        snprintf(token, room, "%s.%s", text, end);
        *out = token;
    }
    gen_crypto_wipe(end, end == NULL ? 0 : strlen(end));
    gen_free(end);
    return token == NULL ? token_no_memory(err) : GEN_OK;
}

static struct gen_node *token_header(struct gen_arena *arena, const char *algorithm,
                                     const char *key_id)
{
    struct gen_node *header = gen_node_map(arena);

    gen_node_set(arena, header, "alg", gen_node_string(arena, algorithm));
    gen_node_set(arena, header, "typ", gen_node_string(arena, "JWT"));
    if (key_id[0] != '\0') {
        gen_node_set(arena, header, "kid", gen_node_string(arena, key_id));
    }
    return gen_arena_failed(arena) ? NULL : header;
}

enum gen_status gen_web_token_hs256(const struct gen_node *claims, const void *secret,
                                    size_t secret_size, char **out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *header = arena == NULL ? NULL : token_header(arena, "HS256", "");
    unsigned char signature[GEN_HMAC_SIZE];
    char *text = NULL;
    enum gen_status status = GEN_ENOMEM;

    if (header == NULL || token_unsigned(header, claims, arena, &text) != GEN_OK) {
        (void)token_no_memory(err);
        goto done;
    }
    gen_crypto_hmac(secret, secret_size, text, strlen(text), signature);
    status = token_close(text, signature, sizeof(signature), out, err);
    gen_crypto_wipe(signature, sizeof(signature));
done:
    gen_arena_destroy(arena);
    return status;
}

enum gen_status gen_web_token_rs256(const struct gen_node *claims, const char *pem, size_t pem_size,
                                    const char *key_id, char **out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *header = arena == NULL ? NULL : token_header(arena, "RS256", key_id);
    unsigned char *signature = NULL;
    size_t size = 0;
    char *text = NULL;
    enum gen_status status = GEN_ENOMEM;

    if (header == NULL || token_unsigned(header, claims, arena, &text) != GEN_OK) {
        (void)token_no_memory(err);
        goto done;
    }
    status = gen_signature_rs256(pem, pem_size, text, strlen(text), &signature, &size, err);
    if (status == GEN_OK) {
        status = token_close(text, signature, size, out, err);
    }
done:
    gen_free(signature);
    gen_arena_destroy(arena);
    return status;
}
