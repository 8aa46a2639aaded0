/* files.c - see files.h for what is durable and when. */
#include "platform/files.h"

#include "base/alloc.h"
#include "base/number.h"
#include "platform/crypto.h"
#include "platform/files_call.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_COPY = 1 << 30 }; /* bytes asked of copy_file_range at a time */

enum gen_status gen_files_errno(struct gen_error *err, int number, const char *what,
                                const char *path)
{
    static const struct {
        int number;
        enum gen_status status;
    } rows[] = {
        {ENOSPC, GEN_ENOSPACE},
        {EDQUOT, GEN_ENOSPACE},
        {ENOENT, GEN_ENOTFOUND},
        {EACCES, GEN_EDENIED},
        {EPERM, GEN_EDENIED},
        {EROFS, GEN_EDENIED},
        {EEXIST, GEN_ECONFLICT},
        {ENOMEM, GEN_ENOMEM},
        {EISDIR, GEN_EINVAL},
        {ENOTDIR, GEN_EINVAL},
        {ELOOP, GEN_EINVAL},
        {ENAMETOOLONG, GEN_EINVAL},
        {0, GEN_EIO},
    };
    char reason[128];
    size_t row = 0;

    while (rows[row].number != 0 && rows[row].number != number) {
        row++;
    }
    return gen_error_set(err, rows[row].status, "%s %s: %s", what, path,
                         strerror_r(number, reason, sizeof(reason)));
}

enum gen_status gen_files_read(const char *path, struct gen_bytes *out, struct gen_error *err)
{
    bool is_input = strcmp(path, "-") == 0;
    int fd = is_input ? STDIN_FILENO : gen_files_call_open(path, O_RDONLY, 0);
    enum gen_status status = GEN_OK;
    char *block = NULL;
    ssize_t count;

    gen_bytes_clear(out);
    if (fd < 0) {
        return gen_files_errno(err, errno, "cannot open", path);
    }
    block = gen_alloc(GEN_FILES_CALL_BLOCK);
    if (block == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory to read %s", path);
        goto done;
    }
    while ((count = gen_files_call_read(fd, block, GEN_FILES_CALL_BLOCK)) > 0) {
        status = gen_bytes_append(out, block, (size_t)count);
        if (status == GEN_ELIMIT) {
            status = gen_error_set(err, GEN_ETOOLARGE, "%s is larger than the %zu bytes allowed",
                                   path, out->maximum);
        } else if (status != GEN_OK) {
            gen_error_set(err, status, "no memory to read %s", path);
        }
        if (status != GEN_OK) {
            goto done;
        }
    }
    if (count < 0) {
        status = gen_files_errno(err, errno, "cannot read", path);
    }

done:
    if (status != GEN_OK) {
        gen_bytes_clear(out);
    }
    if (!is_input) {
        gen_files_call_close(fd);
    }
    gen_free(block);
    return status;
}

/* ".NAME.XXXXXX" beside `path`, for mkostemp; NULL when there is no memory. */
static char *files_temporary(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash - path) + 1;
    size_t size = strlen(path) + sizeof("..XXXXXX");
    char *name = gen_alloc(size);

    if (name != NULL) {
        (void)snprintf(name, size, "%.*s.%s.XXXXXX", folder, path, path + folder);
    }
    return name;
}

enum gen_status gen_files_write(const char *path, const void *data, size_t size, mode_t mode,
                                struct gen_error *err)
{
    char *temporary = files_temporary(path);
    enum gen_status status = GEN_OK;
    int fd = -1;

    if (temporary == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to write %s", path);
    }
    fd = GEN_FILES_CALL(mkostemp(temporary, O_CLOEXEC));
    if (fd < 0) {
        status = gen_files_errno(err, errno, "cannot make a file for", path);
        goto done;
    }
    if (GEN_FILES_CALL(fchmod(fd, mode)) != 0 || gen_files_call_write(fd, data, size) != 0 ||
        GEN_FILES_CALL(fsync(fd)) != 0 || GEN_FILES_CALL(rename(temporary, path)) != 0) {
        status = gen_files_errno(err, errno, "cannot write", path);
        gen_files_call_unlink(temporary);
        goto done;
    }
    if (gen_files_call_sync_folder(path) != 0) {
        status = gen_files_errno(err, errno, "cannot make durable", path);
    }

done:
    gen_files_call_close(fd);
    gen_free(temporary);
    return status;
}

/* Moves without replacing. Where the file system cannot do both at once, a link does: it fails when
 * the name is taken. */
static int files_move_new(const char *from, const char *to)
{
    if (GEN_FILES_CALL(renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE)) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
    if (GEN_FILES_CALL(link(from, to)) != 0) {
        return -1;
    }
    gen_files_call_unlink(from);
    return 0;
}

enum gen_status gen_files_publish(const char *from, const char *to, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    struct stat new_file;
    struct stat old_file;
    int fd = gen_files_call_open(from, O_RDONLY, 0);

    if (fd < 0) {
        return gen_files_errno(err, errno, "cannot open", from);
    }
    if (GEN_FILES_CALL(fsync(fd)) != 0 || GEN_FILES_CALL(fstat(fd, &new_file)) != 0) {
        status = gen_files_errno(err, errno, "cannot make durable", from);
        goto done;
    }
    if (files_move_new(from, to) != 0) {
        if (errno != EEXIST) {
            status = gen_files_errno(err, errno, "cannot move a file to", to);
            goto done;
        }
        if (GEN_FILES_CALL(lstat(to, &old_file)) != 0) {
            status = gen_files_errno(err, errno, "cannot look at", to);
            goto done;
        }
        if (!S_ISREG(old_file.st_mode) || old_file.st_size != new_file.st_size) {
            status = gen_error_set(err, GEN_ECONFLICT,
                                   "%s exists with other content (%lld bytes, not %lld)", to,
                                   (long long)old_file.st_size, (long long)new_file.st_size);
            goto done;
        }
        if (old_file.st_ino != new_file.st_ino || old_file.st_dev != new_file.st_dev) {
            gen_files_call_unlink(from); /* but not when both names are one file */
        }
    }
    /* Also for an old one: its writer may not have got so far. */
    if (gen_files_call_sync_folder(to) != 0) {
        status = gen_files_errno(err, errno, "cannot make durable", to);
    }

done:
    gen_files_call_close(fd);
    return status;
}

