/* durations.c - see durations.h. */
#include "engine/durations.h"

#include "base/alloc.h"
#include "base/map.h"

#include <stdio.h>

enum {
    DURATIONS_MOST_KEYS = 10000,
    DURATIONS_READ = 2000, /* attempts at the start */
    DURATIONS_KEY_SIZE = 256,
    DURATIONS_LEAST =
        5, /* samples before an estimate is judged: fewer say nothing of how good we are */
    DURATIONS_HALVE = 500, /* judged at which the counts are halved */
};

struct record {
    struct gen_foresight_past past;
    struct gen_durations_score score;
    struct gen_foresight_sample *read; /* while the past is read: newest first */
    size_t read_count;
};

struct gen_durations {
    bool reading;
    struct gen_map *records; /* "provider/model" -> struct record */
};

struct gen_durations *gen_durations_create(void)
{
    struct gen_durations *durations = gen_alloc(sizeof *durations);

    if (durations != NULL && (durations->records = gen_map_create(DURATIONS_MOST_KEYS)) == NULL) {
        gen_free(durations);
        return NULL;
    }
    return durations;
}

void gen_durations_destroy(struct gen_durations *durations)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    if (durations == NULL) {
        return;
    }
    while (gen_map_next(durations->records, &cursor, &key, &value)) {
        struct record *record = value;

        gen_free(record->read);
        gen_free(record);
    }
    gen_map_destroy(durations->records);
    gen_free(durations);
}

static struct record *durations_find(const struct gen_durations *durations, const char *provider,
                                     const char *model)
{
    char key[DURATIONS_KEY_SIZE];

    (void)snprintf(key, sizeof key, "%s/%s", provider, model);
    return gen_map_get(durations->records, key);
}

static struct record *durations_make(struct gen_durations *durations, const char *provider,
                                     const char *model)
{
    struct record *record = durations_find(durations, provider, model);
    char key[DURATIONS_KEY_SIZE];

    if (record == NULL && (record = gen_alloc(sizeof *record)) != NULL) {
        (void)snprintf(key, sizeof key, "%s/%s", provider, model);
        if (gen_map_put(durations->records, key, record, NULL) != GEN_OK) {
            gen_free(record);
            return NULL;
        }
    }
    return record;
}

static void record_judge(struct record *record, const struct gen_foresight_sample *sample)
{
    struct gen_foresight_render render = {.video_ms = sample->video_ms,
                                          .known_by = sample->accepted_at};
    struct gen_foresight_span span;
    size_t known = 0;

    for (size_t i = 0; i < record->past.count; i++) {
        known += record->past.samples[i].ended_at <= sample->accepted_at;
    }
    if (known < DURATIONS_LEAST || !gen_foresight_left(&record->past, &render, &span)) {
        return;
    }
    if (record->score.judged >= DURATIONS_HALVE) {
        record->score.judged /= 2;
        record->score.by_middle /= 2;
        record->score.by_late /= 2;
    }
    record->score.judged++;
    record->score.by_middle += sample->took_ms <= span.middle;
    record->score.by_late += sample->took_ms <= span.late;
}

static void record_add(struct record *record, const struct gen_foresight_sample *sample)
{
    record_judge(record, sample);
    gen_foresight_add(&record->past, sample);
}

/* The past comes newest first; it is judged and kept oldest first once all of it is here. */
static void record_defer(struct record *record, const struct gen_foresight_sample *sample)
{
    if (record->read == NULL) {
        record->read = gen_alloc(DURATIONS_READ * sizeof *record->read);
    }
    if (record->read != NULL && record->read_count < DURATIONS_READ) {
        record->read[record->read_count++] = *sample;
    }
}

void gen_durations_learn(struct gen_durations *durations, const struct gen_past_attempt *attempt)
{
    struct gen_foresight_sample sample = {.took_ms = attempt->ended_at - attempt->accepted_at,
                                          .video_ms = attempt->duration_ms,
                                          .accepted_at = attempt->accepted_at,
                                          .ended_at = attempt->ended_at};
    struct record *record;

    if (attempt->state != GEN_ATTEMPT_SETTLED || attempt->accepted_at == 0 || sample.took_ms <= 0 ||
        sample.video_ms <= 0) {
        return; /* nobody rendered it to its end */
    }
    record = durations_make(durations, attempt->provider, attempt->model);
    if (record == NULL) {
        return;
    }
    if (durations->reading) {
        record_defer(record, &sample);
    } else {
        record_add(record, &sample);
    }
}

static void durations_on_past(void *context, const struct gen_past_attempt *attempt)
{
    gen_durations_learn(context, attempt);
}

enum gen_status gen_durations_read(struct gen_durations *durations, struct gen_store *store,
                                   struct gen_error *err)
{
    enum gen_status status;
    size_t cursor = 0;
    const char *key;
    void *value;

    durations->reading = true;
    status = gen_read_past_attempts(store, DURATIONS_READ, durations_on_past, durations, err);
    durations->reading = false;
    while (gen_map_next(durations->records, &cursor, &key, &value)) {
        struct record *record = value;

        while (record->read_count > 0) {
            record_add(record, &record->read[--record->read_count]);
        }
        gen_free(record->read);
        record->read = NULL;
    }
    return status;
}

const struct gen_foresight_past *gen_durations_past(const struct gen_durations *durations,
                                                    const char *provider, const char *model)
{
    const struct record *record = durations_find(durations, provider, model);

    return record == NULL ? NULL : &record->past;
}

void gen_durations_judge(const struct gen_durations *durations, const char *provider,
                         const char *model, struct gen_durations_score *out)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    *out = (struct gen_durations_score){0};
    if (provider != NULL) {
        const struct record *record = durations_find(durations, provider, model);

        if (record != NULL) {
            *out = record->score;
        }
        return;
    }
    while (gen_map_next(durations->records, &cursor, &key, &value)) {
        const struct record *record = value;

        out->judged += record->score.judged;
        out->by_middle += record->score.by_middle;
        out->by_late += record->score.by_late;
    }
}
