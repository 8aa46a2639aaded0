/* scratch.c - see scratch.h. */
#include "engine/scratch.h"

#include "base/alloc.h"
#include "platform/files.h"
#include "store/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool scratch_kept(const char *name, const struct gen_ident *keep, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, keep[i].text) == 0) {
            return true;
        }
    }
    return false;
}

enum gen_status gen_scratch_clear(const char *root, const struct gen_ident *keep, size_t count,
                                  struct gen_error *err)
{
    enum gen_status status = gen_files_make_folder(root, 0700, err);
    const struct dirent *entry;
    char path[GEN_BLOB_PATH_SIZE];
    DIR *folder;

    if (status != GEN_OK) {
        return status;
    }
    folder = opendir(root);
    if (folder == NULL) {
        return gen_error_set(err, GEN_EIO, "the scratch folder %s cannot be read: %s", root,
                             strerror(errno));
    }
    while (status == GEN_OK && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            scratch_kept(entry->d_name, keep, count)) {
            continue;
        }
        if ((size_t)snprintf(path, sizeof(path), "%s/%s", root, entry->d_name) < sizeof(path)) {
            status = gen_files_remove_tree(path, err);
        }
    }
    closedir(folder);
    return status;
}

char *gen_scratch_path(const char *root, const char *id, struct gen_arena *arena)
{
    return gen_arena_printf(arena, "%s/%s", root, id);
}

bool gen_scratch_name(const char *name)
{
    size_t size = strlen(name);

    if (size == 0 || size > 100 || name[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)name[i];

        if (byte == '/' || byte < 0x20 || byte >= 0x7f) {
            return false;
        }
    }
    return true;
}

/* Not made durable: what is in it is expendable, and a sync of the disk would hold up the loop. */
enum gen_status gen_scratch_make(const char *path, struct gen_error *err)
{
    if (mkdir(path, 0700) == 0) {
        return GEN_OK;
    }
    return gen_files_make_folder(path, 0700, err); /* it is there, or what it stands in is not */
}

static enum gen_status scratch_join(const char *path, const char *name, char *out, size_t size,
                                    struct gen_error *err)
{
    int length;

    if (!gen_scratch_name(name)) {
        return gen_error_set(err, GEN_EINVAL, "\"%.100s\" is not a plain file name", name);
    }
    length = snprintf(out, size, "%s/%s", path, name);
    return length > 0 && (size_t)length < size
               ? GEN_OK
               : gen_error_set(err, GEN_ELIMIT, "the path of the scratch folder is too long");
}

enum gen_status gen_scratch_link(const char *path, const char *name, const char *blobs,
                                 const char *digest, struct gen_error *err)
{
    char link[GEN_BLOB_PATH_SIZE], target[GEN_BLOB_PATH_SIZE];
    enum gen_status status = scratch_join(path, name, link, sizeof(link), err);

    if (status != GEN_OK || (status = gen_blob_path(blobs, digest, target, err)) != GEN_OK) {
        return status;
    }
    if (unlink(link) != 0 && errno != ENOENT) {
        return gen_files_errno(err, errno, "cannot replace", link);
    }
    return symlink(target, link) == 0 ? GEN_OK : gen_files_errno(err, errno, "cannot link", link);
}

enum gen_status gen_scratch_write(const char *path, const char *name, const void *data, size_t size,
                                  struct gen_error *err)
{
    char file[GEN_BLOB_PATH_SIZE];
    enum gen_status status = scratch_join(path, name, file, sizeof(file), err);
    const char *rest = data;
    int fd;

    if (status != GEN_OK) {
        return status;
    }
    if (unlink(file) != 0 && errno != ENOENT) {
        return gen_files_errno(err, errno, "cannot replace", file);
    }
    fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return gen_files_errno(err, errno, "cannot create", file);
    }
    while (status == GEN_OK && size > 0) {
        ssize_t written = write(fd, rest, size);

        if (written < 0 && errno != EINTR) {
            status = gen_files_errno(err, errno, "cannot write", file);
        } else if (written > 0) {
            rest += written;
            size -= (size_t)written;
        }
    }
    if (close(fd) != 0 && status == GEN_OK) {
        status = gen_files_errno(err, errno, "cannot write", file);
    }
    return status;
}

enum gen_status gen_scratch_result(const char *path, const char *name, char *out, size_t size,
                                   struct gen_error *err)
{
    enum gen_status status = scratch_join(path, name, out, size, err);
    struct stat facts;

    if (status != GEN_OK) {
        return status;
    }
    if (lstat(out, &facts) != 0) {
        return gen_error_set(err, GEN_EINVAL, "the result \"%s\" is missing", name);
    }
    if (!S_ISREG(facts.st_mode) || facts.st_size == 0) {
        return gen_error_set(err, GEN_EINVAL, "the result \"%s\" is %s", name,
                             S_ISREG(facts.st_mode) ? "empty" : "not a file");
    }
    return GEN_OK;
}

static void scratch_remove_work(void *context)
{
    struct gen_error err = {0};

    /* What is left behind is removed at the next start. */
    (void)!gen_files_remove_tree(context, &err);
}

static void scratch_remove_done(void *context)
{
    gen_free(context);
}

/* The name is free at once, for whoever begins again under it; its address makes the new one unique
 * while it lasts. */
void gen_scratch_remove(struct gen_loop *loop, const char *path)
{
    size_t size = strlen(path) + 32;
    char *gone = gen_alloc(size);

    if (gone == NULL) {
        return; /* left for the next start */
    }
    snprintf(gone, size, "%s.%zx", path, (size_t)(uintptr_t)gone);
    if (rename(path, gone) != 0) {
        snprintf(gone, size, "%s", path);
    }
    if (gen_loop_work(loop, scratch_remove_work, scratch_remove_done, gone) != GEN_OK) {
        gen_free(gone);
    }
}
