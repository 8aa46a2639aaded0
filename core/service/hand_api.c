/* hand_api.c - see hand_api.h. */
#include "service/hand_api.h"

#include "base/json.h"
#include "base/record.h"
#include "engine/engine.h"
#include "engine/turn.h"
#include "platform/json_reader.h"
#include "service/durably.h"
#include "service/jobs_api.h"
#include "service/outputs_api.h"
#include "store/reading.h"

#include <stddef.h>
#include <string.h>

/* ---------------------------------------------------------------------------------- the bodies -- */

static const struct gen_choice findings[] = {
    {"not_bought", GEN_FINDING_NOT_BOUGHT, "the provider never had the order"},
    {"lost", GEN_FINDING_LOST, "it was bought, and there is nothing to be had of it"},
    {"found", GEN_FINDING_HANDLE, "it is there, under `handle`"},
    {NULL, 0, NULL},
};

struct hand_body { /* every route takes some of it; NULL, 0 = not said */
    const char *reason, *model, *attempt, *handle;
    int as;
    gen_micros cost;
    bool costs; /* `cost` was said */
};

#define FIELD(member) .offset = offsetof(struct hand_body, member)
#define REASON \
    { \
        .key = "reason", .type = GEN_FIELD_TEXT, FIELD(reason), .max = 500, \
        .help = "Why; it stands in the log." \
    }

static const struct gen_field reason_fields[] = {REASON, {0}};

static const struct gen_field retry_fields[] = {
    REASON,
    {.key = "model",
     .type = GEN_FIELD_TEXT,
     FIELD(model),
     .min = 3,
     .max = 200,
     .help = "`provider/model` to make it with; as it was where it is left out."},
    {0},
};

static const struct gen_field resolve_fields[] = {
    REASON,
    {.key = "attempt",
     .type = GEN_FIELD_TEXT,
     FIELD(attempt),
     .min = 1,
     .max = 64,
     .help = "Which; needed only where several are in doubt."},
    {.key = "as",
     .type = GEN_FIELD_CHOICE,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(as),
     .choices = findings,
     .help = "What became of the order."},
    {.key = "handle",
     .type = GEN_FIELD_TEXT,
     FIELD(handle),
     .min = 1,
     .max = 1000,
     .help = "The id at the provider, with `found`."},
    {.key = "cost",
     .type = GEN_FIELD_MONEY,
     FIELD(cost),
     .help = "Dollars that it cost, with `lost`; as estimated where it is left out."},
    {0},
};

static enum gen_status resolve_check(void *object, const struct gen_node *node,
                                     struct gen_arena *arena, struct gen_error *err)
{
    struct hand_body *body = object;

    (void)arena;
    body->costs = gen_node_type_of(gen_node_get(node, "cost")) > GEN_NODE_NULL;
    if ((body->as == GEN_FINDING_HANDLE) != (body->handle != NULL)) {
        (void)gen_error_set(err, GEN_EINVAL, "a `handle` belongs to `as: found`, and to it alone");
        gen_error_place(err, NULL, 0, 0, "handle");
        return GEN_EINVAL;
    }
    if (body->costs && body->as != GEN_FINDING_LOST) {
        (void)gen_error_set(err, GEN_EINVAL, "a `cost` belongs to `as: lost`");
        gen_error_place(err, NULL, 0, 0, "cost");
        return GEN_EINVAL;
    }
    return GEN_OK;
}

static const struct gen_record reason_record = {
    .name = "decision", .size = sizeof(struct hand_body), .fields = reason_fields, .help = "Why."};
static const struct gen_record retry_record = {.name = "retry",
                                               .size = sizeof(struct hand_body),
                                               .fields = retry_fields,
                                               .help = "What is tried again, and why."};
static const struct gen_record resolve_record = {.name = "finding",
                                                 .size = sizeof(struct hand_body),
                                                 .fields = resolve_fields,
                                                 .check = resolve_check,
                                                 .help = "What became of an order."};

/* No body is an empty one. False: a reply has been given. */
static bool hand_body(struct gen_call *call, const struct gen_record *record, struct hand_body *out)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    size_t size;
    const char *body = gen_exchange_body(call->exchange, &size);
    enum gen_status status = size == 0 ? GEN_OK
                                       : gen_json_read(body, size, NULL, call->arena, &node, &err);

    if (status == GEN_OK) {
        node = node == NULL ? gen_node_map(call->arena) : node;
        status = gen_record_bind(record, node, "", call->arena, out, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail(call, &err);
    }
    return status == GEN_OK;
}

