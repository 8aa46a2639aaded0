/* signer.h - signs requests as their provider wants it: with the stored key, with a token that is made of
 * it, or with one that is fetched for it.
 *
 * The plugin names a credential, the policies say which stored secret stands behind its parts, and only
 * here the two meet. Whose secret of that name it is depends on the job's team and organization, so
 * there is a token for each secret, not for each provider. Tokens are kept until shortly before
 * they end; requests that need one at the same time share one exchange. A clock that is wrong is
 * found out by the Date of a refusal and allowed for from then on; our own clock is never set.
 *
 * Invariant: no secret and no token is in an error, a log line or memory that is not wiped, but for the
 * header of the request on its way.
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/signer_test.c
 */
#ifndef GEN_ENGINE_SIGNER_H
#define GEN_ENGINE_SIGNER_H

#include "host/credential.h"
#include "platform/clock.h"
#include "platform/http_client.h"
#include "platform/keyring.h"
#include "platform/log.h"

struct gen_signer;

struct gen_signer_options { /* borrowed for the signer's life */
    struct gen_http_client *http;
    const struct gen_clock *clock;
    struct gen_keyring *keyring;
    const struct gen_log *log; /* may be NULL */
    bool allow_private;        /* token servers may be anywhere, over plain http (tests) */
};

enum { GEN_SIGNER_PARTS = 2, GEN_SIGNER_NAME_SIZE = 64 };

/* The parts of a scheme: "key"; "access", "secret"; "account". NULL past the last one. */
const char *gen_signer_part(enum gen_signing signing, size_t index);

struct gen_signing_order { /* borrowed for the call */
    const char *provider;
    const struct gen_hosted_credential *credential;
    const char *secrets[GEN_SIGNER_PARTS]; /* names in the keyring, in the order of the parts */
    struct gen_keyring_owner owner;        /* whose secrets; all zero = the daemon's own */
    bool loopback_http;                    /* the token server may be on this machine */
};

/* GEN_OK: put this header on the request; both texts are valid during the call. GEN_ENOTFOUND,
 * GEN_EDENIED, GEN_EINVAL: the credential is missing or was not accepted, a person must look.
 * GEN_EBUSY: the token server could not be asked or had a problem; trying again may help.
 * GEN_ENOMEM, GEN_ECANCELED. */
typedef void gen_signer_done(void *context, enum gen_status status, const struct gen_error *err,
                             const char *name, const char *value);

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_signer_create(const struct gen_signer_options *options,
                                                 struct gen_signer **out, struct gen_error *err);
/* Who waits is told GEN_ECANCELED. NULL is allowed. */
void gen_signer_destroy(struct gen_signer *signer);

/* Always ends in one call of `done`, from inside where nothing is to be fetched. */
void gen_signer_sign(struct gen_signer *signer, const struct gen_signing_order *order,
                     gen_signer_done *done, void *context);

/* The provider has refused a request that was signed so (401). A token is forgotten, and the `date` of
 * the refusal (an HTTP date, NULL = none) corrects the clock that tokens are made with. True: signing
 * again gives another signature. */
bool gen_signer_refused(struct gen_signer *signer, const struct gen_signing_order *order,
                        const char *date);

/* Forgets all tokens; the keyring has forgotten its secrets. */
void gen_signer_forget(struct gen_signer *signer);
/* Forgets those that were made of this secret of the vault. */
void gen_signer_forget_label(struct gen_signer *signer, const char *label);

#endif
