/* kling.c - the dialect of Kling's API: credentials, error codes, account; the two formats are in
 * kling_legacy.c and kling_new.c. Callbacks are accepted and not made. Facts: kling.md. */
#include "simulator/kling.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>

enum { KLING_PAGE = 30, KLING_PAGE_MAX = 500, KLING_PAGES = 1000 };

/* The test account of access and secret key, one of a plain API key, and one with little credit. */
static const struct sim_account kling_accounts[] = {
    {"kling", "test", "ak-test-0123456789abcdef0123456789abcdef",
     "sk-test-fedcba9876543210fedcba9876543210", 1000000000, 20, 0},
    {"kling", "apikey", "api-key-kling-0123456789abcdef0123456789abcdef", NULL, 1000000000, 20, 0},
    {"kling", "poor", "ak-poor-0123456789abcdef0123456789abcdef",
     "sk-poor-fedcba9876543210fedcba9876543210", 140000, 1, 0},
    {NULL, NULL, NULL, NULL, 0, 0, 0},
};

/* ---------------------------------------------------------------------------------------- errors */

static const struct {
    int code, status;
    const char *message;
} kling_codes[] = {
    {1000, 401, "Authentication failed"},
    {1001, 401, "Authorization is empty"},
    {1002, 401, "Authorization is invalid"},
    {1003, 401, "Authorization is not yet valid"},
    {1004, 401, "Authorization has expired"},
    {1100, 429, "Account exception"},
    {1101, 429, "Account in arrears"},
    {1102, 429, "Resource pack exhausted or expired"},
    {1103, 403, "Unauthorized access to requested resource"},
    {1201, 400, "Invalid request parameters"},
    {1200, 400, "Invalid request parameters"},
    {1203, 404, "The requested resource does not exist"},
    {1202, 404, "The request method is invalid"},
    {1301, 400, "Triggered the content security policy of the platform"},
    {1300, 400, "Triggered strategy of the platform"},
    {1302, 429, "Requests are too frequent"},
    {1303, 429, "Parallel task over resource pack limit"},
    {1304, 429, "Triggered the IP whitelisting policy of the platform"},
    {5000, 500, "Server internal error"},
    {5001, 503, "Server temporarily unavailable"},
    {5002, 504, "Server internal timeout"},
};

static void kling_say(struct sim_call *call, int status, int code, const char *message)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "code", gen_node_int(arena, code));
    gen_node_set(arena, map, "message", gen_node_string(arena, message));
    gen_node_set(arena, map, "request_id", gen_node_string(arena, sim_ident_uuid(call)));
    sim_answer_json(call, status, map);
}

void kling_refuse_code(struct sim_call *call, int code, const char *message)
{
    for (size_t i = 0; i < GEN_COUNT(kling_codes); i++) {
        if (kling_codes[i].code == code) {
            kling_say(call, kling_codes[i].status, code,
                      message != NULL ? message : kling_codes[i].message);
            return;
        }
    }
    kling_say(call, 500, code, message != NULL ? message : "Server internal error");
}

static void kling_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    static const struct {
        int status, code;
    } usual[] = {
        {400, 1201}, {401, 1002}, {403, 1103}, {404, 1203}, {405, 1202}, {413, 1201},
        {429, 1302}, {500, 5000}, {502, 5000}, {503, 5001}, {504, 5002},
    };
    int number = code == NULL ? 5000 : (int)strtol(code, NULL, 10);
    const char *text = "Request failed";

    for (size_t i = 0; code == NULL && i < GEN_COUNT(usual); i++) {
        number = usual[i].status == status ? usual[i].code : number;
    }
    for (size_t i = 0; i < GEN_COUNT(kling_codes); i++) {
        text = kling_codes[i].code == number ? kling_codes[i].message : text;
    }
    kling_say(call, status == 405 ? 404 : status, number, message != NULL ? message : text);
}

