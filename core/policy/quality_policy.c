/* quality_policy.c - see quality_policy.h. */
#include "policy/quality_policy.h"

#include "policy/policy_facts.h"

#include <math.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)
#define SCORE_FLOOR 0.3 /* of a single score, so that a negative power stays finite */

const struct gen_choice gen_verdict_choices[] = {
    {"warn", GEN_VERDICT_WARN, "it is said in the report"},
    {"review", GEN_VERDICT_REVIEW, "a person looks at it before it is handed over"},
    {"regenerate", GEN_VERDICT_REGENERATE, "it is made anew where that is allowed, else rejected"},
    {"reject", GEN_VERDICT_REJECT, "it is not handed over"},
    {NULL, 0, NULL}};
const struct gen_choice gen_profile_choices[] = {
    {"fast", GEN_PROFILE_FAST, "container, first seconds, key frames, sound"},
    {"standard", GEN_PROFILE_STANDARD, "every frame, and content safety"},
    {"full", GEN_PROFILE_FULL, "and the brand: colours, logo, words"},
    {NULL, 0, NULL}};
const struct gen_choice gen_where_next_choices[] = {
    {"same", GEN_NEXT_SAME, "the same model once more"},
    {"other", GEN_NEXT_OTHER, "the next best model of another provider"},
    {NULL, 0, NULL}};
const struct gen_choice gen_quality_scores[] = {
    {"compression", 1, "block noise and coarse quantisation"},
    {"sharpness", 2, "blur and fake upscaling"},
    {"noise", 3, "grain"},
    {"motion", 4, "judder, dropped and repeated frames"},
    {"freeze", 5, "pictures that stand still"},
    {"flicker", 6, "brightness that jumps"},
    {"black", 7, "gaps"},
    {"exposure", 8, "too dark, too bright, too flat"},
    {"audio", 9, "loudness, clipping, dropouts, offset to the picture"},
    {"brand", 10, "colours, logo and words of the brand"},
    {"safety", 11, "content that is not appropriate"},
    {NULL, 0, NULL}};

static const struct gen_field weight_fields[] = {
    {.key = "weight",
     .type = GEN_FIELD_REAL,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_quality_weight, weight),
     .min = 0,
     .max = 100,
     .help = "Beside the other weights; 0 = not in the number."},
    {0}};

static const struct gen_record weight_record = {
    .name = "quality weight",
    .size = sizeof(struct gen_quality_weight),
    .fields = weight_fields,
    .short_key = "weight",
    .help = "How much a score counts. A bare number will do."};

static const struct gen_field threshold_fields[] = {
    {.key = "accept",
     .type = GEN_FIELD_REAL,
     FIELD(gen_quality_thresholds, accept),
     .min = 0,
     .max = 10,
     .preset = "8",
     .help = "At least this is good."},
    {.key = "regenerate",
     .type = GEN_FIELD_REAL,
     FIELD(gen_quality_thresholds, regenerate),
     .min = 0,
     .max = 10,
     .preset = "5",
     .help = "At least this, but not good: made anew where allowed, else kept. Lower: made anew, "
             "else rejected."},
    {0}};

static enum gen_status check_thresholds(void *object, const struct gen_node *node,
                                        struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_quality_thresholds *thresholds = object;

    (void)node;
    (void)arena;
    if (thresholds->regenerate > thresholds->accept) {
        return gen_error_set(err, GEN_EINVAL, "`regenerate` lies above `accept`");
    }
    return GEN_OK;
}

static const struct gen_record threshold_record = {.name = "thresholds",
                                                   .size = sizeof(struct gen_quality_thresholds),
                                                   .fields = threshold_fields,
                                                   .check = check_thresholds,
                                                   .help = "Of the one number, 0 to 10."};

static const struct gen_field rule_fields[] = {
    {.key = "when",
     .type = GEN_FIELD_FORMULA,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_quality_rule, when),
     .domain = &gen_domain_output,
     .help = "What is wrong. A rule that needs what was not assessed does not fire."},
    {.key = "verdict",
     .type = GEN_FIELD_CHOICE,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_quality_rule, verdict),
     .choices = gen_verdict_choices,
     .help = "What follows; the gravest of those that fire stands."},
    {.key = "reason",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_quality_rule, reason),
     .help = "Said to people."},
    {0}};

