/* poll.c - see poll.h. */
#include "poll.h"

#include "faults.h"
#include "submit.h"

enum {
    POLL_LEAST_MS = 2000, /* HeyGen's own client begins here */
    POLL_MOST_MS = 30000, /* and ends here */
    LIST_MOST = 1000,     /* rows of a page that are looked at */
    LIST_PAGES = 20,      /* of 100 videos: more than a day of anybody's renders by one title */
    LOST_MS = 5000,       /* the file may lag behind its link */
};

enum { RUNS = 1, FINISHED = 2, FAILED = 3, GONE = 4 };

static const struct {
    const char *word;
    int32_t means;
} statuses[] = {
    {"pending", RUNS},       {"waiting", RUNS},  {"queued", RUNS},    {"processing", RUNS},
    {"completed", FINISHED}, {"failed", FAILED}, {"not_found", GONE},
};

static int32_t status_of(const char *word)
{
    size_t i;

    for (i = 0; i < KIT_COUNT(statuses); i++) {
        if (kit_same(statuses[i].word, word)) {
            return statuses[i].means;
        }
    }
    return RUNS; /* a word that is new to us is no end */
}

static int32_t get(const struct heygen_call *call, const char *url, const char *credential,
                   int32_t sink)
{
    struct gen_provider_request *request = kit_request(&call->kit, "GET", url, credential);

    if (request != NULL) {
        request->sink = sink;
        request->flags = sink == GEN_SINK_RESULT ? GEN_REQUEST_FOLLOW : 0;
    }
    return kit_send(call->step, request, call->message);
}

static int32_t get_status(const struct heygen_call *call)
{
    const struct kit *kit = &call->kit;
    const char *id = kit->host->url_encode(kit->arena, call->task->handle);

    return get(call,
               id != NULL
                   ? kit->host->print(kit->arena, "%s/v3/videos/%s", call->settings->base, id)
                   : NULL,
               HEYGEN_CREDENTIAL, GEN_SINK_MEMORY);
}

/* The older a render is, the less often it is asked for; without its age in between. */
static int64_t pace(const struct heygen_call *call, const struct gen_node *data)
{
    int64_t created = call->kit.host->json_integer(call->kit.host->json_get(data, "created_at"), 0);
    int64_t age = created > 0 && created < INT64_MAX / 1000 ? call->task->now_ms - created * 1000
                                                            : POLL_LEAST_MS * 25;

    age /= 5;
    return age < POLL_LEAST_MS ? POLL_LEAST_MS : age > POLL_MOST_MS ? POLL_MOST_MS : age;
}

static int32_t keep_asking(const struct heygen_call *call, const struct gen_node *data)
{
    const char *word = kit_text(&call->kit, data, "status");

    call->step->note = word[0] != '\0'
                           ? call->kit.host->print(call->kit.arena, "HeyGen says: %.60s", word)
                           : "HeyGen's answer has no status";
    return kit_wait(call->step, pace(call, data));
}

static const struct gen_node *data_of(const struct heygen_call *call)
{
    return call->kit.host->json_get(kit_json(&call->kit, call->answer), "data");
}

/* Does the answer say that it is about another video than was asked for? */
static int strange(const struct heygen_call *call, const struct gen_node *data)
{
    const char *id = kit_text(&call->kit, data, "id"),
               *video = kit_text(&call->kit, data, "video_id");

    return (id[0] != '\0' && !kit_same(id, call->task->handle)) ||
           (video[0] != '\0' && !kit_same(video, call->task->handle));
}

static int32_t another(const struct heygen_call *call)
{
    return faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                      "HeyGen's answer is about another video than was asked for");
}

int32_t poll_step(const struct heygen_call *call)
{
    const struct gen_node *data;

    if (call->answer == NULL) {
        return get_status(call);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, HEYGEN_ASKED_STATUS);
    }
    data = data_of(call);
    if (strange(call, data)) {
        return another(call);
    }
    switch (status_of(kit_text(&call->kit, data, "status"))) {
    case FINISHED:
        return kit_text(&call->kit, data, "video_url")[0] != '\0'
                   ? kit_done(&call->kit, call->step, "", -1, call->message)
                   : keep_asking(call, data); /* the link follows */
    case FAILED:
        return faults_render(call, data);
    case GONE:
        return faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN, "HeyGen has no such video");
    default:
        return keep_asking(call, data);
    }
}

/* ----------------------------------------------------------------------------------- fetch -- */

/* The answer to the question for a link: the file itself comes next, without the key. */
static int32_t follow_link(const struct heygen_call *call, const char *next_state)
{
    const struct gen_node *data = data_of(call);
    const char *url = kit_text(&call->kit, data, "video_url");
    int32_t means = status_of(kit_text(&call->kit, data, "status"));

    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, HEYGEN_ASKED_STATUS);
    }
    if (strange(call, data)) {
        return another(call);
    }
    if (means == FAILED) {
        return faults_render(call, data);
    }
    if (means == GONE) {
        return faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN, "HeyGen has no such video");
    }
    if (!kit_is_link(url)) {
        call->step->state = "";
        return kit_wait(call->step, LOST_MS);
    }
    call->step->state = next_state;
    return get(call, url, "", GEN_SINK_RESULT);
}

