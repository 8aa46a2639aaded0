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

enum gen_status gen_target_sandbox(struct gen_options *options, struct gen_arena *arena,
                                   struct gen_error *err)
{
    struct gen_whereabouts paths;
    enum gen_status status;

    if (target_wish(NULL, "GEN_SANDBOX") != NULL && options->server == NULL && !options->system &&
        options->socket == NULL) {
        options->sandbox = true;
    }
    if (!options->sandbox) {
        return GEN_OK;
    }
    if (options->server != NULL || options->socket != NULL || options->system) {
        return gen_error_set(err, GEN_EINVAL,
                             "--sandbox goes without --server, --socket and --system");
    }
    if (options->state != NULL || target_wish(NULL, "GEN_STATE") != NULL) {
        return GEN_OK; /* a folder that somebody chose for it */
    }
    status = gen_whereabouts_find(GEN_WHEREABOUTS_USER, NULL, arena, &paths, err);
    if (status == GEN_OK) {
        options->state = gen_arena_printf(arena, "%s/sandbox", paths.state);
        status = options->state == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
    }
    return status;
}

/* A word as a shell takes it. */
static const char *target_quoted(const char *text, struct gen_arena *arena)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:@%+=,[]";
    size_t used = 0;
    char *out;

    if (text[0] != '\0' && text[strspn(text, plain)] == '\0') {
        return text;
    }
    out = gen_arena_alloc(arena, strlen(text) * 4 + 3);
    if (out == NULL) {
        return NULL;
    }
    out[used++] = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'') { /* ends the quotes, stands alone, begins them again */
            memcpy(out + used, "'\\'", 3);
            used += 3;
        }
        out[used++] = *text;
    }
    out[used++] = '\'';
    out[used] = '\0';
    return out;
}

static const char *target_add(const char *command, const char *option, const char *value,
                              struct gen_arena *arena)
{
    const char *quoted = value != NULL && command != NULL ? target_quoted(value, arena) : NULL;

    if (value == NULL || command == NULL) {
        return command;
    }
    return quoted != NULL ? gen_arena_printf(arena, "%s %s %s", command, option, quoted) : NULL;
}

const char *gen_target_command(const struct gen_options *options, const char *command,
                               uint32_t parts, struct gen_arena *arena)
{
    bool variables = (parts & GEN_TARGET_VARIABLES) != 0;
    const char *state = options->state, *socket = options->socket;

    if (variables && socket == NULL && state == NULL && !options->system) {
        socket = target_wish(NULL, "GEN_SOCKET");
    }
    if (variables && !options->system) {
        state = target_wish(state, "GEN_STATE");
    }
    if ((parts & GEN_TARGET_SERVER) != 0) {
        command = target_add(command, "--server", options->server, arena);
    }
    if ((parts & GEN_TARGET_STATE) != 0) {
        if (options->system && command != NULL) {
            command = gen_arena_printf(arena, "%s --system", command);
        }
        if (options->sandbox && command != NULL) {
            command = gen_arena_printf(arena, "%s --sandbox", command);
        } else {
            command = target_add(command, "--state", state, arena);
        }
    }
    if ((parts & GEN_TARGET_SOCKET) != 0) {
        command = target_add(command, "--socket", socket, arena);
    }
    return command;
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
        out->up = gen_target_command(
            options, "gen up", GEN_TARGET_STATE | GEN_TARGET_SOCKET | GEN_TARGET_VARIABLES, arena);
    }
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the address of gend");
    }
    return status;
}
