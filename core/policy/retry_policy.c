/* retry_policy.c - see retry_policy.h. */
#include "policy/retry_policy.h"

#include "policy/policy_facts.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_jitter_choices[] = {
    {"full", GEN_JITTER_FULL, "anything from 0 to the upper end"},
    {"half", GEN_JITTER_HALF, "from half to the upper end"},
    {"none", GEN_JITTER_NONE, "always the upper end"},
    {NULL, 0, NULL}};
const struct gen_choice gen_doubt_choices[] = {
    {"wait", GEN_DOUBT_WAIT, "a person decides; the money stays held"},
    {"accept", GEN_DOUBT_ACCEPT, "it is ordered again, at the risk of paying twice"},
    {NULL, 0, NULL}};
const struct gen_choice gen_concession_choices[] = {
    {"lower_tier", GEN_CONCESSION_TIER, "a model of a lower tier"},
    {"lower_resolution", GEN_CONCESSION_RESOLUTION, "the next smaller size"},
    {"lower_quality", GEN_CONCESSION_QUALITY, "an output that would be made anew is kept"},
    {"fewer_models", GEN_CONCESSION_MODELS, "one output of several is enough"},
    {"shorter_pauses", GEN_CONCESSION_PAUSES, "pauses are a quarter as long"},
    {NULL, 0, NULL}};

#define FAILURE_WORD(name, value, word, text) {word, value, text},
static const struct gen_choice kind_names[] = {
    {"default", GEN_FAILURE_NONE, "all that are not named"},
    GEN_FAILURE_TABLE(FAILURE_WORD){NULL, 0, NULL}};

static const struct gen_field kind_fields[] = {
    {.key = "retries",
     .type = GEN_FIELD_INT,
     FIELD(gen_retry_kind, retries),
     .min = 0,
     .max = 20,
     .preset = "3",
     .help = "Attempts of a shot after the first one; 0 = none."},
    {.key = "rebuys",
     .type = GEN_FIELD_INT,
     FIELD(gen_retry_kind, rebuys),
     .min = 0,
     .max = 20,
     .preset = "1",
     .help = "Of these, after attempts that were, or may have been, billed."},
    {.key = "firstPause",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_kind, first_pause_ms),
     .min = 0,
     .max = 3600000,
     .preset = "2",
     .help = "Upper end of the first pause."},
    {.key = "mostPause",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_kind, most_pause_ms),
     .min = 0,
     .max = 86400000,
     .preset = "60",
     .help = "Upper end of all later ones."},
    {.key = "factor",
     .type = GEN_FIELD_REAL,
     FIELD(gen_retry_kind, factor),
     .min = 1,
     .max = 10,
     .preset = "2",
     .help = "The upper end grows by this each time."},
    {.key = "jitter",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_retry_kind, jitter),
     .choices = gen_jitter_choices,
     .preset = "full",
     .help = "Which part of it is waited."},
    {.key = "switchAfter",
     .type = GEN_FIELD_INT,
     FIELD(gen_retry_kind, switch_after),
     .min = 0,
     .max = 20,
     .preset = "2",
     .help = "Failures in a row before another provider is taken; 0 = never."},
    {.key = "honourWait",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_retry_kind, honour_wait),
     .preset = "true",
     .help = "A longer pause that the provider asks for is kept."},
    {0}};

static bool retry_never(int failure)
{
    return failure == GEN_FAILURE_BUDGET || failure == GEN_FAILURE_CANCELED ||
           failure == GEN_FAILURE_AMBIGUOUS;
}

static enum gen_status check_kind_pauses(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_retry_kind *kind = object;

    (void)node;
    (void)arena;
    return kind->most_pause_ms < kind->first_pause_ms
               ? gen_error_set(err, GEN_EINVAL, "mostPause is shorter than firstPause")
               : GEN_OK;
}

static enum gen_status check_kind_rebuys(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_retry_kind *kind = object;

    (void)arena;
    return kind->rebuys > kind->retries && gen_node_get(node, "rebuys") != NULL
               ? gen_error_set(err, GEN_EINVAL,
                               "rebuys are part of the retries, and there are fewer")
               : GEN_OK;
}

static enum gen_status check_kind_retries(void *object, const struct gen_node *node,
                                          struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_retry_kind *kind = object;
    int failure = gen_choice_value(kind_names, kind->named.name);

    (void)node;
    (void)arena;
    if (kind->retries == 0 || !retry_never(failure)) {
        return GEN_OK;
    }
    return gen_error_set(err, GEN_EINVAL, "a failure of the kind \"%s\" is never retried%s",
                         kind->named.name,
                         failure == GEN_FAILURE_AMBIGUOUS ? "; see `ambiguous`" : "");
}