/* 403 and 404 mean that the link has ended: a fresh one is asked for, once at once. */
static int32_t file_answer(const struct heygen_call *call, int fresh)
{
    int32_t status = call->answer->status;
    struct kit_failure failure = {.kind = GEN_FAIL_TRANSIENT,
                                  .billed = GEN_BILLED_UNKNOWN,
                                  .text = "the file behind HeyGen's link cannot be had yet",
                                  .retry_after_ms = LOST_MS};

    if (kit_status_kind(status) == 0) {
        return kit_done(&call->kit, call->step, "", -1, call->message);
    }
    if ((status == 403 || status == 404 || status == 410) && !fresh) {
        call->step->state = "look again";
        return get_status(call);
    }
    failure.code = call->kit.host->print(call->kit.arena, "%d", (int)status);
    return kit_fail(&call->kit, call->step, &failure, call->message);
}

int32_t poll_fetch(const struct heygen_call *call)
{
    const char *state = call->task->state;

    if (call->answer == NULL) {
        call->step->state = "look";
        return get_status(call);
    }
    if (kit_same(state, "look again")) {
        return follow_link(call, "get again");
    }
    if (kit_same(state, "get") || kit_same(state, "get again")) {
        return file_answer(call, kit_same(state, "get again"));
    }
    return follow_link(call, "get");
}

/* --------------------------------------------------------------------------------- recover -- */

/* Pages of the list that carry our title; state is the number of pages seen. */
static int32_t list(const struct heygen_call *call, int64_t page, const char *token)
{
    const struct kit *kit = &call->kit;
    const char *title = submit_title(call);
    const char *more = token[0] != '\0' ? kit->host->url_encode(kit->arena, token) : "";

    title = title != NULL ? kit->host->url_encode(kit->arena, title) : NULL;
    call->step->state = kit->host->print(kit->arena, "%lld", (long long)page);
    if (title == NULL || more == NULL || call->step->state == NULL) {
        return kit_broken(call->message);
    }
    return get(call,
               kit->host->print(kit->arena, "%s/v3/videos?limit=100&title=%s%s%s",
                                call->settings->base, title, more[0] != '\0' ? "&token=" : "",
                                more),
               HEYGEN_CREDENTIAL, GEN_SINK_MEMORY);
}

/* The id of the video that bears exactly our title, "" = not on this page. */
static const char *look_for(const struct heygen_call *call, const struct gen_node *page)
{
    const struct kit *kit = &call->kit;
    const char *title = kit_or(submit_title(call), "");
    size_t i;

    for (i = 0; i < kit->host->json_count(page) && i < LIST_MOST; i++) {
        const struct gen_node *row = kit->host->json_at(page, i);

        if (kit_same(kit_text(kit, row, "title"), title)) {
            return kit_text(kit, row, "id");
        }
    }
    return "";
}

int32_t poll_recover(const struct heygen_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *state, *answer, *page;
    const char *id, *token;
    int64_t seen;

    if (call->answer == NULL) {
        return list(call, 1, "");
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return kit_wait(call->step, POLL_MOST_MS); /* asking is free */
    }
    answer = kit_json(kit, call->answer);
    page = kit->host->json_get(answer, "data");
    if (kit->host->json_type(page) != GEN_JSON_LIST) {
        return kit_wait(call->step, POLL_MOST_MS); /* what cannot be read says nothing */
    }
    id = look_for(call, page);
    if (id[0] != '\0' || !kit->host->json_truth(kit->host->json_get(answer, "has_more"), 0)) {
        return kit_done(kit, call->step, id, -1, call->message);
    }
    state = kit_state(kit, call->task);
    seen = kit->host->json_integer(state, 1);
    token = kit_text(kit, answer, "next_token");
    if (seen >= LIST_PAGES || token[0] == '\0') {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "HeyGen's list of videos is too long to say whether this one is in it");
    }
    return list(call, seen + 1, token);
}

/* ---------------------------------------------------------------------------------- health -- */

int32_t poll_health(const struct heygen_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *data, *left;

    if (call->answer == NULL) {
        return get(call, kit->host->print(kit->arena, "%s/v3/users/me", call->settings->base),
                   HEYGEN_CREDENTIAL, GEN_SINK_MEMORY);
    }
    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, HEYGEN_ASKED_ACCOUNT);
    }
    data = data_of(call);
    if (data == NULL) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "HeyGen's answer about the account cannot be read");
    }
    left = kit_at(kit, data, "wallet.remaining_balance");
    if (kit->host->json_type(left) == GEN_JSON_NUMBER) {
        int credits = kit_same(kit_text(kit, data, "wallet.currency"), "credits");

        call->step->note = kit->host->print(
            kit->arena, credits ? "credit left: %.0f credits" : "credit left: $%.2f",
            kit->host->json_number(left, 0));
    }
    return kit_done(kit, call->step, "", -1, call->message);
}
