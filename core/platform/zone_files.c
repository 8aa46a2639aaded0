/* zone_files.c - see zone_files.h.
 *
 * The kernel keeps the path beneath the folder (openat2). Where it cannot - an old kernel, a
 * container that refuses the call - folders are opened one by one without following links, and a
 * link in the place of the file is resolved here. */
#include "platform/zone_files.h"

#include "platform/files.h"
#include "platform/files_call.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    NAME_LONGEST = 64,
    PATH_SIZE = 512,
    LINKS_MOST = 8,
};

static bool name_good(const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size <= NAME_LONGEST && name[0] != '/' && name[size - 1] != '/' &&
           strstr(name, "//") == NULL &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
               size;
}

static int open_beneath(int folder, const char *path)
{
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, /* a pipe must not hold us */
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };

    return (int)GEN_FILES_CALL(syscall(SYS_openat2, folder, path, &how, sizeof(how)));
}

/* The folder that holds the last part of `path`, without following a link; `*last` is that part. */
static int open_parent(int folder, const char *path, const char **last)
{
    int fd = GEN_FILES_CALL(openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    const char *slash;

    while (fd >= 0 && (slash = strchr(path, '/')) != NULL) {
        char part[PATH_SIZE];
        int inner;

        (void)snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
        inner = GEN_FILES_CALL(openat(fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        gen_files_call_close(fd);
        fd = inner;
        path = slash + 1;
    }
    *last = path;
    return fd;
}

/* `path` with its last part replaced by a link's `target`, "." and ".." taken out; they mean what
 * they say, since no folder on the way is a link. Non-zero with errno when it leaves the folder. */
static int follow(char *path, const char *target)
{
    char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);

    errno = EXDEV;
    if (target[0] == '/') {
        return -1;
    }
    for (size_t part; *target != '\0'; target += part) {
        target += strspn(target, "/");
        part = strcspn(target, "/");
        if (part == 2 && memcmp(target, "..", 2) == 0) {
            if (size == 0) {
                return -1;
            }
            while (size > 0 && path[--size] != '/') {
            }
        } else if (part > 0 && !(part == 1 && target[0] == '.')) {
            if (size + part + 2 > PATH_SIZE) {
                errno = ENAMETOOLONG;
                return -1;
            }
            if (size > 0) {
                path[size++] = '/';
            }
            memcpy(path + size, target, part);
            size += part;
        }
    }
    path[size] = '\0';
    errno = EINVAL;
    return size > 0 ? 0 : -1;
}

static int open_step_by_step(int folder, const char *name)
{
    char path[PATH_SIZE];
    char target[PATH_SIZE];
    const char *last;

    (void)snprintf(path, sizeof(path), "%s", name);
    for (int links = 0; links <= LINKS_MOST; links++) {
        int parent = open_parent(folder, path, &last);
        ssize_t size;
        int fd;

        if (parent < 0) {
            return -1;
        }
        fd = GEN_FILES_CALL(
            openat(parent, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        size = fd < 0 && errno == ELOOP
                   ? GEN_FILES_CALL(readlinkat(parent, last, target, sizeof(target) - 1))
                   : -1;
        gen_files_call_close(parent);
        if (size < 0) {
            return fd;
        }
        target[size] = '\0';
        if (follow(path, target) != 0) {
            return -1;
        }
    }
    errno = ELOOP;
    return -1;
}

static bool is_there(int folder, const char *name)
{
    return faccessat(folder, name, F_OK, 0) == 0;
}

/* Why the zone could not be opened, in words that say what to do. */
static enum gen_status cannot_open(int number, int fd, const char *folder, const char *name,
                                   struct gen_error *err)
{
    char path[PATH_SIZE];

    if (number == EXDEV) {
        return gen_error_set(err, GEN_EDENIED, "%s/%s is a link out of that folder; it is not read",
                             folder, name);
    }
    if (number != ENOENT && number != ENOTDIR) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
        return gen_files_errno(err, number, "cannot open", path);
    }
    if (!is_there(fd, "UTC") && !is_there(fd, "Etc/UTC") && !is_there(fd, "tzdata.zi")) {
        return gen_error_set(err, GEN_ENOTFOUND, "no time zones in %s; install the package tzdata",
                             folder);
    }
    return gen_error_set(err, GEN_ENOTFOUND,
                         "no such time zone in %s (old names may need the package tzdata-legacy)",
                         folder);
}

/* The whole of an open file, which must be a regular one. */
static enum gen_status read_zone(int fd, const char *name, struct gen_arena *arena,
                                 const char **bytes, size_t *size, struct gen_error *err)
{
    struct stat info;
    char *block;
    size_t held = 0;
    ssize_t count;

    if (GEN_FILES_CALL(fstat(fd, &info)) != 0) {
        return gen_files_errno(err, errno, "cannot look at the time zone", name);
    }
    if (!S_ISREG(info.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "%s is not a time zone but a %s", name,
                             S_ISDIR(info.st_mode) ? "folder of them" : "special file");
    }
    if (info.st_size > GEN_ZONE_FILE_LARGEST) {
        return gen_error_set(err, GEN_ETOOLARGE, "the file of %s is larger than %d bytes", name,
                             GEN_ZONE_FILE_LARGEST);
    }
    block = gen_arena_alloc(arena, (size_t)info.st_size + 1);
    if (block == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the time zone %s", name);
    }
    /* What a file grows by while it is read is left out. */
    while (held < (size_t)info.st_size &&
           (count = gen_files_call_read(fd, block + held, (size_t)info.st_size - held)) != 0) {
        if (count < 0) {
            return gen_files_errno(err, errno, "cannot read the time zone", name);
        }
        held += (size_t)count;
    }
    *bytes = block;
    *size = held;
    return GEN_OK;
}

enum gen_status gen_zone_files_load(const char *folder, const char *name, struct gen_arena *arena,
                                    const char **bytes, size_t *size, struct gen_error *err)
{
    enum gen_status status;
    int fd = -1;
    int root;

    folder = folder != NULL ? folder : GEN_ZONE_FILES_FOLDER;
    if (!name_good(name)) {
        return gen_error_set(err, GEN_EINVAL, "this is not the name of a time zone");
    }
    root = gen_files_call_open(folder, O_PATH | O_DIRECTORY, 0);
    if (root < 0) {
        int number = errno;

        status = gen_files_errno(err, number, "cannot open", folder);
        return number == ENOENT
                   ? gen_error_set(err, GEN_ENOTFOUND,
                                   "there are no time zones: no folder %s; install the package "
                                   "tzdata",
                                   folder)
                   : status;
    }
    fd = open_beneath(root, name);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EAGAIN || errno == E2BIG ||
                   errno == EINTR)) {
        fd = open_step_by_step(root, name);
    }
    if (fd < 0) {
        status = cannot_open(errno, root, folder, name, err);
        goto done;
    }
    status = read_zone(fd, name, arena, bytes, size, err);

done:
    gen_files_call_close(fd);
    gen_files_call_close(root);
    return status;
}

const char *gen_zone_files_read(void *context, const char *name, size_t *size,
                                struct gen_error *err)
{
    struct gen_zone_files *files = context;
    const char *bytes = NULL;

    gen_arena_destroy(files->arena);
    files->arena = gen_arena_create(0);
    if (files->arena == NULL) {
        (void)gen_error_set(err, GEN_ENOMEM, "no memory for the time zone %s", name);
        return NULL;
    }
    return gen_zone_files_load(files->folder, name, files->arena, &bytes, size, err) == GEN_OK
               ? bytes
               : NULL;
}

void gen_zone_files_fini(struct gen_zone_files *files)
{
    gen_arena_destroy(files->arena);
    files->arena = NULL;
}
