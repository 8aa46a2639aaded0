/* token_check_test.c - core/platform/token_check.c: what may be a key and a token at all, before any signature,
 * and good ones made with our own signer. The table of forged tokens is tests/clients/clerk_test.mjs's. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "base/json.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/token_check.h"
#include "platform/web_token.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1800000000000)

static void read_file(const char *name, struct gen_bytes *out)
{
    struct gen_error err = {0};

    gen_bytes_init(out, 64 * 1024);
    cr_assert(gen_files_read(name, out, &err) == GEN_OK, "%s", err.message);
}

static const struct gen_node *json(struct gen_arena *arena, const char *text)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    cr_assert(gen_json_read(text, strlen(text), NULL, arena, &node, &err) == GEN_OK, "%s",
              err.message);
    return node;
}

static const struct {
    const char *text;
    size_t count; /* 0 = refused */
} sets[] = {
    {"", 0},
    {"[]", 0},
    {"{}", 0},
    {"{\"keys\":[]}", 0},
    {"{\"keys\":7}", 0},
    /* no kid, no RSA, not for signatures, another algorithm, no modulus, one of 16 bits, an exponent of 1 */
    {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", 0},
    {"{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AQAB\"}]}", 0},
    {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"use\":\"enc\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", 0},
    {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"alg\":\"RS512\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", 0},
    {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"e\":\"AQAB\"}]}", 0},
    {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"wAAB\",\"e\":\"AQAB\"}]}", 0},
    {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"!!\",\"e\":\"AQAB\"}]}", 0},
    {"{\"keys\":[null,1,\"x\",[],{\"kty\":null,\"kid\":{}}]}", 0},
};

Test(token_check, key_sets)
{
    for (size_t i = 0; i < GEN_COUNT(sets); i++) {
        struct gen_token_keys *keys = NULL;
        struct gen_error err = {0};
        enum gen_status status = gen_token_keys_of_set(sets[i].text, strlen(sets[i].text), &keys,
                                                       &err);

        cr_expect(status == GEN_EINVAL && keys == NULL && err.message[0] != '\0', "case %zu: %d", i,
                  status);
    }
}

Test(token_check, no_pem)
{
    static const char *const cases[] = {
        "", "x", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKzz\n-----END PUBLIC KEY-----\n",
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_token_keys *keys = NULL;
        struct gen_error err = {0};

        cr_expect(gen_token_keys_of_pem(cases[i], strlen(cases[i]), &keys, &err) == GEN_EINVAL,
                  "case %zu", i);
    }
}

/* Made by our signer with a test's private key; checked with its public half. */
Test(token_check, ours_is_good_and_no_memory_is_told)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *claims =
        json(arena, "{\"sub\":\"user_1\",\"iss\":\"https://i\",\"exp\":1800000060,\"nbf\":1799999990}");
    const struct gen_token_rules rules = {.issuer = "https://i", .leeway_ms = GEN_TOKEN_LEEWAY_MS};
    struct gen_bytes private, public;
    struct gen_token_keys *keys = NULL;
    const struct gen_node *out = NULL;
    struct gen_error err = {0};
    char *token = NULL;
    enum gen_status status;
    long nth = 0;

    cr_assert(gen_crypto_init(&err) == GEN_OK);
    read_file(GEN_SOURCE_DIR "/tests/data/signing/account.pem", &private);
    read_file(GEN_SOURCE_DIR "/tests/data/signing/account.pub", &public);
    cr_assert(gen_token_keys_of_pem(public.data, public.size, &keys, &err) == GEN_OK, "%s",
              err.message);
    cr_assert(gen_web_token_rs256(claims, private.data, private.size, "k", &token, &err) == GEN_OK,
              "%s", err.message);
    do {
        struct gen_arena *own = gen_arena_create(0);

        gen_alloc_fail_at(++nth);
        status = gen_token_check(keys, &rules, token, NOW, own, &out, &err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, err.message);
        cr_assert(status != GEN_OK ||
                  strcmp(gen_node_text(gen_node_get(out, "sub"), ""), "user_1") == 0);
        gen_arena_destroy(own);
    } while (status != GEN_OK);
    cr_assert(nth > 5);
    /* to the second: at its end and the leeway it is over */
    cr_expect(gen_token_check(keys, &rules, token, 1800000064999, arena, &out, &err) == GEN_OK);
    cr_expect(gen_token_check(keys, &rules, token, 1800000065000, arena, &out, &err) == GEN_EDENIED);
    cr_expect(gen_token_check(keys, &rules, token, 1799999985000, arena, &out, &err) == GEN_OK);
    cr_expect(gen_token_check(keys, &rules, token, 1799999984999, arena, &out, &err) == GEN_EDENIED);
    /* every letter of it counts */
    for (size_t i = 0; token[i] != '\0'; i++) {
        char was = token[i];

        token[i] = was == 'A' ? 'B' : 'A';
        cr_expect(gen_token_check(keys, &rules, token, NOW, arena, &out, &err) == GEN_EDENIED,
                  "letter %zu", i);
        token[i] = was;
    }
    gen_crypto_unhide(token);
    gen_token_keys_destroy(keys);
    gen_bytes_fini(&private);
    gen_bytes_fini(&public);
    gen_arena_destroy(arena);
}
