/* policy_facts.c - see policy_facts.h. */
#include "policy/policy_facts.h"

#include "model/brief.h"
#include "model/failure.h"
#include "model/registry.h"
#include "model/snapshot.h"

#include <string.h>

static const struct gen_type facts_scene_type = {.kind = GEN_KIND_RECORD,
                                                 .shape = &gen_facts_scene};
static const struct gen_type gen_type_scenes = {.kind = GEN_KIND_LIST, .item = &facts_scene_type};

/* Facts that are one of a few words. Two tables are also in rooms that stand on this one (access_policy.h,
 * quality_policy.h): a test compares them. */
static const struct gen_choice facts_resolutions[] = {{"480p", 480, ""},   {"720p", 720, ""},
                                                      {"1080p", 1080, ""}, {"1440p", 1440, ""},
                                                      {"4k", 2160, ""},    {NULL, 0, NULL}};
static const struct gen_choice facts_scores[] = {
    {"compression", 1, ""}, {"sharpness", 2, ""}, {"noise", 3, ""},   {"motion", 4, ""},
    {"freeze", 5, ""},      {"flicker", 6, ""},   {"black", 7, ""},   {"exposure", 8, ""},
    {"audio", 9, ""},       {"brand", 10, ""},    {"safety", 11, ""}, {NULL, 0, NULL}};
#define FACTS_NEED(constant, bit, word) {word, constant, ""},
static const struct gen_choice facts_needs[] = {GEN_NEEDS_TABLE(FACTS_NEED){NULL, 0, NULL}};
#define FACTS_FAILURE(constant, value, word, text) {word, constant, text},
static const struct gen_choice facts_failures[] = {GEN_FAILURE_TABLE(FACTS_FAILURE){NULL, 0, NULL}};

#define FACTS_WORDS(name, noun, choices) \
    static const struct gen_words facts_##name##_words = {noun, choices}; \
    static const struct gen_type gen_type_##name = {.kind = GEN_KIND_STRING, \
                                                    .words = &facts_##name##_words}
FACTS_WORDS(priority, "priority", gen_priority_choices);
FACTS_WORDS(breaker, "state of a breaker", gen_breaker_choices);
FACTS_WORDS(resolution, "resolution", facts_resolutions);
FACTS_WORDS(failure, "kind of failure", facts_failures);
FACTS_WORDS(need, "need", facts_needs);
FACTS_WORDS(score, "score of quality", facts_scores);

static const struct gen_choice facts_tiers[] = {
    {"0", 0, ""}, {"1", 1, ""}, {"2", 2, ""}, {"3", 3, ""}, {NULL, 0, NULL}};
static const struct gen_words facts_asked_tiers = {"tier", facts_tiers};
static const struct gen_words facts_model_tiers = {"tier of a model", facts_tiers + 1};
static const struct gen_type gen_type_asked_tier = {.kind = GEN_KIND_INT,
                                                    .words = &facts_asked_tiers};
static const struct gen_type gen_type_tier = {.kind = GEN_KIND_INT, .words = &facts_model_tiers};

static const struct gen_type gen_type_needs = {.kind = GEN_KIND_LIST, .item = &gen_type_need};
static const struct gen_type gen_type_scores = {
    .kind = GEN_KIND_MAP, .key = &gen_type_score, .item = &gen_type_double};

#define FACTS_ROW(NAME, name, type, help) {name, &gen_type_##type, help},
#define FACTS_ALWAYS(NAME, name, type, help) false,
#define FACTS_MAYBE(NAME, name, type, help) true,
#define FACTS_SHAPE(TABLE, subject, about) \
    static const struct gen_shape_field facts_##subject##_rows[] = { \
        TABLE(FACTS_ROW, FACTS_ROW){NULL, NULL, NULL}}; \
    static const bool facts_##subject##_sometimes[] = {TABLE(FACTS_ALWAYS, FACTS_MAYBE) false}; \
    const struct gen_shape gen_facts_##subject = {#subject, facts_##subject##_rows, about}

