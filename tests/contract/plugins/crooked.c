/* crooked.c - a plugin that is loaded and then breaks the contract; settings choose how.
 *
 *   {"misdeed": "NAME"}: a row of crooked_misdeeds below; absent = it behaves.
 * Each row spoils one thing of an otherwise honest answer, in the place that its function names.
 */
#include <gen/provider.h>

#include <string.h>

/* An honest answer of every verb, for a misdeed to spoil. */
struct crooked_answer {
    struct gen_provider_model models[2];
    struct gen_provider_credential credentials[2];
    struct gen_provider_capabilities *capabilities;
    struct gen_provider_format *format;
    struct gen_provider_cost *cost;
    struct gen_provider_step *step;
    struct gen_provider_request request;
    struct gen_provider_header header;
    struct gen_provider_run run;
    struct gen_provider_done done;
    struct gen_provider_fail fail;
    int32_t verdict;
    const char *message;
    struct gen_arena *arena;
};

typedef void crooked_spoil(struct crooked_answer *answer);

struct crooked_misdeed {
    const char *name;
    const char *verb; /* where it is done: "capabilities", "format", "cost", "step" */
    crooked_spoil *spoil;
};

struct crooked_self {
    const struct crooked_misdeed *misdeed; /* NULL = behaves */
};

/* The host's table: the one thing that a plugin keeps, set by the entry. */
static const struct gen_host *host;

static const struct gen_provider_size crooked_sizes[] = {{1280, 720}};
static const int64_t crooked_durations[] = {5000, 10000};
static const char *const crooked_hosts[] = {"api.crooked.example", NULL};

static void no_models(struct crooked_answer *answer)
{
    answer->capabilities->model_count = 0;
}

static void many_models(struct crooked_answer *answer)
{
    answer->capabilities->model_count = (size_t)1 << 40;
}

static void no_model_size(struct crooked_answer *answer)
{
    answer->capabilities->model_size = 0;
}

static void twin_models(struct crooked_answer *answer)
{
    answer->models[1].id = "m";
}

static void tier_nine(struct crooked_answer *answer)
{
    answer->models[1].tier = 9;
}

static void wrong_duration(struct crooked_answer *answer)
{
    answer->models[0].max_duration_ms = 8000;
}

static void wide_host(struct crooked_answer *answer)
{
    static const char *const hosts[] = {".com", NULL};

    answer->capabilities->hosts = hosts;
}

static void strange_scheme(struct crooked_answer *answer)
{
    answer->credentials[0].scheme = 9;
}

static void twin_credentials(struct crooked_answer *answer)
{
    answer->credentials[1] = answer->credentials[0];
    answer->capabilities->credential_count = 2;
}

static void many_credentials(struct crooked_answer *answer)
{
    answer->capabilities->credential_count = 9;
}

static void no_credential_size(struct crooked_answer *answer)
{
    answer->capabilities->credential_size = 0;
}

static void shouted_credential(struct crooked_answer *answer)
{
    answer->credentials[0].name = "KEY";
}

static void framing_header(struct crooked_answer *answer)
{
    answer->credentials[0].header = "Content-Length";
}

static void stray_token(struct crooked_answer *answer)
{
    answer->credentials[0].scheme = GEN_SCHEME_SERVICE_ACCOUNT;
    answer->credentials[0].token_url = "https://token.example/";
}

static void no_name(struct crooked_answer *answer)
{
    answer->models[0].name = "\xC3\x28";
}

static void nan_quality(struct crooked_answer *answer)
{
    memset(&answer->models[0].quality, 0xFF, sizeof(answer->models[0].quality));
}

static void defect(struct crooked_answer *answer)
{
    answer->verdict = GEN_VERDICT_BROKEN;
    answer->message = "my tables are gone";
}

static void strange_verdict(struct crooked_answer *answer)
{
    answer->verdict = 77;
}

static void speechless(struct crooked_answer *answer)
{
    answer->verdict = GEN_VERDICT_REFUSED;
}

static void greedy(struct crooked_answer *answer)
{
    while (host->alloc(answer->arena, 1 << 20) != NULL) {
    }
}

static void no_video(struct crooked_answer *answer)
{
    answer->format->width = 0;
}

static void list_parameters(struct crooked_answer *answer)
{
    answer->format->parameters = host->json_list(answer->arena);
}

static void cheap_most(struct crooked_answer *answer)
{
    answer->cost->most_micros = answer->cost->price_micros - 1;
}

static void negative_price(struct crooked_answer *answer)
{
    answer->cost->price_micros = -5;
}

static void no_kind(struct crooked_answer *answer)
{
    answer->step->kind = 0;
}

static void no_request(struct crooked_answer *answer)
{
    answer->step->request = NULL;
}

