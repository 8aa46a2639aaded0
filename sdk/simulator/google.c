/* google.c - the dialect of Google's Gemini API: routes, the API key, the shapes of errors, models.
 *
 * /v1beta and /v1 are the same here: the official client calls /v1, older ones /v1beta. Veo is gone
 * from this surface: generateContent and predictLongRunning refuse, as the vendor's do.
 * A wrong key is 400 with API_KEY_INVALID and a missing one 403: general knowledge, not in a source.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/contract/simulator, tests/clients
 */
#include "simulator/google.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/number.h"
#include "platform/crypto.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { GOOGLE_INLINE_MOST = 256 * 1024 * 1024 };

/* "redirecting": its downloads are answered with a redirect to a signed link.
 * "vertex": the service account; gen-sim --service-account makes its key. */
static const struct sim_account google_accounts[] = {
    {"google", "test", "sim-google-key", NULL, 200 * GEN_MICROS_PER_DOLLAR, 10, 0},
    {"google", "redirecting", "sim-google-redirecting", NULL, 200 * GEN_MICROS_PER_DOLLAR, 10, 0},
    {"google", "poor", "sim-google-poor", NULL, 0, 10, 0},
    {"google", "vertex", NULL, NULL, 200 * GEN_MICROS_PER_DOLLAR, 10, 0},
    {NULL, NULL, NULL, NULL, 0, 0, 0},
};

/* ------------------------------------------------------------------------------------- errors */

static const struct {
    int status;
    const char *word, *lower, *message;
} google_errors[] = {
    {400, "INVALID_ARGUMENT", "invalid_request", "Request contains an invalid argument."},
    {401, "UNAUTHENTICATED", "unauthenticated",
     "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
     "or "
     "other valid authentication credential."},
    {403, "PERMISSION_DENIED", "permission_denied", "The caller does not have permission"},
    {404, "NOT_FOUND", "not_found", "Requested entity was not found."},
    {405, "UNIMPLEMENTED", "unimplemented", "Method not allowed."},
    {409, "ABORTED", "aborted", "The operation was aborted."},
    {429, "RESOURCE_EXHAUSTED", "resource_exhausted",
     "Resource has been exhausted (e.g. check quota)."},
    {499, "CANCELLED", "cancelled", "The operation was cancelled."},
    {500, "INTERNAL", "internal", "An internal error has occurred. Please retry."},
    {502, "UNAVAILABLE", "unavailable", "The service is currently unavailable."},
    {503, "UNAVAILABLE", "unavailable", "The model is overloaded. Please try again later."},
    {504, "DEADLINE_EXCEEDED", "deadline_exceeded",
     "Deadline expired before operation could complete."},
    {0, "UNKNOWN", "unknown", "Unknown error."},
};

static size_t google_error_of(int status)
{
    size_t i = 0;

    while (google_errors[i].status != 0 && google_errors[i].status != status) {
        i++;
    }
    return i;
}

void google_set(struct sim_call *call, struct gen_node *map, const char *key, const char *text)
{
    gen_node_set(call->arena, map, key, gen_node_string(call->arena, text));
}

void google_set_moment(struct sim_call *call, struct gen_node *map, const char *key,
                       gen_moment moment)
{
    gen_node_set(call->arena, map, key, gen_node_moment(call->arena, moment));
}

static void google_error(struct sim_call *call, int status, const char *word, const char *message,
                         struct gen_node *details)
{
    struct gen_node *answer = gen_node_map(call->arena);
    struct gen_node *error = gen_node_map(call->arena);

    gen_node_set(call->arena, error, "code", gen_node_int(call->arena, status));
    google_set(call, error, "message", message);
    google_set(call, error, "status", word);
    if (details != NULL) {
        gen_node_set(call->arena, error, "details", details);
    }
    gen_node_set(call->arena, answer, "error", error);
    sim_answer_json(call, status, answer);
}

