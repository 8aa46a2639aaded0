/* models_api.h - the registry of models: what each can do, what it costs, how it has done, whether
 * it can be used now. Documents in the shape of the product's modelRegistry.
 *
 * What a plugin declares is corrected by the provider's policy file, as decisions see it; measured
 * figures stand in place of declared ones where there are any.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c, tests/unit/service/models_api_test.c
 */
#ifndef GEN_SERVICE_MODELS_API_H
#define GEN_SERVICE_MODELS_API_H

#include "engine/engine.h"
#include "service/call.h"

/* GET /v1/models */
gen_route_handler gen_models_list;
extern const struct gen_parameter gen_models_parameters[];

struct gen_model_view { /* what a document is made of; borrowed */
    const struct gen_model *model;
    const struct gen_model_state *state;
    const struct gen_engine_provider *provider;
    const struct gen_provider_policy *policy; /* NULL = it has no file */
    struct gen_durations_score estimates;
    gen_moment now;
    bool guest; /* who asks is of another organization than the daemon's: see GEN_MODELS_ENOUGH */
};

/* What is experienced is everybody's: from here on a guest is not told how often, which would tell
 * how busy the others are. */
enum { GEN_MODELS_ENOUGH = 20 };

/* In `arena`; without memory the arena has failed. */
struct gen_node *gen_models_document(struct gen_arena *arena, const struct gen_model_view *view);

#endif
