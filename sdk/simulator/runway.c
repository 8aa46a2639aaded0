/* runway.c - the dialect of Runway's API, version 2024-11-06. Facts: runway.md. */
#include "simulator/runway.h"

#include <stdio.h>
#include <string.h>

enum {
    RUNWAY_UPLOAD_LEAST = 512,
    RUNWAY_UPLOAD_MOST = 200 * 1024 * 1024,
};

static const char runway_version[] = "2024-11-06";
static const char runway_docs[] = "https://docs.dev.runwayml.com/errors/errors/";

/* The test keys. The second account can pay for nothing that takes longer than a second. */
static const struct sim_account runway_accounts[] = {
    {"runway", "test",
     "key_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
     NULL, 1000000000, 5, 1000},
    {"runway", "poor",
     "key_00000000000000000000000000000000000000000000000000000000000000ff"
     "00000000000000000000000000000000000000000000000000000000000000ff",
     NULL, 120000, 1, 50},
    {NULL, NULL, NULL, NULL, 0, 0, 0},
};

/* ---------------------------------------------------------------------------------------- errors */

static void runway_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    static const struct {
        int status;
        const char *text;
    } usual[] = {
        {400, "Bad request"},
        {401, "API key is not valid."},
        {404, "Not found"},
        {405, "Method not allowed"},
        {413, "Request body is too large"},
        {429, "Too many requests. Please retry your request later."},
        {500, "Internal server error"},
        {502, "Bad gateway"},
        {503, "Service temporarily unavailable"},
        {504, "Gateway timeout"},
    };
    const char *text = "Request failed";

    (void)code; /* errors of Runway's requests have a text, and no code */
    for (size_t i = 0; i < GEN_COUNT(usual); i++) {
        text = usual[i].status == status ? usual[i].text : text;
    }
    sim_answer_json(
        call, status,
        sim_node_texts(call->arena,
                       (const char *const[]){"error", message != NULL ? message : text, NULL}));
}

void runway_refuse_body(struct sim_call *call, const struct sim_complaints *complaints)
{
    static const char *const codes[] = {
        [SIM_WRONG_MISSING] = "invalid_type", [SIM_WRONG_UNKNOWN] = "unrecognized_keys",
        [SIM_WRONG_TYPE] = "invalid_type",    [SIM_WRONG_CHOICE] = "invalid_enum_value",
        [SIM_WRONG_SMALL] = "too_small",      [SIM_WRONG_BIG] = "too_big",
        [SIM_WRONG_FORM] = "custom",
    };
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *issues;

    gen_node_set(arena, map, "error", gen_node_string(arena, "Validation of body failed"));
    issues = gen_node_set(arena, map, "issues", gen_node_list(arena));
    for (size_t i = 0; i < complaints->count; i++) {
        const struct sim_complaint *one = &complaints->items[i];
        struct gen_node *issue = gen_node_push(issues, gen_node_map(arena));

        gen_node_set(arena, issue, "code", gen_node_string(arena, codes[one->wrong]));
        gen_node_set(arena, issue, "message", gen_node_string(arena, one->message));
        gen_node_set(arena, issue, "path", gen_node_copy(arena, one->path));
    }
    gen_node_set(arena, map, "docUrl", gen_node_string(arena, runway_docs));
    sim_answer_json(call, 400, map);
}

static bool runway_enter(struct sim_call *call)
{
    const char *version = sim_call_header(call, "X-Runway-Version");
    const char *key = sim_call_bearer(call);

    call->account = sim_account_by_key(call->world, "runway", key);
    if (call->account == NULL) {
        runway_refuse(call, 401, NULL,
                      key == NULL ? "The Authorization header is missing or not a Bearer token."
                                  : NULL);
        return false;
    }
    if (version == NULL || strcmp(version, runway_version) != 0) {
        runway_refuse(call, 400, NULL,
                      version == NULL ? "The X-Runway-Version header is required."
                                      : "The X-Runway-Version header is not a valid version.");
        return false;
    }
    return true;
}

const struct gen_node *runway_body(struct sim_call *call)
{
    const char *why = NULL;
    const struct gen_node *body;

    if (!sim_call_type_is(call, "application/json")) {
        runway_refuse(call, 400, NULL, "The Content-Type header must be application/json.");
        return NULL;
    }
    body = sim_call_json(call, &why);
    if (gen_node_type_of(body) != GEN_NODE_MAP) {
        runway_refuse(call, 400, NULL,
                      gen_arena_printf(call->arena, "The body is not a JSON object: %s",
                                       why == NULL ? "another type" : why));
        return NULL;
    }
    return body;
}

/* Credits are cents; printed exactly, fractions too. */
static struct gen_node *runway_credits(struct gen_arena *arena, gen_micros amount)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "credits", gen_node_money(arena, amount * 100));
    return map;
}

