/* upload.c - see upload.h. */
#include "platform/upload.h"

#include "platform/files.h"
#include "platform/files_call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum gen_status gen_upload_begin(struct gen_upload *upload, const char *folder,
                                 struct gen_error *err)
{
    int size = snprintf(upload->path, sizeof upload->path, "%s/upload-XXXXXX", folder);

    if (size < 0 || (size_t)size >= sizeof upload->path) {
        return gen_error_set(err, GEN_EINVAL, "the path of the upload folder %s is too long",
                             folder);
    }
    upload->fd = GEN_FILES_CALL(mkostemp(upload->path, O_CLOEXEC)); /* mode 0600 */
    if (upload->fd < 0) {
        return gen_files_errno(err, errno, "cannot create a file in", folder);
    }
    upload->made = true;
    upload->open = true;
    upload->size = 0;
    return GEN_OK;
}

enum gen_status gen_upload_write(struct gen_upload *upload, const void *data, size_t size,
                                 struct gen_error *err)
{
    if (gen_files_call_write(upload->fd, data, size) != 0) {
        return gen_files_errno(err, errno, "cannot write", upload->path);
    }
    upload->size += (int64_t)size;
    return GEN_OK;
}

enum gen_status gen_upload_close(struct gen_upload *upload, struct gen_error *err)
{
    upload->open = false;
    if (GEN_FILES_CALL(close(upload->fd)) != 0 && errno != EINTR) { /* a quota may show only here */
        return gen_files_errno(err, errno, "cannot write", upload->path);
    }
    return GEN_OK;
}

void gen_upload_end(struct gen_upload *upload)
{
    if (upload->open) {
        gen_files_call_close(upload->fd);
        upload->open = false;
    }
    if (upload->made && !upload->kept) {
        gen_files_call_unlink(upload->path);
    }
    upload->made = false;
}
