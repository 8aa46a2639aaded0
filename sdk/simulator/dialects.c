/* dialects.c - the list of dialects that gen-sim speaks. A new one adds a declaration and a line. */
#include "simulator/dialect.h"

extern const struct sim_dialect sim_cdn, sim_control, sim_runway, sim_kling;
extern const struct sim_dialect sim_heygen, sim_google, sim_vertex, sim_cloud_storage,
    sim_google_token;

const struct sim_dialect *const sim_dialects[] = {
    &sim_control, &sim_cdn,    &sim_runway,        &sim_kling,        &sim_heygen,
    &sim_google,  &sim_vertex, &sim_cloud_storage, &sim_google_token, NULL,
};