static const struct gen_record rule_record = {.name = "quality rule",
                                              .size = sizeof(struct gen_quality_rule),
                                              .fields = rule_fields,
                                              .help = "Holds whatever the number says."};

static const struct gen_field regenerate_fields[] = {
    {.key = "most",
     .type = GEN_FIELD_INT,
     FIELD(gen_quality_regenerate, most),
     .min = 0,
     .max = 10,
     .preset = "1",
     .help = "How often one output may be made anew; 0 = never."},
    {.key = "costShare",
     .type = GEN_FIELD_REAL,
     FIELD(gen_quality_regenerate, cost_share),
     .min = 0,
     .max = 10,
     .preset = "0.5",
     .help = "All of it may cost this share of the job's estimate; 0 = no bound but the budget."},
    {.key = "next",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_quality_regenerate, next),
     .choices = gen_where_next_choices,
     .preset = "same",
     .help = "Where."},
    {0}};

static const struct gen_record regenerate_record = {
    .name = "regenerate",
    .size = sizeof(struct gen_quality_regenerate),
    .fields = regenerate_fields,
    .help = "Making an output anew for its quality."};

static const struct gen_field quality_fields[] = {
    {.key = "profile",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_quality_policy, profile),
     .choices = gen_profile_choices,
     .preset = "standard",
     .help = "How much is looked at."},
    {.key = "power",
     .type = GEN_FIELD_REAL,
     FIELD(gen_quality_policy, power),
     .min = -20,
     .max = 20,
     .preset = "-2",
     .help = "Of the mean: 1 is the plain mean; -2 lets one bad score drag the number down."},
    {.key = "weights",
     .type = GEN_FIELD_NAMED,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_quality_policy, weights),
     .min = 1,
     .max = 11,
     .choices = gen_quality_scores,
     .record = &weight_record,
     .help = "What the one number is made of."},
    {.key = "thresholds",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_quality_policy, thresholds),
     .record = &threshold_record,
     .help = "What is good and what is not."},
    {.key = "rules",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_quality_policy, rules),
     .min = 0,
     .max = 200,
     .record = &rule_record,
     .help = "Faults that no number makes good."},
    {.key = "regenerate",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_quality_policy, regenerate),
     .record = &regenerate_record,
     .help = "Making it anew."},
    {0}};

static enum gen_status check_weights(void *object, const struct gen_node *node,
                                     struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_quality_policy *quality = object;
    const struct gen_quality_weight *weights = quality->weights.items;
    double sum = 0;

    (void)node;
    (void)arena;
    for (size_t i = 0; i < quality->weights.count; i++) {
        sum += weights[i].weight;
    }
    return sum > 0 ? GEN_OK : gen_error_set(err, GEN_EINVAL, "all weights are 0");
}

static const struct gen_record_rule quality_rules[] = {{"weights", check_weights}, {NULL, NULL}};

const struct gen_record gen_quality_record = {
    .name = "quality",
    .size = sizeof(struct gen_quality_policy),
    .fields = quality_fields,
    .rules = quality_rules,
    .help = "What the one number of a result (`outputs[].quality`) is made of, and what follows."};

double gen_quality_number(const struct gen_quality_policy *policy, const double *scores)
{
    const struct gen_quality_weight *weights = policy->weights.items;
    bool geometric = fabs(policy->power) < 1e-9; /* the limit of the power mean at 0 */
    double sum = 0, total = 0;

    for (size_t i = 0; i < policy->weights.count; i++) {
        int place = gen_choice_value(gen_quality_scores, weights[i].named.name) - 1;
        double score = fmax(scores[place], SCORE_FLOOR);

        if (isnan(scores[place]) || weights[i].weight <= 0) {
            continue;
        }
        total += weights[i].weight;
        sum += weights[i].weight * (geometric ? log(score) : pow(score, policy->power));
    }
    if (total <= 0) {
        return (double)NAN;
    }
    return geometric ? exp(sum / total) : pow(sum / total, 1.0 / policy->power);
}
