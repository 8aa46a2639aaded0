/* heygen.c - the dialect of HeyGen's v3: its routes, its errors and what it tells about videos.
 *
 * Facts: the provider's own command line program (its generated request and answer schemas) and the
 * fact sheet; tests/data/exchanges/heygen.jsonl names the source of each. It is stricter than the
 * vendor in one thing: a field that does not exist is refused, where the vendor probably ignores it.
 * It is not a renderer of speech: how long a script takes is a rule of heygen_videos.c.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/contract/simulator
 */
#include "simulator/heygen.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The account "forgetful" is as the vendor would be if it did not honour Idempotency-Key. */
static const struct sim_account heygen_accounts[] = {
    {"heygen", "test", "sim-heygen-key", NULL, 200 * GEN_MICROS_PER_DOLLAR, 10, 0},
    {"heygen", "forgetful", "sim-heygen-forgetful", NULL, 200 * GEN_MICROS_PER_DOLLAR, 10, 0},
    {"heygen", "poor", "sim-heygen-poor", NULL, 0, 10, 0},
    {NULL, NULL, NULL, NULL, 0, 0, 0},
};

/* ------------------------------------------------------------------------------------ answers */

void heygen_answer(struct sim_call *call, const struct gen_node *node)
{
    sim_answer_header(call, "x-request-id", sim_ident_uuid(call));
    sim_answer_json(call, 200, node);
}

void heygen_data(struct sim_call *call, struct gen_node *data)
{
    struct gen_node *answer = gen_node_map(call->arena);

    gen_node_set(call->arena, answer, "data", data);
    heygen_answer(call, answer);
}

void heygen_page(struct sim_call *call, struct gen_node *items, int64_t token)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *answer = gen_node_map(arena);

    gen_node_set(arena, answer, "data", items);
    gen_node_set(arena, answer, "has_more", gen_node_bool(arena, token > 0));
    heygen_set(call, answer, "next_token",
               token > 0 ? gen_arena_printf(arena, "tok_%lld", (long long)token) : NULL);
    heygen_answer(call, answer);
}

void heygen_set(struct sim_call *call, struct gen_node *map, const char *key, const char *text)
{
    gen_node_set(call->arena, map, key, gen_node_string(call->arena, text));
}

