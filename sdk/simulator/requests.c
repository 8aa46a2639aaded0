/* requests.c - see requests.h. */
#include "simulator/requests.h"

#include "base/alloc.h"

#include <string.h>

enum { REQUESTS_MAX = 200000 };

struct entry {
    gen_moment at;
    int64_t connection;
    const char *method, *path, *query, *version, *provider, *faults, *fate;
    int64_t body_size;
    int status;
    bool credentials; /* of any kind were sent */
};

struct sim_requests {
    struct gen_arena *arena;
    struct sim_vector entries;
    int64_t number;  /* of the newest request; goes on after a clearing */
    int64_t cleared; /* requests up to this one are forgotten */
};

struct sim_requests *sim_requests_create(void)
{
    struct sim_requests *requests = gen_alloc(sizeof(*requests));

    if (requests != NULL) {
        requests->entries.maximum = REQUESTS_MAX;
        requests->arena = gen_arena_create(0);
        if (requests->arena == NULL) {
            gen_free(requests);
            return NULL;
        }
    }
    return requests;
}

void sim_requests_destroy(struct sim_requests *requests)
{
    if (requests != NULL) {
        gen_free(requests->entries.items);
        gen_arena_destroy(requests->arena);
        gen_free(requests);
    }
}

void sim_requests_clear(struct sim_requests *requests)
{
    requests->entries.count = 0;
    requests->cleared = requests->number;
    gen_arena_clear(requests->arena);
}

static const char *requests_query(struct gen_arena *arena, const struct sim_pair *query)
{
    const char *text = "";

    for (; query != NULL; query = query->next) {
        text = gen_arena_printf(arena, "%s%s%s=%s", text, *text == '\0' ? "" : "&", query->name,
                                query->value);
    }
    return text;
}

int64_t sim_requests_begin(struct sim_requests *requests, const struct sim_call *call)
{
    struct entry *entry = gen_arena_alloc(requests->arena, sizeof(*entry));
    struct gen_arena *arena = requests->arena;

    requests->number++;
    if (entry == NULL || !sim_vector_push(&requests->entries, entry)) {
        return requests->number; /* full: it is counted, and not remembered */
    }
    entry->at = call->now;
    entry->connection = call->inner->connection;
    entry->method = gen_arena_strdup(arena, call->method);
    entry->path = gen_arena_strdup(arena, call->path);
    entry->query = requests_query(arena, call->inner->query);
    entry->version = gen_arena_strdup(arena, call->inner->version);
    entry->provider = call->dialect == NULL ? NULL : call->dialect->provider;
    entry->credentials = sim_call_header(call, "Authorization") != NULL ||
                         sim_call_header(call, "X-Api-Key") != NULL ||
                         sim_call_header(call, "X-Goog-Api-Key") != NULL;
    return requests->number;
}

void sim_requests_end(struct sim_requests *requests, const struct sim_call *call, int status,
                      const char *fate)
{
    int64_t index = call->number - requests->cleared - 1;
    struct entry *entry;

    if (index < 0 || index >= (int64_t)requests->entries.count) {
        return;
    }
    entry = requests->entries.items[index];
    entry->status = status;
    entry->body_size = (int64_t)call->body_size;
    entry->faults = gen_arena_strdup(requests->arena, call->inner->effects.names);
    entry->fate = fate;
}

struct gen_node *sim_requests_list(const struct sim_requests *requests, int64_t since,
                                   struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < requests->entries.count; i++) {
        const struct entry *entry = requests->entries.items[i];
        int64_t number = requests->cleared + (int64_t)i + 1;
        struct gen_node *map;

        if (number <= since) {
            continue;
        }
        map = gen_node_push(list, gen_node_map(arena));
        gen_node_set(arena, map, "number", gen_node_int(arena, number));
        gen_node_set(arena, map, "at", gen_node_moment(arena, entry->at));
        gen_node_set(arena, map, "connection", gen_node_int(arena, entry->connection));
        gen_node_set(arena, map, "version", gen_node_string(arena, entry->version));
        gen_node_set(arena, map, "provider", gen_node_string(arena, entry->provider));
        gen_node_set(arena, map, "method", gen_node_string(arena, entry->method));
        gen_node_set(arena, map, "path", gen_node_string(arena, entry->path));
        gen_node_set(arena, map, "query", gen_node_string(arena, entry->query));
        gen_node_set(arena, map, "credentials", gen_node_bool(arena, entry->credentials));
        gen_node_set(arena, map, "bodySize", gen_node_int(arena, entry->body_size));
        gen_node_set(arena, map, "status", gen_node_int(arena, entry->status));
        gen_node_set(arena, map, "faults", gen_node_string(arena, entry->faults));
        gen_node_set(arena, map, "fate", gen_node_string(arena, entry->fate));
    }
    return list;
}
