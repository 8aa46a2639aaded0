/* gen/ext/health.h - extension "gen.health/1": is the provider there, and may we work with it?
 *
 * The verb has the shape of the other steps; its task has no scenes, no model and no handle, only
 * now_ms. Its requests must be free: an account page, a list of models, never a generation.
 *   DONE   healthy; step->note may say more for people ("credit left: $12.30")
 *   FAIL   with the kind: auth, quota, rate_limited, transient, provider
 *   WAIT   is answered by asking again, within the engine's patience
 */
#ifndef GEN_EXT_HEALTH_H
#define GEN_EXT_HEALTH_H

#include <gen/provider.h>

#define GEN_EXT_HEALTH "gen.health/1"

struct gen_ext_health {
    uint32_t size;
    uint32_t unused1;
    gen_provider_step_verb *health;
};

#endif
