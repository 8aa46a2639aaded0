/* filter.h - the closed set of what can keep a model out of a contest, with words for documents.
 *
 * NOT here: the tests themselves (sieve.h, ruling.h, scoring.h).
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/decision_test.c
 */
#ifndef GEN_DECIDE_FILTER_H
#define GEN_DECIDE_FILTER_H

/* name, word, help; in the order in which they are asked. Prices are known from PRICE on. */
#define GEN_FILTER_TABLE(ROW) \
    ROW(GEN_FILTER_NAMED, "named", "the brief names other models") \
    ROW(GEN_FILTER_READY, "ready", "the provider cannot be used (no credential, switched off)") \
    ROW(GEN_FILTER_ENABLED, "enabled", "providers/NAME.yaml leaves it out") \
    ROW(GEN_FILTER_END_OF_LIFE, "end_of_life", "the provider has switched it off") \
    ROW(GEN_FILTER_ACCESS, "access", "the plan in access.yaml does not allow it") \
    ROW(GEN_FILTER_SCENES, "scenes", "more scenes than it takes at once") \
    ROW(GEN_FILTER_DURATION, "duration", "longer than it renders at once") \
    ROW(GEN_FILTER_SIZE, "size", "larger than it renders, or another shape") \
    ROW(GEN_FILTER_FRAME_RATE, "frame_rate", "more frames a second than it renders") \
    ROW(GEN_FILTER_ASSETS, "assets", "more assets, or a longer prompt, than it takes") \
    ROW(GEN_FILTER_UNMET, "unmet", "it lacks a need and the strategy insists") \
    ROW(GEN_FILTER_QUALITY, "quality", "less expected quality than the strategy asks for") \
    ROW(GEN_FILTER_RELIABILITY, "reliability", "less expected success than the strategy asks for") \
    ROW(GEN_FILTER_BREAKER, "breaker", "the provider fails at the moment and is left alone") \
    ROW(GEN_FILTER_TIER, "tier", "its tier is too far from the one asked for") \
    ROW(GEN_FILTER_QUOTE, "quote", "the provider's plugin refuses this task") \
    ROW(GEN_FILTER_PRICE, "price", "there is no price for it, and budget.yaml refuses that") \
    ROW(GEN_FILTER_BUDGET, "budget", "it can cost more than the budget leaves for it") \
    ROW(GEN_FILTER_DEADLINE, "deadline", "it is expected to be done after the deadline") \
    ROW(GEN_FILTER_EXCLUDED, "excluded", "a rule of routing.yaml excludes it") \
    ROW(GEN_FILTER_REQUIRED, "required", "a rule of routing.yaml requires others") \
    ROW(GEN_FILTER_SCORE, "score", "its score cannot be worked out")

enum gen_filter {
    GEN_FILTER_NONE = 0,
#define GEN_FILTER_ENUM(name, word, help) name,
    GEN_FILTER_TABLE(GEN_FILTER_ENUM)
#undef GEN_FILTER_ENUM
        GEN_FILTER_END,
};

const char *gen_filter_word(enum gen_filter filter); /* NULL outside the set */
const char *gen_filter_help(enum gen_filter filter);

#endif