/* Copies what is left of `from`; the kernel does it where it can. */
static int files_copy_content(int from, int to, char *block)
{
    ssize_t count;

    if (GEN_FILES_CALL(ioctl(to, FICLONE, from)) == 0) {
        return 0;
    }
    do {
        count = GEN_FILES_CALL(copy_file_range(from, NULL, to, NULL, FILES_COPY, 0));
    } while (count > 0 || (count < 0 && errno == EINTR));
    if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO)) {
        return -1;
    }
    /* Another file system, an old kernel, or a file that only pretends to be empty (as in /proc):
     * whatever is left goes through memory. */
    while ((count = gen_files_call_read(from, block, GEN_FILES_CALL_BLOCK)) > 0) {
        if (gen_files_call_write(to, block, (size_t)count) != 0) {
            return -1;
        }
    }
    return count < 0 ? -1 : 0;
}

enum gen_status gen_files_copy(const char *from, const char *to, mode_t mode, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    char *block = gen_alloc(GEN_FILES_CALL_BLOCK);
    struct stat info;
    int source = -1;
    int target = -1;

    if (block == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to copy %s", from);
    }
    source = gen_files_call_open(from, O_RDONLY | O_NONBLOCK, 0); /* a pipe must not hold us */
    if (source < 0 || GEN_FILES_CALL(fstat(source, &info)) != 0) {
        status = gen_files_errno(err, errno, "cannot open", from);
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        status = gen_error_set(err, GEN_EINVAL, "%s is not a regular file", from);
        goto done;
    }
    target = gen_files_call_open(to, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (target < 0) {
        status = gen_files_errno(err, errno, "cannot make", to);
        goto done;
    }
    if (files_copy_content(source, target, block) != 0) {
        status = gen_files_errno(err, errno, "cannot copy to", to);
        gen_files_call_unlink(to);
    }

done:
    gen_files_call_close(source);
    gen_files_call_close(target);
    gen_free(block);
    return status;
}

enum gen_status gen_files_digest(const char *path, char *hex, int64_t *size, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    char *block = gen_alloc(GEN_FILES_CALL_BLOCK);
    struct gen_digest digest;
    int64_t total = 0;
    ssize_t count;
    int fd = -1;

    if (block == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to read %s", path);
    }
    fd = gen_files_call_open(path, O_RDONLY, 0);
    if (fd < 0) {
        status = gen_files_errno(err, errno, "cannot open", path);
        goto done;
    }
    gen_digest_init(&digest);
    while ((count = gen_files_call_read(fd, block, GEN_FILES_CALL_BLOCK)) > 0) {
        gen_digest_add(&digest, block, (size_t)count);
        total += count;
    }
    if (count < 0) {
        status = gen_files_errno(err, errno, "cannot read", path);
        goto done;
    }
    gen_digest_text(&digest, hex);
    *size = total;

done:
    gen_files_call_close(fd);
    gen_free(block);
    return status;
}

enum {
    LOCK_STEPS = 100, /* that a lock is waited for whose holder is gone */
    LOCK_STEP_US = 50000,
};

/* The process that wrote the lock file is gone. What it had forked, and what has not become another program
 * yet, still has its descriptor for a moment. `text` is what the file says. */
static bool lock_holder_is_gone(int fd, char *text, size_t size)
{
    ssize_t count = pread(fd, text, size - 1, 0);
    int64_t pid;

    text[count > 0 ? count : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return gen_number_integer(text, &pid) && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

enum gen_status gen_files_lock(const char *path, int *fd, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    char text[32];
    int opened = gen_files_call_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    int steps = 0;

    if (opened < 0) {
        return gen_files_errno(err, errno, "cannot open the lock", path);
    }
    while (GEN_FILES_CALL(flock(opened, LOCK_EX | LOCK_NB)) != 0) {
        if (errno != EWOULDBLOCK) {
            status = gen_files_errno(err, errno, "cannot lock", path);
            goto failed;
        }
        if (lock_holder_is_gone(opened, text, sizeof(text)) && steps++ < LOCK_STEPS) {
            (void)usleep(LOCK_STEP_US); /* house-allow call: before there is a loop */
            continue;
        }
        status = gen_error_set(err, GEN_EBUSY, "%s is held by another process (pid %s)", path,
                               text[0] != '\0' ? text : "unknown");
        goto failed;
    }
    (void)snprintf(text, sizeof(text), "%ld\n", (long)getpid());
    if (GEN_FILES_CALL(ftruncate(opened, 0)) != 0 ||
        gen_files_call_write(opened, text, strlen(text)) != 0) {
        status = gen_files_errno(err, errno, "cannot write the lock", path);
        goto failed;
    }
    *fd = opened;
    return GEN_OK;

failed:
    gen_files_call_close(opened);
    return status;
}
