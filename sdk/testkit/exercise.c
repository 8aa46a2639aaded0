/* exercise.c - see exercise.h. */
#include "exercise.h"

#include "answers.h"
#include "base/json.h"
#include "leaks.h"
#include "step_document.h"

#include <stdio.h>
#include <string.h>

#define EXERCISE_NOW INT64_C(1790000000000) /* as sample.c has it */

enum { EXERCISE_STEPS = 500 }; /* in a row; the engine ends it there */

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

bool exercise_format(struct exercise *exercise, const struct gen_model *model,
                     struct trial_case *trial, struct gen_formatted *formatted)
{
    struct gen_formatted again = {0};
    struct gen_arena *elsewhere;
    struct gen_error err = {0};
    enum gen_status status = gen_hosted_format(exercise->hosted, &trial->task, exercise->arena,
                                               formatted, &err);

    report_called(exercise->report, REPORT_FORMAT, 2);
    if (broken(status)) {
        report_finding(exercise->report, "%s", err.message);
    }
    if (status != GEN_OK) {
        (void)snprintf(exercise->refusal, sizeof(exercise->refusal), "%.230s", err.message);
        return false;
    }
    elsewhere = gen_arena_create(0); /* where it lies must not matter */
    if (elsewhere != NULL &&
        (gen_hosted_format(exercise->other, &trial->task, elsewhere, &again, &err) != GEN_OK ||
         strcmp(format_text(formatted, exercise->arena), format_text(&again, exercise->arena)) !=
             0)) {
        report_finding(exercise->report, "the same question gets two different answers");
    }
    gen_arena_destroy(elsewhere);
    format_honest(exercise, model, trial, formatted);
    trial->sample.shot.parameters = formatted->parameters;
    return true;
}

/* A row of the price book. */
static const struct gen_node *exercise_row(const struct exercise *exercise)
{
    struct gen_node *row = gen_node_map(exercise->arena);

    gen_node_set(exercise->arena, row, "perSecond", gen_node_money(exercise->arena, 50000));
    return row;
}

