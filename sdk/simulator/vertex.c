/* vertex.c - the dialect of Veo 3.1 on Vertex AI: predictLongRunning and fetchPredictOperation.
 *
 * An operation that is done may hold clips, a count of filtered ones, an error, or nothing at all (a
 * fault rule `filtered` with the code ""). Clips are inline, or in the bucket of storageUri, where
 * cloud_storage.c finds them. What is asked for is judged in vertex_orders.c.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl, tests/clients
 */
#include "simulator/vertex_orders.h"

#include <string.h>

static const char vertex_type[] =
    "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse";

static const struct sim_field vertex_poll_fields[] = {
    {.key = "operationName", .type = SIM_TEXT, .flags = SIM_REQUIRED},
    {.key = NULL},
};

static bool vertex_affordable(struct sim_call *call, gen_micros price)
{
    if (sim_account_balance(call->world, call->account) < price ||
        sim_account_live(call->world, call->account, NULL) >= call->account->concurrency) {
        google_refuse(
            call, 429, NULL,
            gen_arena_printf(
                call->arena,
                "Quota exceeded for aiplatform.googleapis.com/"
                "long_running_online_prediction_requests_per_base_model with base model: %s.",
                call->capture[2]));
        return false;
    }
    return true;
}

static bool vertex_project(struct sim_call *call)
{
    if (strcmp(call->capture[0], GOOGLE_PROJECT) != 0) {
        google_refuse(
            call, 403, NULL,
            gen_arena_printf(call->arena,
                             "Permission 'aiplatform.endpoints.predict' denied on resource "
                             "'//aiplatform.googleapis.com/projects/%s' (or it may not exist).",
                             call->capture[0]));
        return false;
    }
    return true;
}

static const char *vertex_operation(struct sim_call *call, const char *id)
{
    return gen_arena_printf(call->arena,
                            "projects/%s/locations/%s/publishers/google/models/%s/operations/%s",
                            call->capture[0], call->capture[1], call->capture[2], id);
}

static void vertex_predict(struct sim_call *call)
{
    struct sim_order order = {.kind = NULL};
    const struct sim_task *task;

    if (!vertex_project(call) || !vertex_judge(call, call->capture[2], &order) ||
        !vertex_affordable(call, order.bill.done)) {
        return;
    }
    task = sim_task_create(call, &order);
    if (task == NULL) {
        google_refuse(call, 500, NULL, NULL);
        return;
    }
    sim_answer_json(
        call, 200,
        sim_node_texts(call->arena,
                       (const char *const[]){"name", vertex_operation(call, task->id), NULL}));
}

/* ------------------------------------------------------------------------------------- telling */

const char *vertex_object(struct sim_call *call, const char *uri, int32_t index)
{
    size_t size = strlen(uri);

    return gen_arena_printf(call->arena, "%s%ssample_%d.mp4", uri,
                            size > 0 && uri[size - 1] == '/' ? "" : "/", (int)index);
}

static struct gen_node *vertex_clips(struct sim_call *call, const struct sim_task *task)
{
    const char *uri = vertex_text(task->extra, "storageUri");
    struct gen_node *list = gen_node_list(call->arena);

    for (int32_t i = 0; i < task->clips; i++) {
        struct gen_node *clip = gen_node_map(call->arena);

        if (uri != NULL) {
            google_set(call, clip, "gcsUri", vertex_object(call, uri, i));
        } else {
            gen_node_set(call->arena, clip, "bytesBase64Encoded", google_base64(call, task, i));
        }
        google_set(call, clip, "mimeType", "video/mp4");
        gen_node_push(list, clip);
    }
    return list;
}

static void vertex_filtered(struct sim_call *call, const struct sim_task *task,
                            struct gen_node *response)
{
    struct gen_node *reasons = gen_node_list(call->arena);

    if (task->fault_code != NULL && *task->fault_code == '\0') {
        return; /* neither clips nor a count nor an error: it happens */
    }
    gen_node_push(reasons, gen_node_string(call->arena,
                                           task->fault_message != NULL
                                               ? task->fault_message
                                               : "The prompt could not be submitted. This prompt "
                                                 "contains words that violate Vertex AI's "
                                                 "usage guidelines. Support codes: 58061214"));
    gen_node_set(call->arena, response, "raiMediaFilteredCount",
                 gen_node_int(call->arena, task->clips));
    gen_node_set(call->arena, response, "raiMediaFilteredReasons", reasons);
}

static struct gen_node *vertex_response(struct sim_call *call, const struct sim_task *task)
{
    struct gen_node *response = gen_node_map(call->arena);

    google_set(call, response, "@type", vertex_type);
    if (task->state == SIM_DONE) {
        gen_node_set(call->arena, response, "raiMediaFilteredCount", gen_node_int(call->arena, 0));
        gen_node_set(call->arena, response, "videos", vertex_clips(call, task));
    } else {
        vertex_filtered(call, task, response);
    }
    return response;
}

static struct gen_node *vertex_error(struct sim_call *call, const struct sim_task *task)
{
    struct gen_node *error = gen_node_map(call->arena);

    gen_node_set(call->arena, error, "code", gen_node_int(call->arena, 13)); /* gRPC: internal */
    google_set(call, error, "message",
               task->fault_message != NULL ? task->fault_message
                                           : "Video generation failed due to an internal issue.");
    return error;
}

static void vertex_fetch(struct sim_call *call)
{
    const struct gen_node *body = sim_call_json(call, NULL);
    struct gen_node *answer = gen_node_map(call->arena);
    const struct sim_task *task;
    const char *name, *id;

    if (!vertex_project(call) || !vertex_body(call, vertex_poll_fields, body)) {
        return;
    }
    name = gen_node_text(gen_node_get(body, "operationName"), "");
    id = strrchr(name, '/');
    task = id != NULL ? sim_task_find(call, id + 1) : NULL;
    if (task == NULL || strcmp(vertex_operation(call, task->id), name) != 0 ||
        strcmp(task->model, call->capture[2]) != 0) {
        google_refuse(call, 404, NULL, "The operation does not exist.");
        return;
    }
    google_set(call, answer, "name", name);
    if (!sim_task_live(task)) {
        gen_node_set(call->arena, answer, "done", gen_node_bool(call->arena, true));
        if (task->state == SIM_FAILED || task->state == SIM_CANCELLED) {
            gen_node_set(call->arena, answer, "error", vertex_error(call, task));
        } else {
            gen_node_set(call->arena, answer, "response", vertex_response(call, task));
        }
    }
    sim_answer_json(call, 200, answer);
}

static bool vertex_enter(struct sim_call *call)
{
    if (!google_bearer_account(call)) {
        google_refuse(call, 401, NULL, NULL);
        return false;
    }
    return true;
}

#define VERTEX_MODEL "/projects/{p}/locations/{l}/publishers/google/models/{m}"

static const struct sim_route vertex_routes[] = {
    {"POST", "/v1" VERTEX_MODEL ":predictLongRunning", vertex_predict, 0},
    {"POST", "/v1" VERTEX_MODEL ":fetchPredictOperation", vertex_fetch, 0},
    {"POST", "/v1beta1" VERTEX_MODEL ":predictLongRunning", vertex_predict, 0},
    {"POST", "/v1beta1" VERTEX_MODEL ":fetchPredictOperation", vertex_fetch, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_vertex;
const struct sim_dialect sim_vertex = {
    .prefix = "/vertex",
    .provider = "google",
    .routes = vertex_routes,
    .enter = vertex_enter,
    .refuse = google_refuse,
};
