/* signet.c - see signet.h. */
#include "engine/signet.h"

#include "base/alloc.h"
#include "engine/holdings.h"
#include "model/principal.h"

#include <stdio.h>
#include <string.h>

#define SIGNET_NAME "webhook-signing" /* of the key in the vault */
#define SIGNET_MARK "sealed:"         /* before what is sealed; what is not begins with whsec_ */

enum { SIGNET_ABOUT = 160, SIGNET_TEXT = 64 /* the key in base64, and more */ };

static const struct gen_secret_row *signet_row(const struct gen_signet *signet)
{
    return gen_lockbox_find(signet->lockbox, "", "", SIGNET_NAME);
}

bool gen_signet_ready(const struct gen_signet *signet)
{
    return signet_row(signet) != NULL;
}

enum gen_status gen_signet_prepare(struct gen_signet *signet, gen_lockbox_done *done, void *context,
                                   struct gen_error *err)
{
    struct gen_lockbox_order order = {.organization = "",
                                      .team = "",
                                      .name = SIGNET_NAME,
                                      .user = "gend",
                                      .account = GEN_LOCKBOX_FIRST};
    unsigned char *key = gen_crypto_hide(GEN_SEAL_KEY);
    char *text = NULL;
    enum gen_status status = GEN_ENOMEM;

    if (key != NULL) {
        gen_random_fill(signet->random, key, GEN_SEAL_KEY);
        status = gen_base64_encode(key, GEN_SEAL_KEY, &text);
    }
    if (status == GEN_OK) {
        order.text = text;
        order.size = strlen(text);
        status = gen_lockbox_set(signet->lockbox, &order, done, context, err);
        gen_crypto_wipe(text, strlen(text));
    } else {
        (void)gen_error_set(err, GEN_ENOMEM, "no memory for the key of webhooks");
    }
    gen_free(text);
    gen_crypto_unhide(key);
    return status;
}

/* The key, in hidden memory of the caller. */
static enum gen_status signet_key(const struct gen_signet *signet, unsigned char **out,
                                  struct gen_error *err)
{
    const struct gen_secret_row *row = signet_row(signet);
    struct gen_keyring_vault vault = gen_lockbox_vault(signet->lockbox);
    char label[GEN_KEYRING_LABEL_SIZE];
    char *text = row == NULL ? NULL : gen_crypto_hide(SIGNET_TEXT);
    void *key = NULL;
    size_t size = 0;
    enum gen_status status;

    if (row == NULL) {
        return gen_error_set(err, GEN_EBUSY, "the key of webhooks is just being made");
    }
    *out = gen_crypto_hide(GEN_SEAL_KEY);
    if (text == NULL || *out == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the key of webhooks");
    } else {
        gen_holdings_name(row, label);
        status = vault.read(vault.context, label, text, SIGNET_TEXT, &size, err);
    }
    if (status == GEN_OK) {
        status = gen_base64_decode(text, size, &key, &size);
        if (status == GEN_ENOMEM || (status == GEN_OK && size == GEN_SEAL_KEY)) {
            status = status == GEN_OK ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
        } else {
            status = gen_error_set(err, GEN_ECORRUPT, "the key of webhooks in the vault is none");
        }
    }
    if (status == GEN_OK) {
        memcpy(*out, key, GEN_SEAL_KEY);
    } else {
        gen_crypto_unhide(*out);
        *out = NULL;
    }
    if (key != NULL) {
        gen_crypto_wipe(key, size);
    }
    gen_free(key);
    gen_crypto_unhide(text);
    return status;
}

/* What a seal is bound to: this subscriber. */
static struct gen_seal_about signet_about(const char *subscriber, char *text)
{
    int size = snprintf(text, SIGNET_ABOUT, "genengine webhook 1\n%.120s", subscriber);

    return (struct gen_seal_about){text, (size_t)size};
}

enum gen_status gen_signet_keep(void *context, const char *subscriber, const char *secret,
                                struct gen_arena *arena, const char **out, struct gen_error *err)
{
    const struct gen_signet *signet = context;
    char about_text[SIGNET_ABOUT];
    const struct gen_seal_about about = signet_about(subscriber, about_text);
    size_t size = strlen(secret);
    unsigned char *key = NULL, *sealed = NULL;
    char *text = NULL;
    enum gen_status status = signet_key(signet, &key, err);

    if (status == GEN_OK) {
        sealed = gen_alloc(size + GEN_SEAL_EXTRA);
        status = sealed == NULL ? GEN_ENOMEM : GEN_OK;
        if (status == GEN_OK) {
            gen_crypto_seal(signet->random, key, &about, secret, size, sealed);
            status = gen_base64_encode(sealed, size + GEN_SEAL_EXTRA, &text);
        }
        *out = status == GEN_OK ? gen_arena_printf(arena, SIGNET_MARK "%s", text) : NULL;
        status = *out != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_free(text);
    gen_free(sealed);
    gen_crypto_unhide(key);
    return status;
}

static enum gen_status signet_unseal(const unsigned char *key, const struct gen_seal_about *about,
                                     const char *kept, char *out, size_t room,
                                     struct gen_error *err)
{
    void *sealed = NULL;
    size_t size = 0;
    enum gen_status status = gen_base64_decode(kept, strlen(kept), &sealed, &size);

    if (status == GEN_ENOMEM) {
        (void)gen_error_set(err, GEN_ENOMEM, "out of memory");
    } else if (status == GEN_OK && size >= GEN_SEAL_EXTRA && size - GEN_SEAL_EXTRA >= room) {
        status = gen_error_set(err, GEN_ETOOLARGE, "the signing secret is too long");
    } else if (status != GEN_OK || size < GEN_SEAL_EXTRA ||
               !gen_crypto_unseal(key, about, sealed, size, out)) {
        status = gen_error_set(err, GEN_ECORRUPT,
                               "the signing secret is damaged, or was moved here from another "
                               "webhook; rotate it (gen webhook rotate)");
    } else {
        out[size - GEN_SEAL_EXTRA] = '\0';
    }
    gen_free(sealed);
    return status;
}

enum gen_status gen_signet_open(void *context, const char *subscriber, const char *kept, char *out,
                                size_t room, struct gen_error *err)
{
    const struct gen_signet *signet = context;
    char about_text[SIGNET_ABOUT];
    const struct gen_seal_about about = signet_about(subscriber, about_text);
    unsigned char *key = NULL;
    enum gen_status status;

    out[0] = '\0';
    if (strncmp(kept, SIGNET_MARK, strlen(SIGNET_MARK)) != 0) {
        if (strlen(kept) >= room) {
            return gen_error_set(err, GEN_ETOOLARGE, "the signing secret is too long");
        }
        (void)snprintf(out, room, "%s", kept);
        return GEN_OK;
    }
    status = signet_key(signet, &key, err);
    if (status == GEN_OK) {
        status = signet_unseal(key, &about, kept + strlen(SIGNET_MARK), out, room, err);
    }
    gen_crypto_unhide(key);
    return status;
}
