/* files_call.c - see files_call.h. */
#include "platform/files_call.h"

#include "base/alloc.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* The seam for tests. Like base/alloc's counters, the one kind of mutable file-level state. */
static atomic_long files_calls;
static atomic_long files_fail_nth;
static atomic_int files_fail_errno;

void gen_files_fail_at(long nth, int number)
{
    atomic_store(&files_fail_errno, number);
    atomic_store(&files_fail_nth, nth);
    atomic_store(&files_calls, 0);
}

long gen_files_call_count(void)
{
    return atomic_load(&files_calls);
}

bool gen_files_call_refused(void)
{
    long call = atomic_fetch_add_explicit(&files_calls, 1, memory_order_relaxed) + 1;

    if (call != atomic_load_explicit(&files_fail_nth, memory_order_relaxed)) {
        return false;
    }
    errno = atomic_load(&files_fail_errno);
    return true;
}

int gen_files_call_open(const char *path, int flags, mode_t mode)
{
    int fd;

    do {
        fd = GEN_FILES_CALL(open(path, flags | O_CLOEXEC, mode));
    } while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t gen_files_call_read(int fd, void *data, size_t size)
{
    ssize_t count;

    do {
        count = GEN_FILES_CALL(read(fd, data, size));
    } while (count < 0 && errno == EINTR);
    return count;
}

int gen_files_call_write(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t count = GEN_FILES_CALL(write(fd, at, size));

        if (count < 0 && errno != EINTR) {
            return -1;
        }
        if (count > 0) {
            at += count;
            size -= (size_t)count;
        }
    }
    return 0;
}

void gen_files_call_close(int fd)
{
    int saved = errno;

    if (fd >= 0) {
        (void)close(fd);
    }
    errno = saved;
}

void gen_files_call_unlink(const char *path)
{
    int saved = errno;

    (void)unlink(path);
    errno = saved;
}

int gen_files_call_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder;
    int result = -1;
    int fd = -1;

    if (slash == NULL) {
        folder = gen_strdup(".");
    } else {
        folder = gen_strndup(path, slash == path ? 1 : (size_t)(slash - path));
    }
    if (folder == NULL) {
        errno = ENOMEM;
        return -1;
    }
    fd = gen_files_call_open(folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd >= 0) {
        result = GEN_FILES_CALL(fsync(fd));
        gen_files_call_close(fd);
    }
    gen_free(folder);
    return result;
}
