/* deliveries_api.c - see deliveries_api.h. */
#include "service/deliveries_api.h"

#include "engine/outbox.h"
#include "service/webhooks_api.h"
#include "store/outbox_reading.h"

enum { DELIVERIES_LIMIT = 50 };

const struct gen_parameter gen_deliveries_parameters[] = {
    {"limit", "Deliveries of a page, 1 to 200; 50 by default."},
    {"before", "Where the page begins: `next` of the page before."},
    {NULL, NULL},
};

static void webhook_tried(void *context, const struct gen_telling_verdict *verdict)
{
    struct gen_call *call = gen_claim_redeem(context);
    struct gen_node *map;

    if (call == NULL) {
        return;
    }
    map = gen_node_map(call->arena);
    gen_node_set(call->arena, map, "delivered",
                 gen_node_bool(call->arena, verdict->outcome == GEN_DELIVERY_DELIVERED));
    gen_node_set(call->arena, map, "status",
                 verdict->status > 0 ? gen_node_int(call->arena, verdict->status)
                                     : gen_node_null(call->arena));
    gen_node_set(call->arena, map, "took",
                 gen_node_real(call->arena, (double)verdict->took_ms / 1000));
    gen_node_set(call->arena, map, "note",
                 gen_node_string(call->arena, verdict->note[0] != '\0' ? verdict->note : NULL));
    gen_call_reply(call, 200, map);
}

void gen_deliveries_try(struct gen_call *call)
{
    struct gen_subscriber row;
    struct gen_claim *claim;
    struct gen_error err = {0};

    if (!gen_webhooks_read(call, &row) ||
        (row.kind == GEN_SUBSCRIBER_STRIPE && !gen_webhooks_ours(call, &row))) {
        return;
    }
    claim = gen_call_park(call);
    if (claim != NULL &&
        gen_outbox_try(call->service->outbox, &row, webhook_tried, claim, &err) != GEN_OK) {
        (void)gen_claim_redeem(claim);
        gen_call_fail(call, &err);
    }
}

void gen_deliveries_list(struct gen_call *call)
{
    const struct gen_exchange *exchange = call->exchange;
    struct gen_node *page = gen_node_map(call->arena), *list = NULL;
    int64_t limit = DELIVERIES_LIMIT, before = 0;
    struct gen_subscriber row;
    struct gen_error err = {0};
    enum gen_status status;

    if (!gen_webhooks_read(call, &row)) {
        return;
    }
    status = gen_query_integer("limit", gen_exchange_query(exchange, "limit"), 1, 200, &limit,
                               &err);
    if (status == GEN_OK) {
        status = gen_query_integer("before", gen_exchange_query(exchange, "before"), 1, INT64_MAX,
                                   &before, &err);
    }
    if (status == GEN_OK) {
        status = gen_read_deliveries(call->service->store, row.id, before, limit, call->arena,
                                     &list, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    gen_node_set(call->arena, page, "deliveries", list);
    gen_node_set(
        call->arena, page, "next",
        (int64_t)gen_node_count(list) < limit
            ? gen_node_null(call->arena)
            : gen_node_int(call->arena,
                           gen_node_integer(gen_node_get(list->as.children.last, "number"), 0)));
    gen_call_reply(call, 200, page);
}
