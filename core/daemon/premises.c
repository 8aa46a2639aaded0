/* premises.c - see premises.h. */
#include "daemon/premises.h"

#include "platform/files.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum gen_status premises_find(const char *folder, struct gen_arena *arena,
                                     struct gen_premises *out, struct gen_error *err)
{
    char real[PATH_MAX];
    struct stat facts;
    enum gen_status status = gen_files_make_folder(folder, 0700, err);

    if (status != GEN_OK) {
        return status;
    }
    if (stat(folder, &facts) == 0 && (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return gen_error_set(err, GEN_EDENIED,
                             "others may write to the state folder %s, and so could swap the "
                             "database or the key; close it (chmod go-w %s) or use another --state",
                             folder, folder);
    }
    if (realpath(folder, real) == NULL) {
        return gen_error_set(err, GEN_EIO, "the path of the state folder %s cannot be resolved",
                             folder);
    }
    out->state = gen_arena_strdup(arena, real);
    out->blobs = gen_arena_printf(arena, "%s/blobs", real);
    out->scratch = gen_arena_printf(arena, "%s/scratch", real);
    out->uploads = gen_arena_printf(arena, "%s/uploads", real);
    out->credentials = gen_arena_printf(arena, "%s/credentials", real);
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

enum gen_status gen_premises_enter(const char *folder, struct gen_arena *arena,
                                   struct gen_premises *out, struct gen_error *err)
{
    enum gen_status status = premises_find(folder, arena, out, err);
    const char *path;

    if (status != GEN_OK) {
        return status;
    }
    path = gen_arena_printf(arena, "%s/lock", out->state);
    status = path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                          : gen_files_lock(path, &out->lock, err);
    out->locked = status == GEN_OK;
    if (status == GEN_EBUSY) {
        gen_error_within(err,
                         "another gend works on %s; stop it (gen down), or use another --state",
                         out->state);
    }
    return status;
}

enum gen_status gen_premises_clear(const struct gen_premises *premises, struct gen_error *err)
{
    enum gen_status status = gen_files_remove_tree(premises->uploads, err);

    if (status == GEN_OK) {
        status = gen_files_make_folder(premises->uploads, 0700, err);
    }
    if (status == GEN_OK) {
        status = gen_files_make_folder(premises->credentials, 0700, err);
    }
    return status == GEN_OK ? gen_files_make_folder(premises->blobs, 0700, err) : status;
}

enum gen_status gen_premises_apart(const struct gen_premises *premises, bool sandbox,
                                   const char *simulator, struct gen_arena *arena,
                                   struct gen_error *err)
{
    const char *database = gen_arena_printf(arena, "%s/genengine.db", premises->state);
    bool simulated = access(simulator, F_OK) == 0;

    if (database == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (sandbox && !simulated && access(database, F_OK) == 0) {
        return gen_error_set(err, GEN_ECONFLICT,
                             "the state folder %s holds real work; a sandbox needs one of its own "
                             "(--state)",
                             premises->state);
    }
    if (!sandbox && simulated) {
        return gen_error_set(
            err, GEN_ECONFLICT,
            "the state folder %s is that of a sandbox; start it with --sandbox, or "
            "use another --state",
            premises->state);
    }
    return GEN_OK;
}

void gen_premises_leave(struct gen_premises *premises)
{
    if (premises->locked) {
        (void)close(premises->lock);
        premises->locked = false;
    }
}
