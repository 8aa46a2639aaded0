/* policy_facts.h - what policy expressions may name: the job, the team, a scene, a model, its provider, its
 * history, a candidate, a failure, an output, and the time.
 *
 * Each fact is one row of a table here; the row gives the index, the type that the checker knows and
 * the reference. Whoever decides fills the values; this room does not decide.
 *
 * Money is in dollars and time in seconds (double, as people write them); counts are int. A fact that
 * is not known stays unbound: has(job.deadlineIn) is false and reading it is a fault.
 * Invariant: the variables of a smaller domain are the first ones of the larger (JOB, CANDIDATE,
 * SCORE), so one array of values serves them all.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_facts_test.c
 */
#ifndef GEN_POLICY_POLICY_FACTS_H
#define GEN_POLICY_POLICY_FACTS_H

#include "expr/expression.h"

/* NAME, "name", type (of gen_type_*), help. MAYBE: it is not always known. Facts with a closed set of
 * words have a type that names them (policy_facts.c, policy_vocabulary.h), and a comparison with any other
 * is a mistake. */
#define GEN_FACTS_JOB(ROW, MAYBE) \
    ROW(ORGANIZATION, "organization", string, "Organization that pays.") \
    ROW(PROJECT, "project", string, "Project, \"\" when the brief names none.") \
    ROW(USER, "user", string, "Who asked for it.") \
    ROW(TITLE, "title", string, "Title of the ad, \"\" when there is none.") \
    ROW(TAGS, "tags", strings, "Tags of the brief.") \
    ROW(LANGUAGE, "language", string, "Language (BCP 47), \"\" when the brief names none.") \
    ROW(PRIORITY, "priority", priority, "low, normal or high.") \
    ROW(STRATEGY, "strategy", string, "Strategy that the brief asks for.") \
    MAYBE(BUDGET, "budget", double, "Dollars it may cost; unbound when the brief names none.") \
    MAYBE(DEADLINE_IN, "deadlineIn", double, "Seconds to the deadline; unbound without one.") \
    ROW(URGENCY, "urgency", double, \
        "Time it normally takes over time left: 0 without a deadline, 1 just in time, above 1 " \
        "late.") \
    ROW(COMPLEXITY, "complexity", double, "1.0 to 10.0; 0 while signals are being worked out.") \
    ROW(TIER, "tier", asked_tier, "Tier that the complexity asks for, 1 to 3; 0 before.") \
    ROW(NEEDS, "needs", needs, "What a model must be able to do: \"avatar\", \"lip_sync\".") \
    ROW(DURATION, "duration", double, "Seconds of video, end card included.") \
    ROW(SCENE_COUNT, "sceneCount", int, "Scenes.") \
    ROW(SCENES, "scenes", scenes, "The scenes, in order.") \
    ROW(WIDTH, "width", int, "Pixels of the widest variation.") \
    ROW(HEIGHT, "height", int, "Pixels of the highest variation.") \
    ROW(RESOLUTION, "resolution", resolution, \
        "Size of the largest variation: 480p 720p 1080p 1440p 4k.") \
    ROW(FRAME_RATE, "frameRate", double, "Highest frame rate of a variation.") \
    ROW(VARIATION_COUNT, "variationCount", int, "Videos to be made of the storyboard.") \
    ROW(MODELS, "models", strings, "Models that the brief names; empty lets the router choose.") \
    ROW(DELIVER, "deliver", strings, "Delivery specs that the brief names.") \
    ROW(BRAND, "brand", string, "Name of the brand, \"\" when the brief names none.") \
    ROW(HAS_MUSIC, "hasMusic", bool, "Does the sound have music?") \
    ROW(PRESENTER_SHARE, "presenterShare", double, \
        "Share of scenes in which a presenter is seen, 0 to 1.") \
    ROW(DIALOGUE_SHARE, "dialogueShare", double, "Share of scenes with spoken words, 0 to 1.") \
    ROW(OVERLAY_SHARE, "overlayShare", double, "Share of scenes with text on screen, 0 to 1.") \
    ROW(SUPPLIED_SHARE, "suppliedShare", double, \
        "Share of scenes made of supplied pictures, 0 to 1.") \
    ROW(GENERATED_SHARE, "generatedShare", double, \
        "Share of scenes whose pictures must be generated, 0 to 1.") \
    ROW(SANDBOX, "sandbox", bool, "A trial run: nothing is paid.")

