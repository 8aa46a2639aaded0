/* fake.c - the priced provider of the tests: a small render service over HTTP, and nothing more.
 *
 * Settings (all but baseUrl have a default):
 *   baseUrl         "http://127.0.0.1:4000"; its host and port are declared
 *   pricePerSecond  dollars a second, 0.05; null = no price is known
 *   recover         true: offers gen.recover/1
 *   cancel          true: offers gen.cancel/1
 *   health          false: offers gen.health/1
 *   credential      "": bare requests; else the name of the credential that signs them
 *   pollMs          200: the pause between two polls
 *
 * Models, all of any size up to 3840x2160 and 1 to 30 seconds (300 for whole):
 *   pay       one scene a shot; submitting again is a second job
 *   pay-idem  the same, but a repeated reference is known to be the same job
 *   whole     a whole storyboard in one shot
 *
 * Wire format:
 *   POST   BASE/jobs        {"reference", "model", "durationMs", "width", "height",
 *                            "frameRateMilli", "seed", "scenes": [{"prompt", "durationMs"}]}
 *                           -> 200 or 201 {"id": "..."}
 *   GET    BASE/jobs/ID     -> 200 {"id", "status": "queued" | "running" | "done" | "failed" |
 *                              "moderated" | "canceled" | "more", "progress": 0..1, "queuePosition",
 *                              "cost": dollars, "error": {"code", "message", "field", "billed"}}
 *                           "more" = ask for BASE/jobs/ID/more at once, with the same answers
 *   GET    BASE/jobs/ID/video          -> 200, the file
 *   GET    BASE/jobs?reference=REF     -> 200 {"jobs": [{"id": "..."}]}, or 404
 *   DELETE BASE/jobs/ID                -> 200 {"cost": dollars}, 204 or 404
 *   GET    BASE/health                 -> 200 {"note": words}; 202: ask again
 *   Errors are {"error": {"code", "message", "field", "billed"}}: 401 and 403 auth, 402 quota,
 *   404 and 410 expired, 408 and 5xx transient, 429 rate_limited (Retry-After in seconds), other
 *   4xx invalid, or moderated when the code is "moderated".
 * A word of status that is not in this list means that the job is still running.
 */
#include <gen/ext/cancel.h>
#include <gen/ext/health.h>
#include <gen/ext/recover.h>
#include <gen/provider.h>

#include <string.h>

struct fake_self {
    const char *base;
    const char *credential;
    const char *hosts[2]; /* host and port of base; NULL */
    int64_t price;        /* a second, micro-dollars; -1 = unknown */
    int64_t poll_ms;
    int32_t recovers, cancels, tells_health;
    struct gen_provider_credential signing;
};

/* The host's table: the one thing that a plugin keeps, set by the entry. */
static const struct gen_host *host;

/* A plugin must not leave a half-made answer when memory ran out. */
static int32_t fake_broken(const char **message)
{
    *message = "out of memory";
    return GEN_VERDICT_BROKEN;
}

