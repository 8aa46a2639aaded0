/* setup.c - see setup.h. */
#include "host/setup.h"

#include "base/json.h"
#include "host/checks.h"

#include <gen/ext/cancel.h>
#include <gen/ext/health.h>
#include <gen/ext/recover.h>

enum { SETUP_ARENA = 16 * 1024 * 1024 }; /* what configure and capabilities may use together */

static enum gen_status setup_no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory");
}

const char *gen_setup_told(const struct gen_setup_terms *terms, struct gen_arena *arena)
{
    struct gen_node *all = gen_node_map(arena), *hosts = gen_node_list(arena);

    for (size_t i = 0; terms->hosts != NULL && terms->hosts[i] != NULL; i++) {
        gen_node_push(hosts, gen_node_string(arena, terms->hosts[i]));
    }
    if (terms->settings != NULL) {
        gen_node_set(arena, all, "settings", gen_node_copy(arena, terms->settings));
    }
    gen_node_set(arena, all, "hosts", hosts);
    gen_node_set(arena, all, "loopbackHttp", gen_node_bool(arena, terms->loopback_http));
    return gen_arena_failed(arena) ? NULL : gen_json_text(arena, all, NULL);
}

static enum gen_status setup_configure(const struct gen_provider *provider,
                                       const struct gen_setup_terms *terms, struct gen_mark *mark,
                                       struct gen_setup *setup, struct gen_error *err)
{
    const struct gen_node *given = terms->settings;
    struct gen_node *settings;
    const char *message = NULL;
    enum gen_status status;
    int32_t verdict;

    if (provider->configure == NULL) {
        return GEN_OK;
    }
    if (given != NULL && given->type != GEN_NODE_MAP && given->type != GEN_NODE_NULL) {
        return gen_error_set(err, GEN_EINVAL, "the settings of provider %s are %s, not a map",
                             provider->id, gen_node_type_word(given->type));
    }
    settings = gen_node_type_of(given) == GEN_NODE_MAP ? gen_node_copy(setup->arena, given)
                                                       : gen_node_map(setup->arena);
    if (settings == NULL || gen_arena_failed(setup->arena)) {
        return setup_no_memory(err);
    }
    gen_mark_enter(mark, GEN_MARK_CONFIGURE);
    verdict = provider->configure(settings, setup->arena, &setup->self, &message);
    gen_mark_leave(mark);
    status = gen_catalog_verdict(verdict, message, setup->arena, err);
    if (status != GEN_OK) {
        gen_error_within(err, "settings");
    }
    return status;
}

/* Every extension's struct of version 1 has this shape: its size, and one verb. */
struct setup_extension {
    uint32_t size;
    uint32_t unused1;
    gen_provider_step_verb *verb;
};
_Static_assert(offsetof(struct gen_ext_cancel, cancel) == offsetof(struct setup_extension, verb) &&
                   offsetof(struct gen_ext_recover, recover) ==
                       offsetof(struct setup_extension, verb) &&
                   offsetof(struct gen_ext_health, health) ==
                       offsetof(struct setup_extension, verb),
               "an extension has another shape");

static enum gen_status setup_extension(const struct gen_provider *provider,
                                       const struct gen_setup *setup, struct gen_mark *mark,
                                       const char *id, gen_provider_step_verb **out,
                                       struct gen_error *err)
{
    const struct setup_extension *extension = NULL;

    if (provider->extension != NULL) {
        gen_mark_enter(mark, GEN_MARK_EXTENSION);
        extension = provider->extension(setup->self, id);
        gen_mark_leave(mark);
    }
    if (extension == NULL) {
        return GEN_OK;
    }
    if (extension->size < GEN_CHECKS_UPTO(struct setup_extension, verb) ||
        extension->verb == NULL) {
        return gen_error_set(err, GEN_ECORRUPT, "its extension %s has %s", id,
                             extension->verb == NULL ? "no verb" : "no proper size");
    }
    *out = extension->verb;
    return GEN_OK;
}

static enum gen_status setup_extensions(const struct gen_provider *provider, struct gen_mark *mark,
                                        struct gen_setup *setup, struct gen_error *err)
{
    enum gen_status status = setup_extension(provider, setup, mark, GEN_EXT_RECOVER,
                                             &setup->recover, err);
    uint32_t traits = 0;

    if (status == GEN_OK) {
        status = setup_extension(provider, setup, mark, GEN_EXT_CANCEL, &setup->cancel, err);
    }
    if (status == GEN_OK) {
        status = setup_extension(provider, setup, mark, GEN_EXT_HEALTH, &setup->health, err);
    }
    traits |= setup->recover != NULL ? GEN_TRAIT_CAN_RECOVER : 0u;
    traits |= setup->cancel != NULL ? GEN_TRAIT_CAN_CANCEL : 0u;
    for (size_t i = 0; i < setup->catalog.model_count; i++) {
        setup->catalog.models[i].traits |= traits;
    }
    return status;
}

enum gen_status gen_setup_create(const struct gen_provider *provider,
                                 const struct gen_setup_terms *terms, struct gen_mark *mark,
                                 struct gen_setup **out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(SETUP_ARENA);
    struct gen_setup *setup = arena != NULL ? gen_arena_alloc(arena, sizeof(*setup)) : NULL;
    enum gen_status status;

    if (setup == NULL) {
        gen_arena_destroy(arena);
        return setup_no_memory(err);
    }
    setup->arena = arena;
    setup->uses = 1;
    setup->loopback_http = terms->loopback_http;
    setup->told = gen_setup_told(terms, arena);
    status = setup->told == NULL ? setup_no_memory(err)
                                 : setup_configure(provider, terms, mark, setup, err);
    if (status == GEN_OK) {
        gen_mark_enter(mark, GEN_MARK_CAPABILITIES);
        status = gen_catalog_read(provider, setup->self, terms->hosts, arena, &setup->catalog, err);
        gen_mark_leave(mark);
    }
    if (status == GEN_OK) {
        status = setup_extensions(provider, mark, setup, err);
    }
    if (status != GEN_OK) {
        gen_arena_destroy(arena);
        return status;
    }
    *out = setup;
    return GEN_OK;
}

struct gen_setup *gen_setup_hold(struct gen_setup *setup)
{
    if (setup != NULL) {
        setup->uses++;
    }
    return setup;
}

void gen_setup_leave(struct gen_setup **setup)
{
    struct gen_setup *old = *setup;

    *setup = NULL;
    if (old != NULL && --old->uses == 0) {
        gen_arena_destroy(old->arena);
    }
}
