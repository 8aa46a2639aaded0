/* contest.h - what a decision is asked, and the contests in which models stand against each other.
 *
 * Values only; whoever decides fills them. A contest is about one variation, or about one scene
 * of one.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/decision_test.c
 */
#ifndef GEN_DECIDE_CONTEST_H
#define GEN_DECIDE_CONTEST_H

#include "decide/filter.h"
#include "model/brief.h"
#include "model/snapshot.h"
#include "policy/policy_set.h"

struct gen_contender;
struct gen_zones;

#define GEN_ALL_SCENES SIZE_MAX /* a contest for the whole storyboard */

/* ---- what is asked */

struct gen_quote {          /* of all shots of a contender */
    bool known;             /* false: there is no price; what follows is in budget.yaml */
    bool exact;             /* else an estimate */
    gen_micros price, most; /* expected; the dearest it can become, which is what is held */
    const char *basis;      /* "5 s at $0.05"; NULL = "" */
    size_t shots;           /* calls that it takes; 0 = one a scene (or one for the whole) */
    void *plan;             /* the quoter's own, handed back in the contender */
};

/* Asked once for each contender that the free filters left in. GEN_ENOMEM ends the decision;
 * any other failure rejects this contender with err's message ("needs an asset to be converted
 * first"). */
typedef enum gen_status gen_quote_call(void *context, const struct gen_contender *contender,
                                       struct gen_quote *out, struct gen_error *err);

struct gen_question { /* borrowed as long as the decision lives */
    const struct gen_brief *brief;
    const char *organization, *user; /* NULL = "" */
    const char *strategy; /* that the user names; NULL = the brief's; else the policy's */
    const struct gen_texts *deliver; /* delivery specs; NULL = the brief's */
    bool sandbox;
    gen_micros budget; /* limit of this job; 0 = the brief's, or else job_default of budget.yaml */
    const struct gen_policy_set *policy;
    const struct gen_snapshot *snapshot;
    const struct gen_zones *zones; /* for expressions with time zones; NULL = only UTC */
    gen_quote_call *quote;         /* NULL = the price book in providers/NAME.yaml */
    void *quote_context;
};

/* ---- who stands against whom */

struct gen_score_part { /* one score of routing.yaml for one contender */
    double value;       /* NAN when it has a fault */
    const char *fault;  /* NULL */
};

struct gen_contender {
    const struct gen_model *model;       /* corrected by the policy; in the decision's arena */
    const struct gen_model_state *state; /* of the snapshot */
    const struct gen_provider_state *provider;
    size_t model_index;                         /* in snapshot->models */
    size_t variation;                           /* index in the brief */
    size_t first_scene;                         /* of the brief */
    size_t scene_count;                         /* all of them, or 1 */
    enum gen_filter filter;                     /* that rejected it; NONE = it is in */
    const char *rejection;                      /* one sentence; NULL */
    const char *rule;                           /* the rule behind EXCLUDED and REQUIRED; NULL */
    uint32_t unmet;                             /* needs it does not meet */
    struct gen_quote quote;                     /* all zero where it was rejected before */
    double seconds, quality, reliability, load; /* expected */
    int32_t tier_gap;
    double tier_fit;
    const struct gen_score_part *scores; /* one for each of routing.yaml, in its order; NULL */
    double score;                        /* of the strategy; NAN */
    double weight;                       /* product of the weights of rules that prefer it */
    double total;          /* score times weight (divided by it where the score is negative); NAN */
    uint64_t preferred_by; /* bits: rules (the first 64) that prefer it */
    size_t rank;           /* 1 = best of its contest; 0 = rejected */
    size_t name_rank;      /* place in the brief's list of models, from 1; 0 = not named */
    bool chosen;
};

struct gen_contest {
    size_t variation;
    size_t scene; /* index, or GEN_ALL_SCENES */
    int32_t tier; /* asked for */
    uint32_t needs;
    struct gen_contender *contenders; /* as the models stand in the snapshot */
    size_t contender_count;
    const struct gen_contender **chosen; /* best first; several run in parallel */
    size_t chosen_count;
};

/* The strategy that somebody asked for; NULL = nobody did. */
const char *gen_contest_asked(const struct gen_question *question);

/* Why there would be no larger budget to pay `needed`: "the budget of the organization has $3.00 left".
 * NULL: there would be one (or there is no memory, which the arena remembers). */
const char *gen_contest_ceiling(const struct gen_question *question, gen_micros needed,
                                struct gen_arena *arena);

/* "runway/gen4.5" in `arena`. */
const char *gen_contest_model_name(const struct gen_model *model, struct gen_arena *arena);

/* Does one call take all scenes? */
bool gen_contest_whole(const struct gen_contender *contender);
/* Calls, and the length of the longest; the end card belongs to a call that takes the whole
 * storyboard. */
size_t gen_contest_shots(const struct gen_contender *contender);
int64_t gen_contest_shot_ms(const struct gen_brief *brief, const struct gen_contender *contender,
                            size_t shot);
int64_t gen_contest_longest_ms(const struct gen_brief *brief,
                               const struct gen_contender *contender);
size_t gen_contest_in(const struct gen_contest *contest); /* how many are still in */
int gen_contest_bits(uint32_t bits);                      /* how many are set */

#endif