static int32_t fake_configure(const struct gen_node *settings, struct gen_arena *arena,
                              const void **self, const char **message)
{
    struct fake_self *fake = host->alloc(arena, sizeof(*fake));
    const struct gen_node *price = host->json_get(settings, "pricePerSecond");
    const char *base = host->json_text(host->json_get(settings, "baseUrl"), "http://127.0.0.1:9");
    const char *authority = strstr(base, "://");

    if (fake == NULL) {
        return fake_broken(message);
    }
    if (authority == NULL) {
        *message = host->print(arena, "baseUrl \"%s\" is not a URL", base);
        return GEN_VERDICT_REFUSED;
    }
    authority += strlen("://");
    fake->base = host->print(arena, "%s", base);
    fake->credential = host->print(arena, "%s",
                                   host->json_text(host->json_get(settings, "credential"), ""));
    fake->hosts[0] = host->print(arena, "%.*s", (int)strcspn(authority, "/?#"), authority);
    fake->price = host->json_type(price) == GEN_JSON_ABSENT ? 50000 : host->json_dollars(price, -1);
    fake->poll_ms = host->json_integer(host->json_get(settings, "pollMs"), 200);
    fake->recovers = host->json_truth(host->json_get(settings, "recover"), 1);
    fake->cancels = host->json_truth(host->json_get(settings, "cancel"), 1);
    fake->tells_health = host->json_truth(host->json_get(settings, "health"), 0);
    fake->signing = (struct gen_provider_credential){.size = sizeof(fake->signing),
                                                     .scheme = GEN_SCHEME_BEARER,
                                                     .name = fake->credential,
                                                     .hint = "any word will do"};
    if (fake->base == NULL || fake->credential == NULL || fake->hosts[0] == NULL) {
        return fake_broken(message);
    }
    *self = fake;
    return GEN_VERDICT_OK;
}

#define FAKE_MODEL(model, text, bits, longest, scenes) \
    { \
        .size = sizeof(struct gen_provider_model), .id = model, .name = text, \
        .needs = GEN_NEED_PHOTOREALISTIC | GEN_NEED_CINEMATIC | GEN_NEED_TEXT_OVERLAY, \
        .flags = (bits) | GEN_MODEL_ANY_RATIO | GEN_MODEL_REPORTS_COST | \
                 GEN_MODEL_REPORTS_PROGRESS, \
        .tier = 2, .min_duration_ms = 1000, .max_duration_ms = longest, .sizes = fake_sizes, \
        .size_count = 2, .max_width = 3840, .max_height = 3840, .max_frame_rate = 60, \
        .max_scenes = scenes, .max_prompt = 2000, .max_assets = 8, \
        .asset_types = "image/png image/jpeg", .max_concurrent = 4, .quality = 6.5, \
        .seconds_per_second = 3 \
    }

static const struct gen_provider_size fake_sizes[] = {{1280, 720}, {720, 1280}};

static const struct gen_provider_model fake_models[] = {
    FAKE_MODEL("pay", "Pay", 0, 30000, 1),
    FAKE_MODEL("pay-idem", "Pay, idempotent", GEN_MODEL_SUBMIT_IDEMPOTENT, 30000, 1),
    FAKE_MODEL("whole", "Whole storyboard", GEN_MODEL_WHOLE_STORYBOARD, 300000, 100),
};

static int32_t fake_capabilities(const void *self, struct gen_arena *arena,
                                 struct gen_provider_capabilities *out, const char **message)
{
    const struct fake_self *fake = self;

    (void)arena;
    (void)message;
    out->model_size = sizeof(fake_models[0]);
    out->models = fake_models;
    out->model_count = sizeof(fake_models) / sizeof(fake_models[0]);
    out->hosts = fake->hosts;
    out->credentials = &fake->signing;
    out->credential_count = fake->credential[0] != '\0' ? 1 : 0;
    out->credential_size = sizeof(fake->signing);
    return GEN_VERDICT_OK;
}

static const struct gen_provider_scene *fake_scene(const struct gen_provider_task *task,
                                                   size_t index)
{
    return (const void *)((const char *)task->scenes + index * task->scene_size);
}

