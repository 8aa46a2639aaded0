/* ident.c - see ident.h. */
#include "base/ident.h"

#include <string.h>

enum { IDENT_BODY = 26, IDENT_BYTES = 16, IDENT_PREFIX = 3 };

static const char ident_alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static const char *ident_prefix(enum gen_ident_kind kind)
{
    static const char *const prefixes[] = {"",
#define IDENT_PREFIX_ROW(name, prefix, word) prefix,
                                           GEN_IDENT_TABLE(IDENT_PREFIX_ROW)
#undef IDENT_PREFIX_ROW
    };

    GEN_CHECK((size_t)kind > 0 && (size_t)kind < GEN_COUNT(prefixes));
    return prefixes[kind];
}

void gen_ident_make(enum gen_ident_kind kind, gen_moment now, const uint8_t *random,
                    struct gen_ident *out)
{
    uint8_t bytes[IDENT_BYTES];
    char *body = out->text + IDENT_PREFIX + 1;

    for (int i = 0; i < 6; i++) {
        bytes[i] = (uint8_t)((uint64_t)now >> (40 - 8 * i));
    }
    memcpy(bytes + 6, random, GEN_IDENT_RANDOM);
    memset(out, 0, sizeof(*out));
    memcpy(out->text, ident_prefix(kind), IDENT_PREFIX);
    out->text[IDENT_PREFIX] = '_';
    /* 130 bits for 128: the first character carries three, each other one five. */
    for (int i = 0; i < IDENT_BODY; i++) {
        unsigned value = 0;

        for (int bit = i * 5 - 2; bit < i * 5 + 3; bit++) {
            value <<= 1;
            if (bit >= 0) {
                value |= (unsigned)(bytes[bit / 8] >> (7 - bit % 8)) & 1u;
            }
        }
        body[i] = ident_alphabet[value];
    }
}

bool gen_ident_valid(enum gen_ident_kind kind, const char *text)
{
    const char *body;

    if (text == NULL || strnlen(text, GEN_IDENT_SIZE) != IDENT_PREFIX + 1 + IDENT_BODY) {
        return false;
    }
    if (memcmp(text, ident_prefix(kind), IDENT_PREFIX) != 0 || text[IDENT_PREFIX] != '_') {
        return false;
    }
    body = text + IDENT_PREFIX + 1;
    return body[0] >= '0' && body[0] <= '7' && strspn(body, ident_alphabet) == IDENT_BODY;
}

bool gen_ident_copy(enum gen_ident_kind kind, const char *text, struct gen_ident *out)
{
    bool valid = gen_ident_valid(kind, text);

    if (!valid) {
        out->text[0] = '\0';
    } else if (text != out->text) {
        memset(out, 0, sizeof(*out));
        memcpy(out->text, text, IDENT_PREFIX + 1 + IDENT_BODY + 1);
    }
    return valid;
}