/* ---------------------------------------------------------------------------------------- create */

static const struct runway_model *runway_model_of(struct sim_call *call,
                                                  const struct gen_node *body,
                                                  enum runway_endpoint endpoint)
{
    const char *name = gen_node_text(gen_node_get(body, "model"), NULL);
    const struct runway_model *model = runway_model_find(name, endpoint);
    struct sim_complaints complaints = {.count = 0};

    if (model == NULL) {
        sim_form_complain(call, &complaints, SIM_WRONG_CHOICE, "model",
                          gen_arena_printf(call->arena, "model must be one of %s",
                                           runway_model_names(call->arena, endpoint)));
        runway_refuse_body(call, &complaints);
    }
    return model;
}

static void runway_create(struct sim_call *call, enum runway_endpoint endpoint, const char *kind)
{
    const struct gen_node *body = runway_body(call);
    const struct runway_model *model = body == NULL ? NULL : runway_model_of(call, body, endpoint);
    struct sim_order order = {.kind = kind, .lane_max = call->account->concurrency};
    struct sim_complaints complaints;
    const struct sim_task *task;
    struct gen_node *answer;

    if (model == NULL) {
        return;
    }
    if (!sim_form_check(call, runway_model_fields(call, model, endpoint), body, &complaints)) {
        runway_refuse_body(call, &complaints);
        return;
    }
    if (call->account->daily > 0 &&
        sim_account_since(call->world, call->account, model->name, call->now - RUNWAY_DAY_MS) >=
            call->account->daily) {
        runway_refuse(call, 429, NULL, "You have reached your daily limit of generations.");
        return;
    }
    if (!runway_order(call, model, endpoint, body, &order)) {
        return;
    }
    if (sim_account_balance(call->world, call->account) < order.estimate) {
        runway_refuse(call, 400, NULL, "You do not have enough credits to run this task.");
        return;
    }
    task = sim_task_create(call, &order);
    if (task == NULL) {
        runway_refuse(call, 503, NULL, NULL);
        return;
    }
    answer = gen_node_map(call->arena);
    gen_node_set(call->arena, answer, "id", gen_node_string(call->arena, task->id));
    gen_node_set(call->arena, answer, "estimatedCost", runway_credits(call->arena, task->estimate));
    sim_answer_json(call, 200, answer);
}

static void runway_text(struct sim_call *call)
{
    runway_create(call, RUNWAY_TEXT, "text_to_video");
}

static void runway_image(struct sim_call *call)
{
    runway_create(call, RUNWAY_IMAGE, "image_to_video");
}

static void runway_video(struct sim_call *call)
{
    runway_create(call, RUNWAY_VIDEO, "video_to_video");
}

static void runway_act(struct sim_call *call)
{
    runway_create(call, RUNWAY_ACT, "character_performance");
}

/* ----------------------------------------------------------------------------------------- tasks */

static const char *runway_status(const struct sim_task *task)
{
    static const char *const words[] = {
        [SIM_QUEUED] = "PENDING", [SIM_THROTTLED] = "THROTTLED", [SIM_RUNNING] = "RUNNING",
        [SIM_DONE] = "SUCCEEDED", [SIM_FILTERED] = "SUCCEEDED",  [SIM_REFUSED] = "FAILED",
        [SIM_FAILED] = "FAILED",  [SIM_CANCELLED] = "CANCELLED",
    };

    return task->odd && task->state == SIM_RUNNING ? "POST_PROCESSING" : words[task->state];
}

static void runway_say_failure(struct sim_call *call, const struct sim_task *task,
                               struct gen_node *map)
{
    bool refused = task->state == SIM_REFUSED;
    bool asset = !refused && task->clip.first_frame != NULL && task->fault_code == NULL;
    const char *code = refused ? "SAFETY.INPUT.TEXT"
                       : asset ? "ASSET.INVALID"
                               : "INTERNAL.BAD_OUTPUT.CODE01";
    const char *text = refused ? "The prompt was refused by content moderation."
                       : asset ? "The input file could not be read."
                               : "An unexpected error occurred.";

    gen_node_set(
        call->arena, map, "failure",
        gen_node_string(call->arena, task->fault_message != NULL ? task->fault_message : text));
    code = task->fault_code != NULL ? task->fault_code : code;
    if (*code != '\0') { /* a fault rule's "" leaves it out, as the vendor does at times */
        gen_node_set(call->arena, map, "failureCode", gen_node_string(call->arena, code));
    }
}

