/* snapshot_writing.c - a snapshot as the document that gives it back; see snapshot.h. */
#include "model/snapshot.h"

#include <math.h>

static void writing_real(struct gen_arena *arena, struct gen_node *map, const char *key,
                         double value)
{
    if (!isnan(value)) {
        gen_node_set(arena, map, key, gen_node_real(arena, value));
    }
}

static void writing_int(struct gen_arena *arena, struct gen_node *map, const char *key,
                        int64_t value)
{
    if (value != 0) {
        gen_node_set(arena, map, key, gen_node_int(arena, value));
    }
}

static void writing_flag(struct gen_arena *arena, struct gen_node *map, const char *key,
                         uint32_t bit)
{
    gen_node_set(arena, map, key, gen_node_bool(arena, bit != 0));
}

static struct gen_node *writing_seconds(struct gen_arena *arena, int64_t ms)
{
    return gen_node_real(arena, (double)ms / 1000.0);
}

static struct gen_node *writing_history(const struct gen_model_state *state,
                                        struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "attempts", gen_node_int(arena, state->attempts));
    writing_real(arena, map, "successRate", state->success_rate);
    writing_real(arena, map, "quality", state->quality);
    writing_real(arena, map, "speed", state->speed);
    writing_real(arena, map, "priceError", state->price_error);
    if (state->bill_ppm > 0) {
        gen_node_set(arena, map, "billFactor", gen_node_real(arena, (double)state->bill_ppm / 1e6));
    }
    writing_real(arena, map, "rejected", state->rejected);
    return map;
}

static void writing_lists(const struct gen_model *model, struct gen_node *map,
                          struct gen_arena *arena)
{
    struct gen_node *needs = gen_node_list(arena), *durations = gen_node_list(arena);
    struct gen_node *sizes = gen_node_list(arena);

    for (uint32_t bit = 1; bit != 0 && bit <= model->needs; bit <<= 1) {
        if ((model->needs & bit) != 0 && gen_needs_word(bit) != NULL) {
            gen_node_push(needs, gen_node_string(arena, gen_needs_word(bit)));
        }
    }
    for (size_t i = 0; i < model->duration_count; i++) {
        gen_node_push(durations, writing_seconds(arena, model->durations_ms[i]));
    }
    for (size_t i = 0; i < model->size_count; i++) {
        gen_node_push(sizes,
                      gen_node_string(arena, gen_arena_printf(arena, "%dx%d", model->sizes[i][0],
                                                              model->sizes[i][1])));
    }
    gen_node_set(arena, map, "needs", needs);
    gen_node_set(arena, map, "durations", durations);
    gen_node_set(arena, map, "sizes", sizes);
}

static struct gen_node *writing_model(const struct gen_model_state *state, struct gen_arena *arena)
{
    const struct gen_model *model = state->model;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "name", gen_node_string(arena, model->name));
    gen_node_set(arena, map, "tier", gen_node_int(arena, model->tier));
    gen_node_set(arena, map, "quality", gen_node_real(arena, model->quality));
    gen_node_set(arena, map, "speed", gen_node_real(arena, model->seconds_per_second));
    gen_node_set(arena, map, "minDuration", writing_seconds(arena, model->min_duration_ms));
    gen_node_set(arena, map, "maxDuration", writing_seconds(arena, model->max_duration_ms));
    gen_node_set(arena, map, "maxWidth", gen_node_int(arena, model->max_width));
    gen_node_set(arena, map, "maxHeight", gen_node_int(arena, model->max_height));
    gen_node_set(arena, map, "maxFrameRate", gen_node_int(arena, model->max_frame_rate));
    writing_int(arena, map, "maxScenes", model->max_scenes);
    writing_int(arena, map, "maxPrompt", model->max_prompt);
    writing_int(arena, map, "maxAssets", model->max_assets);
    writing_int(arena, map, "maxConcurrent", model->max_concurrent);
    writing_flag(arena, map, "wholeStoryboard", model->traits & GEN_TRAIT_WHOLE_STORYBOARD);
    writing_flag(arena, map, "idempotent", model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT);
    writing_flag(arena, map, "audio", model->traits & GEN_TRAIT_AUDIO);
    writing_flag(arena, map, "anyRatio", model->traits & GEN_TRAIT_ANY_RATIO);
    writing_lists(model, map, arena);
    gen_node_set(arena, map, "history", writing_history(state, arena));
    return map;
}

static struct gen_node *writing_provider(const struct gen_provider_state *state,
                                         struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    if (state->unready != NULL) {
        gen_node_set(arena, map, "unready", gen_node_string(arena, state->unready));
    }
    gen_node_set(arena, map, "health", gen_node_real(arena, state->health));
    gen_node_set(arena, map, "breaker",
                 gen_node_string(arena, gen_choice_word(gen_breaker_choices, state->breaker)));
    writing_int(arena, map, "running", state->running);
    writing_int(arena, map, "queue", state->queue);
    writing_int(arena, map, "capacity", state->capacity);
    writing_int(arena, map, "volume", state->volume_s);
    writing_real(arena, map, "successRate", state->success_rate);
    gen_node_set(arena, map, "share", gen_node_real(arena, state->share));
    gen_node_set(arena, map, "offPeak", gen_node_bool(arena, state->off_peak));
    return map;
}

static struct gen_node *writing_team(const struct gen_team_state *team, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    if (team->id != NULL) {
        gen_node_set(arena, map, "id", gen_node_string(arena, team->id));
    }
    if (team->plan != NULL) {
        gen_node_set(arena, map, "plan", gen_node_string(arena, team->plan));
    }
    if (team->budget != GEN_SNAPSHOT_NO_LIMIT) {
        gen_node_set(arena, map, "budget", gen_node_money(arena, team->budget));
    }
    gen_node_set(arena, map, "spent", gen_node_money(arena, team->spent));
    gen_node_set(arena, map, "held", gen_node_money(arena, team->held));
    if (team->remaining != GEN_SNAPSHOT_NO_LIMIT) {
        gen_node_set(arena, map, "remaining", gen_node_money(arena, team->remaining));
    }
    writing_int(arena, map, "running", team->running);
    writing_int(arena, map, "waiting", team->waiting);
    writing_int(arena, map, "jobsToday", team->jobs_today);
    return map;
}

struct gen_node *gen_snapshot_write(const struct gen_snapshot *snapshot, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *models = gen_node_map(arena);
    struct gen_node *providers = gen_node_map(arena);

    for (size_t i = 0; i < snapshot->model_count; i++) {
        const struct gen_model *model = snapshot->models[i].model;
        const char *name = gen_arena_printf(arena, "%s/%s", model->provider, model->id);

        if (name != NULL) {
            gen_node_set(arena, models, name, writing_model(&snapshot->models[i], arena));
        }
    }
    for (size_t i = 0; i < snapshot->provider_count; i++) {
        gen_node_set(arena, providers, snapshot->providers[i].id,
                     writing_provider(&snapshot->providers[i], arena));
    }
    gen_node_set(arena, map, "now", gen_node_moment(arena, snapshot->now));
    /* The pattern of its bits: readers give whole numbers with a sign. */
    gen_node_set(arena, map, "seed", gen_node_int(arena, (int64_t)snapshot->seed));
    gen_node_set(arena, map, "team", writing_team(&snapshot->team, arena));
    gen_node_set(arena, map, "providers", providers);
    gen_node_set(arena, map, "models", models);
    return gen_arena_failed(arena) ? NULL : map;
}
