/* omni.c - see omni.h. */
#include "omni.h"

#include "faults.h"
#include "files.h"

enum { OMNI_BODY_MS = 600000, OMNI_PROCESSING_MS = 3000 };

/* `outputs` is what `steps` was called before June 2026. */
static const char *const inside[] = {"steps[*].content[*].data", "outputs[*].content[*].data",
                                     "outputs[*].data", NULL};

enum { RUNS = 1, FINISHED = 2, FAILED = 3, STUCK = 4 };

static const struct {
    const char *word;
    int32_t means;
} statuses[] = {
    {"queued", RUNS},
    {"in_progress", RUNS},
    {"completed", FINISHED},
    {"incomplete", FINISHED}, /* what is there counts */
    {"failed", FAILED},
    {"cancelled", FAILED},
    {"budget_exceeded", FAILED},
    {"requires_action", STUCK}, /* nobody is there to act */
    {"requires_continuation", STUCK},
};

static int32_t status_of(const char *word)
{
    size_t i;

    for (i = 0; i < KIT_COUNT(statuses); i++) {
        if (kit_same(statuses[i].word, word)) {
            return statuses[i].means;
        }
    }
    return RUNS; /* the list is open: a word that is new to us is no end */
}

/* ------------------------------------------------------------------------------------ poll -- */

static int32_t ask(const struct veo_call *call, const char *method, const char *end)
{
    const struct kit *kit = &call->kit;
    const char *id = kit->host->url_encode(kit->arena, call->task->handle);
    struct gen_provider_request *request =
        id != NULL
            ? kit_request(kit, method,
                          kit->host->print(kit->arena, "%s/%s/interactions/%s%s",
                                           call->settings->base, call->settings->version, id, end),
                          VEO_KEY)
            : NULL;

    if (request != NULL && kit_same(method, "GET")) {
        request->sink = GEN_SINK_EXTRACT;
        request->extract = inside;
        request->timeout_ms = OMNI_BODY_MS;
    }
    return kit_send(call->step, request, call->message);
}

struct found {         /* what an interaction holds */
    const char *uri;   /* of the video, "" */
    const char *words; /* text beside or instead of it, "" */
    int video;         /* there is one, at `uri` or inside */
};

static void look_at(const struct veo_call *call, const struct gen_node *item, struct found *out)
{
    const struct kit *kit = &call->kit;
    const char *type = kit_text(kit, item, "type");

    if (kit_same(type, "video")) {
        const char *uri = kit_text(kit, item, "uri");

        out->uri = out->uri[0] == '\0' && kit_is_link(uri) ? uri : out->uri;
        out->video = out->video || out->uri[0] != '\0' || kit_text(kit, item, "data")[0] != '\0';
    } else if (kit_same(type, "text") && out->words[0] == '\0') {
        out->words = kit_text(kit, item, "text");
    }
}

static void find(const struct veo_call *call, const struct gen_node *body, struct found *out)
{
    const struct gen_host *host = call->kit.host;
    const struct gen_node *steps = host->json_get(body, "steps");
    size_t i, k;

    *out = (struct found){.uri = "", .words = "", .video = call->answer->extracted};
    steps = steps != NULL ? steps : host->json_get(body, "outputs");
    for (i = 0; i < host->json_count(steps) && i < 64; i++) {
        const struct gen_node *step = host->json_at(steps, i);
        const struct gen_node *list = host->json_get(step, "content");

        look_at(call, step, out); /* an older `outputs` has no steps around */
        for (k = 0; k < host->json_count(list) && k < 64; k++) {
            look_at(call, host->json_at(list, k), out);
        }
    }
}

/* Tokens of video in the bill, -1 = there is no bill. */
static int64_t video_tokens(const struct veo_call *call, const struct gen_node *body)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *usage = kit->host->json_get(body, "usage");
    const struct gen_node *rows = kit->host->json_get(usage, "output_tokens_by_modality");
    int64_t sum = 0;
    size_t i;

    if (kit->host->json_type(rows) != GEN_JSON_LIST) {
        return usage != NULL
                   ? kit->host->json_integer(kit->host->json_get(usage, "total_output_tokens"), -1)
                   : -1;
    }
    for (i = 0; i < kit->host->json_count(rows) && i < 16; i++) {
        const struct gen_node *row = kit->host->json_at(rows, i);
        int64_t tokens = kit->host->json_integer(kit->host->json_get(row, "tokens"), 0);

        sum += kit_alike(kit_text(kit, row, "modality"), "video") && tokens > 0 &&
                       tokens < INT64_C(1000000000000)
                   ? tokens
                   : 0;
    }
    return sum;
}

