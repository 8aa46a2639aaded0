/* loader.c - see loader.h. */
#include "host/loader.h"

#include "host/elf.h"
#include "host/plugin.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOADER_FILES = 512,     /* plugins looked at in one folder */
    LOADER_PROVIDERS = 128, /* loaded at once */
    LOADER_REFUSALS = 1024,
    LOADER_FOUND = 2048, /* in all folders */
};

struct gen_loader {
    struct gen_arena *arena;
    const struct gen_log *log;
    struct gen_quarantine *quarantine;
    const struct gen_loader_options *options; /* during gen_loader_create only, */
    const char **found;                       /* as are the files of all folders */
    size_t found_count;
    struct gen_hosted *providers[LOADER_PROVIDERS];
    size_t count;
    struct gen_hosted *dormant[LOADER_PROVIDERS]; /* plugins that wait for policy files */
    size_t dormant_count;
    const char *version;
    struct gen_refusal refusals[LOADER_REFUSALS];
    size_t refusal_count;
};

/* Remembers why `path` was not taken; past the maximum the log alone does. */
static enum gen_status loader_refuse(struct gen_loader *loader, const char *path,
                                     const char *reason)
{
    struct gen_refusal *refusal = &loader->refusals[loader->refusal_count];

    gen_log_line(loader->log, GEN_LEVEL_WARN, "loader", "refused a plugin", "path", path, "reason",
                 reason, NULL);
    if (loader->refusal_count == LOADER_REFUSALS) {
        return GEN_OK;
    }
    refusal->path = gen_arena_strdup(loader->arena, path);
    refusal->reason = gen_arena_strdup(loader->arena, reason);
    if (gen_arena_failed(loader->arena)) {
        return GEN_ENOMEM;
    }
    loader->refusal_count++;
    return GEN_OK;
}

static bool loader_replaces(const struct gen_loader *loader, const char *id)
{
    const char *const *ids = loader->options->replace;

    while (ids != NULL && *ids != NULL && strcmp(*ids, id) != 0) {
        ids++;
    }
    return ids != NULL && *ids != NULL;
}

/* Whose ids are taken. */
static size_t loader_others(const struct gen_loader *loader, const struct gen_hosted **out)
{
    size_t count = 0;

    for (size_t i = 0; i < loader->count + loader->dormant_count; i++) {
        const struct gen_hosted *other = i < loader->count ? loader->providers[i]
                                                           : loader->dormant[i - loader->count];

        if (!loader_replaces(loader, other->provider.id)) {
            out[count++] = other;
        }
    }
    return count;
}

/* Takes the plugin with the id of a new one out; nothing has been made with it yet. */
static void loader_give_way(struct gen_loader *loader, struct gen_hosted **list, size_t *count,
                            const struct gen_hosted *to)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(list[i]->provider.id, to->provider.id) == 0) {
            gen_log_line(loader->log, GEN_LEVEL_WARN, "loader",
                         "a plugin takes the place of another, as gend.yaml says", "path", to->path,
                         "replaced", list[i]->path, NULL);
            gen_plugin_close(list[i]);
            memmove(list + i, list + i + 1, (*count - i - 1) * sizeof(struct gen_hosted *));
            --*count;
            return;
        }
    }
}

/* Loads one file. `verdict`: of its trial; NULL = there was none. */
static enum gen_status loader_try(struct gen_loader *loader, const char *path,
                                  const struct gen_probation_verdict *verdict)
{
    const struct gen_hosted *others[2 * LOADER_PROVIDERS];
    struct gen_plugin_options options = {
        .program_folders = loader->options->program_folders,
        .settings = loader->options->settings,
        .ask = loader->options->ask,
        .context = loader->options->context,
        .log = loader->log,
        .version = loader->options->version,
        .others = others,
        .other_count = loader_others(loader, others),
    };
    struct gen_hosted *hosted = NULL;
    struct gen_error err = {0};

    if (loader->count == LOADER_PROVIDERS || loader->dormant_count == LOADER_PROVIDERS) {
        return loader_refuse(loader, path,
                             "there are 128 providers already, the most that one "
                             "engine loads");
    }
    if (verdict != NULL && verdict->status != GEN_OK) {
        return loader_refuse(loader, path, verdict->reason);
    }
    if (gen_quarantine_admit(loader->quarantine, path, "", &options.mark, &err) != GEN_OK ||
        gen_plugin_open(path, &options, &hosted, &err) != GEN_OK) {
        return loader_refuse(loader, path, err.message);
    }
    loader_give_way(loader, loader->providers, &loader->count, hosted);
    loader_give_way(loader, loader->dormant, &loader->dormant_count, hosted);
    if (gen_plugin_dormant(hosted)) {
        loader->dormant[loader->dormant_count++] = hosted;
    } else {
        loader->providers[loader->count++] = hosted;
    }
    gen_log_line(loader->log, GEN_LEVEL_INFO, "loader", "loaded a plugin", "path", path, "provider",
                 hosted->provider.id, "version", hosted->provider.version, NULL);
    return GEN_OK;
}

