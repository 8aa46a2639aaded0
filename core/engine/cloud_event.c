/* cloud_event.c - see cloud_event.h. */
#include "engine/cloud_event.h"

#include "base/json.h"
#include "store/document.h"

#include <inttypes.h>

static void cloud_put(struct gen_arena *arena, struct gen_node *map, const char *key,
                      const char *text)
{
    if (text != NULL && text[0] != '\0') {
        gen_node_set(arena, map, key, gen_node_string(arena, text));
    }
}

/* What the event is about: the narrowest noun it names. */
static const char *cloud_subject(const struct gen_outbox_event *event, struct gen_arena *arena)
{
    if (event->pipeline[0] != '\0') {
        return gen_arena_printf(arena, "jobs/%s/pipelines/%s", event->job, event->pipeline);
    }
    return event->job[0] != '\0' ? gen_arena_printf(arena, "jobs/%s", event->job) : NULL;
}

enum gen_status gen_cloud_event_text(const struct gen_outbox_event *event, struct gen_arena *arena,
                                     const char **out, size_t *size, struct gen_error *err)
{
    struct gen_node *map = gen_node_map(arena), *data = gen_node_map(arena), *details = NULL;
    enum gen_status status = gen_document_json(arena, event->data, "data", event->id.text, &details,
                                               err);

    if (status != GEN_OK) {
        return status;
    }
    cloud_put(arena, data, "organization", event->organization);
    cloud_put(arena, data, "team", event->team);
    cloud_put(arena, data, "project", event->project);
    cloud_put(arena, data, "jobId", event->job);
    cloud_put(arena, data, "pipelineId", event->pipeline);
    cloud_put(arena, data, "actor", event->actor);
    gen_node_set(arena, data, "details", details);
    cloud_put(arena, map, "specversion", "1.0");
    cloud_put(arena, map, "id", event->id.text);
    cloud_put(arena, map, "source",
              gen_arena_printf(arena, "/genengine/organizations/%s", event->organization));
    cloud_put(arena, map, "type",
              gen_arena_printf(arena, GEN_CLOUD_EVENT_PREFIX "%s", event->kind));
    cloud_put(arena, map, "subject", cloud_subject(event, arena));
    gen_node_set(arena, map, "time", gen_node_moment(arena, event->at));
    cloud_put(arena, map, "datacontenttype", "application/json");
    cloud_put(arena, map, "sequence", gen_arena_printf(arena, "%020" PRId64, event->seq));
    gen_node_set(arena, map, "data", data);
    *out = gen_arena_failed(arena) ? NULL : gen_json_text(arena, map, size);
    return *out != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "no memory for an event");
}
