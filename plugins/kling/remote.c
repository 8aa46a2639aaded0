/* remote.c - see remote.h. The facts about a job's answer that only one source has are all here. */
#include "remote.h"

#include "faults.h"

const char *remote_handle(const struct kling_call *call, const char *kind, const char *id)
{
    const struct kit *kit = &call->kit;

    return kit->host->print(kit->arena, "%s/%s/%s", call->settings->region, kind, id);
}

const char *remote_found_handle(const struct kling_call *call, const char *kind,
                                const char *reference)
{
    const struct kit *kit = &call->kit;

    return kit->host->print(kit->arena, "%s/%s/@%s", call->settings->region, kind, reference);
}

int remote_read(const struct kling_call *call, const char *handle, struct remote *out)
{
    const struct kit *kit = &call->kit;
    const char *kind = strchr(handle, '/');
    const char *id = kind != NULL ? strchr(kind + 1, '/') : NULL;
    const struct kling_region *row = kling_regions;

    if (id == NULL || id[1] == '\0' || kit_same(id, "/@")) {
        return 0;
    }
    out->base = call->settings->base;
    out->kind = kit_or(kit->host->print(kit->arena, "%.*s", (int)(id - kind - 1), kind + 1), "");
    out->by_reference = id[1] == '@';
    out->id = id + 1 + out->by_reference;
    /* A base URL of the settings stands for every region: a proxy, a simulator. */
    for (; row->word != NULL && call->settings->region[0] != '\0'; row++) {
        if (kit_begins(handle, row->word) && handle[strlen(row->word)] == '/') {
            out->base = row->base;
        }
    }
    return 1;
}

static int32_t ask(const struct kling_call *call, const char *url, const char *state)
{
    call->step->state = state;
    return kit_send(call->step,
                    kit_request(&call->kit, "GET", url, settings_credential(call->settings)),
                    call->message);
}

int32_t remote_ask(const struct kling_call *call, const struct remote *remote, const char *state)
{
    const struct kit *kit = &call->kit;
    const char *id = kit_or(kit->host->url_encode(kit->arena, remote->id), "");
    const char *kind = kit_or(kit->host->url_encode(kit->arena, remote->kind), "");

    return ask(call,
               kit_same(kind, "tasks")
                   ? kit->host->print(kit->arena, "%s/tasks?%s=%s", remote->base,
                                      remote->by_reference ? "external_task_ids" : "task_ids", id)
                   : kit->host->print(kit->arena, "%s/v1/videos/%s/%s", remote->base, kind, id),
               state);
}

int32_t remote_search(const struct kling_call *call, const char *kind, const char *state)
{
    const struct kit *kit = &call->kit;
    const char *reference = kit_or(kit->host->url_encode(kit->arena, call->task->reference), "");
    const char *base = call->settings->base;

    return ask(call,
               kit_same(kind, "tasks")
                   ? kit->host->print(kit->arena, "%s/tasks?external_task_ids=%s", base, reference)
                   : kit->host->print(kit->arena, "%s/v1/videos/%s/%s", base,
                                      kit_or(kit->host->url_encode(kit->arena, kind), ""),
                                      reference),
               state);
}

/* -------------------------------------------------------------------------------- the answers -- */

/* The first of two members that is a text: the dialects have different names for one thing. */
static const char *either(const struct kit *kit, const struct gen_node *node, const char *legacy,
                          const char *fresh)
{
    const char *text = kit_text(kit, node, legacy);

    return text[0] != '\0' ? text : kit_text(kit, node, fresh);
}

/* The link of the clip; NULL = there is none that can be followed. */
static const char *link_of(const struct kit *kit, const struct gen_node *job)
{
    const struct gen_node *outputs = kit->host->json_get(job, "outputs");
    const char *url = kit_text(kit, job, "task_result.videos[0].url");
    size_t i;

    for (i = 0; url[0] == '\0' && i < kit->host->json_count(outputs); i++) {
        const struct gen_node *output = kit->host->json_at(outputs, i);

        if (kit_same(kit_text(kit, output, "type"), "video")) {
            url = kit_text(kit, output, "url");
        }
    }
    return kit_link(url);
}

/* Is this the one that was asked for? Our reference is taken in place of an id. */
static int matches(const struct kit *kit, const struct gen_node *job, const char *id,
                   const char *reference)
{
    const char *has = either(kit, job, "task_id", "id");
    const char *known = either(kit, job, "task_info.external_task_id", "external_id");

    return has[0] != '\0' && (id[0] == '\0' || kit_same(has, id) || kit_same(known, id)) &&
           (reference[0] == '\0' || known[0] == '\0' || kit_same(known, reference));
}

struct remote_answer remote_job(const struct kling_call *call, const char *id,
                                const char *reference)
{
    const struct kit *kit = &call->kit;
    struct remote_answer out = {.found = REMOTE_FAULT, .body = kit_json(kit, call->answer)};
    const struct gen_node *data = kit->host->json_get(out.body, "data");
    int other = 0;
    size_t i;

    if (faults_of(call, out.body) != NULL) {
        out.found = faults_absent(call, out.body) ? REMOTE_NONE : REMOTE_FAULT;
        return out;
    }
    if (kit->host->json_type(data) == GEN_JSON_LIST) {
        out.found = REMOTE_NONE;
        for (i = 0; out.job == NULL && i < kit->host->json_count(data); i++) {
            const struct gen_node *job = kit->host->json_at(data, i);

            out.job = matches(kit, job, id, reference) ? job : NULL;
            other = other || (id[0] != '\0' && matches(kit, job, id, ""));
            out.found = REMOTE_FAULT; /* a list of others does not say that ours is not there */
        }
    } else {
        out.job = matches(kit, data, id, reference) ? data : NULL;
        other = id[0] != '\0' && matches(kit, data, id, "");
    }
    if (out.job == NULL && other) {
        out.found = REMOTE_OTHER;
    }
    if (out.job != NULL) {
        out.found = REMOTE_JOB;
        out.id = either(kit, out.job, "task_id", "id");
        out.reference = either(kit, out.job, "task_info.external_task_id", "external_id");
        out.status = either(kit, out.job, "task_status", "status");
        out.words = either(kit, out.job, "task_status_msg", "message");
        out.link = link_of(kit, out.job);
    }
    return out;
}

/* One line of `billing`: units or cash; an unknown type is not said. */
static int64_t charge(const struct kling_call *call, const struct gen_node *line)
{
    const struct kit *kit = &call->kit;
    const char *type = kit_text(kit, line, "charge_type");
    int64_t amount = kit_millionths(kit, kit->host->json_get(line, "amount"), -1);

    return kit_same(type, "unit")   ? kit_units_price(amount, call->settings->unit_price)
           : kit_same(type, "cash") ? kit_units_price(amount, call->settings->cash_price)
                                    : -1;
}

int64_t remote_cost(const struct kling_call *call, const struct gen_node *job)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *billing = kit->host->json_get(job, "billing");
    const struct gen_node *units = kit->host->json_get(job, "final_unit_deduction");
    int64_t sum = 0, one;
    size_t i, count = kit->host->json_count(billing);

    if (units != NULL) {
        return kit_units_price(kit_millionths(kit, units, -1), call->settings->unit_price);
    }
    if (kit->host->json_type(billing) != GEN_JSON_LIST || count == 0) {
        return -1;
    }
    for (i = 0; i < count; i++) {
        one = charge(call, kit->host->json_at(billing, i));
        if (one < 0 || sum > INT64_MAX - one) {
            return -1;
        }
        sum += one;
    }
    return sum;
}
