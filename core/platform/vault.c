/* vault.c - see vault.h. */
#include "platform/vault.h"

#include "base/alloc.h"
#include "base/bytes.h"

#include <inttypes.h>
#include <string.h>

enum { VAULT_ABOUT_MOST = 4096, VAULT_VERSION = 1 };

/* What a seal is bound to. Each text comes after its length, so that no two labels give the same bytes. */
static enum gen_status vault_about(struct gen_bytes *out, const char *what,
                                   const struct gen_vault_label *label, const char *master)
{
    const char *const texts[] = {label->organization, label->team, label->name, master};

    gen_bytes_init(out, VAULT_ABOUT_MOST);
    gen_bytes_printf(out, "genengine %s %d\n%" PRId64 "\n", what, VAULT_VERSION, label->version);
    for (size_t i = 0; i < GEN_COUNT(texts); i++) {
        gen_bytes_printf(out, "%zu:%s\n", strlen(texts[i]), texts[i]);
    }
    return gen_bytes_status(out);
}

static enum gen_status vault_put(const struct gen_random *random, const unsigned char *key,
                                 const struct gen_bytes *about, const void *data, size_t size,
                                 struct gen_arena *arena, const char **out)
{
    const struct gen_seal_about bound = {about->data, about->size};
    unsigned char *sealed = gen_alloc(size + GEN_SEAL_EXTRA);
    char *text = NULL;
    enum gen_status status = GEN_ENOMEM;

    if (sealed != NULL) {
        gen_crypto_seal(random, key, &bound, data, size, sealed);
        status = gen_base64_encode(sealed, size + GEN_SEAL_EXTRA, &text);
    }
    if (status == GEN_OK) {
        *out = gen_arena_strdup(arena, text);
        status = *out != NULL ? GEN_OK : GEN_ENOMEM;
    }
    gen_free(text);
    gen_free(sealed);
    return status;
}

/* GEN_EINVAL: it does not open. */
static enum gen_status vault_take(const unsigned char *key, const struct gen_bytes *about,
                                  const char *text, void *out, size_t room, size_t *size)
{
    const struct gen_seal_about bound = {about->data, about->size};
    void *sealed = NULL;
    size_t sealed_size = 0;
    enum gen_status status = gen_base64_decode(text, strlen(text), &sealed, &sealed_size);

    if (status == GEN_OK && (sealed_size < GEN_SEAL_EXTRA)) {
        status = GEN_EINVAL;
    }
    if (status == GEN_OK) {
        *size = sealed_size - GEN_SEAL_EXTRA;
        status = *size > room                                               ? GEN_ETOOLARGE
                 : gen_crypto_unseal(key, &bound, sealed, sealed_size, out) ? GEN_OK
                                                                            : GEN_EINVAL;
    }
    gen_free(sealed);
    return status;
}

static enum gen_status vault_fail(enum gen_status status, const struct gen_vault_label *label,
                                  struct gen_error *err)
{
    switch (status) {
    case GEN_OK:
        return GEN_OK;
    case GEN_ENOMEM:
    case GEN_ELIMIT:
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    case GEN_ETOOLARGE:
        return gen_error_set(err, GEN_ETOOLARGE, "the secret \"%s\" is too large", label->name);
    default:
        return gen_error_set(err, GEN_ECORRUPT,
                             "the stored secret \"%s\" is damaged, or was moved here from another "
                             "name, team or version; set it anew",
                             label->name);
    }
}

static enum gen_status vault_lacks(const struct gen_vault_label *label, const char *id,
                                   struct gen_error *err)
{
    return gen_error_set(err, GEN_EDENIED,
                         "the secret \"%s\" is under the master key %.16s, which is not here; put "
                         "that key back, or remove the secret and set it anew",
                         label->name, id);
}

