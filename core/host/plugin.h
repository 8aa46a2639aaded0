/* plugin.h - one loaded plugin, from its file to its checked list of models.
 *
 * It opens the shared object, finds the entry of our ABI major, copies no more of the vtable than
 * the plugin was built with, and refuses in one sentence what does not fit. It is not the verbs
 * (provider.h) and does not search folders (loader.h).
 * Invariant: a struct gen_hosted that gen_plugin_open returned has every required member.
 *
 * A plugin keeps the pointer to its host table in a variable of its shared object, so one process
 * has at most one struct gen_hosted of one file at a time.
 *
 * Thread: [loop]. Floor: host. Tests: tests/contract/plugins_test.c
 */
#ifndef GEN_HOST_PLUGIN_H
#define GEN_HOST_PLUGIN_H

#include "base/node.h"
#include "host/catalog.h"
#include "host/services.h"

struct gen_hosted { /* in its own arena */
    struct gen_arena *arena;
    void *handle; /* of dlopen */
    const char *path;
    struct gen_services services;
    struct gen_provider provider; /* what the plugin did not know is zero; texts copied */
    const void *self;
    gen_provider_step_verb *recover, *cancel; /* NULL = has not this power */
    struct gen_catalog catalog;
};

struct gen_plugin_options {
    const char *const *program_folders; /* NULL-terminated, searched first; may be NULL */
    const struct gen_node *settings;    /* map: provider id -> settings; NULL = none */
    const struct gen_log *log;
    const char *version;
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
void gen_plugin_close(struct gen_hosted *hosted); /* NULL is allowed */

#endif
