/* failure.h - the closed set of ways an attempt can fail; policies and people use these words.
 *
 * The first nine cross the plugin contract with the same values; the engine adds the rest.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/failure_test.c
 */
#ifndef GEN_MODEL_FAILURE_H
#define GEN_MODEL_FAILURE_H

#include <stdbool.h>

/* name, value, word, meaning for people */
#define GEN_FAILURE_TABLE(ROW) \
    ROW(GEN_FAILURE_TRANSIENT, 1, "transient", "nothing was accepted; trying again helps") \
    ROW(GEN_FAILURE_RATE_LIMITED, 2, "rate_limited", "the provider asked for a slower pace") \
    ROW(GEN_FAILURE_QUOTA, 3, "quota", "credit or quota at the provider is used up") \
    ROW(GEN_FAILURE_AUTH, 4, "auth", "the provider does not accept the credential") \
    ROW(GEN_FAILURE_INVALID, 5, "invalid", "the provider refuses the parameters") \
    ROW(GEN_FAILURE_UNSUPPORTED, 6, "unsupported", "this model cannot render it") \
    ROW(GEN_FAILURE_MODERATED, 7, "moderated", "the provider refuses the content") \
    ROW(GEN_FAILURE_EXPIRED, 8, "expired", "the result is gone at the provider") \
    ROW(GEN_FAILURE_PROVIDER, 9, "provider", "the provider failed at its work") \
    ROW(GEN_FAILURE_AMBIGUOUS, 10, "ambiguous", "it may have been bought; nobody answered") \
    ROW(GEN_FAILURE_TIMEOUT, 11, "timeout", "no verdict came within the time allowed") \
    ROW(GEN_FAILURE_BUDGET, 12, "budget", "the budget does not allow another attempt") \
    ROW(GEN_FAILURE_CANCELED, 13, "canceled", "it was cancelled") \
    ROW(GEN_FAILURE_OUTPUT, 14, "output", "what came back is not a usable video")

enum gen_failure {
    GEN_FAILURE_NONE = 0,
#define GEN_FAILURE_ENUM(name, value, word, text) name = value,
    GEN_FAILURE_TABLE(GEN_FAILURE_ENUM)
#undef GEN_FAILURE_ENUM
};

const char *gen_failure_word(enum gen_failure failure);    /* "" for none */
const char *gen_failure_meaning(enum gen_failure failure); /* "" for none */
enum gen_failure gen_failure_of(const char *word);         /* NONE when unknown */

#endif