static void two_answers(struct crooked_answer *answer)
{
    answer->step->fail = &answer->fail;
}

static void file_url(struct crooked_answer *answer)
{
    answer->request.url = "file:///etc/passwd";
}

static void split_header(struct crooked_answer *answer)
{
    answer->header.value = "a\r\nx-injected: yes";
}

static void stray_credential(struct crooked_answer *answer)
{
    answer->request.url = "https://evilapi.crooked.example/x";
}

static void undeclared_credential(struct crooked_answer *answer)
{
    answer->request.credential = "crook";
}

static void trace_method(struct crooked_answer *answer)
{
    answer->request.method = "TRACE";
}

static void long_state(struct crooked_answer *answer)
{
    char *state = host->alloc(answer->arena, 70000);

    if (state != NULL) {
        memset(state, 'x', 69999);
    }
    answer->step->state = state;
}

static void shell(struct crooked_answer *answer)
{
    answer->step->kind = GEN_STEP_RUN;
    answer->step->request = NULL;
    answer->step->run = &answer->run;
}

static void no_handle(struct crooked_answer *answer)
{
    answer->step->kind = GEN_STEP_DONE;
    answer->step->request = NULL;
    answer->step->done = &answer->done;
}

static const struct crooked_misdeed crooked_misdeeds[] = {
    {"no-models", "capabilities", no_models},
    {"many-models", "capabilities", many_models},
    {"no-model-size", "capabilities", no_model_size},
    {"twin-models", "capabilities", twin_models},
    {"tier-nine", "capabilities", tier_nine},
    {"wrong-duration", "capabilities", wrong_duration},
    {"wide-host", "capabilities", wide_host},
    {"strange-scheme", "capabilities", strange_scheme},
    {"twin-credentials", "capabilities", twin_credentials},
    {"many-credentials", "capabilities", many_credentials},
    {"no-credential-size", "capabilities", no_credential_size},
    {"shouted-credential", "capabilities", shouted_credential},
    {"framing-header", "capabilities", framing_header},
    {"stray-token", "capabilities", stray_token},
    {"no-name", "capabilities", no_name},
    {"nan-quality", "capabilities", nan_quality},
    {"defect", "capabilities", defect},
    {"greedy-capabilities", "capabilities", greedy},
    {"speechless", "format", speechless},
    {"strange-verdict", "format", strange_verdict},
    {"no-video", "format", no_video},
    {"list-parameters", "format", list_parameters},
    {"greedy-format", "format", greedy},
    {"cheap-most", "cost", cheap_most},
    {"negative-price", "cost", negative_price},
    {"defect-step", "step", defect},
    {"no-kind", "step", no_kind},
    {"no-request", "step", no_request},
    {"two-answers", "step", two_answers},
    {"file-url", "step", file_url},
    {"split-header", "step", split_header},
    {"stray-credential", "step", stray_credential},
    {"undeclared-credential", "step", undeclared_credential},
    {"trace-method", "step", trace_method},
    {"long-state", "step", long_state},
    {"shell", "step", shell},
    {"no-handle", "step", no_handle},
    {"greedy-step", "step", greedy},
    {NULL, NULL, NULL},
};

static int32_t crooked_configure(const struct gen_node *settings, struct gen_arena *arena,
                                 const void **self, const char **message)
{
    struct crooked_self *crooked = host->alloc(arena, sizeof(*crooked));
    const char *name = host->json_text(host->json_get(settings, "misdeed"), "");

    if (crooked == NULL) {
        *message = "out of memory";
        return GEN_VERDICT_BROKEN;
    }
    *self = crooked;
    for (const struct crooked_misdeed *row = crooked_misdeeds; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            crooked->misdeed = row;
        }
    }
    if (name[0] != '\0' && crooked->misdeed == NULL) {
        *message = host->print(arena, "there is no misdeed \"%s\"", name);
        return GEN_VERDICT_REFUSED;
    }
    return GEN_VERDICT_OK;
}

/* Ends a verb: spoils the answer where the misdeed is of this verb. */
static int32_t crooked_end(const void *self, const char *verb, struct crooked_answer *answer,
                           const char **message)
{
    const struct crooked_self *crooked = self;

    answer->verdict = GEN_VERDICT_OK;
    if (crooked->misdeed != NULL && strcmp(crooked->misdeed->verb, verb) == 0) {
        crooked->misdeed->spoil(answer);
    }
    *message = answer->message;
    return answer->verdict;
}

static struct crooked_answer *crooked_answer(struct gen_arena *arena)
{
    struct crooked_answer *answer = host->alloc(arena, sizeof(*answer));

    if (answer != NULL) {
        answer->arena = arena;
    }
    return answer;
}

