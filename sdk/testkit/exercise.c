/* exercise.c - see exercise.h. */
#include "exercise.h"

#include "answers.h"
#include "base/json.h"
#include "step_document.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXERCISE_LEAK_CALLS = 256, EXERCISE_LEAK_BYTES = 4096 };

static bool broken(enum gen_status status)
{
    return status != GEN_OK && status != GEN_EUNSUPPORTED;
}

/* ---------------------------------------------------------------------------------- format -- */

static const char *format_text(const struct gen_formatted *formatted, struct gen_arena *arena)
{
    return gen_arena_printf(arena, "%s %d %d %d %lld %s", formatted->parameters, formatted->width,
                            formatted->height, formatted->frame_rate_milli,
                            (long long)formatted->duration_ms,
                            gen_json_text(arena, formatted->adjustments, NULL));
}

static bool adjusts(const struct gen_formatted *formatted, const char *field)
{
    for (const struct gen_node *item = gen_node_first(formatted->adjustments); item != NULL;
         item = item->next) {
        if (strcmp(gen_node_text(gen_node_get(item, "field"), ""), field) == 0) {
            return true;
        }
    }
    return false;
}

static bool size_listed(const struct gen_model *model, int32_t width, int32_t height)
{
    for (size_t i = 0; i < model->size_count; i++) {
        if (model->sizes[i][0] == width && model->sizes[i][1] == height) {
            return true;
        }
    }
    return model->size_count == 0 || (model->traits & GEN_TRAIT_ANY_RATIO) != 0;
}

/* Is what it says it will render what it says it can? */
static void format_honest(struct exercise *exercise, const struct gen_model *model,
                          const struct trial_case *trial, const struct gen_formatted *formatted)
{
    int64_t asked = trial->sample.brief == NULL ? 0 : formatted->duration_ms;

    if (!size_listed(model, formatted->width, formatted->height)) {
        report_finding(exercise->report,
                       "it says that %dx%d will come back, which capabilities do not list",
                       formatted->width, formatted->height);
    }
    if (model->max_duration_ms > 0 && asked > model->max_duration_ms) {
        report_finding(exercise->report,
                       "it says that %lld ms will come back, more than its maximum of %lld",
                       (long long)asked, (long long)model->max_duration_ms);
    }
    if (trial->listed && model->duration_count > 0 &&
        formatted->duration_ms != gen_brief_scene(trial->sample.brief, 0)->duration_ms) {
        report_finding(
            exercise->report,
            "of the %lld ms that its capabilities list it makes %lld; list what it really "
            "takes",
            (long long)gen_brief_scene(trial->sample.brief, 0)->duration_ms,
            (long long)formatted->duration_ms);
    }
    if (trial->listed && (adjusts(formatted, "aspectRatio") || adjusts(formatted, "resolution"))) {
        report_finding(exercise->report,
                       "it adjusts a size that its capabilities list; list what it really takes");
    }
}

static bool exercise_format(struct exercise *exercise, const struct gen_model *model,
                            struct trial_case *trial, struct gen_formatted *formatted)
{
    struct gen_formatted again = {0};
    struct gen_error err = {0};
    enum gen_status status = gen_hosted_format(exercise->hosted, &trial->task, exercise->arena,
                                               formatted, &err);

    exercise->report->calls++;
    if (broken(status)) {
        report_finding(exercise->report, "%s", err.message);
    }
    if (status != GEN_OK) {
        return false;
    }
    exercise->report->calls++;
    if (gen_hosted_format(exercise->hosted, &trial->task, exercise->arena, &again, &err) !=
            GEN_OK ||
        strcmp(format_text(formatted, exercise->arena), format_text(&again, exercise->arena)) !=
            0) {
        report_finding(exercise->report, "the same question gets two different answers");
    }
    format_honest(exercise, model, trial, formatted);
    trial->sample.shot.parameters = formatted->parameters;
    return true;
}

static void exercise_cost(struct exercise *exercise, const struct trial_case *trial)
{
    struct gen_node *row = gen_node_map(exercise->arena);
    struct gen_priced first = {0}, again = {0}, bare = {0};
    struct gen_error err = {0};
    enum gen_status status;

    gen_node_set(exercise->arena, row, "perSecond", gen_node_money(exercise->arena, 50000));
    status = gen_hosted_cost(exercise->hosted, &trial->task, row, exercise->arena, &first, &err);
    exercise->report->calls += 3;
    if (broken(status)) {
        report_finding(exercise->report, "%s", err.message);
        return;
    }
    if (status != GEN_OK) {
        return;
    }
    if (first.known && first.most == 0) {
        report_advice(exercise->report, "at $0.05 a second it says that the clip is free");
    }
    if (gen_hosted_cost(exercise->hosted, &trial->task, row, exercise->arena, &again, &err) !=
            GEN_OK ||
        first.known != again.known || first.price != again.price || first.most != again.most) {
        report_finding(exercise->report, "the same task gets two different prices");
    }
    if (broken(
            gen_hosted_cost(exercise->hosted, &trial->task, NULL, exercise->arena, &bare, &err))) {
        report_finding(exercise->report, "without a price book: %s", err.message);
    }
}

