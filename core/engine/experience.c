/* experience.c - see experience.h. */
#include "engine/experience.h"

#include "base/alloc.h"
#include "base/map.h"

#include <stdio.h>
#include <string.h>

enum {
    EXPERIENCE_MOST_KEYS = 10000,
    EXPERIENCE_READ = 2000, /* attempts at the start */
    EXPERIENCE_HALVE = 500, /* attempts of one model at which all its sums are halved */
    EXPERIENCE_KEY_SIZE = 256,
    EXPERIENCE_BILLS = 20,         /* how far back bills say what is charged now */
    EXPERIENCE_LEAST_BILLS = 5,    /* fewer say nothing */
    EXPERIENCE_SAME_PPM = 1005000, /* what differs by less is the price list's rounding */
};

struct lesson { /* sums; of a model, or of a provider */
    double attempts, successes;
    double wait_ms, video_ms; /* of those that succeeded */
    double bills, error;      /* with an estimate and a bill; sum of (bill - estimate) / estimate */
    double recent, drift;     /* the last bills: how many, and the mean of the same */
    double before;            /* the mean without the last one */
    float ratios[20];         /* bill / price list of the last bills, in a ring */
    size_t next;
    bool told, unsure; /* people know that they drift; or who knows, since it is from the past */
};

struct gen_experience {
    bool reading; /* the past, newest first: what no longer counts is left out, not halved in */
    struct gen_map *lessons; /* "provider/model" and "provider" -> struct lesson */
};

struct gen_experience *gen_experience_create(void)
{
    struct gen_experience *experience = gen_alloc(sizeof *experience);

    if (experience != NULL &&
        (experience->lessons = gen_map_create(EXPERIENCE_MOST_KEYS)) == NULL) {
        gen_free(experience);
        return NULL;
    }
    return experience;
}

void gen_experience_destroy(struct gen_experience *experience)
{
    size_t cursor = 0;
    const char *key;
    void *lesson;

    if (experience == NULL) {
        return;
    }
    while (gen_map_next(experience->lessons, &cursor, &key, &lesson)) {
        gen_free(lesson);
    }
    gen_map_destroy(experience->lessons);
    gen_free(experience);
}

/* Does it say something about the model, and what? */
static bool lesson_of(const struct gen_past_attempt *attempt, bool *success)
{
    *success = attempt->state == GEN_ATTEMPT_SETTLED;
    if (*success && attempt->accepted_at == 0) {
        return false; /* a finished clip was used again: nobody was asked */
    }
    if (attempt->state != GEN_ATTEMPT_FAILED && attempt->state != GEN_ATTEMPT_REFUSED) {
        return *success;
    }
    return attempt->failure == GEN_FAILURE_PROVIDER || attempt->failure == GEN_FAILURE_EXPIRED ||
           attempt->failure == GEN_FAILURE_TIMEOUT || attempt->failure == GEN_FAILURE_OUTPUT;
}

static struct lesson *lesson_find(struct gen_experience *experience, const char *key)
{
    struct lesson *lesson = gen_map_get(experience->lessons, key);

    if (lesson == NULL) {
        lesson = gen_alloc(sizeof *lesson);
        if (lesson != NULL && gen_map_put(experience->lessons, key, lesson, NULL) != GEN_OK) {
            gen_free(lesson);
            return NULL;
        }
    }
    return lesson;
}

/* The past comes newest first and stops counting when there is enough; what comes later counts more than
 * what was before. */
static void lesson_bill(struct lesson *lesson, double error, bool past)
{
    if (past && lesson->recent >= EXPERIENCE_BILLS) {
        return;
    }
    lesson->before = lesson->drift;
    lesson->recent += lesson->recent < EXPERIENCE_BILLS ? 1 : 0;
    lesson->drift += (error - lesson->drift) / lesson->recent;
    lesson->unsure = lesson->unsure || past;
    lesson->ratios[lesson->next] = (float)(error + 1);
    lesson->next = (lesson->next + 1) % GEN_COUNT(lesson->ratios);
}

/* The dearest of the last bills, in millionths of the price list: what is held must cover what was seen. 0:
 * none was above it. */
static int64_t lesson_dearest(const struct lesson *lesson)
{
    float most = 0;

    for (size_t i = 0; i < GEN_COUNT(lesson->ratios); i++) {
        most = lesson->ratios[i] > most ? lesson->ratios[i] : most;
    }
    return most * 1e6F >= (float)EXPERIENCE_SAME_PPM && most < 1e6F
               ? (int64_t)((double)most * 1e6 + 0.5)
               : 0;
}

