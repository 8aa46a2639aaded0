/* plugin.c - @NAME@, a provider plugin for Generation Engine.
 *
 * It turns a shot into the vendor's next request and the vendor's answer into the next step; it does no
 * I/O itself. The vendor of this template takes one POST, is asked with GET until the video is ready,
 * and hands out a link. Change the tables first, then the bodies, then the words of the answers; run
 * `gen plugin check` after every change.
 */
#include <gen/ext/health.h>
#include <gen/kit.h>

/* The host's services; the one variable that a plugin may set, and only in its entry. */
static const struct gen_host *host;

/* ------------------------------------------------------------------------- what it can do -- */

static const struct gen_provider_size sizes[] = {{1280, 720}, {720, 1280}, {960, 960}};
static const struct kit_ratio ratios[] = {
    {"16:9", 1280, 720}, {"9:16", 720, 1280}, {"1:1", 960, 960}};
static const int64_t durations[] = {5000, 10000};

static const struct gen_provider_model models[] = {
    {
        .size = sizeof(struct gen_provider_model),
        .needs = GEN_NEED_PHOTOREALISTIC | GEN_NEED_CINEMATIC,
        .tier = 2,
        .id = "one",
        .name = "@NAME@ One",
        .min_duration_ms = 5000,
        .max_duration_ms = 10000,
        .durations_ms = durations,
        .duration_count = KIT_COUNT(durations),
        .sizes = sizes,
        .size_count = KIT_COUNT(sizes),
        .max_width = 1280,
        .max_height = 1280,
        .max_frame_rate = 24,
        .max_scenes = 1,
        .max_prompt = 1000,
        .asset_types = "",
        .max_concurrent = 5,
        .quality = 7.5,
        .seconds_per_second = 10,
    },
};

static const char *const hosts[] = {"api.@NAME@.example", NULL};

static const struct gen_provider_credential credentials[] = {
    {
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_BEARER,
        .name = "key",
        .header = "",
        .prefix = "",
        .token_url = "",
        .scope = "",
        .hint = "https://@NAME@.example/account",
    },
};

/* ------------------------------------------------------------------------------- settings -- */

struct settings {
    const char *base_url; /* baseUrl of policies/providers/@NAME@.yaml */
};

static int32_t configure(const struct gen_node *given, struct gen_arena *arena, const void **self,
                         const char **message)
{
    struct settings *settings = (struct settings *)host->alloc(arena, sizeof(*settings));

    if (settings == NULL) {
        return kit_broken(message);
    }
    settings->base_url = host->print(
        arena, "%s",
        host->json_text(host->json_get(given, "baseUrl"), "https://api.@NAME@.example"));
    *self = settings;
    return settings->base_url != NULL ? GEN_VERDICT_OK : kit_broken(message);
}

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    (void)self;
    (void)arena;
    (void)message;
    out->size = sizeof(*out);
    out->model_size = sizeof(struct gen_provider_model);
    out->models = models;
    out->model_count = KIT_COUNT(models);
    out->hosts = hosts;
    out->credentials = credentials;
    out->credential_count = KIT_COUNT(credentials);
    out->credential_size = sizeof(struct gen_provider_credential);
    return GEN_VERDICT_OK;
}

/* ------------------------------------------------------------------------- format and cost -- */