#define GEN_FACTS_TEAM(ROW, MAYBE) \
    ROW(ID, "id", string, "Organization or team.") \
    ROW(PLAN, "plan", string, "Its plan in access.yaml.") \
    MAYBE(BUDGET, "budget", double, \
          "Dollars of the lowest limit that applies this period; unbound without one.") \
    ROW(SPENT, "spent", double, "Dollars charged this period.") \
    ROW(HELD, "held", double, "Dollars held for running jobs.") \
    MAYBE(REMAINING, "remaining", double, "Dollars left; unbound without a limit.") \
    ROW(RUNNING, "running", int, "Generations that run now.") \
    ROW(WAITING, "waiting", int, "Generations that wait.") \
    ROW(JOBS_TODAY, "jobsToday", int, "Jobs since midnight, in the time zone of budget.yaml.")

#define GEN_FACTS_SCENE(ROW, MAYBE) \
    ROW(ID, "id", string, "\"scene_1\", or what the brief says.") \
    ROW(INDEX, "index", int, "0 is the first.") \
    ROW(PROMPT, "prompt", string, "What is asked for.") \
    ROW(STYLE, "style", string, "Its style, \"\" when there is none.") \
    ROW(DIALOGUE, "dialogue", string, "Spoken words, \"\" when there are none.") \
    ROW(DURATION, "duration", double, "Seconds.") \
    ROW(PRESENTER, "presenter", bool, "Is a presenter seen?") \
    ROW(OVERLAY_COUNT, "overlayCount", int, "Texts on screen.") \
    ROW(ASSET_COUNT, "assetCount", int, "Pictures and footage supplied.") \
    ROW(GENERATED, "generated", bool, "Must its pictures be generated?") \
    ROW(COMPLEXITY, "complexity", double, "Of this scene alone, 1.0 to 10.0.") \
    ROW(TIER, "tier", asked_tier, "Tier that this scene asks for, 1 to 3.") \
    ROW(NEEDS, "needs", needs, "What a model must be able to do for this scene.")

#define GEN_FACTS_MODEL(ROW, MAYBE) \
    ROW(ID, "id", string, "\"runway/gen4.5\".") \
    ROW(PROVIDER, "provider", string, "\"runway\".") \
    ROW(NAME, "name", string, "\"gen4.5\".") \
    ROW(TIER, "tier", tier, "1 fast and cheap, 2 balanced, 3 premium.") \
    ROW(QUALITY, "quality", double, "Declared quality, 0 to 10.") \
    ROW(SPEED, "speed", double, "Seconds of waiting for one second of video.") \
    ROW(NEEDS, "needs", needs, "What it can do.") \
    ROW(MIN_DURATION, "minDuration", double, "Shortest shot, seconds.") \
    ROW(MAX_DURATION, "maxDuration", double, "Longest shot, seconds.") \
    ROW(MAX_WIDTH, "maxWidth", int, "Pixels.") \
    ROW(MAX_HEIGHT, "maxHeight", int, "Pixels.") \
    ROW(MAX_FRAME_RATE, "maxFrameRate", double, "Frames a second.") \
    ROW(AUDIO, "audio", bool, "Does it make sound?") \
    ROW(WHOLE_STORYBOARD, "wholeStoryboard", bool, "Does it take all scenes in one call?") \
    ROW(IDEMPOTENT, "idempotent", bool, "Can a submission be repeated without a second bill?") \
    MAYBE(END_OF_LIFE_IN, "endOfLifeIn", double, \
          "Seconds until it is switched off; unbound when unknown.")

#define GEN_FACTS_PROVIDER(ROW, MAYBE) \
    ROW(ID, "id", string, "\"runway\".") \
    ROW(HEALTH, "health", double, "0 down to 1 well, from recent answers.") \
    ROW(BREAKER, "breaker", breaker, \
        "closed (in use), half_open (being tried) or open (left alone).") \
    ROW(RUNNING, "running", int, "Our generations that run there.") \
    ROW(QUEUE, "queue", int, "Our generations that wait for a place there.") \
    ROW(CAPACITY, "capacity", int, "Most that may run at once.") \
    ROW(LOAD, "load", double, "(running + queue) / capacity.") \
    ROW(SUCCESS_RATE, "successRate", double, "Share of recent attempts that succeeded, 0 to 1.") \
    ROW(SHARE, "share", double, "Its share of all work of the last day, 0 to 1.") \
    ROW(OFF_PEAK, "offPeak", bool, "Is now in one of its off-peak windows?") \
    ROW(VOLUME, "volume", double, "Seconds bought there this month: what bulk rates count.")