static void lesson_add(struct lesson *lesson, const struct gen_past_attempt *attempt, bool success,
                       bool past)
{
    if (lesson->attempts >= EXPERIENCE_HALVE) {
        lesson->attempts /= 2;
        lesson->successes /= 2;
        lesson->wait_ms /= 2;
        lesson->video_ms /= 2;
        lesson->bills /= 2;
        lesson->error /= 2;
    }
    lesson->attempts += 1;
    if (!success) {
        return;
    }
    lesson->successes += 1;
    if (attempt->accepted_at > 0 && attempt->ended_at > attempt->accepted_at &&
        attempt->duration_ms > 0) {
        lesson->wait_ms += (double)(attempt->ended_at - attempt->accepted_at);
        lesson->video_ms += (double)attempt->duration_ms;
    }
    if (attempt->estimate > 0 && attempt->reported >= 0) {
        lesson->bills += 1;
        double list = (double)(attempt->book > 0 ? attempt->book : attempt->estimate);

        lesson->error += (double)(attempt->cost - attempt->estimate) / (double)attempt->estimate;
        lesson_bill(lesson, ((double)attempt->cost - list) / list, past);
    }
}

void gen_experience_learn(struct gen_experience *experience, const struct gen_past_attempt *attempt)
{
    char key[EXPERIENCE_KEY_SIZE];
    struct lesson *of_model, *of_provider;
    bool success;

    if (!lesson_of(attempt, &success)) {
        return;
    }
    (void)snprintf(key, sizeof key, "%s/%s", attempt->provider, attempt->model);
    of_model = lesson_find(experience, key);
    of_provider = lesson_find(experience, attempt->provider);
    if (of_model != NULL && !(experience->reading && of_model->attempts >= EXPERIENCE_HALVE)) {
        lesson_add(of_model, attempt, success, experience->reading);
    }
    if (of_provider != NULL &&
        !(experience->reading && of_provider->attempts >= EXPERIENCE_HALVE)) {
        lesson_add(of_provider, attempt, success, experience->reading);
    }
}

static void experience_on_past(void *context, const struct gen_past_attempt *attempt)
{
    gen_experience_learn(context, attempt);
}

enum gen_status gen_experience_read(struct gen_experience *experience, struct gen_store *store,
                                    struct gen_error *err)
{
    enum gen_status status;

    experience->reading = true;
    status = gen_read_past_attempts(store, EXPERIENCE_READ, experience_on_past, experience, err);
    experience->reading = false;
    return status;
}

void gen_experience_model(const struct gen_experience *experience, struct gen_model_state *state)
{
    char key[EXPERIENCE_KEY_SIZE];
    const struct lesson *lesson;

    (void)snprintf(key, sizeof key, "%s/%s", state->model->provider, state->model->id);
    lesson = gen_map_get(experience->lessons, key);
    if (lesson == NULL) {
        return;
    }
    state->attempts = (int64_t)lesson->attempts;
    state->success_rate = lesson->successes / lesson->attempts;
    if (lesson->video_ms > 0) {
        state->speed = lesson->wait_ms / lesson->video_ms;
    }
    if (lesson->bills > 0) {
        state->price_error = lesson->error / lesson->bills;
        state->bill_ppm = lesson_dearest(lesson);
    }
}

int64_t gen_experience_bill_ppm(const struct gen_experience *experience, const char *provider,
                                const char *model)
{
    char key[EXPERIENCE_KEY_SIZE];
    const struct lesson *lesson;

    (void)snprintf(key, sizeof key, "%s/%s", provider, model);
    lesson = gen_map_get(experience->lessons, key);
    return lesson == NULL ? 0 : lesson_dearest(lesson);
}

bool gen_experience_bills(const struct gen_experience *experience, const char *provider,
                          const char *model, struct gen_experience_drift *out)
{
    char key[EXPERIENCE_KEY_SIZE];
    const struct lesson *lesson;

    (void)snprintf(key, sizeof key, "%s/%s", provider, model);
    lesson = gen_map_get(experience->lessons, key);
    if (lesson == NULL || lesson->recent < EXPERIENCE_LEAST_BILLS) {
        return false;
    }
    *out = (struct gen_experience_drift){(int64_t)lesson->recent, lesson->drift};
    return true;
}

bool gen_experience_drifts(struct gen_experience *experience, const char *provider,
                           const char *model, double most, struct gen_experience_drift *out)
{
    char key[EXPERIENCE_KEY_SIZE];
    struct lesson *lesson;

    (void)snprintf(key, sizeof key, "%s/%s", provider, model);
    lesson = gen_map_get(experience->lessons, key);
    if (lesson == NULL || lesson->recent < EXPERIENCE_LEAST_BILLS || most <= 0) {
        return false;
    }
    *out = (struct gen_experience_drift){(int64_t)lesson->recent, lesson->drift};
    if (lesson->unsure) { /* what was so at the start has been told */
        lesson->told = lesson->before > most || lesson->before < -most;
        lesson->unsure = false;
    }
    if (lesson->drift <= most / 2 && lesson->drift >= -most / 2) {
        lesson->told = false;
    }
    if (lesson->told || (lesson->drift <= most && lesson->drift >= -most)) {
        return false;
    }
    lesson->told = true;
    return true;
}

void gen_experience_provider(const struct gen_experience *experience,
                             struct gen_provider_state *state)
{
    const struct lesson *lesson = gen_map_get(experience->lessons, state->id);

    if (lesson != NULL) {
        state->success_rate = lesson->successes / lesson->attempts;
    }
}
