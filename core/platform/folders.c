/* folders.c - the part of files.h that is about folders: making, emptying, room, finding programs. */
#include "platform/files.h"

#include "base/alloc.h"
#include "platform/files_call.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    FOLDERS_DEPTH = 64, /* folders in folders that are followed */
    FOLDERS_PASSES = 8, /* readings of a folder that changes while it is emptied */
};

enum gen_status gen_files_make_folder(const char *path, mode_t mode, struct gen_error *err)
{
    char *copy = gen_strdup(path);
    enum gen_status status = GEN_OK;
    struct stat info;
    char *end;

    if (copy == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to make the folder %s", path);
    }
    for (end = copy; status == GEN_OK && *end != '\0'; end++) {
        char kept;

        end += strspn(end, "/");
        end += strcspn(end, "/");
        kept = *end;
        *end = '\0';
        if (GEN_FILES_CALL(mkdir(copy, mode)) == 0) {
            if (gen_files_call_sync_folder(copy) != 0) {
                status = gen_files_errno(err, errno, "cannot make the folder durable:", copy);
            }
        } else if (GEN_FILES_CALL(stat(copy, &info)) != 0) {
            /* mkdir says EROFS or EACCES for some folders that are there, so look first */
            status = gen_files_errno(err, errno, "cannot make the folder", copy);
        } else if (!S_ISDIR(info.st_mode)) {
            status = gen_files_errno(err, ENOTDIR, "cannot make the folder", copy);
        }
        *end = kept;
        if (kept == '\0') {
            break;
        }
    }
    gen_free(copy);
    return status;
}

static int folders_remove_at(int folder, const char *name, int depth);

/* Empties an open folder, which it closes. A folder may skip names while others are removed, so it
 * is read again until nothing is found. */
static int folders_empty(int fd, int depth)
{
    DIR *dir = fdopendir(fd);
    struct dirent *entry;
    int result = 0;
    bool found = true;

    if (dir == NULL) {
        gen_files_call_close(fd);
        return -1;
    }
    for (int pass = 0; result == 0 && found && pass < FOLDERS_PASSES; pass++) {
        found = false;
        rewinddir(dir);
        while (result == 0 && (entry = readdir(dir)) != NULL) {
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
                found = true;
                result = folders_remove_at(dirfd(dir), entry->d_name, depth + 1);
            }
        }
    }
    fd = errno;
    (void)closedir(dir);
    errno = fd;
    return result;
}

static int folders_remove_at(int folder, const char *name, int depth)
{
    int fd;

    if (GEN_FILES_CALL(unlinkat(folder, name, 0)) == 0 || errno == ENOENT) {
        return 0;
    }
    if (errno != EISDIR) {
        return -1;
    }
    if (depth >= FOLDERS_DEPTH) {
        errno = ELOOP;
        return -1;
    }
    fd = GEN_FILES_CALL(openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (fd < 0 || folders_empty(fd, depth) != 0) {
        return -1;
    }
    return GEN_FILES_CALL(unlinkat(folder, name, AT_REMOVEDIR));
}

enum gen_status gen_files_remove_tree(const char *path, struct gen_error *err)
{
    if (folders_remove_at(AT_FDCWD, path, 0) != 0) {
        return gen_files_errno(err, errno, "cannot remove all of", path);
    }
    return GEN_OK;
}

enum gen_status gen_files_free_space(const char *path, int64_t *bytes, struct gen_error *err)
{
    struct statvfs info;

    if (GEN_FILES_CALL(statvfs(path, &info)) != 0) {
        return gen_files_errno(err, errno, "cannot ask for free space at", path);
    }
    if (info.f_frsize != 0 && info.f_bavail > (uint64_t)INT64_MAX / info.f_frsize) {
        *bytes = INT64_MAX; /* some network file systems say "no limit" so */
    } else {
        *bytes = (int64_t)(info.f_bavail * info.f_frsize);
    }
    return GEN_OK;
}

static char *folders_program_in(const char *folder, size_t size, const char *program,
                                struct gen_arena *arena)
{
    char *path = gen_arena_printf(arena, "%.*s/%s", (int)size, folder, program);
    struct stat info;

    if (path == NULL || stat(path, &info) != 0 || !S_ISREG(info.st_mode) ||
        access(path, X_OK) != 0) {
        return NULL;
    }
    return path;
}

char *gen_files_find_program(const char *const *folders, int search_path, const char *program,
                             struct gen_arena *arena)
{
    const char *path = search_path ? getenv("PATH") : NULL;
    char *found = NULL;

    for (; found == NULL && folders != NULL && *folders != NULL; folders++) {
        found = folders_program_in(*folders, strlen(*folders), program, arena);
    }
    while (found == NULL && path != NULL && *path != '\0') {
        size_t size = strcspn(path, ":");

        if (*path == '/') { /* an empty or relative entry would run what lies in this folder */
            found = folders_program_in(path, size, program, arena);
        }
        path += size + (path[size] == ':');
    }
    return found;
}
