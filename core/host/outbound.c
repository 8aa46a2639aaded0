/* outbound.c - see outbound.h. Questions in the order in which a wrong answer would do most harm:
 * where it goes and as whom, what it may do, then what it carries. */
#include "host/outbound.h"

#include "host/checks.h"
#include "host/origin.h"
#include "host/plugin.h"

#include <inttypes.h>
#include <string.h>

enum {
    OUTBOUND_HEADERS = 64,
    OUTBOUND_HEADER_VALUE = 8192,
    OUTBOUND_HEADER_BYTES = 32 * 1024,
    OUTBOUND_PARTS = 64,
    OUTBOUND_PART_NAME = 256,
    OUTBOUND_CREDENTIAL = 64,
    OUTBOUND_DAY = 24 * 3600 * 1000,
    OUTBOUND_PIECES = 256,
    OUTBOUND_EXTRACTS = 8,
    OUTBOUND_PATH = 256,
};

#define OUTBOUND_SINK_MOST (INT64_C(64) * 1024 * 1024 * 1024)

struct outbound {
    const struct gen_hosted *hosted;
    enum gen_verb verb;
    const struct gen_provider_task *task;
    struct gen_arena *arena;
    struct gen_step *out;
    struct gen_error *err;
};

/* The contract is broken in this way. */
#define OUTBOUND_BROKEN(taking, ...) gen_error_set((taking)->err, GEN_ECORRUPT, __VA_ARGS__)

static enum gen_status outbound_no_memory(struct outbound *taking)
{
    return gen_error_set(taking->err, GEN_ENOMEM, "out of memory");
}

static enum gen_status outbound_asset(struct outbound *taking, const char *what, int32_t asset)
{
    if (asset < 0 || (size_t)asset >= taking->task->asset_count) {
        return OUTBOUND_BROKEN(taking, "its %s is asset %" PRId32 ", the task has %zu", what, asset,
                               taking->task->asset_count);
    }
    return GEN_OK;
}

static enum gen_status outbound_headers(struct outbound *taking,
                                        const struct gen_provider_request *from)
{
    struct gen_step_header *headers;
    size_t bytes = 0;

    if (from->header_count > OUTBOUND_HEADERS ||
        (from->header_count > 0 && from->headers == NULL)) {
        return OUTBOUND_BROKEN(taking, "its request has %zu headers%s, at most %d are allowed",
                               from->header_count, from->headers == NULL ? " and no array" : "",
                               OUTBOUND_HEADERS);
    }
    headers = gen_arena_array(taking->arena, from->header_count, sizeof(*headers));
    if (headers == NULL) {
        return outbound_no_memory(taking);
    }
    for (size_t i = 0; i < from->header_count; i++) {
        headers[i].name = from->headers[i].name;
        headers[i].value = from->headers[i].value;
        if (!gen_checks_header_name(headers[i].name)) {
            return OUTBOUND_BROKEN(taking,
                                   "the name of header %zu of its request is no token, or one "
                                   "that only the engine sets",
                                   i);
        }
        if (!gen_checks_header_value(headers[i].value, OUTBOUND_HEADER_VALUE)) {
            return OUTBOUND_BROKEN(taking,
                                   "the value of its header \"%s\" is longer than %d bytes, not "
                                   "UTF-8, or holds a control character",
                                   headers[i].name, OUTBOUND_HEADER_VALUE);
        }
        bytes += strlen(headers[i].name) + strlen(headers[i].value);
    }
    if (bytes > OUTBOUND_HEADER_BYTES) {
        return OUTBOUND_BROKEN(taking, "its headers are %zu bytes together, at most %d are allowed",
                               bytes, OUTBOUND_HEADER_BYTES);
    }
    taking->out->as.http.headers = headers;
    taking->out->as.http.header_count = from->header_count;
    return GEN_OK;
}

static enum gen_status outbound_part(struct outbound *taking, const struct gen_provider_part *from,
                                     size_t index, struct gen_step_part *to)
{
    *to = (struct gen_step_part){
        .name = from->name,
        .text = from->text != NULL ? from->text : "",
        .file_name = from->file_name != NULL ? from->file_name : "",
        .content_type = from->content_type != NULL ? from->content_type : "",
        .asset = from->asset < 0 ? -1 : from->asset,
    };
    if (!gen_checks_header_value(to->name, OUTBOUND_PART_NAME) || to->name[0] == '\0') {
        return OUTBOUND_BROKEN(taking, "part %zu of its multipart body has no proper name", index);
    }
    if (!gen_checks_header_value(to->file_name, OUTBOUND_PART_NAME) ||
        (to->content_type[0] != '\0' && !gen_checks_media_type(to->content_type))) {
        return OUTBOUND_BROKEN(taking,
                               "part \"%s\" of its multipart body has no proper file name or "
                               "content type",
                               to->name);
    }
    if (to->asset >= 0) {
        return outbound_asset(taking, "multipart body", to->asset);
    }
    return GEN_OK;
}

