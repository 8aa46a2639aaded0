/* target.c - see target.h. */
#include "cli/target.h"

#include "cli/whereabouts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The option, or the variable when that is set and not empty. */
static const char *target_wish(const char *option, const char *variable)
{
    const char *value = option != NULL ? option : getenv(variable);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

static enum gen_status target_server(const char *server, struct gen_arena *arena,
                                     struct gen_target *out, struct gen_error *err)
{
    size_t size = strlen(server);

    if (strncmp(server, "http://", 7) != 0 && strncmp(server, "https://", 8) != 0) {
        return gen_error_set(err, GEN_EINVAL,
                             "\"%.100s\" is not the address of a server; "
                             "write http://127.0.0.1:8377",
                             server);
    }
    while (size > 0 && server[size - 1] == '/') {
        size--;
    }
    out->url = gen_arena_strndup(arena, server, size);
    out->name = out->url;
    return GEN_OK;
}

/* The socket in the folders of this machine. */
static enum gen_status target_default(const struct gen_options *options, struct gen_arena *arena,
                                      struct gen_target *out, struct gen_error *err)
{
    const char *state = target_wish(options->state, "GEN_STATE");
    struct gen_whereabouts paths, system;
    enum gen_status status = gen_whereabouts_find(GEN_WHEREABOUTS_SYSTEM, NULL, arena, &system,
                                                  err);

    if (status == GEN_OK && options->system) {
        out->socket = system.socket;
        return GEN_OK;
    }
    if (status == GEN_OK) {
        status = gen_whereabouts_find(GEN_WHEREABOUTS_USER, state, arena, &paths, err);
    }
    if (status == GEN_OK) {
        out->socket = paths.socket;
        if (state == NULL && access(paths.socket, F_OK) != 0 && access(system.socket, F_OK) == 0) {
            out->socket = system.socket; /* nobody's own gend, but one of the machine */
        }
    }
    return status;
}

enum gen_status gen_target_find(const struct gen_options *options, struct gen_arena *arena,
                                struct gen_target *out, struct gen_error *err)
{
    bool placed = options->socket != NULL || options->state != NULL || options->system;
    const char *server = placed ? options->server : target_wish(options->server, "GEN_SERVER");
    enum gen_status status = GEN_OK;

    *out = (struct gen_target){0};
    out->key = target_wish(options->key, "GEN_KEY");
    if (server != NULL && placed) {
        return gen_error_set(err, GEN_EINVAL,
                             "--server goes alone: without --socket, --state and --system");
    }
    if (server != NULL) {
        status = target_server(server, arena, out, err);
    } else {
        out->socket = options->state != NULL || options->system
                          ? options->socket
                          : target_wish(options->socket, "GEN_SOCKET");
        out->url = "http://gend";
        if (out->socket == NULL) {
            status = target_default(options, arena, out, err);
        }
        out->name = out->socket;
    }
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the address of gend");
    }
    return status;
}
