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
    status = blob_heal(target, digest, err);
    if (status == GEN_OK) {
        status = gen_files_publish(path, target, err);
    }
    if (status == GEN_OK) {
        (void)unlink(path); /* it is still there when the same content was stored already */
    }
    return status;
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
