/* setup.h - a plugin as it is configured: its own memory of the settings, models, hosts, credentials.
 *
 * A provider is configured again when its policy file changes. What is under way goes on with the setup
 * it began with, so a setup lives as long as somebody holds it.
 * Invariant: a setup that gen_setup_create returned is whole; it never changes afterwards.
 *
 * Thread: [loop]. Floor: host. Tests: tests/contract/setup_test.c
 */
#ifndef GEN_HOST_SETUP_H
#define GEN_HOST_SETUP_H

#include "host/catalog.h"
#include "host/quarantine.h"
#include "host/setup_terms.h"

enum { GEN_SETUP_POWERS = 3 }; /* extensions that we know and ask for */

struct gen_setup { /* in its own arena */
    struct gen_arena *arena;
    size_t uses;
    const char *told; /* the terms as one text, to see whether they are others */
    const void *self;
    gen_provider_step_verb *recover, *cancel, *health; /* NULL = has not this power */
    struct gen_catalog catalog;
    bool loopback_http;
};

/* The terms as one text in `arena`; NULL: no memory. */
const char *gen_setup_told(const struct gen_setup_terms *terms, struct gen_arena *arena);

/* Configures the plugin and reads what it says of itself; one use is the caller's. `mark`: of the plugin,
 * may be NULL. GEN_EINVAL: the settings are no map. GEN_EUNSUPPORTED: the plugin declines. GEN_ECORRUPT:
 * it breaks the contract. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_setup_create(const struct gen_provider *provider,
                                                const struct gen_setup_terms *terms,
                                                struct gen_mark *mark, struct gen_setup **out,
                                                struct gen_error *err);
struct gen_setup *gen_setup_hold(struct gen_setup *setup); /* NULL gives NULL */
void gen_setup_leave(struct gen_setup **setup);            /* sets NULL; NULL inside is allowed */

#endif