/* ---------------------------------------------------------------------------------- aliases -- */

static const struct gen_hosted *loader_base(const struct gen_loader *loader, const char *plugin)
{
    for (size_t i = 0; i < loader->dormant_count; i++) {
        if (strcmp(loader->dormant[i]->provider.id, plugin) == 0) {
            return loader->dormant[i];
        }
    }
    return gen_loader_find(loader, plugin);
}

/* A policy file that names a plugin: opened where it is not there yet. */
static bool loader_alias(struct gen_loader *loader, const struct gen_loader_options *from,
                         const struct gen_setup_alias *alias)
{
    struct gen_plugin_options options = {
        .ask = from->ask,
        .context = from->context,
        .log = loader->log,
        .version = loader->version,
        .others = (const struct gen_hosted *const *)loader->providers,
        .other_count = loader->count,
    };
    const struct gen_hosted *base = loader_base(loader, alias->plugin);
    struct gen_hosted *hosted = NULL;
    struct gen_error err = {0};
    enum gen_status status;

    if (gen_loader_find(loader, alias->id) != NULL || loader->count == LOADER_PROVIDERS) {
        return false;
    }
    status =
        base == NULL
            ? gen_error_set(&err, GEN_ENOTFOUND, "the plugin \"%s\" is not loaded", alias->plugin)
            : gen_quarantine_admit(loader->quarantine, base->path, alias->id, &options.mark, &err);
    if (status == GEN_OK) {
        status = gen_plugin_again(base, alias->id, alias->name, &options, &hosted, &err);
    }
    if (status != GEN_OK) {
        char path[64];

        (void)snprintf(path, sizeof(path), "providers/%.40s.yaml", alias->id);
        (void)loader_refuse(loader, path, err.message);
        return false;
    }
    loader->providers[loader->count++] = hosted;
    gen_log_line(loader->log, GEN_LEVEL_INFO, "loader", "a policy file makes a provider",
                 "provider", alias->id, "plugin", alias->plugin, NULL);
    return true;
}

static size_t loader_aliases(struct gen_loader *loader, const struct gen_loader_options *options)
{
    const struct gen_setup_alias *aliases = NULL;
    struct gen_arena *arena = options->aliases == NULL ? NULL : gen_arena_create(0);
    size_t count = 0, opened = 0;
    struct gen_error err = {0};

    if (arena != NULL &&
        options->aliases(options->context, arena, &aliases, &count, &err) == GEN_OK) {
        for (size_t i = 0; i < count; i++) {
            opened += loader_alias(loader, options, &aliases[i]);
        }
    }
    gen_arena_destroy(arena);
    return opened;
}

/* ---------------------------------------------------------------------------------- folders -- */

static bool loader_is_plugin(const char *name)
{
    size_t size = strlen(name);

    return name[0] != '.' && size > 3 && strcmp(name + size - 3, ".so") == 0;
}

static int loader_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The plugins' names of an open folder, sorted. GEN_ELIMIT, GEN_EIO, GEN_ENOMEM. */
static enum gen_status loader_list(DIR *folder, struct gen_arena *arena, const char **names,
                                   size_t *count)
{
    *count = 0;
    for (;;) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(folder);
        if (entry == NULL) {
            break;
        }
        if (!loader_is_plugin(entry->d_name)) {
            continue;
        }
        if (*count == LOADER_FILES) {
            return GEN_ELIMIT;
        }
        names[*count] = gen_arena_strdup(arena, entry->d_name);
        if (names[*count] == NULL) {
            return GEN_ENOMEM;
        }
        ++*count;
    }
    if (errno != 0) {
        return GEN_EIO;
    }
    qsort(names, *count, sizeof(*names), loader_compare);
    return GEN_OK;
}

