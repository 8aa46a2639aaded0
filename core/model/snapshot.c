/* snapshot.c - see snapshot.h. Reading is in snapshot_reading.c, writing in snapshot_writing.c. */
#include "model/snapshot.h"

#include <math.h>
#include <string.h>

const struct gen_choice gen_breaker_choices[] = {
    {"closed", GEN_BREAKER_CLOSED, "in use"},
    {"half_open", GEN_BREAKER_HALF_OPEN, "being tried"},
    {"open", GEN_BREAKER_OPEN, "left alone"},
    {NULL, 0, NULL}};

struct gen_provider_state gen_snapshot_provider_state(const char *id)
{
    return (struct gen_provider_state){
        .id = id, .health = 1.0, .breaker = GEN_BREAKER_CLOSED, .success_rate = NAN};
}

struct gen_model_state gen_snapshot_model_state(const struct gen_model *model)
{
    return (struct gen_model_state){.model = model,
                                    .success_rate = NAN,
                                    .quality = NAN,
                                    .speed = NAN,
                                    .price_error = NAN,
                                    .rejected = NAN};
}

struct gen_team_state gen_snapshot_team_state(void)
{
    return (struct gen_team_state){.budget = GEN_SNAPSHOT_NO_LIMIT,
                                   .remaining = GEN_SNAPSHOT_NO_LIMIT};
}

const struct gen_provider_state *gen_snapshot_provider(const struct gen_snapshot *snapshot,
                                                       const char *id)
{
    for (size_t i = 0; i < snapshot->provider_count; i++) {
        if (strcmp(snapshot->providers[i].id, id) == 0) {
            return &snapshot->providers[i];
        }
    }
    return NULL;
}

const struct gen_model_state *gen_snapshot_model(const struct gen_snapshot *snapshot,
                                                 const char *provider, const char *model)
{
    for (size_t i = 0; i < snapshot->model_count; i++) {
        const struct gen_model *it = snapshot->models[i].model;

        if (strcmp(it->id, model) == 0 && strcmp(it->provider, provider) == 0) {
            return &snapshot->models[i];
        }
    }
    return NULL;
}