/* A shot lasts whole seconds here, so that there is something to adjust. */
static int32_t fake_format(const void *self, const struct gen_provider_task *task,
                           struct gen_arena *arena, struct gen_provider_format *out,
                           const char **message)
{
    int64_t asked = task->end_card->present ? task->end_card->duration_ms : 0;
    struct gen_node *parameters = host->json_map(arena);

    (void)self;
    for (size_t i = 0; i < task->scene_count; i++) {
        asked += fake_scene(task, i)->duration_ms;
    }
    if (strcmp(task->model, "whole") != 0 && asked > 30000) {
        *message = host->print(arena,
                               "a shot of %lld ms is longer than the 30 seconds this model "
                               "renders",
                               (long long)asked);
        return GEN_VERDICT_REFUSED;
    }
    out->width = task->width;
    out->height = task->height;
    out->frame_rate_milli = task->frame_rate_milli;
    out->duration_ms = (asked + 999) / 1000 * 1000;
    host->json_set(arena, parameters, "durationMs",
                   host->json_new_integer(arena, out->duration_ms));
    out->parameters = parameters;
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    if (out->duration_ms != asked) {
        struct gen_provider_adjustment *adjustment = host->alloc(arena, sizeof(*adjustment));

        if (adjustment == NULL) {
            return fake_broken(message);
        }
        adjustment->size = sizeof(*adjustment);
        adjustment->field = "duration";
        adjustment->from = host->print(arena, "%lld ms", (long long)asked);
        adjustment->to = host->print(arena, "%lld ms", (long long)out->duration_ms);
        adjustment->reason = "This provider renders whole seconds.";
        out->adjustments = adjustment;
        out->adjustment_count = 1;
    }
    return parameters != NULL ? GEN_VERDICT_OK : fake_broken(message);
}

static int64_t fake_duration(const struct gen_provider_task *task)
{
    return host->json_integer(host->json_get(task->parameters, "durationMs"), 0);
}

/* "$0.05": no more decimals than it takes, at least two. */
static const char *fake_dollars(struct gen_arena *arena, int64_t micros)
{
    int64_t fraction = micros % 1000000;
    int decimals = 6;

    while (decimals > 2 && fraction % 10 == 0) {
        fraction /= 10;
        decimals--;
    }
    return host->print(arena, "$%lld.%0*lld", (long long)(micros / 1000000), decimals,
                       (long long)fraction);
}

static int32_t fake_cost(const void *self, const struct gen_provider_task *task,
                         const struct gen_node *prices, struct gen_arena *arena,
                         struct gen_provider_cost *out, const char **message)
{
    const struct fake_self *fake = self;
    int64_t seconds = fake_duration(task) / 1000;
    int64_t price = host->json_dollars(host->json_get(prices, "perSecond"), fake->price);

    out->known = price >= 0 && seconds > 0;
    if (!out->known) {
        out->basis = "no price is known";
        return GEN_VERDICT_OK;
    }
    out->exact = 1;
    /* More than a number holds is for the host to refuse, as the largest number there is. */
    out->price_micros = price > INT64_MAX / seconds ? INT64_MAX : seconds * price;
    out->most_micros = out->price_micros;
    out->basis = host->print(arena, "%lld s x %s per second", (long long)seconds,
                             fake_dollars(arena, price));
    return out->basis != NULL ? GEN_VERDICT_OK : fake_broken(message);
}

/* ----------------------------------------------------------------------------------- answers -- */

static const char *fake_header(const struct gen_provider_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0) {
            return answer->headers[i].value;
        }
    }
    return "";
}

/* Whole seconds of a Retry-After; 0 when it is a date or nonsense. */
static int64_t fake_retry_after(const struct gen_provider_answer *answer)
{
    int64_t seconds = 0;

    for (const char *at = fake_header(answer, "retry-after"); *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || seconds > 86400) {
            return 0;
        }
        seconds = seconds * 10 + (*at - '0');
    }
    return seconds * 1000;
}

static const struct gen_node *fake_body(const struct gen_provider_answer *answer,
                                        struct gen_arena *arena)
{
    return answer->body_complete ? host->json_parse(arena, answer->body, answer->body_size) : NULL;
}

