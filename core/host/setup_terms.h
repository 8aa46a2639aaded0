/* setup_terms.h - what a provider is told when it is configured, by whoever knows the policies.
 *
 * Values and a callback type only, without the contract's types, so that upper floors can fill it in.
 *
 * Thread: [loop]. Floor: host. Tests: tests/contract/setup_test.c
 */
#ifndef GEN_HOST_SETUP_TERMS_H
#define GEN_HOST_SETUP_TERMS_H

#include "base/error.h"
#include "base/node.h"

struct gen_setup_terms {             /* borrowed for the call */
    const struct gen_node *settings; /* a map; NULL = {} */
    const char *const *hosts; /* declared beside the plugin's; NULL-terminated, NULL = none */
    bool loopback_http;       /* it may live on this machine, over plain http */
};

struct gen_setup_alias { /* a provider that is another's plugin under an id of its own */
    const char *id, *name, *plugin;
};

/* All of them, in `arena`. GEN_ENOMEM. */
typedef enum gen_status gen_setup_aliases(void *context, struct gen_arena *arena,
                                          const struct gen_setup_alias **out, size_t *count,
                                          struct gen_error *err);

/* Fills `out`, in `arena`, which was zeroed before. GEN_ENOMEM. */
typedef enum gen_status gen_setup_ask(void *context, const char *provider, struct gen_arena *arena,
                                      struct gen_setup_terms *out, struct gen_error *err);

#endif
