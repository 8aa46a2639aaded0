/* api_key.c - see api_key.h. */
#include "daemon/api_key.h"

#include "platform/crypto.h"
#include "platform/files.h"

#include <string.h>

enum { KEY_BYTES = 32, KEY_FILE_MOST = 4096 };

static enum gen_status key_make(const char *path, struct gen_arena *arena, const char **out,
                                struct gen_error *err)
{
    char fresh[KEY_BYTES * 2];
    size_t size;

    gen_crypto_token(gen_random_real(), KEY_BYTES, fresh, sizeof fresh - 1);
    *out = gen_arena_strdup(arena, fresh);
    if (*out == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    size = strlen(fresh);
    fresh[size] = '\n';
    return gen_files_write(path, fresh, size + 1, 0600, err);
}

enum gen_status gen_api_key_read(const char *state, struct gen_arena *arena, const char **out,
                                 struct gen_error *err)
{
    const char *path = gen_arena_printf(arena, "%s/api-key", state);
    struct gen_bytes text;
    enum gen_status status;

    if (path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_bytes_init(&text, KEY_FILE_MOST);
    status = gen_files_read(path, &text, err);
    if (status == GEN_ENOTFOUND) {
        status = key_make(path, arena, out, err);
    } else if (status == GEN_OK) {
        size_t size = text.data == NULL ? 0 : strcspn(text.data, "\r\n");

        *out = gen_arena_strndup(arena, text.data == NULL ? "" : text.data, size);
        if (*out == NULL) {
            status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        } else if (size == 0) {
            status = gen_error_set(err, GEN_EINVAL,
                                   "%s is empty; remove it, and gend makes a new key", path);
        }
    }
    gen_bytes_fini(&text);
    return status;
}