/* ----------------------------------------------------------------------------------------- jobs -- */

static void hand_job(struct gen_call *call)
{
    gen_jobs_reply(call, 200, call->value);
}

static void hand_tell(struct gen_call *call, struct gen_input *input, const struct hand_body *body)
{
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_error err = {0};

    input->actor = &actor;
    input->reason = body->reason == NULL ? "" : body->reason;
    if (gen_engine_tell(call->service->engine, call->principal.organization, call->value, input,
                        body->attempt == NULL ? "" : body->attempt, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    gen_durably_commit(call, gen_changes_create(), hand_job);
}

void gen_hand_pause(struct gen_call *call)
{
    struct gen_input input = {.kind = GEN_INPUT_PAUSE};
    struct hand_body body = {0};

    if (hand_body(call, &reason_record, &body)) {
        hand_tell(call, &input, &body);
    }
}

void gen_hand_resume(struct gen_call *call)
{
    struct gen_input input = {.kind = GEN_INPUT_RESUME};
    struct hand_body body = {0};

    if (hand_body(call, &reason_record, &body)) {
        hand_tell(call, &input, &body);
    }
}

void gen_hand_retry(struct gen_call *call)
{
    struct gen_input input = {.kind = GEN_INPUT_RETRY};
    struct hand_body body = {0};

    if (hand_body(call, &retry_record, &body)) {
        input.model = body.model;
        hand_tell(call, &input, &body);
    }
}

void gen_hand_resolve(struct gen_call *call)
{
    struct gen_input input = {.kind = GEN_INPUT_RESOLVE};
    struct hand_body body = {0};

    if (hand_body(call, &resolve_record, &body)) {
        input.finding = (enum gen_finding)body.as;
        input.handle = body.handle;
        input.cost = body.costs ? body.cost : -1;
        hand_tell(call, &input, &body);
    }
}

/* -------------------------------------------------------------------------------------- outputs -- */

static void hand_output(struct gen_call *call)
{
    struct gen_output output = {0};
    struct gen_error err = {0};

    if (gen_read_output(call->service->store, call->principal.organization, call->value,
                        call->arena, &output, &err) == GEN_OK) {
        gen_call_reply(call, 200, gen_outputs_node(call->arena, &output));
    } else {
        gen_call_fail(call, &err);
    }
}

static void hand_event(struct gen_call *call, struct gen_changes *changes,
                       const struct gen_output *output, enum gen_event_kind kind)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_actor actor = gen_actor_of(&call->principal, changes->arena);
    struct gen_node *data = gen_node_map(changes->arena);

    if (change != NULL) {
        gen_node_set(changes->arena, data, "outputId",
                     gen_node_string(changes->arena, output->id.text));
        gen_node_set(changes->arena, data, "message",
                     gen_node_string(changes->arena, output->review_note));
        change->as.event.kind = kind;
        change->as.event.organization = gen_arena_strdup(changes->arena,
                                                         call->principal.organization);
        change->as.event.job = output->job;
        change->as.event.pipeline = output->pipeline;
        change->as.event.at = output->reviewed_at;
        change->as.event.data = gen_json_text(changes->arena, data, NULL);
        change->as.event.actor = gen_actor_copy(&actor, changes->arena);
        gen_random_ident(call->service->random, GEN_IDENT_EVENT, output->reviewed_at,
                         &change->as.event.id);
    }
}

static void hand_review(struct gen_call *call, const char *verdict, enum gen_event_kind kind)
{
    struct hand_body body = {0};
    struct gen_output output = {0};
    struct gen_changes *changes;
    struct gen_error err = {0};

    if (!hand_body(call, &reason_record, &body)) {
        return;
    }
    if (gen_read_output(call->service->store, call->principal.organization, call->value,
                        call->arena, &output, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    output.review = verdict;
    output.review_note = body.reason == NULL ? "" : body.reason;
    output.reviewed_by = call->principal.user;
    output.reviewed_at = gen_clock_now(call->service->clock);
    changes = gen_changes_create();
    if (changes != NULL) {
        gen_changes_review(changes, &output);
        hand_event(call, changes, &output, kind);
    }
    gen_durably_commit(call, changes, hand_output);
}

void gen_hand_accept(struct gen_call *call)
{
    hand_review(call, "accepted", GEN_EVENT_OUTPUT_ACCEPTED);
}

void gen_hand_reject(struct gen_call *call)
{
    hand_review(call, "rejected", GEN_EVENT_OUTPUT_REJECTED);
}