bool heygen_paging(struct sim_call *call, int64_t preset, int64_t most, int64_t *limit,
                   int64_t *after)
{
    const char *text = sim_call_query(call, "limit");
    const char *token = sim_call_query(call, "token");
    char *end = NULL;

    *limit = preset;
    *after = 0;
    if (text != NULL) {
        *limit = strtoll(text, &end, 10);
        if (*text == '\0' || *end != '\0' || *limit < 1 || *limit > most) {
            heygen_invalid(
                call, "limit",
                gen_arena_printf(call->arena, "limit must be between 1 and %lld", (long long)most));
            return false;
        }
    }
    if (token != NULL && *token != '\0') {
        *after = strncmp(token, "tok_", 4) == 0 ? strtoll(token + 4, &end, 10) : 0;
        if (*after <= 0 || *end != '\0') {
            heygen_invalid(call, "token", "token is not one of this list");
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------- errors */

static const struct {
    int status;
    const char *code, *message;
} heygen_errors[] = {
    {400, "invalid_parameter", "The request is invalid."},
    {401, "unauthorized", "The API key is missing or invalid."},
    {402, "insufficient_credit", "The balance does not cover this request."},
    {403, "forbidden", "This is not allowed for your account."},
    {404, "resource_not_found", "There is no such resource."},
    {405, "method_not_allowed", "This method is not allowed here."},
    {409, "conflict", "The request conflicts with the state of the resource."},
    {413, "too_large", "The request is too large."},
    {429, "rate_limit_exceeded", "Too many requests; try again later."},
    {500, "internal_error", "Something went wrong."},
    {502, "internal_error", "Something went wrong."},
    {503, "internal_error", "The service is not available."},
    {504, "gateway_timeout", "The request took too long."},
    {0, "internal_error", "Something went wrong."},
};

static void heygen_error(struct sim_call *call, int status, const char *code, const char *message,
                         const char *param)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *answer = gen_node_map(arena);
    struct gen_node *error = gen_node_map(arena);
    size_t i = 0;

    while (heygen_errors[i].status != 0 && heygen_errors[i].status != status) {
        i++;
    }
    heygen_set(call, error, "code", code != NULL ? code : heygen_errors[i].code);
    heygen_set(call, error, "message", message != NULL ? message : heygen_errors[i].message);
    heygen_set(call, error, "param", param);
    heygen_set(call, error, "doc_url", NULL);
    gen_node_set(arena, answer, "error", error);
    sim_answer_header(call, "x-request-id", sim_ident_uuid(call));
    sim_answer_json(call, status, answer);
}

void heygen_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    heygen_error(call, status, code, message, NULL);
}

void heygen_invalid(struct sim_call *call, const char *param, const char *message)
{
    heygen_error(call, 400, NULL, message, param);
}

bool heygen_complained(struct sim_call *call, const struct sim_complaints *complaints)
{
    if (complaints->count == 0) {
        return false;
    }
    heygen_invalid(call, complaints->items[0].dotted, complaints->items[0].message);
    return true;
}

static bool heygen_enter(struct sim_call *call)
{
    const char *key = sim_call_header(call, "x-api-key");

    call->account = key != NULL ? sim_account_by_key(call->world, "heygen", key) : NULL;
    if (call->account == NULL) {
        heygen_refuse(call, 401, NULL, NULL);
        return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------- videos */

/* The words of the single poll, and those of the poll of many. */
static const struct {
    enum sim_state state;
    const char *word, *bulk;
} heygen_words[] = {
    {SIM_QUEUED, "pending", "queued"},
    {SIM_THROTTLED, "pending", "queued"},
    {SIM_RUNNING, "processing", "processing"},
    {SIM_DONE, "completed", "completed"},
    {SIM_FILTERED, "failed", "failed"},
    {SIM_REFUSED, "failed", "failed"},
    {SIM_FAILED, "failed", "failed"},
    {SIM_CANCELLED, "failed", "failed"},
    {0, "failed", "failed"},
};

static const char *heygen_word(const struct sim_task *task, bool bulk)
{
    size_t i = 0;

    if (task->odd && sim_task_live(task)) {
        return "finalizing"; /* a word that no document has */
    }
    while (heygen_words[i].state != 0 && heygen_words[i].state != task->state) {
        i++;
    }
    return bulk ? heygen_words[i].bulk : heygen_words[i].word;
}

static void heygen_failure(struct sim_call *call, struct gen_node *video,
                           const struct sim_task *task)
{
    const char *code = NULL;
    const char *message = NULL;

    if (task->state == SIM_REFUSED || task->state == SIM_FILTERED) {
        code = "CONTENT_MODERATION";
        message = "The content was rejected by moderation.";
    } else if (task->state == SIM_FAILED || task->state == SIM_CANCELLED) {
        code = "RENDER_FAILED";
        message = "The video could not be rendered.";
    }
    /* a fault rule may name its own; its "" stands for none, which the vendor does at times */
    if (code != NULL && task->fault_code != NULL) {
        code = *task->fault_code != '\0' ? task->fault_code : NULL;
    }
    if (message != NULL && task->fault_message != NULL) {
        message = *task->fault_message != '\0' ? task->fault_message : NULL;
    }
    heygen_set(call, video, "failure_code", code);
    heygen_set(call, video, "failure_message", message);
}

static struct gen_node *heygen_video(struct sim_call *call, const struct sim_task *task)
{
    static const char *const none[] = {
        "thumbnail_url",  "gif_url",   "captioned_video_url", "subtitle_url",
        "video_page_url", "folder_id", "output_language",     NULL};
    struct gen_arena *arena = call->arena;
    struct gen_node *video = gen_node_map(arena);
    bool done = task->state == SIM_DONE;
    bool over = !sim_task_live(task);

    heygen_set(call, video, "id", task->id);
    heygen_set(call, video, "status", heygen_word(task, false));
    heygen_set(call, video, "title", gen_node_text(gen_node_get(task->extra, "title"), NULL));
    gen_node_set(arena, video, "created_at", gen_node_int(arena, task->created / 1000));
    gen_node_set(arena, video, "completed_at",
                 over ? gen_node_int(arena, task->ended / 1000) : gen_node_null(arena));
    gen_node_set(arena, video, "duration",
                 done ? gen_node_real(arena, (double)task->clip.duration_ms / 1000.0)
                      : gen_node_null(arena));
    heygen_set(call, video, "video_url", done ? sim_link_result(call, task, 0) : NULL);
    for (size_t i = 0; none[i] != NULL; i++) {
        heygen_set(call, video, none[i], NULL);
    }
    heygen_failure(call, video, task);
    return video;
}

static const struct sim_task *heygen_video_find(struct sim_call *call)
{
    const struct sim_task *task = sim_task_find(call, call->capture[0]);

    if (task == NULL) {
        heygen_refuse(call, 404, "video_not_found", "There is no such video.");
    }
    return task;
}

static void heygen_video_get(struct sim_call *call)
{
    const struct sim_task *task = heygen_video_find(call);

    if (task != NULL) {
        heygen_data(call, heygen_video(call, task));
    }
}

/* The record goes, the render goes on and is billed: its bill for `cancelled` is the full price. */
static void heygen_video_delete(struct sim_call *call)
{
    const struct sim_task *task = heygen_video_find(call);
    struct gen_node *data = gen_node_map(call->arena);

    if (task != NULL) {
        heygen_set(call, data, "id", task->id);
        gen_node_set(call->arena, data, "deleted", gen_node_bool(call->arena, true));
        sim_task_delete(call, task);
        heygen_data(call, data);
    }
}

static bool heygen_titled(const struct sim_task *task, const char *title)
{
    return title == NULL ||
           strcasestr(gen_node_text(gen_node_get(task->extra, "title"), ""), title) != NULL;
}

static void heygen_video_list(struct sim_call *call)
{
    static const char *const known[] = {"limit", "token", "folder_id", "title", NULL};
    const char *unknown = sim_call_query_unknown(call, known);
    const char *title = sim_call_query(call, "title");
    struct gen_node *items = gen_node_list(call->arena);
    const struct sim_task *task = NULL;
    int64_t limit, after, last = 0, more = 0;

    if (unknown != NULL) {
        heygen_invalid(call, unknown, "unknown query parameter");
        return;
    }
    if (!heygen_paging(call, 10, 100, &limit, &after)) {
        return;
    }
    while ((task = sim_task_next(call, task)) != NULL) {
        if ((after > 0 && task->serial >= after) || !heygen_titled(task, title)) {
            continue;
        }
        if (limit-- == 0) {
            more = last;
            break;
        }
        gen_node_push(items, heygen_video(call, task));
        last = task->serial;
    }
    heygen_page(call, items, more);
}

static void heygen_status_push(struct sim_call *call, struct gen_node *items, const char *id)
{
    const struct sim_task *task = sim_task_find(call, id);
    struct gen_node *item = gen_node_map(call->arena);

    heygen_set(call, item, "video_id", id);
    heygen_set(call, item, "status", task != NULL ? heygen_word(task, true) : "not_found");
    heygen_set(call, item, "batch_id", NULL);
    heygen_set(call, item, "item_index", NULL);
    heygen_set(call, item, "error", NULL);
    gen_node_push(items, item);
}

static void heygen_video_statuses(struct sim_call *call)
{
    static const char *const known[] = {"video_ids", NULL};
    const char *unknown = sim_call_query_unknown(call, known);
    const char *ids = sim_call_query(call, "video_ids");
    struct gen_node *items = gen_node_list(call->arena);
    char *rest = gen_arena_strdup(call->arena, ids != NULL ? ids : "");
    char *id;

    if (unknown != NULL || ids == NULL || *ids == '\0' || rest == NULL) {
        heygen_invalid(call, unknown != NULL ? unknown : "video_ids",
                       "video_ids must be 1 to 100 ids with commas between them");
        return;
    }
    while ((id = strsep(&rest, ",")) != NULL) {
        heygen_status_push(call, items, id);
    }
    if (gen_node_count(items) > 100) {
        heygen_invalid(call, "video_ids", "at most 100 ids");
        return;
    }
    heygen_page(call, items, 0);
}

static void heygen_me(struct sim_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *me = gen_node_map(arena);
    struct gen_node *wallet = gen_node_map(arena);

    heygen_set(call, me, "username", call->account->name);
    heygen_set(call, me, "email", NULL);
    heygen_set(call, me, "first_name", NULL);
    heygen_set(call, me, "last_name", NULL);
    heygen_set(call, me, "billing_type", "wallet");
    gen_node_set(arena, wallet, "remaining_balance",
                 gen_node_money(arena, sim_account_balance(call->world, call->account)));
    heygen_set(call, wallet, "currency", "usd");
    heygen_set(call, wallet, "auto_reload", NULL);
    gen_node_set(arena, me, "wallet", wallet);
    heygen_set(call, me, "subscription", NULL);
    heygen_set(call, me, "usage_based", NULL);
    heygen_data(call, me);
}

static const struct sim_route heygen_routes[] = {
    {"POST", "/v3/videos", heygen_video_create, 0},
    {"GET", "/v3/videos", heygen_video_list, 0},
    {"GET", "/v3/videos/statuses", heygen_video_statuses, 0},
    {"GET", "/v3/videos/{id}", heygen_video_get, 0},
    {"DELETE", "/v3/videos/{id}", heygen_video_delete, 0},
    {"POST", "/v3/assets", heygen_asset_create, 0},
    {"POST", "/v3/assets/direct-uploads", heygen_upload_create, 0},
    {"POST", "/v3/assets/{id}/complete", heygen_upload_complete, 0},
    {"GET", "/v3/assets/{id}", heygen_asset_get, 0},
    {"DELETE", "/v3/assets/{id}", heygen_asset_delete, 0},
    {"GET", "/v3/avatars", heygen_avatars, 0},
    {"GET", "/v3/avatars/looks", heygen_looks, 0},
    {"GET", "/v3/voices", heygen_voices, 0},
    {"GET", "/v3/users/me", heygen_me, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_heygen;
const struct sim_dialect sim_heygen = {
    .prefix = "/heygen",
    .provider = "heygen",
    .routes = heygen_routes,
    .enter = heygen_enter,
    .refuse = heygen_refuse,
    .accounts = heygen_accounts,
};