/* ----------------------------------------------------------------------------------- steps -- */

/* Two environments that agree in nothing, so that a plugin that looks into one gives two answers. */
static const char *const exercise_environment[2][12] = {
    {"PATH=/a", "HOME=/a", "USER=a", "LANG=C", "TZ=UTC", "TMPDIR=/a", "HTTP_PROXY=http://a", NULL},
    {"PATH=/b", "HOME=/b", "USER=b", "LANG=de_DE.UTF-8", "TZ=Asia/Tokyo", "DEBUG=1", "CI=1",
     "XDG_CONFIG_HOME=/b", "GEN_STATE=/b", NULL},
};

static void exercise_environ(size_t which)
{
    environ = (char **)(uintptr_t)exercise_environment[which]; /* only ever read */
}

/* Calls a verb twice with the same reply. NULL where there is no step to go on with. */
static struct gen_step *exercise_step(struct exercise *exercise, enum gen_verb verb,
                                      const struct gen_task *task, const struct gen_reply *reply)
{
    struct gen_step *step = gen_arena_alloc(exercise->exchange, sizeof(*step));
    struct gen_step again;
    struct gen_error err = {0};
    enum gen_status status, second;

    if (step == NULL) {
        return NULL;
    }
    exercise_environ(0);
    status = gen_hosted_step(exercise->hosted, verb, task, reply, exercise->exchange, step, &err);
    exercise_environ(1);
    exercise->report->calls += 2;
    if (status != GEN_OK) {
        if (broken(status)) {
            report_finding(exercise->report, "%s", err.message);
        }
        return NULL;
    }
    second = gen_hosted_step(exercise->hosted, verb, task, reply, exercise->exchange, &again, &err);
    if (second != GEN_OK ||
        strcmp(gen_json_text(exercise->exchange, step_document(step, exercise->exchange), NULL),
               gen_json_text(exercise->exchange, step_document(&again, exercise->exchange),
                             NULL)) != 0) {
        report_finding(exercise->report,
                       "the same answer leads to two different steps (chance, the "
                       "environment, or something kept between calls)");
        return NULL;
    }
    return step;
}

/* What no answer may lead to. */
static void step_sane(struct exercise *exercise, enum gen_verb verb, const struct gen_step *asked,
                      const struct gen_reply *reply, const struct gen_step *step)
{
    bool paid = asked->type == GEN_STEP_IS_HTTP && asked->as.http.costs;

    if (verb == GEN_VERB_SUBMIT && paid && step->type == GEN_STEP_IS_HTTP && step->as.http.costs) {
        report_finding(exercise->report, "it asks for a second paid request in one submission");
    }
    if (verb == GEN_VERB_SUBMIT && paid && reply->status >= 500 && step->type == GEN_STEP_IS_FAIL &&
        step->as.fail.billed == GEN_BILLING_NO) {
        report_advice(exercise->report,
                      "a 5xx to a paid request is taken for not billed; does the provider promise "
                      "that? Else say GEN_BILLED_UNKNOWN");
    }
    if (verb != GEN_VERB_SUBMIT && step->type == GEN_STEP_IS_HTTP && step->as.http.costs) {
        report_finding(exercise->report, "only submit may ask for a request that costs money");
    }
}

/* All hostile answers to one request. */
static void exercise_hostile(struct exercise *exercise, enum gen_verb verb,
                             const struct gen_task *task, const struct gen_step *asked)
{
    const char *at = gen_arena_strdup(exercise->arena, exercise->report->phase);

    for (size_t i = 0; i < answers_count(); i++) {
        struct gen_arena *kept = exercise->exchange;
        struct gen_reply reply;
        const struct gen_step *step;

        exercise->exchange = gen_arena_create(0);
        if (exercise->exchange != NULL && answers_hostile(i, exercise->exchange, &reply)) {
            report_phase(exercise->report, "%s, answered by %s", at == NULL ? "" : at,
                         answers_name(i));
            step = exercise_step(exercise, verb, task, &reply);
            if (step != NULL) {
                step_sane(exercise, verb, asked, &reply, step);
            }
        }
        gen_arena_destroy(exercise->exchange);
        exercise->exchange = kept;
    }
}

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void); /* its allocator is not the one of libc */
#endif

static size_t exercise_allocated(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return __sanitizer_get_current_allocated_bytes();
#else
    return mallinfo2().uordblks;
#endif
}