#define GEN_FACTS_HISTORY(ROW, MAYBE) \
    ROW(ATTEMPTS, "attempts", int, \
        "Finished attempts on this model that are remembered; 0 = new.") \
    MAYBE(SUCCESS_RATE, "successRate", double, \
          "Share that succeeded; unbound when attempts is 0.") \
    MAYBE(QUALITY, "quality", double, \
          "Mean assessed quality, 0 to 10; unbound when none was assessed.") \
    MAYBE(SPEED, "speed", double, \
          "Measured seconds of waiting for one second of video; unbound when attempts is 0.") \
    MAYBE(PRICE_ERROR, "priceError", double, \
          "Mean of (bill - estimate) / estimate; unbound when unknown.") \
    MAYBE(REJECTED, "rejected", double, \
          "Share of outputs that people or rules rejected; unbound when unknown.")

#define GEN_FACTS_CANDIDATE(ROW, MAYBE) \
    ROW(PRICE, "price", double, "Expected dollars for this job (or scene) on this model.") \
    ROW(MOST, "most", double, "Dollars at most, retries included: what is held.") \
    ROW(EXACT, "exact", bool, "Is the price exact, not an estimate?") \
    ROW(SECONDS, "seconds", double, "Expected seconds until it is done, queue included.") \
    ROW(QUALITY, "quality", double, \
        "Expected quality, 0 to 10: history's where there is enough, else the declared.") \
    ROW(RELIABILITY, "reliability", double, "Expected share of success, 0 to 1.") \
    ROW(UNMET, "unmet", int, "Needs that it does not meet.") \
    ROW(TIER_GAP, "tierGap", int, "Its tier less the tier asked for: negative is too weak.") \
    ROW(TIER_FIT, "tierFit", double, "1 when the tier fits, 0.5 one off, 0 two off.") \
    ROW(SHOTS, "shots", int, "Calls that it takes.") \
    ROW(LOAD, "load", double, "provider.load.")

#define GEN_FACTS_FIELD(ROW, MAYBE) \
    ROW(COUNT, "count", int, "Candidates that are still in.") \
    ROW(LOWEST_PRICE, "lowestPrice", double, "Dollars.") \
    ROW(HIGHEST_PRICE, "highestPrice", double, "Dollars.") \
    ROW(LOWEST_SECONDS, "lowestSeconds", double, "Of expected time.") \
    ROW(HIGHEST_SECONDS, "highestSeconds", double, "Of expected time.") \
    ROW(HIGHEST_QUALITY, "highestQuality", double, "0 to 10.")

#define GEN_FACTS_FAILURE(ROW, MAYBE) \
    ROW(KIND, "kind", failure, "transient, rate_limited, quota, auth, invalid, ...") \
    ROW(PROVIDER, "provider", string, "Where it happened.") \
    ROW(MODEL, "model", string, "\"runway/gen4.5\".") \
    ROW(ATTEMPTS, "attempts", int, "Attempts of this shot so far, the failed one included.") \
    ROW(ON_PROVIDER, "onProvider", int, "Failures in a row on this provider.") \
    ROW(JOB_RETRIES, "jobRetries", int, "Retries of the whole job so far.") \
    ROW(BILLED, "billed", bool, "Was it, or may it have been, billed?") \
    ROW(PRICE, "price", double, "Dollars another attempt would cost.") \
    ROW(JOB_AGE, "jobAge", double, "Seconds since the job was admitted.")

