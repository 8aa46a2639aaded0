/* signing_key.c - see signing_key.h. */
#include "service/signing_key.h"

#include "base/alloc.h"
#include "engine/signet.h"

struct wait { /* for the key; who asked may leave meanwhile */
    struct gen_claim *claim;
    void (*next)(struct gen_call *call);
};

static void wait_over(void *context, enum gen_status status, const struct gen_error *err,
                      const struct gen_secret_row *row)
{
    struct wait wait = *(struct wait *)context;
    struct gen_call *call = gen_claim_redeem(wait.claim);

    (void)row;
    gen_free(context);
    if (call != NULL && status != GEN_OK) {
        gen_call_fail(call, err);
    } else if (call != NULL) {
        wait.next(call);
    }
}

void gen_signing_key_then(struct gen_call *call, void (*next)(struct gen_call *call))
{
    struct gen_signet *signet = call->service->signet;
    struct wait *wait;
    struct gen_error err = {0};

    if (signet == NULL || gen_signet_ready(signet)) {
        next(call);
        return;
    }
    wait = gen_alloc(sizeof *wait);
    if (wait == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    *wait = (struct wait){gen_call_park(call), next};
    if (wait->claim == NULL) {
        gen_free(wait);
    } else if (gen_signet_prepare(signet, wait_over, wait, &err) != GEN_OK) {
        (void)gen_claim_redeem(wait->claim);
        gen_free(wait);
        gen_call_fail(call, &err);
    }
}
