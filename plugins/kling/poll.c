/* poll.c - see poll.h. */
#include "poll.h"

#include "faults.h"
#include "remote.h"

enum { POLL_FRESH_LINKS = 3, POLL_PERIOD_MS = 24 * 3600 * 1000 };

enum job_end { JOB_LIVES = 1, JOB_RENDERED = 2, JOB_FAILED = 3 };

struct word { /* a status of either dialect; one that is not here means that it goes on */
    const char *word, *note;
    int32_t end;
};

static const struct word words[] = {
    {"submitted", "waiting at Kling", JOB_LIVES},
    {"processing", "rendering at Kling", JOB_LIVES},
    {"succeed", "", JOB_RENDERED},
    {"succeeded", "", JOB_RENDERED},
    {"failed", "", JOB_FAILED},
    {NULL, NULL, JOB_LIVES},
};

static const struct word *word_of(const char *status)
{
    const struct word *row = words;

    while (row->word != NULL && !kit_same(row->word, status)) {
        row++;
    }
    return row;
}

static int32_t ask_job(const struct kling_call *call, const char *state)
{
    struct remote remote;

    if (!remote_read(call, call->task->handle, &remote)) {
        return faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN,
                          "the stored handle of the job is not of this plugin");
    }
    if (state == NULL) {
        return kit_broken(call->message);
    }
    return remote_ask(call, &remote, state);
}

/* The state of fetch: "job 1" while the link is asked for ("reference 1": by our reference), "file
 * 1" while it is followed; the number is how many links there were. */
static int fresh_links(const struct kling_call *call)
{
    const char *state = call->task->state;
    size_t length = strlen(state);

    return length > 0 && state[length - 1] >= '0' && state[length - 1] <= '9'
               ? state[length - 1] - '0'
               : 0;
}

/* The id belongs to another order, too: our own is known by our reference. */
static int32_t ask_by_reference(const struct kling_call *call)
{
    struct remote remote = {"", "", "", 0};
    const char *state = call->kit.host->print(call->kit.arena, "reference %d", fresh_links(call));

    if (!remote_read(call, call->task->handle, &remote) || state == NULL) {
        return kit_broken(call->message);
    }
    remote.id = call->task->reference;
    remote.by_reference = 1;
    return remote_ask(call, &remote, state);
}

/* The job of an answer; its `found` is JOB, or the step is made and *verdict set. Never one that
 * says that it is another order's. */
static struct remote_answer read_job(const struct kling_call *call, int32_t *verdict)
{
    struct remote remote = {"", "", "", 0};
    struct remote_answer answer;

    remote_read(call, call->task->handle, &remote);
    if (kit_begins(call->task->state, "reference")) {
        remote.by_reference = 1;
    }
    answer = remote_job(call, remote.by_reference ? "" : remote.id, call->task->reference);
    if (answer.found == REMOTE_OTHER) {
        *verdict = ask_by_reference(call);
    } else if (answer.found == REMOTE_NONE) {
        *verdict = faults_own(call, GEN_FAIL_EXPIRED, GEN_BILLED_UNKNOWN,
                              "Kling has no such job any more");
    } else if (answer.found == REMOTE_FAULT && faults_of(call, answer.body) != NULL) {
        *verdict = faults_answer(call, answer.body, KLING_ASKED_JOB);
    } else if (answer.found == REMOTE_FAULT || answer.status[0] == '\0') {
        answer.found = REMOTE_FAULT;
        *verdict = faults_own(call, GEN_FAIL_TRANSIENT, GEN_BILLED_UNKNOWN,
                              "Kling's answer about the job cannot be read");
    }
    return answer;
}

static int32_t lives(const struct kling_call *call, const struct remote_answer *job)
{
    const struct kit *kit = &call->kit;
    const struct word *row = word_of(job->status);

    call->step->note = row->note != NULL
                           ? row->note
                           : kit->host->print(kit->arena, "Kling says: %.60s", job->status);
    return kit_wait(call->step, call->settings->poll_ms);
}

/* Failed jobs are not charged, unless this one says so. */
static int32_t failed(const struct kling_call *call, const struct remote_answer *job)
{
    return faults_job(call, job->status, job->words, remote_cost(call, job->job), GEN_BILLED_NO);
}

/* A success without a clip may be a refusal: its words are looked at. */
static int32_t empty(const struct kling_call *call, const struct remote_answer *job)
{
    return faults_job(call, "empty",
                      job->words[0] != '\0' ? job->words : "Kling finished the job without a clip",
                      remote_cost(call, job->job), GEN_BILLED_UNKNOWN);
}

