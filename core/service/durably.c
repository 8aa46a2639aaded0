/* durably.c - see durably.h. */
#include "service/durably.h"

#include "base/alloc.h"
#include "engine/engine.h"
#include "service/event_stream.h"

struct durably_order { /* a reply that waits for the store */
    struct gen_claim *claim;
    const struct gen_service *service;
    void (*reply)(struct gen_call *call);
};

static void durably_written(void *context, enum gen_status status, const struct gen_error *err,
                            int64_t last_event)
{
    struct durably_order order = *(struct durably_order *)context;
    struct gen_call *call = gen_claim_redeem(order.claim);

    gen_free(context);
    if (status == GEN_OK) {
        gen_event_stream_events(order.service->stream, last_event);
    }
    if (call == NULL) {
        return; /* who asked has gone */
    }
    if (status != GEN_OK) {
        gen_call_fail(call, err);
    } else {
        order.reply(call);
    }
}

void gen_durably_commit(struct gen_call *call, struct gen_changes *changes,
                        void (*reply)(struct gen_call *call))
{
    struct durably_order *order = changes == NULL ? NULL : gen_alloc(sizeof *order);
    struct gen_error err = {0};

    if (order == NULL) {
        gen_changes_destroy(changes);
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    *order = (struct durably_order){gen_call_park(call), call->service, reply};
    if (order->claim == NULL) {
        gen_free(order);
    } else if (gen_engine_commit(call->service->engine, &changes, durably_written, order, &err) !=
               GEN_OK) {
        (void)gen_claim_redeem(order->claim);
        gen_free(order);
        gen_call_fail(call, &err);
    }
    gen_changes_destroy(changes);
}