void google_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    size_t i = google_error_of(status);
    char *word = gen_arena_strdup(call->arena, code != NULL ? code : google_errors[i].word);

    for (char *at = word; at != NULL && *at != '\0'; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    google_error(call, status, word, message != NULL ? message : google_errors[i].message, NULL);
}

void google_interaction_refuse(struct sim_call *call, int status, const char *code,
                               const char *message)
{
    size_t i = google_error_of(status);
    struct gen_node *answer = gen_node_map(call->arena);
    struct gen_node *error = gen_node_map(call->arena);

    google_set(call, error, "code", code != NULL ? code : google_errors[i].lower);
    google_set(call, error, "message", message != NULL ? message : google_errors[i].message);
    gen_node_set(call->arena, answer, "error", error);
    sim_answer_json(call, status, answer);
}

static void google_refuse_here(struct sim_call *call, int status, const char *code,
                               const char *message)
{
    if (strstr(call->tail, "/interactions") != NULL) {
        google_interaction_refuse(call, status, code, message);
    } else {
        google_refuse(call, status, code, message);
    }
}

/* The front end's answer, the same for every surface behind it. */
static void google_key_refuse(struct sim_call *call)
{
    struct gen_node *details = gen_node_list(call->arena);

    gen_node_push(details,
                  sim_node_texts(call->arena,
                                 (const char *const[]){
                                     "@type", "type.googleapis.com/google.rpc.ErrorInfo", "reason",
                                     "API_KEY_INVALID", "domain", "googleapis.com", NULL}));
    google_error(call, 400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
                 details);
}

bool google_enter(struct sim_call *call)
{
    const char *key = sim_call_header(call, "x-goog-api-key");

    key = key != NULL ? key : sim_call_query(call, "key");
    if (key == NULL || *key == '\0') {
        google_refuse(
            call, 403, NULL,
            "Method doesn't allow unregistered callers (callers without established "
            "identity). Please use API Key or other form of API consumer identity to call "
            "this API.");
        return false;
    }
    call->account = sim_account_by_key(call->world, "google", key);
    if (call->account == NULL || call->account->secret != NULL) { /* an account of another kind */
        google_key_refuse(call);
        return false;
    }
    return true;
}

/* --------------------------------------------------------------------------- what others share */

static const struct {
    const char *word;
    int32_t side;
} google_sides[] = {{"360p", 360}, {"720p", 720}, {"1080p", 1080}, {"4k", 2160}, {NULL, 720}};

void google_frame(struct sim_clip *clip, const char *ratio, const char *resolution)
{
    int32_t a = 16, b = 9;
    size_t i = 0;

    while (google_sides[i].word != NULL &&
           (resolution == NULL || strcmp(google_sides[i].word, resolution) != 0)) {
        i++;
    }
    if (ratio != NULL) {
        (void)!gen_number_pair(ratio, ':', &a, &b);
    }
    clip->width = (a >= b ? google_sides[i].side * a / b : google_sides[i].side) & ~1;
    clip->height = (a >= b ? google_sides[i].side : google_sides[i].side * b / a) & ~1;
    clip->fps = 24;
}

struct gen_node *google_base64(struct sim_call *call, const struct sim_task *task, int32_t index)
{
    int64_t size = 0;
    const char *path = sim_task_file(call, task, index, &size);
    FILE *file = path != NULL ? fopen(path, "rb") : NULL;
    struct gen_node *node = NULL;
    char *data = NULL, *text = NULL;

    if (file == NULL || size <= 0 || size > GOOGLE_INLINE_MOST) {
        goto done;
    }
    data = gen_alloc((size_t)size);
    if (data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size &&
        gen_base64_encode(data, (size_t)size, &text) == GEN_OK) {
        node = gen_node_string(call->arena, text);
    }
done:
    if (file != NULL) {
        (void)fclose(file);
    }
    gen_free(data);
    gen_free(text);
    return node;
}

/* ------------------------------------------------------------------------------------- models */

