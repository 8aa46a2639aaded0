/* heygen_assets.c - uploads of the HeyGen dialect: small ones through the API, large ones straight to
 * a presigned link in three steps.
 *
 * An asset can be used once it is complete: at once after a small upload, after `complete` otherwise.
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#include "simulator/heygen.h"

#include <string.h>

enum {
    HEYGEN_SMALL_MOST = 32 * 1024 * 1024,
    HEYGEN_LARGE_MOST = 1024 * 1024 * 1024,
    HEYGEN_UPLOAD_LIFE_S = 86400, /* of a presigned upload; the vendor's own figure is not known */
};

static const char heygen_types[] = "image/png|image/jpeg|video/mp4|video/webm|audio/mpeg|audio/wav|"
                                   "application/pdf|application/x-subrip";

static const struct sim_asset *heygen_asset_find(struct sim_call *call, const char *id)
{
    const struct sim_asset *asset = sim_asset_find(call, id);

    if (asset == NULL ||
        strcmp(gen_node_text(gen_node_get(asset->extra, "kind"), ""), "asset") != 0) {
        heygen_refuse(call, 404, NULL, "There is no such asset.");
        return NULL;
    }
    return asset;
}

const struct sim_asset *heygen_asset_ready(struct sim_call *call, const char *id)
{
    const struct sim_asset *asset = heygen_asset_find(call, id);

    if (asset != NULL && !gen_node_truth(gen_node_get(asset->extra, "complete"), false)) {
        heygen_refuse(call, 404, NULL, "The upload of this asset is not complete.");
        return NULL;
    }
    return asset;
}

static struct gen_node *heygen_asset_extra(struct sim_call *call, bool complete)
{
    struct gen_node *extra = gen_node_map(call->arena);

    heygen_set(call, extra, "kind", "asset");
    gen_node_set(call->arena, extra, "complete", gen_node_bool(call->arena, complete));
    return extra;
}

static const struct sim_asset *heygen_asset_new(struct sim_call *call, struct sim_asset *terms)
{
    terms->id = gen_arena_printf(call->arena, "ast_%s", sim_ident_word(call, 20));
    return sim_asset_create(call, terms);
}

static struct gen_node *heygen_asset_node(struct sim_call *call, const struct sim_asset *asset)
{
    struct gen_node *data = gen_node_map(call->arena);

    heygen_set(call, data, "asset_id", asset->id);
    heygen_set(call, data, "url", sim_link_asset(call, asset));
    heygen_set(call, data, "mime_type", asset->type);
    gen_node_set(call->arena, data, "size_bytes", gen_node_int(call->arena, asset->size));
    return data;
}

/* What a part's bytes are; subtitles have no mark, so their declared type is believed. */
static const char *heygen_part_type(const struct sim_part *part)
{
    const char *type = sim_media_type(part->data, part->size);

    if (type == NULL && part->type != NULL && strcmp(part->type, "application/x-subrip") == 0) {
        type = part->type;
    }
    return type != NULL && sim_form_among(heygen_types, type) ? type : NULL;
}

void heygen_asset_create(struct sim_call *call)
{
    struct sim_asset terms = {.upload = SIM_UPLOAD_HERE, .max_size = HEYGEN_SMALL_MOST};
    const struct sim_asset *asset;
    const struct sim_part *parts;
    size_t count;

    parts = sim_call_parts(call, &count);
    if (count != 1 || strcmp(parts[0].name, "file") != 0 || parts[0].filename == NULL) {
        heygen_invalid(call, "file", "a multipart body with one file called \"file\" is needed");
        return;
    }
    if (parts[0].size > HEYGEN_SMALL_MOST) {
        heygen_refuse(call, 413, NULL, "The file is larger than 32 MB.");
        return;
    }
    terms.name = parts[0].filename;
    terms.type = heygen_part_type(&parts[0]);
    terms.extra = heygen_asset_extra(call, true);
    if (terms.type == NULL) {
        heygen_invalid(call, "file", "this type of file is not supported");
        return;
    }
    asset = heygen_asset_new(call, &terms);
    if (asset == NULL || !sim_asset_store(call, asset, parts[0].data, parts[0].size, NULL)) {
        heygen_refuse(call, 500, NULL, NULL);
        return;
    }
    heygen_data(call, heygen_asset_node(call, asset));
}

