/* batches_api.c - see batches_api.h. */
#include "service/batches_api.h"

#include "engine/engine.h"
#include "service/jobs_api.h"
#include "store/batch_reading.h"

#include <string.h>

enum { BATCHES_LIMIT = 20, BATCHES_TITLE = 200 };

const struct gen_parameter gen_batches_parameters[] = {
    {"limit", "Batches of a page, 1 to 100; 20 by default."},
    {"after", "Where the page begins: `next` of the page before."},
    {NULL, NULL},
};

static void batch_reply(struct gen_call *call, int http, const char *id)
{
    struct gen_node *document = NULL;
    struct gen_error err = {0};

    if (gen_read_batch(call->service->store, call->principal.organization, id, call->arena,
                       &document, &err) == GEN_OK) {
        gen_call_reply(call, http, document);
    } else {
        gen_call_fail(call, &err);
    }
}

/* -------------------------------------------------------------------------------- submitting -- */

static enum gen_status batch_wrong(struct gen_error *err, const char *path, const char *what)
{
    (void)gen_error_set(err, GEN_EINVAL, "%s", what);
    gen_error_place(err, NULL, 0, 0, path);
    return GEN_EINVAL;
}

/* {title?, briefs}: the briefs themselves are the admission's to judge. */
static enum gen_status batch_check(const struct gen_node *body, struct gen_request *request,
                                   struct gen_error *err)
{
    const struct gen_node *title = gen_node_get(body, "title");

    if (gen_node_type_of(body) != GEN_NODE_MAP) {
        return batch_wrong(err, "", "the body must be a map with a list of `briefs`");
    }
    for (const struct gen_node *item = gen_node_first(body); item != NULL; item = item->next) {
        if (strcmp(item->key, "title") != 0 && strcmp(item->key, "briefs") != 0) {
            return batch_wrong(err, item->key, "is no key of a batch; it has title and briefs");
        }
    }
    request->title = gen_node_text(title, NULL);
    if (title != NULL && (request->title == NULL || strlen(request->title) > BATCHES_TITLE)) {
        return batch_wrong(err, "title", "must be a text of at most 200 bytes");
    }
    request->briefs = gen_node_get(body, "briefs");
    if (gen_node_type_of(request->briefs) != GEN_NODE_LIST || gen_node_count(request->briefs) < 1 ||
        gen_node_count(request->briefs) > GEN_BATCHES_MOST) {
        return batch_wrong(err, "briefs", "must be a list of 1 to 100 briefs");
    }
    return GEN_OK;
}

static void batch_done(void *context, enum gen_status status, const struct gen_error *err,
                       const char *batch, bool existing)
{
    struct gen_call *call = gen_claim_redeem(context);
    char location[64] = "/v1/batches/";
    struct gen_error refusal;

    if (call == NULL) {
        return; /* it stands in the store all the same; the key gives it back */
    }
    if (status != GEN_OK) {
        bool spent = strstr(err->path, "quota") != NULL;

        refusal = *err;
        gen_jobs_place(call->work, &refusal);
        gen_call_fail_as(call, spent ? 429 : status == GEN_ENOTFOUND ? 422 : 0, &refusal);
        return;
    }
    if (batch[0] == '\0') { /* the key was used for a job alone; the same body cannot be both */
        (void)gen_error_set(&refusal, GEN_ECONFLICT, "this Idempotency-Key was used for a job");
        gen_call_fail(call, &refusal);
        return;
    }
    memcpy(location + strlen(location), batch, strnlen(batch, GEN_IDENT_SIZE));
    gen_exchange_reply_header(call->exchange, "Location", location);
    batch_reply(call, existing ? 200 : 201, batch);
}

void gen_batches_submit(struct gen_call *call)
{
    struct gen_exchange *exchange = call->exchange;
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_request request = {
        .actor = &actor,
        .organization = call->principal.organization,
        .user = call->principal.user,
        .key = gen_exchange_header(exchange, "Idempotency-Key"),
        .principal = &call->principal,
    };
    char digest[GEN_DIGEST_TEXT_SIZE];
    const struct gen_node *body = NULL;
    struct gen_error err = {0};
    struct gen_claim *claim;
    const char *text;
    size_t size;

    text = gen_exchange_body(exchange, &size);
    if (gen_jobs_read(gen_exchange_header(exchange, "Content-Type"), text, size, call->arena, &body,
                      digest, &err) != GEN_OK ||
        batch_check(body, &request, &err) != GEN_OK) {
        gen_jobs_place(body, &err);
        gen_call_fail(call, &err);
        return;
    }
    request.digest = digest;
    call->work = body;
    claim = gen_call_park(call);
    if (claim != NULL) {
        gen_engine_admit(call->service->engine, &request, batch_done, claim);
    }
}

/* ------------------------------------------------------------------------- listing, the rest -- */

void gen_batches_list(struct gen_call *call)
{
    const char *after = gen_exchange_query(call->exchange, "after");
    struct gen_node *page = gen_node_map(call->arena), *batches = NULL;
    const struct gen_node *last;
    struct gen_error err = {0};
    int64_t limit = BATCHES_LIMIT;
    bool more = false;
    enum gen_status status = gen_query_integer("limit", gen_exchange_query(call->exchange, "limit"),
                                               1, GEN_BATCH_LISTING_MOST, &limit, &err);

    if (status == GEN_OK && after != NULL && !gen_ident_valid(GEN_IDENT_BATCH, after)) {
        status = batch_wrong(&err, "after", "is not `next` of a page of batches");
    }
    if (status == GEN_OK) {
        status = gen_read_batches(call->service->store, call->principal.organization, after, limit,
                                  call->arena, &batches, &more, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    gen_node_set(call->arena, page, "batches", batches);
    last = more ? batches->as.children.last : NULL;
    gen_node_set(call->arena, page, "next",
                 gen_node_string(call->arena, gen_node_text(gen_node_get(last, "batchId"), NULL)));
    gen_call_reply(call, 200, page);
}

void gen_batches_show(struct gen_call *call)
{
    batch_reply(call, 200, call->value);
}

/* Those that are over stay as they are; a batch that is over as a whole is a conflict. */
void gen_batches_cancel(struct gen_call *call)
{
    const struct gen_service *service = call->service;
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_node *document = NULL;
    struct gen_error err = {0};
    size_t begun = 0;
    enum gen_status status = gen_read_batch(service->store, call->principal.organization,
                                            call->value, call->arena, &document, &err);

    for (const struct gen_node *job = gen_node_first(gen_node_get(document, "jobs"));
         status == GEN_OK && job != NULL; job = job->next) {
        struct gen_error one = {0};
        enum gen_status ended = gen_engine_cancel(service->engine, call->principal.organization,
                                                  gen_node_text(gen_node_get(job, "jobId"), ""),
                                                  &actor, &one);

        if (ended != GEN_OK && ended != GEN_ECONFLICT) {
            err = one;
            status = ended;
        }
        begun += ended == GEN_OK;
    }
    if (status == GEN_OK && begun == 0) {
        status = gen_error_set(&err, GEN_ECONFLICT, "all jobs of %s are over", call->value);
    }
    if (status == GEN_OK) {
        batch_reply(call, 202, call->value);
        return;
    }
    gen_call_fail(call, &err);
}
