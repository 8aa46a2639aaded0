/* cdn.c - result links and presigned uploads under /cdn, as an object store would serve them: a
 * signature and an end in the link, nothing else. Credentials that come along are an error: a client
 * that sends its key to a foreign host has leaked it. */
#include "simulator/assets.h"
#include "simulator/call.h"
#include "simulator/tasks.h"

#include "base/number.h"
#include "platform/crypto.h"

#include <string.h>
#include <strings.h>

enum { CDN_SIGNATURE = 32 };

static const char *cdn_signature(struct sim_call *call, const char *what, const char *name,
                                 gen_moment expires)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    char *text = gen_arena_printf(call->arena, "%llu/%s/%s/%lld",
                                  (unsigned long long)call->world->settings.seed, what, name,
                                  (long long)expires);

    if (text == NULL) {
        return "";
    }
    gen_digest_of(text, strlen(text), digest);
    return gen_arena_strndup(call->arena, digest, CDN_SIGNATURE);
}

static const char *cdn_link(struct sim_call *call, const char *what, const char *name,
                            gen_moment expires)
{
    const char *host = call->world->settings.cdn_host;
    const char *origin = host == NULL ? call->origin
                                      : gen_arena_printf(call->arena, "http://%s:%d", host,
                                                         call->world->port);

    return gen_arena_printf(call->arena, "%s/cdn/%s/%s?expires=%lld&signature=%s", origin, what,
                            name, (long long)expires, cdn_signature(call, what, name, expires));
}

const char *sim_link_result(struct sim_call *call, const struct sim_task *task, int32_t index)
{
    char *name = gen_arena_printf(call->arena, "%lld-%d.mp4", (long long)task->serial, (int)index);

    return name == NULL
               ? ""
               : cdn_link(call, "results", name, call->now + call->world->settings.link_life_ms);
}

const char *sim_link_asset(struct sim_call *call, const struct sim_asset *asset)
{
    char *name = gen_arena_printf(call->arena, "%lld", (long long)asset->serial);

    return name == NULL
               ? ""
               : cdn_link(call, "assets", name, call->now + call->world->settings.link_life_ms);
}

const char *sim_asset_upload_url(struct sim_call *call, const struct sim_asset *asset)
{
    const char *what = asset->upload == SIM_UPLOAD_PUT ? "put" : "form";
    char *name = gen_arena_printf(call->arena, "%lld", (long long)asset->serial);

    return name == NULL ? "" : cdn_link(call, what, name, asset->expires);
}

/* --------------------------------------------------------------------------------- being asked */

static void cdn_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    static const struct {
        int status;
        const char *code;
    } codes[] = {
        {400, "InvalidArgument"},  {403, "AccessDenied"},   {404, "NoSuchKey"},
        {405, "MethodNotAllowed"}, {413, "EntityTooLarge"}, {503, "SlowDown"},
    };
    const char *usual = "InternalError";

    for (size_t i = 0; i < GEN_COUNT(codes); i++) {
        usual = codes[i].status == status ? codes[i].code : usual;
    }
    sim_answer_text(call, status, "application/xml",
                    gen_arena_printf(call->arena,
                                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s"
                                     "</Code><Message>%s</Message></Error>\n",
                                     code != NULL ? code : usual,
                                     message != NULL ? message : "The request was refused."));
}

/* Judges link and request; answers and returns false when something is wrong. */
static bool cdn_may(struct sim_call *call, const char *what, const char *name)
{
    static const char *const secrets[] = {"Authorization", "X-Api-Key", "X-Goog-Api-Key",
                                          "X-Runway-Version"};
    const char *signature = sim_call_query(call, "signature");
    const char *expires = sim_call_query(call, "expires");
    int64_t end = 0;

    for (size_t i = 0; i < GEN_COUNT(secrets); i++) {
        if (sim_call_header(call, secrets[i]) != NULL) {
            cdn_refuse(call, 400, NULL,
                       "Only one auth mechanism allowed: a presigned link takes no credentials.");
            return false;
        }
    }
    if (expires == NULL || signature == NULL || !gen_number_integer(expires, &end) ||
        !gen_crypto_equal(signature, cdn_signature(call, what, name, end))) {
        cdn_refuse(call, 403, "SignatureDoesNotMatch", "The signature is not ours.");
        return false;
    }
    if (call->now >= end) {
        cdn_refuse(call, 403, NULL, "Request has expired");
        return false;
    }
    return true;
}

/* "12-0.mp4" -> 12, 0 */
static bool cdn_name(const char *name, int64_t *serial, int32_t *index)
{
    int64_t second = 0;
    char text[64];
    char *dash, *dot;

    if (strlen(name) >= sizeof(text)) {
        return false;
    }
    memcpy(text, name, strlen(name) + 1);
    dash = strchr(text, '-');
    dot = strchr(text, '.');
    if (dash == NULL || dot == NULL || dot < dash) {
        return false;
    }
    *dash = '\0';
    *dot = '\0';
    if (!gen_number_integer(text, serial) || !gen_number_integer(dash + 1, &second) || second < 0 ||
        second > INT32_MAX) {
        return false;
    }
    *index = (int32_t)second;
    return true;
}