static const struct gen_record_rule kind_rules[] = {{"firstPause mostPause", check_kind_pauses},
                                                    {"retries rebuys", check_kind_rebuys},
                                                    {"retries", check_kind_retries},
                                                    {NULL, NULL}};

static const struct gen_record kind_record = {
    .name = "failure kind",
    .size = sizeof(struct gen_retry_kind),
    .fields = kind_fields,
    .short_key = "retries",
    .rules = kind_rules,
    .help = "What follows a failure of this kind. A bare number stands for its retries."};

static const struct gen_field job_fields[] = {
    {.key = "retries",
     .type = GEN_FIELD_INT,
     FIELD(gen_retry_job, retries),
     .min = 0,
     .max = 1000,
     .preset = "12",
     .help = "All retries of all shots together."},
    {.key = "time",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_job, time_ms),
     .min = 0,
     .max = 604800000,
     .preset = "7200",
     .help = "Nothing is retried later than this after "
             "the job was admitted; 0 = no bound."},
    {.key = "costShare",
     .type = GEN_FIELD_REAL,
     FIELD(gen_retry_job, cost_share),
     .min = 0,
     .max = 100,
     .preset = "1",
     .help = "Retries may cost this share of the estimate; 0 = no "
             "bound but the budget."},
    {0}};

static const struct gen_record job_record = {
    .name = "retries of a job",
    .size = sizeof(struct gen_retry_job),
    .fields = job_fields,
    .help = "Bounds for the whole job: allowances of shots do not add up beyond these."};

static const struct gen_field concession_fields[] = {
    {.key = "when",
     .type = GEN_FIELD_FORMULA,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_retry_concession, when),
     .domain = &gen_domain_failure,
     .help = "When."},
    {.key = "allow",
     .type = GEN_FIELD_TEXTS,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_retry_concession, allow),
     .min = 1,
     .max = 5,
     .choices = gen_concession_choices,
     .help = "What may be given up for the sake of time."},
    {0}};

static const struct gen_record concession_record = {.name = "concession",
                                                    .size = sizeof(struct gen_retry_concession),
                                                    .fields = concession_fields,
                                                    .help = "What urgency may degrade, and when."};

static const struct gen_field doubt_of_fields[] = {{.key = "action",
                                                    .type = GEN_FIELD_CHOICE,
                                                    FIELD(gen_retry_doubt_of, action),
                                                    .choices = gen_doubt_choices,
                                                    .preset = "wait",
                                                    .help = "What is done."},
                                                   {.key = "most",
                                                    .type = GEN_FIELD_MONEY,
                                                    FIELD(gen_retry_doubt_of, most),
                                                    .min = 0,
                                                    .max = INT64_C(1000000000),
                                                    .preset = "0",
                                                    .help = "accept: of one attempt."},
                                                   {.key = "mostADay",
                                                    .type = GEN_FIELD_MONEY,
                                                    FIELD(gen_retry_doubt_of, most_a_day),
                                                    .min = 0,
                                                    .max = INT64_C(100000000000),
                                                    .preset = "0",
                                                    .help = "accept: of all on one day."},
                                                   {0}};

static enum gen_status check_doubt_of(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_retry_doubt_of *doubt = object;

    (void)node;
    (void)arena;
    if (doubt->action == GEN_DOUBT_ACCEPT && (doubt->most == 0 || doubt->most_a_day == 0)) {
        return gen_error_set(err, GEN_EINVAL,
                             "accepting the risk needs most and mostADay, in dollars");
    }
    return GEN_OK;
}

static const struct gen_record doubt_of_record = {
    .name = "ambiguous at a provider",
    .size = sizeof(struct gen_retry_doubt_of),
    .fields = doubt_of_fields,
    .short_key = "action",
    .check = check_doubt_of,
    .help = "The risk that is accepted for one provider."};

static const struct gen_choice wait_only[] = {
    {"wait", GEN_DOUBT_WAIT, "a person decides; the money stays held"}, {NULL, 0, NULL}};

