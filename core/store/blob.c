/* blob.c - see blob.h. */
#include "store/blob.h"

#include "platform/crypto.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOB_ASIDE ".aside" /* a blob on its way out */
enum { BLOB_MOST_TRIES = 3 };

bool gen_blob_valid(const char *digest)
{
    return strlen(digest) == GEN_DIGEST_TEXT_SIZE - 1 &&
           strspn(digest, "0123456789abcdef") == GEN_DIGEST_TEXT_SIZE - 1;
}

enum gen_status gen_blob_path(const char *folder, const char *digest, char *out,
                              struct gen_error *err)
{
    int size;

    if (!gen_blob_valid(digest)) {
        return gen_error_set(err, GEN_EINVAL, "not the digest of a blob");
    }
    size = snprintf(out, GEN_BLOB_PATH_SIZE, "%s/%.2s/%s", folder, digest, digest);
    if (size < 0 || size >= GEN_BLOB_PATH_SIZE) {
        return gen_error_set(err, GEN_ELIMIT, "the path of the blob folder is too long: %s",
                             folder);
    }
    return GEN_OK;
}

/* A file of that name that is not that content gives way: disks lose and turn bits, and who adopts
 * holds the true content. Else every render of it would fail until somebody deletes the file. */
static enum gen_status blob_heal(const char *target, const char *digest, struct gen_error *err)
{
    char found[GEN_DIGEST_TEXT_SIZE];
    int64_t size = 0;
    struct stat facts;

    if (lstat(target, &facts) != 0 ||
        (gen_files_digest(target, found, &size, NULL) == GEN_OK && strcmp(found, digest) == 0)) {
        return GEN_OK;
    }
    return unlink(target) == 0 || errno == ENOENT
               ? GEN_OK
               : gen_files_errno(err, errno, "cannot replace the damaged file", target);
}

/* Puts it in place and marks it as needed now, before the one that came is given up. GEN_ENOTFOUND:
 * the one in place was removed in between. */
static enum gen_status blob_put(const char *path, const char *target, struct gen_error *err)
{
    bool there = access(target, F_OK) == 0;
    enum gen_status status = GEN_OK;

    if (there && utimensat(AT_FDCWD, target, NULL, 0) != 0) {
        return gen_files_errno(err, errno, "cannot mark", target);
    }
    if (!there) {
        if (utimensat(AT_FDCWD, path, NULL, 0) != 0) {
            return gen_files_errno(err, errno, "cannot mark", path);
        }
        status = gen_files_publish(path, target, err);
    }
    if (status == GEN_OK && access(target, F_OK) != 0) {
        return gen_files_errno(err, errno, "cannot find", target);
    }
    if (status == GEN_OK) {
        (void)unlink(path); /* it is still there when the same content was stored already */
    }
    return status;
}

enum gen_status gen_blob_adopt(const char *folder, const char *path, char *digest, int64_t *size,
                               struct gen_error *err)
{
    char target[GEN_BLOB_PATH_SIZE];
    enum gen_status status = gen_files_digest(path, digest, size, err);
    char *slash;

    if (status != GEN_OK || (status = gen_blob_path(folder, digest, target, err)) != GEN_OK) {
        return status;
    }
    slash = strrchr(target, '/');
    *slash = '\0';
    status = gen_files_make_folder(target, 0700, err);
    *slash = '/';
    if (status != GEN_OK) {
        return status;
    }
    if (chmod(path, 0400) != 0) {
        return gen_files_errno(err, errno, "cannot protect", path);
    }
    for (int i = 0; i < BLOB_MOST_TRIES; i++) {
        status = blob_heal(target, digest, err);
        if (status == GEN_OK) {
            status = blob_put(path, target, err);
        }
        if (status != GEN_ENOTFOUND) {
            break; /* else it has just been removed from under us: put it there again */
        }
    }
    return status;
}

/* Has it been adopted since then? */
static bool blob_wanted(const char *path, gen_moment before)
{
    struct stat facts;

    return lstat(path, &facts) != 0 || (int64_t)facts.st_mtim.tv_sec * 1000 >= before;
}

enum gen_status gen_blob_remove(const char *folder, const char *digest, gen_moment before,
                                bool *removed, struct gen_error *err)
{
    char target[GEN_BLOB_PATH_SIZE], aside[GEN_BLOB_PATH_SIZE + sizeof(BLOB_ASIDE)];
    enum gen_status status = gen_blob_path(folder, digest, target, err);

    *removed = false;
    if (status != GEN_OK) {
        return status;
    }
    (void)snprintf(aside, sizeof(aside), "%s%s", target, BLOB_ASIDE);
    (void)unlink(aside); /* of a crash in the middle: nobody has needed it since */
    if (access(target, F_OK) != 0) {
        *removed = errno == ENOENT;
        return *removed ? GEN_OK : gen_files_errno(err, errno, "cannot look at", target);
    }
    if (blob_wanted(target, before)) {
        return GEN_OK;
    }
    if (rename(target, aside) != 0) {
        return gen_files_errno(err, errno, "cannot move aside", target);
    }
    if (blob_wanted(aside, before)) { /* adopted between our look and now: back with it */
        if (link(aside, target) != 0 && errno != EEXIST) {
            return gen_files_errno(err, errno, "cannot move back", target);
        }
        (void)unlink(aside);
        return GEN_OK;
    }
    if (unlink(aside) != 0) {
        return gen_files_errno(err, errno, "cannot remove", aside);
    }
    *removed = true;
    return GEN_OK;
}

enum gen_status gen_blob_open(const char *folder, const char *digest, int *fd,
                              struct gen_error *err)
{
    char path[GEN_BLOB_PATH_SIZE];
    enum gen_status status = gen_blob_path(folder, digest, path, err);

    if (status != GEN_OK) {
        return status;
    }
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *fd >= 0 ? GEN_OK : gen_files_errno(err, errno, "cannot open", path);
}