#define GEN_FACTS_OUTPUT(ROW, MAYBE) \
    MAYBE(QUALITY, "quality", double, \
          "The one number, 0 to 10; unbound when nothing was assessed.") \
    ROW(SCORES, "scores", scores, "Sub-scores by name, 0 to 10: output.scores.motion.") \
    ROW(MODEL, "model", string, "\"runway/gen4.5\".") \
    ROW(PROVIDER, "provider", string, "\"runway\".") \
    ROW(ATTEMPTS, "attempts", int, "Attempts that it took.") \
    ROW(REGENERATIONS, "regenerations", int, "How often it was made anew for its quality.") \
    ROW(DURATION, "duration", double, "Seconds.") \
    ROW(WIDTH, "width", int, "Pixels.") \
    ROW(HEIGHT, "height", int, "Pixels.") \
    ROW(FRAME_RATE, "frameRate", double, "Frames a second.") \
    ROW(DECODE_ERRORS, "decodeErrors", int, "Frames that could not be read.") \
    ROW(LONGEST_FREEZE, "longestFreeze", double, "Seconds.") \
    ROW(LONGEST_BLACK, "longestBlack", double, "Seconds.") \
    MAYBE(LOUDNESS, "loudness", double, "Integrated LUFS; unbound without sound.") \
    MAYBE(TRUE_PEAK, "truePeak", double, "dBTP; unbound without sound.") \
    MAYBE(FLASHING, "flashing", double, "Photosensitivity badness; unbound when not assessed.") \
    MAYBE(UNSAFE, "unsafe", double, \
          "Highest content safety score, 0 to 1; unbound when not assessed.") \
    MAYBE(BRAND_DISTANCE, "brandDistance", double, \
          "Worst colour distance to the palette (Delta E 2000); unbound when not assessed.") \
    ROW(MISSING_TEXTS, "missingTexts", strings, "Mandatory words that were not found.") \
    ROW(VIOLATIONS, "violations", strings, "Delivery rules that it breaks.")

/* Indexes: GEN_FACT_JOB_BUDGET, ... GEN_FACT_JOB_SIZE. */
#define GEN_FACTS_INDEX(SUBJECT, NAME) GEN_FACT_##SUBJECT##_##NAME
#define GEN_FACTS_JOB_ROW(NAME, name, type, help) GEN_FACTS_INDEX(JOB, NAME),
#define GEN_FACTS_TEAM_ROW(NAME, name, type, help) GEN_FACTS_INDEX(TEAM, NAME),
#define GEN_FACTS_SCENE_ROW(NAME, name, type, help) GEN_FACTS_INDEX(SCENE, NAME),
#define GEN_FACTS_MODEL_ROW(NAME, name, type, help) GEN_FACTS_INDEX(MODEL, NAME),
#define GEN_FACTS_PROVIDER_ROW(NAME, name, type, help) GEN_FACTS_INDEX(PROVIDER, NAME),
#define GEN_FACTS_HISTORY_ROW(NAME, name, type, help) GEN_FACTS_INDEX(HISTORY, NAME),
#define GEN_FACTS_CANDIDATE_ROW(NAME, name, type, help) GEN_FACTS_INDEX(CANDIDATE, NAME),
#define GEN_FACTS_FIELD_ROW(NAME, name, type, help) GEN_FACTS_INDEX(FIELD, NAME),
#define GEN_FACTS_FAILURE_ROW(NAME, name, type, help) GEN_FACTS_INDEX(FAILURE, NAME),
#define GEN_FACTS_OUTPUT_ROW(NAME, name, type, help) GEN_FACTS_INDEX(OUTPUT, NAME),
enum gen_fact_job { GEN_FACTS_JOB(GEN_FACTS_JOB_ROW, GEN_FACTS_JOB_ROW) GEN_FACT_JOB_SIZE };
enum gen_fact_team { GEN_FACTS_TEAM(GEN_FACTS_TEAM_ROW, GEN_FACTS_TEAM_ROW) GEN_FACT_TEAM_SIZE };
enum gen_fact_scene {
    GEN_FACTS_SCENE(GEN_FACTS_SCENE_ROW, GEN_FACTS_SCENE_ROW) GEN_FACT_SCENE_SIZE
};
enum gen_fact_model {
    GEN_FACTS_MODEL(GEN_FACTS_MODEL_ROW, GEN_FACTS_MODEL_ROW) GEN_FACT_MODEL_SIZE
};
enum gen_fact_provider {
    GEN_FACTS_PROVIDER(GEN_FACTS_PROVIDER_ROW, GEN_FACTS_PROVIDER_ROW) GEN_FACT_PROVIDER_SIZE
};
enum gen_fact_history {
    GEN_FACTS_HISTORY(GEN_FACTS_HISTORY_ROW, GEN_FACTS_HISTORY_ROW) GEN_FACT_HISTORY_SIZE
};
enum gen_fact_candidate {
    GEN_FACTS_CANDIDATE(GEN_FACTS_CANDIDATE_ROW, GEN_FACTS_CANDIDATE_ROW) GEN_FACT_CANDIDATE_SIZE
};
enum gen_fact_field {
    GEN_FACTS_FIELD(GEN_FACTS_FIELD_ROW, GEN_FACTS_FIELD_ROW) GEN_FACT_FIELD_SIZE
};
enum gen_fact_failure {
    GEN_FACTS_FAILURE(GEN_FACTS_FAILURE_ROW, GEN_FACTS_FAILURE_ROW) GEN_FACT_FAILURE_SIZE
};
enum gen_fact_output {
    GEN_FACTS_OUTPUT(GEN_FACTS_OUTPUT_ROW, GEN_FACTS_OUTPUT_ROW) GEN_FACT_OUTPUT_SIZE
};

