/* loader.h - finds plugins on the plugin path, loads those that fit, and says of the others why not.
 *
 * Every folder of the path is searched for *.so in the order of names; the first provider with an
 * id wins, a later one with the same id is refused unless somebody said that it shall take its place.
 * A refusal never stops the rest. Files and
 * folders that anyone may write are refused whoever we are: what they hold runs as us.
 *
 * Invariant: a process has one loader at a time (a plugin keeps the host table it was given last).
 * Thread: [loop]. Floor: host. Tests: tests/contract/plugins_test.c
 */
#ifndef GEN_HOST_LOADER_H
#define GEN_HOST_LOADER_H

#include "host/probation.h"
#include "host/provider.h"
#include "host/quarantine.h"
#include "host/setup_terms.h"
#include "platform/log.h"

struct gen_loader;

struct gen_loader_options {
    const char *const *plugin_folders;     /* NULL-terminated; missing folders are skipped */
    const char *const *program_folders;    /* NULL-terminated, searched before PATH */
    const char *const *replace;            /* NULL-terminated: of these ids the last one wins */
    const struct gen_node *settings;       /* map: provider id -> its settings; NULL = none */
    const struct gen_probation *probation; /* new files are tried out first; NULL = not */
    struct gen_quarantine *quarantine;     /* outlives the loader; NULL = none is kept out */
    gen_setup_ask *ask;                    /* asked instead of `settings`, now only; may be NULL */
    gen_setup_aliases *aliases;            /* now only; may be NULL */
    void *context;                         /* of ask and aliases */
    const struct gen_log *log;
    const char *version; /* of the engine */
};

struct gen_refusal {
    const char *path;
    const char *reason; /* one sentence: what does not fit and what to do */
};

/* GEN_ENOMEM only; plugins that do not fit are refusals. */
GEN_MUST_CHECK enum gen_status gen_loader_create(const struct gen_loader_options *options,
                                                 struct gen_loader **out, struct gen_error *err);
/* Unloads everything; no gen_hosted or gen_model may be used after it. NULL is allowed. */
void gen_loader_destroy(struct gen_loader *loader);

/* Asks again what each provider is told, and configures those that are told something else. One that
 * refuses keeps what it had; the log and gen_hosted_trouble say why. What is under way goes on as it
 * began. Models, credentials and texts of a provider that was configured again are others. Aliases that
 * are new are opened; one that is gone stays until the end of the process, without prices. Returns how
 * many changed. Only ask, aliases and context of `options` are looked at. */
size_t gen_loader_configure(struct gen_loader *loader, const struct gen_loader_options *options);

/* One provider would refuse what it were told, and why; it may be one that is not there yet. */
typedef void gen_loader_verdict(void *context, const char *provider, const struct gen_error *err);

/* Asks what each provider would be told, and tries it: changes nothing. As gen_loader_configure. */
void gen_loader_judge(struct gen_loader *loader, const struct gen_loader_options *options,
                      gen_loader_verdict *verdict, void *context);

/* The loaded providers in the order of loading; NULL past the end, or when there is no such id. */
size_t gen_loader_count(const struct gen_loader *loader);
const struct gen_hosted *gen_loader_at(const struct gen_loader *loader, size_t index);
const struct gen_hosted *gen_loader_find(const struct gen_loader *loader, const char *id);
/* What was not loaded: files, or whole folders. */
const struct gen_refusal *gen_loader_refusals(const struct gen_loader *loader, size_t *count);

#endif