static const struct {
    const char *id, *title, *method;
} google_models[] = {
    {"gemini-omni-1.1-flash", "Gemini Omni 1.1 Flash", "createInteraction"},
    {"gemini-omni-1.2-flash", "Gemini Omni 1.2 Flash", "createInteraction"},
    {"gemini-3.8-flash", "Gemini 3.8 Flash", "generateContent"},
    {NULL, NULL, NULL},
};

static struct gen_node *google_model(struct sim_call *call, size_t i)
{
    struct gen_node *model = gen_node_map(call->arena);
    struct gen_node *methods = gen_node_list(call->arena);

    google_set(call, model, "name",
               gen_arena_printf(call->arena, "models/%s", google_models[i].id));
    google_set(call, model, "displayName", google_models[i].title);
    gen_node_set(call->arena, model, "inputTokenLimit", gen_node_int(call->arena, 131072));
    gen_node_set(call->arena, model, "outputTokenLimit", gen_node_int(call->arena, 65536));
    gen_node_push(methods, gen_node_string(call->arena, google_models[i].method));
    gen_node_set(call->arena, model, "supportedGenerationMethods", methods);
    return model;
}

static void google_model_list(struct sim_call *call)
{
    struct gen_node *answer = gen_node_map(call->arena);
    struct gen_node *models = gen_node_list(call->arena);

    for (size_t i = 0; google_models[i].id != NULL; i++) {
        gen_node_push(models, google_model(call, i));
    }
    gen_node_set(call->arena, answer, "models", models);
    sim_answer_json(call, 200, answer);
}

static void google_model_get(struct sim_call *call)
{
    for (size_t i = 0; google_models[i].id != NULL; i++) {
        if (strcmp(google_models[i].id, call->capture[0]) == 0) {
            sim_answer_json(call, 200, google_model(call, i));
            return;
        }
    }
    google_refuse(
        call, 404, NULL,
        gen_arena_printf(call->arena,
                         "models/%s is not found for API version v1beta, or is not supported.",
                         call->capture[0]));
}

static void google_model_call(struct sim_call *call)
{
    if (strncmp(call->capture[0], "veo-", 4) == 0) {
        google_refuse(
            call, 404, NULL,
            gen_arena_printf(call->arena,
                             "models/%s is no longer available. Use gemini-omni-1.1-flash.",
                             call->capture[0]));
    } else {
        google_refuse(call, 400, NULL,
                      gen_arena_printf(call->arena, "models/%s only supports the Interactions API.",
                                       call->capture[0]));
    }
}

/* ------------------------------------------------------------------------------------- routes */

#define GOOGLE_ROUTES(version) \
    {"POST", version "/interactions", google_interaction_create, 0}, \
        {"GET", version "/interactions/{id}", google_interaction_get, 0}, \
        {"DELETE", version "/interactions/{id}", google_interaction_delete, 0}, \
        {"POST", version "/interactions/{id}/cancel", google_interaction_cancel, 0}, \
        {"GET", version "/models", google_model_list, 0}, \
        {"GET", version "/models/{id}", google_model_get, 0}, \
        {"POST", version "/models/{id}:generateContent", google_model_call, 0}, \
        {"POST", version "/models/{id}:predictLongRunning", google_model_call, 0}, \
        {"GET", version "/files/{id}:download", google_file_download, 0}, \
        {"GET", version "/files/{id}", google_file_get, 0}, \
        {"DELETE", version "/files/{id}", google_file_delete, 0}, \
    { \
        "POST", "/upload" version "/files", google_upload, SIM_ROUTE_OPEN \
    }

static const struct sim_route google_routes[] = {
    GOOGLE_ROUTES("/v1beta"),
    GOOGLE_ROUTES("/v1"),
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_google;
const struct sim_dialect sim_google = {
    .prefix = "/google",
    .provider = "google",
    .routes = google_routes,
    .enter = google_enter,
    .refuse = google_refuse_here,
    .accounts = google_accounts,
};
