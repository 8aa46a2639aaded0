/* inlay.c - see inlay.h. */
#include "engine/inlay.h"

#include "base/alloc.h"
#include "base/json_sieve.h"
#include "platform/files.h"
#include "platform/files_call.h"

#include <errno.h>
#include <fcntl.h>

enum { INLAY_REST_MOST = 8 * 1024 * 1024 };

struct gen_inlay {
    const char *file; /* NULL = dropped */
    int out;          /* -1 = nothing came yet */
    bool failed;
    struct gen_error err; /* of the file */
    struct gen_json_sieve sieve;
};

static bool inlay_on_decoded(void *context, const void *data, size_t size)
{
    struct gen_inlay *inlay = context;

    if (inlay->file == NULL) {
        return true;
    }
    if (inlay->out < 0) {
        inlay->out = gen_files_call_open(inlay->file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    }
    if (inlay->out < 0 || gen_files_call_write(inlay->out, data, size) != 0) {
        gen_files_errno(&inlay->err, errno, "cannot write", inlay->file);
        return false;
    }
    return true;
}

enum gen_status gen_inlay_open(const char *const *paths, const char *file, struct gen_inlay **out,
                               struct gen_error *err)
{
    struct gen_inlay *inlay = gen_alloc(sizeof(*inlay));

    if (inlay == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    inlay->file = file;
    inlay->out = -1;
    gen_json_sieve_init(&inlay->sieve, paths, INLAY_REST_MOST, inlay_on_decoded, inlay);
    *out = inlay;
    return GEN_OK;
}

void gen_inlay_close(struct gen_inlay **inlay, bool keep)
{
    struct gen_inlay *old = *inlay;

    *inlay = NULL;
    if (old == NULL) {
        return;
    }
    if (old->out >= 0) {
        gen_files_call_close(old->out);
        if (!keep) {
            gen_files_call_unlink(old->file);
        }
    }
    gen_json_sieve_fini(&old->sieve);
    gen_free(old);
}

bool gen_inlay_feed(struct gen_inlay *inlay, const char *data, size_t size)
{
    inlay->failed = inlay->failed || !gen_json_sieve_feed(&inlay->sieve, data, size);
    return !inlay->failed;
}

const char *gen_inlay_end(struct gen_inlay *inlay)
{
    inlay->failed = inlay->failed || !gen_json_sieve_end(&inlay->sieve);
    if (!inlay->failed) {
        return NULL;
    }
    return inlay->err.status != GEN_OK ? inlay->err.message : inlay->sieve.error.message;
}

const char *gen_inlay_rest(const struct gen_inlay *inlay, size_t *size)
{
    *size = inlay->sieve.rest.size;
    return inlay->sieve.rest.data == NULL ? "" : inlay->sieve.rest.data;
}

bool gen_inlay_found(const struct gen_inlay *inlay)
{
    return inlay->sieve.found;
}