/* Fits the shot to what the vendor takes and writes down what was changed. */
static int32_t format(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message)
{
    struct kit kit = {host, arena};
    const struct gen_provider_scene *scene = kit_scene(task, 0);
    const struct kit_ratio *ratio = kit_nearest(ratios, KIT_COUNT(ratios), task->width,
                                                task->height);
    int64_t duration = kit_duration(durations, KIT_COUNT(durations), scene->duration_ms);
    struct gen_node *parameters = host->json_map(arena);
    struct kit_notes notes = {NULL, 0};
    int cut = 0;
    const char *prompt = kit_cut(&kit, scene->prompt, 1000, &cut);

    (void)self;
    if (prompt[0] == '\0') {
        *message = "the scene has no prompt, and this model renders nothing else";
        return GEN_VERDICT_REFUSED;
    }
    kit_note_milliseconds(&kit, &notes, "duration", scene->duration_ms, duration,
                          "This model makes clips of 5 or 10 seconds.");
    if (cut) {
        kit_note(&kit, &notes, "prompt", "long", "1000 characters", "Prompts end there.");
    }
    kit_set_text(&kit, parameters, "prompt", prompt);
    kit_set_text(&kit, parameters, "ratio", ratio->word);
    kit_set_integer(&kit, parameters, "seconds", duration / 1000);
    out->size = sizeof(*out);
    out->width = ratio->width;
    out->height = ratio->height;
    out->frame_rate_milli = 24000;
    out->duration_ms = duration;
    out->parameters = parameters;
    out->adjustments = notes.list;
    out->adjustment_count = notes.count;
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    return GEN_VERDICT_OK;
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    struct kit kit = {host, arena};
    int64_t ms = 1000 * host->json_integer(host->json_get(task->parameters, "seconds"), 10);

    (void)self;
    (void)message;
    out->size = sizeof(*out);
    kit_cost(&kit, prices, ms, ms, out);
    return GEN_VERDICT_OK;
}

/* ---------------------------------------------------------------------------------- steps -- */

/* What went wrong, in the vendor's words: {"error":{"code","message"}}. `billed`: what is known of the
 * bill when this answer refuses. A 5xx, a 408 and a redirect refuse nothing: somebody in between may have
 * given them, after the order arrived. */
static int32_t failed(const struct kit *kit, const struct gen_provider_answer *answer,
                      int32_t billed, struct gen_provider_step *step, const char **message)
{
    static const struct {
        const char *code;
        int32_t kind;
    } codes[] = {
        {"content_refused", GEN_FAIL_MODERATED},
        {"no_credit", GEN_FAIL_QUOTA},
    };
    const struct gen_node *body = kit_json(kit, answer);
    int refuses = answer->status < 300 ||
                  (answer->status >= 400 && answer->status < 500 && answer->status != 408);
    struct kit_failure failure = {0};
    size_t i;

    failure.kind = kit_status_kind(answer->status);
    failure.billed = refuses ? billed : GEN_BILLED_UNKNOWN;
    failure.code = kit_text(kit, body, "error.code");
    failure.text = kit_text(kit, body, "error.message");
    failure.retry_after_ms = kit_retry_after(answer);
    for (i = 0; i < KIT_COUNT(codes); i++) {
        if (kit_same(codes[i].code, failure.code)) {
            failure.kind = codes[i].kind;
        }
    }
    return kit_fail(kit, step, &failure, message);
}

static int32_t submit(const void *self, const struct gen_provider_task *task,
                      const struct gen_provider_answer *answer, struct gen_arena *arena,
                      struct gen_provider_step *step, const char **message)
{
    const struct settings *settings = (const struct settings *)self;
    struct kit kit = {host, arena};

    if (answer == NULL) {
        struct gen_node *body = host->json_copy(arena, task->parameters);
        struct gen_provider_request *request = kit_request(
            &kit, "POST", host->print(arena, "%s/v1/videos", settings->base_url), "key");

        kit_set_text(&kit, body, "reference", task->reference);
        kit_body_json(&kit, request, body);
        if (request != NULL) {
            request->flags = GEN_REQUEST_COSTS; /* the one request that can cost money */
        }
        return kit_send(step, request, message);
    }
    if (answer->status >= 200 && answer->status < 300) {
        const char *id = kit_text(&kit, kit_json(&kit, answer), "id");

        if (id[0] != '\0') {
            return kit_done(&kit, step, id, -1, message);
        }
        /* Taken, but nobody knows as what: the engine must find out, not buy again. */
        return kit_fail(&kit, step,
                        &(struct kit_failure){.kind = GEN_FAIL_PROVIDER,
                                              .billed = GEN_BILLED_UNKNOWN,
                                              .text = "the answer names no video"},
                        message);
    }
    return failed(&kit, answer, GEN_BILLED_NO, step, message);
}

