/* keyring.c - see keyring.h. */
#include "platform/keyring.h"

#include "base/alloc.h"
#include "base/map.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEYRING_MOST = 1000, KEYRING_PATH = 1200 };

#define KEYRING_PREFIX "GEN_CREDENTIAL_"

struct kept {
    char *text; /* hidden */
    size_t size;
    char label[GEN_KEYRING_LABEL_SIZE];
};

struct gen_keyring {
    struct gen_keyring_source first;
    struct gen_keyring_vault vault;
    char *folder;
    const char *const *environment;
    struct gen_map *secrets; /* name, or label of the vault -> struct kept */
};

/* --------------------------------------------------------------------------------- the names -- */

bool gen_keyring_name_fits(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    return size > 0 && size <= GEN_KEYRING_NAME_MOST && name[size] == '\0' && name[0] != '.';
}

/* GEN_CREDENTIAL_KLING_ACCESS of "kling-access". */
static void keyring_variable(const char *name, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "%s%s", KEYRING_PREFIX, name);

    GEN_CHECK(at < size);
    for (at = strlen(KEYRING_PREFIX); out[at] != '\0'; at++) {
        if (out[at] >= 'a' && out[at] <= 'z') {
            out[at] = (char)(out[at] - 'a' + 'A');
        } else if (out[at] == '-' || out[at] == '.') {
            out[at] = '_';
        }
    }
}

