/* key_token.h - the text of an API key: "gen_sk_", 43 letters for 256 random bits, 6 for a checksum.
 *
 * The prefix is for people and for scanners that look for leaked secrets; the checksum tells a mistyped
 * key from one that is unknown without asking anybody. What is kept is the digest: with 256 random
 * bits nothing is gained by salting it or by making it slow.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/key_token_test.c
 */
#ifndef GEN_PLATFORM_KEY_TOKEN_H
#define GEN_PLATFORM_KEY_TOKEN_H

#include "platform/crypto.h"

#define GEN_KEY_TOKEN_PREFIX "gen_sk_"

enum {
    GEN_KEY_TOKEN_RANDOM = 32, /* bytes */
    GEN_KEY_TOKEN_LENGTH = 7 + 43 + 6,
    GEN_KEY_TOKEN_SIZE = GEN_KEY_TOKEN_LENGTH + 1,
    GEN_KEY_TOKEN_HINT = 4, /* last letters, which may be shown */
};

enum gen_key_token {
    GEN_KEY_TOKEN_OTHER = 0, /* no key of ours */
    GEN_KEY_TOKEN_MISTYPED,  /* begins like one, but letters are missing or wrong */
    GEN_KEY_TOKEN_WHOLE,
};

/* A new one; wipe it when it was shown. */
void gen_key_token_make(const struct gen_random *random, char out[GEN_KEY_TOKEN_SIZE]);
enum gen_key_token gen_key_token_look(const char *text);
/* What is stored of it, and looked for. */
void gen_key_token_digest(const char *text, char out[GEN_DIGEST_TEXT_SIZE]);

#endif
