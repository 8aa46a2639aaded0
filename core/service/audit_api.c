/* audit_api.c - see audit_api.h. */
#include "service/audit_api.h"

#include "store/audit_reading.h"
#include "store/books.h"
#include "store/chain.h"

#include <string.h>

enum { AUDIT_LIMIT = 50, AUDIT_VERIFY = 5000, AUDIT_VERIFY_MOST = 20000 };

const struct gen_parameter gen_audit_parameters[] = {
    {"limit", "Events of a page, 1 to 500; 50 by default."},
    {"before", "Where the page begins: `next` of the page before."},
    {"job", "Only events of this job."},
    {"actor", "Only what this one did: key:key_…, user:owner, daemon; `key:` is all of a kind."},
    {"kind", "Only events of this kind: job.failed, or job.* for all that begin so."},
    {"since", "Only events at or after this instant (RFC 3339)."},
    {"until", "Only events before this instant (RFC 3339)."},
    {NULL, NULL},
};

const struct gen_parameter gen_audit_verify_parameters[] = {
    {"after", "Where to go on: `next` of the answer before; 0 by default."},
    {"limit", "Events to look at, 1 to 20000; 5000 by default."},
    {"head", "A hash that was kept elsewhere; the answer says where it stands."},
    {NULL, NULL},
};

static enum gen_status audit_question(const struct gen_call *call,
                                      struct gen_audit_question *question, struct gen_error *err)
{
    const struct gen_exchange *exchange = call->exchange;
    enum gen_status status;

    question->organization = call->principal.organization;
    question->job = gen_exchange_query(exchange, "job");
    question->actor = gen_exchange_query(exchange, "actor");
    question->kind = gen_exchange_query(exchange, "kind");
    question->limit = AUDIT_LIMIT;
    status = gen_query_integer("limit", gen_exchange_query(exchange, "limit"), 1,
                               GEN_AUDIT_READING_MOST, &question->limit, err);
    if (status == GEN_OK) {
        status = gen_query_integer("before", gen_exchange_query(exchange, "before"), 1, INT64_MAX,
                                   &question->before, err);
    }
    if (status == GEN_OK) {
        status = gen_query_moment("since", gen_exchange_query(exchange, "since"), &question->since,
                                  err);
    }
    return status == GEN_OK ? gen_query_moment("until", gen_exchange_query(exchange, "until"),
                                               &question->until, err)
                            : status;
}

