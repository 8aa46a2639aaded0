/* master_key.c - see master_key.h. Its two files: master.key holds a key, master.kdf how a
 * passphrase becomes one. Both are a line of version, lines of content, and a line with the first
 * 16 digits of the BLAKE2b of all before it. */
#include "platform/master_key.h"

#include "base/alloc.h"
#include "platform/master_file.h"
#include "platform/master_givers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MASTER_PATH = 1200, MASTER_PASSES = 3 };

#define MASTER_MEMORY ((uint64_t)64 << 20)

struct gen_master_ring {
    struct gen_master_options options;
    enum gen_master_source source;
    struct gen_master_key *keys[GEN_MASTER_KEYS_MOST]; /* keys[0] is in use; NULL = none */
    size_t count;
    bool none;    /* keys[0] is not in use: there are only older ones */
    bool pending; /* keys[0] is that of the file NAME.next */
    char file[MASTER_PATH], kdf[MASTER_PATH], file_next[MASTER_PATH], kdf_next[MASTER_PATH];
    char *passphrase; /* hidden, only while opening; NULL = none was given */
    struct gen_error trouble;
};

const struct gen_choice gen_master_choices[] = {
    {"auto", GEN_MASTER_AUTOMATIC, "the first of the others that is there"},
    {"file", GEN_MASTER_FILE, "master.key in the state folder"},
    {"environment", GEN_MASTER_ENVIRONMENT, "GEN_MASTER_KEY, 32 bytes as base64"},
    {"systemd", GEN_MASTER_SYSTEMD, "the credential genengine-master-key of the service manager"},
    {"passphrase", GEN_MASTER_PASSPHRASE, "a passphrase that is given at each start"},
    {NULL, 0, NULL},
};

/* ------------------------------------------------------------------------------------ the ring -- */

static struct gen_master_key *key_make(const unsigned char bytes[GEN_SEAL_KEY])
{
    static const char label[] = "genengine master key id";
    struct gen_master_key *key = gen_crypto_hide(sizeof *key);
    struct gen_digest digest;
    char text[GEN_DIGEST_TEXT_SIZE];

    if (key != NULL) {
        memcpy(key->key, bytes, GEN_SEAL_KEY);
        gen_digest_init(&digest);
        gen_digest_add(&digest, label, sizeof label);
        gen_digest_add(&digest, bytes, GEN_SEAL_KEY);
        gen_digest_text(&digest, text);
        gen_crypto_wipe(&digest, sizeof digest);
        memcpy(key->id, text, GEN_MASTER_ID_SIZE - 1);
    }
    return key;
}

/* Takes the bytes as the key in use (`first`) or as an older one. The same key twice is one. */
static enum gen_status ring_add(struct gen_master_ring *ring, const unsigned char *bytes,
                                bool first, struct gen_error *err)
{
    struct gen_master_key *key = key_make(bytes);

    if (key == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (gen_master_of(ring, key->id) != NULL || ring->count == GEN_MASTER_KEYS_MOST) {
        gen_crypto_unhide(key);
        return GEN_OK;
    }
    if (first) {
        memmove(&ring->keys[1], &ring->keys[0], ring->count * sizeof ring->keys[0]);
        ring->keys[0] = key;
        ring->none = false;
    } else {
        ring->keys[ring->count] = key;
    }
    ring->count++;
    return GEN_OK;
}

static void ring_drop(struct gen_master_ring *ring, size_t index)
{
    gen_crypto_unhide(ring->keys[index]);
    ring->count--;
    memmove(&ring->keys[index], &ring->keys[index + 1],
            (ring->count - index) * sizeof ring->keys[0]);
}

const struct gen_master_key *gen_master_current(const struct gen_master_ring *ring)
{
    return ring->count > 0 && !ring->none ? ring->keys[0] : NULL;
}

const struct gen_master_key *gen_master_of(const struct gen_master_ring *ring, const char *id)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (strcmp(ring->keys[i]->id, id) == 0) {
            return ring->keys[i];
        }
    }
    return NULL;
}

enum gen_master_source gen_master_source_of(const struct gen_master_ring *ring)
{
    return ring->source;
}

