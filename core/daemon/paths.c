/* paths.c - see paths.h. */
#include "daemon/paths.h"

#include "platform/files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_MOST = 128 };

#if defined(__x86_64__)
#define MULTIARCH_PLUGINS "../lib/x86_64-linux-gnu/genengine/plugins"
#elif defined(__aarch64__)
#define MULTIARCH_PLUGINS "../lib/aarch64-linux-gnu/genengine/plugins"
#else
#define MULTIARCH_PLUGINS "../lib/./genengine/plugins"
#endif

/* From the folder of gend. A build tree comes first, so that it does not take what is installed. */
static const char *const program_places[] = {".", "../libexec/genengine", NULL};
static const char *const plugin_places[] = {
    "../lib/plugins",
    MULTIARCH_PLUGINS,
    "../lib/genengine/plugins",
    "../lib64/genengine/plugins",
    NULL,
};
static const char *const policy_places[] = {"../share/genengine/policies", NULL};

enum gen_status gen_paths_executable(struct gen_arena *arena, const char **out,
                                     struct gen_error *err)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path);

    if (size < 0 || size == (ssize_t)sizeof path) {
        return gen_error_set(err, GEN_EIO, "cannot find out where gend is: %s",
                             size < 0 ? strerror(errno) : "its path is too long");
    }
    *out = gen_arena_strndup(arena, path, (size_t)size);
    return *out != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

/* Appends those of `places` that exist, without "..". */
static void paths_existing(struct gen_arena *arena, const char *folder, const char *const *places,
                           const char **list, size_t *count)
{
    for (; *places != NULL && *count < FOLDERS_MOST / 2; places++) {
        const char *path = gen_arena_printf(arena, "%s/%s", folder, *places);
        char real[PATH_MAX];

        if (path != NULL && realpath(path, real) != NULL) {
            list[(*count)++] = gen_arena_strdup(arena, real);
        }
    }
}

enum gen_status gen_paths_find(const char *executable, const char *own, const char *const *more,
                               struct gen_arena *arena, struct gen_paths *out,
                               struct gen_error *err)
{
    const char **plugins = gen_arena_array(arena, FOLDERS_MOST + 1, sizeof *plugins);
    const char **programs = gen_arena_array(arena, FOLDERS_MOST + 1, sizeof *programs);
    const char *slash = strrchr(executable, '/');
    const char *folder = slash == NULL
                             ? "."
                             : gen_arena_strndup(arena, executable, (size_t)(slash - executable));
    size_t plugin_count = 0, program_count = 0;

    if (plugins == NULL || programs == NULL || folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    paths_existing(arena, folder, plugin_places, plugins, &plugin_count);
    if (own != NULL) {
        plugins[plugin_count++] = gen_arena_strdup(arena, own);
    }
    for (; more != NULL && *more != NULL && plugin_count < FOLDERS_MOST; more++) {
        plugins[plugin_count++] = gen_arena_strdup(arena, *more);
    }
    paths_existing(arena, folder, program_places, programs, &program_count);
    out->plugin_folders = plugins;
    out->program_folders = programs;
    out->media = gen_files_find_program(programs, 0, "gen-media", arena);
    out->trial = gen_files_find_program(programs, 0, "gen-trial", arena);
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (out->media == NULL || out->trial == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "%s is neither beside %s nor in ../libexec/genengine; build or "
                             "install it",
                             out->media == NULL ? "gen-media" : "gen-trial", executable);
    }
    return GEN_OK;
}

enum gen_status gen_paths_simulator(const char *executable, struct gen_arena *arena,
                                    const char **program, const char **description,
                                    struct gen_error *err)
{
    const char *slash = strrchr(executable, '/');
    const char *folder = gen_arena_strndup(arena, executable,
                                           slash == NULL ? 0 : (size_t)(slash - executable));
    const char *const folders[] = {folder, NULL};

    *description = gen_arena_printf(arena, "%s/../share/genengine/sandbox.json", folder);
    *program = folder == NULL ? NULL : gen_files_find_program(folders, 1, "gen-sim", arena);
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (*program == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "gen-sim is neither beside %s nor in PATH; install genengine-dev",
                             executable);
    }
    return GEN_OK;
}

const char *gen_paths_variable(const char *const *environment, const char *name)
{
    size_t size = strlen(name);

    for (; environment != NULL && *environment != NULL; environment++) {
        if (strncmp(*environment, name, size) == 0 && (*environment)[size] == '=') {
            return (*environment)[size + 1] != '\0' ? *environment + size + 1 : NULL;
        }
    }
    return NULL;
}

/* $name/genengine/leaf, or $HOME/fallback/genengine/leaf; NULL when neither is known. XDG says that
 * relative paths are to be ignored. */
static const char *place_of(const char *const *environment, const char *name, const char *fallback,
                            const char *leaf, struct gen_arena *arena)
{
    const char *root = gen_paths_variable(environment, name);
    const char *home = gen_paths_variable(environment, "HOME");

    if (root != NULL && root[0] == '/') {
        return gen_arena_printf(arena, "%s/genengine%s", root, leaf);
    }
    if (fallback != NULL && home != NULL && home[0] == '/') {
        return gen_arena_printf(arena, "%s/%s/genengine%s", home, fallback, leaf);
    }
    return NULL;
}

void gen_paths_places(const char *const *environment, bool system, const char *state,
                      struct gen_arena *arena, struct gen_places *out)
{
    *out = (struct gen_places){"/var/lib/genengine", "/etc/genengine/gend.yaml",
                               "/run/genengine/gend.sock", NULL};
    if (!system) {
        out->state = place_of(environment, "XDG_STATE_HOME", ".local/state", "", arena);
        out->config = place_of(environment, "XDG_CONFIG_HOME", ".config", "/gend.yaml", arena);
        out->socket = place_of(environment, "XDG_RUNTIME_DIR", NULL, "/gend.sock", arena);
        out->plugins = place_of(environment, "XDG_DATA_HOME", ".local/share", "/plugins", arena);
    }
    if (state != NULL) {
        out->state = state;
        out->socket = NULL;
    }
    if (out->socket == NULL && out->state != NULL) {
        out->socket = gen_arena_printf(arena, "%s/gend.sock", out->state);
    }
}

static bool place_is_folder(const char *path)
{
    struct stat facts;

    return path != NULL && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

enum gen_status gen_paths_policies(const char *executable, const char *const *environment,
                                   struct gen_arena *arena, const char **out, struct gen_error *err)
{
    const char *slash = strrchr(executable, '/');
    const char *folder = slash == NULL
                             ? "."
                             : gen_arena_strndup(arena, executable, (size_t)(slash - executable));
    const char *places[] = {"/etc/genengine/policies",
                            place_of(environment, "XDG_CONFIG_HOME", ".config", "/policies", arena),
                            NULL};
    size_t count = 2;

    paths_existing(arena, folder, policy_places, places, &count);
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        if (place_is_folder(places[i])) {
            *out = places[i];
            return GEN_OK;
        }
    }
    return gen_error_set(err, GEN_ENOTFOUND,
                         "there are no policies: not in /etc/genengine/policies, not in %s, not "
                         "in %s/%s; use --policies DIR",
                         places[1] != NULL ? places[1] : "a folder of the user (HOME is not set)",
                         folder, policy_places[0]);
}