/* The files that were listed before a folder's listing failed are tried all the same. */
static enum gen_status loader_search(struct gen_loader *loader, const char *path, DIR *folder,
                                     struct gen_arena *arena)
{
    const char **names = gen_arena_array(arena, LOADER_FILES, sizeof(*names));
    size_t count = 0;
    enum gen_status status;

    if (names == NULL) {
        return GEN_ENOMEM;
    }
    status = loader_list(folder, arena, names, &count);
    if (status == GEN_ELIMIT) {
        status = loader_refuse(loader, path, "holds more than 512 plugins; the rest is left out");
    } else if (status == GEN_EIO) {
        status = loader_refuse(loader, path, "could not be listed to its end");
    }
    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        if (loader->found_count == LOADER_FOUND) {
            return loader_refuse(loader, path,
                                 "the folders hold more than 2048 plugins; the rest is left out");
        }
        loader->found[loader->found_count] = gen_arena_printf(arena, "%s/%s", path, names[i]);
        status = loader->found[loader->found_count++] != NULL ? GEN_OK : GEN_ENOMEM;
    }
    return status;
}

static enum gen_status loader_folder(struct gen_loader *loader, const char *path,
                                     struct gen_arena *arena)
{
    struct gen_error err = {0};
    enum gen_status status;
    DIR *folder = opendir(path);

    if (folder == NULL) {
        return errno == ENOENT ? GEN_OK : loader_refuse(loader, path, strerror(errno));
    }
    if (gen_elf_check_folder(path, &err) != GEN_OK) {
        status = loader_refuse(loader, path, err.message);
    } else {
        status = loader_search(loader, path, folder, arena);
    }
    closedir(folder);
    return status;
}

/* Finds the files of all folders, has the new ones tried out side by side, and loads what fits in order. */
static enum gen_status loader_fill(struct gen_loader *loader,
                                   const struct gen_loader_options *options)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_probation_verdict *verdicts = NULL;
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;

    loader->found = arena == NULL ? NULL : gen_arena_array(arena, LOADER_FOUND, sizeof(char *));
    if (loader->found == NULL) {
        status = GEN_ENOMEM;
    }
    for (size_t i = 0;
         status == GEN_OK && options->plugin_folders != NULL && options->plugin_folders[i] != NULL;
         i++) {
        status = loader_folder(loader, options->plugin_folders[i], arena);
    }
    if (status == GEN_OK && options->probation != NULL && loader->found_count > 0) {
        status = gen_probation_round(options->probation, loader->found, loader->found_count, arena,
                                     &verdicts, &err);
    }
    for (size_t i = 0; status == GEN_OK && i < loader->found_count; i++) {
        status = loader_try(loader, loader->found[i], verdicts == NULL ? NULL : &verdicts[i]);
    }
    loader->found = NULL;
    gen_arena_destroy(arena);
    return status;
}