void gen_audit_list(struct gen_call *call)
{
    struct gen_audit_question question = {0};
    struct gen_node *list = NULL, *page = gen_node_map(call->arena);
    struct gen_error err = {0};
    int64_t next = 0;
    enum gen_status status = audit_question(call, &question, &err);

    if (status == GEN_OK) {
        status = gen_read_audit(call->service->store, &question, call->arena, &list, &next, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    gen_node_set(call->arena, page, "events", list);
    gen_node_set(call->arena, page, "next",
                 next > 0 ? gen_node_int(call->arena, next) : gen_node_null(call->arena));
    gen_call_reply(call, 200, page);
}

/* The chain goes through all organizations. */
static bool audit_of_house(struct gen_call *call)
{
    struct gen_error err = {0};

    if (gen_principal_of_house(&call->principal)) {
        return true;
    }
    (void)gen_error_set(&err, GEN_EDENIED,
                        "the log is one chain through all organizations; only the daemon's owner "
                        "and keys of the organization " GEN_PRINCIPAL_HOUSE " can check it");
    gen_call_fail_as(call, 403, &err);
    return false;
}

void gen_audit_head(struct gen_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_chain_link link = {0};
    struct gen_error err = {0};

    if (!audit_of_house(call)) {
        return;
    }
    if (gen_chain_newest(gen_store_reader(call->service->store), &link, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    gen_node_set(arena, map, "seq", gen_node_int(arena, link.seq));
    gen_node_set(arena, map, "hash", gen_node_string(arena, link.hash));
    gen_call_reply(call, 200, map);
}

static struct gen_node *audit_finding(struct gen_arena *arena,
                                      const struct gen_chain_finding *finding)
{
    struct gen_node *map = gen_node_map(arena);
    bool gone = finding->first > 0 && finding->last >= finding->first &&
                finding->fault != GEN_CHAIN_CHANGED;

    gen_node_set(arena, map, "fault", gen_node_string(arena, gen_chain_fault_word(finding->fault)));
    gen_node_set(arena, map, "seq", gen_node_int(arena, finding->seq));
    gen_node_set(arena, map, "id",
                 gen_node_string(arena, finding->id.text[0] != '\0' ? finding->id.text : NULL));
    gen_node_set(arena, map, "firstGone",
                 gone ? gen_node_int(arena, finding->first) : gen_node_null(arena));
    gen_node_set(arena, map, "lastGone",
                 gone ? gen_node_int(arena, finding->last) : gen_node_null(arena));
    return map;
}

static struct gen_node *audit_verdict(struct gen_arena *arena, const struct gen_chain_check *check)
{
    struct gen_node *map = gen_node_map(arena), *list = gen_node_list(arena);

    for (size_t i = 0; i < check->finding_count; i++) {
        gen_node_push(list, audit_finding(arena, &check->findings[i]));
    }
    gen_node_set(arena, map, "checked", gen_node_int(arena, check->checked));
    gen_node_set(arena, map, "faults", gen_node_int(arena, check->faults));
    gen_node_set(arena, map, "findings", list);
    gen_node_set(arena, map, "headSeq",
                 check->head_seq > 0 ? gen_node_int(arena, check->head_seq) : gen_node_null(arena));
    gen_node_set(arena, map, "hash", gen_node_string(arena, check->hash));
    gen_node_set(arena, map, "last", gen_node_int(arena, check->after));
    gen_node_set(arena, map, "next",
                 check->over ? gen_node_null(arena) : gen_node_int(arena, check->after));
    return map;
}

void gen_audit_verify(struct gen_call *call)
{
    struct gen_chain_check *check = gen_arena_alloc(call->arena, sizeof *check);
    struct gen_error err = {0};
    int64_t limit = AUDIT_VERIFY, after;
    enum gen_status status;

    if (!audit_of_house(call)) {
        return;
    }
    if (check == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "no memory to check the log");
        gen_call_fail(call, &err);
        return;
    }
    check->head = gen_exchange_query(call->exchange, "head");
    status = gen_query_integer("after", gen_exchange_query(call->exchange, "after"), 0, INT64_MAX,
                               &check->after, &err);
    if (status == GEN_OK) {
        status = gen_query_integer("limit", gen_exchange_query(call->exchange, "limit"), 1,
                                   AUDIT_VERIFY_MOST, &limit, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, 400, &err);
        return;
    }
    after = check->after;
    status = gen_chain_verify(gen_store_reader(call->service->store), check, limit, &err);
    if (status == GEN_OK) {
        status = gen_books_verify(gen_store_reader(call->service->store), after, check, &err);
    }
    if (status == GEN_OK) {
        gen_call_reply(call, 200, audit_verdict(call->arena, check));
    } else {
        gen_call_fail(call, &err);
    }
}

/* ---------------------------------------------------------------------------------- exporting -- */

const struct gen_parameter gen_audit_export_parameters[] = {
    {"after", "Events above this number; 0 by default."},
    {"limit", "At most so many, 1 to 1000; 500 by default."},
    {NULL, NULL},
};

struct exporting {
    struct gen_arena *arena;
    struct gen_node *list;
    int64_t last;
};

/* Just what is hashed, and the hash; `data` as the text that it is. */
static enum gen_status export_row(void *context, const struct gen_chain_row *row, const char *hash,
                                  struct gen_error *err)
{
    struct exporting *exporting = context;
    struct gen_arena *arena = exporting->arena;
    struct gen_node *map = gen_node_push(exporting->list, gen_node_map(arena));
    const struct {
        const char *key, *text;
    } texts[] = {{"id", row->id},       {"organization", row->organization},
                 {"job", row->job},     {"pipeline", row->pipeline},
                 {"kind", row->kind},   {"data", row->data},
                 {"actor", row->actor}, {"origin", row->origin},
                 {"hash", hash}};

    gen_node_set(arena, map, "seq", gen_node_int(arena, row->seq));
    gen_node_set(arena, map, "at", gen_node_int(arena, row->at));
    for (size_t i = 0; i < GEN_COUNT(texts); i++) {
        gen_node_set(arena, map, texts[i].key, gen_node_string(arena, texts[i].text));
    }
    exporting->last = row->seq;
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for events")
                                   : GEN_OK;
}

void gen_audit_export(struct gen_call *call)
{
    struct gen_node *map = gen_node_map(call->arena);
    struct exporting exporting = {.arena = call->arena, .list = gen_node_list(call->arena)};
    struct gen_error err = {0};
    int64_t after = 0, limit = 500;
    enum gen_status status;

    if (!audit_of_house(call)) {
        return;
    }
    status = gen_query_integer("after", gen_exchange_query(call->exchange, "after"), 0, INT64_MAX,
                               &after, &err);
    if (status == GEN_OK) {
        status = gen_query_integer("limit", gen_exchange_query(call->exchange, "limit"), 1, 1000,
                                   &limit, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, 400, &err);
        return;
    }
    status = gen_chain_read(gen_store_reader(call->service->store), after, limit, export_row,
                            &exporting, &err);
    if (status != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    gen_node_set(call->arena, map, "events", exporting.list);
    gen_node_set(call->arena, map, "next",
                 (int64_t)gen_node_count(exporting.list) < limit
                     ? gen_node_null(call->arena)
                     : gen_node_int(call->arena, exporting.last));
    gen_call_reply(call, 200, map);
}
