/* jwt.c - JSON Web Tokens as a provider judges them; see dialect.h. */
#include "simulator/dialect.h"

#include "platform/crypto.h"
#include "platform/json_reader.h"

#include <sodium.h>
#include <string.h>

/* One base64url part as JSON; NULL = it is not. */
static const struct gen_node *jwt_part(struct gen_arena *arena, const char *text, size_t size)
{
    char *bytes = gen_arena_alloc(arena, size + 1);
    const struct gen_node *node = NULL;
    struct gen_error ignored;
    size_t got = 0;

    if (bytes == NULL || size == 0 ||
        sodium_base642bin((unsigned char *)bytes, size + 1, text, size, NULL, &got, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        gen_json_read(bytes, got, NULL, arena, &node, &ignored) != GEN_OK) {
        return NULL;
    }
    return gen_node_type_of(node) == GEN_NODE_MAP ? node : NULL;
}

bool sim_jwt_read(struct sim_call *call, const char *token, const struct gen_node **header,
                  const struct gen_node **claims)
{
    const char *first = strchr(token, '.');
    const char *second = first == NULL ? NULL : strchr(first + 1, '.');

    if (second == NULL || strchr(second + 1, '.') != NULL) {
        return false;
    }
    *header = jwt_part(call->arena, token, (size_t)(first - token));
    *claims = jwt_part(call->arena, first + 1, (size_t)(second - first - 1));
    return *header != NULL && *claims != NULL;
}

static bool jwt_signed(const char *token, const char *secret)
{
    const char *dot = strrchr(token, '.');
    unsigned char ours[crypto_auth_hmacsha256_BYTES];
    unsigned char theirs[crypto_auth_hmacsha256_BYTES + 4];
    crypto_auth_hmacsha256_state state;
    size_t got = 0;

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)token, (size_t)(dot - token));
    crypto_auth_hmacsha256_final(&state, ours);
    return sodium_base642bin(theirs, sizeof(theirs), dot + 1, strlen(dot + 1), NULL, &got, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == sizeof(ours) && sodium_memcmp(ours, theirs, sizeof(ours)) == 0;
}

enum sim_jwt sim_jwt_judge(struct sim_call *call, const char *token, const char *secret)
{
    const struct gen_node *header, *claims;
    const double now = (double)call->now / 1000;

    if (!sim_jwt_read(call, token, &header, &claims)) {
        return SIM_JWT_MALFORMED;
    }
    if (strcmp(gen_node_text(gen_node_get(header, "alg"), ""), "HS256") != 0 ||
        strcmp(gen_node_text(gen_node_get(header, "typ"), "JWT"), "JWT") != 0) {
        return SIM_JWT_HEADER;
    }
    if (!jwt_signed(token, secret)) {
        return SIM_JWT_SIGNATURE;
    }
    if (gen_node_number(gen_node_get(claims, "nbf"), 0) > now) {
        return SIM_JWT_EARLY;
    }
    return gen_node_number(gen_node_get(claims, "exp"), 0) > now ? SIM_JWT_GOOD : SIM_JWT_EXPIRED;
}
