/* recording.c - see recording.h. */
#include "recording.h"

#include "answers.h"
#include "base/json.h"
#include "step_document.h"

#include <string.h>

static enum gen_verb recording_verb(const struct gen_node *recording)
{
    static const enum gen_verb verbs[] = {GEN_VERB_SUBMIT,  GEN_VERB_POLL,   GEN_VERB_FETCH,
                                          GEN_VERB_RECOVER, GEN_VERB_CANCEL, GEN_VERB_HEALTH};
    const char *word = gen_node_text(gen_node_get(recording, "verb"), "");

    for (size_t i = 0; i < GEN_COUNT(verbs); i++) {
        if (strcmp(gen_verb_word(verbs[i]), word) == 0) {
            return verbs[i];
        }
    }
    return GEN_VERB_NONE;
}

/* The recorded answer, damaged: the verb must take it without breaking the contract. */
static void recording_damage(struct exercise *exercise, enum gen_verb verb,
                             const struct gen_task *task, const struct gen_step *asked,
                             const struct gen_reply *recorded)
{
    const char *at = gen_arena_strdup(exercise->arena, exercise->report->phase);

    for (size_t i = 0; i < answers_damages(); i++) {
        struct gen_arena *kept = exercise->exchange;
        struct gen_reply reply;
        const struct gen_step *step;

        exercise->exchange = gen_arena_create(0);
        if (exercise->exchange != NULL &&
            answers_damaged(i, recorded, exercise->exchange, &reply)) {
            report_phase(exercise->report, "%s, answer damaged: %s", at == NULL ? "" : at,
                         answers_damage_name(i));
            step = exercise_step(exercise, verb, task, &reply);
            if (step != NULL) {
                exercise_sane(exercise, verb, asked, &reply, step);
            }
        }
        gen_arena_destroy(exercise->exchange);
        exercise->exchange = kept;
    }
    report_phase(exercise->report, "%s", at == NULL ? "" : at);
}

/* false: the conversation cannot go on. */
static bool recording_turn(struct exercise *exercise, enum gen_verb verb, struct trial_case *trial,
                           const struct gen_node *turn, const struct gen_reply *last,
                           struct gen_reply *next)
{
    const struct gen_step *step = exercise_step(exercise, verb, &trial->task, last);
    const char *where = "", *why = "";

    if (step == NULL) {
        report_finding(exercise->report, "the verb refuses or breaks here");
        return false;
    }
    exercise_leaks(exercise, verb, &trial->task, last);
    exercise->paid |= step->type == GEN_STEP_IS_HTTP && step->as.http.costs;
    if (verb == GEN_VERB_SUBMIT && step->type == GEN_STEP_IS_DONE && !exercise->paid &&
        last != NULL && last->type == GEN_REPLY_HTTP) {
        report_finding(exercise->report, "an order without a request that costs money: which one "
                                         "carries GEN_REQUEST_COSTS?");
    }
    if (step->state != NULL) {
        trial->sample.shot.attempt.step_state = gen_arena_strdup(exercise->arena, step->state);
    }
    if (!step_matches(gen_node_get(turn, "expect"), step_document(step, exercise->exchange),
                      exercise->exchange, &where, &why)) {
        report_finding(exercise->report, "its step differs from what is recorded: %s %s",
                       where[0] == '\0' ? "the step" : where, why == NULL ? "" : why);
        return false;
    }
    if (!answers_recorded(gen_node_get(turn, "answer"), exercise->exchange, next)) {
        return false; /* the last turn has none */
    }
    if (step->type == GEN_STEP_IS_HTTP) {
        recording_damage(exercise, verb, &trial->task, step, next);
    }
    return true;
}

static const struct gen_model *recording_model(const struct exercise *exercise,
                                               const struct gen_node *recording)
{
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(exercise->hosted, &count);
    const char *id = gen_node_text(gen_node_get(recording, "model"), NULL);

    return id == NULL && count > 0 ? &models[0] : gen_hosted_model(exercise->hosted, id);
}

