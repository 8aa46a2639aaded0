/* cloud_storage.c - what Vertex wrote into a bucket, read through Cloud Storage's two interfaces: the
 * XML one (GET /BUCKET/OBJECT) and the JSON one (/storage/v1/b/BUCKET/o).
 *
 * Every bucket exists; there is nothing in it but results of the account's tasks. Read only.
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl
 */
#include "simulator/google.h"

#include <string.h>

/* ------------------------------------------------------------------------------------- errors */

static const struct {
    int status;
    const char *code, *message;
} storage_errors[] = {
    {400, "InvalidArgument", "Invalid argument."},
    {401, "AuthenticationRequired", "Authentication required."},
    {403, "AccessDenied", "Access denied."},
    {404, "NoSuchKey", "The specified key does not exist."},
    {429, "SlowDown", "Please reduce your request rate."},
    {500, "InternalError", "We encountered an internal error. Please try again."},
    {503, "ServiceUnavailable", "Please try again."},
    {0, "InternalError", "We encountered an internal error. Please try again."},
};

static void storage_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    size_t i = 0;

    if (strstr(call->tail, "/storage/v1/") != NULL) {
        google_refuse(call, status, code, message);
        return;
    }
    while (storage_errors[i].status != 0 && storage_errors[i].status != status) {
        i++;
    }
    sim_answer_text(
        call, status, "application/xml; charset=UTF-8",
        gen_arena_printf(call->arena,
                         "<?xml version='1.0' encoding='UTF-8'?><Error><Code>%s</Code><Message>%s"
                         "</Message></Error>",
                         code != NULL ? code : storage_errors[i].code,
                         message != NULL ? message : storage_errors[i].message));
}

static bool storage_enter(struct sim_call *call)
{
    if (google_bearer_account(call)) {
        return true;
    }
    if (sim_call_header(call, "Authorization") == NULL) {
        storage_refuse(call, 401, NULL,
                       "Anonymous caller does not have storage.objects.get access "
                       "to the Google Cloud Storage object.");
    } else {
        storage_refuse(call, 401, NULL, "Invalid Credentials");
    }
    return false;
}

/* ------------------------------------------------------------------------------------- objects */

struct storage_object {
    const struct sim_task *task;
    int32_t index;
    const char *name; /* inside the bucket */
    int64_t size;
};

/* Calls `see` for each object of the bucket, newest task first, until it returns false. */
static void storage_each(struct sim_call *call, const char *bucket,
                         bool (*see)(struct sim_call *call, const struct storage_object *object,
                                     void *context),
                         void *context)
{
    const char *root = gen_arena_printf(call->arena, "gs://%s/", bucket);
    const struct sim_task *task = NULL;

    while (root != NULL && (task = sim_task_next(call, task)) != NULL) {
        const char *uri = gen_node_text(gen_node_get(task->extra, "storageUri"), "");

        for (int32_t i = 0; task->state == SIM_DONE && i < task->clips; i++) {
            struct storage_object object = {.task = task, .index = i};

            if (strncmp(uri, root, strlen(root)) != 0) {
                break;
            }
            object.name = vertex_object(call, uri, i) + strlen(root);
            if (sim_task_file(call, task, i, &object.size) != NULL &&
                !see(call, &object, context)) {
                return;
            }
        }
    }
}

static bool storage_is(struct sim_call *call, const struct storage_object *object, void *context)
{
    struct storage_object *wanted = context;

    (void)call;
    if (strcmp(object->name, wanted->name) == 0) {
        *wanted = *object;
    }
    return wanted->task == NULL;
}

static struct storage_object storage_find(struct sim_call *call, const char *bucket,
                                          const char *name)
{
    struct storage_object object = {.name = name};

    storage_each(call, bucket, storage_is, &object);
    if (object.task == NULL) {
        storage_refuse(call, 404, NULL, NULL);
    }
    return object;
}

static void storage_send(struct sim_call *call)
{
    struct storage_object object = storage_find(call, call->capture[0], call->capture[1]);
    int64_t size;

    if (object.task != NULL) {
        sim_answer_file(call, sim_task_file(call, object.task, object.index, &size), "video/mp4");
    }
}

static struct gen_node *storage_node(struct sim_call *call, const char *bucket,
                                     const struct storage_object *object)
{
    struct gen_node *node = gen_node_map(call->arena);

    google_set(call, node, "kind", "storage#object");
    google_set(call, node, "name", object->name);
    google_set(call, node, "bucket", bucket);
    google_set(call, node, "size", gen_arena_printf(call->arena, "%lld", (long long)object->size));
    google_set(call, node, "contentType", "video/mp4");
    google_set_moment(call, node, "timeCreated", object->task->ended);
    google_set_moment(call, node, "updated", object->task->ended);
    return node;
}

static void storage_get(struct sim_call *call)
{
    const char *alt = sim_call_query(call, "alt");
    struct storage_object object;

    if (alt != NULL && strcmp(alt, "media") == 0) {
        storage_send(call);
        return;
    }
    object = storage_find(call, call->capture[0], call->capture[1]);
    if (object.task != NULL) {
        sim_answer_json(call, 200, storage_node(call, call->capture[0], &object));
    }
}

struct storage_listing {
    const char *prefix;
    struct gen_node *items;
};

static bool storage_lists(struct sim_call *call, const struct storage_object *object, void *context)
{
    struct storage_listing *listing = context;

    if (strncmp(object->name, listing->prefix, strlen(listing->prefix)) == 0) {
        gen_node_push(listing->items, storage_node(call, call->capture[0], object));
    }
    return true;
}

/* One page: nobody has so many results under one prefix. Without any, `items` is absent. */
static void storage_list(struct sim_call *call)
{
    static const char *const known[] = {"prefix", "delimiter",   "maxResults", "fields",
                                        "alt",    "prettyPrint", NULL};
    const char *unknown = sim_call_query_unknown(call, known);
    const char *prefix = sim_call_query(call, "prefix");
    struct storage_listing listing = {prefix != NULL ? prefix : "", gen_node_list(call->arena)};
    struct gen_node *answer = gen_node_map(call->arena);

    if (unknown != NULL) {
        google_refuse(call, 400, NULL,
                      gen_arena_printf(call->arena, "Unknown query parameter \"%s\"", unknown));
        return;
    }
    storage_each(call, call->capture[0], storage_lists, &listing);
    google_set(call, answer, "kind", "storage#objects");
    if (gen_node_count(listing.items) > 0) {
        gen_node_set(call->arena, answer, "items", listing.items);
    }
    sim_answer_json(call, 200, answer);
}

static const struct sim_route storage_routes[] = {
    {"GET", "/storage/v1/b/{bucket}/o", storage_list, 0},
    {"GET", "/storage/v1/b/{bucket}/o/{object...}", storage_get, 0},
    {"GET", "/download/storage/v1/b/{bucket}/o/{object...}", storage_get, 0},
    {"GET", "/{bucket}/{object...}", storage_send, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_cloud_storage;
const struct sim_dialect sim_cloud_storage = {
    .prefix = "/storage",
    .provider = "google",
    .routes = storage_routes,
    .enter = storage_enter,
    .refuse = storage_refuse,
};
