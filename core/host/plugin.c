/* plugin.c - see plugin.h. gen_plugin_open is a list of steps, each of which may refuse. */
#include "host/plugin.h"

#include "host/checks.h"
#include "host/elf.h"
#include "platform/files.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    PLUGIN_ARENA = 16 * 1024 * 1024,
    PLUGIN_ID = 32,
    PLUGIN_NAME = 128,
    PLUGIN_PROGRAMS = 32,
    PLUGIN_PROGRAM_NAME = 64,
    PLUGIN_HINT = 200,
    PLUGIN_MAJORS = 16, /* how far other majors' entries are looked for */
};

typedef enum gen_status plugin_step(struct gen_hosted *hosted,
                                    const struct gen_plugin_options *options,
                                    struct gen_error *err);

static enum gen_status plugin_no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "out of memory");
}

static const char *plugin_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* dlerror's text begins with the path, which the reader of a refusal has already. */
static const char *plugin_linker_words(const char *path)
{
    const char *words = dlerror();
    size_t size = strlen(path);

    if (words == NULL) {
        return "no reason given";
    }
    if (strncmp(words, path, size) == 0 && words[size] == ':') {
        words += size + 1;
        words += strspn(words, " ");
    }
    return words;
}

static enum gen_status plugin_open_file(struct gen_hosted *hosted,
                                        const struct gen_plugin_options *options,
                                        struct gen_error *err)
{
    enum gen_status status = gen_elf_check(hosted->path, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_mark_enter(hosted->mark, GEN_MARK_LOAD);
    hosted->handle = dlopen(hosted->path, RTLD_NOW | RTLD_LOCAL);
    gen_mark_leave(hosted->mark);
    if (hosted->handle == NULL) {
        return gen_error_set(err, GEN_EINVAL, "the dynamic linker cannot load it: %s",
                             plugin_linker_words(hosted->path));
    }
    for (size_t i = 0; i < options->other_count; i++) {
        if (options->others[i]->handle == hosted->handle) {
            return gen_error_set(err, GEN_ECONFLICT, "is the same file as %s, which is loaded",
                                 options->others[i]->path);
        }
    }
    return GEN_OK;
}

/* Says for which other major the plugin was made, if it was. */
static enum gen_status plugin_no_entry(struct gen_hosted *hosted, struct gen_error *err)
{
    for (int major = 0; major < PLUGIN_MAJORS; major++) {
        char name[sizeof(GEN_PROVIDER_ENTRY_NAME) + 12];

        snprintf(name, sizeof(name), "gen_provider_entry_%d", major);
        if (dlsym(hosted->handle, name) != NULL) {
            return gen_error_set(err, GEN_EUNSUPPORTED,
                                 "was made for ABI major %d of the plugin "
                                 "contract, this engine speaks %d; get a plugin built for it",
                                 major, GEN_PROVIDER_ABI_MAJOR);
        }
    }
    return gen_error_set(err, GEN_EUNSUPPORTED,
                         "exports no function %s, so it is not a provider "
                         "plugin (is the function marked GEN_PROVIDER_EXPORT?)",
                         GEN_PROVIDER_ENTRY_NAME);
}

/* The members that a plugin cannot do without, in the order of the struct. */
struct plugin_member {
    const char *name;
    size_t offset;
};

#define PLUGIN_MEMBER(name) \
    { \
#name, offsetof(struct gen_provider, name) \
    }

static const struct plugin_member plugin_members[] = {
    PLUGIN_MEMBER(id),
    PLUGIN_MEMBER(name),
    PLUGIN_MEMBER(version),
    PLUGIN_MEMBER(homepage),
    PLUGIN_MEMBER(capabilities),
    PLUGIN_MEMBER(format),
    PLUGIN_MEMBER(cost),
    PLUGIN_MEMBER(submit),
    PLUGIN_MEMBER(poll),
    PLUGIN_MEMBER(fetch),
    {NULL, 0},
};

static enum gen_status plugin_check_members(const struct gen_provider *from, struct gen_error *err)
{
    for (const struct plugin_member *member = plugin_members; member->name != NULL; member++) {
        void *value = NULL;

        if (from->size < member->offset + sizeof(value)) {
            return gen_error_set(err, GEN_ECORRUPT,
                                 "its struct gen_provider ends at byte %" PRIu32
                                 ", before the required member \"%s\"; set size to "
                                 "sizeof(struct gen_provider)",
                                 from->size, member->name);
        }
        memcpy(&value, (const char *)from + member->offset, sizeof(value));
        if (value == NULL) {
            return gen_error_set(err, GEN_ECORRUPT, "the required member \"%s\" is NULL",
                                 member->name);
        }
    }
    return GEN_OK;
}

static enum gen_status plugin_call_entry(struct gen_hosted *hosted,
                                         const struct gen_plugin_options *options,
                                         struct gen_error *err)
{
    gen_provider_entry *entry = (gen_provider_entry *)dlsym(hosted->handle,
                                                            GEN_PROVIDER_ENTRY_NAME);
    const struct gen_provider *from;
    enum gen_status status;

