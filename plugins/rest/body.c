/* body.c - see body.h. */
#include "body.h"

#include "template.h"

enum { BODY_PIECES = 16 };

static void add_piece(struct gen_provider_request *request, struct gen_provider_piece *pieces,
                      const char *data, size_t size, int32_t asset)
{
    struct gen_provider_piece *piece = &pieces[request->piece_count++];

    piece->size = sizeof(*piece);
    piece->asset = asset;
    piece->encoding = asset >= 0 ? GEN_PIECE_BASE64 : GEN_PIECE_RAW;
    piece->data = data;
    piece->data_size = size;
}

/* A body with a picture inside is cut where the picture stands. */
static void cut_body(const struct names_from *from, struct gen_provider_request *request)
{
    int32_t picture = names_picture(from->model, from->task);
    const char *mark = template_mark(from), *text = request->data;
    const char *hit = mark != NULL && text != NULL ? strstr(text, mark) : NULL;
    struct gen_provider_piece *pieces;

    if (hit == NULL || picture < 0) {
        return;
    }
    pieces = from->kit->host->alloc(from->kit->arena, BODY_PIECES * sizeof(*pieces));
    request->body_kind = GEN_BODY_PIECES;
    request->data = NULL;
    request->data_size = 0;
    request->pieces = pieces;
    while (pieces != NULL && hit != NULL && request->piece_count + 3 <= BODY_PIECES) {
        add_piece(request, pieces, text, (size_t)(hit - text), -1);
        add_piece(request, pieces, "", 0, picture);
        text = hit + strlen(mark);
        hit = strstr(text, mark);
    }
    if (pieces != NULL) {
        add_piece(request, pieces, text, strlen(text), -1);
    }
}

/* One part of a form; 0 when it is left out. */
static int fill_part(const struct names_from *from, const struct gen_node *node,
                     struct gen_provider_part *part)
{
    const struct gen_host *host = from->kit->host;
    int32_t picture = from->model != NULL ? names_picture(from->model, from->task) : -1;
    const char *name = host->json_text(host->json_get(node, "fileName"), "");
    const char *type = host->json_text(host->json_get(node, "contentType"), "");

    part->size = sizeof(*part);
    part->asset = -1;
    part->name = host->json_text(host->json_get(node, "name"), "");
    part->text = "";
    part->file_name = kit_or(template_text(from, name), "");
    part->content_type = kit_or(template_text(from, type), "");
    if (host->json_get(node, "file") == NULL) {
        const struct gen_node *value = template_fill(from, host->json_get(node, "value"));
        const char *text = reading_scalar(from->kit, value);

        part->text = text != NULL || value == NULL
                         ? text
                         : host->json_write(from->kit->arena, value, NULL);
        return part->text != NULL;
    }
    if (picture >= 0) {
        const struct gen_provider_asset *asset = kit_asset(from->task, (size_t)picture);

        part->asset = picture;
        part->file_name = part->file_name[0] != '\0' ? part->file_name : asset->file;
        part->content_type = part->content_type[0] != '\0' ? part->content_type : asset->media_type;
    }
    return picture >= 0;
}

static void add_form(const struct names_from *from, const struct gen_node *form,
                     struct gen_provider_request *request)
{
    const struct gen_host *host = from->kit->host;
    struct gen_provider_part *parts = host->alloc(from->kit->arena, BODY_PARTS * sizeof(*parts));
    size_t count = host->json_count(form), i;

    for (i = 0; parts != NULL && i < count && request->part_count < BODY_PARTS; i++) {
        request->part_count += (size_t)fill_part(from, host->json_at(form, i),
                                                 &parts[request->part_count]);
    }
    request->parts = parts;
    request->body_kind = request->part_count > 0 ? GEN_BODY_MULTIPART : GEN_BODY_NONE;
}

/* The content type of a body, unless the description says it. */
static void add_type(const struct names_from *from, const struct rest_exchange *exchange,
                     struct gen_provider_request *request, const char *type)
{
    const struct gen_host *host = from->kit->host;
    size_t count = host->json_count(exchange->headers), i;

    for (i = 0; i < count; i++) {
        if (kit_alike(host->json_key(host->json_at(exchange->headers, i)), "content-type")) {
            return;
        }
    }
    kit_add_header(from->kit, request, "content-type", type);
}

static void add_json(const struct names_from *from, const struct rest_exchange *exchange,
                     struct gen_provider_request *request)
{
    const struct gen_host *host = from->kit->host;
    struct gen_node *body = template_fill(from, exchange->body);

    body = body != NULL ? body : host->json_map(from->kit->arena);
    request->body_kind = GEN_BODY_BYTES;
    request->data = host->json_write(from->kit->arena, body, &request->data_size);
    add_type(from, exchange, request, "application/json");
    if (from->model != NULL) {
        cut_body(from, request);
    }
}

void body_add(const struct names_from *from, const struct rest_exchange *exchange,
              struct gen_provider_request *request)
{
    int32_t picture = from->model != NULL ? names_picture(from->model, from->task) : -1;

    if (exchange->form != NULL) {
        add_form(from, exchange->form, request);
    } else if (exchange->file != 0 && picture >= 0) {
        request->body_kind = GEN_BODY_ASSET;
        request->asset = picture;
        add_type(from, exchange, request, kit_asset(from->task, (size_t)picture)->media_type);
    } else if (exchange->body != NULL) {
        add_json(from, exchange, request);
    }
}