/* Asks for the state of the video: GET /v1/videos/{id}. */
static int32_t ask(const struct kit *kit, const struct settings *settings,
                   const struct gen_provider_task *task, struct gen_provider_step *step,
                   const char **message)
{
    const char *url = host->print(kit->arena, "%s/v1/videos/%s", settings->base_url,
                                  kit_or(host->url_encode(kit->arena, task->handle), ""));

    return kit_send(step, kit_request(kit, "GET", url, "key"), message);
}

static int32_t poll(const void *self, const struct gen_provider_task *task,
                    const struct gen_provider_answer *answer, struct gen_arena *arena,
                    struct gen_provider_step *step, const char **message)
{
    const struct settings *settings = (const struct settings *)self;
    struct kit kit = {host, arena};
    const struct gen_node *body;
    const char *status;

    if (answer == NULL) {
        return ask(&kit, settings, task, step, message);
    }
    if (answer->status != 200) {
        return failed(&kit, answer, GEN_BILLED_UNKNOWN, step, message);
    }
    body = kit_json(&kit, answer);
    status = kit_text(&kit, body, "status");
    if (kit_same(status, "done")) {
        return kit_done(&kit, step, "", -1, message);
    }
    if (kit_same(status, "failed")) {
        return failed(&kit, answer, GEN_BILLED_NO, step, message);
    }
    step->progress_ppm =
        (int32_t)(host->json_number(host->json_get(body, "progress"), -0.01) * 1e4);
    return kit_wait(step, 5000); /* words that nobody knows yet mean: go on asking */
}

/* Gets a fresh link, then the video itself without our key: the link is signed. */
static int32_t fetch(const void *self, const struct gen_provider_task *task,
                     const struct gen_provider_answer *answer, struct gen_arena *arena,
                     struct gen_provider_step *step, const char **message)
{
    const struct settings *settings = (const struct settings *)self;
    struct kit kit = {host, arena};
    const char *url;

    if (answer == NULL) {
        return ask(&kit, settings, task, step, message);
    }
    if (answer->status < 200 || answer->status >= 300) {
        return failed(&kit, answer, GEN_BILLED_UNKNOWN, step, message);
    }
    if (kit_same(task->state, "loading")) {
        return kit_done(&kit, step, "", -1, message);
    }
    url = kit_text(&kit, kit_json(&kit, answer), "url");
    if (!kit_is_link(url)) {
        return kit_wait(step, 5000); /* not there yet, or damaged on the way */
    }
    {
        struct gen_provider_request *request = kit_request(&kit, "GET", url, "");

        if (request != NULL) {
            request->sink = GEN_SINK_RESULT;
            request->flags = GEN_REQUEST_FOLLOW;
        }
        step->state = "loading";
        return kit_send(step, request, message);
    }
}

/* Free: the account page. */
static int32_t health(const void *self, const struct gen_provider_task *task,
                      const struct gen_provider_answer *answer, struct gen_arena *arena,
                      struct gen_provider_step *step, const char **message)
{
    const struct settings *settings = (const struct settings *)self;
    struct kit kit = {host, arena};

    (void)task;
    if (answer == NULL) {
        return kit_send(step,
                        kit_request(&kit, "GET",
                                    host->print(arena, "%s/v1/account", settings->base_url), "key"),
                        message);
    }
    return answer->status == 200 ? kit_done(&kit, step, "", -1, message)
                                 : failed(&kit, answer, GEN_BILLED_NO, step, message);
}

static const struct gen_ext_health health_extension = {
    .size = sizeof(health_extension),
    .health = health,
};

static const void *extension(const void *self, const char *id)
{
    (void)self;
    return kit_same(id, GEN_EXT_HEALTH) ? &health_extension : NULL;
}

/* --------------------------------------------------------------------------- the provider -- */

static const struct gen_provider provider = {
    .size = sizeof(provider),
    .minor = GEN_PROVIDER_ABI_MINOR,
    .id = "@NAME@",
    .name = "@NAME@",
    .version = "0.1.0",
    .homepage = "https://@NAME@.example",
    .configure = configure,
    .capabilities = capabilities,
    .format = format,
    .cost = cost,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
    .extension = extension,
};

GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given);
const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given)
{
    host = given;
    return &provider;
}
