/* media_source.c - see media_source.h. */
#include "media/media_source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum gen_status gen_media_source_file(int fd, struct gen_media_source *out, struct gen_error *err)
{
    struct stat about;

    if (fstat(fd, &about) != 0) {
        return gen_error_set(err, GEN_EIO, "cannot look at the file: %s", strerror(errno));
    }
    if (!S_ISREG(about.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "not a regular file; give a file on disk");
    }
    if (about.st_size <= 0) {
        return gen_error_set(err, GEN_EINVAL, "the file is empty");
    }
    *out = (struct gen_media_source){.fd = fd, .size = (uint64_t)about.st_size};
    return GEN_OK;
}

void gen_media_source_memory(const uint8_t *data, size_t size, struct gen_media_source *out)
{
    *out = (struct gen_media_source){.fd = -1, .data = data, .size = size};
}

int64_t gen_media_source_read(const struct gen_media_source *source, uint64_t offset, void *into,
                              size_t size)
{
    size_t done = 0;

    if (offset >= source->size) {
        return 0;
    }
    if (size > source->size - offset) {
        size = (size_t)(source->size - offset);
    }
    if (source->data != NULL) {
        memcpy(into, source->data + offset, size);
        return (int64_t)size;
    }
    while (done < size) {
        ssize_t got = pread(source->fd, (char *)into + done, size - done, (off_t)(offset + done));

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) { /* somebody cut the file while we read it */
            break;
        }
        done += (size_t)got;
    }
    return (int64_t)done;
}

int gen_media_source_exact(const struct gen_media_source *source, uint64_t offset, void *into,
                           size_t size)
{
    return gen_media_source_read(source, offset, into, size) == (int64_t)size;
}
