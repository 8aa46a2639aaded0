/* provider_terms.c - see provider_terms.h. */
#include "engine/provider_terms.h"

#include "host/origin.h"

#include <string.h>

struct terms_address {
    const char *key;
    size_t offset;
};

static const struct terms_address terms_addresses[] = {
    {"baseUrl", offsetof(struct gen_provider_policy, base_url)},
    {"tokenUrl", offsetof(struct gen_provider_policy, token_url)},
    {"storageUrl", offsetof(struct gen_provider_policy, storage_url)},
    {NULL, 0},
};

static const char *terms_url(const struct gen_provider_policy *policy,
                             const struct terms_address *row)
{
    const char *url;

    memcpy(&url, (const char *)policy + row->offset, sizeof url);
    return url;
}

/* id -> {like}, of the models that say it. */
static struct gen_node *terms_models(const struct gen_provider_policy *policy,
                                     struct gen_arena *arena)
{
    const struct gen_provider_model *models = policy->models.items;
    struct gen_node *map = gen_node_map(arena);

    for (size_t i = 0; i < policy->models.count; i++) {
        if (models[i].like != NULL) {
            struct gen_node *one = gen_node_set(arena, map, models[i].named.name,
                                                gen_node_map(arena));

            gen_node_set(arena, one, "like", gen_node_string(arena, models[i].like));
        }
    }
    return gen_node_count(map) > 0 ? map : NULL;
}

/* Copies the members of a map that `to` has not yet. */
static void terms_fill(struct gen_arena *arena, struct gen_node *to, const struct gen_node *from)
{
    for (const struct gen_node *item = gen_node_first(from); item != NULL; item = item->next) {
        if (item->key != NULL && gen_node_get(to, item->key) == NULL) {
            gen_node_set(arena, to, item->key, gen_node_copy(arena, item));
        }
    }
}

static void terms_policy(const struct gen_provider_policy *policy, struct gen_arena *arena,
                         struct gen_node *to)
{
    struct gen_node *models = terms_models(policy, arena);

    for (const struct terms_address *row = terms_addresses; row->key != NULL; row++) {
        const char *url = terms_url(policy, row);

        if (url != NULL && gen_node_get(to, row->key) == NULL) {
            gen_node_set(arena, to, row->key, gen_node_string(arena, url));
        }
    }
    /* A description has its models in its settings; what is like another stands there. */
    if (models != NULL && gen_node_get(to, "models") == NULL &&
        gen_node_get(policy->settings, "models") == NULL) {
        gen_node_set(arena, to, "models", models);
    }
    terms_fill(arena, to, policy->settings);
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
    const char **hosts = gen_arena_array(arena, policy->hosts.count + GEN_COUNT(terms_addresses),
                                         sizeof *hosts);
    size_t count = 0;

    for (size_t i = 0; hosts != NULL && i < policy->hosts.count; i++) {
        hosts[count++] = policy->hosts.items[i];
    }
    for (const struct terms_address *row = terms_addresses; hosts != NULL && row->key != NULL;
         row++) {
        const char *url = terms_url(policy, row);
        const char *host = url == NULL ? NULL : terms_host(url, arena);

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
        terms_policy(policy, arena, settings);
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