int32_t poll_step(const struct kling_call *call)
{
    int32_t verdict = GEN_VERDICT_OK;
    struct remote_answer job;

    if (call->answer == NULL) {
        return ask_job(call, "");
    }
    job = read_job(call, &verdict);
    if (job.found != REMOTE_JOB) {
        return verdict;
    }
    switch (word_of(job.status)->end) {
    case JOB_RENDERED:
        return job.link == NULL ? empty(call, &job)
                                : kit_done(&call->kit, call->step, "", remote_cost(call, job.job),
                                           call->message);
    case JOB_FAILED:
        return failed(call, &job);
    default:
        return lives(call, &job);
    }
}

/* ------------------------------------------------------------------------------------- fetch -- */

static int32_t follow(const struct kling_call *call, const char *url)
{
    const struct kit *kit = &call->kit;
    struct gen_provider_request *request = kit_request(kit, "GET", url, "");

    if (request == NULL) {
        return kit_broken(call->message);
    }
    request->sink = GEN_SINK_RESULT;
    request->flags = GEN_REQUEST_FOLLOW;
    call->step->state = kit->host->print(kit->arena, "file %d", fresh_links(call));
    return kit_send(call->step, request, call->message);
}

static int32_t followed(const struct kling_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_provider_answer *answer = call->answer;
    int links = fresh_links(call) + 1;

    if (answer->status >= 200 && answer->status < 300) {
        return answer->body_complete
                   ? kit_done(kit, call->step, "", -1, call->message)
                   : faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_YES,
                                "the file at Kling is larger than is allowed here");
    }
    if (answer->status >= 400 && answer->status < 500 && answer->status != 429 &&
        links < POLL_FRESH_LINKS) {
        return ask_job(call, kit->host->print(kit->arena, "job %d", links));
    }
    return faults_own(call, answer->status == 429 ? GEN_FAIL_RATE_LIMITED : GEN_FAIL_TRANSIENT,
                      GEN_BILLED_UNKNOWN,
                      kit->host->print(kit->arena, "the file at Kling cannot be fetched: status %d",
                                       (int)answer->status));
}

int32_t poll_fetch(const struct kling_call *call)
{
    int32_t verdict = GEN_VERDICT_OK;
    struct remote_answer job;

    if (call->answer == NULL) {
        return ask_job(call, "job 0");
    }
    if (kit_begins(call->task->state, "file")) {
        return followed(call);
    }
    job = read_job(call, &verdict);
    if (job.found != REMOTE_JOB) {
        return verdict;
    }
    switch (word_of(job.status)->end) {
    case JOB_RENDERED:
        return job.link == NULL ? empty(call, &job) : follow(call, job.link);
    case JOB_FAILED:
        return failed(call, &job);
    default:
        return lives(call, &job);
    }
}

/* ------------------------------------------------------------------------------------ health -- */

/* What is left of the packs that are in force; the names of their fields have one source. */
static const char *left(const struct kling_call *call, const struct gen_node *packs)
{
    const struct kit *kit = &call->kit;
    int64_t sum = 0;
    size_t i;

    for (i = 0; i < kit->host->json_count(packs); i++) {
        const struct gen_node *pack = kit->host->json_at(packs, i);
        int64_t units = kit_millionths(kit, kit->host->json_get(pack, "remaining_quantity"), -1);

        if (kit_same(kit_text(kit, pack, "status"), "online") && units >= 0 &&
            sum <= INT64_MAX - units) {
            sum += units;
        }
    }
    return sum > 0 ? kit->host->print(kit->arena, "units left: %.6g", (double)sum / 1e6) : NULL;
}

int32_t poll_health(const struct kling_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *body;
    int64_t now = call->task->now_ms;

    if (call->answer == NULL) {
        return kit_send(
            call->step,
            kit_request(kit, "GET",
                        kit->host->print(kit->arena,
                                         "%s/account/costs?start_time=%lld&end_time=%lld",
                                         call->settings->base, (long long)(now - POLL_PERIOD_MS),
                                         (long long)now),
                        settings_credential(call->settings)),
            call->message);
    }
    body = kit_json(kit, call->answer);
    if (faults_of(call, body) != NULL) {
        return faults_answer(call, body, KLING_ASKED_ACCOUNT);
    }
    call->step->note = left(call, kit_at(kit, body, "data.resource_pack_subscribe_infos"));
    return kit_done(kit, call->step, "", -1, call->message);
}
