/* rsa.c - see rsa.h. */
#include "simulator/rsa.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <string.h>

enum { RSA_BITS = 2048 };

/* Copies what GnuTLS allocated, as text or as hexadecimal digits, and frees it. */
static const char *rsa_taken(struct gen_arena *arena, gnutls_datum_t *datum, bool hex)
{
    char *out = hex ? gen_arena_alloc(arena, 2 * (size_t)datum->size + 1)
                    : gen_arena_strndup(arena, (const char *)datum->data, datum->size);

    for (size_t i = 0; hex && out != NULL && i < datum->size; i++) {
        static const char digits[] = "0123456789abcdef";

        out[2 * i] = digits[datum->data[i] >> 4];
        out[2 * i + 1] = digits[datum->data[i] & 15];
    }
    gnutls_free(datum->data);
    return out;
}

const char *sim_rsa_make(struct gen_arena *arena)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t pem = {NULL, 0};
    const char *out = NULL;

    if (gnutls_x509_privkey_init(&key) < 0) {
        return NULL;
    }
    if (gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, RSA_BITS, 0) >= 0 &&
        gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                          &pem) >= 0) {
        out = rsa_taken(arena, &pem, false);
    }
    gnutls_x509_privkey_deinit(key);
    return out;
}

const char *sim_rsa_public(struct gen_arena *arena, const char *pem)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem)};
    gnutls_datum_t der = {NULL, 0};
    gnutls_privkey_t key = NULL;
    gnutls_pubkey_t public = NULL;
    const char *out = NULL;

    if (gnutls_privkey_init(&key) < 0 || gnutls_pubkey_init(&public) < 0) {
        goto done;
    }
    if (gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0 &&
        gnutls_privkey_get_pk_algorithm(key, NULL) == GNUTLS_PK_RSA &&
        gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0 &&
        gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der) >= 0) {
        out = rsa_taken(arena, &der, true);
    }
done:
    gnutls_privkey_deinit(key);
    gnutls_pubkey_deinit(public);
    return out;
}

bool sim_rsa_signed(const char *key, const void *data, size_t size, const void *signature,
                    size_t signature_size)
{
    gnutls_datum_t hex = {(unsigned char *)(uintptr_t)key, (unsigned)strlen(key)};
    gnutls_datum_t signed_data = {(unsigned char *)(uintptr_t)data, (unsigned)size};
    gnutls_datum_t mark = {(unsigned char *)(uintptr_t)signature, (unsigned)signature_size};
    gnutls_datum_t der = {NULL, 0};
    gnutls_pubkey_t public = NULL;
    bool good = false;

    if (gnutls_hex_decode2(&hex, &der) >= 0 && gnutls_pubkey_init(&public) >= 0 &&
        gnutls_pubkey_import(public, &der, GNUTLS_X509_FMT_DER) >= 0) {
        good = gnutls_pubkey_verify_data2(public, GNUTLS_SIGN_RSA_SHA256, 0, &signed_data, &mark) >=
               0;
    }
    gnutls_pubkey_deinit(public);
    gnutls_free(der.data);
    return good;
}