static int32_t crooked_capabilities(const void *self, struct gen_arena *arena,
                                    struct gen_provider_capabilities *out, const char **message)
{
    struct crooked_answer *answer = crooked_answer(arena);

    if (answer == NULL) {
        return GEN_VERDICT_BROKEN;
    }
    for (int i = 0; i < 2; i++) {
        answer->models[i] = (struct gen_provider_model){
            .size = sizeof(answer->models[i]),
            .tier = 1,
            .id = i == 0 ? "m" : "n",
            .name = "Model",
            .min_duration_ms = 5000,
            .max_duration_ms = 10000,
            .durations_ms = crooked_durations,
            .duration_count = 2,
            .sizes = crooked_sizes,
            .size_count = 1,
            .max_width = 1280,
            .max_height = 720,
            .max_frame_rate = 30,
            .max_scenes = 1,
            .asset_types = "image/png",
            .quality = 5,
        };
    }
    out->model_size = sizeof(answer->models[0]);
    out->models = answer->models;
    out->model_count = 2;
    out->hosts = crooked_hosts;
    answer->credentials[0] = (struct gen_provider_credential){
        .size = sizeof(answer->credentials[0]),
        .scheme = GEN_SCHEME_HEADER,
        .name = "crooked",
        .header = "x-api-key",
    };
    out->credentials = answer->credentials;
    out->credential_count = 1;
    out->credential_size = sizeof(answer->credentials[0]);
    answer->capabilities = out;
    return crooked_end(self, "capabilities", answer, message);
}

static int32_t crooked_format(const void *self, const struct gen_provider_task *task,
                              struct gen_arena *arena, struct gen_provider_format *out,
                              const char **message)
{
    struct crooked_answer *answer = crooked_answer(arena);

    (void)task;
    if (answer == NULL) {
        return GEN_VERDICT_BROKEN;
    }
    out->width = 1280;
    out->height = 720;
    out->frame_rate_milli = 30000;
    out->duration_ms = 5000;
    answer->format = out;
    return crooked_end(self, "format", answer, message);
}

static int32_t crooked_cost(const void *self, const struct gen_provider_task *task,
                            const struct gen_node *prices, struct gen_arena *arena,
                            struct gen_provider_cost *out, const char **message)
{
    struct crooked_answer *answer = crooked_answer(arena);

    (void)task;
    (void)prices;
    if (answer == NULL) {
        return GEN_VERDICT_BROKEN;
    }
    out->known = 1;
    out->price_micros = 1000;
    out->most_micros = 1000;
    out->basis = "a tenth of a cent";
    answer->cost = out;
    return crooked_end(self, "cost", answer, message);
}

static int32_t crooked_step(const void *self, const struct gen_provider_task *task,
                            const struct gen_provider_answer *given, struct gen_arena *arena,
                            struct gen_provider_step *step, const char **message)
{
    static const char *const arguments[] = {"-c", "true", NULL};
    struct crooked_answer *answer = crooked_answer(arena);

    (void)task;
    (void)given;
    if (answer == NULL) {
        return GEN_VERDICT_BROKEN;
    }
    answer->header.name = "x-reference";
    answer->header.value = "1";
    answer->request = (struct gen_provider_request){
        .size = sizeof(answer->request),
        .body_kind = GEN_BODY_NONE,
        .sink = GEN_SINK_MEMORY,
        .method = "GET",
        .url = "https://api.crooked.example/x",
        .headers = &answer->header,
        .header_count = 1,
        .credential = "crooked",
    };
    answer->run = (struct gen_provider_run){
        .size = sizeof(answer->run),
        .program = "sh",
        .arguments = arguments,
    };
    answer->done = (struct gen_provider_done){.size = sizeof(answer->done), .cost_micros = -1};
    answer->fail = (struct gen_provider_fail){
        .size = sizeof(answer->fail),
        .kind = GEN_FAIL_PROVIDER,
        .billed = GEN_BILLED_NO,
    };
    step->kind = GEN_STEP_HTTP;
    step->request = &answer->request;
    answer->step = step;
    return crooked_end(self, "step", answer, message);
}

static const struct gen_provider crooked_provider = {
    .size = sizeof(crooked_provider),
    .minor = GEN_PROVIDER_ABI_MINOR,
    .id = "crooked",
    .name = "Crooked",
    .version = "1.0.0",
    .homepage = "",
    .configure = crooked_configure,
    .capabilities = crooked_capabilities,
    .format = crooked_format,
    .cost = crooked_cost,
    .submit = crooked_step,
    .poll = crooked_step,
    .fetch = crooked_step,
};

GEN_PROVIDER_EXPORT gen_provider_entry GEN_PROVIDER_ENTRY;

const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given)
{
    host = given;
    return &crooked_provider;
}