/* Memory that stays taken after many equal calls is a leak: everything belongs into the arena. */
static void exercise_leaks(struct exercise *exercise, enum gen_verb verb,
                           const struct gen_task *task)
{
    size_t before = 0, after;

    for (int i = 0; i < EXERCISE_LEAK_CALLS; i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_error err = {0};
        struct gen_step step;

        if (arena != NULL) {
            (void)!gen_hosted_step(exercise->hosted, verb, task, NULL, arena, &step, &err);
        }
        gen_arena_destroy(arena);
        if (i == EXERCISE_LEAK_CALLS / 2) {
            before = exercise_allocated();
        }
    }
    after = exercise_allocated();
    if (after > before + EXERCISE_LEAK_BYTES) {
        report_finding(exercise->report, "%zu bytes stay allocated after %d calls", after - before,
                       EXERCISE_LEAK_CALLS / 2 - 1);
    }
}

/* thorough: with leaks and hostile answers; the cases of a model differ little in what comes after. */
static void exercise_verb(struct exercise *exercise, enum gen_verb verb, struct trial_case *trial,
                          const struct gen_model *model, bool thorough)
{
    const struct gen_step *step;

    if (!gen_hosted_can(exercise->hosted, verb)) {
        return;
    }
    trial->sample.shot.attempt.handle = verb == GEN_VERB_SUBMIT || verb == GEN_VERB_RECOVER
                                            ? ""
                                            : "trial-handle";
    report_phase(exercise->report, "%s of %s (%s)", gen_verb_word(verb), model->id, trial->name);
    trial->sample.shot.attempt.step_state = "";
    step = exercise_step(exercise, verb, &trial->task, NULL);
    if (step != NULL && thorough) {
        exercise_leaks(exercise, verb, &trial->task);
        trial->sample.shot.attempt.step_state = /* as it comes back with the answer */
            step->state != NULL ? step->state : "";
        exercise_hostile(exercise, verb, &trial->task, step);
    }
}

static void exercise_case(struct exercise *exercise, const struct gen_model *model,
                          struct trial_case *trial, bool *thorough)
{
    static const enum gen_verb verbs[] = {GEN_VERB_SUBMIT, GEN_VERB_POLL, GEN_VERB_FETCH,
                                          GEN_VERB_RECOVER, GEN_VERB_CANCEL};
    struct gen_formatted formatted = {0};

    report_phase(exercise->report, "format of %s (%s)", model->id, trial->name);
    if (!exercise_format(exercise, model, trial, &formatted)) {
        return;
    }
    report_phase(exercise->report, "cost of %s (%s)", model->id, trial->name);
    exercise_cost(exercise, trial);
    for (size_t i = 0; i < GEN_COUNT(verbs); i++) {
        exercise->exchange = gen_arena_create(0);
        if (exercise->exchange != NULL) {
            exercise_verb(exercise, verbs[i], trial, model, *thorough);
        }
        gen_arena_destroy(exercise->exchange);
        exercise->exchange = NULL;
    }
    *thorough = false;
}

void exercise_models(struct exercise *exercise)
{
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(exercise->hosted, &count);

    for (size_t i = 0; i < count; i++) {
        struct trial_case *trials;
        size_t trial_count;
        bool thorough = !exercise->quick || i == 0; /* the first that can be formatted */

        exercise->arena = gen_arena_create(0);
        trials = gen_arena_array(exercise->arena, CASES_MOST, sizeof(*trials));
        trial_count = trials == NULL ? 0 : cases_of(&models[i], exercise->arena, trials);
        for (size_t c = 0; c < (exercise->quick && trial_count > 1 ? 1 : trial_count); c++) {
            exercise_case(exercise, &models[i], &trials[c], &thorough);
        }
        gen_arena_destroy(exercise->arena);
        exercise->arena = NULL;
    }
}

/* ------------------------------------------------------------------------------ recordings -- */

static enum gen_verb recording_verb(const struct gen_node *recording)
{
    static const enum gen_verb verbs[] = {GEN_VERB_SUBMIT, GEN_VERB_POLL, GEN_VERB_FETCH,
                                          GEN_VERB_RECOVER, GEN_VERB_CANCEL};
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
                step_sane(exercise, verb, asked, &reply, step);
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
    if (parameters != NULL) {
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

void exercise_recording(struct exercise *exercise, const struct gen_node *recording)
{
    const struct gen_model *model = recording_model(exercise, recording);
    enum gen_verb verb = recording_verb(recording);

    report_phase(exercise->report, "recording \"%.60s\"",
                 gen_node_text(gen_node_get(recording, "name"), "?"));
    if (!recording_readable(exercise, recording)) {
        return;
    }
    if (model == NULL || verb == GEN_VERB_NONE) {
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