const char *gen_master_place(const struct gen_master_ring *ring)
{
    static const struct gen_choice places[] = {
        {"the environment (GEN_MASTER_KEY)", GEN_MASTER_ENVIRONMENT, NULL},
        {"the service manager (genengine-master-key)", GEN_MASTER_SYSTEMD, NULL},
        {"a passphrase", GEN_MASTER_PASSPHRASE, NULL},
        {NULL, 0, NULL},
    };
    const char *place = gen_choice_word(places, (int)ring->source);

    return place != NULL ? place : ring->file;
}

bool gen_master_pending(const struct gen_master_ring *ring)
{
    return ring->pending;
}

/* ------------------------------------------------------------------------------ the environment -- */

/* GEN_ENOTFOUND: there is no such variable. */
static enum gen_status ring_from_variable(struct gen_master_ring *ring, const char *name,
                                          bool first, struct gen_error *err)
{
    const char *value = gen_master_givers_variable(ring->options.environment, name);
    unsigned char bytes[GEN_SEAL_KEY];
    enum gen_status status = GEN_ENOTFOUND;

    if (value != NULL) {
        status = gen_master_file_base64(value, strlen(value), bytes, sizeof bytes);
        if (status == GEN_EINVAL) {
            gen_error_set(err, status,
                          "%s is no master key: it must be 32 random bytes as base64, such as "
                          "\"openssl rand -base64 32\" prints",
                          name);
        } else if (status == GEN_OK) {
            status = ring_add(ring, bytes, first, err);
        }
        gen_crypto_wipe(bytes, sizeof bytes);
        gen_master_givers_wipe(value);
    }
    return status;
}

static enum gen_status ring_from_systemd(struct gen_master_ring *ring, const char *name, bool first,
                                         struct gen_error *err)
{
    char path[MASTER_PATH];
    unsigned char bytes[GEN_SEAL_KEY];
    enum gen_status status;

    if (!gen_master_givers_handed(ring->options.environment, name, path, sizeof path)) {
        return GEN_ENOTFOUND;
    }
    status = gen_master_file_plain(path, bytes, err);
    if (status == GEN_OK) {
        status = ring_add(ring, bytes, first, err);
    }
    gen_crypto_wipe(bytes, sizeof bytes);
    return status;
}

/* -------------------------------------------------------------------------------- the passphrase -- */

/* A file that was just made and did not come to use: nothing is under its key, and it would stand
 * in the way of the next try. What was there before (GEN_ECONFLICT) is left alone. */
static enum gen_status ring_unmake(const char *path, enum gen_status status)
{
    if (status != GEN_OK && status != GEN_ECONFLICT) {
        (void)unlink(path);
    }
    return status;
}

/* A new way from this passphrase to a key, written to `path`; the key is then in use. */
static enum gen_status ring_stretch_new(struct gen_master_ring *ring, const char *passphrase,
                                        const char *path, struct gen_error *err)
{
    const struct gen_master_options *options = &ring->options;
    struct gen_master_way way = {
        .stretch = {.passes = options->passes > 0 ? options->passes : MASTER_PASSES,
                    .memory = options->memory > 0 ? options->memory : MASTER_MEMORY}};
    unsigned char bytes[GEN_SEAL_KEY];
    struct gen_master_key *key = NULL;
    enum gen_status status;

    if (passphrase == NULL || strlen(passphrase) < GEN_MASTER_PASSPHRASE_LEAST) {
        return gen_error_set(err, GEN_EINVAL,
                             "a passphrase of at least %d characters is needed; several random "
                             "words are a good one",
                             GEN_MASTER_PASSPHRASE_LEAST);
    }
    gen_random_fill(options->random, way.stretch.salt, sizeof way.stretch.salt);
    status = gen_crypto_stretch(&way.stretch, passphrase, strlen(passphrase), bytes, err);
    if (status == GEN_OK) {
        key = key_make(bytes);
        status = key != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        memcpy(way.id, key->id, sizeof way.id);
        status = gen_master_file_put_way(path, &way, err);
        if (status == GEN_OK) {
            status = ring_add(ring, bytes, true, err);
        }
        status = ring_unmake(path, status);
    }
    gen_crypto_unhide(key);
    gen_crypto_wipe(bytes, sizeof bytes);
    return status;
}

/* GEN_ENOTFOUND: no such file. GEN_EDENIED: it is another passphrase's. Not added to the ring. */
static enum gen_status ring_stretch(struct gen_master_ring *ring, const char *path,
                                    unsigned char bytes[GEN_SEAL_KEY], char *id,
                                    struct gen_error *err)
{
    struct gen_master_way way;
    struct gen_master_key *key;
    enum gen_status status = gen_master_file_get_way(path, &way, err);