/* Micro-dollars of the bill, -1 = not known. */
static int64_t bill(const struct veo_call *call, const struct gen_node *body)
{
    return kit_units_price(video_tokens(call, body),
                           settings_token_price(&call->kit, call->settings, call->task->model));
}

/* Finished, and no video: Omni refuses by answering with words alone. */
static int32_t without_video(const struct veo_call *call, const struct gen_node *body,
                             const struct found *found)
{
    const struct gen_node *rows = kit_at(&call->kit, body, "usage.output_tokens_by_modality");
    int by_modality = call->kit.host->json_type(rows) == GEN_JSON_LIST;
    int64_t tokens = video_tokens(call, body);

    if (found->words[0] == '\0') {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "the interaction is completed and holds no video");
    }
    /* Without rows by modality the few tokens are those of the words. */
    return faults_refused(call, kit_text(&call->kit, body, "status"), found->words,
                          (by_modality ? tokens == 0 : tokens >= 0) ? GEN_BILLED_NO
                                                                    : GEN_BILLED_UNKNOWN);
}

static int32_t keep_asking(const struct veo_call *call, const char *word)
{
    call->step->note = word[0] != '\0'
                           ? call->kit.host->print(call->kit.arena, "Google says: %.60s", word)
                           : "Google's answer has no status";
    return kit_wait(call->step, call->settings->omni_poll_ms);
}

static int32_t ended(const struct veo_call *call, const struct gen_node *body, const char *word)
{
    struct kit_failure failure = {
        .kind = GEN_FAIL_PROVIDER, .billed = GEN_BILLED_UNKNOWN, .code = word};
    const struct gen_node *error = kit_at(&call->kit, body, "errors[0]");

    error = error != NULL ? error : call->kit.host->json_get(body, "error");
    if (kit_same(word, "failed")) {
        return faults_ended(call, error);
    }
    failure.kind = kit_same(word, "budget_exceeded") ? GEN_FAIL_QUOTA : GEN_FAIL_PROVIDER;
    failure.text = call->kit.host->print(call->kit.arena, "the interaction ended as %s", word);
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t omni_poll(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body;
    struct gen_node *keep;
    const char *word;
    struct found found;

    if (call->answer == NULL) {
        return ask(call, "GET", "");
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_STATUS);
    }
    body = kit_json(kit, call->answer);
    word = kit_text(kit, body, "status");
    if (faults_other(call, kit_text(kit, body, "id"))) {
        return faults_strange(call);
    }
    switch (status_of(word)) {
    case FAILED:
        return ended(call, body, word);
    case STUCK:
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "the interaction waits for an action that nobody can take");
    case RUNS:
        return keep_asking(call, word);
    default:
        break;
    }
    find(call, body, &found);
    if (!found.video) {
        return without_video(call, body, &found);
    }
    keep = kit->host->json_map(kit->arena); /* a later answer may lack the link */
    kit_set_text(kit, keep, "uri", found.uri);
    call->step->state = kit->host->json_write(kit->arena, keep, NULL);
    return kit_done(kit, call->step, "", bill(call, body), call->message);
}

/* ----------------------------------------------------------------------------------- fetch -- */

static int32_t remember(const struct veo_call *call, const char *doing, const char *uri)
{
    const struct kit *kit = &call->kit;
    struct gen_node *keep = kit->host->json_map(kit->arena);

    kit_set_text(kit, keep, "doing", doing);
    kit_set_text(kit, keep, "uri", uri);
    call->step->state = kit->host->json_write(kit->arena, keep, NULL);
    return call->step->state != NULL ? GEN_VERDICT_OK : kit_broken(call->message);
}