    (void)options;
    if (entry == NULL) {
        return plugin_no_entry(hosted, err);
    }
    gen_mark_enter(hosted->mark, GEN_MARK_ENTRY);
    from = entry(&hosted->services.host);
    gen_mark_leave(hosted->mark);
    if (from == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "it declines to work with this engine (its "
                             "reason is in the log)");
    }
    if (from->size < GEN_CHECKS_UPTO(struct gen_provider, needs_minor)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its struct gen_provider says that it is %" PRIu32
                             " bytes long; set size to sizeof(struct gen_provider)",
                             from->size);
    }
    if (from->needs_minor > GEN_PROVIDER_ABI_MINOR) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "needs the plugin contract %d.%d, this engine "
                             "has %d.%d; update the engine",
                             GEN_PROVIDER_ABI_MAJOR, from->needs_minor, GEN_PROVIDER_ABI_MAJOR,
                             GEN_PROVIDER_ABI_MINOR);
    }
    status = plugin_check_members(from, err);
    if (status == GEN_OK) {
        memcpy(&hosted->provider, from,
               from->size < sizeof(hosted->provider) ? from->size : sizeof(hosted->provider));
    }
    return status;
}

static enum gen_status plugin_check_names(struct gen_hosted *hosted,
                                          const struct gen_plugin_options *options,
                                          struct gen_error *err)
{
    struct gen_provider *provider = &hosted->provider;

    if (!gen_checks_name(provider->id, PLUGIN_ID, GEN_CHECKS_LOWER GEN_CHECKS_DIGITS "-")) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its id is not 1 to %d lower case letters, digits "
                             "and '-' (the first not '-')",
                             PLUGIN_ID);
    }
    if (!gen_checks_text(provider->name, PLUGIN_NAME) || provider->name[0] == '\0' ||
        !gen_checks_text(provider->version, PLUGIN_NAME) || provider->version[0] == '\0') {
        return gen_error_set(err, GEN_ECORRUPT,
                             "provider %s: name and version must be 1 to %d "
                             "bytes of UTF-8",
                             provider->id, PLUGIN_NAME);
    }
    for (size_t i = 0; i < options->other_count; i++) {
        if (strcmp(options->others[i]->provider.id, provider->id) == 0) {
            return gen_error_set(err, GEN_ECONFLICT,
                                 "the provider id \"%s\" is taken by %.200s; to have this one in "
                                 "its place, put replace: [%s] into gend.yaml",
                                 provider->id, options->others[i]->path, provider->id);
        }
    }
    provider->id = gen_arena_strdup(hosted->arena, provider->id);
    provider->name = gen_checks_words(hosted->arena, provider->name, PLUGIN_NAME);
    provider->version = gen_checks_words(hosted->arena, provider->version, PLUGIN_NAME);
    hosted->services.plugin = provider->id;
    return gen_arena_failed(hosted->arena) ? plugin_no_memory(err) : GEN_OK;
}