static enum gen_status outbound_parts(struct outbound *taking,
                                      const struct gen_provider_request *from)
{
    struct gen_step_part *parts;
    enum gen_status status = GEN_OK;

    if (from->part_count == 0 || from->part_count > OUTBOUND_PARTS || from->parts == NULL ||
        from->part_size == 0) {
        return OUTBOUND_BROKEN(taking,
                               "its multipart body has %zu parts of %" PRIu32
                               " bytes; 1 to %d parts are allowed",
                               from->part_count, from->part_size, OUTBOUND_PARTS);
    }
    parts = gen_arena_array(taking->arena, from->part_count, sizeof(*parts));
    if (parts == NULL) {
        return outbound_no_memory(taking);
    }
    for (size_t i = 0; status == GEN_OK && i < from->part_count; i++) {
        struct gen_provider_part part;

        if (!gen_checks_copy(&part, sizeof(part), (const char *)from->parts + i * from->part_size,
                             from->part_size,
                             GEN_CHECKS_UPTO(struct gen_provider_part, content_type))) {
            return OUTBOUND_BROKEN(taking, "part %zu of its multipart body has no proper size", i);
        }
        status = outbound_part(taking, &part, i, &parts[i]);
    }
    taking->out->as.http.parts = parts;
    taking->out->as.http.part_count = from->part_count;
    return status;
}

static enum gen_status outbound_piece(struct outbound *taking,
                                      const struct gen_provider_piece *from, size_t index,
                                      struct gen_step_piece *to)
{
    *to = (struct gen_step_piece){
        .asset = from->asset < 0 ? -1 : from->asset,
        .base64 = from->encoding == GEN_PIECE_BASE64,
        .data = from->data != NULL ? from->data : "",
        .data_size = from->data_size,
        .from = from->from,
        .length = from->length,
    };
    if (to->asset < 0) {
        return from->data != NULL || from->data_size == 0
                   ? GEN_OK
                   : OUTBOUND_BROKEN(taking, "piece %zu of its body is NULL, of %zu bytes", index,
                                     from->data_size);
    }
    if (from->encoding != GEN_PIECE_RAW && from->encoding != GEN_PIECE_BASE64) {
        return OUTBOUND_BROKEN(taking, "piece %zu of its body has the unknown encoding %" PRId32,
                               index, from->encoding);
    }
    if (from->from < 0 || from->length < 0) {
        return OUTBOUND_BROKEN(taking, "piece %zu of its body is no part of an asset", index);
    }
    return outbound_asset(taking, "body", to->asset);
}

static enum gen_status outbound_pieces(struct outbound *taking,
                                       const struct gen_provider_request *from)
{
    struct gen_step_piece *pieces;
    enum gen_status status = GEN_OK;

    if (from->piece_count == 0 || from->piece_count > OUTBOUND_PIECES || from->pieces == NULL ||
        from->piece_size == 0) {
        return OUTBOUND_BROKEN(
            taking, "its body has %zu pieces of %" PRIu32 " bytes; 1 to %d pieces are allowed",
            from->piece_count, from->piece_size, OUTBOUND_PIECES);
    }
    pieces = gen_arena_array(taking->arena, from->piece_count, sizeof(*pieces));
    if (pieces == NULL) {
        return outbound_no_memory(taking);
    }
    for (size_t i = 0; status == GEN_OK && i < from->piece_count; i++) {
        struct gen_provider_piece piece;

        if (!gen_checks_copy(&piece, sizeof(piece),
                             (const char *)from->pieces + i * from->piece_size, from->piece_size,
                             GEN_CHECKS_UPTO(struct gen_provider_piece, length))) {
            return OUTBOUND_BROKEN(taking, "piece %zu of its body has no proper size", i);
        }
        status = outbound_piece(taking, &piece, i, &pieces[i]);
    }
    taking->out->as.http.pieces = pieces;
    taking->out->as.http.piece_count = from->piece_count;
    return status;
}

