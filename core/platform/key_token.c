/* key_token.c - see key_token.h. */
#include "platform/key_token.h"

#include <string.h>

enum { PREFIX = 7, BODY = 43, SUM = 6 };

/* The first letters of the digest of prefix and body. */
static void token_sum(const char *text, char out[SUM])
{
    char digest[GEN_DIGEST_TEXT_SIZE];

    gen_digest_of(text, PREFIX + BODY, digest);
    memcpy(out, digest, SUM);
}

void gen_key_token_make(const struct gen_random *random, char out[GEN_KEY_TOKEN_SIZE])
{
    memcpy(out, GEN_KEY_TOKEN_PREFIX, PREFIX);
    gen_crypto_token(random, GEN_KEY_TOKEN_RANDOM, out + PREFIX, BODY + 1);
    token_sum(out, out + PREFIX + BODY);
    out[GEN_KEY_TOKEN_LENGTH] = '\0';
}

enum gen_key_token gen_key_token_look(const char *text)
{
    char sum[SUM];

    if (strncmp(text, GEN_KEY_TOKEN_PREFIX, PREFIX) != 0) {
        return GEN_KEY_TOKEN_OTHER;
    }
    if (strlen(text) != GEN_KEY_TOKEN_LENGTH) {
        return GEN_KEY_TOKEN_MISTYPED;
    }
    token_sum(text, sum);
    return memcmp(sum, text + PREFIX + BODY, SUM) == 0 ? GEN_KEY_TOKEN_WHOLE
                                                       : GEN_KEY_TOKEN_MISTYPED;
}

void gen_key_token_digest(const char *text, char out[GEN_DIGEST_TEXT_SIZE])
{
    gen_digest_of(text, strlen(text), out);
}
