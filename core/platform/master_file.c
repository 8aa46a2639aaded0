/* master_file.c - see master_file.h. */
#include "platform/master_file.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MASTER_FILE_MOST = 4096, MASTER_CHECK_DIGITS = 16, MASTER_LINES_MOST = 4 };

#define KEY_LINE "genengine-master-key "
#define WAY_LINE "genengine-master-passphrase "
#define MASTER_VERSION "1"

/* ----------------------------------------------------------------------------------- any file -- */

enum gen_status gen_master_file_base64(const char *text, size_t text_size, unsigned char *out,
                                       size_t size)
{
    void *bytes = NULL;
    size_t count = 0;
    enum gen_status status;

    while (text_size > 0 && strchr(" \t\r\n", text[text_size - 1]) != NULL) {
        text_size--;
    }
    status = gen_base64_decode(text, text_size, &bytes, &count);
    if (status == GEN_OK && count != size) {
        status = GEN_EINVAL;
    }
    if (status == GEN_OK) {
        memcpy(out, bytes, size);
    }
    gen_crypto_wipe(bytes, count);
    gen_free(bytes);
    return status;
}

static enum gen_status file_take(int fd, const char *path, char *out, size_t room, size_t *size,
                                 struct gen_error *err)
{
    char more;

    *size = 0;
    for (;;) {
        bool full = *size == room;
        ssize_t got = read(fd, full ? &more : out + *size, full ? 1 : room - *size);

        if (got < 0 && errno != EINTR) {
            return gen_files_errno(err, errno, "cannot read", path);
        }
        if (got > 0 && full) {
            return gen_error_set(err, GEN_EINVAL, "%s has more than %zu bytes", path, room);
        }
        if (got == 0) {
            out[*size] = '\0';
            return GEN_OK;
        }
        *size += got > 0 ? (size_t)got : 0;
    }
}

enum gen_status gen_master_file_read(const char *path, bool ours, char *out, size_t room,
                                     size_t *size, struct gen_error *err)
{
    struct stat facts;
    enum gen_status status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return errno == ENOENT ? gen_error_set(err, GEN_ENOTFOUND, "there is no %s", path)
                               : gen_files_errno(err, errno, "cannot read", path);
    }
    if (fstat(fd, &facts) != 0) {
        status = gen_files_errno(err, errno, "cannot look at", path);
    } else if (!S_ISREG(facts.st_mode)) {
        status = gen_error_set(err, GEN_EINVAL, "%s is not a file", path);
    } else if (ours && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        status = gen_error_set(err, GEN_EDENIED,
                               "others can read %s, so it is not used; close it (chmod 600 %s), "
                               "and rotate the master key if they may have seen it",
                               path, path);
    } else {
        status = file_take(fd, path, out, room, size, err);
    }
    (void)close(fd);
    return status;
}

enum gen_status gen_master_file_line(int fd, char *out, size_t room, size_t *size,
                                     struct gen_error *err)
{
    enum gen_status status = file_take(fd, "the descriptor of the passphrase", out, room, size,
                                       err);

    (void)close(fd);
    return status;
}

enum gen_status gen_master_file_plain(const char *path, unsigned char out[GEN_SEAL_KEY],
                                      struct gen_error *err)
{
    char *text = gen_crypto_hide(MASTER_FILE_MOST + 1);
    size_t size = 0;
    enum gen_status status;

    if (text == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_master_file_read(path, false, text, MASTER_FILE_MOST, &size, err);
    if (status == GEN_OK) {
        status = gen_master_file_base64(text, size, out, GEN_SEAL_KEY);
        if (status == GEN_EINVAL) {
            gen_error_set(err, status,
                          "%s is no master key: it must be 32 random bytes as base64, such as "
                          "\"openssl rand -base64 32\" prints",
                          path);
        }
    }
    gen_crypto_unhide(text);
    return status;
}

/* ------------------------------------------------------------------------- versions and checksums -- */

static void file_sum(const char *text, size_t size, char *out)
{
    char digest[GEN_DIGEST_TEXT_SIZE];

    gen_digest_of(text, size, digest);
    memcpy(out, digest, MASTER_CHECK_DIGITS);
    out[MASTER_CHECK_DIGITS] = '\0';
}

static enum gen_status file_damaged(const char *path, struct gen_error *err)
{
    return gen_error_set(err, GEN_ECORRUPT,
                         "%s is damaged; put it back from a backup. It is not replaced by a new "
                         "one, since stored secrets can be read with it only",
                         path);
}

/* Cuts the text into its lines, which are `count`, the checksum not among them. */
static enum gen_status file_lines(const char *path, const char *kind, char *text, size_t size,
                                  char **lines, size_t count, struct gen_error *err)
{
    char sum[MASTER_CHECK_DIGITS + 1];
    size_t found = 0, at = 0;

    if (strlen(text) != size || size < MASTER_CHECK_DIGITS + 2 || text[size - 1] != '\n') {
        return file_damaged(path, err);
    }
    file_sum(text, size - MASTER_CHECK_DIGITS - 1, sum);
    if (strncmp(text, kind, strlen(kind)) != 0 ||
        memcmp(sum, text + size - MASTER_CHECK_DIGITS - 1, MASTER_CHECK_DIGITS) != 0) {
        return file_damaged(path, err);
    }
    if (strncmp(text + strlen(kind), MASTER_VERSION "\n", sizeof MASTER_VERSION) != 0) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "%s was written by a newer version of gend; use that one", path);
    }
    while (at < size - MASTER_CHECK_DIGITS - 1 && found < count) {
        size_t length = strcspn(text + at, "\n");

        lines[found++] = text + at;
        text[at + length] = '\0';
        at += length + 1;
    }
    return found == count && at == size - MASTER_CHECK_DIGITS - 1 ? GEN_OK
                                                                  : file_damaged(path, err);
}