static enum gen_status outbound_body(struct outbound *taking,
                                     const struct gen_provider_request *from)
{
    struct gen_step *out = taking->out;

    out->as.http.asset = -1;
    if (from->body_kind != GEN_BODY_NONE && strcmp(out->as.http.method, "GET") == 0) {
        return OUTBOUND_BROKEN(taking, "its GET request has a body");
    }
    switch (from->body_kind) {
    case GEN_BODY_NONE:
        return GEN_OK;
    case GEN_BODY_BYTES:
        if (from->data == NULL && from->data_size > 0) {
            return OUTBOUND_BROKEN(taking, "its body of %zu bytes is NULL", from->data_size);
        }
        out->as.http.data = from->data != NULL ? from->data : "";
        out->as.http.data_size = from->data_size;
        return GEN_OK;
    case GEN_BODY_ASSET:
        out->as.http.asset = from->asset;
        return outbound_asset(taking, "body", from->asset);
    case GEN_BODY_MULTIPART:
        return outbound_parts(taking, from);
    case GEN_BODY_PIECES:
        return outbound_pieces(taking, from);
    default:
        return OUTBOUND_BROKEN(taking, "its request has the unknown body kind %" PRId32,
                               from->body_kind);
    }
}

static const char *const outbound_methods[] = {"GET", "POST", "PUT", "DELETE", NULL};

static enum gen_status outbound_line(struct outbound *taking,
                                     const struct gen_provider_request *from,
                                     struct gen_origin *origin)
{
    struct gen_step *out = taking->out;
    const char *why = NULL;
    const char *const *method = outbound_methods;

    while (*method != NULL && (from->method == NULL || strcmp(*method, from->method) != 0)) {
        method++;
    }
    if (*method == NULL) {
        return OUTBOUND_BROKEN(taking,
                               "its request has another method than GET, POST, PUT, DELETE");
    }
    if (!gen_origin_read(from->url, origin, &why)) {
        return OUTBOUND_BROKEN(taking, "its request is malformed: %s", why);
    }
    out->as.http.method = *method;
    out->as.http.url = from->url;
    out->as.http.declared_host = gen_origin_declared(origin, taking->hosted->catalog.hosts);
    return GEN_OK;
}

/* As whom: a credential that the plugin declares, and only for a host that it declares. */
static enum gen_status outbound_credential(struct outbound *taking,
                                           const struct gen_provider_request *from,
                                           const struct gen_origin *origin)
{
    const struct gen_catalog *catalog = &taking->hosted->catalog;
    const char *name = from->credential != NULL ? from->credential : "";
    size_t found = 0;

    taking->out->as.http.credential = name;
    if (name[0] == '\0') {
        return GEN_OK;
    }
    if (!gen_checks_name(name, OUTBOUND_CREDENTIAL, GEN_CHECKS_LOWER GEN_CHECKS_DIGITS "-")) {
        return OUTBOUND_BROKEN(taking,
                               "its credential's name is not 1 to %d lower case letters, "
                               "digits, '-'",
                               OUTBOUND_CREDENTIAL);
    }
    while (found < catalog->credential_count &&
           strcmp(catalog->credentials[found].name, name) != 0) {
        found++;
    }
    if (found == catalog->credential_count) {
        return OUTBOUND_BROKEN(taking,
                               "it wants the credential \"%s\", which the plugin does not declare "
                               "in its capabilities",
                               name);
    }
    if (!taking->out->as.http.declared_host) {
        return OUTBOUND_BROKEN(taking,
                               "it wants the credential \"%s\" for %s://%s:%d, which is not "
                               "among the hosts that the plugin declares",
                               name, origin->secure ? "https" : "http", origin->host, origin->port);
    }
    return GEN_OK;
}

/* "steps[*].content[*].data": names with a dot between them, each with any number of [*] behind. */
static bool outbound_path_fits(const char *path)
{
    if (!gen_checks_header_value(path, OUTBOUND_PATH) || path[0] == '\0') {
        return false;
    }
    for (;;) {
        size_t size = strcspn(path, ".[]*");

        if (size == 0) {
            return false;
        }
        path += size;
        while (strncmp(path, "[*]", 3) == 0) {
            path += 3;
        }
        if (*path != '.') {
            return *path == '\0';
        }
        path++;
    }
}