static void cdn_result(struct sim_call *call)
{
    const char *name = call->capture[0];
    const struct sim_task *task;
    int64_t serial = 0;
    int32_t index = 0;
    int64_t size = 0;
    const char *path;

    if (!cdn_may(call, "results", name)) {
        return;
    }
    task = cdn_name(name, &serial, &index) ? sim_tasks_by_serial(call->world, serial) : NULL;
    path = task == NULL ? NULL : sim_tasks_file(call->world, task, index, call->arena, &size);
    if (path == NULL) {
        cdn_refuse(call, 404, NULL, "The specified key does not exist.");
        return;
    }
    sim_answer_file(call, path, "video/mp4");
}

/* The asset of the link; answers and gives NULL when there is none or the link is not good. */
static struct sim_asset *cdn_asset(struct sim_call *call, const char *what)
{
    int64_t serial = 0;
    struct sim_asset *asset;

    if (!cdn_may(call, what, call->capture[0])) {
        return NULL;
    }
    asset = gen_number_integer(call->capture[0], &serial)
                ? sim_assets_by_serial(call->world, serial)
                : NULL;
    if (asset == NULL) {
        cdn_refuse(call, 404, NULL, "The specified key does not exist.");
    }
    return asset;
}

static void cdn_read(struct sim_call *call)
{
    const struct sim_asset *asset = cdn_asset(call, "assets");

    if (asset != NULL && asset->path == NULL) {
        cdn_refuse(call, 404, NULL, "The specified key does not exist.");
    } else if (asset != NULL) {
        sim_answer_file(call, asset->path, asset->type);
    }
}

/* Size as promised? Answers and returns false when not. */
static bool cdn_fits(struct sim_call *call, const struct sim_asset *asset, size_t size)
{
    int64_t bytes = (int64_t)size;

    if (asset->exact_size > 0 && bytes != asset->exact_size) {
        cdn_refuse(call, 400, "IncorrectNumberOfFilesInPostRequest",
                   "The size is not the declared one.");
    } else if (bytes < asset->min_size) {
        cdn_refuse(call, 400, "EntityTooSmall",
                   "Your proposed upload is smaller than the minimum "
                   "allowed size");
    } else if (asset->max_size > 0 && bytes > asset->max_size) {
        cdn_refuse(call, 400, "EntityTooLarge",
                   "Your proposed upload exceeds the maximum allowed "
                   "size");
    } else {
        return true;
    }
    return false;
}

static void cdn_keep(struct sim_call *call, const struct sim_asset *asset, const void *data,
                     size_t size, int status)
{
    const char *found = sim_media_type(data, size);

    if (!cdn_fits(call, asset, size)) {
        return;
    }
    if (!sim_asset_store(call, asset, data, size, found)) {
        cdn_refuse(call, 503, NULL, "Reduce your request rate.");
        return;
    }
    sim_answer_empty(call, status);
}

/* Multipart: the pairs of `fields`, maybe "metadata", then "file", in this order and no other. */
static void cdn_form(struct sim_call *call)
{
    const struct sim_asset *asset = cdn_asset(call, "form");
    const struct gen_node *wanted = asset == NULL ? NULL : asset->fields;
    size_t met = 0;
    size_t count = 0;
    const struct sim_part *parts = asset == NULL ? NULL : sim_call_parts(call, &count);

    if (asset == NULL) {
        return;
    }
    if (count == 0) {
        cdn_refuse(call, 400, "MalformedPOSTRequest",
                   "The body of your POST request is not well-formed multipart/form-data.");
        return;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        const char *value = gen_node_text(gen_node_get(wanted, parts[i].name), NULL);

        if (strcmp(parts[i].name, "file") == 0) {
            cdn_refuse(call, 400, NULL, "The file must be the last part.");
            return;
        }
        if (value != NULL && strlen(value) == parts[i].size &&
            memcmp(value, parts[i].data, parts[i].size) == 0) {
            met++;
        } else if (strcmp(parts[i].name, "metadata") != 0) {
            cdn_refuse(call, 403, NULL,
                       "Invalid according to Policy: a field is not one of those "
                       "that were given, or has another value.");
            return;
        }
    }
    if (strcmp(parts[count - 1].name, "file") != 0 || parts[count - 1].filename == NULL) {
        cdn_refuse(call, 400, NULL, "POST requires exactly one file upload per request, last.");
    } else if (met != gen_node_count(wanted)) {
        cdn_refuse(call, 403, NULL, "Invalid according to Policy: a required field is missing.");
    } else {
        cdn_keep(call, asset, parts[count - 1].data, parts[count - 1].size, 204);
    }
}

/* PUT with exactly the headers that were given. */
static void cdn_put(struct sim_call *call)
{
    const struct sim_asset *asset = cdn_asset(call, "put");

    if (asset == NULL) {
        return;
    }
    for (const struct gen_node *one = gen_node_first(asset->fields); one != NULL; one = one->next) {
        const char *value = sim_call_header(call, one->key);

        if (value == NULL || strcmp(value, gen_node_text(one, "")) != 0) {
            cdn_refuse(call, 403, "SignatureDoesNotMatch",
                       "A signed header is missing or has another value.");
            return;
        }
    }
    cdn_keep(call, asset, call->body, call->body_size, 200);
}

static const struct sim_route cdn_routes[] = {
    {"GET", "/results/{name}", cdn_result, 0},
    {"GET", "/assets/{name}", cdn_read, 0},
    {"POST", "/form/{name}", cdn_form, 0},
    {"PUT", "/put/{name}", cdn_put, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_cdn;
const struct sim_dialect sim_cdn = {
    .prefix = "/cdn", .provider = "cdn", .routes = cdn_routes, .refuse = cdn_refuse};