FACTS_SHAPE(GEN_FACTS_JOB, job,
            "What was asked for, and what is known of it before anything is chosen.");
FACTS_SHAPE(GEN_FACTS_TEAM, team, "Who pays, what it may spend and what it is doing.");
FACTS_SHAPE(GEN_FACTS_SCENE, scene,
            "The scene that is decided on, where a strategy chooses for each.");
FACTS_SHAPE(GEN_FACTS_MODEL, model, "A model that could do it.");
FACTS_SHAPE(GEN_FACTS_PROVIDER, provider, "Who offers the model, and how it is doing.");
FACTS_SHAPE(GEN_FACTS_HISTORY, history, "What this model did for us lately.");
FACTS_SHAPE(GEN_FACTS_CANDIDATE, candidate,
            "This job on this model: price, time, quality to expect.");
FACTS_SHAPE(GEN_FACTS_FIELD, field, "All candidates that are still in, to compare with.");
FACTS_SHAPE(GEN_FACTS_FAILURE, failure, "The attempt that has just failed.");
FACTS_SHAPE(GEN_FACTS_OUTPUT, output, "The video that came back, and what was measured.");

#define FACTS_TYPE(subject) \
    static const struct gen_type facts_##subject##_type = {.kind = GEN_KIND_RECORD, \
                                                           .shape = &gen_facts_##subject}
FACTS_TYPE(job);
FACTS_TYPE(team);
FACTS_TYPE(model);
FACTS_TYPE(provider);
FACTS_TYPE(history);
FACTS_TYPE(candidate);
FACTS_TYPE(field);
FACTS_TYPE(failure);
FACTS_TYPE(output);

static const struct gen_variable job_variables[] = {
    {"job", &facts_job_type, "What was asked for."},
    {"team", &facts_team_type, "Who pays."},
    {"now", &gen_type_timestamp, "The time of the decision."},
    {NULL, NULL, NULL}};

static const struct gen_variable candidate_variables[] = {
    {"job", &facts_job_type, "What was asked for."},
    {"team", &facts_team_type, "Who pays."},
    {"now", &gen_type_timestamp, "The time of the decision."},
    {"scene", &facts_scene_type, "The scene, where each is decided on alone; has(scene.id) asks."},
    {"model", &facts_model_type, "The model."},
    {"provider", &facts_provider_type, "Who offers it."},
    {"history", &facts_history_type, "What it did for us lately."},
    {"candidate", &facts_candidate_type, "The job on this model."},
    {"field", &facts_field_type, "All candidates that are still in."},
    {NULL, NULL, NULL}};

static const struct gen_variable failure_variables[] = {
    {"job", &facts_job_type, "What was asked for."},
    {"team", &facts_team_type, "Who pays."},
    {"now", &gen_type_timestamp, "The time of the decision."},
    {"failure", &facts_failure_type, "What has just failed."},
    {NULL, NULL, NULL}};

static const struct gen_variable output_variables[] = {
    {"job", &facts_job_type, "What was asked for."},
    {"team", &facts_team_type, "Who pays."},
    {"now", &gen_type_timestamp, "The time of the decision."},
    {"output", &facts_output_type, "What came back."},
    {NULL, NULL, NULL}};

const struct gen_domain gen_domain_guard = {"guard", job_variables, &gen_type_bool, false,
                                            "A condition on the job before models are looked at."};
const struct gen_domain gen_domain_signal = {"signal", job_variables, &gen_type_double, false,
                                             "A number that says how demanding the job is."};
const struct gen_domain gen_domain_where = {"where", candidate_variables, &gen_type_bool, false,
                                            "A condition on one candidate."};
const struct gen_domain gen_domain_score = {
    "score", candidate_variables, &gen_type_double, true,
    "How good a candidate is, higher is better. Other scores are score.NAME."};
