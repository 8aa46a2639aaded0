/* control.c - the control API under /_sim: books, faults, requests, clock, credit. Loopback only,
 * no credentials: it is the test's hand, not a provider's surface. */
#include "simulator/accounts.h"
#include "simulator/assets.h"
#include "simulator/call.h"
#include "simulator/genesis.h"
#include "simulator/requests.h"
#include "simulator/tasks.h"

#include "base/number.h"

#include <string.h>

static void control_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    const char *const pairs[] = {"error",
                                 message != NULL ? message
                                 : status == 405 ? "wrong method"
                                                 : "unknown; GET /_sim lists what there is",
                                 NULL};

    (void)code;
    sim_answer_json(call, status, sim_node_texts(call->arena, pairs));
}

static void control_failed(struct sim_call *call, const struct gen_error *err)
{
    char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_FILE_SIZE];

    control_refuse(call, 400, NULL, gen_error_text(err, text, sizeof(text)));
}

static void control_good(struct sim_call *call)
{
    struct gen_node *map = gen_node_map(call->arena);

    gen_node_set(call->arena, map, "ok", gen_node_bool(call->arena, true));
    sim_answer_json(call, 200, map);
}

static int64_t control_since(const struct sim_call *call)
{
    const char *text = sim_call_query(call, "since");
    int64_t since = 0;

    return text != NULL && gen_number_integer(text, &since) ? since : 0;
}

static void control_index(struct sim_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *bases = gen_node_set(arena, map, "dialects", gen_node_list(arena));
    struct gen_node *routes = gen_node_set(arena, map, "control", gen_node_list(arena));

    for (size_t i = 0; sim_dialects[i] != NULL; i++) {
        const char *const pairs[] = {
            "provider", sim_dialects[i]->provider, "baseUrl",
            gen_arena_printf(arena, "%s%s", call->origin, sim_dialects[i]->prefix), NULL};

        gen_node_push(bases, sim_node_texts(arena, pairs));
    }
    for (const struct sim_route *route = call->dialect->routes; route->method != NULL; route++) {
        gen_node_push(routes, gen_node_string(
                                  arena, gen_arena_printf(arena, "%s %s%s", route->method,
                                                          call->dialect->prefix, route->pattern)));
    }
    sim_answer_json(call, 200, map);
}

static void control_health(struct sim_call *call)
{
    struct gen_node *map = gen_node_map(call->arena);

    gen_node_set(call->arena, map, "ok", gen_node_bool(call->arena, true));
    gen_node_set(call->arena, map, "now", gen_node_moment(call->arena, call->now));
    gen_node_set(call->arena, map, "live",
                 gen_node_int(call->arena, (int64_t)call->world->live.count));
    gen_node_set(call->arena, map, "journalBroken",
                 gen_node_bool(call->arena, call->world->journal_broken));
    sim_answer_json(call, 200, map);
}

static void control_books(struct sim_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "now", gen_node_moment(arena, call->now));
    gen_node_set(arena, map, "accounts", sim_accounts_books(call->world, arena));
    gen_node_set(arena, map, "tasks", sim_tasks_books(call->world, arena, control_since(call)));
    gen_node_set(arena, map, "assets", sim_assets_books(call->world, arena));
    sim_answer_json(call, 200, map);
}

static void control_faults(struct sim_call *call)
{
    struct gen_node *map = gen_node_map(call->arena);

    gen_node_set(call->arena, map, "rules", sim_faults_list(call->world->faults, call->arena));
    sim_answer_json(call, 200, map);
}

static void control_set_faults(struct sim_call *call)
{
    const char *why = NULL;
    const struct gen_node *node = sim_call_json(call, &why);
    bool replace = strcmp(call->method, "PUT") == 0;
    struct gen_error err = {0};

    if (node == NULL) {
        control_refuse(call, 400, NULL, why);
    } else if (sim_faults_read(call->world->faults, node, replace, &err) != GEN_OK) {
        control_failed(call, &err);
    } else {
        control_faults(call);
    }
}

static void control_clear_faults(struct sim_call *call)
{
    sim_faults_clear(call->world->faults);
    control_good(call);
}

static void control_requests(struct sim_call *call)
{
    struct gen_node *map = gen_node_map(call->arena);

    gen_node_set(call->arena, map, "requests",
                 sim_requests_list(call->world->requests, control_since(call), call->arena));
    sim_answer_json(call, 200, map);
}

static void control_clear_requests(struct sim_call *call)
{
    sim_requests_clear(call->world->requests);
    control_good(call);
}

static bool control_form(struct sim_call *call, const struct sim_field *fields)
{
    const char *why = NULL;
    const struct gen_node *node = sim_call_json(call, &why);
    struct sim_complaints complaints;

    if (gen_node_type_of(node) != GEN_NODE_MAP) {
        control_refuse(call, 400, NULL, why != NULL ? why : "the body must be a JSON object");
        return false;
    }
    if (!sim_form_check(call, fields, node, &complaints)) {
        control_refuse(call, 400, NULL, complaints.items[0].message);
        return false;
    }
    return true;
}

static void control_clock(struct sim_call *call)
{
    static const struct sim_field fields[] = {
        {.key = "skewMs", .type = SIM_INT, .flags = SIM_REQUIRED},
        {.key = NULL},
    };

    if (control_form(call, fields)) {
        call->world->skew_ms = gen_node_integer(gen_node_get(sim_call_json(call, NULL), "skewMs"),
                                                0);
        call->now = sim_world_told(call->world);
        control_health(call);
    }
}

static void control_credit(struct sim_call *call)
{
    static const struct sim_field fields[] = {
        {.key = "provider", .type = SIM_TEXT, .flags = SIM_REQUIRED},
        {.key = "account", .type = SIM_TEXT},
        {.key = "usd", .type = SIM_NUMBER, .flags = SIM_REQUIRED},
        {.key = NULL},
    };
    const struct gen_node *node;
    struct gen_error err = {0};
    gen_micros amount = 0;

    if (!control_form(call, fields)) {
        return;
    }
    node = sim_call_json(call, NULL);
    if (gen_node_dollars(gen_node_get(node, "usd"), &amount, &err) != GEN_OK ||
        sim_accounts_deposit(call->world, gen_node_text(gen_node_get(node, "provider"), ""),
                             gen_node_text(gen_node_get(node, "account"), "test"), amount,
                             &err) != GEN_OK) {
        control_failed(call, &err);
        return;
    }
    control_good(call);
}

static void control_reset(struct sim_call *call)
{
    struct gen_error err = {0};

    if (sim_genesis_reset(call->world, &err) != GEN_OK) {
        control_failed(call, &err);
        return;
    }
    control_good(call);
}

static const struct sim_route control_routes[] = {
    {"GET", "", control_index, 0},
    {"GET", "/health", control_health, 0},
    {"GET", "/books", control_books, 0},
    {"GET", "/faults", control_faults, 0},
    {"PUT", "/faults", control_set_faults, 0},
    {"POST", "/faults", control_set_faults, 0},
    {"DELETE", "/faults", control_clear_faults, 0},
    {"GET", "/requests", control_requests, 0},
    {"DELETE", "/requests", control_clear_requests, 0},
    {"POST", "/clock", control_clock, 0},
    {"POST", "/credit", control_credit, 0},
    {"POST", "/reset", control_reset, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_control;
const struct sim_dialect sim_control = {
    .prefix = "/_sim", .provider = "_sim", .routes = control_routes, .refuse = control_refuse};
