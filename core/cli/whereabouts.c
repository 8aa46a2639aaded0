/* whereabouts.c - see whereabouts.h. */
#include "cli/whereabouts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The XDG specification: a value that is not absolute counts as unset. */
static const char *whereabouts_variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] == '/' ? value : NULL;
}

/* $VARIABLE/genengine, or the folder below the home folder; NULL when there is none. */
static const char *whereabouts_xdg(struct gen_arena *arena, const char *variable, const char *below)
{
    const char *folder = whereabouts_variable(variable);
    const char *home;

    if (folder != NULL) {
        return gen_arena_printf(arena, "%s/genengine", folder);
    }
    home = whereabouts_variable("HOME");
    return home != NULL ? gen_arena_printf(arena, "%s/%s/genengine", home, below) : NULL;
}

const char *gen_whereabouts_absolute(const char *path, struct gen_arena *arena)
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

enum gen_status gen_whereabouts_find(enum gen_whereabouts_scope scope, const char *state,
                                     struct gen_arena *arena, struct gen_whereabouts *out,
                                     struct gen_error *err)
{
    const char *runtime = whereabouts_variable("XDG_RUNTIME_DIR");
    const char *folder = NULL;

    if (scope == GEN_WHEREABOUTS_SYSTEM) {
        out->config = "/etc/genengine";
        out->state = "/var/lib/genengine";
        folder = "/run/genengine";
    } else {
        out->config = whereabouts_xdg(arena, "XDG_CONFIG_HOME", ".config");
        out->state = state == NULL ? whereabouts_xdg(arena, "XDG_STATE_HOME", ".local/state")
                                   : NULL;
        folder = runtime != NULL ? gen_arena_printf(arena, "%s/genengine", runtime) : out->state;
    }
    if (state != NULL) {
        out->state = gen_whereabouts_absolute(state, arena);
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
    out->lock = gen_arena_printf(arena, "%s/lock", out->state);
    out->log = gen_arena_printf(arena, "%s/gend.log", out->state);
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the paths of files");
    }
    if (strlen(out->socket) > GEN_WHEREABOUTS_SOCKET_MOST) {
        return gen_error_set(err, GEN_EINVAL,
                             "%s is longer than the %d bytes that a socket's path may have; "
                             "choose a shorter state folder",
                             out->socket, (int)GEN_WHEREABOUTS_SOCKET_MOST);
    }
    return GEN_OK;
}

const char *gen_whereabouts_own_folder(struct gen_arena *arena)
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

#if defined(__x86_64__)
#define MULTIARCH "lib/x86_64-linux-gnu"
#elif defined(__aarch64__)
#define MULTIARCH "lib/aarch64-linux-gnu"
#else
#define MULTIARCH "lib"
#endif

size_t gen_whereabouts_plugins(struct gen_arena *arena, const char **out)
{
    static const char *const places[] = {"lib/plugins", MULTIARCH "/genengine/plugins",
                                         "lib/genengine/plugins", "lib64/genengine/plugins"};
    const char *own = gen_whereabouts_own_folder(arena);
    const char *data = whereabouts_xdg(arena, "XDG_DATA_HOME", ".local/share");
    size_t count = 0;

    for (size_t i = 0; own != NULL && i < GEN_COUNT(places); i++) {
        out[count] = gen_arena_printf(arena, "%s/../%s", own, places[i]);
        count += out[count] != NULL;
    }
    if (data != NULL) {
        out[count] = gen_arena_printf(arena, "%s/plugins", data);
        count += out[count] != NULL;
    }
    return count;
}