static enum gen_status outbound_extract(struct outbound *taking,
                                        const struct gen_provider_request *from)
{
    const char **paths;
    size_t count = 0;

    if (taking->verb != GEN_VERB_FETCH && taking->verb != GEN_VERB_POLL) {
        return OUTBOUND_BROKEN(taking, "its request wants to extract, which only poll and fetch "
                                       "may");
    }
    for (; from->extract != NULL && from->extract[count] != NULL; count++) {
        if (count == OUTBOUND_EXTRACTS || !outbound_path_fits(from->extract[count])) {
            return OUTBOUND_BROKEN(taking,
                                   "extract[%zu] of its request is one of more than %d, or not "
                                   "like \"steps[*].content[*].data\"",
                                   count, OUTBOUND_EXTRACTS);
        }
    }
    if (count == 0) {
        return OUTBOUND_BROKEN(taking, "its request wants to extract, and says not where");
    }
    paths = gen_arena_array(taking->arena, count + 1, sizeof(*paths));
    if (paths == NULL) {
        return outbound_no_memory(taking);
    }
    memcpy(paths, from->extract, count * sizeof(*paths));
    taking->out->as.http.extract = paths;
    return GEN_OK;
}

static enum gen_status outbound_sink(struct outbound *taking,
                                     const struct gen_provider_request *from)
{
    struct gen_step *out = taking->out;

    out->as.http.to_result = from->sink == GEN_SINK_RESULT;
    out->as.http.sink_limit = gen_checks_clamp(from->sink_limit, 0, OUTBOUND_SINK_MOST);
    if (from->sink == GEN_SINK_EXTRACT) {
        return outbound_extract(taking, from);
    }
    if (from->sink != GEN_SINK_MEMORY && from->sink != GEN_SINK_RESULT) {
        return OUTBOUND_BROKEN(taking, "its request has the unknown sink %" PRId32, from->sink);
    }
    if (out->as.http.to_result && taking->verb != GEN_VERB_FETCH) {
        return OUTBOUND_BROKEN(taking,
                               "its request goes to the result sink, which only fetch may fill");
    }
    return GEN_OK;
}

static enum gen_status outbound_flags(struct outbound *taking,
                                      const struct gen_provider_request *from)
{
    struct gen_step *out = taking->out;

    out->as.http.costs = (from->flags & GEN_REQUEST_COSTS) != 0;
    out->as.http.follow = (from->flags & GEN_REQUEST_FOLLOW) != 0;
    if (out->as.http.costs && taking->verb != GEN_VERB_SUBMIT) {
        return OUTBOUND_BROKEN(taking,
                               "its request is marked GEN_REQUEST_COSTS, which only submit may");
    }
    if (out->as.http.costs && out->as.http.follow) {
        return OUTBOUND_BROKEN(taking, "its request costs money and wants to follow redirects");
    }
    out->as.http.timeout_ms = gen_checks_clamp(from->timeout_ms, 0, OUTBOUND_DAY);
    out->as.http.unique_header = from->unique_header != NULL ? from->unique_header : "";
    if (out->as.http.unique_header[0] != '\0' &&
        !gen_checks_header_name(out->as.http.unique_header)) {
        return OUTBOUND_BROKEN(taking, "its unique_header is no token, or one that only the engine "
                                       "sets");
    }
    return GEN_OK;
}

enum gen_status gen_outbound_take(const struct gen_hosted *hosted, enum gen_verb verb,
                                  const struct gen_provider_task *task,
                                  const struct gen_provider_request *from, struct gen_arena *arena,
                                  struct gen_step *out, struct gen_error *err)
{
    struct outbound taking = {hosted, verb, task, arena, out, err};
    struct gen_provider_request request;
    struct gen_origin origin;
    enum gen_status status;

    out->type = GEN_STEP_IS_HTTP;
    if (!gen_checks_copy(&request, sizeof(request), from, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_request, timeout_ms))) {
        return OUTBOUND_BROKEN(&taking, "its request has no proper size");
    }
    status = outbound_line(&taking, &request, &origin);
    status = status == GEN_OK ? outbound_credential(&taking, &request, &origin) : status;
    status = status == GEN_OK ? outbound_flags(&taking, &request) : status;
    status = status == GEN_OK ? outbound_sink(&taking, &request) : status;
    status = status == GEN_OK ? outbound_headers(&taking, &request) : status;
    return status == GEN_OK ? outbound_body(&taking, &request) : status;
}
