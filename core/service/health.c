/* health.c - see health.h. */
#include "service/health.h"

#include "engine/engine.h"

#include <unistd.h>

static void health_reply(struct gen_call *call, const char *word)
{
    struct gen_node *node = gen_node_map(call->arena);

    gen_node_set(call->arena, node, "status", gen_node_string(call->arena, word));
    gen_call_reply(call, 200, node);
}

void gen_health_alive(struct gen_call *call)
{
    health_reply(call, "ok");
}

void gen_health_ready(struct gen_call *call)
{
    struct gen_error err = {0};

    if (gen_engine_ready(call->service->engine, &err) == GEN_OK) {
        health_reply(call, "ready");
    } else {
        gen_call_fail_as(call, 503, &err);
    }
}

void gen_health_version(struct gen_call *call)
{
    struct gen_node *node = gen_node_map(call->arena);

    gen_node_set(call->arena, node, "name", gen_node_string(call->arena, "genengine"));
    gen_node_set(call->arena, node, "version",
                 gen_node_string(call->arena, call->service->version));
    gen_node_set(call->arena, node, "api", gen_node_string(call->arena, "v1"));
    gen_node_set(call->arena, node, "pid", gen_node_int(call->arena, getpid()));
    gen_node_set(call->arena, node, "address",
                 gen_node_string(call->arena, call->service->address));
    gen_node_set(call->arena, node, "sandbox", gen_node_bool(call->arena, call->service->sandbox));
    gen_node_set(call->arena, node, "startedAt",
                 gen_node_moment(call->arena, call->service->started_at));
    gen_call_reply(call, 200, node);
}
