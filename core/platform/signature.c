/* signature.c - see signature.h; the only file that includes GnuTLS. */
#include "platform/signature.h"

#include "base/alloc.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

enum { SIGNATURE_LEAST_BITS = 2048 };

static enum gen_status signature_failed(struct gen_error *err, int code, const char *what)
{
    return code == GNUTLS_E_MEMORY_ERROR
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : gen_error_set(err, GEN_EINVAL, "%s: %s", what, gnutls_strerror(code));
}

static enum gen_status signature_key(gnutls_privkey_t key, const char *pem, size_t size,
                                     struct gen_error *err)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)pem, (unsigned)size}; /* it only reads */
    unsigned bits = 0;
    int code = size > UINT16_MAX
                   ? GNUTLS_E_ASN1_DER_ERROR
                   : gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);

    if (code < 0) {
        return signature_failed(err, code, "the private key cannot be read");
    }
    if (gnutls_privkey_get_pk_algorithm(key, &bits) != GNUTLS_PK_RSA) {
        return gen_error_set(err, GEN_EINVAL, "the private key is no RSA key");
    }
    if (bits < SIGNATURE_LEAST_BITS) {
        return gen_error_set(err, GEN_EINVAL, "the private key has %u bits, at least %d are needed",
                             bits, SIGNATURE_LEAST_BITS);
    }
    return GEN_OK;
}

enum gen_status gen_signature_rs256(const char *pem, size_t pem_size, const void *data, size_t size,
                                    unsigned char **out, size_t *out_size, struct gen_error *err)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)data, (unsigned)size}; /* it only reads */
    gnutls_datum_t signature = {NULL, 0};
    gnutls_privkey_t key = NULL;
    enum gen_status status;
    int code = gnutls_privkey_init(&key);

    if (code < 0) {
        return signature_failed(err, code, "no private key");
    }
    status = signature_key(key, pem, pem_size, err);
    if (status != GEN_OK) {
        goto done;
    }
    code = gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, &text, &signature);
    if (code < 0) {
        status = signature_failed(err, code, "signing failed");
        goto done;
    }
    *out = gen_alloc(signature.size);
    if (*out == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    memcpy(*out, signature.data, signature.size);
    *out_size = signature.size;
done:
    gnutls_free(signature.data);
    gnutls_privkey_deinit(key);
    return status;
}
