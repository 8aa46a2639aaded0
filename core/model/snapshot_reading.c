/* snapshot_reading.c - a snapshot from a document; see snapshot.h. */
#include "base/number.h"
#include "model/snapshot_keys.h"

#include <stdio.h>
#include <string.h>

static enum gen_status snapshot_wrong(const struct gen_snapshot_model_keys *entry,
                                      struct gen_error *err, const char *key, const char *message,
                                      const char *value)
{
    char path[GEN_ERROR_PATH_SIZE];

    gen_error_set(err, GEN_EINVAL, "\"%.80s\" %s", value, message);
    snprintf(path, sizeof(path), "models.%.100s%s%s", entry->named.name, key == NULL ? "" : ".",
             key == NULL ? "" : key);
    gen_error_place(err, NULL, entry->named.line, entry->named.column, path);
    return GEN_EINVAL;
}

static enum gen_status snapshot_lists(const struct gen_snapshot_model_keys *entry,
                                      struct gen_model *model, struct gen_arena *arena,
                                      struct gen_error *err)
{
    int64_t *durations = gen_arena_array(arena, entry->durations.count + 1, sizeof(*durations));
    int32_t(*sizes)[2] = gen_arena_array(arena, entry->sizes.count + 1, sizeof(*sizes));

    if (durations == NULL || sizes == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < entry->durations.count; i++) {
        durations[i] = (int64_t)(entry->durations.items[i] * 1000.0 + 0.5);
    }
    for (size_t i = 0; i < entry->sizes.count; i++) {
        if (!gen_number_pair(entry->sizes.items[i], 'x', &sizes[i][0], &sizes[i][1])) {
            return snapshot_wrong(entry, err, "sizes", "is not a size such as 1280x720",
                                  entry->sizes.items[i]);
        }
    }
    model->durations_ms = entry->durations.count > 0 ? durations : NULL;
    model->duration_count = entry->durations.count;
    model->sizes = entry->sizes.count > 0 ? (const int32_t(*)[2])sizes : NULL;
    model->size_count = entry->sizes.count;
    for (size_t i = 0; i < entry->needs.count; i++) {
        uint32_t bit = gen_needs_of(entry->needs.items[i]);

        if (bit == 0) {
            const char *nearest = gen_needs_nearest(entry->needs.items[i]);
            char message[80];

            snprintf(message, sizeof(message), "is not a need that we know%s%.30s%s",
                     nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
                     nearest == NULL ? "" : "\"?");
            return snapshot_wrong(entry, err, "needs", message, entry->needs.items[i]);
        }
        model->needs |= bit;
    }
    return GEN_OK;
}

static enum gen_status snapshot_model(const struct gen_snapshot_model_keys *entry,
                                      struct gen_model_state *state, struct gen_arena *arena,
                                      struct gen_error *err)
{
    const char *slash = strchr(entry->named.name, '/');
    struct gen_model *model = gen_arena_alloc(arena, sizeof(*model));

    if (model == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (slash == NULL || slash == entry->named.name || slash[1] == '\0') {
        return snapshot_wrong(entry, err, NULL, "is not the name of a model; write provider/model",
                              entry->named.name);
    }
    *model = (struct gen_model){
        .provider = gen_arena_strndup(arena, entry->named.name,
                                      (size_t)(slash - entry->named.name)),
        .id = gen_arena_strdup(arena, slash + 1),
        .name = entry->title != NULL ? entry->title : entry->named.name,
        .traits = (entry->whole ? GEN_TRAIT_WHOLE_STORYBOARD : 0u) |
                  (entry->idempotent ? GEN_TRAIT_SUBMIT_IDEMPOTENT : 0u) |
                  (entry->audio ? GEN_TRAIT_AUDIO : 0u) |
                  (entry->any_ratio ? GEN_TRAIT_ANY_RATIO : 0u),
        .tier = (int32_t)entry->tier,
        .min_duration_ms = entry->min_duration_ms,
        .max_duration_ms = entry->max_duration_ms,
        .max_width = (int32_t)entry->max_width,
        .max_height = (int32_t)entry->max_height,
        .max_frame_rate = (int32_t)entry->max_frame_rate,
        .max_scenes = (int32_t)entry->max_scenes,
        .max_prompt = (int32_t)entry->max_prompt,
        .max_assets = (int32_t)entry->max_assets,
        .max_concurrent = (int32_t)entry->max_concurrent,
        .quality = entry->quality,
        .seconds_per_second = entry->speed,
    };
    *state = gen_snapshot_model_state(model);
    if (entry->history.given) {
        state->attempts = entry->history.attempts;
        state->success_rate = entry->history.success_rate;
        state->quality = entry->history.quality;
        state->speed = entry->history.speed;
        state->price_error = entry->history.price_error;
        state->bill_ppm = (int64_t)(entry->history.bill_factor * 1e6 + 0.5);
        state->rejected = entry->history.rejected;
    }
    return snapshot_lists(entry, model, arena, err);
}

static struct gen_provider_state snapshot_provider(const struct gen_snapshot_provider_keys *entry)
{
    return (struct gen_provider_state){.id = entry->named.name,
                                       .unready = entry->unready,
                                       .health = entry->health,
                                       .breaker = entry->breaker,
                                       .running = entry->running,
                                       .queue = entry->queue,
                                       .capacity = entry->capacity,
                                       .success_rate = entry->success_rate,
                                       .share = entry->share,
                                       .off_peak = entry->off_peak,
                                       .volume_s = entry->volume};
}

static struct gen_team_state snapshot_team(const struct gen_snapshot_team_keys *entry)
{
    if (!entry->given) {
        return gen_snapshot_team_state();
    }
    return (struct gen_team_state){.id = entry->id,
                                   .plan = entry->plan,
                                   .budget = entry->budget,
                                   .spent = entry->spent,
                                   .held = entry->held,
                                   .remaining = entry->remaining,
                                   .running = entry->running,
                                   .waiting = entry->waiting,
                                   .jobs_today = entry->jobs_today};
}

enum gen_status gen_snapshot_read(const struct gen_node *node, struct gen_arena *arena,
                                  struct gen_snapshot **out, struct gen_error *err)
{
    struct gen_snapshot_keys entry;
    struct gen_snapshot *snapshot = gen_arena_alloc(arena, sizeof(*snapshot));
    enum gen_status status = gen_record_bind(&gen_snapshot_record, node, "", arena, &entry, err);
    struct gen_model_state *models;
    struct gen_provider_state *providers;

    if (status != GEN_OK) {
        return status;
    }
    models = gen_arena_array(arena, entry.models.count + 1, sizeof(*models));
    providers = gen_arena_array(arena, entry.providers.count + 1, sizeof(*providers));
    if (snapshot == NULL || models == NULL || providers == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < entry.models.count && status == GEN_OK; i++) {
        status = snapshot_model((const struct gen_snapshot_model_keys *)entry.models.items + i,
                                &models[i], arena, err);
    }
    for (size_t i = 0; i < entry.providers.count; i++) {
        providers[i] =
            snapshot_provider((const struct gen_snapshot_provider_keys *)entry.providers.items + i);
    }
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status != GEN_OK) {
        return status;
    }
    *snapshot = (struct gen_snapshot){.now = entry.now,
                                      .seed = (uint64_t)entry.seed,
                                      .models = models,
                                      .model_count = entry.models.count,
                                      .providers = providers,
                                      .provider_count = entry.providers.count,
                                      .team = snapshot_team(&entry.team)};
    *out = snapshot;
    return GEN_OK;
}
