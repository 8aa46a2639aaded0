/* web_token_test.c - tokens that others would make too: vectors of jwt.io, RFC 4231 and the openssl program. */
#include "platform/web_token.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/signature.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define DATA GEN_SOURCE_DIR "/tests/data/signing/"

static void init(void)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
}

TestSuite(web_token, .init = init);

static char *read_file(const char *name)
{
    struct gen_bytes bytes;
    struct gen_error err = {0};
    char path[512];

    snprintf(path, sizeof path, "%s%s", DATA, name);
    gen_bytes_init(&bytes, 100000);
    cr_assert(eq(int, gen_files_read(path, &bytes, &err), GEN_OK), "%s", err.message);
    return gen_bytes_take(&bytes, NULL);
}

/* RFC 4231, test case 2. */
Test(web_token, hmac)
{
    static const unsigned char expected[GEN_HMAC_SIZE] = {
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75,
        0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec,
        0x38, 0x43};
    unsigned char out[GEN_HMAC_SIZE];

    gen_crypto_hmac("Jefe", 4, "what do ya want for nothing?", 28, out);
    cr_expect(eq(int, memcmp(out, expected, sizeof out), 0));
}

/* The example that jwt.io has shown for years. */
Test(web_token, hs256)
{
    static const char secret[] = "your-256-bit-secret";
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *claims = gen_node_map(arena);
    struct gen_error err = {0};
    char *token = NULL;

    gen_node_set(arena, claims, "sub", gen_node_string(arena, "1234567890"));
    gen_node_set(arena, claims, "name", gen_node_string(arena, "John Doe"));
    gen_node_set(arena, claims, "iat", gen_node_int(arena, 1516239022));
    cr_assert(eq(int, gen_web_token_hs256(claims, secret, strlen(secret), &token, &err), GEN_OK));
    cr_expect(eq(str, token,
                 "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4g"
                 "RG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"));
    gen_crypto_unhide(token);
    gen_arena_destroy(arena);
}

static struct gen_node *account_claims(struct gen_arena *arena)
{
    struct gen_node *claims = gen_node_map(arena);

    gen_node_set(arena, claims, "iss", gen_node_string(arena, "gen@test.example"));
    gen_node_set(arena, claims, "iat", gen_node_int(arena, 1516239022));
    return claims;
}

Test(web_token, rs256)
{
    struct gen_arena *arena = gen_arena_create(0);
    char *pem = read_file("account.pem"), *expected = read_file("token.txt"), *token = NULL;
    struct gen_error err = {0};

    expected[strcspn(expected, "\n")] = '\0';
    cr_assert(eq(int,
                 gen_web_token_rs256(account_claims(arena), pem, strlen(pem), "k1", &token, &err),
                 GEN_OK), "%s", err.message);
    cr_expect(eq(str, token, expected));
    gen_crypto_unhide(token);
    gen_free(pem);
    gen_free(expected);
    gen_arena_destroy(arena);
}

struct bad_key {
    const char *file; /* or */
    const char *text;
    const char *says;
};

Test(web_token, keys_that_are_none)
{
    static const struct bad_key rows[] = {
        {"curve.pem", NULL, "the private key is no RSA key"},
        {"short.pem", NULL, "the private key has 1024 bits, at least 2048 are needed"},
        {NULL, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
         "the private key cannot be read: "},
        {NULL, "", "the private key cannot be read: "},
    };
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        char *pem = rows[i].file != NULL ? read_file(rows[i].file) : gen_strdup(rows[i].text);
        struct gen_error err = {0};
        char *token = NULL;

        cr_expect(eq(int,
                     gen_web_token_rs256(account_claims(arena), pem, strlen(pem), "", &token, &err),
                     GEN_EINVAL));
        cr_expect(eq(int, strncmp(err.message, rows[i].says, strlen(rows[i].says)), 0), "%s",
                  err.message);
        gen_free(pem);
    }
    gen_arena_destroy(arena);
}

Test(web_token, every_allocation_may_fail)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *claims = account_claims(arena);
    char *pem = read_file("account.pem");
    struct gen_error err = {0};
    enum gen_status status;
    long nth = 0;
    char *token;

    do {
        token = NULL;
        gen_alloc_fail_at(++nth);
        status = gen_web_token_rs256(claims, pem, strlen(pem), "k1", &token, &err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_ENOMEM || status == GEN_OK, "%ld: %s", nth, err.message);
    } while (status != GEN_OK && nth < 100);
    cr_expect(gt(int, nth, 3));
    gen_crypto_unhide(token);
    for (nth = 0, status = GEN_ENOMEM; status != GEN_OK && nth < 100;) {
        token = NULL;
        gen_alloc_fail_at(++nth);
        status = gen_web_token_hs256(claims, "s", 1, &token, &err);
        gen_alloc_fail_at(0);
    }
    cr_expect(eq(int, status, GEN_OK));
    gen_crypto_unhide(token);
    gen_free(pem);
    gen_arena_destroy(arena);
}