static int32_t fake_fail(struct gen_provider_step *step, struct gen_arena *arena, int32_t kind,
                         int32_t billed, const struct gen_node *error, const char *words,
                         const char **message)
{
    struct gen_provider_fail *fail = host->alloc(arena, sizeof(*fail));

    if (fail == NULL) {
        return fake_broken(message);
    }
    fail->size = sizeof(*fail);
    fail->kind = kind;
    fail->billed = billed;
    fail->code = host->json_text(host->json_get(error, "code"), "");
    fail->message = host->json_text(host->json_get(error, "message"), words);
    fail->field = host->json_text(host->json_get(error, "field"), "");
    fail->cost_micros = host->json_dollars(host->json_get(error, "billed"), -1);
    if (fail->cost_micros >= 0) {
        fail->billed = fail->cost_micros > 0 ? GEN_BILLED_YES : GEN_BILLED_NO;
    }
    step->kind = GEN_STEP_FAIL;
    step->fail = fail;
    return GEN_VERDICT_OK;
}

struct fake_status {
    int32_t from, to; /* status codes */
    int32_t kind;
    const char *words;
};

static const struct fake_status fake_statuses[] = {
    {401, 401, GEN_FAIL_AUTH, "the credential was not accepted"},
    {402, 402, GEN_FAIL_QUOTA, "the credit is used up"},
    {403, 403, GEN_FAIL_AUTH, "the credential has no permission"},
    {404, 404, GEN_FAIL_EXPIRED, "there is no such job"},
    {408, 408, GEN_FAIL_TRANSIENT, "the service did not read the request in time"},
    {410, 410, GEN_FAIL_EXPIRED, "the job is gone"},
    {429, 429, GEN_FAIL_RATE_LIMITED, "too many requests"},
    {400, 499, GEN_FAIL_INVALID, "the request was refused"},
    {500, 599, GEN_FAIL_TRANSIENT, "the service has a problem"},
    {0, 0, 0, NULL},
};

/* What an answer that is not a success means: by its status, then by the code in its body. */
static int32_t fake_classify(struct gen_provider_step *step,
                             const struct gen_provider_answer *answer, struct gen_arena *arena,
                             int32_t billed, const char **message)
{
    const struct gen_node *error = host->json_get(fake_body(answer, arena), "error");
    const struct fake_status *row = fake_statuses;
    int32_t verdict;

    while (row->words != NULL && (answer->status < row->from || answer->status > row->to)) {
        row++;
    }
    if (row->words == NULL) {
        return fake_fail(step, arena, GEN_FAIL_PROVIDER, billed, error,
                         host->print(arena, "an answer with the status %d", (int)answer->status),
                         message);
    }
    if (strcmp(host->json_text(host->json_get(error, "code"), ""), "moderated") == 0) {
        return fake_fail(step, arena, GEN_FAIL_MODERATED, billed, error, row->words, message);
    }
    verdict = fake_fail(step, arena, row->kind, billed, error, row->words, message);
    if (verdict == GEN_VERDICT_OK) {
        ((struct gen_provider_fail *)step->fail)->retry_after_ms = fake_retry_after(answer);
    }
    return verdict;
}

static int32_t fake_done(struct gen_provider_step *step, struct gen_arena *arena,
                         const char *handle, int64_t cost, const char **message)
{
    struct gen_provider_done *done = host->alloc(arena, sizeof(*done));

    if (done == NULL || handle == NULL) {
        return fake_broken(message);
    }
    done->size = sizeof(*done);
    done->handle = handle;
    done->file = "";
    done->cost_micros = cost;
    step->kind = GEN_STEP_DONE;
    step->done = done;
    return GEN_VERDICT_OK;
}

/* ---------------------------------------------------------------------------------- requests -- */

static struct gen_provider_request *fake_request(const struct fake_self *fake,
                                                 struct gen_arena *arena, const char *method,
                                                 const char *url)
{
    struct gen_provider_request *request = host->alloc(arena, sizeof(*request));

    if (request == NULL || url == NULL) {
        return NULL;
    }
    request->size = sizeof(*request);
    request->body_kind = GEN_BODY_NONE;
    request->sink = GEN_SINK_MEMORY;
    request->method = method;
    request->url = url;
    request->credential = fake->credential;
    request->timeout_ms = 30000;
    return request;
}

