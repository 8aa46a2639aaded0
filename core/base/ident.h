/* ident.h - identifiers of our nouns: a prefix that names the noun, then 26 characters.
 *
 * The 26 characters are a ULID (48 bits of milliseconds, 80 random bits, Crockford base 32, lower
 * case; https://github.com/ulid/spec), so ids sort by age and cannot be guessed.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/ident_test.c
 */
#ifndef GEN_BASE_IDENT_H
#define GEN_BASE_IDENT_H

#include "base/moment.h"

#include <stdbool.h>

/* noun, prefix, word for people */
#define GEN_IDENT_TABLE(ROW) \
    ROW(GEN_IDENT_JOB, "gen", "job") \
    ROW(GEN_IDENT_STORYBOARD, "stb", "storyboard") \
    ROW(GEN_IDENT_PIPELINE, "pip", "pipeline") \
    ROW(GEN_IDENT_SHOT, "sht", "shot") \
    ROW(GEN_IDENT_ATTEMPT, "att", "attempt") \
    ROW(GEN_IDENT_OUTPUT, "out", "output") \
    ROW(GEN_IDENT_ASSET, "ast", "asset") \
    ROW(GEN_IDENT_LEDGER, "led", "ledger entry") \
    ROW(GEN_IDENT_BUDGET, "bud", "budget") \
    ROW(GEN_IDENT_EVENT, "evt", "event") \
    ROW(GEN_IDENT_STATEMENT, "cst", "statement") \
    ROW(GEN_IDENT_KEY, "key", "API key") \
    ROW(GEN_IDENT_WEBHOOK, "whk", "webhook") \
    ROW(GEN_IDENT_INVOICE, "inv", "invoice") \
    ROW(GEN_IDENT_BATCH, "bat", "batch")

enum gen_ident_kind {
    GEN_IDENT_NONE = 0,
#define GEN_IDENT_ENUM(name, prefix, word) name,
    GEN_IDENT_TABLE(GEN_IDENT_ENUM)
#undef GEN_IDENT_ENUM
};

enum {
    GEN_IDENT_SIZE = 32, /* "gen_" + 26 + NUL fits */
    GEN_IDENT_RANDOM = 10,
};

struct gen_ident {
    char text[GEN_IDENT_SIZE]; /* "" = none */
};

/* Builds one from an instant and GEN_IDENT_RANDOM random bytes. */
void gen_ident_make(enum gen_ident_kind kind, gen_moment now, const uint8_t *random,
                    struct gen_ident *out);

/* Is `text` a well-formed id of this kind? */
bool gen_ident_valid(enum gen_ident_kind kind, const char *text);

/* Copies a well-formed id; false and `out` empty when it is not one. */
bool gen_ident_copy(enum gen_ident_kind kind, const char *text, struct gen_ident *out);

#endif