    if (status != GEN_OK) {
        return status;
    }
    memcpy(id, way.id, sizeof way.id);
    if (ring->passphrase == NULL) {
        return gen_error_set(err, GEN_EDENIED,
                             "the master key is made of a passphrase, and none was given: set "
                             "GEN_MASTER_PASSPHRASE, or use --passphrase-file");
    }
    status = gen_crypto_stretch(&way.stretch, ring->passphrase, strlen(ring->passphrase), bytes,
                                err);
    if (status != GEN_OK) {
        return status;
    }
    key = key_make(bytes);
    if (key == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (strcmp(key->id, way.id) != 0) {
        status = gen_error_set(err, GEN_EDENIED,
                               "the passphrase is wrong: it does not give the "
                               "master key that %s is for",
                               path);
    }
    gen_crypto_unhide(key);
    return status;
}

static bool in_use_has(const char *const *in_use, const char *id)
{
    for (; in_use != NULL && *in_use != NULL; in_use++) {
        if (strcmp(*in_use, id) == 0) {
            return true;
        }
    }
    return false;
}

/* A change of passphrase that a crash has interrupted left two ways. The rows, which change all at
 * once, say how far it had come. */
static enum gen_status ring_from_passphrase(struct gen_master_ring *ring, const char *const *in_use,
                                            struct gen_error *err)
{
    unsigned char bytes[GEN_SEAL_KEY];
    char id[GEN_MASTER_ID_SIZE] = "", next_id[GEN_MASTER_ID_SIZE] = "";
    struct gen_error next_err = {0};
    enum gen_status status = ring_stretch(ring, ring->kdf_next, bytes, next_id, &next_err);

    if (status == GEN_OK || in_use_has(in_use, next_id)) {
        ring->pending = status == GEN_OK;
        *err = next_err;
    } else {
        status = ring_stretch(ring, ring->kdf, bytes, id, err);
        if (status == GEN_OK) {
            (void)unlink(ring->kdf_next);
        }
    }
    if (status == GEN_OK) {
        status = ring_add(ring, bytes, true, err);
    } else if (status == GEN_ENOTFOUND && ring->passphrase != NULL) {
        status = gen_error_set(err, GEN_ENOTFOUND, "no master key has been made yet");
    }
    gen_crypto_wipe(bytes, sizeof bytes);
    return status;
}

/* ------------------------------------------------------------------------------------- the file -- */

static enum gen_status ring_from_file(struct gen_master_ring *ring, const char *path, bool first,
                                      struct gen_error *err)
{
    unsigned char bytes[GEN_SEAL_KEY];
    enum gen_status status = gen_master_file_get_key(path, bytes, err);

    if (status == GEN_OK) {
        status = ring_add(ring, bytes, first, err);
    }
    gen_crypto_wipe(bytes, sizeof bytes);
    return status;
}

static enum gen_status ring_from_files(struct gen_master_ring *ring, struct gen_error *err)
{
    enum gen_status status = ring_from_file(ring, ring->file, true, err);

    if (status == GEN_OK && access(ring->file_next, F_OK) == 0) {
        status = ring_from_file(ring, ring->file_next, true, err);
        ring->pending = status == GEN_OK;
    }
    return status;
}

static enum gen_status ring_file_new(struct gen_master_ring *ring, const char *path,
                                     struct gen_error *err)
{
    unsigned char bytes[GEN_SEAL_KEY];
    enum gen_status status;

    gen_random_fill(ring->options.random, bytes, sizeof bytes);
    status = gen_master_file_put_key(path, bytes, err);
    if (status == GEN_OK) {
        status = ring_add(ring, bytes, true, err);
    }
    gen_crypto_wipe(bytes, sizeof bytes);
    return ring_unmake(path, status);
}

/* ------------------------------------------------------------------------------ opening, closing -- */

static enum gen_master_source ring_choose(const struct gen_master_ring *ring)
{
    char path[MASTER_PATH];

