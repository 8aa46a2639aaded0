/* key_token_test.c - core/platform/key_token.c: the form of a token, and that a mistyped one is told apart. */
#include <criterion/criterion.h>

#include "platform/key_token.h"

#include <string.h>

Test(key_token, form_and_checksum)
{
    char token[GEN_KEY_TOKEN_SIZE], other[GEN_KEY_TOKEN_SIZE], wrong[GEN_KEY_TOKEN_SIZE + 1];
    char digest[GEN_DIGEST_TEXT_SIZE], again[GEN_DIGEST_TEXT_SIZE];
    struct gen_error err;

    cr_assert(gen_crypto_init(&err) == GEN_OK);
    for (int n = 0; n < 200; n++) {
        gen_key_token_make(gen_random_real(), token);
        gen_key_token_make(gen_random_real(), other);
        cr_assert(strlen(token) == GEN_KEY_TOKEN_LENGTH && strncmp(token, "gen_sk_", 7) == 0);
        cr_assert(strcmp(token, other) != 0);
        cr_assert(gen_key_token_look(token) == GEN_KEY_TOKEN_WHOLE);
    }
    for (size_t i = 7; i < GEN_KEY_TOKEN_LENGTH; i++) { /* each letter counts */
        strcpy(wrong, token);
        wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
        cr_expect(gen_key_token_look(wrong) == GEN_KEY_TOKEN_MISTYPED, "letter %zu", i);
    }
    strcpy(wrong, token);
    strcat(wrong, "x");
    cr_expect(gen_key_token_look(wrong) == GEN_KEY_TOKEN_MISTYPED);
    wrong[GEN_KEY_TOKEN_LENGTH - 1] = '\0';
    cr_expect(gen_key_token_look(wrong) == GEN_KEY_TOKEN_MISTYPED);
    cr_expect(gen_key_token_look("gen_sk_") == GEN_KEY_TOKEN_MISTYPED);
    cr_expect(gen_key_token_look("") == GEN_KEY_TOKEN_OTHER);
    cr_expect(gen_key_token_look("GEN_SK_x") == GEN_KEY_TOKEN_OTHER);
    gen_key_token_digest(token, digest);
    gen_key_token_digest(token, again);
    cr_expect(strlen(digest) == 64 && strcmp(digest, again) == 0);
    gen_key_token_digest(other, again);
    cr_expect(strcmp(digest, again) != 0);
}