static const struct gen_field doubt_fields[] = {
    {.key = "action",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_retry_doubt, action),
     .choices = wait_only,
     .preset = "wait",
     .help = "For all providers that are not named below; to accept a risk, name the provider."},
    {.key = "window",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_doubt, window_ms),
     .min = 10000,
     .max = 86400000,
     .preset = "300",
     .help = "The provider's word that there is no such job is believed after this time of "
             "looking."},
    {.key = "looks",
     .type = GEN_FIELD_INT,
     FIELD(gen_retry_doubt, looks),
     .min = 2,
     .max = 100,
     .preset = "4",
     .help = "And after so many looks."},
    {.key = "providers",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_retry_doubt, providers),
     .min = 0,
     .max = 100,
     .record = &doubt_of_record,
     .help = "By provider."},
    {0}};

static const struct gen_record doubt_record = {
    .name = "ambiguous",
    .size = sizeof(struct gen_retry_doubt),
    .fields = doubt_fields,
    .help = "A submission that may have been bought and nobody answered. It is looked for at the "
            "provider first, or repeated with the same key where that is safe."};

static const struct gen_field patience_fields[] = {
    {.key = "submit",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_patience, submit_ms),
     .min = 1000,
     .max = 604800000,
     .preset = "3600",
     .help = "Pauses of a submission that is told to wait, summed."},
    {.key = "verdict",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_patience, verdict_ms),
     .min = 60000,
     .max = 604800000,
     .preset = "21600",
     .help = "From accepted to a verdict, before a person is told."},
    {.key = "fetch",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_patience, fetch_ms),
     .min = 1000,
     .max = 604800000,
     .preset = "3600",
     .help = "Pauses of a fetch, before a person is told."},
    {.key = "cancel",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_patience, cancel_ms),
     .min = 1000,
     .max = 604800000,
     .preset = "600",
     .help = "Pauses of a cancel, before the job is followed to its verdict."},
    {.key = "slow",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_patience, slow_ms),
     .min = 1000,
     .max = 86400000,
     .preset = "600",
     .help = "Pace of asking once a person has been told."},
    {.key = "upload",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_retry_patience, asset_ms),
     .min = 60000,
     .max = INT64_C(2592000000),
     .preset = "86400",
     .help = "A file that no job has used is kept this long."},
    {0}};

static const struct gen_record patience_record = {
    .name = "patience",
    .size = sizeof(struct gen_retry_patience),
    .fields = patience_fields,
    .help = "How long is asked and waited before a person is told. None of this ever buys twice."};

static const struct gen_field retry_fields[] = {
    {.key = "kinds",
     .type = GEN_FIELD_NAMED,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_retry_policy, kinds),
     .min = 1,
     .max = 20,
     .choices = kind_names,
     .record = &kind_record,
     .help = "By kind of failure; `default` for those not named."},
    {.key = "job",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_retry_policy, job),
     .record = &job_record,
     .help = "Bounds for the whole job."},
    {.key = "concessions",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_retry_policy, concessions),
     .min = 0,
     .max = 50,
     .record = &concession_record,
     .help = "What urgency may degrade."},
    {.key = "ambiguous",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_retry_policy, ambiguous),
     .record = &doubt_record,
     .help = "Submissions of unknown fate."},
    {.key = "patience",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_retry_policy, patience),
     .record = &patience_record,
     .help = "How long is waited."},
    {0}};

/* Kinds that another try cannot cure, whatever `default` says. */
static enum gen_status check_retry(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    struct gen_retry_policy *retry = object;
    const struct gen_retry_kind *kinds = retry->kinds.items, *fallback = NULL;

    (void)node;
    for (size_t i = 0; i < retry->kinds.count; i++) {
        int failure = gen_choice_value(kind_names, kinds[i].named.name);

        if (failure == GEN_FAILURE_NONE) {
            fallback = &kinds[i];
        } else {
            retry->by_failure[failure] = &kinds[i];
        }
    }
    for (size_t i = 1; i < GEN_COUNT(retry->by_failure); i++) {
        struct gen_retry_kind *own;

        if (retry->by_failure[i] != NULL) {
            continue;
        }
        own = gen_arena_alloc(arena, sizeof(*own));
        if (own == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        if (fallback != NULL && !retry_never((int)i)) {
            *own = *fallback;
        }
        own->named.name = gen_failure_word((enum gen_failure)i);
        retry->by_failure[i] = own;
    }
    return GEN_OK;
}

const struct gen_record gen_retry_record = {
    .name = "retry",
    .size = sizeof(struct gen_retry_policy),
    .fields = retry_fields,
    .check = check_retry,
    .help = "Who gets another try, when, where and at what price."};