/* Where a plugin's programs are looked for: the engine's folders, then the plugin's own. */
static const char *const *plugin_folders(struct gen_hosted *hosted, const char *const *folders)
{
    const char **all;
    size_t count = 0;
    size_t own = (size_t)(plugin_file_name(hosted->path) - hosted->path);

    while (folders != NULL && folders[count] != NULL) {
        count++;
    }
    all = gen_arena_array(hosted->arena, count + 2, sizeof(*all));
    if (all != NULL) {
        for (size_t i = 0; i < count; i++) {
            all[i] = folders[i];
        }
        all[count] = gen_arena_strndup(hosted->arena, own > 0 ? hosted->path : "./",
                                       own > 0 ? own : 2);
    }
    return all;
}

static enum gen_status plugin_find_program(struct gen_hosted *hosted,
                                           const struct gen_provider_program *from,
                                           const char *const *folders,
                                           struct gen_service_program *to, struct gen_error *err)
{
    static const char allowed[] = GEN_CHECKS_LOWER GEN_CHECKS_UPPER GEN_CHECKS_DIGITS "-._+";

    if (!gen_checks_name(from->name, PLUGIN_PROGRAM_NAME, allowed)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its list of programs holds a name that is not 1 to "
                             "%d letters, digits, '-', '.', '_', '+'",
                             PLUGIN_PROGRAM_NAME);
    }
    to->name = gen_arena_strdup(hosted->arena, from->name);
    to->hint = gen_checks_words(hosted->arena, from->hint, PLUGIN_HINT);
    to->path = gen_files_find_program(folders, 1, from->name, hosted->arena);
    if (gen_arena_failed(hosted->arena)) {
        return plugin_no_memory(err);
    }
    if (from->required != 0 && to->path == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "needs the program %s, which is not installed%s%s", to->name,
                             to->hint[0] != '\0' ? "; get it with: " : "", to->hint);
    }
    return GEN_OK;
}

static enum gen_status plugin_find_programs(struct gen_hosted *hosted,
                                            const struct gen_plugin_options *options,
                                            struct gen_error *err)
{
    const struct gen_provider_program *from = hosted->provider.programs;
    struct gen_service_program *programs;
    const char *const *folders;
    size_t count = 0;
    enum gen_status status = GEN_OK;

    for (; from != NULL && from[count].name != NULL; count++) {
        if (count == PLUGIN_PROGRAMS) {
            return gen_error_set(err, GEN_ECORRUPT, "its list of programs is longer than %d",
                                 PLUGIN_PROGRAMS);
        }
    }
    folders = plugin_folders(hosted, options->program_folders);
    programs = gen_arena_array(hosted->arena, count, sizeof(*programs));
    if (folders == NULL || programs == NULL) {
        return plugin_no_memory(err);
    }
    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        status = plugin_find_program(hosted, &from[i], folders, &programs[i], err);
    }
    if (status == GEN_OK) {
        hosted->services.programs = programs;
        hosted->services.program_count = count;
    }
    return status;
}

void gen_plugin_wear(struct gen_hosted *hosted, struct gen_setup *setup)
{
    struct gen_setup *old = hosted->setup;

    hosted->setup = setup;
    hosted->self = setup->self;
    hosted->recover = setup->recover;
    hosted->cancel = setup->cancel;
    hosted->health = setup->health;
    hosted->catalog = setup->catalog;
    hosted->loopback_http = setup->loopback_http;
    gen_setup_leave(&old);
}

void gen_plugin_greet(struct gen_hosted *hosted)
{
    gen_provider_entry *entry = NULL;

    if (hosted->handle != NULL) {
        *(void **)&entry = dlsym(hosted->handle, GEN_PROVIDER_ENTRY_NAME);
    }
    if (entry != NULL) {
        (void)entry(&hosted->services.host);
    }
}