static void exercise_cost(struct exercise *exercise, const struct trial_case *trial)
{
    const struct gen_node *row = exercise_row(exercise);
    struct gen_priced first = {0}, again = {0}, bare = {0};
    struct gen_error err = {0};
    enum gen_status status;

    status = gen_hosted_cost(exercise->hosted, &trial->task, row, exercise->arena, &first, &err);
    report_called(exercise->report, REPORT_COST, 3);
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
    if (gen_hosted_cost(exercise->other, &trial->task, row, exercise->arena, &again, &err) !=
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

static enum report_function exercise_function(enum gen_verb verb)
{
    static const enum report_function functions[] = {
        [GEN_VERB_SUBMIT] = REPORT_SUBMIT, [GEN_VERB_POLL] = REPORT_POLL,
        [GEN_VERB_FETCH] = REPORT_FETCH,   [GEN_VERB_RECOVER] = REPORT_RECOVER,
        [GEN_VERB_CANCEL] = REPORT_CANCEL, [GEN_VERB_HEALTH] = REPORT_HEALTH,
    };

    return functions[verb];
}

/* The same once more, with memory that lies elsewhere: is it the same step? */
static bool exercise_step_again(struct exercise *exercise, enum gen_verb verb,
                                const struct gen_task *task, const struct gen_reply *reply,
                                const struct gen_step *step)
{
    struct gen_arena *elsewhere = gen_arena_create(0);
    struct gen_step again;
    struct gen_error err = {0};
    const char *text = gen_json_text(exercise->exchange, step_document(step, exercise->exchange),
                                     NULL);
    bool same = elsewhere == NULL || text == NULL;

    if (!same &&
        gen_hosted_step(exercise->other, verb, task, reply, elsewhere, &again, &err) == GEN_OK) {
        const char *second = gen_json_text(elsewhere, step_document(&again, elsewhere), NULL);

        same = second == NULL || strcmp(text, second) == 0;
    }
    gen_arena_destroy(elsewhere);
    return same;
}

struct gen_step *exercise_step(struct exercise *exercise, enum gen_verb verb,
                               const struct gen_task *task, const struct gen_reply *reply)
{
    struct gen_step *step = gen_arena_alloc(exercise->exchange, sizeof(*step));
    struct gen_error err = {0};
    enum gen_status status;

    if (step == NULL) {
        return NULL;
    }
    status = gen_hosted_step(exercise->hosted, verb, task, reply, exercise->exchange, step, &err);
    report_called(exercise->report, exercise_function(verb), 2);
    if (status != GEN_OK) {
        if (broken(status)) {
            report_finding(exercise->report, "%s", err.message);
        }
        return NULL;
    }
    if (!exercise_step_again(exercise, verb, task, reply, step)) {
        report_finding(exercise->report,
                       "the same answer leads to two different steps (chance, or something "
                       "kept between calls)");
        return NULL;
    }
    return step;
}

/* Answers that do not say whether the order was taken: somebody in between may have given them. */
static bool answer_undecided(int status)
{
    return (status >= 300 && status < 400) || status == 408 || status >= 500;
}

void exercise_sane(struct exercise *exercise, enum gen_verb verb, const struct gen_step *asked,
                   const struct gen_reply *reply, const struct gen_step *step)
{
    bool paid = asked->type == GEN_STEP_IS_HTTP && asked->as.http.costs;

    if (verb == GEN_VERB_SUBMIT && paid && step->type == GEN_STEP_IS_HTTP && step->as.http.costs) {
        report_finding(exercise->report, "it asks for a second paid request in one submission");
    }
    if (verb == GEN_VERB_SUBMIT && paid && answer_undecided(reply->status) &&
        step->type == GEN_STEP_IS_FAIL && step->as.fail.billed == GEN_BILLING_NO) {
        report_advice(exercise->report,
                      "a 3xx, 408 or 5xx to a paid request is taken for not billed; does the "
                      "provider promise that? Else say GEN_BILLED_UNKNOWN");
    }
    if (verb != GEN_VERB_SUBMIT && step->type == GEN_STEP_IS_HTTP && step->as.http.costs) {
        report_finding(exercise->report, "only submit may ask for a request that costs money");
    }
}

struct exercise_repeated { /* a call that is made many times */
    const struct gen_hosted *hosted;
    enum gen_verb verb;
    const struct gen_task *task;
    const struct gen_reply *reply;
};

static void exercise_repeat(void *context)
{
    const struct exercise_repeated *what = context;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    struct gen_step step;

    if (arena != NULL) {
        (void)!gen_hosted_step(what->hosted, what->verb, what->task, what->reply, arena, &step,
                               &err);
    }
    gen_arena_destroy(arena);
}

void exercise_leaks(struct exercise *exercise, enum gen_verb verb, const struct gen_task *task,
                    const struct gen_reply *reply)
{
    struct exercise_repeated what = {exercise->hosted, verb, task, reply};

    report_called(exercise->report, exercise_function(verb),
                  leaks_look(exercise->report, exercise->quick ? LEAKS_QUICK : LEAKS_FEW,
                             exercise_repeat, &what));
}

/* Answered by the same again and again: does it come to an end before the engine ends it? */
static void exercise_endless(struct exercise *exercise, enum gen_verb verb,
                             struct trial_case *trial, const struct gen_reply *reply,
                             const struct gen_step *step)
{
    const char *before = trial->sample.shot.attempt.step_state;
    struct gen_arena *last = NULL;
    struct gen_step next = *step;
    struct gen_error err = {0};
    int steps = 0;

    while (next.type == GEN_STEP_IS_HTTP && reply->type == GEN_REPLY_HTTP &&
           ++steps < EXERCISE_STEPS) {
        struct gen_arena *arena = gen_arena_create(0);

        if (next.state != NULL) {
            trial->sample.shot.attempt.step_state = next.state;
        }
        if (arena == NULL || gen_hosted_step(exercise->hosted, verb, &trial->task, reply, arena,
                                             &next, &err) != GEN_OK) {
            next.type = GEN_STEP_IS_FAIL;
        } else if (next.state == NULL) { /* it stays, beyond the memory that it lies in */
            next.state = gen_arena_strdup(arena, trial->sample.shot.attempt.step_state);
        }
        gen_arena_destroy(last);
        last = arena;
        report_called(exercise->report, exercise_function(verb), 1);
    }
    trial->sample.shot.attempt.step_state = before;
    gen_arena_destroy(last);
    if (steps == EXERCISE_STEPS) {
        report_finding(
            exercise->report,
            "it asks for one request after the other without an end (%d); after an answer "
            "that says nothing new, WAIT or FAIL",
            steps);
    }
}

/* All hostile answers to one request, or to a program that was to run. */
static void exercise_hostile(struct exercise *exercise, enum gen_verb verb,
                             struct trial_case *trial, const struct gen_step *asked)
{
    const char *at = gen_arena_strdup(exercise->arena, exercise->report->phase);
    bool ran = asked->type == GEN_STEP_IS_RUN;

    for (size_t i = 0; i < answers_count(ran); i++) {
        struct gen_arena *kept = exercise->exchange;
        struct gen_reply reply;
        const struct gen_step *step;

        exercise->exchange = gen_arena_create(0);
        if (exercise->exchange != NULL && answers_hostile(ran, i, exercise->exchange, &reply)) {
            report_phase(exercise->report, "%s, answered by %s", at == NULL ? "" : at,
                         answers_name(ran, i));
            step = exercise_step(exercise, verb, &trial->task, &reply);
            if (step != NULL) {
                exercise_sane(exercise, verb, asked, &reply, step);
                exercise_endless(exercise, verb, trial, &reply, step);
            }
            if (exercise->first) { /* the code that reads answers is the same for all */
                exercise_leaks(exercise, verb, &trial->task, &reply);
            }
        }
        gen_arena_destroy(exercise->exchange);
        exercise->exchange = kept;
    }
}

/* A step verb from its first call on, whatever the phase is called. thorough: with leaks and hostile
 * answers; the cases of a model differ little in what comes after. */
static void exercise_try(struct exercise *exercise, enum gen_verb verb, struct trial_case *trial,
                         bool thorough)
{
    const struct gen_step *step;

    trial->sample.shot.attempt.step_state = "";
    step = exercise_step(exercise, verb, &trial->task, NULL);
    if (!thorough) {
        return;
    }
    exercise_leaks(exercise, verb, &trial->task, NULL);
    if (step == NULL) {
        return;
    }
    trial->sample.shot.attempt.step_state = /* as it comes back with the answer */
        step->state != NULL ? step->state : "";
    if (step->state != NULL) { /* after WAIT, or after a crash of the engine */
        (void)exercise_step(exercise, verb, &trial->task, NULL);
    }
    exercise_hostile(exercise, verb, trial, step);
}

static void exercise_verb(struct exercise *exercise, enum gen_verb verb, struct trial_case *trial,
                          const struct gen_model *model, bool thorough)
{
    if (!gen_hosted_can(exercise->hosted, verb)) {
        return;
    }
    trial->sample.shot.attempt.handle = verb == GEN_VERB_SUBMIT || verb == GEN_VERB_RECOVER
                                            ? ""
                                            : "trial-handle";
    report_phase(exercise->report, "%s of %s (%s)", gen_verb_word(verb), model->id, trial->name);
    exercise_try(exercise, verb, trial, thorough);
}

/* format and cost again and again. */
struct exercise_question {
    struct exercise *exercise;
    const struct gen_task *task;
    const struct gen_node *row;
};

static void exercise_ask_format(void *context)
{
    const struct exercise_question *what = context;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_formatted formatted;
    struct gen_error err = {0};

    if (arena != NULL) {
        (void)!gen_hosted_format(what->exercise->hosted, what->task, arena, &formatted, &err);
    }
    gen_arena_destroy(arena);
}

static void exercise_ask_cost(void *context)
{
    const struct exercise_question *what = context;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_priced priced;
    struct gen_error err = {0};

    if (arena != NULL) {
        (void)!gen_hosted_cost(what->exercise->hosted, what->task, what->row, arena, &priced, &err);
    }
    gen_arena_destroy(arena);
}

static void exercise_question(struct exercise *exercise, enum report_function function,
                              leaks_call *ask, const struct trial_case *trial)
{
    struct exercise_question what = {exercise, &trial->task, exercise_row(exercise)};

    report_called(exercise->report, function, leaks_look(exercise->report, LEAKS_FEW, ask, &what));
}

/* true: it can be rendered, and its verbs were called. */
static bool exercise_case(struct exercise *exercise, const struct gen_model *model,
                          struct trial_case *trial, bool thorough)
{
    static const enum gen_verb verbs[] = {GEN_VERB_SUBMIT, GEN_VERB_POLL, GEN_VERB_FETCH,
                                          GEN_VERB_RECOVER, GEN_VERB_CANCEL};
    struct gen_formatted formatted = {0};

    report_phase(exercise->report, "format of %s (%s)", model->id, trial->name);
    if (thorough) {
        exercise_question(exercise, REPORT_FORMAT, exercise_ask_format, trial);
    }
    if (!exercise_format(exercise, model, trial, &formatted)) {
        return false;
    }
    report_phase(exercise->report, "cost of %s (%s)", model->id, trial->name);
    exercise_cost(exercise, trial);
    if (thorough) {
        exercise_question(exercise, REPORT_COST, exercise_ask_cost, trial);
    }
    for (size_t i = 0; i < GEN_COUNT(verbs); i++) {
        exercise->exchange = gen_arena_create(0);
        if (exercise->exchange != NULL) {
            exercise_verb(exercise, verbs[i], trial, model, thorough);
        }
        gen_arena_destroy(exercise->exchange);
        exercise->exchange = NULL;
    }
    return true;
}

/* What a brief may hold, and few models take: it is refused in words or made to fit, each time alike. */
static void exercise_odd(struct exercise *exercise, const struct gen_model *model)
{
    struct trial_case *trials = gen_arena_array(exercise->arena, CASES_MOST, sizeof(*trials));
    size_t count = trials == NULL ? 0 : cases_odd(model, exercise->arena, trials);

    for (size_t i = 0; i < count; i++) {
        struct gen_formatted formatted = {0};

        report_phase(exercise->report, "format of %s (%s)", model->id, trials[i].name);
        (void)exercise_format(exercise, model, &trials[i], &formatted);
        exercise_question(exercise, REPORT_FORMAT, exercise_ask_format, &trials[i]);
    }
}

/* Its task has nothing but the time, whatever the models are. */
static void exercise_health(struct exercise *exercise)
{
    struct trial_case trial = {.task = {.now = EXERCISE_NOW}};

    if (!gen_hosted_can(exercise->hosted, GEN_VERB_HEALTH)) {
        return;
    }
    trial.task.shot = &trial.sample.shot;
    exercise->arena = gen_arena_create(0);
    exercise->exchange = gen_arena_create(0);
    if (exercise->arena != NULL && exercise->exchange != NULL) {
        report_phase(exercise->report, "health");
        exercise_try(exercise, GEN_VERB_HEALTH, &trial, true);
    }
    gen_arena_destroy(exercise->exchange);
    gen_arena_destroy(exercise->arena);
    exercise->arena = exercise->exchange = NULL;
}

void exercise_models(struct exercise *exercise)
{
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(exercise->hosted, &count);
    bool first = true;

    for (size_t i = 0; i < count; i++) {
        struct trial_case *trials;
        size_t trial_count;
        bool done = false, thorough = first || !exercise->quick;

        exercise->first = first;
        exercise->arena = gen_arena_create(0);
        trials = gen_arena_array(exercise->arena, CASES_MOST, sizeof(*trials));
        trial_count = trials == NULL ? 0 : cases_of(&models[i], exercise->arena, trials);
        for (size_t c = 0; c < trial_count && !(exercise->quick && done); c++) {
            done |= exercise_case(exercise, &models[i], &trials[c], thorough && !done);
        }
        first = first && !done; /* a model may refuse them all, such as one that needs a picture */
        if (i == 0) {
            exercise_odd(exercise, &models[i]);
        }
        gen_arena_destroy(exercise->arena);
        exercise->arena = NULL;
    }
    if (first && count > 0) {
        char text[2 * sizeof(exercise->refusal)];

        report_phase(exercise->report, "format");
        (void)snprintf(
            text, sizeof(text),
            "it takes none of the shots, so no other verb was tried; does it need settings "
            "(--settings)? It says: %s",
            exercise->refusal);
        report_advice(exercise->report, text);
    }
    exercise->first = true; /* of its kind */
    exercise_health(exercise);
}