    if (ring->options.source != GEN_MASTER_AUTOMATIC) {
        return ring->options.source;
    }
    if (gen_master_givers_handed(ring->options.environment, "genengine-master-key", path,
                                 sizeof path) &&
        access(path, F_OK) == 0) {
        return GEN_MASTER_SYSTEMD;
    }
    if (gen_master_givers_variable(ring->options.environment, "GEN_MASTER_KEY") != NULL) {
        return GEN_MASTER_ENVIRONMENT;
    }
    return ring->passphrase != NULL || access(ring->kdf, F_OK) == 0 ? GEN_MASTER_PASSPHRASE
                                                                    : GEN_MASTER_FILE;
}

static enum gen_status ring_read(struct gen_master_ring *ring, const char *const *in_use,
                                 struct gen_error *err)
{
    enum gen_status status;

    switch (ring->source) {
    case GEN_MASTER_SYSTEMD:
        status = ring_from_systemd(ring, "genengine-master-key", true, err);
        return status != GEN_ENOTFOUND
                   ? status
                   : gen_error_set(err, GEN_EDENIED,
                                   "the service manager hands over no genengine-master-key "
                                   "(LoadCredential=, SetCredentialEncrypted=)");
    case GEN_MASTER_ENVIRONMENT:
        status = ring_from_variable(ring, "GEN_MASTER_KEY", true, err);
        return status != GEN_ENOTFOUND
                   ? status
                   : gen_error_set(err, GEN_EDENIED, "GEN_MASTER_KEY is not set");
    case GEN_MASTER_PASSPHRASE:
        return ring_from_passphrase(ring, in_use, err);
    default: /* the file */
        status = ring_from_files(ring, err);
        return status != GEN_ENOTFOUND
                   ? status
                   : gen_error_set(err, GEN_ENOTFOUND, "there is no master key in %s", ring->file);
    }
}

/* What secrets from before the source was changed may be under. Whatever is wrong with these counts
 * only when a secret needs one of them. */
static void ring_read_older(struct gen_master_ring *ring)
{
    struct gen_error why = {0};

    (void)ring_from_variable(ring, "GEN_MASTER_KEY_OLD", false, &why);
    (void)ring_from_systemd(ring, "genengine-master-key-old", false, &why);
    if (ring->source != GEN_MASTER_FILE) {
        (void)ring_from_file(ring, ring->file, false, &why);
    }
}

enum gen_status gen_master_open(const struct gen_master_options *options, const char *const *in_use,
                                struct gen_master_ring **out, struct gen_error *err)
{
    struct gen_master_ring *ring = gen_alloc(sizeof *ring);
    enum gen_status status;