enum gen_status gen_loader_create(const struct gen_loader_options *options, struct gen_loader **out,
                                  struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_loader *loader = arena != NULL ? gen_arena_alloc(arena, sizeof(*loader)) : NULL;
    enum gen_status status;

    if (loader == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    loader->arena = arena;
    loader->log = options->log;
    loader->options = options;
    loader->quarantine = options->quarantine;
    status = loader_fill(loader, options);
    if (status == GEN_OK) {
        loader->version = gen_arena_strdup(arena, options->version == NULL ? "" : options->version);
        (void)loader_aliases(loader, options);
        status = gen_arena_failed(arena) ? GEN_ENOMEM : GEN_OK;
    }
    loader->options = NULL;
    if (status != GEN_OK) {
        gen_loader_destroy(loader);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = loader;
    return GEN_OK;
}

void gen_loader_destroy(struct gen_loader *loader)
{
    if (loader == NULL) {
        return;
    }
    while (loader->count > 0) {
        gen_plugin_close(loader->providers[--loader->count]);
    }
    while (loader->dormant_count > 0) { /* after those that share their code */
        gen_plugin_close(loader->dormant[--loader->dormant_count]);
    }
    gen_arena_destroy(loader->arena);
}

size_t gen_loader_count(const struct gen_loader *loader)
{
    return loader->count;
}

const struct gen_hosted *gen_loader_at(const struct gen_loader *loader, size_t index)
{
    return index < loader->count ? loader->providers[index] : NULL;
}

const struct gen_hosted *gen_loader_find(const struct gen_loader *loader, const char *id)
{
    for (size_t i = 0; id != NULL && i < loader->count; i++) {
        if (strcmp(loader->providers[i]->provider.id, id) == 0) {
            return loader->providers[i];
        }
    }
    return NULL;
}

const struct gen_refusal *gen_loader_refusals(const struct gen_loader *loader, size_t *count)
{
    *count = loader->refusal_count;
    return loader->refusals;
}

/* ------------------------------------------------------------------------- configured again -- */

/* The setup with what the provider would be told now, when that is something else; NULL: it is not. */
static enum gen_status loader_tell(const struct gen_hosted *hosted, gen_setup_ask *ask,
                                   void *context, struct gen_arena *arena, struct gen_setup **out,
                                   struct gen_error *err)
{
    struct gen_setup_terms terms = {0};
    const char *told = NULL;
    enum gen_status status = ask(context, hosted->provider.id, arena, &terms, err);

    *out = NULL;
    if (status == GEN_OK) {
        told = gen_setup_told(&terms, arena);
        status = told == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
    }
    if (status != GEN_OK || strcmp(told, hosted->setup->told) == 0) {
        return status;
    }
    return gen_setup_create(&hosted->provider, &terms, hosted->mark, out, err);
}

static bool loader_configure_one(struct gen_loader *loader, struct gen_hosted *hosted,
                                 gen_setup_ask *ask, void *context)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_setup *setup = NULL;
    struct gen_error err = {0};
    enum gen_status status = arena == NULL ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                           : loader_tell(hosted, ask, context, arena, &setup, &err);
    bool changed = setup != NULL;

    if (changed) {
        gen_plugin_wear(hosted, setup);
    }
    if (status != GEN_OK) {
        (void)snprintf(hosted->trouble, sizeof(hosted->trouble), "%.250s", err.message);
        gen_log_line(loader->log, GEN_LEVEL_ERROR, "loader",
                     "a provider refuses its new settings and works on with those before",
                     "provider", hosted->provider.id, "reason", err.message, NULL);
    } else {
        hosted->trouble[0] = '\0';
        if (changed) {
            gen_log_line(loader->log, GEN_LEVEL_INFO, "loader", "configured a provider again",
                         "provider", hosted->provider.id, NULL);
        }
    }
    gen_arena_destroy(arena);
    return changed;
}

size_t gen_loader_configure(struct gen_loader *loader, const struct gen_loader_options *options)
{
    size_t changed = 0;

    for (size_t i = 0; i < loader->count; i++) {
        changed += loader_configure_one(loader, loader->providers[i], options->ask,
                                        options->context);
    }
    return changed + loader_aliases(loader, options);
}

/* ----------------------------------------------------------------------------- tried before -- */

/* An alias that is not there yet: opened for a moment. */
static enum gen_status loader_judge_alias(struct gen_loader *loader,
                                          const struct gen_loader_options *from,
                                          const struct gen_setup_alias *alias,
                                          struct gen_error *err)
{
    struct gen_plugin_options options = {
        .ask = from->ask, .context = from->context, .log = loader->log, .version = loader->version};
    const struct gen_hosted *base = loader_base(loader, alias->plugin);
    struct gen_hosted *hosted = NULL;
    enum gen_status status;

    if (base == NULL || gen_loader_find(loader, alias->id) != NULL) {
        return GEN_OK; /* a plugin that comes tomorrow is no mistake; one that is there was asked */
    }
    status = gen_plugin_again(base, alias->id, alias->name, &options, &hosted, err);
    gen_plugin_close(hosted);
    return status;
}

void gen_loader_judge(struct gen_loader *loader, const struct gen_loader_options *options,
                      gen_loader_verdict *verdict, void *context)
{
    const struct gen_setup_alias *aliases = NULL;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    size_t count = 0;

    for (size_t i = 0; arena != NULL && i < loader->count; i++) {
        struct gen_setup *setup = NULL;

        if (loader_tell(loader->providers[i], options->ask, options->context, arena, &setup,
                        &err) != GEN_OK) {
            verdict(context, loader->providers[i]->provider.id, &err);
        }
        gen_setup_leave(&setup);
    }
    if (arena != NULL && options->aliases != NULL &&
        options->aliases(options->context, arena, &aliases, &count, &err) == GEN_OK) {
        for (size_t i = 0; i < count; i++) {
            if (loader_judge_alias(loader, options, &aliases[i], &err) != GEN_OK) {
                verdict(context, aliases[i].id, &err);
            }
        }
    }
    gen_arena_destroy(arena);
}