/* A key that is not there, or not known, is 1200; a value is 1201. */
void kling_refuse_form(struct sim_call *call, const struct sim_complaints *complaints)
{
    const struct sim_complaint *one = &complaints->items[0];

    kling_refuse_code(call, one->wrong == SIM_WRONG_UNKNOWN ? 1200 : 1201,
                      gen_arena_printf(call->arena, "%s: %s", one->dotted, one->message));
}

void kling_answer(struct sim_call *call, struct gen_node *data)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "code", gen_node_int(arena, 0));
    gen_node_set(arena, map, "message", gen_node_string(arena, "SUCCEED"));
    gen_node_set(arena, map, "request_id", gen_node_string(arena, sim_ident_uuid(call)));
    gen_node_set(arena, map, "data", data);
    sim_answer_json(call, 200, map);
}

const char *kling_failure(const struct sim_task *task)
{
    if (task->fault_message != NULL) {
        return task->fault_message;
    }
    if (task->state == SIM_REFUSED) {
        return "Failure to pass the risk control system";
    }
    return task->clip.first_frame != NULL ? "The image could not be processed"
                                          : "The service is currently under heavy load";
}

/* ----------------------------------------------------------------------------------- credentials */

static int kling_judge_token(struct sim_call *call, const char *token)
{
    const struct gen_node *header, *claims;
    const struct sim_account *account = sim_account_by_key(call->world, "kling", token);

    if (account != NULL && account->secret == NULL) {
        call->account = account; /* a plain API key */
        return 0;
    }
    if (!sim_jwt_read(call, token, &header, &claims)) {
        return 1002;
    }
    account = sim_account_by_key(call->world, "kling",
                                 gen_node_text(gen_node_get(claims, "iss"), NULL));
    if (account == NULL || account->secret == NULL) {
        return 1002;
    }
    switch (sim_jwt_judge(call, token, account->secret)) {
    case SIM_JWT_GOOD:
        call->account = account;
        return 0;
    case SIM_JWT_EARLY:
        return 1003;
    case SIM_JWT_EXPIRED:
        return 1004;
    case SIM_JWT_SIGNATURE:
        return 1000;
    default:
        return 1002;
    }
}

static bool kling_enter(struct sim_call *call)
{
    const char *token = sim_call_bearer(call);
    int code = token == NULL || *token == '\0' ? 1001 : kling_judge_token(call, token);

    if (code != 0) {
        kling_refuse_code(call, code, NULL);
    }
    return code == 0;
}

const struct gen_node *kling_body(struct sim_call *call)
{
    const char *why = NULL;
    const struct gen_node *body;

    if (!sim_call_type_is(call, "application/json")) {
        kling_refuse_code(call, 1200, "Content-Type must be application/json");
        return NULL;
    }
    body = sim_call_json(call, &why);
    if (gen_node_type_of(body) != GEN_NODE_MAP) {
        kling_refuse_code(call, 1200, why == NULL ? "the body must be an object" : why);
        return NULL;
    }
    return body;
}

bool kling_page(struct sim_call *call, int64_t *skip, int64_t *most)
{
    static const char *const known[] = {"pageNum", "pageSize", NULL};
    const struct gen_node *body = strcmp(call->method, "POST") == 0 ? sim_call_json(call, NULL)
                                                                    : NULL;
    const char *number = sim_call_query(call, "pageNum");
    const char *size = sim_call_query(call, "pageSize");
    int64_t page = gen_node_integer(gen_node_get(body, "pageNum"), 1);

    *most = gen_node_integer(gen_node_get(body, "pageSize"), KLING_PAGE);
    if (sim_call_query_unknown(call, known) != NULL ||
        (number != NULL && !gen_number_integer(number, &page)) ||
        (size != NULL && !gen_number_integer(size, most)) || page < 1 || page > KLING_PAGES ||
        *most < 1 || *most > KLING_PAGE_MAX) {
        kling_refuse_code(call, 1201, "pageNum must be 1 to 1000, pageSize 1 to 500");
        return false;
    }
    *skip = (page - 1) * *most;
    return true;
}

