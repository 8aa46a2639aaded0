/* provider_terms.c - see provider_terms.h. */
#include "engine/provider_terms.h"

#include "host/origin.h"
#include "policy/provider_settings.h"

#include <string.h>

/* Copies the members of a map that `to` has not yet. */
static void terms_fill(struct gen_arena *arena, struct gen_node *to, const struct gen_node *from)
{
    for (const struct gen_node *item = gen_node_first(from); item != NULL; item = item->next) {
        if (item->key != NULL && gen_node_get(to, item->key) == NULL) {
            gen_node_set(arena, to, item->key, gen_node_copy(arena, item));
        }
    }
}

/* "api.vendor.com", or "127.0.0.1:8080" where it is not the scheme's own port. */
static const char *terms_host(const char *url, struct gen_arena *arena)
{
    struct gen_origin origin;
    const char *why;

    if (!gen_origin_read(url, &origin, &why)) {
        return NULL; /* the plugin will say what is wrong with it */
    }
    return origin.port == (origin.secure ? 443 : 80)
               ? gen_arena_strdup(arena, origin.host)
               : gen_arena_printf(arena, "%s:%d", origin.host, (int)origin.port);
}

static const char *const *terms_hosts(const struct gen_provider_policy *policy,
                                      struct gen_arena *arena)
{
    const char **hosts = gen_arena_array(arena, policy->hosts.count + GEN_PROVIDER_ADDRESSES + 1,
                                         sizeof *hosts);
    const char *addresses[GEN_PROVIDER_ADDRESSES];
    size_t count = 0, most = gen_provider_addresses(policy, addresses);

    for (size_t i = 0; hosts != NULL && i < policy->hosts.count; i++) {
        hosts[count++] = policy->hosts.items[i];
    }
    for (size_t i = 0; hosts != NULL && i < most; i++) {
        const char *host = terms_host(addresses[i], arena);

        if (host != NULL) {
            hosts[count++] = host;
        }
    }
    return hosts;
}

enum gen_status gen_provider_terms_ask(void *context, const char *provider, struct gen_arena *arena,
                                       struct gen_setup_terms *out, struct gen_error *err)
{
    const struct gen_provider_terms *terms = context;
    const struct gen_provider_policy *policy = terms->set == NULL
                                                   ? NULL
                                                   : gen_policy_provider(terms->set, provider);
    const struct gen_node *own = gen_node_get(terms->settings, provider);
    struct gen_node *settings = gen_node_map(arena);

    if (own != NULL && own->type != GEN_NODE_MAP) {
        out->settings = own; /* no map: the host says so */
        return GEN_OK;
    }
    if (gen_node_get(terms->simulated, provider) != NULL) {
        terms_fill(arena, settings, gen_node_get(terms->simulated, provider));
    }
    terms_fill(arena, settings, own);
    if (policy != NULL) {
        gen_provider_settings_add(policy, arena, settings);
        out->hosts = terms_hosts(policy, arena);
        out->loopback_http = policy->allow_loopback_http;
    }
    if (gen_node_get(terms->simulated, provider) != NULL) {
        const char **hosts = gen_arena_array(arena, 2, sizeof *hosts);

        if (hosts != NULL) {
            hosts[0] = terms->simulator;
        }
        out->hosts = hosts;
        out->loopback_http = true;
    }
    out->settings = settings;
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

enum gen_status gen_provider_terms_aliases(void *context, struct gen_arena *arena,
                                           const struct gen_setup_alias **out, size_t *count,
                                           struct gen_error *err)
{
    const struct gen_provider_terms *terms = context;
    size_t most = terms->set == NULL ? 0 : terms->set->provider_count;
    struct gen_setup_alias *list = gen_arena_array(arena, most + 1, sizeof *list);

    if (list == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *count = 0;
    for (size_t i = 0; i < most; i++) {
        const struct gen_provider_policy *policy = terms->set->providers[i];

        if (policy->plugin != NULL && policy->enabled) {
            list[(*count)++] = (struct gen_setup_alias){.id = policy->id,
                                                        .name = policy->name == NULL ? policy->id
                                                                                     : policy->name,
                                                        .plugin = policy->plugin};
        }
    }
    *out = list;
    return GEN_OK;
}