static enum gen_status file_put(const char *path, char *text, size_t room, struct gen_error *err)
{
    char sum[MASTER_CHECK_DIGITS + 1];
    size_t size = strlen(text);

    if (access(path, F_OK) == 0) {
        return gen_error_set(err, GEN_ECONFLICT, "%s is there already, and is not replaced", path);
    }
    file_sum(text, size, sum);
    GEN_CHECK(size + sizeof sum + 1 <= room);
    (void)snprintf(text + size, room - size, "%s\n", sum);
    return gen_files_write(path, text, strlen(text), 0600, err);
}

/* --------------------------------------------------------------------------------- their content -- */

enum gen_status gen_master_file_get_key(const char *path, unsigned char out[GEN_SEAL_KEY],
                                        struct gen_error *err)
{
    char *text = gen_crypto_hide(MASTER_FILE_MOST + 1);
    char *lines[2];
    size_t size = 0;
    enum gen_status status;

    if (text == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_master_file_read(path, true, text, MASTER_FILE_MOST, &size, err);
    if (status == GEN_EINVAL) {
        status = file_damaged(path, err);
    }
    if (status == GEN_OK) {
        status = file_lines(path, KEY_LINE, text, size, lines, GEN_COUNT(lines), err);
    }
    if (status == GEN_OK) {
        status = gen_master_file_base64(lines[1], strlen(lines[1]), out, GEN_SEAL_KEY);
        status = status == GEN_EINVAL ? file_damaged(path, err) : status;
    }
    gen_crypto_unhide(text);
    return status;
}

enum gen_status gen_master_file_put_key(const char *path, const unsigned char key[GEN_SEAL_KEY],
                                        struct gen_error *err)
{
    enum { ROOM = 256 };
    char *text = gen_crypto_hide(ROOM), *encoded = NULL;
    enum gen_status status = text == NULL ? GEN_ENOMEM
                                          : gen_base64_encode(key, GEN_SEAL_KEY, &encoded);

    if (status == GEN_OK) {
        (void)snprintf(text, ROOM, "%s%s\n%s\n", KEY_LINE, MASTER_VERSION, encoded);
        status = file_put(path, text, ROOM, err);
    } else {
        gen_error_set(err, status, "out of memory");
    }
    gen_crypto_wipe(encoded, encoded == NULL ? 0 : strlen(encoded));
    gen_free(encoded);
    gen_crypto_unhide(text);
    return status;
}

static bool file_number(char **at, uint64_t *out)
{
    char *end = NULL;

    errno = 0;
    *out = strtoull(*at, &end, 10);
    if (errno != 0 || end == *at || **at < '0' || **at > '9' || *end != ' ') {
        return false;
    }
    *at = end + 1;
    return true;
}

enum gen_status gen_master_file_get_way(const char *path, struct gen_master_way *out,
                                        struct gen_error *err)
{
    static const char algorithm[] = "argon2id ";
    char text[MASTER_FILE_MOST + 1], *lines[3], *at;
    size_t size = 0;
    enum gen_status status = gen_master_file_read(path, true, text, MASTER_FILE_MOST, &size, err);

    if (status == GEN_EINVAL) {
        status = file_damaged(path, err);
    }
    if (status == GEN_OK) {
        status = file_lines(path, WAY_LINE, text, size, lines, GEN_COUNT(lines), err);
    }
    if (status != GEN_OK) {
        return status;
    }
    at = lines[1] + sizeof algorithm - 1;
    memset(out, 0, sizeof *out);
    if (strncmp(lines[1], algorithm, sizeof algorithm - 1) != 0 ||
        !file_number(&at, &out->stretch.passes) || !file_number(&at, &out->stretch.memory) ||
        strlen(lines[2]) != sizeof out->id - 1) {
        return file_damaged(path, err);
    }
    memcpy(out->id, lines[2], sizeof out->id - 1);
    status = gen_master_file_base64(at, strlen(at), out->stretch.salt, sizeof out->stretch.salt);
    return status == GEN_EINVAL ? file_damaged(path, err) : status;
}

enum gen_status gen_master_file_put_way(const char *path, const struct gen_master_way *way,
                                        struct gen_error *err)
{
    char text[256], *salt = NULL;
    enum gen_status status = gen_base64_encode(way->stretch.salt, sizeof way->stretch.salt, &salt);

    if (status == GEN_OK) {
        (void)snprintf(text, sizeof text, "%s%s\nargon2id %" PRIu64 " %" PRIu64 " %s\n%s\n",
                       WAY_LINE, MASTER_VERSION, way->stretch.passes, way->stretch.memory, salt,
                       way->id);
        status = file_put(path, text, sizeof text, err);
    } else {
        gen_error_set(err, status, "out of memory");
    }
    gen_free(salt);
    return status;
}

enum gen_status gen_master_file_replace(const char *from, const char *to, struct gen_error *err)
{
    char folder[1200];
    const char *slash = strrchr(to, '/');
    int fd;

    if (rename(from, to) != 0) {
        return gen_files_errno(err, errno, "cannot put the new master key in the place of", to);
    }
    (void)snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - to),
                   slash == NULL ? "." : to);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) { /* without it a power cut undoes the move: then both are there again */
        (void)fsync(fd);
        (void)close(fd);
    }
    return GEN_OK;
}
