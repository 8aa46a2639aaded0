/* submit.c - see submit.h. */
#include "submit.h"

#include "faults.h"
#include "plan.h"

enum { SUBMIT_FIELDS = 60 }; /* of a presigned form; the file comes after them */

struct gen_provider_request *submit_request(const struct runway_call *call, const char *method,
                                            const char *path)
{
    const struct kit *kit = &call->kit;
    struct gen_provider_request *request =
        kit_request(kit, method, kit->host->print(kit->arena, "%s%s", call->settings->base, path),
                    RUNWAY_CREDENTIAL);

    kit_add_header(kit, request, "x-runway-version", call->settings->version);
    return request;
}

struct progress { /* the state, read */
    const char *asked, *link;
    const struct gen_node *links;
    size_t count; /* of links: uploads that are done */
};

static struct progress read_state(const struct runway_call *call)
{
    const struct kit *kit = &call->kit;
    const char *text = call->task->state;
    const struct gen_node *node = text[0] != '\0'
                                      ? kit->host->json_parse(kit->arena, text, strlen(text))
                                      : NULL;
    struct progress progress = {kit_text(kit, node, "asked"), kit_text(kit, node, "link"),
                                kit->host->json_get(node, "links"), 0};

    progress.count = kit->host->json_count(progress.links);
    return progress;
}

/* The state as a text: `more` (NULL = none) is one more link that is done. */
static const char *write_state(const struct runway_call *call, const struct progress *progress,
                               const char *asked, const char *link, const char *more)
{
    const struct kit *kit = &call->kit;
    struct gen_node *map = kit->host->json_map(kit->arena);
    struct gen_node *links = kit_set_list(kit, map, "links");
    size_t i;

    for (i = 0; i < progress->count; i++) {
        const char *text = kit->host->json_text(kit->host->json_at(progress->links, i), "");

        kit->host->json_push(links, kit->host->json_new_text(kit->arena, text));
    }
    if (more != NULL) {
        kit->host->json_push(links, kit->host->json_new_text(kit->arena, more));
    }
    kit_set_text(kit, map, "asked", asked);
    kit_set_text(kit, map, "link", link);
    return kit->host->json_write(kit->arena, map, NULL);
}

/* ----------------------------------------------------------------------------------- uploads -- */

/* Asks where the next asset is to be sent. */
static int32_t ask_link(const struct runway_call *call, const struct progress *progress,
                        const char *more)
{
    const struct kit *kit = &call->kit;
    int32_t asset = plan_upload_asset(call, progress->count + (more != NULL));
    struct gen_provider_request *request = submit_request(call, "POST", "/v1/uploads");
    struct gen_node *body = kit->host->json_map(kit->arena);

    if (asset < 0) {
        return faults_own(call, GEN_FAIL_INVALID, GEN_BILLED_NO,
                          "the asset that is to be sent to Runway is not there any more");
    }
    kit_set_text(kit, body, "filename", kit_asset(call->task, (size_t)asset)->file);
    kit_set_text(kit, body, "type", "ephemeral");
    kit_body_json(kit, request, body);
    call->step->state = write_state(call, progress, "link", "", more);
    return kit_send(call->step, request, call->message);
}

/* The form's own fields in their order, then the file: storage reads nothing after it. */
static struct gen_provider_part *make_parts(const struct runway_call *call,
                                            const struct gen_node *fields, int32_t asset)
{
    const struct kit *kit = &call->kit;
    size_t count = kit->host->json_count(fields), i;
    struct gen_provider_part *parts = kit->host->alloc(kit->arena, (count + 1) * sizeof(*parts));

    for (i = 0; parts != NULL && i <= count; i++) {
        const struct gen_node *field = kit->host->json_at(fields, i);
        int file = i == count;

        parts[i].size = sizeof(parts[i]);
        parts[i].asset = file ? asset : -1;
        parts[i].name = file ? "file" : kit->host->json_key(field);
        parts[i].text = file ? "" : kit->host->json_text(field, "");
        parts[i].file_name = file ? kit_asset(call->task, (size_t)asset)->file : "";
        parts[i].content_type = file ? kit_asset(call->task, (size_t)asset)->media_type : "";
    }
    return parts;
}