static int32_t fake_ask(struct gen_provider_step *step, const struct gen_provider_request *request,
                        const char **message)
{
    if (request == NULL) {
        return fake_broken(message);
    }
    step->kind = GEN_STEP_HTTP;
    step->request = request;
    return GEN_VERDICT_OK;
}

static const char *fake_job_url(const struct fake_self *fake, const struct gen_provider_task *task,
                                struct gen_arena *arena, const char *tail)
{
    const char *handle = host->url_encode(arena, task->handle);

    return handle != NULL ? host->print(arena, "%s/jobs/%s%s", fake->base, handle, tail) : NULL;
}

static const char *fake_order(const struct gen_provider_task *task, struct gen_arena *arena,
                              size_t *size)
{
    struct gen_node *order = host->json_map(arena);
    struct gen_node *scenes = host->json_list(arena);

    host->json_set(arena, order, "reference", host->json_new_text(arena, task->reference));
    host->json_set(arena, order, "model", host->json_new_text(arena, task->model));
    host->json_set(arena, order, "durationMs", host->json_new_integer(arena, fake_duration(task)));
    host->json_set(arena, order, "width", host->json_new_integer(arena, task->width));
    host->json_set(arena, order, "height", host->json_new_integer(arena, task->height));
    host->json_set(arena, order, "frameRateMilli",
                   host->json_new_integer(arena, task->frame_rate_milli));
    host->json_set(arena, order, "seed", host->json_new_integer(arena, task->seed));
    for (size_t i = 0; i < task->scene_count; i++) {
        const struct gen_provider_scene *scene = fake_scene(task, i);
        struct gen_node *one = host->json_push(scenes, host->json_map(arena));

        host->json_set(arena, one, "prompt", host->json_new_text(arena, scene->prompt));
        host->json_set(arena, one, "durationMs", host->json_new_integer(arena, scene->duration_ms));
    }
    host->json_set(arena, order, "scenes", scenes);
    return host->json_write(arena, order, size);
}

static int32_t fake_submit(const void *self, const struct gen_provider_task *task,
                           const struct gen_provider_answer *answer, struct gen_arena *arena,
                           struct gen_provider_step *step, const char **message)
{
    static const struct gen_provider_header headers[] = {{"content-type", "application/json"}};
    const struct fake_self *fake = self;
    struct gen_provider_request *request;
    const char *id;

    if (answer == NULL) {
        request = fake_request(fake, arena, "POST", host->print(arena, "%s/jobs", fake->base));
        if (request == NULL) {
            return fake_broken(message);
        }
        request->flags = GEN_REQUEST_COSTS;
        request->headers = headers;
        request->header_count = 1;
        request->body_kind = GEN_BODY_BYTES;
        request->data = fake_order(task, arena, &request->data_size);
        return request->data != NULL ? fake_ask(step, request, message) : fake_broken(message);
    }
    if (answer->status != 200 && answer->status != 201) {
        /* An error that this service answered with is a job that it did not take. */
        return fake_classify(step, answer, arena, GEN_BILLED_NO, message);
    }
    id = host->json_text(host->json_get(fake_body(answer, arena), "id"), "");
    if (id[0] == '\0') {
        return fake_fail(step, arena, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN, NULL,
                         "the job was accepted without an id", message);
    }
    return fake_done(step, arena, host->print(arena, "%s", id), -1, message);
}

/* A job that ended without a video. */
static int32_t fake_ended(struct gen_provider_step *step, const struct gen_node *job,
                          const char *status, struct gen_arena *arena, const char **message)
{
    const struct gen_node *error = host->json_get(job, "error");
    int32_t kind = GEN_FAIL_PROVIDER;

    if (strcmp(status, "moderated") == 0) {
        kind = GEN_FAIL_MODERATED;
    } else if (strcmp(status, "canceled") == 0) {
        kind = GEN_FAIL_EXPIRED;
    }
    return fake_fail(step, arena, kind, GEN_BILLED_UNKNOWN, error,
                     host->print(arena, "the job ended as %s", status), message);
}

