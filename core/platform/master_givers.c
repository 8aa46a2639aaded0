/* master_givers.c - see master_givers.h. */
#include "platform/master_givers.h"

#include "platform/crypto.h"
#include "platform/master_file.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { GIVERS_PATH = 1200 };

const char *gen_master_givers_variable(const char *const *environment, const char *name)
{
    size_t size = strlen(name);

    for (const char *const *at = environment; at != NULL && *at != NULL; at++) {
        if (strncmp(*at, name, size) == 0 && (*at)[size] == '=' && (*at)[size + 1] != '\0') {
            return *at + size + 1;
        }
    }
    return NULL;
}

void gen_master_givers_wipe(const char *value)
{
    if (value != NULL) {
        gen_crypto_wipe((void *)(uintptr_t)value, strlen(value));
    }
}

bool gen_master_givers_handed(const char *const *environment, const char *name, char *path,
                              size_t size)
{
    const char *folder = gen_master_givers_variable(environment, "CREDENTIALS_DIRECTORY");

    return folder != NULL && folder[0] == '/' &&
           (size_t)snprintf(path, size, "%s/%s", folder, name) < size;
}

enum gen_status gen_master_givers_passphrase(const char *const *environment, int fd, char **out,
                                             struct gen_error *err)
{
    const char *value = gen_master_givers_variable(environment, "GEN_MASTER_PASSPHRASE");
    char *passphrase = gen_crypto_hide(GEN_MASTER_PASSPHRASE_MOST + 1);
    char path[GIVERS_PATH];
    size_t size = 0;
    enum gen_status status = GEN_ENOTFOUND;

    *out = NULL;
    if (passphrase == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (fd >= 0) {
        status = gen_master_file_line(fd, passphrase, GEN_MASTER_PASSPHRASE_MOST, &size, err);
    }
    if (status == GEN_ENOTFOUND &&
        gen_master_givers_handed(environment, "genengine-passphrase", path, sizeof path)) {
        status = gen_master_file_read(path, false, passphrase, GEN_MASTER_PASSPHRASE_MOST, &size,
                                      err);
    }
    if (status == GEN_ENOTFOUND && value != NULL && strlen(value) <= GEN_MASTER_PASSPHRASE_MOST) {
        memcpy(passphrase, value, strlen(value));
        status = GEN_OK;
    }
    gen_master_givers_wipe(value);
    if (status == GEN_OK) {
        passphrase[strcspn(passphrase, "\r\n")] = '\0';
        *out = passphrase;
    } else {
        gen_crypto_unhide(passphrase);
    }
    return status;
}