static void recording_follow(struct exercise *exercise, const struct gen_node *recording,
                             const struct gen_model *model, enum gen_verb verb)
{
    const char *name = gen_node_text(gen_node_get(recording, "name"), "?");
    const struct gen_node *parameters = gen_node_get(recording, "parameters");
    struct gen_reply replies[2], *last = NULL;
    struct gen_formatted formatted = {0};
    struct trial_case trial;
    struct gen_error err = {0};
    size_t turn_number = 0;

    if (!cases_recorded(model, recording, exercise->arena, &trial, &err)) {
        report_finding(exercise->report, "%s", err.message);
        return;
    }
    if (verb == GEN_VERB_HEALTH) {
        trial.sample.shot.parameters = "{}";
    } else if (parameters != NULL) {
        trial.sample.shot.parameters = gen_json_text(exercise->arena, parameters, NULL);
    } else if (!exercise_format(exercise, model, &trial, &formatted)) {
        report_finding(exercise->report, "format refuses the scene of this recording");
        return;
    }
    exercise->paid = false;
    trial.sample.shot.attempt.handle = gen_node_text(gen_node_get(recording, "handle"), "");
    trial.sample.shot.attempt.step_state = gen_node_text(gen_node_get(recording, "state"), "");
    for (const struct gen_node *turn = gen_node_first(gen_node_get(recording, "steps"));
         turn != NULL; turn = turn->next, turn_number++) {
        report_phase(exercise->report, "recording \"%.60s\", step %zu", name, turn_number + 1);
        if (!recording_turn(exercise, verb, &trial, turn, last, &replies[turn_number % 2])) {
            return;
        }
        last = &replies[turn_number % 2];
    }
}

/* A word that nobody reads is a mistake in the recording, which would then prove less than it says. */
static bool recording_words(struct exercise *exercise, const struct gen_node *map,
                            const char *const *known, const char *what)
{
    for (const struct gen_node *item = gen_node_first(map); item != NULL; item = item->next) {
        size_t i = 0;

        while (known[i] != NULL && strcmp(known[i], item->key) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            report_finding(exercise->report, "%s has no key \"%.40s\"", what, item->key);
            return false;
        }
    }
    return true;
}

static bool recording_readable(struct exercise *exercise, const struct gen_node *recording)
{
    static const char *const keys[] = {"name",  "source", "verb",     "model",      "scene",
                                       "width", "height", "duration", "parameters", "handle",
                                       "state", "steps",  "note",     NULL};
    static const char *const turns[] = {"expect", "answer", "note", NULL};
    static const char *const answers[] = {"status", "headers", "body", NULL};
    const struct gen_node *steps = gen_node_get(recording, "steps");

    if (!recording_words(exercise, recording, keys, "a recording")) {
        return false;
    }
    if (gen_node_get(recording, "name") == NULL || gen_node_count(steps) == 0) {
        report_finding(exercise->report, "a recording needs a name and at least one step");
        return false;
    }
    for (const struct gen_node *turn = gen_node_first(steps); turn != NULL; turn = turn->next) {
        if (!recording_words(exercise, turn, turns, "a step of a recording") ||
            !recording_words(exercise, gen_node_get(turn, "answer"), answers, "an answer")) {
            return false;
        }
    }
    return true;
}

void recording_play(struct exercise *exercise, const struct gen_node *recording)
{
    const struct gen_model *model = recording_model(exercise, recording);
    enum gen_verb verb = recording_verb(recording);

    report_phase(exercise->report, "recording \"%.60s\"",
                 gen_node_text(gen_node_get(recording, "name"), "?"));
    if (!recording_readable(exercise, recording)) {
        return;
    }
    if (model == NULL || verb == GEN_VERB_NONE || !gen_hosted_can(exercise->hosted, verb)) {
        report_finding(exercise->report, "it names %s that the plugin does not have",
                       model == NULL ? "a model" : "a verb");
        return;
    }
    exercise->arena = gen_arena_create(0);
    exercise->exchange = gen_arena_create(0);
    if (exercise->arena != NULL && exercise->exchange != NULL) {
        recording_follow(exercise, recording, model, verb);
    }
    gen_arena_destroy(exercise->exchange);
    gen_arena_destroy(exercise->arena);
    exercise->arena = exercise->exchange = NULL;
}