static int32_t fake_poll(const void *self, const struct gen_provider_task *task,
                         const struct gen_provider_answer *answer, struct gen_arena *arena,
                         struct gen_provider_step *step, const char **message)
{
    const struct fake_self *fake = self;
    const struct gen_node *job;
    const char *status;
    double progress;
    int64_t position;

    if (answer == NULL) {
        return fake_ask(step, fake_request(fake, arena, "GET", fake_job_url(fake, task, arena, "")),
                        message);
    }
    if (answer->status != 200) {
        return fake_classify(step, answer, arena, GEN_BILLED_UNKNOWN, message);
    }
    job = fake_body(answer, arena);
    status = host->json_text(host->json_get(job, "status"), "unreadable");
    if (strcmp(status, "done") == 0) {
        return fake_done(step, arena, "", host->json_dollars(host->json_get(job, "cost"), -1),
                         message);
    }
    if (strcmp(status, "failed") == 0 || strcmp(status, "moderated") == 0 ||
        strcmp(status, "canceled") == 0) {
        return fake_ended(step, job, status, arena, message);
    }
    if (strcmp(status, "more") == 0) {
        return fake_ask(
            step, fake_request(fake, arena, "GET", fake_job_url(fake, task, arena, "/more")),
            message);
    }
    progress = host->json_number(host->json_get(job, "progress"), -1);
    step->progress_ppm = progress >= 0 && progress <= 1 ? (int32_t)(progress * 1000000) : -1;
    position = host->json_integer(host->json_get(job, "queuePosition"), -1);
    step->queue_position = position >= 0 && position <= INT32_MAX ? (int32_t)position : -1;
    step->note = host->print(arena, "the service says: %s", status);
    step->kind = GEN_STEP_WAIT;
    step->wait_ms = fake->poll_ms;
    return GEN_VERDICT_OK;
}

static int32_t fake_fetch(const void *self, const struct gen_provider_task *task,
                          const struct gen_provider_answer *answer, struct gen_arena *arena,
                          struct gen_provider_step *step, const char **message)
{
    const struct fake_self *fake = self;
    struct gen_provider_request *request;

    if (answer == NULL) {
        request = fake_request(fake, arena, "GET", fake_job_url(fake, task, arena, "/video"));
        if (request != NULL) {
            request->sink = GEN_SINK_RESULT;
            request->flags = GEN_REQUEST_FOLLOW;
            request->timeout_ms = 0;
        }
        return fake_ask(step, request, message);
    }
    if (answer->status != 200) {
        return fake_classify(step, answer, arena, GEN_BILLED_UNKNOWN, message);
    }
    return fake_done(step, arena, "", -1, message);
}

/* -------------------------------------------------------------------------------- extensions -- */

static int32_t fake_recover(const void *self, const struct gen_provider_task *task,
                            const struct gen_provider_answer *answer, struct gen_arena *arena,
                            struct gen_provider_step *step, const char **message)
{
    const struct fake_self *fake = self;
    const struct gen_node *jobs;
    const char *reference;
    const char *id;