/* Can the form be sent as it stands? */
static int fields_usable(const struct kit *kit, const struct gen_node *fields)
{
    size_t count = kit->host->json_count(fields), i;

    for (i = 0; i < count; i++) {
        const struct gen_node *field = kit->host->json_at(fields, i);
        const char *name = kit->host->json_key(field);

        if (name[0] == '\0' || strlen(name) > 128 || strpbrk(name, "\r\n\"\t") != NULL ||
            kit->host->json_type(field) != GEN_JSON_STRING) {
            return 0;
        }
    }
    return kit->host->json_type(fields) == GEN_JSON_MAP && count <= SUBMIT_FIELDS;
}

/* The answer to POST /v1/uploads: send the file where it says, without our key. */
static int32_t send_file(const struct runway_call *call, const struct progress *progress)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body = kit_json(kit, call->answer);
    const struct gen_node *fields = kit->host->json_get(body, "fields");
    const char *url = kit_link(kit_text(kit, body, "uploadUrl"));
    const char *link = kit_text(kit, body, "runwayUri");
    int32_t asset = plan_upload_asset(call, progress->count);
    struct gen_provider_request *request;

    if (call->answer->status < 200 || call->answer->status >= 300) {
        return faults_answer(call, RUNWAY_ASKED_UPLOAD);
    }
    if (url == NULL || link[0] == '\0' || asset < 0 || !fields_usable(kit, fields)) {
        return faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_NO,
                          "Runway's answer does not say where the asset is to be sent");
    }
    request = kit_request(kit, "POST", url, "");
    if (request == NULL) {
        return kit_broken(call->message);
    }
    request->body_kind = GEN_BODY_MULTIPART;
    request->parts = make_parts(call, fields, asset);
    request->part_count = request->parts != NULL ? kit->host->json_count(fields) + 1 : 0;
    if (request->parts == NULL) {
        return kit_broken(call->message);
    }
    call->step->state = write_state(call, progress, "file", link, NULL);
    return kit_send(call->step, request, call->message);
}

/* ------------------------------------------------------------------------------------ create -- */

/* `more`: the link of the upload that has just been done, NULL = none. */
static int32_t create(const struct runway_call *call, const struct progress *progress,
                      const char *more)
{
    const struct kit *kit = &call->kit;
    struct gen_provider_request *request = submit_request(call, "POST", plan_path(call));
    const char *state = write_state(call, progress, "create", "", more);
    const struct gen_node *made = state != NULL
                                      ? kit->host->json_parse(kit->arena, state, strlen(state))
                                      : NULL;
    const struct gen_node *body = plan_body(call, kit->host->json_get(made, "links"));

    if (request == NULL || state == NULL) {
        return kit_broken(call->message);
    }
    if (body == NULL || plan_path(call)[0] != '/') {
        return faults_own(call, GEN_FAIL_INVALID, GEN_BILLED_NO,
                          "the stored parameters are not of this plugin: format the shot again");
    }
    request->flags = GEN_REQUEST_COSTS;
    kit_body_json(kit, request, body);
    call->step->state = state;
    return kit_send(call->step, request, call->message);
}

static int32_t created(const struct runway_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body = kit_json(kit, call->answer);
    const char *id = kit_text(kit, body, "id");
    int64_t most =
        kit_units_price(kit_millionths(kit, kit_at(kit, body, "estimatedCost.credits"), -1),
                        call->settings->credit_price);

    if (call->answer->status < 200 || call->answer->status >= 300) {
        return faults_answer(call, RUNWAY_ASKED_CREATE);
    }
    if (id[0] == '\0' || strlen(id) > 512) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "Runway took the order and gave no id for it");
    }
    if (most >= 0) {
        call->step->note = kit->host->print(kit->arena, "Runway charges at most $%.6g",
                                            (double)most / 1e6);
    }
    return kit_done(kit, call->step, id, -1, call->message);
}

/* ---------------------------------------------------------------------------------------------- */

static int32_t go_on(const struct runway_call *call, const struct progress *progress,
                     const char *more)
{
    return progress->count + (more != NULL) < plan_uploads(call) ? ask_link(call, progress, more)
                                                                 : create(call, progress, more);
}

int32_t submit_step(const struct runway_call *call)
{
    struct progress progress = read_state(call);

    if (call->answer == NULL) {
        return go_on(call, &progress, NULL);
    }
    if (kit_same(progress.asked, "link")) {
        return send_file(call, &progress);
    }
    if (kit_same(progress.asked, "file")) {
        return call->answer->status >= 200 && call->answer->status < 300
                   ? go_on(call, &progress, progress.link)
                   : faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_NO,
                                call->kit.host->print(call->kit.arena,
                                                      "Runway's storage refused the asset with "
                                                      "the status %d",
                                                      (int)call->answer->status));
    }
    return created(call);
}