static void runway_task(struct sim_call *call)
{
    const struct sim_task *task = sim_task_find(call, call->capture[0]);
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);

    if (task == NULL) {
        runway_refuse(call, 404, NULL, "Could not find Task");
        return;
    }
    gen_node_set(arena, map, "id", gen_node_string(arena, task->id));
    gen_node_set(arena, map, "createdAt", gen_node_moment(arena, task->created));
    gen_node_set(arena, map, "status", gen_node_string(arena, runway_status(task)));
    if (sim_task_live(task)) {
        if (task->state == SIM_RUNNING) {
            gen_node_set(arena, map, "progress",
                         gen_node_real(arena, (double)(int)(task->progress * 1000) / 1000));
        }
        gen_node_set(arena, map, "estimatedCost", runway_credits(arena, task->estimate));
        sim_answer_json(call, 200, map);
        return;
    }
    if (task->state == SIM_REFUSED || task->state == SIM_FAILED) {
        runway_say_failure(call, task, map);
    }
    if (task->state == SIM_DONE || task->state == SIM_FILTERED) {
        struct gen_node *output = gen_node_set(arena, map, "output", gen_node_list(arena));

        for (int32_t i = 0; task->state == SIM_DONE && i < task->clips; i++) {
            gen_node_push(output, gen_node_string(arena, sim_link_result(call, task, i)));
        }
    }
    gen_node_set(arena, map, "cost", runway_credits(arena, task->billed));
    sim_answer_json(call, 200, map);
}

static void runway_delete(struct sim_call *call)
{
    const struct sim_task *task = sim_task_find(call, call->capture[0]);

    if (task == NULL) {
        runway_refuse(call, 404, NULL, "Could not find Task");
        return;
    }
    sim_task_delete(call, task);
    sim_answer_empty(call, 204);
}

/* --------------------------------------------------------------------------------------- uploads */

static const char *runway_filename_wrong(struct sim_call *call, const struct gen_node *value)
{
    const char *dot = strrchr(value->text, '.');

    (void)call;
    return dot == NULL || dot == value->text || dot[1] == '\0' || strchr(value->text, '/') != NULL
               ? "filename must have an extension"
               : NULL;
}

static void runway_upload(struct sim_call *call)
{
    static const struct sim_field fields[] = {
        {.key = "filename",
         .type = SIM_TEXT,
         .flags = SIM_REQUIRED,
         .min = 1,
         .max = 255,
         .check = runway_filename_wrong},
        {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "ephemeral"},
        {.key = NULL},
    };
    const struct gen_node *body = runway_body(call);
    struct gen_arena *arena = call->arena;
    struct sim_complaints complaints;
    struct sim_asset terms = {
        .upload = SIM_UPLOAD_FORM,
        .min_size = RUNWAY_UPLOAD_LEAST,
        .max_size = RUNWAY_UPLOAD_MOST,
        .expires = call->now + RUNWAY_DAY_MS,
    };
    const struct sim_asset *asset;
    struct gen_node *answer = gen_node_map(arena);

    if (body == NULL) {
        return;
    }
    if (!sim_form_check(call, fields, body, &complaints)) {
        runway_refuse_body(call, &complaints);
        return;
    }
    terms.name = gen_node_text(gen_node_get(body, "filename"), "");
    terms.fields = sim_node_texts(arena,
                                  (const char *const[]){"key", sim_ident_word(call, 24), "policy",
                                                        sim_ident_word(call, 60), "x-amz-algorithm",
                                                        "AWS4-HMAC-SHA256", "x-amz-signature",
                                                        sim_ident_word(call, 40), NULL});
    asset = sim_asset_create(call, &terms);
    if (asset == NULL) {
        runway_refuse(call, 503, NULL, NULL);
        return;
    }
    gen_node_set(arena, answer, "uploadUrl",
                 gen_node_string(arena, sim_asset_upload_url(call, asset)));
    gen_node_set(arena, answer, "fields", gen_node_copy(arena, asset->fields));
    gen_node_set(arena, answer, "runwayUri",
                 gen_node_string(arena, gen_arena_printf(arena, "runway://%s", asset->id)));
    sim_answer_json(call, 200, answer);
}

static const struct sim_route runway_routes[] = {
    {"POST", "/v1/text_to_video", runway_text, 0},
    {"POST", "/v1/image_to_video", runway_image, 0},
    {"POST", "/v1/video_to_video", runway_video, 0},
    {"POST", "/v1/character_performance", runway_act, 0},
    {"GET", "/v1/tasks/{id}", runway_task, 0},
    {"DELETE", "/v1/tasks/{id}", runway_delete, 0},
    {"POST", "/v1/uploads", runway_upload, 0},
    {"GET", "/v1/organization", runway_organization, 0},
    {"POST", "/v1/organization/usage", runway_usage, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_runway;
const struct sim_dialect sim_runway = {
    .prefix = "/runway",
    .provider = "runway",
    .routes = runway_routes,
    .enter = runway_enter,
    .refuse = runway_refuse,
    .accounts = runway_accounts,
};