    if (answer == NULL) {
        reference = host->url_encode(arena, task->reference);
        return fake_ask(step,
                        reference != NULL ? fake_request(fake, arena, "GET",
                                                         host->print(arena, "%s/jobs?reference=%s",
                                                                     fake->base, reference))
                                          : NULL,
                        message);
    }
    if (answer->status == 404) {
        return fake_done(step, arena, "", -1, message);
    }
    if (answer->status == 429 || answer->status >= 500) {
        step->kind = GEN_STEP_WAIT;
        step->wait_ms = answer->status == 429 ? fake_retry_after(answer) : 1000;
        return GEN_VERDICT_OK;
    }
    if (answer->status != 200) {
        return fake_classify(step, answer, arena, GEN_BILLED_UNKNOWN, message);
    }
    jobs = host->json_get(fake_body(answer, arena), "jobs");
    id = host->json_text(host->json_get(host->json_at(jobs, 0), "id"), "");
    /* Only a list that is there and empty says for certain that nothing was bought. */
    if (host->json_type(jobs) != GEN_JSON_LIST || (host->json_count(jobs) > 0 && id[0] == '\0')) {
        return fake_fail(step, arena, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN, NULL,
                         "the list of jobs cannot be read", message);
    }
    return fake_done(step, arena, host->print(arena, "%s", id), -1, message);
}

static int32_t fake_cancel(const void *self, const struct gen_provider_task *task,
                           const struct gen_provider_answer *answer, struct gen_arena *arena,
                           struct gen_provider_step *step, const char **message)
{
    const struct fake_self *fake = self;
    const struct gen_node *body;

    if (answer == NULL) {
        return fake_ask(step,
                        fake_request(fake, arena, "DELETE", fake_job_url(fake, task, arena, "")),
                        message);
    }
    if (answer->status != 200 && answer->status != 204) {
        return fake_classify(step, answer, arena, GEN_BILLED_UNKNOWN, message);
    }
    body = fake_body(answer, arena);
    return fake_done(step, arena, "", host->json_dollars(host->json_get(body, "cost"), -1),
                     message);
}

static int32_t fake_health(const void *self, const struct gen_provider_task *task,
                           const struct gen_provider_answer *answer, struct gen_arena *arena,
                           struct gen_provider_step *step, const char **message)
{
    const struct fake_self *fake = self;

    (void)task;
    if (answer == NULL) {
        return fake_ask(step,
                        fake_request(fake, arena, "GET", host->print(arena, "%s/health", fake->base)),
                        message);
    }
    if (answer->status == 202) {
        step->kind = GEN_STEP_WAIT;
        step->state = "asked";
        step->wait_ms = 200;
        return GEN_VERDICT_OK;
    }
    if (answer->status != 200) {
        return fake_classify(step, answer, arena, GEN_BILLED_NO, message);
    }
    step->note = host->json_text(host->json_get(fake_body(answer, arena), "note"), "");
    return fake_done(step, arena, "", -1, message);
}

static const void *fake_extension(const void *self, const char *id)
{
    static const struct gen_ext_recover recover = {sizeof(recover), 0, fake_recover};
    static const struct gen_ext_cancel cancel = {sizeof(cancel), 0, fake_cancel};
    static const struct gen_ext_health health = {sizeof(health), 0, fake_health};
    const struct fake_self *fake = self;

    if (strcmp(id, GEN_EXT_RECOVER) == 0) {
        return fake->recovers ? &recover : NULL;
    }
    if (strcmp(id, GEN_EXT_CANCEL) == 0) {
        return fake->cancels ? &cancel : NULL;
    }
    if (strcmp(id, GEN_EXT_HEALTH) == 0) {
        return fake->tells_health ? &health : NULL;
    }
    return NULL;
}

static const struct gen_provider fake_provider = {
    .size = sizeof(fake_provider),
    .minor = GEN_PROVIDER_ABI_MINOR,
    .id = "fake",
    .name = "Fake renderer",
    .version = "1.0.0",
    .homepage = "",
    .configure = fake_configure,
    .capabilities = fake_capabilities,
    .format = fake_format,
    .cost = fake_cost,
    .submit = fake_submit,
    .poll = fake_poll,
    .fetch = fake_fetch,
    .extension = fake_extension,
};

GEN_PROVIDER_EXPORT gen_provider_entry GEN_PROVIDER_ENTRY;

const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given)
{
    host = given;
    return &fake_provider;
}
