/* provider_terms.h - what the policy files tell a provider: its settings, its hosts, where it lives.
 *
 * The settings are the `settings:` of providers/ID.yaml with the addresses (baseUrl, tokenUrl,
 * storageUrl) and the models that are like another one beside them; what gend.yaml says for the provider
 * stands above all of it. The hosts of the addresses count as declared: people wrote them.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/provider_terms_test.c
 */
#ifndef GEN_ENGINE_PROVIDER_TERMS_H
#define GEN_ENGINE_PROVIDER_TERMS_H

#include "host/setup_terms.h"
#include "policy/policy_set.h"

struct gen_provider_terms { /* context of gen_provider_terms_ask; borrowed for the calls */
    const struct gen_policy_set *set; /* NULL = none */
    const struct gen_node *settings; /* of gend.yaml: map of provider id -> settings; NULL = none */
    /* A sandbox: settings by provider that stand above everything, and the one host on this machine that
     * those providers live at. NULL = none. */
    const struct gen_node *simulated;
    const char *simulator;
};

gen_setup_ask gen_provider_terms_ask; /* context: struct gen_provider_terms */
/* The enabled files that say `plugin:`. */
gen_setup_aliases gen_provider_terms_aliases;

#endif