static const char *keyring_environment(const struct gen_keyring *keyring, const char *name)
{
    size_t size = strlen(name);

    for (const char *const *at = keyring->environment; at != NULL && *at != NULL; at++) {
        if (strncmp(*at, name, size) == 0 && (*at)[size] == '=') {
            return *at + size + 1;
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------------------- the sources -- */

static enum gen_status keyring_check_file(int fd, const char *path, bool ours,
                                          struct gen_error *err)
{
    struct stat facts;

    if (fstat(fd, &facts) != 0) {
        return gen_files_errno(err, errno, "cannot look at", path);
    }
    if (!S_ISREG(facts.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "%s is not a file with a credential in it", path);
    }
    if (ours && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return gen_error_set(err, GEN_EDENIED,
                             "others can read the credential %s, so it is not used; close it "
                             "(chmod 600 %s), and change the key if they may have seen it",
                             path, path);
    }
    return GEN_OK;
}

/* `ours`: the file must be closed to everybody else. */
static enum gen_status keyring_read_file(const char *folder, const char *name, bool ours, char *out,
                                         size_t room, size_t *size, struct gen_error *err)
{
    char path[KEYRING_PATH];
    enum gen_status status;
    int fd;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        return gen_error_set(err, GEN_EINVAL, "the path of the folder of credentials is too long");
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return errno == ENOENT ? GEN_ENOTFOUND : gen_files_errno(err, errno, "cannot read", path);
    }
    status = keyring_check_file(fd, path, ours, err);
    *size = 0;
    while (status == GEN_OK && *size < room) {
        ssize_t got = read(fd, out + *size, room - *size);

        if (got < 0 && errno != EINTR) {
            status = gen_files_errno(err, errno, "cannot read", path);
        } else if (got == 0) {
            break;
        } else if (got > 0) {
            *size += (size_t)got;
        }
    }
    (void)close(fd);
    return status;
}

static enum gen_status keyring_read_variable(const struct gen_keyring *keyring, const char *name,
                                             char *out, size_t room, size_t *size)
{
    char variable[sizeof KEYRING_PREFIX + GEN_KEYRING_NAME_MOST];
    const char *value;

    keyring_variable(name, variable, sizeof variable);
    value = keyring_environment(keyring, variable);
    if (value == NULL) {
        return GEN_ENOTFOUND;
    }
    *size = strlen(value) < room ? strlen(value) : room;
    memcpy(out, value, *size);
    return GEN_OK;
}

static enum gen_status keyring_read(const struct gen_keyring *keyring, const char *name, char *out,
                                    size_t room, size_t *size, struct gen_error *err)
{
    const char *handed = keyring_environment(keyring, "CREDENTIALS_DIRECTORY");
    char variable[sizeof KEYRING_PREFIX + GEN_KEYRING_NAME_MOST];
    enum gen_status status = GEN_ENOTFOUND;

    if (keyring->first.read != NULL) {
        status = keyring->first.read(keyring->first.context, name, out, room, size, err);
    }
    if (status == GEN_ENOTFOUND && handed != NULL && handed[0] == '/') {
        status = keyring_read_file(handed, name, false, out, room, size, err);
    }
    if (status == GEN_ENOTFOUND) {
        status = keyring_read_file(keyring->folder, name, true, out, room, size, err);
    }
    if (status == GEN_ENOTFOUND) {
        status = keyring_read_variable(keyring, name, out, room, size);
    }
    if (status == GEN_ENOTFOUND) {
        keyring_variable(name, variable, sizeof variable);
        return gen_error_set(err, GEN_ENOTFOUND,
                             "credential \"%s\" is not set: use gen secret set %s, or put the key "
                             "into %s/%s (chmod 600), or set %s",
                             name, name, keyring->folder, name, variable);
    }
    return status;
}

/* -------------------------------------------------------------------------------- what is kept -- */

/* An editor's line end goes. What is left must be text: a NUL or an escape is no key. */
enum gen_status gen_keyring_check(const char *name, const char *text, size_t *size,
                                  struct gen_error *err)
{
    while (*size > 0 && (text[*size - 1] == '\n' || text[*size - 1] == '\r')) {
        --*size;
    }
    if (*size == 0) {
        return gen_error_set(err, GEN_EINVAL, "credential \"%s\" is empty", name);
    }
    if (*size >= GEN_KEYRING_SECRET_MOST) {
        return gen_error_set(err, GEN_EINVAL, "credential \"%s\" is larger than %d bytes", name,
                             GEN_KEYRING_SECRET_MOST);
    }
    for (size_t i = 0; i < *size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte == 0x7F || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t')) {
            return gen_error_set(err, GEN_EINVAL,
                                 "credential \"%s\" holds a control character, so it is no key",
                                 name);
        }
    }
    return GEN_OK;
}

static void kept_free(struct kept *kept)
{
    if (kept != NULL) {
        gen_crypto_unhide(kept->text);
        gen_free(kept);
    }
}

static enum gen_status keyring_keep(struct gen_keyring *keyring, const char *name,
                                    const char *label, const char *text, size_t size,
                                    struct kept **out, struct gen_error *err)
{
    struct kept *kept = gen_alloc(sizeof *kept);

    if (kept != NULL) {
        kept->text = gen_crypto_hide(size + 1);
        kept->size = size;
        (void)snprintf(kept->label, sizeof kept->label, "%s", label);
    }
    if (kept == NULL || kept->text == NULL ||
        gen_map_put(keyring->secrets, label[0] != '\0' ? label : name, kept, NULL) != GEN_OK) {
        kept_free(kept);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    memcpy(kept->text, text, size);
    *out = kept;
    return GEN_OK;
}

static enum gen_status keyring_fetch(struct gen_keyring *keyring, const char *name,
                                     const char *label, struct kept **out, struct gen_error *err)
{
    char *room = gen_crypto_hide(GEN_KEYRING_SECRET_MOST + 2);
    size_t size = 0;
    enum gen_status status;

    if (room == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = label[0] != '\0'
                 ? keyring->vault.read(keyring->vault.context, label, room,
                                       GEN_KEYRING_SECRET_MOST + 1, &size, err)
                 : keyring_read(keyring, name, room, GEN_KEYRING_SECRET_MOST + 1, &size, err);
    status = status == GEN_OK ? gen_keyring_check(name, room, &size, err) : status;
    status = status == GEN_OK ? keyring_keep(keyring, name, label, room, size, out, err) : status;
    gen_crypto_unhide(room);
    return status;
}

enum gen_status gen_keyring_find_for(struct gen_keyring *keyring,
                                     const struct gen_keyring_owner *owner, const char *name,
                                     struct gen_secret *out, struct gen_error *err)
{
    char label[GEN_KEYRING_LABEL_SIZE] = "";
    struct kept *kept;
    enum gen_status status = GEN_OK;

    if (!gen_keyring_name_fits(name)) {
        return gen_error_set(err, GEN_EINVAL,
                             "\"%.60s\" is no name of a credential (letters, digits, '.', '_', "
                             "'-', at most %d)",
                             name, GEN_KEYRING_NAME_MOST);
    }
    if (keyring->first.read == NULL && keyring->vault.locate != NULL && owner != NULL &&
        owner->organization != NULL) {
        status = keyring->vault.locate(keyring->vault.context, owner, name, label, err);
        if (status != GEN_OK && status != GEN_ENOTFOUND) {
            return status;
        }
        status = GEN_OK;
    }
    kept = gen_map_get(keyring->secrets, label[0] != '\0' ? label : name);
    if (kept == NULL) {
        status = keyring_fetch(keyring, name, label, &kept, err);
    }
    if (status == GEN_ENOTFOUND && owner != NULL && owner->at != 0) {
        /* What the attempt began with is gone from where it was; it may have moved into the vault. */
        struct gen_keyring_owner now = *owner;

        now.at = 0;
        return gen_keyring_find_for(keyring, &now, name, out, err);
    }
    if (status == GEN_OK) {
        *out = (struct gen_secret){kept->text, kept->size, kept->label};
    }
    return status;
}

enum gen_status gen_keyring_find(struct gen_keyring *keyring, const char *name,
                                 struct gen_secret *out, struct gen_error *err)
{
    return gen_keyring_find_for(keyring, NULL, name, out, err);
}

void gen_keyring_forget_label(struct gen_keyring *keyring, const char *label)
{
    kept_free(gen_map_remove(keyring->secrets, label));
}

void gen_keyring_forget(struct gen_keyring *keyring)
{
    size_t cursor = 0;
    const char *name;
    void *kept;

    while (gen_map_next(keyring->secrets, &cursor, &name, &kept)) {
        gen_map_remove(keyring->secrets, name);
        kept_free(kept);
    }
}

enum gen_status gen_keyring_create(const struct gen_keyring_options *options,
                                   struct gen_keyring **out, struct gen_error *err)
{
    struct gen_keyring *keyring = gen_alloc(sizeof *keyring);

    if (keyring != NULL) {
        if (options->first != NULL) {
            keyring->first = *options->first;
        }
        if (options->vault != NULL) {
            keyring->vault = *options->vault;
        }
        keyring->folder = gen_strdup(options->folder);
        keyring->environment = options->environment;
        keyring->secrets = gen_map_create(KEYRING_MOST);
    }
    if (keyring == NULL || keyring->folder == NULL || keyring->secrets == NULL) {
        gen_keyring_destroy(keyring);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = keyring;
    return GEN_OK;
}

void gen_keyring_destroy(struct gen_keyring *keyring)
{
    if (keyring == NULL) {
        return;
    }
    if (keyring->secrets != NULL) {
        gen_keyring_forget(keyring);
    }
    gen_map_destroy(keyring->secrets);
    gen_free(keyring->folder);
    gen_free(keyring);
}