const struct gen_domain gen_domain_failure = {"failure", failure_variables, &gen_type_bool, false,
                                              "A condition on a failed attempt."};
const struct gen_domain gen_domain_output = {"output", output_variables, &gen_type_bool, false,
                                             "A condition on a video that came back."};

const struct gen_domain *const *gen_facts_domains(void)
{
    static const struct gen_domain *const all[] = {&gen_domain_guard,
                                                   &gen_domain_signal,
                                                   &gen_domain_where,
                                                   &gen_domain_score,
                                                   &gen_domain_failure,
                                                   &gen_domain_output,
                                                   NULL};

    return all;
}

struct facts_marks {
    const struct gen_shape *shape;
    const bool *sometimes;
};

bool gen_facts_sometimes(const char *variable, const char *field)
{
    static const struct facts_marks rows[] = {
        {&gen_facts_job, facts_job_sometimes},
        {&gen_facts_team, facts_team_sometimes},
        {&gen_facts_scene, facts_scene_sometimes},
        {&gen_facts_model, facts_model_sometimes},
        {&gen_facts_provider, facts_provider_sometimes},
        {&gen_facts_history, facts_history_sometimes},
        {&gen_facts_candidate, facts_candidate_sometimes},
        {&gen_facts_field, facts_field_sometimes},
        {&gen_facts_failure, facts_failure_sometimes},
        {&gen_facts_output, facts_output_sometimes},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        if (strcmp(rows[i].shape->name, variable) == 0) {
            int index = gen_shape_index(rows[i].shape, field);

            return index >= 0 && (rows[i].shape == &gen_facts_scene || rows[i].sometimes[index]);
        }
    }
    return false;
}

/* Of a scene that is not there nothing is known. */
static const struct gen_value facts_no_scene[GEN_FACT_SCENE_SIZE];

/* Records of a job decision by variable; `scene` begins unbound. */
static void facts_wire(struct gen_facts *facts)
{
    const struct {
        enum gen_fact variable;
        const struct gen_shape *shape;
        const struct gen_value *fields;
    } rows[] = {
        {GEN_FACT_JOB, &gen_facts_job, facts->job},
        {GEN_FACT_TEAM, &gen_facts_team, facts->team},
        {GEN_FACT_SCENE, &gen_facts_scene, facts_no_scene},
        {GEN_FACT_MODEL, &gen_facts_model, facts->model},
        {GEN_FACT_PROVIDER, &gen_facts_provider, facts->provider},
        {GEN_FACT_HISTORY, &gen_facts_history, facts->history},
        {GEN_FACT_CANDIDATE, &gen_facts_candidate, facts->candidate},
        {GEN_FACT_FIELD, &gen_facts_field, facts->field},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_record_value *record = &facts->records[rows[i].variable];

        *record = (struct gen_record_value){.shape = rows[i].shape, .fields = rows[i].fields};
        facts->values[rows[i].variable] = gen_value_record(record);
    }
}

enum gen_status gen_facts_create(struct gen_arena *arena, size_t scores, struct gen_facts **out,
                                 struct gen_error *err)
{
    struct gen_facts *facts = gen_arena_alloc(arena, sizeof(*facts));
    size_t count = GEN_FACT_SCORES + scores;

    if (facts != NULL) {
        facts->values = gen_arena_array(arena, count, sizeof(*facts->values));
    }
    if (facts == NULL || facts->values == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    facts->value_count = count;
    facts_wire(facts);
    *out = facts;
    return GEN_OK;
}

void gen_facts_bind_scene(struct gen_facts *facts, bool bound)
{
    struct gen_record_value *scene = &facts->records[GEN_FACT_SCENE];

    if (!bound) {
        scene->fields = facts_no_scene;
    } else if (scene->fields == facts_no_scene) {
        scene->fields = facts->scene;
    }
}