/* The key of the box, which opens its text. */
static enum gen_status vault_unwrap(const struct gen_master_key *master,
                                    const struct gen_vault_label *label,
                                    const struct gen_vault_box *box, unsigned char *out)
{
    struct gen_bytes about;
    size_t size = 0;
    enum gen_status status = vault_about(&about, "key", label, box->master);

    if (status == GEN_OK) {
        status = vault_take(master->key, &about, box->key, out, GEN_SEAL_KEY, &size);
        status = status == GEN_OK && size != GEN_SEAL_KEY ? GEN_EINVAL : status;
        status = status == GEN_ETOOLARGE ? GEN_EINVAL : status;
    }
    gen_bytes_fini(&about);
    return status;
}

static enum gen_status vault_rewrap(const struct gen_master_key *master,
                                    const struct gen_random *random,
                                    const struct gen_vault_label *label, const unsigned char *key,
                                    struct gen_arena *arena, struct gen_vault_box *out)
{
    struct gen_bytes about;
    enum gen_status status = vault_about(&about, "key", label, master->id);

    if (status == GEN_OK) {
        status = vault_put(random, master->key, &about, key, GEN_SEAL_KEY, arena, &out->key);
    }
    if (status == GEN_OK) {
        out->master = gen_arena_strdup(arena, master->id);
        status = out->master != NULL ? GEN_OK : GEN_ENOMEM;
    }
    gen_bytes_fini(&about);
    return status;
}

enum gen_status gen_vault_seal(const struct gen_master_key *master, const struct gen_random *random,
                               const struct gen_vault_label *label, const char *text, size_t size,
                               struct gen_arena *arena, struct gen_vault_box *out,
                               struct gen_error *err)
{
    unsigned char *key = gen_crypto_hide(GEN_SEAL_KEY);
    struct gen_bytes about;
    enum gen_status status = vault_about(&about, "text", label, "");

    if (key == NULL) {
        status = GEN_ENOMEM;
    }
    if (status == GEN_OK) {
        gen_random_fill(random, key, GEN_SEAL_KEY);
        status = vault_put(random, key, &about, text, size, arena, &out->text);
    }
    if (status == GEN_OK) {
        status = vault_rewrap(master, random, label, key, arena, out);
    }
    gen_bytes_fini(&about);
    gen_crypto_unhide(key);
    return vault_fail(status, label, err);
}

enum gen_status gen_vault_open(const struct gen_master_key *master,
                               const struct gen_vault_label *label, const struct gen_vault_box *box,
                               char *out, size_t room, size_t *size, struct gen_error *err)
{
    unsigned char *key;
    struct gen_bytes about;
    enum gen_status status;

    if (master == NULL) {
        return vault_lacks(label, box->master, err);
    }
    key = gen_crypto_hide(GEN_SEAL_KEY);
    status = vault_about(&about, "text", label, "");
    if (key == NULL) {
        status = GEN_ENOMEM;
    }
    if (status == GEN_OK) {
        status = vault_unwrap(master, label, box, key);
    }
    if (status == GEN_OK) {
        status = vault_take(key, &about, box->text, out, room, size);
    }
    gen_bytes_fini(&about);
    gen_crypto_unhide(key);
    return vault_fail(status, label, err);
}

enum gen_status gen_vault_wrap(const struct gen_master_key *from, const struct gen_master_key *to,
                               const struct gen_random *random, const struct gen_vault_label *label,
                               const struct gen_vault_box *box, struct gen_arena *arena,
                               struct gen_vault_box *out, struct gen_error *err)
{
    unsigned char *key;
    enum gen_status status;

    if (from == NULL) {
        return vault_lacks(label, box->master, err);
    }
    key = gen_crypto_hide(GEN_SEAL_KEY);
    status = key == NULL ? GEN_ENOMEM : vault_unwrap(from, label, box, key);
    if (status == GEN_OK) {
        status = vault_rewrap(to, random, label, key, arena, out);
    }
    if (status == GEN_OK) {
        out->text = gen_arena_strdup(arena, box->text);
        status = out->text != NULL ? GEN_OK : GEN_ENOMEM;
    }
    gen_crypto_unhide(key);
    return vault_fail(status, label, err);
}
