/* plugin.h - one loaded plugin, from its file to its checked list of models.
 *
 * It opens the shared object, finds the entry of our ABI major, copies no more of the vtable than
 * the plugin was built with, and refuses in one sentence what does not fit. It is not the verbs
 * (provider.h) and does not search folders (loader.h).
 * Invariant: a struct gen_hosted that gen_plugin_open returned has every required member.
 *
 * A plugin keeps the pointer to its host table in a variable of its shared object, so its entry is
 * called once in a process; other providers of the same file share that table (gen_plugin_again).
 *
 * Thread: [loop]. Floor: host. Tests: tests/contract/plugins_test.c
 */
#ifndef GEN_HOST_PLUGIN_H
#define GEN_HOST_PLUGIN_H

#include "base/node.h"
#include "host/services.h"
#include "host/setup.h"

struct gen_hosted { /* in its own arena */
    struct gen_arena *arena;
    struct gen_mark *mark; /* set while its code runs; NULL = nobody looks */
    void *handle;          /* of dlopen; NULL = that of another, see gen_plugin_again */
    const char *path;
    struct gen_services services;
    struct gen_provider provider; /* what the plugin did not know is zero; texts copied */
    /* As it is configured now: what stands in the setup, which the rest of the room reads here. */
    struct gen_setup *setup;
    const void *self;
    gen_provider_step_verb *recover, *cancel, *health; /* NULL = has not this power */
    struct gen_catalog catalog;
    bool loopback_http;
    char trouble[256]; /* why it refused its newest settings and works with older ones; "" = no */
};

struct gen_plugin_options {
    const char *const *program_folders; /* NULL-terminated, searched first; may be NULL */
    const struct gen_node *settings;    /* map: provider id -> settings; NULL = none */
    gen_setup_ask *ask;                 /* asked instead of `settings`; may be NULL */
    void *context;                      /* of ask */
    const struct gen_log *log;
    const char *version;
    struct gen_mark *mark;                  /* may be NULL */
    const struct gen_hosted *const *others; /* loaded already */
    size_t other_count;
};

/* Whatever the status, err->message is one sentence that does not repeat the path.
 * GEN_EINVAL, GEN_EDENIED, GEN_EIO, GEN_ENOTFOUND: the file. GEN_EUNSUPPORTED: another ABI, a missing
 * program, or the plugin declined. GEN_ECORRUPT: it breaks the contract. GEN_ECONFLICT: its id, or
 * the same file, is loaded already. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_plugin_open(const char *path,
                                               const struct gen_plugin_options *options,
                                               struct gen_hosted **out, struct gen_error *err);
/* The same plugin once more, as another provider: for the policy file `id` that names it. `base` must
 * outlive it. GEN_ECONFLICT: the id is taken. GEN_EINVAL: it is none. Else as gen_plugin_open. */
GEN_MUST_CHECK enum gen_status gen_plugin_again(const struct gen_hosted *base, const char *id,
                                                const char *name,
                                                const struct gen_plugin_options *options,
                                                struct gen_hosted **out, struct gen_error *err);
void gen_plugin_close(struct gen_hosted *hosted); /* NULL is allowed */

/* Calls the entry once more, with the same table: a trial does, once it has taken everything away that an
 * entry has no business with. */
void gen_plugin_greet(struct gen_hosted *hosted);

/* Does it wait for policy files that name it? Then it is no provider itself. */
bool gen_plugin_dormant(const struct gen_hosted *hosted);

/* From now on the plugin is asked with this setup, which is taken over. */
void gen_plugin_wear(struct gen_hosted *hosted, struct gen_setup *setup);

#endif