bool gen_plugin_dormant(const struct gen_hosted *hosted)
{
    return hosted->setup == NULL && (hosted->provider.flags & GEN_PROVIDER_BY_DESCRIPTION) != 0;
}

static enum gen_status plugin_set_up(struct gen_hosted *hosted,
                                     const struct gen_plugin_options *options,
                                     struct gen_error *err)
{
    struct gen_setup_terms terms = {
        .settings = gen_node_get(options->settings, hosted->provider.id)};
    struct gen_setup *setup = NULL;
    enum gen_status status = GEN_OK;

    if (options->ask != NULL) {
        status = options->ask(options->context, hosted->provider.id, hosted->arena, &terms, err);
    }
    if (status == GEN_OK) {
        status = gen_setup_create(&hosted->provider, &terms, hosted->mark, &setup, err);
    }
    if (status == GEN_OK) {
        gen_plugin_wear(hosted, setup);
    }
    return status;
}

static enum gen_status plugin_set_up_first(struct gen_hosted *hosted,
                                           const struct gen_plugin_options *options,
                                           struct gen_error *err)
{
    return gen_plugin_dormant(hosted) ? GEN_OK : plugin_set_up(hosted, options, err);
}

static plugin_step *const plugin_steps[] = {
    plugin_open_file,     plugin_call_entry,   plugin_check_names,
    plugin_find_programs, plugin_set_up_first,
};

enum gen_status gen_plugin_open(const char *path, const struct gen_plugin_options *options,
                                struct gen_hosted **out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(PLUGIN_ARENA);
    struct gen_hosted *hosted = arena != NULL ? gen_arena_alloc(arena, sizeof(*hosted)) : NULL;
    enum gen_status status = GEN_OK;

    if (hosted == NULL) {
        gen_arena_destroy(arena);
        return plugin_no_memory(err);
    }
    hosted->arena = arena;
    hosted->mark = options->mark;
    hosted->path = gen_arena_strdup(arena, path);
    if (hosted->path == NULL) {
        status = plugin_no_memory(err);
    } else {
        gen_services_init(&hosted->services, plugin_file_name(hosted->path), options->version,
                          options->log);
    }
    for (size_t i = 0; status == GEN_OK && i < GEN_COUNT(plugin_steps); i++) {
        status = plugin_steps[i](hosted, options, err);
    }
    if (status != GEN_OK) {
        gen_plugin_close(hosted);
        return status;
    }
    *out = hosted;
    return GEN_OK;
}

enum gen_status gen_plugin_again(const struct gen_hosted *base, const char *id, const char *name,
                                 const struct gen_plugin_options *options, struct gen_hosted **out,
                                 struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(PLUGIN_ARENA);
    struct gen_hosted *hosted = arena != NULL ? gen_arena_alloc(arena, sizeof(*hosted)) : NULL;
    enum gen_status status;

    if (hosted == NULL) {
        gen_arena_destroy(arena);
        return plugin_no_memory(err);
    }
    *hosted = (struct gen_hosted){
        .arena = arena,
        .mark = options->mark,
        .path = base->path,
        .services = base->services,
        .provider = base->provider,
    };
    hosted->provider.id = id;
    hosted->provider.name = name;
    status = plugin_check_names(hosted, options, err);
    if (status == GEN_OK) {
        status = plugin_set_up(hosted, options, err);
    }
    if (status != GEN_OK) {
        gen_plugin_close(hosted);
        return status;
    }
    *out = hosted;
    return GEN_OK;
}

void gen_plugin_close(struct gen_hosted *hosted)
{
    if (hosted == NULL) {
        return;
    }
    gen_setup_leave(&hosted->setup);
    if (hosted->handle != NULL) {
        gen_mark_enter(hosted->mark, GEN_MARK_LOAD);
        dlclose(hosted->handle);
        gen_mark_leave(hosted->mark);
    }
    gen_arena_destroy(hosted->arena);
}