/* --------------------------------------------------------------------------------------- account */

static struct gen_node *kling_pack(struct sim_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *pack = gen_node_map(arena);
    const struct sim_account *account = call->account;
    gen_micros left = sim_account_balance(call->world, account);
    gen_moment bought = call->now - INT64_C(86400000);
    const struct {
        const char *key;
        gen_micros amount;
    } quantities[] = {{"total_quantity", account->opening}, {"remaining_quantity", left}};

    gen_node_set(arena, pack, "resource_pack_name", gen_node_string(arena, "Video Generation"));
    gen_node_set(arena, pack, "resource_pack_id", gen_node_string(arena, account->name));
    gen_node_set(arena, pack, "resource_pack_type", gen_node_string(arena, "decreasing_total"));
    for (size_t i = 0; i < GEN_COUNT(quantities); i++) {
        double units = 0;

        if (gen_number_real(kling_units(arena, quantities[i].amount), &units)) {
            gen_node_set(arena, pack, quantities[i].key, gen_node_real(arena, units));
        }
    }
    gen_node_set(arena, pack, "purchase_time", gen_node_int(arena, bought));
    gen_node_set(arena, pack, "effective_time", gen_node_int(arena, bought));
    gen_node_set(arena, pack, "invalid_time",
                 gen_node_int(arena, call->now + INT64_C(90) * 86400000));
    gen_node_set(arena, pack, "status", gen_node_string(arena, left > 0 ? "online" : "runOut"));
    return pack;
}

static void kling_costs(struct sim_call *call)
{
    static const char *const known[] = {"start_time", "end_time", "resource_pack_name", NULL};
    struct gen_arena *arena = call->arena;
    const char *from = sim_call_query(call, "start_time");
    const char *to = sim_call_query(call, "end_time");
    const char *name = sim_call_query(call, "resource_pack_name");
    int64_t start = 0, end = 0;
    struct gen_node *data, *packs;

    if (sim_call_query_unknown(call, known) != NULL || from == NULL || to == NULL ||
        !gen_number_integer(from, &start) || !gen_number_integer(to, &end) || start > end) {
        kling_refuse_code(call, 1201, "start_time and end_time are required, in milliseconds");
        return;
    }
    data = gen_node_map(arena);
    gen_node_set(arena, data, "code", gen_node_int(arena, 0));
    gen_node_set(arena, data, "msg", gen_node_string(arena, "SUCCESS"));
    packs = gen_node_set(arena, data, "resource_pack_subscribe_infos", gen_node_list(arena));
    if (name == NULL || strcmp(name, "Video Generation") == 0) {
        gen_node_push(packs, kling_pack(call));
    }
    kling_answer(call, data);
}

static const struct sim_route kling_routes[] = {
    {"POST", "/v1/videos/text2video", kling_legacy_text, 0},
    {"POST", "/v1/videos/image2video", kling_legacy_image, 0},
    {"POST", "/v1/videos/omni-video", kling_legacy_omni, 0},
    {"GET", "/v1/videos/{kind}/{id}", kling_legacy_get, 0},
    {"GET", "/v1/videos/{kind}", kling_legacy_list, 0},
    {"POST", "/text-to-video/{model}", kling_new_text, 0},
    {"POST", "/image-to-video/{model}", kling_new_image, 0},
    {"POST", "/omni-video/{model}", kling_new_omni, 0},
    {"GET", "/tasks", kling_new_get, 0},
    {"POST", "/tasks", kling_new_list, 0},
    {"GET", "/account/costs", kling_costs, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_kling;
const struct sim_dialect sim_kling = {
    .prefix = "/kling",
    .provider = "kling",
    .routes = kling_routes,
    .enter = kling_enter,
    .refuse = kling_refuse,
    .accounts = kling_accounts,
};
