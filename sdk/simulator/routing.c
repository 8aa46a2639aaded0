/* routing.c - see routing.h. */
#include "simulator/routing.h"

#include "simulator/tasks.h"

#include <string.h>

void sim_routing_enter(struct sim_call *call)
{
    call->dialect = NULL;
    call->tail = "";
    for (size_t i = 0; sim_dialects[i] != NULL; i++) {
        const char *prefix = sim_dialects[i]->prefix;
        size_t size = strlen(prefix);

        if (strncmp(call->path, prefix, size) == 0 &&
            (call->path[size] == '/' || call->path[size] == '\0')) {
            call->dialect = sim_dialects[i];
            call->tail = call->path + size;
            return;
        }
    }
}

static bool routing_is_control(const struct sim_call *call)
{
    return call->dialect == NULL || call->dialect->prefix[1] == '_'; /* /_sim has no faults */
}

bool sim_routing_head(struct sim_call *call)
{
    struct sim_subject subject = {
        .method = call->method,
        .path = call->path,
    };

    if (routing_is_control(call)) {
        return false;
    }
    subject.provider = call->dialect->provider;
    sim_faults_judge(call->world, SIM_AT_HEAD, &subject, call->arena, &call->inner->effects);
    return call->inner->effects.reset_before;
}

void sim_routing_judge(struct sim_call *call)
{
    struct sim_subject subject = {
        .method = call->method,
        .path = call->path,
        .body = call->body,
        .body_size = call->body_size,
    };

    sim_faults_none(&call->inner->effects);
    if (!routing_is_control(call)) {
        subject.provider = call->dialect->provider;
        sim_faults_judge(call->world, SIM_AT_BODY, &subject, call->arena, &call->inner->effects);
    }
}

/* -------------------------------------------------------------------------------- the patterns */

/* Matches one name: from `text` as much as may stand before what follows in the pattern. */
static const char *routing_capture(struct sim_call *call, const char *pattern, const char *text,
                                   size_t index, const char **end_of_name)
{
    const char *close = strchr(pattern, '}');
    bool rest = close != NULL && close - pattern > 4 && memcmp(close - 3, "...", 3) == 0;
    size_t size;

    GEN_CHECK(close != NULL && index < SIM_CAPTURES);
    size = rest ? strlen(text) : strcspn(text, "/");
    if (!rest && close[1] != '\0' && close[1] != '/') { /* a literal follows in the segment */
        size_t literal = strcspn(close + 1, "/{");

        while (size > 0 &&
               (size < literal || strncmp(text + size - literal, close + 1, literal) != 0)) {
            size--;
        }
        size = size >= literal ? size - literal : 0;
    }
    if (size == 0) {
        return NULL;
    }
    call->capture[index] = gen_arena_strndup(call->arena, text, size);
    *end_of_name = close + 1;
    return text + size;
}

static bool routing_matches(struct sim_call *call, const char *pattern)
{
    const char *text = call->tail;
    size_t index = 0;

    memset(call->capture, 0, sizeof(call->capture));
    while (*pattern != '\0') {
        if (*pattern == '{') {
            text = routing_capture(call, pattern, text, index++, &pattern);
            if (text == NULL) {
                return false;
            }
        } else if (*pattern++ != *text++) {
            return false;
        }
    }
    return *text == '\0';
}

static void routing_route(struct sim_call *call)
{
    const struct sim_dialect *dialect = call->dialect;
    bool path_known = false;

    for (const struct sim_route *route = dialect->routes; route->method != NULL; route++) {
        if (!routing_matches(call, route->pattern)) {
            continue;
        }
        path_known = true;
        if (strcmp(route->method, call->method) != 0 &&
            !(strcmp(call->method, "HEAD") == 0 && strcmp(route->method, "GET") == 0)) {
            continue;
        }
        if ((route->flags & SIM_ROUTE_OPEN) != 0 || dialect->enter == NULL ||
            dialect->enter(call)) {
            route->handle(call);
        }
        return;
    }
    memset(call->capture, 0, sizeof(call->capture));
    dialect->refuse(call, path_known ? 405 : 404, NULL, NULL);
}

/* ------------------------------------------------------------------------------ faults around */

static void routing_refuse(struct sim_call *call, int status)
{
    const struct sim_effects *effects = &call->inner->effects;

    call->dialect->refuse(call, status, effects->code, effects->message);
    if (effects->retry_after >= 0) {
        sim_answer_header(call, "Retry-After",
                          gen_arena_printf(call->arena, "%lld", (long long)effects->retry_after));
    }
}

void sim_routing_act(struct sim_call *call)
{
    const struct sim_effects *effects = &call->inner->effects;

    call->now = sim_world_told(call->world);
    if (call->dialect == NULL) {
        sim_answer_text(call, 404, "text/plain",
                        "gen-sim: no provider has this prefix; GET /_sim lists them\n");
        return;
    }
    sim_tasks_advance(call->world);
    if (effects->http200error) {
        routing_refuse(call, effects->status != 0 ? (int)effects->status : 500);
        call->inner->status = 200;
        return;
    }
    if (effects->status == 0 || effects->acted) {
        routing_route(call);
    }
    if (effects->status != 0) {
        routing_refuse(call, (int)effects->status);
    }
    if (effects->not_json) {
        sim_answer_text(call, call->inner->status, "text/html",
                        "<html><body><h1>Service is being improved</h1></body></html>\n");
    }
}
