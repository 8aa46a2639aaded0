/* upload.h - a request body on its way into a temporary file.
 *
 * It makes nothing durable: whoever keeps the file publishes it (platform/files.h).
 * Invariant: a file that was not kept is removed by gen_upload_end.
 *
 * Thread: [loop]; writes block. Floor: platform. Tests: tests/unit/platform/upload_test.c
 */
#ifndef GEN_PLATFORM_UPLOAD_H
#define GEN_PLATFORM_UPLOAD_H

#include "base/error.h"

#include <stdbool.h>

enum { GEN_UPLOAD_PATH_SIZE = 1024 };

struct gen_upload { /* caller owns; all zero = no file */
    bool made;
    bool open;
    bool kept;
    int fd;
    int64_t size;
    char path[GEN_UPLOAD_PATH_SIZE];
};

/* Creates "upload-XXXXXX" in `folder`, mode 0600. GEN_ENOSPACE, GEN_EDENIED, GEN_EIO, GEN_EINVAL,
 * GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_upload_begin(struct gen_upload *upload, const char *folder,
                                                struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_upload_write(struct gen_upload *upload, const void *data,
                                                size_t size, struct gen_error *err);
/* All of it is there: closes the file. GEN_ENOSPACE, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_upload_close(struct gen_upload *upload, struct gen_error *err);
/* Closes; removes the file unless `kept` was set. May be called twice. */
void gen_upload_end(struct gen_upload *upload);

#endif
