/* token_check_fuzz.c - no bytes are a session token that a key has not signed, whatever they look like; and no bytes
 * that are taken for a key set break anything. */
/* fuzz-runs: 200000 */
#include "platform/token_check.h"

#include "base/alloc.h"
#include "platform/crypto.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The public half of tests/data/signing/account.pem. */
static const char key_text[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsvDEIdbMiGI0XGSWfgEh\n"
    "3rAXKGRFr02A3o0bMlRhMhzMJ9kVWLoiv+b5LNbnj0H869l17M9T1GHV8bDn2xKV\n"
    "mxR5tS0F9QGR4UJiZlKA2A8YDt4+NJKUFgk+tfT+eK6YRcCwLtzKroRG4kSmRvCi\n"
    "2+hy6Bm5jxhPlFkPnXztPCM2KLfLFr0L4XuQYL+df2A6FQqbXatSDYqsZ9Fu0G1D\n"
    "W07fPHhod16C+o99LbFiDZ/FK+15b1vp9HveGndqkJxYqHMcC331ruom541RyZB1\n"
    "9llkcnqakbxxaRMhI6ZnajiTo8wgKSG4MWhOMvqT7o+12zURIhXXuTH6mRBs9bMK\n"
    "NQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct gen_token_rules rules = {.leeway_ms = GEN_TOKEN_LEEWAY_MS};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_token_keys *keys = NULL, *set = NULL;
    const struct gen_node *claims = NULL;
    struct gen_error err = {0};
    char *token = gen_arena_strndup(arena, (const char *)data, size);

    GEN_CHECK(gen_token_keys_of_pem(key_text, sizeof key_text - 1, &keys, &err) == GEN_OK);
    GEN_CHECK(gen_token_check(keys, &rules, token, 1, arena, &claims, &err) == GEN_EDENIED);
    GEN_CHECK(claims == NULL && err.message[0] != '\0');
    if (gen_token_keys_of_set((const char *)data, size, &set, &err) == GEN_OK) {
        GEN_CHECK(gen_token_keys_count(set) > 0 && gen_token_keys_count(set) <= GEN_TOKEN_KEYS_MOST);
    }
    gen_token_keys_destroy(set);
    gen_token_keys_destroy(keys);
    gen_arena_destroy(arena);
    return 0;
}