    if (ring == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    ring->options = *options;
    ring->none = true;
    GEN_CHECK(strlen(options->state) < sizeof ring->file - 32);
    (void)snprintf(ring->file, sizeof ring->file, "%s/master.key", options->state);
    (void)snprintf(ring->kdf, sizeof ring->kdf, "%s/master.kdf", options->state);
    (void)snprintf(ring->file_next, sizeof ring->file_next, "%s/master.key.next", options->state);
    (void)snprintf(ring->kdf_next, sizeof ring->kdf_next, "%s/master.kdf.next", options->state);
    status = gen_master_givers_passphrase(options->environment, options->passphrase_fd,
                                          &ring->passphrase, &ring->trouble);
    ring->source = ring_choose(ring);
    if (status == GEN_OK || status == GEN_ENOTFOUND) {
        status = ring_read(ring, in_use, &ring->trouble);
    }
    ring_read_older(ring);
    gen_master_givers_wipe(gen_master_givers_variable(ring->options.environment, "GEN_MASTER_KEY"));
    if (status == GEN_ENOTFOUND && ring->source == GEN_MASTER_PASSPHRASE &&
        ring->passphrase != NULL) {
        status = gen_master_need(ring, in_use, &ring->trouble); /* it is not kept for later */
    }
    gen_crypto_unhide(ring->passphrase);
    ring->passphrase = NULL;
    ring->trouble.status = status;
    if (status == GEN_ENOMEM) {
        gen_master_close(ring);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = ring;
    return GEN_OK;
}

void gen_master_close(struct gen_master_ring *ring)
{
    if (ring != NULL) {
        for (size_t i = 0; i < ring->count; i++) {
            gen_crypto_unhide(ring->keys[i]);
        }
        gen_crypto_unhide(ring->passphrase);
        gen_free(ring);
    }
}

enum gen_status gen_master_trouble(const struct gen_master_ring *ring, struct gen_error *err)
{
    if (ring->trouble.status != GEN_OK && err != NULL) {
        *err = ring->trouble;
    }
    return ring->trouble.status;
}

/* A key that opens none of the secrets there are is another machine's, or was put here by mistake:
 * what is sealed under it would be lost when the right one comes back. */
static enum gen_status ring_fits(const struct gen_master_ring *ring, const char *const *in_use,
                                 struct gen_error *err)
{
    const char *first = in_use != NULL ? *in_use : NULL;

    for (; in_use != NULL && *in_use != NULL; in_use++) {
        if (gen_master_of(ring, *in_use) != NULL) {
            return GEN_OK;
        }
    }
    return first == NULL
               ? GEN_OK
               : gen_error_set(err, GEN_EDENIED,
                               "the master key from %s opens none of the stored secrets, which are "
                               "under the master key %s: put that one back, or remove the secrets "
                               "that are lost first (gen secret remove)",
                               gen_master_place(ring), first);
}

enum gen_status gen_master_need(struct gen_master_ring *ring, const char *const *in_use,
                                struct gen_error *err)
{
    struct gen_error why = {0};
    enum gen_status status = GEN_OK;

    if (gen_master_current(ring) != NULL) {
        return ring_fits(ring, in_use, err);
    }
    if (ring->trouble.status != GEN_ENOTFOUND && ring->trouble.status != GEN_OK) {
        return gen_master_trouble(ring, err);
    }
    for (; in_use != NULL && *in_use != NULL; in_use++) {
        if (gen_master_of(ring, *in_use) == NULL) {
            return gen_error_set(err, GEN_EDENIED,
                                 "%s is missing: stored secrets can be read with the master key "
                                 "%s only; put it back, no other one is made in its place",
                                 ring->source == GEN_MASTER_PASSPHRASE ? ring->kdf : ring->file,
                                 *in_use);
        }
    }
    if (ring->source == GEN_MASTER_PASSPHRASE) {
        status = ring_stretch_new(ring, ring->passphrase, ring->kdf, &why);
    } else {
        status = ring_file_new(ring, ring->file, &why);
    }
    if (status == GEN_OK) {
        ring->trouble = (struct gen_error){0};
    } else if (err != NULL) {
        *err = why;
    }
    return status;
}

/* -------------------------------------------------------------------------------------- rotation -- */

enum gen_status gen_master_begin(struct gen_master_ring *ring, const char *passphrase,
                                 struct gen_error *err)
{
    enum gen_status status;

    if (gen_master_current(ring) == NULL) {
        return gen_master_trouble(ring, err);
    }
    if (ring->pending || ring->count == GEN_MASTER_KEYS_MOST) {
        return gen_error_set(err, GEN_ECONFLICT,
                             "a change of the master key is not finished; restart gend first");
    }
    if (ring->source == GEN_MASTER_SYSTEMD || ring->source == GEN_MASTER_ENVIRONMENT) {
        bool systemd = ring->source == GEN_MASTER_SYSTEMD;

        return gen_error_set(
            err, GEN_ECONFLICT,
            "the master key comes from %s, so it is changed there: start gend with "
            "the new one as %s and the old one as %s; all secrets are wrapped "
            "again at that start",
            systemd ? "the service manager" : "the environment",
            systemd ? "genengine-master-key" : "GEN_MASTER_KEY",
            systemd ? "genengine-master-key-old" : "GEN_MASTER_KEY_OLD");
    }
    if (ring->source == GEN_MASTER_FILE && passphrase != NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "the master key is a file, so a new one needs no passphrase");
    }
    status = ring->source == GEN_MASTER_PASSPHRASE
                 ? ring_stretch_new(ring, passphrase, ring->kdf_next, err)
                 : ring_file_new(ring, ring->file_next, err);
    ring->pending = status == GEN_OK;
    return status;
}

enum gen_status gen_master_end(struct gen_master_ring *ring, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    if (ring->pending) {
        status = ring->source == GEN_MASTER_PASSPHRASE
                     ? gen_master_file_replace(ring->kdf_next, ring->kdf, err)
                     : gen_master_file_replace(ring->file_next, ring->file, err);
        ring->pending = status != GEN_OK;
    }
    while (status == GEN_OK && ring->count > 1) {
        ring_drop(ring, ring->count - 1);
    }
    return status;
}

void gen_master_undo(struct gen_master_ring *ring)
{
    if (ring->pending && ring->count > 1) {
        (void)unlink(ring->source == GEN_MASTER_PASSPHRASE ? ring->kdf_next : ring->file_next);
        ring_drop(ring, 0);
        ring->pending = false;
    }
}