/* With the key to Google's own origin, bare to any other; the key follows no redirect. */
static int32_t download(const struct veo_call *call, const char *uri)
{
    struct gen_provider_request *request = kit_request(
        &call->kit, "GET", uri, kit_same_origin(call->settings->base, uri) ? VEO_KEY : "");

    if (request != NULL) {
        request->sink = GEN_SINK_RESULT;
        request->flags = GEN_REQUEST_FOLLOW;
    }
    return remember(call, "get", uri) == GEN_VERDICT_OK
               ? kit_send(call->step, request, call->message)
               : GEN_VERDICT_BROKEN;
}

/* The interaction again: the clip is inside, or a link. */
static int32_t looked(const struct veo_call *call)
{
    struct found found;

    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_STATUS);
    }
    if (faults_other(call, kit_text(&call->kit, kit_json(&call->kit, call->answer), "id"))) {
        return faults_strange(call);
    }
    if (call->answer->extracted) {
        return kit_done(&call->kit, call->step, "", -1, call->message);
    }
    find(call, kit_json(&call->kit, call->answer), &found);
    if (found.uri[0] != '\0') {
        return download(call, found.uri);
    }
    return faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                      "the completed interaction does not show its video");
}

/* The file could not be had: is Google still working on it, or is it gone? */
static int32_t had(const struct veo_call *call, const char *uri)
{
    const char *name = files_name(call, uri);
    int32_t status = call->answer->status;

    if (kit_status_kind(status) == 0) {
        return kit_done(&call->kit, call->step, "", -1, call->message);
    }
    if (status == 401 || status == 403 || status == 429 || status >= 500 || name == NULL) {
        return faults_answer(call, VEO_ASKED_FILE);
    }
    return remember(call, "check", uri) == GEN_VERDICT_OK ? files_look(call, name)
                                                          : GEN_VERDICT_BROKEN;
}

static int32_t checked(const struct veo_call *call, const char *uri)
{
    const char *state = kit_text(&call->kit, kit_json(&call->kit, call->answer), "state");

    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_FILE);
    }
    if (kit_same(state, "FAILED")) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "Google could not prepare the file of the video");
    }
    return remember(call, "again", uri) == GEN_VERDICT_OK ? kit_wait(call->step, OMNI_PROCESSING_MS)
                                                          : GEN_VERDICT_BROKEN;
}

int32_t omni_fetch(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *state = kit_state(kit, call->task);
    const char *doing = kit_text(kit, state, "doing"), *uri = kit_text(kit, state, "uri");

    if (call->answer == NULL) {
        if (kit_is_link(uri)) {
            return download(call, uri);
        }
        return remember(call, "look", "") == GEN_VERDICT_OK ? ask(call, "GET", "")
                                                            : GEN_VERDICT_BROKEN;
    }
    return kit_same(doing, "get")     ? had(call, uri)
           : kit_same(doing, "check") ? checked(call, uri)
                                      : looked(call);
}

/* -------------------------------------------------------------------------- cancel, health -- */

int32_t omni_cancel(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    int32_t status = call->answer != NULL ? call->answer->status : 0;
    const char *word;

    if (call->answer == NULL) {
        return ask(call, "POST", "/cancel");
    }
    if (status == 400 || status == 404 || status == 409) {
        return faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN,
                          "the interaction does not run any longer");
    }
    if (kit_status_kind(status) != 0) {
        return faults_answer(call, VEO_ASKED_STATUS);
    }
    word = kit_text(kit, kit_json(kit, call->answer), "status");
    if (kit_same(word, "completed") || kit_same(word, "failed")) {
        return faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN,
                          "the interaction was finished already");
    }
    return kit_done(kit, call->step, "", -1, call->message); /* what was used up is billed */
}

int32_t omni_health(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;

    if (call->answer == NULL) {
        return kit_send(call->step,
                        kit_request(kit, "GET",
                                    kit->host->print(kit->arena, "%s/%s/models",
                                                     call->settings->base, call->settings->version),
                                    VEO_KEY),
                        call->message);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_ACCOUNT);
    }
    if (kit->host->json_type(kit_at(kit, kit_json(kit, call->answer), "models")) != GEN_JSON_LIST) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "Google's list of models cannot be read");
    }
    return kit_done(kit, call->step, "", -1, call->message);
}