/* May this fact ("job", "budget") be unbound? false of what is no fact. Expressions ask has() first. Of
 * `scene` every fact may: only where scenes are decided on alone there is one. */
bool gen_facts_sometimes(const char *variable, const char *field);

/* Variables, in their order: index in the array of values. After the last of the SCORE domain come the
 * scores themselves ("score.thrift"), one each, in the order of routing.yaml. */
enum gen_fact {
    GEN_FACT_JOB = 0, /* JOB domain: job, team, now */
    GEN_FACT_TEAM,
    GEN_FACT_NOW, /* timestamp */
    GEN_FACT_SCENE, /* CANDIDATE domain: these too; facts of the scene are unbound but where scenes are scored
                     * alone */
    GEN_FACT_MODEL,
    GEN_FACT_PROVIDER,
    GEN_FACT_HISTORY,
    GEN_FACT_CANDIDATE,
    GEN_FACT_FIELD,
    GEN_FACT_SCORES, /* SCORE domain: the first score */
};
enum { /* the other two domains: job, team, now, and one more */
       GEN_FACT_FAILURE = 3,
       GEN_FACT_OUTPUT = 3,
};

extern const struct gen_shape gen_facts_job, gen_facts_team, gen_facts_scene, gen_facts_model,
    gen_facts_provider, gen_facts_history, gen_facts_candidate, gen_facts_field, gen_facts_failure,
    gen_facts_output;

/* What a kind of expression may name and must give. */
struct gen_domain {
    const char *name;                     /* "condition" */
    const struct gen_variable *variables; /* ended by name NULL */
    const struct gen_type *result;
    bool scores; /* may also name score.X; its variables are made when routing.yaml is loaded */
    const char *help;
};
extern const struct gen_domain gen_domain_guard;         /* JOB -> bool */
extern const struct gen_domain gen_domain_signal;        /* JOB -> double */
extern const struct gen_domain gen_domain_where;         /* CANDIDATE -> bool */
extern const struct gen_domain gen_domain_score;         /* SCORE -> double */
extern const struct gen_domain gen_domain_failure;       /* job, team, now, failure -> bool */
extern const struct gen_domain gen_domain_output;        /* job, team, now, output -> bool */
const struct gen_domain *const *gen_facts_domains(void); /* all, ended by NULL */

/* Steps one evaluation may take (struct gen_run.budget). */
#define GEN_FACTS_BUDGET UINT64_C(20000)

/* A full set of values, all NONE, wired so that values[GEN_FACT_MODEL] is the record over model[]. Fill
 * the arrays (and values[GEN_FACT_NOW]), then hand `values` to gen_expression_run. To bind another
 * scene or model, write over the array, or point records[...].fields elsewhere. Does not move. */
struct gen_facts {
    struct gen_value job[GEN_FACT_JOB_SIZE], team[GEN_FACT_TEAM_SIZE], scene[GEN_FACT_SCENE_SIZE],
        model[GEN_FACT_MODEL_SIZE], provider[GEN_FACT_PROVIDER_SIZE],
        history[GEN_FACT_HISTORY_SIZE], candidate[GEN_FACT_CANDIDATE_SIZE],
        field[GEN_FACT_FIELD_SIZE];
    struct gen_record_value records[GEN_FACT_SCORES];
    struct gen_value *values; /* GEN_FACT_SCORES + scores of them */
    size_t value_count;
};

/* `scores`: how many the policy set has. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_facts_create(struct gen_arena *arena, size_t scores,
                                                struct gen_facts **out, struct gen_error *err);
/* Bound, `scene` is the record over scene[], or what records[GEN_FACT_SCENE].fields points at. At first, and
 * again when it is not, has(scene.X) is false for every X. */
void gen_facts_bind_scene(struct gen_facts *facts, bool bound);

#endif
