/* snapshot.h - the world as a decision sees it: models with what they did for us, providers and
 * how they are doing, the team and its money, the time.
 *
 * The engine fills it from the store, the loader and its lanes; tests, `gen policy explain` and
 * replays read it from a document (gen_snapshot_read). It holds no prices: they are quoted, see
 * decide/decision.h. What is not known is NAN (shares, rates), GEN_SNAPSHOT_NO_LIMIT (money) or
 * 0 (counts).
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/decide/snapshot_test.c
 */
#ifndef GEN_MODEL_SNAPSHOT_H
#define GEN_MODEL_SNAPSHOT_H

#include "base/choice.h"
#include "base/record.h"
#include "model/registry.h"

#define GEN_SNAPSHOT_NO_LIMIT ((gen_micros)-1)

enum gen_breaker { GEN_BREAKER_CLOSED = 1, GEN_BREAKER_HALF_OPEN, GEN_BREAKER_OPEN };

struct gen_model_state {
    const struct gen_model *model; /* as its plugin declares it; the policy corrects a copy */
    int64_t attempts;              /* finished ones that are remembered; 0 = new */
    double success_rate;           /* 0..1; NAN */
    double quality;                /* mean assessed, 0..10; NAN */
    double speed;                  /* measured seconds for one second of video; NAN */
    double price_error;            /* mean of (bill - estimate) / estimate; NAN */
    double rejected;               /* share of outputs; NAN */
    int64_t bill_ppm; /* dearest recent bill in millionths of the price list; 0 = none was above */
};

struct gen_provider_state {
    const char *id;
    const char *unready;    /* one sentence why it cannot be used at all (no credential); NULL */
    double health;          /* 0 down .. 1 well */
    int breaker;            /* enum gen_breaker */
    int64_t running, queue; /* our generations there */
    int64_t capacity;       /* most at once; 0 = what the policy says, then what its models say */
    double success_rate;    /* of recent attempts; NAN */
    double share;           /* of all work of the last day, 0..1 */
    bool off_peak;
    int64_t volume_s; /* seconds bought this month */
};

struct gen_team_state {
    const char *id;    /* organization; NULL = the question's */
    const char *plan;  /* NULL = what access.yaml says */
    gen_micros budget; /* lowest limit that applies; GEN_SNAPSHOT_NO_LIMIT */
    gen_micros spent, held;
    gen_micros remaining; /* GEN_SNAPSHOT_NO_LIMIT */
    int64_t running, waiting, jobs_today;
};

struct gen_snapshot { /* borrowed by the decision as long as it lives */
    gen_moment now;
    uint64_t seed; /* decides between equals where the policy's tie-breaks do not */
    const struct gen_model_state *models;
    size_t model_count;
    const struct gen_provider_state *providers; /* one that is missing is well and idle */
    size_t provider_count;
    struct gen_team_state team;
};

extern const struct gen_choice gen_breaker_choices[]; /* closed half_open open */
extern const struct gen_record gen_snapshot_record;   /* the keys, for reference documents */

/* A provider, a model, a team of which nothing is known: well, idle, no limit. */
struct gen_provider_state gen_snapshot_provider_state(const char *id);
struct gen_model_state gen_snapshot_model_state(const struct gen_model *model);
struct gen_team_state gen_snapshot_team_state(void);

/* NULL when it is not there. */
const struct gen_provider_state *gen_snapshot_provider(const struct gen_snapshot *snapshot,
                                                       const char *id);

/* NULL when it is not there. */
const struct gen_model_state *gen_snapshot_model(const struct gen_snapshot *snapshot,
                                                 const char *provider, const char *model);

/* From a document: now, seed, team{}, providers{NAME: {}}, models{"provider/id": {declared
 * figures and `history: {}`}}. In `arena`; the texts of `node` are not borrowed. GEN_EINVAL
 * with place, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_snapshot_read(const struct gen_node *node,
                                                 struct gen_arena *arena, struct gen_snapshot **out,
                                                 struct gen_error *err);
/* The same document back, so that a decision can be repeated later. */
struct gen_node *gen_snapshot_write(const struct gen_snapshot *snapshot, struct gen_arena *arena);

#endif
