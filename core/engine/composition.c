/* composition.c - see composition.h. */
#include "engine/composition.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/files_call.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMPOSITION_BLOCK = 48 * 1024 }; /* a multiple of three: base64 of blocks can be joined */

struct composing {
    int out;
    const char *path;
    char *block;
};

static enum gen_status composing_put(struct composing *composing, const void *data, size_t size,
                                     struct gen_error *err)
{
    return gen_files_call_write(composing->out, data, size) == 0
               ? GEN_OK
               : gen_files_errno(err, errno, "cannot write", composing->path);
}

/* Fills the block from the file; fewer bytes only at its end. -1: errno says why. */
static ssize_t composing_fill(struct composing *composing, int in, size_t most)
{
    size_t have = 0;

    while (have < most) {
        ssize_t got = read(in, composing->block + have, most - have);

        if (got < 0 && errno != EINTR) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        have += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)have;
}

static enum gen_status composing_block(struct composing *composing, bool base64, size_t size,
                                       struct gen_error *err)
{
    char *text = NULL;
    enum gen_status status;

    if (!base64) {
        return composing_put(composing, composing->block, size, err);
    }
    if (gen_base64_encode(composing->block, size, &text) != GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = composing_put(composing, text, strlen(text), err);
    gen_free(text);
    return status;
}

static enum gen_status composing_copy(struct composing *composing,
                                      const struct gen_composition_piece *piece, int in,
                                      int64_t length, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    while (status == GEN_OK && length > 0) {
        size_t most = length < COMPOSITION_BLOCK ? (size_t)length : COMPOSITION_BLOCK;
        ssize_t got = composing_fill(composing, in, most);

        if (got < 0) {
            return gen_files_errno(err, errno, "cannot read", piece->file);
        }
        if ((size_t)got < most) {
            return gen_error_set(err, GEN_EINVAL, "%s ends before its time", piece->file);
        }
        status = composing_block(composing, piece->base64, (size_t)got, err);
        length -= got;
    }
    return status;
}

static enum gen_status composing_file(struct composing *composing,
                                      const struct gen_composition_piece *piece,
                                      struct gen_error *err)
{
    struct stat facts;
    int in = open(piece->file, O_RDONLY | O_CLOEXEC);
    int64_t length;
    enum gen_status status;

    if (in < 0 || fstat(in, &facts) != 0) {
        status = gen_files_errno(err, errno, "cannot read", piece->file);
        goto done;
    }
    length = piece->length > 0 ? piece->length : (int64_t)facts.st_size - piece->from;
    if (piece->from > facts.st_size || length > facts.st_size - piece->from) {
        status = gen_error_set(
            err, GEN_EINVAL, "bytes %lld to %lld of an asset of %lld bytes are asked for",
            (long long)piece->from, (long long)(piece->from + length), (long long)facts.st_size);
        goto done;
    }
    status = lseek(in, (off_t)piece->from, SEEK_SET) < 0
                 ? gen_files_errno(err, errno, "cannot read", piece->file)
                 : composing_copy(composing, piece, in, length, err);
done:
    if (in >= 0) {
        (void)close(in);
    }
    return status;
}

enum gen_status gen_composition_write(const struct gen_composition_piece *pieces, size_t count,
                                      const char *path, struct gen_error *err)
{
    struct composing composing = {.out = -1, .path = path};
    enum gen_status status = GEN_OK;

    composing.block = gen_alloc(COMPOSITION_BLOCK);
    if (composing.block == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    composing.out = gen_files_call_open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (composing.out < 0) {
        status = gen_files_errno(err, errno, "cannot create", path);
    }
    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        status = pieces[i].file == NULL
                     ? composing_put(&composing, pieces[i].data, pieces[i].data_size, err)
                     : composing_file(&composing, &pieces[i], err);
    }
    if (composing.out >= 0) {
        if (close(composing.out) != 0 && status == GEN_OK) {
            status = gen_files_errno(err, errno, "cannot write", path);
        }
        if (status != GEN_OK) {
            (void)unlink(path);
        }
    }
    gen_free(composing.block);
    return status;
}