static const struct sim_field heygen_upload_fields[] = {
    {.key = "filename", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 255},
    {.key = "content_type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = heygen_types},
    {.key = "size_bytes",
     .type = SIM_INT,
     .flags = SIM_REQUIRED,
     .min = 1,
     .max = HEYGEN_LARGE_MOST},
    {.key = "checksum_sha256", .type = SIM_TEXT | SIM_NULL, .min = 64, .max = 64},
    {.key = NULL},
};

void heygen_upload_create(struct sim_call *call)
{
    struct gen_arena *arena = call->arena;
    struct sim_complaints complaints = {.count = 0};
    struct sim_asset terms = {.upload = SIM_UPLOAD_PUT};
    struct gen_node *data = gen_node_map(arena);
    const struct gen_node *body = sim_call_json(call, NULL);
    const struct sim_asset *asset;

    if (gen_node_type_of(body) != GEN_NODE_MAP) {
        heygen_invalid(call, NULL, "the body is not a JSON object");
        return;
    }
    (void)sim_form_check(call, heygen_upload_fields, body, &complaints);
    if (heygen_complained(call, &complaints)) {
        return;
    }
    terms.name = gen_node_text(gen_node_get(body, "filename"), "");
    terms.type = gen_node_text(gen_node_get(body, "content_type"), "");
    terms.exact_size = gen_node_integer(gen_node_get(body, "size_bytes"), 0);
    terms.max_size = terms.exact_size;
    terms.expires = call->now + INT64_C(1000) * HEYGEN_UPLOAD_LIFE_S;
    terms.fields = sim_node_texts(arena, (const char *const[]){"content-type", terms.type, NULL});
    terms.extra = heygen_asset_extra(call, false);
    asset = heygen_asset_new(call, &terms);
    if (asset == NULL) {
        heygen_refuse(call, 500, NULL, NULL);
        return;
    }
    heygen_set(call, data, "asset_id", asset->id);
    heygen_set(call, data, "upload_url", sim_asset_upload_url(call, asset));
    gen_node_set(arena, data, "upload_headers", gen_node_copy(arena, terms.fields));
    gen_node_set(arena, data, "expires_in_seconds", gen_node_int(arena, HEYGEN_UPLOAD_LIFE_S));
    gen_node_set(arena, data, "max_bytes", gen_node_int(arena, terms.exact_size));
    heygen_set(call, data, "status", "pending_upload");
    heygen_data(call, data);
}

/* May be called again: the same asset comes back. */
void heygen_upload_complete(struct sim_call *call)
{
    const struct sim_asset *asset = heygen_asset_find(call, call->capture[0]);
    struct gen_node *data;
    const char *found, *bytes;
    size_t size;

    if (asset == NULL) {
        return;
    }
    if (asset->path == NULL) {
        heygen_refuse(call, 409, NULL, "The file has not been uploaded yet.");
        return;
    }
    bytes = sim_asset_read(call, asset, &size);
    found = bytes != NULL ? sim_media_type(bytes, size) : NULL;
    if (found != NULL && strcmp(found, asset->type) != 0) {
        heygen_invalid(
            call, "content_type",
            gen_arena_printf(call->arena, "the file is %s and not %s", found, asset->type));
        return;
    }
    sim_asset_note(call, asset, heygen_asset_extra(call, true));
    data = heygen_asset_node(call, asset);
    heygen_set(call, data, "status", "completed");
    heygen_data(call, data);
}

void heygen_asset_get(struct sim_call *call)
{
    const struct sim_asset *asset = heygen_asset_find(call, call->capture[0]);
    struct gen_node *data = gen_node_map(call->arena);

    if (asset == NULL) {
        return;
    }
    heygen_set(call, data, "id", asset->id);
    heygen_set(call, data, "name", asset->name);
    gen_node_set(call->arena, data, "type",
                 gen_node_string_sized(call->arena, asset->type, strcspn(asset->type, "/")));
    heygen_set(call, data, "owner", call->account->name);
    heygen_set(call, data, "space_id", "space_1");
    gen_node_set(call->arena, data, "uploaded_at",
                 gen_node_int(call->arena, asset->created / 1000));
    heygen_set(call, data, "url", asset->path != NULL ? sim_link_asset(call, asset) : NULL);
    heygen_set(call, data, "folder_id", NULL);
    heygen_data(call, data);
}

void heygen_asset_delete(struct sim_call *call)
{
    const struct sim_asset *asset = heygen_asset_find(call, call->capture[0]);
    struct gen_node *data = gen_node_map(call->arena);

    if (asset != NULL) {
        heygen_set(call, data, "id", asset->id);
        sim_asset_delete(call, asset);
        heygen_data(call, data);
    }
}
