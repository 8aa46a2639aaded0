/* catalog.h - what a plugin says it can render, checked and copied into models of ours.
 *
 * A plugin is held to its own words later (a decision is made on them), so a number out of range or
 * a contradiction is a refusal of the whole plugin, with the model and the member that is wrong.
 *
 * Thread: [loop]. Floor: host. Tests: tests/contract/plugins_test.c
 */
#ifndef GEN_HOST_CATALOG_H
#define GEN_HOST_CATALOG_H

#include "base/error.h"
#include "host/credential.h"
#include "model/registry.h"

#include <gen/provider.h>

enum {
    GEN_CATALOG_MODELS = 256,
    GEN_CATALOG_LIST = 256, /* durations or sizes of a model */
};

struct gen_catalog { /* everything in the arena it was read into */
    struct gen_model *models;
    size_t model_count;
    const char *const *hosts; /* NULL-terminated; NULL = none */
    const struct gen_hosted_credential *credentials;
    size_t credential_count;
};

/* Calls the plugin's capabilities. `hosts` (NULL-terminated; NULL = none) are declared beside the
 * plugin's own. GEN_EUNSUPPORTED: it declined. GEN_ECORRUPT: what came back breaks the contract.
 * GEN_EINVAL: one of `hosts` is none. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_catalog_read(const struct gen_provider *provider,
                                                const void *self, const char *const *hosts,
                                                struct gen_arena *arena, struct gen_catalog *out,
                                                struct gen_error *err);

/* What a verdict other than OK comes to, for every verb: GEN_OK for GEN_VERDICT_OK; `message`, which
 * may be anything a plugin left there, is cleaned. */
GEN_MUST_CHECK enum gen_status gen_catalog_verdict(int32_t verdict, const char *message,
                                                   struct gen_arena *arena, struct gen_error *err);

#endif
