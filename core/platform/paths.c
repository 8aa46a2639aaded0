/* paths.c - see paths.h. */
#include "platform/paths.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The XDG specification: a value that is not absolute counts as unset. */
static const char *paths_variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] == '/' ? value : NULL;
}

/* $HOME, or what the user database says; NULL when neither knows. */
static const char *paths_home(struct gen_arena *arena)
{
    const char *home = paths_variable("HOME");
    struct passwd entry, *found = NULL;
    char memory[4096];

    if (home == NULL &&
        getpwuid_r(getuid(), &entry, memory, sizeof(memory), &found) == 0 && found != NULL &&
        found->pw_dir != NULL && found->pw_dir[0] == '/') {
        home = gen_arena_strdup(arena, found->pw_dir);
    }
    return home;
}

/* $VARIABLE/genengine, or the folder below the home folder; NULL when there is none. */
static const char *paths_xdg(struct gen_arena *arena, const char *variable, const char *below)
{
    const char *folder = paths_variable(variable);
    const char *home;

    if (folder != NULL) {
        return gen_arena_printf(arena, "%s/genengine", folder);
    }
    home = paths_home(arena);
    return home != NULL ? gen_arena_printf(arena, "%s/%s/genengine", home, below) : NULL;
}

const char *gen_paths_absolute(const char *path, struct gen_arena *arena)
{
    char folder[PATH_MAX];

    if (path[0] == '/') {
        return gen_arena_strdup(arena, path);
    }
    if (getcwd(folder, sizeof(folder)) == NULL) {
        return NULL;
    }
    return gen_arena_printf(arena, "%s/%s", folder, path);
}

enum gen_status gen_paths_find(enum gen_paths_scope scope, const char *state,
                               struct gen_arena *arena, struct gen_paths *out,
                               struct gen_error *err)
{
    const char *runtime = paths_variable("XDG_RUNTIME_DIR");
    const char *folder = NULL;

    if (scope == GEN_PATHS_SYSTEM) {
        out->config = "/etc/genengine";
        out->state = "/var/lib/genengine";
        folder = "/run/genengine";
    } else {
        out->config = paths_xdg(arena, "XDG_CONFIG_HOME", ".config");
        out->state = state == NULL ? paths_xdg(arena, "XDG_STATE_HOME", ".local/state") : NULL;
        folder = runtime != NULL ? gen_arena_printf(arena, "%s/genengine", runtime) : out->state;
    }
    if (state != NULL) {
        out->state = gen_paths_absolute(state, arena);
        folder = out->state;
    }
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the paths of files");
    }
    if (out->state == NULL || folder == NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "no home folder is known; set HOME, or name a folder with --state");
    }
    out->socket = gen_arena_printf(arena, "%s/gend.sock", folder);
    out->lock = gen_arena_printf(arena, "%s/gend.lock", out->state);
    out->log = gen_arena_printf(arena, "%s/gend.log", out->state);
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the paths of files");
    }
    if (strlen(out->socket) > GEN_PATHS_SOCKET_MOST) {
        return gen_error_set(err, GEN_EINVAL,
                             "%s is longer than the %d bytes that a socket's path may have; "
                             "choose a shorter state folder",
                             out->socket, (int)GEN_PATHS_SOCKET_MOST);
    }
    return GEN_OK;
}

const char *gen_paths_own_folder(struct gen_arena *arena)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *slash;

    if (size <= 0) {
        return NULL;
    }
    path[size] = '\0';
    slash = strrchr(path, '/');
    if (slash == NULL) {
        return NULL;
    }
    slash[slash == path] = '\0'; /* the root folder keeps its slash */
    return gen_arena_strdup(arena, path);
}
